use super::*;
use crate::LimitsProfile;
use crate::testing::*;

const THROTTLED: &str =
    "Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.";

fn stored_count(output: &PutRecordsOutput) -> usize {
    output.records.iter().filter(|entry| is_stored(entry)).count()
}

/// Five shards take a MiB each, less `spared` bytes of the last one.
fn five_mib_less(spared: usize) -> PutRecordsInput {
    let ranges = crate::HashKeyRange::evenly(5);
    let records = ranges.iter().enumerate().map(|(i, range)| PutRecordsRequestEntry {
        explicit_hash_key: text(&range.starting_hash_key.to_string()),
        ..entry("k", MIB - 1 - if i == 4 { spared } else { 0 })
    });
    batch(records.collect())
}

#[test]
fn the_answer_lists_what_was_stored_and_what_was_refused_in_the_order_of_the_request() {
    let mut lab = Lab::with_shards(1);
    let records = vec![entry("a", 1), entry("a", MIB - 1), entry("a", 1)];
    expect_test::expect![[r#"{"FailedRecordCount":1,"Records":[{"SequenceNumber":"49670424472731169861061894383144094351084856727964745730","ShardId":"shardId-000000000000"},{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012."},{"SequenceNumber":"49670424472731169861061894383145303276904471357139451906","ShardId":"shardId-000000000000"}]}"#]]
    .assert_eq(&lab.prints(batch(records)));
}

#[test]
fn no_records_are_refused() {
    let mut lab = Lab::with_shards(1);
    assert_eq!(
        lab.refusal(batch(vec![])),
        "ValidationException: 1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: \
         Member must have length greater than or equal to 1"
    );
    assert_eq!(
        lab.refusal(PutRecordsInput { stream_name: text("orders"), ..Default::default() }),
        "ValidationException: 1 validation error detected: Value null at 'records' failed to satisfy constraint: \
         Member must not be null"
    );
}

#[test]
fn five_hundred_records_are_accepted_and_one_more_is_not() {
    let mut lab = Lab::with_shards(1);
    let request = |n| batch(vec![entry("a", 1); n]);
    assert_eq!(stored_count(&lab.put_many(request(500))), 500);
    assert_eq!(
        lab.refusal(request(501)),
        "ValidationException: 1 validation error detected: Value '[501 items]' at 'records' failed to satisfy \
         constraint: Member must have length less than or equal to 500"
    );
    assert_eq!(lab.stream().shards()[0].log.last_index(), 500);
}

#[test]
fn what_is_wrong_with_a_record_is_said_with_its_place_from_one() {
    let mut lab = Lab::with_shards(1);
    let bad = PutRecordsRequestEntry {
        data: bytes(MIB + 1),
        explicit_hash_key: text("-1"),
        partition_key: text(&"k".repeat(257)),
    };
    let said = lab.refusal(batch(vec![entry("a", 1), bad, Default::default()]));
    assert_eq!(
        said.replace(&"k".repeat(257), "KEY").replace("; ", "\n"),
        r"ValidationException: 5 validation errors detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576
Value '-1' at 'records.2.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(0|([1-9]\d{0,38}))$
Value 'KEY' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256
Value null at 'records.3.member.data' failed to satisfy constraint: Member must not be null
Value null at 'records.3.member.partitionKey' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn five_mib_are_accepted_and_one_byte_more_is_not() {
    assert_eq!(stored_count(&Lab::with_shards(5).put_many(five_mib_less(0))), 5);
    let mut too_much = five_mib_less(1);
    if let Some(records) = &mut too_much.records {
        records.push(entry("k", 1));
    }
    assert_eq!(
        Lab::with_shards(5).refusal(too_much),
        "InvalidArgumentException: Records size exceeds 5 MB limit"
    );
}

#[test]
fn today_ten_mib_are_accepted_in_one_call() {
    let mut lab = Lab::with_shards_under(LimitsProfile::AwsToday, 1);
    let request = |n| batch(vec![entry("k", MIB - 1); n]);
    assert_eq!(lab.refusal(request(11)), "InvalidArgumentException: Records size exceeds 10 MB limit");
    assert_eq!(stored_count(&lab.put_many(request(10))), 10);
}

#[test]
fn a_record_whose_key_makes_it_too_large_refuses_the_whole_call() {
    let mut lab = Lab::with_shards(1);
    assert_eq!(
        lab.refusal(batch(vec![entry("a", 1), entry("a", MIB)])),
        "InvalidArgumentException: Record size (data and partition key) exceeds 1048576 bytes"
    );
    assert_eq!(lab.stream().shards()[0].log.last_index(), 0);
}

#[test]
fn a_hash_key_past_the_key_space_refuses_the_whole_call() {
    let mut lab = Lab::with_shards(1);
    let bad = PutRecordsRequestEntry {
        explicit_hash_key: text("340282366920938463463374607431768211456"),
        ..entry("a", 1)
    };
    assert_eq!(
        lab.refusal(batch(vec![entry("a", 1), bad])),
        "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. \
         Specified value was 340282366920938463463374607431768211456"
    );
    assert_eq!(lab.stream().shards()[0].log.last_index(), 0);
}

#[test]
fn the_stream_is_looked_for_before_the_records_are_judged() {
    let too_large = batch(vec![entry("a", MIB)]);
    let not_found = "ResourceNotFoundException: Stream orders under account 123456789012 not found.";
    assert_eq!(Lab::empty().refusal(too_large.clone()), not_found);
    let mut lab = Lab::empty();
    lab.accepts(create("orders", 1));
    assert_eq!(lab.refusal(too_large), not_found);
}

#[test]
fn of_fifteen_hundred_records_in_a_second_five_hundred_are_refused() {
    let mut lab = Lab::with_shards(1);
    let failed: Vec<u32> =
        (0..3).map(|_| lab.put_many(batch(vec![entry("a", 1); 500])).failed_record_count).collect();
    assert_eq!(failed, [0, 0, 500]);
}

/// Reported against AWS: kinesalite, pull request 87.
#[test]
fn of_several_records_of_a_mib_for_one_shard_the_first_is_stored() {
    let mut lab = Lab::with_shards(1);
    let output = lab.put_many(batch(vec![entry("a", MIB - 1); 3]));
    assert_eq!(output.records.iter().map(is_stored).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn a_refused_record_does_not_hold_back_the_ones_after_it() {
    let mut lab = Lab::with_shards(1);
    let output = lab.put_many(batch(vec![entry("a", MIB - 100), entry("b", 100), entry("c", 50)]));
    assert_eq!(output.failed_record_count, 1);
    assert_eq!(lab.keys_in(0), ["a", "c"]);
}

#[test]
fn a_call_is_accepted_even_where_every_record_is_refused() {
    let mut lab = Lab::with_shards(1);
    lab.put_many(batch(vec![entry("a", MIB - 1)]));
    let output = lab.put_many(batch(vec![entry("a", 1); 2]));
    assert_eq!(output.failed_record_count, 2);
    let refused = PutRecordsResultEntry::Refused {
        error_code: ErrorCode::ProvisionedThroughputExceeded,
        error_message: THROTTLED.to_owned(),
    };
    assert_eq!(output.records, [refused.clone(), refused]);
}

#[test]
fn a_throttled_shard_does_not_hurt_the_others() {
    let mut lab = Lab::with_shards(2);
    // "a" belongs to the first shard, "b" to the second.
    lab.put_many(batch(vec![entry("a", MIB - 1)]));
    let output = lab.put_many(batch(vec![entry("a", 1), entry("b", 1)]));
    assert_eq!(output.records.iter().map(is_stored).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn each_shard_is_told_of_once_for_what_it_took_and_once_for_each_budget_that_refused() {
    let mut lab = Lab::with_shards(2);
    let mut records = vec![entry("b", 9), entry("a", 2), entry("b", 9)];
    records.extend([entry("a", MIB - 1), entry("a", 4), entry("a", MIB - 1)]);
    lab.put_many(batch(records));
    let stream: StreamName = "orders".into();
    let appended = |shard, count, bytes, last_index| Fact::RecordsAppended {
        stream: stream.clone(),
        shard: ShardId(shard),
        count,
        bytes,
        first_index: 1,
        last_index,
    };
    let throttled = Fact::WriteThrottled {
        stream: stream.clone(),
        shard: ShardId(0),
        limit: WriteLimit::Bytes,
        count: 2,
        bytes: 2 << 20,
    };
    assert_eq!(lab.facts, [appended(0, 2, 8, 2), throttled, appended(1, 2, 20, 2)]);
}

#[test]
fn a_key_has_between_one_and_256_characters() {
    let mut lab = Lab::with_shards(1);
    for (key, rule) in
        [(String::new(), "greater than or equal to 1"), ("k".repeat(257), "less than or equal to 256")]
    {
        assert_eq!(
            lab.refusal(batch(vec![entry(&key, 1)])),
            format!(
                "ValidationException: 1 validation error detected: Value '{key}' at 'records.1.member.partitionKey' \
                 failed to satisfy constraint: Member must have length {rule}"
            )
        );
    }
    let keys = ["k".repeat(256), "😀".repeat(256), "k".to_owned()];
    lab.put_many(batch(keys.iter().map(|key| entry(key, 1)).collect()));
    assert_eq!(lab.keys_in(0), keys);
}
