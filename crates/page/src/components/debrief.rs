//! The debrief of an incident, as the world tells it.

use course::{Damage, Debrief};
use yew::prelude::*;

use super::cost::money;
use super::solution::side_by_side;
use crate::text::{clock_ms, span_ms, thousands};
use crate::words::tr;

pub(super) fn debrief(debrief: Option<&Debrief>) -> Html {
    let Some(debrief) = debrief else { return html! { <div hidden=true /> } };
    let moments = debrief.moments.iter().map(|moment| {
        html! {
            <li key={moment.what}>
                <time>{ clock_ms(moment.at.millis()) }</time>
                <b>{ tr(moment.what) }</b>
                <small lang="en" hidden={moment.detail.is_empty()}>{ &moment.detail }</small>
            </li>
        }
    });
    let span = |seconds: Option<u64>| match seconds {
        None => "–".to_owned(),
        Some(0) => tr("less than 1 s").to_owned(),
        Some(seconds) => span_ms(seconds * 1_000),
    };
    let spans = [
        ("The sign was there before the page for", span(debrief.signal_to_page)),
        ("From the page to your first change", span(debrief.page_to_change)),
        ("From the page to the repair", span(debrief.page_to_repair)),
    ];
    let spans = spans.into_iter().map(|(what, time)| {
        html! { <div key={what}><dt>{ tr(what) }</dt><dd>{ time }</dd></div> }
    });
    let (before, after) = (&debrief.before, &debrief.after);
    let since = |read: fn(&Damage) -> u64| (read(before), read(after).saturating_sub(read(before)));
    let rows = [
        ("Records that producers gave up", since(|it| it.lost)),
        ("Records that readers went past", since(|it| it.missed)),
        ("Records that functions gave up", since(|it| it.discarded)),
        ("Records that came again", since(|it| it.again)),
        ("Effects that happened twice", since(|it| it.twice)),
    ];
    let rows = rows.into_iter().map(|(what, (before, since))| (what, thousands(before), thousands(since)));
    html! {
        <section class="debrief" aria-label={tr("Debrief")}>
            <h4>{ tr("Debrief") }</h4>
            <ol class="moments">{ for moments }</ol>
            <dl class="numbers">{ for spans }</dl>
            { side_by_side("Before the page", "Since", rows) }
            <p>
                { tr("The incident cost ") }{ money(after.cost.saturating_sub(before.cost)) }
                { tr(" of stream time. A month cost ") }{ money(before.month) }{ tr(" before, and costs ") }{ money(after.month) }{ tr(" now.") }
            </p>
        </section>
    }
}
