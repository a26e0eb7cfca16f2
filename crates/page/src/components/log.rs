//! What happened, newest first, by kind.

use kinesis::Fact as ServiceFact;
use sim::{Fact, fact_view};
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

/// A choice's name, and whether it shows a fact.
type Filter = (&'static str, fn(&Fact) -> bool);

/// The choices; the first one is the usual one.
const FILTERS: &[Filter] = &[
    ("Changes", |fact| !is_traffic(fact)),
    ("Refusals", |fact| {
        matches!(
            fact,
            Fact::Service(ServiceFact::WriteThrottled { .. } | ServiceFact::ReadThrottled { .. })
                | Fact::RecordsLost { .. }
                | Fact::RetryScheduled { .. }
                | Fact::ReaderFailed { .. }
        )
    }),
    ("Records", |fact| {
        matches!(
            fact,
            Fact::Service(ServiceFact::RecordsAppended { .. } | ServiceFact::RecordsRead { .. })
                | Fact::RecordsProcessed { .. }
                | Fact::RecordsLost { .. }
        )
    }),
    ("Leases", |fact| {
        matches!(
            fact,
            Fact::LeaseTableCreated { .. }
                | Fact::LeaseCreated { .. }
                | Fact::LeaseTaken { .. }
                | Fact::LeaseWriteRefused { .. }
                | Fact::LeaseLost { .. }
                | Fact::LeaseReleased { .. }
                | Fact::LeaseDeleted { .. }
                | Fact::Checkpointed { .. }
                | Fact::WorkerCrashed { .. }
                | Fact::WorkerPaused { .. }
                | Fact::WorkerResumed { .. }
                | Fact::WorkerRestarted { .. }
        )
    }),
    ("Calls", |fact| {
        matches!(fact, Fact::CallAnswered { .. } | Fact::Service(ServiceFact::IteratorIssued { .. }))
    }),
    ("Everything", |_| true),
];

/// What goes on all the time while programs run.
fn is_traffic(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Service(ServiceFact::RecordsAppended { .. } | ServiceFact::RecordsRead { .. })
            | Fact::CallAnswered { .. }
            | Fact::RecordsProcessed { .. }
            | Fact::RetryScheduled { .. }
            | Fact::Checkpointed { .. }
    )
}

#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let filter = use_state(|| 0usize);
    let (_, is_shown) = FILTERS.get(*filter).unwrap_or(&FILTERS[0]);
    // The desk is only busy while a message is handled, and then nothing is rendered.
    let lines: Vec<_> = match props.desk.0.try_borrow() {
        Ok(desk) => {
            let world = desk.sandbox.world();
            let newest = world.fact_count().saturating_sub(FACTS_MAX as u64);
            let facts = world.facts_since(newest).rev().filter(|stamped| is_shown(&stamped.fact));
            facts.take(LINES_MAX).map(|fact| fact_view(world, fact)).collect()
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
