//! The picture of AWS Lambda, and of the queues and topics to which failures go.

use serde::Serialize;

use crate::actors::lambda::EventSourceMapping;
use crate::neighbours::function::Function;
use crate::{MappingSpec, World};

/// A function as it is declared, and what has become of it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionView {
    pub name: String,
    pub timeout_seconds: i64,
    /// The behaviour as the command line takes it: `--takes 20ms --fails-when status=poison`.
    pub invocations: u64,
    pub errors: u64,
    pub timeouts: u64,
    pub throttles: u64,
    pub concurrent: u64,
    /// Records that it worked on, each as often as it did.
    pub records: u64,
    pub fails_when: Option<String>,
    pub fails_every: u32,
    /// What it has counted or summed, by key.
    pub results: Vec<(String, String)>,
}

/// An event source mapping.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MappingView {
    pub uuid: String,
    pub function: String,
    pub stream: String,
    pub event_source_arn: String,
    /// Whether records are pushed by enhanced fan-out.
    pub is_pushed: bool,
    pub state: &'static str,
    pub last_processing_result: &'static str,
    pub batch_size: i64,
    pub maximum_batching_window_in_seconds: i64,
    pub parallelization_factor: i64,
    pub maximum_retry_attempts: i64,
    pub maximum_record_age_in_seconds: i64,
    pub bisect_batch_on_function_error: bool,
    pub report_batch_item_failures: bool,
    pub tumbling_window_in_seconds: i64,
    pub filters: Vec<String>,
    pub on_failure: Option<String>,
    pub iterator_age_ms: Option<u64>,
    pub read: u64,
    pub filtered: u64,
    pub waiting: u64,
    pub invocations: u64,
    pub errors: u64,
    pub partial: u64,
    pub refused: u64,
    pub records: u64,
    pub again: u64,
    pub out_of_order: u64,
    pub bisections: u64,
    pub discarded: u64,
    pub destination_messages: u64,
    pub destination_failures: u64,
    /// Shards that a failed batch holds up, each with the index of the record at which it stands.
    pub blocked: Vec<(u32, u64)>,
    /// The newest invocations, newest first.
    pub recent: Vec<InvocationView>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InvocationView {
    /// Counted over the mapping from 1.
    pub number: u64,
    pub at_ms: u64,
    pub shard: u32,
    pub records: u64,
    /// How it ended; none while it runs.
    pub outcome: Option<&'static str>,
    pub took_ms: u64,
    pub iterator_age_ms: u64,
}

/// A queue or topic to which something was sent.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageListView {
    pub arn: String,
    /// Messages ever sent to it.
    pub count: u64,
    /// The newest ones, newest first: when and what.
    pub newest: Vec<(u64, String)>,
}

/// Results and messages that are shown of each.
const SHOWN: usize = 20;

impl World {
    pub(super) fn function_views(&self) -> Vec<FunctionView> {
        self.functions().values().map(|function| self.function_view(function)).collect()
    }

    fn function_view(&self, function: &Function) -> FunctionView {
        let spec = &function.spec;
        let results = function.results.iter().take(SHOWN);
        FunctionView {
            name: spec.name.clone(),
            timeout_seconds: spec.timeout,
            invocations: function.invocations,
            errors: function.errors,
            timeouts: function.timeouts,
            throttles: function.throttles,
            concurrent: function.concurrency(self.now()),
            records: function.records,
            fails_when: spec.fails_when.as_ref().map(ToString::to_string),
            fails_every: spec.fails_every,
            results: results.map(|(key, value)| (key.clone(), value.to_string())).collect(),
        }
    }

    pub(super) fn mapping_views(&self) -> Vec<MappingView> {
        self.mappings().map(|(_, mapping)| mapping_view(mapping)).collect()
    }

    pub(super) fn message_views(&self) -> Vec<MessageListView> {
        let lists = self.messages().lists();
        lists
            .map(|(arn, list)| MessageListView {
                arn: arn.clone(),
                count: list.count,
                newest: list
                    .newest()
                    .rev()
                    .take(SHOWN)
                    .map(|(at, body)| (at.millis(), body.to_owned()))
                    .collect(),
            })
            .collect()
    }
}

fn mapping_view(mapping: &EventSourceMapping) -> MappingView {
    let MappingSpec {
        function,
        event_source_arn,
        starting_position: _,
        enabled: _,
        batch_size,
        maximum_batching_window_in_seconds,
        parallelization_factor,
        maximum_record_age_in_seconds,
        maximum_retry_attempts,
        bisect_batch_on_function_error,
        report_batch_item_failures,
        tumbling_window_in_seconds,
        filters,
        on_failure,
    } = mapping.spec.clone();
    let counts = mapping.counts;
    MappingView {
        uuid: mapping.uuid.clone(),
        function,
        stream: mapping.stream().to_owned(),
        is_pushed: event_source_arn.contains("/consumer/"),
        event_source_arn,
        state: mapping.state.name(),
        last_processing_result: mapping.last_processing_result,
        batch_size,
        maximum_batching_window_in_seconds,
        parallelization_factor,
        maximum_retry_attempts,
        maximum_record_age_in_seconds,
        bisect_batch_on_function_error,
        report_batch_item_failures,
        tumbling_window_in_seconds,
        filters,
        on_failure,
        iterator_age_ms: mapping.iterator_age.map(|age| age.millis()),
        read: counts.read,
        filtered: counts.filtered,
        waiting: mapping.waiting(),
        invocations: counts.invocations,
        errors: counts.errors,
        partial: counts.partial,
        refused: counts.refused,
        records: counts.records,
        again: counts.again,
        out_of_order: counts.out_of_order,
        bisections: counts.bisections,
        discarded: counts.discarded,
        destination_messages: counts.destination_messages,
        destination_failures: counts.destination_failures,
        blocked: mapping.blocked().map(|(shard, index)| (shard.0, index)).collect(),
        recent: mapping
            .recent()
            .rev()
            .map(|recent| InvocationView {
                number: recent.number,
                at_ms: recent.at.millis(),
                shard: recent.shard.0,
                records: recent.record_count(),
                outcome: recent.outcome,
                took_ms: recent.took.millis(),
                iterator_age_ms: recent.iterator_age.millis(),
            })
            .collect(),
    }
}
