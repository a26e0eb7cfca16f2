//! The stage in words, in the order in which it is drawn: for those who cannot see the picture, or would rather read.

use kinesis::apart;
use sim::ShardView;
use yew::prelude::*;

use super::shard_row::{range_words, refused};
use crate::app::RowPictures;
use crate::browser::parts::use_whole;
use crate::letters::letter;
use crate::scene::{Picture, ReadingWay, ShardReader};
use crate::text::{bytes, clock_ms, count, span_ms, thousands};
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct TwinProps {
    pub picture: Picture,
    /// What each row says, where the words are only heard; where they stand in place of the picture, they say what it
    /// shows.
    pub rows: Option<RowPictures>,
}

#[component]
pub(crate) fn Twin(props: &TwinProps) -> Html {
    match use_whole() {
        true => apart(|| in_words(props)),
        false => html! { <section class="twin visually-hidden" aria-label={tr("The stage in words")} /> },
    }
}

fn in_words(props: &TwinProps) -> Html {
    let picture = &props.picture;
    let Some(stream) = picture.stream() else {
        return html! { <section class="twin visually-hidden" aria-label={tr("The stage in words")}><p>{ tr("There is no stream.") }</p></section> };
    };
    let summary = "Stream ".to_owned()
        + &stream.name
        + ", "
        + &stream.status.to_ascii_lowercase()
        + ", "
        + &count(u64::from(stream.open_shards), "open shard")
        + ", "
        + &count(stream.record_count, "record")
        + ", kept for "
        + &count(u64::from(stream.retention_hours), "hour")
        + ".";
    let next = match picture.view.next_due_ms {
        Some(due) => "Next event at ".to_owned() + &clock_ms(due) + ".",
        None => "Nothing is going to happen by itself.".to_owned(),
    };
    let shards = stream.shards.iter().enumerate().map(|(place, shard)| {
        let row = props.rows.as_ref().and_then(|rows| rows.get(place));
        let row = row.filter(|row| row.shard(shard.number).is_some()).unwrap_or(picture);
        html! { <ShardInWords key={shard.number} picture={row.clone()} shard={shard.number} /> }
    });
    let hidden = props.rows.is_some().then_some("visually-hidden");
    html! {
        <section class={classes!("twin", hidden)} aria-label={tr("The stage in words")}>
            <p>{ say(summary) }{ " " }{ say(next) }</p>
            <ol class="twin-shards">{ for shards }</ol>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ShardInWordsProps {
    picture: Picture,
    shard: u32,
}

#[component]
fn ShardInWords(props: &ShardInWordsProps) -> Html {
    let picture = &props.picture;
    let Some(shard) = picture.shard(props.shard) else { return html! { <li hidden=true /> } };
    let shown = if picture.is_strip { 0 } else { 10 };
    let newest = shard.records.iter().rev().take(shown).map(|record| {
        let words = "record ".to_owned()
            + &thousands(record.index)
            + ", key "
            + &record.partition_key
            + ", "
            + &bytes(record.size)
            + ", arrived "
            + &clock_ms(record.arrival_ms);
        html! { <li key={record.index}>{ say(words) }</li> }
    });
    let readers = picture.shard_readers.get(&shard.number).into_iter().flatten();
    let readers =
        readers.map(|reader| html! { <li key={reader.name.clone()}>{ say(reader_words(reader)) }</li> });
    html! {
        <li>
            <h3>{ tr("Shard ") }{ letter(shard.number) }{ ", " }{ &shard.id }</h3>
            <p>{ say(shard_words(shard)) }</p>
            <ul aria-label={tr("Readers")}>{ for readers }</ul>
            <ol aria-label={tr("Newest records")} hidden={picture.is_strip}>{ for newest }</ol>
        </li>
    }
}

fn shard_words(shard: &ShardView) -> String {
    let budget = |left: i64, max: i64, name: &str| {
        if left * 20 <= max { name.to_owned() + " limit of this second used up, " } else { String::new() }
    };
    let mut words = range_words(shard) + " of the key space, ";
    if !shard.is_open {
        words += "closed: it can be read, but takes no records, ";
    } else {
        words += &budget(shard.write_records_left, shard.write_records_max, "record");
        words += &budget(shard.write_bytes_left, shard.write_bytes_max, "byte");
    }
    if refused(shard) > 0 {
        words = words + &thousands(refused(shard)) + " refused so far, ";
    }
    words + &count(shard.record_count, "record") + "."
}

#[inline(never)]
fn reader_words(reader: &ShardReader) -> String {
    let place = match (reader.rests, reader.behind) {
        (Some(why), _) => why.to_owned(),
        (None, 0) => "at the tip".to_owned(),
        (None, behind) => count(behind, "record") + " and " + &span_ms(reader.millis_behind) + " behind",
    };
    let mut words = reader.name.clone() + ": " + &place;
    if let ReadingWay::Leases(card) = &reader.way {
        let owner = card.owner.clone().unwrap_or_else(|| "nobody".to_owned());
        words = words + ", lease of " + &owner + ", counter " + &thousands(card.counter);
        if reader.uncovered > 0 {
            words = words + ", " + &count(reader.uncovered, "record") + " again after a crash";
        }
        for ghost in &card.ghosts {
            words = words + ", " + ghost + " still thinks it owns it";
        }
    }
    words
}
