//! Lambda functions and their event source mappings.

use sim::{EventSourceMapping, MappingCounts, MappingSpec, MappingState, StartingPosition, World};

use super::{Reader, reader, seconds};
use crate::check::{Args, Scene, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("fn"."exists"("F"), whether "there is a function {0}", |Scene { world, .. }, args| {
        Value::Bool(world.functions().get(args.first()).is_some())
    }),
    reader!("fn"."iterator_age_ms"("F"), "the iterator age of function {0} in milliseconds", |Scene { world, .. }, args| {
        let ages = mappings(world, args).filter_map(|mapping| mapping.iterator_age);
        ages.max().map_or(Value::Missing, |age| Value::count(age.millis()))
    }),
    reader!("fn"."invocations"("F"), "the number of invocations of function {0}", |Scene { world, .. }, args| {
        mapping_sum(world, args, |counts| counts.invocations)
    }),
    reader!("fn"."failed_batches"("F"), "the number of failed invocations of function {0}", |Scene { world, .. }, args| {
        mapping_sum(world, args, |counts| counts.errors)
    }),
    reader!("fn"."processed"("F"), "the number of different records that function {0} worked on", |Scene { world, .. }, args| {
        mapping_sum(world, args, |counts| counts.records.saturating_sub(counts.again))
    }),
    reader!("fn"."processed_twice"("F", "last="), "the number of records that function {0} worked on again", |Scene { world, memory, .. }, args| {
        let Some(text) = args.named("last") else {
            return mapping_sum(world, args, |counts| counts.again);
        };
        let Some(seconds) = seconds(text) else { return Value::Missing };
        let mappings = world.mappings().filter(|(_, mapping)| mapping.spec.function == args.first());
        Value::count(mappings.map(|(id, _)| memory.again_by(id, world.now(), seconds)).sum())
    }),
    reader!("fn"."order_violations"("F"), "the number of records that came to function {0} after a later one of their key", |Scene { world, .. }, args| {
        mapping_sum(world, args, |counts| counts.out_of_order)
    }),
    reader!("fn"."discarded"("F"), "the number of records of function {0} that were given up", |Scene { world, .. }, args| {
        mapping_sum(world, args, |counts| counts.discarded)
    }),
    reader!("fn"."dlq"("F"), "the number of messages about failures of function {0}", |Scene { world, .. }, args| {
        mapping_sum(world, args, |counts| counts.destination_messages)
    }),
    reader!("fn"."batch_size"("F"), "BatchSize of the mapping of {0}", |Scene { world, .. }, args| {
        mapping(world, args, |spec| Value::Number(spec.batch_size))
    }),
    reader!("fn"."window_s"("F"), "MaximumBatchingWindowInSeconds of the mapping of {0}", |Scene { world, .. }, args| {
        mapping(world, args, |spec| Value::Number(spec.maximum_batching_window_in_seconds))
    }),
    reader!("fn"."parallelization"("F"), "ParallelizationFactor of the mapping of {0}", |Scene { world, .. }, args| {
        mapping(world, args, |spec| Value::Number(spec.parallelization_factor))
    }),
    reader!("fn"."retries"("F"), "MaximumRetryAttempts of the mapping of {0}", |Scene { world, .. }, args| {
        mapping(world, args, |spec| Value::Number(spec.maximum_retry_attempts))
    }),
    reader!("fn"."bisects"("F"), whether "the mapping of {0} bisects a batch that failed", |Scene { world, .. }, args| {
        mapping(world, args, |spec| Value::Bool(spec.bisect_batch_on_function_error))
    }),
    reader!("fn"."reports"("F"), whether "the mapping of {0} takes partial responses", |Scene { world, .. }, args| {
        mapping(world, args, |spec| Value::Bool(spec.report_batch_item_failures))
    }),
    reader!("fn"."pushed"("F"), whether "the mapping of {0} is pushed to, as a registered consumer", |Scene { world, .. }, args| {
        mapping(world, args, |spec| Value::Bool(spec.event_source_arn.contains("/consumer/")))
    }),
    reader!("fn"."cfg"("F", "Name"), "{1} of the mapping of {0}", |Scene { world, .. }, args| {
        mapping(world, args, |spec| setting(spec, args.second()))
    }),
];

/// The mappings of a function that are not deleted.
fn mappings<'a>(world: &'a World, args: &'a Args) -> impl Iterator<Item = &'a EventSourceMapping> {
    let all = world.mappings().map(|(_, mapping)| mapping);
    all.filter(|mapping| mapping.spec.function == args.first() && mapping.state != MappingState::Deleted)
}

fn mapping_sum(world: &World, args: &Args, read: fn(&MappingCounts) -> u64) -> Value {
    match world.functions().get(args.first()) {
        Some(_) => Value::count(mappings(world, args).map(|mapping| read(&mapping.counts)).sum()),
        None => Value::Missing,
    }
}

/// The newest mapping's settings.
fn mapping(world: &World, args: &Args, read: impl FnOnce(&MappingSpec) -> Value) -> Value {
    mappings(world, args).last().map_or(Value::Missing, |mapping| read(&mapping.spec))
}

/// A setting under the name that Lambda gives it.
fn setting(spec: &MappingSpec, name: &str) -> Value {
    let truth = |is_on: bool| Value::text(if is_on { "true" } else { "false" });
    match name {
        "BatchSize" => Value::Number(spec.batch_size),
        "MaximumBatchingWindowInSeconds" => Value::Number(spec.maximum_batching_window_in_seconds),
        "ParallelizationFactor" => Value::Number(spec.parallelization_factor),
        "MaximumRecordAgeInSeconds" => Value::Number(spec.maximum_record_age_in_seconds),
        "MaximumRetryAttempts" => Value::Number(spec.maximum_retry_attempts),
        "TumblingWindowInSeconds" => Value::Number(spec.tumbling_window_in_seconds),
        "BisectBatchOnFunctionError" => truth(spec.bisect_batch_on_function_error),
        "ReportBatchItemFailures" => truth(spec.report_batch_item_failures),
        "Enabled" => truth(spec.enabled),
        "StartingPosition" => Value::text(match spec.starting_position {
            StartingPosition::TrimHorizon => "TRIM_HORIZON",
            StartingPosition::Latest => "LATEST",
            StartingPosition::AtTimestamp(_) => "AT_TIMESTAMP",
        }),
        "OnFailure" => Value::text(spec.on_failure.as_deref().unwrap_or("none")),
        _ => Value::Missing,
    }
}
