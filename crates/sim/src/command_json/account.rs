//! Commands about what watches an account, in saved sessions.

use serde_json::Value;

use super::{Content, Members, known, member, set, texts};
use crate::neighbours::cloudtrail::DataEvents;
use crate::neighbours::cloudwatch::{AlarmSpec, Comparison, MetricName, MissingData, Statistic};
use crate::neighbours::network::EndpointService;
use crate::{AccountCommand, Command};

const ALARM: [&str; 11] = [
    "name",
    "namespace",
    "metric",
    "dimensions",
    "statistic",
    "period",
    "evaluation_periods",
    "datapoints_to_alarm",
    "threshold",
    "comparison",
    "missing_data",
];

pub(super) fn write(command: &AccountCommand) -> (&'static str, Members) {
    match command {
        AccountCommand::PutAlarm(spec) => {
            let metric = &spec.metric;
            let mut members =
                texts(&[("name", &spec.name), ("namespace", &metric.namespace), ("metric", &metric.name)]);
            let dimensions = metric.dimensions.iter().map(|(name, value)| (name, value));
            let dimensions: Members =
                dimensions.map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
            set(&mut members, "dimensions", Value::Object(dimensions));
            set(&mut members, "statistic", Value::from(spec.statistic.name()));
            set(&mut members, "period", spec.period.write());
            set(&mut members, "evaluation_periods", spec.evaluation_periods.write());
            set(&mut members, "datapoints_to_alarm", spec.datapoints_to_alarm.write());
            set(&mut members, "threshold", Value::from(spec.threshold.to_string()));
            set(&mut members, "comparison", Value::from(spec.comparison.name()));
            set(&mut members, "missing_data", Value::from(spec.missing_data.name()));
            ("PutAlarm", members)
        }
        AccountCommand::SetEndpoint { service, policy } => {
            let mut members = Members::new();
            set(&mut members, "service", Value::from(service.name()));
            set(&mut members, "policy", policy.write());
            ("SetEndpoint", members)
        }
        AccountCommand::DeleteEndpoint { service } => {
            let mut members = Members::new();
            set(&mut members, "service", Value::from(service.name()));
            ("DeleteEndpoint", members)
        }
        AccountCommand::SetKeyPolicy { key, document } => {
            let mut members = texts(&[("key", key)]);
            set(&mut members, "document", document.write());
            ("SetKeyPolicy", members)
        }
        AccountCommand::CreateIdentity { principal, trust } => {
            let mut members = texts(&[("principal", principal)]);
            set(&mut members, "trust", trust.write());
            ("CreateIdentity", members)
        }
        AccountCommand::DeleteIdentity { principal } => {
            ("DeleteIdentity", texts(&[("principal", principal)]))
        }
        AccountCommand::DeleteAlarm { name } => ("DeleteAlarm", texts(&[("name", name)])),
        AccountCommand::SetDataEvents(events) => {
            let mut members = Members::new();
            set(&mut members, "events", Value::from(events.name()));
            ("SetDataEvents", members)
        }
    }
}

/// Reads what [`write`] wrote; none where the name is another command's.
pub(super) fn read(name: &str, members: &Members) -> Option<Result<Command, String>> {
    let read: fn(&Members) -> Result<AccountCommand, String> = match name {
        "PutAlarm" => |members| read_alarm(members).map(AccountCommand::PutAlarm),
        "DeleteAlarm" => |members| {
            known(members, &["name"])?;
            Ok(AccountCommand::DeleteAlarm { name: member(members, "name")? })
        },
        "SetDataEvents" => |members| {
            known(members, &["events"])?;
            let events = word(members, "events", DataEvents::parse)?;
            Ok(AccountCommand::SetDataEvents(events))
        },
        "SetEndpoint" => |members| {
            known(members, &["service", "policy"])?;
            let service = word(members, "service", EndpointService::parse)?;
            Ok(AccountCommand::SetEndpoint { service, policy: member(members, "policy")? })
        },
        "DeleteEndpoint" => |members| {
            known(members, &["service"])?;
            let service = word(members, "service", EndpointService::parse)?;
            Ok(AccountCommand::DeleteEndpoint { service })
        },
        "SetKeyPolicy" => |members| {
            known(members, &["key", "document"])?;
            let document = member(members, "document")?;
            Ok(AccountCommand::SetKeyPolicy { key: member(members, "key")?, document })
        },
        "CreateIdentity" => |members| {
            known(members, &["principal", "trust"])?;
            let trust = member(members, "trust")?;
            Ok(AccountCommand::CreateIdentity { principal: member(members, "principal")?, trust })
        },
        "DeleteIdentity" => |members| {
            known(members, &["principal"])?;
            Ok(AccountCommand::DeleteIdentity { principal: member(members, "principal")? })
        },
        _ => return None,
    };
    Some(read(members).map(Command::Account))
}

fn word<T>(members: &Members, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, String> {
    let text: String = member(members, name)?;
    parse(&text).ok_or_else(|| [name, " is not ", &text].concat())
}

fn read_alarm(members: &Members) -> Result<AlarmSpec, String> {
    known(members, &ALARM)?;
    let text = |name: &str| member::<String>(members, name);
    let dimensions = members.get("dimensions").and_then(Value::as_object);
    let dimensions = dimensions.ok_or("the member dimensions is missing")?;
    let dimensions: Option<Vec<(&str, &str)>> =
        dimensions.iter().map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
    let dimensions = dimensions.ok_or("a dimension is a text")?;
    Ok(AlarmSpec {
        name: text("name")?,
        metric: MetricName::new(&text("namespace")?, &text("metric")?, &dimensions),
        statistic: word(members, "statistic", Statistic::parse)?,
        period: member(members, "period")?,
        evaluation_periods: member(members, "evaluation_periods")?,
        datapoints_to_alarm: member(members, "datapoints_to_alarm")?,
        threshold: text("threshold")?.parse()?,
        comparison: word(members, "comparison", Comparison::parse)?,
        missing_data: word(members, "missing_data", MissingData::parse)?,
    })
}
