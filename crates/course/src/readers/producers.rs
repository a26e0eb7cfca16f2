//! What puts records: programs with the AWS SDK or the KPL, servers with the Kinesis Agent, and tasks of DMS. A name stands
//! for the newest of that name.

use sim::{ActorId, Agent, DmsTask, Flow, Kpl, Producer, RetryPolicy, World};

use super::{Reader, reader};
use crate::check::{Args, Scene, Value};
use crate::forms::agent::value_of;

/// Seconds over which rates are taken.
const RATE_SECONDS: u64 = 5;

pub(super) static READERS: &[Reader] = &[
    reader!("put"."running"("P"), whether "producer {0} runs", |Scene { world, .. }, args| {
        some(world, args, |_| Value::Bool(world.programs().any(|(name, _)| name == args.first())))
    }),
    reader!("put"."ok"("P"), "the number of stored records of producer {0}", |Scene { world, .. }, args| {
        count(world, args, |putter| match putter {
            Putter::Sdk(producer) => producer.stored,
            Putter::Kpl(kpl) => kpl.stored,
            Putter::Agent(agent) => of_flows(agent, |flow| flow.stored),
            Putter::Dms(task) => task.counts.put,
        })
    }),
    reader!("put"."failed"("P"), "the number of refusals of producer {0}", |Scene { world, .. }, args| {
        count(world, args, |putter| match putter {
            Putter::Sdk(producer) => producer.refused,
            Putter::Kpl(kpl) => kpl.kinesis_records_refused,
            Putter::Agent(agent) => of_flows(agent, |flow| flow.refused),
            Putter::Dms(task) => task.counts.refused,
        })
    }),
    reader!("put"."calls"("P"), "the number of calls of producer {0}", |Scene { world, .. }, args| {
        some(world, args, |putter| match putter {
            Putter::Sdk(producer) => Value::count(producer.calls()),
            Putter::Kpl(kpl) => Value::count(kpl.put_calls),
            Putter::Agent(agent) => Value::count(agent.calls()),
            Putter::Dms(_) => Value::Missing,
        })
    }),
    reader!("put"."retries"("P"), "the number of records that producer {0} sent again", |Scene { world, .. }, args| {
        some(world, args, |putter| match putter {
            Putter::Sdk(producer) => Value::count(producer.retried),
            Putter::Kpl(kpl) => Value::count(kpl.retried),
            Putter::Agent(agent) => Value::count(of_flows(agent, |flow| flow.retried)),
            Putter::Dms(_) => Value::Missing,
        })
    }),
    reader!("put"."lost"("P"), "the number of lost records of producer {0}", |Scene { world, .. }, args| {
        count(world, args, |putter| match putter {
            Putter::Sdk(producer) => producer.lost,
            Putter::Kpl(kpl) => kpl.lost,
            Putter::Agent(agent) => of_flows(agent, |flow| flow.lost),
            Putter::Dms(task) => task.counts.bad_lines,
        })
    }),
    reader!("put"."backlog"("P"), "the number of records that producer {0} keeps for another attempt", |Scene { world, .. }, args| {
        count(world, args, |putter| match putter {
            Putter::Sdk(producer) => producer.waiting(),
            Putter::Kpl(kpl) => kpl.waiting(),
            Putter::Agent(agent) => of_flows(agent, Flow::waiting),
            Putter::Dms(task) => task.waiting(),
        })
    }),
    reader!("put"."keys"("P"), "the number of different keys of producer {0}", |Scene { world, .. }, args| {
        some(world, args, |putter| {
            let keys = match putter {
                Putter::Sdk(producer) => &producer.spec.keys,
                Putter::Kpl(kpl) => &kpl.spec.keys,
                Putter::Agent(_) | Putter::Dms(_) => return Value::Missing,
            };
            keys.distinct_keys().map_or(Value::text("unlimited"), Value::count)
        })
    }),
    reader!("put"."rate"("P"), "the number of records per second that producer {0} makes", |Scene { world, .. }, args| {
        some(world, args, |putter| match putter {
            Putter::Sdk(producer) => Value::count(u64::from(producer.spec.rate)),
            Putter::Kpl(kpl) => Value::count(u64::from(kpl.spec.rate)),
            Putter::Agent(agent) => Value::count(agent.logs().map(|log| u64::from(log.rate)).sum()),
            Putter::Dms(_) => Value::Missing,
        })
    }),
    reader!("put"."retry"("P"), "the retry policy of producer {0}", |Scene { world, .. }, args| {
        sdk(world, args, |producer| {
            Value::text(match producer.spec.retry {
                RetryPolicy::None => "none",
                RetryPolicy::Immediate => "immediate",
                RetryPolicy::Backoff => "backoff",
                RetryPolicy::Standard => "standard",
                RetryPolicy::Legacy => "legacy",
            })
        })
    }),
    reader!("put"."attempts"("P"), "how often producer {0} sends a record at most", |Scene { world, .. }, args| {
        sdk(world, args, |producer| Value::count(u64::from(producer.spec.attempts)))
    }),
    reader!("put"."p99_ms"("P"), "the milliseconds within which 99 of 100 user records of {0} were stored", |Scene { world, .. }, args| {
        kpl(world, args, |kpl| match kpl.stored {
            0 => Value::Missing,
            _ => Value::count(kpl.delay_p99(world.now()).millis()),
        })
    }),
    reader!("put"."buffered_ms"("P"), "RecordMaxBufferedTime of {0} in milliseconds", |Scene { world, .. }, args| {
        kpl(world, args, |kpl| Value::count(kpl.spec.config.record_max_buffered_time.millis()))
    }),
    reader!("put"."aggregates"("P"), whether "{0} packs user records together", |Scene { world, .. }, args| {
        kpl(world, args, |kpl| Value::Bool(kpl.spec.config.aggregation_enabled))
    }),
    reader!("put"."kinesis_rps"("P"), "the number of Kinesis records that {0} stored per second in the last five", |Scene { world, memory, .. }, args| {
        match putter(world, args) {
            Some((id, _)) => {
                Value::count(memory.stored_by(id, world.now(), RATE_SECONDS).div_ceil(RATE_SECONDS))
            }
            None => Value::Missing,
        }
    }),
    reader!("agent"."follows"("P"), whether "the agent of {0} takes a log by each name that it is renamed to", |Scene { world, .. }, args| {
        agent(world, args, |agent| Value::Bool(agent.follows_renames()))
    }),
    reader!("agent"."initial_position"("P"), "initialPosition of the agent of {0}", |Scene { world, .. }, args| {
        agent(world, args, |agent| {
            let position = value_of(&agent.spec.configuration, "initialPosition");
            position.map_or(Value::text("END_OF_FILE"), Value::text)
        })
    }),
    reader!("agent"."buffer_ms"("P"), "maxBufferAgeMillis of the agent of {0}", |Scene { world, .. }, args| {
        agent(world, args, |agent| {
            let age = value_of(&agent.spec.configuration, "maxBufferAgeMillis");
            Value::Number(age.and_then(|age| age.parse().ok()).unwrap_or(60_000))
        })
    }),
];

enum Putter<'a> {
    Sdk(&'a Producer),
    Kpl(&'a Kpl),
    Agent(&'a Agent),
    Dms(&'a DmsTask),
}

fn putter<'a>(world: &'a World, args: &Args) -> Option<(ActorId, Putter<'a>)> {
    let name = args.first();
    let sdk = world.producers().filter(|(_, _, producer)| producer.spec.name == name);
    let kpl = world.kpls().filter(|(_, _, kpl)| kpl.spec.name == name);
    let agents = world.agents().filter(|(_, _, agent)| agent.spec.name == name);
    let dms = world.dms_tasks().filter(|(_, task)| task.spec.task == name);
    let all = sdk
        .map(|(id, _, producer)| (id, Putter::Sdk(producer)))
        .chain(kpl.map(|(id, _, kpl)| (id, Putter::Kpl(kpl))))
        .chain(agents.map(|(id, _, agent)| (id, Putter::Agent(agent))))
        .chain(dms.map(|(id, task)| (id, Putter::Dms(task))));
    all.max_by_key(|(id, _)| *id)
}

fn of_flows(agent: &Agent, read: fn(&Flow) -> u64) -> u64 {
    agent.flows.iter().map(read).sum()
}

fn some(world: &World, args: &Args, read: impl FnOnce(Putter<'_>) -> Value) -> Value {
    putter(world, args).map_or(Value::Missing, |(_, putter)| read(putter))
}

fn count(world: &World, args: &Args, read: fn(Putter<'_>) -> u64) -> Value {
    some(world, args, |putter| Value::count(read(putter)))
}

fn sdk(world: &World, args: &Args, read: impl FnOnce(&Producer) -> Value) -> Value {
    some(world, args, |putter| match putter {
        Putter::Sdk(producer) => read(producer),
        Putter::Kpl(_) | Putter::Agent(_) | Putter::Dms(_) => Value::Missing,
    })
}

fn kpl(world: &World, args: &Args, read: impl FnOnce(&Kpl) -> Value) -> Value {
    some(world, args, |putter| match putter {
        Putter::Kpl(kpl) => read(kpl),
        Putter::Sdk(_) | Putter::Agent(_) | Putter::Dms(_) => Value::Missing,
    })
}

fn agent(world: &World, args: &Args, read: impl FnOnce(&Agent) -> Value) -> Value {
    some(world, args, |putter| match putter {
        Putter::Agent(agent) => read(agent),
        Putter::Sdk(_) | Putter::Kpl(_) | Putter::Dms(_) => Value::Missing,
    })
}
