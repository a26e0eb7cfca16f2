//! MergeShards: two neighbours become one child.

use serde::{Deserialize, Serialize};

use super::split_shard::{begin_reshard, named_shard, shard_to_reshard};
use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Operation, Response, Service};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MergeShardsInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    pub shard_to_merge: Option<String>,
    pub adjacent_shard_to_merge: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

pub(crate) fn merge_shards(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &MergeShardsInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.shard_to_merge, "shardToMerge");
    violations.name(&input.shard_to_merge, "shardToMerge");
    violations.required(&input.adjacent_shard_to_merge, "adjacentShardToMerge");
    violations.name(&input.adjacent_shard_to_merge, "adjacentShardToMerge");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::MergeShards,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;

    let account = service.account.clone();
    let name = service.name_of(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let first = named_shard(&input.shard_to_merge, name, &account)?;
    let second = named_shard(&input.adjacent_shard_to_merge, name, &account)?;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    stream.must_be_active(&account)?;
    stream.must_be_provisioned(&account)?;
    let first = shard_to_reshard(stream, first, &account)?;
    let second = shard_to_reshard(stream, second, &account)?;
    // Observed: kinesalite wants the lower shard first; the documentation states no order.
    let are_adjacent =
        first.hash_key_range.ending_hash_key.checked_add(1) == Some(second.hash_key_range.starting_hash_key);
    if !are_adjacent {
        return Err(ApiError::not_adjacent(first.id, second.id, &stream.name, &account));
    }
    let change = Change::Merge { shard: first.id, adjacent: second.id };
    begin_reshard(service, input.stream_name.as_deref(), input.stream_arn.as_deref(), change, ctx, facts)?;
    Ok(Response::MergeShards(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{DeleteStreamInput, HashKeyRange, ShardId, StreamStatus};

    fn not_adjacent(first: u32, second: u32) -> String {
        format!(
            "InvalidArgumentException: Shards {} and {} in stream orders under account 123456789012 are not an adjacent \
             pair of shards eligible for merging",
            ShardId(first),
            ShardId(second)
        )
    }

    #[test]
    fn a_merge_makes_one_child_with_two_parents() {
        let mut lab = Lab::with_shards(3);
        assert_eq!(lab.prints(merge(0, 1)), "null");
        assert_eq!(lab.stream().status, StreamStatus::Updating);
        lab.wait(SECOND.times(30));
        let shards = lab.describe().shards;
        assert_eq!(shards.len(), 4);
        assert_eq!(
            (shards[3].parent_shard_id, shards[3].adjacent_parent_shard_id),
            (Some(ShardId(0)), Some(ShardId(1)))
        );
        assert_eq!(
            shards[3].hash_key_range,
            HashKeyRange { starting_hash_key: 0, ending_hash_key: 226854911280625642308916404954512140969 }
        );
        let is_closed = |i: usize| shards[i].sequence_number_range.ending_sequence_number.is_some();
        assert_eq!([0, 1, 2, 3].map(is_closed), [true, true, false, false]);
    }

    #[test]
    fn the_child_takes_the_keys_of_both() {
        let mut lab = Lab::with_shards(2);
        lab.merges(0, 1);
        assert_eq!(lab.put_at(0).shard, ShardId(2));
        assert_eq!(lab.put_at(u128::MAX).shard, ShardId(2));
    }

    #[test]
    fn children_of_a_split_are_merged_again_across_generations() {
        let mut lab = Lab::with_shards(2);
        lab.splits(0, 1 << 126);
        lab.merges(3, 1);
        let child = lab.describe().shards[4].clone();
        assert_eq!(
            (child.parent_shard_id, child.adjacent_parent_shard_id),
            (Some(ShardId(3)), Some(ShardId(1)))
        );
        assert_eq!(child.hash_key_range.starting_hash_key, 1 << 126);
    }

    /// kinesalite's tests had AWS refuse the inverted pair.
    #[test]
    fn only_neighbours_are_merged_the_lower_one_first() {
        let mut lab = Lab::with_shards(3);
        for (first, second) in [(0, 2), (1, 0), (2, 0), (0, 0), (2, 2)] {
            assert_eq!(lab.refusal(merge(first, second)), not_adjacent(first, second));
        }
    }

    #[test]
    fn a_closed_shard_cannot_be_merged() {
        let mut lab = Lab::with_shards(3);
        lab.merges(0, 1);
        for (first, second, closed) in [(0, 1, 0), (1, 2, 1), (3, 1, 1)] {
            assert_eq!(
                lab.refusal(merge(first, second)),
                format!(
                    "InvalidArgumentException: Shard {} in stream orders under account 123456789012 has already been \
                     merged or split, and thus is not eligible for merging or splitting.",
                    ShardId(closed)
                )
            );
        }
        lab.merges(3, 2);
    }

    #[test]
    fn an_unknown_shard_is_not_found_in_either_place() {
        let mut lab = Lab::with_shards(2);
        let not_found = "ResourceNotFoundException: Could not find shard shardId-000000000005 in stream orders under \
                         account 123456789012.";
        assert_eq!(lab.refusal(merge(5, 0)), not_found);
        assert_eq!(lab.refusal(merge(0, 5)), not_found);
    }

    #[test]
    fn a_text_that_names_no_shard_is_not_found_whatever_the_stream() {
        for mut lab in [Lab::empty(), Lab::with_shards(2)] {
            for request in [
                MergeShardsInput { shard_to_merge: text("ABKLFD8"), ..merge(0, 1) },
                MergeShardsInput { adjacent_shard_to_merge: text("ABKLFD8"), ..merge(0, 1) },
            ] {
                assert_eq!(
                    lab.refusal(request),
                    "ResourceNotFoundException: Could not find shard ABKLFD8 in stream orders under account \
                     123456789012."
                );
            }
        }
    }

    #[test]
    fn in_an_unknown_stream_it_is_the_stream_that_is_not_found() {
        assert_eq!(
            Lab::empty().refusal(merge(0, 1)),
            "ResourceNotFoundException: Stream orders under account 123456789012 not found."
        );
    }

    #[test]
    fn only_an_active_stream_is_merged() {
        let refused = |status| {
            format!(
                "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE, instead in state {status}"
            )
        };
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 3));
        assert_eq!(lab.refusal(merge(0, 1)), refused("CREATING"));
        lab.wait(SECOND.times(20));
        lab.accepts(merge(0, 1));
        assert_eq!(lab.refusal(merge(1, 2)), refused("UPDATING"));
        lab.wait(SECOND.times(30));
        lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
        assert_eq!(lab.refusal(merge(3, 2)), refused("DELETING"));
    }

    #[test]
    fn what_is_missing_is_said_all_at_once() {
        assert_eq!(
            Lab::with_shards(1)
                .refusal(MergeShardsInput { stream_name: text("orders"), ..Default::default() }),
            "ValidationException: 2 validation errors detected: \
             Value null at 'shardToMerge' failed to satisfy constraint: Member must not be null; \
             Value null at 'adjacentShardToMerge' failed to satisfy constraint: Member must not be null"
        );
    }
}
