//! One shard: its name, its budgets, its lane, its lease.

use sim::ShardView;
use yew::prelude::*;

use super::icon::{Icon, POLL, PUSH, REFUSED};
use super::shard_badge::ShardBadge;
use super::tube::{Tube, of_limit};
use crate::app::{Msg, RecordMove, Send};
use crate::browser::dom::{pointer_x, set_property};
use crate::letters::{letter, style};
use crate::scene::{FlagKind, LeaseCard, Picture, ReadingWay, ShardReader};
use crate::selection::Selection;
use crate::text::{count, percents, span_ms, thousands};
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct ShardRowProps {
    pub picture: Picture,
    /// Number of the shard.
    pub shard: u32,
    pub is_chosen: bool,
    /// Whether Tab stops here.
    pub is_stop: bool,
    /// The error that the last command about this shard met.
    #[prop_or_default]
    pub failed: Option<AttrValue>,
    /// Whether it stands beside the same shard of the world that takes the commands.
    #[prop_or_default]
    pub is_of_other: bool,
    /// How it differs from the same shard of the other world.
    #[prop_or_default]
    pub differs: Option<AttrValue>,
    pub send: Send,
}

/// `shardId-000000000000`.
pub(super) fn shard_id(shard: u32) -> String {
    kinesis::ShardId(shard).to_string()
}

/// `0 – 50 %`.
pub(super) fn range_words(shard: &ShardView) -> String {
    percents(shard.range_start, shard.range_end)
}

pub(super) fn refused(shard: &ShardView) -> u64 {
    shard.total.refused_by_records + shard.total.refused_by_bytes
}

#[component]
pub(crate) fn ShardRow(props: &ShardRowProps) -> Html {
    let number = props.shard;
    let readers = props.picture.shard_readers.get(&number).map_or(&[][..], Vec::as_slice);
    let row = use_node_ref();
    {
        let row = row.clone();
        use_effect_with(reading_lines(readers), move |lines| set_property(&row, "--ks-lines", *lines));
    }
    let Some(shard) = props.picture.shard(number) else {
        return html! { <li hidden=true /> };
    };
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
        props.is_of_other.then_some("of-other"),
        props.differs.is_some().then_some("differs"),
        props.picture.fresh.get(&number).map(|fresh| {
            let turn = if fresh.turn == 0 { "turn-0" } else { "turn-1" };
            classes!("fresh", turn, fresh.is_refused.then_some("refused"))
        }),
    );
    let lineage = if shard.children.is_empty() {
        String::new()
    } else {
        let children: Vec<String> = shard.children.iter().map(|child| letter(*child)).collect();
        tr("closed → ").to_owned() + &children.join(", ")
    };
    let tubes_in = html! {
        <span class="tubes">
            <Tube name={tr("Records in")} short={of_limit(shard.write_records_max, "rec")} left={shard.write_records_left} max={shard.write_records_max} />
            <Tube name={tr("Bytes in")} short={of_limit(shard.write_bytes_max, "B")} left={shard.write_bytes_left} max={shard.write_bytes_max} is_bytes=true />
        </span>
    };
    let polls = props.picture.polls(number).max(1);
    let pushed = readers.iter().filter_map(|reader| match &reader.way {
        ReadingWay::IsPushed { left, max, .. } => Some((&reader.name, *left, *max)),
        ReadingWay::Polls | ReadingWay::Leases(_) => None,
    });
    let own = pushed.take(OWN_TUBES_MAX).map(|(name, left, max)| {
        let full = tr("Bytes to ").to_owned() + name + tr(", by enhanced fan-out");
        html! { <Tube key={name.clone()} name={full} short={name.clone()} {left} {max} is_bytes=true /> }
    });
    let tubes_out = html! {
        <span class="tubes-out">
            <span class="tubes">
                <Tube name={tr("GetRecords calls")} short={of_limit(shard.read_calls_max, "calls")} left={shard.read_calls_left} max={shard.read_calls_max} strands={polls} />
                <Tube name={tr("Bytes out by GetRecords")} short={of_limit(shard.read_bytes_max, "B")} left={shard.read_bytes_left} max={shard.read_bytes_max} is_bytes=true strands={polls} />
            </span>
            <span class="tubes own">{ for own }</span>
        </span>
    };
    let has_readers = !props.picture.shard_readers.is_empty();
    html! {
        <li {class} ref={row}>
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
                    <span class="lineage" hidden={lineage.is_empty()} title={tr("Closed by a split or merge, continued by its children")}>{ lineage }</span>
                    <span class="count">{ count(shard.record_count, "record") }</span>
                </span>
                <span class="world" hidden={!props.is_of_other}>{ tr("The other world") }</span>
                <span class="refusals" hidden={props.failed.is_none()}>
                    <Icon path={REFUSED} />{ props.failed.clone().unwrap_or_default() }
                </span>
                { refusals(shard) }
                <span class="difference" hidden={props.differs.is_none()}>{ props.differs.clone().unwrap_or_default() }</span>
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
                <span class="reads" hidden={!has_readers}>{ reads(readers) }</span>
            </div>
        </li>
    }
}

#[inline(never)]
fn refusals(shard: &ShardView) -> Html {
    let number = refused(shard);
    html! {
        <span class="refusals" hidden={number == 0} title={"ProvisionedThroughputExceededException"}>
            <Icon path={REFUSED} />{ thousands(number) }<span class="word">{ tr(" refused") }</span>
        </span>
    }
}

/// Enhanced fan-out consumers whose tubes are drawn.
const OWN_TUBES_MAX: usize = 3;
/// Readers that are named beside a lane.
const READERS_MAX: usize = 4;

/// Who reads the shard, and how far that is.
#[inline(never)]
fn reads(readers: &[ShardReader]) -> Html {
    let rows = readers.iter().take(READERS_MAX).enumerate().map(|(i, reader)| {
        let others = if i == 0 { &readers[1..] } else { &[] };
        html! { <span key={reader.name.clone()} class="read">{ read(reader, others) }</span> }
    });
    let more = readers.len().saturating_sub(READERS_MAX);
    html! {
        <>
            <span class="read-list">{ for rows }</span>
            <small class="more" hidden={more == 0}>{ more }{ tr(" more") }</small>
        </>
    }
}

/// How far a reader is.
fn lag(reader: &ShardReader) -> String {
    say(match (reader.rests, reader.behind) {
        (Some(why), _) => why.to_owned(),
        (None, 0) => "at the tip".to_owned(),
        // It was at the tip when it last asked.
        (None, behind) if reader.millis_behind == 0 => "−".to_owned() + &thousands(behind),
        (None, behind) => "−".to_owned() + &thousands(behind) + " · " + &span_ms(reader.millis_behind),
    })
}

/// Letters that find room in a line beside a lane, as the style sheet has it: of a reader and its lag, of what stands
/// below in small letters.
const LETTERS: usize = 20;
const SMALL_LETTERS: usize = 25;
/// How many lines say who reads a shard: the row is high enough for them before the browser has laid them out.
pub(super) fn reading_lines(readers: &[ShardReader]) -> u64 {
    if readers.is_empty() { 0 } else { lines_of(readers) }
}

#[inline(never)]
fn lines_of(readers: &[ShardReader]) -> u64 {
    let letters = |text: &str| text.chars().count();
    let of = |reader: &ShardReader| {
        let first = letters(&reader.name).min(LETTERS) + letters(&lag(reader));
        let more = match &reader.way {
            ReadingWay::Polls => 0,
            ReadingWay::IsPushed { .. } => 1,
            ReadingWay::Leases(card) => {
                let owner = letters(&owner(card)) + letters(&thousands(card.counter));
                let labels = letters(tr("owner")) + letters(tr("counter")) + 2;
                let ghosts: usize = card.ghosts.iter().map(|ghost| letters(ghost) + 2).sum();
                let ghosts = if ghosts == 0 { 0 } else { ghosts + letters(tr(" still thinks it owns it")) };
                (owner + labels).div_ceil(SMALL_LETTERS)
                    + usize::from(!card.is_done)
                    + ghosts.div_ceil(SMALL_LETTERS)
            }
        };
        more + if first > LETTERS { 2 } else { 1 }
    };
    let lines: usize = readers.iter().take(READERS_MAX).map(of).sum();
    (lines + usize::from(readers.len() > READERS_MAX)) as u64
}

fn owner(card: &LeaseCard) -> String {
    card.owner.clone().unwrap_or_else(|| tr("nobody").to_owned())
}

/// The others are those of whom only a low row has to speak here: it names no more than the first reader.
#[inline(never)]
fn read(reader: &ShardReader, others: &[ShardReader]) -> Html {
    let (path, how) = match &reader.way {
        ReadingWay::Polls | ReadingWay::Leases(_) => (POLL, tr("polls")),
        ReadingWay::IsPushed { .. } => (PUSH, tr("is pushed to")),
    };
    let more = match &reader.way {
        ReadingWay::Polls => html! { <span hidden=true /> },
        ReadingWay::IsPushed { renews_in_ms, .. } => {
            let words = match renews_in_ms {
                Some(left) => "renews in ".to_owned() + &span_ms(left / 1_000 * 1_000),
                None => "not subscribed".to_owned(),
            };
            html! { <small class="lease-age">{ say(words) }</small> }
        }
        ReadingWay::Leases(card) => lease(card),
    };
    html! {
        <>
            <span class="read-who" title={reader.name.clone() + " " + how}><Icon {path} /><b>{ &reader.name }</b>{ how_many(others) }</span>
            <span class="read-lag">{ lag(reader) }</span>
            { more }
        </>
    }
}

/// `+2`, and who that is for those who ask or listen.
fn how_many(others: &[ShardReader]) -> Html {
    let names: Vec<&str> = others.iter().map(|reader| reader.name.as_str()).collect();
    let names = names.join(", ");
    html! {
        <small class="others" hidden={others.is_empty()} title={names.clone()}>
            { "+" }{ others.len() }<span class="visually-hidden">{ ": " }{ names }</span>
        </small>
    }
}

/// The shard's row in the lease table.
#[inline(never)]
fn lease(card: &LeaseCard) -> Html {
    let is_old = card.age_ms >= card.failover_ms && !card.is_done;
    let age = if card.is_done { 0 } else { card.age_ms.min(card.failover_ms) };
    let age = (age * 100).checked_div(card.failover_ms).unwrap_or(0);
    let words = match is_old {
        true => "expired ".to_owned() + &span_ms(card.age_ms.saturating_sub(card.failover_ms)) + " ago",
        false => "written ".to_owned() + &span_ms(card.age_ms) + " ago",
    };
    html! {
        <span class={classes!("lease", card.is_silent.then_some("silent"), is_old.then_some("old"))}>
            <span class="lease-owner"><small>{ tr("owner") }</small>{ owner(card) }</span>
            <span class="lease-counter"><small>{ tr("counter") }</small>{ thousands(card.counter) }</span>
            <small class="lease-age" hidden={card.is_done}>
                <svg class="age" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="glass" width="100" height="4" rx="2" />
                    <rect class="level" width={age.to_string()} height="4" rx="2" />
                </svg>
                { say(words) }
            </small>
            <small class="ghost" hidden={card.ghosts.is_empty()}>
                { card.ghosts.join(", ") }{ tr(" still thinks it owns it") }
            </small>
        </span>
    }
}

/// The lane in words.
fn lane_words(picture: &Picture, shard: &ShardView) -> String {
    let mut words =
        tr("Shard ").to_owned() + &letter(shard.number) + ": " + &count(shard.record_count, "record");
    for flag in picture.flags.get(&shard.number).into_iter().flatten() {
        if flag.kind != FlagKind::Preview {
            words = words + "; " + &flag.label + " " + &count(flag.behind, "record") + tr(" before the tip");
        }
    }
    let keys = picture.key_bands.as_ref().and_then(|bands| bands.shard(shard.number));
    if let Some((key, share)) = keys.and_then(|keys| keys.top.first()) {
        words = words + tr("; most of it ") + key + ", " + &(share / 10).to_string() + " %";
    }
    words
}
