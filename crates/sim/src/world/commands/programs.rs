//! Commands to producers and readers.

use super::is_plain_name;
use crate::actor::{Input, Program};
use crate::actors::producer::Producer;
use crate::actors::reader::Reader;
use crate::history::Refusal;
use crate::world::World;
use crate::{ActorId, ActorState, Fact, Outcome, ProducerChange, ProducerSpec, ReaderSpec};

impl World {
    pub(super) fn start_producer(&mut self, spec: &ProducerSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        check_producer(spec.rate, spec.size, spec.attempts)?;
        let producer = Producer::new(spec.clone(), self.now, ActorId(self.actors.len() as u32));
        self.start(Program::Producer(producer))
    }

    pub(super) fn change_producer(&mut self, change: &ProducerChange) -> Result<Outcome, Refusal> {
        let id = self.find_producer(&change.name)?;
        check_producer(change.rate.unwrap_or(1), change.size.unwrap_or(1), change.attempts.unwrap_or(1))?;
        let now = self.now;
        self.cancel_wake(id);
        self.with_actor(id, |actor, ctx| {
            if let Program::Producer(producer) = &mut actor.program {
                producer.change(change, now);
                ctx.note(Fact::ProducerChanged { actor: id });
            }
            actor.handle(ctx, Input::Wake);
        });
        Ok(Outcome::Done)
    }

    pub(super) fn start_reader(&mut self, spec: &ReaderSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        if spec.interval.millis() < 10 || spec.interval.seconds() > 3_600 {
            return Err(Refusal::new("a reader's interval is 10 ms to 1 h"));
        }
        if spec.limit.is_some_and(|limit| limit == 0 || limit > 10_000) {
            return Err(Refusal::new("a reader's limit is 1 to 10000"));
        }
        if let Some(consumer) = &spec.consumer {
            if !is_plain_name(consumer, 128) {
                return Err(Refusal::new(format!(
                    "{consumer:?} is no name of a consumer: use 1 to 128 letters, digits, '_', '.' or '-', not \
                     beginning with '-'"
                )));
            }
            if spec.limit.is_some() {
                return Err(Refusal::new("a reader with a consumer has no limit: records are pushed to it"));
            }
        }
        self.start(Program::Reader(Reader::new(spec.clone())))
    }

    pub(super) fn find_producer(&self, name: &str) -> Result<ActorId, Refusal> {
        self.producers()
            .find(|(_, state, producer)| *state == ActorState::Running && producer.spec.name == name)
            .map(|(id, ..)| id)
            .ok_or_else(|| Refusal::new(format!("there is no running producer {name}")))
    }

    pub(super) fn find_reader(&self, name: &str) -> Result<ActorId, Refusal> {
        self.readers()
            .find(|(_, state, reader)| *state == ActorState::Running && reader.spec.name == name)
            .map(|(id, ..)| id)
            .ok_or_else(|| Refusal::new(format!("there is no running reader {name}")))
    }
}

fn check_producer(rate: u32, size: u32, attempts: u32) -> Result<(), Refusal> {
    if rate == 0 || rate > ProducerSpec::RATE_MAX {
        return Err(Refusal::new(format!(
            "a producer's rate is 1 to {} records per second",
            ProducerSpec::RATE_MAX
        )));
    }
    if size > ProducerSpec::SIZE_MAX {
        return Err(Refusal::new(format!("a record's size is 0 to {} bytes", ProducerSpec::SIZE_MAX)));
    }
    if attempts == 0 || attempts > ProducerSpec::ATTEMPTS_MAX {
        return Err(Refusal::new(format!("attempts are 1 to {}", ProducerSpec::ATTEMPTS_MAX)));
    }
    Ok(())
}
