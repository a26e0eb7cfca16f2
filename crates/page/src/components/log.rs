//! What happened, newest first, by kind.

use kinesis::{Fact as ServiceFact, apart};
use sim::{Fact, FactView, StampedFact, WhyView, fact_view};
use yew::prelude::*;

use super::happened::Happened;
use crate::app::{Msg, Send};
use crate::browser::dom::value_of;
use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::text::clock_ms;
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct LogProps {
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

/// Lines that are shown at most, and facts of the chosen kind that are looked through for them.
const LINES_MAX: usize = 60;
const FACTS_MAX: usize = 20_000;

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
                | Fact::LeaseAssigned { .. }
                | Fact::HandOffBegan { .. }
                | Fact::LeaseHandedOver { .. }
                | Fact::KclTableCreated { .. }
                | Fact::LeaderElected { .. }
                | Fact::LeadershipLost { .. }
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
        Fact::Service(
            ServiceFact::RecordsAppended { .. }
                | ServiceFact::RecordsRead { .. }
                | ServiceFact::EventPushed { .. },
        ) | Fact::CallAnswered { .. }
            | Fact::RecordsProcessed { .. }
            | Fact::RetryScheduled { .. }
            | Fact::Checkpointed { .. }
    )
}

/// Lines that say the same are one, with how often.
struct Line {
    fact: FactView,
    times: u32,
}

fn speaks_of(fact: &FactView, wanted: &str) -> bool {
    say(fact.text.clone()).to_lowercase().contains(wanted) || fact.cause.contains(wanted)
}

#[component]
pub(crate) fn Log(props: &LogProps) -> Html {
    let filter = use_state(|| 0usize);
    let find = use_state(String::new);
    let asked = use_state(|| None::<u64>);
    let (_, is_shown) = FILTERS.get(*filter).unwrap_or(&FILTERS[0]);
    let wanted = match find.trim() {
        "" => String::new(),
        words => apart(|| words.to_lowercase()),
    };
    let mut lines: Vec<Line> = Vec::new();
    let mut chain = Vec::new();
    // The desk is only busy while a message is handled, and then nothing is rendered.
    if let Ok(desk) = props.desk.0.try_borrow() {
        let world = desk.sandbox.world();
        let mut before: Option<&StampedFact> = None;
        for stamped in world.kept_facts().filter(|stamped| is_shown(&stamped.fact)).take(FACTS_MAX) {
            // The same again is counted without being put into words again.
            let is_same = before.is_some_and(|it| it.fact == stamped.fact && it.cause == stamped.cause);
            if let (true, Some(last)) = (is_same, lines.last_mut()) {
                last.times += 1;
                continue;
            }
            before = Some(stamped);
            let fact = fact_view(world, stamped);
            if !wanted.is_empty() && !apart(|| speaks_of(&fact, &wanted)) {
                continue;
            }
            let is_full = lines.len() == LINES_MAX;
            match lines.last_mut() {
                Some(last) if last.fact.text == fact.text && last.fact.cause == fact.cause => last.times += 1,
                _ if is_full => break,
                _ => lines.push(Line { fact, times: 1 }),
            }
        }
        if let Some(number) = *asked {
            chain = awscli::why(&desk.sandbox, number);
        }
    }
    let rows = lines.iter().map(|Line { fact, times }| {
        let class = match fact.kind {
            "WriteThrottled" | "ReadThrottled" | "RecordsLost" | "ReaderFailed" | "LeaseWriteRefused" => "bad",
            "LeaseTaken" | "LeaseLost" | "LeaseReleased" | "LeaseHandedOver" | "WorkerCrashed" => "lease-line",
            _ => "",
        };
        let (text, cause) = (say(fact.text.clone()), say(fact.cause.clone()));
        let is_asked = *asked == Some(fact.number);
        let number = fact.number;
        let ask = {
            let asked = asked.clone();
            Callback::from(move |_: MouseEvent| asked.set(Some(number).filter(|_| !is_asked)))
        };
        html! {
            <li key={fact.number} class={class}>
                <time>{ clock_ms(fact.at_ms) }</time>
                <span>{ &text }<b class="times" hidden={*times == 1}>{ "×" }{ times }</b></span>
                <small>{ cause }</small>
                <button type="button" class="why-button" aria-expanded={is_asked.to_string()} aria-label={tr("Why?").to_owned() + " " + &text} onclick={ask}>{ tr("Why?") }</button>
                { if is_asked { why(&chain, &props.send) } else { html! { <span hidden=true /> } } }
            </li>
        }
    });
    let options = FILTERS.iter().enumerate().map(|(i, (name, _))| {
        html! { <option key={i} value={i.to_string()} selected={i == *filter}>{ tr(name) }</option> }
    });
    let on_filter = {
        let filter = filter.clone();
        Callback::from(move |event: Event| filter.set(value_of(&event).parse().unwrap_or(0)))
    };
    let on_find = {
        let find = find.clone();
        Callback::from(move |event: InputEvent| find.set(value_of(&event)))
    };
    html! {
        <div class="log">
            <div class="filter">
                <label class="filter">
                    <span>{ tr("Show") }</span>
                    <select aria-label={tr("Show")} onchange={on_filter}>{ for options }</select>
                </label>
                <input type="text" class="find" aria-label={tr("Find in the log")} placeholder={tr("Find in the log")} value={(*find).clone()} oninput={on_find} />
            </div>
            <Happened picture={props.picture.clone()} desk={props.desk.clone()} />
            <ol class="log-lines" hidden={lines.is_empty()}>{ for rows }</ol>
            <p class="hint" hidden={!lines.is_empty()}>{ tr("Nothing of this kind has happened yet.") }</p>
        </div>
    }
}

/// What led to a fact, step by step back to a command or the service's own timetable; each step can be gone to.
#[inline(never)]
fn why(chain: &[WhyView], send: &Send) -> Html {
    let steps = chain.iter().enumerate().skip(1).map(|(i, step)| {
        let because = chain.get(i - 1).and_then(|before| before.because.clone()).map(say).unwrap_or_default();
        let go = step.at_ms.map(|at| {
            let label = tr("Go to").to_owned() + " " + &clock_ms(at);
            html! { <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Msg::Seek(at))}>{ label }</button> }
        });
        html! {
            <li key={i}>
                <small hidden={because.is_empty()}>{ tr("because ") }{ because }</small>
                <span>{ say(step.text.clone()) }{ " " }{ go.unwrap_or_default() }</span>
            </li>
        }
    });
    html! {
        <div class="why-chain">
            <ol>{ for steps }</ol>
            <p class="hint" hidden={chain.len() > 1}>{ tr("Nothing led to it that is still kept.") }</p>
        </div>
    }
}
