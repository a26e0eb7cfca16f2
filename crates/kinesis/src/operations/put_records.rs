//! PutRecords: up to 500 records, each of which succeeds or fails by itself.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::write::{PutRules, Write, must_encrypt, must_not_be_dry, must_take_records};
use crate::service::Target;
use crate::validate::Violations;
use crate::{
    ApiError, Blob, CallContext, EncryptionType, ErrorCode, Fact, Limits, Operation, Response,
    SequenceNumber, Service, ShardId, StreamName, WriteLimit,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRecordsInput {
    pub records: Option<Vec<PutRecordsRequestEntry>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<SmolStr>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
    /// Asks whether the request would succeed, and does nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRecordsRequestEntry {
    pub data: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit_hash_key: Option<String>,
    pub partition_key: Option<SmolStr>,
}

/// HTTP 200 even where every record was refused: `failed_record_count` tells.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutRecordsOutput {
    pub failed_record_count: u32,
    /// In the order of the request.
    pub records: Vec<PutRecordsResultEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_type: Option<EncryptionType>,
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
struct Run {
    shard: ShardId,
    stored: Total,
    first_index: u64,
    last_index: u64,
    /// By budget, in the order of `WriteLimit::ALL`.
    refused: [Total; WriteLimit::ALL.len()],
}

#[derive(Clone, Copy, Default)]
struct Total {
    count: u32,
    bytes: u64,
}

/// The runs of one call. A table instead of a map: this is looked into for every record of every producer.
struct Runs {
    runs: Vec<Run>,
    /// For each shard of the stream, its place in `runs`, or `NONE`.
    places: Vec<u32>,
}

const NONE: u32 = u32::MAX;

pub(crate) fn put_records(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &PutRecordsInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let rules = PutRules::of(service, input.stream_name.as_deref(), input.stream_arn.as_deref());
    let entries = check(input, &rules, &service.limits)?;
    service.admit(
        ctx,
        Operation::PutRecords,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;
    let account = service.account.clone();
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    must_take_records(stream, &account)?;
    must_encrypt(service, ctx, stream)?;
    must_not_be_dry(input.dry_run)?;
    let name = stream.name.clone();
    let record_limit = stream.record_bytes_max();

    let writes = entries
        .iter()
        .filter_map(|entry| {
            let key = entry.partition_key.as_deref().unwrap_or_default();
            Some(Write::new(key, entry.explicit_hash_key.as_deref(), entry.data.as_ref()?))
        })
        .collect::<Result<Vec<Write<'_>>, ApiError>>()?;
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
    let mut runs = Runs { runs: Vec::new(), places: vec![NONE; stream.shards().len()] };
    let mut records = Vec::with_capacity(writes.len());
    let mut failed_record_count = 0;
    for write in &writes {
        let (id, stored) = write.store(stream, ctx.now).ok_or_else(not_found)?;
        let run = runs.of(id);
        records.push(match stored {
            Ok(index) => {
                run.stored.add(write.size());
                run.first_index = run.first_index.min(index);
                run.last_index = index;
                let sequence_number = stream.shards[id.0 as usize].sequence_number(index, ctx.now);
                PutRecordsResultEntry::Stored { sequence_number, shard_id: id }
            }
            Err(limit) => {
                failed_record_count += 1;
                run.refused[limit as usize].add(write.size());
                let refused = ApiError::write_throttled(id, &name, &account);
                PutRecordsResultEntry::Refused {
                    error_code: refused.code(),
                    error_message: refused.message().to_owned(),
                }
            }
        });
    }
    let encryption_type = stream.encryption_type().shown();
    runs.tell(&name, facts);
    service.watch_traffic(&name, ctx.now);
    Ok(Response::PutRecords(PutRecordsOutput { failed_record_count, records, encryption_type }))
}

impl Total {
    fn add(&mut self, size: u64) {
        self.count += 1;
        self.bytes += size;
    }
}

impl Runs {
    fn of(&mut self, shard: ShardId) -> &mut Run {
        let place = &mut self.places[shard.0 as usize];
        if *place == NONE {
            *place = self.runs.len() as u32;
            self.runs.push(Run {
                shard,
                stored: Total::default(),
                first_index: u64::MAX,
                last_index: 0,
                refused: Default::default(),
            });
        }
        &mut self.runs[*place as usize]
    }

    /// One fact for what each shard took and one for each budget that refused, in the order of the shards.
    fn tell(mut self, name: &StreamName, facts: &mut Vec<Fact>) {
        self.runs.sort_unstable_by_key(|run| run.shard);
        for Run { shard, stored, first_index, last_index, refused } in self.runs {
            if stored.count > 0 {
                let Total { count, bytes } = stored;
                let stream = name.clone();
                facts.push(Fact::RecordsAppended { stream, shard, count, bytes, first_index, last_index });
            }
            for (limit, Total { count, bytes }) in WriteLimit::ALL.into_iter().zip(refused) {
                if count > 0 {
                    facts.push(Fact::WriteThrottled { stream: name.clone(), shard, limit, count, bytes });
                }
            }
        }
    }
}

fn check<'a>(
    input: &'a PutRecordsInput,
    rules: &PutRules,
    limits: &Limits,
) -> Result<&'a [PutRecordsRequestEntry], ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.records, "records");
    violations.list_length(&input.records, "records", 1, limits.put_records_count as usize);
    let entries = input.records.as_deref().unwrap_or_default();
    for (i, entry) in entries.iter().enumerate() {
        // The path is made only where something may be wrong: this runs for every record of every producer.
        let is_plain = entry.explicit_hash_key.is_none()
            && entry.data.as_ref().is_some_and(|data| data.size() <= rules.data_bytes_max)
            && entry.partition_key.as_ref().is_some_and(|key| (1..=256).contains(&key.len()));
        if !is_plain && !violations.is_full() {
            let path = |member| format!("records.{}.member.{member}", i + 1);
            violations.required(&entry.data, &path("data"));
            violations.blob(&entry.data, &path("data"), rules.data_bytes_max);
            violations.hash_key(&entry.explicit_hash_key, &path("explicitHashKey"));
            if rules.is_key_required {
                violations.required(&entry.partition_key, &path("partitionKey"));
            }
            violations.length(&entry.partition_key, &path("partitionKey"), 1, 256);
        }
    }
    violations.name(&input.stream_name, "streamName");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    Ok(entries)
}

#[cfg(test)]
mod tests;
