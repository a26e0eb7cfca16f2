//! What a learner asked for is done, at the present instant. A refused command changes nothing.

mod account;
mod agents;
mod applications;
mod constraints;
mod dms;
mod faults;
mod firehose;
mod flink;
mod identity;
mod lambda;
mod programs;
mod s3;

use kinesis::apart;

use super::World;
use crate::actor::{Actor, Input, Program};
use crate::cause::Link;
use crate::history::Refusal;
use crate::home::{digest_file, digest_variable};
use crate::{ActorId, ActorState, Cause, Command, Fact, Outcome, Standing};

/// Actors of one world, stopped ones included.
const ACTORS_MAX: usize = 1_000;

impl World {
    /// Does what a learner asked for, at this instant. A refused command changes nothing.
    pub(crate) fn apply(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        if let Command::StartAttached { standing, start } = command {
            self.start_attached(standing, start)
        } else if command.started_program().is_some() {
            self.start_attached(&Standing::default(), command)
        } else {
            self.carry_out(command)
        }
    }

    fn carry_out(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        let cause = Cause::Command(self.commands_applied);
        self.link = Link::command(self.commands_applied);
        if let Command::StartAttached { standing, start } = command {
            return self.start_attached(standing, start);
        }
        let outcome = if let Command::Call(request) = command {
            Ok(Outcome::Call(self.serve(cause, request)))
        } else {
            apart(|| self.carry_out_apart(cause, command))
        };
        if outcome.is_ok() {
            self.commands_applied += 1;
        }
        outcome
    }

    /// What the page's first picture does not need; the first two kinds do not come here.
    fn carry_out_apart(&mut self, cause: Cause, command: &Command) -> Result<Outcome, Refusal> {
        match command {
            Command::Call(request) => Ok(Outcome::Call(self.serve(cause, request))),
            Command::StartAttached { standing, start } => self.start_attached(standing, start),
            Command::CallAs { caller, request } => {
                Ok(Outcome::Call(self.serve_to(cause, Some(caller), request)))
            }
            Command::StartProducer(spec) => self.start_producer(spec),
            Command::ChangeProducer(change) => self.change_producer(change),
            Command::StopProducer { name } => self.find_producer(name).map(|id| self.stop_actor(id)),
            Command::StartKpl(spec) => self.start_kpl(spec),
            Command::ChangeKpl(change) => self.change_kpl(change),
            Command::StopKpl { name } => self.find_kpl(name).map(|id| self.stop_actor(id)),
            Command::StartReader(spec) => self.start_reader(spec),
            Command::StopReader { name } => self.find_reader(name).map(|id| self.stop_actor(id)),
            Command::StartApplication(spec) => self.start_application(spec),
            Command::AddWorker { application } => self.add_worker(application),
            Command::Worker { application, worker, action } => {
                self.act_on_worker(application, worker, *action)
            }
            Command::SetWorkerHost { application, worker, vcpus, other_load } => {
                self.set_worker_host(application, worker, *vcpus, *other_load)
            }
            Command::ChangeApplication(change) => self.change_application(change),
            Command::DeleteLease { application, lease } => self.delete_lease(application, lease),
            Command::DeleteLeaseTable { application } => self.delete_lease_table(application),
            Command::SetTableCapacity { application, capacity } => {
                self.set_table_capacity(application, *capacity)
            }
            Command::CloseSubscription { subscription } => self.close_subscription(cause, *subscription),
            Command::SetPolicy { principal, name, document } => {
                self.set_policy(cause, principal, name, document.as_deref())
            }
            Command::Account(command) => self.set_account(cause, command),
            Command::Attach { program, standing } => self.attach(cause, program, standing),
            Command::SetKeyState { key, state } => self.identities.set_key_state(key, *state).map(|()| {
                let (key, state) = (key.clone(), *state);
                self.record(cause, vec![Fact::KeyStateChanged { key, state }]);
                Outcome::Done
            }),
            Command::Answer { name, value } => Ok(self.take_answer(cause, name, value)),
            Command::SetVariable { name, variable } => {
                self.home.set_variable(name, variable.clone()).map(|()| {
                    digest_variable(&mut self.digest, name, variable.as_ref());
                    Outcome::Done
                })
            }
            Command::WriteFile { path, content } => self.home.write_file(path, content.clone()).map(|()| {
                digest_file(&mut self.digest, path, content.as_ref());
                Outcome::Done
            }),
            Command::Fault(spec) => self.begin_fault(spec),
            Command::ClearFaults { target } => self.clear_faults(target.as_deref()),
            Command::S3(command) => self.change_s3(cause, command),
            Command::Lambda(command) => self.change_lambda(cause, command),
            Command::Firehose(command) => self.change_firehose(command),
            Command::Flink(command) => self.change_flink(command),
            Command::Dms(command) => self.change_dms(command),
            Command::Agent(command) => self.change_agent(command),
        }
    }

    fn close_subscription(&mut self, cause: Cause, number: u64) -> Result<Outcome, Refusal> {
        let mut facts = Vec::new();
        let has_closed = self.service.close_subscription(number, &mut facts);
        self.record_service(cause, facts);
        match has_closed {
            true => Ok(Outcome::Done),
            false => Err(Refusal::new(format!("there is no subscription {number} that has not ended"))),
        }
    }

    fn take_answer(&mut self, cause: Cause, name: &str, value: &str) -> Outcome {
        self.answers.insert(name.to_owned(), value.to_owned());
        self.record(cause, vec![Fact::Answered { name: name.to_owned(), value: value.to_owned() }]);
        Outcome::Done
    }

    pub(super) fn set_state(&mut self, id: ActorId, state: ActorState) {
        if let Some(actor) = self.actors.get_mut(id) {
            actor.state = state;
            if state == ActorState::Crashed {
                actor.life += 1;
                actor.inbox.clear();
            }
        }
        if state == ActorState::Crashed {
            self.cancel_wake(id);
        }
    }

    /// Lets an actor go on after a command about it.
    pub(super) fn wake_now(&mut self, id: ActorId) {
        if let Some(actor) = self.actors.get(id) {
            self.link = actor.standing;
        }
        self.deliver(id, Input::Wake);
    }

    pub(super) fn start(&mut self, program: Program) -> Result<Outcome, Refusal> {
        self.check_room(1)?;
        let mut actor = Actor::new(program);
        let name = actor.program.started_as();
        actor.caller = self.standings.get(name).and_then(|standing| {
            identity::caller_of_program(&self.identities, &self.account.network, name, standing)
        });
        let id = self.actors.push(actor);
        self.trouble_everybody();
        let asked_for = self.link;
        self.record_one(Cause::Command(self.commands_applied), Fact::ActorStarted { actor: id });
        self.wake_now(id);
        self.link = asked_for;
        Ok(Outcome::Done)
    }

    pub(super) fn stop_actor(&mut self, id: ActorId) -> Outcome {
        self.cancel_wake(id);
        self.with_actor(id, |actor, ctx| {
            match &mut actor.program {
                Program::Producer(producer) => producer.stop(ctx),
                Program::Kpl(kpl) => kpl.stop(ctx),
                Program::Agent(agent) => agent.end(ctx, false),
                Program::Reader(_) | Program::KclWorker(_) | Program::Managed(_) => {}
            }
            actor.state = ActorState::Stopped;
            ctx.note(Fact::ActorStopped { actor: id });
        });
        self.close_subscriptions(id);
        Outcome::Done
    }

    pub(super) fn close_subscriptions(&mut self, id: ActorId) {
        let mut facts = Vec::new();
        for subscription in self.subscribers.of_actor(id) {
            self.service.close_subscription(subscription, &mut facts);
        }
        self.record_service(Cause::Actor(id), facts);
    }

    pub(super) fn check_room(&self, actors: usize) -> Result<(), Refusal> {
        if self.actors.len() + actors > ACTORS_MAX {
            return Err(Refusal::new(format!(
                "a world has at most {ACTORS_MAX} producers, readers and workers"
            )));
        }
        Ok(())
    }

    /// Names are shared by running programs and applications: a line names one thing.
    pub(super) fn check_new_name(&self, name: &str) -> Result<(), Refusal> {
        if !is_plain_name(name, 64) {
            return Err(Refusal::new(format!(
                "{name:?} is no name: use 1 to 64 letters, digits, '_', '.' or '-', not beginning with '-'"
            )));
        }
        if self.applications.contains_key(name) {
            return Err(Refusal::new(format!(
                "there is a KCL application {name} already: choose another name"
            )));
        }
        let mut programs = self
            .actors
            .values()
            .filter(|actor| matches!(actor.state, ActorState::Running | ActorState::Paused));
        let Some(taken) = programs.find(|actor| actor.program.started_as() == name) else { return Ok(()) };
        let verb = match &taken.program {
            // Only what runs can be stopped.
            _ if taken.state != ActorState::Running => "",
            Program::Producer(_) => "producer",
            Program::Kpl(_) => "kpl",
            Program::Agent(_) => "agent",
            Program::Reader(_) => "reader",
            // AWS runs it, or its application has the name.
            Program::Managed(_) | Program::KclWorker(_) => "",
        };
        if verb.is_empty() {
            return Err(Refusal::new(format!("there is a {name} already: choose another name")));
        }
        Err(Refusal::new(format!(
            "{name} runs already: choose another name, or stop it first with sandbox {verb} stop {name}"
        )))
    }
}

fn is_plain_name(name: &str, length_max: usize) -> bool {
    !name.is_empty()
        && name.len() <= length_max
        && !name.starts_with('-')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}
