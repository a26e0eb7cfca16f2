//! The answer to "why?": from a fact back to a command, or to the service's own timetable.

use super::World;
use crate::actor::Actor;
use crate::cause::{Link, Rule};
use crate::lease_table::{LeaseCall, StateCall, TableCall};
use crate::{ActorId, Application, Cause, Lease, Origin, Root, StampedFact};

/// Steps of a chain: twice what one has that nothing of is forgotten.
const STEPS_MAX: usize = Link::DEPTH_MAX as usize * 2;

/// One step of a chain, from what happened towards what began it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Step<'w> {
    /// What happened; its rule says how it follows from the next step.
    Fact(&'w StampedFact),
    /// Facts in between are not kept any more: the chain goes on with the last command about the program behind them.
    Forgotten,
    /// The learner's command with this number, counted from 0.
    Command(u64),
    /// The service's own timetable.
    Schedule,
}

impl World {
    /// What led to a fact, the fact itself first and a command or the timetable last. Empty where it is not kept.
    pub fn why(&self, number: u64) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        let Some(first) = self.fact(number) else { return steps };
        let mut next = Some(first);
        while let Some(fact) = next {
            steps.push(Step::Fact(fact));
            let Origin::Fact(number) = fact.origin else { break };
            next = self.fact(number).filter(|_| steps.len() < STEPS_MAX);
            if next.is_none() {
                steps.push(Step::Forgotten);
                next = self.standing_before(fact).filter(|_| steps.len() < STEPS_MAX);
            }
        }
        steps.push(match first.root {
            Root::Command(number) => Step::Command(number),
            Root::Schedule => Step::Schedule,
        });
        steps
    }

    /// The last command about the program that brought a fact about, where that came before it and leads to the same
    /// end.
    fn standing_before(&self, fact: &StampedFact) -> Option<&StampedFact> {
        let Cause::Actor(id) = fact.cause else { return None };
        let Origin::Fact(number) = self.actors.get(id)?.standing.origin else { return None };
        self.fact(number).filter(|standing| standing.number < fact.number && standing.root == fact.root)
    }

    /// What a call to a table of an application follows from: taking a lease from somebody follows from what became of
    /// that one.
    pub(super) fn table_link(&self, application: &str, call: &TableCall) -> Link {
        let Some(application) = self.applications.get(application) else { return self.link };
        let lease = |key: &str| application.table.lease(key);
        match call {
            TableCall::Leases(LeaseCall::Take { key, counter, owner }) => {
                match lease(key).filter(|lease| lease.lease_counter == *counter) {
                    Some(lease) => self.lease_link(application, lease, owner, Rule::LeaseBalanced),
                    None => self.link,
                }
            }
            TableCall::Leases(LeaseCall::Assign { key, to, .. }) => match lease(key) {
                Some(lease) => self.lease_link(application, lease, to, Rule::LoadBalanced),
                None => self.link,
            },
            TableCall::Leases(LeaseCall::BeginHandOff { .. }) => self.link.by(Rule::LoadBalanced),
            TableCall::Leases(LeaseCall::HandOver { key, is_forced, .. }) => {
                let rule = if *is_forced { Rule::HandOffTimedOut } else { Rule::HandOffAsked };
                lease(key).and_then(|lease| lease.assigned).unwrap_or(self.link).by(rule)
            }
            TableCall::State(StateCall::Acquire { .. }) => {
                let holder = application.coordinator_state.leader().filter(|lock| !lock.is_released);
                match holder.and_then(|lock| self.worker_named(application, &lock.owner_name)) {
                    Some(actor) => actor.standing.by(Rule::LockExpired),
                    None => self.link.by(Rule::LockFree),
                }
            }
            TableCall::Leases(_) | TableCall::Metrics(_) | TableCall::State(_) => self.link,
        }
    }

    /// What giving a lease to `owner` follows from; `balanced` where who had it is alive.
    fn lease_link(&self, application: &Application, lease: &Lease, owner: &str, balanced: Rule) -> Link {
        match lease.actual_owner() {
            None => self.link.by(Rule::LeaseFree),
            Some(before) if before == owner => self.link,
            Some(before) if self.now.since(lease.written) > application.spec.failover => {
                let actor = self.worker_named(application, before);
                actor.map_or(self.link, |actor| actor.standing).by(Rule::LeaseExpired)
            }
            Some(_) => self.link.by(balanced),
        }
    }

    fn worker_named(&self, application: &Application, name: &str) -> Option<&Actor> {
        let is_it = |id: &&ActorId| self.worker(**id).is_some_and(|(_, worker)| worker.name == name);
        application.workers.iter().find(is_it).and_then(|id| self.actors.get(*id))
    }
}
