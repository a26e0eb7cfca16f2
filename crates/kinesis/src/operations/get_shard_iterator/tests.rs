use super::*;
use crate::testing::*;
use crate::{DeleteStreamInput, Duration, Instant, SequenceNumber};

fn at_number(shard: u32, kind: ShardIteratorType, number: &str) -> GetShardIteratorInput {
    GetShardIteratorInput { starting_sequence_number: text(number), ..get_iterator(shard, kind) }
}

fn at_time(at: Instant) -> GetShardIteratorInput {
    GetShardIteratorInput { timestamp: Some(Seconds(at)), ..get_iterator(0, ShardIteratorType::AtTimestamp) }
}

/// What an iterator of the kind reads first.
fn keys_from(lab: &mut Lab, request: GetShardIteratorInput) -> Vec<String> {
    let iterator = lab.iterator_by(request);
    keys(&lab.read(&iterator))
}

/// Three records, `a`, `b` and `c`, a second apart; now it is a second later.
fn with_three_records() -> (Lab, [SequenceNumber; 3]) {
    let mut lab = Lab::with_shards(1);
    let numbers = ["a", "b", "c"].map(|key| {
        let number = lab.put(put(key, "x")).sequence_number;
        lab.wait(SECOND);
        number
    });
    (lab, numbers)
}

#[test]
fn an_iterator_looks_like_one_of_aws() {
    let iterator = Lab::with_shards(1).iterator(0, ShardIteratorType::Latest);
    assert!(iterator.starts_with("AAAAAAAAAA"), "{iterator}");
    assert!((1..=512).contains(&iterator.len()), "{}", iterator.len());
}

#[test]
fn trim_horizon_starts_at_the_oldest_record() {
    let (mut lab, _) = with_three_records();
    assert_eq!(keys_from(&mut lab, get_iterator(0, ShardIteratorType::TrimHorizon)), ["a", "b", "c"]);
}

#[test]
fn latest_starts_after_the_newest_record_of_the_moment() {
    let (mut lab, _) = with_three_records();
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    lab.put(put("d", "x"));
    assert_eq!(keys(&lab.read(&iterator)), ["d"]);
}

#[test]
fn at_sequence_number_starts_with_that_record_and_after_behind_it() {
    let (mut lab, numbers) = with_three_records();
    let second = numbers[1].to_string();
    assert_eq!(keys_from(&mut lab, at_number(0, ShardIteratorType::AtSequenceNumber, &second)), ["b", "c"]);
    assert_eq!(keys_from(&mut lab, at_number(0, ShardIteratorType::AfterSequenceNumber, &second)), ["c"]);
}

#[test]
fn after_the_last_number_come_the_records_that_follow() {
    let (mut lab, numbers) = with_three_records();
    let last = numbers[2].to_string();
    let iterator = lab.iterator_by(at_number(0, ShardIteratorType::AfterSequenceNumber, &last));
    lab.put(put("d", "x"));
    assert_eq!(keys(&lab.read(&iterator)), ["d"]);
}

#[test]
fn the_numbers_that_describe_a_shard_are_places_in_it() {
    let (mut lab, _) = with_three_records();
    lab.splits(0, 1 << 127);
    let range = lab.describe().shards[0].sequence_number_range.clone();
    let start = range.starting_sequence_number.to_string();
    let end = range.ending_sequence_number.unwrap().to_string();
    for kind in [ShardIteratorType::AtSequenceNumber, ShardIteratorType::AfterSequenceNumber] {
        assert_eq!(keys_from(&mut lab, at_number(0, kind, &start)), ["a", "b", "c"]);
        let iterator = lab.iterator_by(at_number(0, kind, &end));
        let page = lab.read(&iterator);
        assert_eq!((keys(&page), page.next_shard_iterator), (vec![], None));
    }
}

#[test]
fn at_timestamp_starts_with_the_first_record_that_arrived_then_or_later() {
    let (mut lab, _) = with_three_records();
    let first = lab.now.back(SECOND.times(3));
    for (at, expected) in [
        (first, vec!["a", "b", "c"]),
        (first + Duration::from_millis(1), vec!["b", "c"]),
        (first + SECOND.times(2), vec!["c"]),
        (first + SECOND.times(3), vec![]),
    ] {
        assert_eq!(keys_from(&mut lab, at_time(at)), expected, "{at}");
        lab.wait(SECOND);
    }
}

#[test]
fn a_time_before_the_trim_horizon_means_the_trim_horizon() {
    let (mut lab, _) = with_three_records();
    assert_eq!(keys_from(&mut lab, at_time(Instant::from_seconds(0))), ["a", "b", "c"]);
    lab.wait(HOUR.times(48));
    assert_eq!(keys_from(&mut lab, at_time(Instant::from_seconds(0))), [""; 0]);
}

#[test]
fn a_time_in_the_future_is_refused_by_the_millisecond() {
    let mut lab = Lab::with_shards(1);
    lab.wait(Duration::from_micros(500_900));
    assert_eq!(
        lab.refusal(at_time(lab.now + Duration::from_micros(100))),
        "InvalidArgumentException: The timestampInMillis parameter cannot be greater than the \
         currentTimestampInMillis. timestampInMillis: 1767225620501, currentTimestampInMillis: 1767225620500"
    );
    lab.accepts(at_time(lab.now + Duration::from_micros(99)));
    let far = lab.refusal(at_time(Instant::from_micros(u64::MAX)));
    assert!(far.contains("timestampInMillis: 18446744073709551,"), "{far}");
}

#[test]
fn at_timestamp_needs_a_timestamp() {
    assert_eq!(
        Lab::with_shards(1).refusal(get_iterator(0, ShardIteratorType::AtTimestamp)),
        "InvalidArgumentException: Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. \
         Current request has no timestamp parameter."
    );
}

#[test]
fn a_number_belongs_to_two_types_and_to_no_other() {
    let rule = "InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and \
                StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified";
    let mut lab = Lab::with_shards(1);
    for kind in [ShardIteratorType::AtSequenceNumber, ShardIteratorType::AfterSequenceNumber] {
        assert_eq!(
            lab.refusal(get_iterator(0, kind)),
            format!("{rule} {} and no StartingSequenceNumber.", kind.name())
        );
    }
    for kind in [ShardIteratorType::TrimHorizon, ShardIteratorType::Latest] {
        assert_eq!(
            lab.refusal(at_number(0, kind, "5")),
            format!("{rule} {} and also a StartingSequenceNumber.", kind.name())
        );
    }
}

#[test]
fn a_number_that_no_record_has_is_invalid() {
    let (mut lab, numbers) = with_three_records();
    let not_yet = SequenceNumber { index: 4, ..numbers[2] };
    let future = SequenceNumber { recorded: lab.now.seconds() + 1, ..numbers[2] };
    for number in ["0", "5", &"9".repeat(129), &not_yet.to_string(), &future.to_string()] {
        assert_eq!(
            lab.refusal(at_number(0, ShardIteratorType::AtSequenceNumber, number)),
            format!(
                "InvalidArgumentException: StartingSequenceNumber {number} used in GetShardIterator on shard \
                 shardId-000000000000 in stream orders under account 123456789012 is invalid."
            )
        );
    }
}

#[test]
fn a_number_of_another_shard_is_refused() {
    let mut lab = Lab::with_shards(2);
    let number = lab.put_at(1 << 127).to_string();
    assert_eq!(
        lab.refusal(at_number(0, ShardIteratorType::AtSequenceNumber, &number)),
        "InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in \
         a call to a shard with shardId-000000000000"
    );
}

#[test]
fn a_number_of_another_stream_is_refused() {
    let mut lab = Lab::empty();
    lab.accepts(create("clicks", 1));
    lab.wait(SECOND);
    lab.accepts(create("orders", 1));
    lab.wait(SECOND.times(20));
    let request = crate::PutRecordInput { stream_name: text("clicks"), ..put("a", "x") };
    let number = lab.put(request).sequence_number.to_string();
    assert_eq!(
        lab.refusal(at_number(0, ShardIteratorType::AfterSequenceNumber, &number)),
        format!(
            "InvalidArgumentException: StartingSequenceNumber {number} used in GetShardIterator on shard \
             shardId-000000000000 in stream orders under account 123456789012 is invalid because it did not come from \
             this stream."
        )
    );
}

#[test]
fn what_is_missing_is_said_all_at_once() {
    assert_eq!(
        Lab::with_shards(1).refusal(GetShardIteratorInput::default()),
        "ValidationException: 2 validation errors detected: \
         Value null at 'shardId' failed to satisfy constraint: Member must not be null; \
         Value null at 'shardIteratorType' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn types_are_listed_in_the_order_of_aws() {
    let request = GetShardIteratorInput {
        shard_iterator_type: text("EARLIEST"),
        ..get_iterator(0, ShardIteratorType::Latest)
    };
    assert_eq!(
        Lab::with_shards(1).refusal(request),
        "ValidationException: 1 validation error detected: Value 'EARLIEST' at 'shardIteratorType' failed to satisfy \
         constraint: Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, \
         AT_SEQUENCE_NUMBER, TRIM_HORIZON]"
    );
}

#[test]
fn a_shard_may_be_named_as_aws_takes_it() {
    let mut lab = Lab::with_shards(1);
    for id in ["0", "shard-0", "x-0", "shardId-000000000000"] {
        lab.accepts(GetShardIteratorInput {
            shard_id: text(id),
            ..get_iterator(0, ShardIteratorType::Latest)
        });
    }
}

#[test]
fn an_unknown_shard_does_not_exist() {
    assert_eq!(
        Lab::with_shards(1).refusal(get_iterator(9, ShardIteratorType::Latest)),
        "ResourceNotFoundException: Shard shardId-000000000009 in stream orders under account 123456789012 does not exist"
    );
}

#[test]
fn in_an_unknown_stream_it_is_the_shard_that_does_not_exist() {
    let said = "ResourceNotFoundException: Shard shardId-000000000000 in stream orders under account 123456789012 does not exist";
    assert_eq!(Lab::empty().refusal(get_iterator(0, ShardIteratorType::Latest)), said);
    let mut lab = Lab::empty();
    lab.accepts(create("orders", 1));
    assert_eq!(lab.refusal(get_iterator(0, ShardIteratorType::Latest)), said, "CREATING");
}

/// kinesalite's tests had AWS say so before it looked for the stream.
#[test]
fn a_text_that_names_no_shard_is_not_found_whatever_the_stream() {
    for mut lab in [Lab::empty(), Lab::with_shards(1)] {
        for id in ["2147483648", "shardId-002147483648", "ABKLFD8", "2.14E4"] {
            let request =
                GetShardIteratorInput { shard_id: text(id), ..get_iterator(0, ShardIteratorType::Latest) };
            assert_eq!(
                lab.refusal(request),
                format!(
                    "ResourceNotFoundException: Could not find shard {id} in stream orders under account 123456789012."
                )
            );
        }
    }
}

#[test]
fn an_iterator_is_issued_while_updating_and_deleting() {
    let mut lab = Lab::with_shards(1);
    lab.accepts(split(0, 2));
    lab.accepts(get_iterator(0, ShardIteratorType::Latest));
    lab.wait(SECOND.times(30));
    lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
    lab.accepts(get_iterator(0, ShardIteratorType::Latest));
}

#[test]
fn a_closed_shard_has_iterators_until_it_expires() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("a", "x"));
    lab.splits(0, 1 << 127);
    assert_eq!(lab.keys_in(0), ["a"]);
    lab.wait(HOUR.times(24));
    assert_eq!(
        lab.refusal(get_iterator(0, ShardIteratorType::TrimHorizon)),
        "ResourceNotFoundException: Shard shardId-000000000000 in stream orders under account 123456789012 does not exist"
    );
}

#[test]
fn five_iterators_a_second_are_issued_for_one_shard() {
    let mut lab = Lab::with_shards(2);
    let latest = |shard| get_iterator(shard, ShardIteratorType::Latest);
    lab.refusal(at_number(0, ShardIteratorType::Latest, "5"));
    for _ in 0..5 {
        lab.accepts(latest(0));
    }
    lab.facts.clear();
    assert_eq!(
        lab.refusal(latest(0)),
        "ProvisionedThroughputExceededException: Rate exceeded for Shard - 123456789012/orders/shardId-000000000000"
    );
    let limit = ReadLimit::Iterators;
    assert_eq!(lab.facts, [Fact::ReadThrottled { stream: "orders".into(), shard: ShardId(0), limit }]);
    lab.accepts(latest(1));
    lab.wait(SECOND);
    lab.accepts(latest(0));
}

#[test]
fn an_issued_iterator_is_told_with_its_place_and_its_end() {
    let (mut lab, _) = with_three_records();
    lab.facts.clear();
    let kind = ShardIteratorType::Latest;
    lab.iterator(0, kind);
    assert_eq!(
        lab.facts,
        [Fact::IteratorIssued {
            stream: "orders".into(),
            shard: ShardId(0),
            kind,
            reading: 1,
            next: 4,
            expires: lab.now + SECOND.times(300),
        }]
    );
}

#[test]
fn the_place_that_is_told_is_one_that_can_be_read() {
    let next = |lab: &mut Lab, request: GetShardIteratorInput| {
        lab.facts.clear();
        lab.accepts(request);
        match lab.facts[..] {
            [Fact::IteratorIssued { next, .. }] => next,
            _ => panic!("one fact: {:?}", lab.facts),
        }
    };
    let (mut lab, _) = with_three_records();
    lab.splits(0, 1 << 127);
    let range = lab.describe().shards[0].sequence_number_range.clone();
    let end = range.ending_sequence_number.unwrap().to_string();
    assert_eq!(next(&mut lab, at_number(0, ShardIteratorType::AtSequenceNumber, &end)), 4);
    assert_eq!(next(&mut lab, at_number(0, ShardIteratorType::AfterSequenceNumber, &end)), 4);

    let (mut lab, _) = with_three_records();
    lab.wait(Duration::from_seconds(24 * 3_600 - 2));
    assert_eq!(next(&mut lab, at_time(Instant::from_seconds(0))), 2, "the first record is past the horizon");
    assert_eq!(next(&mut lab, get_iterator(0, ShardIteratorType::TrimHorizon)), 2);
}
