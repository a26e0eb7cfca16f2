//! Commands to KCL applications and their workers.

use kinesis::SortedMap;

use crate::actor::{Input, Program};
use crate::actors::kcl_worker::KclWorker;
use crate::history::Refusal;
use crate::world::{Application, World};
use crate::{ActorId, ActorState, ApplicationSpec, Cause, Fact, LeaseTable, Outcome, WorkerAction};

impl World {
    pub(super) fn start_application(&mut self, spec: &ApplicationSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        if spec.workers == 0 || spec.workers > ApplicationSpec::WORKERS_MAX {
            return Err(Refusal::new(format!(
                "an application starts with 1 to {} workers",
                ApplicationSpec::WORKERS_MAX
            )));
        }
        for (what, value, least) in [
            ("fail-over time", spec.failover, 1_000),
            ("checkpoint interval", spec.checkpoint_interval, 100),
            ("idle time between reads", spec.idle_between_reads, 200),
        ] {
            if value.millis() < least || value.seconds() > 3_600 {
                return Err(Refusal::new(format!("the {what} is {least} ms to 1 h")));
            }
        }
        self.check_room(spec.workers as usize)?;
        let application = Application {
            spec: spec.clone(),
            table: LeaseTable::default(),
            workers: Vec::new(),
            progress: SortedMap::new(),
            has_table: false,
            records: 0,
            again: 0,
        };
        self.applications.insert(spec.name.clone(), application);
        for _ in 0..spec.workers {
            self.add_worker(&spec.name)?;
        }
        Ok(Outcome::Done)
    }

    pub(super) fn add_worker(&mut self, name: &str) -> Result<Outcome, Refusal> {
        self.check_room(1)?;
        let application = self.find_application(name)?;
        let worker_name = format!("w{}", application.workers.len() + 1);
        if application.workers.len() >= ApplicationSpec::WORKERS_MAX as usize {
            return Err(Refusal::new(format!(
                "an application has at most {} workers",
                ApplicationSpec::WORKERS_MAX
            )));
        }
        let spec = application.spec.clone();
        let id = ActorId(self.actors.len() as u32);
        if let Some(application) = self.applications.get_mut(name) {
            application.workers.push(id);
        }
        self.start(Program::KclWorker(KclWorker::new(spec, worker_name, self.now)))
    }

    pub(super) fn act_on_worker(
        &mut self,
        application: &str,
        worker: &str,
        action: WorkerAction,
    ) -> Result<Outcome, Refusal> {
        let workers = self.find_application(application)?.workers.clone();
        let name_of = |id: &ActorId| self.worker(*id).map(|(_, worker)| worker.name.clone());
        let Some(id) = workers.iter().copied().find(|id| name_of(id).as_deref() == Some(worker)) else {
            return Err(Refusal::new(format!("{application} has no worker {worker}")));
        };
        let state = self.actors.get(&id).map_or(ActorState::Stopped, |actor| actor.state);
        let is_right_state = match action {
            WorkerAction::Crash => matches!(state, ActorState::Running | ActorState::Paused),
            WorkerAction::Pause | WorkerAction::Stop => state == ActorState::Running,
            WorkerAction::Resume => state == ActorState::Paused,
            WorkerAction::Restart => matches!(state, ActorState::Stopped | ActorState::Crashed),
        };
        if !is_right_state {
            let state = format!("{state:?}").to_lowercase();
            let wanted = match action {
                WorkerAction::Crash => "running or paused",
                WorkerAction::Pause | WorkerAction::Stop => "running",
                WorkerAction::Resume => "paused",
                WorkerAction::Restart => "stopped or crashed",
            };
            return Err(Refusal::new(format!(
                "{application}/{worker} is {state}: the action needs one that is {wanted}"
            )));
        }
        let cause = Cause::Command(self.commands_applied);
        match action {
            WorkerAction::Crash => {
                self.set_state(id, ActorState::Crashed);
                self.record(cause, vec![Fact::WorkerCrashed { worker: id }]);
            }
            WorkerAction::Pause => {
                self.set_state(id, ActorState::Paused);
                self.record(cause, vec![Fact::WorkerPaused { worker: id }]);
            }
            WorkerAction::Resume => {
                self.record(cause, vec![Fact::WorkerResumed { worker: id }]);
                self.set_state(id, ActorState::Running);
                let inbox = self.actors.get_mut(&id).map(|actor| std::mem::take(&mut actor.inbox));
                for (link, input) in inbox.unwrap_or_default() {
                    self.link = link;
                    self.deliver(id, input);
                }
                self.wake_now(id);
            }
            WorkerAction::Restart => {
                let now = self.now;
                if let Some(actor) = self.actors.get_mut(&id)
                    && let Program::KclWorker(worker) = &actor.program
                {
                    let fresh = KclWorker::new(worker.spec.clone(), worker.name.clone(), now);
                    actor.program = Program::KclWorker(fresh);
                    actor.life += 1;
                    actor.inbox.clear();
                }
                self.record(cause, vec![Fact::WorkerRestarted { worker: id }]);
                self.set_state(id, ActorState::Running);
                self.wake_now(id);
            }
            WorkerAction::Stop => self.with_actor(id, |actor, ctx| {
                if let Program::KclWorker(worker) = &mut actor.program {
                    worker.stop();
                }
                actor.handle(ctx, Input::Wake);
            }),
        }
        Ok(Outcome::Done)
    }

    pub(super) fn find_application(&self, name: &str) -> Result<&Application, Refusal> {
        self.applications.get(name).ok_or_else(|| Refusal::new(format!("there is no KCL application {name}")))
    }
}
