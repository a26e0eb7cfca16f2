//! Buffers by size and time, and the objects that they become.

use kinesis::{Blob, Duration, Instant};

use super::DeliveryStream;
use super::object_key::{Terms, evaluate, object_name};
use crate::actor::{ActorCtx, Call};
use crate::neighbours::cloudwatch::ProgramMetric;
use crate::neighbours::condition::Shown;
use crate::neighbours::s3::{Body, BodyForm, S3Error};
use crate::neighbours::uuid;
use crate::{CompressionFormat, Fact, OutputFormat};

/// A record on its way.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) data: Blob,
    pub(super) partition_key: String,
    /// When it arrived in the Kinesis stream.
    pub(super) arrival: Instant,
    /// When it came to Firehose.
    pub(super) entered: Instant,
}

/// What a buffer is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Data,
    /// All source records as they came.
    Backup,
    /// What failed, by the name that stands in the prefix.
    Failed(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Buffer {
    pub(super) kind: Kind,
    pub(super) partition: Option<String>,
    pub(super) items: Vec<Item>,
    pub(super) bytes: u64,
    opened: Instant,
}

impl Buffer {
    pub(super) fn entered(&self) -> Instant {
        self.items.iter().map(|item| item.entered).min().unwrap_or(self.opened)
    }
}

/// An object that is being written.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) kind: Kind,
    pub(super) items: Vec<Item>,
    pub(super) bytes: u64,
    pub(super) entered: Instant,
    bucket: String,
    key: String,
    body: Body,
    /// Of the key.
    ending: &'static str,
    tries: u32,
    retry_at: Instant,
    call: Option<u64>,
}

impl Delivery {
    /// Simplified: how fresh what is delivered is shows with each try to deliver, not in between.
    fn measure(&self, ctx: &mut ActorCtx, is_done: bool) {
        use ProgramMetric as M;
        let (bytes, records, success, freshness) = match self.kind {
            Kind::Data | Kind::Failed(_) => {
                (M::DeliveryBytes, M::DeliveryRecords, M::DeliverySuccess, M::DeliveryDataFreshness)
            }
            Kind::Backup => (M::BackupBytes, M::BackupRecords, M::BackupSuccess, M::BackupDataFreshness),
        };
        ctx.measure(success, u64::from(is_done));
        ctx.measure(freshness, ctx.now.since(self.entered).seconds());
        if is_done {
            ctx.measure(bytes, self.body.size());
            ctx.measure(records, self.items.len() as u64);
            if self.kind != Kind::Backup {
                ctx.measure(M::DeliveryObjectCount, 1);
            }
            let of_items = self.items.len() as u64;
            if self.body.form() == BodyForm::Columns {
                ctx.measure(M::ConvertedRecords, of_items);
                ctx.measure(M::ConvertedBytes, self.bytes);
            } else if self.kind == Kind::Failed(UNCONVERTED) {
                ctx.measure(M::UnconvertedRecords, of_items);
                ctx.measure(M::UnconvertedBytes, self.bytes);
            }
        }
    }
}

/// Assumed: a refused delivery is tried again after 5 s, then 10 s, 20 s … up to 5 minutes.
const RETRY_PAUSE: Duration = Duration::from_seconds(5);
const RETRY_PAUSE_MAX: Duration = Duration::from_seconds(300);
const DIRECT_PUT_RETENTION: Duration = Duration::from_hours(24);

/// What stands in the prefix of records that could not be converted.
const UNCONVERTED: &str = "format-conversion-failed";

impl DeliveryStream {
    /// Looks whether a record can be converted, where that is asked for: it must be a JSON object.
    ///
    /// Documented: Convert input data format. Observed: the name of the error, in files that Firehose wrote.
    pub(super) fn convert(&mut self, now: Instant, item: Item) {
        let is_object = self.spec.output_format.is_none()
            || Shown::new(&item.partition_key, &item.data).json().is_some_and(serde_json::Value::is_object);
        if is_object {
            self.partition(now, item);
        } else {
            self.fail(now, item, UNCONVERTED, "DataFormatConversion.MalformedData", 1);
        }
    }

    /// Puts a record into its partition's buffer, or among the failed ones.
    pub(super) fn partition(&mut self, now: Instant, item: Item) {
        let Some(subject) = self.spec.partition_by.clone() else {
            return self.buffer(now, Kind::Data, None, item);
        };
        let shown = Shown::new(&item.partition_key, &item.data);
        let key = shown.text(&subject).filter(|key| !key.is_empty());
        let Some(key) = key else {
            return self.fail(
                now,
                item,
                "metadata-extraction-failed",
                "DynamicPartitioning.MetadataExtractionFailed",
                1,
            );
        };
        let is_active = self.buffers.iter().any(|buffer| buffer.partition.as_ref() == Some(&key));
        if !is_active && self.active_partitions() as usize >= DeliveryStream::PARTITIONS_MAX {
            return self.fail(
                now,
                item,
                "activePartitionExceeded",
                "DynamicPartitioning.ActivePartitionLimitExceeded",
                1,
            );
        }
        self.buffer(now, Kind::Data, Some(key), item);
    }

    /// Documented: a failed record is written as a line of JSON with the error and its data in base64. The names of the
    /// errors of partitioning are assumed.
    pub(super) fn fail(
        &mut self,
        now: Instant,
        item: Item,
        kind: &'static str,
        error_code: &'static str,
        attempts: u32,
    ) {
        let line = super::transform::failure_line(&item, error_code, attempts, now, &self.transform_arn());
        let item = Item { data: Blob::Bytes(line.into_bytes()), ..item };
        self.buffer(now, Kind::Failed(kind), None, item);
    }

    pub(super) fn buffer(&mut self, now: Instant, kind: Kind, partition: Option<String>, item: Item) {
        let place =
            self.buffers.iter().position(|buffer| buffer.kind == kind && buffer.partition == partition);
        let place = place.unwrap_or_else(|| {
            self.buffers.push(Buffer { kind, partition, items: Vec::new(), bytes: 0, opened: now });
            self.buffers.len() - 1
        });
        let size_max = self.size_max();
        let mut is_full = false;
        if let Some(buffer) = self.buffers.get_mut(place) {
            buffer.bytes += item.data.size();
            buffer.items.push(item);
            is_full = buffer.bytes >= size_max;
        }
        if is_full {
            self.close(now, place);
        }
    }

    fn size_max(&self) -> u64 {
        self.spec.size_in_mbs.unsigned_abs() << 20
    }

    /// A buffer becomes an object.
    fn close(&mut self, now: Instant, place: usize) {
        let buffer = self.buffers.remove(place);
        self.objects += 1;
        let at = buffer.items.iter().map(|item| item.arrival).min().unwrap_or(now);
        let error = match buffer.kind {
            Kind::Failed(error) => Some(error),
            Kind::Data | Kind::Backup => None,
        };
        let prefix = if error.is_some() { &self.spec.error_output_prefix } else { &self.spec.prefix };
        // Assumed: the backup bucket has the default prefix.
        let prefix = if buffer.kind == Kind::Backup { "" } else { prefix };
        let partition = buffer.partition.as_deref();
        let bucket = match (&self.spec.backup_bucket, buffer.kind) {
            (Some(backup), Kind::Backup) => backup.clone(),
            _ => self.spec.bucket.clone(),
        };
        let is_data = buffer.kind == Kind::Data;
        let format = self.spec.output_format.filter(|_| is_data);
        let is_delimited = is_data && (self.spec.append_delimiter || format.is_some());
        let data = buffer.items.iter().map(|item| item.data.clone()).collect();
        let body = Body::of_records(data, is_delimited);
        // Documented: the file's ending says how it is packed. Assumed: what failed and backups are not packed.
        let (body, ending) = match (format, self.spec.compression_format) {
            (Some(OutputFormat::Parquet), _) => (body.in_columns(), ".parquet"),
            (Some(OutputFormat::Orc), _) => (body.in_columns(), ".orc"),
            (None, CompressionFormat::Gzip) if is_data => (body.gzipped(), ".gz"),
            (None, CompressionFormat::Gzip | CompressionFormat::Uncompressed) => (body, ""),
        };
        self.deliveries.push(Delivery {
            kind: buffer.kind,
            entered: buffer.entered(),
            bucket,
            key: evaluate(prefix, &Terms { at, partition, error }),
            body,
            ending,
            items: buffer.items,
            bytes: buffer.bytes,
            tries: 0,
            retry_at: now,
            call: None,
        });
    }

    /// Closes the buffers whose time is over, and writes what is due.
    pub(super) fn deliver(&mut self, ctx: &mut ActorCtx) {
        let interval = Duration::from_seconds(self.spec.interval_in_seconds.unsigned_abs());
        if self.spec.partition_by.is_some() && !self.buffers.is_empty() {
            let active = self.active_partitions();
            ctx.measure(ProgramMetric::PartitionCount, active);
            let is_full = active as usize >= DeliveryStream::PARTITIONS_MAX;
            ctx.measure(ProgramMetric::PartitionCountExceeded, u64::from(is_full));
        }
        while let Some(place) = self.buffers.iter().position(|buffer| buffer.opened + interval <= ctx.now) {
            self.close(ctx.now, place);
        }
        if let Some(opened) = self.buffers.iter().map(|buffer| buffer.opened).min() {
            ctx.wake_at(opened + interval);
        }
        self.lose_expired(ctx);
        let (next_call, objects) = (&mut self.next_call, self.objects);
        let name = &self.spec.name;
        for (place, delivery) in self.deliveries.iter_mut().enumerate() {
            if delivery.call.is_some() {
                continue;
            }
            if delivery.retry_at > ctx.now {
                ctx.wake_at(delivery.retry_at);
                continue;
            }
            let call_id = *next_call;
            *next_call += 2;
            delivery.call = Some(call_id);
            if delivery.tries == 0 {
                // Each object gets a name of its own, once.
                let id = uuid(&mut ctx.dice(objects << 16 | place as u64));
                delivery.key.push_str(&object_name(name, ctx.now, &id));
                delivery.key.push_str(delivery.ending);
            }
            let (bucket, key) = (delivery.bucket.clone(), delivery.key.clone());
            ctx.call(call_id, Call::PutObject { bucket, key, body: delivery.body.clone() });
        }
    }

    /// Documented: from a Kinesis stream, Firehose tries as long as the stream's retention goes, and what was put to it
    /// for 24 hours.
    fn lose_expired(&mut self, ctx: &mut ActorCtx) {
        let direct = self.is_direct_put().then_some(DIRECT_PUT_RETENTION);
        let Some(retention) = ctx.retention.or(direct) else { return };
        let oldest = ctx.now.back(retention);
        let mut lost = 0;
        self.deliveries.retain(|delivery| {
            let is_lost = delivery.call.is_none()
                && delivery.tries > 0
                && delivery.items.iter().all(|item| item.arrival < oldest);
            if is_lost && delivery.kind != Kind::Backup {
                lost += delivery.items.len() as u64;
            }
            !is_lost
        });
        if lost > 0 {
            self.counts.lost += lost;
            ctx.note(Fact::RecordsUndelivered { actor: ctx.id, count: lost as u32 });
        }
    }

    pub(super) fn stored(&mut self, ctx: &mut ActorCtx, call_id: u64, result: Result<(), S3Error>) {
        let Some(place) = self.deliveries.iter().position(|delivery| delivery.call == Some(call_id)) else {
            return;
        };
        match result {
            Ok(()) => {
                let delivery = self.deliveries.remove(place);
                let count = delivery.items.len() as u64;
                self.counts.objects += 1;
                self.counts.bytes += delivery.body.size();
                match delivery.kind {
                    Kind::Data => self.counts.delivered += count,
                    Kind::Failed(_) => self.counts.failed += count,
                    Kind::Backup => self.counts.backed_up += count,
                }
                self.last_failure = None;
                delivery.measure(ctx, true);
                ctx.note(Fact::RecordsDelivered {
                    actor: ctx.id,
                    count: count as u32,
                    bytes: delivery.body.size(),
                    freshness: ctx.now.since(delivery.entered),
                    is_failed: matches!(delivery.kind, Kind::Failed(_)),
                });
            }
            Err(error) => {
                let Some(delivery) = self.deliveries.get_mut(place) else { return };
                delivery.call = None;
                delivery.measure(ctx, false);
                let pause = RETRY_PAUSE.times(1 << delivery.tries.min(16)).min(RETRY_PAUSE_MAX);
                delivery.tries += 1;
                delivery.retry_at = ctx.now + pause;
                self.counts.refused += 1;
                self.last_failure = Some(error.code());
                let (actor, error, at) = (ctx.id, error, delivery.retry_at);
                ctx.note(Fact::DeliveryFailed { actor, error, at });
            }
        }
    }
}
