//! Readers: everything that a check can ask of the world. One row each, which serves the checker, the author's
//! reference and the sentence "not yet, because …".

use kinesis::{ErrorCode, Operation, Shard, ShardId, Stream, hash_key_of};
use sim::{ActorState, World};

use crate::check::{Args, Value};
use crate::observer::Memory;
use crate::throttles::Throttle;

mod records;

/// One reader: `stream(S).status`.
#[derive(Debug)]
pub struct Reader {
    pub object: &'static str,
    /// What follows the dot; empty for `answer(N)`.
    pub field: &'static str,
    /// Names of the arguments; those with `=` are optional and given by name.
    pub args: &'static [&'static str],
    /// What the value is, with its unit, as it stands in a sentence; `{0}` is the first argument.
    pub phrase: &'static str,
    pub(crate) read: fn(&World, &Memory, &Args) -> Value,
}

/// All readers.
pub fn readers() -> &'static [Reader] {
    READERS
}

macro_rules! reader {
    ($object:literal . $field:literal ($($arg:literal),*), $phrase:literal, $read:expr) => {
        Reader { object: $object, field: $field, args: &[$($arg),*], phrase: $phrase, read: $read }
    };
}

static READERS: &[Reader] = &[
    reader!("stream"."exists"("S"), "whether stream {0} exists", |world, _, args| {
        Value::Bool(world.service().stream(args.first()).is_some())
    }),
    reader!("stream"."status"("S"), "the status of stream {0}", |world, _, args| {
        stream(world, args, |stream| Value::text(stream.status.name()))
    }),
    reader!("stream"."open_shards"("S"), "the number of open shards of {0}", |world, _, args| {
        stream(world, args, |stream| Value::count(u64::from(stream.open_shard_count())))
    }),
    reader!("stream"."closed_shards"("S"), "the number of closed shards of {0}", |world, _, args| {
        stream(world, args, |s| Value::count(s.shards().iter().filter(|s| !s.is_open() && !s.is_expired()).count() as u64))
    }),
    reader!("stream"."retention_h"("S"), "the retention of {0} in hours", |world, _, args| {
        stream(world, args, |stream| Value::count(u64::from(stream.retention_hours)))
    }),
    reader!("shard"."state"("S", "N"), "the state of shard {1} of {0}", |world, _, args| {
        shard(world, args, |_, shard| Value::text(match (shard.is_open(), shard.is_expired()) {
            (true, _) => "OPEN",
            (false, false) => "CLOSED",
            (false, true) => "EXPIRED",
        }))
    }),
    reader!("shard"."records"("S", "N"), "the number of records in shard {1} of {0}", |world, _, args| {
        shard(world, args, |stream, shard| Value::count(shard.record_count(stream.trim_horizon(world.now()))))
    }),
    reader!("shard"."start"("S", "N"), "the hash key at which shard {1} of {0} begins", |world, _, args| {
        shard(world, args, |_, shard| Value::text(shard.hash_key_range.starting_hash_key.to_string()))
    }),
    reader!("key"."shard"("S", "K"), "the shard of key {1} in {0}", |world, _, args| {
        stream(world, args, |stream| {
            let shard = stream.route(hash_key_of(args.second()));
            shard.map_or(Value::Missing, |shard| Value::text(shard.to_string()))
        })
    }),
    reader!("rec"."count"("S", "key=", "where=", "older="), "the number of such records in {0}", |world, _, args| {
        records::counts(world, args, |counts| counts.iter().sum())
    }),
    reader!("rec"."shards"("S", "key=", "where=", "older="), "the number of shards of {0} with such records", |world, _, args| {
        records::counts(world, args, |counts| counts.iter().filter(|count| **count > 0).count() as u64)
    }),
    reader!("metric"."sum"("M", "S", "shard=", "last="), "the sum of {0} of {1}", |world, memory, args| {
        metric(world, memory, args)
    }),
    reader!("api"."calls"("Op"), "the number of your {0} calls", |_, memory, args| {
        call(args, |operation| Value::count(memory.calls(operation)))
    }),
    reader!("api"."errors"("Op", "code="), "the number of refused {0} calls", |_, memory, args| {
        let code = args.named("code").and_then(|name| ErrorCode::ALL.into_iter().find(|code| code.name() == name));
        call(args, |operation| Value::count(memory.errors(operation, code)))
    }),
    reader!("api"."last.ShardId"("Op"), "the ShardId in the last answer to {0}", |_, memory, _| {
        memory.last_put().map_or(Value::Missing, |(shard, _)| Value::text(shard.to_string()))
    }),
    reader!("api"."last.SequenceNumber"("Op"), "the SequenceNumber in the last answer to {0}", |_, memory, _| {
        memory.last_put().map_or(Value::Missing, |(_, number)| Value::text(number.to_string()))
    }),
    reader!("readings"."count"("S", "records=", "shard="), "the number of separate readings of {0} that saw so much", |world, _, args| {
        let least = args.named("records").and_then(|text| text.parse().ok()).unwrap_or(0);
        let shard = args.named("shard").map(ShardId::parse);
        let by_hand = world.readings().filter(|r| *r.stream == *args.first() && r.records >= least);
        let by_hand = by_hand.filter(|r| shard.is_none_or(|shard| shard == Some(r.shard))).count();
        let saw = |reader: &sim::Reader| match shard {
            None => reader.records,
            Some(shard) => shard.and_then(|id| reader.shards.get(&id)).map_or(0, |shard| shard.records),
        };
        let by_reader = world.readers().filter(|(_, _, r)| r.spec.stream == args.first() && saw(r) >= least).count();
        Value::count((by_hand + by_reader) as u64)
    }),
    reader!("reader"."running"("R"), "whether reader {0} runs", |world, _, args| {
        let readers = world.readers().filter(|(_, _, reader)| reader.spec.name == args.first());
        readers.last().map_or(Value::Missing, |(_, state, _)| Value::Bool(state == ActorState::Running))
    }),
    reader!("reader"."seen"("R"), "the number of records that reader {0} got", |world, _, args| {
        sdk_reader(world, args, |reader| reader.records)
    }),
    reader!("reader"."dups"("R"), "the number of records that reader {0} got twice", |world, _, args| {
        sdk_reader(world, args, |reader| reader.again)
    }),
    reader!("reader"."throttled"("R"), "the number of refused calls of reader {0}", |world, _, args| {
        sdk_reader(world, args, |reader| reader.throttled)
    }),
    reader!("put"."ok"("P"), "the number of stored records of producer {0}", |world, _, args| {
        producer(world, args, |producer| producer.stored)
    }),
    reader!("put"."failed"("P"), "the number of refusals of producer {0}", |world, _, args| {
        producer(world, args, |producer| producer.refused)
    }),
    reader!("put"."lost"("P"), "the number of lost records of producer {0}", |world, _, args| {
        producer(world, args, |producer| producer.lost)
    }),
    reader!("put"."backlog"("P"), "the number of records that producer {0} keeps for another attempt", |world, _, args| {
        producer(world, args, sim::Producer::waiting)
    }),
    reader!("put"."keys"("P"), "the number of different keys of producer {0}", |world, _, args| {
        let producers = world.producers().filter(|(_, _, producer)| producer.spec.name == args.first());
        let keys = producers.last().map(|(_, _, producer)| producer.spec.keys.distinct_keys());
        keys.map_or(Value::Missing, |keys| keys.map_or(Value::text("unlimited"), Value::count))
    }),
    reader!("put"."rate"("P"), "the number of records per second that producer {0} makes", |world, _, args| {
        producer(world, args, |producer| u64::from(producer.spec.rate))
    }),
    reader!("app"."workers"("A"), "the number of workers of {0}", |world, _, args| {
        application(world, args, |application| application.workers.len() as u64)
    }),
    reader!("app"."dups"("A"), "the number of records that {0} processed again", |world, _, args| {
        application(world, args, |application| application.again)
    }),
    reader!("app"."leases_of"("A", "W"), "the number of leases of worker {1} of {0}", |world, _, args| {
        application(world, args, |application| {
            let owned = |lease: &&sim::Lease| lease.lease_owner.as_deref() == Some(args.second());
            application.table.leases().filter(owned).count() as u64
        })
    }),
    reader!("answer".""("N"), "your answer {0}", |world, _, args| {
        world.answers().get(args.first()).map_or(Value::Missing, |value| Value::text(value.trim()))
    }),
];

fn stream(world: &World, args: &Args, read: impl FnOnce(&Stream) -> Value) -> Value {
    world.service().stream(args.first()).map_or(Value::Missing, read)
}

fn shard(world: &World, args: &Args, read: impl FnOnce(&Stream, &Shard) -> Value) -> Value {
    stream(world, args, |stream| {
        let id: Option<ShardId> = ShardId::parse(args.second());
        id.and_then(|id| stream.shard(id)).map_or(Value::Missing, |shard| read(stream, shard))
    })
}

fn metric(world: &World, memory: &Memory, args: &Args) -> Value {
    let (Some(throttle), Some(_)) = (Throttle::parse(args.first()), world.service().stream(args.second()))
    else {
        return Value::Missing;
    };
    let shard = args.named("shard").map(ShardId::parse);
    let last = match args.named("last") {
        None => None,
        Some(text) => match text.strip_suffix('s').map(str::parse) {
            Some(Ok(seconds)) => Some(seconds),
            _ => return Value::Missing,
        },
    };
    Value::count(memory.throttled(throttle, args.second(), shard, world.now(), last))
}

fn call(args: &Args, read: impl FnOnce(Operation) -> Value) -> Value {
    Operation::parse(args.first()).map_or(Value::Missing, read)
}

fn sdk_reader(world: &World, args: &Args, read: fn(&sim::Reader) -> u64) -> Value {
    // The newest of that name.
    let readers = world.readers().filter(|(_, _, reader)| reader.spec.name == args.first());
    readers.last().map_or(Value::Missing, |(_, _, reader)| Value::count(read(reader)))
}

fn producer(world: &World, args: &Args, read: fn(&sim::Producer) -> u64) -> Value {
    let producers = world.producers().filter(|(_, _, producer)| producer.spec.name == args.first());
    producers.last().map_or(Value::Missing, |(_, _, producer)| Value::count(read(producer)))
}

fn application(world: &World, args: &Args, read: impl FnOnce(&sim::Application) -> u64) -> Value {
    world.applications().get(args.first()).map_or(Value::Missing, |app| Value::count(read(app)))
}
