//! Lines of commands to servers with the Kinesis Agent.

use sim::{AgentCommand, LogSpec};

use super::{Text, word};
use crate::verbs::build::LOG_FORMATS;

pub(super) fn render(command: &AgentCommand) -> String {
    match command {
        AgentCommand::Start(spec) => {
            let text =
                Text::new("agent start").place(&spec.name).option("--configuration", &spec.configuration);
            log(text.unless("--log", spec.log.path.as_str(), "/var/log/app.log"), &spec.log)
        }
        AgentCommand::Change(change) => Text::new("agent change")
            .place(&change.name)
            .given("--configuration", change.configuration.as_ref())
            .given("--log", change.log.as_ref())
            .given("--rate", change.rate)
            .given("--traffic", change.traffic)
            .finish(),
        AgentCommand::AddLog { name, log: spec } => {
            log(Text::new("agent log").place(name).option("--log", &spec.path), spec)
        }
        AgentCommand::Stop { name } => Text::new("agent stop").place(name).finish(),
        AgentCommand::Restart { name } => Text::new("agent restart").place(name).finish(),
    }
}

fn log(text: Text, spec: &LogSpec) -> String {
    let default = LogSpec::new("");
    text.unless("--format", word(&LOG_FORMATS, spec.format), word(&LOG_FORMATS, default.format))
        .unless("--rate", spec.rate, default.rate)
        .unless("--traffic", spec.traffic, default.traffic)
        .unless("--size", spec.size, spec.format.size_default())
        .unless("--rotate-size", spec.rotate_size, default.rotate_size)
        .unless("--keep", spec.keep, default.keep)
        .span("--age", spec.age, default.age)
        .finish()
}
