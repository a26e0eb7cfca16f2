//! What the shards took and refused, second by second, under the names of the service's metrics.

use std::collections::VecDeque;

use kinesis::{Fact, Instant, ShardId, SortedMap, StreamName};

/// A metric that checks can ask for; AWS's own names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Metric {
    IncomingRecords,
    /// Data and partition keys.
    IncomingBytes,
    /// Records refused by PutRecord and PutRecords.
    WriteProvisionedThroughputExceeded,
    /// Calls of GetRecords and GetShardIterator that were refused.
    ReadProvisionedThroughputExceeded,
}

impl Metric {
    pub(crate) fn parse(name: &str) -> Option<Metric> {
        Some(match name {
            "IncomingRecords" => Metric::IncomingRecords,
            "IncomingBytes" => Metric::IncomingBytes,
            "WriteProvisionedThroughputExceeded" => Metric::WriteProvisionedThroughputExceeded,
            "ReadProvisionedThroughputExceeded" => Metric::ReadProvisionedThroughputExceeded,
            _ => return None,
        })
    }
}

/// Counts of all streams.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    rows: SortedMap<(Metric, StreamName), Vec<Row>>,
}

/// Counts of one metric of one shard.
#[derive(Clone, Debug)]
struct Row {
    shard: ShardId,
    /// Seconds since the Unix epoch in which something was counted, oldest first.
    seconds: VecDeque<(u64, u64)>,
    total: u64,
}

/// Seconds that are kept of each shard: more than the longest `last=` of a check.
const SECONDS_MAX: usize = 700;

impl Tally {
    pub(crate) fn note(&mut self, at: Instant, fact: &Fact) {
        match fact {
            Fact::RecordsAppended { stream, shard, count, bytes, .. } => {
                self.add(at, Metric::IncomingRecords, stream, *shard, u64::from(*count));
                self.add(at, Metric::IncomingBytes, stream, *shard, *bytes);
            }
            Fact::WriteThrottled { stream, shard, count, .. } => {
                self.add(at, Metric::WriteProvisionedThroughputExceeded, stream, *shard, u64::from(*count));
            }
            Fact::ReadThrottled { stream, shard, .. } => {
                self.add(at, Metric::ReadProvisionedThroughputExceeded, stream, *shard, 1);
            }
            _ => {}
        }
    }

    fn add(&mut self, at: Instant, metric: Metric, stream: &StreamName, shard: ShardId, count: u64) {
        let rows = self.rows.or_insert_with((metric, stream.clone()), Vec::new);
        let place = match rows.binary_search_by_key(&shard, |row| row.shard) {
            Ok(place) => place,
            Err(place) => {
                rows.insert(place, Row { shard, seconds: VecDeque::new(), total: 0 });
                place
            }
        };
        let row = &mut rows[place];
        row.total += count;
        match row.seconds.back_mut() {
            Some((second, known)) if *second == at.seconds() => *known += count,
            _ => row.seconds.push_back((at.seconds(), count)),
        }
        if row.seconds.len() > SECONDS_MAX {
            row.seconds.pop_front();
        }
    }

    /// The sum over the last `last` seconds, the running one included; over all time where it is `None`.
    pub(crate) fn sum(&self, asked: &Asked<'_>) -> u64 {
        let rows = self.rows_of(asked);
        match asked.last {
            None => rows.map(|row| row.total).sum(),
            Some(_) => rows.flat_map(|row| row.newest(asked)).map(|(_, count)| count).sum(),
        }
    }

    /// Everything that was refused since counting began.
    pub(crate) fn refused(&self) -> u64 {
        let refusals = self.rows.iter().filter(|((metric, _), _)| {
            matches!(
                metric,
                Metric::WriteProvisionedThroughputExceeded | Metric::ReadProvisionedThroughputExceeded
            )
        });
        refusals.flat_map(|(_, rows)| rows).map(|row| row.total).sum()
    }

    /// The largest sum over all shards that one of the last seconds had.
    pub(crate) fn max(&self, asked: &Asked<'_>) -> u64 {
        let mut seconds: SortedMap<u64, u64> = SortedMap::new();
        for (second, count) in self.rows_of(asked).flat_map(|row| row.newest(asked)) {
            *seconds.or_insert_with(second, Default::default) += count;
        }
        seconds.values().copied().max().unwrap_or(0)
    }

    fn rows_of(&self, asked: &Asked<'_>) -> impl Iterator<Item = &Row> {
        let rows = self.rows.get(&(asked.metric, asked.stream.into())).into_iter().flatten();
        let shard = asked.shard;
        rows.filter(move |row| shard.is_none_or(|shard| shard == Some(row.shard)))
    }
}

impl Row {
    fn newest(&self, asked: &Asked<'_>) -> impl Iterator<Item = (u64, u64)> {
        let first = asked.last.map_or(0, |last| (asked.now.seconds() + 1).saturating_sub(last));
        self.seconds.iter().rev().copied().take_while(move |(second, _)| *second >= first)
    }
}

/// What is asked of a tally.
pub(crate) struct Asked<'a> {
    pub(crate) metric: Metric,
    pub(crate) stream: &'a str,
    /// One shard, or none that there is, or all.
    pub(crate) shard: Option<Option<ShardId>>,
    pub(crate) now: Instant,
    /// Seconds back from now.
    pub(crate) last: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinesis::{Duration, WriteLimit};

    fn refused(shard: u32, count: u32) -> Fact {
        let (stream, shard) = ("views".into(), ShardId(shard));
        Fact::WriteThrottled { stream, shard, limit: WriteLimit::Records, count, bytes: 0 }
    }

    #[test]
    fn refusals_are_summed_by_shard_and_time() {
        let begin = Instant::from_seconds(100);
        let mut tally = Tally::default();
        for (after, shard, count) in [(0, 0, 5), (1, 0, 7), (1, 1, 11), (1, 0, 13)] {
            tally.note(begin + Duration::from_seconds(after), &refused(shard, count));
        }
        let now = begin + Duration::from_seconds(1);
        let metric = Metric::WriteProvisionedThroughputExceeded;
        let asked = |shard, last| Asked { metric, stream: "views", shard, now, last };
        let sum = |shard, last| tally.sum(&asked(shard, last));
        assert_eq!((sum(None, None), sum(None, Some(1)), sum(None, Some(2))), (36, 31, 36));
        assert_eq!((sum(Some(Some(ShardId(0))), Some(1)), sum(Some(Some(ShardId(1))), None)), (20, 11));
        assert_eq!(
            (tally.max(&asked(None, Some(2))), tally.max(&asked(Some(Some(ShardId(1))), None))),
            (31, 11)
        );
        let read = Metric::ReadProvisionedThroughputExceeded;
        assert_eq!(tally.sum(&Asked { metric: read, ..asked(None, None) }), 0);
        assert_eq!(tally.sum(&Asked { stream: "other", ..asked(None, None) }), 0);
    }
}
