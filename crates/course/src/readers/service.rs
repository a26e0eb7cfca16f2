//! What the service itself shows: streams, shards, keys, metrics.

use kinesis::{Shard, ShardId, Stream, hash_key_of, ring_share};
use sim::World;

use super::{Reader, reader, seconds};
use crate::check::{Args, Scene, Value};
use crate::memory::Memory;
use crate::tally::{Asked, Metric, Tally};

pub(super) static READERS: &[Reader] = &[
    reader!("stream"."exists"("S"), whether "stream {0} exists", |Scene { world, .. }, args| {
        Value::Bool(world.service().stream(args.first()).is_some())
    }),
    reader!("stream"."status"("S"), "the status of stream {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| Value::text(stream.status.name()))
    }),
    reader!("stream"."mode"("S"), "the mode of stream {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| Value::text(stream.mode.name()))
    }),
    reader!("stream"."open_shards"("S"), "the number of open shards of {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| Value::count(u64::from(stream.open_shard_count())))
    }),
    reader!("stream"."closed_shards"("S"), "the number of closed shards of {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| {
            let closed = stream.shards().iter().filter(|shard| !shard.is_open() && !shard.is_expired());
            Value::count(closed.count() as u64)
        })
    }),
    reader!("stream"."retention_h"("S"), "the retention of {0} in hours", |Scene { world, .. }, args| {
        stream(world, args, |stream| Value::count(u64::from(stream.retention_hours)))
    }),
    reader!("stream"."encryption"("S"), "the encryption of {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| Value::text(match stream.encryption_key {
            Some(_) => "KMS",
            None => "NONE",
        }))
    }),
    reader!("stream"."key"("S"), "the KMS key of {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| Value::text(stream.encryption_key.as_deref().unwrap_or("none")))
    }),
    reader!("stream"."efo_consumers"("S"), "the number of registered consumers of {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| Value::count(stream.consumers.len() as u64))
    }),
    reader!("shard"."state"("S", "N"), "the state of shard {1} of {0}", |Scene { world, .. }, args| {
        shard(world, args, |_, shard| Value::text(match (shard.is_open(), shard.is_expired()) {
            (true, _) => "OPEN",
            (false, false) => "CLOSED",
            (false, true) => "EXPIRED",
        }))
    }),
    reader!("shard"."parents"("S", "N"), "the number of parents of shard {1} of {0}", |Scene { world, .. }, args| {
        shard(world, args, |_, shard| Value::count(shard.parents().count() as u64))
    }),
    reader!("shard"."lo_pct"("S", "N"), "where shard {1} of {0} begins, in percent of the ring", |Scene { world, .. }, args| {
        shard(world, args, |_, shard| Value::count(percent(shard.hash_key_range.starting_hash_key)))
    }),
    reader!("shard"."hi_pct"("S", "N"), "where shard {1} of {0} ends, in percent of the ring", |Scene { world, .. }, args| {
        shard(world, args, |_, shard| Value::count(percent(shard.hash_key_range.ending_hash_key)))
    }),
    reader!("shard"."records"("S", "N"), "the number of records in shard {1} of {0}", |Scene { world, .. }, args| {
        shard(world, args, |stream, shard| Value::count(shard.record_count(stream.trim_horizon(world.now()))))
    }),
    reader!("shard"."start"("S", "N"), "the hash key at which shard {1} of {0} begins", |Scene { world, .. }, args| {
        shard(world, args, |_, shard| Value::text(shard.hash_key_range.starting_hash_key.to_string()))
    }),
    reader!("key"."shard"("S", "K"), "the shard of key {1} in {0}", |Scene { world, .. }, args| {
        stream(world, args, |stream| {
            let shard = stream.route(hash_key_of(args.second()));
            shard.map_or(Value::Missing, |shard| Value::text(shard.to_string()))
        })
    }),
    reader!("metric"."sum"("M", "S", "shard=", "last="), "the sum of {0} of {1}", |Scene { world, memory, .. }, args| {
        metric(world, memory, args, Tally::sum)
    }),
    reader!("metric"."max"("M", "S", "shard=", "last="), "the largest second of {0} of {1}", |Scene { world, memory, .. }, args| {
        metric(world, memory, args, Tally::max)
    }),
];

fn percent(hash_key: u128) -> u64 {
    u64::from(ring_share(hash_key)) * 100 / (1 << 32)
}

fn stream(world: &World, args: &Args, read: impl FnOnce(&Stream) -> Value) -> Value {
    world.service().stream(args.first()).map_or(Value::Missing, read)
}

fn shard(world: &World, args: &Args, read: impl FnOnce(&Stream, &Shard) -> Value) -> Value {
    stream(world, args, |stream| {
        let id: Option<ShardId> = ShardId::parse(args.second());
        id.and_then(|id| stream.shard(id)).map_or(Value::Missing, |shard| read(stream, shard))
    })
}

fn metric(world: &World, memory: &Memory, args: &Args, sum_up: fn(&Tally, &Asked<'_>) -> u64) -> Value {
    let (Some(metric), Some(_)) = (Metric::parse(args.first()), world.service().stream(args.second())) else {
        return Value::Missing;
    };
    let shard = args.named("shard").map(ShardId::parse);
    let last = match args.named("last") {
        None => None,
        Some(text) => match seconds(text) {
            Some(seconds) => Some(seconds),
            None => return Value::Missing,
        },
    };
    let asked = Asked { metric, stream: args.second(), shard, now: world.now(), last };
    Value::count(sum_up(memory.tally(), &asked))
}
