//! `aws cloudwatch`: metrics, their statistics, and alarms.
//!
//! Documented: Amazon CloudWatch API Reference for the members. Simpler than the real thing: statistics that are
//! percentiles, metric math, dashboards and alarm actions are not kept.

use awsjson::{Kind, Member};
use kinesis::Instant;
use serde_json::{Map, Value, json};
use sim::{
    AccountCommand, AlarmSpec, Command, Comparison, Datapoint, MetricName, MissingData, Statistic, World,
};

use super::{
    Answer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, int, nothing, of, refused,
    required, text,
};

const DIMENSION: &[Member] = &[required(text("Name")), required(text("Value"))];
const DIMENSION_FILTER: &[Member] = &[required(text("Name")), text("Value")];
const NAMESPACE: Member = text("Namespace");
const METRIC: Member = text("MetricName");
const DIMENSIONS: Member = of(Kind::StructureList(DIMENSION), text("Dimensions"));

pub(super) const CLOUDWATCH: Service = Service {
    name: "cloudwatch",
    help: "Amazon CloudWatch: metrics and alarms",
    commands: &[
        ServiceCommand {
            name: "list-metrics",
            operation: "ListMetrics",
            members: &[NAMESPACE, METRIC, of(Kind::StructureList(DIMENSION_FILTER), text("Dimensions"))],
            help: "Lists the metrics that there are points of.",
            example: "aws cloudwatch list-metrics --namespace AWS/Kinesis",
            resource: any_resource,
            does: Does::Looks(list_metrics),
        },
        ServiceCommand {
            name: "get-metric-statistics",
            operation: "GetMetricStatistics",
            members: &[
                required(NAMESPACE),
                required(METRIC),
                DIMENSIONS,
                required(of(Kind::Timestamp, text("StartTime"))),
                required(of(Kind::Timestamp, text("EndTime"))),
                required(int("Period", 1)),
                of(Kind::StringList, text("Statistics")),
            ],
            help: "Shows a metric, period by period; points can be seen a minute after their minute.",
            example: "aws cloudwatch get-metric-statistics --namespace AWS/Kinesis --metric-name IncomingRecords --dimensions Name=StreamName,Value=orders --start-time 2026-01-01T00:00:00Z --end-time 2026-01-01T01:00:00Z --period 60 --statistics Sum",
            resource: any_resource,
            does: Does::Looks(statistics),
        },
        ServiceCommand {
            name: "describe-alarms",
            operation: "DescribeAlarms",
            members: &[of(Kind::StringList, text("AlarmNames")), text("StateValue")],
            help: "Shows the alarms and their states.",
            example: "aws cloudwatch describe-alarms --alarm-names throttled",
            resource: any_resource,
            does: Does::Looks(describe_alarms),
        },
        ServiceCommand {
            name: "put-metric-alarm",
            operation: "PutMetricAlarm",
            members: &[
                required(text("AlarmName")),
                NAMESPACE,
                METRIC,
                DIMENSIONS,
                text("Statistic"),
                int("Period", 1),
                required(int("EvaluationPeriods", 1)),
                int("DatapointsToAlarm", 1),
                text("Threshold"),
                required(text("ComparisonOperator")),
                text("TreatMissingData"),
            ],
            help: "Sets an alarm on a metric.",
            example: "aws cloudwatch put-metric-alarm --alarm-name throttled --namespace AWS/Kinesis --metric-name WriteProvisionedThroughputExceeded --dimensions Name=StreamName,Value=orders --statistic Sum --period 60 --evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold",
            resource: any_resource,
            does: Does::Changes(put_alarm, nothing),
        },
        ServiceCommand {
            name: "delete-alarms",
            operation: "DeleteAlarms",
            members: &[required(of(Kind::StringList, text("AlarmNames")))],
            help: "Takes an alarm away.",
            example: "aws cloudwatch delete-alarms --alarm-names throttled",
            resource: any_resource,
            does: Does::Changes(delete_alarm, nothing),
        },
    ],
};

fn dimensions(given: &Given) -> Vec<(&str, &str)> {
    let items = given.0.get("Dimensions").and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| {
            let text = |name: &str| item.get(name).and_then(Value::as_str);
            Some((text("Name")?, text("Value").unwrap_or_default()))
        })
        .collect()
}

fn metric(given: &Given) -> MetricName {
    MetricName::new(given.text("Namespace"), given.text("MetricName"), &dimensions(given))
}

fn written(dimensions: &[(String, String)]) -> Vec<Value> {
    dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
}

/// What ListMetrics answers only to who asks for linked accounts.
///
/// Observed: the AWS CLI puts the pages of an answer together from this and the metrics. As text it prints `None` for
/// it, in the other formats nothing.
pub(super) const OWNERS: &str = "OwningAccounts";

fn list_metrics(world: &World, given: &Given) -> Answer {
    let (namespace, name, wanted) = (given.text("Namespace"), given.text("MetricName"), dimensions(given));
    let fits = |metric: &MetricName| {
        let has = |(name, value): &(&str, &str)| {
            metric.dimensions.iter().any(|(own, is)| own == name && (value.is_empty() || is == value))
        };
        (namespace.is_empty() || metric.namespace == namespace)
            && (name.is_empty() || metric.name == name)
            && wanted.iter().all(has)
    };
    let metrics: Vec<Value> = world
        .metrics_list()
        .into_iter()
        .map(|metric| metric.name)
        .filter(fits)
        .map(|metric| {
            json!({
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": written(&metric.dimensions),
            })
        })
        .collect();
    Ok(json!({ "Metrics": metrics, OWNERS: null }))
}

/// Documented: at most 1,440 points in one answer, and a period of a multiple of 60 seconds.
fn statistics(world: &World, given: &Given) -> Answer {
    let instant = |name: &str| {
        Instant::from_seconds(given.number(name).and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0))
    };
    let period = given.number("Period").unwrap_or(60);
    let (from, to) = (instant("StartTime"), instant("EndTime"));
    if period < 60 || period % 60 != 0 {
        return refused("InvalidParameterValue", "The parameter Period must be a multiple of 60.");
    }
    if from >= to {
        return refused(
            "InvalidParameterCombination",
            "The parameter StartTime must be less than the parameter EndTime.",
        );
    }
    let points = to.since(from).micros() / 1_000_000 / u64::try_from(period).unwrap_or(60);
    if points > 1_440 {
        let message = format!(
            "You have requested up to {points} datapoints, which exceeds the limit of 1440. You may reduce the \
             datapoints requested by increasing Period, or decreasing the time range."
        );
        return refused("InvalidParameterCombination", message);
    }
    let names = given.texts("Statistics");
    let wanted: Option<Vec<Statistic>> = names.iter().map(|name| Statistic::parse(name)).collect();
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else {
        return refused(
            "InvalidParameterValue",
            "The parameter Statistics must be Sum, Average, Minimum, Maximum or SampleCount.",
        );
    };
    let name = metric(given);
    let unit = world.metrics_list().into_iter().find(|metric| metric.name == name);
    let unit = unit.map_or_else(|| "None".to_owned(), |metric| metric.unit);
    let minutes = u32::try_from(period / 60).unwrap_or(1);
    let point = |point: &Datapoint| {
        let mut members = Map::from_iter([("Timestamp".to_owned(), json!(point.timestamp.seconds()))]);
        // In the order of the model.
        for statistic in [
            Statistic::SampleCount,
            Statistic::Average,
            Statistic::Sum,
            Statistic::Minimum,
            Statistic::Maximum,
        ] {
            if wanted.contains(&statistic) {
                let (numerator, denominator) = point.value(statistic);
                members.insert(statistic.name().to_owned(), json!(numerator as f64 / denominator as f64));
            }
        }
        members.insert("Unit".to_owned(), Value::from(unit.as_str()));
        Value::Object(members)
    };
    let points: Vec<Value> = world.metric_statistics(&name, from, to, minutes).iter().map(point).collect();
    Ok(json!({ "Label": name.name, "Datapoints": points }))
}

fn describe_alarms(world: &World, given: &Given) -> Answer {
    let (names, state) = (given.texts("AlarmNames"), given.text("StateValue"));
    let alarms: Vec<Value> = world
        .alarms()
        .filter(|alarm| names.is_empty() || names.contains(&alarm.spec.name.as_str()))
        .filter(|alarm| state.is_empty() || alarm.state.name() == state)
        .map(|alarm| {
            let spec = &alarm.spec;
            json!({
                "AlarmName": spec.name,
                "StateValue": alarm.state.name(),
                "StateReason": alarm.reason,
                "StateUpdatedTimestamp": alarm.since.seconds(),
                "MetricName": spec.metric.name,
                "Namespace": spec.metric.namespace,
                "Statistic": spec.statistic.name(),
                "Dimensions": written(&spec.metric.dimensions),
                "Period": spec.period,
                "EvaluationPeriods": spec.evaluation_periods,
                "DatapointsToAlarm": spec.datapoints_to_alarm,
                "Threshold": spec.threshold.to_string().parse::<f64>().unwrap_or_default(),
                "ComparisonOperator": spec.comparison.name(),
                "TreatMissingData": spec.missing_data.name(),
            })
        })
        .collect();
    Ok(json!({ "MetricAlarms": alarms, "CompositeAlarms": [] }))
}

fn put_alarm(_: &World, given: &Given) -> Result<Command, ServiceError> {
    fn wrong<T>(name: &str) -> Result<T, ServiceError> {
        refused("ValidationError", format!("The value of {name} is not one that CloudWatch knows."))
    }
    let number = |name: &str| given.number(name).and_then(|number| u32::try_from(number).ok());
    let Ok(threshold) = given.text("Threshold").parse() else { return wrong("Threshold") };
    let Some(comparison) = Comparison::parse(given.text("ComparisonOperator")) else {
        return wrong("ComparisonOperator");
    };
    let Some(statistic) = Statistic::parse(given.text("Statistic")) else { return wrong("Statistic") };
    let missing_data = match given.text("TreatMissingData") {
        "" => MissingData::parse("missing"),
        name => MissingData::parse(name),
    };
    let Some(missing_data) = missing_data else { return wrong("TreatMissingData") };
    let periods = number("EvaluationPeriods").unwrap_or(1);
    Ok(Command::Account(AccountCommand::PutAlarm(AlarmSpec {
        name: given.text("AlarmName").to_owned(),
        metric: metric(given),
        statistic,
        period: number("Period").unwrap_or(60),
        evaluation_periods: periods,
        datapoints_to_alarm: number("DatapointsToAlarm").unwrap_or(periods),
        threshold,
        comparison,
        missing_data,
    })))
}

/// Simpler than the real thing: one alarm at a time.
fn delete_alarm(_: &World, given: &Given) -> Result<Command, ServiceError> {
    match given.texts("AlarmNames").as_slice() {
        [name] => Ok(Command::Account(AccountCommand::DeleteAlarm { name: (*name).to_owned() })),
        _ => refused("ValidationError", "This sandbox deletes one alarm at a time."),
    }
}
