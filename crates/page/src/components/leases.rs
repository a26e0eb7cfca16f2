//! The lease table as DynamoDB would show it.

use std::rc::Rc;

use sim::{ApplicationView, LeaseView};
use yew::prelude::*;

use super::icon::{CHECK, CLOSE, Icon};
use super::shard_badge::ShardBadge;
use super::time_bar::TimeLine;
use crate::app::{Msg, Send};
use crate::marks::{LeaseWrite, WriteOutcome};
use crate::scene::Picture;
use crate::selection::Making;
use crate::text::{clock_ms, count, span_ms, thousands};
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct LeasesProps {
    pub picture: Picture,
    /// Who owned each lease when, and who wrote.
    pub line: Rc<TimeLine>,
    pub send: Send,
}

/// Conditional writes that are listed.
const WRITES_LISTED: usize = 8;

#[component]
pub(crate) fn Leases(props: &LeasesProps) -> Html {
    let applications = &props.picture.view.applications;
    let tables = applications.iter().map(|application| {
        html! { <div key={application.name.clone()} class="table-box" tabindex="0" role="region" aria-label={tr("Lease table ").to_owned() + &application.name}>{ table(application) }</div> }
    });
    html! {
        <div class="leases">
            <div class="lease-tables" hidden={applications.is_empty()}>{ for tables }</div>
            { race(&props.line, props.picture.view.now_ms) }
            { bands(&props.line) }
            <div class="empty" hidden={!applications.is_empty()}>
                <p>{ tr("A lease table appears in DynamoDB when the first KCL worker of an application starts; it is billed there.") }</p>
                <button type="button" class="makes" onclick={props.send.reform(|_| Msg::Make(Making::Application))}>
                    { tr("Start a KCL application") }
                </button>
            </div>
        </div>
    }
}

fn table(application: &ApplicationView) -> Html {
    let is_third = application.version == "3";
    let rows = application.leases.iter().map(|lease| {
        let is_old = lease.age_ms >= application.failover_ms && lease.checkpoint != "SHARD_END";
        let parents = lease.parent_shard_ids.join(", ");
        html! {
            <tr key={lease.lease_key.clone()}>
                <th scope="row"><span class="with-badge"><ShardBadge shard={lease.shard} />{ &lease.lease_key }</span></th>
                <td>{ lease.lease_owner.clone().unwrap_or_else(|| "–".to_owned()) }</td>
                <td hidden={!is_third}>{ lease.checkpoint_owner.clone().unwrap_or_else(|| "–".to_owned()) }</td>
                <td hidden={!is_third}>{ throughput(lease) }</td>
                <td>{ thousands(lease.lease_counter) }</td>
                <td class="code" title={lease.checkpoint.clone()}>{ short(&lease.checkpoint) }</td>
                <td>{ gap(lease) }</td>
                <td>{ thousands(lease.owner_switches_since_checkpoint) }</td>
                <td>{ parents }</td>
                <td class={if is_old { "bad" } else { "" }}>{ span_ms(lease.age_ms) }{ if is_old { tr(", expired") } else { "" } }</td>
            </tr>
        }
    });
    html! {
        <table>
            <caption>{ tr("DynamoDB table ") }<code>{ &application.name }</code></caption>
            <thead>
                <tr>
                    <th>{ tr("leaseKey") }</th><th>{ tr("leaseOwner") }</th>
                    <th hidden={!is_third}>{ tr("checkpointOwner") }</th><th hidden={!is_third}>{ tr("throughputKBps") }</th><th>{ tr("leaseCounter") }</th><th>{ tr("checkpoint") }</th><th>{ tr("again after a crash") }</th>
                    <th>{ tr("ownerSwitchesSinceCheckpoint") }</th><th>{ tr("parentShardId") }</th><th>{ tr("last written") }</th>
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// Whole KB a second.
fn throughput(lease: &LeaseView) -> String {
    lease.throughput.map_or_else(|| "–".to_owned(), |bytes| thousands(bytes / 1_024))
}

/// Records that were processed but are not covered by the checkpoint.
fn gap(lease: &LeaseView) -> String {
    match lease.checkpoint_index {
        Some(covered) => thousands(lease.processed_index.saturating_sub(covered)),
        None if lease.checkpoint == "TRIM_HORIZON" => thousands(lease.processed_index),
        None => "–".to_owned(),
    }
}

/// The last conditional writes: each names the counter that it expects, and the one that comes second bounces off.
fn race(line: &TimeLine, now_ms: u64) -> Html {
    let rows = line.writes.iter().take(WRITES_LISTED).enumerate().map(|(i, write)| {
        let is_won = matches!(write.outcome, WriteOutcome::Took { .. } | WriteOutcome::Released);
        let is_new = now_ms.saturating_sub(write.at_ms) < 1_000;
        html! {
            <li key={i} class={classes!("write", if is_won { "won" } else { "bounced" }, is_new.then_some("new"))}>
                <time>{ clock_ms(write.at_ms) }</time>
                <b>{ &write.worker }</b>
                <svg class="arrow" viewBox="0 0 60 16" width="60" height="16" aria-hidden="true">
                    <path d={if is_won { "M2 8h52M48 3l6 5-6 5" } else { "M2 5h44M46 2v12M46 11H8M13 7l-5 4 5 4" }} />
                </svg>
                <code>{ &write.lease }</code>
                <span class="outcome"><Icon path={if is_won { CHECK } else { CLOSE }} />{ say(outcome(write)) }</span>
            </li>
        }
    });
    html! {
        <section class="race" aria-label={tr("Conditional writes")} hidden={line.writes.is_empty()}>
            <h3>{ tr("Conditional writes, the newest first") }</h3>
            <ol>{ for rows }</ol>
        </section>
    }
}

fn outcome(write: &LeaseWrite) -> String {
    match &write.outcome {
        WriteOutcome::Took { from: None, counter } => {
            "leaseCounter ".to_owned()
                + &thousands(counter.saturating_sub(1))
                + " → "
                + &thousands(*counter)
                + ": nobody owned it"
        }
        WriteOutcome::Took { from: Some(from), counter } => {
            "leaseCounter ".to_owned()
                + &thousands(counter.saturating_sub(1))
                + " → "
                + &thousands(*counter)
                + ": taken from "
                + from
        }
        WriteOutcome::Refused => {
            "ConditionalCheckFailedException: the counter was not the expected one".to_owned()
        }
        WriteOutcome::Lost => "lost: another worker's counter stands there".to_owned(),
        WriteOutcome::Released => "given back".to_owned(),
    }
}

/// Who owned each lease over the time of the history.
fn bands(line: &TimeLine) -> Html {
    let rows = line.owners.iter().enumerate().map(|(i, (name, stretches))| {
        let parts = stretches.iter().enumerate().map(|(j, (from, width, owner))| {
            let who = if owner.is_empty() { tr("nobody") } else { owner.as_str() };
            html! {
                <g key={j}>
                    <rect class={classes!("band", band_class(owner))} x={from.to_string()} width={width.to_string()} height="18" />
                    <title>{ name }{ ": " }{ who }</title>
                </g>
            }
        });
        let last = stretches.last().map(|(.., owner)| owner.clone()).unwrap_or_default();
        html! {
            <li key={i}>
                <b>{ name }</b>
                <svg viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" aria-label={name.clone() + ": " + &count(stretches.len() as u64, "owner") + tr(", now ") + &last}>{ for parts }</svg>
                <span>{ last }</span>
            </li>
        }
    });
    html! {
        <section class="bands" aria-label={tr("Owners over time")} hidden={line.owners.is_empty()}>
            <h3>{ tr("Owners over time") }</h3>
            <ol>{ for rows }</ol>
        </section>
    }
}

/// Class of a worker's band: `w1` to `w5`, or nobody.
pub(super) fn band_class(owner: &str) -> String {
    match owner.trim_start_matches('w').parse::<u32>() {
        Ok(number) if number > 0 => "w".to_owned() + &((number - 1) % 5 + 1).to_string(),
        _ if owner.is_empty() => "nobody".to_owned(),
        _ => "other".to_owned(),
    }
}

/// A sequence number's end, which is what changes.
fn short(checkpoint: &str) -> String {
    match checkpoint.get(checkpoint.len().saturating_sub(12)..) {
        Some(end) if checkpoint.len() > 24 => "…".to_owned() + end,
        _ => checkpoint.to_owned(),
    }
}
