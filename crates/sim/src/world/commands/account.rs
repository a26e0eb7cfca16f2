//! Commands about what watches an account, and what is looked at each minute.

use kinesis::{Caller, Duration, Instant, Policy};

use crate::actor::Program;
use crate::cause::Link;
use crate::event_queue::Event;
use crate::history::Refusal;
use crate::neighbours::account::AccountFact;
use crate::neighbours::network::{EndpointService, Route, Subnet};
use crate::world::World;
use crate::{AccountCommand, ActorId, ActorState, Cause, Fact, Outcome};

impl World {
    pub(super) fn set_account(&mut self, cause: Cause, command: &AccountCommand) -> Result<Outcome, Refusal> {
        let now = self.now;
        let fact = match command {
            AccountCommand::PutAlarm(spec) => {
                self.account.cloudwatch.put_alarm(now, spec.clone()).map_err(Refusal::new)?;
                self.schedule_alarms();
                AccountFact::AlarmStored { alarm: spec.name.clone() }
            }
            AccountCommand::DeleteAlarm { name } => match self.account.cloudwatch.alarms.remove(name) {
                Some(_) => AccountFact::AlarmDeleted { alarm: name.clone() },
                None => return Err(Refusal::new(format!("there is no alarm {name}"))),
            },
            AccountCommand::SetEndpoint { service, policy } => {
                let policy = policy.as_deref().map(Policy::of_endpoint).transpose();
                let policy = policy.map_err(|error| Refusal::new(error.to_string()))?;
                self.account.network.set(*service, policy);
                self.refresh_callers();
                AccountFact::EndpointSet { service: *service }
            }
            AccountCommand::DeleteEndpoint { service } => {
                if !self.account.network.remove(*service) {
                    return Err(Refusal::new(format!("the VPC has no endpoint for {}", service.name())));
                }
                self.refresh_callers();
                AccountFact::EndpointDeleted { service: *service }
            }
            AccountCommand::SetKeyPolicy { key, document } => {
                self.identities.set_key_policy(key, document.as_deref())?;
                AccountFact::KeyPolicySet { key: key.clone() }
            }
            AccountCommand::CreateIdentity { principal, trust } => {
                let principal = self.identities.create(principal, trust.as_deref(), now)?;
                AccountFact::IdentityCreated { principal }
            }
            AccountCommand::DeleteIdentity { principal } => {
                let principal = self.identities.delete(principal)?;
                self.refresh_callers();
                AccountFact::IdentityDeleted { principal }
            }
            AccountCommand::SetDataEvents(events) => {
                self.account.cloudtrail.data_events = *events;
                AccountFact::DataEventsSet { name: events.name() }
            }
        };
        self.record(cause, vec![Fact::Account(fact)]);
        Ok(Outcome::Done)
    }

    /// Alarms are looked at on each minute, as long as there are some.
    fn schedule_alarms(&mut self) {
        if !self.account.is_alarm_look_due {
            self.account.is_alarm_look_due = true;
            let minute = Instant::from_seconds(self.now.seconds() / 60 * 60);
            let link = std::mem::replace(&mut self.link, Link::SCHEDULE);
            self.schedule(minute + Duration::from_seconds(60), Event::LookAtAlarms);
            self.link = link;
        }
    }

    pub(in crate::world) fn look_at_alarms(&mut self) {
        self.account.is_alarm_look_due = false;
        for (alarm, state) in self.account.cloudwatch.evaluate(self.now) {
            let fact = AccountFact::AlarmStateChanged { alarm, state };
            self.record(Cause::Schedule, vec![Fact::Account(fact)]);
        }
        if !self.account.cloudwatch.alarms.is_empty() {
            self.schedule_alarms();
        }
    }

    /// The caller of a program as a neighbour of Kinesis sees it; none where it is the admin by the internet.
    pub(in crate::world) fn caller_at(&self, id: ActorId, service: EndpointService) -> Option<Caller> {
        let actor = self.actors.get(id)?;
        let caller = actor.caller.as_deref()?;
        let route = self.account.network.route(self.subnet_of(id), service);
        let endpoint_policy = if let Route::Endpoint(policy) = route { policy } else { None };
        Some(Caller { endpoint_policy, ..caller.clone() })
    }

    fn subnet_of(&self, id: ActorId) -> Subnet {
        if self.standings.is_empty() {
            return Subnet::default();
        }
        let standing = self.actors.get(id).and_then(|actor| self.standings.get(actor.program.started_as()));
        standing.map(|standing| standing.subnet).unwrap_or_default()
    }

    /// Whether a program stands somewhere else than where every program stands by default.
    pub(in crate::world) fn has_standing(&self, id: ActorId) -> bool {
        self.subnet_of(id) != Subnet::default()
    }

    /// Whether a program's calls get to a service; that they do not is told once in each minute.
    pub(in crate::world) fn can_reach(&mut self, id: ActorId, service: EndpointService) -> bool {
        if self.account.network.route(self.subnet_of(id), service) != Route::None {
            return true;
        }
        let minute = self.now.seconds() / 60;
        let timed_out = &mut self.account.timed_out;
        if timed_out.get(&(id, service)) != Some(&minute) {
            timed_out.insert((id, service), minute);
            let fact = AccountFact::ConnectionTimedOut { actor: id, service };
            self.record_one(Cause::Actor(id), Fact::Account(fact));
        }
        false
    }

    /// A call that no route leads to its service. A producer stops waiting by itself; for others the SDK tries again.
    ///
    /// Assumed: it tries to connect for a minute (botocore's default), and begins anew for as long as the program runs.
    pub(in crate::world) fn connect_again(&mut self, event: Event) {
        let Event::Arrive { from, life, .. } = &event else { return };
        let waits = self.actors.get(*from).is_some_and(|actor| {
            actor.life == *life
                && matches!(actor.state, ActorState::Running | ActorState::Paused)
                && !matches!(actor.program, Program::Producer(_) | Program::Kpl(_) | Program::Agent(_))
        });
        if waits {
            self.schedule(self.now + CONNECT_TIMEOUT, event);
        }
    }
}

const CONNECT_TIMEOUT: Duration = Duration::from_seconds(60);
