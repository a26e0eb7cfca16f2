//! What the simulated programs did: producers, readers, KCL applications.

use sim::{ActorState, Application, RetryPolicy, World};

use super::{Reader, reader};
use crate::check::{Args, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("reader"."running"("R"), "whether reader {0} runs", |world, _, args| {
        let readers = world.readers().filter(|(_, _, reader)| reader.spec.name == args.first());
        readers.last().map_or(Value::Missing, |(_, state, _)| Value::Bool(state == ActorState::Running))
    }),
    reader!("reader"."mode"("R"), "the way in which reader {0} reads", |world, _, args| {
        sdk_reader(world, args, |reader| Value::text(match reader.spec.consumer {
            Some(_) => "fan-out",
            None => "polling",
        }))
    }),
    reader!("reader"."seen"("R"), "the number of records that reader {0} got", |world, _, args| {
        sdk_reader(world, args, |reader| Value::count(reader.records))
    }),
    reader!("reader"."dups"("R"), "the number of records that reader {0} got twice", |world, _, args| {
        sdk_reader(world, args, |reader| Value::count(reader.again))
    }),
    reader!("reader"."throttled"("R"), "the number of refused calls of reader {0}", |world, _, args| {
        sdk_reader(world, args, |reader| Value::count(reader.throttled))
    }),
    reader!("reader"."interval_ms"("R"), "the pause of reader {0} between two polls, in milliseconds", |world, _, args| {
        sdk_reader(world, args, |reader| Value::count(reader.spec.interval.millis()))
    }),
    reader!("reader"."calls"("R"), "the number of calls of reader {0}", |world, _, args| {
        sdk_reader(world, args, |reader| Value::count(reader.calls))
    }),
    reader!("reader"."behind_ms"("R"), "how far reader {0} is behind, in milliseconds", |world, _, args| {
        sdk_reader(world, args, |reader| {
            let open = reader.shards.values().filter(|shard| !shard.is_finished);
            open.map(|shard| shard.millis_behind).max().map_or(Value::Missing, Value::count)
        })
    }),
    reader!("reader"."first"("R", "N"), "whether reader {0} has begun shard {1}", |world, _, args| {
        reader_shard(world, args, |shard| shard.records > 0)
    }),
    reader!("reader"."finished"("R", "N"), "whether reader {0} is through with shard {1}", |world, _, args| {
        reader_shard(world, args, |shard| shard.is_finished)
    }),
    reader!("put"."ok"("P"), "the number of stored records of producer {0}", |world, _, args| {
        producer(world, args, |producer| producer.stored)
    }),
    reader!("put"."failed"("P"), "the number of refusals of producer {0}", |world, _, args| {
        producer(world, args, |producer| producer.refused)
    }),
    reader!("put"."calls"("P"), "the number of calls of producer {0}", |world, _, args| {
        producer(world, args, |producer| producer.calls())
    }),
    reader!("put"."retries"("P"), "the number of records that producer {0} sent again", |world, _, args| {
        producer(world, args, |producer| producer.retried)
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
    reader!("put"."retry"("P"), "the retry policy of producer {0}", |world, _, args| {
        let producers = world.producers().filter(|(_, _, producer)| producer.spec.name == args.first());
        producers.last().map_or(Value::Missing, |(_, _, producer)| {
            Value::text(match producer.spec.retry {
                RetryPolicy::None => "none",
                RetryPolicy::Immediate => "immediate",
                RetryPolicy::Backoff => "backoff",
                RetryPolicy::Standard => "standard",
                RetryPolicy::Legacy => "legacy",
            })
        })
    }),
    reader!("put"."attempts"("P"), "how often producer {0} sends a record at most", |world, _, args| {
        producer(world, args, |producer| u64::from(producer.spec.attempts))
    }),
    reader!("app"."running"("A"), "whether application {0} has a running worker", |world, _, args| {
        application(world, args, |app| Value::Bool(running(world, app).count() > 0))
    }),
    reader!("app"."workers"("A"), "the number of running workers of {0}", |world, _, args| {
        application(world, args, |app| Value::count(running(world, app).count() as u64))
    }),
    reader!("app"."idle"("A"), "the number of running workers of {0} without a lease", |world, _, args| {
        application(world, args, |app| {
            let idle = running(world, app).filter(|worker| leases_of(app, &worker.name) == 0);
            Value::count(idle.count() as u64)
        })
    }),
    reader!("app"."processed"("A"), "the number of records that {0} processed", |world, _, args| {
        application(world, args, |app| Value::count(app.records))
    }),
    reader!("app"."dups"("A"), "the number of records that {0} processed again", |world, _, args| {
        application(world, args, |app| Value::count(app.again))
    }),
    reader!("app"."leases_of"("A", "W"), "the number of leases of worker {1} of {0}", |world, _, args| {
        application(world, args, |app| Value::count(leases_of(app, args.second())))
    }),
    reader!("table"."exists"("T"), "whether DynamoDB has a table {0}", |world, _, args| {
        Value::Bool(world.applications().get(args.first()).is_some_and(|app| app.table.exists()))
    }),
    reader!("table"."rows"("T"), "the number of rows of table {0}", |world, _, args| {
        application(world, args, |app| match app.table.exists() {
            true => Value::count(app.table.leases().len() as u64),
            false => Value::Missing,
        })
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

fn producer(world: &World, args: &Args, read: fn(&sim::Producer) -> u64) -> Value {
    let producers = world.producers().filter(|(_, _, producer)| producer.spec.name == args.first());
    producers.last().map_or(Value::Missing, |(_, _, producer)| Value::count(read(producer)))
}

fn application(world: &World, args: &Args, read: impl FnOnce(&Application) -> Value) -> Value {
    world.applications().get(args.first()).map_or(Value::Missing, read)
}

fn running<'a>(world: &'a World, app: &'a Application) -> impl Iterator<Item = &'a sim::KclWorker> {
    let workers = app.workers.iter().filter_map(|id| world.worker(*id));
    workers.filter(|(state, _)| *state == ActorState::Running).map(|(_, worker)| worker)
}

fn leases_of(app: &Application, worker: &str) -> u64 {
    app.table.leases().filter(|lease| lease.lease_owner.as_deref() == Some(worker)).count() as u64
}
