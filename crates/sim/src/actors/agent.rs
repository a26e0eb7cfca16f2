//! A server with log files, and the Kinesis Agent that tails them and sends their records.
//!
//! Observed: the agent's own source (file tracker, splitter, publisher, throttler, sender, checkpointer), version 2.
//! Simplified: a flow tails one log; logs are written entry by entry, all entries of a log have the same size; the server
//! has one core, so that the agent sends with 12 threads; the SDK under the agent does not try again by itself.

mod config;
mod flow;
mod log_file;
mod log_parser;
mod pattern;
mod processing;
mod record;
mod text;
mod throttler;

use kinesis::{ApiError, Duration, Instant, Response};

use super::calls::{Calls, Served};
use crate::actor::{ActorCtx, Input, Reply};
use crate::history::Refusal;
use crate::neighbours::cloudwatch::{Measure, MetricName};
use crate::{ActorId, AgentChange, AgentSpec, Fact, LogSpec};
use config::Config;
use flow::Buffer;
pub use flow::Flow;
pub use log_file::FileState;
use log_file::LogFile;
use pattern::Glob;

/// A server: its logs, and the agent's flows.
#[derive(Clone, Debug)]
pub struct Agent {
    pub spec: AgentSpec,
    pub flows: Vec<Flow>,
    /// Keys of the configuration that the agent reads over.
    pub unread: Vec<String>,
    emits_metrics: bool,
    logs: Vec<LogFile>,
    calls: Calls<Sent>,
    id: ActorId,
    phase: Phase,
    /// Flows that it ever had.
    flow_count: u32,
}

/// What the agent's process does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Running,
    /// Takes nothing more and waits for the answers to its calls.
    Ending {
        until: Instant,
        starts_again: bool,
    },
    Ended,
}

/// A buffer on its way.
#[derive(Clone, Debug)]
struct Sent {
    flow: usize,
    buffer: Buffer,
}

/// Calls under way at once. Observed: the agent has 12 threads for each core.
const SENDING_MAX: usize = 12;
/// Assumed: the time-out of the HTTP client under the agent (AWS SDK for Java 1.x).
const REQUEST_TIMEOUT: Duration = Duration::from_seconds(50);
/// Observed: `shutdownTimeoutMillis`.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_seconds(10);
/// Observed: `cloudwatch.namespace`.
const NAMESPACE: &str = "AWSKinesisAgent";

/// Whether the agent starts with a configuration on a server with these logs.
pub(crate) fn check_configuration<'p>(
    text: &str,
    paths: impl IntoIterator<Item = &'p str>,
) -> Result<(), Refusal> {
    let config = Config::parse(text).map_err(Refusal::new)?;
    let globs = config.flows.iter().map(|flow| &flow.glob);
    check_globs(globs, &paths.into_iter().collect::<Vec<&str>>())
}

/// The real agent takes what matches one pattern for one log, and is confused by two.
fn check_globs<'g>(globs: impl Iterator<Item = &'g Glob>, paths: &[&str]) -> Result<(), Refusal> {
    for glob in globs {
        // A file of another log that is renamed may match, too.
        let matched: Vec<&str> = paths.iter().copied().filter(|path| glob.matches(path)).collect();
        if let [first, second, ..] = matched.as_slice() {
            return Err(Refusal::new(format!(
                "{} matches {first} and {second}: a flow tails one log, so give each a flow of its own",
                glob.text
            )));
        }
    }
    Ok(())
}

impl Agent {
    pub(crate) fn new(spec: AgentSpec, now: Instant, id: ActorId) -> Agent {
        let log = LogFile::new(spec.log.clone(), now, id.0, 0);
        Agent {
            spec,
            flows: Vec::new(),
            unread: Vec::new(),
            emits_metrics: true,
            logs: vec![log],
            calls: Calls::default(),
            id,
            phase: Phase::Ended,
            flow_count: 0,
        }
    }

    /// The process begins: it reads its configuration and its checkpoints. A flow that was there before keeps its counts.
    pub(crate) fn begin(&mut self, ctx: &mut ActorCtx) {
        self.phase = Phase::Running;
        // It was looked at when it was given.
        let Ok(config) = Config::parse(&self.spec.configuration) else { return };
        (self.emits_metrics, self.unread) = (config.emits_metrics, config.unread);
        let before = std::mem::take(&mut self.flows);
        for config in config.flows {
            let known = before.iter().find_map(|flow| flow.configured(&config));
            self.flows.push(known.unwrap_or_else(|| {
                self.flow_count += 1;
                Flow::new(config, self.id, self.flow_count)
            }));
        }
        for flow in &mut self.flows {
            flow.begin(ctx, &self.logs);
        }
        self.pump(ctx);
    }

    /// The logs of the server.
    pub fn logs(&self) -> impl Iterator<Item = &LogSpec> {
        self.logs.iter().map(|log| &log.spec)
    }

    /// Entries written to a log so far, by its place, and its files, the one that is written first.
    pub fn written(&self, place: usize, now: Instant) -> (u64, Vec<FileState>) {
        self.logs.get(place).map_or_else(Default::default, |log| (log.written_by(now), log.files(now)))
    }

    /// Entries of its log that a flow has not read yet.
    pub fn behind(&self, flow: &Flow, now: Instant) -> u64 {
        flow.behind(&self.logs, now)
    }

    /// Whether each log is taken by a flow under its own name and under the one that it is renamed to first.
    pub fn follows_renames(&self) -> bool {
        self.logs.iter().all(|log| {
            let path = &log.spec.path;
            let takes = |flow: &Flow| {
                [path, &(path.clone() + ".1")].iter().all(|name| flow.config.glob.matches(name))
            };
            self.flows.iter().any(takes)
        })
    }

    /// Where a flow would go on after a restart: path and inode of the file, and the offset in bytes.
    pub fn checkpoint(&self, flow: &Flow, now: Instant) -> Option<(String, u64, u64)> {
        flow.checkpoint(&self.logs, now)
    }

    /// Records of a flow in calls that are not answered yet.
    pub fn in_flight(&self, index: usize) -> u64 {
        let sent = self.calls.contents().filter(|sent| sent.flow == index);
        sent.map(|sent| sent.buffer.records.len() as u64).sum()
    }

    /// Records that it holds: what a copy of it costs.
    pub(crate) fn held(&self) -> u64 {
        let in_flight = self.calls.contents().map(|sent| sent.buffer.records.len() as u64).sum::<u64>();
        self.flows.iter().map(Flow::waiting).sum::<u64>() + in_flight
    }

    /// PutRecords calls.
    pub fn calls(&self) -> u64 {
        self.calls.sent
    }

    pub fn timed_out(&self) -> u64 {
        self.calls.timed_out
    }

    /// Whether a change can be made.
    pub(crate) fn check(&self, change: &AgentChange) -> Result<(), Refusal> {
        if let Some(text) = &change.configuration {
            check_configuration(text, self.logs.iter().map(|log| log.spec.path.as_str()))?;
        }
        let log = self.find_log(change)?;
        let spec = LogSpec {
            rate: change.rate.unwrap_or(log.spec.rate),
            traffic: change.traffic.unwrap_or(log.spec.traffic),
            ..log.spec.clone()
        };
        spec.check()
    }

    fn find_log(&self, change: &AgentChange) -> Result<&LogFile, Refusal> {
        let wanted = change.log.as_deref();
        let found = self.logs.iter().find(|log| wanted.is_none_or(|path| log.spec.path == path));
        found.ok_or_else(|| {
            Refusal::new(format!("{} has no log {}", self.spec.name, wanted.unwrap_or_default()))
        })
    }

    pub(crate) fn change(&mut self, ctx: &mut ActorCtx, change: &AgentChange) {
        if let Ok(path) = self.find_log(change).map(|log| log.spec.path.clone())
            && let Some(log) = self.logs.iter_mut().find(|log| log.spec.path == path)
            && (change.rate.is_some() || change.traffic.is_some())
        {
            log.change(change.rate, change.traffic, ctx.now);
            self.open_logs(ctx.now);
        }
        if let Some(configuration) = &change.configuration {
            self.spec.configuration.clone_from(configuration);
            if self.phase == Phase::Running {
                self.end(ctx, true);
            }
        }
    }

    /// Whether one more log can be written.
    pub(crate) fn check_log(&self, log: &LogSpec) -> Result<(), Refusal> {
        log.check()?;
        if self.logs.len() >= LogSpec::LOGS_MAX {
            return Err(Refusal::new(format!("a server has at most {} logs here", LogSpec::LOGS_MAX)));
        }
        let mut paths: Vec<&str> = self.logs.iter().map(|log| log.spec.path.as_str()).collect();
        if paths.contains(&log.path.as_str()) {
            return Err(Refusal::new(format!(
                "{} writes {} already: choose another path",
                self.spec.name, log.path
            )));
        }
        paths.push(&log.path);
        check_globs(self.flows.iter().map(|flow| &flow.config.glob), &paths)
    }

    pub(crate) fn add_log(&mut self, log: LogSpec, now: Instant) {
        let place = self.logs.len() as u32;
        self.logs.push(LogFile::new(log, now, self.id.0, place));
        self.open_logs(now);
    }

    fn open_logs(&mut self, now: Instant) {
        self.flows.iter_mut().for_each(|flow| flow.open(&self.logs, now));
    }

    /// The process ends as it should: it forgets what it has read and not sent, and waits for the answers to its calls.
    ///
    /// Observed: `AsyncPublisherService` of the agent.
    pub(crate) fn end(&mut self, ctx: &mut ActorCtx, starts_again: bool) {
        if let Phase::Running = self.phase {
            self.flows.iter_mut().for_each(|flow| flow.forget_all(ctx));
        }
        self.phase = match self.phase {
            Phase::Ending { until, .. } => Phase::Ending { until, starts_again },
            Phase::Running | Phase::Ended => {
                Phase::Ending { until: ctx.now + SHUTDOWN_TIMEOUT, starts_again }
            }
        };
        self.go_on(ctx);
    }

    /// The process begins again, as soon as the old one has ended.
    pub(crate) fn restart(&mut self, ctx: &mut ActorCtx) {
        match self.phase {
            Phase::Ended => self.begin(ctx),
            Phase::Running | Phase::Ending { .. } => self.end(ctx, true),
        }
    }

    /// The process dies: what is under way may still be stored; nobody will know.
    pub(crate) fn crash(&mut self, ctx: &mut ActorCtx) {
        self.phase = Phase::Ended;
        self.flows.iter_mut().for_each(|flow| flow.forget_all(ctx));
        self.abandon(ctx);
    }

    fn abandon(&mut self, ctx: &mut ActorCtx) {
        for (call_id, sent, served) in self.calls.abandon() {
            let Some(flow) = self.flows.get_mut(sent.flow) else { continue };
            flow.copies().timed_out(call_id, numbers(&sent.buffer), &served);
            flow.forget(ctx, sent.buffer);
        }
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        if let Input::Reply { call_id, reply: Reply::Kinesis(result) } = input
            && let Some(sent) = self.calls.answered(call_id)
        {
            self.answered(ctx, sent, result);
        }
        while let Some((call_id, sent, served)) = self.calls.take_late(ctx.now) {
            let count = sent.buffer.records.len() as u32;
            let Some(flow) = self.flows.get_mut(sent.flow) else { continue };
            flow.copies().timed_out(call_id, numbers(&sent.buffer), &served);
            ctx.note(Fact::RequestTimedOut { actor: ctx.id, count, after: REQUEST_TIMEOUT });
            let stream = flow.stream().to_owned();
            flow.timed_out(ctx, sent.buffer);
            self.measure(ctx, &stream, &[("RecordSendAttempts", u64::from(count)), ("ServiceErrors", 1)]);
        }
        self.go_on(ctx);
    }

    fn go_on(&mut self, ctx: &mut ActorCtx) {
        match self.phase {
            Phase::Running => self.pump(ctx),
            Phase::Ending { until, starts_again } => {
                // What fails now is not sent again.
                self.flows.iter_mut().for_each(|flow| flow.forget_all(ctx));
                if self.calls.len() > 0 && ctx.now < until {
                    return ctx.wake_at(until);
                }
                self.abandon(ctx);
                self.phase = Phase::Ended;
                if starts_again {
                    self.begin(ctx);
                }
            }
            Phase::Ended => {}
        }
    }

    /// The service has handled a call, and the answer is on its way.
    pub(crate) fn served(&mut self, actor: ActorId, call_id: u64, reply: &Reply) -> Option<Fact> {
        let served = Served::of(reply);
        let mut count: u32 =
            self.flows.iter_mut().map(|flow| flow.copies().served_late(call_id, &served)).sum();
        if let Some(sent) = self.calls.served(call_id, served.clone())
            && let Some(flow) = self.flows.get_mut(sent.flow)
        {
            count += flow.served(&sent.buffer, |index| served.is_stored(index));
        }
        (count > 0).then_some(Fact::RecordsStoredAgain { actor, count })
    }

    fn answered(&mut self, ctx: &mut ActorCtx, sent: Sent, result: Result<Response, ApiError>) {
        let attempts = ("RecordSendAttempts", sent.buffer.records.len() as u64);
        let Some(flow) = self.flows.get_mut(sent.flow) else { return };
        let stream = flow.stream().to_owned();
        match result {
            Ok(Response::PutRecords(output)) => {
                let sent = flow.answered(ctx, sent.buffer, output);
                let errors =
                    [("ServiceErrors", 0), ("RecordSendErrors", sent.refused), ("BytesSent", sent.bytes)];
                self.measure(ctx, &stream, &[&[attempts], &errors[..]].concat());
            }
            Ok(_) => unreachable!("a put is answered by its own kind"),
            Err(error) => {
                flow.refused(ctx, sent.buffer, error.code());
                self.measure(ctx, &stream, &[attempts, ("ServiceErrors", 1)]);
            }
        }
    }

    /// Documented: Monitor the agent: metrics by destination.
    fn measure(&self, ctx: &mut ActorCtx, stream: &str, values: &[(&str, u64)]) {
        if !self.emits_metrics {
            return;
        }
        let destination = format!("KinesisStream:{stream}");
        for (name, value) in values {
            let name = MetricName::new(NAMESPACE, name, &[("Destination", &destination)]);
            let unit = if name.name == "BytesSent" { "Bytes" } else { "Count" };
            ctx.measures.push(Measure { name, unit, value: *value });
        }
    }

    fn pump(&mut self, ctx: &mut ActorCtx) {
        for (index, flow) in self.flows.iter_mut().enumerate() {
            flow.read(ctx, &self.logs);
            loop {
                if let Err(until) = flow.throttler.may_send(ctx.now, |number| ctx.dice(number)) {
                    if flow.has_buffer() {
                        ctx.wake_at(until);
                    }
                    break;
                }
                let is_free = self.calls.len() < SENDING_MAX;
                let Some(buffer) = is_free.then(|| flow.take()).flatten() else { break };
                let request = flow.request(&buffer);
                self.calls.send(ctx, request, Sent { flow: index, buffer }, REQUEST_TIMEOUT);
                flow.throttler.sent();
            }
            if let Some(at) = flow.wake_at(&self.logs, ctx.now) {
                ctx.wake_at(at);
            }
        }
        if let Some(deadline) = self.calls.next_deadline() {
            ctx.wake_at(deadline);
        }
    }
}

fn numbers(buffer: &Buffer) -> Vec<(usize, u64)> {
    buffer.records.iter().map(|record| record.number).enumerate().collect()
}
