//! The forms of a new producer, a new reader and a new KCL application, in the inspector.

use kinesis::{Duration, Instant};
use sim::{
    ApplicationSpec, Balancing, Command, KclVersion, KeyRecipe, ProducerSpec, PutCall, PutOrdering,
    ReaderSpec, RetrievalMode, RetryPolicy, StartingPosition, Workload,
};
use yew::prelude::*;

use super::fields::{Choice, NumberField, TextField};
use super::key_recipe::KeyRecipeEditor;
use super::traffic::{CALLS, RATES, RETRIES, SIZES, call_of, retry_of};
use crate::app::{Msg, Send};
use crate::language;
use crate::scene::{FlagKind, Picture};
use crate::selection::{Making, Selection};
use crate::text::{clock, count, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct FormProps {
    pub picture: Picture,
    pub send: Send,
}

/// The first of some names that nobody has.
fn free_name(picture: &Picture, names: &[&str]) -> String {
    let view = &picture.view;
    let is_taken = |name: &str| {
        view.producers.iter().any(|producer| producer.name == name)
            || view.readers.iter().any(|reader| reader.name == name)
            || view.applications.iter().any(|application| application.name == name)
    };
    let free = names.iter().find(|name| !is_taken(name)).map(|name| (*name).to_owned());
    let first = names.first().copied().unwrap_or("actor");
    free.or_else(|| (2..100).map(|n| first.to_owned() + "-" + &n.to_string()).find(|name| !is_taken(name)))
        .unwrap_or_default()
}

fn stream_name(picture: &Picture) -> String {
    picture.stream().map(|stream| stream.name.clone()).unwrap_or_default()
}

/// What each form ends with: its command line and its two buttons.
fn form_end(command: &Command, action: &'static str, send: &Send) -> Html {
    html! {
        <div class="form-end">
            <pre class="line" aria-label={tr("Command line")}><code>{ language::render(command) }</code></pre>
            <div class="actions">
                <button type="submit" class="primary">{ action }</button>
                <button type="button" onclick={send.reform(|_| Msg::Make(Making::Nothing))}>{ tr("Cancel") }</button>
            </div>
        </div>
    }
}

fn on_submit(command: Command, selection: Selection, send: &Send) -> Callback<SubmitEvent> {
    let send = send.clone();
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Msg::SubmitForm(command.clone(), selection.clone()));
    })
}

#[component]
pub(crate) fn ProducerForm(props: &FormProps) -> Html {
    let spec = use_state(|| {
        let name = free_name(&props.picture, &["web", "mobile", "sensors", "batch"]);
        ProducerSpec::new(name, stream_name(&props.picture))
    });
    let change = |edit: fn(&mut ProducerSpec, u64)| {
        let spec = spec.clone();
        Callback::from(move |number: u64| {
            let mut new = (*spec).clone();
            edit(&mut new, number);
            spec.set(new);
        })
    };
    let words = |edit: fn(&mut ProducerSpec, String)| {
        let spec = spec.clone();
        Callback::from(move |text: String| {
            let mut new = (*spec).clone();
            edit(&mut new, text);
            spec.set(new);
        })
    };
    let on_keys = {
        let spec = spec.clone();
        Callback::from(move |keys: KeyRecipe| spec.set(ProducerSpec { keys, ..(*spec).clone() }))
    };
    let command = Command::StartProducer((*spec).clone());
    let submit = on_submit(command.clone(), Selection::Producer(spec.name.clone()), &props.send);
    let is_retrying = spec.retry != RetryPolicy::None;
    html! {
        <form class="form" onsubmit={submit}>
            <h3>{ tr("New producer") }</h3>
            <TextField label={tr("Name")} value={spec.name.clone()} on_input={words(|spec, name| spec.name = name)} is_code=true />
            <NumberField label={tr("Rate")} value={u64::from(spec.rate)} min=1 max={u64::from(ProducerSpec::RATE_MAX)} unit={tr("records/s")} stops={RATES} on_change={change(|spec, n| spec.rate = n as u32)} live=true />
            <NumberField label={tr("Size")} value={u64::from(spec.size)} min=0 max={1 << 20} unit={tr("bytes")} stops={SIZES} on_change={change(|spec, n| spec.size = n as u32)} live=true />
            <KeyRecipeEditor recipe={spec.keys.to_string()} picture={props.picture.clone()} on_change={on_keys} />
            <Choice label={tr("Call")} options={CALLS} value={call_name(spec.call)} on_change={words(|spec, name| spec.call = call_of(&name))} />
            <Choice label={tr("Retry")} options={RETRIES} value={retry_name(spec.retry)} on_change={words(|spec, name| spec.retry = retry_of(&name))} />
            <div hidden={!is_retrying}>
                <NumberField label={tr("Attempts")} value={u64::from(spec.attempts)} min=1 max=100 on_change={change(|spec, n| spec.attempts = n as u32)} live=true />
            </div>
            <details>
                <summary>{ "More" }</summary>
                <Choice label="Traffic" options={TRAFFICS} value={spec.traffic.to_string()} on_change={words(|spec, text| spec.traffic = text.parse().unwrap_or_default())} />
                <Choice label="Workload" options={WORKLOADS} value={spec.workload.name()} on_change={words(|spec, name| set_workload(spec, &name))} />
                <Choice label="Order of a key" options={ORDERINGS} value={ordering_name(spec.ordering)} on_change={words(|spec, name| spec.ordering = ordering_of(&name))} />
                <NumberField label="Calls at once" value={u64::from(spec.concurrency.unwrap_or(0))} min=0 max={u64::from(ProducerSpec::CONCURRENCY_MAX)} unit="calls, 0 for any" on_change={change(|spec, n| spec.concurrency = (n > 0).then_some(n as u32))} live=true />
                <NumberField label="Time-out" value={spec.request_timeout.millis()} min=1 max=3_600_000 unit="ms" on_change={change(|spec, n| spec.request_timeout = Duration::from_millis(n))} live=true />
            </details>
            { form_end(&command, "Start producer", &props.send) }
        </form>
    }
}

const TRAFFICS: &[(&str, &str)] =
    &[("steady", "Steady"), ("burst:10:5:60", "Bursts"), ("ramp:2000:600", "Ramp"), ("daily", "Daily")];
const WORKLOADS: &[(&str, &str)] = &[
    ("plain", "Plain"),
    ("app-log", "App log"),
    ("cloudwatch-metrics", "Metrics"),
    ("web-activity", "Web activity"),
];
const ORDERINGS: &[(&str, &str)] = &[("none", "Not kept"), ("per-key", "Kept")];

fn set_workload(spec: &mut ProducerSpec, name: &str) {
    spec.workload = Workload::parse(name).unwrap_or_default();
    spec.size = spec.size.max(spec.workload.size_min());
}

fn ordering_name(ordering: PutOrdering) -> &'static str {
    match ordering {
        PutOrdering::None => "none",
        PutOrdering::PerKey => "per-key",
    }
}

fn ordering_of(name: &str) -> PutOrdering {
    if name == "per-key" { PutOrdering::PerKey } else { PutOrdering::None }
}

fn call_name(call: PutCall) -> &'static str {
    match call {
        PutCall::Single => "single",
        PutCall::Batch => "batch",
    }
}

fn retry_name(retry: RetryPolicy) -> &'static str {
    match retry {
        RetryPolicy::None => "none",
        RetryPolicy::Immediate => "immediate",
        RetryPolicy::Backoff => "backoff",
        RetryPolicy::Standard => "standard",
        RetryPolicy::Legacy => "legacy",
    }
}

#[component]
pub(crate) fn ReaderForm(props: &FormProps) -> Html {
    let name = use_state(|| free_name(&props.picture, &["billing", "audit", "search", "reports"]));
    let from = use_state(|| StartingPosition::TrimHorizon);
    let now_s = props.picture.view.now_ms / 1_000;
    let ago = use_state(|| 10u64);
    let choose = {
        let (from, send) = (from.clone(), props.send.clone());
        move |position: StartingPosition| {
            from.set(position);
            send.emit(Msg::Preview(Some(position)));
        }
    };
    let at = |seconds_ago: u64| {
        StartingPosition::AtTimestamp(Instant::from_seconds(now_s.saturating_sub(seconds_ago)))
    };
    let kinds = [
        ("TRIM_HORIZON", "The oldest record that is still kept", StartingPosition::TrimHorizon),
        ("LATEST", "After the newest record: only what comes now", StartingPosition::Latest),
        ("AT_TIMESTAMP", "The first record that arrived at a time or later", at(*ago)),
    ];
    let chosen = match *from {
        StartingPosition::TrimHorizon => "TRIM_HORIZON",
        StartingPosition::Latest => "LATEST",
        StartingPosition::AtTimestamp(_) => "AT_TIMESTAMP",
    };
    let radios = kinds.into_iter().map(|(kind, meaning, position)| {
        let (choose_it, show) = (choose.clone(), props.send.clone());
        html! {
            <label key={kind} class="radio">
                <input
                    type="radio"
                    name="starting-position"
                    checked={chosen == kind}
                    onchange={Callback::from(move |_: Event| choose_it(position))}
                    onfocus={Callback::from(move |_: FocusEvent| show.emit(Msg::Preview(Some(position))))}
                />
                <span><code>{ kind }</code><small>{ meaning }</small></span>
            </label>
        }
    });
    let on_ago = {
        let (ago, choose) = (ago.clone(), choose.clone());
        Callback::from(move |seconds: u64| {
            ago.set(seconds);
            choose(StartingPosition::AtTimestamp(Instant::from_seconds(now_s.saturating_sub(seconds))));
        })
    };
    let landings = props.picture.flags.iter().filter_map(|(shard, flags)| {
        let flag = flags.iter().find(|flag| flag.kind == FlagKind::Preview)?;
        let words = if flag.behind == 0 {
            "at the tip: waits for the next record".to_owned()
        } else {
            "first record: #".to_owned()
                + &thousands(flag.index)
                + ", "
                + &clock(flag.at_ms)
                + ", "
                + &count(flag.behind, "record")
                + " to the tip"
        };
        Some(html! { <li key={*shard}><super::shard_badge::ShardBadge shard={*shard} />{ words }</li> })
    });
    let mut spec = ReaderSpec::new((*name).clone(), stream_name(&props.picture), *from);
    spec.name.clone_from(&name);
    let command = Command::StartReader(spec);
    let submit = on_submit(command.clone(), Selection::Reader((*name).clone()), &props.send);
    let on_name = {
        let name = name.clone();
        Callback::from(move |text: String| name.set(text))
    };
    html! {
        <form class="form" onsubmit={submit}>
            <h3>{ tr("New reader") }</h3>
            <TextField label={tr("Name")} value={(*name).clone()} on_input={on_name} is_code=true />
            <fieldset class="radios">
                <legend>{ tr("Start from…") }</legend>
                <div>{ for radios }</div>
                <div class="indent" hidden={chosen != "AT_TIMESTAMP"}>
                    <NumberField label={tr("Seconds ago")} value={*ago} min=0 max=31_536_000 unit="s" on_change={on_ago} live=true />
                </div>
            </fieldset>
            <div class="preview">
                <h4>{ tr("Where it would begin") }</h4>
                <ul class="landings">{ for landings }</ul>
            </div>
            { form_end(&command, "Start reader", &props.send) }
        </form>
    }
}

const VERSIONS: &[(&str, &str)] = &[("1", "KCL 1"), ("2", "KCL 2"), ("3", "KCL 3")];
const MODES: &[(&str, &str)] = &[("polling", "polling"), ("fanout", "enhanced fan-out")];
const BEGINNINGS: &[(&str, &str)] = &[("TRIM_HORIZON", "TRIM_HORIZON"), ("LATEST", "LATEST")];
const SWITCH: &[(&str, &str)] = &[("true", "on"), ("false", "off")];

#[component]
pub(crate) fn ApplicationForm(props: &FormProps) -> Html {
    let spec = use_state(|| {
        let name = free_name(&props.picture, &["billing-app", "fraud-app", "search-app"]);
        ApplicationSpec { workers: 2, ..ApplicationSpec::new(name, stream_name(&props.picture)) }
    });
    let change = |apply: fn(&mut ApplicationSpec, u64)| {
        let spec = spec.clone();
        Callback::from(move |number: u64| {
            let mut next = (*spec).clone();
            apply(&mut next, number);
            spec.set(next);
        })
    };
    let choose = |apply: fn(&mut ApplicationSpec, &str)| {
        let spec = spec.clone();
        Callback::from(move |word: String| {
            let mut next = (*spec).clone();
            apply(&mut next, &word);
            spec.set(next);
        })
    };
    let version = spec.version.unwrap_or(KclVersion::Two);
    let mut started = (*spec).clone();
    started.stream = stream_name(&props.picture);
    let command = Command::StartApplication(started);
    let submit = on_submit(command.clone(), Selection::Application(spec.name.clone()), &props.send);
    let mode = if spec.retrieval == RetrievalMode::FanOut { "fanout" } else { "polling" };
    let from = if spec.from == StartingPosition::Latest { "LATEST" } else { "TRIM_HORIZON" };
    let hands_off = if spec.balancing.hands_off_gracefully { "true" } else { "false" };
    let most = u64::from(spec.max_leases_for_worker.unwrap_or(0));
    html! {
        <form class="form" onsubmit={submit}>
            <h3>{ tr("New KCL application") }</h3>
            <p class="hint">{ tr("Workers share the shards by leases in a DynamoDB table of the application's name.") }</p>
            <TextField label={tr("Application name")} value={spec.name.clone()} on_input={choose(|spec, name| name.clone_into(&mut spec.name))} is_code=true />
            <Choice label={tr("KCL version")} options={VERSIONS} value={version.number()} on_change={choose(set_version)} />
            <NumberField label={tr("Workers")} value={u64::from(spec.workers)} min=1 max=20 on_change={change(|spec, n| spec.workers = n as u32)} live=true />
            <Choice label={tr("Start from")} options={BEGINNINGS} value={from} on_change={choose(|spec, word| spec.from = if word == "LATEST" { StartingPosition::Latest } else { StartingPosition::TrimHorizon })} />
            <div hidden={version == KclVersion::One}>
                <Choice label={tr("Read by")} options={MODES} value={mode} on_change={choose(|spec, word| spec.retrieval = if word == "fanout" { RetrievalMode::FanOut } else { RetrievalMode::Polling })} />
            </div>
            <NumberField label={tr("Fail-over time")} value={spec.failover.seconds()} min=1 max=600 unit="s" on_change={change(|spec, n| spec.failover = Duration::from_seconds(n))} live=true />
            <NumberField label={tr("Idle time between reads")} value={spec.idle_between_reads.millis()} min=200 max=600_000 unit="ms" on_change={change(|spec, n| spec.idle_between_reads = Duration::from_millis(n))} live=true />
            <NumberField label={tr("Max records")} value={u64::from(spec.max_records)} min=1 max=10_000 on_change={change(|spec, n| spec.max_records = n as u32)} live=true />
            <NumberField label={tr("Max leases per worker, 0 for no bound")} value={most} min=0 max={u64::from(ApplicationSpec::LEASES_MAX)} on_change={change(|spec, n| spec.max_leases_for_worker = (n > 0).then_some(n as u32))} live=true />
            <div hidden={version != KclVersion::Three}>
                <Choice label={tr("Graceful hand-off")} options={SWITCH} value={hands_off} on_change={choose(|spec, word| spec.balancing.hands_off_gracefully = word == "true")} />
            </div>
            { form_end(&command, "Start application", &props.send) }
        </form>
    }
}

/// Another version has other defaults, and not all of the settings.
fn set_version(spec: &mut ApplicationSpec, number: &str) {
    let before = spec.version.unwrap_or(KclVersion::Two);
    let next = KclVersion::ALL.into_iter().find(|version| version.number() == number).unwrap_or(before);
    if spec.idle_between_reads == before.idle_between_reads() {
        spec.idle_between_reads = next.idle_between_reads();
    }
    if next == KclVersion::One {
        spec.retrieval = RetrievalMode::Polling;
    }
    if next != KclVersion::Three {
        spec.balancing = Balancing::default();
    }
    spec.version = Some(next);
}
