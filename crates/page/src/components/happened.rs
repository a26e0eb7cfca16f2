//! What the last command did, in three lines with the learner's own names and numbers, and the rule that decided.

use kinesis::{Fact as ServiceFact, StreamStatus, hash_key_of, ring_share};
use sim::{Cause, Command, Fact, fact_view};
use yew::prelude::*;

use crate::desk::{Desk, SharedDesk};
use crate::language;
use crate::letters::letter;
use crate::scene::Picture;
use crate::text::percent;
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct HappenedProps {
    pub picture: Picture,
    pub desk: SharedDesk,
}

const LINES_MAX: usize = 3;

/// A card: what was done, what came of it, and why so.
struct Card {
    title: String,
    lines: Vec<String>,
    rule: &'static str,
}

#[component]
pub(crate) fn Happened(props: &HappenedProps) -> Html {
    let card = props.desk.0.try_borrow().ok().and_then(|desk| card(&desk, &props.picture));
    let Some(card) = card else { return html! { <section class="happened" hidden=true /> } };
    let lines = card.lines.iter().enumerate().map(|(i, line)| html! { <li key={i}>{ line }</li> });
    html! {
        <section class="happened" aria-label={tr("What just happened")}>
            <h3>{ tr("What just happened") }<code>{ card.title }</code></h3>
            <ol>{ for lines }</ol>
            <p class="hint" hidden={card.rule.is_empty()}>{ tr(card.rule) }</p>
        </section>
    }
}

#[inline(never)]
fn card(desk: &Desk, picture: &Picture) -> Option<Card> {
    let world = desk.sandbox.world();
    let entries = desk.sandbox.entries();
    let applied = entries.partition_point(|entry| entry.at <= world.now());
    let number = applied.checked_sub(1)?;
    let entry = entries.get(number).filter(|entry| !entry.command.is_read_only())?;
    let facts = world.facts_since(world.fact_count().saturating_sub(2_000));
    let caused =
        facts.filter(|stamped| stamped.cause == Cause::Command(number as u64) && stamped.at >= entry.at);
    let caused: Vec<_> =
        caused.filter(|stamped| !matches!(stamped.fact, Fact::CallAnswered { error: None, .. })).collect();
    let mut lines: Vec<String> =
        caused.iter().take(LINES_MAX).map(|stamped| say(fact_view(world, stamped).text)).collect();
    if let Command::Call(kinesis::Request::PutRecord(input)) = &entry.command
        && let Some(key) = &input.partition_key
    {
        let hash = hash_key_of(key);
        let shard = input
            .explicit_hash_key
            .is_none()
            .then(|| crate::spread::shard_of(&picture.ranges, hash))
            .flatten();
        if let Some(shard) = shard {
            let place = percent(ring_share(hash));
            lines.insert(0, format!("MD5({key}) = {hash:032x}: {place}, {}{}", tr("shard "), letter(shard)));
        }
    }
    lines.truncate(LINES_MAX);
    (!lines.is_empty()).then(|| Card {
        title: language::name(&entry.command),
        lines,
        rule: caused.iter().find_map(|stamped| rule(&stamped.fact)).unwrap_or_default(),
    })
}

/// The rule that decided, for the kinds of facts that have one.
fn rule(fact: &Fact) -> Option<&'static str> {
    let rule = match fact {
        Fact::Service(fact) => match fact {
            ServiceFact::RecordsAppended { .. } => {
                "The MD5 of the partition key decides the shard; nothing else does."
            }
            ServiceFact::WriteThrottled { .. } => {
                "Each shard takes 1,000 records and 1 MB a second: whatever is used up first refuses."
            }
            ServiceFact::ReadThrottled { .. } => {
                "All polling readers of a shard share five calls and 2 MB a second."
            }
            ServiceFact::ShardClosed { .. } | ServiceFact::ShardOpened { .. } => {
                "A closed shard keeps its records until they are too old; readers finish it before its children."
            }
            ServiceFact::StreamStatusChanged { status: StreamStatus::Deleting, .. } => {
                "Deleting takes the service a while: then the stream is gone, and its records with it."
            }
            ServiceFact::StreamStatusChanged { .. } => {
                "A change takes the service a while: nothing else can be changed until the stream is ACTIVE."
            }
            ServiceFact::RetentionChanged { .. } => {
                "A longer retention period saves what is still there; what is trimmed stays gone."
            }
            ServiceFact::IteratorIssued { .. } => {
                "An iterator is a place, not a subscription: it moves only when it is used, and dies after five minutes."
            }
            ServiceFact::Subscribed { .. } => {
                "A subscription has 2 MB a second of each shard for itself, and lasts five minutes."
            }
            _ => return None,
        },
        Fact::WorkerCrashed { .. } => {
            "Nobody is told of a crash: the lease must stand still for the fail-over time before another worker takes it."
        }
        Fact::WorkerPaused { .. } => {
            "A paused worker still believes that it owns its leases: when it wakes, its first write is refused."
        }
        _ => return None,
    };
    Some(rule)
}
