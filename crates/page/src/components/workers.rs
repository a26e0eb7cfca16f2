//! A KCL application: its workers, and what can happen to each.

use course::forms::{Place, form};
use sim::{ApplicationView, WorkerView};
use yew::prelude::*;

use super::form_panel::{ActionForms, form_button};
use crate::app::{FormAt, Msg, Send, Tab};
use crate::desk::SharedDesk;
use crate::letters::letter;
use crate::scene::Picture;
use crate::text::{count, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct WorkersProps {
    pub name: AttrValue,
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

#[component]
pub(crate) fn Workers(props: &WorkersProps) -> Html {
    let view = &props.picture.view;
    let Some(application) = view.applications.iter().find(|application| props.name == application.name)
    else {
        return html! { <p>{ tr("There is no such application at this time.") }</p> };
    };
    let is_third = application.version == "3";
    let workers = application.workers.iter().map(|worker| {
        html! { <li key={worker.name.clone()}>{ worker_card(application, worker, view.now_ms, &props.send) }</li> }
    });
    let at = FormAt::actor(&application.name);
    html! {
        <div class="workers">
            <h3>{ tr("KCL application ") }<code>{ &application.name }</code></h3>
            <p class="hint">
                { if application.has_table { tr("Lease table in DynamoDB: ") } else { tr("The lease table appears with the first worker's first call.") } }
                <code hidden={!application.has_table}>{ &application.name }</code>{ if application.has_table { "." } else { "" } }
                { tr(" A lease expires when its counter has not changed for ") }{ span_ms(application.failover_ms) }
                { if is_third { tr("; the leader assigns leases by the workers' CPU every ") } else { tr("; workers look for expired ones every ") } }
                { span_ms(application.lease_assignment_interval_ms) }{ "." }
            </p>
            <dl class="ledger">
                <div><dt>{ tr("Processed") }</dt><dd>{ thousands(application.records) }</dd></div>
                <div class={if application.again > 0 { "bad" } else { "" }}><dt>{ tr("Again") }</dt><dd>{ thousands(application.again) }</dd></div>
                <div><dt>{ tr("Leases") }</dt><dd>{ application.leases.len() }</dd></div>
                <div><dt>{ tr("Idle workers") }</dt><dd>{ application.idle_workers }</dd></div>
                <div><dt>{ tr("Behind") }</dt><dd>{ span_ms(application.behind_ms) }</dd></div>
                <div><dt>{ tr("Not checkpointed") }</dt><dd>{ thousands(application.checkpoint_lag) }</dd></div>
                <div hidden={!is_third}><dt>{ tr("Leader") }</dt><dd>{ application.leader.clone().unwrap_or_else(|| tr("nobody").to_owned()) }</dd></div>
                <div hidden={!is_third}><dt>{ tr("Handed over") }</dt><dd>{ thousands(application.hand_overs) }</dd></div>
                <div hidden={application.forced_hand_overs == 0} class="bad"><dt>{ tr("Of these unfinished") }</dt><dd>{ thousands(application.forced_hand_overs) }</dd></div>
                <div hidden={application.empty_lists == 0}><dt>{ tr("Called for nothing") }</dt><dd>{ thousands(application.empty_lists) }</dd></div>
                <div class={if application.missed > 0 { "bad" } else { "" }}><dt>{ tr("Missed") }</dt><dd>{ thousands(application.missed) }</dd></div>
                <div><dt>{ tr("Table writes in 10 s") }</dt><dd>{ thousands(application.table.writes_in_ten_seconds) }</dd></div>
                <div class={if application.table.throttled_in_a_minute > 0 { "bad" } else { "" }}><dt>{ tr("Table refusals in 1 min") }</dt><dd>{ thousands(application.table.throttled_in_a_minute) }</dd></div>
            </dl>
            <ul class="worker-list">{ for workers }</ul>
            <div class="actions">
                { form_button("Add worker", &at, &props.send) }
                <button type="button" onclick={props.send.reform(|_| Msg::ShowTab(Tab::Leases))}>{ tr("Lease table") }</button>
            </div>
            <ActionForms
                place={Place::Application}
                {at}
                picture={props.picture.clone()}
                desk={props.desk.clone()}
                send={props.send.clone()}
            />
        </div>
    }
}

fn worker_card(application: &ApplicationView, worker: &WorkerView, now_ms: u64, send: &Send) -> Html {
    let owned: Vec<String> = application
        .leases
        .iter()
        .filter(|lease| lease.lease_owner.as_ref() == Some(&worker.name))
        .map(|lease| letter(lease.shard))
        .collect();
    let leaving: Vec<String> = application
        .leases
        .iter()
        .filter(|lease| lease.checkpoint_owner.as_ref() == Some(&worker.name))
        .map(|lease| letter(lease.shard) + " → " + lease.lease_owner.as_deref().unwrap_or(tr("nobody")))
        .collect();
    let hands_over = |shard: &u32| {
        let mut leases = application.leases.iter().filter(|lease| lease.shard == *shard);
        leases.any(|lease| lease.checkpoint_owner.as_ref() == Some(&worker.name))
    };
    let wrong: Vec<String> = worker
        .believes
        .iter()
        .filter(|shard| !hands_over(shard))
        .map(|shard| letter(*shard))
        .filter(|it| !owned.contains(it))
        .collect();
    let actions: &[&'static str] = match worker.state {
        "running" => &["Crash", "Pause", "Stop"],
        "paused" => &["Resume", "Crash"],
        _ => &["Restart"],
    };
    let buttons = actions.iter().filter_map(|title| form(title)).map(|form| {
        let at = FormAt { worker: Some(worker.name.clone()), ..FormAt::actor(&application.name) };
        let verb = tr(form.button);
        // In English as the command is typed.
        let verb = if verb == form.button { verb.to_lowercase() } else { verb.to_owned() };
        let label = verb + " " + &worker.name;
        let on_click = send.reform(move |_: MouseEvent| Msg::Form(form, Vec::new(), at.clone()));
        html! { <button key={form.button} type="button" aria-label={label} onclick={on_click}>{ tr(form.button) }</button> }
    });
    let ghosts: Vec<String> = worker.ghosts.iter().map(|shard| letter(*shard)).collect();
    let next = worker.takes_at_ms.saturating_sub(now_ms);
    let is_running = worker.state == "running";
    html! {
        <div class={classes!("worker-card", worker.state)}>
            <div class="worker-head">
                <b>{ &worker.name }</b><span class="worker-state">{ tr(worker.state) }</span>
                <span class="worker-state" hidden={application.leader.as_ref() != Some(&worker.name)}>{ tr("leader") }</span>
                <small>{ count(worker.records, "record") }</small>
            </div>
            <p>
                { if owned.is_empty() { tr("Owns no lease").to_owned() } else { tr("Owns ").to_owned() + &owned.join(", ") } }
                <span hidden={!is_running}>{ tr("; looks for leases in ") }{ span_ms(next) }</span>
            </p>
            <p hidden={worker.load.is_none()}>{ load_words(worker) }</p>
            <p hidden={leaving.is_empty()}>{ tr("Hands over ") }{ leaving.join(", ") }</p>
            <p class="ghost" hidden={wrong.is_empty()}>{ tr("Still thinks it owns ") }{ wrong.join(", ") }</p>
            <p class="ghost" hidden={worker.ghosts.is_empty()}>{ tr("Lost, but still processing a batch of ") }{ ghosts.join(", ") }</p>
            <div class="worker-actions">{ for buttons }</div>
        </div>
    }
}

/// What the worker told of its load.
fn load_words(worker: &WorkerView) -> String {
    let Some(load) = &worker.load else { return String::new() };
    let cpu = match load.cpu_hundredths {
        Some(hundredths) => {
            (hundredths / 100).to_string() + "." + &(hundredths / 10 % 10).to_string() + tr(" % CPU of ")
        }
        None => tr("No CPU metrics, ").to_owned(),
    };
    cpu + &count(u64::from(load.vcpus), "vCPU")
}
