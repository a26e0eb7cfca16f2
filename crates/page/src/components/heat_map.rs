//! A stream with too many shards for rows: a map of all of them, sixteen groups in words, and one shard in full.

use yew::prelude::*;

use super::icon::{Icon, REFUSED, STEP_BACK, STEP_FORWARD};
use super::shard_badge::ShardBadge;
use super::shard_row::ShardRow;
use crate::app::{Msg, Send};
use crate::browser::dom::{pointer_x, pointer_y, target_width, value_of};
use crate::scene::Picture;
use crate::selection::Selection;
use crate::text::{count, percent, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct HeatMapViewProps {
    pub picture: Picture,
    pub chosen: Option<u32>,
    pub send: Send,
}

#[component]
pub(crate) fn HeatMapView(props: &HeatMapViewProps) -> Html {
    let picture = &props.picture;
    let Some(heat) = &picture.heat else { return html! { <div hidden=true /> } };
    let send = &props.send;
    let hottest = heat.cells.iter().max_by_key(|cell| (cell.refused, cell.used)).map(|cell| cell.shard);
    let on_map = send.reform(|event: MouseEvent| {
        Msg::HeatClicked(pointer_x(&event), pointer_y(&event), target_width(&event))
    });
    let share = |place: usize| picture.ranges.get(place).map_or(0, |range| kinesis::ring_share(range.start));
    let groups = heat.groups.iter().enumerate().map(|(i, group)| {
        let shard = group.busiest;
        let until = heat.groups.get(i + 1).map_or_else(|| "100 %".to_owned(), |next| percent(share(next.first)));
        let from = percent(share(group.first));
        let range = from.trim_end_matches(" %").to_owned() + " – " + &until;
        html! {
            <li key={i} class={classes!("sixteenth", (group.refused > 0).then_some("refusing"))}>
                <button type="button" onclick={send.reform(move |_: MouseEvent| Msg::Select(Selection::Shard(shard)))}>
                    <span class="part-range">{ range }</span>
                    <svg class="bar-box" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="glass" width="1000" height="10" />
                        <rect class="level" width={group.used_most.to_string()} height="10" />
                    </svg>
                    <span class="figure">{ thousands(group.records) }{ "/s" }</span>
                    <span class="refusals" hidden={group.refused == 0}><Icon path={REFUSED} />{ thousands(group.refused) }</span>
                </button>
            </li>
        }
    });
    let words = count(heat.cells.len() as u64, "open shard")
        + ": "
        + &thousands(heat.records)
        + " records stored and "
        + &thousands(heat.refused)
        + " refused in the last second";
    let row = picture.stream().and_then(|stream| stream.shards.first()).map(|shard| shard.number);
    let on_number = send
        .reform(|event: Event| Msg::Select(Selection::Shard(value_of(&event).trim().parse().unwrap_or(0))));
    html! {
        <div class="heat">
            <div class="heat-head">
                <p>{ &words }</p>
                <span class="heat-key" aria-hidden="true">
                    <span>{ tr("budget used") }</span><i class="none" /><i class="some" /><i class="all" /><i class="over" /><span>{ tr("refused") }</span>
                </span>
            </div>
            <canvas class="heat-map" data-heat="all" role="img" aria-label={words.clone()} onclick={on_map} />
            <p class="hint">{ tr("One cell is one shard, line by line through the key space. The colour is the tighter one of its two write budgets.") }</p>
            <div class="heat-choose">
                <button type="button" aria-label={tr("Previous shard")} onclick={send.reform(|_| Msg::NextShard(-1))}><Icon path={STEP_BACK} /></button>
                <label>
                    <span>{ tr("Shard") }</span>
                    <input type="number" class="heat-number" min="0" value={row.unwrap_or(0).to_string()} onchange={on_number} />
                </label>
                <button type="button" aria-label={tr("Next shard")} onclick={send.reform(|_| Msg::NextShard(1))}><Icon path={STEP_FORWARD} /></button>
                {
                    match hottest {
                        Some(shard) => html! {
                            <button type="button" onclick={send.reform(move |_: MouseEvent| Msg::Select(Selection::Shard(shard)))}>
                                { tr("Hottest") }<ShardBadge {shard} />
                            </button>
                        },
                        None => html! { <span hidden=true /> },
                    }
                }
            </div>
            <ol class="shards" aria-label={tr("Shards")}>
                {
                    for row.into_iter().map(|shard| html! {
                        <ShardRow key={shard} picture={picture.clone()} {shard} is_chosen={props.chosen == Some(shard)} is_stop=true send={send.clone()} />
                    })
                }
            </ol>
            <h3>{ tr("The key space in sixteen parts") }</h3>
            <p class="hint">{ tr("The bar is the budget that the busiest shard of the part has used.") }</p>
            <ol class="sixteenths">{ for groups }</ol>
        </div>
    }
}
