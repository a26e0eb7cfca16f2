//! One shard: its name, its budgets, its lane, its lease.

use sim::ShardView;
use yew::prelude::*;

use super::icon::{Icon, REFUSED};
use super::shard_badge::ShardBadge;
use super::tube::Tube;
use crate::app::{Msg, RecordMove, Send};
use crate::browser::dom::pointer_x;
use crate::letters::{letter, style};
use crate::scene::{FlagKind, LeaseCard, Picture};
use crate::selection::Selection;
use crate::text::{count, percent, span_ms, thousands};

#[derive(Properties, PartialEq)]
pub(crate) struct ShardRowProps {
    pub picture: Picture,
    /// Number of the shard.
    pub shard: u32,
    pub is_chosen: bool,
    /// Whether Tab stops here.
    pub is_stop: bool,
    pub send: Send,
}

/// `shardId-000000000000`.
pub(super) fn shard_id(shard: u32) -> String {
    kinesis::ShardId(shard).to_string()
}

/// `0 – 50 %`.
pub(super) fn range_words(shard: &ShardView) -> String {
    percent(shard.range_start).trim_end_matches(" %").to_owned()
        + " – "
        + &percent(shard.range_end.saturating_add(1))
}

pub(super) fn refused(shard: &ShardView) -> u64 {
    shard.total.refused_by_records + shard.total.refused_by_bytes
}

#[component]
pub(crate) fn ShardRow(props: &ShardRowProps) -> Html {
    let Some(shard) = props.picture.shard(props.shard) else {
        return html! { <li hidden=true /> };
    };
    let number = props.shard;
    let send = &props.send;
    let on_select = send.reform(move |_: MouseEvent| Msg::Select(Selection::Shard(number)));
    let on_key = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => RecordMove::Left,
                "ArrowRight" => RecordMove::Right,
                "Home" => RecordMove::First,
                "End" => RecordMove::Last,
                _ => return,
            };
            event.prevent_default();
            send.emit(Msg::MoveRecord(number, to));
        })
    };
    let on_lane = {
        let send = send.clone();
        Callback::from(move |event: MouseEvent| {
            let width = crate::browser::dom::target_width(&event);
            send.emit(Msg::LaneClicked(number, pointer_x(&event), width));
        })
    };
    let class = classes!(
        "shard",
        style(number),
        (!shard.is_open).then_some("closed"),
        props.is_chosen.then_some("chosen"),
    );
    let lineage = if shard.children.is_empty() {
        String::new()
    } else {
        let children: Vec<String> = shard.children.iter().map(|child| letter(*child)).collect();
        "closed → ".to_owned() + &children.join(", ")
    };
    let tubes_in = html! {
        <span class="tubes">
            <Tube name="Records in" short="rec/s" left={shard.write_records_left} max={shard.write_records_max} />
            <Tube name="Bytes in" short="MB/s" left={shard.write_bytes_left} max={shard.write_bytes_max} is_bytes=true />
        </span>
    };
    let tubes_out = html! {
        <span class="tubes">
            <Tube name="GetRecords calls" short="calls" left={shard.read_calls_left} max={shard.read_calls_max} />
            <Tube name="Bytes out" short="MB/s" left={shard.read_bytes_left} max={shard.read_bytes_max} is_bytes=true />
        </span>
    };
    html! {
        <li class={class}>
            <div class="shard-head">
                <button
                    type="button"
                    class="shard-name"
                    tabindex={if props.is_stop { "0" } else { "-1" }}
                    aria-pressed={props.is_chosen.to_string()}
                    onclick={on_select}
                    onkeydown={on_key}
                >
                    <ShardBadge shard={number} is_open={shard.is_open} />
                    <span class="shard-id">{ &shard.id }</span>
                </button>
                <span class="shard-facts">
                    <span>{ range_words(shard) }</span>
                    <span class="lineage" hidden={lineage.is_empty()} title="Closed by a split or merge, continued by its children">{ lineage }</span>
                    <span class="count">{ count(shard.record_count, "record") }</span>
                </span>
                { refusals(shard) }
            </div>
            <div class="shard-body">
                <span class="in">{ if shard.is_open { tubes_in } else { html! { <span class="tubes" /> } } }</span>
                <canvas
                    class="lane"
                    data-shard={number.to_string()}
                    role="img"
                    aria-label={lane_words(&props.picture, shard)}
                    onclick={on_lane}
                />
                <span class="out">{ tubes_out }</span>
                { lease(props.picture.leases.get(&number)) }
            </div>
        </li>
    }
}

fn refusals(shard: &ShardView) -> Html {
    let number = refused(shard);
    html! {
        <span class="refusals" hidden={number == 0} title="ProvisionedThroughputExceededException">
            <Icon path={REFUSED} />{ thousands(number) }<span class="word">{ " refused" }</span>
        </span>
    }
}

fn lease(card: Option<&LeaseCard>) -> Html {
    let Some(card) = card else {
        return html! { <span class="lease none" /> };
    };
    let is_old = card.age_ms >= card.failover_ms && !card.is_done;
    let age = if card.is_done { 0 } else { card.age_ms.min(card.failover_ms) };
    let age = (age * 100).checked_div(card.failover_ms).unwrap_or(0);
    let owner = card.owner.clone().unwrap_or_else(|| "nobody".to_owned());
    html! {
        <span class={classes!("lease", card.is_silent.then_some("silent"), is_old.then_some("old"))}>
            <span class="lease-owner"><small>{ "owner" }</small>{ owner }</span>
            <span class="lease-counter"><small>{ "counter" }</small>{ thousands(card.counter) }</span>
            <svg class="age" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect class="glass" width="100" height="4" rx="2" />
                <rect class="level" width={age.to_string()} height="4" rx="2" />
            </svg>
            <small class="lease-age">
                {
                    match (card.is_done, is_old) {
                        (true, _) => "SHARD_END".to_owned(),
                        (false, true) => "expired, ".to_owned() + &span_ms(card.age_ms),
                        (false, false) => "written ".to_owned() + &span_ms(card.age_ms) + " ago",
                    }
                }
            </small>
            <small class="ghost" hidden={card.ghosts.is_empty()}>
                { card.ghosts.join(", ") }{ " still thinks it owns it" }
            </small>
        </span>
    }
}

/// The lane in words.
fn lane_words(picture: &Picture, shard: &ShardView) -> String {
    let mut words = "Shard ".to_owned() + &letter(shard.number) + ": " + &count(shard.record_count, "record");
    for flag in picture.flags.get(&shard.number).into_iter().flatten() {
        if flag.kind != FlagKind::Preview {
            words = words + "; " + &flag.label + " " + &count(flag.behind, "record") + " before the tip";
        }
    }
    words
}
