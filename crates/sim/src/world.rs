//! The world: one clock, one queue of what is due, the service, the actors and what they own. A plain value.

use kinesis::{
    ApiError, CallContext, Instant, LimitsProfile, PutRecordsResultEntry, Request, Response, Service,
    ShardId, SortedMap,
};

use crate::actor::{Actor, ActorCtx, Call, Input, Program, Reply, latency};
use crate::actors::kcl_worker::KclWorker;
use crate::actors::producer::Producer;
use crate::actors::reader::Reader;
use crate::event_queue::{Event, EventKey, EventQueue};
use crate::history::Refusal;
use crate::home::{Home, digest_file, digest_variable};
use crate::identities::{CallerSpec, Identities};
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::readings::{Reading, Readings};
use crate::subscribers::Subscribers;
use crate::{
    ActorId, ActorState, ApplicationSpec, Cause, Command, Digest, Fact, LeaseTable, Outcome, ProducerChange,
    ProducerSpec, ReaderSpec, SandboxOptions, StampedFact, WorkerAction,
};

/// Everything that is simulated, at one instant.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) now: Instant,
    pub(crate) service: Service,
    pub(crate) actors: SortedMap<ActorId, Actor>,
    pub(crate) applications: SortedMap<String, Application>,
    pub(crate) metrics: Metrics,
    pub(crate) journal: Journal,
    pub(crate) answers: SortedMap<String, String>,
    home: Home,
    readings: Readings,
    subscribers: Subscribers,
    queue: EventQueue,
    wakes: SortedMap<ActorId, EventKey>,
    digest: Digest,
    seed: u64,
    pub(crate) identities: Identities,
    commands_applied: u64,
    steps: u64,
}

/// A KCL application: its lease table and how far it has really come.
#[derive(Clone, Debug)]
pub struct Application {
    pub spec: ApplicationSpec,
    pub table: LeaseTable,
    pub workers: Vec<ActorId>,
    /// Index of the last record that some worker processed, by shard: what duplicates are measured by.
    pub progress: SortedMap<ShardId, u64>,
    pub has_table: bool,
    /// Records processed by all workers that ever were, and how many of these were processed before.
    pub records: u64,
    pub again: u64,
}

/// Actors of one world, stopped ones included.
const ACTORS_MAX: usize = 1_000;
/// Events that one instant may have: more is a loop of ours.
const STEPS_PER_INSTANT_MAX: u64 = 1_000_000;

impl World {
    pub(crate) fn new(options: &SandboxOptions) -> World {
        World {
            now: options.start,
            service: Service::new(options.limits, &options.account, &options.region),
            actors: SortedMap::new(),
            applications: SortedMap::new(),
            metrics: Metrics::default(),
            journal: Journal::default(),
            answers: SortedMap::new(),
            home: Home::default(),
            readings: Readings::default(),
            subscribers: Subscribers::default(),
            queue: EventQueue::default(),
            wakes: SortedMap::new(),
            digest: Digest::default(),
            seed: options.seed,
            identities: Identities::new(&options.account),
            commands_applied: 0,
            steps: 0,
        }
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    pub fn service(&self) -> &Service {
        &self.service
    }

    pub fn limits_profile(&self) -> LimitsProfile {
        self.service.limits().profile
    }

    /// Whether a user or role has identity policies here; the admin needs none.
    pub fn knows_identity(&self, principal: &str) -> bool {
        self.identities.knows(principal)
    }

    /// Answers that the learner gave, by name.
    pub fn answers(&self) -> &SortedMap<String, String> {
        &self.answers
    }

    /// Variables and files of the prompt.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Readings that the learner began with GetShardIterator, the newest ones.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.readings.newest()
    }

    pub(crate) fn subscribers(&self) -> &Subscribers {
        &self.subscribers
    }

    /// KCL applications by name.
    pub fn applications(&self) -> &SortedMap<String, Application> {
        &self.applications
    }

    /// Producers in the order in which they were started, stopped ones included.
    pub fn producers(&self) -> impl Iterator<Item = (ActorId, ActorState, &Producer)> {
        self.actors.iter().filter_map(|(id, actor)| match &actor.program {
            Program::Producer(producer) => Some((*id, actor.state, producer)),
            Program::Reader(_) | Program::KclWorker(_) => None,
        })
    }

    /// Readers in the order in which they were started, stopped ones included.
    pub fn readers(&self) -> impl Iterator<Item = (ActorId, ActorState, &Reader)> {
        self.actors.iter().filter_map(|(id, actor)| match &actor.program {
            Program::Reader(reader) => Some((*id, actor.state, reader)),
            Program::Producer(_) | Program::KclWorker(_) => None,
        })
    }

    /// A KCL worker and its state.
    pub fn worker(&self, id: ActorId) -> Option<(ActorState, &KclWorker)> {
        self.actors.get(&id).and_then(|actor| match &actor.program {
            Program::KclWorker(worker) => Some((actor.state, worker)),
            Program::Producer(_) | Program::Reader(_) => None,
        })
    }

    /// An actor's name: `web`, `billing/w1`.
    pub fn actor_name(&self, id: ActorId) -> String {
        self.actors.get(&id).map_or_else(String::new, |actor| match &actor.program {
            Program::Producer(producer) => producer.spec.name.clone(),
            Program::Reader(reader) => reader.spec.name.clone(),
            Program::KclWorker(worker) => format!("{}/{}", worker.spec.name, worker.name),
        })
    }

    /// Facts from `number` on that are still kept, oldest first.
    pub fn facts_since(&self, number: u64) -> impl DoubleEndedIterator<Item = &StampedFact> {
        self.journal.since(number)
    }

    /// Number of facts ever recorded.
    pub fn fact_count(&self) -> u64 {
        self.journal.recorded()
    }

    /// Number of the oldest fact that is kept.
    pub fn first_kept_fact(&self) -> u64 {
        self.journal.first()
    }

    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What happens next by itself, and when.
    pub fn next_due(&self) -> Option<Instant> {
        [self.service.next_deadline(), self.queue.next_due()].into_iter().flatten().min()
    }

    /// Messages and wakes that are scheduled.
    pub fn scheduled_count(&self) -> usize {
        self.queue.len()
    }

    /// About how many bytes a copy of this world does not share with it: what bounds the copies that are kept.
    pub(crate) fn own_bytes(&self) -> u64 {
        let shards: usize = self.service.streams().map(|stream| stream.shards().len()).sum();
        let leases: usize = self.applications.values().map(|app| app.table.leases().len()).sum();
        let waiting: u64 = self.producers().map(|(_, _, p)| p.waiting() + p.in_flight()).sum();
        let fixed = 64 << 10;
        fixed
            + shards as u64 * 512
            + leases as u64 * 512
            + self.metrics.second_count() * 80
            + self.queue.len() as u64 * 512
            + waiting * 160
            + self.subscribers.own_bytes()
    }

    /// Events handled so far: the measure of work, for budgets and benches.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    // Time ------------------------------------------------------------------------------------------------------------

    /// Does the next thing that is due at `to` or before; `false` where nothing is.
    pub(crate) fn step(&mut self, to: Instant) -> bool {
        let Some(due) = self.next_due().filter(|due| *due <= to) else { return false };
        self.steps += 1;
        self.now = self.now.max(due);
        // The service goes first: a stream that becomes ACTIVE at an instant takes the records of that instant.
        if self.service.next_deadline().is_some_and(|deadline| deadline <= due) {
            let mut facts = Vec::new();
            self.service.settle(self.now, &mut facts);
            self.record_service(Cause::Schedule, facts);
        } else if let Some((_, event)) = self.queue.pop() {
            self.handle(event);
        }
        true
    }

    /// Does everything that is due at `to` or before.
    pub(crate) fn run_until(&mut self, to: Instant) {
        let mut here = (self.now, 0);
        while self.step(to) {
            here = if here.0 == self.now { (here.0, here.1 + 1) } else { (self.now, 0) };
            assert!(here.1 < STEPS_PER_INSTANT_MAX, "one instant must not have endless events");
        }
        self.now = self.now.max(to);
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Wake(id) => {
                self.wakes.remove(&id);
                self.deliver(id, Input::Wake);
            }
            Event::Arrive { from, life, call_id, call } => {
                let reply = self.answer(from, call);
                let message = call_id.wrapping_mul(2) + 1;
                let at = self.now + latency(self.seed, from, message ^ u64::from(life) << 48);
                self.queue.schedule(at, Event::Reply { to: from, life, call_id, reply });
            }
            Event::Push { to, life, subscription, push } => {
                if self.actors.get(&to).is_some_and(|actor| actor.life == life) {
                    self.deliver(to, Input::Push { subscription, push });
                }
            }
            Event::Reply { to, life, call_id, reply } => {
                if self.actors.get(&to).is_some_and(|actor| actor.life == life) {
                    self.deliver(to, Input::Reply { call_id, reply });
                }
            }
        }
    }

    /// The service or the lease table answers an actor's call.
    fn answer(&mut self, from: ActorId, call: Call) -> Reply {
        match call {
            Call::Kinesis(request) => Reply::Kinesis(self.serve(Cause::Actor(from), &request)),
            Call::LeaseTable { application, call } => {
                let now = self.now;
                let Some(app) = self.applications.get_mut(&application) else {
                    return Reply::LeaseTable(crate::lease_table::LeaseReply::ConditionalCheckFailed);
                };
                let had_table = std::mem::replace(&mut app.has_table, true);
                let before: Vec<String> = app.table.leases().map(|lease| lease.lease_key.clone()).collect();
                let reply = app.table.handle(call, now);
                let mut facts = Vec::new();
                if !had_table {
                    facts.push(Fact::LeaseTableCreated { application: application.clone() });
                }
                if let crate::lease_table::LeaseReply::Created(created) = &reply {
                    facts.extend(created.iter().map(|lease| Fact::LeaseCreated {
                        application: application.clone(),
                        lease: lease.clone(),
                    }));
                }
                for lease in before.into_iter().filter(|key| app.table.lease(key).is_none()) {
                    facts.push(Fact::LeaseDeleted { application: application.clone(), lease });
                }
                self.record(Cause::Actor(from), facts);
                Reply::LeaseTable(reply)
            }
        }
    }

    /// The service answers at this instant; what happened is recorded.
    pub(crate) fn serve(&mut self, cause: Cause, request: &Request) -> Result<Response, ApiError> {
        self.serve_to(cause, None, request)
    }

    /// As [`World::serve`], to somebody else than the account's admin.
    fn serve_to(
        &mut self,
        cause: Cause,
        caller: Option<&CallerSpec>,
        request: &Request,
    ) -> Result<Response, ApiError> {
        let mut facts = Vec::new();
        let caller = caller.map(|spec| self.identities.caller(spec));
        let caller = caller.as_ref().unwrap_or(self.identities.admin());
        let ctx = CallContext { now: self.now, caller, keys: self.identities.keys() };
        let result = self.service.handle(&ctx, request, &mut facts);
        self.record_service(cause, facts);
        let failed = match &result {
            Ok(Response::PutRecords(output)) => output
                .records
                .iter()
                .filter(|entry| matches!(entry, PutRecordsResultEntry::Refused { .. }))
                .count() as u32,
            _ => 0,
        };
        let error = result.as_ref().err().map(ApiError::code);
        self.record(cause, vec![Fact::CallAnswered { operation: request.operation(), error, failed }]);
        result
    }

    // Actors ----------------------------------------------------------------------------------------------------------

    fn deliver(&mut self, id: ActorId, input: Input) {
        let Some(actor) = self.actors.get_mut(&id) else { return };
        match actor.state {
            ActorState::Running => {}
            ActorState::Paused => return actor.inbox.push(input),
            // A stopped producer still counts the answers to what it had sent.
            ActorState::Stopped if matches!(actor.program, Program::Producer(_)) => {}
            ActorState::Stopped | ActorState::Crashed => return,
        }
        self.with_actor(id, |actor, ctx| actor.handle(ctx, input));
    }

    /// Lets an actor act, then does what it wants done.
    fn with_actor(&mut self, id: ActorId, act: impl FnOnce(&mut Actor, &mut ActorCtx)) {
        let Some(actor) = self.actors.get_mut(&id) else { return };
        let mut ctx = ActorCtx::new(self.now, id, self.seed);
        let application = match &actor.program {
            Program::KclWorker(worker) => self.applications.get_mut(&worker.spec.name),
            Program::Producer(_) | Program::Reader(_) => None,
        };
        match application {
            Some(application) => {
                ctx.progress = std::mem::take(&mut application.progress);
                act(actor, &mut ctx);
                application.progress = std::mem::take(&mut ctx.progress);
                for fact in &ctx.facts {
                    if let Fact::RecordsProcessed { count, again, .. } = fact {
                        application.records += u64::from(*count);
                        application.again += u64::from(*again);
                    }
                }
            }
            None => act(actor, &mut ctx),
        }
        if let Program::KclWorker(worker) = &actor.program
            && worker.has_stopped()
            && actor.state == ActorState::Running
        {
            actor.state = ActorState::Stopped;
            ctx.facts.push(Fact::ActorStopped { actor: id });
        }
        let (life, mut sent) = (actor.life, actor.calls_sent);
        for (call_id, call) in ctx.calls {
            sent += 1;
            let at = self.now + latency(self.seed, id, sent.wrapping_mul(2));
            self.queue.schedule(at, Event::Arrive { from: id, life, call_id, call });
        }
        actor.calls_sent = sent;
        if let Some(at) = ctx.wake {
            self.wake(id, at.max(self.now));
        }
        self.record(Cause::Actor(id), ctx.facts);
    }

    /// At most one wake of an actor is pending: the earlier one.
    fn wake(&mut self, id: ActorId, at: Instant) {
        if let Some(pending) = self.wakes.get(&id) {
            if pending.0 <= at {
                return;
            }
            self.queue.cancel(*pending);
        }
        let key = self.queue.schedule(at, Event::Wake(id));
        self.wakes.insert(id, key);
    }

    fn cancel_wake(&mut self, id: ActorId) {
        if let Some(pending) = self.wakes.remove(&id) {
            self.queue.cancel(pending);
        }
    }

    // Commands --------------------------------------------------------------------------------------------------------

    /// Does what a learner asked for, at this instant. A refused command changes nothing.
    pub(crate) fn apply(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        let cause = Cause::Command(self.commands_applied);
        let outcome = match command {
            Command::Call(request) => Ok(Outcome::Call(self.serve(cause, request))),
            Command::CallAs { caller, request } => {
                Ok(Outcome::Call(self.serve_to(cause, Some(caller), request)))
            }
            Command::StartProducer(spec) => self.start_producer(spec),
            Command::ChangeProducer(change) => self.change_producer(change),
            Command::StopProducer { name } => self.find_producer(name).map(|id| self.stop_actor(id)),
            Command::StartReader(spec) => self.start_reader(spec),
            Command::StopReader { name } => self.find_reader(name).map(|id| self.stop_actor(id)),
            Command::StartApplication(spec) => self.start_application(spec),
            Command::AddWorker { application } => self.add_worker(application),
            Command::Worker { application, worker, action } => {
                self.act_on_worker(application, worker, *action)
            }
            Command::CloseSubscription { subscription } => self.close_subscription(cause, *subscription),
            Command::SetPolicy { principal, name, document } => {
                self.identities.set_policy(principal, name, document.as_deref()).map(|()| {
                    let (principal, policy) = (principal.clone(), name.clone());
                    self.record(cause, vec![Fact::PolicyChanged { principal, policy }]);
                    Outcome::Done
                })
            }
            Command::SetKeyState { key, state } => self.identities.set_key_state(key, *state).map(|()| {
                let (key, state) = (key.clone(), *state);
                self.record(cause, vec![Fact::KeyStateChanged { key, state }]);
                Outcome::Done
            }),
            Command::Answer { name, value } => Ok(self.take_answer(cause, name, value)),
            Command::SetVariable { name, variable } => {
                self.home.set_variable(name, variable.clone()).map(|()| {
                    digest_variable(&mut self.digest, name, variable.as_ref());
                    Outcome::Done
                })
            }
            Command::WriteFile { path, content } => self.home.write_file(path, content.clone()).map(|()| {
                digest_file(&mut self.digest, path, content.as_ref());
                Outcome::Done
            }),
        };
        if outcome.is_ok() {
            self.commands_applied += 1;
        }
        outcome
    }

    fn close_subscription(&mut self, cause: Cause, number: u64) -> Result<Outcome, Refusal> {
        let mut facts = Vec::new();
        let has_closed = self.service.close_subscription(number, &mut facts);
        self.record_service(cause, facts);
        match has_closed {
            true => Ok(Outcome::Done),
            false => Err(Refusal::new(format!("there is no subscription {number} that has not ended"))),
        }
    }

    fn take_answer(&mut self, cause: Cause, name: &str, value: &str) -> Outcome {
        self.answers.insert(name.to_owned(), value.to_owned());
        self.record(cause, vec![Fact::Answered { name: name.to_owned(), value: value.to_owned() }]);
        Outcome::Done
    }

    fn start_producer(&mut self, spec: &ProducerSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        check_producer(spec.rate, spec.size, spec.attempts)?;
        let producer = Producer::new(spec.clone(), self.now);
        self.start(Program::Producer(producer))
    }

    fn change_producer(&mut self, change: &ProducerChange) -> Result<Outcome, Refusal> {
        let id = self.find_producer(&change.name)?;
        check_producer(change.rate.unwrap_or(1), change.size.unwrap_or(1), change.attempts.unwrap_or(1))?;
        let now = self.now;
        self.cancel_wake(id);
        self.with_actor(id, |actor, ctx| {
            if let Program::Producer(producer) = &mut actor.program {
                producer.change(change, now);
                ctx.note(Fact::ProducerChanged { actor: id });
            }
            actor.handle(ctx, Input::Wake);
        });
        Ok(Outcome::Done)
    }

    fn start_reader(&mut self, spec: &ReaderSpec) -> Result<Outcome, Refusal> {
        self.check_new_name(&spec.name)?;
        if spec.interval.millis() < 10 || spec.interval.seconds() > 3_600 {
            return Err(Refusal::new("a reader's interval is 10 ms to 1 h"));
        }
        if spec.limit.is_some_and(|limit| limit == 0 || limit > 10_000) {
            return Err(Refusal::new("a reader's limit is 1 to 10000"));
        }
        if let Some(consumer) = &spec.consumer {
            if !is_plain_name(consumer, 128) {
                return Err(Refusal::new(format!(
                    "{consumer:?} is no name of a consumer: use 1 to 128 letters, digits, '_', '.' or '-', not \
                     beginning with '-'"
                )));
            }
            if spec.limit.is_some() {
                return Err(Refusal::new("a reader with a consumer has no limit: records are pushed to it"));
            }
        }
        self.start(Program::Reader(Reader::new(spec.clone())))
    }

    fn start_application(&mut self, spec: &ApplicationSpec) -> Result<Outcome, Refusal> {
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

    fn add_worker(&mut self, name: &str) -> Result<Outcome, Refusal> {
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

    fn act_on_worker(
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
                for input in inbox.unwrap_or_default() {
                    self.deliver(id, input);
                }
                self.deliver(id, Input::Wake);
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
                self.deliver(id, Input::Wake);
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

    fn set_state(&mut self, id: ActorId, state: ActorState) {
        if let Some(actor) = self.actors.get_mut(&id) {
            actor.state = state;
            if state == ActorState::Crashed {
                actor.life += 1;
                actor.inbox.clear();
            }
        }
        if state == ActorState::Crashed {
            self.cancel_wake(id);
        }
    }

    fn start(&mut self, program: Program) -> Result<Outcome, Refusal> {
        self.check_room(1)?;
        let id = ActorId(self.actors.len() as u32);
        self.actors.insert(id, Actor::new(program));
        self.record(Cause::Command(self.commands_applied), vec![Fact::ActorStarted { actor: id }]);
        self.deliver(id, Input::Wake);
        Ok(Outcome::Done)
    }

    fn stop_actor(&mut self, id: ActorId) -> Outcome {
        self.with_actor(id, |actor, ctx| {
            if let Program::Producer(producer) = &mut actor.program {
                producer.stop(ctx);
            }
            actor.state = ActorState::Stopped;
            ctx.note(Fact::ActorStopped { actor: id });
        });
        self.cancel_wake(id);
        let mut facts = Vec::new();
        for subscription in self.subscribers.of_actor(id) {
            self.service.close_subscription(subscription, &mut facts);
        }
        self.record_service(Cause::Actor(id), facts);
        Outcome::Done
    }

    // Look-ups and checks ---------------------------------------------------------------------------------------------

    fn check_room(&self, actors: usize) -> Result<(), Refusal> {
        if self.actors.len() + actors > ACTORS_MAX {
            return Err(Refusal::new(format!(
                "a world has at most {ACTORS_MAX} producers, readers and workers"
            )));
        }
        Ok(())
    }

    /// Names are shared by running producers, running readers and applications: a line names one thing.
    fn check_new_name(&self, name: &str) -> Result<(), Refusal> {
        if !is_plain_name(name, 64) {
            return Err(Refusal::new(format!(
                "{name:?} is no name: use 1 to 64 letters, digits, '_', '.' or '-', not beginning with '-'"
            )));
        }
        let producers = self.producers().map(|(_, state, producer)| (state, &producer.spec.name));
        let readers = self.readers().map(|(_, state, reader)| (state, &reader.spec.name));
        let is_taken =
            producers.chain(readers).any(|(state, taken)| state != ActorState::Stopped && taken == name)
                || self.applications.contains_key(name);
        if is_taken { Err(Refusal::new(format!("there is a {name} already"))) } else { Ok(()) }
    }

    fn find_producer(&self, name: &str) -> Result<ActorId, Refusal> {
        self.producers()
            .find(|(_, state, producer)| *state == ActorState::Running && producer.spec.name == name)
            .map(|(id, ..)| id)
            .ok_or_else(|| Refusal::new(format!("there is no running producer {name}")))
    }

    fn find_reader(&self, name: &str) -> Result<ActorId, Refusal> {
        self.readers()
            .find(|(_, state, reader)| *state == ActorState::Running && reader.spec.name == name)
            .map(|(id, ..)| id)
            .ok_or_else(|| Refusal::new(format!("there is no running reader {name}")))
    }

    fn find_application(&self, name: &str) -> Result<&Application, Refusal> {
        self.applications.get(name).ok_or_else(|| Refusal::new(format!("there is no KCL application {name}")))
    }

    // Facts -----------------------------------------------------------------------------------------------------------

    fn record_service(&mut self, cause: Cause, facts: Vec<kinesis::Fact>) {
        for fact in facts {
            self.metrics.record(self.now, &fact);
            if matches!(cause, Cause::Command(_)) {
                self.readings.record(self.now, &fact);
            }
            if let Some(to) = self.subscribers.record(self.now, cause, &self.service, &fact) {
                self.send_push(to, &fact);
            }
            self.record_one(cause, Fact::Service(fact));
        }
    }

    /// Sends what a subscription pushed to the actor that holds its connection. One connection has one latency: what
    /// was pushed first arrives first.
    fn send_push(&mut self, to: ActorId, fact: &kinesis::Fact) {
        let push = self.service.pushed(fact, self.now);
        let (kinesis::Fact::EventPushed { subscription, .. }
        | kinesis::Fact::SubscriptionEnded { subscription, .. }) = fact
        else {
            return;
        };
        let life = self.actors.get(&to).map_or(0, |actor| actor.life);
        let at = self.now + latency(self.seed, to, u64::MAX ^ subscription);
        self.queue.schedule(at, Event::Push { to, life, subscription: *subscription, push });
    }

    fn record(&mut self, cause: Cause, facts: Vec<Fact>) {
        for fact in facts {
            self.record_one(cause, fact);
        }
    }

    fn record_one(&mut self, cause: Cause, fact: Fact) {
        let fact = StampedFact { number: self.journal.recorded(), at: self.now, cause, fact };
        self.digest.add(&fact);
        self.journal.push(fact);
    }
}

fn is_plain_name(name: &str, length_max: usize) -> bool {
    !name.is_empty()
        && name.len() <= length_max
        && !name.starts_with('-')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

fn check_producer(rate: u32, size: u32, attempts: u32) -> Result<(), Refusal> {
    if rate == 0 || rate > ProducerSpec::RATE_MAX {
        return Err(Refusal::new(format!(
            "a producer's rate is 1 to {} records per second",
            ProducerSpec::RATE_MAX
        )));
    }
    if size > ProducerSpec::SIZE_MAX {
        return Err(Refusal::new(format!("a record's size is 0 to {} bytes", ProducerSpec::SIZE_MAX)));
    }
    if attempts == 0 || attempts > ProducerSpec::ATTEMPTS_MAX {
        return Err(Refusal::new(format!("attempts are 1 to {}", ProducerSpec::ATTEMPTS_MAX)));
    }
    Ok(())
}
