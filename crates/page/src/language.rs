//! The command line as the page uses it: one function for typed lines and for those that clicks stand for.

use std::ops::Range;

use awscli::{Around, Chip, Effect, HeldIterator, Shell};
use sim::{
    AccountCommand, AgentCommand, Command, DmsCommand, FirehoseCommand, FlinkCommand, LambdaCommand,
    Observer, S3Command, Sandbox, UndoLabel, WorkerAction, World,
};

use crate::words::tr;

/// What a line prints, and what it asks of the page.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Output {
    pub stdout: String,
    pub stderr: String,
    pub exit_code: u8,
    pub effects: Vec<Effect>,
    pub iterators: Vec<HeldIterator>,
    /// The word that is wrong, in bytes, where the line could not be read; nothing of it has run.
    pub wrong: Option<Range<usize>>,
}

/// A word that could complete a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Offer {
    /// The part of the line that it takes the place of, in bytes.
    pub replace: Range<usize>,
    pub text: String,
    /// What is shown of it.
    pub label: String,
    pub help: String,
}

/// Runs a line as it stands at the prompt; `watch` is shown the world whenever some time has passed.
pub(crate) fn run<O: Observer>(
    shell: &mut Shell,
    sandbox: &mut Sandbox<O>,
    line: &str,
    watch: &mut dyn FnMut(&Sandbox<O>),
) -> Output {
    let output = shell.run(sandbox, line, watch);
    Output {
        stdout: output.stdout,
        stderr: output.stderr,
        exit_code: output.exit_code,
        effects: output.effects,
        iterators: output.iterators,
        wrong: output.error.map(|error| error.position),
    }
}

/// Whether a line goes on in the next one.
pub(crate) fn is_unfinished(text: &str) -> bool {
    awscli::is_unfinished(text)
}

/// The line that a command stands for.
pub(crate) fn render(command: &Command) -> String {
    awscli::render(command)
}

/// What could stand at the caret, a byte of the line. `iterators` are those that answers handed out, with their shards.
pub(crate) fn complete(line: &str, caret: usize, world: &World, iterators: &[(u32, String)]) -> Vec<Offer> {
    let offers = awscli::complete(line, caret, Around { world, iterators }).into_iter();
    let offer = |offer: awscli::Completion| Offer {
        replace: offer.replace,
        label: offer.label.unwrap_or_else(|| offer.text.clone()),
        text: offer.text,
        help: offer.help,
    };
    offers.map(offer).collect()
}

/// What a line can go on with by touch.
pub(crate) fn next_tokens(line: &str, world: &World, iterators: &[(u32, String)]) -> Vec<Chip> {
    awscli::next_tokens(line, Around { world, iterators })
}

/// A few words for the line that undo takes back or redo brings back.
pub(crate) fn line_name(label: &UndoLabel<'_>) -> String {
    let first = name(label.command);
    if label.more == 0 { first } else { first + tr(" and ") + &(label.more as u64).to_string() + tr(" more") }
}

/// A few words for a command: what undo and redo say that they do.
pub(crate) fn name(command: &Command) -> String {
    let (pattern, object) = match command {
        Command::Call(request) | Command::CallAs { request, .. } => return kebab(request.operation().name()),
        Command::StartProducer(spec) => ("start {}", spec.name.as_str()),
        Command::ChangeProducer(change) => ("change {}", change.name.as_str()),
        Command::StartKpl(spec) => ("start {}", spec.name.as_str()),
        Command::ChangeKpl(change) => ("change {}", change.name.as_str()),
        Command::StopProducer { name } | Command::StopKpl { name } | Command::StopReader { name } => {
            ("stop {}", name.as_str())
        }
        Command::Agent(command) => match &**command {
            AgentCommand::Start(spec) => ("start {}", spec.name.as_str()),
            AgentCommand::Change(change) => ("change {}", change.name.as_str()),
            AgentCommand::AddLog { name, .. } => ("add log to {}", name.as_str()),
            AgentCommand::Stop { name } => ("stop {}", name.as_str()),
            AgentCommand::Restart { name } => ("restart {}", name.as_str()),
        },
        Command::StartReader(spec) => ("start {}", spec.name.as_str()),
        Command::StartApplication(spec) => ("start {}", spec.name.as_str()),
        Command::AddWorker { application } => ("add worker to {}", application.as_str()),
        Command::Worker { worker, action, .. } => (action_pattern(*action), worker.as_str()),
        Command::SetWorkerHost { worker, .. } => ("change the host of {}", worker.as_str()),
        Command::ChangeApplication(change) => ("change {}", change.name.as_str()),
        Command::DeleteLease { lease, .. } => ("delete lease {}", lease.as_str()),
        Command::DeleteLeaseTable { application } => ("delete table {}", application.as_str()),
        Command::SetTableCapacity { application, .. } => ("set capacity of {}", application.as_str()),
        Command::CloseSubscription { .. } => ("close {}", tr("subscription")),
        Command::SetPolicy { principal, .. } => ("set policy of {}", principal.as_str()),
        Command::Account(AccountCommand::PutAlarm(spec)) => ("put alarm {}", spec.name.as_str()),
        Command::Account(AccountCommand::DeleteAlarm { name }) => ("delete alarm {}", name.as_str()),
        Command::Account(AccountCommand::SetEndpoint { service, .. }) => {
            ("set endpoint for {}", service.name())
        }
        Command::Account(AccountCommand::DeleteEndpoint { service }) => {
            ("delete endpoint for {}", service.name())
        }
        Command::Account(AccountCommand::SetKeyPolicy { key, .. }) => ("set policy of {}", key.as_str()),
        Command::Account(AccountCommand::CreateIdentity { principal, .. }) => ("make {}", principal.as_str()),
        Command::Account(AccountCommand::DeleteIdentity { principal }) => ("delete {}", principal.as_str()),
        Command::Account(AccountCommand::SetDataEvents(_)) => ("set {}", "data events"),
        Command::Attach { program, .. } => ("attach {}", program.as_str()),
        Command::StartAttached { start, .. } => return name(start),
        Command::SetKeyState { key, .. } => ("set key {}", key.as_str()),
        Command::Answer { name, .. } => ("answer {}", name.as_str()),
        Command::SetVariable { name, .. } => ("set {}", name.as_str()),
        Command::Lambda(command) => match &**command {
            LambdaCommand::CreateFunction(spec) => ("create function {}", spec.name.as_str()),
            LambdaCommand::UpdateFunction(spec) => ("change function {}", spec.name.as_str()),
            LambdaCommand::DeleteFunction { function } => ("delete function {}", function.as_str()),
            LambdaCommand::CreateEventSourceMapping(spec) => ("map {}", spec.function.as_str()),
            LambdaCommand::UpdateEventSourceMapping { uuid, .. } => ("change mapping {}", uuid.as_str()),
            LambdaCommand::DeleteEventSourceMapping { uuid } => ("delete mapping {}", uuid.as_str()),
        },
        Command::Fault(spec) => {
            return spec.name().to_owned() + " " + spec.target.as_deref().unwrap_or(tr("everybody"));
        }
        Command::ClearFaults { target } => {
            ("clear faults of {}", target.as_deref().unwrap_or(tr("everybody")))
        }
        Command::Firehose(command) => match &**command {
            FirehoseCommand::CreateDeliveryStream(spec) => ("create Firehose stream {}", spec.name.as_str()),
            FirehoseCommand::DeleteDeliveryStream { name } => ("delete Firehose stream {}", name.as_str()),
            FirehoseCommand::PutRecords { name, .. } => ("put to Firehose stream {}", name.as_str()),
        },
        Command::Flink(command) => match &**command {
            FlinkCommand::Create(spec) => ("start {}", spec.name.as_str()),
            FlinkCommand::Stop { name } => ("stop {}", name.as_str()),
            FlinkCommand::Start { name } => ("start {}", name.as_str()),
            FlinkCommand::Fail { name } => ("fail {}", name.as_str()),
            FlinkCommand::Delete { name } => ("delete {}", name.as_str()),
        },
        Command::Dms(command) => match &**command {
            DmsCommand::Create(spec) => ("start task {}", spec.task.as_str()),
            DmsCommand::Stop { task } => ("stop task {}", task.as_str()),
            DmsCommand::Start { task, .. } => ("start task {}", task.as_str()),
            DmsCommand::Delete { task } => ("delete task {}", task.as_str()),
        },
        Command::S3(S3Command::CreateBucket { bucket }) => ("create bucket {}", bucket.as_str()),
        Command::S3(S3Command::DeleteBucket { bucket }) => ("delete bucket {}", bucket.as_str()),
        Command::S3(S3Command::PutObject { key, .. }) => ("write object {}", key.as_str()),
        Command::S3(S3Command::DeleteObject { key, .. }) => ("delete object {}", key.as_str()),
        Command::WriteFile { path, content: None } => ("remove {}", path.as_str()),
        Command::WriteFile { path, .. } => ("write {}", path.as_str()),
    };
    tr(pattern).replace("{}", object)
}

/// What a worker is told, around its name.
fn action_pattern(action: WorkerAction) -> &'static str {
    match action {
        WorkerAction::Crash => "crash {}",
        WorkerAction::Pause => "pause {}",
        WorkerAction::Resume => "resume {}",
        WorkerAction::Restart => "restart {}",
        WorkerAction::Stop => "stop {}",
    }
}

/// `PutRecord` as the command line has it: `put-record`.
fn kebab(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for (i, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && i > 0 {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
