use super::*;
use crate::testing::*;
use crate::{
    DeleteStreamInput, DeregisterStreamConsumerInput, Duration, Instant, LimitsProfile, Push,
    RegisterStreamConsumerInput, SequenceNumber, StartStreamEncryptionInput, SubscribeToShardEvent,
    SubscriptionEnd,
};

const MILLISECOND: Duration = Duration::from_millis(1);
/// The stream of the lab is ACTIVE from this second on, and its consumers are registered then.
const CREATED: u64 = 1_767_225_620;

fn arn(consumer: &str) -> String {
    format!("{ARN}/consumer/{consumer}:{CREATED}")
}

/// The stream `orders` and ACTIVE consumers of it.
fn with_consumers(shards: i64, consumers: &[&str]) -> Lab {
    let mut lab = Lab::with_shards(shards);
    for name in consumers {
        lab.accepts(RegisterStreamConsumerInput {
            stream_arn: text(ARN),
            consumer_name: text(name),
            tags: None,
        });
    }
    lab.wait(SECOND.times(5));
    lab.facts.clear();
    lab
}

fn from(kind: &str) -> SubscribeToShardInput {
    SubscribeToShardInput {
        consumer_arn: Some(arn("billing")),
        shard_id: text("shardId-000000000000"),
        starting_position: Some(StartingPosition { kind: text(kind), ..Default::default() }),
        dry_run: None,
    }
}

fn by_number(kind: &str, number: SequenceNumber) -> SubscribeToShardInput {
    let position =
        StartingPosition { kind: text(kind), sequence_number: Some(number.to_string()), timestamp: None };
    SubscribeToShardInput { starting_position: Some(position), ..from(kind) }
}

fn by_time(at: Instant) -> SubscribeToShardInput {
    let position =
        StartingPosition { kind: text("AT_TIMESTAMP"), timestamp: Some(Seconds(at)), ..Default::default() };
    SubscribeToShardInput { starting_position: Some(position), ..from("") }
}

impl Lab {
    fn subscribes(&mut self, input: SubscribeToShardInput) -> u64 {
        let Response::SubscribeToShard(output) = self.accepts(input) else {
            panic!("an answer of its own kind")
        };
        output.subscription
    }

    /// What was pushed since the last look, with the number of its subscription.
    fn pushed(&mut self) -> Vec<(u64, Push)> {
        let facts = std::mem::take(&mut self.facts);
        let number = |fact: &Fact| {
            if let Fact::EventPushed { subscription, .. } | Fact::SubscriptionEnded { subscription, .. } =
                fact
            {
                *subscription
            } else {
                0
            }
        };
        facts
            .iter()
            .filter_map(|fact| self.service.pushed(fact, self.now).map(|push| (number(fact), push)))
            .collect()
    }

    /// The events that were pushed since the last look.
    fn events(&mut self) -> Vec<SubscribeToShardEvent> {
        let event = |push| match push {
            Push::Event(event) => event,
            Push::Exception(error) => panic!("an event and not {error}"),
        };
        self.pushed().into_iter().map(|(_, push)| event(push)).collect()
    }

    /// Partition keys of all records that were pushed since the last look.
    fn pushed_keys(&mut self) -> Vec<String> {
        let keys = |event: SubscribeToShardEvent| {
            event.records.iter().map(|record| record.partition_key.to_string()).collect::<Vec<_>>()
        };
        self.events().into_iter().flat_map(keys).collect()
    }

    /// Records of 10,000 bytes each, so many as come to `bytes`, in the one shard; it takes the time that it takes.
    fn fill(&mut self, bytes: u64) {
        for second in 0..bytes.div_ceil(1_000_000) {
            let records = (bytes - second * 1_000_000).min(1_000_000) / 10_000;
            let entries = (0..records).map(|_| generated_entry("k", 9_999)).collect();
            assert_eq!(self.put_many(batch(entries)).failed_record_count, 0);
            self.wait(SECOND);
        }
    }
}

#[test]
fn a_record_is_pushed_a_moment_after_it_was_put() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("LATEST"));
    lab.wait(SECOND);
    assert_eq!(lab.events().len(), 1, "the first event says how things stand");
    let put = lab.put(put("user-1", "hello"));
    let arrived = lab.now;
    lab.wait(MILLISECOND.times(59));
    assert_eq!(lab.events(), []);
    lab.wait(MILLISECOND);
    let events = lab.events();
    assert_eq!(events.len(), 1);
    let printed = format!(
        r#"{{"Records":[{{"SequenceNumber":"{0}","ApproximateArrivalTimestamp":{1}.0,"Data":"aGVsbG8=","PartitionKey":"user-1"}}],"ContinuationSequenceNumber":"{0}","MillisBehindLatest":0}}"#,
        put.sequence_number,
        arrived.seconds(),
    );
    assert_eq!(serde_json::to_string(&events[0]).unwrap(), printed);
}

#[test]
fn records_that_come_close_together_come_in_one_event() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("LATEST"));
    lab.wait(SECOND);
    lab.facts.clear();
    for key in ["a", "b", "c"] {
        lab.put(put(key, "x"));
        lab.wait(MILLISECOND.times(20));
    }
    lab.wait(SECOND);
    let sizes: Vec<usize> = lab.events().iter().map(|event| event.records.len()).collect();
    assert_eq!(sizes, [3]);
}

#[test]
fn a_subscription_starts_where_it_is_told_to() {
    let mut lab = with_consumers(1, &["billing"]);
    let mut numbers = Vec::new();
    for key in ["a", "b", "c"] {
        numbers.push(lab.put(put(key, "x")).sequence_number);
        lab.wait(SECOND.times(10));
    }
    let second_arrival = lab.now.back(SECOND.times(20));
    for (input, keys) in [
        (from("TRIM_HORIZON"), vec!["a", "b", "c"]),
        (by_number("AT_SEQUENCE_NUMBER", numbers[1]), vec!["b", "c"]),
        (by_number("AFTER_SEQUENCE_NUMBER", numbers[1]), vec!["c"]),
        (by_time(second_arrival), vec!["b", "c"]),
        (by_time(second_arrival + MILLISECOND), vec!["c"]),
        (by_time(Instant::from_seconds(0)), vec!["a", "b", "c"]),
        (from("LATEST"), vec![]),
    ] {
        lab.facts.clear();
        let mut lab = lab.clone();
        lab.subscribes(input.clone());
        lab.wait(SECOND);
        assert_eq!(lab.pushed_keys(), keys, "{input:?}");
    }
}

#[test]
fn a_quiet_shard_brings_empty_events_whose_number_moves_on() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.put(put("before", "x"));
    lab.wait(SECOND);
    lab.subscribes(from("LATEST"));
    let mut numbers = Vec::new();
    for _ in 0..3 {
        lab.wait(SECOND.times(5));
        let events = lab.events();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].records.len(), events[0].millis_behind_latest), (0, 0));
        numbers.push(events[0].continuation_sequence_number.unwrap());
    }
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    lab.put(put("after", "x"));
    for kind in ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] {
        for number in &numbers {
            let mut lab = lab.clone();
            lab.subscribes(by_number(kind, *number));
            lab.facts.clear();
            lab.wait(SECOND);
            assert_eq!(lab.pushed_keys(), ["after"], "{kind} {number}");
        }
    }
}

#[test]
fn an_empty_shard_can_be_gone_on_with_too() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("TRIM_HORIZON"));
    lab.wait(SECOND.times(5));
    let number = lab.events()[0].continuation_sequence_number.unwrap();
    lab.put(put("first", "x"));
    lab.subscribes(by_number("AFTER_SEQUENCE_NUMBER", number));
    lab.facts.clear();
    lab.wait(SECOND);
    assert_eq!(lab.pushed_keys(), ["first"]);
}

#[test]
fn after_five_minutes_a_subscription_ends_without_a_word() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("LATEST"));
    lab.wait(SECOND.times(300));
    assert_eq!(
        lab.facts.last(),
        Some(&Fact::SubscriptionEnded {
            stream: "orders".into(),
            consumer: "billing".into(),
            shard: ShardId(0),
            subscription: 1,
            end: SubscriptionEnd::Expired,
        })
    );
    assert!(lab.pushed().iter().all(|(_, push)| matches!(push, Push::Event(_))));
    assert_eq!(lab.service.next_deadline(), None);
    lab.put(put("late", "x"));
    lab.wait(SECOND.times(60));
    assert_eq!(lab.events(), []);
}

#[test]
fn it_lasts_five_minutes_and_not_a_microsecond_less() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("LATEST"));
    lab.wait(Duration::from_micros(299_999_999));
    assert!(lab.service.next_deadline().is_some());
    lab.wait(MICROSECOND);
    assert_eq!(lab.service.next_deadline(), None);
}

#[test]
fn a_second_call_is_refused_for_five_seconds_and_then_takes_over() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("LATEST"));
    let refusal = "ResourceInUseException: Another active subscription exists for this consumer: \
                   123456789012:orders:shardId-000000000000:billing";
    for wait in [Duration::ZERO, Duration::from_micros(4_999_999)] {
        lab.wait(wait);
        assert_eq!(lab.refusal(from("LATEST")), refusal);
    }
    lab.wait(MICROSECOND);
    lab.facts.clear();
    lab.subscribes(from("LATEST"));
    let told: Vec<_> = lab
        .pushed()
        .into_iter()
        .map(|(number, push)| match push {
            Push::Exception(error) => (number, error.to_string()),
            Push::Event(event) => panic!("{event:?}"),
        })
        .collect();
    assert_eq!(told, [(1, refusal.to_owned())]);
    lab.put(put("k", "x"));
    lab.wait(SECOND);
    let numbers: Vec<u64> = lab.pushed().into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [2], "only the new one gets records");
}

#[test]
fn the_five_seconds_count_from_the_last_success_even_after_the_client_went_away() {
    let mut lab = with_consumers(1, &["billing"]);
    let number = lab.subscribes(from("LATEST"));
    lab.wait(SECOND);
    assert!(lab.service.close_subscription(number, &mut lab.facts));
    assert!(!lab.service.close_subscription(number, &mut lab.facts), "only once");
    assert!(lab.refusal(from("LATEST")).starts_with("ResourceInUseException: Another active"));
    lab.wait(SECOND.times(4));
    lab.subscribes(from("LATEST"));
}

#[test]
fn each_shard_and_each_consumer_has_a_subscription_of_its_own() {
    let mut lab = with_consumers(2, &["billing", "fraud"]);
    for consumer in ["billing", "fraud"] {
        for shard in ["shardId-000000000000", "shardId-000000000001"] {
            lab.subscribes(SubscribeToShardInput {
                consumer_arn: Some(arn(consumer)),
                shard_id: text(shard),
                ..from("TRIM_HORIZON")
            });
        }
    }
    lab.wait(SECOND);
    lab.facts.clear();
    lab.put_at(0);
    lab.put_at(u128::MAX);
    lab.wait(SECOND);
    let mut numbers: Vec<u64> = lab.pushed().into_iter().map(|(number, _)| number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[test]
fn a_consumer_gets_two_mebibytes_a_second_of_its_own() {
    let mut lab = with_consumers(1, &["billing", "fraud"]);
    lab.fill(20_000_000);
    let begun = lab.now;
    for consumer in ["billing", "fraud"] {
        lab.subscribes(SubscribeToShardInput { consumer_arn: Some(arn(consumer)), ..from("TRIM_HORIZON") });
    }
    let mut pushed = Vec::new();
    while lab.now.since(begun) < SECOND.times(12) {
        lab.facts.clear();
        lab.wait(SECOND);
        pushed.push([1, 2].map(|number| {
            let bytes = |fact: &Fact| {
                if let Fact::EventPushed { subscription, bytes, .. } = fact
                    && *subscription == number
                {
                    *bytes
                } else {
                    0
                }
            };
            lab.facts.iter().map(bytes).sum::<u64>()
        }));
    }
    // 209 records of 10,000 bytes fit into 2 MiB, with 7,152 bytes left over that are not saved up. What the first
    // second brings counts together with what comes at its very end.
    assert_eq!(pushed[0], [4_180_000; 2]);
    assert!(pushed[1..8].iter().all(|both| *both == [2_090_000; 2]), "{pushed:?}");
    assert_eq!(pushed.iter().map(|both| both[0]).sum::<u64>(), 20_000_000);
    assert_eq!(pushed.iter().map(|both| both[1]).sum::<u64>(), 20_000_000);
    let shard = &lab.stream().shards()[0];
    assert_eq!(shard.read_bytes.level(lab.now), 2 << 20, "the budget that the others share is untouched");
    assert_eq!(shard.read_calls.level(lab.now), 5);
}

#[test]
fn a_new_subscription_does_not_bring_a_new_budget() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.fill(20_000_000);
    let number = lab.subscribes(from("TRIM_HORIZON"));
    lab.wait(SECOND.times(5));
    lab.service.close_subscription(number, &mut lab.facts);
    lab.facts.clear();
    lab.subscribes(from("TRIM_HORIZON"));
    lab.wait(MILLISECOND.times(999));
    assert_eq!(lab.pushed_keys().len(), 0, "the second was used up before");
    lab.wait(MILLISECOND);
    assert_eq!(lab.pushed_keys().len(), 209);
}

#[test]
fn who_is_behind_is_told_how_far() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.fill(3_000_000);
    lab.wait(SECOND.times(60));
    lab.subscribes(from("TRIM_HORIZON"));
    lab.facts.clear();
    lab.wait(SECOND.times(2));
    let told: Vec<(usize, u64)> =
        lab.events().iter().map(|event| (event.records.len(), event.millis_behind_latest)).collect();
    // The 209th record came with the third second's worth, 61.06 s before the event.
    assert_eq!(told, [(209, 61_060), (91, 0)]);
}

#[test]
fn the_end_of_a_closed_shard_lists_its_children_and_no_number() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("TRIM_HORIZON"));
    lab.put(put("last", "x"));
    lab.accepts(split(0, 1 << 127));
    lab.wait(SECOND.times(29));
    lab.facts.clear();
    lab.wait(SECOND.times(2));
    let ended = lab
        .facts
        .iter()
        .filter(|fact| matches!(fact, Fact::SubscriptionEnded { end: SubscriptionEnd::ShardEnd, .. }));
    assert_eq!(ended.count(), 1);
    let events = lab.events();
    let last = serde_json::to_string(events.last().unwrap()).unwrap();
    expect_test::expect![[r#"{"Records":[],"MillisBehindLatest":0,"ChildShards":[{"ShardId":"shardId-000000000001","ParentShards":["shardId-000000000000"],"HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"170141183460469231731687303715884105727"}},{"ShardId":"shardId-000000000002","ParentShards":["shardId-000000000000"],"HashKeyRange":{"StartingHashKey":"170141183460469231731687303715884105728","EndingHashKey":"340282366920938463463374607431768211455"}}]}"#]]
        .assert_eq(&last);
    // A closed shard can be subscribed to as long as its records are kept.
    lab.wait(SECOND.times(300));
    lab.subscribes(from("TRIM_HORIZON"));
    lab.facts.clear();
    lab.wait(SECOND);
    let events = lab.events();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].records.len(), events[0].child_shards.as_ref().map(Vec::len)), (1, Some(2)));
}

#[test]
fn what_is_deleted_ends_its_subscriptions_with_an_exception() {
    let deregister =
        DeregisterStreamConsumerInput { consumer_arn: Some(arn("billing")), ..Default::default() };
    let delete = DeleteStreamInput {
        stream_name: text("orders"),
        enforce_consumer_deletion: Some(true),
        stream_arn: None,
    };
    for (request, said) in [
        (
            crate::Request::from(deregister),
            "ResourceNotFoundException: Consumer billing, account 123456789012 not found.",
        ),
        (delete.into(), "ResourceNotFoundException: Stream orders under account 123456789012 not found."),
    ] {
        let mut lab = with_consumers(1, &["billing"]);
        lab.subscribes(from("LATEST"));
        lab.wait(SECOND);
        lab.facts.clear();
        lab.accepts(request);
        let [(1, Push::Exception(error))] = &lab.pushed()[..] else { panic!("one exception") };
        assert_eq!(error.to_string(), said);
        lab.wait(SECOND.times(400));
        assert_eq!(lab.events(), []);
        assert_eq!(lab.service.next_deadline(), None);
    }
}

#[test]
fn a_shard_that_expires_meanwhile_ends_its_subscription() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.splits(0, 1 << 127);
    lab.wait(Duration::from_millis(24 * 3_600_000 - 30));
    lab.subscribes(from("TRIM_HORIZON"));
    lab.facts.clear();
    lab.wait(SECOND);
    let said = "ResourceNotFoundException: Shard shardId-000000000000 in stream orders under account 123456789012 does not \
         exist";
    let [(1, Push::Exception(error))] = &lab.pushed()[..] else { panic!("one exception") };
    assert_eq!(error.to_string(), said);
    assert_eq!(lab.refusal(from("TRIM_HORIZON")), said);
}

#[test]
fn records_of_an_encrypted_stream_say_so() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.accepts(StartStreamEncryptionInput {
        stream_name: text("orders"),
        encryption_type: text("KMS"),
        key_id: text("alias/aws/kinesis"),
        stream_arn: None,
    });
    lab.wait(SECOND.times(5));
    lab.put(put("k", "x"));
    lab.subscribes(from("TRIM_HORIZON"));
    lab.wait(SECOND);
    let events = lab.events();
    let printed = serde_json::to_string(&events[0].records.get(0)).unwrap();
    assert!(printed.ends_with(r#""PartitionKey":"k","EncryptionType":"KMS"}"#), "{printed}");
}

#[test]
fn who_cannot_be_subscribed_is_refused() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.accepts(RegisterStreamConsumerInput {
        stream_arn: text(ARN),
        consumer_name: text("late"),
        tags: None,
    });
    let late = format!("{ARN}/consumer/late:{}", lab.now.seconds());
    let number = lab.put(put("k", "x")).sequence_number;
    let of_shard_one = SequenceNumber { shard: ShardId(1), ..number };
    let cases = [
        (
            SubscribeToShardInput { consumer_arn: Some(late), ..from("LATEST") },
            "ResourceInUseException: Consumer late with creation timestamp 1767225625 under stream: orders , account \
             123456789012 is not in ACTIVE status.",
        ),
        (
            SubscribeToShardInput { consumer_arn: Some(arn("other")), ..from("LATEST") },
            "ResourceNotFoundException: Consumer other, account 123456789012 not found.",
        ),
        (
            SubscribeToShardInput {
                consumer_arn: text(
                    "arn:aws:kinesis:us-east-1:123456789012:stream/clicks/consumer/billing:1767225620",
                ),
                ..from("LATEST")
            },
            "ResourceNotFoundException: Stream clicks under account 123456789012 not found.",
        ),
        (
            SubscribeToShardInput { shard_id: text("shardId-000000000007"), ..from("LATEST") },
            "ResourceNotFoundException: Shard shardId-000000000007 in stream orders under account 123456789012 does \
             not exist",
        ),
        (
            by_number("AT_SEQUENCE_NUMBER", of_shard_one),
            "InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was \
             used in a call to a shard with shardId-000000000000",
        ),
        (
            from("AFTER_SEQUENCE_NUMBER"),
            "InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and \
             StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified \
             AFTER_SEQUENCE_NUMBER and no StartingSequenceNumber.",
        ),
    ];
    for (input, said) in cases {
        assert_eq!(lab.refusal(input), said);
    }
    let future = SequenceNumber { index: 99, ..number };
    assert_eq!(
        lab.refusal(by_number("AT_SEQUENCE_NUMBER", future)),
        format!(
            "InvalidArgumentException: StartingSequenceNumber {future} used in SubscribeToShard on shard \
             shardId-000000000000 in stream orders under account 123456789012 is invalid."
        )
    );
    lab.accepts(DeleteStreamInput {
        stream_name: text("orders"),
        enforce_consumer_deletion: Some(true),
        stream_arn: None,
    });
    assert_eq!(
        lab.refusal(from("LATEST")),
        "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE or UPDATING, instead in state \
         DELETING"
    );
    assert_eq!(lab.service.next_deadline().map(|due| due > lab.now), Some(true));
}

#[test]
fn what_was_pushed_cannot_be_read_again_once_its_records_are_trimmed() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.subscribes(from("LATEST"));
    lab.fill(100_000);
    lab.wait(SECOND);
    let carries = |fact: &&Fact| matches!(fact, Fact::EventPushed { count, .. } if *count > 0);
    let event = lab.facts.iter().find(carries).expect("an event with records").clone();
    assert!(lab.service.pushed(&event, lab.now).is_some());
    // A log lets go of what is trimmed in whole segments: the records lie in the first of several.
    lab.fill(11_000_000);
    lab.wait(Duration::from_hours(25));
    lab.fill(11_000_000);
    assert_eq!(lab.service.pushed(&event, lab.now), None);
}

#[test]
fn a_stream_that_is_being_resharded_can_be_subscribed_to() {
    let mut lab = with_consumers(1, &["billing"]);
    lab.accepts(split(0, 1 << 127));
    lab.subscribes(from("LATEST"));
}

#[test]
fn members_out_of_their_constraints_are_listed() {
    let mut lab = Lab::empty_under(LimitsProfile::Exam);
    assert_eq!(
        lab.refusal(SubscribeToShardInput::default()),
        "ValidationException: 3 validation errors detected: Value null at 'consumerARN' failed to satisfy constraint: \
         Member must not be null; Value null at 'shardId' failed to satisfy constraint: Member must not be null; Value \
         null at 'startingPosition' failed to satisfy constraint: Member must not be null"
    );
    assert_eq!(
        lab.refusal(from("NEWEST")),
        "ValidationException: 1 validation error detected: Value 'NEWEST' at 'startingPosition.type' failed to satisfy \
         constraint: Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, \
         AT_SEQUENCE_NUMBER, TRIM_HORIZON]"
    );
}
