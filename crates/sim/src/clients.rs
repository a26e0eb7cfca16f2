//! Subscriptions held from outside of the world: by a program in JavaScript, or by one behind a bridge.
//!
//! The world decides what is pushed and when; a client looks into its connection whenever it likes, and is never too
//! slow. Each push is handed out once, whichever way the clock goes:
//! - gone back to an earlier instant, nothing new comes until the clock is where it was;
//! - a new command given there makes what follows happen anew, and it is handed out anew;
//! - an undone or forked-off subscription is over for its client, as it never was;
//! - a saved session keeps the subscription and not the client: nobody holds it in a session that is opened.

use kinesis::{ApiError, Push, Response, SortedMap, SubscribeToShardInput};

use crate::{CallerSpec, Command, Observer, Sandbox};

/// What comes over a connection.
#[derive(Clone, PartialEq, Debug)]
pub enum Delivery {
    /// The answer of SubscribeToShard itself, which comes first.
    InitialResponse,
    Push(Push),
}

/// Clients by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clients {
    by_id: SortedMap<u64, Client>,
    /// Ids are counted on over undo and seek: what is held outside never means something else.
    last_id: u64,
}

#[derive(Clone, Debug)]
struct Client {
    subscription: u64,
    /// Place of its command in the history; none where the history does not reach back so far.
    entry: Option<usize>,
    has_initial_response: bool,
    /// Pushes that were handed out.
    taken: usize,
}

impl Clients {
    fn add(&mut self, subscription: u64, entry: Option<usize>) -> u64 {
        self.last_id += 1;
        let client = Client { subscription, entry, has_initial_response: false, taken: 0 };
        self.by_id.insert(self.last_id, client);
        self.last_id
    }

    /// The history ends before its entry `entries` now, in a world in which so much was pushed.
    pub(crate) fn cut(&mut self, entries: usize, push_count: impl Fn(u64) -> usize) {
        self.by_id.retain(|_, client| {
            client.taken = client.taken.min(push_count(client.subscription));
            client.entry.is_none_or(|entry| entry < entries)
        });
    }

    /// The history begins here now.
    pub(crate) fn forget_entries(&mut self) {
        self.by_id.values_mut().for_each(|client| client.entry = None);
    }
}

impl<O: Observer> Sandbox<O> {
    /// Calls SubscribeToShard at the present instant; the id is for [`Sandbox::poll`] and [`Sandbox::close`].
    pub fn subscribe(&mut self, input: SubscribeToShardInput) -> Result<u64, ApiError> {
        self.subscribe_as(None, input)
    }

    /// As [`Sandbox::subscribe`], made by somebody else than the account's admin.
    pub fn subscribe_as(
        &mut self,
        caller: Option<CallerSpec>,
        input: SubscribeToShardInput,
    ) -> Result<u64, ApiError> {
        let answer = match caller {
            None => self.request(input.into())?,
            Some(caller) => self.request_as(caller, input.into())?,
        };
        let Response::SubscribeToShard(output) = answer else {
            unreachable!("an operation is answered by its own kind")
        };
        let entry = self.entries().len().checked_sub(1);
        Ok(self.clients.add(output.subscription, entry))
    }

    /// What came over a connection since the last look, up to the present instant. `None` where it has ended and
    /// everything was handed out.
    pub fn poll(&mut self, id: u64) -> Option<Vec<Delivery>> {
        let client = self.clients.by_id.get_mut(&id)?;
        let mut deliveries = Vec::new();
        let Some(connection) = self.world.subscribers().client(client.subscription) else {
            // Before the call in a history that has it, or one of very many.
            let is_to_come = client.entry.is_some_and(|entry| entry >= self.applied);
            if !is_to_come {
                self.clients.by_id.remove(&id);
            }
            return is_to_come.then_some(deliveries);
        };
        if !client.has_initial_response {
            client.has_initial_response = true;
            deliveries.push(Delivery::InitialResponse);
        }
        let pushes = connection.pushes_from(client.taken, self.world.service());
        client.taken = client.taken.max(connection.push_count());
        deliveries.extend(pushes.into_iter().map(Delivery::Push));
        if deliveries.is_empty() && connection.has_ended {
            self.clients.by_id.remove(&id);
            return None;
        }
        Some(deliveries)
    }

    /// The client goes away; where that is now and not in the past of a history, the service learns of it.
    pub fn close(&mut self, id: u64) {
        let Some(client) = self.clients.by_id.remove(&id) else { return };
        let connection = self.world.subscribers().client(client.subscription);
        let is_live = connection.is_some_and(|connection| !connection.has_ended);
        if is_live && self.applied == self.entries.len() {
            // It was live a moment ago; if its end is due at this instant, there is nothing to close.
            let _ = self.submit(Command::CloseSubscription { subscription: client.subscription });
        }
    }
}
