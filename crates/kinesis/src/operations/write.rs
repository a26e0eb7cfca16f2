//! What PutRecord and PutRecords have in common: where a record goes, what it costs, how it is stored.

use crate::hash_key::hash_key_of;
use crate::known_keys::known_hash_key;
use crate::{
    ApiError, Blob, CallContext, Instant, RecordDistribution, Service, Shard, ShardId, Stream, StreamStatus,
    WriteLimit,
};

/// What the members of a put must keep to: some streams allow more than others.
pub(super) struct PutRules {
    pub(super) data_bytes_max: u64,
    pub(super) is_key_required: bool,
}

impl PutRules {
    /// Assumed: where there is no such stream, the rules of a common one.
    pub(super) fn of(service: &Service, name: Option<&str>, arn: Option<&str>) -> PutRules {
        let stream = service.find(name, arn).ok();
        PutRules {
            data_bytes_max: stream
                .map_or(0, Stream::record_bytes_max)
                .max(service.limits.record_data_bytes_max),
            is_key_required: stream
                .is_none_or(|stream| stream.distribution == RecordDistribution::UserPartitionKey),
        }
    }
}

/// A record whose members were checked.
pub(super) struct Write<'a> {
    pub(super) partition_key: &'a str,
    pub(super) data: &'a Blob,
    pub(super) hash_key: u128,
}

impl<'a> Write<'a> {
    pub(super) fn new(
        partition_key: &'a str,
        explicit_hash_key: Option<&str>,
        data: &'a Blob,
    ) -> Result<Write<'a>, ApiError> {
        let hash_key = match explicit_hash_key {
            // The pattern admits 39 digits, of which the largest numbers do not fit the key space.
            Some(text) => text.parse().map_err(|_| ApiError::hash_key_too_large(text))?,
            None => match data {
                // A program of the world has favourites among its keys.
                Blob::Generated(_) => known_hash_key(partition_key),
                Blob::Bytes(_) => hash_key_of(partition_key),
            },
        };
        Ok(Write { partition_key, data, hash_key })
    }

    /// Bytes that the limits count: data and partition key.
    pub(super) fn size(&self) -> u64 {
        self.data.size() + self.partition_key.len() as u64
    }

    /// Bytes that the record takes in memory.
    pub(super) fn stored_size(&self) -> u64 {
        self.data.stored_size() + self.partition_key.len() as u64
    }

    /// Stores the record in the shard that takes its hash key and returns its index there, or which budget of that
    /// shard is used up. `None` where no shard is open.
    pub(super) fn store(
        &self,
        stream: &mut Stream,
        now: Instant,
    ) -> Option<(ShardId, Result<u64, WriteLimit>)> {
        let id = match stream.distribution {
            RecordDistribution::UserPartitionKey => stream.route(self.hash_key)?,
            RecordDistribution::Auto => stream.distribute()?,
        };
        let horizon = stream.trim_horizon(now);
        let encryption = stream.encryption_type();
        let shard = stream.shards.get_mut(id.0 as usize)?;
        if let Err(limit) = take_budgets(shard, self.size(), now) {
            return Some((id, Err(limit)));
        }
        if shard.log.is_open_segment_full() {
            stream.stored_bytes -= shard.log.trim(horizon);
        }
        stream.stored_bytes += self.stored_size();
        shard.bytes_taken += self.size();
        Some((id, Ok(shard.log.append(now, self.partition_key, self.data, encryption))))
    }
}

/// Both budgets or neither: a refused record costs nothing.
fn take_budgets(shard: &mut Shard, size: u64, now: Instant) -> Result<(), WriteLimit> {
    if !shard.write_records.allows(1, now) {
        return Err(WriteLimit::Records);
    }
    if !shard.write_bytes.allows(size, now) {
        return Err(WriteLimit::Bytes);
    }
    shard.write_records.spend(1, now);
    shard.write_bytes.spend(size, now);
    Ok(())
}

/// Refuses where the stream takes no records.
///
/// Observed: while CREATING, AWS answers as if there were no such stream; while DELETING, puts may still work.
pub(super) fn must_take_records(stream: &Stream, account: &str) -> Result<(), ApiError> {
    match stream.status {
        StreamStatus::Creating => Err(ApiError::stream_not_found(&stream.name, account)),
        StreamStatus::Active | StreamStatus::Updating | StreamStatus::Deleting => Ok(()),
    }
}

/// Refuses where the stream's key cannot be used for new records.
pub(super) fn must_encrypt(
    service: &Service,
    ctx: &CallContext<'_>,
    stream: &Stream,
) -> Result<(), ApiError> {
    match &stream.encryption_key {
        Some(key) => service.must_use_key(ctx, "kms:GenerateDataKey", key, &stream.name),
        None => Ok(()),
    }
}

/// Ends a dry run, which has passed the checks of members, permissions, existence and key by now.
///
/// Assumed: the order, and that the rest is not looked at: the API Reference says no more than "checks if your request
/// will succeed".
pub(super) fn must_not_be_dry(dry_run: Option<bool>) -> Result<(), ApiError> {
    if dry_run == Some(true) { Err(ApiError::dry_run()) } else { Ok(()) }
}
