//! MergeShards: two neighbours become one child.

use serde::{Deserialize, Serialize};

use super::split_shard::{begin_reshard, shard_to_reshard};
use crate::stream::Change;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Response, Service};

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

    let account = service.account.clone();
    let stream = service.find(&input.stream_name, &input.stream_arn)?;
    let first = shard_to_reshard(stream, &input.shard_to_merge, &account)?;
    let second = shard_to_reshard(stream, &input.adjacent_shard_to_merge, &account)?;
    // Observed: kinesalite wants the lower shard first; the documentation states no order.
    let are_adjacent =
        first.hash_key_range.ending_hash_key.checked_add(1) == Some(second.hash_key_range.starting_hash_key);
    if !are_adjacent {
        return Err(ApiError::not_adjacent(first.id, second.id, &stream.name, &account));
    }
    let change = Change::Merge { shard: first.id, adjacent: second.id };
    begin_reshard(service, &input.stream_name, &input.stream_arn, change, ctx, facts)?;
    Ok(Response::MergeShards(()))
}
