//! The services around the streams, a card each: what it is, from where to where, how it stands, and how full it is.

use sim::{ApplicationView, BucketView, DeliveryStreamView, DmsTaskView, FlinkView, MappingView};
use yew::prelude::*;

use crate::app::{Msg, Send, Tab};
use crate::scene::Picture;
use crate::text::{bytes, clock_ms, count, percent_of, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct ServiceCardsProps {
    pub picture: Picture,
    pub send: Send,
}

/// What a card says.
struct Card {
    kind: &'static str,
    name: String,
    /// From where to where.
    route: String,
    state: String,
    /// What is wrong.
    problem: Option<String>,
    /// A level, in percent, and what fills.
    level: Option<(u64, String)>,
    facts: Vec<String>,
}

#[component]
pub(crate) fn ServiceCards(props: &ServiceCardsProps) -> Html {
    let view = &props.picture.view;
    let cards = view.mappings.iter().map(mapping);
    let cards = cards
        .chain(view.delivery_streams.iter().map(firehose))
        .chain(view.flink.iter().map(flink))
        .chain(view.dms.iter().map(task))
        .chain(view.applications.iter().filter(|it| it.has_table).map(lease_table))
        .chain(view.buckets.iter().map(bucket));
    let cards: Vec<Html> = cards.map(|card| show(&card)).collect();
    if cards.is_empty() {
        return html! {
            <div class="empty">
                <p>{ tr("What stands around the streams shows here: Lambda functions that a stream invokes, Firehose, Flink and DMS, lease tables in DynamoDB, buckets in S3.") }</p>
                <button type="button" onclick={props.send.reform(|_| Msg::ShowTab(Tab::Build))}>{ tr("Set one up") }</button>
            </div>
        };
    }
    html! { <ul class="service-cards">{ for cards }</ul> }
}

fn show(card: &Card) -> Html {
    let class = classes!("service-card", card.problem.is_some().then_some("in-trouble"));
    let facts = card.facts.iter().enumerate().map(|(i, fact)| html! { <li key={i}>{ fact }</li> });
    let level = card.level.as_ref().map_or_else(
        || html! { <span hidden=true /> },
        |(level, what)| {
            html! {
                <span class="filling">
                    <progress value={level.to_string()} max="100" aria-label={what.clone()} />
                    <small>{ what }</small>
                </span>
            }
        },
    );
    html! {
        <li key={card.kind.to_owned() + &card.name} {class}>
            <p class="service-head">
                <small class="node-kind">{ card.kind }</small>
                <b>{ &card.name }</b>
                <span class="state">{ &card.state }</span>
            </p>
            <p class="route">{ &card.route }</p>
            { level }
            <ul class="service-facts">{ for facts }</ul>
            <p class="bad" hidden={card.problem.is_none()}>{ "⊘ " }{ card.problem.clone().unwrap_or_default() }</p>
        </li>
    }
}

fn percent_full(part: u64, whole: u64) -> u64 {
    percent_of(part, whole).min(100)
}

fn mapping(it: &MappingView) -> Card {
    let batch = it.batch_size.unsigned_abs();
    let held = it.blocked.first().map(|(shard, index)| {
        tr("shard ").to_owned()
            + &crate::letters::letter(*shard)
            + tr(": a failed batch holds it up at record ")
            + &thousands(*index)
    });
    let age = it.iterator_age_ms.map_or_else(|| "–".to_owned(), span_ms);
    Card {
        kind: "Lambda",
        name: it.function.clone(),
        route: it.stream.clone() + " → " + &it.function,
        state: it.state.to_owned(),
        problem: held,
        level: Some((
            percent_full(it.waiting, batch),
            thousands(it.waiting) + tr(" waiting, a batch is ") + &thousands(batch),
        )),
        facts: vec![
            count(it.records, "record") + tr(" worked on, ") + &thousands(it.again) + tr(" of them again"),
            count(it.invocations, "invocation") + ", " + &thousands(it.errors) + tr(" failed"),
            "IteratorAge ".to_owned() + &age,
        ],
    }
}

fn firehose(it: &DeliveryStreamView) -> Card {
    let size = it.size_in_mbs.unsigned_abs() << 20;
    let hint = it.size_in_mbs.to_string() + tr(" MB or ") + &it.interval_in_seconds.to_string() + " s";
    Card {
        kind: "Firehose",
        name: it.name.clone(),
        route: it.stream.clone().unwrap_or_else(|| "Direct PUT".to_owned())
            + " → s3://"
            + &it.bucket
            + "/"
            + &it.prefix,
        state: it.status.to_owned(),
        problem: it.last_failure.or(it.source_problem).map(str::to_owned),
        level: Some((
            percent_full(it.buffered, size),
            bytes(it.buffered) + tr(" gathered; delivers at ") + &hint,
        )),
        facts: vec![
            count(it.delivered, "record") + tr(" delivered in ") + &count(it.objects, "object"),
            thousands(it.failed) + tr(" failed, ") + &thousands(it.dropped) + tr(" dropped"),
            "DataFreshness ".to_owned() + &span_ms(it.data_freshness_ms),
        ],
    }
}

fn flink(it: &FlinkView) -> Card {
    let at = |ms: Option<u64>| ms.map_or_else(|| tr("none yet").to_owned(), clock_ms);
    Card {
        kind: "Flink",
        name: it.name.clone(),
        route: it.stream.clone() + tr(" → by ") + &it.key + tr(" in windows of ") + &span_ms(it.window_ms),
        state: if it.is_restarting { tr("restarts").to_owned() } else { it.status.to_owned() },
        problem: it.source_problem.map(str::to_owned),
        level: None,
        facts: vec![
            count(it.counted, "record")
                + tr(" counted, ")
                + &thousands(it.late_dropped)
                + tr(" came too late"),
            tr("watermark ").to_owned() + &at(it.watermark_ms),
            tr("checkpoint ").to_owned() + &at(it.checkpointed_ms),
        ],
    }
}

fn task(it: &DmsTaskView) -> Card {
    Card {
        kind: "DMS",
        name: it.task.clone(),
        route: "s3://".to_owned() + &it.bucket + " → " + &it.stream,
        state: it.status.to_owned(),
        problem: it.problem.map(str::to_owned),
        level: None,
        facts: vec![
            tr("phase ").to_owned() + it.phase,
            thousands(it.loads) + tr(" rows loaded, ") + &count(it.put, "record") + tr(" put"),
        ],
    }
}

fn lease_table(it: &ApplicationView) -> Card {
    let owned = it.leases.iter().filter(|lease| lease.lease_owner.is_some()).count() as u64;
    Card {
        kind: "DynamoDB",
        name: it.name.clone(),
        route: tr("lease table of the KCL application on ").to_owned() + &it.stream,
        state: "ACTIVE".to_owned(),
        problem: None,
        level: None,
        facts: vec![
            count(it.leases.len() as u64, "lease") + ", " + &thousands(owned) + tr(" with an owner"),
            count(it.running_workers, "worker")
                + tr(" running, ")
                + &thousands(it.idle_workers)
                + tr(" without a lease"),
        ],
    }
}

fn bucket(it: &BucketView) -> Card {
    let newest = it.objects.first().map_or_else(|| tr("empty").to_owned(), |object| object.key.clone());
    Card {
        kind: "S3",
        name: it.name.clone(),
        route: newest,
        state: String::new(),
        problem: None,
        level: None,
        facts: vec![count(it.object_count, "object") + ", " + &bytes(it.size)],
    }
}
