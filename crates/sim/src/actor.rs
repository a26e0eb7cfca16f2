//! Actors: simulated programs. Each is handed one input at a time and returns what it wants done.

use std::sync::Arc;

use kinesis::{ApiError, Caller, Duration, Instant, Push, Request, Response, ShardId, SortedMap, apart};

use crate::actors::agent::Agent;
use crate::actors::kcl_worker::KclWorker;
use crate::actors::kpl::Kpl;
use crate::actors::managed::Managed;
use crate::actors::producer::Producer;
use crate::actors::reader::Reader;
use crate::cause::Link;
use crate::dice::Dice;
use crate::event_queue::EventKey;
use crate::fault::Troubles;
use crate::lease_table::{LeaseReply, TableCall};
use crate::neighbours::cloudwatch::{Measure, Measured, ProgramMetric, Stat};
use crate::neighbours::function::{Invocation, InvokeReply};
use crate::neighbours::network::EndpointService;
use crate::neighbours::s3::{Body, S3Error};
use crate::{CallKind, Fact, ShardProgress};

/// An actor's number, in the order in which actors were started.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ActorId(pub u32);

/// Whether an actor does anything.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ActorState {
    Running,
    /// Stands still; what reaches it meanwhile waits.
    Paused,
    /// Ended in good order.
    Stopped,
    /// Died.
    Crashed,
}

/// What an actor asks of others.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    Kinesis(Request),
    LeaseTable {
        application: String,
        call: TableCall,
    },
    /// Invokes a function, synchronously.
    Invoke(Box<Invocation>),
    PutObject {
        bucket: String,
        key: String,
        body: Body,
    },
    /// To a queue or a topic.
    SendMessage {
        destination: String,
        body: String,
    },
    ListObjects {
        bucket: String,
        prefix: String,
    },
    GetObject {
        bucket: String,
        key: String,
    },
}

impl Call {
    pub(crate) fn kind(&self) -> CallKind {
        match self {
            Call::Kinesis(request) => CallKind::Kinesis(request.operation()),
            Call::LeaseTable { .. } => CallKind::LeaseTable,
            Call::Invoke(_) => CallKind::Invoke,
            Call::PutObject { .. } => CallKind::PutObject,
            Call::SendMessage { .. } => CallKind::SendMessage,
            Call::ListObjects { .. } => CallKind::ListObjects,
            Call::GetObject { .. } => CallKind::GetObject,
        }
    }

    /// The service that the program itself connects to; none where a service of AWS makes the call.
    pub(crate) fn endpoint_service(&self) -> Option<EndpointService> {
        match self {
            Call::Kinesis(_) => Some(EndpointService::KinesisStreams),
            Call::LeaseTable { .. } => Some(EndpointService::DynamoDb),
            Call::Invoke(_)
            | Call::PutObject { .. }
            | Call::SendMessage { .. }
            | Call::ListObjects { .. }
            | Call::GetObject { .. } => None,
        }
    }
}

/// What it gets back.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Kinesis(Result<Response, ApiError>),
    LeaseTable(LeaseReply),
    Invoked(Box<InvokeReply>),
    Stored(Result<(), S3Error>),
    Sent(bool),
    /// Keys in their order.
    Listed(Result<Vec<String>, S3Error>),
    Opened(Result<Body, S3Error>),
}

/// What an actor is called with.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// The wake that it asked for.
    Wake,
    /// The answer to its call `call_id`.
    Reply { call_id: u64, reply: Reply },
    /// What came over the connection of its subscription; none where that ended.
    Push { subscription: u64, push: Option<Push> },
}

impl Input {
    /// Records of a stream that it brings.
    pub(crate) fn record_count(&self) -> u64 {
        match self {
            Input::Reply { reply: Reply::Kinesis(Ok(Response::GetRecords(output))), .. } => {
                output.records.len() as u64
            }
            Input::Push { push: Some(Push::Event(event)), .. } => event.records.len() as u64,
            Input::Wake | Input::Reply { .. } | Input::Push { .. } => 0,
        }
    }
}

/// What an actor wants done, collected while it handles one input.
pub(crate) struct ActorCtx {
    pub(crate) now: Instant,
    pub(crate) id: ActorId,
    seed: u64,
    /// What this input, and so what is done about it, follows from.
    link: Link,
    /// Number that the first fact noted here will have.
    first_fact: u64,
    /// Calls in the order in which they are sent, each with what led to it.
    pub(crate) calls: Vec<(u64, Call, Link)>,
    pub(crate) facts: Vec<(Fact, Link)>,
    /// What CloudWatch is told.
    pub(crate) measured: Vec<Measured>,
    pub(crate) wake: Option<Instant>,
    /// How far the actor's application has come in each shard, over all its workers.
    pub(crate) progress: SortedMap<ShardId, ShardProgress>,
    /// Shards that the actor's application reads from now on.
    pub(crate) began: Vec<ShardId>,
    /// Subscriptions whose connection the actor closes.
    pub(crate) closed: Vec<u64>,
    /// What the actor publishes to CloudWatch.
    pub(crate) measures: Vec<Measure>,
    /// What the program's own clock shows.
    pub(crate) clock: Instant,
    /// Retention of the stream that a managed service reads; none where there is no such stream.
    pub(crate) retention: Option<Duration>,
}

/// Empty lists that are used again and again: a program acts a million times a second.
#[derive(Default, Debug)]
pub(crate) struct Buffers {
    pub(crate) calls: Vec<(u64, Call, Link)>,
    pub(crate) facts: Vec<(Fact, Link)>,
    pub(crate) service_facts: Vec<kinesis::Fact>,
}

/// A copy of a world has lists of its own.
impl Clone for Buffers {
    fn clone(&self) -> Buffers {
        Buffers::default()
    }
}

impl ActorCtx {
    pub(crate) fn new(
        now: Instant,
        id: ActorId,
        seed: u64,
        link: Link,
        first_fact: u64,
        buffers: &mut Buffers,
    ) -> ActorCtx {
        ActorCtx {
            now,
            id,
            seed,
            link,
            first_fact,
            calls: std::mem::take(&mut buffers.calls),
            facts: std::mem::take(&mut buffers.facts),
            measured: Vec::new(),
            wake: None,
            progress: SortedMap::new(),
            clock: now,
            retention: None,
            began: Vec::new(),
            closed: Vec::new(),
            measures: Vec::new(),
        }
    }

    /// Sends a call; the answer comes back with its `call_id`, which must be new for this actor.
    pub(crate) fn call(&mut self, call_id: u64, call: Call) {
        self.calls.push((call_id, call, self.link));
    }

    /// Says what happened. What follows from it later can name the link that comes back.
    pub(crate) fn note(&mut self, fact: Fact) -> Link {
        let number = self.first_fact + self.facts.len() as u64;
        self.facts.push((fact, self.link));
        self.link.fact(number)
    }

    /// What led to what is done now.
    pub(crate) fn link(&self) -> Link {
        self.link
    }

    /// From here on what is done follows from `link` instead.
    pub(crate) fn because(&mut self, link: Link) {
        self.link = link;
    }

    /// Publishes a value.
    pub(crate) fn measure(&mut self, metric: ProgramMetric, value: u64) {
        self.measured.push(Measured { metric, shard: None, code: None, stat: Stat::one(value) });
    }

    /// Publishes a value that is of a shard.
    pub(crate) fn measure_shard(&mut self, metric: ProgramMetric, shard: ShardId, value: u64) {
        self.measured.push(Measured { metric, shard: Some(shard), code: None, stat: Stat::one(value) });
    }

    /// Closes the connection of a subscription.
    pub(crate) fn close(&mut self, subscription: u64) {
        self.closed.push(subscription);
    }

    /// Wants to be woken at `at`, or earlier where it already asked for that.
    pub(crate) fn wake_at(&mut self, at: Instant) {
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
    }

    /// Dice for the actor's choice number `number`.
    pub(crate) fn dice(&self, number: u64) -> Dice {
        Dice::new(self.seed, u64::from(self.id.0), number)
    }
}

/// A simulated program.
#[derive(Debug)]
pub(crate) struct Actor {
    pub(crate) state: ActorState,
    /// How often the program was started: answers to an earlier life are not delivered.
    pub(crate) life: u32,
    /// Calls sent over all lives; each takes its latency from this number.
    pub(crate) calls_sent: u64,
    /// What reached a paused actor.
    pub(crate) inbox: Vec<(Link, Input)>,
    /// The last command about it: what it does at its own pace follows from that.
    pub(crate) standing: Link,
    /// The wake that is pending.
    pub(crate) wake: Option<EventKey>,
    /// As whom its calls are made; none where that is the account's admin.
    pub(crate) caller: Option<Arc<Caller>>,
    /// What faults do to it; none where that is nothing.
    pub(crate) troubles: Option<Box<Troubles>>,
    pub(crate) program: Program,
}

/// In a function of its own: the page copies its first world, in which there are no programs yet.
impl Clone for Actor {
    fn clone(&self) -> Actor {
        apart(|| Actor {
            state: self.state,
            life: self.life,
            calls_sent: self.calls_sent,
            inbox: self.inbox.clone(),
            standing: self.standing,
            wake: self.wake,
            caller: self.caller.clone(),
            troubles: self.troubles.clone(),
            program: self.program.clone(),
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Program {
    Producer(Producer),
    Kpl(Box<Kpl>),
    Agent(Box<Agent>),
    Reader(Reader),
    KclWorker(KclWorker),
    Managed(Managed),
}

impl Program {
    /// The name under which it was started: that of its application where it is a worker.
    pub(crate) fn started_as(&self) -> &str {
        match self {
            Program::Producer(producer) => &producer.spec.name,
            Program::Kpl(kpl) => &kpl.spec.name,
            Program::Agent(agent) => &agent.spec.name,
            Program::Reader(reader) => &reader.spec.name,
            Program::KclWorker(worker) => &worker.spec.name,
            Program::Managed(service) => service.name(),
        }
    }
}

impl Program {
    /// Whether it gives a call up by itself that is not answered in time.
    pub(crate) fn has_deadlines(&self) -> bool {
        match self {
            Program::Producer(_) | Program::Kpl(_) | Program::Agent(_) => true,
            Program::Reader(_) | Program::KclWorker(_) | Program::Managed(_) => false,
        }
    }
}

impl Actor {
    pub(crate) fn new(program: Program) -> Actor {
        Actor {
            state: ActorState::Running,
            life: 0,
            calls_sent: 0,
            inbox: Vec::new(),
            standing: Link::SCHEDULE,
            wake: None,
            caller: None,
            troubles: None,
            program,
        }
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match &mut self.program {
            Program::Producer(producer) => producer.handle(ctx, input),
            Program::Kpl(kpl) => kpl.handle(ctx, input),
            Program::Agent(agent) => agent.handle(ctx, input),
            Program::Reader(reader) => reader.handle(ctx, input),
            Program::KclWorker(worker) => worker.handle(ctx, input),
            Program::Managed(service) => service.handle(ctx, input),
        }
    }
}
