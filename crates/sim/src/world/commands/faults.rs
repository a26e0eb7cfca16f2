//! Faults begin and end.

use kinesis::{Blob, PutRecordInput, ShardId};

use crate::actor::{Actor, Program};
use crate::cause::Rule;
use crate::event_queue::Event;
use crate::fault::{ActiveFault, FAULTS_MAX, FaultEnd, poison};
use crate::history::Refusal;
use crate::world::World;
use crate::{ActorId, ActorState, Fact, FaultKind, FaultSpec, Outcome, WorkerAction};

/// Whether a fault can befall a function. Lambda runs it anew for each invocation, in machines and a network of AWS's own.
#[allow(clippy::wildcard_enum_match_arm)] // The others are about streams.
fn befalls_function(kind: &FaultKind, name: &str) -> Result<(), Refusal> {
    let why = match kind {
        FaultKind::Slow { .. } | FaultKind::SlowSink { .. } => return Ok(()),
        FaultKind::Crash => {
            "has no process that could die: let it throw, with sandbox function update --fails-every, or at a record of \
             sandbox fault poison"
        }
        FaultKind::Pause => {
            "does not stand still between invocations: let it be slow, or update it with --takes"
        }
        FaultKind::Partition => "has no lease table to be cut off from",
        _ => "runs in a network, and by a clock, of AWS's own",
    };
    Err(Refusal::new(format!("the function {name} {why}")))
}

fn is_managed(actor: &Actor) -> bool {
    matches!(actor.program, Program::Managed(_))
}

impl World {
    pub(super) fn begin_fault(&mut self, spec: &FaultSpec) -> Result<Outcome, Refusal> {
        spec.check()?;
        if self.faults.active().len() >= FAULTS_MAX {
            return Err(Refusal::new(format!("at most {FAULTS_MAX} faults are on at one time")));
        }
        let actor = self.check_target(spec)?;
        let number = self.faults.next_number();
        let cause = self.cause();
        let asked_for = self.link;
        let link = self.record_one(cause, Fact::FaultBegan { number, fault: Box::new(spec.clone()) });
        let until = spec.lasts.map(|lasts| self.now + lasts);
        let link = link.by(Rule::FaultOn);
        self.faults.begin(ActiveFault { spec: spec.clone(), since: self.now, until, actor, link });
        if let Some(until) = until {
            self.queue.schedule(until, link.by(Rule::FaultOver), Event::FaultEnds(number));
        }
        self.link = link;
        self.strike(spec, actor)?;
        self.trouble_everybody();
        self.link = asked_for;
        Ok(Outcome::Done)
    }

    /// The program that a fault is about, where it can befall it.
    #[allow(clippy::wildcard_enum_match_arm)] // The others can befall everybody.
    fn check_target(&self, spec: &FaultSpec) -> Result<Option<ActorId>, Refusal> {
        let Some(target) = spec.target.as_deref() else { return Ok(None) };
        if let FaultKind::Throttle { .. } | FaultKind::Poison { .. } = &spec.kind {
            let Some(stream) = self.service.stream(target) else {
                return Err(Refusal::new(format!("there is no stream {target}")));
            };
            if let FaultKind::Throttle { shard: Some(shard) } = &spec.kind
                && ShardId::parse(shard).and_then(|id| stream.shard(id)).is_none()
            {
                return Err(Refusal::new(format!("{target} has no shard {shard}")));
            }
            if let FaultKind::Poison { program, .. } = &spec.kind
                && !self.applications.contains_key(program)
                && !self.functions.contains_key(program)
            {
                return Err(Refusal::new(format!("there is no KCL application or function {program}")));
            }
            return Ok(None);
        }
        if self.applications.contains_key(target) {
            return Err(Refusal::new(format!(
                "{target} is an application: name one of its workers, as {target}/w1"
            )));
        }
        let is_live = |state: ActorState| matches!(state, ActorState::Running | ActorState::Paused);
        let named = |id: &ActorId| self.actor_name(*id) == target;
        let found = self.actors.iter().rev().filter(|(_, actor)| is_live(actor.state)).map(|(id, _)| id);
        // A mapping goes by the name of its function, which is what can be broken.
        let found = found.into_iter().find(named);
        let is_program = found.and_then(|id| self.actors.get(id)).is_some_and(|actor| !is_managed(actor));
        if !is_program && self.functions.contains_key(target) {
            return befalls_function(&spec.kind, target).map(|()| None);
        }
        let Some(id) = found else {
            return Err(Refusal::new(format!("there is no running program {target}")));
        };
        let Some(actor) = self.actors.get(id) else { return Ok(None) };
        let is_worker = matches!(actor.program, Program::KclWorker(_));
        let is_agent = matches!(actor.program, Program::Agent(_));
        let refused = match spec.kind {
            // Assumed: AWS replaces what breaks of its own before anybody sees it.
            _ if is_managed(actor) => Some(
                "is run by AWS, which looks after its machines and its network: what can go wrong there is the function \
                 (slow, slow-sink), a poison record, and a shard that throttles",
            ),
            FaultKind::Pause if actor.state == ActorState::Paused => {
                Some("stands still already: sandbox fault clear lets it go on")
            }
            FaultKind::Partition if !is_worker => Some("has no lease table to be cut off from"),
            FaultKind::SlowSink { .. }
                if matches!(actor.program, Program::Producer(_) | Program::Kpl(_) | Program::Agent(_)) =>
            {
                Some("has no sink: it only puts records")
            }
            FaultKind::Crash if spec.lasts.is_some() && !is_worker && !is_agent => {
                Some("is not started again by itself: start it anew after the crash")
            }
            _ => None,
        };
        match refused {
            Some(why) => Err(Refusal::new(format!("{target} {why}"))),
            None => Ok(Some(id)),
        }
    }

    /// What a fault does at once.
    #[allow(clippy::wildcard_enum_match_arm)] // The others do nothing at once.
    fn strike(&mut self, spec: &FaultSpec, actor: Option<ActorId>) -> Result<(), Refusal> {
        match (&spec.kind, actor) {
            (FaultKind::Crash, Some(id)) => match self.worker_name(id) {
                Some((application, worker)) => {
                    self.act_on_worker(&application, &worker, WorkerAction::Crash).map(|_| ())
                }
                None => {
                    self.crash(id);
                    Ok(())
                }
            },
            (FaultKind::Pause, Some(id)) => match self.worker_name(id) {
                Some((application, worker)) => {
                    self.act_on_worker(&application, &worker, WorkerAction::Pause).map(|_| ())
                }
                None => {
                    self.set_state(id, ActorState::Paused);
                    Ok(())
                }
            },
            (FaultKind::Poison { program, key }, _) => {
                let input = PutRecordInput {
                    stream_name: spec.target.as_deref().map(Into::into),
                    partition_key: Some(key.as_str().into()),
                    data: Some(Blob::Bytes(poison(program).into_bytes())),
                    ..PutRecordInput::default()
                };
                // Refused or not: the answer stands in the log.
                let _ = self.serve(self.cause(), &input.into());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A program other than a worker dies: what it had in memory is gone, and its connections close.
    fn crash(&mut self, id: ActorId) {
        self.with_actor(id, |actor, ctx| match &mut actor.program {
            Program::Producer(producer) => producer.crash(ctx),
            Program::Kpl(kpl) => kpl.crash(ctx),
            Program::Agent(agent) => agent.crash(ctx),
            Program::Reader(_) | Program::KclWorker(_) | Program::Managed(_) => {}
        });
        self.set_state(id, ActorState::Crashed);
        let mut facts = Vec::new();
        for subscription in self.subscribers.of_actor(id) {
            self.service.close_subscription(subscription, &mut facts);
        }
        self.record_service(crate::Cause::Actor(id), facts);
    }

    fn worker_name(&self, id: ActorId) -> Option<(String, String)> {
        self.worker(id).map(|(_, worker)| (worker.spec.name.clone(), worker.name.clone()))
    }

    /// Ends the faults of a program or stream, or all.
    pub(super) fn clear_faults(&mut self, target: Option<&str>) -> Result<Outcome, Refusal> {
        let is_meant = |fault: &ActiveFault| target.is_none() || fault.spec.target.as_deref() == target;
        let active = self.faults.active().filter(|(_, fault)| is_meant(fault));
        let numbers: Vec<u64> = active.map(|(number, _)| number).collect();
        if numbers.is_empty() {
            return Err(Refusal::new(match target {
                Some(target) => format!("no fault of {target} is on"),
                None => "no fault is on".to_owned(),
            }));
        }
        let asked_for = self.link;
        for number in numbers {
            self.link = asked_for;
            self.end_fault(number, FaultEnd::Cleared);
        }
        Ok(Outcome::Done)
    }

    /// A fault ends, unless it has ended before.
    #[allow(clippy::wildcard_enum_match_arm)] // Two kinds leave a program to be set going again.
    pub(in crate::world) fn end_fault(&mut self, number: u64, end: FaultEnd) {
        let Some(fault) = self.faults.end(number) else { return };
        let before = self.link;
        let cause = self.cause();
        let spec = Box::new(fault.spec.clone());
        self.link = self.record_one(cause, Fact::FaultEnded { number, fault: spec, end });
        self.trouble_everybody();
        let state = fault.actor.and_then(|id| self.actors.get(id)).map(|actor| actor.state);
        let action = match (&fault.spec.kind, state) {
            (FaultKind::Pause, Some(ActorState::Paused)) => Some(WorkerAction::Resume),
            (FaultKind::Crash, Some(ActorState::Crashed)) => Some(WorkerAction::Restart),
            _ => None,
        };
        if let (Some(id), Some(action)) = (fault.actor, action) {
            match self.worker_name(id) {
                // Its state is the right one: it was looked at just now.
                Some((application, worker)) => {
                    let _ = self.act_on_worker(&application, &worker, action);
                }
                None if action == WorkerAction::Restart => self.begin_agent(id),
                None => self.resume(id),
            }
        }
        self.link = before;
    }

    fn resume(&mut self, id: ActorId) {
        self.set_state(id, ActorState::Running);
        let inbox = self.actors.get_mut(id).map(|actor| std::mem::take(&mut actor.inbox));
        for (link, input) in inbox.unwrap_or_default() {
            self.link = link;
            self.deliver(id, input);
        }
        self.wake_now(id);
    }

    /// Tells each program what the faults of the present do to it.
    pub(super) fn trouble_everybody(&mut self) {
        let programs =
            self.actors.iter_mut().filter(|(_, actor)| !matches!(actor.program, Program::Managed(_)));
        for (id, actor) in programs {
            let troubles = self.faults.troubles(id, self.now, actor.troubles.as_deref());
            actor.troubles = troubles.map(Box::new);
        }
    }
}
