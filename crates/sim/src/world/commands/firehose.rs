//! Commands to Amazon Data Firehose.

use super::constraints::{Constraints, is_role_arn};
use crate::actor::{Input, Program};
use crate::actors::firehose::{DeliveryStream, DeliveryStreamStatus, is_prefix};
use crate::actors::managed::Managed;
use crate::history::Refusal;
use crate::world::World;
use crate::{ActorId, DeliveryStreamSpec, FirehoseCommand, Outcome};

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
                self.with_actor(id, |actor, ctx| {
                    if let Program::Managed(Managed::Firehose(stream)) = &mut actor.program {
                        stream.delete_now(ctx);
                    }
                    actor.handle(ctx, Input::Wake);
                });
                Ok(Outcome::Done)
            }
        }
    }

    fn create_delivery_stream(&mut self, spec: &DeliveryStreamSpec) -> Result<Outcome, Refusal> {
        check_delivery_stream(spec)?;
        let account = self.service.account().to_owned();
        let prefix = format!("arn:aws:kinesis:{}:{account}:stream/", self.service.region());
        let stream = spec.kinesis_stream_arn.strip_prefix(&prefix);
        let Some(stream) = stream.and_then(|name| self.service.stream(name)) else {
            // Assumed: Firehose passes on what Kinesis says.
            let name = spec.kinesis_stream_arn.rsplit('/').next().unwrap_or_default();
            let message = format!("Stream {name} under account {account} not found.");
            return Err(Refusal::of_service("ResourceNotFoundException", message));
        };
        let stream = stream.name.clone();
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
        let delivery = DeliveryStream::new(spec.clone(), stream, self.function_arn_prefix(), self.now);
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
            Program::Managed(service) => Some((*id, service)),
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
        return invalid("BufferingHints.SizeInMBs must be at least 64 when dynamic partitioning is enabled.");
    }
    Ok(())
}
