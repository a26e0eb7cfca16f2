//! Data Firehose: what is delivered when, under which name, and where what fails goes.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm)] // Helpers of tests.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::{Blob, PutRecordInput, UserRecord, aggregate};
use proptest::prelude::*;
use serde_json::Value;
use sim::*;
use support::*;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

fn bucket(name: &str) -> Command {
    Command::S3(S3Command::CreateBucket { bucket: name.into() })
}

fn create(change: impl FnOnce(&mut DeliveryStreamSpec)) -> Command {
    let mut spec = DeliveryStreamSpec::new("clicks", ARN, "lake");
    change(&mut spec);
    FirehoseCommand::CreateDeliveryStream(spec).into()
}

fn put_data(sandbox: &mut Sandbox, key: &str, data: impl Into<Vec<u8>>) {
    let input = PutRecordInput {
        stream_name: Some("orders".into()),
        partition_key: Some(key.into()),
        data: Some(Blob::Bytes(data.into())),
        ..Default::default()
    };
    give(sandbox, Command::Call(input.into()));
}

/// A Firehose stream that is ACTIVE and has read to the tip.
fn with_firehose(change: impl FnOnce(&mut DeliveryStreamSpec)) -> Sandbox {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    give(&mut sandbox, create(change));
    seconds(&mut sandbox, 25);
    sandbox
}

fn firehose(sandbox: &Sandbox) -> DeliveryStreamView {
    view(sandbox).delivery_streams[0].clone()
}

fn objects(sandbox: &Sandbox, bucket: &str) -> Vec<(String, String)> {
    let bucket = sandbox.world().s3().bucket(bucket).unwrap();
    let text = |object: &Object| String::from_utf8_lossy(&object.body.as_ref().unwrap().bytes()).into_owned();
    bucket.objects().map(|(key, object)| (key.to_owned(), text(object))).collect()
}

/// When each object was written, in seconds since the start, and its size.
fn written(sandbox: &Sandbox) -> Vec<(u64, u64)> {
    let start = SandboxOptions::default().start;
    let bucket = sandbox.world().s3().bucket("lake").unwrap();
    bucket.objects().map(|(_, object)| (object.written.since(start).seconds(), object.size)).collect()
}

/// Documented: Firehose delivers when the buffer has its size or its time is over, whatever comes first.
#[test]
fn sixty_seconds_against_one_megabyte() {
    let run = |rate: u32| {
        let mut sandbox = with_firehose(|spec| {
            spec.size_in_mbs = 1;
            spec.interval_in_seconds = 60;
        });
        give(&mut sandbox, Command::StartProducer(ProducerSpec { size: 1_000, ..producer(rate) }));
        seconds(&mut sandbox, 300);
        written(&sandbox)
    };
    // 10 kB a second: after 60 seconds there are 600 kB.
    let slow = run(10);
    assert!(slow.windows(2).all(|pair| (60..=62).contains(&(pair[1].0 - pair[0].0))), "{slow:?}");
    assert!(slow.iter().all(|(_, size)| (590_000..=620_000).contains(size)), "{slow:?}");
    // 100 kB a second: 1,048,576 bytes are there after some 10.5 seconds.
    let fast = run(100);
    assert!(fast.iter().all(|(_, size)| *size == 1_049_000), "{fast:?}");
    assert!((26..=29).contains(&fast.len()), "{fast:?}");
}

/// Documented: reading begins at LATEST, and objects are named by hour, stream and time.
#[test]
fn what_comes_before_firehose_is_active_is_not_delivered() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    give(
        &mut sandbox,
        create(|spec| {
            spec.interval_in_seconds = 10;
            spec.append_delimiter = true;
        }),
    );
    put_data(&mut sandbox, "k", "early");
    seconds(&mut sandbox, 25);
    put_data(&mut sandbox, "k", "late");
    put_data(&mut sandbox, "k", "later");
    seconds(&mut sandbox, 15);
    let objects = objects(&sandbox, "lake");
    let [(key, text)] = &objects[..] else { panic!("{objects:?}") };
    assert_eq!(text, "late\nlater\n");
    let rest = key.strip_prefix("2026/01/01/00/clicks-1-2026-01-01-00-00-").unwrap();
    let (second, uuid) = rest.split_once('-').unwrap();
    assert_eq!((second.len(), uuid.len()), (2, 36), "{key}");
    assert_eq!((firehose(&sandbox).read, firehose(&sandbox).delivered), (2, 2));
}

/// Documented: without a delimiter, records stand one behind the other as they are.
#[test]
fn records_without_a_delimiter_run_together() {
    let mut sandbox = with_firehose(|spec| spec.interval_in_seconds = 10);
    put_data(&mut sandbox, "k", "{\"a\":1}");
    put_data(&mut sandbox, "k", "{\"a\":2}");
    seconds(&mut sandbox, 15);
    assert_eq!(objects(&sandbox, "lake")[0].1, "{\"a\":1}{\"a\":2}");
}

/// Documented: aggregated records of the KPL are taken apart before they are delivered.
#[test]
fn aggregates_are_taken_apart() {
    let mut sandbox = with_firehose(|spec| {
        spec.interval_in_seconds = 10;
        spec.append_delimiter = true;
    });
    let user = |data: &str| UserRecord {
        partition_key: "k".into(),
        explicit_hash_key: None,
        data: data.as_bytes().to_vec(),
    };
    put_data(&mut sandbox, "a", aggregate(&[user("one"), user("two")]));
    seconds(&mut sandbox, 15);
    assert_eq!(objects(&sandbox, "lake")[0].1, "one\ntwo\n");
    assert_eq!(firehose(&sandbox).read, 2);
}

/// Documented: Dropped records are not delivered; ProcessingFailed ones go under processing-failed.
#[test]
fn a_transform_drops_and_fails_records() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    let spec = FunctionSpec {
        fails_when: Some("kind=bad".parse().unwrap()),
        drops_when: Some("kind=noise".parse().unwrap()),
        ..FunctionSpec::new("clean")
    };
    give(&mut sandbox, LambdaCommand::CreateFunction(spec).into());
    give(
        &mut sandbox,
        create(|spec| {
            spec.interval_in_seconds = 10;
            spec.append_delimiter = true;
            spec.transform = Some("clean".into());
        }),
    );
    seconds(&mut sandbox, 25);
    for kind in ["good", "noise", "bad"] {
        put_data(&mut sandbox, "k", format!(r#"{{"kind":"{kind}"}}"#));
    }
    seconds(&mut sandbox, 40);
    let objects = objects(&sandbox, "lake");
    assert_eq!(objects[0].1, "{\"kind\":\"good\"}\n");
    assert!(objects[1].0.starts_with("processing-failed/2026/01/01/00/clicks-1-"), "{}", objects[1].0);
    let line: Value = serde_json::from_str(objects[1].1.trim()).unwrap();
    assert_eq!(line["rawData"], BASE64.encode(r#"{"kind":"bad"}"#));
    assert_eq!(line["errorCode"], "Lambda.ProcessingFailedStatus");
    assert_eq!(line["lambdaArn"], "arn:aws:lambda:us-east-1:123456789012:function:clean");
    let after = firehose(&sandbox);
    assert_eq!((after.read, after.delivered, after.dropped, after.failed, after.waiting), (3, 1, 1, 1, 0));
}

/// Documented: an invocation that fails is tried three times more, then its records go under processing-failed.
#[test]
fn a_transform_that_fails_is_tried_three_times_more() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    let spec = FunctionSpec { fails_every: 1, ..FunctionSpec::new("broken") };
    give(&mut sandbox, LambdaCommand::CreateFunction(spec).into());
    give(
        &mut sandbox,
        create(|spec| {
            spec.interval_in_seconds = 5;
            spec.transform = Some("broken".into());
        }),
    );
    seconds(&mut sandbox, 25);
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 60);
    assert_eq!(view(&sandbox).functions[0].invocations, 4);
    assert_eq!((firehose(&sandbox).failed, firehose(&sandbox).waiting), (1, 0));
    let line: Value = serde_json::from_str(objects(&sandbox, "lake")[0].1.trim()).unwrap();
    assert_eq!((&line["attemptsMade"], &line["errorCode"]), (&4.into(), &"Lambda.FunctionError".into()));
}

fn partitioned(spec: &mut DeliveryStreamSpec) {
    spec.partition_by = Some("customer".parse().unwrap());
    spec.prefix = "customer=!{partitionKeyFromQuery:customer}/".into();
    spec.size_in_mbs = 64;
    spec.interval_in_seconds = 60;
}

#[test]
fn dynamic_partitioning_writes_an_object_for_each_key() {
    let mut sandbox = with_firehose(partitioned);
    for data in [r#"{"customer":"ana"}"#, r#"{"customer":"bo"}"#, r#"{"customer":"ana"}"#, "no JSON"] {
        put_data(&mut sandbox, "k", data);
    }
    seconds(&mut sandbox, 5);
    assert_eq!(firehose(&sandbox).active_partitions, 2);
    seconds(&mut sandbox, 70);
    let objects = objects(&sandbox, "lake");
    let prefixes: Vec<&str> = objects.iter().map(|(key, _)| key.split('/').next().unwrap()).collect();
    assert_eq!(prefixes, ["customer=ana", "customer=bo", "metadata-extraction-failed"]);
    assert_eq!(objects[0].1, r#"{"customer":"ana"}{"customer":"ana"}"#);
    assert_eq!((firehose(&sandbox).delivered, firehose(&sandbox).failed), (3, 1));
}

/// Documented: 500 active partitions; what is beyond goes to the error prefix.
#[test]
fn the_five_hundred_and_first_partition_is_an_error() {
    let mut sandbox = with_firehose(partitioned);
    for customer in 0..501 {
        put_data(&mut sandbox, "k", format!(r#"{{"customer":"c{customer}"}}"#));
        if customer == 250 {
            seconds(&mut sandbox, 1);
        }
    }
    seconds(&mut sandbox, 90);
    let after = firehose(&sandbox);
    assert_eq!((after.delivered, after.failed), (500, 1));
    assert!(objects(&sandbox, "lake").iter().any(|(key, _)| key.starts_with("activePartitionExceeded/")));
}

#[test]
fn a_backup_has_all_source_records() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    give(&mut sandbox, bucket("raw"));
    let spec = FunctionSpec { drops_when: Some("data~drop".parse().unwrap()), ..FunctionSpec::new("clean") };
    give(&mut sandbox, LambdaCommand::CreateFunction(spec).into());
    give(
        &mut sandbox,
        create(|spec| {
            spec.interval_in_seconds = 10;
            spec.transform = Some("clean".into());
            spec.backup_bucket = Some("raw".into());
        }),
    );
    seconds(&mut sandbox, 25);
    for data in ["keep", "drop"] {
        put_data(&mut sandbox, "k", data);
    }
    seconds(&mut sandbox, 40);
    assert_eq!(objects(&sandbox, "raw")[0].1, "keepdrop");
    assert_eq!(objects(&sandbox, "lake")[0].1, "keep");
    assert_eq!(firehose(&sandbox).backed_up, 2);
}

/// Documented: delivery to S3 is tried again until it succeeds or the stream's retention is over.
#[test]
fn a_bucket_that_is_missing_holds_delivery_up() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, create(|spec| spec.interval_in_seconds = 10));
    seconds(&mut sandbox, 25);
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 300);
    let held = firehose(&sandbox);
    assert_eq!((held.delivered, held.waiting, held.last_failure), (0, 1, Some("NoSuchBucket")));
    assert!(held.refused > 3 && held.data_freshness_ms > 290_000, "{held:?}");
    give(&mut sandbox, bucket("lake"));
    seconds(&mut sandbox, 300);
    let after = firehose(&sandbox);
    assert_eq!(
        (after.delivered, after.waiting, after.last_failure, after.data_freshness_ms),
        (1, 0, None, 0)
    );
}

#[test]
fn what_the_retention_is_too_short_for_is_lost_and_counted() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, create(|spec| spec.interval_in_seconds = 10));
    seconds(&mut sandbox, 25);
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 25 * 3_600);
    let after = firehose(&sandbox);
    assert_eq!((after.lost, after.waiting), (1, 0));
    assert_eq!(count(&sandbox, |fact| matches!(fact, Fact::RecordsUndelivered { count: 1, .. })), 1);
}

/// Documented: the role needs s3:PutObject on the bucket.
#[test]
fn a_role_without_the_right_to_the_bucket_delivers_nothing() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    let role = "arn:aws:iam::123456789012:role/firehose".to_owned();
    let document =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}]}"#;
    give(
        &mut sandbox,
        Command::SetPolicy { principal: role.clone(), name: "read".into(), document: Some(document.into()) },
    );
    give(
        &mut sandbox,
        create(|spec| {
            spec.role = Some(role);
            spec.interval_in_seconds = 10;
        }),
    );
    seconds(&mut sandbox, 25);
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 30);
    assert_eq!(firehose(&sandbox).last_failure, Some("AccessDenied"));
    assert!(
        count(
            &sandbox,
            |fact| matches!(fact, Fact::AccessDenied { sentence, .. } if sentence.contains("s3:PutObject"))
        ) > 0
    );
}

/// Sentences: the constraints of the Firehose API model in the words of AWS's validation.
#[test]
fn what_is_out_of_range_is_refused_before_anything_changes() {
    let mut sandbox = with_stream(1);
    let digest = sandbox.digest();
    let hints = "extendedS3DestinationConfiguration.bufferingHints";
    for (change, value, member, constraint) in [
        (
            (|s| s.size_in_mbs = 0) as fn(&mut DeliveryStreamSpec),
            "0",
            "sizeInMBs",
            "greater than or equal to 1",
        ),
        (|s| s.size_in_mbs = 129, "129", "sizeInMBs", "less than or equal to 128"),
        (|s| s.interval_in_seconds = -1, "-1", "intervalInSeconds", "greater than or equal to 0"),
        (|s| s.interval_in_seconds = 901, "901", "intervalInSeconds", "less than or equal to 900"),
    ] {
        let refusal = sandbox.submit(create(change)).unwrap_err();
        let expected = format!(
            "1 validation error detected: Value '{value}' at '{hints}.{member}' failed to satisfy constraint: Member must \
             have value {constraint}"
        );
        assert_eq!((refusal.code(), refusal.reason()), (Some("ValidationException"), expected.as_str()));
    }
    let partitioned_at_once = |spec: &mut DeliveryStreamSpec| {
        partitioned(spec);
        spec.interval_in_seconds = 0;
    };
    for change in [
        partitioned_at_once as fn(&mut DeliveryStreamSpec),
        |s| s.prefix = "!{nonsense}/".into(),
        |s| s.prefix = "!{partitionKeyFromQuery:customer}/".into(),
        |s| s.transform = Some("nobody".into()),
    ] {
        let refusal = sandbox.submit(create(change)).unwrap_err();
        assert_eq!(refusal.code(), Some("InvalidArgumentException"), "{refusal}");
    }
    let refusal = sandbox.submit(create(|s| s.kinesis_stream_arn = Some("arn".into()))).unwrap_err();
    assert_eq!(refusal.code(), Some("ResourceNotFoundException"));
    assert_eq!(sandbox.digest(), digest);
}

#[test]
fn a_firehose_stream_is_deleted_saved_and_undone() {
    let mut sandbox = with_firehose(|spec| {
        spec.interval_in_seconds = 0;
        spec.error_output_prefix = "bad/".into();
    });
    put_data(&mut sandbox, "k", "x");
    seconds(&mut sandbox, 5);
    let (loaded, note) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    assert_eq!((note, loaded.digest()), (None, sandbox.digest()));
    assert_eq!(view(&loaded).delivery_streams, view(&sandbox).delivery_streams);
    let delete = FirehoseCommand::DeleteDeliveryStream { name: "clicks".into() };
    give(&mut sandbox, delete.clone().into());
    assert_eq!(firehose(&sandbox).status, "DELETING");
    seconds(&mut sandbox, 20);
    assert!(view(&sandbox).delivery_streams.is_empty());
    assert_eq!(sandbox.world().next_due(), None);
    assert!(sandbox.submit(delete.into()).is_err());
    assert!(sandbox.undo());
    assert_eq!(firehose(&sandbox).status, "ACTIVE");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// What Firehose read is at every moment delivered, dropped, failed, lost or waiting; and in the end nothing waits.
    #[test]
    fn no_record_is_unaccounted_for(
        seed: u64,
        rate in 1u32..150,
        size in 20u32..4_000,
        megabytes in 1i64..4,
        interval in 0i64..40,
        has_transform: bool,
        fails_every in 0u32..5,
        bucket_at in 0u64..120,
        steps in 1u64..15,
    ) {
        let options = SandboxOptions { seed, ..SandboxOptions::default() };
        let mut sandbox = Sandbox::new(options);
        give(&mut sandbox, create_stream("orders", 2));
        seconds(&mut sandbox, 20);
        let spec = FunctionSpec {
            fails_every,
            fails_when: Some("data~11".parse().unwrap()),
            drops_when: Some("data~7".parse().unwrap()),
            ..FunctionSpec::new("clean")
        };
        give(&mut sandbox, LambdaCommand::CreateFunction(spec).into());
        give(&mut sandbox, create(|spec| {
            spec.size_in_mbs = megabytes;
            spec.interval_in_seconds = interval;
            spec.transform = has_transform.then(|| "clean".into());
        }));
        give(&mut sandbox, Command::StartProducer(ProducerSpec { size, call: PutCall::Batch, ..producer(rate) }));
        let check = |sandbox: &Sandbox| {
            let now = firehose(sandbox);
            prop_assert_eq!(now.read, now.delivered + now.dropped + now.failed + now.lost + now.waiting);
            Ok(())
        };
        for step in 0..steps * 4 {
            seconds(&mut sandbox, 5);
            check(&sandbox)?;
            if step * 5 == bucket_at / 5 * 5 {
                give(&mut sandbox, bucket("lake"));
            }
        }
        give(&mut sandbox, Command::StopProducer { name: "web".into() });
        let _ = sandbox.submit(bucket("lake"));
        seconds(&mut sandbox, 600);
        check(&sandbox)?;
        let end = firehose(&sandbox);
        prop_assert_eq!(end.waiting, 0);
        let objects = sandbox.world().s3().bucket("lake").unwrap();
        prop_assert_eq!(objects.size(), end.bytes);
        prop_assert_eq!(objects.object_count() as u64, end.objects);
    }
}
