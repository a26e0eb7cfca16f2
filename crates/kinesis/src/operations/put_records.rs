//! PutRecords: up to 500 records, each of which succeeds or fails by itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::write::{Write, must_take_records};
use crate::validate::Violations;
use crate::{
    ApiError, Blob, CallContext, ErrorCode, Fact, Limits, Response, SequenceNumber, Service, ShardId,
    StreamName, WriteLimit,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRecordsInput {
    pub records: Option<Vec<PutRecordsRequestEntry>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRecordsRequestEntry {
    pub data: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit_hash_key: Option<String>,
    pub partition_key: Option<String>,
}

/// HTTP 200 even where every record was refused: `failed_record_count` tells.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutRecordsOutput {
    pub failed_record_count: u32,
    /// In the order of the request.
    pub records: Vec<PutRecordsResultEntry>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase", untagged)]
pub enum PutRecordsResultEntry {
    #[serde(rename_all = "PascalCase")]
    Stored { sequence_number: SequenceNumber, shard_id: ShardId },
    #[serde(rename_all = "PascalCase")]
    Refused { error_code: ErrorCode, error_message: String },
}

/// What one call put into one shard, and what of it was refused.
#[derive(Default)]
struct Run {
    stored: (u32, u64),
    indexes: Option<(u64, u64)>,
    refused: BTreeMap<WriteLimit, (u32, u64)>,
}

pub(crate) fn put_records(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &PutRecordsInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let entries = check(input, &service.limits)?;
    let account = service.account.clone();
    let stream = service.find(&input.stream_name, &input.stream_arn)?;
    must_take_records(stream, &account)?;
    let name = stream.name.clone();

    let writes = entries
        .iter()
        .filter_map(|entry| match (&entry.partition_key, &entry.data) {
            (Some(key), Some(data)) => Some(Write::new(key, entry.explicit_hash_key.as_deref(), data)),
            _ => None,
        })
        .collect::<Result<Vec<Write<'_>>, ApiError>>()?;
    let record_limit = service.limits.record_bytes;
    if writes.iter().any(|write| write.size() > record_limit) {
        return Err(ApiError::record_too_large(record_limit));
    }
    let total: u64 = writes.iter().map(Write::size).sum();
    if total > service.limits.put_records_bytes {
        return Err(ApiError::records_too_large(service.limits.put_records_bytes));
    }
    service.make_room(writes.iter().map(Write::stored_size).sum(), ctx.now)?;

    let not_found = || ApiError::stream_not_found(&name, &account);
    let stream = service.streams.get_mut(&name).ok_or_else(not_found)?;
    let mut runs: BTreeMap<ShardId, Run> = BTreeMap::new();
    let mut records = Vec::with_capacity(writes.len());
    let mut failed_record_count = 0;
    for write in &writes {
        let (id, stored) = write.store(stream, ctx.now).ok_or_else(not_found)?;
        let run = runs.entry(id).or_default();
        records.push(match stored {
            Ok(sequence_number) => {
                let index = sequence_number.index;
                count(&mut run.stored, write.size());
                run.indexes = Some((run.indexes.map_or(index, |(first, _)| first), index));
                PutRecordsResultEntry::Stored { sequence_number, shard_id: id }
            }
            Err(limit) => {
                failed_record_count += 1;
                count(run.refused.entry(limit).or_default(), write.size());
                let refused = ApiError::write_throttled(id, &name, &account);
                PutRecordsResultEntry::Refused {
                    error_code: refused.code(),
                    error_message: refused.message().to_owned(),
                }
            }
        });
    }
    tell(&name, runs, facts);
    Ok(Response::PutRecords(PutRecordsOutput { failed_record_count, records }))
}

fn count(total: &mut (u32, u64), size: u64) {
    total.0 += 1;
    total.1 += size;
}

fn tell(name: &StreamName, runs: BTreeMap<ShardId, Run>, facts: &mut Vec<Fact>) {
    for (shard, run) in runs {
        if let Some((first_index, last_index)) = run.indexes {
            let (count, bytes) = run.stored;
            facts.push(Fact::RecordsAppended {
                stream: name.clone(),
                shard,
                count,
                bytes,
                first_index,
                last_index,
            });
        }
        for (limit, (count, bytes)) in run.refused {
            facts.push(Fact::WriteThrottled { stream: name.clone(), shard, limit, count, bytes });
        }
    }
}

fn check<'a>(input: &'a PutRecordsInput, limits: &Limits) -> Result<&'a [PutRecordsRequestEntry], ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.records, "records");
    violations.list_length(&input.records, "records", 1, limits.put_records_count as usize);
    let entries = input.records.as_deref().unwrap_or_default();
    for (i, entry) in entries.iter().enumerate() {
        // The path is made only where something may be wrong: this runs for every record of every producer.
        let is_plain = entry.explicit_hash_key.is_none()
            && entry.data.as_ref().is_some_and(|data| data.size() <= limits.record_bytes)
            && entry.partition_key.as_ref().is_some_and(|key| (1..=256).contains(&key.len()));
        if !is_plain && !violations.is_full() {
            let path = |member| format!("records.{}.member.{member}", i + 1);
            violations.required(&entry.data, &path("data"));
            violations.blob(&entry.data, &path("data"), limits.record_bytes);
            violations.hash_key(&entry.explicit_hash_key, &path("explicitHashKey"));
            violations.required(&entry.partition_key, &path("partitionKey"));
            violations.length(&entry.partition_key, &path("partitionKey"), 1, 256);
        }
    }
    violations.name(&input.stream_name, "streamName");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    Ok(entries)
}
