//! The Kinesis Agent on a server with log files, against a stream.

mod support;

use kinesis::{DeleteStreamInput, Duration, hash_key_of};
use serde_json::{Value, json};
use sim::{
    AgentChange, AgentCommand, AgentFlowView, AgentSpec, AgentView, Command, Fact, FaultKind, FaultSpec,
    LogFormat, LogSpec, MetricName, Sandbox, Statistic, Way,
};
use support::*;

const PATH: &str = "/var/log/app.log";

fn log(format: LogFormat, rate: u32) -> LogSpec {
    LogSpec { format, rate, size: format.size_default(), ..LogSpec::new(PATH) }
}

/// A configuration with one flow that has these keys besides its own.
fn configuration(more: &Value) -> String {
    let mut flow =
        json!({"filePattern": "/var/log/app.log*", "kinesisStream": "orders", "maxBufferAgeMillis": 1000});
    for (key, value) in more.as_object().expect("it is an object") {
        flow[key] = value.clone();
    }
    json!({"flows": [flow]}).to_string()
}

fn start(log: LogSpec, more: &Value) -> Command {
    AgentCommand::Start(AgentSpec { name: "web-1".into(), configuration: configuration(more), log }).into()
}

fn agent_view(sandbox: &Sandbox) -> AgentView {
    let agent = view(sandbox).agents.last().expect("there is an agent").clone();
    for flow in &agent.flows {
        let held = flow.buffered + flow.queued + flow.in_flight;
        assert_eq!(flow.made, flow.stored + flow.lost + held, "{flow:?}");
    }
    agent
}

fn flow(sandbox: &Sandbox) -> AgentFlowView {
    agent_view(sandbox).flows[0].clone()
}

fn run(log: LogSpec, more: &Value, shards: i64, span: u64) -> Sandbox {
    let mut sandbox = with_stream(shards);
    give(&mut sandbox, start(log, more));
    seconds(&mut sandbox, span);
    sandbox
}

/// Data and partition key of each stored record, shard by shard.
fn stored(sandbox: &Sandbox) -> Vec<(String, String)> {
    let stream = sandbox.world().service().streams().next().expect("the stream is there");
    let records = stream.shards().iter().flat_map(|shard| shard.log.read_from(1));
    let records = records.map(|record| {
        let data = record.bytes().to_vec();
        assert_eq!(record.size(), (data.len() + record.partition_key().len()) as u64, "the size is right");
        (String::from_utf8(data).expect("it is text"), record.partition_key().to_owned())
    });
    records.collect()
}

/// Numbers of the entries from which stored records are, in the order of their numbers.
fn entries(sandbox: &Sandbox) -> Vec<u64> {
    let number = |text: &str| text.split("n=").nth(1)?.split([' ', '&', '.']).next()?.parse().ok();
    let mut entries: Vec<u64> = stored(sandbox).iter().filter_map(|(data, _)| number(data)).collect();
    entries.sort_unstable();
    entries
}

fn restart(sandbox: &mut Sandbox) {
    give(sandbox, AgentCommand::Restart { name: "web-1".into() }.into());
}

fn fault(sandbox: &mut Sandbox, kind: FaultKind, lasts: Option<u64>) {
    let lasts = lasts.map(Duration::from_seconds);
    give(sandbox, Command::Fault(FaultSpec { kind, target: Some("web-1".into()), lasts }));
}

/// Facts sheet: maxBufferSizeRecords is 500 and maxBufferAgeMillis 60,000 by default: 10 lines a second fill a buffer in
/// 50 s, and 5 a second are sent after 60 s.
#[test]
fn a_buffer_is_sent_when_it_is_full_or_old() {
    let by_itself = json!({"maxBufferAgeMillis": 60_000});
    let mut sandbox = run(log(LogFormat::Syslog, 10), &by_itself, 1, 50);
    assert_eq!(flow(&sandbox).stored, 0);
    seconds(&mut sandbox, 1);
    assert_eq!((flow(&sandbox).stored, agent_view(&sandbox).calls), (500, 1));
    let mut sandbox = run(log(LogFormat::Syslog, 5), &by_itself, 1, 60);
    assert_eq!(flow(&sandbox).stored, 0);
    seconds(&mut sandbox, 1);
    assert_eq!(
        flow(&sandbox).stored,
        300 + 1,
        "those that were written with the first one and in 60 s after it"
    );
}

#[test]
fn a_record_is_a_line_with_its_end_and_a_random_key() {
    let sandbox = run(log(LogFormat::Syslog, 20), &json!({}), 4, 60);
    let records = stored(&sandbox);
    assert!(
        records.len() > 1_100 && records.iter().all(|(data, _)| data.ends_with('\n') && data.len() == 150)
    );
    let keys: Vec<f64> = records.iter().map(|(_, key)| key.parse().unwrap()).collect();
    assert!(keys.iter().all(|key| *key < 1_000_000.0));
    let stream = sandbox.world().service().streams().next().unwrap();
    for shard in stream.shards() {
        assert!((200..400).contains(&shard.log.last_index()), "{}: {}", shard.id, shard.log.last_index());
    }
}

/// Developer guide: a deterministic key is computed from the data.
#[test]
fn a_deterministic_key_is_the_hash_of_the_data() {
    let sandbox = run(log(LogFormat::Csv, 5), &json!({"partitionKeyOption": "DETERMINISTIC"}), 2, 20);
    let records = stored(&sandbox);
    assert!(records.len() > 80);
    for (data, key) in records {
        assert_eq!(key, format!("{:032x}", hash_key_of(&data)));
    }
}

#[test]
fn the_initial_position_is_the_end_of_the_newest_file_unless_it_is_its_start() {
    // 100 s of one entry a second, ten entries in a file: the newest has the last ten.
    let old =
        || LogSpec { age: Duration::from_seconds(100), rotate_size: 1_600, ..log(LogFormat::Syslog, 1) };
    let sandbox = run(old(), &json!({}), 1, 30);
    assert_eq!(entries(&sandbox)[0], 100);
    let sandbox = run(old(), &json!({"initialPosition": "START_OF_FILE"}), 1, 30);
    assert_eq!(entries(&sandbox)[0], 90);
}

#[test]
fn a_renamed_file_is_read_to_its_end() {
    let rotated = LogSpec { rotate_size: 15_000, keep: 3, ..log(LogFormat::Syslog, 100) };
    let mut sandbox = run(rotated, &json!({}), 1, 5);
    // A file has 99 entries, so that one is renamed each second; the agent stands still while three are.
    fault(&mut sandbox, FaultKind::Pause, Some(3));
    seconds(&mut sandbox, 30);
    let flow = flow(&sandbox);
    assert_eq!((flow.lost, flow.stored_again), (0, 0), "{flow:?}");
    let entries = entries(&sandbox);
    assert_eq!(entries, (0..entries.len() as u64).collect::<Vec<u64>>());
    assert!(count(&sandbox, |fact| matches!(fact, Fact::LogFileFollowed { .. })) > 30);
}

#[test]
fn what_is_deleted_before_the_agent_has_read_it_is_lost() {
    // 100 entries in a file and 100 a second: a file is deleted 2 s after it is full.
    let rotated = LogSpec { rotate_size: 15_000 + 100, keep: 1, ..log(LogFormat::Syslog, 100) };
    let mut sandbox = run(rotated, &json!({}), 1, 5);
    let before = flow(&sandbox);
    fault(&mut sandbox, FaultKind::Pause, Some(10));
    seconds(&mut sandbox, 30);
    let after = flow(&sandbox);
    assert_eq!((before.lost, after.lost_by_reason.len()), (0, 1));
    assert!(after.lost_by_reason[0].0.contains("deleted"), "{after:?}");
    // It goes on at the beginning of the file that is newest after 15 s: all before that and behind 5 s is lost.
    let there: std::collections::BTreeSet<u64> = entries(&sandbox).into_iter().collect();
    let missing = (0..2_500).filter(|entry| !there.contains(entry)).collect::<Vec<u64>>();
    assert_eq!(missing, (500..500 + after.lost).collect::<Vec<u64>>());
    assert!((900..=1_000).contains(&after.lost) && (500 + after.lost).is_multiple_of(100), "{after:?}");
}

/// Facts sheet: names that files are renamed to must match the pattern, too.
#[test]
fn a_pattern_without_a_star_loses_the_end_of_each_file() {
    let rotated = || LogSpec { rotate_size: 15_000 + 100, ..log(LogFormat::Syslog, 1_000) };
    let sandbox = run(rotated(), &json!({"filePattern": PATH, "minTimeBetweenFilePollsMillis": 70}), 1, 10);
    let flow_without = flow(&sandbox);
    assert!(flow_without.lost > 1_000, "{flow_without:?}");
    let sandbox = run(rotated(), &json!({"minTimeBetweenFilePollsMillis": 70}), 1, 10);
    assert_eq!(flow(&sandbox).lost, 0);
}

#[test]
fn apache_lines_become_json_and_other_lines_are_left_out() {
    let step =
        json!({"dataProcessingOptions": [{"optionName": "LOGTOJSON", "logFormat": "COMMONAPACHELOG"}]});
    let names = ["host", "ident", "authuser", "datetime", "request", "response", "bytes"];
    for format in [LogFormat::CommonApacheLog, LogFormat::CombinedApacheLog] {
        let sandbox = run(log(format, 20), &step, 1, 20);
        let records = stored(&sandbox);
        assert!(records.len() > 350);
        for (data, _) in records {
            let value: Value = serde_json::from_str(data.strip_suffix('\n').unwrap()).unwrap();
            assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), names);
            assert!(value["host"].as_str().unwrap().starts_with("10."), "{value}");
        }
    }
    let sandbox = run(log(LogFormat::Syslog, 20), &step, 1, 20);
    let flow = flow(&sandbox);
    assert_eq!((flow.made, flow.skipped, stored(&sandbox).len()), (0, 400, 0));
    assert!(count(&sandbox, |fact| matches!(fact, Fact::RecordsSkipped { .. })) > 0);
}

#[test]
fn every_known_format_is_understood_by_the_step_for_it() {
    for (format, name) in [
        (LogFormat::CombinedApacheLog, "COMBINEDAPACHELOG"),
        (LogFormat::ApacheErrorLog, "APACHEERRORLOG"),
        (LogFormat::Syslog, "SYSLOG"),
    ] {
        let step = json!({"dataProcessingOptions": [{"optionName": "LOGTOJSON", "logFormat": name}]});
        let flow = flow(&run(log(format, 50), &step, 1, 20));
        assert_eq!((flow.skipped, flow.made), (0, 1_000), "{name}");
    }
}

#[test]
fn csv_becomes_json_without_the_header_lines() {
    let csv = LogSpec { rotate_size: 120 * 10 + 100, ..log(LogFormat::Csv, 20) };
    let options = json!({
        "skipHeaderLines": 1,
        "dataProcessingOptions": [
            {"optionName": "CSVTOJSON", "customFieldNames": ["n", "time", "sensor", "temperature", "status"]},
        ],
    });
    let records = stored(&run(csv, &options, 1, 20));
    let numbers: Vec<Value> =
        records.iter().map(|(data, _)| serde_json::from_str::<Value>(data).unwrap()["n"].clone()).collect();
    assert!(numbers.len() > 350);
    assert_eq!(numbers, (0..numbers.len()).map(|n| json!(n.to_string())).collect::<Vec<_>>());
}

#[test]
fn a_stack_trace_is_one_record_where_the_flow_says_how_an_entry_begins() {
    let plain = stored(&run(log(LogFormat::AppLog, 50), &json!({}), 1, 20));
    assert!(plain.iter().any(|(data, _)| data.starts_with("java.lang.")), "each line is a record");
    let pattern = json!({"multiLineStartPattern": "\\d{4}-\\d{2}-\\d{2} "});
    let records = stored(&run(log(LogFormat::AppLog, 50), &pattern, 1, 20));
    let traces = records.iter().filter(|(data, _)| data.contains("\n\tat com.example.")).count();
    assert!(traces > 10 && records.iter().all(|(data, _)| data.starts_with("2026-") && data.len() == 300));
    let one_line = json!({
        "multiLineStartPattern": "\\d{4}-\\d{2}-\\d{2} ",
        "dataProcessingOptions": [{"optionName": "SINGLELINE"}],
    });
    let records = stored(&run(log(LogFormat::AppLog, 50), &one_line, 1, 20));
    assert!(records.iter().all(|(data, _)| data.matches('\n').count() == 1));
    assert_eq!(records.iter().filter(|(data, _)| data.contains("at com.example.")).count(), traces);
}

/// Facts sheet: a record has at most 1 MiB, data and key together; truncatedRecordTerminator ends what is cut.
#[test]
fn a_record_that_is_too_large_is_cut() {
    let large = LogSpec { size: 2 << 20, ..log(LogFormat::Syslog, 1) };
    let sandbox = run(large, &json!({"truncatedRecordTerminator": "…\n"}), 4, 20);
    let records = stored(&sandbox);
    assert!(!records.is_empty() && flow(&sandbox).truncated > 0);
    for (data, key) in records {
        assert_eq!(data.len() + key.len(), 1 << 20);
        assert!(data.ends_with("…\n"));
    }
}

/// A shard takes 1,000 records a second: of 1,500 a third is refused at least, and nothing is lost. Each refused call
/// counts as a failure, so that the agent soon waits 10 s between two calls and falls behind what the shard would take.
#[test]
fn throttled_records_are_sent_again_until_they_are_stored() {
    let mut sandbox = run(log(LogFormat::Syslog, 1_500), &json!({}), 1, 30);
    let before = flow(&sandbox);
    assert!(before.refused > 5_000 && before.retried == before.refused, "{before:?}");
    assert_eq!(before.errors, [("ProvisionedThroughputExceededException", before.refused)]);
    assert!((5_000..30_000).contains(&before.stored), "{before:?}");
    assert!(before.behind + before.queued > 15_000, "what does not fit waits: {before:?}");
    let waits = sandbox.world().facts_since(0).filter_map(|fact| {
        let Fact::RetryScheduled { until, .. } = fact.fact else { return None };
        Some(until.since(fact.at).millis())
    });
    let longest = waits.max().unwrap();
    assert!(longest <= 13_000, "10 s, give or take 30 %: {longest}");
    let change = AgentChange { name: "web-1".into(), rate: Some(1), ..AgentChange::default() };
    give(&mut sandbox, AgentCommand::Change(change).into());
    seconds(&mut sandbox, 900);
    let after = flow(&sandbox);
    assert_eq!((after.lost, after.stored_again, after.behind, after.queued), (0, 0, 0, 0), "{after:?}");
    assert!(after.stored > 45_000, "{after:?}");
}

#[test]
fn an_answer_that_never_comes_makes_a_duplicate() {
    let mut sandbox = run(log(LogFormat::Syslog, 10), &json!({}), 1, 10);
    fault(&mut sandbox, FaultKind::Loss { percent: 100, way: Way::Answers }, Some(5));
    seconds(&mut sandbox, 80);
    let flow = flow(&sandbox);
    let entries = entries(&sandbox);
    assert!(agent_view(&sandbox).timed_out > 0 && flow.stored_again > 30, "{flow:?}");
    let distinct = entries.iter().collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!((entries.len() - distinct) as u64, flow.stored_again);
    assert_eq!(distinct as u64, *entries.last().unwrap() + 1, "nothing is missing");
}

/// Facts sheet: at least once: a checkpoint is written when a buffer is sent, and what was sent behind it comes again.
#[test]
fn after_a_crash_what_was_sent_behind_the_checkpoint_comes_again() {
    let mut sandbox = run(log(LogFormat::Syslog, 10), &json!({}), 1, 10);
    let checkpoint = flow(&sandbox).checkpoint.unwrap();
    assert_eq!((checkpoint.path.as_str(), checkpoint.bytes % 150), (PATH, 0));
    fault(&mut sandbox, FaultKind::Loss { percent: 100, way: Way::Answers }, Some(4));
    seconds(&mut sandbox, 4);
    let at_crash = flow(&sandbox).checkpoint.unwrap();
    fault(&mut sandbox, FaultKind::Crash, None);
    assert_eq!(agent_view(&sandbox).state, "crashed");
    seconds(&mut sandbox, 10);
    assert_eq!(flow(&sandbox).checkpoint, Some(at_crash.clone()), "a dead process sends nothing");
    restart(&mut sandbox);
    seconds(&mut sandbox, 20);
    let flow = flow(&sandbox);
    let entries = entries(&sandbox);
    let mut distinct = entries.clone();
    distinct.dedup();
    assert_eq!(
        distinct,
        (0..distinct.len() as u64).collect::<Vec<u64>>(),
        "the log went on and nothing is missing"
    );
    assert_eq!((entries.len() - distinct.len()) as u64, flow.stored_again);
    assert!((20..=50).contains(&flow.stored_again), "three or four buffers of one second: {flow:?}");
}

/// The agent's own source says that its checkpoint can leave a gap.
#[test]
fn a_crash_loses_what_a_later_buffer_has_overtaken() {
    let mut sandbox = run(log(LogFormat::Syslog, 10), &json!({}), 1, 10);
    fault(&mut sandbox, FaultKind::Loss { percent: 100, way: Way::Calls }, Some(2));
    seconds(&mut sandbox, 5);
    fault(&mut sandbox, FaultKind::Crash, Some(5));
    seconds(&mut sandbox, 20);
    let flow = flow(&sandbox);
    assert!(flow.lost >= 10 && flow.lost_by_reason[0].0.contains("before its checkpoint"), "{flow:?}");
    let entries = entries(&sandbox);
    let missing = (0..*entries.last().unwrap()).filter(|entry| !entries.contains(entry)).count();
    assert_eq!((missing as u64, flow.stored_again), (flow.lost, 0));
}

#[test]
fn a_stopped_agent_goes_on_where_it_was() {
    let mut sandbox = run(log(LogFormat::Syslog, 10), &json!({}), 1, 10);
    give(&mut sandbox, AgentCommand::Stop { name: "web-1".into() }.into());
    let again = sandbox.submit(AgentCommand::Stop { name: "web-1".into() }.into());
    assert!(again.unwrap_err().to_string().contains("does not run"));
    seconds(&mut sandbox, 30);
    let stopped = flow(&sandbox);
    assert_eq!((stopped.made, stopped.behind >= 300), (stopped.stored, true), "{stopped:?}");
    restart(&mut sandbox);
    restart(&mut sandbox);
    seconds(&mut sandbox, 10);
    restart(&mut sandbox);
    seconds(&mut sandbox, 10);
    let flow = flow(&sandbox);
    assert_eq!((flow.lost, flow.stored_again), (0, 0));
    let entries = entries(&sandbox);
    assert_eq!(entries, (0..entries.len() as u64).collect::<Vec<u64>>());
    assert!(entries.len() > 570, "{}", entries.len());
}

#[test]
fn without_a_checkpoint_a_restart_begins_at_the_initial_position() {
    let start_of_file = json!({"initialPosition": "START_OF_FILE", "maxBufferAgeMillis": 60_000});
    let end_of_file = json!({"maxBufferAgeMillis": 60_000});
    for (options, lost) in [(start_of_file, 0), (end_of_file, 200)] {
        let mut sandbox = run(log(LogFormat::Syslog, 10), &options, 1, 20);
        fault(&mut sandbox, FaultKind::Crash, None);
        restart(&mut sandbox);
        seconds(&mut sandbox, 70);
        assert_eq!((flow(&sandbox).lost, entries(&sandbox)[0]), (lost, lost));
    }
}

#[test]
fn metrics_stand_in_the_namespace_of_the_agent() {
    let mut sandbox = run(log(LogFormat::Syslog, 1_200), &json!({}), 1, 20);
    seconds(&mut sandbox, 100);
    let metrics = sandbox.world().metrics_list();
    let metrics = metrics.iter().filter(|metric| metric.name.namespace == "AWSKinesisAgent");
    let units: Vec<(&str, &str)> =
        metrics.map(|metric| (metric.name.name.as_str(), metric.unit.as_str())).collect();
    let expected = [
        ("BytesSent", "Bytes"),
        ("RecordSendAttempts", "Count"),
        ("RecordSendErrors", "Count"),
        ("ServiceErrors", "Count"),
    ];
    assert_eq!(units, expected);
    let give_up = AgentCommand::Stop { name: "web-1".into() };
    give(&mut sandbox, give_up.into());
    seconds(&mut sandbox, 200);
    let sum = |name: &str| {
        let name = MetricName::new("AWSKinesisAgent", name, &[("Destination", "KinesisStream:orders")]);
        let (from, to) = sandbox.span();
        let points = sandbox.world().metric_statistics(&name, from, to, 1);
        points.iter().map(|point| point.value(Statistic::Sum).0).sum::<u64>()
    };
    let flow = flow(&sandbox);
    assert_eq!(sum("BytesSent"), flow.stored * 150, "an entry of this log has 150 bytes");
    assert_eq!(sum("RecordSendErrors"), flow.refused);
    assert_eq!(sum("RecordSendAttempts"), flow.stored + flow.refused);
    assert_eq!(sum("ServiceErrors"), 0);
}

fn policy(actions: &[&str]) -> Command {
    let document = json!({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}}).to_string();
    Command::SetPolicy { principal: "role/shipper".into(), name: "ship".into(), document: Some(document) }
}

/// Developer guide: the agent needs kinesis:PutRecords, and cloudwatch:PutMetricData for its metrics.
#[test]
fn the_agent_needs_two_permissions_and_tries_until_it_has_them() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, policy(&["kinesis:PutRecord"]));
    let standing = sim::Standing { role: Some("shipper".into()), ..Default::default() };
    let start = Box::new(start(log(LogFormat::Syslog, 10), &json!({})));
    give(&mut sandbox, Command::StartAttached { standing, start });
    seconds(&mut sandbox, 60);
    let refused = flow(&sandbox);
    assert_eq!((refused.stored, refused.lost), (0, 0));
    assert_eq!(refused.errors[0].0, "AccessDeniedException");
    assert!(refused.backs_off_until_ms.is_some() || agent_view(&sandbox).calls < 30, "it backs off");
    give(&mut sandbox, policy(&["kinesis:PutRecords"]));
    seconds(&mut sandbox, 30);
    let allowed = flow(&sandbox);
    assert!(allowed.stored > 850 && allowed.lost == 0, "{allowed:?}");
    let is_of_agent = |sandbox: &Sandbox| {
        sandbox.world().metrics_list().iter().any(|metric| metric.name.namespace == "AWSKinesisAgent")
    };
    assert!(!is_of_agent(&sandbox));
    give(&mut sandbox, policy(&["kinesis:PutRecords", "cloudwatch:PutMetricData"]));
    seconds(&mut sandbox, 10);
    assert!(is_of_agent(&sandbox));
}

#[test]
fn a_configuration_that_wants_no_metrics_has_none() {
    let mut sandbox = with_stream(1);
    let mut text: Value = serde_json::from_str(&configuration(&json!({}))).unwrap();
    text["cloudwatch.emitMetrics"] = json!(false);
    let spec = AgentSpec { configuration: text.to_string(), ..AgentSpec::new("web-1", "orders") };
    give(&mut sandbox, AgentCommand::Start(spec).into());
    seconds(&mut sandbox, 30);
    assert!(flow(&sandbox).stored > 0);
    assert!(sandbox.world().metrics_list().iter().all(|metric| metric.name.namespace != "AWSKinesisAgent"));
}

#[test]
fn a_stream_that_is_deleted_and_made_again_gets_what_waited() {
    let mut sandbox = run(log(LogFormat::Syslog, 10), &json!({}), 1, 10);
    let delete = DeleteStreamInput { stream_name: Some("orders".into()), ..Default::default() };
    give(&mut sandbox, Command::Call(delete.into()));
    seconds(&mut sandbox, 40);
    let without = flow(&sandbox);
    assert!(without.errors.iter().any(|(code, _)| *code == "ResourceNotFoundException"), "{without:?}");
    assert_eq!(without.lost, 0);
    give(&mut sandbox, create_stream("orders", 1));
    seconds(&mut sandbox, 60);
    let again = flow(&sandbox);
    assert_eq!((again.lost, again.behind, again.queued), (0, 0, 0));
    assert!(again.stored > 1_070, "{again:?}");
}

#[test]
fn a_changed_configuration_restarts_the_agent_and_keeps_the_checkpoints() {
    let mut sandbox = run(log(LogFormat::CommonApacheLog, 10), &json!({}), 1, 10);
    let step =
        json!({"dataProcessingOptions": [{"optionName": "LOGTOJSON", "logFormat": "COMMONAPACHELOG"}]});
    let change = |text: String| -> Command {
        let configuration = Some(text);
        AgentCommand::Change(AgentChange { name: "web-1".into(), configuration, ..Default::default() }).into()
    };
    give(&mut sandbox, change(configuration(&step)));
    seconds(&mut sandbox, 20);
    let records = stored(&sandbox);
    let json = records.iter().filter(|(data, _)| data.starts_with('{')).count();
    assert!(json > 180 && records.len() - json > 80, "{json} of {}", records.len());
    assert_eq!(flow(&sandbox).lost, 0);
    let refused = sandbox.submit(change(configuration(&json!({"maxBufferSizeRecords": 501}))));
    let words = "'maxBufferSizeRecords' value 501 is outside of valid range ([1..500])";
    assert_eq!(refused.unwrap_err().to_string(), words);
    give(&mut sandbox, change(configuration(&json!({"kinesisStreams": "x"}))));
    assert_eq!(agent_view(&sandbox).unread, ["kinesisStreams"]);
    give(
        &mut sandbox,
        Command::WriteFile {
            path: "agent.json".into(),
            content: Some(configuration(&step).into_bytes().into()),
        },
    );
    give(&mut sandbox, change("file://agent.json".into()));
    assert_eq!(agent_view(&sandbox).configuration, configuration(&step));
    assert!(sandbox.submit(change("file://none".into())).is_err());
}

#[test]
fn two_flows_tail_two_logs() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, create_stream("clicks", 1));
    seconds(&mut sandbox, 20);
    let text = json!({"flows": [
        {"filePattern": "/var/log/app.log*", "kinesisStream": "orders", "maxBufferAgeMillis": 1000},
        {"filePattern": "/var/log/access.log*", "kinesisStream": "clicks", "maxBufferAgeMillis": 1000},
    ]});
    let spec = AgentSpec { configuration: text.to_string(), ..AgentSpec::new("web-1", "orders") };
    give(&mut sandbox, AgentCommand::Start(spec).into());
    seconds(&mut sandbox, 10);
    assert_eq!(agent_view(&sandbox).flows[1].made, 0, "there is no such file yet");
    let add = |path: &str| -> Command {
        let log = LogSpec { path: path.into(), ..log(LogFormat::CombinedApacheLog, 20) };
        AgentCommand::AddLog { name: "web-1".into(), log }.into()
    };
    give(&mut sandbox, add("/var/log/access.log"));
    seconds(&mut sandbox, 10);
    let agent = agent_view(&sandbox);
    assert_eq!((agent.flows[1].made, agent.logs.len()), (200, 2));
    assert!(sandbox.submit(add("/var/log/access.log")).unwrap_err().to_string().contains("already"));
    let words = sandbox.submit(add("/var/log/access.log.old")).unwrap_err().to_string();
    assert!(words.contains("a flow tails one log"), "{words}");
}

#[test]
fn what_an_agent_does_goes_back_to_the_command_that_started_it() {
    let sandbox = run(log(LogFormat::Syslog, 10), &json!({}), 1, 10);
    let world = sandbox.world();
    let appended = world
        .facts_since(0)
        .find(|fact| matches!(fact.fact, Fact::Service(kinesis::Fact::RecordsAppended { .. })));
    let why = sim::why_view(world, appended.unwrap().number);
    assert_eq!(why.last().unwrap().kind, "command", "{why:?}");
    assert!(
        why.iter().any(|step| step.because.as_deref() == Some("the Kinesis Agent on web-1 tails its logs"))
    );
}
