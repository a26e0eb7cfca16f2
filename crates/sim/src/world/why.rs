//! The answer to "why?": from a fact back to a command, or to the service's own timetable.

use super::World;
use crate::cause::{Link, Rule};
use crate::lease_table::LeaseCall;
use crate::{ActorId, Cause, Origin, Root, StampedFact};

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
        let Origin::Fact(number) = self.actors.get(&id)?.standing.origin else { return None };
        self.fact(number).filter(|standing| standing.number < fact.number && standing.root == fact.root)
    }

    /// What a call to a lease table follows from: taking a lease from somebody follows from what became of that one.
    pub(super) fn lease_link(&self, application: &str, call: &LeaseCall) -> Link {
        let LeaseCall::Take { key, counter, owner } = call else { return self.link };
        let Some(application) = self.applications.get(application) else { return self.link };
        let lease = application.table.lease(key).filter(|lease| lease.lease_counter == *counter);
        let Some(lease) = lease else { return self.link };
        match &lease.lease_owner {
            None => self.link.by(Rule::LeaseFree),
            Some(before) if before == owner => self.link,
            Some(before) if self.now.since(lease.written) > application.spec.failover => {
                let is_owner = |id: &&ActorId| self.worker(**id).is_some_and(|(_, w)| w.name == *before);
                let actor = application.workers.iter().find(is_owner).and_then(|id| self.actors.get(id));
                actor.map_or(self.link, |actor| actor.standing).by(Rule::LeaseExpired)
            }
            Some(_) => self.link.by(Rule::LeaseBalanced),
        }
    }
}
