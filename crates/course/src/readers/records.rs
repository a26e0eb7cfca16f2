//! Which records of a stream a check means: by key, by what their data says, by age.

use kinesis::{Duration, StoredData, StoredRecord};
use sim::World;

use crate::check::{Args, Value};

/// Sums up how many of the records that are meant lie in each shard that still has records.
pub(super) fn counts(world: &World, args: &Args, sum_up: impl FnOnce(&[u64]) -> u64) -> Value {
    let Some(stream) = world.service().stream(args.first()) else { return Value::Missing };
    let now = world.now();
    let horizon = stream.trim_horizon(now);
    let is_any = args.named.is_empty();
    let counts: Vec<u64> = stream
        .shards()
        .iter()
        .filter(|shard| !shard.is_expired())
        .map(|shard| {
            if is_any {
                return shard.record_count(horizon);
            }
            let records = shard.log.read_from(shard.first_retained(horizon));
            records.filter(|record| is_meant(record, args, now)).count() as u64
        })
        .collect();
    Value::count(sum_up(&counts))
}

fn is_meant(record: &StoredRecord<'_>, args: &Args, now: kinesis::Instant) -> bool {
    args.named("key").is_none_or(|key| record.partition_key == key)
        && args
            .named("older")
            .is_none_or(|age| hours(age).is_some_and(|age| now.since(record.arrival) >= age))
        && args.named("where").is_none_or(|fields| says(&record.data, fields))
}

fn hours(text: &str) -> Option<Duration> {
    let hours: u64 = text.strip_suffix('h')?.parse().ok()?;
    hours.checked_mul(3_600).map(Duration::from_seconds)
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
    fn ages_are_hours() {
        assert_eq!(hours("60h"), Some(Duration::from_seconds(216_000)));
        assert_eq!((hours("60"), hours("h"), hours("99999999999999999999h")), (None, None, None));
    }
}
