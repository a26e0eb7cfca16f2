//! What a learner does with AWS Lambda: declared functions, and event source mappings that feed them from a stream.

use kinesis::Duration;

use crate::{Condition, StartingPosition, Subject};

/// A change of functions and event source mappings; looking needs no command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LambdaCommand {
    CreateFunction(FunctionSpec),
    /// New settings of a function: all of them.
    UpdateFunction(FunctionSpec),
    DeleteFunction {
        function: String,
    },
    CreateEventSourceMapping(MappingSpec),
    UpdateEventSourceMapping {
        uuid: String,
        change: MappingChange,
    },
    DeleteEventSourceMapping {
        uuid: String,
    },
}

/// A function as a declared behaviour instead of code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionSpec {
    pub name: String,
    /// ARN of the execution role; one that may do everything where absent.
    pub role: Option<String>,
    /// `Timeout`, in seconds.
    pub timeout: i64,
    /// `ReservedConcurrentExecutions`: invocations at the same time; the account's 1,000 where absent.
    pub concurrency: Option<u32>,
    /// How long an invocation takes by itself.
    pub takes: Duration,
    /// How long each record takes besides.
    pub per_record: Duration,
    /// A record of which this holds makes the function fail.
    pub fails_when: Option<Condition>,
    /// Every so many invocations one fails, whatever its records; 0 never.
    pub fails_every: u32,
    /// What the function does with a record that makes it fail.
    pub on_error: OnError,
    /// Counts records by this.
    pub count_by: Option<Subject>,
    /// Sums this field instead of counting.
    pub sum: Option<Subject>,
    /// As a transform of Data Firehose: records of which this holds are answered as `Dropped`.
    pub drops_when: Option<Condition>,
}

/// What a function does with a record that makes it fail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OnError {
    /// Throws: the records behind are not looked at.
    Throw,
    /// Goes on, and lists every such record in `batchItemFailures`.
    ReportAll,
    /// Stops, and lists it in `batchItemFailures`.
    ReportFirst,
}

impl FunctionSpec {
    pub fn new(name: impl Into<String>) -> FunctionSpec {
        FunctionSpec {
            name: name.into(),
            role: None,
            timeout: 3,
            concurrency: None,
            takes: Duration::from_millis(20),
            per_record: Duration::ZERO,
            fails_when: None,
            fails_every: 0,
            on_error: OnError::Throw,
            count_by: None,
            sum: None,
            drops_when: None,
        }
    }
}

/// Members of CreateEventSourceMapping, under the names of the API. Numbers have the API's width, so that what is out
/// of range can be refused as AWS refuses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MappingSpec {
    pub function: String,
    /// Of the stream, or of a registered consumer: then records are pushed (enhanced fan-out).
    pub event_source_arn: String,
    pub starting_position: StartingPosition,
    pub enabled: bool,
    pub batch_size: i64,
    pub maximum_batching_window_in_seconds: i64,
    pub parallelization_factor: i64,
    pub maximum_record_age_in_seconds: i64,
    pub maximum_retry_attempts: i64,
    pub bisect_batch_on_function_error: bool,
    pub report_batch_item_failures: bool,
    pub tumbling_window_in_seconds: i64,
    /// Patterns of FilterCriteria.
    pub filters: Vec<String>,
    /// DestinationConfig.OnFailure.Destination: the ARN of a queue, a topic or a bucket.
    pub on_failure: Option<String>,
}

impl MappingSpec {
    /// Documented: Lambda parameters for Kinesis event source mappings, defaults.
    pub fn new(
        function: impl Into<String>,
        event_source_arn: impl Into<String>,
        from: StartingPosition,
    ) -> MappingSpec {
        MappingSpec {
            function: function.into(),
            event_source_arn: event_source_arn.into(),
            starting_position: from,
            enabled: true,
            batch_size: 100,
            maximum_batching_window_in_seconds: 0,
            parallelization_factor: 1,
            maximum_record_age_in_seconds: -1,
            maximum_retry_attempts: -1,
            bisect_batch_on_function_error: false,
            report_batch_item_failures: false,
            tumbling_window_in_seconds: 0,
            filters: Vec::new(),
            on_failure: None,
        }
    }
}

/// Members of UpdateEventSourceMapping; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MappingChange {
    pub function: Option<String>,
    pub enabled: Option<bool>,
    pub batch_size: Option<i64>,
    pub maximum_batching_window_in_seconds: Option<i64>,
    pub parallelization_factor: Option<i64>,
    pub maximum_record_age_in_seconds: Option<i64>,
    pub maximum_retry_attempts: Option<i64>,
    pub bisect_batch_on_function_error: Option<bool>,
    pub report_batch_item_failures: Option<bool>,
    pub tumbling_window_in_seconds: Option<i64>,
    pub filters: Option<Vec<String>>,
    pub on_failure: Option<String>,
}
