//! What the tests of the world share: short ways to give commands and to look at the result.
#![allow(dead_code, unreachable_pub)] // Each test file uses its own part of this.

pub mod lambda;
pub mod steps;

use kinesis::{
    CreateStreamInput, Duration, Instant, PutRecordInput, Request, SplitShardInput, StoredData, StoredRecord,
};
use sim::{
    ApplicationSpec, Command, Fact, Outcome, ProducerSpec, Sandbox, SandboxOptions, ViewQuery, WorkerAction,
    WorldView,
};

pub fn sandbox() -> Sandbox {
    Sandbox::new(SandboxOptions::default())
}

pub fn create_stream(name: &str, shards: i64) -> Command {
    Command::Call(
        CreateStreamInput { stream_name: Some(name.into()), shard_count: Some(shards), ..Default::default() }
            .into(),
    )
}

pub fn put_record(stream: &str, key: &str) -> Request {
    PutRecordInput {
        stream_name: Some(stream.into()),
        partition_key: Some(key.into()),
        data: Some("hello".into()),
        ..Default::default()
    }
    .into()
}

pub fn split_in_the_middle(stream: &str) -> Command {
    Command::Call(
        SplitShardInput {
            stream_name: Some(stream.into()),
            shard_to_split: Some("shardId-000000000000".into()),
            new_starting_hash_key: Some((1u128 << 127).to_string()),
            stream_arn: None,
        }
        .into(),
    )
}

/// A sandbox with an ACTIVE stream `orders`.
pub fn with_stream(shards: i64) -> Sandbox {
    let mut sandbox = sandbox();
    give(&mut sandbox, create_stream("orders", shards));
    seconds(&mut sandbox, 20);
    sandbox
}

pub fn give(sandbox: &mut Sandbox, command: Command) -> Outcome {
    match sandbox.submit(command) {
        Ok(outcome) => outcome,
        Err(refusal) => panic!("refused: {refusal}"),
    }
}

pub fn seconds(sandbox: &mut Sandbox, seconds: u64) {
    sandbox.advance(Duration::from_seconds(seconds), None);
}

pub fn producer(rate: u32) -> ProducerSpec {
    ProducerSpec { rate, ..ProducerSpec::new("web", "orders") }
}

pub fn application(workers: u32) -> ApplicationSpec {
    ApplicationSpec { workers, ..ApplicationSpec::new("billing", "orders") }
}

pub fn act(sandbox: &mut Sandbox, worker: &str, action: WorkerAction) {
    give(sandbox, Command::Worker { application: "billing".into(), worker: worker.into(), action });
}

pub fn view(sandbox: &Sandbox) -> WorldView {
    sandbox.view(&ViewQuery::default())
}

/// Owners of the leases of `billing`, by shard.
pub fn owners(sandbox: &Sandbox) -> Vec<(u32, Option<String>)> {
    view(sandbox).applications[0]
        .leases
        .iter()
        .map(|lease| (lease.shard, lease.lease_owner.clone()))
        .collect()
}

/// When something first happened, in seconds since `from`.
pub fn first_after(sandbox: &Sandbox, from: Instant, is_it: impl Fn(&Fact) -> bool) -> Option<u64> {
    let mut facts = sandbox.world().facts_since(0).filter(|fact| fact.at >= from);
    facts.find(|fact| is_it(&fact.fact)).map(|fact| fact.at.since(from).seconds())
}

pub fn count(sandbox: &Sandbox, is_it: impl Fn(&Fact) -> bool) -> usize {
    sandbox.world().facts_since(0).filter(|fact| is_it(&fact.fact)).count()
}

/// The numbers that programs gave to the records in a stored record.
pub fn numbers_of(record: &StoredRecord<'_>) -> Vec<u64> {
    match record.data {
        StoredData::Generated(recipe) => recipe.numbers().collect(),
        StoredData::Bytes(_) => Vec::new(),
    }
}

/// The numbers of all records in all streams, shard by shard.
pub fn numbers(sandbox: &Sandbox) -> Vec<u64> {
    let streams = sandbox.world().service().streams();
    let shards = streams.flat_map(|stream| stream.shards());
    shards.flat_map(|shard| shard.log.read_from(1).flat_map(|record| numbers_of(&record))).collect()
}
