//! What happened in the world, with its time and its cause.

use std::hash::{Hash, Hasher};

use kinesis::{Duration, ErrorCode, Instant, KeyState, Operation, ShardId, StreamName, apart};

use crate::cause::{Cause, Origin, Root, Rule};
use crate::{
    AccountFact, ActorId, Checkpoint, DeliveryStreamStatus, DmsStatus, FaultEnd, FaultSpec, FlinkStatus,
    MappingState, S3Error, Subnet, TableCapacity, WorkerHost,
};

/// Why a producer gave a record up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LostReason {
    /// Refused, and the policy is not to try again.
    NoRetry,
    /// Refused as often as the producer tries.
    AttemptsUsedUp,
    /// Refused with an error that trying again does not cure.
    Error(ErrorCode),
    /// The retry queue was full.
    QueueFull,
    /// The producer was stopped while records waited to be sent again.
    Stopped,
    /// Not answered in time, and the policy is not to try again. It may be stored all the same.
    TimedOut,
    /// Refused inside a PutRecords answer, which the SDK does not try again by itself.
    NotRetriedBySdk,
    /// The SDK's quota of retries was used up.
    RetryQuota,
    /// Older than RecordTtl and not put yet.
    Expired,
    /// Refused for throughput while FailIfThrottled is on.
    FailIfThrottled,
    /// The producer died before it learnt that they were stored.
    Crashed,
    /// Their file went away before the agent had read it.
    FileGone,
    /// Not sent when the agent ended, and before its checkpoint.
    BehindCheckpoint,
    /// Written while the agent did not run, which had no checkpoint.
    NoCheckpoint,
}

/// What a program asked of whom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CallKind {
    Kinesis(Operation),
    LeaseTable,
    Invoke,
    PutObject,
    SendMessage,
    ListObjects,
    GetObject,
}

/// What became of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FunctionChange {
    Created,
    Updated,
    Deleted,
}

/// How an invocation ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum InvocationEnd {
    Succeeded,
    /// Returned, and named failed records.
    PartlyFailed,
    Threw,
    TimedOut,
    /// Not invoked: so many ran already.
    Throttled,
    FunctionNotFound,
}

impl InvocationEnd {
    pub fn words(self) -> &'static str {
        match self {
            InvocationEnd::Succeeded => "succeeded",
            InvocationEnd::PartlyFailed => "reported failed records",
            InvocationEnd::Threw => "threw",
            InvocationEnd::TimedOut => "timed out",
            InvocationEnd::Throttled => "was throttled",
            InvocationEnd::FunctionNotFound => "found no function",
        }
    }
}

/// Why a mapping gave records up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DiscardReason {
    RetryAttemptsExhausted,
    RecordAgeExceeded,
    /// One record alone is more than an invocation takes.
    PayloadTooLarge,
}

impl DiscardReason {
    /// `condition` of the message to the on-failure destination. Observed: the first one; the others are assumed.
    pub fn condition(self) -> &'static str {
        match self {
            DiscardReason::RetryAttemptsExhausted => "RetryAttemptsExhausted",
            DiscardReason::RecordAgeExceeded => "RecordAgeExceeded",
            DiscardReason::PayloadTooLarge => "PayloadSizeExceeded",
        }
    }
}

/// One thing that happened in the world.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Fact {
    Service(kinesis::Fact),
    /// The answer that a caller got; `failed` counts the refused records of a PutRecords call.
    CallAnswered {
        operation: Operation,
        error: Option<ErrorCode>,
        failed: u32,
    },
    ActorStarted {
        actor: ActorId,
    },
    ActorStopped {
        actor: ActorId,
    },
    ProducerChanged {
        actor: ActorId,
    },
    /// Refused records wait to be sent again; the last of them at `until`.
    RetryScheduled {
        actor: ActorId,
        count: u32,
        until: Instant,
    },
    /// A call was not answered in time; its records count as not stored, and may be stored all the same.
    RequestTimedOut {
        actor: ActorId,
        count: u32,
        after: Duration,
    },
    /// The KPL asked which shards there are.
    ShardMapUpdated {
        actor: ActorId,
        open: u32,
    },
    /// User records landed on another shard than the KPL predicted and are put again.
    WrongShard {
        actor: ActorId,
        count: u32,
        predicted: ShardId,
        actual: ShardId,
    },
    /// Records came into the stream that are there already: their first call had timed out.
    RecordsStoredAgain {
        actor: ActorId,
        count: u32,
    },
    RecordsLost {
        actor: ActorId,
        count: u32,
        first_key: String,
        reason: LostReason,
    },
    /// A reader or KCL worker got records; `again` of them for the second time in this reader or application.
    RecordsProcessed {
        actor: ActorId,
        stream: StreamName,
        shard: ShardId,
        count: u32,
        again: u32,
    },
    /// A reader cannot go on.
    ReaderFailed {
        actor: ActorId,
        error: ErrorCode,
    },
    LeaseTableCreated {
        application: String,
    },
    LeaseCreated {
        application: String,
        lease: String,
    },
    LeaseTaken {
        application: String,
        lease: String,
        worker: ActorId,
        from: Option<String>,
        counter: u64,
    },
    /// A conditional write came too late: another worker had changed the counter.
    LeaseWriteRefused {
        application: String,
        lease: String,
        worker: ActorId,
    },
    /// A worker learnt that it does not own the lease any more.
    LeaseLost {
        application: String,
        lease: String,
        worker: ActorId,
    },
    LeaseReleased {
        application: String,
        lease: String,
        worker: ActorId,
    },
    LeaseDeleted {
        application: String,
        lease: String,
    },
    /// Somebody deleted an item of the lease table by hand.
    LeaseDeletedByHand {
        application: String,
        lease: String,
    },
    /// Somebody deleted the lease table.
    LeaseTableDeleted {
        application: String,
    },
    TableCapacityChanged {
        application: String,
        capacity: TableCapacity,
    },
    /// The lease table refused a worker's call: its capacity was used up.
    LeaseTableThrottled {
        application: String,
        worker: ActorId,
    },
    /// A record processor wanted to checkpoint a shard whose lease its worker has lost (ShutdownException).
    CheckpointRefused {
        application: String,
        lease: String,
        worker: ActorId,
    },
    /// An application went past records that it never processed.
    RecordsMissed {
        application: String,
        shard: ShardId,
        count: u64,
    },
    /// The library threw aggregated records away that hold user records of other shards.
    AggregatesThrownAway {
        application: String,
        shard: ShardId,
        count: u64,
    },
    ApplicationChanged {
        application: String,
    },
    Checkpointed {
        application: String,
        lease: String,
        worker: ActorId,
        checkpoint: Checkpoint,
    },
    WorkerCrashed {
        worker: ActorId,
    },
    WorkerPaused {
        worker: ActorId,
    },
    WorkerResumed {
        worker: ActorId,
    },
    WorkerRestarted {
        worker: ActorId,
    },
    /// A user or role has another identity policy, or one less.
    PolicyChanged {
        principal: String,
        policy: String,
    },
    KeyStateChanged {
        key: String,
        state: KeyState,
    },
    /// Something goes wrong from now on.
    FaultBegan {
        number: u64,
        fault: Box<FaultSpec>,
    },
    FaultEnded {
        number: u64,
        fault: Box<FaultSpec>,
        end: FaultEnd,
    },
    /// The network lost a program's call, or the answer to it.
    MessageLost {
        actor: ActorId,
        call: CallKind,
        is_answer: bool,
    },
    /// A record processor threw an exception, and KCL went on behind the batch.
    BatchSkipped {
        actor: ActorId,
        stream: StreamName,
        shard: ShardId,
        count: u32,
    },
    /// AWS refused what a program signed by a clock that is wrong; its SDK corrects that and tries again.
    SignatureRefused {
        actor: ActorId,
    },
    Answered {
        name: String,
        value: String,
    },
    BucketCreated {
        bucket: String,
    },
    BucketDeleted {
        bucket: String,
    },
    ObjectWritten {
        bucket: String,
        key: String,
        /// In bytes.
        size: u64,
    },
    ObjectDeleted {
        bucket: String,
        key: String,
    },
    /// A program calls as another role, or as the admin again.
    Attached {
        program: String,
        role: Option<String>,
        subnet: Subnet,
    },
    /// A call was refused: the sentence names the caller, the action and the resource.
    AccessDenied {
        sentence: String,
    },
    /// Something arrived at a queue or topic.
    MessageSent {
        destination: String,
    },
    FunctionChanged {
        function: String,
        change: FunctionChange,
    },
    MappingStateChanged {
        actor: ActorId,
        state: MappingState,
    },
    /// An invocation by an event source mapping ended.
    FunctionInvoked {
        actor: ActorId,
        shard: ShardId,
        /// Records of the batch.
        count: u32,
        end: InvocationEnd,
        took: Duration,
        /// Age of the batch's last record when it was handed over.
        iterator_age: Duration,
    },
    /// A failed batch will be tried again.
    BatchRetried {
        actor: ActorId,
        shard: ShardId,
        count: u32,
        /// Which retry that is, from 1.
        retry: u32,
        at: Instant,
    },
    /// A failed batch was cut in two.
    BatchBisected {
        actor: ActorId,
        shard: ShardId,
        first: u32,
        second: u32,
    },
    /// A mapping gave records up.
    RecordsDiscarded {
        actor: ActorId,
        shard: ShardId,
        count: u32,
        /// Index of the first and the last of them.
        first: u64,
        last: u64,
        reason: DiscardReason,
        /// ARN of the on-failure destination.
        destination: Option<String>,
    },
    /// What happened around the streams.
    Account(AccountFact),
    DeliveryStreamStatusChanged {
        actor: ActorId,
        status: DeliveryStreamStatus,
    },
    /// Firehose wrote an object.
    RecordsDelivered {
        actor: ActorId,
        count: u32,
        bytes: u64,
        /// Age of its oldest record since that came to Firehose.
        freshness: Duration,
        /// Whether it has what failed, under an error prefix.
        is_failed: bool,
    },
    /// Firehose could not write an object and will try again.
    DeliveryFailed {
        actor: ActorId,
        error: S3Error,
        at: Instant,
    },
    /// Firehose gave records up: the source's retention is over.
    RecordsUndelivered {
        actor: ActorId,
        count: u32,
    },
    FlinkStatusChanged {
        actor: ActorId,
        status: FlinkStatus,
    },
    FlinkCheckpointed {
        actor: ActorId,
        /// Records that the state had counted.
        records: u64,
    },
    /// A record came behind the watermark and its windows were over.
    LateRecordDropped {
        actor: ActorId,
        shard: ShardId,
        /// The record's event time.
        event: Instant,
    },
    /// The watermark passed the end of windows.
    WindowsClosed {
        actor: ActorId,
        /// Results that this gave.
        rows: u32,
    },
    DmsTaskStatusChanged {
        actor: ActorId,
        status: DmsStatus,
    },
    DmsFullLoadDone {
        actor: ActorId,
        rows: u64,
    },
    /// The agent read a file to its end and goes on with the next one.
    LogFileFollowed {
        actor: ActorId,
        path: String,
    },
    /// A server writes one more log.
    LogAdded {
        actor: ActorId,
        path: String,
    },
    /// The agent left records out that do not match the format of their log.
    RecordsSkipped {
        actor: ActorId,
        count: u32,
    },
    /// The agent cut records that are larger than a record may be.
    RecordsTruncated {
        actor: ActorId,
        count: u32,
    },
    /// A table of a KCL 3 application beside its lease table.
    KclTableCreated {
        table: String,
    },
    /// A worker took the lock that makes it the leader of its application.
    LeaderElected {
        application: String,
        worker: ActorId,
    },
    /// A worker is leader no more: it gave the lock up, or learnt that somebody else has it.
    LeadershipLost {
        application: String,
        worker: ActorId,
    },
    /// The leader gave a lease to `to`, who looks it up.
    LeaseAssigned {
        application: String,
        lease: String,
        leader: ActorId,
        from: Option<String>,
        to: String,
    },
    /// The leader asked `from` to hand a lease over.
    HandOffBegan {
        application: String,
        lease: String,
        leader: ActorId,
        from: String,
        to: String,
    },
    /// A worker handed a lease over, with its progress written; without, where its time was up.
    LeaseHandedOver {
        application: String,
        lease: String,
        worker: ActorId,
        to: String,
        is_forced: bool,
    },
    WorkerHostChanged {
        worker: ActorId,
        host: WorkerHost,
    },
    /// A record processor was called with no records.
    EmptyListProcessed {
        actor: ActorId,
        stream: StreamName,
        shard: ShardId,
        count: u32,
    },
}

/// A fact with its number, its time and its cause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StampedFact {
    /// Counted from 0 over the life of the world.
    pub number: u64,
    pub at: Instant,
    /// Who did it.
    pub cause: Cause,
    /// By which rule it follows from `origin`.
    pub rule: Rule,
    /// What it follows from.
    pub origin: Origin,
    /// Where the chain ends.
    pub root: Root,
    /// Another fact, or run of facts, that had a part in it: the records that used a budget up.
    pub also: Option<u64>,
    /// Number of the first fact of its run: facts of one kind that one program brought about at one shard in one
    /// second. Its own number where it stands alone.
    pub run: u64,
    pub fact: Fact,
}

/// As derived, but what only the world does apart: the page's first picture has facts of the service.
impl Hash for StampedFact {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let StampedFact { number, at, cause, rule, origin, root, also, run, fact } = self;
        (number, at, cause, rule, origin, root, also, run).hash(state);
        if let Fact::Service(service) = fact {
            std::mem::discriminant(fact).hash(state);
            service.hash(state);
        } else if let Fact::CallAnswered { operation, error, failed } = fact {
            std::mem::discriminant(fact).hash(state);
            (operation, error, failed).hash(state);
        } else {
            apart(|| fact.hash(state));
        }
    }
}

impl Fact {
    /// The program that a fact about a program's life is about: what that program does afterwards follows from it.
    #[allow(clippy::wildcard_enum_match_arm)] // Most facts tell of what a program does, not of its life.
    pub(crate) fn turns(&self) -> Option<ActorId> {
        match self {
            Fact::ActorStarted { actor } | Fact::ProducerChanged { actor } | Fact::ActorStopped { actor } => {
                Some(*actor)
            }
            Fact::WorkerCrashed { worker }
            | Fact::WorkerPaused { worker }
            | Fact::WorkerResumed { worker }
            | Fact::WorkerRestarted { worker } => Some(*worker),
            _ => None,
        }
    }
}
