//! A stream of Amazon Data Firehose: reads a Kinesis stream from LATEST or takes what is put to it, buffers by size and
//! time, and delivers to S3.
//!
//! Documented: Amazon Data Firehose Developer Guide, Writing with Kinesis Data Streams, Configure buffering, Data
//! transformation, Dynamic partitioning, Record format conversion, Handle delivery failures. Simpler than the real thing:
//! S3 is the only destination and GZIP the only compression; a schema is named and not looked at, so that every JSON
//! object can be converted (see `s3/body.rs` for what becomes of it); buffers do not grow when delivery falls behind.

mod buffers;
mod direct_put;
mod object_key;
mod transform;

use std::collections::VecDeque;

use kinesis::{Duration, ErrorCode, Instant, Record, StreamName};

use self::buffers::{Buffer, Delivery, Item, Kind};
pub use self::direct_put::PutResult;
use self::direct_put::Quotas;
pub(crate) use self::object_key::is_prefix;
use self::transform::Transforming;
use super::stream_source::{Arrived, Standing, StreamSource};
use crate::actor::{ActorCtx, Input, Reply};
use crate::neighbours::cloudwatch::ProgramMetric;
use crate::{DeliveryStreamSpec, Fact, StartingPosition};

/// A Firehose stream, and where its records are.
///
/// At every instant `read = delivered + dropped + failed + waiting + lost`.
#[derive(Clone, Debug)]
pub struct DeliveryStream {
    pub spec: DeliveryStreamSpec,
    pub status: DeliveryStreamStatus,
    pub created: Instant,
    pub counts: DeliveryCounts,
    /// Why the last delivery failed; none since one succeeded.
    pub last_failure: Option<&'static str>,
    /// None where producers put to it.
    stream: Option<StreamName>,
    quotas: Quotas,
    newest_put: Vec<PutResult>,
    /// Records ever put to it directly.
    puts: u64,
    function_arn: String,
    changes_at: Option<Instant>,
    source: Option<StreamSource>,
    /// Records that wait for the transform, oldest first, and the bytes of their data.
    untransformed: VecDeque<Item>,
    untransformed_bytes: u64,
    transforming: Option<Transforming>,
    buffers: Vec<Buffer>,
    deliveries: Vec<Delivery>,
    next_call: u64,
    /// Objects ever begun: names them.
    objects: u64,
}

/// `DeliveryStreamStatus`. Documented: Amazon Data Firehose API Reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DeliveryStreamStatus {
    Creating,
    Active,
    Deleting,
    /// Gone.
    Deleted,
}

impl DeliveryStreamStatus {
    pub fn name(self) -> &'static str {
        match self {
            DeliveryStreamStatus::Creating => "CREATING",
            DeliveryStreamStatus::Active => "ACTIVE",
            DeliveryStreamStatus::Deleting => "DELETING",
            DeliveryStreamStatus::Deleted => "DELETED",
        }
    }
}

/// Where the records of a Firehose stream ended. Aggregated records of the KPL are taken apart first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DeliveryCounts {
    pub read: u64,
    pub delivered: u64,
    /// Answered as `Dropped` by the transform.
    pub dropped: u64,
    /// Delivered under an error prefix.
    pub failed: u64,
    /// Given up because the source's retention was over before they could be delivered.
    pub lost: u64,
    /// Objects written, those of backups and errors too.
    pub objects: u64,
    pub bytes: u64,
    /// Refused deliveries.
    pub refused: u64,
    /// Records written to the backup bucket.
    pub backed_up: u64,
    pub transforms: u64,
    pub failed_transforms: u64,
}

/// Assumed: under a minute.
const CREATING_TIME: Duration = Duration::from_seconds(20);
const DELETING_TIME: Duration = Duration::from_seconds(10);
/// Documented: GetRecords once a second for each shard, twice with a backup of all records.
const POLL_INTERVAL: Duration = Duration::from_seconds(1);
const POLL_INTERVAL_BACKUP: Duration = Duration::from_millis(500);

impl DeliveryStream {
    /// Documented: active partitions of dynamic partitioning.
    pub const PARTITIONS_MAX: usize = 500;
    /// Bytes of data that one Firehose stream holds before it stops reading. Assumed.
    pub const HELD_BYTES_MAX: u64 = 256 << 20;
    /// Records that one Firehose stream holds before it stops reading; the sandbox's own bound.
    pub const HELD_RECORDS_MAX: u64 = 200_000;

    pub(crate) fn new(
        spec: DeliveryStreamSpec,
        stream: Option<StreamName>,
        function_arn: String,
        region: &str,
        now: Instant,
    ) -> DeliveryStream {
        DeliveryStream {
            spec,
            status: DeliveryStreamStatus::Creating,
            created: now,
            counts: DeliveryCounts::default(),
            last_failure: None,
            stream,
            quotas: Quotas::new(region, now),
            newest_put: Vec::new(),
            puts: 0,
            function_arn,
            changes_at: Some(now + CREATING_TIME),
            source: None,
            untransformed: VecDeque::new(),
            untransformed_bytes: 0,
            transforming: None,
            buffers: Vec::new(),
            deliveries: Vec::new(),
            // Odd numbers: the even ones are its source's.
            next_call: 1,
            objects: 0,
        }
    }

    /// Name of the stream that it reads.
    pub fn stream(&self) -> Option<&str> {
        self.stream.as_deref()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.status == DeliveryStreamStatus::Deleted
    }

    /// Records that are not delivered yet, those of backups not counted again.
    pub fn waiting(&self) -> u64 {
        let buffered = self.buffers.iter().filter(|buffer| buffer.kind != Kind::Backup);
        let buffered: usize = buffered.map(|buffer| buffer.items.len()).sum();
        let deliveries = self.deliveries.iter().filter(|delivery| delivery.kind != Kind::Backup);
        let under_way: usize = deliveries.map(|delivery| delivery.items.len()).sum();
        let transforming = self.transforming.as_ref().map_or(0, |batch| batch.items.len());
        (self.untransformed.len() + transforming + buffered + under_way) as u64
    }

    fn held_bytes(&self) -> u64 {
        let buffered: u64 = self.buffers.iter().map(|buffer| buffer.bytes).sum();
        let under_way: u64 = self.deliveries.iter().map(|delivery| delivery.bytes).sum();
        self.untransformed_bytes + buffered + under_way
    }

    /// Bytes and age of the delivery buffers, partitions together: what a hint is compared with.
    pub fn buffered(&self) -> u64 {
        self.buffers.iter().filter(|buffer| buffer.kind == Kind::Data).map(|buffer| buffer.bytes).sum()
    }

    /// Dynamic partitions with records that wait.
    pub fn active_partitions(&self) -> u64 {
        self.buffers.iter().filter(|buffer| buffer.partition.is_some()).count() as u64
    }

    /// Age of the oldest record that is not delivered: the metric `DeliveryToS3.DataFreshness`.
    pub fn data_freshness(&self, now: Instant) -> Duration {
        let buffered = self.buffers.iter().filter(|buffer| buffer.kind != Kind::Backup).map(|b| b.entered());
        let under_way = self.deliveries.iter().map(|delivery| delivery.entered);
        let untransformed = self.untransformed.front().map(|item| item.entered);
        let transforming =
            self.transforming.as_ref().and_then(|batch| batch.items.first()).map(|i| i.entered);
        let oldest = buffered.chain(under_way).chain(untransformed).chain(transforming).min();
        oldest.map_or(Duration::ZERO, |oldest| now.since(oldest))
    }

    /// How far behind the tip the slowest shard is read: the metric `KinesisMillisBehindLatest`.
    pub fn millis_behind(&self) -> u64 {
        self.source.as_ref().map_or(0, StreamSource::millis_behind)
    }

    pub fn source_calls(&self) -> (u64, u64) {
        self.source.as_ref().map_or((0, 0), |source| (source.calls, source.throttled))
    }

    /// Why the source cannot be read.
    pub fn source_problem(&self) -> Option<&'static str> {
        self.source.as_ref().and_then(|source| source.problem).map(ErrorCode::name)
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        self.waiting() * 120
    }

    pub(crate) fn delete_now(&mut self, ctx: &mut ActorCtx) {
        self.enter(ctx, DeliveryStreamStatus::Deleting);
        self.changes_at = Some(ctx.now + DELETING_TIME);
        ctx.wake_at(ctx.now + DELETING_TIME);
    }

    fn enter(&mut self, ctx: &mut ActorCtx, status: DeliveryStreamStatus) {
        self.status = status;
        self.changes_at = None;
        ctx.note(Fact::DeliveryStreamStatusChanged { actor: ctx.id, status });
    }

    fn pass(&mut self, ctx: &mut ActorCtx) {
        match self.changes_at {
            Some(at) if at <= ctx.now => {}
            Some(at) => return ctx.wake_at(at),
            None => return,
        }
        match self.status {
            DeliveryStreamStatus::Creating => {
                self.enter(ctx, DeliveryStreamStatus::Active);
                let interval =
                    if self.spec.backup_bucket.is_some() { POLL_INTERVAL_BACKUP } else { POLL_INTERVAL };
                // Documented: Firehose begins at LATEST.
                let from = StartingPosition::Latest;
                let source = |stream: &StreamName| StreamSource::new(stream, from, None, interval, ctx.now);
                self.source = self.stream.as_ref().map(source);
            }
            DeliveryStreamStatus::Deleting => self.enter(ctx, DeliveryStreamStatus::Deleted),
            DeliveryStreamStatus::Active | DeliveryStreamStatus::Deleted => {}
        }
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        self.pass(ctx);
        let arrived = match (input, self.source.as_mut()) {
            (Input::Reply { call_id, reply: Reply::Kinesis(result) }, Some(source)) => {
                let throttled = source.throttled;
                let arrived = source.answered(ctx, call_id, result);
                let is_throttled = source.throttled > throttled;
                if is_throttled || arrived.is_some() {
                    ctx.measure(ProgramMetric::ThrottledGetRecords, u64::from(is_throttled));
                }
                arrived
            }
            (Input::Reply { reply: Reply::Invoked(reply), .. }, _) => {
                self.transformed(ctx, *reply);
                None
            }
            (Input::Reply { call_id, reply: Reply::Stored(result) }, _) => {
                self.stored(ctx, call_id, result);
                None
            }
            (Input::Wake | Input::Push { .. } | Input::Reply { .. }, _) => None,
        };
        if let Some(arrived) = arrived {
            self.take(ctx, arrived);
        }
        if self.status != DeliveryStreamStatus::Active {
            return;
        }
        self.transform(ctx);
        self.deliver(ctx);
        let has_room = self.waiting() < DeliveryStream::HELD_RECORDS_MAX
            && self.held_bytes() < DeliveryStream::HELD_BYTES_MAX;
        if let Some(source) = &mut self.source {
            // Order does not matter to Firehose: children are read as soon as their parents are.
            source.poll(ctx, |_| Standing { wants: has_room, is_done: true });
        }
    }

    /// Documented: aggregated records are taken apart before transform and delivery.
    fn take(&mut self, ctx: &mut ActorCtx, arrived: Arrived) {
        let bytes = arrived.records.iter().map(|record| record.data.size()).sum();
        ctx.measure(ProgramMetric::StreamBytesRead, bytes);
        ctx.measure(ProgramMetric::StreamRecordsRead, arrived.records.len() as u64);
        ctx.measure(ProgramMetric::KinesisMillisBehindLatest, self.millis_behind());
        for (_, record) in arrived.user_records() {
            let Record { data, approximate_arrival_timestamp, partition_key, .. } = record;
            let item = Item {
                data,
                partition_key: partition_key.into(),
                arrival: approximate_arrival_timestamp.0,
                entered: ctx.now,
            };
            self.enter_record(ctx.now, item);
        }
    }

    /// A record begins its way.
    fn enter_record(&mut self, now: Instant, item: Item) {
        self.counts.read += 1;
        if self.spec.backup_bucket.is_some() {
            self.buffer(now, Kind::Backup, None, item.clone());
        }
        match self.spec.transform {
            Some(_) => {
                self.untransformed_bytes += item.data.size();
                self.untransformed.push_back(item);
            }
            None => self.convert(now, item),
        }
    }
}
