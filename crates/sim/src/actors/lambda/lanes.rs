//! A shard as a mapping works on it: as many lanes as ParallelizationFactor says, each with one batch at a time.
//!
//! Documented: with more than one batch of a shard at the same time, records of one partition key stay in order.
//! Assumed: keys are dealt to lanes by a hash, and a batch that fails holds up its lane only.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use kinesis::{Duration, Instant, Record, ShardId, SortedMap};

use super::event::event_bytes;
use super::progress::{Progress, index_at, key_number};
use crate::MappingSpec;
use crate::neighbours::decimal::Decimal;
use crate::neighbours::function::PAYLOAD_BYTES_MAX;

/// Records of one shard that a mapping reads ahead before it waits for its function; one more answer may come on top.
const READ_AHEAD_MAX: u64 = 20_000;

/// What a mapping has of one shard.
#[derive(Clone, Debug)]
pub(super) struct ShardWork {
    pub(super) shard: ShardId,
    pub(super) lanes: Vec<Lane>,
    pub(super) progress: Progress,
    /// The tumbling window that is open.
    pub(super) window: Option<Window>,
}

/// A tumbling window. Documented: Lambda's windows go by approximateArrivalTimestamp.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) start: Instant,
    pub(super) end: Instant,
    pub(super) state: SortedMap<String, Decimal>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    /// Records that are in no batch yet, with the time at which they came and their places.
    pub(super) queue: VecDeque<(Instant, u64, Record)>,
    /// The batch that is worked on is the last one; the others came of bisecting and wait for it.
    pub(super) batches: Vec<Batch>,
    /// The invocation that runs.
    pub(super) call: Option<u64>,
}

/// Records that the function gets together.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) records: Arc<Vec<Record>>,
    /// Where each of them stands in the shard.
    pub(super) places: Arc<Vec<u64>>,
    /// How often it was tried again.
    pub(super) retries: u32,
    /// How often in a row the function could not even be invoked.
    pub(super) refusals: u32,
    pub(super) retry_at: Instant,
    /// How the last invocation failed.
    pub(super) error: Option<&'static str>,
    pub(super) is_windowed: bool,
    /// The final invocation of a window; it has no records.
    pub(super) is_final: bool,
}

pub(super) enum Formed {
    /// A batch is there to be handed over.
    Batch,
    /// One will be due then.
    Later(Instant),
    Nothing,
}

impl Batch {
    pub(super) fn new(places: Vec<u64>, records: Vec<Record>, now: Instant) -> Batch {
        Batch {
            records: Arc::new(records),
            places: Arc::new(places),
            retries: 0,
            refusals: 0,
            retry_at: now,
            error: None,
            is_windowed: false,
            is_final: false,
        }
    }

    /// The batch with some of its records.
    pub(super) fn part(&self, range: Range<usize>) -> Batch {
        let records = self.records.get(range.clone()).unwrap_or_default().to_vec();
        let places = self.places.get(range).unwrap_or_default().to_vec();
        Batch { records: Arc::new(records), places: Arc::new(places), ..self.clone() }
    }
}

impl ShardWork {
    pub(super) fn new(shard: ShardId, lanes: usize) -> ShardWork {
        let lanes = vec![Lane::default(); lanes];
        ShardWork { shard, lanes, progress: Progress::default(), window: None }
    }

    /// Records that are not done with.
    pub(super) fn waiting(&self) -> u64 {
        let in_batches = |lane: &Lane| lane.batches.iter().map(|batch| batch.records.len()).sum::<usize>();
        self.lanes.iter().map(|lane| (lane.queue.len() + in_batches(lane)) as u64).sum()
    }

    /// Whether more should be read: a lane has less than a batch ahead of it, and no failed batch holds it up.
    /// Assumed: how far Lambda reads ahead is not documented.
    pub(super) fn wants(&self, batch_size: u64) -> bool {
        let is_held = |lane: &Lane| lane.batches.last().is_some_and(|batch| batch.error.is_some());
        let is_short = |lane: &Lane| (lane.queue.len() as u64) < batch_size && !is_held(lane);
        self.lanes.iter().any(is_short) && self.waiting() < READ_AHEAD_MAX
    }

    /// The record at which a failed batch holds the shard, or one lane of it, up.
    pub(super) fn blocked_at(&self) -> Option<u64> {
        let failed = |batch: &&Batch| batch.error.is_some();
        let batches = self.lanes.iter().filter_map(|lane| lane.batches.last().filter(failed));
        batches.filter_map(|batch| batch.places.first()).map(|place| index_at(*place)).min()
    }

    pub(super) fn deal(&mut self, now: Instant, place: u64, record: Record) {
        let count = self.lanes.len().max(1) as u64;
        // One lane needs no hash.
        let number = if count == 1 { 0 } else { key_number(&record.partition_key) % count };
        if let Some(lane) = self.lanes.get_mut(number as usize) {
            lane.queue.push_back((now, place, record));
        }
    }

    /// A changed mapping begins anew with what waits, dealt to so many lanes.
    ///
    /// Assumed: retries from before the change do not count. Who gives a mapping that has retried for hours a
    /// MaximumRetryAttempts and BisectBatchOnFunctionError would otherwise see the whole batch given up at once.
    pub(super) fn deal_again(&mut self, lanes: usize) {
        if self.lanes.len() == lanes {
            let batches = self.lanes.iter_mut().flat_map(|lane| &mut lane.batches);
            batches.for_each(|batch| (batch.retries, batch.refusals) = (0, 0));
            return;
        }
        let old = std::mem::replace(&mut self.lanes, vec![Lane::default(); lanes]);
        let mut queued: Vec<(Instant, u64, Record)> = Vec::new();
        for lane in old {
            for batch in lane.batches {
                let records = batch.places.iter().zip(batch.records.iter());
                queued.extend(records.map(|(place, record)| (batch.retry_at, *place, record.clone())));
            }
            queued.extend(lane.queue);
        }
        queued.sort_by_key(|(_, place, _)| *place);
        queued.into_iter().for_each(|(at, place, record)| self.deal(at, place, record));
    }

    /// Makes the next batch of a lane where one is due.
    ///
    /// Documented: the function is invoked when the batch is full, when the batching window is over, or when the
    /// payload reaches 6 MB, whatever comes first.
    pub(super) fn form(
        &mut self,
        now: Instant,
        number: usize,
        spec: &MappingSpec,
        caught_up: Option<Instant>,
    ) -> Formed {
        let length = Duration::from_seconds(spec.tumbling_window_in_seconds.unsigned_abs());
        if length > Duration::ZERO
            && let Some(formed) = self.close_window(now, number, caught_up)
        {
            return formed;
        }
        let Some(lane) = self.lanes.get_mut(number) else { return Formed::Nothing };
        let Some((since, _, first)) = lane.queue.front() else { return Formed::Nothing };
        let window = (length > Duration::ZERO).then(|| {
            let arrival = first.approximate_arrival_timestamp.0;
            let start = Instant::from_micros(arrival.micros() / length.micros() * length.micros());
            (start, start + length)
        });
        let (mut bytes, mut count) = (0, 0);
        for (_, _, record) in lane.queue.iter().take(spec.batch_size.unsigned_abs() as usize) {
            bytes += event_bytes(record);
            let is_outside = window.is_some_and(|(_, end)| record.approximate_arrival_timestamp.0 >= end);
            if count > 0 && (bytes > PAYLOAD_BYTES_MAX || is_outside) {
                break;
            }
            count += 1;
        }
        let is_full = count as u64 == spec.batch_size.unsigned_abs() || count < lane.queue.len();
        let due = *since + Duration::from_seconds(spec.maximum_batching_window_in_seconds.unsigned_abs());
        if !is_full && due > now {
            return Formed::Later(due);
        }
        let (places, records) = lane.queue.drain(..count).map(|(_, place, record)| (place, record)).unzip();
        lane.batches.push(Batch { is_windowed: window.is_some(), ..Batch::new(places, records, now) });
        if let Some((start, end)) = window
            && self.window.is_none()
        {
            self.window = Some(Window { start, end, state: SortedMap::new() });
        }
        Formed::Batch
    }

    /// Ends the open window where no record of it can come any more: a later one is there, or the shard was read to its
    /// tip after the window's end.
    fn close_window(&mut self, now: Instant, number: usize, caught_up: Option<Instant>) -> Option<Formed> {
        let window = self.window.as_ref()?;
        let lane = self.lanes.get_mut(number)?;
        let is_later = match lane.queue.front() {
            Some((_, _, record)) => record.approximate_arrival_timestamp.0 >= window.end,
            None => caught_up.is_some_and(|at| at >= window.end),
        };
        if !is_later {
            // Nothing to wait for but records, or the end.
            return lane.queue.is_empty().then_some(Formed::Nothing);
        }
        let mut batch = Batch::new(Vec::new(), Vec::new(), now);
        batch.is_windowed = true;
        batch.is_final = true;
        lane.batches.push(batch);
        Some(Formed::Batch)
    }
}
