use super::*;
use crate::testing::*;
use crate::{DeleteStreamInput, Duration, LimitsProfile, ShardIteratorType, WriteLimit};

const NOT_FOUND: &str = "ResourceNotFoundException: Stream orders under account 123456789012 not found.";
const THROTTLED: &str = "ProvisionedThroughputExceededException: Rate exceeded for shard \
                         shardId-000000000000 in stream orders under account 123456789012.";

fn of_size(data_size: usize, key: &str) -> PutRecordInput {
    PutRecordInput { data: bytes(data_size), ..put(key, "") }
}

#[test]
fn the_answer_is_shard_and_sequence_number() {
    assert_eq!(
        Lab::with_shards(1).prints(put("a", "x")),
        r#"{"ShardId":"shardId-000000000000","SequenceNumber":"49670424472731169861061894383144094351084856727964745730"}"#
    );
}

#[test]
fn a_key_goes_to_the_shard_that_holds_its_md5() {
    // Keys, and the shard of each in an even stream of 2, 3 and 4 shards.
    let table = [
        ("a", [0, 0, 0]),
        ("b", [1, 1, 2]),
        ("1", [1, 2, 3]),
        ("123", [0, 0, 0]),
        ("user-1", [1, 2, 3]),
        ("user-42", [0, 1, 1]),
        ("é", [0, 1, 1]),
        ("日本", [0, 0, 1]),
    ];
    for (i, shard_count) in [2, 3, 4].into_iter().enumerate() {
        let mut lab = Lab::with_shards(shard_count);
        for (key, shards) in table {
            assert_eq!(lab.put(put(key, "x")).shard_id, ShardId(shards[i]), "{key} of {shard_count}");
        }
    }
}

#[test]
fn an_explicit_hash_key_overrides_the_partition_key() {
    let mut lab = Lab::with_shards(2);
    for (hash_key, shard) in [
        ("0", 0),
        ("170141183460469231731687303715884105727", 0),
        ("170141183460469231731687303715884105728", 1),
        ("340282366920938463463374607431768211455", 1),
    ] {
        let request = PutRecordInput { explicit_hash_key: text(hash_key), ..put("a", "x") };
        assert_eq!(lab.put(request).shard_id, ShardId(shard), "{hash_key}");
    }
}

#[test]
fn a_hash_key_past_the_key_space_is_refused() {
    let request = PutRecordInput {
        explicit_hash_key: text("340282366920938463463374607431768211456"),
        ..put("a", "x")
    };
    assert_eq!(
        Lab::with_shards(1).refusal(request),
        "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. \
         Specified value was 340282366920938463463374607431768211456"
    );
}

#[test]
fn what_is_missing_is_said_all_at_once() {
    assert_eq!(
        Lab::with_shards(1).refusal(PutRecordInput::default()),
        "ValidationException: 2 validation errors detected: \
         Value null at 'data' failed to satisfy constraint: Member must not be null; \
         Value null at 'partitionKey' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn every_member_out_of_its_constraint_is_listed() {
    let request = PutRecordInput {
        stream_name: text("my stream"),
        data: bytes(MIB + 1),
        partition_key: text(""),
        explicit_hash_key: text("01"),
        sequence_number_for_ordering: text("x"),
        stream_arn: text("orders"),
        dry_run: None,
    };
    assert_eq!(
        Lab::with_shards(1).refusal(request).replace("; ", "\n"),
        r"ValidationException: 6 validation errors detected: Value 'my stream' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+
Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048576
Value '' at 'partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1
Value '01' at 'explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(0|([1-9]\d{0,38}))$
Value 'x' at 'sequenceNumberForOrdering' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(0|([1-9]\d{0,128}))$
Value 'orders' at 'streamARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+"
    );
}

#[test]
fn a_request_that_names_no_stream_is_refused() {
    assert_eq!(
        Lab::with_shards(1).refusal(PutRecordInput { stream_name: None, ..put("a", "x") }),
        "InvalidArgumentException: Either StreamARN or StreamName must be provided."
    );
}

#[test]
fn a_stream_may_be_named_by_its_arn_or_twice() {
    let mut lab = Lab::with_shards(1);
    lab.put(PutRecordInput { stream_name: None, stream_arn: text(ARN), ..put("a", "x") });
    lab.put(PutRecordInput { stream_arn: text(ARN), ..put("a", "x") });
}

#[test]
fn a_name_and_an_arn_of_two_streams_are_refused() {
    let arn = ARN.replace("orders", "clicks");
    assert_eq!(
        Lab::with_shards(1).refusal(PutRecordInput { stream_arn: text(&arn), ..put("a", "x") }),
        format!(
            "InvalidArgumentException: StreamName orders and StreamARN {arn} do not name the same stream."
        )
    );
}

#[test]
fn an_arn_of_another_region_names_no_stream_here() {
    let arn = ARN.replace("us-east-1", "eu-west-1");
    let request = PutRecordInput { stream_name: None, stream_arn: text(&arn), ..put("a", "x") };
    assert_eq!(Lab::with_shards(1).refusal(request), NOT_FOUND);
}

#[test]
fn a_stream_of_another_account_lets_nobody_in() {
    let arn = ARN.replace(ACCOUNT, "999999999999");
    let request = PutRecordInput { stream_name: None, stream_arn: text(&arn), ..put("a", "x") };
    assert_eq!(
        Lab::with_shards(1).refusal(request),
        format!(
            "AccessDeniedException: User: arn:aws:iam::{ACCOUNT}:user/admin is not authorized to perform: \
             kinesis:PutRecord on resource: {arn} because no resource-based policy allows the kinesis:PutRecord action"
        )
    );
}

#[test]
fn an_unknown_stream_is_not_found() {
    assert_eq!(Lab::empty().refusal(put("a", "x")), NOT_FOUND);
}

#[test]
fn a_stream_that_is_being_created_is_not_found_yet() {
    let mut lab = Lab::empty();
    lab.accepts(create("orders", 1));
    assert_eq!(lab.refusal(put("a", "x")), NOT_FOUND);
    lab.wait(SECOND.times(20));
    lab.put(put("a", "x"));
}

#[test]
fn a_stream_that_is_being_updated_takes_records_into_the_old_shards() {
    let mut lab = Lab::with_shards(1);
    lab.accepts(split(0, 2));
    assert_eq!(lab.put(put("a", "x")).shard_id, ShardId(0));
}

#[test]
fn a_stream_that_is_being_deleted_takes_records_until_it_is_gone() {
    let mut lab = Lab::with_shards(1);
    lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
    lab.put(put("a", "x"));
    lab.wait(SECOND.times(20));
    assert_eq!(lab.refusal(put("a", "x")), NOT_FOUND);
}

#[test]
fn a_closed_shard_refuses_writes() {
    let mut lab = Lab::with_shards(1);
    lab.splits(0, 1 << 127);
    assert_eq!(lab.put_at(0).shard, ShardId(1));
    assert_eq!(lab.put_at(1 << 127).shard, ShardId(2));
    assert_eq!(lab.stream().shards()[0].log.last_index(), 0);
}

#[test]
fn the_stream_is_looked_for_before_the_arguments_are_judged() {
    let too_large = PutRecordInput {
        explicit_hash_key: text("999999999999999999999999999999999999999"),
        ..of_size(MIB, "ab")
    };
    assert_eq!(Lab::empty().refusal(too_large), NOT_FOUND);
    let mut lab = Lab::empty();
    lab.accepts(create("orders", 1));
    assert_eq!(lab.refusal(of_size(MIB, "ab")), NOT_FOUND, "CREATING");
}

#[test]
fn an_empty_record_is_accepted() {
    let mut lab = Lab::with_shards(1);
    lab.put(put("a", ""));
    assert_eq!(lab.keys_in(0), ["a"]);
}

#[test]
fn data_and_key_of_exactly_one_mib_are_accepted() {
    Lab::with_shards(1).put(of_size(MIB - 1, "a"));
}

#[test]
fn data_of_one_mib_leaves_no_room_for_a_key() {
    assert_eq!(
        Lab::with_shards(1).refusal(of_size(MIB, "a")),
        "InvalidArgumentException: Record size (data and partition key) exceeds 1048576 bytes"
    );
}

#[test]
fn a_key_counts_in_bytes_towards_the_record_size() {
    let mut lab = Lab::with_shards(1);
    let key = "😀".repeat(256);
    lab.put(of_size(MIB - 1_024, &key));
    lab.wait(SECOND);
    let refused = lab.refusal(of_size(MIB - 1_023, &key));
    assert!(refused.starts_with("InvalidArgumentException: Record size"), "{refused}");
}

#[test]
fn a_key_of_256_long_characters_is_read_back() {
    let mut lab = Lab::with_shards(1);
    let key = "😀".repeat(256);
    lab.put(put(&key, "x"));
    assert_eq!(lab.keys_in(0), [key]);
}

#[test]
fn of_fifteen_hundred_records_in_a_second_five_hundred_are_refused() {
    let mut lab = Lab::with_shards(1);
    let refused = (0..1_500).filter(|_| lab.call(put("a", "x")).is_err()).count();
    assert_eq!(refused, 500);
    assert_eq!(lab.refusal(put("a", "x")), THROTTLED);
}

#[test]
fn the_last_microsecond_of_a_second_belongs_to_it() {
    let mut lab = Lab::with_shards(1);
    for _ in 0..1_000 {
        lab.put(put("a", "x"));
    }
    lab.wait(Duration::from_micros(999_999));
    assert_eq!(lab.refusal(put("a", "x")), THROTTLED);
    lab.wait(MICROSECOND);
    lab.put(put("a", "x"));
}

#[test]
fn a_shard_takes_one_mib_in_a_second() {
    let mut lab = Lab::with_shards(1);
    lab.put(of_size(MIB / 2 - 1, "a"));
    lab.put(of_size(MIB / 2 - 1, "a"));
    assert_eq!(lab.refusal(put("a", "")), THROTTLED);
    lab.wait(SECOND);
    lab.put(of_size(MIB - 1, "a"));
}

#[test]
fn a_refused_record_costs_nothing_of_either_budget() {
    let mut lab = Lab::with_shards(1);
    lab.put(of_size(MIB - 10, "a"));
    lab.refusal(of_size(10, "a"));
    lab.put(of_size(8, "a"));
    assert_eq!(lab.stream().shards()[0].write_records.level(lab.now), 998);
}

#[test]
fn shards_have_budgets_of_their_own() {
    let mut lab = Lab::with_shards(2);
    for _ in 0..1_000 {
        lab.put_at(0);
    }
    lab.refusal(PutRecordInput { explicit_hash_key: text("0"), ..put("a", "x") });
    lab.put_at(1 << 127);
}

#[test]
fn a_quiet_shard_of_today_takes_ten_mib_at_once_and_then_one_a_second() {
    let mut lab = Lab::with_shards_under(LimitsProfile::AwsToday, 1);
    for _ in 0..10 {
        lab.put(of_size(MIB - 1, "a"));
    }
    assert_eq!(lab.refusal(put("a", "")), THROTTLED);
    lab.wait(SECOND);
    lab.put(of_size(MIB - 1, "a"));
    assert_eq!(lab.refusal(put("a", "")), THROTTLED);
}

#[test]
fn a_throttled_record_is_told_with_the_budget_that_was_too_small() {
    let mut lab = Lab::with_shards(1);
    lab.put(of_size(MIB - 1, "a"));
    lab.facts.clear();
    lab.refusal(put("a", "four"));
    let refused = Fact::WriteThrottled {
        stream: "orders".into(),
        shard: ShardId(0),
        limit: WriteLimit::Bytes,
        count: 1,
        bytes: 5,
    };
    assert_eq!(lab.facts, [refused]);
}

#[test]
fn sequence_numbers_rise_by_one_index_within_a_shard() {
    let mut lab = Lab::with_shards(1);
    let numbers: Vec<_> = (0..3).map(|_| lab.put(put("a", "x")).sequence_number).collect();
    assert_eq!(numbers.iter().map(|n| n.index).collect::<Vec<_>>(), [1, 2, 3]);
    let texts: Vec<_> = numbers.iter().map(|n| n.to_string()).collect();
    assert!(texts.is_sorted(), "{texts:?}");
}

#[test]
fn an_earlier_number_may_be_given_for_ordering() {
    let mut lab = Lab::with_shards(1);
    let first = lab.put(put("a", "x")).sequence_number.to_string();
    lab.put(PutRecordInput { sequence_number_for_ordering: Some(first), ..put("a", "x") });
}

/// kinesalite's tests had AWS accept these two.
#[test]
fn any_number_of_the_past_will_do_for_ordering() {
    let mut lab = Lab::with_shards(1);
    for number in [
        "49039857307708443467467104868809893875799651909875269634",
        "73559785961551514828601391991642864028743539089244946418",
    ] {
        lab.put(PutRecordInput { sequence_number_for_ordering: text(number), ..put("a", "x") });
    }
}

#[test]
fn a_number_of_the_future_is_refused_for_ordering() {
    let mut lab = Lab::with_shards(1);
    let mut number = lab.put(put("a", "x")).sequence_number;
    number.recorded += 1;
    let request = PutRecordInput { sequence_number_for_ordering: text(&number.to_string()), ..put("a", "x") };
    assert_eq!(
        lab.refusal(request.clone()),
        format!(
            "InvalidArgumentException: ExclusiveMinimumSequenceNumber {number} used in PutRecord on stream \
             orders under account 123456789012 is invalid."
        )
    );
    lab.wait(SECOND);
    lab.put(request);
}

#[test]
fn a_record_is_readable_as_soon_as_it_is_accepted() {
    let mut lab = Lab::with_shards(1);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    lab.put(put("a", "hello"));
    let page = lab.read(&iterator);
    assert_eq!(page.records.get(0).unwrap().data, Blob::from("hello"));
    assert_eq!(page.records.get(0).unwrap().approximate_arrival_timestamp.0, lab.now);
}

#[test]
fn a_full_sandbox_refuses_and_drops_what_nobody_can_read_any_more() {
    let mut lab = Lab::with_shards(1);
    for _ in 0..256 {
        lab.put(of_size(MIB - 1, "a"));
        lab.wait(SECOND);
    }
    assert_eq!(
        lab.refusal(put("a", "x")),
        "SandboxFullException: The sandbox holds at most 256 MiB of record data; delete a stream or start fresh. \
         AWS has no such limit."
    );
    lab.wait(HOUR.times(24));
    lab.put(put("a", "x"));
}

#[test]
fn the_sandbox_counts_what_is_stored_of_a_generated_payload() {
    let mut lab = Lab::with_shards(1);
    for number in 0..300 {
        let data = Blob::Generated(crate::Generated::numbered(number, (MIB - 1) as u32));
        lab.put(PutRecordInput { data: Some(data), ..put("a", "") });
        lab.wait(SECOND);
    }
    // A key of one byte, a mark, and a number that takes one byte up to 63 and two from there on.
    assert_eq!(lab.service.stored_bytes(), 64 * 3 + 236 * 4);
}
