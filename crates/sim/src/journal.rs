//! The facts, in order, bounded; copies of a world share them.
//!
//! The newest facts are kept whole. Older ones are kept by how often they come, so that "why?" finds its way at ten
//! thousand records a second: each class has a ring of its own, and what comes in masses is kept as one fact for each
//! run.

mod ring;
mod runs;

use crate::{Fact, StampedFact};
use ring::Ring;
pub(crate) use runs::OpenRuns;

/// How long a fact is kept beyond the newest ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    /// Comes with each call: kept as runs.
    Bulk,
    /// Lives of programs, streams, shards and consumers; settings, policies, faults.
    Status,
    Lease,
    /// Refusals and what programs do about them: kept as runs.
    Refusal,
}

/// The newest facts, whatever they are.
const FACTS_MAX: usize = 10_000;
/// Older facts of each class, runs counted as one.
const BULK_RUNS_MAX: usize = 8_192;
const STATUS_FACTS_MAX: usize = 8_192;
const LEASE_FACTS_MAX: usize = 8_192;
const REFUSAL_RUNS_MAX: usize = 4_096;

/// The newest facts, and older runs, in a copy that is kept to go back to.
const FACTS_OF_COPY_MAX: usize = 2_048;
const RUNS_OF_COPY_MAX: usize = 512;

/// The facts of a world.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    newest: Ring,
    bulk: Ring,
    status: Ring,
    lease: Ring,
    refusal: Ring,
    /// Number of facts ever recorded; the next fact gets it as its number.
    recorded: u64,
}

impl Default for Journal {
    fn default() -> Journal {
        Journal {
            newest: Ring::new(FACTS_MAX),
            bulk: Ring::new(BULK_RUNS_MAX),
            status: Ring::new(STATUS_FACTS_MAX),
            lease: Ring::new(LEASE_FACTS_MAX),
            refusal: Ring::new(REFUSAL_RUNS_MAX),
            recorded: 0,
        }
    }
}

impl Journal {
    pub(crate) fn push(&mut self, fact: StampedFact) {
        self.recorded = fact.number + 1;
        let Some(old) = self.newest.push(fact) else { return };
        for fact in old.iter() {
            let (ring, is_run) = match class(&fact.fact) {
                Class::Bulk => (&mut self.bulk, true),
                Class::Refusal => (&mut self.refusal, true),
                Class::Status => (&mut self.status, false),
                Class::Lease => (&mut self.lease, false),
            };
            if is_run && fact.run != fact.number {
                if let Some(head) = ring.get_mut(fact.run) {
                    runs::extend(&mut head.fact, &fact.fact);
                }
            } else {
                // What leaves this ring is forgotten.
                ring.push(fact.clone());
            }
        }
    }

    /// Lets go of most of what comes in masses: copies of a world that are kept to go back to need not remember as much
    /// as the world itself, and would share nothing of it with each other.
    pub(crate) fn trim(&mut self) {
        self.newest.trim(FACTS_OF_COPY_MAX);
        self.bulk.trim(RUNS_OF_COPY_MAX);
        self.refusal.trim(RUNS_OF_COPY_MAX);
    }

    /// About how many bytes of a trimmed journal are not shared with copies before and after it.
    pub(crate) fn own_bytes(&self) -> u64 {
        let newest = self.newest.len().min(FACTS_OF_COPY_MAX);
        let runs = self.bulk.len().min(RUNS_OF_COPY_MAX) + self.refusal.len().min(RUNS_OF_COPY_MAX);
        (newest + runs) as u64 * size_of::<StampedFact>() as u64
    }

    pub(crate) fn recorded(&self) -> u64 {
        self.recorded
    }

    /// Number of the oldest of the newest facts.
    pub(crate) fn first(&self) -> u64 {
        self.newest.first().unwrap_or(self.recorded)
    }

    /// Facts from `number` on that are still among the newest.
    pub(crate) fn since(&self, number: u64) -> impl DoubleEndedIterator<Item = &StampedFact> {
        self.newest.since(number)
    }

    /// All that is kept, newest first; an older run is one fact, its first.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &StampedFact> {
        // Of each class what comes next, and what comes then.
        let mut classes = [&self.status, &self.lease, &self.bulk, &self.refusal].map(|ring| {
            let mut facts = ring.since(0).rev();
            (facts.next(), facts)
        });
        let older = std::iter::from_fn(move || {
            let (next, facts) = classes.iter_mut().max_by_key(|(next, _)| next.map(|fact| fact.number))?;
            std::mem::replace(next, facts.next())
        });
        self.newest.since(0).rev().chain(older)
    }

    /// A fact that is still kept; of an older run its first fact, which stands for all of it.
    pub(crate) fn get(&self, number: u64) -> Option<&StampedFact> {
        if number >= self.first() {
            return self.newest.get(number);
        }
        [&self.status, &self.lease, &self.bulk, &self.refusal].into_iter().find_map(|ring| ring.get(number))
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // A fact counts as rare until somebody says that it comes often.
fn class(fact: &Fact) -> Class {
    use kinesis::Fact as Service;
    match fact {
        Fact::Service(fact) => match fact {
            Service::RecordsAppended { .. }
            | Service::RecordsRead { .. }
            | Service::EventPushed { .. }
            | Service::IteratorIssued { .. } => Class::Bulk,
            Service::WriteThrottled { .. } | Service::ReadThrottled { .. } => Class::Refusal,
            _ => Class::Status,
        },
        Fact::CallAnswered { error: None, failed: 0, .. }
        | Fact::RecordsProcessed { .. }
        | Fact::LogFileFollowed { .. }
        | Fact::RecordsSkipped { .. }
        | Fact::RecordsTruncated { .. }
        | Fact::EmptyListProcessed { .. } => Class::Bulk,
        Fact::CallAnswered { .. } | Fact::RetryScheduled { .. } | Fact::RecordsLost { .. } => Class::Refusal,
        Fact::LeaseTableCreated { .. }
        | Fact::LeaseCreated { .. }
        | Fact::LeaseTaken { .. }
        | Fact::LeaseWriteRefused { .. }
        | Fact::LeaseLost { .. }
        | Fact::LeaseReleased { .. }
        | Fact::LeaseDeleted { .. }
        | Fact::LeaseAssigned { .. }
        | Fact::HandOffBegan { .. }
        | Fact::LeaseHandedOver { .. }
        | Fact::Checkpointed { .. } => Class::Lease,
        _ => Class::Status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cause, Origin, Root, Rule};
    use kinesis::{Instant, ShardId};

    fn stamped(number: u64, run: u64, fact: Fact) -> StampedFact {
        StampedFact {
            number,
            at: Instant::from_micros(number),
            cause: Cause::Schedule,
            rule: Rule::AskedFor,
            origin: Origin::Schedule,
            root: Root::Schedule,
            also: None,
            run,
            fact,
        }
    }

    fn answered(number: u64) -> Fact {
        Fact::Answered { name: number.to_string(), value: String::new() }
    }

    fn appended(index: u64) -> Fact {
        let (stream, shard) = ("orders".into(), ShardId(0));
        let (count, bytes) = (1, 100);
        let fact = kinesis::Fact::RecordsAppended {
            stream,
            shard,
            count,
            bytes,
            first_index: index,
            last_index: index,
        };
        Fact::Service(fact)
    }

    #[test]
    fn old_facts_go_and_the_numbering_stays() {
        let mut journal = Journal::default();
        for number in 0..25_000 {
            journal.push(stamped(number, number, answered(number)));
        }
        let kept: Vec<u64> = journal.since(0).map(|fact| fact.number).collect();
        assert_eq!(kept.last(), Some(&24_999));
        assert_eq!(kept.first(), Some(&journal.first()));
        assert!(kept.len() >= 10_000 && kept.len() < 10_600, "{}", kept.len());
        assert!(kept.windows(2).all(|pair| pair[0] + 1 == pair[1]));
        assert_eq!(journal.since(24_998).count(), 2);
        assert_eq!(journal.since(25_000).count(), 0);
        assert_eq!(journal.since(99_999).count(), 0);
    }

    #[test]
    fn rare_facts_outlive_a_flood_and_a_run_stands_for_its_records() {
        let mut journal = Journal::default();
        journal.push(stamped(0, 0, answered(0)));
        for number in 1..=30_000 {
            journal.push(stamped(number, 1, appended(number)));
        }
        assert_eq!(journal.get(0).map(|fact| &fact.fact), Some(&answered(0)));
        let Some(Fact::Service(kinesis::Fact::RecordsAppended {
            count, bytes, first_index, last_index, ..
        })) = journal.get(1).map(|fact| &fact.fact)
        else {
            panic!("the run is kept")
        };
        let gone = journal.first() - 1;
        assert_eq!(u64::from(*count), gone);
        assert_eq!((*bytes, *first_index, *last_index), (gone * 100, 1, gone));
        assert_eq!(journal.get(2), None, "it is part of the run");
        assert!(journal.get(30_000).is_some());
    }
}
