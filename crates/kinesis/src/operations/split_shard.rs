//! SplitShard: one open shard becomes two children.

use serde::{Deserialize, Serialize};

use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Duration, Fact, Operation, Response, Service, Shard, ShardId, Stream, StreamStatus,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SplitShardInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    pub shard_to_split: Option<String>,
    pub new_starting_hash_key: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

pub(crate) fn split_shard(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &SplitShardInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.shard_to_split, "shardToSplit");
    violations.name(&input.shard_to_split, "shardToSplit");
    violations.required(&input.new_starting_hash_key, "newStartingHashKey");
    violations.hash_key(&input.new_starting_hash_key, "newStartingHashKey");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::SplitShard,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;

    let account = service.account.clone();
    let name = service.name_of(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let id = named_shard(&input.shard_to_split, name, &account)?;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    stream.must_be_active(&account)?;
    stream.must_be_provisioned(&account)?;
    let shard = shard_to_reshard(stream, id, &account)?;
    let (start, end) = (shard.hash_key_range.starting_hash_key, shard.hash_key_range.ending_hash_key);
    let text = input.new_starting_hash_key.as_deref().unwrap_or_default();
    // The pattern admits numbers of 39 digits, of which the largest do not fit the key space nor any shard.
    let key =
        text.parse().ok().filter(|key| start.checked_add(1).is_some_and(|least| *key > least) && *key < end);
    let key: u128 =
        key.ok_or_else(|| ApiError::split_key_outside(text, id, &stream.name, &account, start, end))?;
    let present = service.account_shard_count();
    if present + 1 > service.limits.account_shards {
        return Err(ApiError::shard_limit(
            &account,
            &service.region,
            present,
            service.limits.account_shards,
            1,
        ));
    }
    let change = Change::Split { shard: id, new_starting_hash_key: key };
    begin_reshard(service, input.stream_name.as_deref(), input.stream_arn.as_deref(), change, ctx, facts)?;
    Ok(Response::SplitShard(()))
}

/// The shard that a text names.
///
/// Observed: kinesalite's tests had AWS refuse other texts before it looked for the stream.
pub(super) fn named_shard(text: &Option<String>, stream: &str, account: &str) -> Result<ShardId, ApiError> {
    let text = text.as_deref().unwrap_or_default();
    ShardId::parse(text).ok_or_else(|| ApiError::could_not_find_shard(text, stream, account))
}

/// The open shard that a split or merge names.
pub(super) fn shard_to_reshard<'a>(
    stream: &'a Stream,
    id: ShardId,
    account: &str,
) -> Result<&'a Shard, ApiError> {
    let shard = stream.shard(id).filter(|shard| !shard.is_expired());
    let shard =
        shard.ok_or_else(|| ApiError::could_not_find_shard(&id.to_string(), &stream.name, account))?;
    if shard.is_open() {
        Ok(shard)
    } else {
        Err(ApiError::already_resharded(shard.id, &stream.name, account))
    }
}

pub(super) fn begin_reshard(
    service: &mut Service,
    name: Option<&str>,
    arn: Option<&str>,
    change: Change,
    ctx: &CallContext<'_>,
    facts: &mut Vec<Fact>,
) -> Result<(), ApiError> {
    let due = ctx.now + Duration::from_seconds(service.limits.reshard_seconds);
    let stream = service.find_mut(name, arn)?;
    let name = stream.name.clone();
    stream.begin(StreamStatus::Updating, due, change, facts);
    service.reschedule(&name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{DeleteStreamInput, HashKeyRange};

    fn outside(key: &str, shard: u32, start: u128, end: u128) -> String {
        format!(
            "InvalidArgumentException: NewStartingHashKey {key} used in SplitShard() on shard {} in stream orders under \
             account 123456789012 is not both greater than one plus the shard's StartingHashKey {start} and less than \
             the shard's EndingHashKey {end}.",
            ShardId(shard)
        )
    }

    #[test]
    fn a_split_makes_two_children_of_the_parts_below_and_from_the_key() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(lab.prints(split(0, 1 << 127)), "null");
        assert_eq!(lab.stream().status, StreamStatus::Updating);
        lab.wait(SECOND.times(30));
        assert_eq!(lab.stream().status, StreamStatus::Active);
        let shards: Vec<_> = lab.describe().shards;
        let ranges: Vec<_> =
            shards.iter().map(|s| (s.shard_id.0, s.parent_shard_id, s.hash_key_range)).collect();
        let range = |starting_hash_key, ending_hash_key| HashKeyRange { starting_hash_key, ending_hash_key };
        assert_eq!(
            ranges,
            [
                (0, None, range(0, u128::MAX)),
                (1, Some(ShardId(0)), range(0, (1 << 127) - 1)),
                (2, Some(ShardId(0)), range(1 << 127, u128::MAX)),
            ]
        );
        assert!(shards.iter().all(|shard| shard.adjacent_parent_shard_id.is_none()));
    }

    #[test]
    fn the_parent_ends_and_its_children_begin_a_second_later() {
        let mut lab = Lab::with_shards(1);
        lab.splits(0, 1 << 127);
        let numbers: Vec<_> = lab.describe().shards.into_iter().map(|s| s.sequence_number_range).collect();
        let end = numbers[0].ending_sequence_number.unwrap();
        assert_eq!(end.to_string(), "49670424472742320233661159694712444358581953711952625666");
        for (child, text) in [
            (1, "49670424490950878688261413489777567254018955579479818258"),
            (2, "49670424490973179433459944112919102972291603940985798690"),
        ] {
            assert_eq!(numbers[child].starting_sequence_number.to_string(), text);
            assert_eq!(numbers[child].ending_sequence_number, None);
        }
    }

    #[test]
    fn the_smallest_lower_child_is_two_keys_wide() {
        let mut lab = Lab::with_shards(1);
        for key in [0, 1] {
            assert_eq!(lab.refusal(split(0, key)), outside(&key.to_string(), 0, 0, u128::MAX));
        }
        lab.splits(0, 2);
        assert_eq!(lab.describe().shards[1].hash_key_range.ending_hash_key, 1);
    }

    #[test]
    fn the_smallest_upper_child_is_two_keys_wide() {
        let mut lab = Lab::with_shards(2);
        let (start, end) = (1 << 127, u128::MAX);
        for key in [end, start, start + 1, 5] {
            assert_eq!(lab.refusal(split(1, key)), outside(&key.to_string(), 1, start, end));
        }
        lab.splits(1, end - 1);
        let range = lab.describe().shards[3].hash_key_range;
        assert_eq!((range.starting_hash_key, range.ending_hash_key), (end - 1, end));
    }

    #[test]
    fn a_shard_of_two_keys_cannot_be_split() {
        let mut lab = Lab::with_shards(1);
        lab.splits(0, 2);
        for key in [0, 1, 2] {
            assert_eq!(lab.refusal(split(1, key)), outside(&key.to_string(), 1, 0, 1));
        }
    }

    #[test]
    fn a_key_past_the_key_space_lies_outside_the_shard() {
        let key = "999999999999999999999999999999999999999";
        let request = SplitShardInput { new_starting_hash_key: text(key), ..split(0, 0) };
        assert_eq!(Lab::with_shards(1).refusal(request), outside(key, 0, 0, u128::MAX));
    }

    #[test]
    fn a_closed_shard_cannot_be_split_again() {
        let mut lab = Lab::with_shards(1);
        lab.splits(0, 1 << 127);
        assert_eq!(
            lab.refusal(split(0, 1 << 126)),
            "InvalidArgumentException: Shard shardId-000000000000 in stream orders under account 123456789012 has already \
             been merged or split, and thus is not eligible for merging or splitting."
        );
    }

    #[test]
    fn an_unknown_or_expired_shard_is_not_found() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(
            lab.refusal(split(5, 0)),
            "ResourceNotFoundException: Could not find shard shardId-000000000005 in stream orders under account \
             123456789012."
        );
        lab.splits(0, 1 << 127);
        lab.wait(HOUR.times(24));
        assert_eq!(
            lab.refusal(split(0, 2)),
            "ResourceNotFoundException: Could not find shard shardId-000000000000 in stream orders under account \
             123456789012."
        );
    }

    #[test]
    fn a_text_that_names_no_shard_is_not_found_whatever_the_stream() {
        for mut lab in [Lab::empty(), Lab::with_shards(1)] {
            for id in ["2147483648", "ABKLFD8", "2.14E4"] {
                assert_eq!(
                    lab.refusal(SplitShardInput { shard_to_split: text(id), ..split(0, 0) }),
                    format!(
                        "ResourceNotFoundException: Could not find shard {id} in stream orders under account \
                         123456789012."
                    )
                );
            }
        }
    }

    #[test]
    fn in_an_unknown_stream_it_is_the_stream_that_is_not_found() {
        assert_eq!(
            Lab::empty().refusal(split(2_147_483_647, 0)),
            "ResourceNotFoundException: Stream orders under account 123456789012 not found."
        );
    }

    #[test]
    fn only_an_active_stream_is_split_and_its_status_is_looked_at_first() {
        let refused = |status| {
            format!(
                "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE, instead in state {status}"
            )
        };
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 1));
        assert_eq!(lab.refusal(split(0, 2)), refused("CREATING"));
        lab.wait(SECOND.times(20));
        lab.accepts(split(0, 2));
        for key in [0, 2] {
            assert_eq!(lab.refusal(split(0, key)), refused("UPDATING"));
        }
        lab.wait(SECOND.times(30));
        lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
        assert_eq!(lab.refusal(split(0, 2)), refused("DELETING"));
    }

    #[test]
    fn a_split_needs_room_for_one_more_shard_in_the_account() {
        let mut lab = Lab::with_shards(500);
        let said = lab.refusal(split(0, 2));
        assert!(
            said.starts_with(
                "LimitExceededException: This request would exceed the shard limit for the account 123456789012 in \
                 us-east-1. Current shard count for the account: 500. Limit: 500. Number of additional shards that \
                 would have resulted from this request: 1. "
            ),
            "{said}"
        );
        lab.merges(498, 499);
        lab.splits(0, 2);
    }

    #[test]
    fn what_is_missing_is_said_all_at_once() {
        assert_eq!(
            Lab::with_shards(1)
                .refusal(SplitShardInput { stream_name: text("orders"), ..Default::default() }),
            "ValidationException: 2 validation errors detected: \
             Value null at 'shardToSplit' failed to satisfy constraint: Member must not be null; \
             Value null at 'newStartingHashKey' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn a_child_has_full_budgets_of_its_own() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(split(0, 1 << 127));
        lab.wait(SECOND.times(29));
        for _ in 0..1_000 {
            lab.put_at(0);
        }
        lab.wait(SECOND);
        for _ in 0..1_000 {
            lab.put_at(0);
            lab.put_at(1 << 127);
        }
        assert_eq!(lab.stream().shards()[0].log.last_index(), 1_000);
    }

    #[test]
    fn what_happens_is_told_when_the_split_is_done() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(split(0, 1 << 127));
        lab.facts.clear();
        lab.wait(SECOND.times(30));
        let opened = |id| Fact::ShardOpened {
            stream: "orders".into(),
            shard: ShardId(id),
            parent: Some(ShardId(0)),
            adjacent_parent: None,
        };
        assert_eq!(
            lab.facts,
            [
                Fact::ShardClosed { stream: "orders".into(), shard: ShardId(0) },
                opened(1),
                opened(2),
                Fact::StreamStatusChanged { stream: "orders".into(), status: StreamStatus::Active },
            ]
        );
    }
}
