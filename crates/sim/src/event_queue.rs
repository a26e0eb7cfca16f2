//! What is due, and in which order: by time, and at one instant in the order of scheduling.

use kinesis::{Instant, Push, apart};

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

/// An event that is due some time.
#[derive(Debug)]
struct Scheduled(Event);

/// In a function of its own: the page copies its first world, in which nothing is due yet.
impl Clone for Scheduled {
    fn clone(&self) -> Scheduled {
        apart(|| Scheduled(self.0.clone()))
    }
}

/// Events by time; a copy is independent.
///
/// The order is a list of small entries, in which the next ones, where nearly all of the coming and going is, stand at the
/// end; the events, which are large, lie still until they are due.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventQueue {
    /// The last one first: each with the place of its event.
    order: Vec<(EventKey, u32)>,
    /// Apart from what led to them, so that none is moved more often than there and back.
    events: Vec<Option<Scheduled>>,
    /// What led to the event of the same place.
    links: Vec<Link>,
    /// Places of `events` in which nothing lies.
    free: Vec<u32>,
    scheduled: u64,
}

impl EventQueue {
    /// `link` is what led to the event, and goes with it.
    pub(crate) fn schedule(&mut self, at: Instant, link: Link, event: Event) -> EventKey {
        let key = (at, self.scheduled);
        self.scheduled += 1;
        let place = match self.free.pop() {
            Some(place) => {
                self.events[place as usize] = Some(Scheduled(event));
                self.links[place as usize] = link;
                place
            }
            None => {
                self.events.push(Some(Scheduled(event)));
                self.links.push(link);
                (self.events.len() - 1) as u32
            }
        };
        let at_place = self.place(key);
        self.order.insert(at_place, (key, place));
        key
    }

    /// How many events are due later than the one of that key: its place in the order.
    fn place(&self, key: EventKey) -> usize {
        self.order.partition_point(|(other, _)| *other > key)
    }

    pub(crate) fn cancel(&mut self, key: EventKey) {
        let at_place = self.place(key);
        if self.order.get(at_place).is_some_and(|(other, _)| *other == key) {
            let (_, place) = self.order.remove(at_place);
            self.take(place);
        }
    }

    fn take(&mut self, place: u32) -> Option<(Link, Event)> {
        self.free.push(place);
        let Scheduled(event) = self.events[place as usize].take()?;
        Some((self.links[place as usize], event))
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.order.last().map(|((at, _), _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<(Link, Event)> {
        let (_, place) = self.order.pop()?;
        self.take(place)
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }
}
