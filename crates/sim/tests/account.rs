//! What an account has around its streams: metrics, alarms, the audit trail and the bill.

mod support;

use kinesis::{
    DeleteStreamInput, EnableEnhancedMonitoringInput, Fact as ServiceFact, Instant,
    RegisterStreamConsumerInput, Request,
};
use proptest::prelude::*;
use sim::{
    AccountCommand, AccountFact, AlarmSpec, AlarmState, CallerSpec, Command, Comparison, DataEvents, Fact,
    KeyRecipe, MetricName, MissingData, POINTS_PER_METRIC_MAX, PriceLine, PutCall, RetryPolicy, Sandbox,
    Standing, Statistic, TrailQuery, dollars,
};
use support::*;

fn of_stream(metric: &str) -> MetricName {
    MetricName::new("AWS/Kinesis", metric, &[("StreamName", "orders")])
}

/// Sums of each minute that can be seen.
fn sums(sandbox: &Sandbox, metric: &MetricName) -> Vec<u64> {
    let points = sandbox.world().metric_statistics(metric, Instant::default(), sandbox.now(), 1);
    points.iter().map(|point| point.sum).collect()
}

// CloudWatch ----------------------------------------------------------------------------------------------------------

#[test]
fn a_minute_of_puts_shows_a_minute_after_it_is_over() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 99);
    assert_eq!(sums(&sandbox, &of_stream("IncomingRecords")), [0; 0]);
    // The world began on a minute; the stream was there after 20 seconds.
    seconds(&mut sandbox, 1);
    let seen = sums(&sandbox, &of_stream("IncomingRecords"));
    assert_eq!(seen.len(), 1);
    assert!((395..=401).contains(&seen[0]), "{seen:?}");
    assert_eq!(sums(&sandbox, &of_stream("PutRecord.Success")), seen);
    assert_eq!(sums(&sandbox, &of_stream("WriteProvisionedThroughputExceeded")), [0]);
}

#[test]
fn metrics_of_shards_come_once_they_are_switched_on() {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 100);
    let of_shards = |sandbox: &Sandbox| {
        let metrics = sandbox.world().metrics_list();
        metrics
            .iter()
            .filter(|metric| metric.name.dimensions.iter().any(|(name, _)| name == "ShardId"))
            .count()
    };
    assert_eq!(of_shards(&sandbox), 0);
    let enable = EnableEnhancedMonitoringInput {
        stream_name: Some("orders".into()),
        shard_level_metrics: Some(vec!["IncomingRecords".into()]),
        ..Default::default()
    };
    give(&mut sandbox, Command::Call(enable.into()));
    seconds(&mut sandbox, 180);
    assert_eq!(of_shards(&sandbox), 2);
    let shard = |id: &str| {
        MetricName::new("AWS/Kinesis", "IncomingRecords", &[("ShardId", id), ("StreamName", "orders")])
    };
    let both = [shard("shardId-000000000000"), shard("shardId-000000000001")];
    let last = |metric: &MetricName| sums(&sandbox, metric).last().copied().unwrap_or_default();
    let stream = *sums(&sandbox, &of_stream("IncomingRecords")).last().unwrap();
    assert_eq!(both.iter().map(last).sum::<u64>(), stream);
}

#[test]
fn a_kcl_application_publishes_its_metrics_unless_it_may_not() {
    for may_publish in [true, false] {
        let mut sandbox = with_stream(1);
        let mut actions = vec!["kinesis:*", "dynamodb:*"];
        if may_publish {
            actions.push("cloudwatch:PutMetricData");
        }
        let document = format!(r#"{{"Statement":{{"Effect":"Allow","Action":{actions:?},"Resource":"*"}}}}"#);
        let policy =
            Command::SetPolicy { principal: "role/kcl".into(), name: "own".into(), document: Some(document) };
        give(&mut sandbox, policy);
        give(&mut sandbox, Command::StartProducer(producer(10)));
        let standing = Standing { role: Some("kcl".into()), ..Standing::default() };
        let start = Box::new(Command::StartApplication(application(1)));
        give(&mut sandbox, Command::StartAttached { standing, start });
        seconds(&mut sandbox, 240);
        let metrics = sandbox.world().metrics_list();
        let published = metrics.iter().filter(|metric| metric.name.namespace == "billing").count();
        assert_eq!(published > 0, may_publish);
        let records = view(&sandbox).applications[0].records;
        assert!(records > 2_000, "it runs without the right too: {records}");
        let denials = count(
            &sandbox,
            |fact| matches!(fact, Fact::AccessDenied { sentence } if sentence.contains("cloudwatch:PutMetricData")),
        );
        assert_eq!(denials, if may_publish { 0 } else { 5 }, "told once in each minute");
        if may_publish {
            let name = MetricName::new(
                "billing",
                "RecordsProcessed",
                &[("Operation", "ProcessTask"), ("ShardId", "shardId-000000000000")],
            );
            assert!(sums(&sandbox, &name).iter().sum::<u64>() > 1_000);
        }
    }
}

fn alarm(metric: &str, threshold: &str) -> AlarmSpec {
    AlarmSpec {
        name: "too-much".into(),
        metric: of_stream(metric),
        statistic: Statistic::Sum,
        period: 60,
        evaluation_periods: 2,
        datapoints_to_alarm: 2,
        threshold: threshold.parse().expect("the threshold is a number"),
        comparison: Comparison::GreaterThanThreshold,
        missing_data: MissingData::Missing,
    }
}

fn states(sandbox: &Sandbox) -> Vec<(u64, AlarmState)> {
    let mut states = Vec::new();
    for fact in sandbox.world().facts_since(0) {
        if let Fact::Account(AccountFact::AlarmStateChanged { state, .. }) = &fact.fact {
            states.push((fact.at.since(sandbox.options().start).seconds(), *state));
        }
    }
    states
}

#[test]
fn an_alarm_rings_after_two_breaching_minutes_and_falls_silent_without_data() {
    let mut sandbox = with_stream(1);
    let command = AccountCommand::PutAlarm(alarm("WriteProvisionedThroughputExceeded", "0"));
    give(&mut sandbox, Command::Account(command));
    // 1,500 records a second into a shard that takes 1,000.
    let spec = sim::ProducerSpec { call: PutCall::Batch, ..producer(1_500) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 130);
    give(&mut sandbox, Command::StopProducer { name: "web".into() });
    seconds(&mut sandbox, 400);
    let states = states(&sandbox);
    // The first minute is seen after 120 s, the second after 180 s; the last point belongs to the third minute.
    assert_eq!(
        states,
        [
            (120, AlarmState::Ok),
            (180, AlarmState::Alarm),
            (300, AlarmState::Ok),
            (360, AlarmState::InsufficientData)
        ]
    );
    assert!(sandbox.world().alarms().next().unwrap().reason.starts_with("Insufficient Data"));
}

#[test]
fn an_alarm_outside_of_the_ranges_is_refused_and_nothing_changes() {
    let mut sandbox = with_stream(1);
    for spec in [
        AlarmSpec { period: 30, ..alarm("IncomingBytes", "1") },
        AlarmSpec { evaluation_periods: 0, ..alarm("IncomingBytes", "1") },
        AlarmSpec { datapoints_to_alarm: 3, ..alarm("IncomingBytes", "1") },
        AlarmSpec { period: 86_400, ..alarm("IncomingBytes", "1") },
    ] {
        assert!(sandbox.submit(Command::Account(AccountCommand::PutAlarm(spec))).is_err());
    }
    assert_eq!(sandbox.world().alarms().count(), 0);
    assert!(sandbox.submit(Command::Account(AccountCommand::DeleteAlarm { name: "none".into() })).is_err());
}

#[test]
fn undo_takes_an_alarm_away_and_a_saved_session_keeps_it() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 200);
    let command = AccountCommand::PutAlarm(alarm("IncomingRecords", "0.5"));
    give(&mut sandbox, Command::Account(command));
    give(&mut sandbox, Command::Account(AccountCommand::SetDataEvents(DataEvents::WriteOnly)));
    seconds(&mut sandbox, 400);
    let saved = sandbox.save().unwrap();
    let (opened, warning) = Sandbox::load(&saved, ()).unwrap();
    assert_eq!((opened.digest(), warning), (sandbox.digest(), None));
    assert_eq!(opened.world().alarms().next().unwrap().state, AlarmState::Alarm);
    assert_eq!(opened.world().bill(), sandbox.world().bill());
    assert_eq!(opened.world().trail_event_count(), sandbox.world().trail_event_count());
    assert!(sandbox.undo() && sandbox.undo());
    assert_eq!(sandbox.world().alarms().count(), 0);
}

// CloudTrail ----------------------------------------------------------------------------------------------------------

/// Documented: management events by default; CloudTrail's record of DeleteStream.
#[test]
fn the_trail_says_who_deleted_the_stream() {
    let mut sandbox = with_stream(1);
    let document = r#"{"Statement":{"Effect":"Allow","Action":"kinesis:DeleteStream","Resource":"*"}}"#;
    give(
        &mut sandbox,
        Command::SetPolicy {
            principal: "mallory".into(),
            name: "rm".into(),
            document: Some(document.into()),
        },
    );
    let delete = |name: &str| {
        let input = DeleteStreamInput { stream_name: Some("orders".into()), ..Default::default() };
        let caller = CallerSpec { principal: Some(name.into()), is_through_endpoint: false };
        Command::CallAs { caller, request: Request::DeleteStream(input) }
    };
    give(&mut sandbox, delete("bob"));
    give(&mut sandbox, delete("mallory"));
    let query = TrailQuery {
        event_name: Some("DeleteStream".into()),
        resource_name: Some("orders".into()),
        ..Default::default()
    };
    seconds(&mut sandbox, 299);
    assert_eq!(sandbox.world().trail_events(&query).len(), 0, "not delivered yet");
    seconds(&mut sandbox, 1);
    let events = sandbox.world().trail_events(&query);
    let who: Vec<(&str, Option<&str>)> =
        events.iter().map(|event| (event.username(), event.error.as_ref().map(|(code, _)| *code))).collect();
    assert_eq!(who, [("mallory", None), ("bob", Some("AccessDenied"))], "newest first");
    let json = events[0].to_json("us-east-1");
    assert_eq!(json["eventSource"], "kinesis.amazonaws.com");
    assert_eq!(json["eventName"], "DeleteStream");
    assert_eq!(json["eventTime"], "2026-01-01T00:00:20Z");
    assert_eq!(json["userIdentity"]["arn"], "arn:aws:iam::123456789012:user/mallory");
    assert_eq!(json["userIdentity"]["userName"], "mallory");
    assert_eq!(json["requestParameters"], serde_json::json!({"streamName": "orders"}));
    assert_eq!(json["responseElements"], serde_json::Value::Null);
    assert_eq!(json["readOnly"], false);
    let denied = events[1].to_json("us-east-1");
    assert_eq!(denied["errorCode"], "AccessDenied");
    assert!(denied["errorMessage"].as_str().unwrap().contains("kinesis:DeleteStream"));
}

#[test]
fn calls_of_the_data_plane_are_recorded_only_where_they_are_switched_on() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::Call(put_record("orders", "a")));
    give(&mut sandbox, Command::Account(AccountCommand::SetDataEvents(DataEvents::WriteOnly)));
    give(&mut sandbox, Command::Call(put_record("orders", "b")));
    let registration = RegisterStreamConsumerInput {
        stream_arn: Some("arn:aws:kinesis:us-east-1:123456789012:stream/orders".into()),
        consumer_name: Some("audit".into()),
        ..Default::default()
    };
    give(&mut sandbox, Command::Call(registration.into()));
    seconds(&mut sandbox, 300);
    let data = sandbox.world().trail_data_events();
    assert_eq!(data.len(), 1);
    let json = data[0].to_json("us-east-1");
    assert_eq!(json["requestParameters"], serde_json::json!({"streamName": "orders", "partitionKey": "b"}));
    assert_eq!(json["eventCategory"], "Data");
    assert_eq!(json["resources"][0]["ARN"], "arn:aws:kinesis:us-east-1:123456789012:stream/orders");
    assert!(
        sandbox.world().trail_events(&TrailQuery::default()).iter().all(|event| !event.is_data_event()),
        "data events are not looked up"
    );
    let query = TrailQuery { event_name: Some("RegisterStreamConsumer".into()), ..Default::default() };
    let json = sandbox.world().trail_events(&query)[0].to_json("us-east-1");
    assert_eq!(json["responseElements"]["consumer"]["consumerName"], "audit");
}

// The bill ------------------------------------------------------------------------------------------------------------

fn amount(sandbox: &Sandbox, line: PriceLine) -> u128 {
    let bill = sandbox.world().bill();
    bill.lines.iter().find(|one| one.line == line).map_or(0, |line| line.amount)
}

/// Documented: $0.015 a shard-hour in us-east-1, and 730 hours a month.
#[test]
fn a_split_adds_10_95_a_month() {
    let mut sandbox = with_stream(1);
    let first = sandbox.world().bill().last_change.unwrap();
    assert_eq!((first.before, dollars(first.after as i128, 2)), (0, "10.95".to_owned()));
    give(&mut sandbox, split_in_the_middle("orders"));
    seconds(&mut sandbox, 60);
    let change = sandbox.world().bill().last_change.unwrap();
    assert_eq!(dollars(change.after as i128 - change.before as i128, 2), "10.95");
    assert_eq!(&*change.stream, "orders");
    assert!(sandbox.undo());
    assert_eq!(sandbox.world().bill().last_change.unwrap(), first);
}

#[test]
fn two_shards_for_an_hour_cost_three_cents_and_a_deleted_stream_no_more() {
    let mut sandbox = with_stream(2);
    let hour = 3_600;
    seconds(&mut sandbox, hour - 20);
    let delete = DeleteStreamInput { stream_name: Some("orders".into()), ..Default::default() };
    give(&mut sandbox, Command::Call(delete.into()));
    seconds(&mut sandbox, hour);
    // ACTIVE after 20 s, gone 20 s after the hour.
    assert_eq!(amount(&sandbox, PriceLine::ShardHours), 30_000_000);
    let bill = sandbox.world().bill();
    assert_eq!((bill.total, bill.month_total), (30_000_000, 0));
    assert!(bill.streams.is_empty());
}

#[test]
fn records_are_paid_by_units_of_25_kilobytes() {
    let mut sandbox = with_stream(4);
    let spec = sim::ProducerSpec { size: 45 << 10, ..producer(20) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 60);
    let stored = view(&sandbox).producers[0].stored;
    let units = u64::try_from(amount(&sandbox, PriceLine::PutPayloadUnits)).unwrap() / 14;
    assert!(units >= stored * 2 && units <= (stored + 2) * 2, "{units} units of {stored} records");
}

/// Documented: on-demand pays for the stream and the data, whatever shards it has.
#[test]
fn an_on_demand_stream_that_doubles_pays_for_its_data_and_not_for_its_shards() {
    let mut sandbox = sandbox();
    let create = kinesis::CreateStreamInput {
        stream_name: Some("orders".into()),
        stream_mode_details: Some(kinesis::StreamModeDetails { stream_mode: Some("ON_DEMAND".into()) }),
        ..Default::default()
    };
    give(&mut sandbox, Command::Call(create.into()));
    seconds(&mut sandbox, 20);
    let spec =
        sim::ProducerSpec { size: 10_000, keys: KeyRecipe::Random, call: PutCall::Batch, ..producer(300) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 3_600);
    let shards = view(&sandbox).streams[0].open_shards;
    assert!(shards >= 8, "it doubled at least once: {shards}");
    assert_eq!(amount(&sandbox, PriceLine::ShardHours), 0);
    // 3,600 s of 300 records that count as 10 KB each, at 0.08 a GB; and an hour of the stream at 0.04.
    let data = u64::try_from(amount(&sandbox, PriceLine::OnDemandIn)).unwrap();
    let expected = 3_600 * 300 * 10_240 * 80_000_000_u64.div_euclid(1 << 10) / (1 << 20);
    assert!(data.abs_diff(expected) < expected / 500, "{data} {expected}");
    assert!(u64::try_from(amount(&sandbox, PriceLine::StreamHours)).unwrap().abs_diff(40_000_000) < 500_000);
}

#[test]
fn the_two_modes_are_compared_with_the_present_traffic() {
    let mut sandbox = with_stream(4);
    let spec = sim::ProducerSpec { size: 1_024, call: PutCall::Batch, ..producer(1_000) };
    give(&mut sandbox, Command::StartProducer(spec));
    seconds(&mut sandbox, 180);
    let stream = &sandbox.world().bill().streams[0];
    // 80.59, and 29.20 with 200.50 of data in; nobody reads.
    assert_eq!(dollars(stream.month_provisioned as i128, 0), "81");
    assert_eq!(dollars(stream.month_on_demand as i128, 0), "230");
    assert_eq!(stream.month_total, stream.month_provisioned);
}

// All together --------------------------------------------------------------------------------------------------------

/// What the facts say, beside what metrics, bill and trail say.
#[derive(Default, PartialEq, Debug)]
struct Sums {
    records: u64,
    bytes: u64,
    read_bytes: u64,
    throttled: u64,
}

impl Sums {
    /// Adds the facts from number `from` on; returns the number of the next one.
    fn add(&mut self, sandbox: &Sandbox, from: u64) -> u64 {
        for fact in sandbox.world().facts_since(from) {
            if let Fact::Service(ServiceFact::RecordsAppended { count, bytes, .. }) = &fact.fact {
                self.records += u64::from(*count);
                self.bytes += bytes;
            } else if let Fact::Service(ServiceFact::WriteThrottled { count, .. }) = &fact.fact {
                self.throttled += u64::from(*count);
            } else if let Fact::Service(ServiceFact::RecordsRead { bytes, .. }) = &fact.fact {
                self.read_bytes += bytes;
            }
        }
        sandbox.world().fact_count()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn metrics_bill_and_trail_agree_with_the_facts(
        seed in 1_u64..1_000,
        rate in 1_u32..300,
        size in 1_u32..6_000,
        is_batch in any::<bool>(),
        shards in 1_i64..4,
        span in 20_u64..60,
        is_on_demand in any::<bool>(),
    ) {
        let mut sandbox = Sandbox::new(sim::SandboxOptions { seed, ..Default::default() });
        let mode = if is_on_demand { "ON_DEMAND" } else { "PROVISIONED" };
        let create = kinesis::CreateStreamInput {
            stream_name: Some("orders".into()),
            shard_count: (!is_on_demand).then_some(shards),
            stream_mode_details: Some(kinesis::StreamModeDetails { stream_mode: Some(mode.into()) }),
            ..Default::default()
        };
        give(&mut sandbox, Command::Call(create.into()));
        seconds(&mut sandbox, 20);
        let call = if is_batch { PutCall::Batch } else { PutCall::Single };
        let spec = sim::ProducerSpec { rate, size, call, retry: RetryPolicy::Immediate, ..producer(rate) };
        give(&mut sandbox, Command::StartProducer(spec));
        give(&mut sandbox, Command::StartApplication(application(1)));
        let mut facts = Sums::default();
        let mut seen = 0;
        for _ in 0..span {
            seconds(&mut sandbox, 1);
            seen = facts.add(&sandbox, seen);
        }
        // The bill knows what was moved at once.
        if is_on_demand {
            let out = amount(&sandbox, PriceLine::OnDemandOut);
            prop_assert_eq!(out, u128::from(facts.read_bytes) * 40_000_000 / (1 << 30));
            let rounded = u128::from(facts.records) * u128::from(u64::from(size).div_ceil(1_024)) * 1_024;
            prop_assert_eq!(amount(&sandbox, PriceLine::OnDemandIn), rounded * 80_000_000 / (1 << 30));
        } else {
            prop_assert_eq!(amount(&sandbox, PriceLine::PutPayloadUnits), u128::from(facts.records) * 14);
        }
        prop_assert!(facts.bytes > 0);
        // Metrics show two minutes later; nothing more comes then.
        give(&mut sandbox, Command::StopProducer { name: "web".into() });
        act(&mut sandbox, "w1", sim::WorkerAction::Crash);
        seconds(&mut sandbox, 180);
        facts.add(&sandbox, seen);
        let total = |name: &str| sums(&sandbox, &of_stream(name)).iter().sum::<u64>();
        let measured = Sums {
            records: total("IncomingRecords"),
            bytes: total("IncomingBytes"),
            read_bytes: total("GetRecords.Bytes"),
            throttled: total("WriteProvisionedThroughputExceeded"),
        };
        prop_assert_eq!(measured, facts);
    }
}

#[test]
fn a_month_of_metrics_and_audit_stays_within_its_bounds() {
    let mut sandbox = Sandbox::new(sim::SandboxOptions { history: false, ..Default::default() });
    give(&mut sandbox, create_stream("orders", 1));
    seconds(&mut sandbox, 20);
    give(&mut sandbox, Command::Account(AccountCommand::SetDataEvents(DataEvents::All)));
    // Each quarter of an hour somebody puts a record and looks at the stream.
    for _ in 0..30 * 96 {
        give(&mut sandbox, Command::Call(put_record("orders", "a")));
        let look = kinesis::DescribeStreamInput { stream_name: Some("orders".into()), ..Default::default() };
        give(&mut sandbox, Command::Call(look.into()));
        seconds(&mut sandbox, 900);
    }
    let world = sandbox.world();
    let metrics = world.metrics_list().len();
    assert!(world.metric_point_count() <= metrics * POINTS_PER_METRIC_MAX);
    let kept = sim::TRAIL_WRITES_MAX + sim::TRAIL_READS_MAX + sim::TRAIL_DATA_MAX;
    assert!(world.trail_event_count() <= 2 * kept);
    assert_eq!(world.trail_data_events().len(), sim::TRAIL_DATA_MAX);
    // Hours of the whole month can still be told.
    let hours = world.metric_statistics(&of_stream("IncomingRecords"), Instant::default(), world.now(), 60);
    assert_eq!(hours.iter().map(|hour| hour.sum).sum::<u64>(), 30 * 96);
    assert!(hours.len() >= 719, "{}", hours.len());
}

#[test]
fn in_a_busy_account_the_newest_data_events_do_not_push_out_those_that_can_be_seen() {
    let mut sandbox = sandbox();
    give(&mut sandbox, create_stream("orders", 1));
    seconds(&mut sandbox, 20);
    give(&mut sandbox, Command::Account(AccountCommand::SetDataEvents(DataEvents::All)));
    // 3,000 calls in the five minutes in which none of them can be seen.
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 400);
    let seen = sandbox.world().trail_data_events();
    assert!(seen.len() >= 900, "{}", seen.len());
    seconds(&mut sandbox, 600);
    assert_eq!(sandbox.world().trail_data_events().len(), sim::TRAIL_DATA_MAX);
}
