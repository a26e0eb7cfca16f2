//! An exercise on paper: task, picture of the world, room for answers, and a code that leads back to it. Only the print
//! style shows it.

use std::rc::Rc;

use sim::ShardView;
use yew::prelude::*;

use super::task_panel::prose;
use crate::lesson::Task;
use crate::letters::letter;
use crate::printout::{Code, NoCode, Printout};
use crate::scene::Picture;
use crate::text::{count, percent};
use crate::words::tr;

/// Rows of the picture, and records that a row has room for.
const SHARDS_MAX: usize = 8;
const RECORDS_MAX: usize = 24;
const WIDTH: usize = 640;
const ROW: usize = 34;
const LANE: usize = 220;
const STEP: usize = 13;

#[inline(never)]
pub(super) fn lab_sheet(task: &Task, printout: Option<&Rc<Printout>>) -> Html {
    let Some(printout) = printout.filter(|printout| printout.id == task.id) else {
        return html! { <div hidden=true /> };
    };
    let boxes =
        task.checks.iter().enumerate().map(|(i, check)| html! { <li key={i}>{ "☐ " }{ &check.text }</li> });
    let lines = task.questions.iter().map(|question| {
        html! { <p key={question.name.clone()}>{ &question.text }{ " ______________________________" }</p> }
    });
    html! {
        <section class="lab-sheet" aria-hidden="true">
            <h2>{ task.id }{ " " }{ task.title }</h2>
            { prose(task.text, task.lang) }
            { world(&printout.picture) }
            <ul>{ for boxes }</ul>
            <div>{ for lines }</div>
            <p>{ tr("What I expected: ______________________________") }</p>
            <p>{ tr("What happened: ______________________________") }</p>
            <p>{ tr("Why: ______________________________") }</p>
            { code(printout.code.as_ref()) }
        </section>
    }
}

/// The selected stream with its shards and newest records, in black on white, and who writes and reads.
fn world(picture: &Picture) -> Html {
    let Some(stream) = picture.stream() else {
        return html! { <p>{ tr("No stream yet.") }</p> };
    };
    let shards = stream.shards.iter().take(SHARDS_MAX).enumerate().map(|(row, shard)| shard_row(row, shard));
    let shown = stream.shards.len().min(SHARDS_MAX);
    let height = shown * ROW + 4;
    let view = &picture.view;
    let producers = view.producers.iter().map(|it| &it.name).chain(view.kpls.iter().map(|it| &it.name));
    let consumers = view.readers.iter().map(|it| &it.name);
    let consumers = consumers.chain(view.applications.iter().map(|it| &it.name));
    let consumers = consumers.chain(view.functions.iter().map(|it| &it.name));
    html! {
        <figure>
            <figcaption>
                { &stream.name }{ " · " }{ stream.status }{ " · " }{ count(stream.open_shards.into(), "shard") }
                { " · " }{ count(stream.record_count, "record") }
            </figcaption>
            <svg viewBox={format!("0 0 {WIDTH} {height}")} width={WIDTH.to_string()} height={height.to_string()}>
                { for shards }
            </svg>
            <p hidden={stream.shards.len() <= SHARDS_MAX}>{ "…" }</p>
            { names("Producers", producers) }
            { names("Consumers", consumers) }
        </figure>
    }
}

fn names<'a>(what: &'static str, names: impl Iterator<Item = &'a String>) -> Html {
    let names: Vec<&str> = names.map(String::as_str).collect();
    html! { <p hidden={names.is_empty()}>{ tr(what) }{ ": " }{ names.join(", ") }</p> }
}

fn shard_row(row: usize, shard: &ShardView) -> Html {
    let top = row * ROW + 2;
    let left = shard.records.len().saturating_sub(RECORDS_MAX);
    let records = shard.records.iter().skip(left).enumerate().map(|(place, record)| {
        let x = (LANE + 4 + place * STEP).to_string();
        html! { <rect key={record.index} class="record" {x} y={(top + 8).to_string()} width="10" height="14" /> }
    });
    let range = [&percent(shard.range_start), " – ", &percent(shard.range_end)].concat();
    let middle = (top + 20).to_string();
    html! {
        <g key={shard.number}>
            <rect x="1" y={(top + 4).to_string()} width="22" height="22" />
            <text x="12" y={middle.clone()} class="letter">{ letter(shard.number) }</text>
            <text x="32" y={middle.clone()}>{ range }{ if shard.is_open { "" } else { ", " } }{ if shard.is_open { "" } else { tr("closed") } }</text>
            <rect x={LANE.to_string()} y={(top + 4).to_string()} width={(RECORDS_MAX * STEP + 6).to_string()} height="22" />
            <g>{ for records }</g>
            <text x={(WIDTH - 1).to_string()} y={middle} class="count">{ count(shard.record_count, "record") }</text>
        </g>
    }
}

/// The code with its address, or why there is none.
fn code(code: Option<&Result<Code, NoCode>>) -> Html {
    match code {
        None => html! { <p hidden=true /> },
        Some(Ok(code)) => {
            // Four modules of quiet zone on each side.
            let side = code.size + 8;
            html! {
                <div class="code">
                    <svg class="qr" viewBox={format!("-4 -4 {side} {side}")}><path d={code.path.to_string()} /></svg>
                    <p>{ tr("This exercise in the sandbox:") }{ " " }<span class="code">{ &*code.address }</span></p>
                </div>
            }
        }
        Some(Err(why)) => html! {
            <p>
                { tr(match why {
                    NoCode::File => "No code leads here: this page was opened from a file, which has no address that others could open.",
                    NoCode::Loopback => "No code leads here: this page's address is good on this computer only.",
                }) }
            </p>
        },
    }
}
