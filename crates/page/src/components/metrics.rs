//! Charts of the last minute under CloudWatch's names.

use kinesis::{Duration, Instant};
use sim::{MetricName, SecondView, Statistic};
use yew::prelude::*;

use super::breakable::breakable;
use crate::app::{Msg, Send};
use crate::desk::SharedDesk;
use crate::scene::{LANE_SECONDS, Picture};
use crate::text::{bytes, clock, span_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct MetricsProps {
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

#[component]
pub(crate) fn Metrics(props: &MetricsProps) -> Html {
    let is_delayed = use_state(|| false);
    let shown = [(false, "Live, each second"), (true, "As CloudWatch shows it")].into_iter().map(|(delayed, name)| {
        let is_delayed = is_delayed.clone();
        let is_chosen = *is_delayed == delayed;
        let on_click = Callback::from(move |_: MouseEvent| is_delayed.set(delayed));
        html! { <button type="button" key={name} aria-pressed={is_chosen.to_string()} onclick={on_click}>{ tr(name) }</button> }
    });
    let switch = html! {
        <span class="segments" role="group" aria-label={tr("Charts")}>{ for shown }</span>
    };
    if *is_delayed {
        return html! {
            <div class="metrics">
                { switch }
                { cloudwatch(props) }
            </div>
        };
    }
    let shards = props.picture.stream().map_or(&[][..], |stream| stream.shards.as_slice());
    let now = props.picture.view.now_ms / 1_000;
    let sum = |of: fn(&SecondView) -> u64| -> Vec<u64> {
        let mut sums = vec![0; LANE_SECONDS as usize];
        for second in shards.iter().flat_map(|shard| &shard.seconds) {
            let age = now.saturating_sub(second.second);
            let place = (LANE_SECONDS - 1).checked_sub(age);
            if let Some(sum) = place.and_then(|place| sums.get_mut(place as usize)) {
                *sum += of(second);
            }
        }
        sums
    };
    let lag = props.picture.view.readers.iter().filter(|reader| reader.is_running).map(|it| it.millis_behind);
    let leases =
        props.picture.view.applications.iter().flat_map(|app| &app.leases).map(|it| it.millis_behind);
    let lag = lag.chain(leases).max();
    let charts = [
        ("IncomingRecords", sum(|s| s.records), false, ""),
        ("IncomingBytes", sum(|s| s.bytes), true, ""),
        (
            "WriteProvisionedThroughputExceeded",
            sum(|s| s.refused_by_records + s.refused_by_bytes),
            false,
            "bad",
        ),
        ("GetRecords.Records", sum(|s| s.read_records), false, ""),
        ("GetRecords.Bytes", sum(|s| s.read_bytes), true, ""),
        ("ReadProvisionedThroughputExceeded", sum(|s| s.refused_reads), false, "bad"),
    ];
    let is_empty = charts.iter().all(|(_, values, ..)| values.iter().all(|value| *value == 0));
    let figures = charts.iter().map(|(name, values, is_bytes, class)| {
        // The present second is not over: it would look as if everything came to an end.
        let values = values.split_last().map_or(&[][..], |(_, whole)| whole);
        let most = values.iter().copied().max().unwrap_or(0);
        let say = |number: u64| if *is_bytes { bytes(number) } else { thousands(number) };
        let last = values.last().copied().unwrap_or(0);
        let mut path = "M0 40".to_owned();
        for (i, value) in values.iter().enumerate() {
            let y = 40 - (value * 36).checked_div(most).unwrap_or(0);
            path = path + "L" + &(i * 100 / 58).to_string() + " " + &y.to_string();
        }
        path += "L100 40Z";
        html! {
            <figure key={*name} class={classes!("chart", (most > 0).then_some(*class))}>
                <figcaption><code>{ breakable(name) }</code><b>{ say(last) }{ "/s" }</b></figcaption>
                <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={(*name).to_owned() + tr(", last minute, at most ") + &say(most) + tr(" per second")}>
                    <path d={path} />
                </svg>
                <small>{ tr("peak ") }{ say(most) }{ "/s" }</small>
            </figure>
        }
    });
    html! {
        <div class="metrics">
            { switch }
            <div class="charts">{ for figures }</div>
            <p class="hint">
                { tr("CloudWatch shows these once a minute and some minutes late; here each second counts at once.") }
                <span hidden={lag.is_none()}>{ tr(" GetRecords.IteratorAgeMilliseconds: ") }{ span_ms(lag.unwrap_or(0)) }{ "." }</span>
            </p>
            <div hidden={!is_empty}>
                <button type="button" onclick={props.send.reform(|_| Msg::Skip(60_000))}>{ tr("Jump 1 minute") }</button>
            </div>
        </div>
    }
}

/// Metrics of a stream with the statistic that one looks at, and what it counts.
const CLOUDWATCH: &[(&str, Statistic, &str)] = &[
    ("IncomingRecords", Statistic::Sum, ""),
    ("IncomingBytes", Statistic::Sum, "bytes"),
    ("WriteProvisionedThroughputExceeded", Statistic::Sum, "bad"),
    ("GetRecords.Records", Statistic::Sum, ""),
    ("GetRecords.Bytes", Statistic::Sum, "bytes"),
    ("GetRecords.IteratorAgeMilliseconds", Statistic::Maximum, "ms"),
    ("ReadProvisionedThroughputExceeded", Statistic::Sum, "bad"),
    ("PutRecords.FailedRecords", Statistic::Sum, "bad"),
];
/// Minutes that the charts show.
const MINUTES: u64 = 30;

/// One point a minute, and none before CloudWatch would show it.
fn cloudwatch(props: &MetricsProps) -> Html {
    let Some(stream) = props.picture.stream() else { return html! { <div class="charts" /> } };
    // The desk is only busy while a message is handled, and then nothing is rendered.
    let Ok(desk) = props.desk.0.try_borrow() else { return html! { <div class="charts" /> } };
    let world = desk.sandbox.world();
    let now = world.now();
    let minute = now.seconds() / 60;
    let from = Instant::from_seconds(minute.saturating_sub(MINUTES) * 60);
    let mut newest = None;
    let figures: Vec<Html> = CLOUDWATCH
        .iter()
        .map(|(name, statistic, kind)| {
            let metric = MetricName::new("AWS/Kinesis", name, &[("StreamName", &stream.name)]);
            let points = world.metric_statistics(&metric, from, now + Duration::from_seconds(60), 1);
            let points: Vec<(u64, u64)> = points
                .iter()
                .map(|point| {
                    let (over, under) = point.value(*statistic);
                    (point.timestamp.seconds() / 60, over / under.max(1))
                })
                .collect();
            newest = newest.max(points.last().map(|(minute, _)| *minute));
            let most = points.iter().map(|(_, value)| *value).max().unwrap_or(0);
            let say = |number: u64| match *kind {
                "bytes" => bytes(number),
                "ms" => span_ms(number),
                _ => thousands(number),
            };
            let x = |at: u64| (MINUTES + at).saturating_sub(minute) * 100 / MINUTES;
            let y = |value: u64| 38 - (value * 34).checked_div(most).unwrap_or(0);
            let mut line = String::new();
            for (i, (at, value)) in points.iter().enumerate() {
                line = line + if i == 0 { "M" } else { "L" } + &x(*at).to_string() + " " + &y(*value).to_string();
            }
            let last = points.last().map_or_else(|| "–".to_owned(), |(_, value)| say(*value));
            let label = (*name).to_owned() + ", " + statistic.name() + ", newest " + &last;
            html! {
                <figure key={*name} class={classes!("chart", "line", (*kind == "bad" && most > 0).then_some("bad"))}>
                    <figcaption><code>{ breakable(name) }</code><b>{ last }</b></figcaption>
                    <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}><path d={line} /></svg>
                    <small>{ statistic.name() }{ tr(", 1 min, ") }{ tr("peak") }{ " " }{ say(most) }</small>
                </figure>
            }
        })
        .collect();
    let words = match newest {
        Some(newest) => {
            let at = clock(newest * 60_000);
            tr("Newest point").to_owned()
                + ": "
                + &at
                + ", "
                + &span_ms(now.millis().saturating_sub(newest * 60_000))
                + " "
                + tr("ago")
        }
        None => tr("First minute not over. CloudWatch is like this too.").to_owned(),
    };
    html! {
        <>
            <div class="charts">{ for figures }</div>
            <p class="hint">{ words }</p>
            <div hidden={newest.is_some()}>
                <button type="button" onclick={props.send.reform(|_| Msg::Skip(120_000))}>{ tr("Jump 2 minutes") }</button>
            </div>
        </>
    }
}
