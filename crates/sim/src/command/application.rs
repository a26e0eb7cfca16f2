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
    /// Absent: what the limits profile is about, 2 for exams and study notes.
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
        }
    }
}

/// A major version of the Kinesis Client Library.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KclVersion {
    /// Reads by GetRecords only; its lease table has 10 read and 10 write units.
    One,
    /// Reads by GetRecords or enhanced fan-out.
    Two,
}

impl KclVersion {
    pub const ALL: [KclVersion; 2] = [KclVersion::One, KclVersion::Two];

    pub const fn number(self) -> &'static str {
        match self {
            KclVersion::One => "1",
            KclVersion::Two => "2",
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
