//! Direct PUT: records that producers put to a Firehose stream without a stream behind it.
//!
//! Documented: PutRecord and PutRecordBatch, Amazon Data Firehose API Reference; quotas of a Firehose stream by Region.
//! Assumed: they are budgets of one second, as those of Kinesis are here.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::{Blob, Instant, Quota};

use super::DeliveryStream;
use super::buffers::Item;
use crate::actor::ActorCtx;
use crate::dice::Dice;
use crate::neighbours::cloudwatch::ProgramMetric as M;

/// What a Firehose stream takes in one second.
#[derive(Clone, Debug)]
pub(super) struct Quotas {
    records: Quota,
    requests: Quota,
    bytes: Quota,
}

/// What became of one record of the newest put.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PutResult {
    /// Taken; the identifier is made from this.
    Taken(u64),
    /// `ServiceUnavailableException`: too much in this second.
    Refused,
}

/// Documented: Regions whose quotas are the larger ones.
const LARGE_REGIONS: [&str; 3] = ["us-east-1", "us-west-2", "eu-west-1"];
const IDENTIFIER_BYTES: usize = 168;

impl Quotas {
    pub(super) fn new(region: &str, now: Instant) -> Quotas {
        let (records, requests, mib) =
            if LARGE_REGIONS.contains(&region) { (500_000, 2_000, 5) } else { (100_000, 1_000, 1) };
        let quota = |capacity: u64| Quota::new(capacity, capacity, now);
        Quotas { records: quota(records), requests: quota(requests), bytes: quota(mib << 20) }
    }
}

impl PutResult {
    /// `RecordId`. Observed: 224 signs of base64.
    pub fn record_id(self) -> Option<String> {
        let PutResult::Taken(roll) = self else { return None };
        let mut dice = Dice::new(roll, 0, 0);
        let mut bytes = Vec::with_capacity(IDENTIFIER_BYTES);
        while bytes.len() < IDENTIFIER_BYTES {
            bytes.extend(dice.next().to_be_bytes());
        }
        Some(BASE64.encode(bytes))
    }
}

impl DeliveryStream {
    /// Documented: PutRecordBatch takes 500 records or 4 MiB.
    pub const BATCH_RECORDS_MAX: usize = 500;
    pub const BATCH_BYTES_MAX: u64 = 4 << 20;
    /// Documented: a record is at most 1,000 KiB before it is encoded.
    pub const RECORD_BYTES_MAX: u64 = 1_000 << 10;

    /// Whether producers put to it.
    pub fn is_direct_put(&self) -> bool {
        self.spec.kinesis_stream_arn.is_none()
    }

    /// What became of the records of the newest put, in their order.
    pub fn newest_put(&self) -> &[PutResult] {
        &self.newest_put
    }

    /// Whether a call with so many bytes in its first record is taken at all.
    pub(crate) fn takes(&self, now: Instant, bytes: u64) -> bool {
        let quotas = &self.quotas;
        quotas.requests.allows(1, now)
            && quotas.records.allows(1, now)
            && quotas.bytes.allows(bytes, now)
            // Assumed: what cannot be delivered fills it up, and then it takes no more.
            && self.held_bytes() + bytes <= DeliveryStream::HELD_BYTES_MAX
            && self.waiting() < DeliveryStream::HELD_RECORDS_MAX
    }

    /// Takes the records of one call, as far as the quotas of this second go.
    pub(crate) fn put(&mut self, ctx: &mut ActorCtx, records: &[Arc<[u8]>], is_batch: bool) {
        self.quotas.requests.spend(1, ctx.now);
        self.newest_put.clear();
        let (mut taken, mut bytes, mut refused) = (0, 0, 0);
        for data in records {
            let size = data.len() as u64;
            let has_room = self.held_bytes() + size <= DeliveryStream::HELD_BYTES_MAX;
            let fits = has_room
                && self.quotas.bytes.allows(size, ctx.now)
                && self.quotas.records.take(1, ctx.now)
                && self.quotas.bytes.take(size, ctx.now);
            if !fits {
                refused += 1;
                self.newest_put.push(PutResult::Refused);
                continue;
            }
            taken += 1;
            bytes += size;
            self.puts += 1;
            let roll = ctx.dice(self.puts << 20).next();
            self.newest_put.push(PutResult::Taken(roll));
            let item = Item {
                data: Blob::Bytes(data.to_vec()),
                partition_key: String::new(),
                arrival: ctx.now,
                entered: ctx.now,
            };
            self.enter_record(ctx.now, item);
        }
        ctx.measure(M::IncomingPutRequests, 1);
        ctx.measure(M::IncomingRecords, taken);
        ctx.measure(M::IncomingBytes, bytes);
        ctx.measure(M::ThrottledRecords, refused);
        let (requests, of_bytes) = match is_batch {
            true => (M::FirehosePutRecordBatchRequests, M::FirehosePutRecordBatchBytes),
            false => (M::FirehosePutRecordRequests, M::FirehosePutRecordBytes),
        };
        ctx.measure(requests, 1);
        ctx.measure(of_bytes, bytes);
        if is_batch {
            ctx.measure(M::FirehosePutRecordBatchRecords, taken);
        }
    }
}
