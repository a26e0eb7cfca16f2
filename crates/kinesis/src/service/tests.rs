use proptest::prelude::*;
use smol_str::SmolStr;

use super::*;
use crate::operations::*;
use crate::testing::*;
use crate::{
    Blob, CreateStreamInput, DecreaseStreamRetentionPeriodInput, DeleteStreamInput, DescribeStreamInput,
    DescribeStreamSummaryInput, Generated, GetRecordsInput, GetShardIteratorInput,
    IncreaseStreamRetentionPeriodInput, ListShardsInput, ListStreamsInput, MergeShardsInput, PutRecordInput,
    PutRecordsInput, PutRecordsRequestEntry, Seconds, Shard, ShardFilter, ShardId, ShardIteratorType,
    SortedMap, SplitShardInput, StreamModeDetails,
};

#[test]
fn a_service_without_streams_waits_for_nothing() {
    let mut lab = Lab::empty();
    lab.wait(HOUR);
    assert_eq!((lab.service.next_deadline(), lab.facts.len()), (None, 0));
}

#[test]
fn what_is_due_at_one_instant_is_done_in_the_order_of_names() {
    let mut lab = Lab::empty();
    for name in ["c", "a", "b"] {
        lab.accepts(create(name, 1));
    }
    lab.facts.clear();
    lab.wait(SECOND.times(20));
    let opened: Vec<&str> = lab
        .facts
        .iter()
        .filter(|fact| matches!(fact, Fact::ShardOpened { .. }))
        .map(|fact| &**fact.stream())
        .collect();
    assert_eq!(opened, ["a", "b", "c"]);
}

#[test]
fn a_deadline_is_the_earliest_of_all_streams() {
    let mut lab = Lab::with_shards(1);
    lab.splits(0, 1 << 127);
    let expiry = lab.now + HOUR.times(24);
    assert_eq!(lab.service.next_deadline(), Some(expiry));
    lab.accepts(create("clicks", 1));
    assert_eq!(lab.service.next_deadline(), Some(lab.now + SECOND.times(20)));
    lab.wait(SECOND.times(20));
    assert_eq!(lab.service.next_deadline(), Some(expiry));
}

#[test]
fn a_closed_shard_expires_with_its_records() {
    let mut lab = Lab::with_shards(1);
    for _ in 0..3 {
        lab.put(put("a", "data"));
    }
    lab.splits(0, 1 << 127);
    assert_eq!(lab.service.stored_bytes(), 15);
    lab.facts.clear();
    lab.wait(HOUR.times(24));
    assert_eq!(lab.facts, [Fact::ShardExpired { stream: "orders".into(), shard: ShardId(0) }]);
    assert_eq!(lab.service.stored_bytes(), 0);
    assert!(lab.stream().shards()[0].is_expired() && !lab.stream().shards()[1].is_expired());
}

#[test]
fn what_nobody_can_read_any_more_leaves_memory_as_new_records_come() {
    let mut lab = Lab::with_shards(1);
    for _ in 0..1_024 {
        lab.put(put("k", "x"));
        lab.wait(Duration::from_millis(2));
    }
    assert_eq!(lab.service.stored_bytes(), 2_048);
    lab.wait(HOUR.times(24) + SECOND);
    lab.put(put("k", "x"));
    assert_eq!(lab.service.stored_bytes(), 2);
    assert_eq!(lab.keys_in(0), ["k"]);
}

#[test]
fn at_the_end_of_time_nothing_breaks() {
    let mut lab = Lab::empty();
    lab.now = Instant::from_micros(u64::MAX);
    lab.accepts(create("orders", 2));
    lab.wait(SECOND);
    let number = lab.put_at(0);
    assert_eq!(number.recorded, crate::SequenceNumber::LAST_SECOND);
    lab.splits(0, 2);
    lab.put_at(1);
    lab.merges(2, 3);
    assert_eq!(lab.describe().shards.len(), 2, "what is closed at the end of time expires at once");
    assert!(lab.describe().stream_creation_timestamp.0 >= Instant::MAX);
}

#[test]
fn before_the_first_second_of_time_nothing_breaks() {
    let mut lab = Lab::empty();
    lab.now = Instant::from_micros(0);
    lab.accepts(create("orders", 1));
    lab.wait(SECOND.times(20));
    lab.put(put("a", "x"));
    assert_eq!(lab.keys_in(0), ["a"]);
}

/// The streams with every budget as it was when new: what a refused request must not touch.
fn apart_from_budgets(service: &Service) -> Vec<Stream> {
    let fresh = |shard: &Shard| {
        let parents = (shard.parent, shard.adjacent_parent);
        let (created, opened) = (shard.created, shard.opened);
        let budgets = Shard::open(shard.id, shard.hash_key_range, parents, created, opened, service.limits());
        Shard { closed: shard.closed, log: shard.log.clone(), ..budgets }
    };
    // A subscription leaves the stream as it is.
    let alone = |(name, consumer): (&String, &Consumer)| {
        (name.clone(), Consumer { subscriptions: SortedMap::new(), ..consumer.clone() })
    };
    let streams = service.streams();
    streams
        .map(|s| Stream {
            shards: s.shards.iter().map(fresh).collect(),
            consumers: s.consumers.iter().map(alone).collect(),
            call_rates: SortedMap::new(),
            ..s.clone()
        })
        .collect()
}

/// The deadlines as they stand in the streams and subscriptions.
fn deadlines_of(service: &Service) -> BTreeSet<(Instant, Deadline)> {
    let mut deadlines = BTreeSet::new();
    for stream in service.streams() {
        if let Some(due) = stream.next_deadline() {
            deadlines.insert((due, Deadline::Stream(stream.name.clone())));
        }
        for consumer in stream.consumers.values() {
            for subscription in consumer.subscriptions.values() {
                let (shard, consumer) = (subscription.shard, consumer.name.clone());
                let place = Place { stream: stream.name.clone(), shard, consumer };
                deadlines
                    .extend(subscription.live.iter().map(|live| (live.due, Deadline::Push(place.clone()))));
            }
        }
    }
    deadlines
}

/// Either one of the texts that mean something here, or any text.
fn texts(meaningful: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        2 => Just(None),
        60 => prop::sample::select(meaningful).prop_map(text::<String>),
        1 => any::<String>().prop_map(Some),
        1 => (prop::sample::select(&["a", "é", "😀", "9", " "][..]), 100..300usize)
            .prop_map(|(piece, count)| Some(piece.repeat(count))),
    ]
}

fn numbers() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        8 => Just(None),
        24 => (1..10i64).prop_map(Some),
        4 => (20..60i64).prop_map(Some),
        4 => prop::sample::select(
            &[0, -1, 23, 24, 25, 8_760, 8_761, 10_000, 10_001, 4_294_967_297, i64::MIN, i64::MAX][..]
        ).prop_map(Some),
        1 => any::<i64>().prop_map(Some),
    ]
}

fn instants() -> impl Strategy<Value = Option<Seconds>> {
    prop_oneof![
        8 => Just(None),
        8 => (0..60u64).prop_map(|seconds| Some(Seconds(START + SECOND.times(seconds)))),
        1 => any::<u64>().prop_map(|micros| Some(Seconds(Instant::from_micros(micros)))),
        1 => Just(Some(Seconds(Instant::from_micros(u64::MAX)))),
    ]
}

fn blobs() -> impl Strategy<Value = Option<Blob>> {
    prop_oneof![
        1 => Just(None),
        30 => any::<Vec<u8>>().prop_map(|bytes| Some(Blob::Bytes(bytes))),
        10 => (any::<u64>(), prop_oneof![20 => 0..2_000u32, 1 => any::<u32>()])
            .prop_map(|(number, size)| Some(Blob::Generated(Generated::numbered(number, size)))),
    ]
}

fn names() -> impl Strategy<Value = Option<String>> {
    texts(&["orders", "orders", "orders", "orders", "orders", "orders", "orders", "clicks", "."])
}

fn arns() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        15 => Just(None),
        1 => texts(&[
            ARN,
            ARN,
            ARN,
            "arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
            "arn:aws:kinesis:us-east-1:123456789012:stream/:stream/",
            "arn:aws:kinesis:::stream/",
            ":::::",
        ]),
    ]
}

fn shard_ids() -> impl Strategy<Value = Option<String>> {
    texts(&[
        "shardId-000000000000",
        "shardId-000000000001",
        "0",
        "1",
        "2",
        "3",
        "x-4",
        "shardId-4294967295",
        "99999999999999999999",
        "-",
        "shardId--1",
    ])
}

fn hash_keys() -> impl Strategy<Value = Option<String>> {
    texts(&[
        "0",
        "1",
        "2",
        "5",
        "99999999999999999999999999999999999999",
        "200000000000000000000000000000000000000",
        "85070591730234615865843651857942052864",
        "170141183460469231731687303715884105728",
        "340282366920938463463374607431768211454",
        "340282366920938463463374607431768211455",
        "340282366920938463463374607431768211456",
        "999999999999999999999999999999999999999",
    ])
}

fn sequence_numbers() -> impl Strategy<Value = Option<String>> {
    texts(&[
        "0",
        // The first record of the lab's first shard, the shard's start and its end after a split.
        "49670424472731169861061894383144094351084856727964745730",
        "49670424472731169861061894383142885425265240724400504834",
        "49670424472742320233661159694712444358581953711952625666",
        "73559785961551514828601391991642864028743539089244946418",
        "99999999999999999999999999999999999999999999999999999999",
    ])
}

/// Texts that stand for a token which the lab has at hand.
const ITERATOR: &str = "<iterator>";
const SHARDS_TOKEN: &str = "<shards token>";
const STREAMS_TOKEN: &str = "<streams token>";
const CONSUMER: &str = "<consumer>";

fn tokens() -> impl Strategy<Value = Option<String>> {
    texts(&[ITERATOR, ITERATOR, ITERATOR, SHARDS_TOKEN, STREAMS_TOKEN, "AAAAAAAAAAE=", "===="])
}

prop_compose! {
    fn entries()(data in blobs(), explicit_hash_key in hash_keys(), partition_key in texts(&["a", "b", "c"])) -> PutRecordsRequestEntry {
        PutRecordsRequestEntry { data, explicit_hash_key, partition_key: partition_key.map(SmolStr::from) }
    }
}

prop_compose! {
    fn filters()(
        kind in texts(&["AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP"]),
        shard_id in shard_ids(),
        timestamp in instants(),
    ) -> ShardFilter {
        ShardFilter { kind, shard_id, timestamp }
    }
}

prop_compose! {
    /// A request of any operation, of which each member is missing, meaningful or garbage.
    fn requests()(
        operation in prop::sample::select(Operation::ALL),
        (stream_name, stream_arn) in (names(), arns()),
        (number, hours) in (numbers(), numbers()),
        (shard_id, other_shard_id) in (shard_ids(), shard_ids()),
        (hash_key, sequence_number) in (hash_keys(), sequence_numbers()),
        (timestamp, token) in (instants(), tokens()),
        kind in texts(&["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"]),
        entry in entries(),
        key in texts(&["a", "b", "c"]),
        records in prop::option::of(prop::collection::vec(entries(), 0..6)),
        shard_filter in prop::option::of(filters()),
        stream_mode in texts(&["PROVISIONED", "ON_DEMAND"]),
        is_rare in prop::bool::weighted(0.1),
    ) -> Request {
        match operation {
            Operation::AddTagsToStream => AddTagsToStreamInput { stream_name, tags: key.zip(hash_key).map(|pair| [pair].into()), stream_arn }.into(),
            Operation::RemoveTagsFromStream => RemoveTagsFromStreamInput { stream_name, tag_keys: key.map(|key| vec![key]), stream_arn }.into(),
            Operation::ListTagsForStream => ListTagsForStreamInput { stream_name, exclusive_start_tag_key: key, limit: number, stream_arn }.into(),
            Operation::TagResource => TagResourceInput { tags: key.zip(hash_key).map(|pair| [pair].into()), resource_arn: stream_arn }.into(),
            Operation::UntagResource => UntagResourceInput { tag_keys: key.map(|key| vec![key]), resource_arn: stream_arn }.into(),
            Operation::PutResourcePolicy => {
                let policy = key.map(|_| r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"kinesis:PutRecord"}}"#.to_owned());
                PutResourcePolicyInput { resource_arn: stream_arn, policy }.into()
            }
            Operation::GetResourcePolicy => GetResourcePolicyInput { resource_arn: stream_arn }.into(),
            Operation::DeleteResourcePolicy => DeleteResourcePolicyInput { resource_arn: stream_arn }.into(),
            Operation::ListTagsForResource => ListTagsForResourceInput { resource_arn: stream_arn }.into(),
            Operation::UpdateShardCount => UpdateShardCountInput { stream_name, target_shard_count: number, scaling_type: Some("UNIFORM_SCALING".to_owned()), stream_arn }.into(),
            Operation::DescribeLimits => DescribeLimitsInput {}.into(),
            Operation::DescribeAccountSettings => DescribeAccountSettingsInput {}.into(),
            Operation::UpdateAccountSettings => {
                let status = Some(if is_rare { "DISABLED" } else { "ENABLED" }.to_owned());
                UpdateAccountSettingsInput { minimum_throughput_billing_commitment: Some(CommitmentSetting { status }) }.into()
            }
            Operation::UpdateMaxRecordSize => UpdateMaxRecordSizeInput { stream_arn, max_record_size_in_kib: hours }.into(),
            Operation::UpdateStreamRecordDistributionStrategy => {
                let strategy = if is_rare { "USER_PARTITION_KEY" } else { "AUTO" };
                UpdateStreamRecordDistributionStrategyInput { stream_arn, record_distribution_strategy: Some(strategy.to_owned()) }.into()
            }
            Operation::UpdateStreamWarmThroughput => {
                UpdateStreamWarmThroughputInput { stream_arn, stream_name, warm_throughput_mi_bps: number }.into()
            }
            Operation::EnableEnhancedMonitoring => EnableEnhancedMonitoringInput { stream_name, shard_level_metrics: Some(vec!["ALL".to_owned()]), stream_arn }.into(),
            Operation::DisableEnhancedMonitoring => DisableEnhancedMonitoringInput { stream_name, shard_level_metrics: Some(vec!["ALL".to_owned()]), stream_arn }.into(),
            Operation::StartStreamEncryption => StartStreamEncryptionInput { stream_name, encryption_type: Some("KMS".to_owned()), key_id: key, stream_arn }.into(),
            Operation::StopStreamEncryption => StopStreamEncryptionInput { stream_name, encryption_type: Some("KMS".to_owned()), key_id: key, stream_arn }.into(),
            Operation::RegisterStreamConsumer => RegisterStreamConsumerInput { stream_arn, consumer_name: key, tags: None }.into(),
            Operation::DescribeStreamConsumer => DescribeStreamConsumerInput { stream_arn, consumer_name: key, consumer_arn: None }.into(),
            Operation::DeregisterStreamConsumer => DeregisterStreamConsumerInput { stream_arn, consumer_name: key, consumer_arn: None }.into(),
            Operation::ListStreamConsumers => ListStreamConsumersInput { stream_arn, next_token: token.filter(|_| is_rare), max_results: number, stream_creation_timestamp: None }.into(),
            Operation::UpdateStreamMode => UpdateStreamModeInput { stream_arn, stream_mode_details: Some(StreamModeDetails { stream_mode }), warm_throughput_mi_bps: None }.into(),
            Operation::CreateStream => CreateStreamInput {
                stream_name,
                shard_count: number,
                stream_mode_details: is_rare.then_some(StreamModeDetails { stream_mode }),
                max_record_size_in_kib: hours.filter(|_| is_rare),
                ..Default::default()
            }.into(),
            Operation::DecreaseStreamRetentionPeriod => {
                DecreaseStreamRetentionPeriodInput { stream_name, retention_period_hours: hours, stream_arn }.into()
            }
            Operation::DeleteStream => {
                let stream_name = stream_name.filter(|_| is_rare);
                DeleteStreamInput { stream_name, enforce_consumer_deletion: Some(is_rare), stream_arn }.into()
            }
            Operation::DescribeStream => {
                let exclusive_start_shard_id = shard_id.filter(|_| is_rare);
                DescribeStreamInput { stream_name, limit: number, exclusive_start_shard_id, stream_arn }.into()
            }
            Operation::DescribeStreamSummary => DescribeStreamSummaryInput { stream_name, stream_arn }.into(),
            Operation::GetRecords => GetRecordsInput { shard_iterator: token, limit: number, stream_arn, dry_run: None }.into(),
            Operation::GetShardIterator => GetShardIteratorInput {
                stream_name,
                shard_id,
                starting_sequence_number: sequence_number
                    .filter(|_| is_rare || kind.as_ref().is_some_and(|kind| kind.contains("NUMBER"))),
                shard_iterator_type: kind,
                timestamp,
                stream_arn, dry_run: None }.into(),
            Operation::IncreaseStreamRetentionPeriod => {
                IncreaseStreamRetentionPeriodInput { stream_name, retention_period_hours: hours, stream_arn }.into()
            }
            Operation::ListShards => ListShardsInput {
                stream_name: stream_name.filter(|_| !is_rare),
                next_token: token.filter(|_| is_rare),
                exclusive_start_shard_id: other_shard_id.filter(|_| !is_rare),
                max_results: number,
                stream_creation_timestamp: timestamp.filter(|_| is_rare),
                shard_filter,
                stream_arn: stream_arn.filter(|_| !is_rare),
            }.into(),
            Operation::ListStreams => {
                ListStreamsInput { limit: number, exclusive_start_stream_name: stream_name, next_token: token.filter(|_| is_rare) }.into()
            }
            Operation::MergeShards => MergeShardsInput {
                stream_name,
                shard_to_merge: shard_id,
                adjacent_shard_to_merge: other_shard_id,
                stream_arn,
            }.into(),
            Operation::PutRecord => PutRecordInput {
                stream_name: stream_name.map(SmolStr::from),
                data: entry.data,
                partition_key: entry.partition_key,
                explicit_hash_key: entry.explicit_hash_key,
                sequence_number_for_ordering: sequence_number.filter(|_| is_rare),
                stream_arn, dry_run: None }.into(),
            Operation::PutRecords => PutRecordsInput { records, stream_name: stream_name.map(SmolStr::from), stream_arn, dry_run: None }.into(),
            Operation::SplitShard => SplitShardInput {
                stream_name,
                shard_to_split: shard_id,
                new_starting_hash_key: hash_key,
                stream_arn,
            }.into(),
            Operation::SubscribeToShard => SubscribeToShardInput {
                consumer_arn: Some(CONSUMER.to_owned()),
                shard_id,
                starting_position: Some(StartingPosition {
                    sequence_number: sequence_number
                        .filter(|_| is_rare || kind.as_ref().is_some_and(|kind| kind.contains("NUMBER"))),
                    kind,
                    timestamp,
                }), dry_run: None }.into(),
        }
    }
}

/// The tokens that a lab has at hand.
#[derive(Default)]
struct Tokens {
    iterator: Option<String>,
    of_shards: Option<String>,
    of_streams: Option<String>,
    consumer: Option<String>,
}

impl Tokens {
    fn keep(&mut self, answer: &Response) {
        if let Response::GetShardIterator(output) = answer {
            self.iterator = Some(output.shard_iterator.clone());
        } else if let Response::ListShards(output) = answer {
            self.of_shards.clone_from(&output.next_token);
        } else if let Response::ListStreams(output) = answer {
            self.of_streams.clone_from(&output.next_token);
        } else if let Response::RegisterStreamConsumer(output) = answer {
            self.consumer = Some(output.consumer.consumer_arn.clone());
        }
    }

    /// Puts the tokens where a request has the texts that stand for them.
    fn fill_in(&self, request: &mut Request) {
        let member = if let Request::GetRecords(input) = request {
            &mut input.shard_iterator
        } else if let Request::ListShards(input) = request {
            &mut input.next_token
        } else if let Request::ListStreams(input) = request {
            &mut input.next_token
        } else if let Request::SubscribeToShard(input) = request {
            &mut input.consumer_arn
        } else {
            return;
        };
        let token = match member.as_deref() {
            Some(ITERATOR) => &self.iterator,
            Some(SHARDS_TOKEN) => &self.of_shards,
            Some(STREAMS_TOKEN) => &self.of_streams,
            Some(CONSUMER) => &self.consumer,
            _ => return,
        };
        member.clone_from(token);
    }
}

fn waits() -> impl Strategy<Value = Duration> {
    prop_oneof![
        80 => (0..2_000u64).prop_map(Duration::from_millis),
        20 => (0..40u64).prop_map(Duration::from_seconds),
        2 => (0..9_000u64).prop_map(Duration::from_hours),
        1 => any::<u64>().prop_map(Duration::from_micros),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_request_breaks_the_service_and_a_refused_one_changes_nothing_but_budgets(
        requests in prop::collection::vec((waits(), requests()), 1..60),
        profile in prop::sample::select(&LimitsProfile::ALL[..]),
    ) {
        let mut lab = Lab::with_shards_under(profile, 2);
        let mut tokens = Tokens { iterator: Some(lab.iterator(0, ShardIteratorType::TrimHorizon)), ..Default::default() };
        for (wait, mut request) in requests {
            lab.wait(wait);
            tokens.fill_in(&mut request);
            let before = lab.clone();
            match lab.call(request.clone()) {
                Ok(answer) => {
                    prop_assert_eq!(answer.operation(), request.operation());
                    prop_assert!(serde_json::to_string(&answer).is_ok());
                    tokens.keep(&answer);
                    if request.operation().is_read_only() {
                        prop_assert_eq!(apart_from_budgets(&lab.service), apart_from_budgets(&before.service));
                    }
                }
                Err(refused) => {
                    prop_assert!(!refused.message().is_empty());
                    prop_assert_eq!(apart_from_budgets(&lab.service), apart_from_budgets(&before.service), "{}", refused);
                    prop_assert_eq!(&lab.service.deadlines, &before.service.deadlines);
                    prop_assert_eq!(lab.service.streams_created, before.service.streams_created);
                    prop_assert_eq!(lab.service.readings_started, before.service.readings_started);
                }
            }
            prop_assert_eq!(&lab.service.deadlines, &deadlines_of(&lab.service));
            let in_logs = |stream: &Stream| -> u64 {
                stream.shards().iter().map(|shard| shard.log.stored_bytes()).sum()
            };
            prop_assert_eq!(lab.service.stored_bytes(), lab.service.streams().map(in_logs).sum::<u64>());
        }
    }

    #[test]
    fn a_clock_that_runs_back_breaks_nothing(
        requests in prop::collection::vec((any::<prop::sample::Index>(), requests()), 1..40),
    ) {
        let instants = [0, 1, START.micros(), START.micros() + 40_000_000, u64::MAX / 2, u64::MAX];
        let mut lab = Lab::with_shards(2);
        for (instant, request) in requests {
            lab.now = Instant::from_micros(*instant.get(&instants));
            lab.service.settle(lab.now, &mut lab.facts);
            let _ = lab.call(request);
        }
    }
}
