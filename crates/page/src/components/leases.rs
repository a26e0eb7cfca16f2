//! The lease table as DynamoDB would show it.

use sim::ApplicationView;
use yew::prelude::*;

use super::shard_badge::ShardBadge;
use crate::app::{Msg, Send};
use crate::scene::Picture;
use crate::selection::Making;
use crate::text::{span_ms, thousands};

#[derive(Properties, PartialEq)]
pub(crate) struct LeasesProps {
    pub picture: Picture,
    pub send: Send,
}

#[component]
pub(crate) fn Leases(props: &LeasesProps) -> Html {
    let applications = &props.picture.view.applications;
    let tables = applications.iter().map(|application| {
        html! { <div key={application.name.clone()} class="table-box" tabindex="0" role="region" aria-label={"Lease table ".to_owned() + &application.name}>{ table(application) }</div> }
    });
    html! {
        <div class="leases">
            <div>{ for tables }</div>
            <div class="empty" hidden={!applications.is_empty()}>
                <p>{ "A lease table appears in DynamoDB when the first KCL worker of an application starts; it is billed there." }</p>
                <button type="button" class="makes" onclick={props.send.reform(|_| Msg::Make(Making::Application))}>
                    { "Start a KCL application" }
                </button>
            </div>
        </div>
    }
}

fn table(application: &ApplicationView) -> Html {
    let rows = application.leases.iter().map(|lease| {
        let is_old = lease.age_ms >= application.failover_ms && lease.checkpoint != "SHARD_END";
        let parents = lease.parent_shard_ids.join(", ");
        html! {
            <tr key={lease.lease_key.clone()}>
                <th scope="row"><span class="with-badge"><ShardBadge shard={lease.shard} />{ &lease.lease_key }</span></th>
                <td>{ lease.lease_owner.clone().unwrap_or_else(|| "–".to_owned()) }</td>
                <td>{ thousands(lease.lease_counter) }</td>
                <td class="code" title={lease.checkpoint.clone()}>{ short(&lease.checkpoint) }</td>
                <td>{ thousands(lease.owner_switches_since_checkpoint) }</td>
                <td>{ parents }</td>
                <td class={if is_old { "bad" } else { "" }}>{ span_ms(lease.age_ms) }{ if is_old { ", expired" } else { "" } }</td>
            </tr>
        }
    });
    html! {
        <table>
            <caption>{ "DynamoDB table " }<code>{ &application.name }</code></caption>
            <thead>
                <tr>
                    <th>{ "leaseKey" }</th><th>{ "leaseOwner" }</th><th>{ "leaseCounter" }</th><th>{ "checkpoint" }</th>
                    <th>{ "ownerSwitchesSinceCheckpoint" }</th><th>{ "parentShardId" }</th><th>{ "last written" }</th>
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// A sequence number's end, which is what changes.
fn short(checkpoint: &str) -> String {
    match checkpoint.get(checkpoint.len().saturating_sub(12)..) {
        Some(end) if checkpoint.len() > 24 => "…".to_owned() + end,
        _ => checkpoint.to_owned(),
    }
}
