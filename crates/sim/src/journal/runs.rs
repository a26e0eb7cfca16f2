//! Runs: facts of one kind that one program brought about at one shard in one virtual second.

use kinesis::{Fact as Service, Instant, SortedMap, StreamName};

use crate::{ActorId, Cause, Fact};

/// The runs of the present second.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenRuns {
    second: u64,
    heads: SortedMap<RunKey, Head>,
}

/// Who, which kind, and at which shard or in which operation.
type RunKey = (ActorId, u8, u32);

#[derive(Clone, Debug)]
struct Head {
    /// Number of the run's first fact.
    number: u64,
    stream: Option<StreamName>,
}

/// Runs of one second; what comes beyond stands alone.
const RUNS_MAX: usize = 2_048;

impl OpenRuns {
    /// The number of the run that a fact belongs to: its own where it begins one.
    pub(crate) fn run_of(&mut self, at: Instant, cause: Cause, number: u64, fact: &Fact) -> u64 {
        let Some((actor, kind, place, stream)) = key_of(cause, fact) else { return number };
        if self.second != at.seconds() {
            self.second = at.seconds();
            self.heads = SortedMap::new();
        }
        let key = (actor, kind, place);
        match self.heads.get_mut(&key) {
            Some(head) if head.stream.as_ref() == stream => head.number,
            Some(head) => {
                *head = Head { number, stream: stream.cloned() };
                number
            }
            None => {
                if self.heads.len() < RUNS_MAX {
                    self.heads.insert(key, Head { number, stream: stream.cloned() });
                }
                number
            }
        }
    }
}

/// What tells runs apart; none for facts that stand alone, as all do that a learner brings about.
#[allow(clippy::wildcard_enum_match_arm)] // Most facts stand alone.
fn key_of(cause: Cause, fact: &Fact) -> Option<(ActorId, u8, u32, Option<&StreamName>)> {
    let Cause::Actor(by) = cause else { return push_key(fact) };
    let (kind, place, stream) = match fact {
        Fact::Service(Service::RecordsAppended { stream, shard, .. }) => (0, shard.0, Some(stream)),
        Fact::Service(Service::WriteThrottled { stream, shard, limit, .. }) => {
            (1 + *limit as u8, shard.0, Some(stream))
        }
        Fact::Service(Service::RecordsRead { stream, shard, .. }) => (3, shard.0, Some(stream)),
        Fact::Service(Service::ReadThrottled { stream, shard, limit }) => {
            (4 + *limit as u8, shard.0, Some(stream))
        }
        Fact::RecordsProcessed { stream, shard, .. } => (8, shard.0, Some(stream)),
        Fact::CallAnswered { operation, error: None, failed: 0 } => (9, *operation as u32, None),
        Fact::CallAnswered { operation, error: None, .. } => (10, *operation as u32, None),
        Fact::RetryScheduled { .. } => (11, 0, None),
        // 12 is what subscriptions push.
        Fact::EmptyListProcessed { stream, shard, .. } => (13, shard.0, Some(stream)),
        _ => return None,
    };
    Some((by, kind, place, stream))
}

/// What the service pushes has no program behind it: a subscription is as good.
#[allow(clippy::wildcard_enum_match_arm)] // Most facts stand alone.
fn push_key(fact: &Fact) -> Option<(ActorId, u8, u32, Option<&StreamName>)> {
    match fact {
        Fact::Service(Service::EventPushed { stream, subscription, .. }) => {
            Some((ActorId(u32::MAX), 12, u32::try_from(*subscription).ok()?, Some(stream)))
        }
        _ => None,
    }
}

/// Adds a fact to the run that `head` stands for.
#[allow(clippy::wildcard_enum_match_arm)] // Most facts stand alone.
pub(super) fn extend(head: &mut Fact, more: &Fact) {
    match (head, more) {
        (
            Fact::Service(Service::RecordsAppended { count, bytes, last_index, .. }),
            Fact::Service(Service::RecordsAppended { count: c, bytes: b, last_index: last, .. }),
        ) => {
            *count = count.saturating_add(*c);
            *bytes += b;
            *last_index = *last;
        }
        (
            Fact::Service(Service::WriteThrottled { count, bytes, .. }),
            Fact::Service(Service::WriteThrottled { count: c, bytes: b, .. }),
        ) => {
            *count = count.saturating_add(*c);
            *bytes += b;
        }
        (Fact::EmptyListProcessed { count, .. }, Fact::EmptyListProcessed { count: c, .. }) => {
            *count = count.saturating_add(*c);
        }
        (
            Fact::Service(Service::RecordsRead { count, bytes, next, millis_behind, .. }),
            Fact::Service(Service::RecordsRead {
                count: c, bytes: b, next: n, millis_behind: behind, ..
            }),
        )
        | (
            Fact::Service(Service::EventPushed { count, bytes, next, millis_behind, .. }),
            Fact::Service(Service::EventPushed {
                count: c, bytes: b, next: n, millis_behind: behind, ..
            }),
        ) => {
            *count = count.saturating_add(*c);
            *bytes += b;
            *next = *n;
            *millis_behind = *behind;
        }
        (Fact::RecordsProcessed { count, again, .. }, Fact::RecordsProcessed { count: c, again: a, .. }) => {
            *count = count.saturating_add(*c);
            *again = again.saturating_add(*a);
        }
        (Fact::CallAnswered { failed, .. }, Fact::CallAnswered { failed: f, .. }) => {
            *failed = failed.saturating_add(*f);
        }
        (Fact::RetryScheduled { count, until, .. }, Fact::RetryScheduled { count: c, until: u, .. }) => {
            *count = count.saturating_add(*c);
            *until = (*until).max(*u);
        }
        _ => {}
    }
}
