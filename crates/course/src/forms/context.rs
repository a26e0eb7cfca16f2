//! What is selected while a form is open, and what follows from it.

use kinesis::{Instant, ShardId};
use sim::World;

use super::{FormError, error};

/// What a form may refer to besides its fields.
#[derive(Clone, Debug)]
pub struct FormContext<'a> {
    pub world: &'a World,
    /// The stream that is shown.
    pub stream: Option<String>,
    pub shard: Option<ShardId>,
    /// The producer, reader or application that is selected.
    pub actor: Option<String>,
    pub worker: Option<String>,
    /// The newest iterator that the learner holds of the shard.
    pub iterator: Option<String>,
    /// Index of the record that is selected; the shard's first where none is.
    pub record: Option<u64>,
}

impl<'a> FormContext<'a> {
    /// Nothing is selected but the first stream.
    pub fn new(world: &'a World) -> FormContext<'a> {
        let stream = world.service().streams().next().map(|stream| stream.name.to_string());
        FormContext { world, stream, shard: None, actor: None, worker: None, iterator: None, record: None }
    }

    /// What stands for a word of a form's template.
    pub(super) fn get(&self, name: &str) -> Result<String, FormError> {
        let needs = |value: &Option<String>, what: &str| {
            value.clone().ok_or_else(|| error(["select a ", what, " first"].concat()))
        };
        match name {
            "stream" => self.stream_name().map(|name| awscli::quote(&name).into_owned()),
            "stream-arn" => {
                let name = needs(&self.stream, "stream")?;
                let stream = self.world.service().stream(&name);
                let service = self.world.service();
                let arn = stream.map(|stream| stream.arn(service.region(), service.account()));
                arn.ok_or_else(|| error("there is no such stream".to_owned()))
            }
            "shard" => needs(&self.shard.map(|shard| shard.to_string()), "shard"),
            "actor" => needs(&self.actor, "program").map(|name| awscli::quote(&name).into_owned()),
            "worker" => needs(&self.worker, "worker"),
            "iterator" => self.iterator.clone().ok_or_else(|| error("get a shard iterator first".to_owned())),
            "middle" => {
                let range = self.range()?;
                Ok((range.0 + (range.1 - range.0) / 2 + 1).to_string())
            }
            "next" => {
                let end = self.range()?.1;
                let stream = self.stream.as_deref().and_then(|name| self.world.service().stream(name));
                let mut open = stream.into_iter().flat_map(|stream| stream.open_shards());
                let next = open.find(|shard| shard.hash_key_range.starting_hash_key == end.wrapping_add(1));
                let next = next.map(|shard| shard.id.to_string());
                next.ok_or_else(|| error("no open shard begins where this one ends".to_owned()))
            }
            "sequence-number" => self.sequence_number(self.record),
            "last-read" => {
                let is_of = |reading: &&sim::Reading| {
                    Some(&*reading.stream) == self.stream.as_deref() && Some(reading.shard) == self.shard
                };
                let newest = self.world.readings().filter(is_of).last();
                let last = newest.map(|reading| reading.next.saturating_sub(1));
                let last = last.ok_or_else(|| error("get a shard iterator first".to_owned()))?;
                self.sequence_number(Some(last))
            }
            _ => Err(error(["nothing is called ", name].concat())),
        }
    }

    /// The name of the stream that is shown, as it is.
    pub(super) fn stream_name(&self) -> Result<String, FormError> {
        self.stream.clone().ok_or_else(|| error("select a stream first".to_owned()))
    }

    fn selected_shard(&self) -> Result<&'a kinesis::Shard, FormError> {
        let stream = self.stream.as_deref().and_then(|name| self.world.service().stream(name));
        let shard = stream.zip(self.shard).and_then(|(stream, shard)| stream.shard(shard));
        shard.ok_or_else(|| error("select a shard first".to_owned()))
    }

    fn range(&self) -> Result<(u128, u128), FormError> {
        let range = self.selected_shard()?.hash_key_range;
        Ok((range.starting_hash_key, range.ending_hash_key))
    }

    fn sequence_number(&self, record: Option<u64>) -> Result<String, FormError> {
        let shard = self.selected_shard()?;
        let stream = self.stream.as_deref().and_then(|name| self.world.service().stream(name));
        let horizon = stream.map(|stream| stream.trim_horizon(self.world.now()));
        let from = record.or(horizon.map(|horizon| shard.first_retained(horizon))).unwrap_or(1);
        let record = shard.log.read_from(from).next().filter(|record| record.index == from);
        let number = record.map(|record| shard.sequence_number(record.index, record.arrival).to_string());
        number.ok_or_else(|| error("there is no such record".to_owned()))
    }

    /// The operation that brings the retention period to so many hours, with them.
    pub(super) fn retention_verb(&self, hours: &str) -> Result<String, FormError> {
        let stream = self.stream.as_deref().and_then(|name| self.world.service().stream(name));
        let stream = stream.ok_or_else(|| error("select a stream first".to_owned()))?;
        let wanted: u32 = hours.parse().map_err(|_| error("hours are a whole number".to_owned()))?;
        let verb = if wanted < stream.retention_hours { "decrease" } else { "increase" };
        Ok(format!(
            "{verb}-stream-retention-period --stream-name {} --retention-period-hours {wanted}",
            awscli::quote(&stream.name)
        ))
    }

    /// The UUID of the newest mapping of a function.
    pub(super) fn mapping_of(&self, function: &str) -> Result<String, FormError> {
        let mappings = self.world.mappings().map(|(_, mapping)| mapping);
        let found = mappings.filter(|mapping| mapping.spec.function == function).last();
        found
            .map(|mapping| mapping.uuid.clone())
            .ok_or_else(|| error(["no mapping calls a function ", function].concat()))
    }

    /// The ARN of the stream, or of one of its registered consumers.
    pub(super) fn source(&self, consumer: &str) -> Result<String, FormError> {
        if consumer.is_empty() {
            return self.get("stream-arn");
        }
        let stream = self.stream.as_deref().and_then(|name| self.world.service().stream(name));
        let known = stream.and_then(|stream| stream.consumers.get(consumer));
        known
            .zip(self.get("stream-arn").ok())
            .map(|(known, arn)| known.arn(&arn))
            .ok_or_else(|| error(["the stream has no consumer ", consumer].concat()))
    }

    /// `TRIM_HORIZON`, or `AT_TIMESTAMP` with its time so many seconds ago.
    pub(super) fn from(&self, kind: &str, seconds_ago: &str) -> String {
        if kind != "AT_TIMESTAMP" {
            return kind.to_owned();
        }
        let ago: u64 = seconds_ago.parse().unwrap_or(0);
        let at = Instant::from_seconds(self.world.now().seconds().saturating_sub(ago));
        format!("AT_TIMESTAMP --timestamp {at}")
    }
}

/// The first of some names that nobody has.
pub(super) fn free_name(world: &World, names: &[&str]) -> String {
    let is_taken = |name: &str| {
        world.service().stream(name).is_some()
            || world.producers().any(|(_, _, producer)| producer.spec.name == name)
            || world.readers().any(|(_, _, reader)| reader.spec.name == name)
            || world.applications().get(name).is_some()
    };
    let numbered =
        (2..100).map(|n| names.first().copied().unwrap_or("name").to_owned() + "-" + &n.to_string());
    let all = names.iter().map(|name| (*name).to_owned()).chain(numbered);
    all.into_iter().find(|name| !is_taken(name)).unwrap_or_default()
}
