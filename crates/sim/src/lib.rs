//! The world around the simulated service: virtual time, producers, readers, KCL workers, and the history of it all.
//!
//! Commands go in, facts and a picture come out. The same seed and the same stamped commands give the same world to
//! the last bit, natively and in wasm. Start at [`Sandbox`]; the loop is in `world.rs`; each actor has a file of its
//! own in `actors`. The crate knows no command line, no lessons and no browser.

mod actor;
mod actor_list;
mod actors;
mod application;
mod cause;
mod clients;
mod command;
mod command_json;
mod dice;
mod difference;
mod digest;
mod event_queue;
mod fact;
mod fault;
mod history;
mod home;
mod identities;
mod journal;
mod key_recipe;
mod lease_table;
mod metrics;
mod neighbours;
mod network;
mod newest_numbers;
mod other_world;
mod planner;
mod readings;
mod sandbox;
mod session;
mod source;
mod standing;
mod subscribers;
mod traffic;
mod view;
mod workload;
mod world;

pub use actor::{ActorId, ActorState};
pub use actors::agent::{Agent, FileState, Flow};
pub use actors::dms::{DmsCounts, DmsStatus, DmsTask};
pub use actors::firehose::{DeliveryCounts, DeliveryStream, DeliveryStreamStatus, PutResult};
pub use actors::flink::{FlinkApplication, FlinkCounts, FlinkRow, FlinkStatus};
pub use actors::kcl_worker::{ConsumerPhase, KclWorker};
pub use actors::kpl::Kpl;
pub use actors::lambda::{EventSourceMapping, MappingCounts, MappingState, Recent};
pub use actors::producer::Producer;
pub use actors::reader::{Reader, ReaderShard};
pub use actors::reader_meter::ReaderMeter;
pub use application::{Application, ShardProgress};
pub use cause::{Cause, Origin, Root, Rule};
pub use clients::Delivery;
pub use command::{
    AccountCommand, ApplicationChange, ApplicationSpec, Balancing, Command, FaultKind, FaultSpec, KclVersion,
    KplChange, KplConfig, KplSpec, ProcessorKind, ProducerChange, ProducerSpec, PutCall, PutOrdering,
    ReaderSpec, RetrievalMode, RetryPolicy, S3Command, StartingPosition, Way, WorkerAction, WorkerHost,
};
pub use command::{AgentChange, AgentCommand, AgentSpec, LogFormat, LogSpec};
pub use command::{
    CompressionFormat, DeliveryStreamSpec, DmsCommand, DmsKey, DmsSpec, DmsStart, FirehoseCommand,
    FlinkCommand, FlinkSpec, MessageFormat, MigrationType, OutputFormat,
};
pub use command::{FunctionSpec, LambdaCommand, MappingChange, MappingSpec, OnError};
pub use difference::{Difference, FigureDifference, FirstDifference};
pub use digest::Digest;
pub use fact::{CallKind, DiscardReason, Fact, FunctionChange, InvocationEnd, LostReason, StampedFact};
pub use fault::{ActiveFault, FaultEnd};
pub use history::{Entry, Refusal};
pub use home::{Home, Variable};
pub use identities::{CallerSpec, MadeIdentity, VPC_ENDPOINT_ID, session_of};
pub use key_recipe::KeyRecipe;
pub use lease_table::{
    Checkpoint, CoordinatorStateTable, KclTable, LeaderLock, Lease, LeaseTable, MigrationState,
    RecordVersion, TableCapacity, TableSecond, WorkerMetricStats, WorkerMetricsTable,
};
pub use metrics::{SecondCounts, ShardMetrics};
pub use neighbours::account::AccountFact;
pub use neighbours::cloudtrail::{
    DataEvents, TRAIL_DATA_MAX, TRAIL_DELAY, TRAIL_READS_MAX, TRAIL_WRITES_MAX, TrailEvent, TrailQuery,
};
pub use neighbours::cloudwatch::{
    Alarm, AlarmSpec, AlarmState, Comparison, Datapoint, Metric, MetricName, MissingData,
    POINTS_PER_METRIC_MAX, Statistic, Threshold,
};
pub use neighbours::condition::{Condition, Subject};
pub use neighbours::cost::{Bill, BillLine, CostChange, MONTH_HOURS, PriceLine, StreamBill, dollars};
pub use neighbours::decimal::Decimal;
pub use neighbours::function::Function;
pub use neighbours::managed_policies::{MANAGED_POLICIES, managed_policy};
pub use neighbours::messages::{MessageList, Messages};
pub use neighbours::network::{EndpointService, Subnet};
pub use neighbours::ready_policies::{PolicyPlace, ReadyPolicy};
pub use neighbours::s3::{Body, BodyForm, Bucket, Object, S3, S3Error};
pub use planner::{Plan, PlanInput, PlanLimit, plan};
pub use readings::Reading;
pub use sandbox::{CLI_CALL_TIME, Observer, Outcome, Sandbox, SandboxOptions, UndoLabel};
pub use session::{FORMAT_VERSION, LoadError};
pub use standing::Standing;
pub use traffic::Traffic;
pub use view::{AgentFileView, AgentFlowView, AgentLogView, AgentView};
pub use view::{
    ApplicationView, BucketView, FactView, FaultView, IteratorView, KplView, LeaseView, LoadView, ObjectView,
    ProducerView, ReaderShardView, ReaderView, RecordView, SecondView, ShardView, StreamView, TableView,
    ViewQuery, WhyView, WorkerView, WorldView, fact_view, fault_text, why_view,
};
pub use view::{DeliveryStreamView, DmsTaskView, FlinkRowView, FlinkView};
pub use view::{FunctionView, InvocationView, MappingView, MessageListView};
pub use workload::Workload;
pub use world::{Step, World};

/// Version of the engine, as it stands in saved sessions.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");
