//! What checks can ask of producers, readers, applications, managed services and the account, and how they say what is
//! missing.

#![allow(clippy::unwrap_used, reason = "a test")]

use course::{CourseObserver, CourseSandbox, ask, run_script};
use sim::{Sandbox, SandboxOptions};

fn play(script: &str) -> CourseSandbox {
    let mut sandbox = Sandbox::with_observer(SandboxOptions::default(), CourseObserver::default());
    sandbox.observer().begin(sandbox.world());
    if let Err(error) = run_script(&mut sandbox, script) {
        panic!("{error}");
    }
    sandbox
}

#[track_caller]
fn says(sandbox: &CourseSandbox, check: &str, expected: &str) {
    assert_eq!(ask(sandbox, check).unwrap(), expected, "{check}");
}

#[test]
fn a_month_is_told_in_dollars_and_by_mode() {
    // Facts sheet: 0.015 $ a shard-hour, 730 hours; 0.04 $ an on-demand stream-hour.
    let sandbox = play(
        "aws kinesis create-stream --stream-name bus --shard-count 4\nsandbox clock advance 30s\n\
         aws kinesis create-stream --stream-name wild --stream-mode-details StreamMode=ON_DEMAND\nsandbox clock advance 30s",
    );
    let bus = "the cost of a month of bus at the present pace in dollars";
    says(
        &sandbox,
        "now(cost(bus).month <= 40)",
        &format!("{bus} is 44; it should be at most 40 (over by 4)"),
    );
    says(
        &sandbox,
        "now(cost(bus, mode=ON_DEMAND).month <= 44)",
        "the cost of a month of bus at the present pace in dollars (mode ON_DEMAND) is 29",
    );
    says(
        &sandbox,
        "now(cost(all).month == 73)",
        "the cost of a month of all at the present pace in dollars is 73",
    );
    says(
        &sandbox,
        "now(cost(all, at=start).month == 0)",
        "the cost of a month of all at the present pace in dollars (at start) is 0",
    );
    says(
        &sandbox,
        "now(cost(gone).month > 0)",
        "the cost of a month of gone at the present pace in dollars is not there yet (there is bus, wild)",
    );
}

#[test]
fn keys_of_records_count_once_each() {
    let sandbox = play(
        "aws kinesis create-stream --stream-name s --shard-count 2\nsandbox clock advance 30s\n\
         aws kinesis put-records --stream-name s --records PartitionKey=a,Data=aGk= PartitionKey=b,Data=aGk= \
         PartitionKey=a,Data=aGk=",
    );
    let keys = "the number of partition keys of the records in s";
    says(&sandbox, "now(rec(s).keys == 2)", &format!("{keys} is 2"));
    says(&sandbox, "now(rec(s).keys == 3)", &format!("{keys} is 2; it should be exactly 3 (1 to go)"));
}

#[test]
fn rights_wildcards_ways_and_callers_are_read_from_the_account() {
    let sandbox = play(
        "aws kinesis create-stream --stream-name orders --shard-count 1\nsandbox clock advance 30s\n\
         sandbox policy set role/prod all --document '{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kinesis:*\",\"Resource\":\"*\"}}'\n\
         sandbox policy set role/writer own --document \"$(sandbox policy show producer --stream orders)\"\n\
         sandbox producer start web --stream orders --rate 5 --role writer --subnet private\n\
         sandbox producer start app --stream orders --rate 5\n\
         aws kinesis increase-stream-retention-period --stream-name orders --retention-period-hours 48\n\
         sandbox clock advance 6m",
    );
    says(
        &sandbox,
        "now(iam(prod).wildcards == 0)",
        "the number of wildcards in the policies of role prod is 2; it should be exactly 0 (over by 2)",
    );
    says(
        &sandbox,
        "now(iam(nobody).wildcards == 0)",
        "the number of wildcards in the policies of role nobody is not there yet",
    );
    for (check, expected) in [
        ("now(iam(writer).wildcards == 0)", "the number of wildcards in the policies of role writer is 0"),
        (
            "now(iam(writer, kinesis:PutRecords, stream=orders).allows)",
            "role writer may call kinesis:PutRecords (stream orders): yes",
        ),
        (
            "now(iam(writer, kinesis:GetRecords, stream=orders).allows)",
            "role writer may call kinesis:GetRecords (stream orders): no",
        ),
        (
            "now(iam(writer, kinesis:PutRecords, stream=other).allows)",
            "role writer may call kinesis:PutRecords (stream other): no",
        ),
        ("now(role(web).of == writer)", "the role as which web calls is writer"),
        ("now(net(web).via == none)", "the way that calls of web take is none"),
        ("now(net(app).via == internet)", "the way that calls of app take is internet"),
        ("now(net(web).subnet == private)", "the subnet that web stands in is private"),
        (
            "now(audit(IncreaseStreamRetentionPeriod).found)",
            "the trail shows a call of IncreaseStreamRetentionPeriod: yes",
        ),
        (
            "now(audit(IncreaseStreamRetentionPeriod).minute == '00:00')",
            "the minute of the last call of IncreaseStreamRetentionPeriod is 00:00",
        ),
        ("now(audit(DeleteStream).principal == ben)", "who called DeleteStream last is not there yet"),
    ] {
        says(&sandbox, check, expected);
    }
    let mut sandbox = sandbox;
    run_script(&mut sandbox, "sandbox endpoint set kinesis-streams").unwrap();
    says(&sandbox, "now(net(web).via == vpce)", "the way that calls of web take is vpce");
}

#[test]
fn a_library_is_measured_by_what_it_stores_and_by_its_delay() {
    let sandbox = play(
        "aws kinesis create-stream --stream-name iot --shard-count 2\nsandbox clock advance 30s\n\
         sandbox kpl start iot --stream iot --rate 1000 --size 200 --record-max-buffered-time 400ms\n\
         sandbox producer start sdk --stream iot --rate 20 --call batch\n\
         sandbox clock advance 30s",
    );
    // Two shards, a packet every 400 ms or a little later: at most 2 / 0.4 = 5 Kinesis records a second.
    says(
        &sandbox,
        "now(put(iot).kinesis_rps in 3..5)",
        "the number of Kinesis records that iot stored per second in the last five is 5",
    );
    says(
        &sandbox,
        "now(put(sdk).kinesis_rps in 19..21)",
        "the number of Kinesis records that sdk stored per second in the last five is 20",
    );
    // From the first of a packet to the answer: the buffer time, at most a tick, and two ways, counted to an eighth.
    let delay = ask(&sandbox, "now(put(iot).p99_ms in 400..520)").unwrap();
    assert!(!delay.contains("should"), "{delay}");
    says(
        &sandbox,
        "now(put(sdk).p99_ms < 500)",
        "the milliseconds within which 99 of 100 user records of sdk were stored is not there yet",
    );
    says(&sandbox, "now(put(iot).lost == 0)", "the number of lost records of producer iot is 0");
    says(&sandbox, "now(put(iot).aggregates)", "iot packs user records together: yes");
}

#[test]
fn readers_applications_functions_and_deliveries_say_how_they_do() {
    let sandbox = play(
        "aws kinesis create-stream --stream-name orders --shard-count 2\nsandbox clock advance 30s\n\
         sandbox producer start shop --stream orders --rate 100 --size 1000 --keys uniform:50\n\
         sandbox reader start R --stream orders\n\
         sandbox kcl start billing --stream orders --workers 1\n\
         sandbox function create settle\n\
         sandbox mapping create settle --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --report-batch-item-failures true --batch-size 50\n\
         sandbox bucket create lake\n\
         sandbox firehose create raw --kinesis-stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --bucket lake --interval-in-seconds 60\n\
         sandbox clock advance 3m",
    );
    for check in [
        "now(reader(R).rate_kbps in 85..110)",
        "now(reader(R).p99_ms in 500..1300)",
        "now(reader(R).missed == 0 and reader(R).order_violations == 0)",
        "now(app(billing).ddb_writes_s in 1..4)",
        "now(not app(billing).fans_out)",
        "now(table(billing).rows_deleted_by_hand == 0)",
        "now(fn(settle, ReportBatchItemFailures).cfg == true and fn(settle, BatchSize).cfg == 50)",
        "now(hose(raw).delivered > 5000 and hose(raw).delay_s in 0..62 and hose(raw).interval_s == 60)",
    ] {
        let because = ask(&sandbox, check).unwrap();
        assert!(!because.contains("should"), "{check}: {because}");
    }
    says(&sandbox, "now(fn(settle, Colour).cfg == red)", "Colour of the mapping of settle is not there yet");
    says(
        &sandbox,
        "now(hose(other).delivered > 0)",
        "the number of records that Firehose stream other delivered is not there yet (there is raw)",
    );
}

#[test]
fn every_reader_of_the_account_has_words_for_what_it_sees() {
    let sandbox = play(
        "aws kinesis create-stream --stream-name orders --shard-count 4\nsandbox clock advance 30s\n\
         sandbox policy set role/writer own --document \"$(sandbox policy show producer --stream orders)\"\n\
         sandbox kpl start shop --stream orders --rate 500 --role writer\n\
         sandbox reader start R --stream orders\n\
         sandbox clock advance 10m",
    );
    let checks = [
        "now(cost(orders).month <= 40)",
        "now(cost(all).month <= 40)",
        "now(iam(writer).wildcards == 0)",
        "now(iam(writer, kinesis:GetRecords, stream=orders).allows)",
        "now(net(shop).via == vpce)",
        "now(audit(CreateStream).minute == '00:00')",
        "now(put(shop).p99_ms < 100)",
        "now(put(shop).kinesis_rps < 100)",
        "now(reader(R).p99_ms < 100)",
        "now(reader(R).rate_kbps < 100)",
    ];
    for check in checks {
        assert!(!ask(&sandbox, check).unwrap().is_empty(), "{check}");
    }
}

/// Facts sheet: maxBufferAgeMillis is 60000 and initialPosition END_OF_FILE unless a flow says otherwise; names that files
/// are renamed to must match the pattern, too.
#[test]
fn an_agent_is_read_from_its_flows_and_its_configuration() {
    let start = |pattern: &str, more: &str| {
        play(&format!(
            "aws kinesis create-stream --stream-name weblog --shard-count 1\nsandbox clock advance 30s\n\
             sandbox agent start web-1 --rate 50 --configuration \
             '{{\"flows\":[{{\"filePattern\":\"{pattern}\",\"kinesisStream\":\"weblog\"{more}}}]}}'\n\
             sandbox clock advance 25s"
        ))
    };
    let plain = start("/var/log/app.log", "");
    for (check, expected) in [
        // 500 lines fill a buffer: two are sent after 20 s.
        ("now(put(web-1).ok == 1000)", "the number of stored records of producer web-1 is 1,000"),
        ("now(put(web-1).calls == 2)", "the number of calls of producer web-1 is 2"),
        ("now(put(web-1).rate == 50)", "the number of records per second that producer web-1 makes is 50"),
        ("now(put(web-1).lost == 0)", "the number of lost records of producer web-1 is 0"),
        ("now(agent(web-1).buffer_ms == 60000)", "maxBufferAgeMillis of the agent of web-1 is 60,000"),
        (
            "now(agent(web-1).initial_position == END_OF_FILE)",
            "initialPosition of the agent of web-1 is END_OF_FILE",
        ),
    ] {
        says(&plain, check, expected);
    }
    let follows = "the agent of web-1 takes a log by each name that it is renamed to";
    says(&plain, "now(agent(web-1).follows)", &format!("{follows}: no"));
    let star =
        start("/var/log/app.log*", ",\"maxBufferAgeMillis\":1000,\"initialPosition\":\"START_OF_FILE\"");
    says(&star, "now(agent(web-1).follows)", &format!("{follows}: yes"));
    says(&star, "now(agent(web-1).buffer_ms == 1000)", "maxBufferAgeMillis of the agent of web-1 is 1,000");
    says(
        &star,
        "now(agent(web-1).initial_position == END_OF_FILE)",
        "initialPosition of the agent of web-1 is START_OF_FILE; it should be END_OF_FILE",
    );
    says(
        &star,
        "now(agent(web-2).follows)",
        "the agent of web-2 takes a log by each name that it is renamed to: not there yet (there is web-1)",
    );
}
