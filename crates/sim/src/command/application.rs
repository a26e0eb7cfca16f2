//! What can be asked of KCL applications.

use kinesis::Duration;

use super::StartingPosition;

/// A KCL application: workers that share the shards of a stream through a lease table. Fields that are parameters of
/// the library say so; the rest describes the record processor, which the application's author writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApplicationSpec {
    /// Also the name of the lease table in DynamoDB.
    pub name: String,
    pub stream: String,
    /// Workers at the start, named `w1`, `w2` ….
    pub workers: u32,
    /// `initialPositionInStream`: used for shards without a lease only.
    pub from: StartingPosition,
    /// Absent: what the limits profile is about, 2 for exams and study notes, 3 for AWS today.
    pub version: Option<KclVersion>,
    pub retrieval: RetrievalMode,
    /// `failoverTimeMillis`: a lease whose counter has not changed for so long counts as expired.
    pub failover: Duration,
    /// `maxLeasesForWorker`; no bound where absent.
    pub max_leases_for_worker: Option<u32>,
    /// `maxLeasesToStealAtOneTime`.
    pub max_leases_to_steal: u32,
    /// `shardSyncIntervalMillis`.
    pub shard_sync_interval: Duration,
    /// `parentShardPollIntervalMillis`: how often a child's consumer looks whether its parents are processed.
    pub parent_shard_poll_interval: Duration,
    /// `maxRecords` of a GetRecords call.
    pub max_records: u32,
    /// `idleTimeBetweenReadsInMillis`.
    pub idle_between_reads: Duration,
    /// `callProcessRecordsEvenForEmptyRecordList`.
    pub calls_for_empty_lists: bool,
    /// `taskBackoffTimeMillis`: the pause after a task that failed.
    pub task_backoff: Duration,
    /// How often the record processor checkpoints.
    pub checkpoint_interval: Duration,
    /// Records that the processor of a shard works off in a second; 0 where it is as fast as they come.
    pub processing_rate: u32,
    pub processor: ProcessorKind,
    /// How a leader shares the leases out (KCL 3).
    pub balancing: Balancing,
}

impl ApplicationSpec {
    pub const WORKERS_MAX: u32 = 100;
    pub const PROCESSING_RATE_MAX: u32 = 1_000_000;
    pub const LEASES_MAX: u32 = 10_000;

    /// Documented: the defaults of `LeaseManagementConfig`, `CoordinatorConfig`, `PollingConfig` and
    /// `LifecycleConfig`. Two are the sandbox's own: a real application begins at LATEST and, from KCL 2 on, reads by
    /// enhanced fan-out unless it says otherwise.
    pub fn new(name: impl Into<String>, stream: impl Into<String>) -> ApplicationSpec {
        ApplicationSpec {
            name: name.into(),
            stream: stream.into(),
            workers: 1,
            from: StartingPosition::TrimHorizon,
            version: None,
            retrieval: RetrievalMode::Polling,
            failover: Duration::from_seconds(10),
            max_leases_for_worker: None,
            max_leases_to_steal: 1,
            shard_sync_interval: Duration::from_seconds(60),
            parent_shard_poll_interval: Duration::from_seconds(10),
            max_records: 10_000,
            idle_between_reads: Duration::from_seconds(1),
            calls_for_empty_lists: false,
            task_backoff: Duration::from_millis(500),
            checkpoint_interval: Duration::from_seconds(10),
            processing_rate: 0,
            processor: ProcessorKind::Plain,
            balancing: Balancing::default(),
        }
    }

    /// `leaseAssignmentIntervalMillis`: how often the leader assigns leases. Documented: twice the fail-over time
    /// unless it is given.
    pub fn lease_assignment_interval(&self) -> Duration {
        self.balancing.lease_assignment_interval.unwrap_or_else(|| self.failover.times(2))
    }
}

/// How the leader of a KCL 3 application shares its leases out, and what stands for the load of its workers here.
///
/// Documented: the defaults of `WorkerUtilizationAwareAssignmentConfig` and `GracefulLeaseHandoffConfig`; the guide to
/// KCL 3 says 80 for the dampening, its source 60.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Balancing {
    /// `leaseAssignmentIntervalMillis`; twice the fail-over time where absent.
    pub lease_assignment_interval: Option<Duration>,
    /// `reBalanceThresholdPercentage`: by how much a worker's load may differ from the average.
    pub re_balance_threshold: u32,
    /// `dampeningPercentage`: how much of what is too much is moved at a time.
    pub dampening: u32,
    /// `allowThroughputOvershoot`: whether one lease is moved where each is more than what is to be moved.
    pub allows_throughput_overshoot: bool,
    /// `maxThroughputPerHostKBps`: a worker with more gets no lease; no bound where absent.
    pub max_throughput_per_host: Option<u32>,
    /// `varianceBalancingFrequency`: in every so-manieth run of the leader load is moved.
    pub variance_balancing_frequency: u32,
    /// `workerMetricsReporterFreqInMillis`.
    pub worker_metrics_reporter_freq: Duration,
    /// `disableWorkerMetrics`: the leader goes by throughput instead of CPU.
    pub disables_worker_metrics: bool,
    /// `isGracefulLeaseHandoffEnabled`: who loses a lease writes its progress first.
    pub hands_off_gracefully: bool,
    /// `gracefulLeaseHandoffTimeoutMillis`.
    pub hand_off_timeout: Duration,
    /// CPU time that the record processor takes for a record, in microseconds.
    pub cpu_per_record: u32,
    /// CPU time that it takes for a KB, in microseconds.
    pub cpu_per_kb: u32,
    /// CPUs of the host of a worker, where nothing else is said of that worker.
    pub vcpus: u32,
}

impl Balancing {
    pub const VCPUS_MAX: u32 = 192;
    /// A second.
    pub const CPU_MICROS_MAX: u32 = 1_000_000;
    pub const FREQUENCY_MAX: u32 = 1_000;
    pub const THROUGHPUT_MAX: u32 = 10_000_000;
}

impl Default for Balancing {
    fn default() -> Balancing {
        Balancing {
            lease_assignment_interval: None,
            re_balance_threshold: 10,
            dampening: 60,
            allows_throughput_overshoot: true,
            max_throughput_per_host: None,
            variance_balancing_frequency: 3,
            worker_metrics_reporter_freq: Duration::from_seconds(30),
            disables_worker_metrics: false,
            hands_off_gracefully: true,
            hand_off_timeout: Duration::from_seconds(30),
            cpu_per_record: 500,
            cpu_per_kb: 50,
            vcpus: 2,
        }
    }
}

/// The host of a worker.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WorkerHost {
    pub vcpus: u32,
    /// Percent of its CPU that others use.
    ///
    /// Assumed: a host is never quite idle, so 1 unless a command says otherwise.
    pub other_load: u32,
}

impl WorkerHost {
    pub(crate) fn new(balancing: &Balancing) -> WorkerHost {
        WorkerHost { vcpus: balancing.vcpus, other_load: 1 }
    }
}

/// A major version of the Kinesis Client Library.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KclVersion {
    /// Reads by GetRecords only; its lease table has 10 read and 10 write units.
    One,
    /// Reads by GetRecords or enhanced fan-out.
    Two,
    /// A leader assigns the leases by load, and who loses one hands it over.
    Three,
}

impl KclVersion {
    pub const ALL: [KclVersion; 3] = [KclVersion::One, KclVersion::Two, KclVersion::Three];

    pub const fn number(self) -> &'static str {
        match self {
            KclVersion::One => "1",
            KclVersion::Two => "2",
            KclVersion::Three => "3",
        }
    }

    /// `idleTimeBetweenReadsInMillis` where nothing is said of it. Documented: 1,500 ms from KCL 3 on.
    pub const fn idle_between_reads(self) -> Duration {
        match self {
            KclVersion::One | KclVersion::Two => Duration::from_seconds(1),
            KclVersion::Three => Duration::from_millis(1_500),
        }
    }
}

/// How an application gets its records.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RetrievalMode {
    /// GetRecords, which shares the shard's two megabytes a second with all others who poll.
    Polling,
    /// SubscribeToShard by enhanced fan-out: two megabytes a second of its own from each shard (KCL 2 and later).
    FanOut,
}

/// What the record processor does with a record that comes for the second time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProcessorKind {
    /// Does its work again: what it adds up is wrong afterwards.
    Plain,
    /// Knows it by its sequence number, kept together with its result, and leaves it out.
    Idempotent,
}

/// New settings of an application; what is `None` stays. Running workers go on with them and keep their leases.
///
/// Simplified: a real deployment restarts the workers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ApplicationChange {
    pub name: String,
    /// Used for shards that get a lease from now on.
    pub from: Option<StartingPosition>,
    pub failover: Option<Duration>,
    pub max_leases_for_worker: Option<u32>,
    pub max_leases_to_steal: Option<u32>,
    pub max_records: Option<u32>,
    pub idle_between_reads: Option<Duration>,
    pub checkpoint_interval: Option<Duration>,
    pub processing_rate: Option<u32>,
    pub processor: Option<ProcessorKind>,
    pub re_balance_threshold: Option<u32>,
    pub dampening: Option<u32>,
    pub max_throughput_per_host: Option<u32>,
    pub hands_off_gracefully: Option<bool>,
    pub hand_off_timeout: Option<Duration>,
    pub cpu_per_record: Option<u32>,
    pub cpu_per_kb: Option<u32>,
}

impl ApplicationChange {
    /// The settings with the change.
    pub(crate) fn apply(&self, old: &ApplicationSpec) -> ApplicationSpec {
        ApplicationSpec {
            from: self.from.unwrap_or(old.from),
            failover: self.failover.unwrap_or(old.failover),
            max_leases_for_worker: self.max_leases_for_worker.or(old.max_leases_for_worker),
            max_leases_to_steal: self.max_leases_to_steal.unwrap_or(old.max_leases_to_steal),
            max_records: self.max_records.unwrap_or(old.max_records),
            idle_between_reads: self.idle_between_reads.unwrap_or(old.idle_between_reads),
            checkpoint_interval: self.checkpoint_interval.unwrap_or(old.checkpoint_interval),
            processing_rate: self.processing_rate.unwrap_or(old.processing_rate),
            processor: self.processor.unwrap_or(old.processor),
            balancing: self.apply_to_balancing(&old.balancing),
            ..old.clone()
        }
    }

    fn apply_to_balancing(&self, old: &Balancing) -> Balancing {
        Balancing {
            re_balance_threshold: self.re_balance_threshold.unwrap_or(old.re_balance_threshold),
            dampening: self.dampening.unwrap_or(old.dampening),
            max_throughput_per_host: self.max_throughput_per_host.or(old.max_throughput_per_host),
            hands_off_gracefully: self.hands_off_gracefully.unwrap_or(old.hands_off_gracefully),
            hand_off_timeout: self.hand_off_timeout.unwrap_or(old.hand_off_timeout),
            cpu_per_record: self.cpu_per_record.unwrap_or(old.cpu_per_record),
            cpu_per_kb: self.cpu_per_kb.unwrap_or(old.cpu_per_kb),
            ..old.clone()
        }
    }
}

/// What can be done to a KCL worker.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum WorkerAction {
    /// The process dies: nothing is written any more, its leases stay in its name until they expire.
    Crash,
    /// The process stands still (a long garbage collection) and believes afterwards that it still owns its leases.
    Pause,
    /// Ends a pause.
    Resume,
    /// Starts the process again after a crash or a stop, under the same worker id.
    Restart,
    /// Graceful shutdown: checkpoints and gives its leases back.
    Stop,
}
