//! The stage: the stream's shards as rows, producers before them, consumers behind them.

use std::rc::Rc;

use sim::StreamView;
use yew::prelude::*;

use super::banner::NoticeBox;
use super::heat_map::HeatMapView;
use super::icon::{Icon, PLUS, ROWS, TABLE, WORDS};
use super::key_space::{KeySpace, Room};
use super::nodes::{Consumers, Producers};
use super::pairs::{difference, pairs};
use super::shard_row::ShardRow;
use super::stage_table::StageTable;
use super::stream_form::StreamForm;
use super::twin::Twin;
use crate::app::{Msg, Notice, RowPictures, Send, StageShape};
use crate::browser::dom::value_of;
use crate::browser::focus::focus_sibling_row;
use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::selection::{Making, Selection};
use crate::text::{count, span_ms};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct StageProps {
    pub picture: Picture,
    /// What the key space shows.
    pub seldom: Picture,
    /// What the words for each row say where they are only heard.
    pub words: RowPictures,
    /// What the rows show, which have their turns.
    pub rows: RowPictures,
    /// A second world, whose shards stand beside those of the first.
    pub other: Option<Picture>,
    pub selection: Selection,
    pub making: Making,
    /// What came of the form of a new stream.
    pub notice: Option<Rc<Notice>>,
    /// The shard that the last command was about, and the error that it met.
    pub failed: Option<(u32, AttrValue)>,
    pub typed: AttrValue,
    pub shape: StageShape,
    pub stage: NodeRef,
    pub desk: SharedDesk,
    pub send: Send,
}

#[component]
pub(crate) fn Stage(props: &StageProps) -> Html {
    let stream = props.picture.stream();
    let body = match stream {
        _ if props.making == Making::Stream => html! {
            <StreamForm streams={props.picture.streams.clone()} desk={props.desk.clone()} send={props.send.clone()} />
        },
        None => html! {
            <div class="empty">
                <p>{ tr("A stream is a set of shards. Start with one; you can split it later.") }</p>
                <pre class="line"><code>{ "aws kinesis create-stream --stream-name clicks --shard-count 1" }</code></pre>
                <button type="button" class="primary makes" onclick={props.send.reform(|_| Msg::Make(Making::Stream))}>
                    { tr("New stream") }
                </button>
            </div>
        },
        Some(stream) if stream.shards.is_empty() => pending(&props.picture, stream, &props.send),
        Some(_) if props.shape == StageShape::Table => {
            html! { <StageTable picture={props.picture.clone()} /> }
        }
        Some(_) if props.shape == StageShape::Words => html! { <div hidden=true /> },
        Some(stream) => flow(props, stream),
    };
    let has_words = props.shape == StageShape::Words;
    html! {
        <main class="panel stage" id="stage" tabindex="-1" ref={props.stage.clone()} aria-labelledby="stage-title">
            { head(props, stream) }
            { past(props) }
            <div class="stage-notice"><NoticeBox notice={props.notice.clone()} send={props.send.clone()} /></div>
            { body }
            <Twin picture={props.picture.clone()} rows={(!has_words).then(|| props.words.clone())} />
        </main>
    }
}

fn head(props: &StageProps, stream: Option<&StreamView>) -> Html {
    let names = props.picture.streams.iter().map(|name| {
        let is_shown = stream.is_some_and(|stream| stream.name == *name);
        html! { <option key={name.clone()} value={name.clone()} selected={is_shown}>{ name }</option> }
    });
    let now_ms = props.picture.view.now_ms;
    let facts = stream.map(|stream| {
        let due =
            stream.change_due_ms.map(|due| tr(" for ").to_owned() + &span_ms(due.saturating_sub(now_ms)));
        html! {
            <span class="stream-facts">
                <span class={classes!("status", stream.status.to_ascii_lowercase())}>
                    { stream.status }<span class="due">{ due.unwrap_or_default() }</span>
                </span>
                <span>{ count(u64::from(stream.open_shards), "shard") }</span>
                <span>{ stream.retention_hours }{ " h" }</span>
                <span>{ count(stream.record_count, "record") }</span>
            </span>
        }
    });
    let on_stream = props.send.reform(|event: Event| Msg::SelectStream(value_of(&event)));
    let shapes = [
        (StageShape::Picture, "Picture", ROWS),
        (StageShape::Table, "Table", TABLE),
        (StageShape::Words, "Words", WORDS),
    ];
    let shapes = shapes.into_iter().map(|(shape, name, path)| {
        html! {
            <button
                type="button"
                key={name}
                aria-label={tr(name)}
                title={tr(name)}
                aria-pressed={(props.shape == shape).to_string()}
                onclick={props.send.reform(move |_| Msg::ShowStage(shape))}
            >
                <Icon {path} /><span class="tool-word">{ tr(name) }</span>
            </button>
        }
    });
    html! {
        <div class="stage-head">
            <h2 id="stage-title">{ tr("Stream") }</h2>
            <select
                class="stream-select"
                aria-label={tr("Stream")}
                hidden={props.picture.streams.is_empty()}
                onchange={on_stream}
            >
                { for names }
            </select>
            <span class="facts-slot">{ facts }</span>
            <span class="bar-space" />
            <span class="segments" role="group" aria-label={tr("Show the stream as")}>{ for shapes }</span>
            <button type="button" class="tool makes" onclick={props.send.reform(|_| Msg::Make(Making::Stream))}>
                <Icon path={PLUS} />{ tr("New stream") }
            </button>
        </div>
    }
}

fn flow(props: &StageProps, stream: &StreamView) -> Html {
    let room = Room::of(stream.shards.len());
    let chosen = match &props.selection {
        Selection::Shard(shard) | Selection::Record { shard, .. } => Some(*shard),
        _ => None,
    };
    let stop = chosen.filter(|shard| props.picture.shard(*shard).is_some());
    let stop = stop.or_else(|| stream.shards.first().map(|shard| shard.number));
    let other = props.other.as_ref().filter(|other| other.stream().is_some());
    let rows = stream.shards.iter().zip(props.rows.iter()).map(|(shard, picture)| {
        html! {
            <ShardRow
                key={shard.number}
                picture={picture.clone()}
                shard={shard.number}
                is_chosen={chosen == Some(shard.number)}
                is_stop={stop == Some(shard.number)}
                failed={props.failed.clone().filter(|(failed, _)| *failed == shard.number).map(|(_, error)| error)}
                differs={other.and_then(|other| difference(shard, other.shard(shard.number)))}
                send={props.send.clone()}
            />
        }
    });
    let rows = match other {
        Some(other) => pairs(&props.picture, rows, other, &props.send),
        None => rows.collect::<Html>(),
    };
    // Beside each row stands that of the other world.
    let stride = if other.is_some() { 2 } else { 1 };
    let on_key = Callback::from(move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowUp" => -stride,
            "ArrowDown" => stride,
            _ => return,
        };
        if focus_sibling_row(&event, step) {
            event.prevent_default();
        }
    });
    let has_readers = !props.picture.shard_readers.is_empty();
    let rows = match &props.picture.heat {
        Some(_) => html! {
            <HeatMapView picture={props.picture.clone()} {chosen} send={props.send.clone()} />
        },
        None => html! {
            <div class={classes!("rows", room.class(), has_readers.then_some("read-by"), other.is_some().then_some("paired"))}>
                <div class="world-names" hidden={other.is_none()} aria-hidden="true">
                    <b>{ tr("This world") }</b>
                    <b>{ tr("The other world") }</b>
                </div>
                <div class="row-names" aria-hidden="true">
                    <span>{ tr("key space") }</span>
                    <span>{ tr("in, this second") }</span>
                    <span>{ tr("oldest → newest") }</span>
                    <span>{ tr("out, this second") }</span>
                    <span hidden={!has_readers}>{ tr("read by") }</span>
                </div>
                <KeySpace picture={props.seldom.clone()} typed={props.typed.clone()} {room} />
                <ol
                    class="shards"
                    aria-label={tr(if other.is_some() { "Shards of both worlds" } else { "Shards" })}
                    onkeydown={on_key}
                >
                    { rows }
                </ol>
            </div>
        },
    };
    html! {
        <div class="flow">
            <Producers picture={props.picture.clone()} selection={props.selection.clone()} send={props.send.clone()} />
            <div class="middle">{ rows }</div>
            <Consumers picture={props.picture.clone()} selection={props.selection.clone()} send={props.send.clone()} />
            <div class="flights" aria-hidden="true" />
        </div>
    }
}

/// What is looked at while the playhead stands before the end: rewinding is the sandbox's doing, and undoes nothing.
#[inline(never)]
fn past(props: &StageProps) -> Html {
    let view = &props.picture.view;
    let behind = view.span_to_ms.saturating_sub(view.now_ms);
    let end = view.span_to_ms;
    html! {
        <div class="past-note" hidden={!props.picture.is_past}>
            <p title={tr("Going on repeats it; another command takes its place.")}>
                <b>{ tr("Rewound by ") }{ span_ms(behind) }</b>
                { tr(": what came after has not happened yet") }
            </p>
            <button type="button" onclick={props.send.reform(move |_| Msg::Seek(end))}>{ tr("Back to the present") }</button>
        </div>
    }
}

/// A stream that has no shards yet, or no more.
#[inline(never)]
fn pending(picture: &Picture, stream: &StreamView, send: &Send) -> Html {
    let now = picture.view.now_ms;
    let due = stream.change_due_ms.unwrap_or(now);
    let left = due.saturating_sub(now);
    let whole = due.saturating_sub(stream.created_ms).max(1);
    let done = 1_000 - (left * 1_000 / whole).min(1_000);
    let (words, action) = match stream.status {
        "CREATING" => ("A stream cannot take records before it is ACTIVE.", "Run until ACTIVE"),
        _ => ("The stream goes, and its records with it.", "Run until it is gone"),
    };
    html! {
        <div class="pending">
            <svg class="pending-rows" viewBox="0 0 1000 60" preserveAspectRatio="none" aria-hidden="true">
                <rect class="hatched" width="1000" height="60" rx="8" />
                <rect class="progress" width={done.to_string()} height="60" rx="8" />
            </svg>
            <p><b>{ stream.status }</b>{ ": " }{ span_ms(left) }{ tr(" of virtual time to go. ") }{ tr(words) }</p>
            <button type="button" class="primary" onclick={send.reform(move |_| Msg::Skip(left))}>{ tr(action) }</button>
        </div>
    }
}
