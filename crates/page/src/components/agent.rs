//! A server with the Kinesis Agent in the inspector: its files, and how far each flow has come in them.

use course::forms::Place;
use sim::{AgentFileView, AgentFlowView, AgentLogView};
use yew::prelude::*;

use super::form_panel::form_button;
use super::inspector::{InspectorProps, action_forms, numbers};
use crate::app::FormAt;
use crate::text::{bytes, count, thousands};
use crate::words::{say, tr};

pub(super) fn agent_page(props: &InspectorProps, name: &str) -> Html {
    let Some(agent) = props.picture.view.agents.iter().rev().find(|agent| agent.name == name) else {
        return html! { <p>{ tr("There is no such server at this time.") }</p> };
    };
    let at = FormAt::actor(&agent.name);
    let unread = agent.unread.iter().map(|key| {
        html! { <li key={key.clone()}><code>{ key }</code>{ tr(" is no key of agent.json: the agent reads over it") }</li> }
    });
    let flows = (0..).zip(&agent.flows).map(|(place, flow): (u32, _)| {
        html! { <section key={place.to_string()}>{ flow_part(flow) }</section> }
    });
    let logs = agent.logs.iter().map(|log| {
        html! { <section key={log.path.clone()}>{ log_part(log) }</section> }
    });
    html! {
        <div key={format!("agent-{name}")}>
            <h3>{ tr("Server ") }<code>{ &agent.name }</code></h3>
            { numbers(&[
                ("Kinesis Agent", tr(agent.state).to_owned()),
                ("PutRecords", count(agent.calls, "call")),
                ("Timed out", count(agent.timed_out, "call")),
            ]) }
            <div>{ for flows }</div>
            <div>{ for logs }</div>
            <h4><code>{ "/etc/aws-kinesis/agent.json" }</code></h4>
            <pre class="answer">{ &agent.configuration }</pre>
            <ul class="reasons">{ for unread }</ul>
            <div class="actions">
                { form_button("Restart the agent", &at, &props.send) }
                <span hidden={!agent.is_running}>{ form_button("Stop the agent", &at, &props.send) }</span>
            </div>
            { action_forms(props, Place::Server, at) }
        </div>
    }
}

fn place(file: &AgentFileView) -> String {
    bytes(file.bytes) + tr(" of ") + &file.path + ", inode " + &file.id.to_string()
}

fn flow_part(flow: &AgentFlowView) -> Html {
    let lost = flow.lost_by_reason.iter().map(|(reason, number)| {
        html! { <li key={reason.clone()}>{ count(*number, "record") }{ tr(" lost: ") }{ say(reason.clone()) }</li> }
    });
    let errors = flow.errors.iter().map(|(code, number)| {
        html! { <li key={*code}>{ count(*number, "answer") }{ ": " }{ *code }</li> }
    });
    let checkpoint = flow.checkpoint.as_ref().map_or_else(|| tr("none yet").to_owned(), place);
    html! {
        <div>
            <h4>{ tr("Flow ") }<code>{ &flow.file_pattern }</code>{ " → " }<code>{ &flow.stream }</code></h4>
            { numbers(&[
                ("Read", count(flow.made, "record")),
                ("Stored", thousands(flow.stored)),
                ("Not read yet", count(flow.behind, "line")),
                ("In the buffer", thousands(flow.buffered)),
                ("In full buffers", thousands(flow.queued)),
                ("In flight", thousands(flow.in_flight)),
                ("Refused", thousands(flow.refused)),
                ("Sent again", thousands(flow.retried)),
                ("Stored again", thousands(flow.stored_again)),
                ("Left out", thousands(flow.skipped)),
                ("Cut", thousands(flow.truncated)),
                ("Lost", thousands(flow.lost)),
                ("Checkpoint", checkpoint),
            ]) }
            <ul class="reasons">{ for lost }</ul>
            <ul class="reasons">{ for errors }</ul>
        </div>
    }
}

fn log_part(log: &AgentLogView) -> Html {
    let files = log.files.iter().map(|file| html! { <li key={file.id.to_string()}>{ place(file) }</li> });
    html! {
        <div>
            <h4>{ tr("Log ") }<code>{ &log.path }</code></h4>
            { numbers(&[
                ("Format", log.format.to_owned()),
                ("Written", thousands(log.entries) + tr(" entries, ") + &thousands(u64::from(log.rate)) + "/s"),
                ("Renamed at", bytes(log.rotate_size) + ", " + &log.keep.to_string() + tr(" kept")),
            ]) }
            <ul class="files">{ for files }</ul>
        </div>
    }
}
