//! A KCL application as a whole: its lease table, how far it has really come, and what went wrong with it.

use kinesis::{Duration, Instant, SequenceNumber, ShardId, SortedMap};

use crate::{
    ActorId, ActorState, ApplicationSpec, Checkpoint, CoordinatorStateTable, Fact, KclVersion, Lease,
    LeaseTable, ProcessorKind, WorkerMetricsTable, World,
};

/// A KCL application: its lease table and how far it has really come.
#[derive(Clone, Debug)]
pub struct Application {
    pub spec: ApplicationSpec,
    pub version: KclVersion,
    pub table: LeaseTable,
    /// KCL 3 only, as the next one.
    pub worker_metrics: WorkerMetricsTable,
    pub coordinator_state: CoordinatorStateTable,
    pub workers: Vec<ActorId>,
    /// What some worker processed of each shard: what duplicates and gaps are measured by.
    pub progress: SortedMap<ShardId, ShardProgress>,
    /// Records processed by all workers that ever were, each as often as it was.
    pub records: u64,
    /// Of these, records that were processed before.
    pub again: u64,
    /// Of these, records whose effect was had twice, because the processor did not know them again.
    pub processed_twice: u64,
    /// Records that the application went past without processing them.
    pub missed: u64,
    /// Aggregated records that came to a shard to which some of their user records do not belong.
    pub thrown_away: u64,
    /// Calls of record processors with no records.
    pub empty_lists: u64,
    /// Leases that were handed over, and those of them whose batch was not finished in time.
    pub hand_overs: u64,
    pub forced_hand_overs: u64,
    /// Workers that died.
    pub crashes: u64,
    /// Value of `again` at the last crash.
    again_before_crash: u64,
    /// Shards that a worker read until it died and that nobody reads yet, with the time of its death.
    unread: SortedMap<ShardId, Instant>,
    /// The longest that a shard went unread after the last crash, of those that are read again.
    gap: Duration,
}

/// What an application processed of a shard.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ShardProgress {
    /// The last record that some worker processed, and the place of the user record within it.
    pub last: Option<SequenceNumber>,
    pub last_sub: u64,
    /// Index of the record before the first that the application has to process; none until one came.
    pub base: Option<u64>,
}

/// What some records were to an application.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Passed {
    /// User records.
    pub(crate) count: u64,
    /// Of these, records processed before.
    pub(crate) again: u64,
    /// Kinesis records that lie between what was processed before and these.
    pub(crate) missed: u64,
    /// Aggregated records of which nothing is processed.
    pub(crate) thrown_away: u64,
}

impl ShardProgress {
    /// Index of the last record that was processed; before the first one, of the record before that.
    pub fn index(&self) -> u64 {
        self.last.map_or(self.base.unwrap_or(0), |last| last.index)
    }

    /// Some worker processes the user records `from..to` of a record; none of them where it throws the record away.
    pub(crate) fn pass(&mut self, number: SequenceNumber, from: u64, to: u64) -> Passed {
        let base = *self.base.get_or_insert(number.index.saturating_sub(1));
        let count = to.saturating_sub(from);
        let (again, missed) = match self.last {
            Some(last) if number < last => (count, 0),
            Some(last) if number == last => ((self.last_sub + 1).min(to).saturating_sub(from), 0),
            // A stream that was made anew under the same name begins to count anew.
            Some(last) if last.shard_created == number.shard_created => (0, number.index - last.index - 1),
            Some(_) => (0, 0),
            None => (0, number.index.saturating_sub(base + 1)),
        };
        let sub = to.saturating_sub(1);
        if self.last.is_none_or(|last| (last, self.last_sub) < (number, sub)) {
            self.last = Some(number);
            self.last_sub = sub;
        }
        Passed { count, again, missed, thrown_away: u64::from(count == 0) }
    }
}

impl std::ops::AddAssign for Passed {
    fn add_assign(&mut self, other: Passed) {
        self.count += other.count;
        self.again += other.again;
        self.missed += other.missed;
        self.thrown_away += other.thrown_away;
    }
}

impl Application {
    pub(crate) fn new(spec: ApplicationSpec, version: KclVersion) -> Application {
        Application {
            spec,
            version,
            table: LeaseTable::default(),
            worker_metrics: WorkerMetricsTable::default(),
            coordinator_state: CoordinatorStateTable::default(),
            workers: Vec::new(),
            progress: SortedMap::new(),
            records: 0,
            again: 0,
            processed_twice: 0,
            missed: 0,
            thrown_away: 0,
            empty_lists: 0,
            hand_overs: 0,
            forced_hand_overs: 0,
            crashes: 0,
            again_before_crash: 0,
            unread: SortedMap::new(),
            gap: Duration::ZERO,
        }
    }

    /// One of its workers did something.
    pub(crate) fn count(&mut self, fact: &Fact) {
        if let Fact::RecordsProcessed { count, again, .. } = fact {
            self.records += u64::from(*count);
            self.again += u64::from(*again);
            if self.spec.processor == ProcessorKind::Plain {
                self.processed_twice += u64::from(*again);
            }
        } else if let Fact::RecordsMissed { count, .. } = fact {
            self.missed += count;
        } else if let Fact::BatchSkipped { count, .. } = fact {
            self.missed += u64::from(*count);
        } else if let Fact::AggregatesThrownAway { count, .. } = fact {
            self.thrown_away += count;
        } else if let Fact::EmptyListProcessed { count, .. } = fact {
            self.empty_lists += u64::from(*count);
        }
    }

    /// A worker died that read these shards.
    pub(crate) fn crashed(&mut self, now: Instant, shards: impl Iterator<Item = ShardId>) {
        self.crashes += 1;
        self.again_before_crash = self.again;
        self.gap = Duration::ZERO;
        for shard in shards {
            self.unread.or_insert_with(shard, || now);
        }
    }

    /// A worker reads the shard from now on.
    pub(crate) fn began(&mut self, now: Instant, shard: ShardId) {
        if let Some(since) = self.unread.remove(&shard) {
            self.gap = self.gap.max(now.since(since));
        }
    }

    /// Workers that run.
    pub fn running_workers(&self, world: &World) -> u64 {
        self.running(world).count() as u64
    }

    /// Names of the workers that run.
    fn running<'w>(&'w self, world: &'w World) -> impl Iterator<Item = &'w str> {
        let workers = self.workers.iter().filter_map(|id| world.worker(*id));
        workers.filter(|(state, _)| *state == ActorState::Running).map(|(_, worker)| worker.name.as_str())
    }

    /// Workers that run and own no lease of a shard that is not done.
    pub fn idle_workers(&self, world: &World) -> u64 {
        self.running(world).filter(|worker| self.leases_of(worker) == 0).count() as u64
    }

    /// Leases that stand in a worker's name, those of finished shards not counted.
    pub fn leases_of(&self, worker: &str) -> u64 {
        self.unfinished().filter(|lease| lease.lease_owner.as_deref() == Some(worker)).count() as u64
    }

    fn unfinished(&self) -> impl Iterator<Item = &Lease> {
        self.table.leases().filter(|lease| !lease.is_done())
    }

    /// The worker that holds the leader's lock, as far as the table knows; none where nobody does.
    pub fn leader(&self) -> Option<&str> {
        let lock = self.coordinator_state.leader().filter(|lock| !lock.is_released)?;
        Some(lock.owner_name.as_str())
    }

    /// In whose name the shard's lease stands.
    pub fn owner(&self, shard: ShardId) -> Option<&str> {
        self.table.lease(&shard.to_string())?.lease_owner.as_deref()
    }

    /// Records processed and not covered by a checkpoint, over all shards: what a crash of all workers would bring
    /// again.
    pub fn checkpoint_lag(&self) -> u64 {
        let lag = |lease: &Lease| {
            let Some(progress) = self.progress.get(&lease.shard) else { return 0 };
            let covered = match lease.checkpoint {
                Checkpoint::Record(number) => number.index,
                Checkpoint::TrimHorizon | Checkpoint::Latest | Checkpoint::AtTimestamp(_) => {
                    progress.base.unwrap_or(0)
                }
                Checkpoint::ShardEnd => progress.index(),
            };
            progress.index().saturating_sub(covered)
        };
        self.table.leases().map(lag).sum()
    }

    /// Records processed again since the last worker died.
    pub fn again_since_crash(&self) -> u64 {
        self.again - self.again_before_crash
    }

    /// The longest that a shard went unread after the last crash; it grows while one still is.
    pub fn gap(&self, now: Instant) -> Duration {
        let open = self.unread.values().map(|since| now.since(*since));
        open.fold(self.gap, Duration::max)
    }

    /// Age of the oldest record that is still to be processed, over all shards with a lease.
    pub fn behind(&self, world: &World) -> Duration {
        let Some(stream) = world.service().stream(&self.spec.stream) else { return Duration::ZERO };
        let now = world.now();
        let waits = |lease: &Lease| {
            let shard = stream.shard(lease.shard)?;
            let next = match (self.progress.get(&lease.shard), lease.checkpoint) {
                (Some(progress), _) if progress.last.is_some() => progress.index() + 1,
                (_, Checkpoint::Record(number)) => number.index + 1,
                (_, Checkpoint::AtTimestamp(at)) => shard.log.first_at(at),
                (_, Checkpoint::Latest | Checkpoint::ShardEnd) => return None,
                (_, Checkpoint::TrimHorizon) => 1,
            };
            let next = next.max(shard.first_retained(stream.trim_horizon(now)));
            shard.log.read_from(next).next().map(|record| now.since(record.arrival))
        };
        self.unfinished().filter_map(waits).max().unwrap_or(Duration::ZERO)
    }

    /// Whether every closed shard that has a lease is processed to its end.
    pub fn parents_done(&self, world: &World) -> bool {
        let stream = world.service().stream(&self.spec.stream);
        let is_open = |lease: &Lease| {
            stream.and_then(|stream| stream.shard(lease.shard)).is_some_and(kinesis::Shard::is_open)
        };
        self.unfinished().all(is_open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(index: u64) -> SequenceNumber {
        SequenceNumber { shard_created: 1, index, recorded: 2, shard: ShardId(0) }
    }

    fn passed(count: u64, again: u64, missed: u64) -> Passed {
        Passed { count, again, missed, thrown_away: 0 }
    }

    #[test]
    fn an_aggregate_that_is_thrown_away_is_not_missed() {
        let mut progress = ShardProgress::default();
        assert_eq!(progress.pass(number(1), 0, 1), passed(1, 0, 0));
        assert_eq!(progress.pass(number(2), 0, 0), Passed { thrown_away: 1, ..passed(0, 0, 0) });
        assert_eq!(progress.pass(number(3), 0, 1), passed(1, 0, 0));
    }

    #[test]
    fn records_are_counted_as_new_again_or_missed() {
        let mut progress = ShardProgress::default();
        assert_eq!(
            progress.pass(number(5), 0, 1),
            passed(1, 0, 0),
            "where it begins is for the position to say"
        );
        assert_eq!(progress.pass(number(6), 0, 1), passed(1, 0, 0));
        assert_eq!(progress.pass(number(5), 0, 1), passed(1, 1, 0));
        assert_eq!(progress.pass(number(9), 0, 1), passed(1, 0, 2));
        assert_eq!(progress.index(), 9);
    }

    #[test]
    fn user_records_of_one_aggregate_are_told_apart() {
        let mut progress = ShardProgress::default();
        assert_eq!(progress.pass(number(1), 0, 3), passed(3, 0, 0));
        assert_eq!(progress.pass(number(1), 0, 10), passed(10, 3, 0));
        assert_eq!(progress.pass(number(1), 4, 10), passed(6, 6, 0));
        assert_eq!((progress.index(), progress.last_sub), (1, 9));
    }

    #[test]
    fn a_child_is_missed_from_its_first_record_on() {
        let mut progress = ShardProgress { base: Some(0), ..ShardProgress::default() };
        assert_eq!(progress.pass(number(4), 0, 1), passed(1, 0, 3));
    }
}
