//! GetRecords: the next page of one shard, within two shared budgets.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::service::Target;
use crate::shard_iterator::ShardIterator;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Fact, HashKeyRange, Instant, Operation, ReadLimit, Records, Response, Service,
    Shard, ShardId, Stream,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetRecordsInput {
    pub shard_iterator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
    /// Asks whether the request would succeed, and does nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetRecordsOutput {
    pub records: Records,
    /// Absent once a closed shard is read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_shard_iterator: Option<String>,
    pub millis_behind_latest: u64,
    /// Present once a closed shard is read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_shards: Option<Vec<ChildShard>>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChildShard {
    pub shard_id: ShardId,
    pub parent_shards: Vec<ShardId>,
    pub hash_key_range: HashKeyRange,
}

pub(crate) fn get_records(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &GetRecordsInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.shard_iterator, "shardIterator");
    violations.length(&input.shard_iterator, "shardIterator", 1, 512);
    violations.range(input.limit, "limit", 1, 10_000);
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;

    let now = ctx.now;
    let text = input.shard_iterator.as_deref().unwrap_or_default();
    let mut iterator = ShardIterator::open(text, now, service.limits.token_life())?;
    let target = match &input.stream_arn {
        Some(arn) => Target::Arn(arn),
        None => Target::Named(&iterator.stream),
    };
    service.admit(ctx, Operation::GetRecords, target)?;
    let count_max = input.limit.map_or(service.limits.get_records_count, |limit| limit.unsigned_abs());
    let bytes_max = service.limits.get_records_bytes;
    let (account, region) = (service.account.clone(), service.region.clone());
    let stream_name = iterator.stream.clone();
    let missing = |id| ApiError::shard_does_not_exist(id, &stream_name, &account);
    let stream = service.streams.get_mut(iterator.stream.as_str()).ok_or_else(|| missing(iterator.shard))?;
    if stream.number != iterator.stream_number {
        // Observed: kinesalite's tests had AWS take an iterator of a deleted stream for a later one of the same name.
        // All records there are later than the place that the iterator means.
        iterator.stream_number = stream.number;
        iterator.next = 0;
    }
    if let Some(arn) = &input.stream_arn
        && *arn != stream.arn(&region, &account)
    {
        return Err(ApiError::invalid_iterator());
    }
    let name = stream.name.clone();
    let horizon = stream.trim_horizon(now);
    let shard = stream
        .shard_mut(iterator.shard)
        .filter(|shard| !shard.is_expired())
        .ok_or_else(|| missing(iterator.shard))?;
    if input.dry_run == Some(true) {
        if let Some(key) = stream.decryption_key.clone() {
            service.must_use_key(ctx, "kms:Decrypt", &key, &name)?;
        }
        return Err(ApiError::dry_run());
    }
    if let Err(limit) = take_call(shard, now) {
        facts.push(Fact::ReadThrottled { stream: name.clone(), shard: shard.id, limit });
        return Err(ApiError::read_throttled(shard.id, &name, &account));
    }

    let page = Page::read(shard, iterator.next, horizon, count_max, bytes_max);
    if page.records.is_any_encrypted() {
        let key = stream.decryption_key.clone().unwrap_or_default();
        service.must_use_key(ctx, "kms:Decrypt", &key, &name)?;
    }
    let stream = service.streams.get_mut(&name).ok_or_else(|| missing(iterator.shard))?;
    let shard = stream.shard_mut(iterator.shard).ok_or_else(|| missing(iterator.shard))?;
    shard.read_bytes.spend(page.bytes, now);
    let is_finished = !shard.is_open() && page.next > shard.log.last_index();
    // Documented: zero says that there is nothing more to read, so that it must not be rounded to.
    let millis_behind_latest = match page.last_arrival {
        Some(arrival) if page.next <= shard.log.last_index() => now.since(arrival).millis().max(1),
        _ => 0,
    };
    let shard = shard.id;
    facts.push(Fact::RecordsRead {
        stream: name.clone(),
        shard,
        reading: iterator.reading,
        count: page.records.len() as u32,
        bytes: page.bytes,
        next: page.next,
        millis_behind: millis_behind_latest,
    });
    if is_finished {
        facts.push(Fact::ShardEndReached { stream: name, shard });
    }
    Ok(Response::GetRecords(GetRecordsOutput {
        records: page.records,
        next_shard_iterator: (!is_finished)
            .then(|| ShardIterator { issued: now, next: page.next, ..iterator }.seal()),
        millis_behind_latest,
        child_shards: is_finished.then(|| children(stream, shard)),
    }))
}

/// Assumed: a refused call does not count against the calls per second, and a shard in debt refuses until it has
/// something left again (documented: 10 MiB read block the next five seconds).
fn take_call(shard: &mut Shard, now: Instant) -> Result<(), ReadLimit> {
    if shard.read_bytes.level(now) <= 0 {
        return Err(ReadLimit::Bytes);
    }
    if !shard.read_calls.take(1, now) {
        return Err(ReadLimit::Calls);
    }
    Ok(())
}

struct Page {
    records: Records,
    bytes: u64,
    /// Index of the first record after the page.
    next: u64,
    last_arrival: Option<Instant>,
}

impl Page {
    fn read(shard: &Shard, from: u64, horizon: Instant, count_max: u64, bytes_max: u64) -> Page {
        let from = from.max(shard.first_retained(horizon)).min(shard.log.last_index() + 1);
        let mut page = Page { records: Records::default(), bytes: 0, next: from, last_arrival: None };
        let mut count = 0;
        let _ = shard.log.measure_from(from).try_for_each(|stored| {
            let bytes = page.bytes + stored.bytes;
            if count as u64 >= count_max || bytes > bytes_max {
                return ControlFlow::Break(());
            }
            count += 1;
            page.bytes = bytes;
            page.next = stored.index + 1;
            page.last_arrival = Some(stored.arrival);
            ControlFlow::Continue(())
        });
        page.records = Records::of(shard, from, count);
        page
    }
}

/// The shards that a split or merge made of this one.
pub(crate) fn children(stream: &Stream, parent: ShardId) -> Vec<ChildShard> {
    stream
        .shards()
        .iter()
        .filter(|shard| shard.parents().any(|id| id == parent))
        .map(|shard| ChildShard {
            shard_id: shard.id,
            parent_shards: shard.parents().collect(),
            hash_key_range: shard.hash_key_range,
        })
        .collect()
}

#[cfg(test)]
mod tests;
