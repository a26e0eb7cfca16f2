//! AWS Lambda event source mappings: what can be set, and what is refused.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm)] // Helpers of tests.

mod support;

use serde_json::json;
use sim::*;
use support::lambda::*;
use support::*;

/// Sentences: the constraints of the Lambda API model in the words of AWS's validation.
#[test]
fn what_is_out_of_range_is_refused_before_anything_changes() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    let digest = sandbox.digest();
    let mut refused = |command: Command, code: &str, message: &str| {
        let refusal = sandbox.submit(command).unwrap_err();
        assert_eq!((refusal.code(), refusal.reason()), (Some(code), message));
    };
    let one = |value: &str, member: &str, constraint: &str| {
        format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value {constraint}"
        )
    };
    for (change, expected) in [
        ((|s| s.batch_size = 0) as fn(&mut MappingSpec), one("0", "batchSize", "greater than or equal to 1")),
        (|s| s.batch_size = 10_001, one("10001", "batchSize", "less than or equal to 10000")),
        (
            |s| s.maximum_batching_window_in_seconds = 301,
            one("301", "maximumBatchingWindowInSeconds", "less than or equal to 300"),
        ),
        (|s| s.parallelization_factor = 11, one("11", "parallelizationFactor", "less than or equal to 10")),
        (|s| s.maximum_retry_attempts = -2, one("-2", "maximumRetryAttempts", "greater than or equal to -1")),
        (
            |s| s.maximum_record_age_in_seconds = 604_801,
            one("604801", "maximumRecordAgeInSeconds", "less than or equal to 604800"),
        ),
        (
            |s| s.tumbling_window_in_seconds = 901,
            one("901", "tumblingWindowInSeconds", "less than or equal to 900"),
        ),
    ] {
        refused(map(change), "ValidationException", &expected);
    }
    refused(
        map(|spec| {
            spec.batch_size = 0;
            spec.parallelization_factor = 0;
        }),
        "ValidationException",
        "2 validation errors detected: Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater \
         than or equal to 1; Value '0' at 'parallelizationFactor' failed to satisfy constraint: Member must have value \
         greater than or equal to 1",
    );
    refused(
        map(|spec| spec.maximum_record_age_in_seconds = 59),
        "InvalidParameterValueException",
        "MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.",
    );
    refused(
        map(|spec| spec.filters = vec!["no JSON".into()]),
        "InvalidParameterValueException",
        "Invalid filter pattern definition.",
    );
    refused(
        map(|spec| spec.function = "nobody".into()),
        "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody",
    );
    let nowhere = "arn:aws:kinesis:us-east-1:123456789012:stream/nowhere";
    refused(
        map(|spec| spec.event_source_arn = nowhere.into()),
        "InvalidParameterValueException",
        &format!("Stream not found: {nowhere}"),
    );
    assert_eq!(sandbox.digest(), digest);
}

/// Observed: the sentence in LocalStack's recordings of AWS.
#[test]
fn a_stream_is_mapped_to_a_function_once() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    let uuid = mapping(&sandbox).uuid;
    let refusal = sandbox.submit(map(|_| {})).unwrap_err();
    assert_eq!(refusal.code(), Some("ResourceConflictException"));
    assert_eq!(
        refusal.reason(),
        format!(
            "The event source arn (\" {ARN} \") and function (\" worker \") provided mapping already exists. Please update \
             or delete the existing mapping with UUID {uuid}"
        )
    );
}

#[test]
fn a_mapping_is_changed_disabled_and_deleted() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    let uuid = mapping(&sandbox).uuid;
    let change = |change: MappingChange| {
        Command::from(LambdaCommand::UpdateEventSourceMapping { uuid: uuid.clone(), change })
    };
    let refusal = sandbox.submit(change(MappingChange::default())).unwrap_err();
    assert_eq!(refusal.code(), Some("ResourceInUseException"));
    seconds(&mut sandbox, 15);
    give(&mut sandbox, change(MappingChange { parallelization_factor: Some(3), ..Default::default() }));
    assert_eq!(mapping(&sandbox).state, "Updating");
    seconds(&mut sandbox, 10);
    assert_eq!((mapping(&sandbox).state, mapping(&sandbox).parallelization_factor), ("Enabled", 3));
    give(&mut sandbox, change(MappingChange { enabled: Some(false), ..Default::default() }));
    assert_eq!(mapping(&sandbox).state, "Disabling");
    seconds(&mut sandbox, 10);
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 30);
    assert_eq!((mapping(&sandbox).state, mapping(&sandbox).records), ("Disabled", 0));
    give(&mut sandbox, change(MappingChange { enabled: Some(true), ..Default::default() }));
    seconds(&mut sandbox, 10);
    assert_eq!(
        (mapping(&sandbox).state, mapping(&sandbox).records),
        ("Enabled", 1),
        "it goes on where it stood"
    );
    give(&mut sandbox, Command::from(LambdaCommand::DeleteEventSourceMapping { uuid: uuid.clone() }));
    assert_eq!(mapping(&sandbox).state, "Deleting");
    seconds(&mut sandbox, 10);
    assert!(view(&sandbox).mappings.is_empty());
    assert_eq!(sandbox.world().next_due(), None, "nothing goes on");
}

#[test]
fn a_saved_session_brings_mappings_back_and_undo_takes_them_away() {
    let mut sandbox = with_poison(|spec| {
        spec.bisect_batch_on_function_error = true;
        spec.maximum_retry_attempts = 2;
        spec.filters = vec!["{}".into()];
        spec.on_failure = Some(DLQ.into());
        spec.starting_position = StartingPosition::AtTimestamp(SandboxOptions::default().start);
    });
    seconds(&mut sandbox, 20);
    let uuid = mapping(&sandbox).uuid;
    let change = MappingChange { batch_size: Some(5), filters: Some(Vec::new()), ..Default::default() };
    give(&mut sandbox, Command::from(LambdaCommand::UpdateEventSourceMapping { uuid, change }));
    let spec = FunctionSpec {
        count_by: Some("n".parse().unwrap()),
        sum: Some("n".parse().unwrap()),
        on_error: OnError::ReportAll,
        concurrency: Some(2),
        ..FunctionSpec::new("worker")
    };
    give(&mut sandbox, Command::from(LambdaCommand::UpdateFunction(spec)));
    seconds(&mut sandbox, 60);
    let (loaded, note) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    assert_eq!((note, loaded.digest()), (None, sandbox.digest()));
    assert_eq!(view(&loaded).mappings, view(&sandbox).mappings);
    assert!(sandbox.undo() && sandbox.undo() && sandbox.undo());
    assert!(view(&sandbox).mappings.is_empty());
}

/// Observed: LocalStack's recording of AWS's answer of 25 November 2025.
#[test]
fn a_new_mapping_is_described_as_lambda_describes_it() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    let (_, mapping) = sandbox.world().mappings().next().unwrap();
    let uuid = mapping.uuid.clone();
    assert_eq!(
        mapping.configuration(),
        json!({
            "UUID": uuid,
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 100,
            "MaximumBatchingWindowInSeconds": 0,
            "ParallelizationFactor": 1,
            "EventSourceArn": ARN,
            "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:worker",
            "LastModified": 1_767_225_620.0,
            "LastProcessingResult": "No records processed",
            "State": "Creating",
            "StateTransitionReason": "User action",
            "DestinationConfig": {"OnFailure": {}},
            "MaximumRecordAgeInSeconds": -1,
            "BisectBatchOnFunctionError": false,
            "MaximumRetryAttempts": -1,
            "TumblingWindowInSeconds": 0,
            "FunctionResponseTypes": [],
            "EventSourceMappingArn": format!("arn:aws:lambda:us-east-1:123456789012:event-source-mapping:{uuid}"),
        })
    );
}
