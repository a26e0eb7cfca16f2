//! Messages between programs and services: they take time, and a fault of the network loses some.

use kinesis::Instant;

use super::World;
use crate::actor::{Call, Input, Reply};
use crate::cause::{Link, Rule};
use crate::event_queue::Event;
use crate::fault::Troubles;
use crate::network::{Transit, latency, no_answer, transit};
use crate::{ActorId, ActorState, CallKind, Cause, Fact, FaultKind, Origin};

impl World {
    /// Sends a call of a program that a fault troubles; `message` numbers all that it ever sent.
    pub(super) fn send_troubled(
        &mut self,
        id: ActorId,
        message: u64,
        (call_id, call, link): (u64, Call, Link),
    ) {
        let Some(actor) = self.actors.get(id) else { return };
        let life = actor.life;
        let troubles = actor.troubles.as_deref();
        let is_cut_off =
            troubles.is_some_and(|t| t.is_partitioned) && matches!(call, Call::LeaseTable { .. });
        match transit(self.seed, id, message, troubles, false) {
            Transit::Arrives(after) if !is_cut_off => {
                let at = self.now + after;
                self.queue.schedule(at, link, Event::Arrive { from: id, life, call_id, call });
            }
            Transit::Arrives(_) | Transit::Lost => {
                let behind = match is_cut_off {
                    true => self.faults.behind(id, |kind| *kind == FaultKind::Partition),
                    false => self.faults.behind_loss(id, false),
                };
                let kind = call.kind();
                self.lose(id, life, (call_id, kind), no_answer(&call), false, behind.unwrap_or(link), link);
            }
        }
    }

    /// Sends an answer back, which the service has after `takes`.
    pub(super) fn send_answer(
        &mut self,
        (to, life, call_id): (ActorId, u32, u64),
        takes: kinesis::Duration,
        reply: Reply,
        kind: CallKind,
        lost: Option<(kinesis::Duration, Reply)>,
    ) {
        let message = (call_id.wrapping_mul(2) + 1) ^ u64::from(life) << 48;
        let troubles = self.actors.get(to).and_then(|actor| actor.troubles.as_deref());
        match (transit(self.seed, to, message, troubles, true), lost) {
            (Transit::Lost, Some(lost)) => {
                let link = self.link;
                let behind = self.faults.behind_loss(to, true).unwrap_or(link);
                self.lose(to, life, (call_id, kind), Some(lost), true, behind, link);
            }
            (Transit::Lost, None) => {}
            (Transit::Arrives(after), _) => {
                let at = self.now + takes + after;
                self.schedule(at, Event::Reply { to, life, call_id, reply });
            }
        }
    }

    /// A call or its answer is lost: the caller learns of it when it has waited long enough.
    #[allow(clippy::too_many_arguments)] // What is lost, whose it is, and why.
    fn lose(
        &mut self,
        id: ActorId,
        life: u32,
        (call_id, call): (u64, CallKind),
        waiting: Option<(kinesis::Duration, Reply)>,
        is_answer: bool,
        behind: Link,
        link: Link,
    ) {
        let before = self.link;
        self.link = behind;
        let also = match link.origin {
            Origin::Fact(number) => Some(number),
            Origin::Command(_) | Origin::Schedule => None,
        };
        let lost = self.record_about(
            Cause::Actor(id),
            Fact::MessageLost { actor: id, call, is_answer },
            also.filter(|number| *number < self.journal.recorded()),
        );
        let has_deadlines = self.actors.get(id).is_some_and(|actor| actor.program.has_deadlines());
        if let Some((after, reply)) = waiting.filter(|_| !has_deadlines) {
            let at = self.now + after;
            self.queue.schedule(at, lost.by(Rule::NoAnswer), Event::Reply { to: id, life, call_id, reply });
        }
        self.link = before;
    }

    /// Whether a call that reaches the service was signed by a clock that is wrong.
    pub(super) fn has_wrong_signature(&self, from: ActorId) -> bool {
        let troubles = self.actors.get(from).and_then(|actor| actor.troubles.as_deref());
        troubles.is_some_and(|troubles| troubles.clock.spoils_signatures())
    }

    /// A call that was signed by a clock that is wrong is refused, and comes again when the SDK has corrected it.
    pub(super) fn sign_again(&mut self, (from, life, call_id): (ActorId, u32, u64), call: Call) {
        let troubles = self.actors.get_mut(from).and_then(|actor| actor.troubles.as_deref_mut());
        let Some(troubles) = troubles else { return };
        troubles.clock.is_corrected = true;
        let link = self.link;
        let behind = self.faults.behind(from, |kind| matches!(kind, FaultKind::Clock { .. }));
        self.link = behind.unwrap_or(link);
        let refused = self.record_one(Cause::Actor(from), Fact::SignatureRefused { actor: from });
        let there_and_back = latency(self.seed, from, u64::MAX ^ call_id).times(2);
        let event = Event::Arrive { from, life, call_id, call };
        self.queue.schedule(self.now + there_and_back, refused, event);
        self.link = link;
    }

    /// Something reaches a program; a slow one, or one with a slow sink, handles it later.
    pub(super) fn deliver(&mut self, id: ActorId, input: Input) {
        let now = self.now;
        let Some(actor) = self.actors.get_mut(id) else { return };
        let is_running = actor.state == ActorState::Running;
        if let Some(troubles) = actor.troubles.as_deref_mut().filter(|_| is_running) {
            let at = troubles.handles_at(now, &input);
            if at > now {
                let life = actor.life;
                return self.schedule(at, Event::Late { to: id, life, input });
            }
        }
        self.hand_over(id, input);
    }
}

impl Troubles {
    /// When the program is through with something that reaches it now.
    fn handles_at(&mut self, now: Instant, input: &Input) -> Instant {
        let mut at = now;
        let records = input.record_count();
        if records > 0 && self.per_record > kinesis::Duration::ZERO {
            let takes = self.per_record.times(records);
            at = match input {
                // One after the other, as they come over one connection.
                Input::Push { subscription, .. } => {
                    let busy_until = self.sink_busy_until.or_insert_with(*subscription, || now);
                    *busy_until = (*busy_until).max(now) + takes;
                    *busy_until
                }
                Input::Wake | Input::Reply { .. } => now + takes,
            };
        }
        if self.handling > kinesis::Duration::ZERO {
            self.busy_until = self.busy_until.max(now) + self.handling;
            at = at.max(self.busy_until);
        }
        at
    }
}
