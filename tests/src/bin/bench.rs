//! Native figures of the project: each line is `name<TAB>value<TAB>unit`, the median of five runs.

#![allow(clippy::print_stdout)] // The printed lines are what this program is for.

use std::hint::black_box;
use std::time::Instant as WallClock;

use kinesis::{
    Blob, CallContext, Caller, CreateStreamInput, Duration, Instant, Keys, LimitsProfile, PutRecordsInput,
    PutRecordsRequestEntry, Request, Response, Service,
};
use sim::{ApplicationSpec, Command, ProducerSpec, Sandbox, SandboxOptions};
use tests::long_runs;

const RUNS: usize = 5;

/// A row's name, its unit, and what measures it.
type Row = (&'static str, &'static str, fn() -> u64);

const ROWS: [Row; 8] = [
    ("put_records", "records/s", put_records),
    ("simulated_time", "times real time", simulated_time),
    ("simulated_time_with_every_neighbour", "times real time", every_neighbour),
    ("events_of_20_programs_on_8_shards", "events/s", events),
    ("idle_days_365_of_one_stream", "ms", idle_year),
    ("completion_list_of_1_000_streams", "µs", completion_list),
    ("pasted_script_of_1_000_lines", "ms", pasted_script),
    ("checks_of_a_frame_with_10_goals", "µs", checks_of_a_frame),
];

/// What takes long and is measured once.
///
/// The month comes first: what the process takes is counted, and what the day has freed would count with it.
const LONG_ROWS: [(&str, fn()); 2] =
    [("application_for_30_days", application_month), ("application_for_24_hours", application_day)];

/// Measures every row, or those whose names begin with one of the arguments.
fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|begin| name.starts_with(begin.as_str()));
    for (name, unit, measure) in ROWS.into_iter().filter(|(name, ..)| is_wanted(name)) {
        report(name, unit, measure);
    }
    for (_, measure) in LONG_ROWS.into_iter().filter(|(name, _)| is_wanted(name)) {
        measure();
    }
}

/// Virtual seconds per second of wall time: every neighbour once at 200 records a second, history on.
fn every_neighbour() -> u64 {
    const VIRTUAL_SECONDS: u64 = 300;

    let mut sandbox = long_runs::every_neighbour();
    let start = WallClock::now();
    sandbox.advance(Duration::from_seconds(VIRTUAL_SECONDS), None);
    let micros = start.elapsed().as_micros().max(1);
    black_box(sandbox.digest());
    u64::try_from(u128::from(VIRTUAL_SECONDS) * 1_000_000 / micros).unwrap_or(u64::MAX)
}

/// Events handled per second of wall time: twenty programs of every kind on eight shards, history on.
fn events() -> u64 {
    const VIRTUAL_SECONDS: u64 = 120;

    let mut sandbox = long_runs::mixed_programs();
    let (start, before) = (WallClock::now(), sandbox.world().steps());
    sandbox.advance(Duration::from_seconds(VIRTUAL_SECONDS), None);
    let micros = start.elapsed().as_micros().max(1);
    let steps = u128::from(sandbox.world().steps() - before);
    u64::try_from(steps * 1_000_000 / micros).unwrap_or(u64::MAX)
}

/// A year in which nobody does anything.
fn idle_year() -> u64 {
    let mut sandbox = long_runs::idle();
    let start = WallClock::now();
    sandbox.advance(Duration::from_hours(24 * 365), None);
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// 24 hours of 4 shards, 50 records/s and an application of 3 workers, and the longest way to an instant of its last
/// hour. Once: it takes long.
fn application_day() {
    let mut sandbox = long_runs::application_at(4, 50);
    let start = WallClock::now();
    sandbox.advance(Duration::from_hours(24), None);
    println!("application_for_24_hours\t{}\tms", start.elapsed().as_millis());
    let (_, end) = sandbox.span();
    let mut longest = 0;
    // Instants all over the last hour, never the same way twice.
    for n in 1..=60 {
        let back = Duration::from_micros(n * 59_999_999 % 3_600_000_000);
        let to = Instant::from_micros(end.micros() - back.micros());
        let start = WallClock::now();
        sandbox.seek(to).expect("it is within the history");
        longest = longest.max(start.elapsed().as_millis());
        sandbox.seek(end).expect("it is the end");
    }
    println!("longest_seek_in_its_last_hour\t{longest}\tms");
}

/// 30 days at one record a second with an application of 3 workers: the memory that the process took at most, as far
/// as the system tells it.
fn application_month() {
    let mut sandbox = long_runs::application_at(1, 1);
    let start = WallClock::now();
    sandbox.advance(Duration::from_hours(24 * 30), None);
    println!("application_for_30_days\t{}\tms", start.elapsed().as_millis());
    black_box(sandbox.digest());
    if let Some(kilobytes) = resident_kilobytes() {
        println!("memory_after_30_days\t{}\tMB", kilobytes / 1_000);
    }
}

fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Wall time of the completion list, and of the chips, at a prompt that asks for the name of one of 1,000 streams.
fn completion_list() -> u64 {
    let options =
        SandboxOptions { limits: LimitsProfile::AwsToday, history: false, ..SandboxOptions::default() };
    let mut sandbox = Sandbox::new(options);
    for i in 0..1_000 {
        let create = CreateStreamInput {
            stream_name: Some(format!("stream-{i}")),
            shard_count: Some(1),
            ..CreateStreamInput::default()
        };
        // The service takes few new streams at once.
        while sandbox.request(create.clone().into()).is_err() {
            sandbox.advance(Duration::from_seconds(10), None);
        }
    }
    let line = "aws kinesis put-record --stream-name stream-9";
    let start = WallClock::now();
    let offers = awscli::complete(line, line.len(), sandbox.world());
    let chips = awscli::next_tokens("aws kinesis put-record --stream-name ", sandbox.world());
    let micros = start.elapsed().as_micros();
    assert!(offers.len() > 100 && chips.len() > 10, "{} offers, {} chips", offers.len(), chips.len());
    u64::try_from(micros).unwrap_or(u64::MAX)
}

/// Wall time of what a frame asks of the course: ten goals of all kinds and their sentences, in a world where much has
/// happened.
fn checks_of_a_frame() -> u64 {
    const FRAMES: u32 = 200;
    let checks = [
        "held(metric(WriteProvisionedThroughputExceeded, orders, last=1s).sum == 0 and put(web).ok > 0, 60s)",
        "ever(metric(IncomingBytes, orders, last=60s).sum > 100000000)",
        "now(rec(orders, newer=10s).shards >= 4)",
        "now(rec(orders).count > 1000000)",
        "now(in_order(orders, key=user-1).holds)",
        "held(app(billing).behind_ms < 100 and app(billing).processed_twice == at_start(app(billing).processed_twice), 60s)",
        "now(cost(orders).month <= 25% of at_start(cost(orders).month))",
        "never(reader(audit).behind_ms > 60000)",
        "seq(api(PutRecord).calls -> api(GetShardIterator, type=LATEST).calls -> reader(audit).seen > 0)",
        "now(answer(cause) == hot-key)",
    ];
    let goals: Vec<_> =
        checks.iter().map(|check| serde_json::json!({ "text": "a goal", "check": check })).collect();
    let text = serde_json::json!({
        "id": "B1", "title": "Bench", "chapter": 1, "difficulty": 1, "notes": [], "goals": goals,
        "hints": ["", "", ""], "within_seconds": 60, "corrects": "reading-removes", "near_misses": [], "text": "Wait.",
        "setup": [
            "aws kinesis create-stream --stream-name orders --shard-count 4",
            "sandbox clock advance 30s",
            "sandbox producer start web --stream orders --rate 500 --keys uniform:1000 --call batch",
            "sandbox reader start audit --stream orders",
            "sandbox kcl start billing --stream orders --workers 2",
            "sandbox clock advance 60s",
        ],
    });
    let lesson = course::custom_lesson("bench", &text.to_string()).expect("it is a lesson");
    let mut sandbox = course::start_custom(&lesson).expect("its setup runs");
    sandbox.advance(Duration::from_seconds(120), None);
    let start = WallClock::now();
    for _ in 0..FRAMES {
        assert_eq!(black_box(course::goals(&sandbox)).len(), checks.len());
        black_box(course::near_misses(&sandbox));
    }
    u64::try_from(start.elapsed().as_micros() / u128::from(FRAMES)).unwrap_or(u64::MAX)
}

/// Wall time of 1,000 pasted lines, each an AWS call that changes or reads something, with history.
fn pasted_script() -> u64 {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let mut text =
        "aws kinesis create-stream --stream-name orders --shard-count 2\naws kinesis wait stream-exists \
                    --stream-name orders\n"
            .to_owned();
    for i in 0..998 {
        text.push_str(&match i % 4 {
            0 => "aws kinesis describe-stream-summary --stream-name orders\n".to_owned(),
            1 => {
                "A=$(aws kinesis list-shards --stream-name orders --query 'Shards[].ShardId' --output text)\n"
                    .to_owned()
            }
            _ => format!(
                "aws kinesis put-record --stream-name orders --partition-key user-{i} --data aGVsbG8=\n"
            ),
        });
    }
    let start = WallClock::now();
    for line in awscli::commands(&text) {
        let output = awscli::run(&mut sandbox, line);
        assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
    }
    black_box(sandbox.digest());
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Virtual seconds per second of wall time: 2 shards, one producer of 100 records/s, two KCL workers, history on.
fn simulated_time() -> u64 {
    const VIRTUAL_SECONDS: u64 = 600;

    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let create = CreateStreamInput {
        stream_name: Some("orders".to_owned()),
        shard_count: Some(2),
        ..CreateStreamInput::default()
    };
    sandbox.request(create.into()).expect("the stream is new");
    sandbox.advance(Duration::from_seconds(60), None);
    for command in [
        Command::StartProducer(ProducerSpec::new("web", "orders")),
        Command::StartApplication(ApplicationSpec {
            workers: 2,
            ..ApplicationSpec::new("billing", "orders")
        }),
    ] {
        sandbox.submit(command).expect("the names are new");
    }
    sandbox.advance(Duration::from_seconds(60), None);
    let start = WallClock::now();
    sandbox.advance(Duration::from_seconds(VIRTUAL_SECONDS), None);
    let micros = start.elapsed().as_micros().max(1);
    black_box(sandbox.digest());
    u64::try_from(u128::from(VIRTUAL_SECONDS) * 1_000_000 / micros).unwrap_or(u64::MAX)
}

/// Prints the median of several runs of `measure`.
fn report(name: &str, unit: &str, measure: fn() -> u64) {
    let mut values: Vec<u64> = (0..RUNS).map(|_| measure()).collect();
    values.sort_unstable();
    println!("{name}\t{}\t{unit}", values[RUNS / 2]);
}

/// Accepted records per second of wall time: PutRecords of 500 records of 100 bytes through the typed path.
fn put_records() -> u64 {
    const SHARDS: i64 = 400;
    const RECORDS_PER_CALL: u64 = 500;
    // 100 MB of data: below what the sandbox may store.
    const CALLS: u64 = 2_000;

    let caller = Caller::administrator("123456789012");
    let keys = Keys::default();
    let mut service = Service::new(LimitsProfile::Exam, "123456789012", "us-east-1");
    let mut facts = Vec::new();
    let mut now = Instant::from_seconds(1_767_225_600);
    let create = Request::from(CreateStreamInput {
        stream_name: Some("bench".to_owned()),
        shard_count: Some(SHARDS),
        ..Default::default()
    });
    service
        .handle(&CallContext { now, caller: &caller, keys: &keys }, &create, &mut facts)
        .expect("the stream is new");
    now += Duration::from_seconds(60);
    service.settle(now, &mut facts);

    let requests: Vec<Request> = (0..16)
        .map(|call| {
            let records = (0..RECORDS_PER_CALL)
                .map(|i| PutRecordsRequestEntry {
                    data: Some(Blob::Bytes(vec![b'x'; 100])),
                    partition_key: Some(format!("user-{}", call * RECORDS_PER_CALL + i).into()),
                    explicit_hash_key: None,
                })
                .collect();
            let stream_name = Some("bench".into());
            Request::from(PutRecordsInput { stream_name, records: Some(records), ..Default::default() })
        })
        .collect();

    let start = WallClock::now();
    for request in requests.iter().cycle().take(CALLS as usize) {
        // 50,000 records per virtual second over 400 shards: far from any budget.
        now += Duration::from_millis(10);
        facts.clear();
        let answer = service.handle(&CallContext { now, caller: &caller, keys: &keys }, request, &mut facts);
        match black_box(answer) {
            Ok(Response::PutRecords(output)) => {
                assert_eq!(output.failed_record_count, 0, "nothing is refused")
            }
            other => panic!("PutRecords must succeed: {other:?}"),
        }
    }
    let accepted = u128::from(CALLS * RECORDS_PER_CALL);
    u64::try_from(accepted * 1_000_000 / start.elapsed().as_micros().max(1)).unwrap_or(u64::MAX)
}
