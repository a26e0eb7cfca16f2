//! Everything that a learner can ask of the sandbox. Commands are the only thing that a session stores.

mod account;
mod agent;
mod application;
mod dms;
mod fault;
mod firehose;
mod flink;
mod kpl;
mod lambda;
mod producer;
mod s3;

use std::sync::Arc;

use kinesis::{Duration, Instant, KeyState, Request};

use crate::{CallerSpec, Standing, TableCapacity, Variable};

pub use account::AccountCommand;
pub use agent::{AgentChange, AgentCommand, AgentSpec, LogFormat, LogSpec};
pub use application::{
    ApplicationChange, ApplicationSpec, Balancing, KclVersion, ProcessorKind, RetrievalMode, WorkerAction,
    WorkerHost,
};
pub use dms::{DmsCommand, DmsKey, DmsSpec, DmsStart, MessageFormat, MigrationType};
pub use fault::{FaultKind, FaultSpec, Way};
pub use firehose::{CompressionFormat, DeliveryStreamSpec, FirehoseCommand, OutputFormat};
pub use flink::{FlinkCommand, FlinkSpec};
pub use kpl::{KplChange, KplConfig, KplSpec};
pub use lambda::{FunctionSpec, LambdaCommand, MappingChange, MappingSpec, OnError};
pub use producer::{ProducerChange, ProducerSpec, PutCall, PutOrdering, RetryPolicy};
pub use s3::S3Command;

/// What a learner asked for. Time is not a command: each entry of the history is stamped with it.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// An AWS call, as the account's admin.
    Call(Request),
    /// An AWS call as somebody else, or by another way.
    CallAs {
        caller: CallerSpec,
        request: Request,
    },
    StartProducer(ProducerSpec),
    ChangeProducer(ProducerChange),
    StopProducer {
        name: String,
    },
    StartKpl(KplSpec),
    ChangeKpl(KplChange),
    StopKpl {
        name: String,
    },
    StartReader(ReaderSpec),
    StopReader {
        name: String,
    },
    /// Starts a KCL application: its lease table and its first workers.
    StartApplication(ApplicationSpec),
    /// Adds one worker; it is named `w3` where two have been before.
    AddWorker {
        application: String,
    },
    Worker {
        application: String,
        worker: String,
        action: WorkerAction,
    },
    /// Gives a worker another host, without a pause; what is `None` stays.
    SetWorkerHost {
        application: String,
        worker: String,
        vcpus: Option<u32>,
        /// Percent of the host's CPU that others use.
        other_load: Option<u32>,
    },
    /// Gives an application new settings, as a deployment that takes no time.
    ChangeApplication(ApplicationChange),
    /// Deletes an item of a lease table by hand, as somebody with a console does.
    DeleteLease {
        application: String,
        /// `leaseKey`: a shard's id.
        lease: String,
    },
    /// Deletes a lease table while its application runs or when it has ended.
    DeleteLeaseTable {
        application: String,
    },
    SetTableCapacity {
        application: String,
        capacity: TableCapacity,
    },
    /// A client outside of the world goes away from its subscription.
    CloseSubscription {
        /// Counted over the service from 1.
        subscription: u64,
    },
    /// Gives a user or role an identity policy, or takes it away.
    SetPolicy {
        /// An ARN, or the name of a user of the account.
        principal: String,
        name: String,
        document: Option<String>,
    },
    /// What KMS says of a key from now on.
    SetKeyState {
        /// Id, ARN or alias.
        key: String,
        state: KeyState,
    },
    /// As whom a program calls from now on.
    Attach {
        /// The name under which it was started.
        program: String,
        standing: Standing,
    },
    /// Starts a program that calls as somebody else than the admin.
    StartAttached {
        standing: Standing,
        start: Box<Command>,
    },
    /// A learner's answer to a question of an exercise.
    Answer {
        name: String,
        value: String,
    },
    /// Gives a variable of the prompt a value, or takes it away.
    SetVariable {
        name: String,
        variable: Option<Variable>,
    },
    /// Writes a file of the prompt, or takes it away.
    WriteFile {
        path: String,
        content: Option<Arc<[u8]>>,
    },
    S3(S3Command),
    Lambda(Box<LambdaCommand>),
    /// Alarms, and what the trail records.
    Account(AccountCommand),
    /// Something goes wrong from now on.
    Fault(FaultSpec),
    /// Ends the faults of a program or stream, or all.
    ClearFaults {
        target: Option<String>,
    },
    Firehose(Box<FirehoseCommand>),
    Flink(Box<FlinkCommand>),
    Dms(Box<DmsCommand>),
    /// Servers with log files and the Kinesis Agent.
    Agent(Box<AgentCommand>),
}

impl From<LambdaCommand> for Command {
    fn from(command: LambdaCommand) -> Command {
        Command::Lambda(Box::new(command))
    }
}

impl Command {
    /// The name of the program that the command starts, if it starts one.
    pub fn started_program(&self) -> Option<&str> {
        match self {
            Command::StartProducer(spec) => Some(&spec.name),
            Command::StartKpl(spec) => Some(&spec.name),
            Command::StartReader(spec) => Some(&spec.name),
            Command::StartApplication(spec) => Some(&spec.name),
            Command::Agent(command) => match &**command {
                AgentCommand::Start(spec) => Some(&spec.name),
                AgentCommand::Change(_)
                | AgentCommand::AddLog { .. }
                | AgentCommand::Stop { .. }
                | AgentCommand::Restart { .. } => None,
            },
            Command::Call(_)
            | Command::CallAs { .. }
            | Command::ChangeProducer(_)
            | Command::StopProducer { .. }
            | Command::ChangeKpl(_)
            | Command::StopKpl { .. }
            | Command::StopReader { .. }
            | Command::AddWorker { .. }
            | Command::Worker { .. }
            | Command::SetWorkerHost { .. }
            | Command::ChangeApplication(_)
            | Command::DeleteLease { .. }
            | Command::DeleteLeaseTable { .. }
            | Command::SetTableCapacity { .. }
            | Command::CloseSubscription { .. }
            | Command::SetPolicy { .. }
            | Command::SetKeyState { .. }
            | Command::Attach { .. }
            | Command::S3(_)
            | Command::Lambda(_)
            | Command::Account(_)
            | Command::Fault(_)
            | Command::ClearFaults { .. }
            | Command::Firehose(_)
            | Command::Flink(_)
            | Command::Dms(_)
            | Command::StartAttached { .. }
            | Command::Answer { .. }
            | Command::SetVariable { .. }
            | Command::WriteFile { .. } => None,
        }
    }

    /// Whether the command leaves the world as it is: undo steps over it.
    pub fn is_read_only(&self) -> bool {
        match self {
            Command::Call(request) | Command::CallAs { request, .. } => request.operation().is_read_only(),
            Command::CloseSubscription { .. } => true,
            // What was kept of an answer goes with what came before it, unasked.
            Command::SetVariable { .. } => true,
            Command::StartProducer(_)
            | Command::ChangeProducer(_)
            | Command::StopProducer { .. }
            | Command::StartKpl(_)
            | Command::ChangeKpl(_)
            | Command::StopKpl { .. }
            | Command::StartReader(_)
            | Command::StopReader { .. }
            | Command::StartApplication(_)
            | Command::AddWorker { .. }
            | Command::Worker { .. }
            | Command::SetWorkerHost { .. }
            | Command::ChangeApplication(_)
            | Command::DeleteLease { .. }
            | Command::DeleteLeaseTable { .. }
            | Command::SetTableCapacity { .. }
            | Command::SetPolicy { .. }
            | Command::SetKeyState { .. }
            | Command::Attach { .. }
            | Command::StartAttached { .. }
            | Command::Answer { .. }
            | Command::WriteFile { .. }
            | Command::Fault(_)
            | Command::ClearFaults { .. }
            | Command::S3(_)
            | Command::Account(_)
            | Command::Lambda(_)
            | Command::Firehose(_)
            | Command::Flink(_)
            | Command::Dms(_)
            | Command::Agent(_) => false,
        }
    }
}

/// Where a reader or an application without a checkpoint begins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StartingPosition {
    TrimHorizon,
    Latest,
    AtTimestamp(Instant),
}

/// A program that reads with the AWS SDK: it polls GetRecords, or subscribes by enhanced fan-out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReaderSpec {
    pub name: String,
    pub stream: String,
    pub from: StartingPosition,
    /// Pause between two polls of a shard.
    pub interval: Duration,
    /// `Limit` of each GetRecords call; the service's own where absent.
    pub limit: Option<u32>,
    /// Name of the registered consumer by which it subscribes to the shards; none where it polls.
    pub consumer: Option<String>,
}

impl ReaderSpec {
    pub fn new(name: impl Into<String>, stream: impl Into<String>, from: StartingPosition) -> ReaderSpec {
        let interval = Duration::from_seconds(1);
        ReaderSpec { name: name.into(), stream: stream.into(), from, interval, limit: None, consumer: None }
    }
}
