//! Worlds that run long or are busy: what the figures of speed and memory are taken from.

use kinesis::{CreateStreamInput, Duration, SplitShardInput};
use sim::{
    ApplicationSpec, Command, KeyRecipe, ProducerSpec, PutCall, ReaderSpec, RetryPolicy, Sandbox,
    SandboxOptions, StartingPosition,
};

/// A sandbox with an ACTIVE stream `orders`.
pub fn with_stream(shards: i64) -> Sandbox {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let create = CreateStreamInput {
        stream_name: Some("orders".to_owned()),
        shard_count: Some(shards),
        ..CreateStreamInput::default()
    };
    sandbox.request(create.into()).expect("the stream is new");
    sandbox.advance(Duration::from_seconds(30), None);
    sandbox
}

fn give(sandbox: &mut Sandbox, command: Command) {
    sandbox.submit(command).expect("the world is new");
}

/// Twenty programs of every kind on eight shards, with history: ten producers, five readers, an application of five
/// workers. They are half a minute old.
pub fn mixed_programs() -> Sandbox {
    let mut sandbox = with_stream(8);
    for n in 0..10u32 {
        let keys = match n % 3 {
            0 => KeyRecipe::Uniform { count: 1_000 },
            1 => KeyRecipe::Zipf { count: 100 },
            _ => KeyRecipe::Random,
        };
        let spec = ProducerSpec {
            rate: 100 + 50 * n,
            keys,
            call: if n % 2 == 0 { PutCall::Single } else { PutCall::Batch },
            retry: if n % 4 == 0 { RetryPolicy::Backoff } else { RetryPolicy::None },
            ..ProducerSpec::new(format!("producer-{n}"), "orders")
        };
        give(&mut sandbox, Command::StartProducer(spec));
    }
    for n in 0..5 {
        let from = StartingPosition::TrimHorizon;
        let spec = ReaderSpec::new(format!("reader-{n}"), "orders", from);
        let consumer = (n % 2 == 1).then(|| format!("consumer-{n}"));
        give(&mut sandbox, Command::StartReader(ReaderSpec { consumer, ..spec }));
    }
    let spec = ApplicationSpec { workers: 5, ..ApplicationSpec::new("billing", "orders") };
    give(&mut sandbox, Command::StartApplication(spec));
    sandbox.advance(Duration::from_seconds(30), None);
    sandbox
}

/// A stream of so many shards, one producer of so many records a second, and an application of three workers.
pub fn application_at(shards: i64, rate: u32) -> Sandbox {
    let mut sandbox = with_stream(shards);
    give(&mut sandbox, Command::StartProducer(ProducerSpec { rate, ..ProducerSpec::new("web", "orders") }));
    let spec = ApplicationSpec { workers: 3, ..ApplicationSpec::new("billing", "orders") };
    give(&mut sandbox, Command::StartApplication(spec));
    sandbox
}

/// A world with every neighbour once, with history: 200 records a second on four shards, put with the KPL, read by an
/// event source mapping, a Firehose stream with backup, a Flink application and a KCL application, while a DMS task has
/// loaded its file and an alarm looks at each minute. It is a minute old.
pub fn every_neighbour() -> Sandbox {
    let mut sandbox = with_stream(4);
    for line in [
        "sandbox bucket create lake",
        "sandbox object put lake load/shop/customers/1.csv '1,ana'",
        "sandbox function create totals --count-by customer",
        "sandbox mapping create totals --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        "sandbox firehose create clicks --kinesis-stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --bucket \
         lake --interval-in-seconds 60 --backup-bucket lake",
        "sandbox flink create counts --stream orders --window 1m",
        "sandbox kcl start billing --stream orders --workers 2",
        "sandbox alarm put late --metric-name GetRecords.IteratorAgeMilliseconds --dimensions StreamName=orders --statistic \
         Maximum --threshold 60000",
        "sandbox kpl start web --stream orders --rate 200 --workload web-activity",
        DMS,
    ] {
        let output = awscli::run(&mut sandbox, line);
        assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
    }
    sandbox.advance(Duration::from_seconds(60), None);
    sandbox
}

const DMS: &str = r#"sandbox dms create load --bucket lake --bucket-folder load --stream orders --external-table-definition '{"TableCount":"1","Tables":[{"TableName":"customers","TablePath":"shop/customers/","TableOwner":"shop","TableColumns":[{"ColumnName":"id","ColumnType":"INT8","ColumnIsPk":"true"},{"ColumnName":"name","ColumnType":"STRING","ColumnLength":"20"}],"TableColumnsTotal":"2"}]}'"#;

/// One stream, and nobody who does anything, after its second shard was closed.
pub fn idle() -> Sandbox {
    let mut sandbox = with_stream(2);
    let split = SplitShardInput {
        stream_name: Some("orders".to_owned()),
        shard_to_split: Some("shardId-000000000000".to_owned()),
        new_starting_hash_key: Some((1u128 << 126).to_string()),
        stream_arn: None,
    };
    sandbox.request(split.into()).expect("the range can be split there");
    sandbox
}
