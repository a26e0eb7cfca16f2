//! The inspector: what is selected, its numbers, why they are so, and what can be done about it.

use course::forms::Place;
use sim::{ReaderView, ShardView};
use yew::prelude::*;

use super::agent::agent_page;
use super::banner::NoticeBox;
use super::form_panel::{ActionForms, FormPanel, form_button};
use super::key_microscope::KeyMicroscope;
use super::kpl::kpl_page;
use super::passports::Passports;
use super::shard_badge::ShardBadge;
use super::shard_row::{range_words, refused};
use super::traffic::Traffic;
use super::workers::Workers;
use crate::app::{FormAt, Msg, Notice, Send};
use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::selection::{Making, Selection};
use crate::text::{bytes, clock, clock_ms, count, percent, percent_of, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct InspectorProps {
    pub picture: Picture,
    pub selection: Selection,
    pub making: Making,
    /// What came of a form or button here.
    pub notice: Option<std::rc::Rc<Notice>>,
    pub typed: AttrValue,
    /// Sequence number of the newest iterator that the learner holds, by shard: what "next page" uses.
    pub iterators: std::rc::Rc<Vec<(u32, String)>>,
    pub desk: SharedDesk,
    pub send: Send,
}

#[component]
pub(crate) fn Inspector(props: &InspectorProps) -> Html {
    let picture = props.picture.clone();
    let send = props.send.clone();
    let content = match (props.making, &props.selection) {
        (Making::Producer, _) => maker(props, "New producer"),
        (Making::Reader, _) => maker(props, "New reader"),
        (Making::Application, _) => maker(props, "New KCL application"),
        (_, Selection::Stream) => stream_page(props),
        (_, Selection::Shard(shard)) => shard_page(props, *shard),
        (_, Selection::Record { shard, index }) => record_page(props, *shard, *index),
        (_, Selection::Producer(name)) => {
            html! { <Traffic key={name.clone()} name={name.clone()} {picture} {send} /> }
        }
        (_, Selection::Kpl(name)) => kpl_page(props, name),
        (_, Selection::Agent(name)) => agent_page(props, name),
        (_, Selection::Reader(name)) => reader_page(props, name),
        (_, Selection::Application(name)) => {
            html! { <Workers key={name.clone()} name={name.clone()} {picture} desk={props.desk.clone()} {send} /> }
        }
    };
    // Another page begins at its top.
    let page = match (props.making, &props.selection) {
        (Making::Nothing | Making::Stream, Selection::Stream) => "stream".to_owned(),
        (Making::Nothing | Making::Stream, Selection::Shard(shard) | Selection::Record { shard, .. }) => {
            shard.to_string()
        }
        (
            Making::Nothing | Making::Stream,
            Selection::Producer(name)
            | Selection::Kpl(name)
            | Selection::Agent(name)
            | Selection::Reader(name)
            | Selection::Application(name),
        ) => "actor ".to_owned() + name,
        (Making::Producer, _) => "new producer".to_owned(),
        (Making::Reader, _) => "new reader".to_owned(),
        (Making::Application, _) => "new application".to_owned(),
    };
    let is_elsewhere = props.selection != Selection::Stream || props.making != Making::Nothing;
    html! {
        <aside class="panel inspector" id="inspector" aria-labelledby="inspector-title">
            <div class="inspector-head">
                <h2 id="inspector-title">{ tr("Inspector") }</h2>
                <button
                    type="button"
                    class="link"
                    hidden={!is_elsewhere}
                    onclick={props.send.reform(|_| Msg::Select(Selection::Stream))}
                >
                    { tr("Back to the stream") }
                </button>
            </div>
            <div class="inspector-notice"><NoticeBox notice={props.notice.clone()} send={props.send.clone()} /></div>
            <div class="inspector-body" key={page}>{ content }</div>
        </aside>
    }
}

/// The form of something new, as a page of the inspector.
fn maker(props: &InspectorProps, title: &'static str) -> Html {
    html! {
        <FormPanel
            key={title}
            {title}
            at={FormAt::default()}
            picture={props.picture.clone()}
            desk={props.desk.clone()}
            send={props.send.clone()}
            is_page=true
        />
    }
}

pub(super) fn action_forms(props: &InspectorProps, place: Place, at: FormAt) -> Html {
    html! {
        <ActionForms {place} {at} picture={props.picture.clone()} desk={props.desk.clone()} send={props.send.clone()} />
    }
}

pub(super) fn numbers(rows: &[(&'static str, String)]) -> Html {
    let rows = rows.iter().map(|(name, value)| {
        html! { <div key={*name}><dt>{ tr(name) }</dt><dd>{ value }</dd></div> }
    });
    html! { <dl class="numbers">{ for rows }</dl> }
}

fn stream_page(props: &InspectorProps) -> Html {
    let Some(stream) = props.picture.stream() else {
        return html! {
            <div key="no-stream">
                <p>{ tr("No stream yet.") }</p>
                { action_forms(props, Place::Page, FormAt::default()) }
            </div>
        };
    };
    html! {
        <div key="stream">
            <KeyMicroscope picture={props.picture.clone()} typed={props.typed.clone()} send={props.send.clone()} />
            <h3>{ tr("Stream ") }<code>{ &stream.name }</code></h3>
            {
                numbers(&[
                    ("Status", stream.status.to_owned()),
                    ("Open shards", stream.open_shards.to_string()),
                    ("Records", thousands(stream.record_count)),
                    ("Retention", count(u64::from(stream.retention_hours), "hour")),
                    ("Takes", count(u64::from(stream.open_shards) * 1_000, "record") + "/s, " + &stream.open_shards.to_string() + " MB/s"),
                ])
            }
            { action_forms(props, Place::Stream, FormAt::default()) }
            <div class="actions">{ form_button("Delete stream", &FormAt::default(), &props.send) }</div>
            <p class="hint">{ tr("Deleting takes its ") }{ count(stream.record_count, "record") }{ tr(" with it. It can be undone here; in AWS it cannot.") }</p>
        </div>
    }
}

#[inline(never)]
fn shard_page(props: &InspectorProps, number: u32) -> Html {
    let Some(shard) = props.picture.shard(number) else {
        return html! { <p>{ tr("There is no such shard at this time.") }</p> };
    };
    let ago = |ms: Option<u64>| ms.map_or_else(|| tr("none").to_owned(), clock_ms);
    let send = &props.send;
    let at = FormAt { shard: Some(number), ..FormAt::default() };
    let split = shard.is_open.then(|| form_button("Split in the middle", &at, send));
    let merge = neighbour(&props.picture, shard).filter(|_| shard.is_open);
    let merge = merge.map(|_| form_button("Merge with the next", &at, send));
    html! {
        <div key={format!("shard-{number}")}>
            <h3 class="with-badge"><ShardBadge shard={number} is_open={shard.is_open} /><code>{ &shard.id }</code></h3>
            { why(shard) }
            {
                numbers(&[
                    ("State", if shard.is_open { tr("open") } else { tr("closed: readable, takes no records") }.to_owned()),
                    ("Key space", range_words(shard)),
                    ("Records", thousands(shard.record_count)),
                    ("Oldest", ago(shard.oldest_ms)),
                    ("Newest", ago(shard.newest_ms)),
                    ("Stored in all", count(shard.total.records, "record") + ", " + &bytes(shard.total.bytes)),
                    ("Refused in all", thousands(refused(shard))),
                ])
            }
            <details class="exact">
                <summary>{ tr("Exact range") }</summary>
                <p class="code hash">{ &shard.starting_hash_key }{ tr(" to ") }{ &shard.ending_hash_key }</p>
            </details>
            <div class="actions">
                { split.unwrap_or_default() }
                { merge.unwrap_or_default() }
            </div>
            { action_forms(props, Place::Shard, at) }
            { reading(props, shard) }
        </div>
    }
}

/// The open shard that begins where this one ends.
fn neighbour(picture: &Picture, shard: &ShardView) -> Option<u32> {
    let ranges = &picture.ranges;
    let place = ranges.iter().position(|range| range.shard == shard.number)?;
    ranges.get(place + 1).map(|range| range.shard)
}

/// Why the shard refused what it refused, from the effect to the cause.
#[inline(never)]
fn why(shard: &ShardView) -> Html {
    let last =
        shard.seconds.iter().rev().find(|second| second.refused_by_records + second.refused_by_bytes > 0);
    let Some(second) = last else {
        return html! { <div class="why none" /> };
    };
    let by_bytes = second.refused_by_bytes > second.refused_by_records;
    let used = if by_bytes {
        bytes(second.bytes) + tr(" were stored in that second: the 1 MB/s were used up")
    } else {
        count(second.records, "record") + tr(" were stored in that second: the 1,000 records/s were used up")
    };
    let other = if by_bytes {
        percent_of(second.records, 1_000).to_string()
            + tr(" % of the records were in use: large records, not many")
    } else {
        percent_of(second.bytes, 1 << 20).to_string()
            + tr(" % of the bytes were in use: many records, not large ones")
    };
    html! {
        <div class="why">
            <h4>{ tr("Why refused at ") }{ clock(second.second * 1_000) }{ "?" }</h4>
            <ol>
                <li>{ count(second.refused_by_records + second.refused_by_bytes, "record") }{ tr(" came too many, to this shard alone") }</li>
                <li>{ used }</li>
                <li>{ other }</li>
            </ol>
        </div>
    }
}

/// Single steps with iterators: the five types, then page by page.
#[inline(never)]
fn reading(props: &InspectorProps, shard: &ShardView) -> Html {
    let by_hand = match &props.selection {
        Selection::Record { index, .. } => Some(*index),
        _ => None,
    };
    let at = FormAt { shard: Some(shard.number), record: by_hand, ..FormAt::default() };
    let get = |kind: &'static str| {
        html! { <li key={kind}>{ form_button(kind, &at, &props.send) }</li> }
    };
    let has_records = shard.record_count > 0;
    let has_token = props.iterators.iter().any(|(of, _)| *of == shard.number);
    let passports = props.picture.passports.get(&shard.number).cloned().unwrap_or_default();
    html! {
        <section class="reading" aria-label={tr("Read by hand")}>
            <h4>{ tr("Read by hand") }</h4>
            <p class="hint">{ tr("An iterator is a place in the shard that lives for five minutes. Where should it start?") }</p>
            <ul class="iterator-kinds">
                { get("TRIM_HORIZON") }
                { get("LATEST") }
                { for ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"].into_iter().filter(|_| has_records).map(get) }
            </ul>
            { at_timestamp(props, shard) }
            <Passports
                shard={shard.number}
                {has_token}
                {passports}
                picture={props.picture.clone()}
                desk={props.desk.clone()}
                send={props.send.clone()}
            />
        </section>
    }
}

/// An iterator at a time: that of the record that is selected, or of the first one, until another is asked for.
#[inline(never)]
fn at_timestamp(props: &InspectorProps, shard: &ShardView) -> Html {
    let chosen = match &props.selection {
        Selection::Record { index, .. } => shard.records.iter().find(|record| record.index == *index),
        _ => None,
    };
    let now_s = props.picture.view.now_ms / 1_000;
    let from = chosen.or_else(|| shard.records.first());
    let seconds = from.map(|record| now_s.saturating_sub(record.arrival_ms / 1_000).to_string());
    let record = chosen.map(|record| record.index);
    html! {
        <FormPanel
            key={format!("at-timestamp-{record:?}")}
            title="AT_TIMESTAMP"
            at={FormAt { shard: Some(shard.number), record, ..FormAt::default() }}
            picture={props.picture.clone()}
            desk={props.desk.clone()}
            send={props.send.clone()}
            is_line=true
            first={seconds}
        />
    }
}

#[inline(never)]
fn record_page(props: &InspectorProps, number: u32, index: u64) -> Html {
    let Some(shard) = props.picture.shard(number) else {
        return html! { <p>{ tr("There is no such shard at this time.") }</p> };
    };
    let Some(record) = shard.records.iter().find(|record| record.index == index) else {
        return html! { <p>{ tr("This record is not among the newest any more.") }</p> };
    };
    let hash_key = kinesis::hash_key_of(&record.partition_key);
    let at = FormAt { shard: Some(number), record: Some(index), ..FormAt::default() };
    html! {
        <div key={format!("record-{number}-{index}")}>
            <h3 class="with-badge"><ShardBadge shard={number} is_open={shard.is_open} />{ tr("Record #") }{ thousands(index) }</h3>
            {
                numbers(&[
                    ("Partition key", record.partition_key.clone()),
                    ("Place of the key", percent(kinesis::ring_share(hash_key))),
                    ("Arrived", clock_ms(record.arrival_ms)),
                    ("Data", bytes(record.size)),
                    ("Shard", shard.id.clone()),
                ])
            }
            <h4>{ tr("Why this shard?") }</h4>
            <p>
                { tr("The MD5 of ") }<code>{ &record.partition_key }</code>{ tr(" lies at ") }{ percent(kinesis::ring_share(hash_key)) }
                { tr(", between ") }{ range_words(shard) }{ "." }
            </p>
            <h4>{ tr("Sequence number") }</h4>
            <p class="code hash">{ &record.sequence_number }</p>
            { action_forms(props, Place::Shard, at) }
            { reading(props, shard) }
        </div>
    }
}

#[inline(never)]
fn reader_page(props: &InspectorProps, name: &str) -> Html {
    let view = &props.picture.view;
    let Some(reader) = view.readers.iter().rev().find(|reader| reader.name == name) else {
        return html! { <p>{ tr("There is no such reader at this time.") }</p> };
    };
    let places = reader.shards.iter().map(|place| {
        let words = if place.is_finished {
            tr("read to its end").to_owned()
        } else if !place.waits_for.is_empty() {
            tr("waits for its parents").to_owned()
        } else if place.millis_behind == 0 {
            tr("at the tip").to_owned()
        } else {
            span_ms(place.millis_behind) + tr(" behind")
        };
        html! {
            <li key={place.shard}>
                <ShardBadge shard={place.shard} />{ count(place.records, "record") }{ ", " }{ words }
            </li>
        }
    });
    let at = FormAt::actor(&reader.name);
    html! {
        <div key={format!("reader-{name}")}>
            <h3>{ tr("Reader ") }<code>{ &reader.name }</code></h3>
            { numbers(&reader_numbers(reader)) }
            <ul class="landings">{ for places }</ul>
            <p class="hint">{ tr("Reading takes nothing out of the stream: records leave when they are older than the retention period.") }</p>
            // One that met an error keeps its name until it is stopped.
            <div class="actions" hidden={!(reader.is_running || reader.failed.is_some())}>
                { form_button("Stop reader", &at, &props.send) }
            </div>
        </div>
    }
}

fn reader_numbers(reader: &ReaderView) -> Vec<(&'static str, String)> {
    let state = match (reader.failed, reader.is_running) {
        (Some(code), _) => code.to_owned(),
        (None, true) => tr("running").to_owned(),
        (None, false) => tr("stopped").to_owned(),
    };
    vec![
        ("State", state),
        ("Started from", reader.from.to_owned()),
        ("Records", thousands(reader.records)),
        ("Behind", span_ms(reader.millis_behind)),
        ("Calls", thousands(reader.calls)),
        ("Refused calls", thousands(reader.throttled)),
    ]
}
