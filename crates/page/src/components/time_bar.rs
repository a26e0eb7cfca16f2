//! The time bar: play, step, speed, and the history to go to and fro in.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::{
    BOOKMARK, END, EVENT_BACK, EVENT_FORWARD, FORK, Icon, MARK_BACK, MARK_FORWARD, MORE, PAUSE, PLAY, START,
    STEP_BACK, STEP_FORWARD,
};
use super::leases::band_class;
use crate::app::{Msg, Send};
use crate::browser::dom::value_of;
use crate::browser::lists::{list_is_closed, open_list_at_letters};
use crate::desk::Step;
use crate::marks::{LeaseWrite, MarkKind};
use crate::speed::{Speed, rate_name};
use crate::text::{clock_ms, span_ms};
use crate::words::tr;

/// Place, width and owner; nobody where that is empty.
pub(crate) type Stretch = (u16, u16, String);

/// The history as the time bar draws it; places are in thousandths of its width.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct TimeLine {
    pub from_ms: u64,
    pub to_ms: u64,
    pub now_ms: u64,
    pub commands: Vec<u16>,
    pub throttles: Vec<u16>,
    pub leases: Vec<u16>,
    pub bookmarks: Vec<u16>,
    /// Whether the present instant has one.
    pub is_bookmarked: bool,
    /// The newest writes to the lease table, the newest first.
    pub writes: Vec<LeaseWrite>,
    /// Who owned each lease when, by the lease's name.
    pub owners: Vec<(String, Vec<Stretch>)>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct TimeBarProps {
    pub is_playing: bool,
    pub speed: Speed,
    /// In tenths of real time.
    pub achieved: u64,
    pub line: Rc<TimeLine>,
    /// Which kind of mark is jumped to; all where none.
    pub jumps_to: Option<MarkKind>,
    /// Whether the history goes on after the present instant.
    pub is_past: bool,
    /// Whether time goes in single steps only.
    pub has_steps_only: bool,
    pub send: Send,
}

/// Stretches of time that matter here, with what is over after them.
const SKIPS: &[(u64, &str)] = &[
    (1_000, "1 s: budgets are full again"),
    (10_000, "10 s: a lease can be taken over"),
    (60_000, "1 min: a point in CloudWatch"),
    (300_000, "5 min: an iterator dies"),
    (3_600_000, "1 h: a shard-hour is billed"),
    (86_400_000, "24 h: records are trimmed"),
];

#[component]
pub(crate) fn TimeBar(props: &TimeBarProps) -> Html {
    // Only a narrow page folds what is not needed all the time.
    let is_open = use_state(|| false);
    let fold = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let send = &props.send;
    let line = &props.line;
    let button = |label: &'static str, path: &'static str, msg: fn() -> Msg| {
        html! {
            <button type="button" class="tool" aria-label={tr(label)} title={tr(label)} onclick={send.reform(move |_| msg())}>
                <Icon {path} />
            </button>
        }
    };
    let (label, path) = if props.is_playing { ("Pause", PAUSE) } else { ("Play", PLAY) };
    let speeds = (0..Speed::COUNT).map(|place| {
        let name = Speed::new(place).name();
        html! {
            <option key={place} value={place.to_string()} selected={place == props.speed.place()}>{ name }</option>
        }
    });
    let on_speed = send
        .reform(|event: Event| Msg::SetSpeed(value_of(&event).parse().map(Speed::new).unwrap_or_default()));
    let (from, end) = (line.from_ms, line.to_ms);
    let on_slide = send.reform(move |event: InputEvent| Msg::Seek(value_of(&event).parse().unwrap_or(from)));
    let (speed, is_playing, has_steps_only) = (props.speed, props.is_playing, props.has_steps_only);
    let on_key = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key()
                || event.meta_key()
                || event.alt_key()
                || crate::browser::dom::is_text_field(&event)
                || crate::browser::lists::is_list(&event)
            {
                return;
            }
            let is_button = crate::browser::dom::is_button(&event);
            let step = if event.shift_key() { Step::Event } else { Step::Change };
            let msg = match event.key().as_str() {
                // A button keeps its own key.
                " " if !is_button && !has_steps_only => Msg::TogglePlay,
                "ArrowLeft" => Msg::StepBack(step),
                "ArrowRight" => Msg::StepForward(step),
                "PageUp" => Msg::PreviousMark,
                "PageDown" => Msg::NextMark,
                "Home" => Msg::Seek(from),
                "End" => Msg::Seek(end),
                "-" => Msg::SetSpeed(speed.slower()),
                "+" | "=" => Msg::SetSpeed(speed.faster()),
                _ => return,
            };
            event.prevent_default();
            send.emit(msg);
        })
    };
    let is_slower = is_playing && props.achieved * 10 < speed.tenths() * 8;
    let achieved = if is_slower { rate_name(props.achieved) + tr(" achieved") } else { String::new() };
    let kinds =
        [("all", "All marks")].into_iter().chain(MarkKind::ALL.map(|kind| (kind.name(), kind.name())));
    let chosen = props.jumps_to.map_or("all", MarkKind::name);
    let kinds = kinds.map(|(value, name)| {
        html! { <option key={value} value={value} selected={value == chosen}>{ tr(name) }</option> }
    });
    let on_kind = send.reform(|event: Event| {
        let name = value_of(&event);
        Msg::ChooseMarks(MarkKind::ALL.into_iter().find(|kind| kind.name() == name))
    });
    let skips = SKIPS
        .iter()
        .map(|(ms, words)| html! { <option key={*ms} value={ms.to_string()}>{ tr(words) }</option> });
    let on_skip = send.reform(|event: Event| {
        let ms = value_of(&event).parse().unwrap_or(0);
        // The list says again what it is for.
        crate::browser::dom::choose_first(&event);
        list_is_closed(&event);
        Msg::Skip(ms)
    });
    let bookmark = if line.is_bookmarked { "Take the bookmark away" } else { "Set a bookmark" };
    let jumps = html! {
        <div class="jumps" hidden={props.has_steps_only}>
            <select
                aria-label={tr("Let time pass")}
                title={tr("Let time pass")}
                onchange={on_skip}
                onkeydown={Callback::from(|event: KeyboardEvent| open_list_at_letters(&event))}
                onblur={Callback::from(|event: FocusEvent| list_is_closed(&event))}
            >
                <option value="0" selected=true>{ tr("Let pass…") }</option>
                { for skips }
            </select>
            <span class="to-mark">
                { button("Previous mark", MARK_BACK, || Msg::PreviousMark) }
                <select aria-label={tr("Jump to")} title={tr("Jump to")} onchange={on_kind}>{ for kinds }</select>
                { button("Next mark", MARK_FORWARD, || Msg::NextMark) }
            </span>
            <button
                type="button"
                class={classes!("tool", "bookmark-button")}
                aria-label={tr(bookmark)}
                aria-pressed={line.is_bookmarked.to_string()}
                title={tr(bookmark)}
                onclick={send.reform(|_| Msg::Bookmark)}
            >
                <Icon path={BOOKMARK} />
            </button>
            { button("Fork: a second world from here", FORK, || Msg::Fork) }
        </div>
    };
    html! {
        <section class={classes!("panel", "time", is_open.then_some("unfolded"))} id="time" aria-labelledby="time-title" onkeydown={on_key}>
            <h2 id="time-title" class="visually-hidden">{ tr("Time") }</h2>
            <div class="transport">
                { button("Start of the history", START, || Msg::Seek(0)) }
                { button("One event back", EVENT_BACK, || Msg::StepBack(Step::Event)) }
                { button("One change back", STEP_BACK, || Msg::StepBack(Step::Change)) }
                <button
                    type="button"
                    class="play"
                    hidden={has_steps_only}
                    aria-label={tr(label)}
                    title={tr(label)}
                    onclick={send.reform(|_| Msg::TogglePlay)}
                >
                    <Icon {path} /><span>{ tr(label) }</span>
                </button>
                { button("One change forward", STEP_FORWARD, || Msg::StepForward(Step::Change)) }
                { button("One event forward", EVENT_FORWARD, || Msg::StepForward(Step::Event)) }
                { button("End of the history", END, || Msg::Seek(u64::MAX / 1_000)) }
            </div>
            <label class="speed" hidden={has_steps_only}>
                <span class="visually-hidden">{ tr("Speed") }</span>
                <select aria-label={tr("Speed")} onchange={on_speed} title={tr("How fast virtual time runs")}>{ for speeds }</select>
                <small class="achieved">{ achieved }</small>
            </label>
            <button
                type="button"
                class="tool unfold"
                aria-label={tr("More of time")}
                title={tr("More of time")}
                aria-expanded={is_open.to_string()}
                hidden={has_steps_only}
                onclick={fold}
            >
                <Icon path={MORE} />
            </button>
            { jumps }
            <div class="timeline">
                <TimeMarks line={line.clone()} />
                <input
                    type="range"
                    class="scrubber"
                    min={line.from_ms.to_string()}
                    max={line.to_ms.max(line.from_ms + 1).to_string()}
                    step="1"
                    value={line.now_ms.to_string()}
                    aria-label={tr("Time")}
                    aria-valuetext={clock_ms(line.now_ms)}
                    oninput={on_slide}
                />
            </div>
            <div class="clock">
                <output class="now" aria-label={tr("Virtual time")}>{ clock_ms(line.now_ms) }</output>
                <small hidden={!props.is_past} title={tr("A command given here takes the place of what came after.")}>
                    { tr("in the past") }{ ", " }{ span_ms(line.to_ms.saturating_sub(line.now_ms)) }{ " " }{ tr("before the end") }
                </small>
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct TimeMarksProps {
    line: Rc<TimeLine>,
}

/// What happened when, by kind, and the stretch that has been but is not yet again.
#[component]
fn TimeMarks(props: &TimeMarksProps) -> Html {
    let line = &props.line;
    let span = line.to_ms.saturating_sub(line.from_ms).max(1);
    let now = (line.now_ms.saturating_sub(line.from_ms).saturating_mul(1_000) / span).min(1_000);
    let path = |places: &[u16], shape: &str| {
        let mut path = String::new();
        for place in places {
            path.push('M');
            path.push_str(&place.to_string());
            path.push_str(shape);
        }
        path
    };
    let bands = line.owners.iter().enumerate().map(|(i, (name, stretches))| {
        let y = (18 + i * 7).to_string();
        let parts = stretches.iter().enumerate().map(|(j, (from, width, owner))| {
            let class = band_class(owner);
            html! {
                <rect key={j} class={classes!("band", class)} x={from.to_string()} y={y.clone()} width={width.to_string()} height="5">
                    <title>{ name }{ ": " }{ if owner.is_empty() { tr("nobody") } else { owner } }</title>
                </rect>
            }
        });
        html! { <g key={i}>{ for parts }</g> }
    });
    let height = 18 + line.owners.len() * 7;
    html! {
        <svg
            class="marks"
            viewBox={format!("0 0 1000 {height}")}
            width="1000"
            height={height.to_string()}
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            <rect class="past" width={now.to_string()} y="8" height="4" />
            <rect class="future" x={now.to_string()} y="2" width={(1_000 - now).to_string()} height={(height - 4).to_string()} />
            <path class="mark command" d={path(&line.commands, " 6V14")} />
            <path class="mark throttle" d={path(&line.throttles, " 0V8")} />
            <path class="mark lease-mark" d={path(&line.leases, " 12V18")} />
            <path class="mark bookmark" d={path(&line.bookmarks, " 0V18")} />
            <g>{ for bands }</g>
        </svg>
    }
}
