//! What the simulated programs did: producers, readers, KCL applications.

use sim::{
    ActorState, Application, EventSourceMapping, MappingCounts, MappingSpec, MappingState, RetryPolicy, World,
};

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
    reader!("app"."missed"("A"), "the number of records that {0} went past", |world, _, args| {
        application(world, args, |app| Value::count(app.missed))
    }),
    reader!("app"."behind_ms"("A"), "how far {0} is behind, in milliseconds", |world, _, args| {
        application(world, args, |app| Value::count(app.behind(world).millis()))
    }),
    reader!("app"."gap_s"("A"), "how many seconds nobody read the shards of the worker of {0} that died", |world, _, args| {
        application(world, args, |app| Value::count(app.gap(world.now()).seconds()))
    }),
    reader!("app"."crashes"("A"), "the number of workers of {0} that died", |world, _, args| {
        application(world, args, |app| Value::count(app.crashes))
    }),
    reader!("app"."dups_last_crash"("A"), "the number of records that {0} did again after the last crash", |world, _, args| {
        application(world, args, |app| Value::count(app.again_since_crash()))
    }),
    reader!("app"."processed_twice"("A"), "the number of records whose effect {0} had twice", |world, _, args| {
        application(world, args, |app| Value::count(app.processed_twice))
    }),
    reader!("app"."checkpoint_lag"("A"), "how many records {0} has processed since its checkpoints", |world, _, args| {
        application(world, args, |app| Value::count(app.checkpoint_lag()))
    }),
    reader!("app"."checkpoint_s"("A"), "how often {0} writes a checkpoint, in seconds", |world, _, args| {
        application(world, args, |app| Value::count(app.spec.checkpoint_interval.seconds()))
    }),
    reader!("app"."parents_done"("A"), "whether {0} is through with all closed parents", |world, _, args| {
        application(world, args, |app| Value::Bool(app.parents_done(world)))
    }),
    reader!("app"."owner"("A", "N"), "the owner of the lease of shard {1} in {0}", |world, _, args| {
        let Some(shard) = kinesis::ShardId::parse(args.second()) else { return Value::Missing };
        application(world, args, |app| app.owner(shard).map_or(Value::Missing, Value::text))
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
    reader!("fn"."exists"("F"), "whether there is a function {0}", |world, _, args| {
        Value::Bool(world.functions().get(args.first()).is_some())
    }),
    reader!("fn"."iterator_age_ms"("F"), "the iterator age of function {0} in milliseconds", |world, _, args| {
        let ages = mappings(world, args).filter_map(|mapping| mapping.iterator_age);
        ages.max().map_or(Value::Missing, |age| Value::count(age.millis()))
    }),
    reader!("fn"."invocations"("F"), "the number of invocations of function {0}", |world, _, args| {
        mapping_sum(world, args, |counts| counts.invocations)
    }),
    reader!("fn"."failed_batches"("F"), "the number of failed invocations of function {0}", |world, _, args| {
        mapping_sum(world, args, |counts| counts.errors)
    }),
    reader!("fn"."processed"("F"), "the number of different records that function {0} worked on", |world, _, args| {
        mapping_sum(world, args, |counts| counts.records.saturating_sub(counts.again))
    }),
    reader!("fn"."processed_twice"("F"), "the number of records that function {0} worked on again", |world, _, args| {
        mapping_sum(world, args, |counts| counts.again)
    }),
    reader!("fn"."order_violations"("F"), "the number of records that came to function {0} after a later one of their key", |world, _, args| {
        mapping_sum(world, args, |counts| counts.out_of_order)
    }),
    reader!("fn"."discarded"("F"), "the number of records of function {0} that were given up", |world, _, args| {
        mapping_sum(world, args, |counts| counts.discarded)
    }),
    reader!("fn"."dlq"("F"), "the number of messages about failures of function {0}", |world, _, args| {
        mapping_sum(world, args, |counts| counts.destination_messages)
    }),
    reader!("fn"."batch_size"("F"), "BatchSize of the mapping of {0}", |world, _, args| {
        mapping(world, args, |spec| Value::Number(spec.batch_size))
    }),
    reader!("fn"."window_s"("F"), "MaximumBatchingWindowInSeconds of the mapping of {0}", |world, _, args| {
        mapping(world, args, |spec| Value::Number(spec.maximum_batching_window_in_seconds))
    }),
    reader!("fn"."parallelization"("F"), "ParallelizationFactor of the mapping of {0}", |world, _, args| {
        mapping(world, args, |spec| Value::Number(spec.parallelization_factor))
    }),
    reader!("fn"."retries"("F"), "MaximumRetryAttempts of the mapping of {0}", |world, _, args| {
        mapping(world, args, |spec| Value::Number(spec.maximum_retry_attempts))
    }),
    reader!("fn"."bisects"("F"), "whether the mapping of {0} bisects a batch that failed", |world, _, args| {
        mapping(world, args, |spec| Value::Bool(spec.bisect_batch_on_function_error))
    }),
    reader!("fn"."reports"("F"), "whether the mapping of {0} takes partial responses", |world, _, args| {
        mapping(world, args, |spec| Value::Bool(spec.report_batch_item_failures))
    }),
    reader!("fn"."pushed"("F"), "whether the mapping of {0} is pushed to, as a registered consumer", |world, _, args| {
        mapping(world, args, |spec| Value::Bool(spec.event_source_arn.contains("/consumer/")))
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

/// The mappings of a function that are not deleted.
fn mappings<'a>(world: &'a World, args: &'a Args) -> impl Iterator<Item = &'a EventSourceMapping> {
    let all = world.mappings().map(|(_, mapping)| mapping);
    all.filter(|mapping| mapping.spec.function == args.first() && mapping.state != MappingState::Deleted)
}

fn mapping_sum(world: &World, args: &Args, read: fn(&MappingCounts) -> u64) -> Value {
    match world.functions().get(args.first()) {
        Some(_) => Value::count(mappings(world, args).map(|mapping| read(&mapping.counts)).sum()),
        None => Value::Missing,
    }
}

/// The newest mapping's settings.
fn mapping(world: &World, args: &Args, read: fn(&MappingSpec) -> Value) -> Value {
    mappings(world, args).last().map_or(Value::Missing, |mapping| read(&mapping.spec))
}

fn running<'a>(world: &'a World, app: &'a Application) -> impl Iterator<Item = &'a sim::KclWorker> {
    let workers = app.workers.iter().filter_map(|id| world.worker(*id));
    workers.filter(|(state, _)| *state == ActorState::Running).map(|(_, worker)| worker)
}

fn leases_of(app: &Application, worker: &str) -> u64 {
    app.table.leases().filter(|lease| lease.lease_owner.as_deref() == Some(worker)).count() as u64
}
