//! Services beside Kinesis, as far as they are simulated: one table of commands for reading, help and completion.
//!
//! What looks reads the world; what changes it is a command of the history, like everything that is typed. Answers are
//! whole: none of these lists is long enough here to come in pages.

mod cloudtrail;
mod cloudwatch;
mod dms;
mod dynamodb;
mod firehose;
mod iam;
mod kms;
mod lambda;
mod s3;

use awsjson::{Kind, Member};
use serde_json::{Map, Value};
use sim::{CLI_CALL_TIME, CallerSpec, Command, Observer, Refusal, Sandbox, World};

use super::globals::Globals;
use super::options::{CallOption, Sets, options_from};
use super::print::{Format, Printing};
use super::services::commands_of_aws;
use super::{check_region, mistakes, values};
use crate::collect::{Arity, Collected, collect};
use crate::nearest::nearest;
use crate::run::Output;
use crate::surroundings::Surroundings;
use crate::{Line, UsageError, UsageKind, Word};

pub use s3::S3Line;
pub(crate) use s3::{COMMANDS as S3_COMMANDS, S3_HELP};

/// A service with its commands.
pub(crate) struct Service {
    /// Its name at the prompt, which is also that of its actions in policies.
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) commands: &'static [ServiceCommand],
}

/// A command of a service.
pub(crate) struct ServiceCommand {
    /// `get-item`
    pub(crate) name: &'static str,
    /// `GetItem`
    pub(crate) operation: &'static str,
    pub(crate) members: &'static [Member],
    pub(crate) help: &'static str,
    pub(crate) example: &'static str,
    /// The ARN that a policy must name; `*` where there is none.
    resource: fn(&World, &Given) -> String,
    does: Does,
}

/// What a command does.
enum Does {
    Looks(fn(&World, &Given) -> Answer),
    /// Gives a command of the history, and answers once it is done.
    Changes(fn(&World, &Given) -> Result<Command, ServiceError>, fn(&World, &Given) -> Answer),
    /// Gives a command of the history, if there is anything to do, with what is answered once it is done.
    AnswersFirst(fn(&World, &Given) -> ChangeAndAnswer),
}

type Answer = Result<Value, ServiceError>;

/// What is to be done, if anything, and what is answered then.
type ChangeAndAnswer = Result<(Option<Command>, Value), ServiceError>;

/// What a service refuses, with its code.
pub(super) struct ServiceError {
    code: &'static str,
    message: String,
}

fn refused<T>(code: &'static str, message: impl Into<String>) -> Result<T, ServiceError> {
    Err(ServiceError { code, message: message.into() })
}

/// Nothing to answer.
fn nothing(_: &World, _: &Given) -> Answer {
    Ok(Value::Object(Map::new()))
}

fn any_resource(_: &World, _: &Given) -> String {
    "*".to_owned()
}

/// Members as they were given.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Given(Map<String, Value>);

impl Given {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn texts(&self, name: &str) -> Vec<&str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }
}

/// A call to such a service as it was typed.
#[derive(Clone, PartialEq, Debug)]
pub struct ServiceCall {
    /// Places in the tables.
    service: usize,
    command: usize,
    given: Given,
    caller: CallerSpec,
    region: Option<String>,
    printing: Printing,
    /// What may not have been meant.
    hints: Vec<String>,
}

pub(crate) const SERVICES: &[Service] = &[
    dynamodb::DYNAMODB,
    cloudwatch::CLOUDWATCH,
    lambda::LAMBDA,
    firehose::FIREHOSE,
    dms::DMS,
    iam::IAM,
    kms::KMS,
    cloudtrail::CLOUDTRAIL,
];

const fn text(name: &'static str) -> Member {
    Member { name, kind: Kind::String, is_required: false, min: Some(1), is_simulated: true }
}

const fn int(name: &'static str, min: i64) -> Member {
    Member { min: Some(min), ..of(Kind::Integer, text(name)) }
}

const fn required(member: Member) -> Member {
    Member { is_required: true, ..member }
}

const fn of(kind: Kind, member: Member) -> Member {
    Member { kind, ..member }
}

/// The option is known and refused.
const fn not_simulated(member: Member) -> Member {
    Member { is_simulated: false, ..member }
}

/// Whether the AWS CLI has the service and the sandbox some of it.
pub(crate) fn service(name: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.name == name)
}

/// The names of the services that are simulated beside Kinesis, with what they are.
pub(crate) fn services() -> impl Iterator<Item = (&'static str, &'static str)> {
    SERVICES.iter().map(|service| (service.name, service.help)).chain([("s3", S3_HELP)])
}

impl Service {
    /// What of it is simulated, for people.
    fn simulated(&self) -> String {
        let names: Vec<&str> = self.commands.iter().map(|command| command.name).collect();
        format!("Simulated: aws {} {}.", self.name, names.join(", "))
    }
}

impl ServiceCommand {
    pub(crate) fn options(&self) -> Vec<CallOption> {
        options_from(self.members, false)
    }
}

/// Reads a line of such a service; none where there is no such service.
pub(super) fn parse(
    name: &str,
    rest: &[Word],
    words: &[Word],
    globals: Globals,
    surroundings: &Surroundings<'_>,
) -> Option<Result<Line, UsageError>> {
    if name == "s3" {
        return Some(s3::parse(rest, words, globals, surroundings));
    }
    let place = SERVICES.iter().position(|service| service.name == name)?;
    Some(parse_service(place, rest, words, globals, surroundings))
}

fn parse_service(
    place: usize,
    rest: &[Word],
    words: &[Word],
    globals: Globals,
    surroundings: &Surroundings<'_>,
) -> Result<Line, UsageError> {
    let service = &SERVICES[place];
    let (more, rest) = super::leading_globals(rest, words)?;
    let globals = globals.or(more);
    let Some((operation, rest)) = rest.split_first() else {
        let listed = format!("aws {} help lists the commands", service.name);
        return Err(mistakes::missing("operation", words).hinting(listed));
    };
    let help = |more: &[&str]| {
        let topic = ["aws", service.name].into_iter().chain(more.iter().copied());
        Ok(Line::Help(topic.map(str::to_owned).collect()))
    };
    if operation.text == "help" {
        return help(&[]);
    }
    let Some(index) = service.commands.iter().position(|command| command.name == operation.text) else {
        return Err(unknown_command(service, operation));
    };
    let command = &service.commands[index];
    if matches!(rest, [word] if word.text == "help") {
        return help(&[command.name]);
    }
    let options = command.options();
    let arities: Vec<(String, Arity)> =
        options.iter().map(|option| (option.name.clone(), option.arity())).collect();
    let collected = collect(rest, &arities).map_err(|error| mistakes::collect_error(error, &arities))?;
    check_threshold(&options, &collected)?;
    let globals = globals.or(super::globals::read_globals(&collected, &options)?);
    let input_json = options.iter().position(|option| matches!(option.sets, Sets::InputJson));
    let skeleton = options.iter().position(|option| matches!(option.sets, Sets::Skeleton));
    let typed = |place: Option<usize>| place.and_then(|place| collected.options.get(&place));
    if typed(input_json).is_none() && typed(skeleton).is_none() {
        mistakes::check_required(&options, &collected, words)?;
    }
    mistakes::check_not_simulated(&collected, service.name, command.name)?;
    mistakes::check_unknown(&collected, &options)?;
    if let Some(kind) = typed(skeleton) {
        return super::skeleton::line(command.members, kind, words);
    }
    if let Some(unsimulated) = options.iter().enumerate().find(|(place, option)| {
        option.member().is_some_and(|member| !member.is_simulated) && collected.options.contains_key(place)
    }) {
        let position = typed(Some(unsimulated.0)).and_then(|values| values.first());
        let position = position.map_or_else(|| values::end_of(words), |value| value.span.clone());
        return Err(mistakes::option_not_simulated(unsimulated.1.name.as_str(), position));
    }
    if globals.is_debug {
        let message = "--debug shows the wire of aws kinesis only.";
        return Err(UsageError::sandbox(values::end_of(words), message));
    }
    let mut given = super::read_members(&options, &collected, surroundings)?;
    if let Some(value) = typed(input_json).and_then(|values| values.first()) {
        for (name, value) in values::read_input_json(value, surroundings)? {
            given.entry(name).or_insert(value);
        }
    }
    let position_of = |member| super::position_of(member, &options, &collected, words);
    let hints = values::convert_blobs(&mut given, command.members, globals.binary_format(surroundings));
    let hints = hints.map_err(|error| {
        let has_blob = |kind: Kind| match kind {
            Kind::Structure(inner) | Kind::StructureList(inner) => {
                inner.iter().any(|member| member.kind == Kind::Blob)
            }
            kind => kind == Kind::Blob,
        };
        let blob = command.members.iter().find(|member| has_blob(member.kind));
        UsageError { position: position_of(blob.map(|member| member.name)), ..error }
    })?;
    let violations = super::validate::validate(&given, command.members);
    if let Some(first) = violations.first() {
        return Err(mistakes::violated(&violations, position_of(values::member_of_path(first))));
    }
    values::convert_times(&mut given, command.members);
    Ok(Line::Service(ServiceCall {
        service: place,
        command: index,
        given: Given(given),
        caller: CallerSpec { principal: globals.profile(surroundings), is_through_endpoint: false },
        printing: globals.printing(),
        region: globals.region,
        hints,
    }))
}

/// Observed: the one option here that holds a number with a fraction is read as the line is parted, before anything is
/// missed.
fn check_threshold(options: &[CallOption], collected: &Collected<'_>) -> Result<(), UsageError> {
    let place = options.iter().position(|option| option.name == "--threshold");
    let typed = place.and_then(|place| collected.options.get(&place)?.first());
    match typed.filter(|value| value.text.trim().parse::<f64>().is_err()) {
        None => Ok(()),
        Some(value) => {
            let message =
                format!("argument --threshold: invalid float value: {}", super::python::quoted(value.text));
            Err(UsageError::new(UsageKind::Usage, value.span.clone(), message))
        }
    }
}

fn unknown_command(service: &Service, word: &Word) -> UsageError {
    if commands_of_aws(service.name).any(|command| command == word.text) {
        let message = format!(
            "aws {} {} exists in AWS but is not simulated here. {}",
            service.name,
            word.text,
            service.simulated()
        );
        return UsageError::sandbox(word.span.clone(), message);
    }
    let near = nearest(&word.text, commands_of_aws(service.name).chain(["help"]), 80);
    let message = format!("argument operation: Found invalid choice '{}'", word.text);
    UsageError::new(UsageKind::InvalidChoice, word.span.clone(), message)
        .suggesting(near)
        .hinting(service.simulated())
}

impl ServiceCall {
    pub(crate) fn run<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        surroundings: &Surroundings<'_>,
    ) -> Output {
        if let Err(message) = check_region(sandbox, self.region.as_deref(), surroundings) {
            return Output::not_here(&message);
        }
        let service = &SERVICES[self.service];
        let command = &service.commands[self.command];
        if let Some(output) = unknown_caller(sandbox, &self.caller) {
            return output;
        }
        let answer = self.answer(sandbox, service, command);
        // As every call that is typed.
        sandbox.advance(CLI_CALL_TIME, None);
        match answer {
            Ok(mut answer) => {
                super::print::print_times(&mut answer);
                let mut output = print(&self.printing, command.operation, &answer, surroundings);
                self.hints.iter().for_each(|hint| output.stderr.push_str(&format!("{hint}\n")));
                output
            }
            Err(error) => failed(command.operation, error.code, &error.message),
        }
    }

    fn answer<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        service: &Service,
        command: &ServiceCommand,
    ) -> Answer {
        let action = format!("{}:{}", service.name, command.operation);
        let resource = (command.resource)(sandbox.world(), &self.given);
        if let Err(error) = sandbox.world().check_right(&self.caller, &action, &resource) {
            return refused("AccessDeniedException", error.message());
        }
        match command.does {
            Does::Looks(look) => look(sandbox.world(), &self.given),
            Does::Changes(make, look) => {
                let change = make(sandbox.world(), &self.given)?;
                submit(sandbox, change)?;
                look(sandbox.world(), &self.given)
            }
            Does::AnswersFirst(make) => {
                let (change, answer) = make(sandbox.world(), &self.given)?;
                change.map_or(Ok(()), |change| submit(sandbox, change))?;
                Ok(answer)
            }
        }
    }
}

fn submit<O: Observer>(sandbox: &mut Sandbox<O>, change: Command) -> Result<(), ServiceError> {
    match sandbox.submit(change) {
        Ok(_) => Ok(()),
        Err(refusal) => refused(code_of(&refusal), refusal.reason()),
    }
}

/// What the sandbox itself refuses has no code of AWS: what it comes nearest to.
fn code_of(refusal: &Refusal) -> &'static str {
    refusal.code().unwrap_or("ValidationException")
}

/// What is said where somebody calls whom the sandbox does not know.
fn unknown_caller<O: Observer>(sandbox: &Sandbox<O>, caller: &CallerSpec) -> Option<Output> {
    let name = caller.principal.as_deref().filter(|name| !sandbox.world().knows_identity(name))?;
    Some(super::call::unknown_profile(sandbox, name))
}

fn failed(operation: &str, code: &str, message: &str) -> Output {
    let message = format!("An error occurred ({code}) when calling the {operation} operation: {message}");
    Output::failed(254, format!("\naws: [ERROR]: {message}\n"))
}

/// An answer in the format of the line or the settings.
pub(super) fn print(
    printing: &Printing,
    operation: &str,
    answer: &Value,
    surroundings: &Surroundings<'_>,
) -> Output {
    let printed = printing.settled(surroundings).map(|printing| {
        let mut answer = answer.clone();
        if printing.format != Some(Format::Text)
            && let Some(members) = answer.as_object_mut()
        {
            members.remove(cloudwatch::OWNERS);
        }
        printing.answer(operation, &answer)
    });
    let (stdout, problem) = match printed {
        Ok(printed) => printed,
        Err(problem) => (String::new(), Some(problem)),
    };
    let stderr = problem.map(|problem| format!("\naws: [ERROR]: {problem}\n"));
    let exit_code = if stderr.is_some() { 255 } else { 0 };
    Output { stdout, stderr: stderr.unwrap_or_default(), exit_code, ..Output::default() }
}
