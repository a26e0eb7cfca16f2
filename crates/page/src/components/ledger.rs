//! Where every record is: made, stored, lost, processed, processed again; and the order of each key.

use sim::{ProducerView, RecordView};
use yew::prelude::*;

use super::shard_badge::ShardBadge;
use crate::app::{Msg, Send};
use crate::browser::dom::value_of;
use crate::scene::{Picture, ReadingWay};
use crate::selection::{Making, Selection};
use crate::text::{count, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct LedgerProps {
    pub picture: Picture,
    pub send: Send,
}

/// Keys whose order is drawn, and records of each.
const KEYS_MAX: usize = 8;
const RECORDS_MAX: usize = 24;

#[component]
pub(crate) fn Ledger(props: &LedgerProps) -> Html {
    let picture = &props.picture;
    let stream = picture.stream().map(|stream| stream.name.clone()).unwrap_or_default();
    let producers = picture.view.producers.iter().filter(|producer| producer.stream == stream);
    // Programs that are started again have the name of those before them.
    let producers = producers.filter(|producer| producer.made > 0).enumerate().map(|(i, producer)| {
        html! { <li key={i}>{ balance(producer) }</li> }
    });
    let producers: Vec<Html> = producers.collect();
    let readers = picture.view.readers.iter().filter(|reader| reader.stream == stream);
    let readers = readers.map(|reader| (reader.name.clone(), reader.records, reader.again));
    let applications = picture.view.applications.iter().filter(|application| application.stream == stream);
    let applications = applications.map(|it| (it.name.clone(), it.records, it.again));
    let consumers: Vec<(String, u64, u64)> = readers.chain(applications).collect();
    let behind = |name: &str| -> u64 {
        let readers = picture.shard_readers.values().flatten().filter(|reader| reader.name == name);
        readers.map(|reader| reader.behind).sum()
    };
    let rows = consumers.iter().enumerate().map(|(i, (name, records, again))| {
        html! {
            <tr key={i}>
                <th scope="row">{ name }</th>
                <td class="figure">{ thousands(*records) }</td>
                <td class="figure">{ thousands(records.saturating_sub(*again)) }</td>
                <td class={classes!("figure", (*again > 0).then_some("bad"))}>{ thousands(*again) }</td>
                <td class="figure">{ thousands(behind(name)) }</td>
            </tr>
        }
    });
    let is_empty = producers.is_empty() && consumers.is_empty();
    html! {
        <div class="ledger-page">
            <div class="empty" hidden={!is_empty}>
                <p>{ tr("Start a producer and a reader: the ledger then says of every record where it is.") }</p>
                <button type="button" onclick={props.send.reform(|_| Msg::Make(Making::Producer))}>{ tr("Start a producer") }</button>
            </div>
            <h3 hidden={producers.is_empty()}>{ tr("Made = stored + waiting + lost") }</h3>
            <ul class="balances">{ for producers }</ul>
            <div class="table-box" hidden={consumers.is_empty()} tabindex="0" role="region" aria-label={tr("Processed")}>
                <table>
                    <thead>
                        <tr>
                            <th>{ tr("Consumer") }</th><th class="figure">{ tr("Processed") }</th><th class="figure">{ tr("Once") }</th>
                            <th class="figure">{ tr("Again") }</th><th class="figure">{ tr("To come") }</th>
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            <KeyOrder picture={picture.clone()} send={props.send.clone()} />
        </div>
    }
}

/// A producer's records as one bar: each is in exactly one place.
fn balance(producer: &ProducerView) -> Html {
    let waiting = producer.waiting + producer.in_flight;
    let whole = producer.made.max(1);
    let width = |part: u64| part * 1_000 / whole;
    let (stored, waits) = (width(producer.stored), width(waiting));
    let lost = if producer.lost > 0 { width(producer.lost).max(4) } else { 0 };
    let words = count(producer.made, "record")
        + tr(" made: ")
        + &thousands(producer.stored)
        + tr(" stored, ")
        + &thousands(waiting)
        + tr(" waiting, ")
        + &thousands(producer.lost)
        + tr(" lost");
    html! {
        <>
            <span class="balance-words"><b class="code">{ &producer.name }</b>{ " " }{ words }</span>
            <svg class="balance" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="glass" width="1000" height="10" />
                <rect class="stored" width={stored.to_string()} height="10" />
                <rect class="waiting" x={stored.to_string()} width={waits.to_string()} height="10" />
                <rect class="lost" x={(1_000 - lost).to_string()} width={lost.to_string()} height="10" />
            </svg>
        </>
    }
}

/// The newest records of the most frequent keys in the order in which they were stored, and who has read how far.
#[component]
fn KeyOrder(props: &LedgerProps) -> Html {
    let picture = &props.picture;
    let reader = use_state(String::new);
    let mut names: Vec<&str> = picture.shard_readers.values().flatten().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let chosen = names.iter().find(|name| ***name == **reader).or(names.first()).copied().unwrap_or_default();
    let mut keys: Vec<(&str, Vec<(u32, &RecordView)>)> = Vec::new();
    let shards = picture.stream().map_or(&[][..], |stream| stream.shards.as_slice());
    for (shard, record) in shards.iter().flat_map(|it| it.records.iter().map(|record| (it.number, record))) {
        match keys.iter_mut().find(|(key, _)| *key == record.partition_key) {
            Some((_, records)) => records.push((shard, record)),
            None => keys.push((&record.partition_key, vec![(shard, record)])),
        }
    }
    keys.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    keys.truncate(KEYS_MAX);
    let next_of = |shard: u32| {
        let readers = picture.shard_readers.get(&shard)?;
        let reader = readers.iter().find(|reader| reader.name == chosen)?;
        let last = picture.shard(shard)?.last_index;
        let covered = match &reader.way {
            ReadingWay::Leases(_) => reader.uncovered,
            ReadingWay::Polls | ReadingWay::IsPushed { .. } => 0,
        };
        let next = (last + 1).saturating_sub(reader.behind);
        Some((next, next.saturating_sub(covered)))
    };
    let rows = keys.iter_mut().map(|(key, records)| {
        records.sort_by_key(|(_, record)| record.arrival_ms);
        let skip = records.len().saturating_sub(RECORDS_MAX);
        let mut homes: Vec<u32> = Vec::new();
        for (shard, _) in records.iter() {
            if !homes.contains(shard) {
                homes.push(*shard);
            }
        }
        let tokens = records.iter().skip(skip).map(|(shard, record)| {
            let (shard, index) = (*shard, record.index);
            let state = match next_of(shard) {
                Some((next, _)) if index >= next => "coming",
                Some((_, covered)) if index >= covered => "again",
                Some(_) => "read",
                None => "stored",
            };
            let on_click = props.send.reform(move |_: MouseEvent| Msg::Select(Selection::Record { shard, index }));
            html! {
                <li key={format!("{shard}-{index}")}>
                    <button type="button" class={classes!("ledger-token", state, crate::letters::style(shard))} aria-label={format!("{} #{index}, {}", crate::letters::letter(shard), tr(state))} onclick={on_click}>
                        { index }
                    </button>
                </li>
            }
        });
        // With explicit hash keys, as the KPL has them, one key can be in unrelated shards.
        let is_child = |shard: &u32| {
            picture.shard(*shard).is_some_and(|it| it.parents.iter().any(|parent| homes.contains(parent)))
        };
        let moved = homes.iter().skip(1).all(is_child) && homes.len() > 1;
        html! {
            <tr key={(*key).to_owned()}>
                <th scope="row"><code>{ *key }</code></th>
                <td>{ for homes.iter().map(|shard| html! { <ShardBadge key={*shard} shard={*shard} /> }) }</td>
                <td><ol class="ledger-tokens">{ for tokens }</ol><small hidden={!moved}>{ tr("moved to a child shard: in order as long as the parent is read first") }</small></td>
            </tr>
        }
    });
    let options = names.iter().map(|name| {
        html! { <option key={(*name).to_owned()} value={(*name).to_owned()} selected={*name == chosen}>{ *name }</option> }
    });
    let on_reader = {
        let reader = reader.clone();
        Callback::from(move |event: Event| reader.set(value_of(&event)))
    };
    let is_hidden = keys_are_hidden(picture);
    html! {
        <section class="key-order" aria-label={tr("Order by key")} hidden={is_hidden}>
            <h3>{ tr("Order by key: one key, one shard, one order") }</h3>
            <label class="filter" hidden={names.is_empty()}>
                <span>{ tr("As read by") }</span>
                <select aria-label={tr("As read by")} onchange={on_reader}>{ for options }</select>
                <span class="ledger-key" aria-hidden="true">
                    <i class="read" />{ tr("read") }<i class="again" />{ tr("again") }<i class="coming" />{ tr("coming") }
                </span>
            </label>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Records in the order in which they were stored")}>
                <table>
                    <thead><tr><th>{ tr("Key") }</th><th>{ tr("Shard") }</th><th>{ tr("Records in the order in which they were stored") }</th></tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </section>
    }
}

/// At full traffic nobody looks at single records.
fn keys_are_hidden(picture: &Picture) -> bool {
    picture.is_strip
        || picture.stream().is_none_or(|stream| stream.shards.iter().all(|it| it.records.is_empty()))
}
