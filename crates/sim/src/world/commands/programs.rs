//! Commands to producers and readers.

use super::is_plain_name;
use crate::actor::{Input, Program};
use crate::actors::kpl::Kpl;
use crate::actors::producer::Producer;
use crate::actors::reader::Reader;
use crate::history::Refusal;
use crate::world::World;
use crate::{
    ActorId, ActorState, Fact, KplChange, KplSpec, Outcome, ProducerChange, ProducerSpec, ReaderSpec,
};

impl World {
    pub(super) fn start_producer(&mut self, spec: &ProducerSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        spec.check()?;
        let producer = Producer::new(spec.clone(), self.now, self.actors.next_id());
        self.start(Program::Producer(producer))
    }

    pub(super) fn change_producer(&mut self, change: &ProducerChange) -> Result<Outcome, Refusal> {
        let id = self.find_producer(&change.name)?;
        if let Some((.., producer)) = self.producers().find(|(other, ..)| *other == id) {
            let mut spec = producer.spec.clone();
            spec.take(change);
            spec.check()?;
        }
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

    pub(super) fn start_kpl(&mut self, spec: &KplSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        spec.check()?;
        let kpl = Kpl::new(spec.clone(), self.now, self.actors.next_id());
        self.start(Program::Kpl(Box::new(kpl)))
    }

    pub(super) fn change_kpl(&mut self, change: &KplChange) -> Result<Outcome, Refusal> {
        let id = self.find_kpl(&change.name)?;
        if let Some((.., kpl)) = self.kpls().find(|(other, ..)| *other == id) {
            let mut spec = kpl.spec.clone();
            spec.take(change);
            spec.check()?;
        }
        let now = self.now;
        self.cancel_wake(id);
        self.with_actor(id, |actor, ctx| {
            if let Program::Kpl(kpl) = &mut actor.program {
                kpl.change(change, now);
                ctx.note(Fact::ProducerChanged { actor: id });
            }
            actor.handle(ctx, Input::Wake);
        });
        Ok(Outcome::Done)
    }

    pub(super) fn find_kpl(&self, name: &str) -> Result<ActorId, Refusal> {
        self.kpls()
            .find(|(_, state, kpl)| *state == ActorState::Running && kpl.spec.name == name)
            .map(|(id, ..)| id)
            .ok_or_else(|| Refusal::new(format!("there is no running program {name} with the KPL")))
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
