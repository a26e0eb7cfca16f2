//! What happened, newest first, by kind.

use sim::fact_view;
use yew::prelude::*;

use crate::browser::dom::value_of;
use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::text::clock_ms;

#[derive(Properties, PartialEq)]
pub(crate) struct LogProps {
    pub picture: Picture,
    pub desk: SharedDesk,
}

/// Lines that are shown at most, and facts that are looked through for them.
const LINES_MAX: usize = 60;
const FACTS_MAX: usize = 4_000;

/// Choices with the kinds of facts that each shows; none for all of them.
const FILTERS: &[(&str, &[&str])] = &[
    (
        "Changes",
        &[
            "StreamStatusChanged",
            "StreamDeleted",
            "RetentionChanged",
            "ShardOpened",
            "ShardClosed",
            "ShardExpired",
            "ActorStarted",
            "ActorStopped",
            "ProducerChanged",
            "WriteThrottled",
            "ReadThrottled",
            "RecordsLost",
            "ReaderFailed",
            "LeaseTableCreated",
            "LeaseCreated",
            "LeaseTaken",
            "LeaseWriteRefused",
            "LeaseLost",
            "LeaseReleased",
            "LeaseDeleted",
            "WorkerCrashed",
            "WorkerPaused",
            "WorkerResumed",
            "WorkerRestarted",
            "Answered",
            "IteratorIssued",
            "ShardEndReached",
        ],
    ),
    ("Refusals", &["WriteThrottled", "ReadThrottled", "RecordsLost", "RetryScheduled", "ReaderFailed"]),
    ("Records", &["RecordsAppended", "RecordsRead", "RecordsProcessed", "RecordsLost"]),
    (
        "Leases",
        &[
            "LeaseTableCreated",
            "LeaseCreated",
            "LeaseTaken",
            "LeaseWriteRefused",
            "LeaseLost",
            "LeaseReleased",
            "LeaseDeleted",
            "Checkpointed",
            "WorkerCrashed",
            "WorkerPaused",
            "WorkerResumed",
            "WorkerRestarted",
        ],
    ),
    ("Calls", &["CallAnswered", "IteratorIssued"]),
    ("Everything", &[]),
];

#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let filter = use_state(|| 0usize);
    let kinds = FILTERS.get(*filter).map_or(&[][..], |(_, kinds)| kinds);
    // The desk is only busy while a message is handled, and then nothing is rendered.
    let lines: Vec<_> = match props.desk.0.try_borrow() {
        Ok(desk) => {
            let world = desk.sandbox.world();
            let newest = world.fact_count().saturating_sub(FACTS_MAX as u64);
            let facts = world.facts_since(newest).rev().map(|fact| fact_view(world, fact));
            facts.filter(|fact| kinds.is_empty() || kinds.contains(&fact.kind)).take(LINES_MAX).collect()
        }
        Err(_) => Vec::new(),
    };
    let rows = lines.iter().map(|fact| {
        let class = match fact.kind {
            "WriteThrottled" | "ReadThrottled" | "RecordsLost" | "ReaderFailed" | "LeaseWriteRefused" => {
                "bad"
            }
            "LeaseTaken" | "LeaseLost" | "LeaseReleased" | "WorkerCrashed" => "lease-line",
            _ => "",
        };
        html! {
            <li key={fact.number} class={class}>
                <time>{ clock_ms(fact.at_ms) }</time><span>{ &fact.text }</span><small>{ &fact.cause }</small>
            </li>
        }
    });
    let options = FILTERS.iter().enumerate().map(|(i, (name, _))| {
        html! { <option key={i} value={i.to_string()} selected={i == *filter}>{ *name }</option> }
    });
    let on_filter = {
        let filter = filter.clone();
        Callback::from(move |event: Event| filter.set(value_of(&event).parse().unwrap_or(0)))
    };
    html! {
        <div class="log">
            <label class="filter">
                <span>{ "Show" }</span>
                <select aria-label="Show" onchange={on_filter}>{ for options }</select>
            </label>
            <ol class="log-lines" hidden={lines.is_empty()}>{ for rows }</ol>
            <p class="hint" hidden={!lines.is_empty()}>{ "Nothing of this kind has happened yet." }</p>
        </div>
    }
}
