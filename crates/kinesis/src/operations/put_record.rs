//! PutRecord: one record, by its key to one shard.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::write::{PutRules, Write, must_encrypt, must_not_be_dry, must_take_records};
use crate::service::Target;
use crate::validate::Violations;
use crate::{
    ApiError, Blob, CallContext, EncryptionType, Fact, Operation, Response, SequenceNumber, Service, ShardId,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRecordInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<SmolStr>,
    pub data: Option<Blob>,
    pub partition_key: Option<SmolStr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit_hash_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence_number_for_ordering: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
    /// Asks whether the request would succeed, and does nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutRecordOutput {
    pub shard_id: ShardId,
    pub sequence_number: SequenceNumber,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption_type: Option<EncryptionType>,
}

pub(crate) fn put_record(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &PutRecordInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let rules = PutRules::of(service, input.stream_name.as_deref(), input.stream_arn.as_deref());
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.data, "data");
    violations.blob(&input.data, "data", rules.data_bytes_max);
    if rules.is_key_required {
        violations.required(&input.partition_key, "partitionKey");
    }
    violations.length(&input.partition_key, "partitionKey", 1, 256);
    violations.hash_key(&input.explicit_hash_key, "explicitHashKey");
    violations.sequence_number(&input.sequence_number_for_ordering, "sequenceNumberForOrdering");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::PutRecord,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;

    let account = service.account.clone();
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    must_take_records(stream, &account)?;
    must_encrypt(service, ctx, stream)?;
    must_not_be_dry(input.dry_run)?;
    let name = stream.name.clone();
    let data = input.data.as_ref().expect("validation requires the data");
    let partition_key = input.partition_key.as_deref().unwrap_or_default();
    let record_limit = stream.record_bytes_max();
    let write = Write::new(partition_key, input.explicit_hash_key.as_deref(), data)?;
    if write.size() > record_limit {
        return Err(ApiError::record_too_large(record_limit));
    }
    if let Some(number) = &input.sequence_number_for_ordering {
        let is_past = SequenceNumber::parse(number).is_some_and(|n| n.recorded <= ctx.now.seconds());
        if !is_past {
            return Err(ApiError::ordering_number(number, &name, &account));
        }
    }
    service.make_room(write.stored_size(), ctx.now)?;
    let not_found = || ApiError::stream_not_found(&name, &account);
    let stream = service.streams.get_mut(&name).ok_or_else(not_found)?;
    let (id, stored) = write.store(stream, ctx.now).ok_or_else(not_found)?;
    let bytes = write.size();
    match stored {
        Err(limit) => {
            let refused = ApiError::write_throttled(id, &name, &account);
            facts.push(Fact::WriteThrottled { stream: name, shard: id, limit, count: 1, bytes });
            Err(refused)
        }
        Ok(index) => {
            let sequence_number = stream.shards[id.0 as usize].sequence_number(index, ctx.now);
            let run = Fact::RecordsAppended {
                stream: name.clone(),
                shard: id,
                count: 1,
                bytes,
                first_index: index,
                last_index: index,
            };
            facts.push(run);
            let encryption_type = stream.encryption_type().shown();
            service.watch_traffic(&name, ctx.now);
            Ok(Response::PutRecord(PutRecordOutput { shard_id: id, sequence_number, encryption_type }))
        }
    }
}

#[cfg(test)]
mod tests;
