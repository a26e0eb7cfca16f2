//! What checks remember of the facts that went by: the learner's own calls, the metrics, rates.

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{ErrorCode, Instant, Operation, SequenceNumber, ShardId, ShardIteratorType, SortedMap};
use sim::{ActorId, Cause, Fact, MappingState, StampedFact, World};

use crate::order::Orders;
use crate::tally::Tally;

/// What a learner's own calls brought, and what the shards took and refused, since the exercise began.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    calls: SortedMap<Operation, u64>,
    errors: SortedMap<(Operation, ErrorCode), u64>,
    iterators: SortedMap<ShardIteratorType, u64>,
    /// GetRecords answers of the learner without a record.
    empty_reads: u64,
    last_put: Option<(ShardId, SequenceNumber)>,
    /// The newest command that changed something, and how many there were.
    changed: Option<u64>,
    changes: u64,
    /// Subscriptions of registered consumers, by stream and consumer.
    subscriptions: SortedMap<(Arc<str>, Arc<str>), u64>,
    tally: Tally,
    /// Kinesis records that each program stored, by second, oldest first.
    stored: SortedMap<ActorId, VecDeque<(u64, u64)>>,
    /// Records that each program worked on again, by second, oldest first.
    again: SortedMap<ActorId, VecDeque<(u64, u64)>>,
    /// How far the learner has read each shard by hand, also in the setup.
    read_to: SortedMap<(Arc<str>, ShardId), u64>,
    /// What the learner's readings brought, were brought twice, and went past, by stream.
    by_hand: SortedMap<Arc<str>, ByHand>,
    first_change: Option<Instant>,
    orders: Orders,
}

/// What reading a stream by hand brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct ByHand {
    pub(crate) seen: u64,
    pub(crate) again: u64,
    pub(crate) missed: u64,
}

/// Seconds of which it is known what a program did.
const PROGRAM_SECONDS_MAX: usize = 300;

/// Adds to the count of the running second.
fn add(seconds: &mut VecDeque<(u64, u64)>, second: u64, count: u64) {
    match seconds.back_mut() {
        Some((last, known)) if *last == second => *known += count,
        _ => seconds.push_back((second, count)),
    }
    if seconds.len() > PROGRAM_SECONDS_MAX {
        seconds.pop_front();
    }
}

impl Memory {
    pub(crate) fn calls(&self, operation: Operation) -> u64 {
        self.calls.get(&operation).copied().unwrap_or(0)
    }

    pub(crate) fn all_calls(&self) -> u64 {
        self.calls.values().sum()
    }

    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// Iterators of a kind that were asked for.
    pub(crate) fn iterators(&self, kind: ShardIteratorType) -> u64 {
        self.iterators.get(&kind).copied().unwrap_or(0)
    }

    pub(crate) fn empty_reads(&self) -> u64 {
        self.empty_reads
    }

    pub(crate) fn errors(&self, operation: Operation, code: Option<ErrorCode>) -> u64 {
        let wanted =
            self.errors.iter().filter(|((op, c), _)| *op == operation && code.is_none_or(|code| code == *c));
        wanted.map(|(_, count)| count).sum()
    }

    pub(crate) fn last_put(&self) -> Option<(ShardId, SequenceNumber)> {
        self.last_put
    }

    /// How often a consumer subscribed to a shard of a stream.
    pub(crate) fn subscriptions(&self, stream: &str, consumer: &str) -> u64 {
        self.subscriptions.get(&(stream.into(), consumer.into())).copied().unwrap_or(0)
    }

    /// Kinesis records that a program stored in the last whole seconds.
    pub(crate) fn stored_by(&self, program: ActorId, now: Instant, seconds: u64) -> u64 {
        let known = self.stored.get(&program).into_iter().flatten();
        let recent =
            known.filter(|(second, _)| *second < now.seconds() && *second + seconds >= now.seconds());
        recent.map(|(_, count)| count).sum()
    }

    /// Records that a program worked on again in the last seconds, the running one included.
    pub(crate) fn again_by(&self, program: ActorId, now: Instant, seconds: u64) -> u64 {
        let known = self.again.get(&program).into_iter().flatten().rev();
        known.take_while(|(second, _)| *second + seconds > now.seconds()).map(|(_, count)| count).sum()
    }

    pub(crate) fn by_hand(&self, stream: &str) -> ByHand {
        self.by_hand.get(stream).copied().unwrap_or_default()
    }

    /// Over all streams.
    pub(crate) fn all_by_hand(&self) -> ByHand {
        self.by_hand.iter().fold(ByHand::default(), |sum, (_, one)| ByHand {
            seen: sum.seen + one.seen,
            again: sum.again + one.again,
            missed: sum.missed + one.missed,
        })
    }

    pub(crate) fn orders(&self) -> &Orders {
        &self.orders
    }

    /// When the learner first changed something.
    pub(crate) fn first_change(&self) -> Option<Instant> {
        self.first_change
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Takes note of what a reading by hand brought.
    pub(crate) fn note_reading(&mut self, fact: &StampedFact) {
        let (Cause::Command(_), Fact::Service(kinesis::Fact::RecordsRead { stream, shard, count, next, .. })) =
            (&fact.cause, &fact.fact)
        else {
            return;
        };
        let count = u64::from(*count);
        let first = next.saturating_sub(count);
        let place = (stream.clone(), *shard);
        let read_to = self.read_to.get(&place).copied();
        let by_hand = self.by_hand.or_insert_with(stream.clone(), Default::default);
        by_hand.seen += count;
        if let Some(read_to) = read_to {
            by_hand.again += (read_to + 1).min(*next).saturating_sub(first);
            by_hand.missed += first.saturating_sub(read_to + 1);
        }
        let last = next.saturating_sub(1).max(read_to.unwrap_or(0));
        self.read_to.insert(place, last);
    }

    pub(crate) fn note(&mut self, world: &World, fact: &StampedFact) {
        if let Fact::Service(service) = &fact.fact {
            self.tally.note(fact.at, service);
            if let kinesis::Fact::Subscribed { stream, consumer, .. } = service {
                let key = (stream.clone(), consumer.clone());
                *self.subscriptions.or_insert_with(key, Default::default) += 1;
            }
            if let (kinesis::Fact::RecordsAppended { count, .. }, Cause::Actor(program)) =
                (service, fact.cause)
            {
                let seconds = self.stored.or_insert_with(program, VecDeque::new);
                add(seconds, fact.at.seconds(), u64::from(*count));
            }
        }
        if let Fact::RecordsProcessed { actor, again, .. } = &fact.fact
            && *again > 0
        {
            let seconds = self.again.or_insert_with(*actor, VecDeque::new);
            add(seconds, fact.at.seconds(), u64::from(*again));
        }
        // What is done to programs is the learner's doing, also where the program tells it.
        if !matches!(fact.cause, Cause::Command(_))
            && matches!(
                fact.fact,
                Fact::ActorStarted { .. }
                    | Fact::ActorStopped { .. }
                    | Fact::ProducerChanged { .. }
                    | Fact::WorkerCrashed { .. }
                    | Fact::WorkerPaused { .. }
                    | Fact::WorkerRestarted { .. }
                    | Fact::MappingStateChanged {
                        state: MappingState::Updating
                            | MappingState::Enabling
                            | MappingState::Disabling
                            | MappingState::Deleting,
                        ..
                    }
            )
        {
            self.changes += 1;
            self.first_change.get_or_insert(fact.at);
        }
        self.note_reading(fact);
        let Cause::Command(number) = fact.cause else { return };
        match &fact.fact {
            Fact::CallAnswered { operation, error, .. } => {
                *self.calls.or_insert_with(*operation, Default::default) += 1;
                if let Some(code) = error {
                    *self.errors.or_insert_with((*operation, *code), Default::default) += 1;
                }
                if !operation.is_read_only() {
                    self.note_change(number, fact.at);
                }
            }
            Fact::Service(kinesis::Fact::IteratorIssued { kind, .. }) => {
                *self.iterators.or_insert_with(*kind, Default::default) += 1;
            }
            Fact::Service(kinesis::Fact::RecordsRead { count: 0, .. }) => self.empty_reads += 1,
            Fact::Service(kinesis::Fact::RecordsAppended { stream, shard, last_index, .. }) => {
                self.last_put = sequence_number(world, stream, *shard, *last_index, fact.at);
            }
            Fact::Service(_) | Fact::Answered { .. } => {}
            _ => self.note_change(number, fact.at),
        }
    }

    fn note_change(&mut self, command: u64, at: Instant) {
        self.first_change.get_or_insert(at);
        if self.changed != Some(command) {
            self.changed = Some(command);
            self.changes += 1;
        }
    }
}

fn sequence_number(
    world: &World,
    stream: &str,
    shard: ShardId,
    index: u64,
    at: Instant,
) -> Option<(ShardId, SequenceNumber)> {
    let found = world.service().stream(stream)?.shard(shard)?;
    Some((shard, found.sequence_number(index, at)))
}
