//! The programs around a stream as small cards: producers before it, readers and applications behind it.

use sim::{
    AgentFlowView, AgentView, ApplicationView, DeliveryStreamView, DmsTaskView, FlinkView, KplView,
    MappingView, ProducerView, ReaderView,
};
use yew::prelude::*;

use super::icon::{Icon, MORE, PLUS};
use crate::app::{Msg, Send, Tab};
use crate::scene::Picture;
use crate::selection::{Making, Selection};
use crate::text::{count, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct NodesProps {
    pub picture: Picture,
    pub selection: Selection,
    pub send: Send,
}

fn how_read(reader: &ReaderView) -> &'static str {
    tr(if reader.consumer.is_some() { " by enhanced fan-out" } else { " read" })
}

/// The newest of those that have the same name: a program that is started again takes the place of the one before.
fn newest<'a, T>(all: impl DoubleEndedIterator<Item = &'a T>, name: fn(&T) -> &str) -> Vec<&'a T> {
    let mut found: Vec<&T> = Vec::new();
    for one in all.rev() {
        if !found.iter().any(|other| name(other) == name(one)) {
            found.push(one);
        }
    }
    found.reverse();
    found
}

fn node(
    name: &str,
    class: Classes,
    selection: Selection,
    chosen: &Selection,
    send: &Send,
    content: Html,
) -> Html {
    let is_chosen = selection == *chosen;
    let on_click = send.reform(move |_: MouseEvent| Msg::Select(selection.clone()));
    html! {
        <li key={class.to_string() + name}>
            <button type="button" class={classes!("node", class)} aria-pressed={is_chosen.to_string()} onclick={on_click}>
                <b class="node-name">{ name }</b>
                { content }
            </button>
        </li>
    }
}

/// A service beside the stream: its card leads to where the services are in full.
fn service(kind: &'static str, name: &str, problem: Option<&str>, send: &Send, content: Html) -> Html {
    html! {
        <li key={kind.to_owned() + name}>
            <button type="button" class="node service" onclick={send.reform(|_| Msg::ShowTab(Tab::Neighbours))}>
                <small class="node-kind">{ kind }</small>
                <b class="node-name">{ name }</b>
                { content }
                <small class="bad" hidden={problem.is_none()}>{ "⊘ " }{ problem.unwrap_or_default() }</small>
            </button>
        </li>
    }
}

// Each card stands in a function of its own: the page's first picture has none of them.

#[inline(never)]
fn producer_node(producer: &ProducerView, props: &NodesProps) -> Html {
    let state = if producer.is_running { "running" } else { "stopped" };
    let content = html! {
        <>
            <span class="node-figure">
                { if producer.is_running { thousands(u64::from(producer.rate)) + "/s" } else { tr("stopped").to_owned() } }
            </span>
            <small>{ thousands(producer.stored) }{ tr(" stored") }</small>
            <small class="bad" hidden={producer.refused == 0}>{ "⊘ " }{ thousands(producer.refused) }{ tr(" refused") }</small>
            <small class="queue" hidden={producer.waiting == 0}>{ thousands(producer.waiting) }{ tr(" in the retry queue") }</small>
            <small class="bad" hidden={producer.lost == 0}>{ thousands(producer.lost) }{ tr(" lost") }</small>
        </>
    };
    let selection = Selection::Producer(producer.name.clone());
    node(&producer.name, classes!("producer", state), selection, &props.selection, &props.send, content)
}

#[inline(never)]
fn kpl_node(kpl: &KplView, props: &NodesProps) -> Html {
    let state = if kpl.is_running { "running" } else { "stopped" };
    let content = html! {
        <>
            <span class="node-figure">
                { if kpl.is_running { thousands(u64::from(kpl.rate)) + tr("/s by KPL") } else { tr("stopped").to_owned() } }
            </span>
            <small>{ thousands(kpl.stored) }{ tr(" stored in ") }{ thousands(kpl.kinesis_records) }</small>
            <small class="bad" hidden={kpl.kinesis_records_refused == 0}>
                { "⊘ " }{ thousands(kpl.kinesis_records_refused) }{ tr(" refused") }
            </small>
            <small class="queue" hidden={kpl.outstanding == 0}>{ thousands(kpl.outstanding) }{ tr(" outstanding") }</small>
            <small class="bad" hidden={kpl.lost == 0}>{ thousands(kpl.lost) }{ tr(" lost") }</small>
        </>
    };
    let selection = Selection::Kpl(kpl.name.clone());
    node(&kpl.name, classes!("producer", "kpl", state), selection, &props.selection, &props.send, content)
}

#[inline(never)]
fn agent_node(agent: &AgentView, props: &NodesProps) -> Html {
    let sum = |of: fn(&AgentFlowView) -> u64| agent.flows.iter().map(of).sum::<u64>();
    let (waiting, lost) = (sum(|flow| flow.buffered + flow.queued), sum(|flow| flow.lost));
    let (refused, behind) = (sum(|flow| flow.refused), sum(|flow| flow.behind));
    let content = html! {
        <>
            <span class="node-figure">
                { if agent.is_running { "Kinesis Agent" } else { agent.state } }
            </span>
            <small>{ thousands(sum(|flow| flow.stored)) }{ tr(" stored") }</small>
            <small class="bad" hidden={refused == 0}>{ "⊘ " }{ thousands(refused) }{ tr(" refused") }</small>
            <small class="queue" hidden={waiting == 0}>{ thousands(waiting) }{ tr(" in buffers") }</small>
            <small class="queue" hidden={behind == 0}>{ thousands(behind) }{ tr(" lines behind") }</small>
            <small class="bad" hidden={lost == 0}>{ thousands(lost) }{ tr(" lost") }</small>
        </>
    };
    let state = if agent.is_running { "running" } else { "stopped" };
    let selection = Selection::Agent(agent.name.clone());
    node(&agent.name, classes!("producer", "agent", state), selection, &props.selection, &props.send, content)
}

#[inline(never)]
fn reader_node(reader: &ReaderView, props: &NodesProps) -> Html {
    let state = if reader.is_running { "running" } else { "stopped" };
    let words = match (reader.failed, reader.is_running) {
        (Some(code), _) => code.to_owned(),
        (None, false) => tr("stopped").to_owned(),
        (None, true) if reader.millis_behind == 0 => tr("at the tip").to_owned(),
        (None, true) => span_ms(reader.millis_behind) + tr(" behind"),
    };
    let content = html! {
        <>
            <span class="node-figure">{ words }</span>
            <small>{ count(reader.records, "record") }{ how_read(reader) }</small>
            <small class="bad" hidden={reader.throttled == 0}>{ "⊘ " }{ count(reader.throttled, "call") }{ tr(" refused") }</small>
        </>
    };
    let selection = Selection::Reader(reader.name.clone());
    node(&reader.name, classes!("reader", state), selection, &props.selection, &props.send, content)
}

#[inline(never)]
fn application_node(application: &ApplicationView, props: &NodesProps) -> Html {
    let workers = application.workers.iter().map(|worker| {
        let held = application.leases.iter().filter(|lease| lease.lease_owner.as_ref() == Some(&worker.name));
        html! {
            <span key={worker.name.clone()} class={classes!("worker", worker.state)}>
                { &worker.name }<small>{ held.count() }</small>
            </span>
        }
    });
    let content = html! {
        <>
            <span class="node-workers">{ for workers }</span>
            <small>{ count(application.records, "record") }{ tr(" processed") }</small>
            <small class="bad" hidden={application.again == 0}>{ thousands(application.again) }{ tr(" again") }</small>
        </>
    };
    let selection = Selection::Application(application.name.clone());
    node(&application.name, classes!("application"), selection, &props.selection, &props.send, content)
}

#[inline(never)]
fn mapping_node(mapping: &MappingView, send: &Send) -> Html {
    let is_held_up = !mapping.blocked.is_empty();
    let content = html! {
        <>
            <small>{ count(mapping.records, "record") }{ tr(" worked on") }</small>
            <small class="queue" hidden={mapping.waiting == 0}>{ thousands(mapping.waiting) }{ tr(" waiting") }</small>
        </>
    };
    service("Lambda", &mapping.function, is_held_up.then_some(tr("a batch is held up")), send, content)
}

#[inline(never)]
fn firehose_node(stream: &DeliveryStreamView, send: &Send) -> Html {
    let content = html! {
        <>
            <small>{ count(stream.delivered, "record") }{ " → s3://" }{ &stream.bucket }</small>
            <small class="queue" hidden={stream.waiting == 0}>{ thousands(stream.waiting) }{ tr(" waiting") }</small>
        </>
    };
    service("Firehose", &stream.name, stream.last_failure.or(stream.source_problem), send, content)
}

#[inline(never)]
fn flink_node(application: &FlinkView, send: &Send) -> Html {
    let content = html! {
        <small>{ count(application.counted, "record") }{ tr(" counted") }</small>
    };
    service("Flink", &application.name, application.source_problem, send, content)
}

#[inline(never)]
fn task_node(task: &DmsTaskView, send: &Send) -> Html {
    let content = html! {
        <small>{ count(task.put, "record") }{ tr(" put") }</small>
    };
    service("DMS", &task.task, task.problem, send, content)
}

fn new_button(text: &'static str, making: Making, send: &Send) -> Html {
    html! {
        <button type="button" class="new makes" onclick={send.reform(move |_| Msg::Make(making))}>
            <Icon path={PLUS} /><span>{ tr(text) }</span>
        </button>
    }
}

/// Everything else that can be set up has a line in the builder.
fn more_button(send: &Send) -> Html {
    let name = tr("More to set up: KPL, Lambda, Firehose and others");
    html! {
        <button type="button" class="new more makes" aria-label={name} title={name} onclick={send.reform(|_| Msg::ShowTab(Tab::Build))}>
            <Icon path={MORE} />
        </button>
    }
}

#[component]
pub(crate) fn Producers(props: &NodesProps) -> Html {
    let stream = props.picture.stream().map(|stream| stream.name.as_str());
    let here =
        props.picture.view.producers.iter().filter(|producer| Some(producer.stream.as_str()) == stream);
    let shown = newest(here, |producer| &producer.name).into_iter();
    let shown = shown.filter(|producer| producer.is_running || producer.made > 0);
    let nodes = shown.map(|producer| producer_node(producer, props));
    let kpls = props.picture.view.kpls.iter().filter(|kpl| Some(kpl.stream.as_str()) == stream);
    let kpls = newest(kpls, |kpl| &kpl.name).into_iter().map(|kpl| kpl_node(kpl, props));
    let agents = props
        .picture
        .view
        .agents
        .iter()
        .filter(|agent| agent.flows.iter().any(|flow| Some(flow.stream.as_str()) == stream));
    let agents = newest(agents, |agent| &agent.name).into_iter().map(|agent| agent_node(agent, props));
    let tasks = props.picture.view.dms.iter().filter(|task| Some(task.stream.as_str()) == stream);
    let tasks = tasks.map(|task| task_node(task, &props.send));
    html! {
        <section class="nodes before" aria-label={tr("Producers")}>
            <h3>{ tr("Producers") }</h3>
            <span class="new-buttons">
                { new_button("Producer", Making::Producer, &props.send) }
                { more_button(&props.send) }
            </span>
            <ul>{ for nodes.chain(kpls).chain(agents).chain(tasks) }</ul>
        </section>
    }
}

#[component]
pub(crate) fn Consumers(props: &NodesProps) -> Html {
    let stream = props.picture.stream().map(|stream| stream.name.as_str());
    let view = &props.picture.view;
    let readers = view.readers.iter().filter(|reader| Some(reader.stream.as_str()) == stream);
    let readers = newest(readers, |reader| &reader.name).into_iter().map(|reader| reader_node(reader, props));
    let applications =
        view.applications.iter().filter(|application| Some(application.stream.as_str()) == stream);
    let applications = applications.map(|application| application_node(application, props));
    let send = &props.send;
    let mappings = view.mappings.iter().filter(|it| Some(it.stream.as_str()) == stream);
    let firehose =
        view.delivery_streams.iter().filter(|it| it.stream.is_some() && it.stream.as_deref() == stream);
    let flink = view.flink.iter().filter(|it| Some(it.stream.as_str()) == stream);
    let services = mappings
        .map(|it| mapping_node(it, send))
        .chain(firehose.map(|it| firehose_node(it, send)))
        .chain(flink.map(|it| flink_node(it, send)));
    html! {
        <section class="nodes behind" aria-label={tr("Readers and applications")}>
            <h3>{ tr("Consumers") }</h3>
            <span class="new-buttons">
                { new_button("Reader", Making::Reader, &props.send) }
                { new_button("KCL app", Making::Application, &props.send) }
            </span>
            <ul>{ for readers.chain(applications).chain(services) }</ul>
        </section>
    }
}
