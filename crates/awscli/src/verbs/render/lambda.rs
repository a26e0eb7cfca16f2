//! Lines of commands to AWS Lambda.

use sim::{FunctionSpec, LambdaCommand, MappingChange, MappingSpec, StartingPosition};

use super::{Text, word};
use crate::verbs::build::{ON_ERROR, SWITCH};

pub(super) fn render(command: &LambdaCommand) -> String {
    match command {
        LambdaCommand::CreateFunction(spec) => function("function create", spec),
        LambdaCommand::UpdateFunction(spec) => function("function update", spec),
        LambdaCommand::DeleteFunction { function } => Text::new("function delete").place(function).finish(),
        LambdaCommand::CreateEventSourceMapping(spec) => create(spec),
        LambdaCommand::UpdateEventSourceMapping { uuid, change } => update(uuid, change),
        LambdaCommand::DeleteEventSourceMapping { uuid } => Text::new("mapping delete").place(uuid).finish(),
    }
}

fn function(verb: &str, spec: &FunctionSpec) -> String {
    let default = FunctionSpec::new("");
    Text::new(verb)
        .place(&spec.name)
        .given("--role", spec.role.as_ref())
        .unless("--timeout", spec.timeout, default.timeout)
        .given("--concurrency", spec.concurrency)
        .span("--takes", spec.takes, default.takes)
        .span("--per-record", spec.per_record, default.per_record)
        .given("--fails-when", spec.fails_when.as_ref())
        .unless("--fails-every", spec.fails_every, default.fails_every)
        .unless("--on-error", word(&ON_ERROR, spec.on_error), word(&ON_ERROR, default.on_error))
        .given("--count-by", spec.count_by.as_ref())
        .given("--sum", spec.sum.as_ref())
        .given("--drops-when", spec.drops_when.as_ref())
        .finish()
}

fn filters(patterns: &[String]) -> String {
    serde_json::Value::from(patterns).to_string()
}

fn create(spec: &MappingSpec) -> String {
    let default = MappingSpec::new("", "", StartingPosition::TrimHorizon);
    let switch = |on: bool, usual: bool| (on != usual).then(|| word(&SWITCH, on));
    Text::new("mapping create")
        .place(&spec.function)
        .option("--event-source-arn", &spec.event_source_arn)
        .position(spec.starting_position)
        .given("--enabled", switch(spec.enabled, default.enabled))
        .unless("--batch-size", spec.batch_size, default.batch_size)
        .unless("--maximum-batching-window-in-seconds", spec.maximum_batching_window_in_seconds, 0)
        .unless("--parallelization-factor", spec.parallelization_factor, 1)
        .unless("--maximum-record-age-in-seconds", spec.maximum_record_age_in_seconds, -1)
        .unless("--maximum-retry-attempts", spec.maximum_retry_attempts, -1)
        .given("--bisect-batch-on-function-error", switch(spec.bisect_batch_on_function_error, false))
        .given("--report-batch-item-failures", switch(spec.report_batch_item_failures, false))
        .unless("--tumbling-window-in-seconds", spec.tumbling_window_in_seconds, 0)
        .given("--filters", Some(filters(&spec.filters)).filter(|_| !spec.filters.is_empty()))
        .given("--on-failure", spec.on_failure.as_ref())
        .finish()
}

fn update(uuid: &str, change: &MappingChange) -> String {
    let switch = |on: Option<bool>| on.map(|on| word(&SWITCH, on));
    Text::new("mapping update")
        .place(uuid)
        .given("--function", change.function.as_ref())
        .given("--enabled", switch(change.enabled))
        .given("--batch-size", change.batch_size)
        .given("--maximum-batching-window-in-seconds", change.maximum_batching_window_in_seconds)
        .given("--parallelization-factor", change.parallelization_factor)
        .given("--maximum-record-age-in-seconds", change.maximum_record_age_in_seconds)
        .given("--maximum-retry-attempts", change.maximum_retry_attempts)
        .given("--bisect-batch-on-function-error", switch(change.bisect_batch_on_function_error))
        .given("--report-batch-item-failures", switch(change.report_batch_item_failures))
        .given("--tumbling-window-in-seconds", change.tumbling_window_in_seconds)
        .given("--filters", change.filters.as_ref().map(|patterns| filters(patterns)))
        .given("--on-failure", change.on_failure.as_ref())
        .finish()
}
