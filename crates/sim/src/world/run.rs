//! Virtual time: what is due is done in order, and actors act.

use kinesis::Instant;

use super::World;
use crate::actor::{Actor, ActorCtx, Input, Program, Reply};
use crate::cause::{Link, Rule};
use crate::event_queue::Event;
use crate::network::{latency, no_answer};
use crate::{ActorId, ActorState, Cause, Fact, FaultEnd, Root};

/// Events that one instant may have: more is a loop of ours.
const STEPS_PER_INSTANT_MAX: u64 = 1_000_000;

impl World {
    /// Does the next thing that is due at `to` or before; `false` where nothing is.
    pub(crate) fn step(&mut self, to: Instant) -> bool {
        let Some(due) = self.next_due().filter(|due| *due <= to) else { return false };
        self.steps += 1;
        self.steps_here = if due > self.now { 0 } else { self.steps_here + 1 };
        assert!(self.steps_here < STEPS_PER_INSTANT_MAX, "one instant must not have endless events");
        self.now = self.now.max(due);
        // The service goes first: a stream that becomes ACTIVE at an instant takes the records of that instant.
        if self.service.next_deadline().is_some_and(|deadline| deadline <= due) {
            let mut facts = std::mem::take(&mut self.buffers.service_facts);
            self.link = Link::SCHEDULE;
            self.service.settle(self.now, &mut facts);
            self.record_service(Cause::Schedule, facts);
        } else if let Some((link, event)) = self.queue.pop() {
            self.link = link;
            self.handle(event);
        }
        true
    }

    /// Does everything that is due at `to` or before.
    pub(crate) fn run_until(&mut self, to: Instant) {
        while self.step(to) {}
        self.now = self.now.max(to);
    }

    /// In a function of its own: before the page's first picture nothing but the service's own schedule is due.
    #[inline(never)]
    fn handle(&mut self, event: Event) {
        match event {
            Event::Wake(id) => {
                if let Some(actor) = self.actors.get_mut(id) {
                    actor.wake = None;
                }
                self.deliver(id, Input::Wake);
            }
            Event::Arrive { from, life, call_id, call } => {
                if call.endpoint_service().is_some_and(|service| !self.can_reach(from, service)) {
                    return self.connect_again(Event::Arrive { from, life, call_id, call });
                }
                if self.has_wrong_signature(from) {
                    return self.sign_again((from, life, call_id), call);
                }
                let (kind, lost) =
                    (call.kind(), self.may_lose_answer(from).then(|| no_answer(&call)).flatten());
                let (reply, takes) = self.answer(from, call);
                self.tell_served(from, life, call_id, &reply);
                self.send_answer((from, life, call_id), takes, reply, kind, lost);
            }
            Event::LookAtAlarms => self.look_at_alarms(),
            Event::Late { to, life, input } => {
                if self.actors.get(to).is_some_and(|actor| actor.life == life) {
                    self.hand_over(to, input);
                }
            }
            Event::FaultEnds(number) => self.end_fault(number, FaultEnd::Over),
            Event::Push { to, life, subscription, push } => {
                if self.actors.get(to).is_some_and(|actor| actor.life == life) {
                    self.deliver(to, Input::Push { subscription, push });
                }
            }
            Event::Reply { to, life, call_id, reply } => {
                if self.actors.get(to).is_some_and(|actor| actor.life == life) {
                    self.deliver(to, Input::Reply { call_id, reply });
                }
            }
        }
    }

    /// A program cannot know what became of a call before it is answered; the world keeps what it will never know.
    fn tell_served(&mut self, id: ActorId, life: u32, call_id: u64, reply: &Reply) {
        // What an agent had sent before it died comes once more after it: which of it is there shows then.
        let is_its = |actor: &&mut Actor| actor.life == life || matches!(actor.program, Program::Agent(_));
        let Some(actor) = self.actors.get_mut(id).filter(is_its) else { return };
        let fact = match &mut actor.program {
            Program::Producer(producer) => producer.served(id, call_id, reply),
            Program::Kpl(kpl) => kpl.served(id, call_id, reply),
            Program::Agent(agent) => agent.served(id, call_id, reply),
            Program::Reader(_) | Program::KclWorker(_) | Program::Managed(_) => None,
        };
        self.record(Cause::Actor(id), fact.into_iter().collect());
    }

    fn may_lose_answer(&self, id: ActorId) -> bool {
        let troubles = self.actors.get(id).and_then(|actor| actor.troubles.as_deref());
        troubles.is_some_and(|troubles| troubles.lost_answers > 0)
    }

    /// A program handles something, or keeps it for later where it stands still.
    pub(super) fn hand_over(&mut self, id: ActorId, input: Input) {
        let Some(actor) = self.actors.get_mut(id) else { return };
        match actor.state {
            ActorState::Running => {}
            ActorState::Paused => return actor.inbox.push((self.link, input)),
            // A stopped producer still counts the answers to what it had sent, and those that do not come.
            ActorState::Stopped
                if matches!(actor.program, Program::Producer(_) | Program::Kpl(_) | Program::Agent(_)) => {}
            ActorState::Stopped | ActorState::Crashed => return,
        }
        self.with_actor(id, |actor, ctx| actor.handle(ctx, input));
    }

    /// Lets an actor act, then does what it wants done.
    pub(super) fn with_actor(&mut self, id: ActorId, act: impl FnOnce(&mut Actor, &mut ActorCtx)) {
        let Some(actor) = self.actors.get_mut(id) else { return };
        // A chain that has become long begins again at the program's own schedule.
        let link = if self.link.is_long() { actor.standing } else { self.link };
        let mut ctx =
            ActorCtx::new(self.now, id, self.seed, link, self.journal.recorded(), &mut self.buffers);
        if let Some(troubles) = actor.troubles.as_deref() {
            ctx.clock = troubles.clock.shows(self.now);
        }
        let application = match &actor.program {
            Program::KclWorker(worker) => self.applications.get_mut(&worker.spec.name),
            Program::Producer(_)
            | Program::Kpl(_)
            | Program::Agent(_)
            | Program::Reader(_)
            | Program::Managed(_) => None,
        };
        if let Program::Managed(service) = &actor.program {
            let stream = service.source().and_then(|name| self.service.stream(name));
            ctx.retention = stream.map(kinesis::Stream::retention);
        }
        match application {
            Some(application) => {
                ctx.progress = std::mem::take(&mut application.progress);
                act(actor, &mut ctx);
                application.progress = std::mem::take(&mut ctx.progress);
                for shard in std::mem::take(&mut ctx.began) {
                    application.began(self.now, shard);
                }
                ctx.facts.iter().for_each(|(fact, _)| application.count(fact));
            }
            None => act(actor, &mut ctx),
        }
        if let Program::KclWorker(worker) = &actor.program
            && worker.has_stopped()
            && actor.state == ActorState::Running
        {
            actor.state = ActorState::Stopped;
            ctx.note(Fact::ActorStopped { actor: id });
        }
        let has_ended = matches!(&actor.program, Program::Managed(service) if service.has_ended());
        if has_ended && actor.state == ActorState::Running {
            actor.state = ActorState::Stopped;
            ctx.note(Fact::ActorStopped { actor: id });
        }
        let (life, mut sent) = (actor.life, actor.calls_sent);
        let mut troubled = Vec::new();
        for (call_id, call, link) in ctx.calls.drain(..) {
            sent += 1;
            if actor.troubles.is_some() {
                troubled.push((sent.wrapping_mul(2), (call_id, call, link)));
                continue;
            }
            let at = self.now + latency(self.seed, id, sent.wrapping_mul(2));
            self.queue.schedule(at, link, Event::Arrive { from: id, life, call_id, call });
        }
        actor.calls_sent = sent;
        if let Some(at) = ctx.wake {
            self.wake(id, at.max(self.now));
        }
        let before = self.link;
        for (fact, link) in ctx.facts.drain(..) {
            self.link = link;
            self.record_one(Cause::Actor(id), fact);
        }
        for measure in ctx.measures {
            self.publish(id, measure);
        }
        for (message, call) in troubled {
            self.send_troubled(id, message, call);
        }
        self.link = before;
        self.buffers.calls = ctx.calls;
        self.buffers.facts = ctx.facts;
        if !ctx.measured.is_empty() {
            self.take_measured(id, &ctx.measured);
        }
        if !ctx.closed.is_empty() {
            let mut facts = Vec::new();
            for subscription in ctx.closed {
                self.service.close_subscription(subscription, &mut facts);
            }
            self.record_service(Cause::Actor(id), facts);
        }
        if has_ended {
            self.cancel_wake(id);
            self.close_subscriptions(id);
        }
    }

    /// Who does what is done now.
    pub(super) fn cause(&self) -> Cause {
        match self.link.root {
            Root::Command(number) if number == self.commands_applied => Cause::Command(number),
            Root::Command(_) | Root::Schedule => Cause::Schedule,
        }
    }

    /// Schedules what follows from what is done now.
    pub(super) fn schedule(&mut self, at: Instant, event: Event) {
        self.queue.schedule(at, self.link, event);
    }

    /// At most one wake of an actor is pending: the earlier one.
    pub(super) fn wake(&mut self, id: ActorId, at: Instant) {
        let Some(actor) = self.actors.get_mut(id) else { return };
        if let Some(pending) = actor.wake {
            if pending.0 <= at {
                return;
            }
            self.queue.cancel(pending);
        }
        let link = actor.standing.by(Rule::OwnSchedule);
        actor.wake = Some(self.queue.schedule(at, link, Event::Wake(id)));
    }

    pub(super) fn cancel_wake(&mut self, id: ActorId) {
        if let Some(pending) = self.actors.get_mut(id).and_then(|actor| actor.wake.take()) {
            self.queue.cancel(pending);
        }
    }
}
