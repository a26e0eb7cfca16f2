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
    let mut top = 0;
    let mut tops = Vec::new();
    for shard in shards {
        tops.push(top);
        top += row_height(&props.picture, shard, props.room) + GAP;
    }
    let height = top.saturating_sub(GAP).max(1);
    let y_of = |share: u32| u64::from(share) * height / (1 << 32);
    let parts = shards.iter().zip(&tops).filter(|(shard, _)| shard.is_open).map(|(shard, top)| {
        let (from, to) = (y_of(shard.range_start), y_of(shard.range_end));
        let row = row_height(&props.picture, shard, props.room);
        let (right, middle) = (BAR_LEFT + BAR_WIDTH, (BAR_LEFT + BAR_WIDTH + WIDTH) / 2);
        let ribbon = format!(
            "M{right} {from}C{middle} {from} {middle} {top} {WIDTH} {top}V{}C{middle} {} {middle} {to} {right} {to}Z",
            top + row,
            top + row
        );
        html! {
            <g key={shard.number} class={classes!(style(shard.number), props.picture.fresh.contains_key(&shard.number).then_some("fresh"))}>
                <path class="ribbon" d={ribbon} />
                <rect class={classes!("slice", style(shard.number))} x={BAR_LEFT.to_string()} y={from.to_string()} width={BAR_WIDTH.to_string()} height={(to - from).max(1).to_string()} />
                <path class="cut" d={format!("M{} {from}h{}", BAR_LEFT - 4, BAR_WIDTH + 4)} />
                <text class="percent" x={(BAR_LEFT - 7).to_string()} y={(from + if from == 0 { 9 } else { 4 }).to_string()}>
                    { percent(shard.range_start).replace(' ', "") }
                </text>
            </g>
        }
    });
    let lineage = shards.iter().zip(&tops).filter(|(shard, _)| !shard.is_open).flat_map(|(shard, top)| {
        let from = top + row_height(&props.picture, shard, props.room) / 2;
        let right = WIDTH;
        shard.children.iter().filter_map(|child| {
            let place = shards.iter().position(|other| other.number == *child)?;
            let to = tops.get(place)? + 14;
            let left = WIDTH - 9;
            Some(html! {
                <path key={format!("{}-{child}", shard.number)} class="lineage" d={format!("M{right} {from}H{left}V{to}H{right}")} />
            })
        }).collect::<Vec<_>>()
    });
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
            <g>{ for parts }</g>
            <g>{ for lineage }</g>
            <path class="ticks" d={ticks} />
            <text class="percent" x={(BAR_LEFT - 7).to_string()} y={end.to_string()}>{ "100%" }</text>
            <path class="pin" d={format!("M{} {pin}l8 -5v10z", BAR_LEFT + BAR_WIDTH - 4)} />
        </svg>
    }
}
