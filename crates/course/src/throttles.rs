//! Refusals second by second, as the metrics of the service count them.

use std::collections::VecDeque;

use kinesis::{Fact, Instant, ShardId};

/// A metric that counts refusals; AWS's own names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Throttle {
    /// Records refused by PutRecord and PutRecords.
    Write,
    /// Calls of GetRecords and GetShardIterator that were refused.
    Read,
}

impl Throttle {
    pub(crate) fn parse(name: &str) -> Option<Throttle> {
        match name {
            "WriteProvisionedThroughputExceeded" => Some(Throttle::Write),
            "ReadProvisionedThroughputExceeded" => Some(Throttle::Read),
            _ => None,
        }
    }
}

/// The refusals of all streams that are still remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Throttles {
    newest: VecDeque<Refused>,
}

/// Refusals of one shard in one second.
#[derive(Clone, Debug)]
struct Refused {
    throttle: Throttle,
    stream: String,
    shard: ShardId,
    /// Seconds since the Unix epoch.
    second: u64,
    count: u64,
}

/// Shard-seconds that are kept: more than a minute of a dozen shards.
const KEPT_MAX: usize = 1_000;

impl Throttles {
    pub(crate) fn note(&mut self, at: Instant, fact: &Fact) {
        let (throttle, stream, shard, count) = match fact {
            Fact::WriteThrottled { stream, shard, count, .. } => {
                (Throttle::Write, stream, *shard, u64::from(*count))
            }
            Fact::ReadThrottled { stream, shard, .. } => (Throttle::Read, stream, *shard, 1),
            _ => return,
        };
        let second = at.seconds();
        let same_second = self.newest.iter_mut().rev().take_while(|known| known.second == second);
        let mut same =
            same_second.filter(|k| k.throttle == throttle && k.shard == shard && k.stream == **stream);
        if let Some(known) = same.next() {
            known.count += count;
            return;
        }
        self.newest.push_back(Refused { throttle, stream: stream.to_string(), shard, second, count });
        if self.newest.len() > KEPT_MAX {
            self.newest.pop_front();
        }
    }

    /// Refusals of the last `last` seconds, the running one included; of all that are remembered where it is `None`.
    pub(crate) fn sum(
        &self,
        throttle: Throttle,
        stream: &str,
        shard: Option<Option<ShardId>>,
        now: Instant,
        last: Option<u64>,
    ) -> u64 {
        let first = last.map_or(0, |last| (now.seconds() + 1).saturating_sub(last));
        let meant = self.newest.iter().filter(|known| {
            known.throttle == throttle
                && known.stream == stream
                && known.second >= first
                && shard.is_none_or(|shard| shard == Some(known.shard))
        });
        meant.map(|known| known.count).sum()
    }
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
        let mut throttles = Throttles::default();
        for (after, shard, count) in [(0, 0, 5), (1, 0, 7), (1, 1, 11), (1, 0, 13)] {
            throttles.note(begin + Duration::from_seconds(after), &refused(shard, count));
        }
        let now = begin + Duration::from_seconds(1);
        let sum = |shard, last| throttles.sum(Throttle::Write, "views", shard, now, last);
        assert_eq!((sum(None, None), sum(None, Some(1)), sum(None, Some(2))), (36, 31, 36));
        assert_eq!((sum(Some(Some(ShardId(0))), Some(1)), sum(Some(Some(ShardId(1))), None)), (20, 11));
        assert_eq!(throttles.sum(Throttle::Read, "views", None, now, None), 0);
        assert_eq!(throttles.sum(Throttle::Write, "other", None, now, None), 0);
    }
}
