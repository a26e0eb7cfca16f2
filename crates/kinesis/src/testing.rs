//! What the tests have in common: a service with a stream that is ready, and calls with little noise.
//!
//! The crate's own tests and its integration tests include this file; it knows the public interface only.

#![allow(dead_code)] // Each including test program uses a part of it.

use kinesis::{
    ApiError, Blob, CallContext, Caller, CreateStreamInput, DescribeStreamInput, Duration, Fact, Generated,
    GetRecordsInput, GetRecordsOutput, GetShardIteratorInput, Instant, Keys, LimitsProfile, MergeShardsInput,
    PutRecordInput, PutRecordOutput, PutRecordsInput, PutRecordsOutput, PutRecordsRequestEntry,
    PutRecordsResultEntry, Request, Response, SequenceNumber, Service, ShardId, ShardIteratorType,
    SplitShardInput, Stream, StreamDescription,
};

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
/// 2026-01-01T00:00:00Z.
pub(crate) const START: Instant = Instant::from_seconds(1_767_225_600);
pub(crate) const SECOND: Duration = Duration::from_seconds(1);
pub(crate) const MICROSECOND: Duration = Duration::from_micros(1);
pub(crate) const HOUR: Duration = Duration::from_hours(1);
pub(crate) const MIB: usize = 1 << 20;

/// A service under test, its clock, and what has happened so far.
#[derive(Clone)]
pub(crate) struct Lab {
    pub(crate) service: Service,
    pub(crate) now: Instant,
    pub(crate) facts: Vec<Fact>,
    pub(crate) caller: Caller,
    pub(crate) keys: Keys,
}

impl Lab {
    /// A service without streams.
    pub(crate) fn empty() -> Lab {
        Lab::empty_under(LimitsProfile::Exam)
    }

    pub(crate) fn empty_under(profile: LimitsProfile) -> Lab {
        Lab {
            service: Service::new(profile, ACCOUNT, "us-east-1"),
            now: START,
            facts: Vec::new(),
            caller: Caller::administrator(ACCOUNT),
            keys: Keys::default(),
        }
    }

    /// The stream `orders` with so many shards, ACTIVE since a whole second.
    pub(crate) fn with_shards(count: i64) -> Lab {
        Lab::with_shards_under(LimitsProfile::Exam, count)
    }

    pub(crate) fn with_shards_under(profile: LimitsProfile, count: i64) -> Lab {
        let mut lab = Lab::empty_under(profile);
        lab.accepts(create("orders", count));
        lab.wait(SECOND.times(20));
        lab.facts.clear();
        lab
    }

    pub(crate) fn wait(&mut self, span: Duration) {
        self.now += span;
        self.service.settle(self.now, &mut self.facts);
    }

    pub(crate) fn call(&mut self, request: impl Into<Request>) -> Result<Response, ApiError> {
        let ctx = CallContext { now: self.now, caller: &self.caller, keys: &self.keys };
        self.service.handle(&ctx, &request.into(), &mut self.facts)
    }

    /// The answer of a request that must succeed.
    pub(crate) fn accepts(&mut self, request: impl Into<Request>) -> Response {
        self.call(request).unwrap_or_else(|refused| panic!("must be accepted: {refused}"))
    }

    /// `Code: message` of a request that must be refused.
    pub(crate) fn refusal(&mut self, request: impl Into<Request>) -> String {
        match self.call(request) {
            Err(refused) => refused.to_string(),
            Ok(answer) => panic!("must be refused: {answer:?}"),
        }
    }

    /// The answer as JSON, or the refusal.
    pub(crate) fn prints(&mut self, request: impl Into<Request>) -> String {
        match self.call(request) {
            Ok(answer) => serde_json::to_string(&answer).expect("an answer is JSON"),
            Err(refused) => refused.to_string(),
        }
    }

    pub(crate) fn stream(&self) -> &Stream {
        self.service.stream("orders").expect("the stream exists")
    }

    pub(crate) fn describe(&mut self) -> StreamDescription {
        let Response::DescribeStream(output) =
            self.accepts(DescribeStreamInput { stream_name: text("orders"), ..Default::default() })
        else {
            panic!("an answer of its own kind")
        };
        output.stream_description
    }

    pub(crate) fn put(&mut self, request: PutRecordInput) -> PutRecordOutput {
        let Response::PutRecord(output) = self.accepts(request) else { panic!("an answer of its own kind") };
        output
    }

    pub(crate) fn put_many(&mut self, request: PutRecordsInput) -> PutRecordsOutput {
        let Response::PutRecords(output) = self.accepts(request) else { panic!("an answer of its own kind") };
        output
    }

    /// Puts a small record into the shard that holds the hash key.
    pub(crate) fn put_at(&mut self, hash_key: u128) -> SequenceNumber {
        self.put(PutRecordInput { explicit_hash_key: text(&hash_key.to_string()), ..put("k", "x") })
            .sequence_number
    }

    pub(crate) fn iterator(&mut self, shard: u32, kind: ShardIteratorType) -> String {
        self.iterator_by(get_iterator(shard, kind))
    }

    pub(crate) fn iterator_by(&mut self, request: GetShardIteratorInput) -> String {
        let Response::GetShardIterator(output) = self.accepts(request) else {
            panic!("an answer of its own kind")
        };
        output.shard_iterator
    }

    pub(crate) fn read(&mut self, iterator: &str) -> GetRecordsOutput {
        let Response::GetRecords(output) = self.accepts(page_at(iterator)) else {
            panic!("an answer of its own kind")
        };
        output
    }

    /// Partition keys of what is readable in a shard from TRIM_HORIZON on, in one page.
    pub(crate) fn keys_in(&mut self, shard: u32) -> Vec<String> {
        let iterator = self.iterator(shard, ShardIteratorType::TrimHorizon);
        keys(&self.read(&iterator))
    }

    pub(crate) fn splits(&mut self, shard: u32, new_starting_hash_key: u128) {
        self.accepts(split(shard, new_starting_hash_key));
        self.wait(SECOND.times(30));
    }

    pub(crate) fn merges(&mut self, shard: u32, adjacent: u32) {
        self.accepts(merge(shard, adjacent));
        self.wait(SECOND.times(30));
    }
}

pub(crate) fn text<T: for<'a> From<&'a str>>(text: &str) -> Option<T> {
    Some(text.into())
}

pub(crate) fn create(name: &str, shard_count: i64) -> CreateStreamInput {
    CreateStreamInput { stream_name: text(name), shard_count: Some(shard_count), ..Default::default() }
}

pub(crate) fn put(key: &str, data: &str) -> PutRecordInput {
    PutRecordInput {
        stream_name: text("orders"),
        data: Some(Blob::from(data)),
        partition_key: text(key),
        ..Default::default()
    }
}

pub(crate) fn bytes(size: usize) -> Option<Blob> {
    Some(Blob::Bytes(vec![b'x'; size]))
}

pub(crate) fn entry(key: &str, data_size: usize) -> PutRecordsRequestEntry {
    PutRecordsRequestEntry { data: bytes(data_size), partition_key: text(key), explicit_hash_key: None }
}

/// As `entry`, of a payload that takes no memory.
pub(crate) fn generated_entry(key: &str, data_size: usize) -> PutRecordsRequestEntry {
    let generated = Generated::numbered(0, data_size as u32);
    PutRecordsRequestEntry { data: Some(Blob::Generated(generated)), ..entry(key, 0) }
}

pub(crate) fn batch(records: Vec<PutRecordsRequestEntry>) -> PutRecordsInput {
    PutRecordsInput { stream_name: text("orders"), records: Some(records), ..Default::default() }
}

pub(crate) fn get_iterator(shard: u32, kind: ShardIteratorType) -> GetShardIteratorInput {
    GetShardIteratorInput {
        stream_name: text("orders"),
        shard_id: text(&ShardId(shard).to_string()),
        shard_iterator_type: text(kind.name()),
        ..Default::default()
    }
}

pub(crate) fn page_at(iterator: &str) -> GetRecordsInput {
    GetRecordsInput { shard_iterator: text(iterator), ..Default::default() }
}

pub(crate) fn split(shard: u32, new_starting_hash_key: u128) -> SplitShardInput {
    SplitShardInput {
        stream_name: text("orders"),
        shard_to_split: text(&ShardId(shard).to_string()),
        new_starting_hash_key: text(&new_starting_hash_key.to_string()),
        ..Default::default()
    }
}

pub(crate) fn merge(shard: u32, adjacent: u32) -> MergeShardsInput {
    MergeShardsInput {
        stream_name: text("orders"),
        shard_to_merge: text(&ShardId(shard).to_string()),
        adjacent_shard_to_merge: text(&ShardId(adjacent).to_string()),
        ..Default::default()
    }
}

pub(crate) fn keys(page: &GetRecordsOutput) -> Vec<String> {
    page.records.iter().map(|record| record.partition_key.to_string()).collect()
}

pub(crate) fn is_stored(entry: &PutRecordsResultEntry) -> bool {
    matches!(entry, PutRecordsResultEntry::Stored { .. })
}
