//! Managed services that read or fill a stream for a customer: actors of AWS's own.

use crate::actor::{ActorCtx, Input};
use crate::actors::lambda::EventSourceMapping;

/// One of them.
#[derive(Clone, Debug)]
pub(crate) enum Managed {
    Mapping(Box<EventSourceMapping>),
}

impl Managed {
    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match self {
            Managed::Mapping(mapping) => mapping.handle(ctx, input),
        }
    }

    /// Whether it is gone.
    pub(crate) fn has_ended(&self) -> bool {
        match self {
            Managed::Mapping(mapping) => mapping.has_ended(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Managed::Mapping(mapping) => &mapping.spec.function,
        }
    }

    /// Name of the stream that it reads.
    pub(crate) fn source(&self) -> Option<&str> {
        match self {
            Managed::Mapping(mapping) => Some(mapping.stream()),
        }
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        match self {
            Managed::Mapping(mapping) => mapping.own_bytes(),
        }
    }
}
