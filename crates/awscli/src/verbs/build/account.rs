//! Verbs for what an account has around its streams.

use kinesis::Duration;
use sim::{
    AccountCommand, AlarmSpec, Command, Comparison, DataEvents, EndpointService, MetricName, MissingData,
    PlanInput, ReadyPolicy, Statistic, Threshold, TrailQuery,
};

use super::Built;
use crate::verbs::{Given, Show};
use crate::{Line, UsageError};

pub(in crate::verbs) fn cost(_: &Given<'_>) -> Built {
    Ok(Line::Show(Show::Cost))
}

pub(in crate::verbs) fn plan(given: &Given<'_>) -> Built {
    let number = |name| given.number(name).map(|number| number.map(u64::from));
    let input = PlanInput {
        records_per_second: number("--rate")?.unwrap_or(0),
        record_bytes: number("--size")?.unwrap_or(1_024),
        classic_consumers: number("--consumers")?.unwrap_or(1),
        efo_consumers: number("--efo-consumers")?.unwrap_or(0),
        user_records_per_record: number("--aggregate")?.unwrap_or(1),
    };
    Ok(Line::Show(Show::Plan(input)))
}

pub(in crate::verbs) fn metrics(_: &Given<'_>) -> Built {
    Ok(Line::Show(Show::Metrics))
}

/// `StreamName=orders,ShardId=shardId-000000000000`.
fn metric_name(given: &Given<'_>, metric: &str) -> Result<MetricName, UsageError> {
    let mut dimensions = Vec::new();
    if let Some(value) = given.option("--dimensions") {
        for pair in value.text.split(',') {
            match pair.split_once('=') {
                Some((name, value)) if !name.is_empty() && !value.is_empty() => {
                    dimensions.push((name, value))
                }
                Some(_) | None => {
                    let message = format!("{pair:?} is no dimension: use StreamName=orders");
                    return Err(Given::wrong(value.span.clone(), message));
                }
            }
        }
    }
    let namespace = given.option("--namespace").map_or("AWS/Kinesis", |value| value.text);
    Ok(MetricName::new(namespace, metric, &dimensions))
}

fn statistic(given: &Given<'_>) -> Result<Statistic, UsageError> {
    let statistics = Statistic::ALL.map(|statistic| (statistic.name(), statistic));
    Ok(given.choice("--statistic", &statistics)?.unwrap_or(Statistic::Sum))
}

pub(in crate::verbs) fn metric(given: &Given<'_>) -> Built {
    let period = given.number("--period")?.unwrap_or(60);
    if period == 0 || !period.is_multiple_of(60) {
        let span = given.option("--period").map_or(given.end..given.end, |value| value.span.clone());
        return Err(Given::wrong(span, "--period is a multiple of 60 seconds"));
    }
    Ok(Line::Show(Show::Metric {
        name: metric_name(given, given.place(0).text)?,
        statistic: statistic(given)?,
        period_minutes: period / 60,
        span: given.duration("--span")?.unwrap_or(Duration::from_hours(3)),
    }))
}

pub(in crate::verbs) fn alarm_put(given: &Given<'_>) -> Built {
    let comparisons: Vec<(&str, Comparison)> = Comparison::ALL.iter().map(|one| (one.name(), *one)).collect();
    let missing: Vec<(&str, MissingData)> = MissingData::ALL.iter().map(|one| (one.name(), *one)).collect();
    let evaluation_periods = given.number("--evaluation-periods")?.unwrap_or(1);
    let spec = AlarmSpec {
        name: given.place(0).text.to_owned(),
        metric: metric_name(given, &given.text("--metric-name"))?,
        statistic: statistic(given)?,
        period: given.number("--period")?.unwrap_or(60),
        evaluation_periods,
        datapoints_to_alarm: given.number("--datapoints-to-alarm")?.unwrap_or(evaluation_periods),
        threshold: given.own("--threshold")?.unwrap_or(Threshold(0)),
        comparison: given
            .choice("--comparison-operator", &comparisons)?
            .unwrap_or(Comparison::GreaterThanThreshold),
        missing_data: given.choice("--treat-missing-data", &missing)?.unwrap_or(MissingData::Missing),
    };
    Ok(Line::Command(Command::Account(AccountCommand::PutAlarm(spec))))
}

pub(in crate::verbs) fn alarm_delete(given: &Given<'_>) -> Built {
    let name = given.place(0).text.to_owned();
    Ok(Line::Command(Command::Account(AccountCommand::DeleteAlarm { name })))
}

pub(in crate::verbs) fn alarms(_: &Given<'_>) -> Built {
    Ok(Line::Show(Show::Alarms))
}

pub(in crate::verbs) fn trail_events(given: &Given<'_>) -> Built {
    let text = |name: &str| given.option(name).map(|value| value.text.to_owned());
    let query = TrailQuery {
        event_name: text("--event-name"),
        resource_name: text("--resource-name"),
        username: text("--username"),
        ..TrailQuery::default()
    };
    let is_json = given.choice("--as", &[("table", false), ("json", true)])?.unwrap_or(false);
    Ok(Line::Show(Show::Trail { query, is_json }))
}

pub(in crate::verbs) fn trail_data_events(given: &Given<'_>) -> Built {
    let place = given.place(0);
    let events = DataEvents::parse(place.text).ok_or_else(|| {
        let names = DataEvents::ALL.map(DataEvents::name).join(", ");
        Given::wrong(place.span.clone(), format!("{:?} is not one of {names}", place.text))
    })?;
    Ok(Line::Command(Command::Account(AccountCommand::SetDataEvents(events))))
}

fn service(given: &Given<'_>) -> Result<EndpointService, UsageError> {
    let place = given.place(0);
    EndpointService::parse(place.text).ok_or_else(|| {
        let names = EndpointService::ALL.map(EndpointService::name).join(", ");
        Given::wrong(place.span.clone(), format!("{:?} is not one of {names}", place.text))
    })
}

fn account(command: AccountCommand) -> Built {
    Ok(Line::Command(Command::Account(command)))
}

pub(in crate::verbs) fn endpoint_set(given: &Given<'_>) -> Built {
    let policy = given.option("--policy").map(|value| value.text.to_owned());
    account(AccountCommand::SetEndpoint { service: service(given)?, policy })
}

pub(in crate::verbs) fn endpoint_delete(given: &Given<'_>) -> Built {
    account(AccountCommand::DeleteEndpoint { service: service(given)? })
}

pub(in crate::verbs) fn key_policy(given: &Given<'_>) -> Built {
    let document = given.option("--document").map(|value| value.text.to_owned());
    account(AccountCommand::SetKeyPolicy { key: given.place(0).text.to_owned(), document })
}

pub(in crate::verbs) fn identity_create(given: &Given<'_>) -> Built {
    let trust = given.option("--trust").map(|value| value.text.to_owned());
    account(AccountCommand::CreateIdentity { principal: given.place(0).text.to_owned(), trust })
}

pub(in crate::verbs) fn identity_delete(given: &Given<'_>) -> Built {
    account(AccountCommand::DeleteIdentity { principal: given.place(0).text.to_owned() })
}

pub(in crate::verbs) fn policy_show(given: &Given<'_>) -> Built {
    let place = given.place(0);
    let kind = ReadyPolicy::parse(place.text).ok_or_else(|| {
        let names = ReadyPolicy::ALL.map(ReadyPolicy::name).join(", ");
        Given::wrong(place.span.clone(), format!("{:?} is not one of {names}", place.text))
    })?;
    let application = given.option("--application").map(|value| value.text.to_owned());
    if matches!(kind, ReadyPolicy::Kcl | ReadyPolicy::Kcl3) && application.is_none() {
        return Err(Given::wrong(
            given.end..given.end,
            "a KCL application's policy needs --application APPLICATION",
        ));
    }
    let application = application.unwrap_or_default();
    // The name that AWS's own examples have.
    let bucket = given.option("--bucket").map_or("amzn-s3-demo-bucket", |value| value.text).to_owned();
    Ok(Line::Show(Show::Policy { kind, stream: given.text("--stream"), application, bucket }))
}
