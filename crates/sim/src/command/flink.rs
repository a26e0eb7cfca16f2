//! What a learner does with Amazon Managed Service for Apache Flink: declared applications.

use kinesis::Duration;

use crate::{StartingPosition, Subject};

/// A change of Flink applications; looking needs no command.
#[allow(clippy::large_enum_variant)] // Commands carry it in a box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FlinkCommand {
    /// Makes an application and starts it.
    Create(FlinkSpec),
    /// Stops it with a snapshot of its state.
    Stop {
        name: String,
    },
    /// Starts it from its snapshot.
    Start {
        name: String,
    },
    /// Lets one of its tasks die: it begins again from the last checkpoint.
    Fail {
        name: String,
    },
    Delete {
        name: String,
    },
}

impl From<FlinkCommand> for crate::Command {
    fn from(command: FlinkCommand) -> crate::Command {
        crate::Command::Flink(Box::new(command))
    }
}

/// An application as a declared query instead of code: counts or sums by key in windows of event time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlinkSpec {
    pub name: String,
    pub stream: String,
    /// ARN of the service execution role; one that may do everything where absent.
    pub role: Option<String>,
    pub from: StartingPosition,
    /// `keyBy`.
    pub key: Subject,
    /// Length of the windows.
    pub window: Duration,
    /// Distance of the starts of sliding windows; windows tumble where absent.
    pub slide: Option<Duration>,
    /// Sums this field instead of counting.
    pub sum: Option<Subject>,
    /// The field with the event time in milliseconds since 1970; a record's arrival where absent.
    pub event_time: Option<Subject>,
    /// `forBoundedOutOfOrderness`: how far watermarks stay behind the latest event.
    pub out_of_orderness: Duration,
    /// `withIdleness`: a shard without records for so long holds watermarks back no more; never where zero.
    pub idleness: Duration,
    /// `allowedLateness`: how long a window takes late records after its result.
    pub allowed_lateness: Duration,
    /// `CheckpointInterval`.
    pub checkpoint_interval: Duration,
    /// `Parallelism` and `ParallelismPerKPU`.
    pub parallelism: i64,
    pub parallelism_per_kpu: i64,
    /// Name of the stream to which results are put.
    pub sink: Option<String>,
}

impl FlinkSpec {
    /// Documented: Managed Service for Apache Flink, default settings: a checkpoint every 60 seconds, parallelism 1, one
    /// per KPU. Apache Flink: no idleness, no allowed lateness.
    pub fn new(name: impl Into<String>, stream: impl Into<String>) -> FlinkSpec {
        FlinkSpec {
            name: name.into(),
            stream: stream.into(),
            role: None,
            from: StartingPosition::Latest,
            key: Subject::PartitionKey,
            window: Duration::from_seconds(60),
            slide: None,
            sum: None,
            event_time: None,
            out_of_orderness: Duration::ZERO,
            idleness: Duration::ZERO,
            allowed_lateness: Duration::ZERO,
            checkpoint_interval: Duration::from_seconds(60),
            parallelism: 1,
            parallelism_per_kpu: 1,
            sink: None,
        }
    }
}
