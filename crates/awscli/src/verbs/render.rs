//! A command as the `sandbox` line that gives it.

mod account;
mod agent;
mod delivery;
mod fault;
mod kcl;
mod lambda;
mod s3;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::Duration;
use sim::{
    Command, KplChange, KplSpec, ProducerChange, ProducerSpec, ReaderSpec, Standing, StartingPosition,
    TableCapacity, VPC_ENDPOINT_ID,
};

use super::build::{ACTIONS, CALLS, ORDERINGS, RETRIES, WORKLOADS};
use crate::quote;
use crate::time::{duration_text, short_text};

/// The line. What is as it would be by itself is left out.
pub(crate) fn render(command: &Command) -> String {
    match command {
        Command::Call(request) => crate::aws::render(request),
        Command::CallAs { caller, request } => {
            let mut line = crate::aws::render(request);
            if let Some(principal) = &caller.principal {
                line.push_str(if principal.starts_with('-') { " --profile=" } else { " --profile " });
                line.push_str(&quote(principal));
            }
            if caller.is_through_endpoint {
                line.push_str(" --endpoint-url https://");
                line.push_str(VPC_ENDPOINT_ID);
                line.push_str(".kinesis.us-east-1.vpce.amazonaws.com");
            }
            line
        }
        Command::SetPolicy { principal, name, document: Some(document) } => {
            Text::new("policy set").place(principal).place(name).option("--document", document).finish()
        }
        Command::SetPolicy { principal, name, document: None } => {
            Text::new("policy remove").place(principal).place(name).finish()
        }
        Command::SetKeyState { key, state } => {
            Text::new("key set").place(key).option("--state", state.name()).finish()
        }
        Command::Attach { program, standing } => {
            Text::new("attach").place(program).standing(standing).finish()
        }
        Command::StartAttached { standing, start } => {
            let line = render(start);
            let options = Text::new("").standing(standing).options;
            match start.started_program().is_some_and(is_behind_dashes) {
                false => line + &options,
                // The name stands behind everything else, so that the options go behind the verb.
                true => {
                    let words = line.split(' ').take_while(|word| !word.starts_with('-'));
                    let at = words.map(|word| word.len() + 1).sum::<usize>() - 1;
                    format!("{}{options}{}", &line[..at], &line[at..])
                }
            }
        }
        Command::StartProducer(spec) => start_producer(spec),
        Command::ChangeProducer(change) => change_producer(change),
        Command::StopProducer { name } => Text::new("producer stop").place(name).finish(),
        Command::StartKpl(spec) => start_kpl(spec),
        Command::ChangeKpl(change) => change_kpl(change),
        Command::StopKpl { name } => Text::new("kpl stop").place(name).finish(),
        Command::StartReader(spec) => start_reader(spec),
        Command::StopReader { name } => Text::new("reader stop").place(name).finish(),
        Command::StartApplication(spec) => kcl::start_application(spec),
        Command::AddWorker { application } => Text::new("kcl add-worker").place(application).finish(),
        Command::Worker { application, worker, action } => {
            let verb = format!("kcl {}", word(&ACTIONS, *action));
            Text::new(&verb).place(application).place(worker).finish()
        }
        Command::SetWorkerHost { application, worker, vcpus, other_load } => Text::new("kcl host")
            .place(application)
            .place(worker)
            .given("--vcpus", *vcpus)
            .given("--other-load-percent", *other_load)
            .finish(),
        Command::ChangeApplication(change) => kcl::change_application(change),
        Command::DeleteLease { application, lease } => {
            Text::new("kcl delete-lease").place(application).place(lease).finish()
        }
        Command::DeleteLeaseTable { application } => {
            Text::new("kcl delete-table").place(application).finish()
        }
        Command::SetTableCapacity { application, capacity } => {
            let (read, write) = match capacity {
                TableCapacity::OnDemand => (None, None),
                TableCapacity::Provisioned { read, write } => (Some(*read), Some(*write)),
            };
            Text::new("kcl capacity")
                .place(application)
                .given("--read-capacity-units", read)
                .given("--write-capacity-units", write)
                .finish()
        }
        // What only a program can do is written as a comment, which does nothing when it is run.
        Command::CloseSubscription { subscription } => format!("# close subscription {subscription}"),
        Command::Fault(spec) => fault::render(spec),
        Command::ClearFaults { target } => fault::render_clear(target.as_ref()),
        Command::S3(command) => s3::render(command),
        Command::Lambda(command) => lambda::render(command),
        Command::Account(command) => account::render(command),
        Command::Firehose(command) => delivery::firehose(command),
        Command::Flink(command) => delivery::flink(command),
        Command::Dms(command) => delivery::dms(command),
        Command::Agent(command) => agent::render(command),
        Command::Answer { name, value } => Text::new("answer").place(name).place(value).finish(),
        Command::SetVariable { name, variable: None } => format!("unset {name}"),
        Command::SetVariable { name, variable: Some(variable) } => {
            let export = if variable.is_exported { "export " } else { "" };
            format!("{export}{name}={}", quote(&variable.value))
        }
        Command::WriteFile { path, content: None } => Text::new("file remove").place(path).finish(),
        Command::WriteFile { path, content: Some(content) } => match std::str::from_utf8(content) {
            Ok(text) => Text::new("file write").place(path).place(text).finish(),
            Err(_) => Text::new("file decode").place(path).place(&BASE64.encode(content)).finish(),
        },
    }
}

fn start_producer(spec: &ProducerSpec) -> String {
    let default = ProducerSpec::new("", "");
    Text::new("producer start")
        .place(&spec.name)
        .option("--stream", &spec.stream)
        .unless("--rate", spec.rate, default.rate)
        .unless("--traffic", spec.traffic, default.traffic)
        .unless("--workload", word(&WORKLOADS, spec.workload), word(&WORKLOADS, default.workload))
        .unless("--size", spec.size, spec.workload.size_default())
        .unless("--keys", spec.keys.to_string(), default.keys.to_string())
        .unless("--call", word(&CALLS, spec.call), word(&CALLS, default.call))
        .unless("--retry", word(&RETRIES, spec.retry), word(&RETRIES, default.retry))
        .unless("--attempts", spec.attempts, spec.retry.attempts_default())
        .given("--concurrency", spec.concurrency)
        .span("--request-timeout", spec.request_timeout, default.request_timeout)
        .unless("--ordering", word(&ORDERINGS, spec.ordering), word(&ORDERINGS, default.ordering))
        .finish()
}

fn change_producer(change: &ProducerChange) -> String {
    Text::new("producer change")
        .place(&change.name)
        .given("--rate", change.rate)
        .given("--traffic", change.traffic)
        .given("--workload", change.workload.map(|workload| word(&WORKLOADS, workload)))
        .given("--size", change.size)
        .given("--keys", change.keys.as_ref())
        .given("--call", change.call.map(|call| word(&CALLS, call)))
        .given("--retry", change.retry.map(|retry| word(&RETRIES, retry)))
        .given("--attempts", change.attempts)
        .given("--concurrency", change.concurrency)
        .given("--request-timeout", change.request_timeout.map(duration_text))
        .given("--ordering", change.ordering.map(|ordering| word(&ORDERINGS, ordering)))
        .finish()
}

fn start_kpl(spec: &KplSpec) -> String {
    let default = KplSpec::new("", "");
    let (config, usual) = (&spec.config, &default.config);
    Text::new("kpl start")
        .place(&spec.name)
        .option("--stream", &spec.stream)
        .unless("--rate", spec.rate, default.rate)
        .unless("--traffic", spec.traffic, default.traffic)
        .unless("--workload", word(&WORKLOADS, spec.workload), word(&WORKLOADS, default.workload))
        .unless("--size", spec.size, spec.workload.size_default())
        .unless("--keys", spec.keys.to_string(), default.keys.to_string())
        .unless("--aggregation-enabled", config.aggregation_enabled, usual.aggregation_enabled)
        .unless("--aggregation-max-count", config.aggregation_max_count, usual.aggregation_max_count)
        .unless("--aggregation-max-size", config.aggregation_max_size, usual.aggregation_max_size)
        .unless("--collection-max-count", config.collection_max_count, usual.collection_max_count)
        .unless("--collection-max-size", config.collection_max_size, usual.collection_max_size)
        .span("--record-max-buffered-time", config.record_max_buffered_time, usual.record_max_buffered_time)
        .span("--record-ttl", config.record_ttl, usual.record_ttl)
        .unless("--rate-limit", config.rate_limit, usual.rate_limit)
        .unless("--fail-if-throttled", config.fail_if_throttled, usual.fail_if_throttled)
        .unless("--max-connections", config.max_connections, usual.max_connections)
        .span("--request-timeout", config.request_timeout, usual.request_timeout)
        .finish()
}

fn change_kpl(change: &KplChange) -> String {
    Text::new("kpl change")
        .place(&change.name)
        .given("--rate", change.rate)
        .given("--traffic", change.traffic)
        .given("--workload", change.workload.map(|workload| word(&WORKLOADS, workload)))
        .given("--size", change.size)
        .given("--keys", change.keys.as_ref())
        .finish()
}

fn start_reader(spec: &ReaderSpec) -> String {
    let default = ReaderSpec::new("", "", StartingPosition::TrimHorizon);
    Text::new("reader start")
        .place(&spec.name)
        .option("--stream", &spec.stream)
        .position(spec.from)
        .span("--interval", spec.interval, default.interval)
        .given("--limit", spec.limit)
        .given("--consumer", spec.consumer.as_ref())
        .finish()
}

fn is_behind_dashes(place: &str) -> bool {
    place.starts_with('-') || place == "help"
}

fn word<T: PartialEq>(words: &'static [(&'static str, T)], meaning: T) -> &'static str {
    words.iter().find(|(_, other)| *other == meaning).map_or("", |(word, _)| word)
}

/// A line as it grows.
struct Text {
    verb: String,
    places: Vec<String>,
    options: String,
}

impl Text {
    fn new(verb: &str) -> Text {
        Text { verb: format!("sandbox {verb}"), places: Vec::new(), options: String::new() }
    }

    fn place(mut self, text: &str) -> Text {
        self.places.push(text.to_owned());
        self
    }

    fn option(mut self, name: &str, value: &str) -> Text {
        let glue = if value.starts_with('-') { '=' } else { ' ' };
        self.options.push_str(&format!(" {name}{glue}{}", quote(value)));
        self
    }

    fn given(self, name: &str, value: Option<impl ToString>) -> Text {
        match value {
            Some(value) => self.option(name, &value.to_string()),
            None => self,
        }
    }

    fn unless<T: PartialEq + ToString>(self, name: &str, value: T, default: T) -> Text {
        self.given(name, (value != default).then_some(value))
    }

    fn span(self, name: &str, value: Duration, default: Duration) -> Text {
        self.given(name, (value != default).then(|| duration_text(value)))
    }

    fn millis(self, name: &str, value: Duration, default: Duration) -> Text {
        self.unless(name, value.millis(), default.millis())
    }

    fn position(self, from: StartingPosition) -> Text {
        match from {
            StartingPosition::TrimHorizon => self,
            StartingPosition::Latest => self.option("--from", "LATEST"),
            StartingPosition::AtTimestamp(instant) => {
                self.option("--from", "AT_TIMESTAMP").option("--timestamp", &short_text(instant))
            }
        }
    }

    fn standing(self, standing: &Standing) -> Text {
        self.given("--role", standing.role.as_ref()).unless(
            "--subnet",
            standing.subnet.name(),
            Standing::default().subnet.name(),
        )
    }

    fn finish(self) -> String {
        let places: String = self.places.iter().map(|place| format!(" {}", quote(place))).collect();
        // Words that look like options or like a call for help stand behind `--`, and that behind everything else.
        match self.places.iter().any(|place| is_behind_dashes(place)) {
            true => format!("{}{} --{places}", self.verb, self.options),
            false => format!("{}{places}{}", self.verb, self.options),
        }
    }
}
