//! Managed services that read or fill a stream for a customer: actors of AWS's own.

use crate::actor::{ActorCtx, Input};
use crate::actors::dms::DmsTask;
use crate::actors::firehose::DeliveryStream;
use crate::actors::flink::FlinkApplication;
use crate::actors::lambda::EventSourceMapping;

/// One of them.
#[derive(Clone, Debug)]
pub(crate) enum Managed {
    Mapping(Box<EventSourceMapping>),
    Firehose(Box<DeliveryStream>),
    Flink(Box<FlinkApplication>),
    Dms(Box<DmsTask>),
}

impl Managed {
    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match self {
            Managed::Mapping(mapping) => mapping.handle(ctx, input),
            Managed::Firehose(stream) => stream.handle(ctx, input),
            Managed::Flink(application) => application.handle(ctx, input),
            Managed::Dms(task) => task.handle(ctx, input),
        }
    }

    /// Whether it is gone.
    pub(crate) fn has_ended(&self) -> bool {
        match self {
            Managed::Mapping(mapping) => mapping.has_ended(),
            Managed::Firehose(stream) => stream.has_ended(),
            Managed::Flink(application) => application.has_ended(),
            Managed::Dms(task) => task.has_ended(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Managed::Mapping(mapping) => &mapping.spec.function,
            Managed::Firehose(stream) => &stream.spec.name,
            Managed::Flink(application) => &application.spec.name,
            Managed::Dms(task) => &task.spec.task,
        }
    }

    /// Name of the stream that it reads.
    pub(crate) fn source(&self) -> Option<&str> {
        match self {
            Managed::Mapping(mapping) => Some(mapping.stream()),
            Managed::Firehose(stream) => stream.stream(),
            Managed::Flink(application) => Some(&application.spec.stream),
            Managed::Dms(_) => None,
        }
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        match self {
            Managed::Mapping(mapping) => mapping.own_bytes(),
            Managed::Firehose(stream) => stream.own_bytes(),
            Managed::Flink(application) => application.own_bytes(),
            Managed::Dms(task) => task.own_bytes(),
        }
    }
}
