//! AWS Lambda: functions, event source mappings, their last invocations with the event, and where failures went.

use sim::{FunctionView, MappingView, MessageListView};
use yew::prelude::*;

use super::shard_badge::ShardBadge;
use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::text::{clock_ms, count, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct MappingsProps {
    pub picture: Picture,
    pub desk: SharedDesk,
}

/// Characters of an event that are shown.
const SHOWN: usize = 16 << 10;

#[component]
pub(crate) fn Mappings(props: &MappingsProps) -> Html {
    let opened = use_state(|| None::<(String, u64)>);
    let view = &props.picture.view;
    let functions = view.functions.iter().map(function_row);
    let mappings = view.mappings.iter().map(|mapping| {
        html! { <div key={mapping.uuid.clone()}>{ card(mapping, &opened) }</div> }
    });
    let messages =
        view.messages.iter().map(|list| html! { <div key={list.arn.clone()}>{ message_list(list) }</div> });
    let event = opened.as_ref().and_then(|(uuid, number)| {
        let desk = props.desk.0.borrow();
        let event = desk.sandbox.world().mapping(uuid)?.event(*number)?;
        let mut text = serde_json::to_string_pretty(&event).unwrap_or_default();
        if let Some((at, _)) = text.char_indices().nth(SHOWN) {
            text.truncate(at);
            text.push_str(" …");
        }
        Some(text)
    });
    html! {
        <section class="leases" aria-label={tr("AWS Lambda")}>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Functions")} hidden={view.functions.is_empty()}>
                <table>
                    <caption>{ tr("Lambda functions") }</caption>
                    <thead>
                        <tr>
                            <th>{ tr("Function") }</th><th>{ tr("Invocations") }</th><th>{ tr("Errors") }</th><th>{ tr("Throttles") }</th>
                            <th>{ tr("Records") }</th><th>{ tr("Fails when") }</th><th>{ tr("Has counted") }</th>
                        </tr>
                    </thead>
                    <tbody>{ for functions }</tbody>
                </table>
            </div>
            <div>{ for mappings }</div>
            <div class="object" hidden={event.is_none()}>
                <h4>{ tr("Event") }</h4>
                <pre tabindex="0">{ event.unwrap_or_default() }</pre>
            </div>
            <div>{ for messages }</div>
        </section>
    }
}

fn function_row(function: &FunctionView) -> Html {
    let results: Vec<String> = function.results.iter().map(|(key, value)| format!("{key} {value}")).collect();
    html! {
        <tr key={function.name.clone()}>
            <th scope="row">{ &function.name }</th>
            <td>{ thousands(function.invocations) }</td>
            <td class={if function.errors > 0 { "bad" } else { "" }}>{ thousands(function.errors) }</td>
            <td>{ thousands(function.throttles) }</td>
            <td>{ thousands(function.records) }</td>
            <td>{ function.fails_when.clone().unwrap_or_else(|| "–".to_owned()) }</td>
            <td>{ if results.is_empty() { "–".to_owned() } else { results.join(", ") } }</td>
        </tr>
    }
}

fn card(mapping: &MappingView, opened: &UseStateHandle<Option<(String, u64)>>) -> Html {
    let age = mapping.iterator_age_ms.map_or_else(|| "–".to_owned(), span_ms);
    let how = if mapping.is_pushed { tr("enhanced fan-out") } else { tr("polling") };
    let blocked = mapping.blocked.iter().map(|(shard, index)| {
        html! { <span key={*shard} class="with-badge bad"><ShardBadge shard={*shard} />{ tr("held up at record ") }{ thousands(*index) }</span> }
    });
    let rows = mapping.recent.iter().map(|recent| {
        let (opened, place) = (opened.clone(), (mapping.uuid.clone(), recent.number));
        let open = Callback::from(move |_: MouseEvent| opened.set(Some(place.clone())));
        html! {
            <tr key={recent.number}>
                <th scope="row">{ thousands(recent.number) }</th>
                <td>{ clock_ms(recent.at_ms) }</td>
                <td><ShardBadge shard={recent.shard} /></td>
                <td>{ thousands(recent.records) }</td>
                <td>{ tr(recent.outcome.unwrap_or("runs")) }</td>
                <td>{ span_ms(recent.took_ms) }</td>
                <td>{ span_ms(recent.iterator_age_ms) }</td>
                <td><button type="button" onclick={open}>{ tr("Event") }</button></td>
            </tr>
        }
    });
    html! {
        <div class="table-box" tabindex="0" role="region" aria-label={tr("Mapping of ").to_owned() + &mapping.function}>
            <p>
                <b>{ &mapping.stream }{ " → " }{ &mapping.function }</b>
                { format!(" {} · {} · {how} · batch {} · window {} s · factor {} · IteratorAge {age}", mapping.state, mapping.last_processing_result, mapping.batch_size, mapping.maximum_batching_window_in_seconds, mapping.parallelization_factor) }
            </p>
            <p>
                { count(mapping.records, "record") }{ tr(" worked on, ") }{ thousands(mapping.again) }{ tr(" of them again, ") }
                { thousands(mapping.out_of_order) }{ tr(" out of order; ") }{ thousands(mapping.filtered) }{ tr(" filtered out; ") }
                { thousands(mapping.discarded) }{ tr(" given up; ") }{ thousands(mapping.waiting) }{ tr(" waiting") }
            </p>
            <p>{ for blocked }</p>
            <table>
                <caption>{ tr("Last invocations") }</caption>
                <thead>
                    <tr>
                        <th>{ tr("No.") }</th><th>{ tr("At") }</th><th>{ tr("Shard") }</th><th>{ tr("Records") }</th><th>{ tr("Outcome") }</th>
                        <th>{ tr("Took") }</th><th>{ tr("IteratorAge") }</th><th>{ tr("Event") }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn message_list(list: &MessageListView) -> Html {
    let messages = list.newest.iter().enumerate().map(|(place, (at, body))| {
        let key = list.count - place as u64;
        html! { <li key={key}><details><summary>{ clock_ms(*at) }</summary><pre tabindex="0">{ body }</pre></details></li> }
    });
    html! {
        <div class="object">
            <h4><code>{ &list.arn }</code>{ ": " }{ count(list.count, "message") }</h4>
            <ol>{ for messages }</ol>
        </div>
    }
}
