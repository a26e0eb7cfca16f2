//! Windows of event time: what a checkpoint keeps of them.

use std::collections::BTreeMap;

use kinesis::{Duration, Instant, ShardId, SortedMap};

use crate::FlinkSpec;
use crate::neighbours::decimal::Decimal;

/// The state of an application beside its place in the stream.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Windows {
    /// Of each window that is not over, by its start: values by key.
    open: BTreeMap<Instant, SortedMap<String, Decimal>>,
    entries: u64,
    /// The latest event of each shard.
    latest: SortedMap<ShardId, Instant>,
    /// When something last came from each shard.
    heard: SortedMap<ShardId, Instant>,
    pub(super) watermark: Option<Instant>,
    pub(super) records: u64,
    /// `numLateRecordsDropped`.
    pub(super) late: u64,
    /// Late records that a window still took.
    pub(super) late_taken: u64,
    /// Values that were not kept because there was no room.
    pub(super) overflow: u64,
}

/// A result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlinkRow {
    pub start: Instant,
    pub end: Instant,
    pub key: String,
    pub value: Decimal,
    /// When it was emitted.
    pub at: Instant,
    /// Whether the same result, or an earlier state of it, was emitted before.
    pub is_again: bool,
}

/// Values of keys in windows that one application keeps.
const ENTRIES_MAX: u64 = 100_000;

/// What became of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Taken {
    OnTime,
    /// In a window whose result is out already: the result is emitted anew.
    Late,
    Dropped,
}

impl Windows {
    fn starts(spec: &FlinkSpec, event: Instant) -> Vec<Instant> {
        let slide = spec.slide.unwrap_or(spec.window).micros().max(1);
        let last = event.micros() / slide * slide;
        let is_in = |start: &u64| start.saturating_add(spec.window.micros()) > event.micros();
        let starts = (0..).map_while(|n: u64| last.checked_sub(n * slide)).take_while(is_in);
        starts.map(Instant::from_micros).collect()
    }

    /// Puts a record into its windows; the windows whose results are to be emitted anew.
    pub(super) fn take(
        &mut self,
        spec: &FlinkSpec,
        shard: ShardId,
        now: Instant,
        event: Instant,
        key: &str,
        value: Decimal,
    ) -> (Taken, Vec<Instant>) {
        self.records += 1;
        let latest = self.latest.or_insert_with(shard, || event);
        *latest = (*latest).max(event);
        self.heard.insert(shard, now);
        let (mut again, mut is_taken) = (Vec::new(), false);
        for start in Windows::starts(spec, event) {
            let end = start + spec.window;
            if self.watermark.is_some_and(|mark| end + spec.allowed_lateness <= mark) {
                continue;
            }
            is_taken = true;
            if self.watermark.is_some_and(|mark| end <= mark) {
                again.push(start);
            }
            self.add(start, key, value);
        }
        match (is_taken, again.is_empty()) {
            (false, _) => {
                self.late += 1;
                (Taken::Dropped, again)
            }
            (true, false) => {
                self.late_taken += 1;
                (Taken::Late, again)
            }
            (true, true) => (Taken::OnTime, again),
        }
    }

    fn add(&mut self, start: Instant, key: &str, value: Decimal) {
        let has_room = self.entries < ENTRIES_MAX;
        let window = self.open.entry(start).or_default();
        if let Some(sum) = window.get_mut(key) {
            *sum = sum.plus(value);
        } else if has_room {
            window.insert(key.to_owned(), value);
            self.entries += 1;
        } else {
            self.overflow += 1;
        }
    }

    pub(super) fn value(&self, start: Instant, key: &str) -> Option<Decimal> {
        self.open.get(&start)?.get(key).copied()
    }

    /// The shard that holds the watermark back, where one has sent nothing yet or the oldest latest event.
    pub(super) fn slowest(&self, shards: impl Iterator<Item = ShardId>) -> Option<ShardId> {
        shards.min_by_key(|shard| self.latest.get(shard).copied())
    }

    /// Raises the watermark and gives the windows that are over: their starts and values.
    ///
    /// Documented: Apache Flink, Generating watermarks: the watermark of a source is the least of its splits', each the
    /// latest event less the bound; one that is idle is left out. A window's result comes when the watermark passes its
    /// end.
    pub(super) fn advance(
        &mut self,
        spec: &FlinkSpec,
        now: Instant,
        shards: impl Iterator<Item = ShardId>,
    ) -> Vec<(Instant, String, Decimal)> {
        let idle_before = now.back(spec.idleness);
        let (mut least, mut is_known) = (None::<Instant>, true);
        for shard in shards {
            let heard = self.heard.get(&shard).copied();
            if spec.idleness > Duration::ZERO && heard.is_none_or(|at| at < idle_before) {
                continue;
            }
            match self.latest.get(&shard) {
                Some(latest) => least = Some(least.map_or(*latest, |least| least.min(*latest))),
                None => is_known = false,
            }
        }
        let Some(least) = least.filter(|_| is_known) else { return Vec::new() };
        let before = self.watermark;
        let mark = before.unwrap_or_default().max(least.back(spec.out_of_orderness));
        self.watermark = Some(mark);
        let mut over = Vec::new();
        for (start, values) in self.open.range(..mark) {
            let end = *start + spec.window;
            if end <= mark && before.is_none_or(|before| end > before) {
                over.extend(values.iter().map(|(key, value)| (*start, key.clone(), *value)));
            }
        }
        // What no late record can change any more is forgotten.
        while let Some(entry) = self.open.first_entry() {
            if *entry.key() + spec.window + spec.allowed_lateness > mark {
                break;
            }
            self.entries -= entry.remove().len() as u64;
        }
        over
    }

    /// Values of keys that are kept.
    pub(super) fn entries(&self) -> u64 {
        self.entries
    }

    pub(super) fn open_windows(&self) -> u64 {
        self.open.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARD: ShardId = ShardId(0);

    fn at(seconds: u64) -> Instant {
        Instant::from_seconds(seconds)
    }

    fn spec(window: u64) -> FlinkSpec {
        FlinkSpec { window: Duration::from_seconds(window), ..FlinkSpec::new("a", "s") }
    }

    fn take(windows: &mut Windows, spec: &FlinkSpec, event: u64) -> Taken {
        windows.take(spec, SHARD, at(0), at(event), "k", Decimal::whole(1)).0
    }

    fn over(windows: &mut Windows, spec: &FlinkSpec) -> Vec<(u64, String)> {
        let over = windows.advance(spec, at(0), [SHARD].into_iter());
        over.into_iter().map(|(start, _, value)| (start.seconds(), value.to_string())).collect()
    }

    /// Records at 11:00:10, 11:00:20, 11:00:55 and 11:01:05 in event time: 3 and 1 in windows of a minute.
    #[test]
    fn tumbling_windows_count_each_record_once() {
        let (mut windows, spec) = (Windows::default(), spec(60));
        for event in [10, 20, 55, 65, 125] {
            assert_eq!(take(&mut windows, &spec, event), Taken::OnTime);
        }
        assert_eq!(over(&mut windows, &spec), [(0, "3".into()), (60, "1".into())]);
    }

    #[test]
    fn sliding_windows_count_a_record_in_each_window_that_it_lies_in() {
        let spec = FlinkSpec { slide: Some(Duration::from_seconds(30)), ..spec(60) };
        let mut windows = Windows::default();
        for event in [70, 160] {
            take(&mut windows, &spec, event);
        }
        assert_eq!(over(&mut windows, &spec), [(30, "1".into()), (60, "1".into())]);
    }

    #[test]
    fn what_comes_behind_the_watermark_is_dropped_or_taken_by_allowed_lateness() {
        let (mut windows, strict) = (Windows::default(), spec(60));
        for event in [10, 70] {
            take(&mut windows, &strict, event);
        }
        assert_eq!(over(&mut windows, &strict), [(0, "1".into())]);
        assert_eq!(take(&mut windows, &strict, 50), Taken::Dropped);
        let lenient = FlinkSpec { allowed_lateness: Duration::from_seconds(30), ..spec(60) };
        let mut windows = Windows::default();
        for event in [10, 70] {
            take(&mut windows, &lenient, event);
        }
        over(&mut windows, &lenient);
        let (taken, again) = windows.take(&lenient, SHARD, at(0), at(50), "k", Decimal::whole(1));
        assert_eq!((taken, again), (Taken::Late, vec![at(0)]));
        assert_eq!(windows.value(at(0), "k"), Some(Decimal::whole(2)));
    }

    #[test]
    fn bounded_out_of_orderness_holds_results_back() {
        let spec = FlinkSpec { out_of_orderness: Duration::from_seconds(10), ..spec(60) };
        let mut windows = Windows::default();
        for event in [10, 65] {
            take(&mut windows, &spec, event);
        }
        assert_eq!(over(&mut windows, &spec), []);
        assert_eq!(take(&mut windows, &spec, 59), Taken::OnTime);
        take(&mut windows, &spec, 70);
        assert_eq!(over(&mut windows, &spec), [(0, "2".into())]);
    }

    #[test]
    fn a_shard_without_records_holds_the_watermark_back_unless_it_counts_as_idle() {
        let run = |idleness: u64| {
            let spec = FlinkSpec { idleness: Duration::from_seconds(idleness), ..spec(60) };
            let mut windows = Windows::default();
            for event in [10, 70] {
                windows.take(&spec, SHARD, at(100), at(event), "k", Decimal::whole(1));
            }
            windows.advance(&spec, at(110), [SHARD, ShardId(1)].into_iter()).len()
        };
        assert_eq!((run(0), run(30)), (0, 1));
    }
}
