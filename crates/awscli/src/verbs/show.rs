//! What the account has around its streams, as tables: its bill, its metrics, its alarms, its trail.

use kinesis::{Duration, Instant};
use sim::{
    BillLine, MetricName, Observer, PlanInput, PolicyPlace, ReadyPolicy, Sandbox, Statistic, TrailQuery,
    World, dollars, plan,
};

use crate::Output;
use crate::time::clock_text;

/// Something to look at.
#[derive(Clone, PartialEq, Debug)]
pub enum Show {
    Cost,
    Plan(PlanInput),
    Metrics,
    Metric { name: MetricName, statistic: Statistic, period_minutes: u32, span: Duration },
    Alarms,
    Policy { kind: ReadyPolicy, stream: String, application: String, bucket: String },
    Trail { query: TrailQuery, is_json: bool },
}

/// Rows that a table of events has at most.
const EVENTS_MAX: usize = 50;

pub(crate) fn print<O: Observer>(sandbox: &Sandbox<O>, show: &Show) -> Output {
    let world = sandbox.world();
    Output::printed(match show {
        Show::Cost => cost(world),
        Show::Plan(input) => plan_text(*input),
        Show::Metrics => metrics(world),
        Show::Metric { name, statistic, period_minutes, span } => {
            metric(world, name, *statistic, *period_minutes, *span)
        }
        Show::Alarms => alarms(world),
        Show::Policy { kind, stream, application, bucket } => {
            let (region, account) = (world.service().region(), world.service().account());
            kind.document(PolicyPlace { region, account, stream, application, bucket }) + "\n"
        }
        Show::Trail { query, is_json } => trail(world, query, *is_json),
    })
}

/// Columns as wide as their widest cell; the last one is not padded.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head.get(column).map_or(0, |cell| cell.chars().count())]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<String>>().join("  ").trim_end().to_owned() + "\n"
    };
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rows = rows.iter().map(|row| line(row));
    [line(&head)].into_iter().chain(rows).collect()
}

fn cost(world: &World) -> String {
    let bill = world.bill();
    let money = |amount: u128| dollars(i128::try_from(amount).unwrap_or(i128::MAX), 2);
    let cents = |amount: u128| dollars(i128::try_from(amount).unwrap_or(i128::MAX), 4);
    let quantity = |line: &BillLine| {
        let (whole, milli) = (line.quantity_milli / 1_000, line.quantity_milli % 1_000);
        format!("{whole}.{milli:03} {}", line.line.unit_name())
    };
    let price = |line: &BillLine| {
        format!("{} per {}", dollars(i128::from(line.line.nano_dollars()), 9), line.line.unit_name())
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in &bill.lines {
        rows.push(vec![line.line.name().to_owned(), quantity(line), price(line), cents(line.amount)]);
    }
    rows.push(vec!["Total".to_owned(), String::new(), String::new(), cents(bill.total)]);
    let mut text =
        format!("So far (us-east-1, USD)\n{}", table(&["LINE", "QUANTITY", "PRICE", "USD"], &rows));
    let streams: Vec<Vec<String>> = bill
        .streams
        .iter()
        .map(|stream| {
            vec![
                stream.stream.clone(),
                stream.mode.name().to_owned(),
                money(stream.month_total),
                format!("{} ({} shards)", money(stream.month_provisioned), stream.provisioned_shards),
                money(stream.month_on_demand),
            ]
        })
        .collect();
    if !streams.is_empty() {
        text.push_str(&format!(
            "\nA month (730 h) with the traffic of the last minute: {}\n",
            money(bill.month_total)
        ));
        text.push_str(&table(&["STREAM", "MODE", "USD/MONTH", "PROVISIONED", "ON_DEMAND"], &streams));
    }
    if let Some(change) = &bill.last_change {
        let (before, after) = (change.before as i128, change.after as i128);
        let sign = if after >= before { "+" } else { "-" };
        text.push_str(&format!(
            "\nLast change, of {} at {}: {sign} {} a month, without traffic\n",
            change.stream,
            clock_text(change.at),
            dollars((after - before).abs(), 2)
        ));
    }
    text.push_str(
        "\nNot counted: KMS, DynamoDB, CloudWatch, CloudTrail data events, Lambda, Firehose, transfer out of the Region\n",
    );
    text
}

fn plan_text(input: PlanInput) -> String {
    let plan = plan(input);
    let row = |limit: &str, need: String, shards: u64| vec![limit.to_owned(), need, shards.to_string()];
    let rows = [
        row("write 1 MB/s", format!("{} KiB/s", plan.incoming_kib), plan.for_write_bytes),
        row("write 1,000 records/s", format!("{} records/s", plan.stream_records), plan.for_write_records),
        row("read 2 MB/s, shared", format!("{} KiB/s", plan.outgoing_kib), plan.for_read_bytes),
    ];
    let mut text = table(&["LIMIT OF A SHARD", "NEED", "SHARDS"], &rows);
    let (s, of) = (if plan.shards == 1 { "" } else { "s" }, plan.binding.sentence());
    text.push_str(&format!("\n{} shard{s}: what binds is {of}\n", plan.shards));
    if input.efo_consumers > 0 {
        text.push_str(
            "Consumers with enhanced fan-out have 2 MB/s of each shard to themselves: they ask for none\n",
        );
    }
    text
}

fn dimensions(name: &MetricName) -> String {
    let pairs = name.dimensions.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<String>>().join(",")
}

fn metrics(world: &World) -> String {
    let rows: Vec<Vec<String>> = world
        .metrics_list()
        .into_iter()
        .map(|metric| {
            let dimensions = dimensions(&metric.name);
            vec![metric.name.namespace, metric.name.name, metric.unit, dimensions]
        })
        .collect();
    table(&["NAMESPACE", "METRIC", "UNIT", "DIMENSIONS"], &rows)
}

fn metric(world: &World, name: &MetricName, statistic: Statistic, period: u32, span: Duration) -> String {
    let now = world.now();
    let from = Instant::from_micros(now.micros().saturating_sub(span.micros()));
    let rows: Vec<Vec<String>> = world
        .metric_statistics(name, from, now, period)
        .iter()
        .map(|point| {
            let (value, of) = point.value(statistic);
            let thousandths = u128::from(value) * 1_000 / u128::from(of);
            let text = match thousandths % 1_000 {
                0 => (thousandths / 1_000).to_string(),
                rest => format!("{}.{rest:03}", thousandths / 1_000),
            };
            vec![clock_text(point.timestamp), text]
        })
        .collect();
    table(&["FROM", statistic.name()], &rows)
}

fn alarms(world: &World) -> String {
    let rows: Vec<Vec<String>> = world
        .alarms()
        .map(|alarm| {
            let spec = &alarm.spec;
            let rule = format!(
                "{} {} {} {} for {} of {} x {} s",
                spec.metric.name,
                spec.statistic.name(),
                spec.comparison.name(),
                spec.threshold,
                spec.datapoints_to_alarm,
                spec.evaluation_periods,
                spec.period
            );
            vec![spec.name.clone(), alarm.state.name().to_owned(), clock_text(alarm.since), rule]
        })
        .collect();
    table(&["ALARM", "STATE", "SINCE", "RULE"], &rows)
}

fn trail(world: &World, query: &TrailQuery, is_json: bool) -> String {
    let events = world.trail_events(query);
    if is_json {
        let region = world.service().region();
        let events = events.iter().take(EVENTS_MAX).map(|event| event.to_json(region));
        return format!("{:#}\n", serde_json::Value::Array(events.collect()));
    }
    let rows: Vec<Vec<String>> = events
        .iter()
        .take(EVENTS_MAX)
        .map(|event| {
            let error = event.error.as_ref().map_or("", |(code, _)| code);
            vec![
                clock_text(event.at),
                event.operation.to_string(),
                event.username().to_owned(),
                event.resource_names().into_iter().next().unwrap_or_default(),
                error.to_owned(),
            ]
        })
        .collect();
    table(&["TIME", "EVENT", "USER", "RESOURCE", "ERROR"], &rows)
}
