//! Iterators as passports: where each stands, until when it is good, and what to write down before it dies.

use yew::prelude::*;

use super::form_panel::{FormPanel, form_button};
use crate::app::{FormAt, Send};
use crate::desk::SharedDesk;
use crate::scene::{ITERATOR_LIFE_MS, Passport, Picture};
use crate::text::{clock_ms, count, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct PassportsProps {
    pub shard: u32,
    /// Whether the learner holds an iterator of the shard.
    pub has_token: bool,
    pub passports: Vec<Passport>,
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

/// Passports that are shown, the newest first.
const SHOWN: usize = 6;

#[component]
pub(crate) fn Passports(props: &PassportsProps) -> Html {
    let cards = props.passports.iter().rev().take(SHOWN).enumerate().map(|(place, passport)| {
        html! { <li key={passport.reading}>{ card(props, passport, place == 0) }</li> }
    });
    html! {
        <ul class="passports" aria-label={tr("Iterators")} hidden={props.passports.is_empty()}>{ for cards }</ul>
    }
}

fn card(props: &PassportsProps, passport: &Passport, is_newest: bool) -> Html {
    let left = passport.expires_ms.saturating_sub(props.picture.view.now_ms);
    let is_void = left == 0 || passport.is_finished;
    let state = match (passport.is_finished, left) {
        (true, _) => tr("at the end of the closed shard: there is no next iterator").to_owned(),
        (false, 0) => tr("void: older than five minutes").to_owned(),
        (false, left) => tr("good for ").to_owned() + &span_ms(left / 1_000 * 1_000),
    };
    // The ring has a circumference of 100.
    let gone = 100 - left.min(ITERATOR_LIFE_MS) * 100 / ITERATOR_LIFE_MS;
    let next = (props.has_token && is_newest && !is_void).then(|| {
        html! {
            <FormPanel
                title="Get next page"
                at={FormAt { shard: Some(props.shard), ..FormAt::default() }}
                picture={props.picture.clone()}
                desk={props.desk.clone()}
                send={props.send.clone()}
                is_line=true
            />
        }
    });
    let again = (is_newest && left == 0 && passport.last_sequence_number.is_some()).then(|| {
        let at = FormAt { shard: Some(props.shard), ..FormAt::default() };
        form_button("New one from there", &at, &props.send)
    });
    let note = match &passport.last_sequence_number {
        Some(number) => html! {
            <p class="note">
                <small>{ tr("Write down before it dies") }</small>
                <code class="hash">{ number }</code>
            </p>
        },
        None => {
            html! { <p class="note"><small>{ tr("Nothing read before it: TRIM_HORIZON finds this place again.") }</small></p> }
        }
    };
    html! {
        <div class={classes!("passport", is_void.then_some("void"))}>
            <svg class="life" viewBox="0 0 40 40" width="36" height="36" aria-hidden="true">
                <circle class="glass" cx="20" cy="20" r="15.915" />
                <circle class="level" cx="20" cy="20" r="15.915" stroke-dasharray="100" stroke-dashoffset={gone.to_string()} />
            </svg>
            <div class="passport-text">
                <b>{ tr("Iterator ") }{ passport.reading }</b>
                <code>{ passport.kind }</code>
                <span>{ tr("next record #") }{ thousands(passport.next) }</span>
                <span class="state">{ state }</span>
                <small>
                    { tr("issued ") }{ clock_ms(passport.issued_ms) }{ ", " }{ count(passport.answers, "page") }{ ", " }
                    { count(passport.records, "record") }
                </small>
            </div>
            { note }
            <div class="actions">{ next.unwrap_or_default() }{ again.unwrap_or_default() }</div>
        </div>
    }
}
