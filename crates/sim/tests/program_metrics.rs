//! What libraries and managed services tell CloudWatch of themselves, and alarms on it.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod support;

use kinesis::Instant;
use sim::*;
use support::*;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

/// All that can be seen of a metric, as one point.
fn total(sandbox: &Sandbox, namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> Datapoint {
    let name = MetricName::new(namespace, name, dimensions);
    let points = sandbox.world().metric_statistics(&name, Instant::default(), sandbox.now(), 60);
    let merged = points.into_iter().reduce(|one, other| Datapoint {
        timestamp: one.timestamp,
        sample_count: one.sample_count + other.sample_count,
        sum: one.sum + other.sum,
        minimum: one.minimum.min(other.minimum),
        maximum: one.maximum.max(other.maximum),
    });
    merged.unwrap_or_else(|| panic!("nothing was measured of {name:?}"))
}

fn unit(sandbox: &Sandbox, namespace: &str, name: &str) -> String {
    let metrics = sandbox.world().metrics_list();
    let metric = metrics.iter().find(|it| it.name.namespace == namespace && it.name.name == name);
    metric.unwrap_or_else(|| panic!("there is no {name}")).unit.clone()
}

fn names(sandbox: &Sandbox, namespace: &str) -> Vec<String> {
    let metrics = sandbox.world().metrics_list().into_iter();
    let mut names: Vec<String> =
        metrics.filter(|it| it.name.namespace == namespace).map(|it| it.name.name).collect();
    names.sort();
    names.dedup();
    names
}

// The KPL -------------------------------------------------------------------------------------------------------------

const KPL: &str = "KinesisProducerLibrary";
const STREAM: &[(&str, &str)] = &[("StreamName", "orders")];

fn kpl(change: impl FnOnce(&mut KplSpec)) -> (Sandbox, KplView) {
    let mut sandbox = with_stream(2);
    let mut spec = KplSpec { rate: 200, size: 100, ..KplSpec::new("app", "orders") };
    change(&mut spec);
    give(&mut sandbox, Command::StartKpl(spec));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::StopKpl { name: "app".into() });
    seconds(&mut sandbox, 180);
    let view = view(&sandbox).kpls[0].clone();
    (sandbox, view)
}

/// Documented: Monitor the KPL with CloudWatch: names, units, and the three levels at which a metric of a shard shows.
#[test]
fn the_kpl_counts_what_it_took_packed_and_put() {
    let (sandbox, view) = kpl(|_| {});
    let of = |name: &str| total(&sandbox, KPL, name, STREAM);
    assert_eq!(of("UserRecordsReceived").sum, view.made);
    assert_eq!(of("UserRecordsPut").sum, view.stored);
    assert_eq!(of("UserRecordsDataPut").sum, view.stored * 100);
    assert_eq!(of("KinesisRecordsPut").sum, view.kinesis_records);
    assert_eq!(of("UserRecordsPerKinesisRecord").sum, view.stored);
    assert_eq!(of("UserRecordsPerPutRecordsRequest").sum, view.stored);
    assert_eq!(of("KinesisRecordsPerPutRecordsRequest").sample_count, view.put_calls);
    assert_eq!(of("RequestTime").sample_count, view.put_calls);
    assert_eq!((of("RetriesPerRecord").sum, of("RetriesPerRecord").sample_count), (0, view.stored));
    assert_eq!(of("AllErrors").sum, 0, "a zero for each Kinesis record that was put");
    // RecordMaxBufferedTime is 100 ms; collecting takes up to a fifth more, and the library looks every 25 ms.
    let buffering = of("BufferingTime");
    assert!((50..=100).contains(&(buffering.sum / buffering.sample_count)), "{buffering:?}");
    assert!(buffering.maximum <= 150, "{buffering:?}");
    for name in ["UserRecordsPut", "KinesisRecordsDataPut", "BufferingTime"] {
        let shard = |shard: &str| total(&sandbox, KPL, name, &[("StreamName", "orders"), ("ShardId", shard)]);
        let shards = [shard("shardId-000000000000"), shard("shardId-000000000001")];
        assert_eq!(shards.iter().map(|shard| shard.sum).sum::<u64>(), of(name).sum, "{name}");
        assert_eq!(total(&sandbox, KPL, name, &[]), of(name), "{name}: one stream is all streams");
    }
    for (name, wanted) in [
        ("UserRecordsPut", "Count"),
        ("KinesisRecordsDataPut", "Bytes"),
        ("BufferingTime", "Milliseconds"),
        ("RequestTime", "Milliseconds"),
    ] {
        assert_eq!(unit(&sandbox, KPL, name), wanted, "{name}");
    }
    assert!(!names(&sandbox, KPL).contains(&"ErrorsByCode".to_owned()));
}

/// Documented: a zero for each user record that failed, so that the average is the rate of success.
#[test]
fn the_kpl_counts_errors_by_code_and_what_expired() {
    let (sandbox, view) = kpl(|spec| {
        // 3 MB a second into shards of 1 MiB a second each.
        (spec.rate, spec.size) = (300, 10_000);
        spec.config.record_ttl = kinesis::Duration::from_seconds(1);
    });
    let of = |name: &str| total(&sandbox, KPL, name, STREAM);
    assert!(view.lost > 100, "{view:?}");
    assert_eq!(of("UserRecordExpired").sum, view.lost);
    assert_eq!((of("UserRecordsPut").sum, of("UserRecordsPut").sample_count), (view.stored, view.made));
    let code = [("StreamName", "orders"), ("ErrorCode", "ProvisionedThroughputExceededException")];
    assert_eq!(total(&sandbox, KPL, "ErrorsByCode", &code).sum, of("AllErrors").sum);
    assert_eq!(of("AllErrors").sum, of("KinesisRecordsPut").sample_count - of("KinesisRecordsPut").sum);
    assert!(of("RetriesPerRecord").maximum > 1);
}

#[test]
fn the_kpl_runs_without_the_right_to_publish() {
    let mut sandbox = with_stream(1);
    let document = r#"{"Statement":{"Effect":"Allow","Action":["kinesis:PutRecords","kinesis:ListShards"],"Resource":"*"}}"#;
    let principal = "role/writer".to_owned();
    give(&mut sandbox, Command::SetPolicy { principal, name: "own".into(), document: Some(document.into()) });
    let standing = Standing { role: Some("writer".into()), ..Standing::default() };
    let start = Box::new(Command::StartKpl(KplSpec::new("app", "orders")));
    give(&mut sandbox, Command::StartAttached { standing, start });
    seconds(&mut sandbox, 180);
    assert!(view(&sandbox).kpls[0].stored > 1_000);
    assert!(names(&sandbox, KPL).is_empty());
    let denials = count(
        &sandbox,
        |fact| matches!(fact, Fact::AccessDenied { sentence } if sentence.contains("cloudwatch:PutMetricData")),
    );
    assert_eq!(denials, 4, "told once in each minute");
}

// The KCL -------------------------------------------------------------------------------------------------------------

/// Documented: Monitor the KCL with CloudWatch: per shard, per worker and per application.
#[test]
fn a_kcl_application_measures_its_leases_and_its_reading() {
    let mut sandbox = with_stream(4);
    give(&mut sandbox, Command::StartProducer(producer(100)));
    give(&mut sandbox, Command::StartApplication(application(1)));
    seconds(&mut sandbox, 60);
    give(&mut sandbox, Command::AddWorker { application: "billing".into() });
    seconds(&mut sandbox, 180);
    let worker = |operation: &str, name: &str, worker: &str| {
        total(&sandbox, "billing", name, &[("Operation", operation), ("WorkerIdentifier", worker)])
    };
    assert_eq!(worker("RenewAllLeases", "CurrentLeases", "w1").maximum, 4, "before w2 was there");
    assert_eq!(worker("RenewAllLeases", "CurrentLeases", "w2").maximum, 2);
    assert_eq!(worker("TakeLeases", "TotalLeases", "w2").maximum, 4);
    assert_eq!(worker("TakeLeases", "NumWorkers", "w2").maximum, 2);
    assert_eq!(worker("TakeLeases", "TakenLeases", "w2").sum, 2);
    assert_eq!(worker("TakeLeases", "LeasesToTake", "w2").sum, 2);
    assert_eq!(worker("TakeLeases", "NeededLeases", "w2").minimum, 0, "balanced");
    assert!(worker("RenewAllLeases", "RenewLease.Success", "w1").sum > 20);
    let shard = |name: &str| {
        total(&sandbox, "billing", name, &[("Operation", "ProcessTask"), ("ShardId", "shardId-000000000000")])
    };
    let reads = shard("KinesisDataFetcher.getRecords.Success");
    assert!((145..=160).contains(&reads.sum), "one in 1.5 seconds: {reads:?}");
    assert!(shard("UpdateLease.Success").sum > 3);
    assert!(shard("MillisBehindLatest").minimum == 0);
    assert_eq!(shard("RecordProcessor.processRecords.Time").maximum, 0, "a processor that takes no time");
    let iterators = total(
        &sandbox,
        "billing",
        "KinesisDataFetcher.getIterator.Success",
        &[("Operation", "InitializeTask")],
    );
    assert!((4..=6).contains(&iterators.sum), "{iterators:?}");
}

#[test]
fn a_slow_processor_shows_in_its_time() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(100)));
    give(&mut sandbox, Command::StartApplication(ApplicationSpec { processing_rate: 50, ..application(1) }));
    seconds(&mut sandbox, 240);
    let shard = |name: &str| {
        total(&sandbox, "billing", name, &[("Operation", "ProcessTask"), ("ShardId", "shardId-000000000000")])
    };
    // Half of what comes is worked off: each batch is twice as large as the one before it.
    let time = shard("RecordProcessor.processRecords.Time");
    assert!(time.maximum > 10_000, "{time:?}");
}

// Lambda --------------------------------------------------------------------------------------------------------------

const FUNCTION: &[(&str, &str)] = &[("FunctionName", "worker")];

fn with_function(change: impl FnOnce(&mut FunctionSpec), map: impl FnOnce(&mut MappingSpec)) -> Sandbox {
    let mut sandbox = with_stream(1);
    let mut spec = FunctionSpec::new("worker");
    change(&mut spec);
    give(&mut sandbox, LambdaCommand::CreateFunction(spec).into());
    let mut spec = MappingSpec::new("worker", ARN, StartingPosition::TrimHorizon);
    map(&mut spec);
    give(&mut sandbox, LambdaCommand::CreateEventSourceMapping(spec).into());
    give(&mut sandbox, Command::StartProducer(producer(20)));
    seconds(&mut sandbox, 120);
    sandbox
}

/// Documented: Types of metrics for Lambda functions: an error for each invocation that failed, in milliseconds how
/// long it took, and the age of a batch's last record.
#[test]
fn lambda_counts_invocations_errors_and_the_age_of_records() {
    let mut sandbox = with_function(
        |spec| (spec.fails_every, spec.takes) = (4, kinesis::Duration::from_millis(250)),
        |spec| (spec.maximum_retry_attempts, spec.starting_position) = (0, StartingPosition::Latest),
    );
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 180);
    let of = |name: &str| total(&sandbox, "AWS/Lambda", name, FUNCTION);
    let function = sandbox.world().functions().get("worker").unwrap();
    assert!(function.invocations > 50);
    assert_eq!((of("Invocations").sum, of("Errors").sum), (function.invocations, function.errors));
    assert_eq!(of("Errors").sample_count, function.invocations, "a zero for each that succeeded");
    assert_eq!((of("Duration").minimum, of("Duration").maximum), (250, 250));
    assert_eq!((of("Throttles").sum, of("ConcurrentExecutions").maximum), (0, 1));
    assert_eq!(of("IteratorAge").sample_count, function.invocations);
    assert!(of("IteratorAge").maximum <= 1_200, "polled once a second: {:?}", of("IteratorAge"));
    assert_eq!(
        total(&sandbox, "AWS/Lambda", "Invocations", &[]).sum,
        function.invocations,
        "of all functions"
    );
    assert_eq!(unit(&sandbox, "AWS/Lambda", "Duration"), "Milliseconds");
}

/// Documented: throttled requests count neither as invocations nor as errors.
#[test]
fn lambda_counts_a_throttled_request_apart() {
    let sandbox = with_function(|spec| spec.concurrency = Some(0), |_| {});
    let of = |name: &str| total(&sandbox, "AWS/Lambda", name, FUNCTION);
    assert!(of("Throttles").sum > 3);
    assert_eq!(names(&sandbox, "AWS/Lambda"), ["ConcurrentExecutions", "IteratorAge", "Throttles"]);
}

#[test]
fn an_alarm_on_the_errors_of_a_function_rings() {
    let mut sandbox = with_function(|_| {}, |_| {});
    let spec = AlarmSpec {
        name: "poison".into(),
        metric: MetricName::new("AWS/Lambda", "Errors", FUNCTION),
        statistic: Statistic::Sum,
        period: 60,
        evaluation_periods: 1,
        datapoints_to_alarm: 1,
        threshold: "0".parse().unwrap(),
        comparison: Comparison::GreaterThanThreshold,
        missing_data: MissingData::NotBreaching,
    };
    give(&mut sandbox, Command::Account(AccountCommand::PutAlarm(spec)));
    seconds(&mut sandbox, 120);
    let state = |sandbox: &Sandbox| sandbox.world().alarms().next().unwrap().state;
    assert_eq!(state(&sandbox), AlarmState::Ok);
    let mut broken = FunctionSpec::new("worker");
    broken.fails_every = 1;
    give(&mut sandbox, LambdaCommand::UpdateFunction(broken).into());
    seconds(&mut sandbox, 180);
    assert_eq!(state(&sandbox), AlarmState::Alarm);
}

// Firehose ------------------------------------------------------------------------------------------------------------

const DELIVERY: &[(&str, &str)] = &[("DeliveryStreamName", "clicks")];

fn with_firehose(change: impl FnOnce(&mut DeliveryStreamSpec)) -> Sandbox {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "lake".into() }));
    let mut spec = DeliveryStreamSpec::new("clicks", ARN, "lake");
    spec.interval_in_seconds = 60;
    change(&mut spec);
    give(&mut sandbox, FirehoseCommand::CreateDeliveryStream(spec).into());
    seconds(&mut sandbox, 25);
    give(&mut sandbox, Command::StartProducer(producer(20)));
    sandbox
}

/// Documented: Monitor Data Firehose with CloudWatch metrics.
#[test]
fn firehose_counts_what_it_read_and_delivered_and_how_old_that_was() {
    let mut sandbox = with_firehose(|spec| spec.backup_bucket = Some("lake".into()));
    seconds(&mut sandbox, 200);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 300);
    let of = |name: &str| total(&sandbox, "AWS/Firehose", name, DELIVERY);
    let view = view(&sandbox).delivery_streams[0].clone();
    assert!(view.delivered > 3_900, "{view:?}");
    assert_eq!(of("DataReadFromKinesisStream.Records").sum, view.read);
    assert_eq!(of("DeliveryToS3.Records").sum, view.delivered);
    assert_eq!(of("BackupToS3.Records").sum, view.read);
    assert_eq!(of("DeliveryToS3.Bytes").sum + of("BackupToS3.Bytes").sum, view.bytes);
    assert_eq!((of("DeliveryToS3.Success").minimum, of("BackupToS3.Success").minimum), (1, 1));
    let freshness = of("DeliveryToS3.DataFreshness");
    assert!((60..=62).contains(&freshness.maximum), "as old as the interval: {freshness:?}");
    assert_eq!(of("KinesisMillisBehindLatest").maximum, 0);
    assert_eq!(unit(&sandbox, "AWS/Firehose", "DeliveryToS3.DataFreshness"), "Seconds");
    assert_eq!(unit(&sandbox, "AWS/Firehose", "KinesisMillisBehindLatest"), "Milliseconds");
}

#[test]
fn data_freshness_grows_while_the_bucket_is_missing() {
    let mut sandbox = with_firehose(|spec| spec.bucket = "nowhere".into());
    seconds(&mut sandbox, 600);
    let of = |name: &str| total(&sandbox, "AWS/Firehose", name, DELIVERY);
    assert_eq!(of("DeliveryToS3.Success").sum, 0);
    assert!(of("DeliveryToS3.DataFreshness").maximum > 300, "{:?}", of("DeliveryToS3.DataFreshness"));
}

#[test]
fn a_transform_is_measured_by_firehose_and_by_lambda() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "lake".into() }));
    let mut function = FunctionSpec::new("enrich");
    function.drops_when = Some("n=3".parse().unwrap());
    give(&mut sandbox, LambdaCommand::CreateFunction(function).into());
    let mut spec = DeliveryStreamSpec::new("clicks", ARN, "lake");
    (spec.interval_in_seconds, spec.transform) = (60, Some("enrich".into()));
    give(&mut sandbox, FirehoseCommand::CreateDeliveryStream(spec).into());
    seconds(&mut sandbox, 25);
    give(&mut sandbox, Command::StartProducer(producer(20)));
    seconds(&mut sandbox, 400);
    let of = |name: &str| total(&sandbox, "AWS/Firehose", name, DELIVERY);
    assert_eq!(of("ExecuteProcessing.Success").minimum, 1);
    let invocations = total(&sandbox, "AWS/Lambda", "Invocations", &[("FunctionName", "enrich")]).sum;
    assert_eq!(of("ExecuteProcessing.Duration").sample_count, invocations);
    assert!(of("SucceedProcessing.Records").sum > 5_000);
}
