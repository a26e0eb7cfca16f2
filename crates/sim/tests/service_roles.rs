//! Roles of Lambda, Firehose and the KPL: the ready policies are enough, and each single right that is missing breaks
//! something that one can see.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod support;

use kinesis::RegisterStreamConsumerInput;
use sim::*;
use support::lambda::*;
use support::*;

const ROLE: &str = "arn:aws:iam::123456789012:role/service";

fn ready(kind: ReadyPolicy) -> String {
    kind.document(PolicyPlace {
        region: "us-east-1",
        account: "123456789012",
        stream: "orders",
        application: "billing",
        bucket: "lake",
    })
}

fn set_policy(sandbox: &mut Sandbox, name: &str, document: &str) {
    let document = Some(document.to_owned());
    give(sandbox, Command::SetPolicy { principal: "role/service".into(), name: name.into(), document });
}

/// The ready policy but for one right.
fn without(sandbox: &mut Sandbox, kind: ReadyPolicy, action: &str) {
    set_policy(sandbox, "own", &ready(kind));
    let deny = format!(r#"{{"Statement":{{"Effect":"Deny","Action":"{action}","Resource":"*"}}}}"#);
    set_policy(sandbox, "but", &deny);
}

fn denials(sandbox: &Sandbox) -> Vec<String> {
    let mut denials = Vec::new();
    for fact in sandbox.world().facts_since(0) {
        if let Fact::AccessDenied { sentence } = &fact.fact {
            denials.push(sentence.clone());
        }
    }
    denials
}

// Lambda --------------------------------------------------------------------------------------------------------------

fn with_function() -> Sandbox {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|spec| spec.role = Some(ROLE.into())));
    give(&mut sandbox, Command::StartProducer(producer(10)));
    sandbox
}

/// Documented: the managed policy AWSLambdaKinesisExecutionRole.
#[test]
fn the_ready_policy_of_lambda_is_enough() {
    let mut sandbox = with_function();
    set_policy(&mut sandbox, "own", &ready(ReadyPolicy::Lambda));
    give(&mut sandbox, map(|_| {}));
    seconds(&mut sandbox, 60);
    assert!(mapping(&sandbox).records > 500, "{:?}", mapping(&sandbox));
    assert_eq!(mapping(&sandbox).last_processing_result, "OK");
    assert_eq!(denials(&sandbox), [""; 0]);
}

/// Observed: the sentence with which Lambda refuses to make such a mapping.
#[test]
fn a_role_that_may_not_read_gets_no_mapping() {
    for action in ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"] {
        let mut sandbox = with_function();
        without(&mut sandbox, ReadyPolicy::Lambda, action);
        let refusal = sandbox.submit(map(|_| {})).expect_err("the role may not read");
        assert_eq!(refusal.code(), Some("InvalidParameterValueException"), "{action}");
        assert_eq!(
            refusal.reason(),
            "Cannot access stream arn:aws:kinesis:us-east-1:123456789012:stream/orders. Please ensure the role can perform \
             the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
        );
        assert!(view(&sandbox).mappings.is_empty());
    }
}

/// Documented: the actions of AWSLambdaKinesisExecutionRole. A right that is taken away while the mapping reads shows in
/// LastProcessingResult, and reading goes on by itself where it comes back.
#[test]
fn a_right_that_is_taken_away_stops_the_mapping_visibly() {
    for action in ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"] {
        let mut sandbox = with_function();
        set_policy(&mut sandbox, "own", &ready(ReadyPolicy::Lambda));
        give(&mut sandbox, map(|_| {}));
        without(&mut sandbox, ReadyPolicy::Lambda, action);
        seconds(&mut sandbox, 60);
        let stopped = mapping(&sandbox);
        assert_eq!(stopped.records, 0, "{action}");
        assert!(stopped.last_processing_result.starts_with("PROBLEM: Cannot access stream"), "{stopped:?}");
        assert!(denials(&sandbox)[0].contains(&format!("perform: {action} on resource")), "{action}");
        give(
            &mut sandbox,
            Command::SetPolicy { principal: "role/service".into(), name: "but".into(), document: None },
        );
        seconds(&mut sandbox, 60);
        assert!(mapping(&sandbox).records > 500, "{action}");
        assert_eq!(mapping(&sandbox).last_processing_result, "OK");
    }
}

#[test]
fn a_mapping_to_a_consumer_needs_subscribe_to_shard() {
    let mut sandbox = with_function();
    let registration = RegisterStreamConsumerInput {
        stream_arn: Some(ARN.into()),
        consumer_name: Some("billing".into()),
        ..Default::default()
    };
    give(&mut sandbox, Command::Call(registration.into()));
    let created =
        sandbox.world().service().streams().next().unwrap().consumers.values().next().unwrap().created;
    let arn = format!("{ARN}/consumer/billing:{}", created.seconds());
    seconds(&mut sandbox, 30);
    without(&mut sandbox, ReadyPolicy::Lambda, "kinesis:SubscribeToShard");
    give(&mut sandbox, map(|spec| spec.event_source_arn = arn));
    seconds(&mut sandbox, 60);
    assert_eq!(mapping(&sandbox).records, 0);
    assert!(mapping(&sandbox).last_processing_result.starts_with("PROBLEM: Cannot access stream"));
    set_policy(&mut sandbox, "but", &ready(ReadyPolicy::Lambda));
    seconds(&mut sandbox, 60);
    assert!(mapping(&sandbox).records > 500);
}

/// Documented: a destination needs the right to send to it; without it the message is lost and counted.
#[test]
fn an_on_failure_destination_needs_its_own_right() {
    let mut sandbox = with_stream(1);
    give(
        &mut sandbox,
        function(|spec| {
            poisoned(spec);
            spec.role = Some(ROLE.into());
        }),
    );
    set_policy(&mut sandbox, "own", &ready(ReadyPolicy::Lambda));
    give(
        &mut sandbox,
        map(|spec| {
            spec.maximum_retry_attempts = 0;
            spec.on_failure = Some(DLQ.into());
        }),
    );
    put_data(&mut sandbox, "k", r#"{"status":"poison"}"#);
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.read, after.discarded, after.destination_failures), (1, 1, 1));
    let send = r#"{"Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}}"#;
    set_policy(&mut sandbox, "send", send);
    put_data(&mut sandbox, "k", r#"{"status":"poison"}"#);
    seconds(&mut sandbox, 60);
    let after = mapping(&sandbox);
    assert_eq!((after.discarded, after.destination_messages), (2, 1));
}

// Firehose ------------------------------------------------------------------------------------------------------------

fn with_firehose(change: impl FnOnce(&mut DeliveryStreamSpec)) -> Sandbox {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "lake".into() }));
    let mut spec = DeliveryStreamSpec::new("clicks", ARN, "lake");
    (spec.interval_in_seconds, spec.role) = (10, Some(ROLE.into()));
    change(&mut spec);
    give(&mut sandbox, FirehoseCommand::CreateDeliveryStream(spec).into());
    give(&mut sandbox, Command::StartProducer(producer(10)));
    sandbox
}

/// Documented: Controlling access with Amazon Data Firehose: a Kinesis stream as source, S3 as destination.
#[test]
fn the_ready_policy_of_firehose_is_enough() {
    let mut sandbox = with_firehose(|_| {});
    set_policy(&mut sandbox, "own", &ready(ReadyPolicy::Firehose));
    seconds(&mut sandbox, 90);
    let stream = &view(&sandbox).delivery_streams[0];
    assert!(stream.delivered > 400, "{stream:?}");
    assert_eq!(denials(&sandbox), [""; 0]);
}

#[test]
fn firehose_without_one_right_to_read_reads_nothing_and_says_so() {
    for action in ["kinesis:ListShards", "kinesis:GetShardIterator", "kinesis:GetRecords"] {
        let mut sandbox = with_firehose(|_| {});
        without(&mut sandbox, ReadyPolicy::Firehose, action);
        seconds(&mut sandbox, 90);
        let stream = &view(&sandbox).delivery_streams[0];
        assert_eq!((stream.read, stream.source_problem), (0, Some("AccessDeniedException")), "{action}");
        assert!(denials(&sandbox)[0].contains(&format!("perform: {action} on resource")), "{action}");
    }
}

#[test]
fn firehose_without_put_object_keeps_what_it_read_and_delivers_it_when_it_may() {
    let mut sandbox = with_firehose(|_| {});
    without(&mut sandbox, ReadyPolicy::Firehose, "s3:PutObject");
    seconds(&mut sandbox, 90);
    let stream = view(&sandbox).delivery_streams[0].clone();
    assert!(stream.read > 400 && stream.delivered == 0, "{stream:?}");
    assert_eq!((stream.waiting, stream.last_failure), (stream.read, Some("AccessDenied")));
    assert!(denials(&sandbox)[0].contains("perform: s3:PutObject on resource"));
    give(
        &mut sandbox,
        Command::SetPolicy { principal: "role/service".into(), name: "but".into(), document: None },
    );
    seconds(&mut sandbox, 400);
    assert!(view(&sandbox).delivery_streams[0].delivered > stream.read);
}

/// Documented: with a transform the role needs lambda:InvokeFunction; what could not be transformed goes to
/// `processing-failed/`.
#[test]
fn firehose_without_invoke_function_puts_records_aside() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, function(|_| {}));
    give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "lake".into() }));
    let mut spec = DeliveryStreamSpec::new("clicks", ARN, "lake");
    (spec.interval_in_seconds, spec.role) = (10, Some(ROLE.into()));
    spec.transform = Some("worker".into());
    give(&mut sandbox, FirehoseCommand::CreateDeliveryStream(spec).into());
    set_policy(&mut sandbox, "own", &ready(ReadyPolicy::Firehose));
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 120);
    let stream = &view(&sandbox).delivery_streams[0];
    assert!(stream.failed > 100 && stream.delivered == 0, "{stream:?}");
    assert!(denials(&sandbox)[0].contains("perform: lambda:InvokeFunction on resource"));
}

// The KPL -------------------------------------------------------------------------------------------------------------

fn with_kpl(prepare: impl FnOnce(&mut Sandbox)) -> (Sandbox, KplView) {
    let mut sandbox = with_stream(2);
    prepare(&mut sandbox);
    let standing = Standing { role: Some("service".into()), ..Standing::default() };
    let spec = KplSpec { rate: 20, ..KplSpec::new("app", "orders") };
    give(&mut sandbox, Command::StartAttached { standing, start: Box::new(Command::StartKpl(spec)) });
    seconds(&mut sandbox, 130);
    let view = view(&sandbox).kpls[0].clone();
    (sandbox, view)
}

fn published(sandbox: &Sandbox) -> bool {
    sandbox.world().metrics_list().iter().any(|metric| metric.name.namespace == "KinesisProducerLibrary")
}

/// Documented: IAM for the KPL: PutRecords, ListShards and PutMetricData.
#[test]
fn the_ready_policy_of_the_kpl_is_enough() {
    let (sandbox, kpl) = with_kpl(|sandbox| set_policy(sandbox, "own", &ready(ReadyPolicy::Kpl)));
    assert!(kpl.stored > 2_400, "{kpl:?}");
    assert!(published(&sandbox));
    assert_eq!(denials(&sandbox), [""; 0]);
}

#[test]
fn the_kpl_without_put_records_stores_nothing_until_its_records_expire() {
    let (sandbox, kpl) = with_kpl(|sandbox| without(sandbox, ReadyPolicy::Kpl, "kinesis:PutRecords"));
    assert_eq!(kpl.stored, 0);
    assert!(kpl.lost > 1_000, "{kpl:?}");
    let code = MetricName::new(
        "KinesisProducerLibrary",
        "ErrorsByCode",
        &[("StreamName", "orders"), ("ErrorCode", "AccessDeniedException")],
    );
    let points = sandbox.world().metric_statistics(&code, kinesis::Instant::default(), sandbox.now(), 1);
    assert!(points.iter().map(|point| point.sum).sum::<u64>() > 100);
}

/// Observed: without a shard map the KPL cannot predict shards: it packs nothing together and goes on.
#[test]
fn the_kpl_without_list_shards_packs_nothing_together() {
    let (sandbox, kpl) = with_kpl(|sandbox| without(sandbox, ReadyPolicy::Kpl, "kinesis:ListShards"));
    assert!(kpl.stored > 2_400, "{kpl:?}");
    assert_eq!(kpl.kinesis_records, kpl.stored, "each user record by itself");
    assert!(denials(&sandbox)[0].contains("perform: kinesis:ListShards on resource"));
}

#[test]
fn the_kpl_without_put_metric_data_puts_and_publishes_nothing() {
    let (sandbox, kpl) = with_kpl(|sandbox| without(sandbox, ReadyPolicy::Kpl, "cloudwatch:PutMetricData"));
    assert!(kpl.stored > 2_400);
    assert!(!published(&sandbox));
}
