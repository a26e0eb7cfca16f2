//! DescribeStream: everything about a stream, its shards page by page.

use serde::{Deserialize, Serialize};

use crate::validate::Violations;
use crate::{
    ApiError, HashKeyRange, Response, Seconds, SequenceNumber, Service, ShardId, StreamMode, StreamStatus,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeStreamInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_start_shard_id: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeStreamOutput {
    pub stream_description: StreamDescription,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamDescription {
    pub stream_name: String,
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
    pub stream_status: StreamStatus,
    pub stream_mode_details: StreamMode,
    pub shards: Vec<ShardDescription>,
    pub has_more_shards: bool,
    pub retention_period_hours: u32,
    pub stream_creation_timestamp: Seconds,
    pub enhanced_monitoring: Vec<EnhancedMetrics>,
    pub encryption_type: &'static str,
}

/// A shard as the API shows it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ShardDescription {
    pub shard_id: ShardId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_shard_id: Option<ShardId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjacent_parent_shard_id: Option<ShardId>,
    pub hash_key_range: HashKeyRange,
    pub sequence_number_range: SequenceNumberRange,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SequenceNumberRange {
    pub starting_sequence_number: SequenceNumber,
    /// Present once the shard is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending_sequence_number: Option<SequenceNumber>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EnhancedMetrics {
    pub shard_level_metrics: Vec<&'static str>,
}

/// Shards in one answer, whatever a greater `Limit` asks for.
const SHARDS_PER_PAGE: i64 = 100;

pub(crate) fn describe_stream(service: &Service, input: &DescribeStreamInput) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.range(input.limit, "limit", 1, 10_000);
    violations.name(&input.exclusive_start_shard_id, "exclusiveStartShardId");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    let stream = service.find(&input.stream_name, &input.stream_arn)?;
    let after = match &input.exclusive_start_shard_id {
        None => None,
        Some(text) => Some(
            ShardId::parse(text)
                .ok_or_else(|| ApiError::could_not_find_shard(text, &stream.name, &service.account))?,
        ),
    };
    let page = input.limit.unwrap_or(SHARDS_PER_PAGE).min(SHARDS_PER_PAGE) as usize;
    let mut shards = stream.listed_shards().filter(|shard| after.is_none_or(|after| shard.id > after));
    let listed: Vec<ShardDescription> = shards.by_ref().take(page).map(|shard| shard.describe()).collect();
    Ok(Response::DescribeStream(DescribeStreamOutput {
        stream_description: StreamDescription {
            stream_name: stream.name.to_string(),
            stream_arn: stream.arn(&service.region, &service.account),
            stream_status: stream.status,
            stream_mode_details: stream.mode,
            shards: listed,
            has_more_shards: shards.next().is_some(),
            retention_period_hours: stream.retention_hours,
            stream_creation_timestamp: Seconds(stream.created),
            enhanced_monitoring: vec![EnhancedMetrics::default()],
            encryption_type: "NONE",
        },
    }))
}
