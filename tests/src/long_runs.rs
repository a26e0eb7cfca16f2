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
