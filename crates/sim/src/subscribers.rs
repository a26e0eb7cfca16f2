//! Who holds the connection of which subscription, and what came over those that a client outside of the world holds.

use std::sync::Arc;

use kinesis::{Fact, Instant, Push, Service, SortedMap, StreamName};

use crate::{ActorId, Cause};

/// Connections by the number of their subscription.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subscribers {
    held: SortedMap<u64, Holder>,
}

#[derive(Clone, Debug)]
enum Holder {
    Actor(ActorId),
    Client(Connection),
}

/// A connection of a client outside of the world. Its records lie in the stream until they are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    stream: StreamName,
    /// Tells the stream from a later one of the same name.
    stream_number: u64,
    /// What was pushed, oldest first; copies of a world share it.
    pushes: Arc<Vec<(Instant, Fact)>>,
    pub(crate) has_ended: bool,
}

/// Connections of clients that are kept, the newest ones; each has about five minutes of pushes.
const CLIENTS_MAX: usize = 64;

impl Subscribers {
    /// Takes note of a fact; returns the actor that holds the connection over which it came.
    pub(crate) fn record(
        &mut self,
        now: Instant,
        cause: Cause,
        service: &Service,
        fact: &Fact,
    ) -> Option<ActorId> {
        if let Fact::Subscribed { stream, subscription, .. } = fact {
            let holder = match cause {
                Cause::Actor(id) => Holder::Actor(id),
                Cause::Command(_) | Cause::Schedule => {
                    self.make_room();
                    Holder::Client(Connection {
                        stream: stream.clone(),
                        stream_number: service.stream(stream).map_or(0, |stream| stream.number),
                        pushes: Arc::default(),
                        has_ended: false,
                    })
                }
            };
            self.held.insert(*subscription, holder);
            return None;
        }
        let (subscription, is_end) = if let Fact::EventPushed { subscription, .. } = fact {
            (subscription, false)
        } else if let Fact::SubscriptionEnded { subscription, .. } = fact {
            (subscription, true)
        } else {
            return None;
        };
        match self.held.get_mut(subscription) {
            Some(Holder::Client(connection)) => {
                Arc::make_mut(&mut connection.pushes).push((now, fact.clone()));
                connection.has_ended |= is_end;
                None
            }
            Some(Holder::Actor(id)) => {
                let id = *id;
                if is_end {
                    self.held.remove(subscription);
                }
                Some(id)
            }
            None => None,
        }
    }

    /// Forgets the oldest connections of clients, those that have ended first.
    fn make_room(&mut self) {
        let clients: Vec<(u64, bool)> = self
            .held
            .iter()
            .filter_map(|(number, holder)| match holder {
                Holder::Client(connection) => Some((*number, connection.has_ended)),
                Holder::Actor(_) => None,
            })
            .collect();
        if clients.len() >= CLIENTS_MAX {
            let ended = clients.iter().find(|(_, has_ended)| *has_ended);
            if let Some((number, _)) = ended.or(clients.first()) {
                self.held.remove(number);
            }
        }
    }

    /// The connection of a client by the number of its subscription.
    pub(crate) fn client(&self, subscription: u64) -> Option<&Connection> {
        match self.held.get(&subscription)? {
            Holder::Client(connection) => Some(connection),
            Holder::Actor(_) => None,
        }
    }

    /// Subscriptions that an actor holds.
    pub(crate) fn of_actor(&self, id: ActorId) -> Vec<u64> {
        let is_held = |holder: &Holder| matches!(holder, Holder::Actor(holder) if *holder == id);
        self.held.iter().filter(|(_, holder)| is_held(holder)).map(|(number, _)| *number).collect()
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        let pushes = |holder: &Holder| match holder {
            Holder::Client(connection) => connection.pushes.len() as u64,
            Holder::Actor(_) => 0,
        };
        self.held.values().map(pushes).sum::<u64>() * size_of::<(Instant, Fact)>() as u64
    }
}

impl Connection {
    /// How much was pushed so far.
    pub(crate) fn push_count(&self) -> usize {
        self.pushes.len()
    }

    /// What was pushed from the place `from` on. Events whose records are not kept any more, because their stream is
    /// gone or they are past the retention period, are left out.
    pub(crate) fn pushes_from(&self, from: usize, service: &Service) -> Vec<Push> {
        let is_there = service.stream(&self.stream).is_some_and(|stream| stream.number == self.stream_number);
        let new = self.pushes.get(from..).unwrap_or_default();
        new.iter()
            .filter(|(_, fact)| is_there || !matches!(fact, Fact::EventPushed { .. }))
            .filter_map(|(at, fact)| service.pushed(fact, *at))
            .collect()
    }
}
