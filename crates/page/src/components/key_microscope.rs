//! From a partition key to its shard, step by step; and the button that puts a record with it.

use course::forms::form;
use kinesis::{hash_key_of, ring_share};
use yew::prelude::*;

use super::fields::TextField;
use super::key_column::KeyColumnBox;
use super::shard_badge::ShardBadge;
use crate::app::{FormAt, Msg, Send};
use crate::letters::style;
use crate::scene::Picture;
use crate::spread::shard_of;
use crate::text::percent;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct KeyMicroscopeProps {
    pub picture: Picture,
    pub typed: AttrValue,
    pub send: Send,
}

/// Slices of the ruler.
const SLICES_MAX: usize = 128;

#[component]
pub(crate) fn KeyMicroscope(props: &KeyMicroscopeProps) -> Html {
    let data = use_state(|| "hello".to_owned());
    let key = props.typed.clone();
    let hash_key = hash_key_of(&key);
    let share = ring_share(hash_key);
    let ranges = &props.picture.ranges;
    let shard = shard_of(ranges, hash_key);
    let error = match key.chars().count() {
        1..=256 => None,
        _ => Some(AttrValue::Static(tr("A partition key has 1 to 256 characters"))),
    };
    // The ruler is 1,000 units wide; shards narrower than one still show.
    let place = |share: u32| u64::from(share) * 1_000 / (1 << 32);
    // Slices that nobody could tell apart are not drawn.
    let slices = ranges.iter().take(if ranges.len() > SLICES_MAX { 0 } else { SLICES_MAX }).map(|range| {
        let (from, to) = (place(ring_share(range.start)), place(ring_share(range.end)) + 1);
        html! {
            <rect
                key={range.shard}
                class={classes!("slice", style(range.shard))}
                x={from.to_string()}
                width={(to - from).max(1).to_string()}
                y="6"
                height="10"
            />
        }
    });
    let pin = place(share).clamp(4, 996).to_string();
    let on_submit = {
        let (send, key, data) = (props.send.clone(), key.clone(), data.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(form) = form("Put a record") {
                send.emit(Msg::Form(form, vec![key.to_string(), (*data).clone()], FormAt::default()));
            }
        })
    };
    let on_data = {
        let data = data.clone();
        Callback::from(move |text| data.set(text))
    };
    html! {
        <form class="microscope" onsubmit={on_submit}>
            <h3>{ tr("Put a record") }</h3>
            <TextField label={tr("Partition key")} value={key.clone()} {error} on_input={props.send.reform(Msg::Key)} is_code=true />
            <dl class="steps">
                <dt>{ tr("Bytes") }</dt>
                <dd class="code hash">{ key_bytes(&key) }</dd>
                <dt>{ tr("MD5") }</dt>
                <dd class="code hash">{ format!("{hash_key:032x}") }</dd>
                <dt>{ tr("Place") }</dt>
                <dd>{ percent(share) }{ tr(" of the key space") }</dd>
                <dt>{ tr("Shard") }</dt>
                <dd class="lands">
                    {
                        match shard {
                            Some(shard) => html! {
                                <span class="shard-name"><ShardBadge {shard} />{ super::shard_row::shard_id(shard) }</span>
                            },
                            None => html! { <span>{ tr("none: the stream has no open shard") }</span> },
                        }
                    }
                </dd>
            </dl>
            <svg class="ruler" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
                <rect class="glass" width="1000" y="6" height="10" />
                <g>{ for slices }</g>
                <path class="pin" d={"M".to_owned() + &pin + " 0V22"} />
            </svg>
            <KeyColumnBox picture={props.picture.clone()} />
            <TextField label={tr("Data")} value={(*data).clone()} on_input={on_data} is_code=true />
            <button type="submit" class="primary wide">{ tr("Put record") }</button>
        </form>
    }
}

/// The key in UTF-8, as far as finds room.
fn key_bytes(key: &str) -> String {
    const SHOWN: usize = 16;
    let mut text = String::new();
    for byte in key.bytes().take(SHOWN) {
        text = text + &format!("{byte:02x}") + " ";
    }
    if key.len() > SHOWN {
        text += "…";
    }
    text
}
