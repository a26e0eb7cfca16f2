//! The answer to "why?" in sentences.

use super::{WhyView, fact_view};
use crate::actor::Program;
use crate::{ActorId, Cause, Rule, StampedFact, Step, World};

/// What led to a fact, the fact itself first. Empty where it is not kept.
pub fn why_view(world: &World, number: u64) -> Vec<WhyView> {
    world.why(number).into_iter().map(|step| step_view(world, step)).collect()
}

fn step_view(world: &World, step: Step<'_>) -> WhyView {
    let (kind, number, text) = match step {
        Step::Fact(fact) => {
            let view = fact_view(world, fact);
            return WhyView {
                kind: "fact",
                number: Some(view.number),
                at_ms: Some(view.at_ms),
                text: view.text,
                because: Some(view.because),
                also: view.also,
            };
        }
        Step::Forgotten => ("forgotten", None, "facts in between that are not kept any more".to_owned()),
        Step::Command(number) => ("command", Some(number + 1), format!("command {}", number + 1)),
        Step::Schedule => ("schedule", None, "the service's own timetable".to_owned()),
    };
    WhyView { kind, number, at_ms: None, text, because: None, also: None }
}

/// The rule by which a fact follows from what led to it.
pub(super) fn rule_text(world: &World, fact: &StampedFact) -> String {
    let actor = match fact.cause {
        Cause::Actor(id) => Some(id),
        Cause::Command(_) | Cause::Schedule => None,
    };
    let text = match fact.rule {
        Rule::AskedFor => "a command asked for it",
        Rule::OwnSchedule => return actor.map_or_else(String::new, |id| schedule_text(world, id)),
        Rule::Answered => "the program goes on with the answer that it got",
        Rule::Served => "a call is answered once the service has done its work",
        Rule::RecordsPerSecond => "a shard takes 1,000 records per second, whoever puts them",
        Rule::BytesPerSecond => "a shard takes 1 MB per second, whoever puts it",
        Rule::ReadCallsPerSecond => "a shard answers 5 GetRecords calls per second, for all readers together",
        Rule::ReadBytesPerSecond => "a shard gives 2 MB per second, to all polling readers together",
        Rule::IteratorCallsPerSecond => "a shard answers 5 GetShardIterator calls per second",
        Rule::ChangeUnderWay => "the service works on a change by itself until it is through",
        Rule::RetentionPassed => "its last record became older than the retention period",
        Rule::Pushed => "the service pushes to a subscription what arrives in its shard",
        Rule::SubscriptionOver => "a subscription lasts five minutes at most, and ends with what it hangs on",
        Rule::RetryPolicy => "the retry policy says to try again",
        Rule::NothingRetries => "nobody tries again",
        Rule::LeaseFree => "nobody owned the lease",
        Rule::MappingSettings => {
            "the function failed or the records are too old: the mapping's settings say whether the batch is tried again, cut in \
             two or given up"
        }
        Rule::LeaseExpired => {
            "the owner did not renew: the lease's counter was the same for longer than failoverTimeMillis"
        }
        Rule::LeaseBalanced => {
            "a worker with fewer leases than its share takes one from the worker with the most"
        }
        Rule::CounterChanged => {
            "a lease is written on condition of its counter, and another worker had changed that"
        }
        Rule::NotRenewed => {
            "the worker could not renew the lease for failoverTimeMillis by its own clock: others may have it"
        }
        Rule::NotHeld => "only the worker that holds a shard's lease may checkpoint",
        Rule::TableCapacity => "the lease table's provisioned units of this second are used up",
        Rule::ForeignRecord => {
            "an aggregate with a user record whose hash key lies outside of the lease's range is thrown away whole"
        }
        Rule::PositionSkips => "the position from which the shard was read lies behind these records",
        Rule::FaultOn => "a fault makes it so while it is on",
        Rule::FaultOver => "the fault was to last so long",
        Rule::NoAnswer => "no answer came in time, and the program gave up waiting",
        Rule::LoadBalanced => {
            "a worker's load is further from the average than reBalanceThresholdPercentage: the leader moves some of it to the \
             worker with the least"
        }
        Rule::LockFree => "nobody held the leader's lock",
        Rule::LockExpired => {
            "the leader's lock had the same recordVersionNumber for longer than its lease duration of 120 s"
        }
        Rule::LeaseAssigned => "the lease stood in the worker's name when it looked into the table's index",
        Rule::HandOffAsked => {
            "the leader asked for it: whoever has the lease comes to the end of its batch and writes its progress first"
        }
        Rule::HandOffTimedOut => {
            "the batch took longer than gracefulLeaseHandoffTimeoutMillis: the lease goes over all the same"
        }
        Rule::AssignmentFailed => "the leader could not read its tables three times in a row",
        Rule::ShardFinished => "the shard is processed to its end, and its children are begun",
    };
    text.to_owned()
}

/// What a program does by itself.
fn schedule_text(world: &World, id: ActorId) -> String {
    match world.actors.get(id).map(|actor| &actor.program) {
        Some(Program::Producer(producer)) => {
            format!("{} makes {} records per second", producer.spec.name, producer.spec.rate)
        }
        Some(Program::Kpl(kpl)) => {
            format!("{} makes {} user records per second and packs them", kpl.spec.name, kpl.spec.rate)
        }
        Some(Program::Agent(agent)) => format!("the Kinesis Agent on {} tails its logs", agent.spec.name),
        Some(Program::Reader(reader)) => format!("{} reads on by itself", reader.spec.name),
        Some(Program::KclWorker(worker)) => format!(
            "{}/{} renews and takes leases, reads and checkpoints by itself",
            worker.spec.name, worker.name
        ),
        Some(Program::Managed(service)) => format!("the service behind {} works by itself", service.name()),
        None => String::new(),
    }
}
