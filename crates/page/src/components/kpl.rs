//! A program with the Kinesis Producer Library in the inspector: what is where inside of the library.

use sim::KplView;
use yew::prelude::*;

use super::form_panel::form_button;
use super::inspector::{InspectorProps, numbers};
use crate::app::FormAt;
use crate::text::{bytes, count, span_ms, thousands};
use crate::words::tr;

#[inline(never)]
pub(super) fn kpl_page(props: &InspectorProps, name: &str) -> Html {
    let Some(kpl) = props.picture.view.kpls.iter().rev().find(|kpl| kpl.name == name) else {
        return html! { <p>{ tr("There is no such program at this time.") }</p> };
    };
    let lost = kpl.lost_by_reason.iter().map(|(reason, number)| {
        html! { <li key={reason.clone()}>{ count(*number, "user record") }{ tr(" lost: ") }{ reason }</li> }
    });
    let errors = kpl.errors.iter().map(|(code, number)| {
        html! { <li key={*code}>{ count(*number, "answer") }{ ": " }{ *code }</li> }
    });
    html! {
        <div key={format!("kpl-{name}")}>
            <h3>{ tr("KPL ") }<code>{ &kpl.name }</code></h3>
            { numbers(&rows(kpl)) }
            <ul class="reasons">{ for lost }</ul>
            <ul class="reasons">{ for errors }</ul>
            <h4>{ tr("Configuration") }</h4>
            { numbers(&settings(kpl)) }
            <div class="actions" hidden={!kpl.is_running}>{ form_button("Stop program", &FormAt::actor(&kpl.name), &props.send) }</div>
        </div>
    }
}

fn rows(kpl: &KplView) -> Vec<(&'static str, String)> {
    let together = kpl.stored.checked_div(kpl.kinesis_records).unwrap_or(0);
    vec![
        ("User records made", thousands(kpl.made)),
        ("Stored", thousands(kpl.stored)),
        (
            "Kinesis records",
            thousands(kpl.kinesis_records) + ", " + &thousands(together) + tr(" user records each"),
        ),
        ("Refused", count(kpl.kinesis_records_refused, "Kinesis record")),
        ("In the shards' buffers", thousands(kpl.aggregating)),
        ("Held back by RateLimit", thousands(kpl.limited)),
        ("Waiting for a call", thousands(kpl.collecting)),
        ("In flight", thousands(kpl.in_flight)),
        ("Sent again", thousands(kpl.retried)),
        ("On the wrong shard", thousands(kpl.wrong_shard)),
        ("Timed out", count(kpl.timed_out, "call")),
        ("Stored again", thousands(kpl.stored_again)),
        ("Lost", thousands(kpl.lost)),
    ]
}

fn settings(kpl: &KplView) -> Vec<(&'static str, String)> {
    vec![
        ("AggregationEnabled", kpl.aggregation_enabled.to_string()),
        ("AggregationMaxSize", bytes(kpl.aggregation_max_size)),
        ("AggregationMaxCount", thousands(kpl.aggregation_max_count)),
        ("CollectionMaxCount", thousands(kpl.collection_max_count)),
        ("RecordMaxBufferedTime", span_ms(kpl.record_max_buffered_time_ms)),
        ("RecordTtl", span_ms(kpl.record_ttl_ms)),
        ("RateLimit", kpl.rate_limit.to_string() + " %"),
        ("FailIfThrottled", kpl.fail_if_throttled.to_string()),
    ]
}
