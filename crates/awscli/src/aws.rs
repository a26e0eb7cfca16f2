//! `aws kinesis …`: from words to a call, with the AWS CLI's own checks in its own order and words.

mod call;
mod globals;
mod json_error;
mod local;
mod mistakes;
mod neighbours;
mod options;
mod paging;
mod print;
mod python;
mod render;
mod services;
mod shorthand;
mod skeleton;
mod validate;
mod values;
mod wait;

use std::ops::Range;

use awsjson::members;
use kinesis::{DescribeStreamInput, Operation, Request};
use serde_json::{Map, Value};
use sim::{CallerSpec, Command};

pub(crate) use call::{check_region, nearest_stream};
pub(crate) use globals::{BINARY_FORMATS, GLOBALS};
use globals::{Globals, read_globals};
pub use local::Local;
use mistakes::{
    COMMANDS_LISTED, HELP_IS_A_WORD, SERVICES_LISTED, asks_for_help, check_required, check_unknown,
    collect_error, missing, unknown_operation, unknown_service, violated,
};
pub(crate) use neighbours::{S3_COMMANDS, Service, ServiceCommand, service, services};
pub use neighbours::{S3Line, ServiceCall};
use options::Sets;
pub(crate) use options::{CallOption, command_name, commands, operation_of_command, options_of};
pub use paging::PageOptions;
pub use print::{Format, Printing};
pub(crate) use python::{int as python_int, str as python_text};
pub(crate) use render::render;
pub(crate) use services::services_of_aws;
#[cfg(test)]
pub(crate) use services::{commands_of_aws, options_of_aws};
pub use wait::Waiter;

use crate::collect::{Arity, Collected, collect};
use crate::nearest::nearest;
use crate::surroundings::Surroundings;
use crate::{Line, UsageError, UsageKind, Word};

/// A call as it was typed.
#[derive(Clone, PartialEq, Debug)]
pub struct AwsCall {
    pub request: Request,
    /// Whose call it is, by which way.
    pub caller: CallerSpec,
    /// The Region that was asked for, where one was.
    pub region: Option<String>,
    /// Whether all pages of the answer are fetched and printed as one.
    pub is_paged: bool,
    pub page_options: PageOptions,
    pub printing: Printing,
    /// Whether the request and the reply are shown as they are on the wire.
    pub is_debug: bool,
    /// What the sandbox remarks on standard error, the call being made all the same.
    pub hints: Vec<String>,
}

impl AwsCall {
    /// What the world is asked for.
    pub(crate) fn command(&self) -> Command {
        let (caller, request) = (self.caller.clone(), self.request.clone());
        match caller == CallerSpec::default() {
            true => Command::Call(request),
            false => Command::CallAs { caller, request },
        }
    }
}

/// Reads a line whose first word is `aws`.
pub(crate) fn parse(words: &[Word], surroundings: &Surroundings<'_>) -> Result<Line, UsageError> {
    let rest = words.get(1..).unwrap_or_default();
    let (globals, rest) = leading_globals(rest, words)?;
    if globals.is_version {
        return Ok(Line::Version);
    }
    let Some((service, rest)) = rest.split_first() else {
        return Err(missing("command", words).hinting(SERVICES_LISTED));
    };
    match service.text.as_str() {
        "help" => {
            let topic = rest.iter().map(|word| word.text.clone());
            return Ok(Line::Help([String::from("aws")].into_iter().chain(topic).collect()));
        }
        "kinesis" => {}
        "configure" | "sts" => return local::parse(&service.text, rest, words, globals),
        other => {
            return match neighbours::parse(other, rest, words, globals, surroundings) {
                Some(line) => line,
                None => Err(unknown_service(other, service)),
            };
        }
    }
    let (more, rest) = leading_globals(rest, words)?;
    let globals = globals.or(more);
    let Some((operation, rest)) = rest.split_first() else {
        return Err(missing("operation", words).hinting(COMMANDS_LISTED));
    };
    let is_help = matches!(rest, [word] if word.text == "help");
    match operation.text.as_str() {
        "help" => Ok(Line::Help(vec!["aws".to_owned(), "kinesis".to_owned()])),
        "wait" => parse_wait(rest, words, globals, surroundings),
        text => match operation_of_command(text) {
            Some(_) if is_help => {
                Ok(Line::Help(vec!["aws".to_owned(), "kinesis".to_owned(), text.to_owned()]))
            }
            Some(operation) => parse_call(operation, rest, words, globals, surroundings),
            None => Err(unknown_operation(operation)),
        },
    }
}

const WAITERS: &str = "aws kinesis wait has stream-exists and stream-not-exists";

fn parse_wait(
    rest: &[Word],
    words: &[Word],
    globals: Globals,
    surroundings: &Surroundings<'_>,
) -> Result<Line, UsageError> {
    let Some((name, rest)) = rest.split_first() else {
        let message =
            "usage: aws [options] kinesis wait <subcommand> [parameters]\naws: [ERROR]: too few arguments";
        return Err(UsageError::new(UsageKind::Parameter, values::end_of(words), message).hinting(WAITERS));
    };
    let is_help = |word: &Word| word.text == "help";
    if is_help(name) || matches!(rest, [word] if is_help(word)) {
        return Ok(Line::Help(["aws", "kinesis", "wait"].map(str::to_owned).to_vec()));
    }
    let Some(waiter) = Waiter::ALL.into_iter().find(|waiter| waiter.command() == name.text) else {
        let known = Waiter::ALL.map(Waiter::command);
        let message = format!("argument subcommand: Found invalid choice '{}'", name.text);
        return Err(UsageError::new(UsageKind::InvalidChoice, name.span.clone(), message)
            .suggesting(nearest(&name.text, known, 80))
            .hinting(WAITERS));
    };
    match parse_call(Operation::DescribeStream, rest, words, globals, surroundings)? {
        Line::Call(AwsCall { caller, .. }) if caller != CallerSpec::default() => {
            let message = "aws kinesis wait with --profile or --endpoint-url is not simulated here.";
            Err(UsageError::sandbox(values::end_of(words), message))
        }
        Line::Call(AwsCall { request: Request::DescribeStream(input), region, .. }) => {
            let DescribeStreamInput { stream_name, stream_arn, .. } = input;
            let input = DescribeStreamInput { stream_name, stream_arn, ..DescribeStreamInput::default() };
            Ok(Line::Wait { waiter, input, region })
        }
        other => Ok(other),
    }
}

fn parse_call(
    operation: Operation,
    rest: &[Word],
    words: &[Word],
    globals: Globals,
    surroundings: &Surroundings<'_>,
) -> Result<Line, UsageError> {
    let options = options_of(operation);
    let arities: Vec<(String, Arity)> =
        options.iter().map(|option| (option.name.clone(), option.arity())).collect();
    let collected = collect(rest, &arities).map_err(|error| collect_error(error, &arities))?;
    let globals = globals.or(read_globals(&collected, &options)?);

    let typed = |sets: fn(&Sets) -> bool| {
        let index = options.iter().position(|option| sets(&option.sets))?;
        collected.options.get(&index)
    };
    let input_json = typed(|sets| matches!(sets, Sets::InputJson));
    let skeleton = typed(|sets| matches!(sets, Sets::Skeleton));
    if input_json.is_none() && !skeleton.is_some_and(|kind| skeleton::is_of_input(kind)) {
        check_required(&options, &collected, words)?;
    }
    check_unknown(&collected, &options)?;
    if let Some(kind) = skeleton {
        return skeleton::line(members(operation), kind, words);
    }
    let page_options = paging::options(typed)?;
    let mut given = read_members(&options, &collected, surroundings)?;
    if let Some(values) = input_json {
        for (name, value) in values
            .first()
            .map(|value| values::read_input_json(value, surroundings))
            .transpose()?
            .unwrap_or_default()
        {
            given.entry(name).or_insert(value);
        }
    }

    let table = members(operation);
    let position_of = |member: Option<&str>| position_of(member, &options, &collected, words);
    let hints =
        values::convert_blobs(&mut given, table, globals.binary_format(surroundings)).map_err(|error| {
            UsageError {
                position: position_of(Some(if given.contains_key("Data") { "Data" } else { "Records" })),
                ..error
            }
        })?;
    let violations = validate::validate(&given, table);
    if let Some(first) = violations.first() {
        return Err(violated(&violations, position_of(values::member_of_path(first))));
    }
    values::convert_times(&mut given, table);
    let pager = paging::pager(operation).filter(|pager| !pager.is_by_hand(&given));
    let is_paged = !globals.is_one_page && pager.is_some();
    if let Some(names) = page_options.names().filter(|_| !is_paged) {
        let message = format!("Cannot specify --no-paginate along with pagination arguments: {names}");
        return Err(UsageError::new(UsageKind::Parameter, values::end_of(words), message));
    }
    let request = awsjson::decode_members(operation, given).map_err(|error| {
        let message = service_error(operation, error.code(), &error.message());
        UsageError::new(UsageKind::Service, values::end_of(words), message)
    })?;
    let (printing, is_debug) = (globals.printing(), globals.is_debug);
    Ok(Line::Call(AwsCall {
        request,
        caller: CallerSpec {
            principal: globals.profile(surroundings),
            is_through_endpoint: globals.is_through_endpoint,
        },
        region: globals.region,
        is_paged,
        page_options,
        printing,
        is_debug,
        hints,
    }))
}

/// Where the value of a member was typed, or the end of the line where it was not.
fn position_of(
    member: Option<&str>,
    options: &[CallOption],
    collected: &Collected<'_>,
    words: &[Word],
) -> Range<usize> {
    let typed = |member: &str| {
        let index = options.iter().position(|option| option.member().is_some_and(|m| m.name == member))?;
        let values = collected.options.get(&index)?;
        Some(values.first()?.span.start..values.last()?.span.end)
    };
    member.and_then(typed).unwrap_or_else(|| values::end_of(words))
}

/// The AWS CLI's sentence for what the service refuses.
pub(crate) fn service_error(operation: Operation, code: &str, message: &str) -> String {
    format!("An error occurred ({code}) when calling the {operation} operation: {message}")
}

fn read_members(
    options: &[CallOption],
    collected: &Collected<'_>,
    surroundings: &Surroundings<'_>,
) -> Result<Map<String, Value>, UsageError> {
    let mut given = Map::new();
    for (index, values) in &collected.options {
        match options.get(*index).map(|option| (option, option.sets)) {
            Some((option, Sets::Member(member))) => {
                given.insert(
                    member.name.to_owned(),
                    values::read(&option.name, member, values, surroundings)?,
                );
            }
            Some((_, Sets::MemberFalse(member))) => {
                given.insert(member.name.to_owned(), Value::Bool(false));
            }
            _ => {}
        }
    }
    Ok(given)
}

/// The global options before the next word that is none, and the words from there on.
fn leading_globals<'w>(rest: &'w [Word], words: &[Word]) -> Result<(Globals, &'w [Word]), UsageError> {
    let options: Vec<CallOption> = GLOBALS
        .iter()
        .map(|global| CallOption { name: global.name.to_owned(), sets: Sets::Global(global.meaning) })
        .collect();
    let mut end = 0;
    while let Some(word) = rest.get(end).filter(|word| word.text.starts_with('-')) {
        let name = word.text.split_once('=').map_or(word.text.as_str(), |(name, _)| name);
        let takes_next = options
            .iter()
            .find(|option| option.name == name)
            .is_some_and(|option| option.arity() == Arity::One && name.len() == word.text.len());
        end += if takes_next { 2 } else { 1 };
    }
    let (globals, after) = rest.split_at(end.min(rest.len()));
    let arities: Vec<(String, Arity)> =
        options.iter().map(|option| (option.name.clone(), option.arity())).collect();
    let collected = collect(globals, &arities).map_err(|error| collect_error(error, &arities))?;
    if after.is_empty() && collected.options.is_empty() && !globals.is_empty() {
        let error = missing("command", words);
        return Err(match globals.iter().find(|word| asks_for_help(&word.text)) {
            Some(word) => UsageError { position: word.span.clone(), ..error }.hinting(HELP_IS_A_WORD),
            None => error.hinting(SERVICES_LISTED),
        });
    }
    check_unknown(&collected, &options)?;
    Ok((read_globals(&collected, &options)?, after))
}
