//! The key space as a bar: each open shard is a slice, joined by a ribbon to its row.

use kinesis::{hash_key_of, ring_share};
use sim::ShardView;
use yew::prelude::*;

use super::shard_row::reading_lines;
use crate::letters::style;
use crate::scene::Picture;
use crate::text::percent;

/// Heights that the style sheet gives the rows, and the gap between them; a row is higher where more lines say who reads
/// its shard.
const ROOMY_ROW: u64 = 130;
const ROW: u64 = 112;
const CLOSED_ROW: u64 = 104;
const DENSE_ROW: u64 = 60;
const BESIDE_LINES: u64 = 38;
const LINE: u64 = 17;
const GAP: u64 = 8;
const WIDTH: u64 = 80;
const BAR_LEFT: u64 = 42;
const BAR_WIDTH: u64 = 12;
/// Keys that have a tick.
const KEYS_MAX: usize = 80;

#[derive(Properties, PartialEq)]
pub(crate) struct KeySpaceProps {
    pub picture: Picture,
    /// The key under the microscope.
    pub typed: AttrValue,
    pub room: Room,
}

/// How high the rows are: the more shards, the lower.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Room {
    Roomy,
    Normal,
    Dense,
}

impl Room {
    pub(super) fn of(shards: usize) -> Room {
        match shards {
            0..=3 => Room::Roomy,
            4..=8 => Room::Normal,
            _ => Room::Dense,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Room::Roomy => "roomy",
            Room::Normal => "normal",
            Room::Dense => "dense",
        }
    }
}

fn row_height(picture: &Picture, shard: &ShardView, room: Room) -> u64 {
    let lowest = match (room, shard.is_open) {
        (Room::Dense, _) => return DENSE_ROW,
        (Room::Roomy | Room::Normal, false) => CLOSED_ROW,
        (Room::Roomy, true) => ROOMY_ROW,
        (Room::Normal, true) => ROW,
    };
    let readers = picture.shard_readers.get(&shard.number).map_or(&[][..], Vec::as_slice);
    lowest.max(BESIDE_LINES + LINE * reading_lines(readers))
}

#[component]
pub(crate) fn KeySpace(props: &KeySpaceProps) -> Html {
    let shards = props.picture.stream().map_or(&[][..], |stream| stream.shards.as_slice());
    let slices = slices(&props.picture, shards, props.room);
    let height = slices.last().map_or(1, |last| last.top + last.row);
    let y_of = |share: u32| y_of(share, height);
    let mut keys: Vec<(&str, u64)> = Vec::new();
    for record in shards.iter().flat_map(|shard| &shard.records) {
        match keys.iter().position(|(key, _)| *key == record.partition_key) {
            Some(place) => keys[place].1 += 1,
            None if keys.len() < KEYS_MAX => keys.push((&record.partition_key, 1)),
            None => {}
        }
    }
    let ticks: String = keys
        .iter()
        .map(|(key, seen)| {
            let y = y_of(ring_share(hash_key_of(key)));
            format!("M{BAR_LEFT} {y}h-{}", (2 + seen).min(9))
        })
        .collect();
    let pin = y_of(ring_share(hash_key_of(&props.typed)));
    let end = height.saturating_sub(1);
    html! {
        <svg
            class="key-space"
            viewBox={format!("0 0 {WIDTH} {height}")}
            width={WIDTH.to_string()}
            height={height.to_string()}
            aria-hidden="true"
        >
            <Slices {slices} {height} />
            <path class="ticks" d={ticks} />
            <text class="percent" x={(BAR_LEFT - 7).to_string()} y={end.to_string()}>{ "100%" }</text>
            <path class="pin" d={format!("M{} {pin}l8 -5v10z", BAR_LEFT + BAR_WIDTH - 4)} />
        </svg>
    }
}

/// A shard's place: its part of the key space, and its row beside it.
#[derive(Clone, PartialEq)]
struct Slice {
    shard: u32,
    is_open: bool,
    children: Vec<u32>,
    range_start: u32,
    range_end: u32,
    /// Where its row begins, and how high it is.
    top: u64,
    row: u64,
    is_fresh: bool,
}

fn slices(picture: &Picture, shards: &[ShardView], room: Room) -> Vec<Slice> {
    let mut top = 0;
    let slices = shards.iter().map(|shard| {
        let row = row_height(picture, shard, room);
        let slice = Slice {
            shard: shard.number,
            is_open: shard.is_open,
            children: shard.children.clone(),
            range_start: shard.range_start,
            range_end: shard.range_end,
            top,
            row,
            is_fresh: picture.fresh.contains_key(&shard.number),
        };
        top += row + GAP;
        slice
    });
    slices.collect()
}

/// Where a place in the key space stands on a bar so high.
fn y_of(share: u32, height: u64) -> u64 {
    u64::from(share) * height / (1 << 32)
}

#[derive(Properties, PartialEq)]
struct SlicesProps {
    slices: Vec<Slice>,
    height: u64,
}

/// What changes only with the shards, and so is not rendered anew with each record.
#[component]
fn Slices(props: &SlicesProps) -> Html {
    let slices = &props.slices;
    let parts = slices.iter().filter(|slice| slice.is_open).map(|slice| {
        let (from, to) = (y_of(slice.range_start, props.height), y_of(slice.range_end, props.height));
        let (top, bottom) = (slice.top, slice.top + slice.row);
        let (right, middle) = (BAR_LEFT + BAR_WIDTH, (BAR_LEFT + BAR_WIDTH + WIDTH) / 2);
        let ribbon = format!(
            "M{right} {from}C{middle} {from} {middle} {top} {WIDTH} {top}V{bottom}C{middle} {bottom} {middle} {to} {right} {to}Z"
        );
        html! {
            <g key={slice.shard} class={classes!(style(slice.shard), slice.is_fresh.then_some("fresh"))}>
                <path class="ribbon" d={ribbon} />
                <rect class={classes!("slice", style(slice.shard))} x={BAR_LEFT.to_string()} y={from.to_string()} width={BAR_WIDTH.to_string()} height={(to - from).max(1).to_string()} />
                <path class="cut" d={format!("M{} {from}h{}", BAR_LEFT - 4, BAR_WIDTH + 4)} />
                <text class="percent" x={(BAR_LEFT - 7).to_string()} y={(from + if from == 0 { 9 } else { 4 }).to_string()}>
                    { percent(slice.range_start).replace(' ', "") }
                </text>
            </g>
        }
    });
    let lineage = slices.iter().filter(|slice| !slice.is_open).flat_map(|slice| {
        let children = slice.children.iter().filter_map(|child| {
            let to = slices.iter().find(|other| other.shard == *child)?.top + 14;
            let (from, left) = (slice.top + slice.row / 2, WIDTH - 9);
            Some(html! {
                <path key={format!("{}-{child}", slice.shard)} class="lineage" d={format!("M{WIDTH} {from}H{left}V{to}H{WIDTH}")} />
            })
        });
        children.collect::<Vec<_>>()
    });
    html! {
        <>
            <g>{ for parts }</g>
            <g>{ for lineage }</g>
        </>
    }
}
