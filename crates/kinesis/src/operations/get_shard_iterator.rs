//! GetShardIterator: a place to read from, in one shard.

use serde::{Deserialize, Serialize};

use super::start::Start;
use super::write::must_not_be_dry;
use crate::service::Target;
use crate::shard_iterator::ShardIterator;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Fact, Operation, ReadLimit, Response, Seconds, Service, ShardId, ShardIteratorType,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetShardIteratorInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    pub shard_id: Option<String>,
    pub shard_iterator_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starting_sequence_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Seconds>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
    /// Asks whether the request would succeed, and does nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetShardIteratorOutput {
    pub shard_iterator: String,
}

pub(crate) fn get_shard_iterator(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &GetShardIteratorInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.shard_id, "shardId");
    violations.name(&input.shard_id, "shardId");
    violations.required(&input.shard_iterator_type, "shardIteratorType");
    let kinds = ShardIteratorType::ALL.map(ShardIteratorType::name);
    violations.one_of(&input.shard_iterator_type, "shardIteratorType", &kinds);
    violations.sequence_number(&input.starting_sequence_number, "startingSequenceNumber");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::GetShardIterator,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;

    let life = service.limits.token_life();
    let account = service.account.clone();
    let name = service.name_of(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let text = input.shard_id.as_deref().unwrap_or_default();
    let id = ShardId::parse(text).ok_or_else(|| ApiError::could_not_find_shard(text, name, &account))?;
    let missing = || ApiError::shard_does_not_exist(id, name, &account);
    let stream =
        service.find_mut(input.stream_name.as_deref(), input.stream_arn.as_deref()).map_err(|_| missing())?;
    let name = stream.name.clone();
    let shard = stream.shard(id).filter(|shard| !shard.is_expired()).ok_or_else(missing)?;
    let kind = input
        .shard_iterator_type
        .as_deref()
        .and_then(ShardIteratorType::parse)
        .unwrap_or(ShardIteratorType::TrimHorizon);
    let start = Start {
        operation: Operation::GetShardIterator,
        kind,
        number: input.starting_sequence_number.as_deref(),
        timestamp: input.timestamp,
    };
    let next = start.index(stream, shard, ctx.now, &account)?;

    must_not_be_dry(input.dry_run)?;
    let number = stream.number;
    let shard = stream.shard_mut(id).ok_or_else(missing)?;
    if !shard.iterator_calls.take(1, ctx.now) {
        facts.push(Fact::ReadThrottled { stream: name.clone(), shard: id, limit: ReadLimit::Iterators });
        return Err(ApiError::read_throttled(id, &name, &account));
    }
    let reading = service.next_reading();
    let iterator = ShardIterator {
        issued: ctx.now,
        stream: name.to_string(),
        stream_number: number,
        shard: id,
        next,
        reading,
    };
    facts.push(Fact::IteratorIssued {
        stream: name,
        shard: id,
        kind,
        reading,
        next,
        expires: ctx.now + life,
    });
    Ok(Response::GetShardIterator(GetShardIteratorOutput { shard_iterator: iterator.seal() }))
}

#[cfg(test)]
mod tests;
