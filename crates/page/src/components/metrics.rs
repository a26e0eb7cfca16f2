//! Charts of the last minute under CloudWatch's names.

use sim::SecondView;
use yew::prelude::*;

use crate::app::{Msg, Send};
use crate::scene::{LANE_SECONDS, Picture};
use crate::text::{bytes, span_ms, thousands};

#[derive(Properties, PartialEq)]
pub(crate) struct MetricsProps {
    pub picture: Picture,
    pub send: Send,
}

#[component]
pub(crate) fn Metrics(props: &MetricsProps) -> Html {
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
        let most = values.iter().copied().max().unwrap_or(0);
        let say = |number: u64| if *is_bytes { bytes(number) } else { thousands(number) };
        // The present second is not over; the one before it is the last whole one.
        let last = values.iter().rev().nth(1).copied().unwrap_or(0);
        let mut path = "M0 40".to_owned();
        for (i, value) in values.iter().enumerate() {
            let y = 40 - (value * 36).checked_div(most).unwrap_or(0);
            path = path + "L" + &(i * 100 / 59).to_string() + " " + &y.to_string();
        }
        path += "L100 40Z";
        html! {
            <figure key={*name} class={classes!("chart", *class)}>
                <figcaption><code>{ *name }</code><b>{ say(last) }{ "/s" }</b></figcaption>
                <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={(*name).to_owned() + ", last minute, at most " + &say(most) + " per second"}>
                    <path d={path} />
                </svg>
                <small>{ "peak " }{ say(most) }{ "/s" }</small>
            </figure>
        }
    });
    html! {
        <div class="metrics">
            <div class="charts">{ for figures }</div>
            <p class="hint">
                { "CloudWatch shows these once a minute and some minutes late; here each second counts at once." }
                <span hidden={lag.is_none()}>{ " GetRecords.IteratorAgeMilliseconds: " }{ span_ms(lag.unwrap_or(0)) }{ "." }</span>
            </p>
            <div hidden={!is_empty}>
                <button type="button" onclick={props.send.reform(|_| Msg::Skip(60_000))}>{ "Jump 1 minute" }</button>
            </div>
        </div>
    }
}
