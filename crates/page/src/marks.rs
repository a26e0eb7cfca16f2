//! What the time bar shows of the past: marks of what happened, and who owned each lease when.

use std::collections::{BTreeMap, BTreeSet};

use kinesis::Fact as ServiceFact;
use sim::{Fact, World};

/// A kind of mark; each has a shape of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum MarkKind {
    Command,
    /// Something was refused for lack of throughput.
    Throttle,
    /// A lease changed hands.
    Lease,
}

/// Who owns a lease from an instant (in ms) on.
pub(crate) type Owners = BTreeMap<u64, Option<String>>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    next_fact: u64,
    /// In milliseconds; refusals once a second.
    marks: BTreeSet<(u64, MarkKind)>,
    /// By application and lease.
    owners: BTreeMap<(String, String), Owners>,
}

const MARKS_MAX: usize = 20_000;
/// Changes of owner that are kept for each lease.
const OWNERS_MAX: usize = 500;

impl Marks {
    /// Takes in what happened since the last call.
    pub(crate) fn read(&mut self, world: &World) {
        // After a journey back the world counts from an earlier fact on.
        self.next_fact = self.next_fact.min(world.fact_count());
        for stamped in world.facts_since(self.next_fact) {
            let at = stamped.at.millis();
            match &stamped.fact {
                Fact::Service(ServiceFact::WriteThrottled { .. } | ServiceFact::ReadThrottled { .. }) => {
                    self.marks.insert((at / 1_000 * 1_000, MarkKind::Throttle));
                }
                Fact::LeaseTaken { application, lease, worker, .. } => {
                    self.marks.insert((at, MarkKind::Lease));
                    let name = world.worker(*worker).map(|(_, worker)| worker.name.clone());
                    self.set_owner(application, lease, at, name);
                }
                Fact::LeaseReleased { application, lease, .. }
                | Fact::LeaseDeleted { application, lease } => {
                    self.marks.insert((at, MarkKind::Lease));
                    self.set_owner(application, lease, at, None);
                }
                _ => {}
            }
        }
        self.next_fact = world.fact_count();
        while self.marks.len() > MARKS_MAX {
            self.marks.pop_first();
        }
    }

    fn set_owner(&mut self, application: &str, lease: &str, at: u64, owner: Option<String>) {
        let owners = self.owners.entry((application.to_owned(), lease.to_owned())).or_default();
        owners.insert(at, owner);
        if owners.len() > OWNERS_MAX {
            owners.pop_first();
        }
    }

    /// Forgets what lies after `at`: it was undone, or another command takes its place.
    pub(crate) fn cut_after(&mut self, at: u64) {
        self.marks.split_off(&(at + 1, MarkKind::Command));
        for owners in self.owners.values_mut() {
            owners.split_off(&(at + 1));
        }
    }

    pub(crate) fn of_kind(&self, kind: MarkKind) -> impl DoubleEndedIterator<Item = u64> {
        self.marks.iter().filter(move |(_, of)| *of == kind).map(|(at, _)| *at)
    }

    pub(crate) fn owners(&self, application: &str, lease: &str) -> Option<&Owners> {
        self.owners.get(&(application.to_owned(), lease.to_owned()))
    }
}

/// Whether a learner would call it a change: what "step" stops at.
pub(crate) fn is_change(fact: &Fact) -> bool {
    match fact {
        Fact::Service(ServiceFact::RecordsRead { count, .. }) => *count > 0,
        Fact::CallAnswered { .. } | Fact::RecordsProcessed { .. } | Fact::RetryScheduled { .. } => false,
        _ => true,
    }
}
