//! Data Firehose, Flink applications and replication tasks: where records go to, and where they come from.

use sim::{DeliveryStreamView, DmsTaskView, FlinkView};
use yew::prelude::*;

use crate::scene::Picture;
use crate::text::{clock_ms, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct DeliveriesProps {
    pub picture: Picture,
}

#[component]
pub(crate) fn Deliveries(props: &DeliveriesProps) -> Html {
    let view = &props.picture.view;
    let firehose = view.delivery_streams.iter().map(firehose_row);
    let flink = view.flink.iter().map(|application| {
        html! { <div key={application.name.clone()}>{ flink_card(application) }</div> }
    });
    let tasks = view.dms.iter().map(task_row);
    html! {
        <section class="leases" aria-label={tr("Firehose, Flink and DMS")}>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Data Firehose")} hidden={view.delivery_streams.is_empty()}>
                <table>
                    <caption>{ tr("Data Firehose") }</caption>
                    <thead>
                        <tr>
                            <th>{ tr("Stream") }</th><th>{ tr("From → to") }</th><th>{ tr("Hints") }</th><th>{ tr("Read") }</th><th>{ tr("Delivered") }</th>
                            <th>{ tr("Dropped") }</th><th>{ tr("Failed") }</th><th>{ tr("Waiting") }</th><th>{ tr("Buffered") }</th>
                            <th>{ tr("Objects") }</th><th>{ tr("DataFreshness") }</th><th>{ tr("State") }</th>
                        </tr>
                    </thead>
                    <tbody>{ for firehose }</tbody>
                </table>
            </div>
            <div>{ for flink }</div>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("DMS tasks")} hidden={view.dms.is_empty()}>
                <table>
                    <caption>{ tr("DMS tasks") }</caption>
                    <thead>
                        <tr>
                            <th>{ tr("Task") }</th><th>{ tr("From → to") }</th><th>{ tr("State") }</th><th>{ tr("Rows loaded") }</th>
                            <th>{ tr("Inserts") }</th><th>{ tr("Updates") }</th><th>{ tr("Deletes") }</th><th>{ tr("Records put") }</th><th>{ tr("Waiting") }</th>
                        </tr>
                    </thead>
                    <tbody>{ for tasks }</tbody>
                </table>
            </div>
        </section>
    }
}

fn firehose_row(stream: &DeliveryStreamView) -> Html {
    let problem = stream.last_failure.or(stream.source_problem);
    html! {
        <tr key={stream.name.clone()}>
            <th scope="row">{ &stream.name }</th>
            <td>{ stream.stream.as_deref().unwrap_or("Direct PUT") }{ " → s3://" }{ &stream.bucket }{ "/" }{ &stream.prefix }</td>
            <td>{ stream.size_in_mbs }{ tr(" MiB / ") }{ stream.interval_in_seconds }{ " s" }</td>
            <td>{ thousands(stream.read) }</td>
            <td>{ thousands(stream.delivered) }</td>
            <td>{ thousands(stream.dropped) }</td>
            <td class={if stream.failed > 0 { "bad" } else { "" }}>{ thousands(stream.failed) }</td>
            <td>{ thousands(stream.waiting) }</td>
            <td>{ thousands(stream.buffered) }{ tr(" bytes") }</td>
            <td>{ thousands(stream.objects) }</td>
            <td>{ span_ms(stream.data_freshness_ms) }</td>
            <td class={if problem.is_some() { "bad" } else { "" }}>{ problem.unwrap_or(stream.status) }</td>
        </tr>
    }
}

fn flink_card(application: &FlinkView) -> Html {
    let rows = application.rows.iter().enumerate().map(|(place, row)| {
        let key = application.row_count - place as u64;
        html! {
            <tr key={key}>
                <th scope="row">{ clock_ms(row.start_ms) }{ " – " }{ clock_ms(row.end_ms) }</th>
                <td>{ &row.key }</td>
                <td>{ &row.value }</td>
                <td>{ clock_ms(row.at_ms) }{ if row.is_again { tr(", again") } else { "" } }</td>
            </tr>
        }
    });
    let state =
        if application.is_restarting { tr("restarts from its last checkpoint") } else { application.status };
    let watermark = application.watermark_ms.map_or_else(|| tr("none yet").to_owned(), clock_ms);
    let checkpoint = application.checkpointed_ms.map_or_else(|| tr("none yet").to_owned(), clock_ms);
    html! {
        <div class="table-box" tabindex="0" role="region" aria-label={tr("Flink application ").to_owned() + &application.name}>
            <p><b>{ tr("Flink: ") }{ &application.name }</b>{ format!("{}{} · {state} · {} KPU + 1", tr(" reads "), application.stream, application.kpus) }</p>
            <p>
                { format!("watermark {watermark} · checkpoint {checkpoint} · ") }{ thousands(application.counted) }{ tr(" records counted · ") }
                { thousands(application.late_dropped) }{ tr(" late dropped · ") }{ thousands(application.restarts) }{ tr(" restarts") }
            </p>
            <table>
                <caption>{ tr("Results by ") }<code>{ &application.key }</code></caption>
                <thead><tr><th>{ tr("Window") }</th><th>{ tr("Key") }</th><th>{ tr("Value") }</th><th>{ tr("Emitted") }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn task_row(task: &DmsTaskView) -> Html {
    let state = task.problem.unwrap_or(task.status);
    html! {
        <tr key={task.task.clone()}>
            <th scope="row">{ &task.task }</th>
            <td>{ "s3://" }{ &task.bucket }{ " → " }{ &task.stream }</td>
            <td class={if task.problem.is_some() { "bad" } else { "" }}>{ state }{ ", " }{ task.phase }</td>
            <td>{ thousands(task.loads) }</td>
            <td>{ thousands(task.inserts) }</td>
            <td>{ thousands(task.updates) }</td>
            <td>{ thousands(task.deletes) }</td>
            <td>{ thousands(task.put) }</td>
            <td>{ thousands(task.waiting) }</td>
        </tr>
    }
}
