use super::*;
use crate::testing::*;
use crate::{DeleteStreamInput, Duration};

fn list() -> ListShardsInput {
    ListShardsInput { stream_name: text("orders"), ..Default::default() }
}

fn filtered(kind: &str) -> ListShardsInput {
    ListShardsInput { shard_filter: Some(ShardFilter { kind: text(kind), ..Default::default() }), ..list() }
}

fn filtered_by_time(kind: &str, at: Instant) -> ListShardsInput {
    let filter = ShardFilter { kind: text(kind), timestamp: Some(Seconds(at)), ..Default::default() };
    ListShardsInput { shard_filter: Some(filter), ..list() }
}

fn page(lab: &mut Lab, request: ListShardsInput) -> (Vec<u32>, Option<String>) {
    let Response::ListShards(output) = lab.accepts(request) else { panic!("an answer of its own kind") };
    (output.shards.iter().map(|shard| shard.shard_id.0).collect(), output.next_token)
}

fn ids(lab: &mut Lab, request: ListShardsInput) -> Vec<u32> {
    page(lab, request).0
}

/// A split at 01:00:30 (of 0 into 1 and 2) and a merge at 02:01:00 (of both into 3), counted from the first shard's
/// opening; now it is 03:01:00.
fn reshaped() -> (Lab, Instant) {
    let mut lab = Lab::with_shards(1);
    let opened = lab.now;
    lab.wait(HOUR);
    lab.splits(0, 1 << 127);
    lab.wait(HOUR);
    lab.merges(1, 2);
    lab.wait(HOUR);
    (lab, opened)
}

const SPLIT_AT: Duration = Duration::from_seconds(3_630);
const MERGED_AT: Duration = Duration::from_seconds(7_260);

#[test]
fn shards_print_as_in_the_service_model() {
    let mut lab = Lab::with_shards(1);
    lab.splits(0, 1 << 127);
    lab.merges(1, 2);
    let printed = lab.prints(list()).replace("},{", "},\n{");
    expect_test::expect![[r#"
        {"Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"340282366920938463463374607431768211455"},"SequenceNumberRange":{"StartingSequenceNumber":"49670424472731169861061894383142885425265240724400504834","EndingSequenceNumber":"49670424472742320233661159694712444358581953711952625666"}},
        {"ShardId":"shardId-000000000001","ParentShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"170141183460469231731687303715884105727"},"SequenceNumberRange":{"StartingSequenceNumber":"49670424490950878688261413489777567254018955579479818258","EndingSequenceNumber":"49670424490962029060860678801347126187335667123922927634"}},
        {"ShardId":"shardId-000000000002","ParentShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"170141183460469231731687303715884105728","EndingHashKey":"340282366920938463463374607431768211455"},"SequenceNumberRange":{"StartingSequenceNumber":"49670424490973179433459944112919102972291603940985798690","EndingSequenceNumber":"49670424490984329806059209424488661905608315485428908066"}},
        {"ShardId":"shardId-000000000003","ParentShardId":"shardId-000000000001","AdjacentParentShardId":"shardId-000000000002","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"340282366920938463463374607431768211455"},"SequenceNumberRange":{"StartingSequenceNumber":"49670424501699837873953173843997783461435467886946680882"}}]}"#]]
    .assert_eq(&printed);
}

#[test]
fn without_a_filter_every_shard_within_the_retention_is_listed() {
    let (mut lab, _) = reshaped();
    assert_eq!(ids(&mut lab, list()), [0, 1, 2, 3]);
    assert_eq!(ids(&mut lab, filtered("FROM_TRIM_HORIZON")), [0, 1, 2, 3]);
}

#[test]
fn expired_shards_are_not_listed() {
    let (mut lab, opened) = reshaped();
    lab.wait((opened + SPLIT_AT + HOUR.times(24)).since(lab.now));
    assert_eq!(ids(&mut lab, list()), [1, 2, 3]);
    lab.wait(HOUR + SECOND.times(30));
    assert_eq!(ids(&mut lab, list()), [3]);
}

#[test]
fn at_latest_lists_the_open_shards() {
    let (mut lab, _) = reshaped();
    assert_eq!(ids(&mut lab, filtered("AT_LATEST")), [3]);
}

#[test]
fn at_trim_horizon_lists_the_first_shards_of_a_young_stream() {
    let mut lab = Lab::with_shards(3);
    assert_eq!(ids(&mut lab, filtered("AT_TRIM_HORIZON")), [0, 1, 2]);
    let (mut lab, _) = reshaped();
    assert_eq!(ids(&mut lab, filtered("AT_TRIM_HORIZON")), [0]);
}

#[test]
fn at_trim_horizon_moves_on_with_the_retention_period() {
    let (mut lab, opened) = reshaped();
    lab.wait((opened + SPLIT_AT + HOUR.times(24) + SECOND).since(lab.now));
    assert_eq!(ids(&mut lab, filtered("AT_TRIM_HORIZON")), [1, 2]);
}

#[test]
fn at_timestamp_lists_the_shards_that_were_open_then() {
    let (mut lab, opened) = reshaped();
    for (at, expected) in [
        (opened + HOUR, vec![0]),
        (opened + SPLIT_AT, vec![0, 1, 2]),
        (opened + SPLIT_AT + SECOND, vec![1, 2]),
        (opened + MERGED_AT + SECOND, vec![3]),
    ] {
        assert_eq!(ids(&mut lab, filtered_by_time("AT_TIMESTAMP", at)), expected, "{at}");
    }
}

#[test]
fn from_timestamp_lists_open_shards_and_those_that_were_closed_since() {
    let (mut lab, opened) = reshaped();
    for (at, expected) in [
        (opened + SPLIT_AT, vec![0, 1, 2, 3]),
        (opened + SPLIT_AT + SECOND, vec![1, 2, 3]),
        (opened + MERGED_AT + SECOND, vec![3]),
        (opened + HOUR.times(99), vec![3]),
    ] {
        assert_eq!(ids(&mut lab, filtered_by_time("FROM_TIMESTAMP", at)), expected, "{at}");
    }
}

#[test]
fn a_time_before_the_trim_horizon_means_the_trim_horizon() {
    let (mut lab, _) = reshaped();
    let long_ago = Instant::from_seconds(0);
    assert_eq!(ids(&mut lab, filtered_by_time("FROM_TIMESTAMP", long_ago)), [0, 1, 2, 3]);
    assert_eq!(ids(&mut lab, filtered_by_time("AT_TIMESTAMP", long_ago)), [0]);
}

#[test]
fn after_shard_id_lists_the_shards_that_follow() {
    let (mut lab, _) = reshaped();
    let filter =
        ShardFilter { kind: text("AFTER_SHARD_ID"), shard_id: text("shardId-1"), ..Default::default() };
    assert_eq!(ids(&mut lab, ListShardsInput { shard_filter: Some(filter), ..list() }), [2, 3]);
    let exclusive = ListShardsInput { exclusive_start_shard_id: text("shardId-000000000002"), ..list() };
    assert_eq!(ids(&mut lab, exclusive), [3]);
}

#[test]
fn a_filter_must_have_what_its_type_asks_for() {
    let mut lab = Lab::with_shards(1);
    for (kind, member) in
        [("AT_TIMESTAMP", "Timestamp"), ("FROM_TIMESTAMP", "Timestamp"), ("AFTER_SHARD_ID", "ShardId")]
    {
        assert_eq!(
            lab.refusal(filtered(kind)),
            format!("InvalidArgumentException: ShardFilter of type {kind} must specify {member}.")
        );
    }
}

#[test]
fn members_out_of_their_constraints_are_listed() {
    let request = ListShardsInput {
        stream_name: text(""),
        next_token: text(""),
        exclusive_start_shard_id: text("a b"),
        max_results: Some(i64::MIN),
        shard_filter: Some(ShardFilter { kind: text("LATEST"), ..Default::default() }),
        ..Default::default()
    };
    assert_eq!(
        Lab::with_shards(1).refusal(request).replace("; ", "\n"),
        "ValidationException: 6 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+\n\
         Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1\n\
         Value '' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1\n\
         Value 'a b' at 'exclusiveStartShardId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+\n\
         Value '-9223372036854775808' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1\n\
         Value 'LATEST' at 'shardFilter.type' failed to satisfy constraint: Member must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]"
    );
}

#[test]
fn neither_stream_nor_token_is_refused() {
    assert_eq!(
        Lab::with_shards(1).refusal(ListShardsInput::default()),
        "InvalidArgumentException: Either NextToken or StreamName should be provided."
    );
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let mut lab = Lab::with_shards(7);
    let mut request = ListShardsInput { max_results: Some(3), ..list() };
    let mut pages = Vec::new();
    loop {
        let (ids, next_token) = page(&mut lab, request);
        pages.push(ids);
        let Some(token) = next_token else { break };
        request = ListShardsInput { next_token: Some(token), max_results: Some(3), ..Default::default() };
    }
    assert_eq!(pages, [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
}

#[test]
fn a_last_page_that_is_full_has_no_token() {
    let mut lab = Lab::with_shards(4);
    let (ids, next_token) = page(&mut lab, ListShardsInput { max_results: Some(4), ..list() });
    assert_eq!((ids.len(), next_token), (4, None));
}

#[test]
fn a_token_carries_its_filter() {
    let (mut lab, opened) = reshaped();
    let request = ListShardsInput {
        max_results: Some(1),
        ..filtered_by_time("AT_TIMESTAMP", opened + SPLIT_AT + SECOND)
    };
    let (first, token) = page(&mut lab, request);
    let (second, token) = page(&mut lab, ListShardsInput { next_token: token, ..Default::default() });
    assert_eq!((first, second, token), (vec![1], vec![2], None));
}

#[test]
fn a_page_holds_a_thousand_shards_at_most() {
    let mut lab = Lab::with_shards_under(crate::LimitsProfile::AwsToday, 1_001);
    let (first, next_token) = page(&mut lab, ListShardsInput { max_results: Some(10_000), ..list() });
    assert_eq!(first.len(), 1_000);
    assert_eq!(ids(&mut lab, ListShardsInput { next_token, ..Default::default() }), [1_000]);
}

#[test]
fn a_token_lives_three_hundred_seconds() {
    let mut lab = Lab::with_shards(2);
    let (_, token) = page(&mut lab, ListShardsInput { max_results: Some(1), ..list() });
    let next = ListShardsInput { next_token: token, ..Default::default() };
    lab.wait(SECOND.times(300));
    assert_eq!(ids(&mut lab, next.clone()), [1]);
    lab.wait(MICROSECOND);
    assert_eq!(
        lab.refusal(next),
        "ExpiredNextTokenException: NextToken expired. The token was created at time Thu Jan 01 00:00:20 UTC 2026 \
         while right now it is Thu Jan 01 00:05:20 UTC 2026 which is further in the future than the tolerated \
         delay of 300000 milliseconds."
    );
}

#[test]
fn a_token_of_an_undone_future_is_invalid() {
    let mut lab = Lab::with_shards(2);
    let mut past = lab.clone();
    lab.wait(SECOND);
    let (_, token) = page(&mut lab, ListShardsInput { max_results: Some(1), ..list() });
    assert_eq!(
        past.refusal(ListShardsInput { next_token: token, ..Default::default() }),
        "InvalidArgumentException: Invalid NextToken."
    );
}

#[test]
fn a_token_that_nobody_issued_is_invalid() {
    for token in ["x", "AAAAAAAAAAE=", &"A".repeat(1_048_576)] {
        assert_eq!(
            Lab::with_shards(1).refusal(ListShardsInput { next_token: text(token), ..Default::default() }),
            "InvalidArgumentException: Invalid NextToken."
        );
    }
}

#[test]
fn what_a_token_says_already_must_not_be_said_again() {
    let mut lab = Lab::with_shards(2);
    let (_, token) = page(&mut lab, ListShardsInput { max_results: Some(1), ..list() });
    let next = ListShardsInput { next_token: token, ..Default::default() };
    for (request, member) in [
        (ListShardsInput { stream_name: text("orders"), ..next.clone() }, "StreamName"),
        (ListShardsInput { stream_arn: text(ARN), ..next.clone() }, "StreamARN"),
        (
            ListShardsInput { exclusive_start_shard_id: text("shardId-0"), ..next.clone() },
            "ExclusiveStartShardId",
        ),
        (
            ListShardsInput { stream_creation_timestamp: Some(Seconds(START)), ..next.clone() },
            "StreamCreationTimestamp",
        ),
    ] {
        assert_eq!(
            lab.refusal(request),
            format!("InvalidArgumentException: NextToken and {member} cannot be provided together.")
        );
    }
}

#[test]
fn a_token_outlives_no_stream() {
    let mut lab = Lab::with_shards(2);
    let (_, token) = page(&mut lab, ListShardsInput { max_results: Some(1), ..list() });
    let next = ListShardsInput { next_token: token, ..Default::default() };
    let not_found = "ResourceNotFoundException: Stream orders under account 123456789012 not found.";
    lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
    lab.wait(SECOND.times(20));
    assert_eq!(lab.refusal(next.clone()), not_found);
    lab.accepts(create("orders", 2));
    lab.wait(SECOND.times(20));
    assert_eq!(lab.refusal(next), not_found, "another stream of the same name");
}

#[test]
fn a_creation_time_tells_streams_of_one_name_apart() {
    let mut lab = Lab::with_shards(2);
    let at = |at| ListShardsInput { stream_creation_timestamp: Some(Seconds(at)), ..list() };
    assert_eq!(ids(&mut lab, at(START)), [0, 1]);
    assert_eq!(
        lab.refusal(at(START + SECOND)),
        "ResourceNotFoundException: Stream orders under account 123456789012 not found."
    );
}

#[test]
fn shards_are_listed_while_active_or_updating_only() {
    let refused = |status| {
        format!(
            "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE or UPDATING, instead in \
             state {status}"
        )
    };
    let mut lab = Lab::empty();
    lab.accepts(create("orders", 1));
    assert_eq!(lab.refusal(list()), refused("CREATING"));
    lab.wait(SECOND.times(20));
    lab.accepts(split(0, 1 << 127));
    assert_eq!(ids(&mut lab, list()), [0], "UPDATING: children are not there yet");
    lab.wait(SECOND.times(30));
    lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
    assert_eq!(lab.refusal(list()), refused("DELETING"));
    lab.wait(SECOND.times(20));
    assert_eq!(
        lab.refusal(list()),
        "ResourceNotFoundException: Stream orders under account 123456789012 not found."
    );
}

#[test]
fn a_text_that_names_no_shard_is_not_found() {
    assert_eq!(
        Lab::with_shards(1).refusal(ListShardsInput { exclusive_start_shard_id: text("first"), ..list() }),
        "ResourceNotFoundException: Could not find shard first in stream orders under account 123456789012."
    );
}
