//! KCL applications and their lease tables.

use sim::{ActorState, Application, ProcessorKind, RetrievalMode, World};

use super::{Reader, reader};
use crate::check::{Args, Scene, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("app"."running"("A"), whether "application {0} has a running worker", |Scene { world, .. }, args| {
        application(world, args, |app| Value::Bool(running(world, app).count() > 0))
    }),
    reader!("app"."workers"("A"), "the number of running workers of {0}", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(running(world, app).count() as u64))
    }),
    reader!("app"."idle"("A"), "the number of running workers of {0} without a lease", |Scene { world, .. }, args| {
        application(world, args, |app| {
            let idle = running(world, app).filter(|worker| leases_of(app, &worker.name) == 0);
            Value::count(idle.count() as u64)
        })
    }),
    reader!("app"."missed"("A"), "the number of records that {0} went past", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.missed))
    }),
    reader!("app"."behind_ms"("A"), "the delay of {0} in milliseconds", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.behind(world).millis()))
    }),
    reader!("app"."gap_s"("A"), "the number of seconds in which nobody read the shards of the worker of {0} that died", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.gap(world.now()).seconds()))
    }),
    reader!("app"."crashes"("A"), "the number of workers of {0} that died", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.crashes))
    }),
    reader!("app"."dups_last_crash"("A"), "the number of records that {0} did again after the last crash", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.again_since_crash()))
    }),
    reader!("app"."processed_twice"("A"), "the number of records whose effect {0} had twice", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.processed_twice))
    }),
    reader!("app"."checkpoint_lag"("A"), "how many records {0} has processed since its checkpoints", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.checkpoint_lag()))
    }),
    reader!("app"."checkpoint_s"("A"), "the time between two checkpoints of {0} in seconds", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.spec.checkpoint_interval.seconds()))
    }),
    reader!("app"."processor"("A"), "the kind of record processor of {0}", |Scene { world, .. }, args| {
        application(world, args, |app| {
            Value::text(if app.spec.processor == sim::ProcessorKind::Plain { "plain" } else { "idempotent" })
        })
    }),
    reader!("app"."parents_done"("A"), whether "{0} is through with all closed parents", |Scene { world, .. }, args| {
        application(world, args, |app| Value::Bool(app.parents_done(world)))
    }),
    reader!("app"."owner"("A", "N"), "the owner of the lease of shard {1} in {0}", |Scene { world, .. }, args| {
        let Some(shard) = kinesis::ShardId::parse(args.second()) else { return Value::Missing };
        application(world, args, |app| app.owner(shard).map_or(Value::Missing, Value::text))
    }),
    reader!("app"."processed"("A"), "the number of records that {0} processed", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.records))
    }),
    reader!("app"."dups"("A"), "the number of records that {0} processed again", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.again))
    }),
    reader!("app"."leases_of"("A", "W"), "the number of leases of worker {1} of {0}", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(leases_of(app, args.second())))
    }),
    reader!("table"."exists"("T"), whether "DynamoDB has a table {0}", |Scene { world, .. }, args| {
        Value::Bool(world.applications().get(args.first()).is_some_and(|app| app.table.exists()))
    }),
    reader!("table"."rows"("T"), "the number of rows of table {0}", |Scene { world, .. }, args| {
        application(world, args, |app| match app.table.exists() {
            true => Value::count(app.table.leases().len() as u64),
            false => Value::Missing,
        })
    }),
    reader!("apps"."count"("S"), "the number of applications that read {0}", |Scene { world, .. }, args| {
        Value::count(world.applications().values().filter(|app| app.spec.stream == args.first()).count() as u64)
    }),
    reader!("app"."idempotent"("A"), whether "{0} leaves out records that it knows", |Scene { world, .. }, args| {
        application(world, args, |app| Value::Bool(app.spec.processor == ProcessorKind::Idempotent))
    }),
    reader!("app"."fans_out"("A"), whether "{0} reads by enhanced fan-out", |Scene { world, .. }, args| {
        application(world, args, |app| Value::Bool(app.spec.retrieval == RetrievalMode::FanOut))
    }),
    reader!("app"."ddb_writes_s"("A"), "the writes per second to the table of {0}, over the last minute", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.table.in_the_last(60, world.now()).writes.div_ceil(60)))
    }),
    reader!("app"."ddb_throttled"("A"), "the number of calls that the table of {0} refused in the last minute", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.table.in_the_last(60, world.now()).throttled))
    }),
    reader!("app"."failover_s"("A"), "the fail-over time of {0} in seconds", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.spec.failover.seconds()))
    }),
    reader!("table"."rows_deleted_by_hand"("T"), "the number of rows of table {0} that somebody deleted", |Scene { world, .. }, args| {
        application(world, args, |app| Value::count(app.table.deleted_by_hand()))
    }),
];

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
