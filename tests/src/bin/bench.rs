//! Native figures of the project: each line is `name<TAB>value<TAB>unit`, the median of five runs.

#![allow(clippy::print_stdout)] // The printed lines are what this program is for.

use std::hint::black_box;
use std::time::Instant as WallClock;

use kinesis::{
    Blob, CallContext, Caller, CreateStreamInput, Duration, Instant, Keys, LimitsProfile, PutRecordsInput,
    PutRecordsRequestEntry, Request, Response, Service,
};
use sim::{ApplicationSpec, Command, ProducerSpec, Sandbox, SandboxOptions};

const RUNS: usize = 5;

fn main() {
    report("put_records", "records/s", put_records);
    report("simulated_time", "times real time", simulated_time);
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
                    partition_key: Some(format!("user-{}", call * RECORDS_PER_CALL + i)),
                    explicit_hash_key: None,
                })
                .collect();
            let stream_name = Some("bench".to_owned());
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
