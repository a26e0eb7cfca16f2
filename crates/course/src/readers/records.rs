//! Which records of a stream a check means: by key, by what their data says, by age.

use std::collections::BTreeSet;

use kinesis::{Duration, EncryptionType, Instant, Shard, StoredData, StoredRecord};
use sim::World;

use super::{Reader, reader, seconds};
use crate::check::{Args, Scene, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("rec"."count"("S", "key=", "where=", "data=", "older=", "newer=", "encryption="), "the number of records in {0}", |Scene { world, .. }, args| {
        counts(world, args, |counts| counts.iter().sum())
    }),
    reader!("rec"."shards"("S", "key=", "where=", "data=", "older=", "newer="), "the number of shards of {0} with records", |Scene { world, .. }, args| {
        counts(world, args, |counts| counts.iter().filter(|count| **count > 0).count() as u64)
    }),
    reader!("rec"."keys"("S"), "the number of partition keys of the records in {0}", |Scene { world, .. }, args| {
        if world.service().stream(args.first()).is_none() {
            return Value::Missing;
        }
        let keys: BTreeSet<String> = records(world, args).map(|record| record.partition_key().to_owned()).collect();
        Value::count(keys.len() as u64)
    }),
    reader!("rec"."bytes"("S", "key=", "where=", "data="), "the data of the newest record of {0} in bytes", |Scene { world, .. }, args| {
        let newest = records(world, args).max_by_key(|record| (record.arrival, record.index));
        newest.map_or(Value::Missing, |record| Value::count(record.size() - record.partition_key().len() as u64))
    }),
    reader!("rec"."first"("S", "key=", "where=", "data="), "what the first record of {0} says", |Scene { world, .. }, args| {
        let first = records(world, args).min_by_key(|record| (record.arrival, record.index));
        match first.map(|record| record.data) {
            Some(StoredData::Bytes(bytes)) => Value::text(String::from_utf8_lossy(bytes)),
            Some(StoredData::Generated(_)) | None => Value::Missing,
        }
    }),
    reader!("in_order"."holds"("S", "key="), whether "the records in {0} lie as they were made", |Scene { world, memory, .. }, args| {
        let Some(stream) = world.service().stream(args.first()) else { return Value::Missing };
        Value::Bool(memory.orders().hold(stream, args.named("key"), world.now()))
    }),
];

/// Sums up how many of the records that are meant lie in each shard that still has records.
fn counts(world: &World, args: &Args, sum_up: impl FnOnce(&[u64]) -> u64) -> Value {
    let Some(stream) = world.service().stream(args.first()) else { return Value::Missing };
    let now = world.now();
    let horizon = stream.trim_horizon(now);
    let newest = args
        .named("newer")
        .and_then(span)
        .map(|age| Instant::from_micros(now.micros().saturating_sub(age.micros())));
    let is_any = args.named.is_empty();
    let counts: Vec<u64> = stream
        .shards()
        .iter()
        .filter(|shard| !shard.is_expired())
        .map(|shard| match newest {
            // Only the newest are looked at.
            _ if is_any => shard.record_count(horizon),
            Some(from) if args.named.len() == 1 => shard.record_count(horizon.max(from)),
            _ => shard_records(shard, horizon).filter(|record| is_meant(record, args, now)).count() as u64,
        })
        .collect();
    Value::count(sum_up(&counts))
}

fn shard_records(shard: &Shard, horizon: Instant) -> impl Iterator<Item = StoredRecord<'_>> {
    shard.log.read_from(shard.first_retained(horizon))
}

/// All records that are meant, shard by shard.
fn records<'a>(world: &'a World, args: &'a Args) -> impl Iterator<Item = StoredRecord<'a>> {
    let now = world.now();
    let stream = world.service().stream(args.first());
    let shards = stream.into_iter().flat_map(|stream| stream.shards());
    let horizon = stream.map_or(now, |stream| stream.trim_horizon(now));
    let kept =
        shards.filter(|shard| !shard.is_expired()).flat_map(move |shard| shard_records(shard, horizon));
    kept.filter(move |record| is_meant(record, args, now))
}

fn is_meant(record: &StoredRecord<'_>, args: &Args, now: kinesis::Instant) -> bool {
    args.named("key").is_none_or(|key| record.partition_key() == key)
        && args.named("older").is_none_or(|age| span(age).is_some_and(|age| now.since(record.arrival) >= age))
        && args.named("newer").is_none_or(|age| span(age).is_some_and(|age| now.since(record.arrival) <= age))
        && args.named("data").is_none_or(|text| is_text(&record.data, text))
        && args.named("encryption").is_none_or(|kind| encryption(record) == kind)
        && args.named("where").is_none_or(|fields| says(&record.data, fields))
}

/// As the service calls it.
fn encryption(record: &StoredRecord<'_>) -> &'static str {
    match record.encryption {
        EncryptionType::Kms => "KMS",
        EncryptionType::None => "NONE",
    }
}

/// `60h` or `10s`.
fn span(text: &str) -> Option<Duration> {
    if let Some(seconds) = seconds(text) {
        return Some(Duration::from_seconds(seconds));
    }
    let hours: u64 = text.strip_suffix('h')?.parse().ok()?;
    hours.checked_mul(3_600).map(Duration::from_seconds)
}

fn is_text(data: &StoredData<'_>, text: &str) -> bool {
    matches!(data, StoredData::Bytes(bytes) if *bytes == text.as_bytes())
}

/// Whether the data is a JSON object with those fields: `id:3&eur:10`.
fn says(data: &StoredData<'_>, fields: &str) -> bool {
    let StoredData::Bytes(bytes) = data else { return false };
    serde_json::from_slice::<serde_json::Value>(bytes).is_ok_and(|value| has(&value, fields))
}

fn has(value: &serde_json::Value, fields: &str) -> bool {
    fields.split('&').all(|field| {
        let (name, wanted) = field.split_once(':').unwrap_or((field, ""));
        value.get(name).is_some_and(|found| match found.as_str() {
            Some(text) => text == wanted,
            None => found.as_i64().is_some_and(|number| wanted.parse() == Ok(number)),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_asked_field_by_field() {
        let says = |text: &str, fields| says(&StoredData::Bytes(text.as_bytes()), fields);
        assert!(says(r#"{"corrects": 3, "eur": 10}"#, "corrects:3"));
        assert!(says(r#"{"corrects": "3", "eur": 10}"#, "corrects:3&eur:10"));
        assert!(!says(r#"{"corrects": 3, "eur": 100}"#, "corrects:3&eur:10"));
        assert!(!says(r#"{"corrects": 30}"#, "corrects:3"));
        assert!(!says("corrects:3", "corrects:3") && !says("[3]", "corrects:3"));
    }

    #[test]
    fn ages_are_hours_or_seconds() {
        assert_eq!(span("60h"), Some(Duration::from_seconds(216_000)));
        assert_eq!(span("10s"), Some(Duration::from_seconds(10)));
        assert_eq!((span("60"), span("h"), span("99999999999999999999h")), (None, None, None));
    }
}
