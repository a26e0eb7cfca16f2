//! The fault console: what can go wrong, to whom and for how long; each as a line that is run.

use yew::prelude::*;

use crate::app::{Msg, Send};
use crate::browser::dom::value_of;
use crate::scene::Picture;
use crate::text::{clock, span_ms};
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct TroublesProps {
    pub picture: Picture,
    pub send: Send,
}

/// Something that can go wrong: its name, what it does, and its line; `PROGRAM`, `STREAM` and `FOR` are filled in.
struct Trouble {
    name: &'static str,
    does: &'static str,
    /// Whether it is about a worker of a KCL application alone.
    is_for_workers: bool,
    line: &'static str,
}

const fn trouble(
    name: &'static str,
    does: &'static str,
    is_for_workers: bool,
    line: &'static str,
) -> Trouble {
    Trouble { name, does, is_for_workers, line }
}

const TROUBLES: &[Trouble] = &[
    trouble("Crash", "The program dies; nobody is told", false, "sandbox fault crash PROGRAM"),
    trouble(
        "Pause",
        "It stands still, as in a long garbage collection, and believes that no time has passed",
        false,
        "sandbox fault pause PROGRAM --for FOR",
    ),
    trouble(
        "Slow",
        "It takes longer for each thing",
        false,
        "sandbox fault slow PROGRAM --factor 500 --for FOR",
    ),
    trouble(
        "Slow sink",
        "Writing each result takes long",
        false,
        "sandbox fault slow-sink PROGRAM --per-record 20ms --for FOR",
    ),
    trouble(
        "Cut off",
        "It does not reach its lease table, but still the stream",
        true,
        "sandbox fault partition PROGRAM --for FOR",
    ),
    trouble(
        "Late messages",
        "Calls and answers take 200 ms more",
        false,
        "sandbox fault latency --more 200ms --program PROGRAM --for FOR",
    ),
    trouble(
        "Lost answers",
        "The service does it, and the caller never learns",
        false,
        "sandbox fault loss --percent 30 --way answers --program PROGRAM --for FOR",
    ),
    trouble(
        "Wrong clock",
        "Its clock is ten minutes slow: AWS refuses its signature",
        false,
        "sandbox fault clock PROGRAM --behind 10m --for FOR",
    ),
    trouble(
        "Poison record",
        "A record at which the application throws, again and again",
        true,
        "sandbox fault poison STREAM --program APPLICATION",
    ),
    trouble("One throttle", "The next call to a shard is refused", false, "sandbox fault throttle STREAM"),
];

const SPANS: &[(&str, &str)] = &[("15s", "15 s"), ("1m", "1 min"), ("5m", "5 min"), ("1h", "1 h")];

/// The fault console: to whom, for how long, what.
#[component]
pub(crate) fn Troubles(props: &TroublesProps) -> Html {
    let view = &props.picture.view;
    let kpls = view.kpls.iter().filter(|it| it.is_running).map(|it| it.name.clone());
    let producers = view.producers.iter().filter(|it| it.is_running).map(|it| it.name.clone());
    let readers = view.readers.iter().filter(|it| it.is_running).map(|it| it.name.clone());
    let workers = view.applications.iter().flat_map(|application| {
        application.workers.iter().map(|worker| application.name.clone() + "/" + &worker.name)
    });
    let programs: Vec<String> = producers.chain(kpls).chain(readers).chain(workers).collect();
    let chosen = use_state(String::new);
    let span = use_state(|| "1m".to_owned());
    let program =
        programs.iter().find(|name| **name == *chosen).or(programs.first()).cloned().unwrap_or_default();
    let stream = props.picture.stream().map(|stream| stream.name.clone()).unwrap_or_default();
    let options = programs.iter().map(|name| {
        html! { <option key={name.clone()} value={name.clone()} selected={*name == program}>{ name }</option> }
    });
    let spans = SPANS.iter().map(|(value, name)| {
        html! { <option key={*value} value={*value} selected={*value == *span}>{ *name }</option> }
    });
    let choose = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |event: Event| state.set(value_of(&event)))
    };
    let application = program.split('/').next().unwrap_or_default();
    let is_worker = program.contains('/');
    let troubles = TROUBLES.iter().map(|trouble| {
        let line = trouble.line.replace("PROGRAM", &program).replace("APPLICATION", application).replace("STREAM", &stream).replace("FOR", &span);
        let is_possible = !program.is_empty() && (is_worker || !trouble.is_for_workers);
        let title = line.clone();
        let on_click = props.send.reform(move |_: MouseEvent| Msg::Lines(line.clone()));
        html! {
            <li key={trouble.name}>
                <button type="button" class="piece trouble" disabled={!is_possible} {title} onclick={on_click}>
                    <b>{ tr(trouble.name) }</b><small>{ tr(trouble.does) }</small>
                </button>
            </li>
        }
    });
    let active = view.faults.iter().map(|fault| {
        let until = fault.until_ms.map_or_else(
            || tr("until it is cleared").to_owned(),
            |until| span_ms(until.saturating_sub(view.now_ms)) + tr(" left"),
        );
        html! {
            <li key={fault.number}><time>{ clock(fault.since_ms) }</time><span>{ say(fault.text.clone()) }</span><small>{ until }</small></li>
        }
    });
    let has_faults = !view.faults.is_empty();
    html! {
        <section class="troubles" aria-label={tr("Fault console")}>
            <h3>{ tr("Fault console") }</h3>
            <p class="hint" hidden={!programs.is_empty()}>{ tr("Start a program first: faults happen to somebody.") }</p>
            <div class="filter" hidden={programs.is_empty()}>
                <label class="filter"><span>{ tr("Affects") }</span><select aria-label={tr("Affects")} onchange={choose(&chosen)}>{ for options }</select></label>
                <label class="filter"><span>{ tr("Lasts") }</span><select aria-label={tr("Lasts")} onchange={choose(&span)}>{ for spans }</select></label>
            </div>
            <ul class="trouble-list">{ for troubles }</ul>
            <div hidden={!has_faults}>
                <h4>{ tr("On now") }</h4>
                <ol class="log-lines">{ for active }</ol>
                <button type="button" onclick={props.send.reform(|_| Msg::Lines("sandbox fault clear".to_owned()))}>{ tr("Clear all") }</button>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_console_can_be_read() {
        for trouble in TROUBLES {
            let line = trouble
                .line
                .replace("STREAM", "clicks")
                .replace("PROGRAM", "billing/w1")
                .replace("APPLICATION", "billing")
                .replace("FOR", "1m");
            let read = awscli::parse(&line);
            assert!(read.is_ok(), "{line}: {read:?}");
        }
    }
}
