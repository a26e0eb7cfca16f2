//! A running producer: its dials, where each of its records ended, what was refused and why, and the cures.

use course::forms::form;
use kinesis::{Request, SplitShardInput};
use sim::{Command, KeyRecipe, ProducerView, ShardView};
use yew::prelude::*;

use super::breakable::breakable;
use super::fields::{Choice, NumberField};
use super::form_fields::{CALLS, RATES, RETRIES, SIZES};
use super::form_panel::form_button;
use super::icon::{Icon, REFUSED};
use super::key_recipe::KeyRecipeEditor;
use super::shard_badge::ShardBadge;
use crate::app::{FormAt, Msg, Send};
use crate::scene::Picture;
use crate::text::{bytes, count, thousands};
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct TrafficProps {
    pub name: AttrValue,
    pub picture: Picture,
    pub send: Send,
}

#[component]
pub(crate) fn Traffic(props: &TrafficProps) -> Html {
    // A recipe is tried in the preview first, and sent to the producer by its button. It stands before the producer is
    // looked for: before its start there is none, and hooks must not depend on that.
    let draft = use_state(|| None::<KeyRecipe>);
    let producers = &props.picture.view.producers;
    let Some(producer) = producers.iter().rev().find(|producer| props.name == producer.name) else {
        return html! { <p>{ tr("There is no such producer at this time.") }</p> };
    };
    let at = FormAt::actor(&producer.name);
    // Each dial is the form of a change in which one field says something.
    let dial = |label: &'static str| {
        let (send, at) = (props.send.clone(), at.clone());
        Callback::from(move |value: String| {
            if let Some(form) = form("Change producer") {
                send.emit(Msg::Form(form, form.dial(label, &value), at.clone()));
            }
        })
    };
    let number = |label: &'static str| dial(label).reform(|number: u64| number.to_string());
    let on_keys = {
        let draft = draft.clone();
        Callback::from(move |keys: KeyRecipe| draft.set(Some(keys)))
    };
    let is_new = draft.as_ref().is_some_and(|keys| keys.to_string() != producer.keys);
    let apply = {
        let (change, draft) = (dial("Keys"), draft.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(keys) = &*draft {
                change.emit(keys.to_string());
            }
        })
    };
    html! {
        <div class="traffic">
            <h3>{ tr("Producer ") }<code>{ &producer.name }</code></h3>
            { ledger(producer) }
            <Throttling name={props.name.clone()} picture={props.picture.clone()} send={props.send.clone()} />
            <div class="dials" hidden={!producer.is_running}>
                <NumberField label={tr("Rate")} value={u64::from(producer.rate)} min=1 max=100_000 unit={tr("records/s")} stops={RATES} on_change={number("Rate")} />
                <NumberField label={tr("Size")} value={u64::from(producer.size)} min=0 max={1 << 20} unit={tr("bytes")} stops={SIZES} on_change={number("Size")} />
                <p class="hint">
                    { tr("Makes ") }{ bytes(u64::from(producer.rate) * u64::from(producer.size)) }{ tr("/s in all") }
                </p>
                <KeyRecipeEditor recipe={producer.keys.clone()} picture={props.picture.clone()} on_change={on_keys} />
                <div class="apply" hidden={!is_new}>
                    <button type="button" class="primary" onclick={apply}>{ tr("Use these keys") }</button>
                    <small>{ tr("Records that are stored already stay where they are.") }</small>
                </div>
                <Choice label={tr("Call")} options={CALLS} value={producer.call} on_change={dial("Call")} />
                <Choice label={tr("Retry")} options={RETRIES} value={producer.retry} on_change={dial("Retry")} />
                <div hidden={producer.retry == "none"}>
                    <NumberField label={tr("Attempts")} value={u64::from(producer.attempts)} min=1 max=100 on_change={number("Attempts")} />
                </div>
                { form_button("Stop producer", &at, &props.send) }
            </div>
            <p hidden={producer.is_running}>{ tr("This producer is stopped.") }</p>
        </div>
    }
}

/// Where each record ended: what was made is stored, lost, waiting or under way.
fn ledger(producer: &ProducerView) -> Html {
    let rows = [
        ("Made", producer.made, ""),
        ("Stored", producer.stored, "ok"),
        ("Refused", producer.refused, if producer.refused > 0 { "bad" } else { "" }),
        ("Retried", producer.retried, ""),
        ("Waiting", producer.waiting + producer.in_flight, ""),
        ("Lost", producer.lost, if producer.lost > 0 { "bad" } else { "" }),
    ];
    let cells = rows.into_iter().map(|(name, number, class)| {
        html! { <div key={name} class={class}><dt>{ tr(name) }</dt><dd>{ thousands(number) }</dd></div> }
    });
    let reasons = producer.lost_by_reason.iter().map(|(reason, number)| {
        html! { <li key={reason.clone()}>{ count(*number, "record") }{ tr(" lost: ") }{ say(reason.clone()) }</li> }
    });
    let untold = [
        (producer.timed_out, " timed out", "call"),
        (producer.stored_again, " stored twice: the first call had timed out", "record"),
        (producer.stored_though_lost, " given up, and in the stream all the same", "record"),
        (producer.out_of_order.unwrap_or(0), " stored after a later one of the same key", "record"),
    ];
    let untold = untold.into_iter().filter(|(number, ..)| *number > 0).map(|(number, what, unit)| {
        html! { <li key={what}>{ count(number, unit) }{ tr(what) }</li> }
    });
    html! {
        <div class="ledger-box">
            <dl class="ledger">{ for cells }</dl>
            <ul class="reasons">{ for reasons }</ul>
            <ul class="reasons">{ for untold }</ul>
        </div>
    }
}

/// What was refused on the shards of the producer's stream, and what helps.
#[component]
fn Throttling(props: &TrafficProps) -> Html {
    let refused = |shard: &ShardView| shard.total.refused_by_records + shard.total.refused_by_bytes;
    let stream = props.picture.stream();
    let hottest = stream.and_then(|stream| {
        // One that still refuses comes before one that is closed already.
        stream.shards.iter().max_by_key(|shard| (shard.is_open && refused(shard) > 0, refused(shard)))
    });
    let Some(shard) = hottest.filter(|shard| refused(shard) > 0) else {
        return html! { <div class="throttling none" /> };
    };
    let producer = props.picture.view.producers.iter().rev().find(|producer| props.name == producer.name);
    let by_bytes = shard.total.refused_by_bytes > shard.total.refused_by_records;
    let budget = if by_bytes { tr("1 MB/s") } else { tr("1,000 records/s") };
    let at = FormAt::actor(&props.name);
    let to_backoff = props.send.reform(move |_: MouseEvent| match form("Change producer") {
        Some(form) => Msg::Form(form, form.dial("Retry", "backoff"), at.clone()),
        None => Msg::DismissNotice,
    });
    let split = stream.and_then(|stream| split_command(&stream.name, shard));
    let backs_off = producer.is_some_and(|producer| producer.retry == "backoff");
    html! {
        <section class="throttling" aria-label={tr("Throttling")}>
            <h4 class="exception"><Icon path={REFUSED} /><code>{ breakable("ProvisionedThroughputExceededException") }</code></h4>
            <p>
                <b>{ thousands(refused(shard)) }</b>{ tr(" refused on shard ") }<ShardBadge shard={shard.number} is_open={shard.is_open} />
                { tr(": its ") }<b>{ budget }</b>{ tr(" were used up") }
                <small class="split-refusals">
                    { thousands(shard.total.refused_by_records) }{ tr(" by records, ") }
                    { thousands(shard.total.refused_by_bytes) }{ tr(" by bytes") }
                </small>
            </p>
            <div class="cures">
                <button type="button" onclick={props.send.reform(|_| Msg::SlowToRefusal)}>{ tr("Slow to the moment") }</button>
                <button type="button" disabled={backs_off} onclick={to_backoff}>
                    { if backs_off { tr("Backs off already") } else { tr("Switch to back-off") } }
                </button>
                {
                    match split {
                        Some(command) if shard.is_open => {
                            let on_click = props.send.reform(move |_: MouseEvent| Msg::Submit(command.clone()));
                            html! { <button type="button" onclick={on_click}>{ tr("Split shard ") }<ShardBadge shard={shard.number} /></button> }
                        }
                        _ => html! { <span hidden=true /> },
                    }
                }
            </div>
        </section>
    }
}

/// Splits a shard in the middle of its range.
pub(super) fn split_command(stream: &str, shard: &ShardView) -> Option<Command> {
    let start: u128 = shard.starting_hash_key.parse().ok()?;
    let end: u128 = shard.ending_hash_key.parse().ok()?;
    let middle = start + (end - start) / 2 + 1;
    Some(Command::Call(Request::from(SplitShardInput {
        stream_name: Some(stream.to_owned()),
        shard_to_split: Some(shard.id.clone()),
        new_starting_hash_key: Some(middle.to_string()),
        ..SplitShardInput::default()
    })))
}
