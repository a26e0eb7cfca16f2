//! What the time bar shows of the past: marks of what happened, and who owned each lease when.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
    /// The learner wants to come back here.
    Bookmark,
}

impl MarkKind {
    /// The kinds that can be jumped to.
    pub(crate) const ALL: [MarkKind; 4] =
        [MarkKind::Command, MarkKind::Throttle, MarkKind::Lease, MarkKind::Bookmark];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            MarkKind::Command => "Commands",
            MarkKind::Throttle => "Refusals",
            MarkKind::Lease => "Leases",
            MarkKind::Bookmark => "Bookmarks",
        }
    }
}

/// A conditional write to a lease table, or what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LeaseWrite {
    pub at_ms: u64,
    pub application: String,
    pub lease: String,
    pub worker: String,
    pub outcome: WriteOutcome,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum WriteOutcome {
    /// The counter was as expected: the worker owns the lease from now on.
    Took {
        from: Option<String>,
        counter: u64,
    },
    /// Somebody else had changed the counter.
    Refused,
    /// The worker learnt that it is not the owner any more.
    Lost,
    Released,
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
    /// The newest writes to lease tables, oldest first.
    writes: VecDeque<LeaseWrite>,
}

const MARKS_MAX: usize = 20_000;
/// Writes to lease tables that are kept.
const WRITES_MAX: usize = 200;
/// Changes of owner that are kept for each lease.
const OWNERS_MAX: usize = 500;

impl Marks {
    /// Takes in what happened since the last call.
    pub(crate) fn read(&mut self, world: &World) {
        // After a journey back the world counts from an earlier fact on.
        self.next_fact = self.next_fact.min(world.fact_count());
        for stamped in world.facts_since(self.next_fact) {
            let at = stamped.at.millis();
            self.writes.extend(lease_write(world, &stamped.fact, at));
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
        while self.writes.len() > WRITES_MAX {
            self.writes.pop_front();
        }
    }

    /// The writes to an application's lease table up to an instant, the newest first.
    pub(crate) fn writes(&self, application: &str, until_ms: u64) -> impl Iterator<Item = &LeaseWrite> {
        let writes = self.writes.iter().rev();
        writes.filter(move |write| write.application == application && write.at_ms <= until_ms)
    }

    /// The bookmarks of a session that was opened.
    pub(crate) fn set_bookmarks(&mut self, bookmarks: &[kinesis::Instant]) {
        self.marks.extend(bookmarks.iter().map(|at| (at.millis(), MarkKind::Bookmark)));
    }

    /// Sets a bookmark, or takes it away.
    pub(crate) fn toggle_bookmark(&mut self, at: u64) -> bool {
        let mark = (at, MarkKind::Bookmark);
        let is_set = !self.marks.remove(&mark);
        if is_set {
            self.marks.insert(mark);
        }
        is_set
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
        self.writes.retain(|write| write.at_ms <= at);
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

fn lease_write(world: &World, fact: &Fact, at_ms: u64) -> Option<LeaseWrite> {
    let (application, lease, worker, outcome) = match fact {
        Fact::LeaseTaken { application, lease, worker, from, counter } => {
            (application, lease, worker, WriteOutcome::Took { from: from.clone(), counter: *counter })
        }
        Fact::LeaseWriteRefused { application, lease, worker } => {
            (application, lease, worker, WriteOutcome::Refused)
        }
        Fact::LeaseLost { application, lease, worker } => (application, lease, worker, WriteOutcome::Lost),
        Fact::LeaseReleased { application, lease, worker } => {
            (application, lease, worker, WriteOutcome::Released)
        }
        _ => return None,
    };
    let worker = world.worker(*worker).map(|(_, worker)| worker.name.clone()).unwrap_or_default();
    Some(LeaseWrite { at_ms, application: application.clone(), lease: lease.clone(), worker, outcome })
}

/// Whether a learner would call it a change: what "step" stops at.
pub(crate) fn is_change(fact: &Fact) -> bool {
    match fact {
        Fact::Service(ServiceFact::RecordsRead { count, .. }) => *count > 0,
        Fact::CallAnswered { .. } | Fact::RecordsProcessed { .. } | Fact::RetryScheduled { .. } => false,
        _ => true,
    }
}
