//! Verbs for declared Lambda functions and event source mappings.

use sim::{Command, FunctionSpec, LambdaCommand, MappingChange, MappingSpec, OnError};

use super::{Built, starting_position};
use crate::verbs::Given;
use crate::{Line, UsageError};

pub(in crate::verbs) const ON_ERROR: [(&str, OnError); 3] =
    [("throw", OnError::Throw), ("report-all", OnError::ReportAll), ("report-first", OnError::ReportFirst)];
pub(in crate::verbs) const SWITCH: [(&str, bool); 2] = [("true", true), ("false", false)];

fn lambda(command: LambdaCommand) -> Built {
    Ok(Line::Command(Command::from(command)))
}

fn text(given: &Given<'_>, option: &str) -> Option<String> {
    given.option(option).map(|value| value.text.to_owned())
}

fn function(given: &Given<'_>) -> Result<FunctionSpec, UsageError> {
    let default = FunctionSpec::new(given.place(0).text);
    Ok(FunctionSpec {
        role: text(given, "--role"),
        timeout: given.integer("--timeout")?.unwrap_or(default.timeout),
        concurrency: given.number("--concurrency")?,
        takes: given.duration("--takes")?.unwrap_or(default.takes),
        per_record: given.duration("--per-record")?.unwrap_or(default.per_record),
        fails_when: given.own("--fails-when")?,
        fails_every: given.number("--fails-every")?.unwrap_or(default.fails_every),
        on_error: given.choice("--on-error", &ON_ERROR)?.unwrap_or(default.on_error),
        count_by: given.own("--count-by")?,
        sum: given.own("--sum")?,
        drops_when: given.own("--drops-when")?,
        ..default
    })
}

pub(in crate::verbs) fn function_create(given: &Given<'_>) -> Built {
    lambda(LambdaCommand::CreateFunction(function(given)?))
}

pub(in crate::verbs) fn function_update(given: &Given<'_>) -> Built {
    lambda(LambdaCommand::UpdateFunction(function(given)?))
}

pub(in crate::verbs) fn function_delete(given: &Given<'_>) -> Built {
    lambda(LambdaCommand::DeleteFunction { function: given.place(0).text.to_owned() })
}

/// Patterns of `--filter`: a JSON list of them, as FilterCriteria has it.
fn filters(given: &Given<'_>) -> Result<Option<Vec<String>>, UsageError> {
    let Some(value) = given.option("--filters") else { return Ok(None) };
    let wrong = || {
        Given::wrong(value.span.clone(), "--filters is a JSON list of patterns, each one a text or an object")
    };
    let list: serde_json::Value = serde_json::from_str(value.text).map_err(|_| wrong())?;
    let list = list.as_array().ok_or_else(wrong)?;
    let text =
        |pattern: &serde_json::Value| pattern.as_str().map_or_else(|| pattern.to_string(), str::to_owned);
    Ok(Some(list.iter().map(text).collect()))
}

pub(in crate::verbs) fn mapping_create(given: &Given<'_>) -> Built {
    let from = starting_position(given)?;
    let default = MappingSpec::new(given.place(0).text, given.text("--event-source-arn"), from);
    lambda(LambdaCommand::CreateEventSourceMapping(MappingSpec {
        enabled: given.choice("--enabled", &SWITCH)?.unwrap_or(default.enabled),
        batch_size: given.integer("--batch-size")?.unwrap_or(default.batch_size),
        maximum_batching_window_in_seconds: given
            .integer("--maximum-batching-window-in-seconds")?
            .unwrap_or(default.maximum_batching_window_in_seconds),
        parallelization_factor: given
            .integer("--parallelization-factor")?
            .unwrap_or(default.parallelization_factor),
        maximum_record_age_in_seconds: given
            .integer("--maximum-record-age-in-seconds")?
            .unwrap_or(default.maximum_record_age_in_seconds),
        maximum_retry_attempts: given
            .integer("--maximum-retry-attempts")?
            .unwrap_or(default.maximum_retry_attempts),
        bisect_batch_on_function_error: given
            .choice("--bisect-batch-on-function-error", &SWITCH)?
            .unwrap_or(default.bisect_batch_on_function_error),
        report_batch_item_failures: given
            .choice("--report-batch-item-failures", &SWITCH)?
            .unwrap_or(default.report_batch_item_failures),
        tumbling_window_in_seconds: given
            .integer("--tumbling-window-in-seconds")?
            .unwrap_or(default.tumbling_window_in_seconds),
        filters: filters(given)?.unwrap_or_default(),
        on_failure: text(given, "--on-failure"),
        ..default
    }))
}

pub(in crate::verbs) fn mapping_update(given: &Given<'_>) -> Built {
    let change = MappingChange {
        function: text(given, "--function"),
        enabled: given.choice("--enabled", &SWITCH)?,
        batch_size: given.integer("--batch-size")?,
        maximum_batching_window_in_seconds: given.integer("--maximum-batching-window-in-seconds")?,
        parallelization_factor: given.integer("--parallelization-factor")?,
        maximum_record_age_in_seconds: given.integer("--maximum-record-age-in-seconds")?,
        maximum_retry_attempts: given.integer("--maximum-retry-attempts")?,
        bisect_batch_on_function_error: given.choice("--bisect-batch-on-function-error", &SWITCH)?,
        report_batch_item_failures: given.choice("--report-batch-item-failures", &SWITCH)?,
        tumbling_window_in_seconds: given.integer("--tumbling-window-in-seconds")?,
        filters: filters(given)?,
        on_failure: text(given, "--on-failure"),
    };
    lambda(LambdaCommand::UpdateEventSourceMapping { uuid: given.place(0).text.to_owned(), change })
}

pub(in crate::verbs) fn mapping_delete(given: &Given<'_>) -> Built {
    lambda(LambdaCommand::DeleteEventSourceMapping { uuid: given.place(0).text.to_owned() })
}
