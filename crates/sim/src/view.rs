//! The picture: what a page, a check or a JavaScript caller sees of the world at one instant. Made from the world,
//! never kept in it.

mod agents;
mod applications;
mod build;
mod delivery;
mod fact_text;
mod fault_text;
mod lambda;
mod s3;
mod why_text;

use serde::{Deserialize, Serialize};

pub use agents::{AgentFileView, AgentFlowView, AgentLogView, AgentView};
pub use delivery::{DeliveryStreamView, DmsTaskView, FlinkRowView, FlinkView};
pub use fact_text::fact_view;
pub use fault_text::fault_text;
pub use lambda::{FunctionView, InvocationView, MappingView, MessageListView};
pub use s3::{BucketView, ObjectView};
pub use why_text::why_view;

/// What the picture should contain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ViewQuery {
    /// Only this stream; all where absent.
    pub stream: Option<String>,
    /// Newest records shown of each shard.
    pub records: u32,
    /// Seconds of traffic shown of each shard.
    pub seconds: u32,
    /// Place of the first shard shown, counted over open and closed ones.
    pub first_shard: u32,
    /// Shards shown of each stream.
    pub shards: u32,
}

impl Default for ViewQuery {
    fn default() -> ViewQuery {
        ViewQuery { stream: None, records: 20, seconds: 60, first_shard: 0, shards: 100 }
    }
}

/// Times are milliseconds since the Unix epoch of virtual time.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorldView {
    pub now_ms: u64,
    /// Between which instants `seek` goes.
    pub span_from_ms: u64,
    pub span_to_ms: u64,
    pub can_undo: bool,
    pub can_redo: bool,
    /// When something happens next by itself.
    pub next_due_ms: Option<u64>,
    pub limits: &'static str,
    pub streams: Vec<StreamView>,
    pub producers: Vec<ProducerView>,
    pub kpls: Vec<KplView>,
    /// Servers with the Kinesis Agent.
    pub agents: Vec<AgentView>,
    pub readers: Vec<ReaderView>,
    pub applications: Vec<ApplicationView>,
    /// Faults that are on.
    pub faults: Vec<FaultView>,
    /// Buckets of Amazon S3 with their newest objects.
    pub buckets: Vec<BucketView>,
    pub functions: Vec<FunctionView>,
    /// Event source mappings in the order in which they were made.
    pub mappings: Vec<MappingView>,
    /// Queues and topics to which something was sent.
    pub messages: Vec<MessageListView>,
    /// Streams of Data Firehose.
    pub delivery_streams: Vec<DeliveryStreamView>,
    pub flink: Vec<FlinkView>,
    /// Replication tasks of DMS.
    pub dms: Vec<DmsTaskView>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamView {
    pub name: String,
    pub arn: String,
    pub status: &'static str,
    /// When the change that is under way ends.
    pub change_due_ms: Option<u64>,
    pub created_ms: u64,
    pub retention_hours: u32,
    pub open_shards: u32,
    /// Shards, expired ones not counted.
    pub shard_count: u32,
    /// Records that can be read, over all shards.
    pub record_count: u64,
    pub shards: Vec<ShardView>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShardView {
    /// Number of the shard: 0 for `shardId-000000000000`.
    pub number: u32,
    pub id: String,
    pub is_open: bool,
    pub parents: Vec<u32>,
    pub children: Vec<u32>,
    pub starting_hash_key: String,
    pub ending_hash_key: String,
    /// Place of the range on the key space, in parts of 2^32.
    pub range_start: u32,
    pub range_end: u32,
    /// Records that can be read.
    pub record_count: u64,
    /// Index of the oldest record that can be read; one past the newest where there is none.
    pub first_index: u64,
    /// Index of the newest record; 0 while there was none.
    pub last_index: u64,
    pub oldest_ms: Option<u64>,
    pub newest_ms: Option<u64>,
    /// What the two write budgets and the two read budgets have left, and how much they hold.
    pub write_records_left: i64,
    pub write_records_max: i64,
    pub write_bytes_left: i64,
    pub write_bytes_max: i64,
    pub read_calls_left: i64,
    pub read_calls_max: i64,
    pub read_bytes_left: i64,
    pub read_bytes_max: i64,
    /// Over the life of the shard.
    pub total: SecondView,
    /// The last seconds in which something happened, oldest first.
    pub seconds: Vec<SecondView>,
    /// The newest records, oldest first.
    pub records: Vec<RecordView>,
    /// Where the readings stand that a learner began with GetShardIterator and that can still go on.
    pub iterators: Vec<IteratorView>,
}

/// What a shard did in one second (or altogether).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecondView {
    /// Seconds since the Unix epoch; 0 in a total.
    pub second: u64,
    pub records: u64,
    pub bytes: u64,
    pub refused_by_records: u64,
    pub refused_by_bytes: u64,
    pub read_records: u64,
    pub read_bytes: u64,
    pub refused_reads: u64,
    /// By enhanced fan-out, over all consumers.
    pub pushed_records: u64,
    pub pushed_bytes: u64,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordView {
    pub index: u64,
    pub sequence_number: String,
    pub arrival_ms: u64,
    pub partition_key: String,
    /// Bytes of data.
    pub size: u64,
    /// User records that a producer packed into it as the KPL does; 1 where it is no aggregate.
    pub user_records: u64,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IteratorView {
    /// Number of the reading, counted over the service from 1.
    pub reading: u64,
    pub kind: &'static str,
    pub next: u64,
    pub expires_ms: u64,
    /// Records that this reading has brought so far.
    pub records: u64,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProducerView {
    pub name: String,
    pub stream: String,
    pub is_running: bool,
    pub rate: u32,
    pub size: u32,
    pub keys: String,
    pub traffic: String,
    pub workload: &'static str,
    /// Calls that may be under way at once.
    pub concurrency: Option<u32>,
    pub request_timeout_ms: u64,
    pub ordering: &'static str,
    /// Calls that were not answered in time.
    pub timed_out: u64,
    /// Copies in the stream beyond the first of each record.
    pub stored_again: u64,
    /// Records given up after a time-out that are in the stream all the same.
    pub stored_though_lost: u64,
    /// Records stored after a later one of their key; none where the keys are too many to watch.
    pub out_of_order: Option<u64>,
    pub call: &'static str,
    pub retry: &'static str,
    pub attempts: u32,
    pub made: u64,
    pub stored: u64,
    pub refused: u64,
    pub retried: u64,
    pub waiting: u64,
    pub in_flight: u64,
    pub lost: u64,
    pub lost_by_reason: Vec<(String, u64)>,
    pub calls: u64,
}

/// A program with the Kinesis Producer Library; records are user records where nothing else is said.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KplView {
    pub name: String,
    pub stream: String,
    pub is_running: bool,
    pub rate: u32,
    pub traffic: String,
    pub workload: &'static str,
    pub size: u32,
    pub keys: String,
    pub aggregation_enabled: bool,
    pub aggregation_max_count: u64,
    pub aggregation_max_size: u64,
    pub collection_max_count: u64,
    pub collection_max_size: u64,
    pub record_max_buffered_time_ms: u64,
    pub record_ttl_ms: u64,
    /// Percent.
    pub rate_limit: u64,
    pub fail_if_throttled: bool,
    pub max_connections: u64,
    pub request_timeout_ms: u64,
    pub made: u64,
    pub stored: u64,
    pub lost: u64,
    pub lost_by_reason: Vec<(String, u64)>,
    /// In the buffers of the shards.
    pub aggregating: u64,
    /// The same by shard.
    pub buffers: Vec<(u32, u64)>,
    /// Held back by the rate limit.
    pub limited: u64,
    /// Waiting to be sent with others, or for a connection.
    pub collecting: u64,
    pub in_flight: u64,
    /// `getOutstandingRecordsCount`.
    pub outstanding: u64,
    pub retried: u64,
    pub wrong_shard: u64,
    /// Kinesis records stored, and refused.
    pub kinesis_records: u64,
    pub kinesis_records_refused: u64,
    pub errors: Vec<(&'static str, u64)>,
    pub put_calls: u64,
    /// From the program to the answer that says that it is stored, for 99 of 100 user records of the last minute or two.
    pub delay_p99_ms: u64,
    pub timed_out: u64,
    pub stored_again: u64,
    pub stored_though_lost: u64,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReaderView {
    pub name: String,
    pub stream: String,
    /// Name of the registered consumer by which it subscribes; none where it polls.
    pub consumer: Option<String>,
    pub is_running: bool,
    pub from: &'static str,
    pub records: u64,
    pub again: u64,
    /// Records that were gone when the reader came to them.
    pub missed: u64,
    /// Records of a program that came after a later one of the same partition key.
    pub order_violations: u64,
    /// KiB per second over the last ten seconds.
    pub kib_per_second: u64,
    /// The delay from arrival that 99 of 100 records stay within.
    pub delay_p99_ms: u64,
    pub throttled: u64,
    pub calls: u64,
    /// The exception that ended the reader.
    pub failed: Option<&'static str>,
    /// How far behind the tip the slowest shard is.
    pub millis_behind: u64,
    pub shards: Vec<ReaderShardView>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReaderShardView {
    pub shard: u32,
    pub next: u64,
    pub records: u64,
    pub millis_behind: u64,
    pub is_finished: bool,
    /// Shards that must be finished before this one begins.
    pub waits_for: Vec<u32>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView {
    pub name: String,
    pub stream: String,
    pub from: &'static str,
    /// Major version of the KCL: `1`, `2`, `3`.
    pub version: &'static str,
    /// `polling` or `fanout`.
    pub retrieval: &'static str,
    pub failover_ms: u64,
    pub checkpoint_interval_ms: u64,
    /// Records that the processor of a shard works off in a second; 0 where it is as fast as they come.
    pub processing_rate: u32,
    /// Whether the processor knows a record that comes again.
    pub is_idempotent: bool,
    /// Whether the lease table exists in DynamoDB.
    pub has_table: bool,
    pub table: TableView,
    pub workers: Vec<WorkerView>,
    pub leases: Vec<LeaseView>,
    pub running_workers: u64,
    /// Workers that run and own no lease of a shard that is not done.
    pub idle_workers: u64,
    pub records: u64,
    /// Records that were processed more than once.
    pub again: u64,
    /// Of these, since a worker last died.
    pub again_since_crash: u64,
    /// Records whose effect was had twice.
    pub processed_twice: u64,
    /// Records that the application went past without processing them.
    pub missed: u64,
    /// Aggregated records with user records that do not belong to their shard.
    pub thrown_away: u64,
    /// Calls of record processors with no records.
    pub empty_lists: u64,
    /// KCL 3: the worker that holds the leader's lock.
    pub leader: Option<String>,
    /// KCL 3: leases that were handed over, and those of them with an unfinished batch.
    pub hand_overs: u64,
    pub forced_hand_overs: u64,
    /// KCL 3: how often the leader assigns leases.
    pub lease_assignment_interval_ms: u64,
    pub crashes: u64,
    /// The longest that a shard went unread after the last crash.
    pub gap_ms: u64,
    /// Records processed and not covered by a checkpoint.
    pub checkpoint_lag: u64,
    /// Age of the oldest record that is still to be processed.
    pub behind_ms: u64,
    /// Whether every closed shard that has a lease is processed to its end.
    pub parents_done: bool,
}

/// The lease table as DynamoDB sees it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableView {
    /// Units per second where the table is provisioned; none where it is on demand.
    pub read_units: Option<u32>,
    pub write_units: Option<u32>,
    /// Write units taken in the last ten seconds.
    pub writes_in_ten_seconds: u64,
    /// Calls refused in the last minute.
    pub throttled_in_a_minute: u64,
    /// Items that somebody deleted by hand.
    pub deleted_by_hand: u64,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkerView {
    pub name: String,
    /// `running`, `paused`, `stopped` or `crashed`.
    pub state: &'static str,
    /// Shards whose leases the worker believes to own.
    pub believes: Vec<u32>,
    /// Shards of lost leases whose last batch it still processes.
    pub ghosts: Vec<u32>,
    pub records: u64,
    pub again: u64,
    /// When it next looks for leases to take, or with KCL 3 for leases that were assigned to it.
    pub takes_at_ms: u64,
    /// KCL 3: what it told of its load, and its host.
    pub load: Option<LoadView>,
}

/// What a worker of KCL 3 wrote into the worker-metrics table.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadView {
    /// The average that the leader goes by, in hundredths of a percent; none where worker metrics are disabled.
    pub cpu_hundredths: Option<u64>,
    /// `lut`: when it was last written, by the worker's clock.
    pub last_update_ms: u64,
    pub vcpus: u32,
    /// Percent of the host's CPU that others use.
    pub other_load: u32,
}

/// One item of the lease table, and what the page knows beside it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaseView {
    pub lease_key: String,
    pub shard: u32,
    pub lease_owner: Option<String>,
    /// KCL 3: who still reads, while the lease is handed over to its owner.
    pub checkpoint_owner: Option<String>,
    /// KCL 3: bytes a second, a moving average.
    pub throughput: Option<u64>,
    pub lease_counter: u64,
    pub owner_switches_since_checkpoint: u64,
    /// A sequence number or `TRIM_HORIZON`, `LATEST`, `AT_TIMESTAMP`, `SHARD_END`.
    pub checkpoint: String,
    pub checkpoint_sub_sequence_number: u64,
    /// Index of the last record that the checkpoint covers, where it is a record.
    pub checkpoint_index: Option<u64>,
    pub parent_shard_ids: Vec<String>,
    pub child_shard_ids: Vec<String>,
    pub starting_hash_key: String,
    pub ending_hash_key: String,
    /// Time since the item was last written.
    pub age_ms: u64,
    /// Index of the last record that some worker processed.
    pub processed_index: u64,
    /// What the owner's consumer does: `WAITING_ON_PARENT_SHARDS`, `INITIALIZING`, `PROCESSING`, `SHUTTING_DOWN`,
    /// `SHUTDOWN_COMPLETE`.
    pub phase: Option<&'static str>,
    pub millis_behind: u64,
}

/// A fault that is on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultView {
    /// Counted from 1 over the life of the world.
    pub number: u64,
    /// As it stands behind `sandbox fault`: `slow-sink`.
    pub kind: &'static str,
    /// The program or stream that it is about; everybody where absent.
    pub target: Option<String>,
    pub text: String,
    pub since_ms: u64,
    /// When it ends by itself.
    pub until_ms: Option<u64>,
}

/// A fact as a line of the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FactView {
    pub number: u64,
    pub at_ms: u64,
    /// Name of the fact: `RecordsAppended`.
    pub kind: &'static str,
    /// Who or what caused it: `command 3`, `billing/w1`, `schedule`.
    pub cause: String,
    pub text: String,
    /// The rule by which it follows from what led to it.
    pub because: String,
    /// Number of the fact that led to it; none where that is a command or the service's own timetable.
    pub follows: Option<u64>,
    /// Number of another fact that had a part in it.
    pub also: Option<u64>,
}

/// One step of the answer to "why?", from what happened towards what began it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WhyView {
    /// `fact`, `forgotten` (facts in between that are not kept any more), `command` or `schedule`.
    pub kind: &'static str,
    /// Number of the fact, or of the command counted from 1.
    pub number: Option<u64>,
    pub at_ms: Option<u64>,
    pub text: String,
    /// The rule by which it follows from the next step.
    pub because: Option<String>,
    /// Number of another fact that had a part in it.
    pub also: Option<u64>,
}
