//! CreateStream: CREATING now, ACTIVE after a while.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::stream::Change;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Duration, Fact, Response, Service, Stream, StreamMode, StreamName, StreamStatus,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateStreamInput {
    pub stream_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_mode_details: Option<StreamModeDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_throughput_mi_bps: Option<i64>,
    #[serde(rename = "MaxRecordSizeInKiB", skip_serializing_if = "Option::is_none")]
    pub max_record_size_in_kib: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_distribution_strategy: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StreamModeDetails {
    pub stream_mode: Option<String>,
}

pub(crate) fn create_stream(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &CreateStreamInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.stream_name, "streamName");
    violations.name(&input.stream_name, "streamName");
    violations.range(input.shard_count, "shardCount", 1, i64::MAX);
    if let Some(details) = &input.stream_mode_details {
        violations.required(&details.stream_mode, "streamModeDetails.streamMode");
        violations.one_of(
            &details.stream_mode,
            "streamModeDetails.streamMode",
            &["PROVISIONED", "ON_DEMAND"],
        );
    }
    violations.finish()?;
    refuse_what_is_not_simulated(input)?;

    let name = input.stream_name.as_deref().unwrap_or_default();
    if service.streams.contains_key(name) {
        return Err(ApiError::stream_exists(name, &service.account));
    }
    let creating = service.streams().filter(|stream| stream.status == StreamStatus::Creating).count() as u64;
    if creating >= service.limits.streams_creating {
        return Err(ApiError::too_many_creating(service.limits.streams_creating));
    }
    let shard_count = input.shard_count.and_then(|count| u64::try_from(count).ok()).unwrap_or(1);
    let present = service.account_shard_count();
    let limit = service.limits.account_shards;
    if present.saturating_add(shard_count) > limit {
        return Err(ApiError::shard_limit(&service.account, &service.region, present, limit, shard_count));
    }

    let name: StreamName = name.into();
    let mut stream = Stream {
        name: name.clone(),
        number: service.next_stream_number(),
        status: StreamStatus::Creating,
        mode: StreamMode::Provisioned,
        created: ctx.now,
        retention_hours: service.limits.retention_hours_min as u32,
        shards: Vec::new(),
        open: BTreeMap::new(),
        pending: None,
        trimmed_before: ctx.now,
        stored_bytes: 0,
    };
    let due = ctx.now + Duration::from_seconds(service.limits.create_seconds);
    stream.begin(StreamStatus::Creating, due, Change::Create { shard_count: shard_count as u32 }, facts);
    service.streams.insert(name.clone(), stream);
    service.reschedule(&name);
    Ok(Response::CreateStream(()))
}

/// Said plainly instead of answered wrongly.
fn refuse_what_is_not_simulated(input: &CreateStreamInput) -> Result<(), ApiError> {
    let on_demand =
        input.stream_mode_details.as_ref().is_some_and(|d| d.stream_mode.as_deref() == Some("ON_DEMAND"));
    if on_demand {
        return Err(ApiError::not_simulated("StreamMode ON_DEMAND"));
    }
    if input.shard_count.is_none() {
        // Observed: AWS makes an on-demand stream of four shards where neither a mode nor a count is given.
        return Err(ApiError::not_simulated("CreateStream without ShardCount (an on-demand stream)"));
    }
    for (given, what) in [
        (input.tags.is_some(), "Tags of CreateStream"),
        (input.warm_throughput_mi_bps.is_some(), "WarmThroughputMiBps"),
        (input.max_record_size_in_kib.is_some(), "MaxRecordSizeInKiB"),
        (input.record_distribution_strategy.is_some(), "RecordDistributionStrategy"),
    ] {
        if given {
            return Err(ApiError::not_simulated(what));
        }
    }
    Ok(())
}
