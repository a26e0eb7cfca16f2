//! The inspector: what is selected, its numbers, why they are so, and what can be done about it.

use kinesis::{GetShardIteratorInput, MergeShardsInput, Request};
use sim::{Command, ReaderView, ShardView, StreamView};
use yew::prelude::*;

use super::action_form::ActionForms;
use super::agent::agent_page;
use super::banner::NoticeBox;
use super::key_microscope::KeyMicroscope;
use super::kpl::kpl_page;
use super::passports::Passports;
use super::shard_badge::ShardBadge;
use super::shard_row::{range_words, refused, shard_id};
use super::stage::delete_command;
use super::start_forms::{ApplicationForm, ProducerForm, ReaderForm};
use super::traffic::{Traffic, split_command};
use super::workers::Workers;
use crate::app::{FormAt, Msg, Notice, Send};
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
    pub send: Send,
}

#[component]
pub(crate) fn Inspector(props: &InspectorProps) -> Html {
    let picture = props.picture.clone();
    let send = props.send.clone();
    let content = match (props.making, &props.selection) {
        (Making::Producer, _) => html! { <ProducerForm key="new-producer" {picture} {send} /> },
        (Making::Reader, _) => html! { <ReaderForm key="new-reader" {picture} {send} /> },
        (Making::Application, _) => html! { <ApplicationForm key="new-application" {picture} {send} /> },
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
            html! { <Workers key={name.clone()} name={name.clone()} {picture} {send} /> }
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

pub(super) fn numbers(rows: &[(&'static str, String)]) -> Html {
    let rows = rows.iter().map(|(name, value)| {
        html! { <div key={*name}><dt>{ tr(name) }</dt><dd>{ value }</dd></div> }
    });
    html! { <dl class="numbers">{ for rows }</dl> }
}

pub(super) fn command_button(text: &'static str, command: Command, send: &Send) -> Html {
    let on_click = send.reform(move |_: MouseEvent| Msg::Submit(command.clone()));
    html! { <button type="button" onclick={on_click}>{ tr(text) }</button> }
}

fn stream_page(props: &InspectorProps) -> Html {
    let Some(stream) = props.picture.stream() else {
        return html! { <p>{ tr("No stream yet.") }</p> };
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
                    ("Retention", stream.retention_hours.to_string() + " hours"),
                    ("Takes", count(u64::from(stream.open_shards) * 1_000, "record") + "/s, " + &stream.open_shards.to_string() + " MB/s"),
                ])
            }
            <ActionForms place="stream" at={FormAt::default()} send={props.send.clone()} />
            <div class="actions">{ command_button("Delete stream", delete_command(&stream.name), &props.send) }</div>
            <p class="hint">{ tr("Deleting takes its ") }{ count(stream.record_count, "record") }{ tr(" with it. It can be undone here; in AWS it cannot.") }</p>
        </div>
    }
}

#[inline(never)]
fn shard_page(props: &InspectorProps, number: u32) -> Html {
    let (Some(stream), Some(shard)) = (props.picture.stream(), props.picture.shard(number)) else {
        return html! { <p>{ tr("There is no such shard at this time.") }</p> };
    };
    let ago = |ms: Option<u64>| ms.map_or_else(|| "none".to_owned(), clock_ms);
    let send = &props.send;
    let split = split_command(&stream.name, shard).filter(|_| shard.is_open);
    let merge = neighbour(&props.picture, shard).filter(|_| shard.is_open).map(|next| {
        let command = Command::Call(Request::from(MergeShardsInput {
            stream_name: Some(stream.name.clone()),
            shard_to_merge: Some(shard.id.clone()),
            adjacent_shard_to_merge: Some(shard_id(next)),
            ..MergeShardsInput::default()
        }));
        command_button("Merge with the next", command, send)
    });
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
                { split.map(|command| command_button("Split in the middle", command, send)).unwrap_or_default() }
                { merge.unwrap_or_default() }
            </div>
            <ActionForms place="shard" at={FormAt { shard: Some(number), record: None }} send={props.send.clone()} />
            { reading(props, stream, shard) }
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
        bytes(second.bytes) + " were stored in that second: the 1 MB/s were used up"
    } else {
        count(second.records, "record") + " were stored in that second: the 1,000 records/s were used up"
    };
    let other = if by_bytes {
        percent_of(second.records, 1_000).to_string()
            + " % of the records were in use: large records, not many"
    } else {
        percent_of(second.bytes, 1 << 20).to_string()
            + " % of the bytes were in use: many records, not large ones"
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
fn reading(props: &InspectorProps, stream: &StreamView, shard: &ShardView) -> Html {
    let get = |kind: &'static str, number: Option<String>, at: Option<u64>| {
        let command = Command::Call(Request::from(GetShardIteratorInput {
            stream_name: Some(stream.name.clone()),
            shard_id: Some(shard.id.clone()),
            shard_iterator_type: Some(kind.to_owned()),
            starting_sequence_number: number,
            timestamp: at.map(|ms| kinesis::Seconds(kinesis::Instant::from_millis(ms))),
            ..GetShardIteratorInput::default()
        }));
        let on_click = props.send.reform(move |_: MouseEvent| Msg::Submit(command.clone()));
        html! { <li key={kind}><button type="button" onclick={on_click}><code>{ kind }</code></button></li> }
    };
    let chosen = match &props.selection {
        Selection::Record { index, .. } => shard.records.iter().find(|record| record.index == *index),
        _ => None,
    };
    let from = chosen.or_else(|| shard.records.first());
    let token =
        props.iterators.iter().rev().find(|(of, _)| *of == shard.number).map(|(_, token)| token.clone());
    let passports = props.picture.passports.get(&shard.number).cloned().unwrap_or_default();
    html! {
        <section class="reading" aria-label={tr("Read by hand")}>
            <h4>{ tr("Read by hand") }</h4>
            <p class="hint">{ tr("An iterator is a place in the shard that lives for five minutes. Where should it start?") }</p>
            <ul class="iterator-kinds">
                { get("TRIM_HORIZON", None, None) }
                { get("LATEST", None, None) }
                { get("AT_TIMESTAMP", None, Some(from.map_or(props.picture.view.now_ms, |record| record.arrival_ms))) }
                {
                    for from.into_iter().flat_map(|record| [
                        get("AT_SEQUENCE_NUMBER", Some(record.sequence_number.clone()), None),
                        get("AFTER_SEQUENCE_NUMBER", Some(record.sequence_number.clone()), None),
                    ])
                }
            </ul>
            <Passports
                stream={stream.name.clone()}
                shard_id={shard.id.clone()}
                {token}
                {passports}
                now_ms={props.picture.view.now_ms}
                send={props.send.clone()}
            />
        </section>
    }
}

#[inline(never)]
fn record_page(props: &InspectorProps, number: u32, index: u64) -> Html {
    let (Some(stream), Some(shard)) = (props.picture.stream(), props.picture.shard(number)) else {
        return html! { <p>{ tr("There is no such shard at this time.") }</p> };
    };
    let Some(record) = shard.records.iter().find(|record| record.index == index) else {
        return html! { <p>{ tr("This record is not among the newest any more.") }</p> };
    };
    let hash_key = kinesis::hash_key_of(&record.partition_key);
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
            { reading(props, stream, shard) }
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
            "read to its end".to_owned()
        } else if !place.waits_for.is_empty() {
            "waits for its parents".to_owned()
        } else if place.millis_behind == 0 {
            "at the tip".to_owned()
        } else {
            span_ms(place.millis_behind) + " behind"
        };
        html! {
            <li key={place.shard}>
                <ShardBadge shard={place.shard} />{ count(place.records, "record") }{ ", " }{ words }
            </li>
        }
    });
    let stop = Command::StopReader { name: reader.name.clone() };
    html! {
        <div key={format!("reader-{name}")}>
            <h3>{ tr("Reader ") }<code>{ &reader.name }</code></h3>
            { numbers(&reader_numbers(reader)) }
            <ul class="landings">{ for places }</ul>
            <p class="hint">{ tr("Reading takes nothing out of the stream: records leave when they are older than the retention period.") }</p>
            <div class="actions" hidden={!reader.is_running}>{ command_button("Stop reader", stop, &props.send) }</div>
        </div>
    }
}

fn reader_numbers(reader: &ReaderView) -> Vec<(&'static str, String)> {
    let state = match (reader.failed, reader.is_running) {
        (Some(code), _) => code.to_owned(),
        (None, true) => "running".to_owned(),
        (None, false) => "stopped".to_owned(),
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
