//! What the learner did: calls, readings by hand, answers.

use kinesis::{ErrorCode, Operation, ShardId, ShardIteratorType};

use super::{Reader, reader};
use crate::check::{Args, Scene, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("api"."calls"("Op", "type=", "empty="), "the number of your {0} calls", |Scene { memory, .. }, args| {
        match (args.named("type"), args.named("empty")) {
            (Some(kind), _) => {
                ShardIteratorType::parse(kind).map_or(Value::Missing, |kind| Value::count(memory.iterators(kind)))
            }
            (None, Some(_)) => Value::count(memory.empty_reads()),
            (None, None) => call(args, |operation| Value::count(memory.calls(operation))),
        }
    }),
    reader!("api"."errors"("Op", "code="), "the number of your refused {0} calls", |Scene { memory, .. }, args| {
        let code = args.named("code").and_then(|name| ErrorCode::ALL.into_iter().find(|code| code.name() == name));
        call(args, |operation| Value::count(memory.errors(operation, code)))
    }),
    reader!("api"."last.ShardId"("Op"), "the ShardId in the last answer to {0}", |Scene { memory, .. }, _| {
        memory.last_put().map_or(Value::Missing, |(shard, _)| Value::text(shard.to_string()))
    }),
    reader!("api"."last.SequenceNumber"("Op"), "the SequenceNumber in the last answer to {0}", |Scene { memory, .. }, _| {
        memory.last_put().map_or(Value::Missing, |(_, number)| Value::text(number.to_string()))
    }),
    reader!("cmds"."count"(), "the number of your commands that changed something", |Scene { memory, .. }, _| {
        Value::count(memory.changes())
    }),
    reader!("cmds"."aws"(), "the number of your calls to Kinesis", |Scene { memory, .. }, _| Value::count(memory.all_calls())),
    reader!("readings"."count"("S", "records=", "shard=", "kind=", "finished="), "the number of separate readings of {0}", |Scene { world, .. }, args| {
        let least = args.named("records").and_then(|text| text.parse().ok()).unwrap_or(0);
        let shard = args.named("shard").map(ShardId::parse);
        let kind = args.named("kind").map(ShardIteratorType::parse);
        let must_finish = args.named("finished").is_some();
        let by_hand = world.readings().filter(|reading| {
            *reading.stream == *args.first()
                && reading.records >= least
                && shard.is_none_or(|shard| shard == Some(reading.shard))
                && kind.is_none_or(|kind| kind == Some(reading.kind))
                && (reading.is_finished || !must_finish)
        });
        let by_hand = by_hand.count();
        let saw = |reader: &sim::Reader| match shard {
            None => reader.records,
            Some(shard) => shard.and_then(|id| reader.shards.get(&id)).map_or(0, |shard| shard.records),
        };
        let has_finished = |reader: &sim::Reader| {
            let state = shard.flatten().and_then(|id| reader.shards.get(&id));
            state.is_some_and(|state| state.is_finished) || !must_finish
        };
        let is_meant = |reader: &sim::Reader| {
            reader.spec.stream == args.first() && saw(reader) >= least && kind.is_none() && has_finished(reader)
        };
        let by_reader = world.readers().filter(|(_, _, reader)| is_meant(reader)).count();
        Value::count((by_hand + by_reader) as u64)
    }),
    reader!("hand"."seen"("S"), "the number of records of {0} that you read by hand", |Scene { memory, .. }, args| {
        Value::count(memory.by_hand(args.first()).seen)
    }),
    reader!("hand"."dups"("S"), "the number of records of {0} that you read twice by hand", |Scene { memory, .. }, args| {
        Value::count(memory.by_hand(args.first()).again)
    }),
    reader!("hand"."missed"("S"), "the number of records of {0} that your reading by hand went past", |Scene { memory, .. }, args| {
        Value::count(memory.by_hand(args.first()).missed)
    }),
    reader!("subs"."count"("S", "C"), "how often consumer {1} subscribed to a shard of {0}", |Scene { memory, .. }, args| {
        Value::count(memory.subscriptions(args.first(), args.second()))
    }),
    reader!("answer".""("N"), "your answer {0}", |Scene { world, .. }, args| {
        world.answers().get(args.first()).map_or(Value::Missing, |value| Value::text(value.trim()))
    }),
];

fn call(args: &Args, read: impl FnOnce(Operation) -> Value) -> Value {
    Operation::parse(args.first()).map_or(Value::Missing, read)
}
