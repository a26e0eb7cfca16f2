//! The saved sessions under `tests/sessions` are what these commands make: `UPDATE=1 cargo test -p tests` writes them
//! anew. The browser's wasm replays the same files and must come to the same digests.

#![allow(clippy::unwrap_used)] // Helpers of tests: what fails here fails the test.

use kinesis::{
    CreateStreamInput, DecreaseStreamRetentionPeriodInput, DeleteStreamInput, DescribeLimitsInput,
    DescribeStreamInput, Duration, GetRecordsInput, GetShardIteratorInput,
    IncreaseStreamRetentionPeriodInput, KeyState, ListShardsInput, ListStreamsInput, MergeShardsInput,
    PutRecordInput, PutRecordsInput, PutRecordsRequestEntry, Request, Response, SplitShardInput,
};
use sim::{
    AgentCommand, AgentSpec, ApplicationSpec, Balancing, CallerSpec, Command, FaultKind, FaultSpec,
    KclVersion, KeyRecipe, LogFormat, LogSpec, Outcome, ProducerChange, ProducerSpec, PutCall, ReaderSpec,
    RetryPolicy, Sandbox, SandboxOptions, StartingPosition, Way, WorkerAction,
};

fn check(name: &str, make: fn(&mut Sandbox)) {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    make(&mut sandbox);
    let made = sandbox.save().unwrap();
    let path = format!("{}/sessions/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, made, "{name}: run with UPDATE=1 and read the difference");
    assert_eq!(Sandbox::load(&kept, ()).unwrap().0.digest(), sandbox.digest());
}

fn give(sandbox: &mut Sandbox, command: Command) -> Outcome {
    sandbox.submit(command).unwrap()
}

fn call(sandbox: &mut Sandbox, request: impl Into<Request>) -> Option<Response> {
    sandbox.request(request.into()).ok()
}

fn wait(sandbox: &mut Sandbox, seconds: u64) {
    sandbox.advance(Duration::from_seconds(seconds), None);
}

fn some<T: for<'a> From<&'a str>>(text: &str) -> Option<T> {
    Some(text.into())
}

fn create(sandbox: &mut Sandbox, name: &str, shards: i64) {
    let input =
        CreateStreamInput { stream_name: some(name), shard_count: Some(shards), ..Default::default() };
    call(sandbox, input);
    wait(sandbox, 20);
}

#[test]
fn a_log_is_sent_through_a_rotation_a_crash_and_a_lost_answer() {
    check("kinesis-agent", |sandbox| {
        create(sandbox, "orders", 2);
        let format = LogFormat::CommonApacheLog;
        let log = LogSpec {
            format,
            rate: 30,
            size: format.size_default(),
            rotate_size: 40_000,
            ..LogSpec::new("/var/log/access.log")
        };
        let flow = r#"{"filePattern": "/var/log/access.log*", "kinesisStream": "orders", "maxBufferAgeMillis": 2000,
            "dataProcessingOptions": [{"optionName": "LOGTOJSON", "logFormat": "COMMONAPACHELOG"}]}"#;
        let configuration = format!(r#"{{"flows": [{flow}]}}"#);
        give(sandbox, AgentCommand::Start(AgentSpec { name: "web-1".into(), configuration, log }).into());
        wait(sandbox, 20);
        let fault = |kind, lasts| {
            Command::Fault(FaultSpec {
                kind,
                target: some("web-1"),
                lasts: Some(Duration::from_seconds(lasts)),
            })
        };
        give(sandbox, fault(FaultKind::Loss { percent: 60, way: Way::Answers }, 5));
        wait(sandbox, 5);
        give(sandbox, fault(FaultKind::Crash, 10));
        wait(sandbox, 40);
        give(sandbox, AgentCommand::Stop { name: "web-1".into() }.into());
        wait(sandbox, 10);
        give(sandbox, AgentCommand::Restart { name: "web-1".into() }.into());
        wait(sandbox, 30);
    });
}

#[test]
fn a_hot_shard_throttles_until_it_is_split() {
    check("hot-shard", |sandbox| {
        create(sandbox, "geo", 2);
        let keys = KeyRecipe::Fixed { keys: ["us", "eu", "ap"].map(str::to_owned).to_vec() };
        let spec =
            ProducerSpec { rate: 1_500, keys, call: PutCall::Batch, ..ProducerSpec::new("web", "geo") };
        give(sandbox, Command::StartProducer(spec));
        wait(sandbox, 20);
        let retry = Some(RetryPolicy::Backoff);
        give(
            sandbox,
            Command::ChangeProducer(ProducerChange { name: "web".into(), retry, ..Default::default() }),
        );
        let reader = ReaderSpec::new("replay", "geo", StartingPosition::TrimHorizon);
        give(sandbox, Command::StartReader(reader));
        call(
            sandbox,
            SplitShardInput {
                stream_name: some("geo"),
                shard_to_split: some("shardId-000000000000"),
                new_starting_hash_key: some("56713727820156410577229101238628035242"),
                stream_arn: None,
            },
        );
        wait(sandbox, 60);
        give(sandbox, Command::StopProducer { name: "web".into() });
        wait(sandbox, 30);
    });
}

#[test]
fn leases_change_hands_when_a_worker_crashes() {
    check("kcl-failover", |sandbox| {
        create(sandbox, "orders", 4);
        give(
            sandbox,
            Command::StartProducer(ProducerSpec { rate: 50, ..ProducerSpec::new("web", "orders") }),
        );
        let spec = ApplicationSpec { workers: 2, ..ApplicationSpec::new("billing", "orders") };
        give(sandbox, Command::StartApplication(spec));
        wait(sandbox, 60);
        let act = |worker: &str, action| Command::Worker {
            application: "billing".into(),
            worker: worker.into(),
            action,
        };
        give(sandbox, act("w1", WorkerAction::Crash));
        wait(sandbox, 45);
        give(sandbox, Command::AddWorker { application: "billing".into() });
        give(sandbox, act("w2", WorkerAction::Pause));
        wait(sandbox, 45);
        give(sandbox, act("w2", WorkerAction::Resume));
        give(sandbox, act("w1", WorkerAction::Restart));
        wait(sandbox, 60);
        give(sandbox, act("w3", WorkerAction::Stop));
        wait(sandbox, 30);
    });
}

#[test]
fn a_leader_moves_load_and_is_followed_by_another() {
    check("kcl3-balancing", |sandbox| {
        create(sandbox, "orders", 4);
        let producer = ProducerSpec { rate: 100, call: PutCall::Batch, ..ProducerSpec::new("web", "orders") };
        give(sandbox, Command::StartProducer(producer));
        let balancing = Balancing { cpu_per_record: 2_000, ..Balancing::default() };
        let version = Some(KclVersion::Three);
        let spec = ApplicationSpec { version, balancing, ..ApplicationSpec::new("billing", "orders") };
        give(sandbox, Command::StartApplication(spec));
        wait(sandbox, 90);
        give(sandbox, Command::AddWorker { application: "billing".into() });
        wait(sandbox, 150);
        let act = |worker: &str, action| Command::Worker {
            application: "billing".into(),
            worker: worker.into(),
            action,
        };
        let (vcpus, other_load) = (Some(4), Some(50));
        let (application, worker) = ("billing".into(), "w2".into());
        give(sandbox, Command::SetWorkerHost { application, worker, vcpus, other_load });
        wait(sandbox, 120);
        give(sandbox, act("w1", WorkerAction::Crash));
        wait(sandbox, 260);
        give(sandbox, act("w1", WorkerAction::Restart));
        give(sandbox, act("w2", WorkerAction::Stop));
        wait(sandbox, 90);
    });
}

#[test]
fn every_kind_of_fault_begins_and_ends() {
    check("faults", |sandbox| {
        create(sandbox, "orders", 2);
        give(
            sandbox,
            Command::StartProducer(ProducerSpec { rate: 40, ..ProducerSpec::new("web", "orders") }),
        );
        let reader = ReaderSpec::new("tail", "orders", StartingPosition::TrimHorizon);
        give(sandbox, Command::StartReader(reader));
        let spec = ApplicationSpec { workers: 3, ..ApplicationSpec::new("billing", "orders") };
        give(sandbox, Command::StartApplication(spec));
        wait(sandbox, 60);
        let seconds = Duration::from_seconds;
        let fault = |kind, target: Option<&str>, lasts| {
            Command::Fault(FaultSpec { kind, target: target.map(str::to_owned), lasts })
        };
        for (kind, target, lasts) in [
            (FaultKind::Crash, Some("billing/w1"), Some(40)),
            (FaultKind::Pause, Some("billing/w2"), Some(30)),
            (FaultKind::Slow { factor: 300 }, Some("tail"), Some(20)),
            (FaultKind::Latency { more: Duration::from_millis(250) }, None, Some(20)),
            (FaultKind::Loss { percent: 20, way: Way::Both }, Some("web"), Some(15)),
            (FaultKind::Loss { percent: 50, way: Way::Answers }, None, None),
            (FaultKind::Partition, Some("billing/w3"), Some(50)),
            (FaultKind::Clock { by: seconds(900), is_ahead: false }, Some("web"), None),
            (FaultKind::Throttle { shard: Some("shardId-000000000001".into()) }, Some("orders"), None),
            (FaultKind::Poison { program: "billing".into(), key: "bad".into() }, Some("orders"), None),
            (FaultKind::SlowSink { per_record: Duration::from_millis(30) }, Some("tail"), Some(60)),
        ] {
            give(sandbox, fault(kind, target, lasts.map(seconds)));
            wait(sandbox, 25);
        }
        give(sandbox, Command::ClearFaults { target: Some("web".into()) });
        give(sandbox, Command::ClearFaults { target: None });
        give(sandbox, fault(FaultKind::Crash, Some("web"), None));
        wait(sandbox, 60);
    });
}

#[test]
fn every_operation_is_called_once_at_least() {
    check("every-operation", |sandbox| {
        create(sandbox, "orders", 2);
        let put = |key: &str| PutRecordInput {
            stream_name: some("orders"),
            partition_key: some(key),
            data: Some("héllo".into()),
            ..Default::default()
        };
        for key in ["a", "b", "日本", "user-1"] {
            call(sandbox, put(key));
        }
        let entry = |key: &str| PutRecordsRequestEntry {
            data: Some(kinesis::Blob::Bytes(vec![0, 255, 127])),
            explicit_hash_key: some("340282366920938463463374607431768211455"),
            partition_key: some(key),
        };
        let records = Some(vec![entry("x"), entry("y")]);
        call(
            sandbox,
            PutRecordsInput { stream_name: some("orders"), records, stream_arn: None, dry_run: None },
        );
        let iterator = GetShardIteratorInput {
            stream_name: some("orders"),
            shard_id: some("shardId-000000000001"),
            shard_iterator_type: some("TRIM_HORIZON"),
            ..Default::default()
        };
        if let Some(Response::GetShardIterator(output)) = call(sandbox, iterator) {
            wait(sandbox, 299);
            let shard_iterator = Some(output.shard_iterator);
            call(sandbox, GetRecordsInput { shard_iterator: shard_iterator.clone(), ..Default::default() });
            wait(sandbox, 2);
            call(sandbox, GetRecordsInput { shard_iterator, ..Default::default() });
        }
        let stream_name = some("orders");
        let hours = |hours| Some(hours);
        call(
            sandbox,
            IncreaseStreamRetentionPeriodInput {
                stream_name: stream_name.clone(),
                retention_period_hours: hours(48),
                stream_arn: None,
            },
        );
        call(
            sandbox,
            DecreaseStreamRetentionPeriodInput {
                stream_name: stream_name.clone(),
                retention_period_hours: hours(24),
                stream_arn: None,
            },
        );
        call(
            sandbox,
            MergeShardsInput {
                stream_name: stream_name.clone(),
                shard_to_merge: some("shardId-000000000000"),
                adjacent_shard_to_merge: some("shardId-000000000001"),
                stream_arn: None,
            },
        );
        wait(sandbox, 40);
        call(sandbox, put("after the merge"));
        call(sandbox, ListShardsInput { stream_name: stream_name.clone(), ..Default::default() });
        call(sandbox, ListStreamsInput::default());
        call(sandbox, DescribeStreamInput { stream_name: stream_name.clone(), ..Default::default() });
        // A day later the parents and the records are gone.
        wait(sandbox, 25 * 3_600);
        call(sandbox, ListShardsInput { stream_name: stream_name.clone(), ..Default::default() });
        call(sandbox, DeleteStreamInput { stream_name, ..Default::default() });
        wait(sandbox, 30);
        call(sandbox, put("too late"));
        give(sandbox, Command::Answer { name: "shard".into(), value: "shardId-000000000002".into() });
        let document = r#"{"Statement":{"Effect":"Allow","Action":"kinesis:Describe*","Resource":"*"}}"#;
        let (principal, name) = ("ana".to_owned(), "look".to_owned());
        give(sandbox, Command::SetPolicy { principal, name, document: some(document) });
        give(sandbox, Command::SetKeyState { key: "1234".into(), state: KeyState::Disabled });
        for request in [Request::from(DescribeLimitsInput {}), ListStreamsInput::default().into()] {
            let caller = CallerSpec { principal: some("ana"), is_through_endpoint: true };
            give(sandbox, Command::CallAs { caller, request });
        }
    });
}
