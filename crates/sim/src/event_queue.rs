//! What is due, and in which order: by time, and at one instant in the order of scheduling.

use std::collections::BTreeMap;

use kinesis::{Instant, Push};

use crate::ActorId;
use crate::actor::{Call, Input, Reply};
use crate::cause::Link;

/// Something scheduled for an instant.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Wake(ActorId),
    /// What reached a program that was busy or slow.
    Late {
        to: ActorId,
        life: u32,
        input: Input,
    },
    /// A fault's time is over.
    FaultEnds(u64),
    /// A call reaches the service or the lease table.
    Arrive {
        from: ActorId,
        life: u32,
        call_id: u64,
        call: Call,
    },
    /// The answer reaches the caller, where it still lives the same life.
    Reply {
        to: ActorId,
        life: u32,
        call_id: u64,
        reply: Reply,
    },
    /// A minute is over: alarms are looked at.
    LookAtAlarms,
    /// What a subscription pushed reaches the actor that holds its connection; none where that ended.
    Push {
        to: ActorId,
        life: u32,
        subscription: u64,
        push: Option<Push>,
    },
}

/// Place in the queue.
pub(crate) type EventKey = (Instant, u64);

/// Events by time; a copy is independent.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventQueue {
    events: BTreeMap<EventKey, (Link, Event)>,
    scheduled: u64,
}

impl EventQueue {
    /// `link` is what led to the event, and goes with it.
    pub(crate) fn schedule(&mut self, at: Instant, link: Link, event: Event) -> EventKey {
        let key = (at, self.scheduled);
        self.scheduled += 1;
        self.events.insert(key, (link, event));
        key
    }

    pub(crate) fn cancel(&mut self, key: EventKey) {
        self.events.remove(&key);
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<(Link, Event)> {
        self.events.pop_first().map(|(_, scheduled)| scheduled)
    }

    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }
}
