//! ListShards: the shards of a stream, all or by one of six filters, page by page.

use serde::{Deserialize, Serialize};

use crate::operations::ShardDescription;
use crate::service::Target;
use crate::token::{Token, TokenKind};
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Instant, Operation, Response, Seconds, Service, Shard, ShardId, Stream,
    StreamStatus,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListShardsInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_start_shard_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_creation_timestamp: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard_filter: Option<ShardFilter>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ShardFilter {
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Seconds>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListShardsOutput {
    pub shards: Vec<ShardDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shards in one answer, whatever a greater `MaxResults` asks for.
const SHARDS_PER_PAGE: i64 = 1_000;

const FILTER_TYPES: [&str; 6] =
    ["AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP"];

/// A filter that was understood. A page token carries it as its place in this list and one number.
#[derive(Clone, Copy)]
enum Filter {
    All,
    AtTrimHorizon,
    AtLatest,
    AtTimestamp(Instant),
    FromTimestamp(Instant),
}

impl Filter {
    fn admits(self, shard: &Shard, horizon: Instant) -> bool {
        let closed_at = shard.closed.map(|closed| closed.at);
        let is_open_at = |at| shard.opened <= at && closed_at.is_none_or(|closed| closed >= at);
        match self {
            Filter::All => true,
            Filter::AtTrimHorizon => is_open_at(horizon),
            Filter::AtLatest => shard.is_open(),
            Filter::AtTimestamp(at) => is_open_at(at.max(horizon)),
            Filter::FromTimestamp(at) => closed_at.is_none_or(|closed| closed >= at.max(horizon)),
        }
    }

    fn to_numbers(self) -> [u64; 2] {
        match self {
            Filter::All => [0, 0],
            Filter::AtTrimHorizon => [1, 0],
            Filter::AtLatest => [2, 0],
            Filter::AtTimestamp(at) => [3, at.micros()],
            Filter::FromTimestamp(at) => [4, at.micros()],
        }
    }

    fn from_numbers([kind, at]: [u64; 2]) -> Filter {
        match kind {
            1 => Filter::AtTrimHorizon,
            2 => Filter::AtLatest,
            3 => Filter::AtTimestamp(Instant::from_micros(at)),
            4 => Filter::FromTimestamp(Instant::from_micros(at)),
            _ => Filter::All,
        }
    }
}

pub(crate) fn list_shards(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &ListShardsInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.length(&input.next_token, "nextToken", 1, 1_048_576);
    violations.name(&input.exclusive_start_shard_id, "exclusiveStartShardId");
    violations.range(input.max_results, "maxResults", 1, 10_000);
    if let Some(filter) = &input.shard_filter {
        violations.required(&filter.kind, "shardFilter.type");
        violations.one_of(&filter.kind, "shardFilter.type", &FILTER_TYPES);
        violations.name(&filter.shard_id, "shardFilter.shardId");
    }
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;

    let (stream, filter, after) = match &input.next_token {
        Some(text) => from_token(service, ctx, input, text)?,
        None => from_members(service, ctx, input)?,
    };
    let horizon = stream.trim_horizon(ctx.now);
    let mut shards = stream
        .listed_shards()
        .filter(|shard| after.is_none_or(|after| shard.id > after) && filter.admits(shard, horizon));
    let page = input.max_results.unwrap_or(SHARDS_PER_PAGE).min(SHARDS_PER_PAGE) as usize;
    let listed: Vec<ShardDescription> = shards.by_ref().take(page).map(|shard| shard.describe()).collect();
    let next_token = listed.last().filter(|_| shards.next().is_some()).map(|last| {
        let [kind, at] = filter.to_numbers();
        Token {
            kind: TokenKind::ListShards,
            issued: ctx.now,
            numbers: [stream.number, u64::from(last.shard_id.0), kind, at],
            stream: stream.name.to_string(),
        }
        .seal()
    });
    Ok(Response::ListShards(ListShardsOutput { shards: listed, next_token }))
}

/// What to list: shards of this stream, through this filter, after this shard.
type Listing<'a> = (&'a Stream, Filter, Option<ShardId>);

/// A token says by itself which stream, and from where on.
fn from_token<'a>(
    service: &'a mut Service,
    ctx: &CallContext<'_>,
    input: &ListShardsInput,
    text: &str,
) -> Result<Listing<'a>, ApiError> {
    for (is_given, member) in [
        (input.stream_name.is_some(), "StreamName"),
        (input.stream_arn.is_some(), "StreamARN"),
        (input.exclusive_start_shard_id.is_some(), "ExclusiveStartShardId"),
        (input.stream_creation_timestamp.is_some(), "StreamCreationTimestamp"),
    ] {
        if is_given {
            return Err(ApiError::not_with_next_token(member));
        }
    }
    let token = Token::open_fresh(text, TokenKind::ListShards, ctx.now, &service.limits)?;
    let [number, after, filter @ ..] = token.numbers;
    service.admit(ctx, Operation::ListShards, Target::Named(&token.stream))?;
    let service = &*service;
    let stream = service
        .stream(&token.stream)
        .filter(|stream| stream.number == number)
        .ok_or_else(|| ApiError::stream_not_found(&token.stream, &service.account))?;
    must_be_listable(service, stream)?;
    Ok((stream, Filter::from_numbers(filter), u32::try_from(after).ok().map(ShardId)))
}

fn from_members<'a>(
    service: &'a mut Service,
    ctx: &CallContext<'_>,
    input: &ListShardsInput,
) -> Result<Listing<'a>, ApiError> {
    if input.stream_name.is_none() && input.stream_arn.is_none() {
        return Err(ApiError::token_or_stream());
    }
    service.admit(
        ctx,
        Operation::ListShards,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;
    let service = &*service;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    // Assumed: with a creation time that is not the stream's, another stream is meant.
    if input.stream_creation_timestamp.is_some_and(|t| t.0.millis() != stream.created.millis()) {
        return Err(ApiError::stream_not_found(&stream.name, &service.account));
    }
    must_be_listable(service, stream)?;
    let (filter, after) = read_filter(service, stream, input)?;
    Ok((stream, filter, after))
}

fn must_be_listable(service: &Service, stream: &Stream) -> Result<(), ApiError> {
    match stream.status {
        StreamStatus::Active | StreamStatus::Updating => Ok(()),
        StreamStatus::Creating | StreamStatus::Deleting => {
            Err(ApiError::stream_not_listable(&stream.name, &service.account, stream.status))
        }
    }
}

fn read_filter(
    service: &Service,
    stream: &Stream,
    input: &ListShardsInput,
) -> Result<(Filter, Option<ShardId>), ApiError> {
    let shard_id = |text: &String| {
        ShardId::parse(text)
            .ok_or_else(|| ApiError::could_not_find_shard(text, &stream.name, &service.account))
    };
    let mut after = input.exclusive_start_shard_id.as_ref().map(shard_id).transpose()?;
    let Some(filter) = &input.shard_filter else { return Ok((Filter::All, after)) };
    let kind = filter.kind.as_deref().unwrap_or_default();
    let timestamp =
        || filter.timestamp.map(|t| t.0).ok_or_else(|| ApiError::shard_filter_needs(kind, "Timestamp"));
    let filter = match kind {
        "AT_TRIM_HORIZON" => Filter::AtTrimHorizon,
        "AT_LATEST" => Filter::AtLatest,
        "AT_TIMESTAMP" => Filter::AtTimestamp(timestamp()?),
        "FROM_TIMESTAMP" => Filter::FromTimestamp(timestamp()?),
        "AFTER_SHARD_ID" => {
            let text =
                filter.shard_id.as_ref().ok_or_else(|| ApiError::shard_filter_needs(kind, "ShardId"))?;
            after = after.max(Some(shard_id(text)?));
            Filter::All
        }
        _ => Filter::All,
    };
    Ok((filter, after))
}

#[cfg(test)]
mod tests;
