//! Verbs for servers with the Kinesis Agent.

use sim::{AgentChange, AgentCommand, AgentSpec, LogFormat, LogSpec};

use super::Built;
use crate::Line;
use crate::verbs::Given;

pub(in crate::verbs) const LOG_FORMATS: [(&str, LogFormat); 7] = [
    (LogFormat::AppLog.name(), LogFormat::AppLog),
    (LogFormat::WebActivity.name(), LogFormat::WebActivity),
    (LogFormat::CommonApacheLog.name(), LogFormat::CommonApacheLog),
    (LogFormat::CombinedApacheLog.name(), LogFormat::CombinedApacheLog),
    (LogFormat::ApacheErrorLog.name(), LogFormat::ApacheErrorLog),
    (LogFormat::Syslog.name(), LogFormat::Syslog),
    (LogFormat::Csv.name(), LogFormat::Csv),
];

fn name(given: &Given<'_>) -> String {
    given.place(0).text.to_owned()
}

fn built(command: AgentCommand) -> Built {
    Ok(Line::Command(command.into()))
}

fn log(given: &Given<'_>) -> Result<LogSpec, crate::UsageError> {
    let path = given.option("--log").map_or("/var/log/app.log", |value| value.text);
    let default = LogSpec::new(path);
    let format = given.choice("--format", &LOG_FORMATS)?.unwrap_or(default.format);
    Ok(LogSpec {
        format,
        rate: given.number("--rate")?.unwrap_or(default.rate),
        traffic: given.own("--traffic")?.unwrap_or(default.traffic),
        size: given.number("--size")?.unwrap_or(format.size_default()),
        rotate_size: given.long("--rotate-size")?.unwrap_or(default.rotate_size),
        keep: given.number("--keep")?.unwrap_or(default.keep),
        age: given.duration("--age")?.unwrap_or(default.age),
        ..default
    })
}

pub(in crate::verbs) fn agent_start(given: &Given<'_>) -> Built {
    let log = log(given)?;
    let configuration = match (given.option("--configuration"), given.option("--stream")) {
        (Some(text), None) => text.text.to_owned(),
        (None, Some(stream)) => AgentSpec::configuration_for(&log.path, stream.text),
        (Some(_), Some(stream)) => {
            let message = "--stream is for an agent without --configuration, which names the stream itself";
            return Err(Given::wrong(stream.span.clone(), message));
        }
        (None, None) => {
            let message = "--configuration JSON is missing, or --stream STREAM for the shortest one";
            return Err(Given::wrong(given.end..given.end, message));
        }
    };
    built(AgentCommand::Start(AgentSpec { name: name(given), configuration, log }))
}

pub(in crate::verbs) fn agent_change(given: &Given<'_>) -> Built {
    let text = |option| given.option(option).map(|value| value.text.to_owned());
    built(AgentCommand::Change(AgentChange {
        name: name(given),
        configuration: text("--configuration"),
        log: text("--log"),
        rate: given.number("--rate")?,
        traffic: given.own("--traffic")?,
    }))
}

pub(in crate::verbs) fn agent_log(given: &Given<'_>) -> Built {
    built(AgentCommand::AddLog { name: name(given), log: log(given)? })
}

pub(in crate::verbs) fn agent_stop(given: &Given<'_>) -> Built {
    built(AgentCommand::Stop { name: name(given) })
}

pub(in crate::verbs) fn agent_restart(given: &Given<'_>) -> Built {
    built(AgentCommand::Restart { name: name(given) })
}
