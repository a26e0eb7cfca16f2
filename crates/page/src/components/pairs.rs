//! Two worlds beside each other: each shard of one stands at the height of the same shard of the other.

use std::collections::BTreeMap;

use sim::ShardView;
use yew::prelude::*;

use super::shard_row::{ShardRow, refused, shard_id};
use crate::app::Send;
use crate::scene::Picture;
use crate::text::thousands;
use crate::words::tr;

/// The rows of this world, each with that of the other world after it. Where one of them has no such shard, a row says so.
#[inline(never)]
pub(super) fn pairs(this: &Picture, rows: impl Iterator<Item = Html>, other: &Picture, send: &Send) -> Html {
    let numbers = |picture: &Picture| -> Vec<u32> {
        let shards = picture.stream().map_or(&[][..], |stream| stream.shards.as_slice());
        shards.iter().map(|shard| shard.number).collect()
    };
    let mut rows: BTreeMap<u32, Html> = numbers(this).into_iter().zip(rows).collect();
    let others = numbers(other);
    for number in &others {
        rows.entry(*number).or_insert_with(|| missing(*number, false));
    }
    let pairs = rows.into_iter().flat_map(|(number, row)| {
        let beside = match others.contains(&number) {
            false => missing(number, true),
            true => html! {
                <ShardRow
                    key={format!("other-{number}")}
                    picture={other.clone()}
                    shard={number}
                    is_chosen=false
                    is_stop=false
                    is_of_other=true
                    differs={other.shard(number).and_then(|shard| difference(shard, this.shard(number)))}
                    send={send.clone()}
                />
            },
        };
        [row, beside]
    });
    pairs.collect()
}

fn missing(number: u32, is_of_other: bool) -> Html {
    html! {
        <li key={format!("missing-{is_of_other}-{number}")} class={classes!("shard", "missing", is_of_other.then_some("of-other"))}>
            <p><code>{ shard_id(number) }</code>{ " " }{ tr("is not in this world") }</p>
        </li>
    }
}

/// How a shard differs from the same one of another world, in the words of its row; nothing where it does not.
#[inline(never)]
pub(super) fn difference(shard: &ShardView, other: Option<&ShardView>) -> Option<AttrValue> {
    let Some(other) = other else { return Some(AttrValue::Static(tr("only here"))) };
    if (shard.range_start, shard.range_end) != (other.range_start, other.range_end) {
        return Some(AttrValue::Static(tr("another range")));
    }
    if shard.is_open != other.is_open {
        return Some(AttrValue::Static(tr(if shard.is_open { "open here" } else { "closed here" })));
    }
    let figures =
        [(shard.total.records, other.total.records, " stored"), (refused(shard), refused(other), " refused")];
    let words: Vec<String> = figures
        .into_iter()
        .filter(|(this, other, _)| this != other)
        .map(|(this, other, what)| {
            let sign = if this > other { "+" } else { "−" };
            sign.to_owned() + &thousands(this.abs_diff(other)) + tr(what)
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", ").into())
}
