//! SplitShard: one open shard becomes two children.

use serde::{Deserialize, Serialize};

use crate::stream::Change;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Duration, Fact, Response, Service, Shard, ShardId, Stream, StreamStatus};

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

    let account = service.account.clone();
    let stream = service.find(&input.stream_name, &input.stream_arn)?;
    let shard = shard_to_reshard(stream, &input.shard_to_split, &account)?;
    let (shard, range) = (shard.id, shard.hash_key_range);
    let text = input.new_starting_hash_key.as_deref().unwrap_or_default();
    let key: u128 = text.parse().map_err(|_| ApiError::hash_key_too_large(text))?;
    let is_inside = key > range.starting_hash_key.saturating_add(1) && key < range.ending_hash_key;
    if !is_inside {
        let (start, end) = (range.starting_hash_key, range.ending_hash_key);
        return Err(ApiError::split_key_outside(key, shard, &stream.name, &account, start, end));
    }
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
    let change = Change::Split { shard, new_starting_hash_key: key };
    begin_reshard(service, &input.stream_name, &input.stream_arn, change, ctx, facts)?;
    Ok(Response::SplitShard(()))
}

/// The open shard of an ACTIVE stream that a split or merge names.
pub(super) fn shard_to_reshard<'a>(
    stream: &'a Stream,
    text: &Option<String>,
    account: &str,
) -> Result<&'a Shard, ApiError> {
    stream.must_be_active(account)?;
    let text = text.as_deref().unwrap_or_default();
    let shard = ShardId::parse(text)
        .and_then(|id| stream.shard(id))
        .filter(|shard| !shard.is_expired())
        .ok_or_else(|| {
            let printed = ShardId::parse(text).map_or(text.to_owned(), |id| id.to_string());
            ApiError::could_not_find_shard(&printed, &stream.name, account)
        })?;
    if shard.is_open() {
        Ok(shard)
    } else {
        Err(ApiError::already_resharded(shard.id, &stream.name, account))
    }
}

pub(super) fn begin_reshard(
    service: &mut Service,
    name: &Option<String>,
    arn: &Option<String>,
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
