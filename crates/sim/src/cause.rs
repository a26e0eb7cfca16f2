//! Why things happen: who acted, what led to it, and by which rule.
//!
//! Each fact names one earlier fact that led to it (or the command, or the service's own timetable) and the rule; where
//! a second fact had a part in it, that one too. Messages carry the link along, so that a program need not do
//! anything: what it does while it handles an answer follows from that answer, what it does when it wakes follows from
//! the last command that was about it. Chains end after at most [`Link::DEPTH_MAX`] facts: a program whose every step
//! follows from the one before is linked to its own schedule again from there on.

use crate::{ActorId, Fact};

/// Who did something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// The learner's command with this number, counted from 0.
    Command(u64),
    Actor(ActorId),
    /// A change that the service had under way.
    Schedule,
}

/// What something follows from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Origin {
    /// The learner's command with this number, counted from 0.
    Command(u64),
    /// The fact, or the run of facts, with this number.
    Fact(u64),
    /// The service's own timetable.
    Schedule,
}

/// Where a chain of causes ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Root {
    /// The learner's command with this number, counted from 0.
    Command(u64),
    /// The service's own timetable.
    Schedule,
}

/// By which rule something follows from something else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rule {
    /// A command asked for it.
    AskedFor,
    /// A program does what it does, at its own pace.
    OwnSchedule,
    /// A program goes on with the answer to its call.
    Answered,
    /// The call was answered.
    Served,
    RecordsPerSecond,
    BytesPerSecond,
    ReadCallsPerSecond,
    ReadBytesPerSecond,
    IteratorCallsPerSecond,
    /// The service works on a change for a while.
    ChangeUnderWay,
    RetentionPassed,
    Pushed,
    SubscriptionOver,
    RetryPolicy,
    NothingRetries,
    LeaseFree,
    LeaseExpired,
    LeaseBalanced,
    CounterChanged,
    /// A worker could not renew a lease for the fail-over time, by its own clock.
    NotRenewed,
    /// The library lets only the holder of a lease checkpoint.
    NotHeld,
    TableCapacity,
    /// An aggregated record holds a user record of another shard.
    ForeignRecord,
    /// The position from which a shard is read lies behind records that were not processed.
    PositionSkips,
    ShardFinished,
    /// What an event source mapping does with a batch that its function failed on.
    MappingSettings,
    /// A fault that is on.
    FaultOn,
    FaultOver,
    /// Nothing came back in time.
    NoAnswer,
    /// The leader of a KCL 3 application evens the load of its workers out.
    LoadBalanced,
    /// The leader's lock is free, or has not been renewed for its lease duration.
    LockFree,
    LockExpired,
    /// The leader put a lease into the worker's name.
    LeaseAssigned,
    /// The leader asked for a lease to be handed over.
    HandOffAsked,
    /// A hand-over took longer than its time-out.
    HandOffTimedOut,
    /// The leader could not do its work three times in a row.
    AssignmentFailed,
}

/// What is to come follows from this. Goes with each message and each wake.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Link {
    pub(crate) origin: Origin,
    /// Where the chain ends.
    pub(crate) root: Root,
    pub(crate) rule: Rule,
    /// Facts between here and the end of the chain.
    pub(crate) depth: u8,
}

impl Link {
    /// Facts that a chain has at most.
    pub(crate) const DEPTH_MAX: u8 = 24;

    pub(crate) const SCHEDULE: Link =
        Link { origin: Origin::Schedule, root: Root::Schedule, rule: Rule::ChangeUnderWay, depth: 0 };

    pub(crate) fn command(number: u64) -> Link {
        let (origin, root) = (Origin::Command(number), Root::Command(number));
        Link { origin, root, rule: Rule::AskedFor, depth: 0 }
    }

    /// From the fact, or run of facts, with this number, which follows from `self`.
    pub(crate) fn fact(self, number: u64) -> Link {
        let (origin, depth) = (Origin::Fact(number), self.depth.saturating_add(1));
        Link { origin, depth, rule: Rule::Answered, ..self }
    }

    pub(crate) fn by(self, rule: Rule) -> Link {
        Link { rule, ..self }
    }

    pub(crate) fn is_long(self) -> bool {
        self.depth >= Link::DEPTH_MAX
    }
}

impl Rule {
    /// The rule that a fact names by being what it is; none where it is as its link says.
    #[allow(clippy::wildcard_enum_match_arm)] // Most facts are as their link says.
    pub(crate) fn of(fact: &Fact) -> Option<Rule> {
        use kinesis::{Fact as Service, ReadLimit, WriteLimit};
        match fact {
            Fact::Service(Service::WriteThrottled { limit, .. }) => Some(match limit {
                WriteLimit::Records => Rule::RecordsPerSecond,
                WriteLimit::Bytes => Rule::BytesPerSecond,
            }),
            Fact::Service(Service::ReadThrottled { limit, .. }) => Some(match limit {
                ReadLimit::Calls => Rule::ReadCallsPerSecond,
                ReadLimit::Bytes => Rule::ReadBytesPerSecond,
                ReadLimit::Iterators => Rule::IteratorCallsPerSecond,
            }),
            Fact::Service(Service::ShardExpired { .. }) => Some(Rule::RetentionPassed),
            Fact::Service(Service::EventPushed { .. }) => Some(Rule::Pushed),
            Fact::Service(Service::SubscriptionEnded { .. }) => Some(Rule::SubscriptionOver),
            Fact::CallAnswered { .. } => Some(Rule::Served),
            Fact::RetryScheduled { .. } => Some(Rule::RetryPolicy),
            Fact::RecordsLost { .. } => Some(Rule::NothingRetries),
            Fact::BatchRetried { .. } | Fact::BatchBisected { .. } | Fact::RecordsDiscarded { .. } => {
                Some(Rule::MappingSettings)
            }
            Fact::LeaseWriteRefused { .. } => Some(Rule::CounterChanged),
            Fact::CheckpointRefused { .. } => Some(Rule::NotHeld),
            Fact::LeaseTableThrottled { .. } => Some(Rule::TableCapacity),
            Fact::AggregatesThrownAway { .. } => Some(Rule::ForeignRecord),
            Fact::RecordsMissed { .. } => Some(Rule::PositionSkips),
            Fact::LeaseDeleted { .. } => Some(Rule::ShardFinished),
            Fact::MessageLost { .. } | Fact::SignatureRefused { .. } => Some(Rule::FaultOn),
            _ => None,
        }
    }
}
