//! What programs and managed services tell CloudWatch.

use super::World;
use crate::actor::{Actor, Program};
use crate::actors::managed::Managed;
use crate::neighbours::cloudwatch::{Measure, Measured, ProgramMetric, Stat};
use crate::neighbours::function::{InvokeOutcome, InvokeReply};
use crate::neighbours::network::EndpointService;
use crate::{ActorId, Cause, Fact};

/// Seconds between two uploads of a program: it is looked once in each whether it may.
///
/// Documented: the KCL gathers for ten seconds. Simplified: the KPL uploads once a minute.
const UPLOAD_SECONDS: u64 = 10;

impl World {
    /// Takes what an actor has measured. What a program measures goes to CloudWatch by PutMetricData: without the right,
    /// or a route, nothing is published, and the program runs on. AWS's own services need neither.
    #[inline(never)]
    pub(super) fn take_measured(&mut self, id: ActorId, measured: &[Measured]) {
        let Some(actor) = self.actors.get(id) else { return };
        let is_program = match &actor.program {
            Program::Kpl(_) | Program::KclWorker(_) => true,
            Program::Managed(_) => false,
            Program::Producer(_) | Program::Reader(_) | Program::Agent(_) => return,
        };
        if is_program && !self.may_upload(id) {
            return;
        }
        let Some(actor) = self.actors.get(id) else { return };
        let (owner, worker) = publisher(actor);
        self.account.cloudwatch.measure(self.now, owner, worker, measured);
    }

    /// PutMetricData of a program: without the right nothing is published, and the program runs on.
    pub(super) fn publish(&mut self, id: ActorId, measure: Measure) {
        if self.may_upload(id) {
            self.account.cloudwatch.publish(self.now, measure);
        }
    }

    /// Whether PutMetricData of a program comes through; that it does not is told once in each minute.
    pub(super) fn may_upload(&mut self, id: ActorId) -> bool {
        let stands_free = self.actors.get(id).is_some_and(|actor| actor.caller.is_none());
        if stands_free && !self.has_standing(id) {
            return true;
        }
        let upload = self.now.seconds() / UPLOAD_SECONDS;
        if let Some((last, may)) = self.account.cloudwatch.uploads.get(&id)
            && *last == upload
        {
            return *may;
        }
        let may = self.can_reach(id, EndpointService::Monitoring) && self.may_put_metric_data(id);
        self.account.cloudwatch.uploads.insert(id, (upload, may));
        may
    }

    fn may_put_metric_data(&mut self, id: ActorId) -> bool {
        let Some(caller) = self.caller_at(id, EndpointService::Monitoring) else { return true };
        let Err(error) = self.service.must_allow(&caller, "cloudwatch:PutMetricData", "*") else {
            return true;
        };
        let minute = self.now.seconds() / 60;
        let refused = &mut self.account.cloudwatch.refused;
        if refused.get(&id) != Some(&minute) {
            refused.insert(id, minute);
            let sentence = error.message().to_owned();
            self.record_one(Cause::Actor(id), Fact::AccessDenied { sentence });
        }
        false
    }

    /// An invocation of a function, as Lambda measures it.
    pub(super) fn measure_invocation(&mut self, function: &str, reply: &InvokeReply, running: u64) {
        use ProgramMetric as M;
        let (has_run, has_failed) = match reply.outcome {
            InvokeOutcome::Returned { .. } => (true, 0),
            InvokeOutcome::Threw | InvokeOutcome::TimedOut => (true, 1),
            InvokeOutcome::Throttled => (false, 0),
            InvokeOutcome::NotFound => return,
        };
        let one = |metric, value| Measured { metric, shard: None, code: None, stat: Stat::one(value) };
        // Documented: a throttled request counts neither as an invocation nor as an error.
        let mut measured =
            vec![one(M::Throttles, u64::from(!has_run)), one(M::ConcurrentExecutions, running)];
        if has_run {
            measured.push(one(M::Invocations, 1));
            measured.push(one(M::Errors, has_failed));
            measured.push(one(M::Duration, reply.took.millis()));
        }
        self.account.cloudwatch.measure(self.now, function, "", &measured);
    }
}

/// Of what an actor's metrics speak, and its name among workers.
fn publisher(actor: &Actor) -> (&str, &str) {
    match &actor.program {
        Program::Kpl(kpl) => (&kpl.spec.stream, ""),
        Program::KclWorker(worker) => (&worker.spec.name, &worker.name),
        Program::Managed(Managed::Mapping(mapping)) => (&mapping.spec.function, ""),
        Program::Managed(service) => (service.name(), ""),
        Program::Producer(_) | Program::Reader(_) | Program::Agent(_) => ("", ""),
    }
}
