//! What the account costs: so far, a month of it, what the last change added; and how many shards some traffic needs.

use kinesis::StreamMode;
use sim::{Bill, MONTH_HOURS, PlanInput, PlanLimit, dollars, plan};
use yew::prelude::*;

use super::fields::NumberField;
use crate::app::Send;
use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::text::{clock, count, separator, thousands};
use crate::words::{noun, say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct CostProps {
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

/// Dollars with so many decimals as the amount deserves.
pub(super) fn money(nano: u128) -> String {
    let decimals = match nano {
        0 => 2,
        1..10_000_000 => 6,
        10_000_000..1_000_000_000 => 4,
        _ => 2,
    };
    "$".to_owned() + &decimal(&dollars(i128::try_from(nano).unwrap_or(i128::MAX), decimals))
}

/// A decimal number as the page's language writes it: `109,500.00`.
fn decimal(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), thousands);
    if fraction.is_empty() { whole } else { whole + separator() + fraction }
}

/// An hour of what a month costs.
fn hourly(month: u128) -> u128 {
    month / u128::from(MONTH_HOURS)
}

/// The ticker: what an hour costs as it is, and what the last change added to a month.
pub(crate) fn ticker(bill: &Bill) -> String {
    let mut text = money(hourly(bill.month_total)) + "/h";
    if let Some(change) = &bill.last_change
        && change.after != change.before
    {
        let (sign, by) = match change.after >= change.before {
            true => ("+", change.after - change.before),
            false => ("−", change.before - change.after),
        };
        text = text + ", " + sign + &money(by) + tr("/month");
    }
    text
}

#[component]
pub(crate) fn CostPage(props: &CostProps) -> Html {
    // The desk is only busy while a message is handled, and then nothing is rendered.
    let bill = props.desk.0.try_borrow().map(|desk| desk.sandbox.world().bill());
    let Ok(bill) = bill else { return html! { <div /> } };
    let lines = bill.lines.iter().map(|line| {
        let quantity = line.quantity_milli;
        let whole = (quantity / 1_000) as u64;
        let rest = (quantity % 1_000) as u64;
        let unit = match line.line.unit_name() {
            "GB" => "GB".to_owned(),
            name => noun(if rest == 0 { whole } else { 0 }, name),
        };
        let rest = if rest == 0 { String::new() } else { ".".to_owned() + &(1_000 + rest).to_string()[1..] };
        let quantity = decimal(&(whole.to_string() + &rest));
        html! {
            <tr key={line.line.name()}>
                <th scope="row">{ tr(line.line.name()) }</th>
                <td class="figure">{ quantity }{ " " }{ unit }</td>
                <td class="figure">{ "$" }{ decimal(dollars(i128::from(line.line.nano_dollars()), 9).trim_end_matches('0')) }</td>
                <td class="figure">{ money(line.amount) }</td>
            </tr>
        }
    });
    let streams = bill.streams.iter().map(|stream| {
        let (mine, other, words) = match stream.mode {
            StreamMode::Provisioned => (stream.month_provisioned, stream.month_on_demand, "ON_DEMAND"),
            StreamMode::OnDemand => (stream.month_on_demand, stream.month_provisioned, "PROVISIONED"),
        };
        let verdict = match mine.cmp(&other) {
            std::cmp::Ordering::Greater => say(words.to_owned() + " would save " + &money(mine - other)),
            std::cmp::Ordering::Less => say(words.to_owned() + " would cost " + &money(other - mine) + " more"),
            std::cmp::Ordering::Equal => tr("both modes cost the same").to_owned(),
        };
        html! {
            <tr key={stream.stream.clone()}>
                <th scope="row" class="code">{ &stream.stream }</th>
                <td class="figure">{ money(stream.total) }</td>
                <td class="figure">{ money(stream.month_total) }</td>
                <td class="figure">{ money(stream.month_provisioned) }<small>{ count(stream.provisioned_shards, "shard") }</small></td>
                <td class="figure">{ money(stream.month_on_demand) }</td>
                <td>{ verdict }</td>
            </tr>
        }
    });
    let change = bill.last_change.as_ref().filter(|change| change.before != change.after).map(|change| {
        let text = clock(change.at.millis())
            + " "
            + &change.stream
            + ": "
            + &money(change.before)
            + " → "
            + &money(change.after)
            + " a month";
        html! { <p class="change">{ tr("Last change") }{ ": " }<b>{ say(text) }</b></p> }
    });
    html! {
        <div class="cost-page">
            <dl class="ledger">
                <div><dt>{ tr("So far") }</dt><dd>{ money(bill.total) }</dd></div>
                <div><dt>{ tr("An hour as it is") }</dt><dd>{ money(hourly(bill.month_total)) }</dd></div>
                <div><dt>{ tr("A month as it is") }</dt><dd>{ money(bill.month_total) }</dd></div>
            </dl>
            <div class="change-slot">{ change }</div>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Streams and their cost")} hidden={bill.streams.is_empty()}>
                <table>
                    <thead>
                        <tr>
                            <th>{ tr("Stream") }</th><th class="figure">{ tr("So far") }</th><th class="figure">{ tr("A month as it is") }</th>
                            <th class="figure">{ tr("PROVISIONED") }</th><th class="figure">{ tr("ON_DEMAND") }</th><th>{ tr("The other mode") }</th>
                        </tr>
                    </thead>
                    <tbody>{ for streams }</tbody>
                </table>
            </div>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Lines of the bill")} hidden={bill.lines.is_empty()}>
                <table>
                    <thead><tr><th>{ tr("Line of the bill") }</th><th class="figure">{ tr("Used") }</th><th class="figure">{ tr("Price") }</th><th class="figure">{ tr("Amount") }</th></tr></thead>
                    <tbody>{ for lines }</tbody>
                </table>
            </div>
            <p class="hint">{ tr("Prices of us-east-1. Not counted: KMS, DynamoDB, CloudWatch, CloudTrail data events, Lambda, Firehose, and what leaves the Region.") }</p>
            <Planner picture={props.picture.clone()} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PlannerProps {
    picture: Picture,
}

/// How many shards a traffic needs, and which limit says so.
#[component]
fn Planner(props: &PlannerProps) -> Html {
    let input = use_state(|| PlanInput {
        records_per_second: 1_000,
        record_bytes: 1_024,
        classic_consumers: 2,
        efo_consumers: 0,
        user_records_per_record: 1,
    });
    let change = |edit: fn(&mut PlanInput, u64)| {
        let input = input.clone();
        Callback::from(move |number: u64| {
            let mut new = *input;
            edit(&mut new, number);
            input.set(new);
        })
    };
    let result = plan(*input);
    let rows = [
        (PlanLimit::WriteRecords, thousands(result.stream_records) + " records/s", result.for_write_records),
        (PlanLimit::WriteBytes, thousands(result.incoming_kib) + " KB/s", result.for_write_bytes),
        (PlanLimit::ReadBytes, thousands(result.outgoing_kib) + " KB/s", result.for_read_bytes),
    ];
    let most = result.shards.max(1);
    let rows = rows.into_iter().map(|(limit, need, shards)| {
        let binds = limit == result.binding;
        html! {
            <tr key={limit.sentence()} class={binds.then_some("binding")}>
                <th scope="row">{ tr(limit.sentence()) }</th>
                <td class="figure">{ need }</td>
                <td>
                    <svg class="bar-box" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="glass" width="100" height="10" />
                        <rect class="level" width={(shards * 100 / most).min(100).to_string()} height="10" />
                    </svg>
                </td>
                <td class="figure">{ thousands(shards) }</td>
            </tr>
        }
    });
    let open = props.picture.stream().map(|stream| u64::from(stream.open_shards));
    let verdict = match open.map(|open| open.cmp(&result.shards)) {
        None => "",
        Some(std::cmp::Ordering::Less) => tr("This stream has too few."),
        Some(std::cmp::Ordering::Equal) => tr("This stream has just as many."),
        Some(std::cmp::Ordering::Greater) => tr("This stream has more than that."),
    };
    html! {
        <section class="planner" aria-label={tr("Shard planner")}>
            <h3>{ tr("Shard planner") }</h3>
            <div class="pair">
                <NumberField label={tr("Records")} value={input.records_per_second} min=0 max=10_000_000 unit="/s" on_change={change(|input, n| input.records_per_second = n)} live=true />
                <NumberField label={tr("Size")} value={input.record_bytes} min=0 max={1 << 20} unit={tr("bytes")} on_change={change(|input, n| input.record_bytes = n)} live=true />
                <NumberField label={tr("Polling consumers")} value={input.classic_consumers} min=0 max=100 on_change={change(|input, n| input.classic_consumers = n)} live=true />
                <NumberField label={tr("Fan-out consumers")} value={input.efo_consumers} min=0 max=50 on_change={change(|input, n| input.efo_consumers = n)} live=true />
                <NumberField label={tr("Packed by the KPL")} value={input.user_records_per_record} min=1 max=1_000 on_change={change(|input, n| input.user_records_per_record = n)} live=true />
            </div>
            <p class="plan-result"><b>{ count(result.shards, "shard") }</b>{ ": " }{ tr("what binds is") }{ " " }{ tr(result.binding.sentence()) }{ ". " }{ verdict }</p>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Shards by limit")}>
                <table>
                    <thead><tr><th>{ tr("Limit") }</th><th class="figure">{ tr("Needed") }</th><td /><th class="figure">{ tr("Shards") }</th></tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </section>
    }
}
