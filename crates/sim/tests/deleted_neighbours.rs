//! What happens when something is deleted that others use, as it does in AWS: whoever used it fails, says so, and goes
//! on by itself where it comes back.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod support;

use std::sync::Arc;

use kinesis::{DeleteStreamInput, KeyState, StartStreamEncryptionInput};
use sim::*;
use support::lambda::*;
use support::*;

fn delete_stream(sandbox: &mut Sandbox) {
    let input = DeleteStreamInput {
        stream_name: Some("orders".into()),
        enforce_consumer_deletion: Some(true),
        ..Default::default()
    };
    give(sandbox, Command::Call(input.into()));
    seconds(sandbox, 30);
}

fn bucket(name: &str) -> Command {
    Command::S3(S3Command::CreateBucket { bucket: name.into() })
}

fn firehose(change: impl FnOnce(&mut DeliveryStreamSpec)) -> Command {
    let mut spec = DeliveryStreamSpec::new("clicks", ARN, "lake");
    spec.interval_in_seconds = 60;
    change(&mut spec);
    FirehoseCommand::CreateDeliveryStream(spec).into()
}

/// Documented: deleting a function leaves its event source mappings, whose invocations fail.
#[test]
fn a_mapping_without_its_function_retries_and_loses_nothing() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 20);
    give(&mut sandbox, LambdaCommand::DeleteFunction { function: "worker".into() }.into());
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 120);
    let stopped = mapping(&sandbox);
    assert_eq!((stopped.records, stopped.discarded), (0, 0));
    assert_eq!(stopped.last_processing_result, "PROBLEM: Function call failed");
    give(&mut sandbox, function(|_| {}));
    seconds(&mut sandbox, 120);
    assert_eq!((mapping(&sandbox).records, mapping(&sandbox).last_processing_result), (1, "OK"));
}

/// Documented: only an empty bucket can be deleted; Firehose then retries with NoSuchBucket.
#[test]
fn firehose_waits_for_its_bucket_to_come_back() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    give(&mut sandbox, firehose(|_| {}));
    seconds(&mut sandbox, 25);
    put_data(&mut sandbox, "k", "x");
    give(&mut sandbox, Command::S3(S3Command::DeleteBucket { bucket: "lake".into() }));
    seconds(&mut sandbox, 120);
    let waiting = view(&sandbox).delivery_streams[0].clone();
    assert_eq!((waiting.waiting, waiting.last_failure), (1, Some("NoSuchBucket")));
    give(&mut sandbox, bucket("lake"));
    seconds(&mut sandbox, 300);
    assert_eq!(view(&sandbox).delivery_streams[0].delivered, 1);
    let refusal = sandbox.submit(Command::S3(S3Command::DeleteBucket { bucket: "lake".into() })).unwrap_err();
    assert_eq!(refusal.code(), Some("BucketNotEmpty"));
}

/// Observed: ResourceNotFoundException of a stream that is gone.
#[test]
fn services_without_their_stream_say_that_it_is_gone() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, map(|_| {}));
    give(&mut sandbox, firehose(|_| {}));
    seconds(&mut sandbox, 60);
    delete_stream(&mut sandbox);
    seconds(&mut sandbox, 60);
    assert_eq!(mapping(&sandbox).last_processing_result, "PROBLEM: Stream not found");
    assert_eq!(view(&sandbox).delivery_streams[0].source_problem, Some("ResourceNotFoundException"));
}

/// Documented: a Firehose stream that is deleted takes no more puts, and what it had buffered is lost.
#[test]
fn puts_to_a_firehose_stream_that_is_deleted_are_refused() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    give(&mut sandbox, firehose(|spec| spec.kinesis_stream_arn = None));
    seconds(&mut sandbox, 25);
    let put = || {
        let records = vec![Arc::from(&b"x"[..])];
        Command::from(FirehoseCommand::PutRecords { name: "clicks".into(), records, is_batch: false })
    };
    give(&mut sandbox, put());
    give(&mut sandbox, FirehoseCommand::DeleteDeliveryStream { name: "clicks".into() }.into());
    assert_eq!(sandbox.submit(put()).unwrap_err().code(), Some("ResourceNotFoundException"));
    seconds(&mut sandbox, 120);
    assert_eq!(
        sandbox.submit(put()).unwrap_err().reason(),
        "Firehose clicks under account 123456789012 not found."
    );
    assert_eq!(sandbox.world().s3().bucket("lake").unwrap().object_count(), 0);
}

/// Documented: ResourceNotFoundException of DynamoDB; the leases expire for their worker after the fail-over time, and
/// a start makes the table anew.
#[test]
fn an_application_without_its_table_stops_and_begins_anew_when_it_is_started() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    give(&mut sandbox, Command::StartApplication(application(1)));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::DeleteLeaseTable { application: "billing".into() });
    seconds(&mut sandbox, 30);
    let stopped = view(&sandbox).applications[0].records;
    seconds(&mut sandbox, 60);
    assert_eq!(view(&sandbox).applications[0].records, stopped);
    act(&mut sandbox, "w1", WorkerAction::Crash);
    act(&mut sandbox, "w1", WorkerAction::Restart);
    seconds(&mut sandbox, 60);
    let application = &view(&sandbox).applications[0];
    assert!(application.records > stopped + 500, "{application:?}");
}

/// Documented: KMSInvalidState of a key that waits for its deletion, KMSNotFound of one that is gone, KMSDisabled.
#[test]
fn a_key_that_is_gone_stops_writers_readers_and_services() {
    for state in [KeyState::PendingDeletion, KeyState::NotFound, KeyState::Disabled] {
        let mut sandbox = with_stream(1);
        let encrypt = StartStreamEncryptionInput {
            stream_name: Some("orders".into()),
            encryption_type: Some("KMS".into()),
            key_id: Some("alias/orders".into()),
            ..Default::default()
        };
        give(&mut sandbox, Command::Call(encrypt.into()));
        seconds(&mut sandbox, 30);
        give(&mut sandbox, function(|_| {}));
        give(&mut sandbox, map(|_| {}));
        give(&mut sandbox, Command::StartProducer(producer(10)));
        seconds(&mut sandbox, 30);
        let before = mapping(&sandbox).records;
        assert!(before > 100);
        give(&mut sandbox, Command::SetKeyState { key: "alias/orders".into(), state });
        seconds(&mut sandbox, 5);
        let (stored, read) = (view(&sandbox).producers[0].stored, mapping(&sandbox).records);
        seconds(&mut sandbox, 60);
        assert_eq!(view(&sandbox).producers[0].stored, stored, "{state:?}");
        assert_eq!(mapping(&sandbox).records, read, "{state:?}");
        assert_eq!(mapping(&sandbox).last_processing_result, "PROBLEM: Cannot read the stream");
        give(&mut sandbox, Command::SetKeyState { key: "alias/orders".into(), state: KeyState::Enabled });
        seconds(&mut sandbox, 60);
        assert!(mapping(&sandbox).records > read + 100, "{state:?}");
    }
}

/// Documented: a role without policies may do nothing; whoever uses it is refused from its next call on.
#[test]
fn a_role_that_loses_its_policy_stops_its_programs() {
    let mut sandbox = with_stream(1);
    let document = r#"{"Statement":{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}}"#;
    let policy = |document: Option<&str>| Command::SetPolicy {
        principal: "role/writer".into(),
        name: "own".into(),
        document: document.map(str::to_owned),
    };
    give(&mut sandbox, policy(Some(document)));
    let standing = Standing { role: Some("writer".into()), ..Standing::default() };
    let start = Box::new(Command::StartProducer(producer(10)));
    give(&mut sandbox, Command::StartAttached { standing, start });
    seconds(&mut sandbox, 10);
    give(&mut sandbox, policy(None));
    let stored = view(&sandbox).producers[0].stored;
    seconds(&mut sandbox, 10);
    assert!(view(&sandbox).producers[0].stored <= stored + 1);
    assert!(view(&sandbox).producers[0].lost > 80);
}
