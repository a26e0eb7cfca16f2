//! The world: one clock, one queue of what is due, the service, the actors and what they own. A plain value.

mod account_view;
mod commands;
mod measure;
mod messages;
mod run;
mod serve;
mod tables;
mod topics;
mod why;

use kinesis::{Instant, LimitsProfile, Service, ShardId, SortedMap, StreamName};

use crate::actor::{Buffers, Program};
use crate::actor_list::ActorList;
use crate::actors::agent::Agent;
use crate::actors::kcl_worker::KclWorker;
use crate::actors::kpl::Kpl;
use crate::actors::producer::Producer;
use crate::actors::reader::Reader;
use crate::cause::Link;
use crate::event_queue::EventQueue;
use crate::fault::Faults;
use crate::home::Home;
use crate::identities::Identities;
use crate::journal::{Journal, OpenRuns};
use crate::metrics::{Metrics, SecondCounts};
use crate::neighbours::account::Account;
use crate::neighbours::function::Function;
use crate::neighbours::messages::Messages;
use crate::neighbours::s3::S3;
use crate::readings::{Reading, Readings};
use crate::subscribers::Subscribers;
use crate::{ActiveFault, ActorId, ActorState, Application, Digest, SandboxOptions, StampedFact, Standing};
use topics::Topics;
pub use why::Step;

/// Everything that is simulated, at one instant.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) now: Instant,
    pub(crate) service: Service,
    pub(crate) actors: ActorList,
    pub(crate) applications: SortedMap<String, Application>,
    pub(crate) metrics: Metrics,
    pub(crate) journal: Journal,
    pub(crate) answers: SortedMap<String, String>,
    home: Home,
    readings: Readings,
    subscribers: Subscribers,
    pub(crate) faults: Faults,
    topics: Topics,
    runs: OpenRuns,
    /// What led to what is done now.
    link: Link,
    queue: EventQueue,
    buffers: Buffers,
    digest: Digest,
    seed: u64,
    pub(crate) identities: Identities,
    pub(crate) s3: S3,
    pub(crate) account: Account,
    /// Of programs that do not call as the admin, by the name under which they were started.
    standings: SortedMap<String, Standing>,
    pub(crate) functions: SortedMap<String, Function>,
    pub(crate) messages: Messages,
    commands_applied: u64,
    steps: u64,
    /// Of these, at the present instant.
    steps_here: u64,
}

impl World {
    /// A copy to go back to. One function for all sandboxes, whoever observes them.
    #[inline(never)]
    pub(crate) fn copy(&self) -> World {
        self.clone()
    }

    pub(crate) fn new(options: &SandboxOptions) -> World {
        World {
            now: options.start,
            service: Service::new(options.limits, &options.account, &options.region),
            actors: ActorList::default(),
            applications: SortedMap::new(),
            metrics: Metrics::default(),
            journal: Journal::default(),
            answers: SortedMap::new(),
            home: Home::default(),
            readings: Readings::default(),
            subscribers: Subscribers::default(),
            faults: Faults::default(),
            topics: Topics::default(),
            runs: OpenRuns::default(),
            link: Link::SCHEDULE,
            queue: EventQueue::default(),
            buffers: Buffers::default(),
            digest: Digest::default(),
            seed: options.seed,
            identities: Identities::new(&options.account),
            s3: S3::default(),
            account: Account::default(),
            standings: SortedMap::new(),
            functions: SortedMap::new(),
            messages: Messages::default(),
            commands_applied: 0,
            steps: 0,
            steps_here: 0,
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

    /// As whom the program of that name calls.
    pub fn standing(&self, program: &str) -> Standing {
        self.standings.get(program).cloned().unwrap_or_default()
    }

    /// Answers that the learner gave, by name.
    pub fn answers(&self) -> &SortedMap<String, String> {
        &self.answers
    }

    /// Variables and files of the prompt.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Buckets and objects of Amazon S3.
    pub fn s3(&self) -> &S3 {
        &self.s3
    }

    /// Lambda functions by name.
    pub fn functions(&self) -> &SortedMap<String, Function> {
        &self.functions
    }

    /// Queues and topics to which something was sent.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// Every program that runs or stands still, by its name: `web`, `billing/w1`.
    pub fn programs(&self) -> impl Iterator<Item = (String, ActorState)> {
        let is_live = |state| matches!(state, ActorState::Running | ActorState::Paused);
        let live = self.actors.iter().filter(move |(_, actor)| is_live(actor.state));
        live.map(|(id, actor)| (self.actor_name(id), actor.state))
    }

    /// Faults that are on, each with its number.
    pub fn faults(&self) -> impl Iterator<Item = (u64, &ActiveFault)> {
        self.faults.active()
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
            Program::Producer(producer) => Some((id, actor.state, producer)),
            Program::Kpl(_)
            | Program::Agent(_)
            | Program::Reader(_)
            | Program::KclWorker(_)
            | Program::Managed(_) => None,
        })
    }

    /// Programs with the KPL in the order in which they were started, stopped ones included.
    pub fn kpls(&self) -> impl Iterator<Item = (ActorId, ActorState, &Kpl)> {
        self.actors.iter().filter_map(|(id, actor)| match &actor.program {
            Program::Kpl(kpl) => Some((id, actor.state, &**kpl)),
            Program::Producer(_)
            | Program::Reader(_)
            | Program::KclWorker(_)
            | Program::Managed(_)
            | Program::Agent(_) => None,
        })
    }

    /// Servers with the Kinesis Agent in the order in which they were started, stopped ones included.
    pub fn agents(&self) -> impl Iterator<Item = (ActorId, ActorState, &Agent)> {
        self.actors.iter().filter_map(|(id, actor)| match &actor.program {
            Program::Agent(agent) => Some((id, actor.state, &**agent)),
            Program::Producer(_)
            | Program::Kpl(_)
            | Program::Reader(_)
            | Program::KclWorker(_)
            | Program::Managed(_) => None,
        })
    }

    /// Readers in the order in which they were started, stopped ones included.
    pub fn readers(&self) -> impl Iterator<Item = (ActorId, ActorState, &Reader)> {
        self.actors.iter().filter_map(|(id, actor)| match &actor.program {
            Program::Reader(reader) => Some((id, actor.state, reader)),
            Program::Producer(_)
            | Program::Kpl(_)
            | Program::KclWorker(_)
            | Program::Managed(_)
            | Program::Agent(_) => None,
        })
    }

    /// A KCL worker and its state.
    pub fn worker(&self, id: ActorId) -> Option<(ActorState, &KclWorker)> {
        self.actors.get(id).and_then(|actor| match &actor.program {
            Program::KclWorker(worker) => Some((actor.state, worker)),
            Program::Producer(_)
            | Program::Kpl(_)
            | Program::Reader(_)
            | Program::Managed(_)
            | Program::Agent(_) => None,
        })
    }

    /// What a shard did in a second of the last minutes; none where it did nothing.
    pub fn shard_second(&self, stream: &StreamName, shard: ShardId, second: u64) -> Option<SecondCounts> {
        self.metrics.shard(stream, shard)?.second(second)
    }

    /// An actor's name: `web`, `billing/w1`.
    pub fn actor_name(&self, id: ActorId) -> String {
        self.actors.get(id).map_or_else(String::new, |actor| match &actor.program {
            Program::Producer(producer) => producer.spec.name.clone(),
            Program::Kpl(kpl) => kpl.spec.name.clone(),
            Program::Agent(agent) => agent.spec.name.clone(),
            Program::Reader(reader) => reader.spec.name.clone(),
            Program::Managed(service) => service.name().to_owned(),
            Program::KclWorker(worker) => format!("{}/{}", worker.spec.name, worker.name),
        })
    }

    /// Facts from `number` on that are still among the newest, oldest first.
    pub fn facts_since(&self, number: u64) -> impl DoubleEndedIterator<Item = &StampedFact> {
        self.journal.since(number)
    }

    /// All facts that are still kept, newest first; older ones that come in masses as one fact for each run.
    pub fn kept_facts(&self) -> impl Iterator<Item = &StampedFact> {
        self.journal.kept()
    }

    /// A fact that is still kept. An older one that comes in masses is kept by the first of its run, which then stands
    /// for all of it.
    pub fn fact(&self, number: u64) -> Option<&StampedFact> {
        self.journal.get(number)
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
        let waiting: u64 = self.producers().map(|(_, _, p)| p.waiting() + p.in_flight()).sum::<u64>()
            + self.kpls().map(|(_, _, kpl)| kpl.outstanding()).sum::<u64>()
            + self.agents().map(|(_, _, agent)| agent.held()).sum::<u64>();
        let managed: u64 = self
            .actors
            .values()
            .map(|actor| match &actor.program {
                Program::Managed(service) => service.own_bytes(),
                Program::Producer(_)
                | Program::Kpl(_)
                | Program::Agent(_)
                | Program::Reader(_)
                | Program::KclWorker(_) => 0,
            })
            .sum();
        let fixed = 64 << 10;
        fixed
            + shards as u64 * 512
            + leases as u64 * 512
            + self.journal.own_bytes()
            + self.metrics.second_count() * 80
            + self.queue.len() as u64 * 512
            + waiting * 160
            + self.subscribers.own_bytes()
            + self.account.own_bytes()
            + self.s3.own_bytes()
            + managed
    }

    /// Commands that were accepted so far.
    pub fn commands_applied(&self) -> u64 {
        self.commands_applied
    }

    /// Events handled so far: the measure of work, for budgets and benches.
    pub fn steps(&self) -> u64 {
        self.steps
    }
}
