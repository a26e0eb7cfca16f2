//! Commands to Amazon Data Firehose.

use std::sync::Arc;

use super::constraints::{Constraints, is_role_arn};
use crate::actor::{Input, Program};
use crate::actors::firehose::{DeliveryStream, DeliveryStreamStatus, is_prefix};
use crate::actors::managed::Managed;
use crate::history::Refusal;
use crate::world::World;
use crate::{ActorId, CompressionFormat, DeliveryStreamSpec, FirehoseCommand, Outcome};

/// Documented: Firehose streams of an account in a Region, 5,000; the sandbox takes fewer.
const DELIVERY_STREAMS_MAX: usize = 50;

impl World {
    pub(super) fn change_firehose(&mut self, command: &FirehoseCommand) -> Result<Outcome, Refusal> {
        match command {
            FirehoseCommand::CreateDeliveryStream(spec) => self.create_delivery_stream(spec),
            FirehoseCommand::DeleteDeliveryStream { name } => {
                let account = self.service.account().to_owned();
                let found = self.delivery_streams().find(|(_, stream)| stream.spec.name == *name);
                let Some((id, stream)) = found else {
                    // Observed: the sentence as Firehose sends it.
                    let message = format!("Firehose {name} under account {account} not found.");
                    return Err(Refusal::of_service("ResourceNotFoundException", message));
                };
                if stream.status != DeliveryStreamStatus::Active {
                    let message = format!("Firehose {name} under account {account} is not ACTIVE.");
                    return Err(Refusal::of_service("ResourceInUseException", message));
                }
                self.with_delivery_stream(id, DeliveryStream::delete_now);
                Ok(Outcome::Done)
            }
            FirehoseCommand::PutRecords { name, records, is_batch } => {
                self.put_to_delivery_stream(name, records, *is_batch)
            }
        }
    }

    fn with_delivery_stream(
        &mut self,
        id: ActorId,
        act: impl FnOnce(&mut DeliveryStream, &mut crate::actor::ActorCtx),
    ) {
        self.with_actor(id, |actor, ctx| {
            if let Program::Managed(Managed::Firehose(stream)) = &mut actor.program {
                act(stream, ctx);
            }
            actor.handle(ctx, Input::Wake);
        });
    }

    fn put_to_delivery_stream(
        &mut self,
        name: &str,
        records: &[Arc<[u8]>],
        is_batch: bool,
    ) -> Result<Outcome, Refusal> {
        check_put(name, records, is_batch)?;
        let account = self.service.account();
        let found = self.delivery_streams().find(|(_, stream)| stream.spec.name == name);
        let Some((id, stream)) = found else {
            // Observed: the sentence as Firehose sends it.
            let message = format!("Firehose {name} under account {account} not found.");
            return Err(Refusal::of_service("ResourceNotFoundException", message));
        };
        if !stream.is_direct_put() {
            // Documented: with a stream as source, PutRecord and PutRecordBatch are disabled. The words as others quote
            // them.
            let message = "This operation is not permitted on KinesisStreamAsSource delivery stream type.";
            return Err(Refusal::of_service("InvalidArgumentException", message));
        }
        if stream.status != DeliveryStreamStatus::Active {
            // Assumed: the words.
            let message = format!("Firehose {name} under account {account} is not ACTIVE.");
            return Err(Refusal::of_service("ResourceNotFoundException", message));
        }
        let first = records.first().map_or(0, |data| data.len() as u64);
        if !stream.takes(self.now, first) {
            // Documented: back off and try again. The words as the service's clients quote them.
            return Err(Refusal::of_service("ServiceUnavailableException", "Slow down."));
        }
        records.iter().for_each(|data| self.digest.add(data));
        self.with_delivery_stream(id, |stream, ctx| stream.put(ctx, records, is_batch));
        Ok(Outcome::Done)
    }

    fn create_delivery_stream(&mut self, spec: &DeliveryStreamSpec) -> Result<Outcome, Refusal> {
        check_delivery_stream(spec)?;
        let account = self.service.account().to_owned();
        let prefix = format!("arn:aws:kinesis:{}:{account}:stream/", self.service.region());
        let find = |arn: &String| {
            let stream = arn.strip_prefix(&prefix).and_then(|name| self.service.stream(name));
            stream.map(|stream| stream.name.clone()).ok_or_else(|| {
                // Assumed: Firehose passes on what Kinesis says.
                let name = arn.rsplit('/').next().unwrap_or_default();
                let message = format!("Stream {name} under account {account} not found.");
                Refusal::of_service("ResourceNotFoundException", message)
            })
        };
        let stream = spec.kinesis_stream_arn.as_ref().map(find).transpose()?;
        if self.delivery_streams().any(|(_, other)| other.spec.name == spec.name) {
            // Observed: the sentence as Firehose sends it.
            let message = format!("Firehose {} under accountId {account} already exists", spec.name);
            return Err(Refusal::of_service("ResourceInUseException", message));
        }
        if self.delivery_streams().count() >= DELIVERY_STREAMS_MAX {
            return Err(Refusal::new(format!(
                "this sandbox keeps at most {DELIVERY_STREAMS_MAX} Firehose streams"
            )));
        }
        if let Some(function) = spec.transform.as_ref().filter(|name| !self.functions.contains_key(*name)) {
            // Assumed: the words.
            let message = format!("Lambda function {}{function} does not exist.", self.function_arn_prefix());
            return Err(Refusal::of_service("InvalidArgumentException", message));
        }
        self.check_room(1)?;
        self.take_role(&spec.name, spec.role.as_deref());
        let (functions, region) = (self.function_arn_prefix(), self.service.region().to_owned());
        let delivery = DeliveryStream::new(spec.clone(), stream, functions, &region, self.now);
        self.start(Program::Managed(Managed::Firehose(Box::new(delivery))))
    }

    /// Firehose streams that are not gone, in the order in which they were made.
    pub fn delivery_streams(&self) -> impl Iterator<Item = (ActorId, &DeliveryStream)> {
        let streams = self.managed().filter_map(|(id, service)| match service {
            Managed::Firehose(stream) => Some((id, &**stream)),
            Managed::Mapping(_) | Managed::Flink(_) | Managed::Dms(_) => None,
        });
        streams.filter(|(_, stream)| !stream.has_ended())
    }

    pub(super) fn managed(&self) -> impl Iterator<Item = (ActorId, &Managed)> {
        self.actors.iter().filter_map(|(id, actor)| match &actor.program {
            Program::Managed(service) => Some((id, service)),
            Program::Producer(_)
            | Program::Kpl(_)
            | Program::Agent(_)
            | Program::Reader(_)
            | Program::KclWorker(_) => None,
        })
    }
}

/// Documented: ranges of CreateDeliveryStream in the Data Firehose API Reference.
fn check_delivery_stream(spec: &DeliveryStreamSpec) -> Result<(), Refusal> {
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let mut constraints = Constraints::default();
    constraints.length("deliveryStreamName", &spec.name, 1, 64);
    constraints.pattern("deliveryStreamName", &spec.name, "[a-zA-Z0-9_.-]+", is_name(&spec.name));
    let hints = "extendedS3DestinationConfiguration.bufferingHints";
    constraints.range(&format!("{hints}.sizeInMBs"), spec.size_in_mbs, 1, 128);
    constraints.range(&format!("{hints}.intervalInSeconds"), spec.interval_in_seconds, 0, 900);
    constraints.length("extendedS3DestinationConfiguration.prefix", &spec.prefix, 0, 1_024);
    let error_prefix = "extendedS3DestinationConfiguration.errorOutputPrefix";
    constraints.length(error_prefix, &spec.error_output_prefix, 0, 1_024);
    let bucket_arn = format!("arn:aws:s3:::{}", spec.bucket);
    let is_bucket = !spec.bucket.is_empty() && is_name(&spec.bucket);
    let member = "extendedS3DestinationConfiguration.bucketARN";
    constraints.pattern(member, &bucket_arn, "arn:.*:s3:::[\\w\\.\\-]{1,255}", is_bucket);
    if let Some(role) = &spec.role {
        let pattern = "arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+";
        constraints.pattern("extendedS3DestinationConfiguration.roleARN", role, pattern, is_role_arn(role));
    }
    constraints.check()?;
    // Assumed: the words of all that follow.
    let invalid = |message: &str| Err(Refusal::of_service("InvalidArgumentException", message));
    if !is_prefix(&spec.prefix, false) || !is_prefix(&spec.error_output_prefix, true) {
        return invalid(
            "Invalid expression in a prefix: use !{timestamp:yyyy/MM/dd}, !{partitionKeyFromQuery:key}, and in \
             ErrorOutputPrefix !{firehose:error-output-type}.",
        );
    }
    if !(0..=300).contains(&spec.transform_retries) {
        return invalid("NumberOfRetries must be between 0 and 300.");
    }
    let is_partitioned = spec.partition_by.is_some();
    if is_partitioned != spec.prefix.contains("!{partitionKeyFromQuery:") {
        return invalid(
            "With dynamic partitioning Prefix must contain !{partitionKeyFromQuery:key}, and without it must not.",
        );
    }
    // Documented: no zero buffering with dynamic partitioning.
    if is_partitioned && spec.interval_in_seconds < 60 {
        return invalid(
            "BufferingHints.IntervalInSeconds must be at least 60 when dynamic partitioning is enabled.",
        );
    }
    if is_partitioned && spec.size_in_mbs < 64 {
        // Observed: the sentence as Firehose sends it.
        return invalid("BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.");
    }
    check_conversion(spec)
}

/// Documented: Record format conversion: JSON to Parquet or ORC by the schema of an AWS Glue table; buffers of at least
/// 64 MiB, and no other compression.
fn check_conversion(spec: &DeliveryStreamSpec) -> Result<(), Refusal> {
    let invalid = |message: &str| Err(Refusal::of_service("InvalidArgumentException", message));
    if spec.output_format.is_none() {
        return match spec.schema {
            Some(_) => invalid("A schema is for record format conversion: name an output format too."),
            None => Ok(()),
        };
    }
    if spec.size_in_mbs < 64 {
        // Observed: the sentence as Firehose sends it.
        return invalid(
            "BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.",
        );
    }
    if spec.compression_format != CompressionFormat::Uncompressed {
        // Assumed: the words.
        return invalid("CompressionFormat must be UNCOMPRESSED when data format conversion is enabled.");
    }
    let is_schema = |schema: &String| {
        let parts: Vec<&str> = schema.split('.').collect();
        parts.len() == 2 && parts.iter().all(|part| !part.is_empty())
    };
    if !spec.schema.as_ref().is_some_and(is_schema) {
        // Assumed: the words.
        return invalid("SchemaConfiguration must name a database and a table of AWS Glue.");
    }
    Ok(())
}

/// Documented: ranges of PutRecord and PutRecordBatch in the Data Firehose API Reference.
fn check_put(name: &str, records: &[Arc<[u8]>], is_batch: bool) -> Result<(), Refusal> {
    let mut constraints = Constraints::default();
    constraints.length("deliveryStreamName", name, 1, 64);
    if is_batch {
        constraints.items("records", records.len(), 1, DeliveryStream::BATCH_RECORDS_MAX);
    }
    for (place, data) in records.iter().enumerate() {
        let member =
            if is_batch { format!("records.{}.member.data", place + 1) } else { "record.data".to_owned() };
        constraints.bytes(&member, data.len() as u64, DeliveryStream::RECORD_BYTES_MAX);
    }
    constraints.check()?;
    let total: u64 = records.iter().map(|data| data.len() as u64).sum();
    if total > DeliveryStream::BATCH_BYTES_MAX {
        // Observed: the sentence as Firehose sends it.
        return Err(Refusal::of_service("InvalidArgumentException", "Records size exceeds 4 MB limit"));
    }
    Ok(())
}
