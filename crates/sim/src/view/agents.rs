//! The picture of servers with the Kinesis Agent.

use kinesis::Instant;
use serde::Serialize;

use super::build::{lost_reason, state_name};
use crate::{ActorState, Agent, Flow};

/// A server: the logs that programs write on it, and the Kinesis Agent.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentView {
    pub name: String,
    pub state: &'static str,
    pub is_running: bool,
    /// The text of `agent.json`.
    pub configuration: String,
    /// Keys of it that the agent reads over.
    pub unread: Vec<String>,
    pub flows: Vec<AgentFlowView>,
    pub logs: Vec<AgentLogView>,
    /// PutRecords calls.
    pub calls: u64,
    pub timed_out: u64,
}

/// A flow. At every instant made = stored + lost + buffered + queued + in flight.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentFlowView {
    pub file_pattern: String,
    pub stream: String,
    /// Entries of the log that it has not read yet.
    pub behind: u64,
    pub made: u64,
    pub stored: u64,
    /// In the buffer that is being filled.
    pub buffered: u64,
    /// In buffers that wait to be sent.
    pub queued: u64,
    pub in_flight: u64,
    pub refused: u64,
    pub retried: u64,
    pub lost: u64,
    pub lost_by_reason: Vec<(String, u64)>,
    pub skipped: u64,
    pub truncated: u64,
    pub stored_again: u64,
    pub stored_though_lost: u64,
    pub errors: Vec<(&'static str, u64)>,
    pub backs_off_until_ms: Option<u64>,
    /// Where it goes on after a restart; none before anything was sent.
    pub checkpoint: Option<AgentFileView>,
}

/// A log that a program of the server writes.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentLogView {
    pub path: String,
    pub format: &'static str,
    pub rate: u32,
    pub traffic: String,
    pub size: u32,
    pub rotate_size: u64,
    pub keep: u32,
    /// Entries written.
    pub entries: u64,
    /// The file that is written first, then the renamed ones.
    pub files: Vec<AgentFileView>,
}

/// A file, and a number of bytes: its size, or how far something is in it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentFileView {
    pub path: String,
    /// Its inode.
    pub id: u64,
    pub bytes: u64,
}

pub(super) fn agent_view(now: Instant, state: ActorState, agent: &Agent) -> AgentView {
    AgentView {
        name: agent.spec.name.clone(),
        state: state_name(state),
        is_running: state == ActorState::Running,
        configuration: agent.spec.configuration.clone(),
        unread: agent.unread.clone(),
        flows: (0..).zip(&agent.flows).map(|(index, flow)| flow_view(now, agent, index, flow)).collect(),
        logs: agent
            .logs()
            .enumerate()
            .map(|(place, spec)| {
                let (entries, files) = agent.written(place, now);
                AgentLogView {
                    path: spec.path.clone(),
                    format: spec.format.name(),
                    rate: spec.rate,
                    traffic: spec.traffic.to_string(),
                    size: spec.size,
                    rotate_size: spec.rotate_size,
                    keep: spec.keep,
                    entries,
                    files: files
                        .into_iter()
                        .map(|file| AgentFileView { path: file.path, id: file.id, bytes: file.size })
                        .collect(),
                }
            })
            .collect(),
        calls: agent.calls(),
        timed_out: agent.timed_out(),
    }
}

fn flow_view(now: Instant, agent: &Agent, index: usize, flow: &Flow) -> AgentFlowView {
    AgentFlowView {
        file_pattern: flow.file_pattern().to_owned(),
        stream: flow.stream().to_owned(),
        behind: agent.behind(flow, now),
        made: flow.made,
        stored: flow.stored,
        buffered: flow.buffered(),
        queued: flow.queued(),
        in_flight: agent.in_flight(index),
        refused: flow.refused,
        retried: flow.retried,
        lost: flow.lost,
        lost_by_reason: flow.lost_by_reason.iter().map(|(reason, n)| (lost_reason(*reason), *n)).collect(),
        skipped: flow.skipped,
        truncated: flow.truncated,
        stored_again: flow.stored_again(),
        stored_though_lost: flow.stored_though_lost(),
        errors: flow.errors.iter().map(|(code, n)| (code.name(), *n)).collect(),
        backs_off_until_ms: flow.backs_off_until().map(Instant::millis),
        checkpoint: agent.checkpoint(flow, now).map(|(path, id, bytes)| AgentFileView { path, id, bytes }),
    }
}
