//! Lines of commands about what an account has around its streams.

use sim::{AccountCommand, AlarmSpec, Comparison, MissingData, Statistic};

use super::Text;

pub(super) fn render(command: &AccountCommand) -> String {
    match command {
        AccountCommand::PutAlarm(spec) => put_alarm(spec),
        AccountCommand::SetEndpoint { service, policy } => {
            Text::new("endpoint set").place(service.name()).given("--policy", policy.as_ref()).finish()
        }
        AccountCommand::DeleteEndpoint { service } => {
            Text::new("endpoint delete").place(service.name()).finish()
        }
        AccountCommand::SetKeyPolicy { key, document } => {
            Text::new("key policy").place(key).given("--document", document.as_ref()).finish()
        }
        AccountCommand::CreateIdentity { principal, trust } => {
            Text::new("identity create").place(principal).given("--trust", trust.as_ref()).finish()
        }
        AccountCommand::DeleteIdentity { principal } => {
            Text::new("identity delete").place(principal).finish()
        }
        AccountCommand::DeleteAlarm { name } => Text::new("alarm delete").place(name).finish(),
        AccountCommand::SetDataEvents(events) => Text::new("trail data-events").place(events.name()).finish(),
    }
}

fn put_alarm(spec: &AlarmSpec) -> String {
    let dimensions: Vec<String> =
        spec.metric.dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut text = Text::new("alarm put")
        .place(&spec.name)
        .option("--metric-name", &spec.metric.name)
        .unless("--namespace", spec.metric.namespace.as_str(), "AWS/Kinesis");
    if !dimensions.is_empty() {
        text = text.option("--dimensions", &dimensions.join(","));
    }
    text.unless("--statistic", spec.statistic.name(), Statistic::Sum.name())
        .unless("--period", spec.period, 60)
        .unless("--evaluation-periods", spec.evaluation_periods, 1)
        .unless("--datapoints-to-alarm", spec.datapoints_to_alarm, spec.evaluation_periods)
        .option("--threshold", &spec.threshold.to_string())
        .unless("--comparison-operator", spec.comparison.name(), Comparison::GreaterThanThreshold.name())
        .unless("--treat-missing-data", spec.missing_data.name(), MissingData::Missing.name())
        .finish()
}
