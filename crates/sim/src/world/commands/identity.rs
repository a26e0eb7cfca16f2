//! Commands about who may do what.

use std::sync::Arc;

use kinesis::{Caller, Via};

use crate::history::Refusal;
use crate::identities::Identities;
use crate::neighbours::network::{EndpointService, Network, Route};
use crate::world::World;
use crate::{ActorState, Cause, Command, Fact, Outcome, Standing, VPC_ENDPOINT_ID};

impl World {
    pub(super) fn set_policy(
        &mut self,
        cause: Cause,
        principal: &str,
        name: &str,
        document: Option<&str>,
    ) -> Result<Outcome, Refusal> {
        self.identities.set_policy(principal, name, document)?;
        self.refresh_callers();
        let (principal, policy) = (principal.to_owned(), name.to_owned());
        self.record(cause, vec![Fact::PolicyChanged { principal, policy }]);
        Ok(Outcome::Done)
    }

    /// Lets a program call as a role from now on, or as the admin again.
    pub(super) fn attach(
        &mut self,
        cause: Cause,
        program: &str,
        standing: &Standing,
    ) -> Result<Outcome, Refusal> {
        check_standing(standing)?;
        let is_there = self
            .actors
            .values()
            .any(|actor| actor.program.started_as() == program && actor.state != ActorState::Stopped);
        if !is_there && !self.applications.contains_key(program) {
            return Err(Refusal::new(format!("there is no program {program} that runs")));
        }
        self.stand(program, standing);
        let (program, role, subnet) = (program.to_owned(), standing.role.clone(), standing.subnet);
        self.record(cause, vec![Fact::Attached { program, role, subnet }]);
        Ok(Outcome::Done)
    }

    pub(super) fn start_attached(
        &mut self,
        standing: &Standing,
        start: &Command,
    ) -> Result<Outcome, Refusal> {
        check_standing(standing)?;
        // A program that is started without a standing has the default one, whatever one of that name had before.
        let Some(program) = start.started_program() else {
            return Err(Refusal::new("only a program that is being started can be attached to a role"));
        };
        let before = self.standing(program);
        self.stand(program, standing);
        let outcome = self.carry_out(start);
        if outcome.is_err() {
            self.stand(program, &before);
        }
        outcome
    }

    pub(super) fn stand(&mut self, program: &str, standing: &Standing) {
        if *standing == Standing::default() {
            self.standings.remove(program);
        } else {
            self.standings.insert(program.to_owned(), standing.clone());
        }
        self.refresh_callers();
    }

    /// After a change of policies or standings: programs call with what they have now.
    pub(super) fn refresh_callers(&mut self) {
        for actor in self.actors.values_mut() {
            let name = actor.program.started_as();
            actor.caller = self.standings.get(name).and_then(|standing| {
                caller_of_program(&self.identities, &self.account.network, name, standing)
            });
        }
    }
}

/// The caller as which a program calls; none where that is the admin by the internet.
pub(super) fn caller_of_program(
    identities: &Identities,
    network: &Network,
    program: &str,
    standing: &Standing,
) -> Option<Arc<Caller>> {
    let as_role = identities.caller_of_program(program, standing);
    let Route::Endpoint(policy) = network.route(standing.subnet, EndpointService::KinesisStreams) else {
        return as_role;
    };
    let mut caller = as_role.map_or_else(|| identities.admin().clone(), |caller| (*caller).clone());
    caller.via = Via::VpcEndpoint { id: VPC_ENDPOINT_ID.to_owned() };
    caller.endpoint_policy = policy;
    Some(Arc::new(caller))
}

/// Documented: names of roles have 1 to 64 letters, digits and `+=,.@_-`.
fn check_standing(standing: &Standing) -> Result<(), Refusal> {
    let is_name = |role: &String| {
        (1..=64).contains(&role.len())
            && role.bytes().all(|b| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b))
    };
    match standing.role.as_ref().filter(|role| !is_name(role)) {
        Some(role) => Err(Refusal::new(format!(
            "{role:?} is no name of a role: use 1 to 64 letters, digits and +=,.@_-"
        ))),
        None => Ok(()),
    }
}
