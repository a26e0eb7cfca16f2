//! The retrier: what becomes of user records when a call is answered, or is not.
//!
//! Observed: `retrier.cc` of the KPL.

use kinesis::{Duration, ErrorCode, Instant, PutRecordsOutput, PutRecordsResultEntry, ShardId};

use super::measures::{TIMED_OUT, Tally, measure_entry, measure_error, measure_put};
use super::record::{KinesisRecord, UserRecord};
use super::{CallContent, Kpl};
use crate::actor::ActorCtx;
use crate::actors::calls::Served;
use crate::{Fact, LostReason};

impl Kpl {
    pub(super) fn put_answered(
        &mut self,
        ctx: &mut ActorCtx,
        records: Vec<KinesisRecord>,
        sent: Instant,
        output: PutRecordsOutput,
    ) {
        self.measure_call(ctx, &records, sent);
        let mut tally = Tally::default();
        for (record, entry) in records.into_iter().zip(output.records) {
            let is_stored = matches!(entry, PutRecordsResultEntry::Stored { .. });
            measure_entry(&mut tally, &record, is_stored);
            match entry {
                PutRecordsResultEntry::Stored { shard_id, .. } => {
                    self.kinesis_records += 1;
                    self.put_on(ctx, record, shard_id, sent, &mut tally);
                }
                PutRecordsResultEntry::Refused { error_code, .. } => {
                    self.kinesis_records_refused += 1;
                    measure_error(ctx, record.predicted, error_code.name());
                    self.count_error(error_code);
                    self.refused(ctx, record.items, error_code);
                }
            }
        }
        tally.publish(ctx);
    }

    /// The whole call failed: whatever the error, the library tries again until the records are too old.
    pub(super) fn put_failed(&mut self, ctx: &mut ActorCtx, records: Vec<KinesisRecord>, code: ErrorCode) {
        self.count_error(code);
        self.kinesis_records_refused += records.len() as u64;
        for record in records {
            self.refused(ctx, record.items, code);
        }
    }

    fn refused(&mut self, ctx: &mut ActorCtx, items: Vec<UserRecord>, code: ErrorCode) {
        let is_throttled = code == ErrorCode::ProvisionedThroughputExceeded;
        if is_throttled && self.spec.config.fail_if_throttled {
            return self.lose(ctx, items, LostReason::FailIfThrottled);
        }
        self.put_again(ctx, items);
    }

    /// Hands user records to the aggregator once more, those that are not too old.
    pub(super) fn put_again(&mut self, ctx: &mut ActorCtx, items: Vec<UserRecord>) {
        let half = Duration::from_micros(self.spec.config.record_max_buffered_time.micros() / 2);
        let (expired, again): (Vec<UserRecord>, Vec<UserRecord>) =
            items.into_iter().partition(|item| item.expiration <= ctx.now);
        self.lose(ctx, expired, LostReason::Expired);
        for mut item in again {
            item.deadline = (ctx.now + half).min(item.expiration);
            self.aggregate(ctx, item);
        }
    }

    /// A Kinesis record is stored on a shard, which may be another one than was predicted: a reshard came between.
    fn put_on(
        &mut self,
        ctx: &mut ActorCtx,
        record: KinesisRecord,
        actual: ShardId,
        sent: Instant,
        tally: &mut Tally,
    ) {
        let Some(predicted) = record.predicted.filter(|predicted| *predicted != actual) else {
            self.note_stored(ctx.now, &record.items);
            return measure_put(tally, &record.items, actual);
        };
        let range = self.shard_map.range(actual);
        let is_in_range = |item: &UserRecord| range.is_some_and(|range| range.contains(item.hash_key));
        let (right, wrong): (Vec<UserRecord>, Vec<UserRecord>) =
            record.items.into_iter().partition(is_in_range);
        // A child has a higher number than its parent: the parent can go from the map.
        if !wrong.is_empty() || predicted < actual {
            self.shard_map.invalidate(sent, predicted, ctx.now);
        }
        self.note_stored(ctx.now, &right);
        measure_put(tally, &right, actual);
        if wrong.is_empty() {
            return;
        }
        // The records are in the stream already, in an aggregate that readers may throw away or take apart.
        wrong.iter().for_each(|item| self.copies.is_in_stream(item.number));
        let count = wrong.len() as u32;
        self.wrong_shard += u64::from(count);
        ctx.note(Fact::WrongShard { actor: ctx.id, count, predicted, actual });
        self.put_again(ctx, wrong);
    }

    fn note_stored(&mut self, now: Instant, items: &[UserRecord]) {
        self.stored += items.len() as u64;
        for item in items {
            let made = item.expiration.back(self.spec.config.record_ttl);
            self.delays.at(now).note(now.since(made), 1);
        }
    }

    /// A call was not answered in time.
    pub(super) fn late(&mut self, ctx: &mut ActorCtx, call_id: u64, content: CallContent, served: &Served) {
        let CallContent::Put { records, sent } = content else {
            return self.shard_map.not_listed(ctx.now);
        };
        let numbers = numbers(&records);
        let count = numbers.len() as u32;
        self.measure_call(ctx, &records, sent);
        measure_error(ctx, None, TIMED_OUT);
        self.copies.timed_out(call_id, numbers, served);
        ctx.note(Fact::RequestTimedOut { actor: ctx.id, count, after: self.spec.config.request_timeout });
        for record in records {
            self.put_again(ctx, record.items);
        }
    }
}

/// The user records of a call, each by the entry that it is in and its number.
pub(super) fn numbers(records: &[KinesisRecord]) -> Vec<(usize, u64)> {
    let entries = (0..).zip(records);
    entries.flat_map(|(entry, record)| record.items.iter().map(move |item| (entry, item.number))).collect()
}
