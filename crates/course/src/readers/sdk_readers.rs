//! Programs that read with the AWS SDK.

use sim::{ActorState, World};

use super::{Reader, reader};
use crate::check::{Args, Scene, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("reader"."running"("R"), whether "reader {0} runs", |Scene { world, .. }, args| {
        let readers = world.readers().filter(|(_, _, reader)| reader.spec.name == args.first());
        readers.last().map_or(Value::Missing, |(_, state, _)| Value::Bool(state == ActorState::Running))
    }),
    reader!("reader"."mode"("R"), "the way in which reader {0} reads", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::text(match reader.spec.consumer {
            Some(_) => "fan-out",
            None => "polling",
        }))
    }),
    reader!("reader"."seen"("R"), "the number of records that reader {0} got", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.records))
    }),
    reader!("reader"."dups"("R"), "the number of records that reader {0} got twice", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.again))
    }),
    reader!("reader"."throttled"("R"), "the number of refused calls of reader {0}", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.throttled))
    }),
    reader!("reader"."interval_ms"("R"), "the pause between two polls of reader {0} in milliseconds", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.spec.interval.millis()))
    }),
    reader!("reader"."calls"("R"), "the number of calls of reader {0}", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.calls))
    }),
    reader!("reader"."behind_ms"("R"), "the delay of reader {0} in milliseconds", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| {
            let open = reader.shards.values().filter(|shard| !shard.is_finished);
            open.map(|shard| shard.millis_behind).max().map_or(Value::Missing, Value::count)
        })
    }),
    reader!("reader"."first"("R", "N"), whether "reader {0} has begun shard {1}", |Scene { world, .. }, args| {
        reader_shard(world, args, |shard| shard.records > 0)
    }),
    reader!("reader"."finished"("R", "N"), whether "reader {0} is through with shard {1}", |Scene { world, .. }, args| {
        reader_shard(world, args, |shard| shard.is_finished)
    }),
    reader!("reader"."missed"("R"), "the number of records that reader {0} went past", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.missed))
    }),
    reader!("reader"."rate_kbps"("R"), "what reader {0} gets, in KB per second over ten seconds", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.meter.bytes_per_second(world.now(), 10) / 1_000))
    }),
    reader!("reader"."p99_ms"("R"), "the milliseconds within which 99 of 100 records came to reader {0}", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| match reader.records {
            0 => Value::Missing,
            _ => Value::count(reader.meter.delay_p99(world.now()).millis()),
        })
    }),
    reader!("reader"."order_violations"("R"), "the number of records that came to reader {0} after a later one of their key", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::count(reader.meter.order_violations))
    }),
    reader!("reader"."problem"("R"), "the error that ended reader {0}", |Scene { world, .. }, args| {
        sdk_reader(world, args, |reader| Value::text(reader.failed.map_or("none", kinesis::ErrorCode::name)))
    }),
];

fn sdk_reader(world: &World, args: &Args, read: impl FnOnce(&sim::Reader) -> Value) -> Value {
    // The newest of that name.
    let readers = world.readers().filter(|(_, _, reader)| reader.spec.name == args.first());
    readers.last().map_or(Value::Missing, |(_, _, reader)| read(reader))
}

fn reader_shard(world: &World, args: &Args, read: fn(&sim::ReaderShard) -> bool) -> Value {
    sdk_reader(world, args, |reader| {
        let id = kinesis::ShardId::parse(args.second());
        Value::Bool(id.and_then(|id| reader.shards.get(&id)).is_some_and(read))
    })
}
