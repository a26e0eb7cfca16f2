use super::*;
use crate::testing::*;
use crate::{DeleteStreamInput, Duration, ShardIteratorType};

const THROTTLED: &str = "ProvisionedThroughputExceededException: Rate exceeded for Shard - 123456789012/orders/shardId-000000000000";

fn limited(iterator: &str, limit: i64) -> GetRecordsInput {
    GetRecordsInput { limit: Some(limit), ..page_at(iterator) }
}

fn read_limited(lab: &mut Lab, iterator: &str, limit: i64) -> GetRecordsOutput {
    let Response::GetRecords(output) = lab.accepts(limited(iterator, limit)) else {
        panic!("an answer of its own kind")
    };
    output
}

/// Records of exactly 1 MiB with their keys, one a second.
fn with_mebibytes(count: usize) -> Lab {
    let mut lab = Lab::with_shards(1);
    for _ in 0..count {
        lab.put_many(batch(vec![entry("k", MIB - 1)]));
        lab.wait(SECOND);
    }
    lab
}

#[test]
fn a_page_prints_as_in_the_service_model() {
    let mut lab = Lab::with_shards(1);
    lab.wait(Duration::from_micros(1_234_567));
    lab.put(put("a", "hello"));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let printed = lab.prints(page_at(&iterator));
    let (records, next) = printed.split_once("],").unwrap();
    assert_eq!(
        records,
        r#"{"Records":[{"SequenceNumber":"49670424472731169861061894383144094351084856796684222466","ApproximateArrivalTimestamp":1767225621.234,"Data":"aGVsbG8=","PartitionKey":"a"}"#
    );
    assert!(next.starts_with(r#""NextShardIterator":"AAAAAAAAAA"#), "{next}");
    assert!(next.ends_with(r#"","MillisBehindLatest":0}"#), "{next}");
}

#[test]
fn an_open_shard_with_nothing_new_answers_an_empty_page_and_an_iterator() {
    let mut lab = Lab::with_shards(1);
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let page = lab.read(&iterator);
    assert_eq!((page.records.len(), page.millis_behind_latest), (0, 0));
    assert!(page.next_shard_iterator.is_some() && page.child_shards.is_none());
}

#[test]
fn each_answer_has_an_iterator_of_its_own_which_reads_on() {
    let mut lab = Lab::with_shards(1);
    let first = lab.iterator(0, ShardIteratorType::TrimHorizon);
    lab.wait(SECOND);
    let second = lab.read(&first).next_shard_iterator.unwrap();
    assert_ne!(first, second);
    lab.put(put("a", "x"));
    let page = lab.read(&second);
    assert_eq!(keys(&page), ["a"]);
    lab.put(put("b", "x"));
    assert_eq!(keys(&lab.read(&page.next_shard_iterator.unwrap())), ["b"]);
}

#[test]
fn reading_removes_nothing_and_readers_do_not_see_each_other() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("a", "x"));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    assert_eq!(keys(&lab.read(&iterator)), ["a"]);
    assert_eq!(keys(&lab.read(&iterator)), ["a"]);
    assert_eq!(lab.keys_in(0), ["a"]);
}

#[test]
fn a_limit_makes_pages_smaller() {
    let mut lab = Lab::with_shards(1);
    lab.put_many(batch(vec![entry("a", 1), entry("b", 1), entry("c", 1)]));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let page = read_limited(&mut lab, &iterator, 2);
    assert_eq!(keys(&page), ["a", "b"]);
    let page = read_limited(&mut lab, &page.next_shard_iterator.unwrap(), 2);
    assert_eq!(keys(&page), ["c"]);
}

#[test]
fn a_page_holds_ten_thousand_records_at_most() {
    let mut lab = Lab::with_shards(1);
    for _ in 0..21 {
        lab.put_many(batch(vec![entry("k", 1); 500]));
        lab.wait(Duration::from_millis(500));
    }
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let page = lab.read(&iterator);
    assert_eq!(page.records.len(), 10_000);
    assert_eq!(lab.read(&page.next_shard_iterator.unwrap()).records.len(), 500);
}

#[test]
fn a_page_holds_ten_mib_at_most_and_blocks_the_shard_for_five_seconds() {
    let mut lab = with_mebibytes(11);
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let page = lab.read(&iterator);
    assert_eq!(page.records.len(), 10);
    let next = page.next_shard_iterator.unwrap();
    for second in 0..5 {
        assert_eq!(lab.refusal(page_at(&next)), THROTTLED, "{second} s");
        lab.wait(SECOND);
    }
    assert_eq!(lab.read(&next).records.len(), 1);
}

#[test]
fn two_mib_use_up_the_second_for_all_readers_of_the_shard() {
    let mut lab = with_mebibytes(2);
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    assert_eq!(lab.read(&iterator).records.len(), 2);
    lab.wait(Duration::from_micros(999_999));
    lab.facts.clear();
    assert_eq!(lab.refusal(page_at(&iterator)), THROTTLED);
    let limit = ReadLimit::Bytes;
    assert_eq!(lab.facts, [Fact::ReadThrottled { stream: "orders".into(), shard: ShardId(0), limit }]);
    lab.wait(MICROSECOND);
    lab.read(&iterator);
}

#[test]
fn five_calls_a_second_are_answered_for_all_readers_of_a_shard() {
    let mut lab = Lab::with_shards(2);
    let iterators = [0, 0, 1].map(|shard| lab.iterator(shard, ShardIteratorType::Latest));
    for i in 0..5 {
        lab.read(&iterators[i % 2]);
    }
    lab.facts.clear();
    assert_eq!(lab.refusal(page_at(&iterators[1])), THROTTLED);
    let limit = ReadLimit::Calls;
    assert_eq!(lab.facts, [Fact::ReadThrottled { stream: "orders".into(), shard: ShardId(0), limit }]);
    lab.read(&iterators[2]);
    lab.wait(SECOND);
    for _ in 0..5 {
        lab.read(&iterators[0]);
    }
    assert_eq!(lab.refusal(page_at(&iterators[0])), THROTTLED);
}

#[test]
fn an_iterator_lives_three_hundred_seconds() {
    let mut lab = Lab::with_shards(1);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    lab.wait(SECOND.times(300));
    lab.read(&iterator);
    lab.wait(MICROSECOND);
    assert_eq!(
        lab.refusal(page_at(&iterator)),
        "ExpiredIteratorException: Iterator expired. The iterator was created at time Thu Jan 01 00:00:20 UTC 2026 while \
         right now it is Thu Jan 01 00:05:20 UTC 2026 which is further in the future than the tolerated delay of 300000 \
         milliseconds."
    );
}

#[test]
fn an_expired_iterator_is_refused_before_its_stream_is_looked_for() {
    let mut lab = Lab::with_shards(1);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
    lab.wait(SECOND.times(301));
    assert!(lab.refusal(page_at(&iterator)).starts_with("ExpiredIteratorException"));
}

#[test]
fn a_text_that_nobody_issued_is_no_iterator() {
    let mut lab = Lab::with_shards(1);
    let issued = lab.iterator(0, ShardIteratorType::Latest);
    let cut = &issued[..issued.len() - 4];
    for iterator in ["x", "AAAAAAAAAAE=", "日本", cut, &"A".repeat(512)] {
        assert_eq!(
            lab.refusal(page_at(iterator)),
            "InvalidArgumentException: Invalid ShardIterator.",
            "{iterator}"
        );
    }
}

#[test]
fn an_iterator_of_an_undone_future_is_invalid() {
    let mut lab = Lab::with_shards(1);
    let mut past = lab.clone();
    lab.wait(SECOND);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    assert_eq!(past.refusal(page_at(&iterator)), "InvalidArgumentException: Invalid ShardIterator.");
}

#[test]
fn a_place_that_another_past_had_reads_on_from_the_end_of_this_one() {
    let mut lab = Lab::with_shards(1);
    let mut other = lab.clone();
    lab.put_many(batch(vec![entry("gone", 1); 10]));
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    other.wait(SECOND);
    let next = other.read(&iterator).next_shard_iterator.unwrap();
    other.put(put("a", "x"));
    assert_eq!(keys(&other.read(&next)), ["a"]);
}

#[test]
fn members_out_of_their_constraints_are_listed() {
    let mut lab = Lab::with_shards(1);
    assert_eq!(
        lab.refusal(limited("", 0)),
        "ValidationException: 2 validation errors detected: \
         Value '' at 'shardIterator' failed to satisfy constraint: Member must have length greater than or equal to 1; \
         Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"
    );
    let long = "a".repeat(513);
    assert_eq!(
        lab.refusal(limited(&long, 10_001)).replace(&long, "LONG"),
        "ValidationException: 2 validation errors detected: \
         Value 'LONG' at 'shardIterator' failed to satisfy constraint: Member must have length less than or equal to 512; \
         Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"
    );
    assert_eq!(
        lab.refusal(GetRecordsInput::default()),
        "ValidationException: 1 validation error detected: \
         Value null at 'shardIterator' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn an_arn_of_another_stream_does_not_go_with_the_iterator() {
    let mut lab = Lab::with_shards(1);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    lab.accepts(GetRecordsInput { stream_arn: text(ARN), ..page_at(&iterator) });
    assert_eq!(
        lab.refusal(GetRecordsInput {
            stream_arn: Some(ARN.replace("orders", "clicks")),
            ..page_at(&iterator)
        }),
        "InvalidArgumentException: Invalid ShardIterator."
    );
}

#[test]
fn a_stream_is_read_while_it_is_updated_or_deleted() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("a", "x"));
    lab.accepts(split(0, 2));
    assert_eq!(lab.keys_in(0), ["a"]);
    lab.wait(SECOND.times(30));
    lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
    assert_eq!(lab.keys_in(0), ["a"]);
}

/// kinesalite's tests had AWS do so.
#[test]
fn an_iterator_of_a_deleted_stream_reads_a_later_one_of_that_name_from_its_start() {
    let mut lab = Lab::with_shards(2);
    lab.put_at(0);
    let iterators = [0, 1].map(|shard| lab.iterator(shard, ShardIteratorType::Latest));
    lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
    lab.wait(SECOND.times(20));
    for (i, iterator) in iterators.iter().enumerate() {
        assert_eq!(
            lab.refusal(page_at(iterator)),
            format!(
                "ResourceNotFoundException: Shard shardId-00000000000{i} in stream orders under account 123456789012 \
                 does not exist"
            )
        );
    }
    lab.accepts(create("orders", 1));
    lab.wait(SECOND.times(20));
    lab.put(put("new", "x"));
    assert_eq!(keys(&lab.read(&iterators[0])), ["new"]);
    assert!(lab.refusal(page_at(&iterators[1])).ends_with("does not exist"), "it has one shard only");
}

#[test]
fn a_record_is_readable_for_the_retention_period_to_the_microsecond() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("a", "x"));
    lab.wait(HOUR.times(24));
    assert_eq!(lab.keys_in(0), ["a"]);
    lab.wait(MICROSECOND);
    assert_eq!(lab.keys_in(0), [""; 0]);
}

#[test]
fn an_iterator_whose_record_is_trimmed_reads_on_at_the_trim_horizon() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("old", "x"));
    lab.wait(HOUR.times(24));
    lab.put(put("new", "x"));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    lab.wait(SECOND);
    assert_eq!(keys(&lab.read(&iterator)), ["new"]);
}

#[test]
fn millis_behind_latest_is_the_age_of_the_last_record_while_there_are_more() {
    let mut lab = Lab::with_shards(1);
    for key in ["a", "b", "c"] {
        lab.put(put(key, "x"));
        lab.wait(SECOND);
    }
    let mut iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let mut behind = Vec::new();
    for _ in 0..4 {
        let page = read_limited(&mut lab, &iterator, 1);
        behind.push((page.records.len(), page.millis_behind_latest));
        iterator = page.next_shard_iterator.unwrap();
    }
    assert_eq!(behind, [(1, 3_000), (1, 2_000), (1, 0), (0, 0)]);
}

#[test]
fn millis_behind_latest_is_not_zero_while_there_are_more() {
    let mut lab = Lab::with_shards(1);
    lab.put_many(batch(vec![entry("a", 1); 2]));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    assert_ne!(read_limited(&mut lab, &iterator, 1).millis_behind_latest, 0);
}

#[test]
fn at_the_end_of_a_split_shard_both_children_are_named() {
    let mut lab = Lab::with_shards(1);
    lab.put_many(batch(vec![entry("a", 1), entry("b", 1)]));
    lab.splits(0, 1 << 127);
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let page = read_limited(&mut lab, &iterator, 1);
    assert!(page.child_shards.is_none(), "there is a record left");
    let printed = lab.prints(page_at(&page.next_shard_iterator.unwrap()));
    let (_, end) = printed.split_once("],").unwrap();
    expect_test::expect![[r#""MillisBehindLatest":0,"ChildShards":[{"ShardId":"shardId-000000000001","ParentShards":["shardId-000000000000"],"HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"170141183460469231731687303715884105727"}},{"ShardId":"shardId-000000000002","ParentShards":["shardId-000000000000"],"HashKeyRange":{"StartingHashKey":"170141183460469231731687303715884105728","EndingHashKey":"340282366920938463463374607431768211455"}}]}"#]]
    .assert_eq(end);
}

#[test]
fn at_the_end_of_both_merged_shards_the_child_is_named_with_two_parents() {
    let mut lab = Lab::with_shards(2);
    lab.merges(0, 1);
    for shard in [0, 1] {
        let iterator = lab.iterator(shard, ShardIteratorType::TrimHorizon);
        let page = lab.read(&iterator);
        assert_eq!(page.next_shard_iterator, None);
        let child = ChildShard {
            shard_id: ShardId(2),
            parent_shards: vec![ShardId(0), ShardId(1)],
            hash_key_range: HashKeyRange { starting_hash_key: 0, ending_hash_key: u128::MAX },
        };
        assert_eq!(page.child_shards, Some(vec![child]), "{shard}");
    }
}

#[test]
fn an_iterator_that_waits_at_the_end_of_a_shard_learns_of_its_closing() {
    let mut lab = Lab::with_shards(1);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    let next = lab.read(&iterator).next_shard_iterator.unwrap();
    lab.splits(0, 1 << 127);
    lab.facts.clear();
    assert_eq!(lab.read(&next).next_shard_iterator, None);
    assert_eq!(lab.facts[1], Fact::ShardEndReached { stream: "orders".into(), shard: ShardId(0) });
}

#[test]
fn the_latest_iterator_of_a_closed_shard_is_its_end() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("a", "x"));
    lab.splits(0, 1 << 127);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    let page = lab.read(&iterator);
    assert_eq!((page.records.len(), page.next_shard_iterator), (0, None));
}

#[test]
fn an_expired_shard_does_not_exist() {
    let mut lab = Lab::with_shards(1);
    lab.splits(0, 1 << 127);
    lab.wait(Duration::from_seconds(24 * 3_600 - 1));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    lab.wait(SECOND);
    assert_eq!(
        lab.refusal(page_at(&iterator)),
        "ResourceNotFoundException: Shard shardId-000000000000 in stream orders under account 123456789012 does not exist"
    );
}

#[test]
fn a_page_is_told_with_the_number_of_its_reading() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("a", "four"));
    let iterators = [0; 2].map(|shard| lab.iterator(shard, ShardIteratorType::TrimHorizon));
    lab.wait(SECOND);
    let next = lab.read(&iterators[1]).next_shard_iterator.unwrap();
    lab.facts.clear();
    lab.read(&iterators[0]);
    lab.read(&next);
    let read = |reading, count, bytes| Fact::RecordsRead {
        stream: "orders".into(),
        shard: ShardId(0),
        reading,
        count,
        bytes,
        next: 2,
        millis_behind: 0,
    };
    assert_eq!(lab.facts, [read(1, 1, 5), read(2, 0, 0)]);
}

#[test]
fn a_generated_payload_is_made_when_it_is_read() {
    let mut lab = Lab::with_shards(1);
    let data = crate::Blob::Generated(crate::Generated::numbered(7, 30));
    lab.put(crate::PutRecordInput { data: Some(data), ..put("a", "") });
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    let page = lab.read(&iterator);
    let expected = format!("{{\"n\":7,\"pad\":\"{}\"}}", ".".repeat(14));
    assert_eq!(String::from_utf8_lossy(&page.records.get(0).unwrap().data.bytes()), expected);
}
