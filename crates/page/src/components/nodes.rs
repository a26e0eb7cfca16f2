//! The programs around a stream as small cards: producers before it, readers and applications behind it.

use sim::{ApplicationView, KplView, ProducerView, ReaderView};
use yew::prelude::*;

use super::icon::{Icon, PLUS};
use crate::app::{Msg, Send};
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
    if reader.consumer.is_some() { " by enhanced fan-out" } else { " read" }
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

fn new_button(text: &'static str, making: Making, send: &Send) -> Html {
    html! {
        <button type="button" class="new makes" onclick={send.reform(move |_| Msg::Make(making))}>
            <Icon path={PLUS} /><span>{ tr(text) }</span>
        </button>
    }
}

#[component]
pub(crate) fn Producers(props: &NodesProps) -> Html {
    let stream = props.picture.stream().map(|stream| stream.name.as_str());
    let here =
        props.picture.view.producers.iter().filter(|producer| Some(producer.stream.as_str()) == stream);
    let shown = here.filter(|producer| producer.is_running || producer.made > 0);
    let nodes = shown.map(|producer: &ProducerView| {
        let state = if producer.is_running { "running" } else { "stopped" };
        let content = html! {
            <>
                <span class="node-figure">
                    { if producer.is_running { thousands(u64::from(producer.rate)) + "/s" } else { "stopped".to_owned() } }
                </span>
                <small>{ thousands(producer.stored) }{ " stored" }</small>
                <small class="bad" hidden={producer.refused == 0}>{ "⊘ " }{ thousands(producer.refused) }{ " refused" }</small>
                <small class="queue" hidden={producer.waiting == 0}>{ thousands(producer.waiting) }{ " in the retry queue" }</small>
                <small class="bad" hidden={producer.lost == 0}>{ thousands(producer.lost) }{ " lost" }</small>
            </>
        };
        let selection = Selection::Producer(producer.name.clone());
        node(&producer.name, classes!("producer", state), selection, &props.selection, &props.send, content)
    });
    let kpls = props.picture.view.kpls.iter().filter(|kpl| Some(kpl.stream.as_str()) == stream);
    let kpls = kpls.map(|kpl: &KplView| {
        let state = if kpl.is_running { "running" } else { "stopped" };
        let content = html! {
            <>
                <span class="node-figure">
                    { if kpl.is_running { thousands(u64::from(kpl.rate)) + "/s by KPL" } else { "stopped".to_owned() } }
                </span>
                <small>{ thousands(kpl.stored) }{ " stored in " }{ thousands(kpl.kinesis_records) }</small>
                <small class="bad" hidden={kpl.kinesis_records_refused == 0}>
                    { "⊘ " }{ thousands(kpl.kinesis_records_refused) }{ " refused" }
                </small>
                <small class="queue" hidden={kpl.outstanding == 0}>{ thousands(kpl.outstanding) }{ " outstanding" }</small>
                <small class="bad" hidden={kpl.lost == 0}>{ thousands(kpl.lost) }{ " lost" }</small>
            </>
        };
        let selection = Selection::Kpl(kpl.name.clone());
        node(&kpl.name, classes!("producer", state), selection, &props.selection, &props.send, content)
    });
    html! {
        <section class="nodes before" aria-label="Producers">
            <h3>{ tr("Producers") }</h3>
            <ul>{ for nodes }</ul>
            <ul>{ for kpls }</ul>
            { new_button("Producer", Making::Producer, &props.send) }
        </section>
    }
}

#[component]
pub(crate) fn Consumers(props: &NodesProps) -> Html {
    let stream = props.picture.stream().map(|stream| stream.name.as_str());
    let view = &props.picture.view;
    let readers = view.readers.iter().filter(|reader| Some(reader.stream.as_str()) == stream);
    let readers = readers.map(|reader: &ReaderView| {
        let state = if reader.is_running { "running" } else { "stopped" };
        let words = match (reader.failed, reader.is_running) {
            (Some(code), _) => code.to_owned(),
            (None, false) => "stopped".to_owned(),
            (None, true) if reader.millis_behind == 0 => "at the tip".to_owned(),
            (None, true) => span_ms(reader.millis_behind) + " behind",
        };
        let content = html! {
            <>
                <span class="node-figure">{ words }</span>
                <small>{ count(reader.records, "record") }{ how_read(reader) }</small>
                <small class="bad" hidden={reader.throttled == 0}>{ "⊘ " }{ count(reader.throttled, "call") }{ " refused" }</small>
            </>
        };
        let selection = Selection::Reader(reader.name.clone());
        node(&reader.name, classes!("reader", state), selection, &props.selection, &props.send, content)
    });
    let applications =
        view.applications.iter().filter(|application| Some(application.stream.as_str()) == stream);
    let applications = applications.map(|application: &ApplicationView| {
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
                <small>{ count(application.records, "record") }{ " processed" }</small>
                <small class="bad" hidden={application.again == 0}>{ thousands(application.again) }{ " again" }</small>
            </>
        };
        let selection = Selection::Application(application.name.clone());
        node(&application.name, classes!("application"), selection, &props.selection, &props.send, content)
    });
    html! {
        <section class="nodes behind" aria-label="Readers and applications">
            <h3>{ tr("Consumers") }</h3>
            <ul>{ for readers.chain(applications) }</ul>
            { new_button("Reader", Making::Reader, &props.send) }
            { new_button("KCL app", Making::Application, &props.send) }
        </section>
    }
}
