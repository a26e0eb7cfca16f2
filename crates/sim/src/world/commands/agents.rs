//! Commands to servers with the Kinesis Agent.

use crate::actor::{Input, Program};
use crate::actors::agent::Agent;
use crate::history::Refusal;
use crate::world::World;
use crate::{ActorId, ActorState, AgentChange, AgentCommand, AgentSpec, Fact, LogSpec, Outcome};

impl World {
    #[inline(never)] // Not for the first picture.
    pub(super) fn change_agent(&mut self, command: &AgentCommand) -> Result<Outcome, Refusal> {
        match command {
            AgentCommand::Start(spec) => self.start_agent(spec),
            AgentCommand::Change(change) => self.change_one_agent(change),
            AgentCommand::AddLog { name, log } => self.add_log(name, log),
            AgentCommand::Stop { name } => match self.find_agent(name)? {
                (id, ActorState::Running) => Ok(self.stop_actor(id)),
                _ => Err(Refusal::new(format!("the agent on {name} does not run"))),
            },
            AgentCommand::Restart { name } => {
                let (id, state) = self.find_agent(name)?;
                match state {
                    ActorState::Running => self.with_agent(id, |agent, ctx| agent.end(ctx, true)),
                    ActorState::Paused => {
                        return Err(Refusal::new(format!("the agent on {name} stands still")));
                    }
                    ActorState::Stopped | ActorState::Crashed => {
                        self.check_new_name(name)?;
                        self.begin_agent(id);
                    }
                }
                Ok(Outcome::Done)
            }
        }
    }

    /// `file://…` stands for a file of the prompt.
    fn configuration(&self, text: &str) -> Result<String, Refusal> {
        let Some(path) = text.strip_prefix("file://") else { return Ok(text.to_owned()) };
        let file = self.home().file(path).ok_or_else(|| Refusal::new(format!("there is no file {path}")))?;
        let text = std::str::from_utf8(file).map_err(|_| Refusal::new(format!("{path} is no text")))?;
        Ok(text.to_owned())
    }

    fn start_agent(&mut self, spec: &AgentSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        let configuration = self.configuration(&spec.configuration)?;
        let spec = AgentSpec { configuration, ..spec.clone() };
        spec.check()?;
        self.check_room(1)?;
        let id = self.actors.next_id();
        let agent = Agent::new(spec, self.now, id);
        self.start(Program::Agent(Box::new(agent)))?;
        self.with_agent(id, Agent::begin);
        Ok(Outcome::Done)
    }

    fn change_one_agent(&mut self, change: &AgentChange) -> Result<Outcome, Refusal> {
        let (id, state) = self.find_agent(&change.name)?;
        if change.configuration.is_some() && state == ActorState::Paused {
            return Err(Refusal::new(format!("the agent on {} stands still", change.name)));
        }
        let configuration =
            change.configuration.as_deref().map(|text| self.configuration(text)).transpose()?;
        let change = AgentChange { configuration, ..change.clone() };
        if let Some((.., agent)) = self.agents().find(|(other, ..)| *other == id) {
            agent.check(&change)?;
        }
        self.with_agent(id, |agent, ctx| {
            agent.change(ctx, &change);
            ctx.note(Fact::ProducerChanged { actor: ctx.id });
            if state == ActorState::Running {
                agent.handle(ctx, Input::Wake);
            }
        });
        Ok(Outcome::Done)
    }

    fn add_log(&mut self, name: &str, log: &LogSpec) -> Result<Outcome, Refusal> {
        let (id, state) = self.find_agent(name)?;
        if let Some((.., agent)) = self.agents().find(|(other, ..)| *other == id) {
            agent.check_log(log)?;
        }
        self.with_agent(id, |agent, ctx| {
            agent.add_log(log.clone(), ctx.now);
            ctx.note(Fact::LogAdded { actor: ctx.id, path: log.path.clone() });
            if state == ActorState::Running {
                agent.handle(ctx, Input::Wake);
            }
        });
        Ok(Outcome::Done)
    }

    /// The agent's process begins again after it ended or died.
    pub(super) fn begin_agent(&mut self, id: ActorId) {
        self.set_state(id, ActorState::Running);
        let asked_for = self.link;
        let cause = self.cause();
        self.link = self.record_one(cause, Fact::ActorStarted { actor: id });
        self.with_agent(id, |agent, ctx| agent.restart(ctx));
        self.link = asked_for;
    }

    fn with_agent(&mut self, id: ActorId, act: impl FnOnce(&mut Agent, &mut crate::actor::ActorCtx)) {
        self.cancel_wake(id);
        self.with_actor(id, |actor, ctx| {
            if let Program::Agent(agent) = &mut actor.program {
                act(agent, ctx);
            }
        });
    }

    /// The newest server of a name, whether its agent runs or not.
    fn find_agent(&self, name: &str) -> Result<(ActorId, ActorState), Refusal> {
        let named = self.agents().filter(|(_, _, agent)| agent.spec.name == name);
        let newest = named.last().map(|(id, state, _)| (id, state));
        newest.ok_or_else(|| Refusal::new(format!("there is no server {name} with the Kinesis Agent")))
    }
}
