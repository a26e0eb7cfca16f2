//! What the library measures of itself.
//!
//! Observed: which value is put when, in `retrier.cc` of the KPL. Simplified: the time in the buffer is put when a user
//! record leaves, not when it is finished; how many are pending is looked at with each answer.

use kinesis::{Instant, ShardId, SortedMap};

use super::Kpl;
use super::record::{KinesisRecord, UserRecord};
use crate::LostReason;
use crate::actor::ActorCtx;
use crate::neighbours::cloudwatch::{Measured, ProgramMetric, Stat};

/// What one call brings, put together before it is published.
#[derive(Default)]
pub(super) struct Tally(SortedMap<(ProgramMetric, Option<ShardId>), Stat>);

impl Tally {
    pub(super) fn add(&mut self, metric: ProgramMetric, shard: Option<ShardId>, value: u64) {
        let one = Stat::one(value);
        match self.0.get_mut(&(metric, shard)) {
            Some(stat) => stat.merge(one),
            None => self.0.insert((metric, shard), one),
        }
    }

    pub(super) fn publish(self, ctx: &mut ActorCtx) {
        for ((metric, shard), stat) in self.0.iter() {
            ctx.measured.push(Measured { metric: *metric, shard: *shard, code: None, stat: *stat });
        }
    }
}

/// Documented: an error is counted once for each Kinesis record that it met, and where it met a call once for that.
pub(super) fn measure_error(ctx: &mut ActorCtx, shard: Option<ShardId>, code: &'static str) {
    let stat = Stat::one(1);
    ctx.measured.push(Measured { metric: ProgramMetric::ErrorsByCode, shard, code: Some(code), stat });
    ctx.measured.push(Measured { metric: ProgramMetric::AllErrors, shard, code: None, stat });
}

impl Kpl {
    /// A call leaves with these.
    pub(super) fn measure_sent(&self, ctx: &mut ActorCtx, records: &[KinesisRecord]) {
        let half = kinesis::Duration::from_micros(self.spec.config.record_max_buffered_time.micros() / 2);
        let mut tally = Tally::default();
        for record in records {
            for item in &record.items {
                // What is sent again has waited since it came back.
                let since = match item.attempts {
                    0 => item.expiration.back(self.spec.config.record_ttl),
                    _ => item.deadline.back(half),
                };
                tally.add(ProgramMetric::BufferingTime, record.predicted, ctx.now.since(since).millis());
            }
        }
        tally.publish(ctx);
    }

    /// A call was answered, or was not in time.
    pub(super) fn measure_call(&self, ctx: &mut ActorCtx, records: &[KinesisRecord], sent: Instant) {
        let mut tally = Tally::default();
        let mut user_records = 0;
        for record in records {
            let count = record.items.len() as u64;
            user_records += count;
            tally.add(ProgramMetric::UserRecordsPerKinesisRecord, record.predicted, count);
        }
        tally.add(ProgramMetric::RequestTime, None, ctx.now.since(sent).millis());
        tally.add(ProgramMetric::KinesisRecordsPerRequest, None, records.len() as u64);
        tally.add(ProgramMetric::UserRecordsPerRequest, None, user_records);
        tally.add(ProgramMetric::UserRecordsPending, None, self.outstanding());
        tally.publish(ctx);
    }
}

/// Documented: a zero for each record that failed, so that the average is the rate of success.
pub(super) fn measure_entry(tally: &mut Tally, record: &KinesisRecord, is_stored: bool) {
    let shard = record.predicted;
    tally.add(ProgramMetric::KinesisRecordsPut, shard, u64::from(is_stored));
    if is_stored {
        tally.add(ProgramMetric::KinesisRecordsDataPut, shard, record.size);
        tally.add(ProgramMetric::AllErrors, shard, 0);
    }
}

/// User records that are put.
pub(super) fn measure_put(tally: &mut Tally, items: &[UserRecord], shard: ShardId) {
    for item in items {
        tally.add(ProgramMetric::UserRecordsPut, Some(shard), 1);
        tally.add(ProgramMetric::UserRecordsDataPut, Some(shard), u64::from(item.size));
        tally.add(ProgramMetric::RetriesPerRecord, Some(shard), u64::from(item.attempts.saturating_sub(1)));
    }
}

/// User records that the library gave up. What it never took, or took with it when it died, it cannot tell.
pub(super) fn measure_lost(
    ctx: &mut ActorCtx,
    items: &[UserRecord],
    reason: LostReason,
    shard_of: impl Fn(&UserRecord) -> Option<ShardId>,
) {
    if matches!(reason, LostReason::QueueFull | LostReason::Crashed) {
        return;
    }
    let mut tally = Tally::default();
    for item in items {
        let shard = shard_of(item);
        tally.add(ProgramMetric::UserRecordsPut, shard, 0);
        tally.add(ProgramMetric::RetriesPerRecord, shard, u64::from(item.attempts.saturating_sub(1)));
        if reason == LostReason::Expired {
            tally.add(ProgramMetric::UserRecordExpired, shard, 1);
        }
    }
    tally.publish(ctx);
}

/// Assumed: the AWS SDK for C++ names a call so that was not answered in time.
pub(super) const TIMED_OUT: &str = "RequestTimeout";
