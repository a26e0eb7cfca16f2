//! The calls that were clicked and typed: as each tool has them, and what came back.

use std::collections::VecDeque;
use std::rc::Rc;

use kinesis::{PutRecordInput, Request};
use sim::Command;
use yew::prelude::*;

use super::icon::{COPY, Icon};
use crate::app::{Msg, Send};
use crate::browser::dom::copy_text;
use crate::desk::Block;
use crate::language;
use crate::scene::Picture;
use crate::sdk::{Tool, code};
use crate::text::clock_ms;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct RequestsProps {
    pub picture: Picture,
    pub transcript: Rc<VecDeque<Rc<Block>>>,
    pub region: AttrValue,
    pub send: Send,
}

/// Calls that are listed, the newest first.
const LISTED: usize = 30;

/// A command of a line, and how the line ended.
struct Made<'a> {
    block: &'a Block,
    command: &'a Command,
    /// Where one line made several, its place among them.
    place: usize,
}

fn request_of(command: &Command) -> Option<&Request> {
    match command {
        Command::Call(request) | Command::CallAs { request, .. } => Some(request),
        _ => None,
    }
}

#[component]
pub(crate) fn Requests(props: &RequestsProps) -> Html {
    let tool = use_state(Tool::default);
    let chosen = use_state(|| None::<(u64, usize)>);
    let made: Vec<Made<'_>> = props
        .transcript
        .iter()
        .rev()
        .flat_map(|block| {
            let commands = block.commands.iter().enumerate().rev();
            commands.map(|(place, command)| Made { block, command, place })
        })
        .take(LISTED)
        .collect();
    let shown = chosen.and_then(|(block, place)| {
        made.iter().find(|made| made.block.number == block && made.place == place)
    });
    let Some(shown) = shown.or_else(|| made.first()) else { return empty(props) };
    let rows = made.iter().map(|made| {
        let key = (made.block.number, made.place);
        let is_shown = key == (shown.block.number, shown.place);
        let on_click = {
            let chosen = chosen.clone();
            Callback::from(move |_: MouseEvent| chosen.set(Some(key)))
        };
        let is_refused = made.block.exit_code != 0;
        html! {
            <li key={format!("{}-{}", key.0, key.1)}>
                <button type="button" class={is_refused.then_some("bad")} aria-pressed={is_shown.to_string()} onclick={on_click}>
                    <span>{ name(made.command) }</span>
                    <time>{ clock_ms(made.block.at_ms) }</time>
                </button>
            </li>
        }
    });
    let tools = Tool::ALL.into_iter().map(|one| {
        let on_click = {
            let tool = tool.clone();
            Callback::from(move |_: MouseEvent| tool.set(one))
        };
        html! {
            <button type="button" key={one.name()} aria-pressed={(*tool == one).to_string()} onclick={on_click}>{ one.name() }</button>
        }
    });
    // A typed call to a service beside Kinesis has its own line; a click there gives a command of the sandbox.
    let is_of_aws = shown.block.line.trim_start().starts_with("aws ");
    let text = match (request_of(shown.command), *tool) {
        (Some(request), tool) => code(tool, request, &props.region),
        (None, Tool::Cli) if is_of_aws => shown.block.line.clone(),
        (None, _) if is_of_aws => {
            tr("A call to another service of AWS: its command line is here, code for SDKs only for Kinesis.")
                .to_owned()
        }
        (None, Tool::Cli) => language::render(shown.command),
        (None, _) => tr("No AWS call: the sandbox does this itself, outside of AWS.").to_owned(),
    };
    let reply = match (shown.block.exit_code, shown.block.commands.len()) {
        (0, 1) => shown.block.stdout.clone(),
        (0, _) => tr("One line made several calls: the terminal has what it printed in the end.").to_owned(),
        (_, _) => shown.block.stderr.trim().to_owned(),
    };
    let copied = text.clone();
    let on_copy = Callback::from(move |_: MouseEvent| copy_text(&copied));
    html! {
        <div class="requests">
            <ul class="request-list" aria-label={tr("Calls")}>{ for rows }</ul>
            <div class="request">
                <div class="request-head">
                    <span class="segments" role="group" aria-label={tr("Written for")}>{ for tools }</span>
                    <button type="button" class="quiet" aria-label={tr("Copy")} onclick={on_copy}><Icon path={COPY} /></button>
                </div>
                <pre class="line" aria-label={tr("Request")} tabindex="0"><code>{ text }</code></pre>
                <h3>{ tr("What came back") }</h3>
                <pre class={classes!("line", (shown.block.exit_code != 0).then_some("bad"))} tabindex="0"><code>{ if reply.is_empty() { tr("Nothing: an empty answer means that it was done.").to_owned() } else { reply } }</code></pre>
            </div>
        </div>
    }
}

fn name(command: &Command) -> String {
    request_of(command).map_or_else(|| language::name(command), |it| it.operation().name().to_owned())
}

fn empty(props: &RequestsProps) -> Html {
    let stream = props.picture.stream().map(|stream| stream.name.clone());
    let has_stream = stream.is_some();
    let put = props.send.reform(move |_: MouseEvent| {
        Msg::Submit(Command::Call(Request::from(PutRecordInput {
            stream_name: stream.as_deref().map(Into::into),
            data: Some("hello".into()),
            partition_key: Some("user-1".into()),
            ..PutRecordInput::default()
        })))
    });
    html! {
        <div class="empty">
            <p>{ tr("Every call stands here as it goes over the wire, as a command line and as code for four SDKs.") }</p>
            <button type="button" hidden={!has_stream} onclick={put}>{ tr("Put one record") }</button>
        </div>
    }
}
