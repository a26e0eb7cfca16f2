//! A mapping as CreateEventSourceMapping and its like answer it.

use serde_json::Value;

use super::EventSourceMapping;
use super::event::{object, seconds};
use crate::StartingPosition;

impl EventSourceMapping {
    /// EventSourceMappingConfiguration, as it is on the wire: times in seconds.
    ///
    /// Documented: the members and their order are those of the service model. Observed: which of them stand in an
    /// answer, in LocalStack's recordings of AWS.
    pub fn configuration(&self) -> Value {
        let spec = self.update.as_ref().unwrap_or(&self.spec);
        let mut members = vec![("UUID", Value::from(self.uuid.as_str()))];
        match spec.starting_position {
            StartingPosition::TrimHorizon => members.push(("StartingPosition", Value::from("TRIM_HORIZON"))),
            StartingPosition::Latest => members.push(("StartingPosition", Value::from("LATEST"))),
            StartingPosition::AtTimestamp(at) => members.extend([
                ("StartingPosition", Value::from("AT_TIMESTAMP")),
                ("StartingPositionTimestamp", seconds(at)),
            ]),
        }
        members.extend([
            ("BatchSize", Value::from(spec.batch_size)),
            ("MaximumBatchingWindowInSeconds", Value::from(spec.maximum_batching_window_in_seconds)),
            ("ParallelizationFactor", Value::from(spec.parallelization_factor)),
            ("EventSourceArn", Value::from(spec.event_source_arn.as_str())),
        ]);
        if !spec.filters.is_empty() {
            let filters =
                spec.filters.iter().map(|pattern| object([("Pattern", Value::from(pattern.as_str()))]));
            members.push(("FilterCriteria", object([("Filters", filters.collect())])));
        }
        let destination = spec.on_failure.as_ref().map(|arn| ("Destination", Value::from(arn.as_str())));
        let types: Vec<&str> =
            spec.report_batch_item_failures.then_some("ReportBatchItemFailures").into_iter().collect();
        let arn = self.function_arn.replace(":function:", ":event-source-mapping:");
        members.extend([
            ("FunctionArn", Value::from([self.function_arn.as_str(), &spec.function].concat())),
            ("LastModified", seconds(self.last_modified)),
            ("LastProcessingResult", Value::from(self.last_processing_result)),
            ("State", Value::from(self.state.name())),
            ("StateTransitionReason", Value::from("User action")),
            ("DestinationConfig", object([("OnFailure", object(destination))])),
            ("MaximumRecordAgeInSeconds", Value::from(spec.maximum_record_age_in_seconds)),
            ("BisectBatchOnFunctionError", Value::Bool(spec.bisect_batch_on_function_error)),
            ("MaximumRetryAttempts", Value::from(spec.maximum_retry_attempts)),
            ("TumblingWindowInSeconds", Value::from(spec.tumbling_window_in_seconds)),
            ("FunctionResponseTypes", Value::from(types)),
            ("EventSourceMappingArn", Value::from([arn.as_str(), &self.uuid].concat())),
        ]);
        object(members)
    }
}
