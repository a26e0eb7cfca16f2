//! Commands to KCL applications and their workers.

use kinesis::{Duration, LimitsProfile, ShardId};

use crate::RetrievalMode;
use crate::actor::{Input, Program};
use crate::actors::kcl_worker::KclWorker;
use crate::history::Refusal;
use crate::world::World;
use crate::{
    ActorId, ActorState, Application, ApplicationChange, ApplicationSpec, Balancing, Fact, KclVersion,
    Outcome, TableCapacity, WorkerAction, WorkerHost,
};

impl World {
    /// A second start under the same name is a second deployment: its workers share the table, and with it the leases.
    pub(super) fn start_application(&mut self, spec: &ApplicationSpec) -> Result<Outcome, Refusal> {
        let version = spec.version.unwrap_or(match self.limits_profile() {
            LimitsProfile::Exam | LimitsProfile::StudyNotes => KclVersion::Two,
            LimitsProfile::AwsToday => KclVersion::Three,
        });
        let mut spec = spec.clone();
        // Who does not say the version does not say its pause either.
        if spec.version.is_none() && spec.idle_between_reads == KclVersion::Two.idle_between_reads() {
            spec.idle_between_reads = version.idle_between_reads();
        }
        let spec = &spec;
        let is_there = self.applications.contains_key(&spec.name);
        if !is_there {
            self.check_new_name(&spec.name)?;
        }
        if spec.workers == 0 || spec.workers > ApplicationSpec::WORKERS_MAX {
            return Err(Refusal::new(format!(
                "an application starts with 1 to {} workers",
                ApplicationSpec::WORKERS_MAX
            )));
        }
        check_settings(spec)?;
        check_version(spec, version)?;
        self.check_room(spec.workers as usize)?;
        match self.applications.get(&spec.name) {
            None => {
                self.applications.insert(spec.name.clone(), Application::new(spec.clone(), version));
            }
            Some(application) => check_same_table(application, spec, version)?,
        }
        for _ in 0..spec.workers {
            self.add_worker(&spec.name)?;
        }
        Ok(Outcome::Done)
    }

    pub(super) fn change_application(&mut self, change: &ApplicationChange) -> Result<Outcome, Refusal> {
        let application = self.find_application(&change.name)?;
        let spec = change.apply(&application.spec);
        check_settings(&spec)?;
        check_version(&spec, application.version)?;
        let workers = application.workers.clone();
        for id in workers {
            if let Some(actor) = self.actors.get_mut(id)
                && let Program::KclWorker(worker) = &mut actor.program
            {
                worker.spec = spec.clone();
            }
        }
        if let Some(application) = self.applications.get_mut(&change.name) {
            application.spec = spec;
        }
        let fact = Fact::ApplicationChanged { application: change.name.clone() };
        self.record(self.cause(), vec![fact]);
        Ok(Outcome::Done)
    }

    pub(super) fn set_worker_host(
        &mut self,
        application: &str,
        worker: &str,
        vcpus: Option<u32>,
        other_load: Option<u32>,
    ) -> Result<Outcome, Refusal> {
        if self.find_application(application)?.version != KclVersion::Three {
            return Err(Refusal::new(
                "workers of KCL 1 and 2 take no notice of their host: that begins with KCL 3",
            ));
        }
        if vcpus.is_some_and(|vcpus| vcpus == 0 || vcpus > Balancing::VCPUS_MAX) {
            return Err(Refusal::new(format!("a host has 1 to {} vCPUs", Balancing::VCPUS_MAX)));
        }
        if other_load.is_some_and(|percent| percent > 100) {
            return Err(Refusal::new("others use 0 to 100 percent of a host's CPU"));
        }
        let id = self.find_worker(application, worker)?;
        let mut changed = None;
        self.with_actor(id, |actor, ctx| {
            if let Program::KclWorker(worker) = &mut actor.program {
                let host = WorkerHost {
                    vcpus: vcpus.unwrap_or(worker.host.vcpus),
                    other_load: other_load.unwrap_or(worker.host.other_load),
                };
                worker.change_host(ctx.now, host);
                changed = Some(host);
            }
        });
        let fact = changed.map(|host| Fact::WorkerHostChanged { worker: id, host });
        self.record(self.cause(), fact.into_iter().collect());
        Ok(Outcome::Done)
    }

    fn find_worker(&self, application: &str, worker: &str) -> Result<ActorId, Refusal> {
        let mut workers = self.find_application(application)?.workers.iter().copied();
        let is_it = |id: &ActorId| self.worker(*id).is_some_and(|(_, it)| it.name == worker);
        workers.find(is_it).ok_or_else(|| Refusal::new(format!("{application} has no worker {worker}")))
    }

    pub(super) fn delete_lease(&mut self, application: &str, lease: &str) -> Result<Outcome, Refusal> {
        self.find_table(application)?;
        let has_deleted =
            self.applications.get_mut(application).is_some_and(|app| app.table.delete_by_hand(lease));
        if !has_deleted {
            return Err(Refusal::new(format!("lease table {application} has no item {lease}")));
        }
        let fact = Fact::LeaseDeletedByHand { application: application.to_owned(), lease: lease.to_owned() };
        self.record(self.cause(), vec![fact]);
        Ok(Outcome::Done)
    }

    pub(super) fn delete_lease_table(&mut self, application: &str) -> Result<Outcome, Refusal> {
        self.find_table(application)?;
        if let Some(app) = self.applications.get_mut(application) {
            app.table.delete();
        }
        let fact = Fact::LeaseTableDeleted { application: application.to_owned() };
        self.record(self.cause(), vec![fact]);
        Ok(Outcome::Done)
    }

    pub(super) fn set_table_capacity(
        &mut self,
        application: &str,
        capacity: TableCapacity,
    ) -> Result<Outcome, Refusal> {
        self.find_table(application)?;
        if let TableCapacity::Provisioned { read, write } = capacity
            && [read, write].iter().any(|units| *units == 0 || *units > TableCapacity::UNITS_MAX)
        {
            return Err(Refusal::new(format!(
                "a table has 1 to {} read and write units a second",
                TableCapacity::UNITS_MAX
            )));
        }
        let now = self.now;
        if let Some(app) = self.applications.get_mut(application) {
            app.table.set_capacity(capacity, now);
        }
        let fact = Fact::TableCapacityChanged { application: application.to_owned(), capacity };
        self.record(self.cause(), vec![fact]);
        Ok(Outcome::Done)
    }

    fn find_table(&self, application: &str) -> Result<(), Refusal> {
        match self.find_application(application)?.table.exists() {
            true => Ok(()),
            false => Err(Refusal::new(format!("there is no lease table {application}"))),
        }
    }

    pub(super) fn add_worker(&mut self, name: &str) -> Result<Outcome, Refusal> {
        self.check_room(1)?;
        let application = self.find_application(name)?;
        let worker_name = format!("w{}", application.workers.len() + 1);
        if application.workers.len() >= ApplicationSpec::WORKERS_MAX as usize {
            return Err(Refusal::new(format!(
                "an application has at most {} workers",
                ApplicationSpec::WORKERS_MAX
            )));
        }
        let (spec, version) = (application.spec.clone(), application.version);
        let id = self.actors.next_id();
        if let Some(application) = self.applications.get_mut(name) {
            application.workers.push(id);
        }
        let profile = self.limits_profile();
        let host = WorkerHost::new(&spec.balancing);
        self.start(Program::KclWorker(KclWorker::new(spec, version, worker_name, host, profile, self.now)))
    }

    pub(super) fn act_on_worker(
        &mut self,
        application: &str,
        worker: &str,
        action: WorkerAction,
    ) -> Result<Outcome, Refusal> {
        let id = self.find_worker(application, worker)?;
        let state = self.actors.get(id).map_or(ActorState::Stopped, |actor| actor.state);
        let is_right_state = match action {
            WorkerAction::Crash => matches!(state, ActorState::Running | ActorState::Paused),
            WorkerAction::Pause | WorkerAction::Stop => state == ActorState::Running,
            WorkerAction::Resume => state == ActorState::Paused,
            WorkerAction::Restart => matches!(state, ActorState::Stopped | ActorState::Crashed),
        };
        if !is_right_state {
            let state = format!("{state:?}").to_lowercase();
            let wanted = match action {
                WorkerAction::Crash => "running or paused",
                WorkerAction::Pause | WorkerAction::Stop => "running",
                WorkerAction::Resume => "paused",
                WorkerAction::Restart => "stopped or crashed",
            };
            return Err(Refusal::new(format!(
                "{application}/{worker} is {state}: the action needs one that is {wanted}"
            )));
        }
        let cause = self.cause();
        match action {
            WorkerAction::Crash => {
                let was_running = state == ActorState::Running;
                self.interrupt_worker(id, was_running);
                let now = self.now;
                let shards = self.shards_read_by(id);
                if let Some(application) = self.applications.get_mut(application) {
                    application.crashed(now, shards.into_iter());
                }
                self.set_state(id, ActorState::Crashed);
                self.close_subscriptions(id);
                self.record(cause, vec![Fact::WorkerCrashed { worker: id }]);
            }
            WorkerAction::Pause => {
                self.interrupt_worker(id, true);
                self.set_state(id, ActorState::Paused);
                self.record(cause, vec![Fact::WorkerPaused { worker: id }]);
            }
            WorkerAction::Resume => {
                self.record(cause, vec![Fact::WorkerResumed { worker: id }]);
                self.set_state(id, ActorState::Running);
                self.with_actor(id, |actor, ctx| {
                    if let Program::KclWorker(worker) = &mut actor.program {
                        worker.go_on(ctx);
                    }
                });
                let inbox = self.actors.get_mut(id).map(|actor| std::mem::take(&mut actor.inbox));
                for (link, input) in inbox.unwrap_or_default() {
                    self.link = link;
                    self.deliver(id, input);
                }
                self.wake_now(id);
            }
            WorkerAction::Restart => {
                let (now, profile) = (self.now, self.limits_profile());
                let Application { spec, version, .. } = self.find_application(application)?;
                let (spec, version) = (spec.clone(), *version);
                if let Some(actor) = self.actors.get_mut(id)
                    && let Program::KclWorker(worker) = &actor.program
                {
                    let fresh = KclWorker::new(spec, version, worker.name.clone(), worker.host, profile, now);
                    actor.program = Program::KclWorker(fresh);
                    actor.life += 1;
                    actor.inbox.clear();
                }
                self.record(cause, vec![Fact::WorkerRestarted { worker: id }]);
                self.set_state(id, ActorState::Running);
                self.wake_now(id);
            }
            WorkerAction::Stop => self.with_actor(id, |actor, ctx| {
                if let Program::KclWorker(worker) = &mut actor.program {
                    worker.stop(ctx);
                }
                actor.handle(ctx, Input::Wake);
            }),
        }
        Ok(Outcome::Done)
    }

    /// Counts what the worker's processors have done up to now.
    fn interrupt_worker(&mut self, id: ActorId, is_running: bool) {
        if is_running {
            self.with_actor(id, |actor, ctx| {
                if let Program::KclWorker(worker) = &mut actor.program {
                    worker.interrupt(ctx);
                }
            });
        }
    }

    /// Shards that nobody reads if this worker does not.
    fn shards_read_by(&self, id: ActorId) -> Vec<ShardId> {
        let Some((_, worker)) = self.worker(id) else { return Vec::new() };
        let table = self.applications.get(&worker.spec.name).map(|application| &application.table);
        let is_own =
            |lease: &crate::Lease| lease.actual_owner() == Some(worker.name.as_str()) && !lease.is_done();
        table.into_iter().flat_map(crate::LeaseTable::leases).filter(|l| is_own(l)).map(|l| l.shard).collect()
    }

    pub(super) fn find_application(&self, name: &str) -> Result<&Application, Refusal> {
        self.applications.get(name).ok_or_else(|| Refusal::new(format!("there is no KCL application {name}")))
    }
}

/// Two applications of one name have one lease table between them.
fn check_same_table(
    application: &Application,
    spec: &ApplicationSpec,
    version: KclVersion,
) -> Result<(), Refusal> {
    let name = &spec.name;
    if application.spec.stream != spec.stream {
        return Err(Refusal::new(format!(
            "the lease table {name} belongs to an application that reads {}: both would take the checkpoints of the \
             other's shards for their own, so give this one another name",
            application.spec.stream
        )));
    }
    let as_it_was = ApplicationSpec {
        workers: application.spec.workers,
        version: application.spec.version,
        ..spec.clone()
    };
    if as_it_was != application.spec || version != application.version {
        return Err(Refusal::new(format!(
            "{name} runs with other settings: start more workers with the same, or change them with kcl change"
        )));
    }
    Ok(())
}

/// Refuses settings that this version of the library does not have.
fn check_version(spec: &ApplicationSpec, version: KclVersion) -> Result<(), Refusal> {
    if version == KclVersion::One && spec.retrieval == RetrievalMode::FanOut {
        return Err(Refusal::new("KCL 1 reads by GetRecords only: enhanced fan-out needs KCL 2"));
    }
    if version != KclVersion::Three && spec.balancing != Balancing::default() {
        return Err(Refusal::new(format!(
            "in KCL {} every worker takes leases by their number: a leader that goes by load, and leases that are handed \
             over, need --version 3",
            version.number()
        )));
    }
    if version == KclVersion::Three && spec.max_leases_to_steal != 1 {
        return Err(Refusal::new(
            "workers of KCL 3 steal no leases, their leader assigns them: maxLeasesToStealAtOneTime is for KCL 1 and 2",
        ));
    }
    Ok(())
}

/// Refuses what the library's configuration refuses, and what a sandbox cannot simulate well.
fn check_settings(spec: &ApplicationSpec) -> Result<(), Refusal> {
    let balancing = &spec.balancing;
    for (what, value, least) in [
        ("failoverTimeMillis", spec.failover, 1_000),
        ("shardSyncIntervalMillis", spec.shard_sync_interval, 1_000),
        ("parentShardPollIntervalMillis", spec.parent_shard_poll_interval, 100),
        ("idleTimeBetweenReadsInMillis", spec.idle_between_reads, 200),
        ("taskBackoffTimeMillis", spec.task_backoff, 1),
        ("the checkpoint interval in milliseconds", spec.checkpoint_interval, 100),
        (
            "leaseAssignmentIntervalMillis",
            balancing.lease_assignment_interval.unwrap_or(Duration::from_seconds(20)),
            1_000,
        ),
        ("workerMetricsReporterFreqInMillis", balancing.worker_metrics_reporter_freq, 1_000),
        ("gracefulLeaseHandoffTimeoutMillis", balancing.hand_off_timeout, 0),
    ] {
        if value.millis() < least || value.seconds() > 3_600 || value.micros() % 1_000 != 0 {
            return Err(Refusal::new(format!("{what} is a whole number from {least} to 3600000")));
        }
    }
    for (what, value, least, most) in [
        ("maxRecords", spec.max_records, 1, 10_000),
        ("maxLeasesToStealAtOneTime", spec.max_leases_to_steal, 1, ApplicationSpec::LEASES_MAX),
        ("maxLeasesForWorker", spec.max_leases_for_worker.unwrap_or(1), 1, ApplicationSpec::LEASES_MAX),
        ("the processing rate", spec.processing_rate, 0, ApplicationSpec::PROCESSING_RATE_MAX),
        ("reBalanceThresholdPercentage", balancing.re_balance_threshold, 0, 100),
        ("dampeningPercentage", balancing.dampening, 1, 100),
        ("varianceBalancingFrequency", balancing.variance_balancing_frequency, 1, Balancing::FREQUENCY_MAX),
        (
            "maxThroughputPerHostKBps",
            balancing.max_throughput_per_host.unwrap_or(1),
            1,
            Balancing::THROUGHPUT_MAX,
        ),
        ("the CPU time for a record in microseconds", balancing.cpu_per_record, 0, Balancing::CPU_MICROS_MAX),
        ("the CPU time for a KB in microseconds", balancing.cpu_per_kb, 0, Balancing::CPU_MICROS_MAX),
        ("the number of vCPUs", balancing.vcpus, 1, Balancing::VCPUS_MAX),
    ] {
        if value < least || value > most {
            return Err(Refusal::new(format!("{what} is {least} to {most}")));
        }
    }
    Ok(())
}
