//! `aws kinesis …`: from words to a call, with the AWS CLI's own checks in its own order and words.

mod call;
mod globals;
mod json_error;
mod options;
mod paging;
mod print;
mod python;
mod render;
mod services;
mod shorthand;
mod validate;
mod values;
mod wait;

use awsjson::members;
use kinesis::{DescribeStreamInput, Operation, Request};
use serde_json::{Map, Value};

pub(crate) use call::check_region;
use globals::Meaning;
pub(crate) use globals::{BINARY_FORMATS, GLOBALS, OUTPUTS};
use options::Sets;
pub(crate) use options::{CallOption, command_name, operation_of_command, options_of};
pub(crate) use render::render;
pub(crate) use services::NOT_SIMULATED as OTHER_SERVICES;
use values::BinaryFormat;
pub use wait::Waiter;

use crate::collect::{Arity, CollectError, Collected, collect};
use crate::names::hyphenated;
use crate::nearest::nearest;
use crate::{Line, UsageError, UsageKind, Word};

/// A call as it was typed.
#[derive(Clone, PartialEq, Debug)]
pub struct AwsCall {
    pub request: Request,
    /// The Region that was asked for, where one was.
    pub region: Option<String>,
    /// Whether all pages of the answer are fetched and printed as one.
    pub is_paged: bool,
    /// What the sandbox remarks on standard error, the call being made all the same.
    pub hints: Vec<String>,
}

/// What the global options of a line say.
#[derive(Default)]
struct Globals {
    region: Option<String>,
    binary_format: BinaryFormat,
    is_one_page: bool,
    is_version: bool,
}

/// Reads a line whose first word is `aws`.
pub(crate) fn parse(words: &[Word]) -> Result<Line, UsageError> {
    let rest = words.get(1..).unwrap_or_default();
    let (globals, rest) = leading_globals(rest, words)?;
    if globals.is_version {
        return Ok(Line::Version);
    }
    let Some((service, rest)) = rest.split_first() else { return Err(missing("command", words)) };
    match service.text.as_str() {
        "help" if rest.is_empty() => return Ok(Line::Help(vec!["aws".to_owned()])),
        "kinesis" => {}
        other => return Err(unknown_service(other, service)),
    }
    let (more, rest) = leading_globals(rest, words)?;
    let globals = globals.or(more);
    let Some((operation, rest)) = rest.split_first() else { return Err(missing("operation", words)) };
    let is_help = matches!(rest, [word] if word.text == "help");
    match operation.text.as_str() {
        "help" => Ok(Line::Help(vec!["aws".to_owned(), "kinesis".to_owned()])),
        "wait" => parse_wait(rest, words, globals),
        text => match operation_of_command(text) {
            Some(_) if is_help => {
                Ok(Line::Help(vec!["aws".to_owned(), "kinesis".to_owned(), text.to_owned()]))
            }
            Some(operation) => parse_call(operation, rest, words, globals).map(Line::Call),
            None => Err(unknown_operation(operation)),
        },
    }
}

fn parse_wait(rest: &[Word], words: &[Word], globals: Globals) -> Result<Line, UsageError> {
    let Some((name, rest)) = rest.split_first() else {
        let message =
            "usage: aws [options] kinesis wait <subcommand> [parameters]\naws: [ERROR]: too few arguments";
        return Err(UsageError::new(UsageKind::Parameter, values::end_of(words), message));
    };
    let Some(waiter) = Waiter::ALL.into_iter().find(|waiter| waiter.command() == name.text) else {
        let known = Waiter::ALL.map(Waiter::command);
        let message = format!("argument subcommand: Found invalid choice '{}'", name.text);
        return Err(UsageError::new(UsageKind::InvalidChoice, name.span.clone(), message)
            .suggesting(nearest(&name.text, known, 80)));
    };
    let call = parse_call(Operation::DescribeStream, rest, words, globals)?;
    match call.request {
        Request::DescribeStream(input) => {
            let DescribeStreamInput { stream_name, stream_arn, .. } = input;
            let input = DescribeStreamInput { stream_name, stream_arn, ..DescribeStreamInput::default() };
            Ok(Line::Wait { waiter, input, region: call.region })
        }
        _ => Err(missing("operation", words)),
    }
}

fn parse_call(
    operation: Operation,
    rest: &[Word],
    words: &[Word],
    globals: Globals,
) -> Result<AwsCall, UsageError> {
    let options = options_of(operation);
    let arities: Vec<(String, Arity)> =
        options.iter().map(|option| (option.name.clone(), option.arity())).collect();
    let collected = collect(rest, &arities).map_err(|error| collect_error(error, &arities))?;
    let globals = globals.or(read_globals(&collected, &options)?);

    let typed = |index: &usize| collected.options.contains_key(index);
    let input_json = (0..options.len()).filter(typed).find(|i| matches!(options[*i].sets, Sets::InputJson));
    if input_json.is_none() {
        check_required(&options, &collected, words)?;
    }
    check_unknown(&collected, &options)?;
    let mut given = read_members(&options, &collected)?;
    if let Some(values) = input_json.and_then(|index| collected.options.get(&index)) {
        for (name, value) in values.first().map(values::read_input_json).transpose()?.unwrap_or_default() {
            given.entry(name).or_insert(value);
        }
    }

    let table = members(operation);
    let position_of = |member: &str| {
        let index = options.iter().position(|option| option.member().is_some_and(|m| m.name == member))?;
        let values = collected.options.get(&index)?;
        Some(values.first()?.span.start..values.last()?.span.end)
    };
    let position_of =
        |member: Option<&str>| member.and_then(position_of).unwrap_or_else(|| values::end_of(words));
    let hints =
        values::convert_blobs(&mut given, table, globals.binary_format).map_err(|error| UsageError {
            position: position_of(Some(if given.contains_key("Data") { "Data" } else { "Records" })),
            ..error
        })?;
    let violations = validate::validate(&given, table);
    if let Some(first) = violations.first() {
        let position = position_of(values::member_of_path(first));
        let message = format!("Parameter validation failed:\n{}", violations.join("\n"));
        return Err(UsageError::new(UsageKind::Parameter, position, message));
    }
    values::convert_times(&mut given, table);
    let is_paged =
        !globals.is_one_page && paging::pager(operation).is_some_and(|pager| !pager.is_by_hand(&given));
    let request = awsjson::decode_members(operation, given).map_err(|error| {
        let message = service_error(operation, error.code(), &error.message());
        UsageError::new(UsageKind::Service, values::end_of(words), message)
    })?;
    Ok(AwsCall { request, region: globals.region, is_paged, hints })
}

/// The AWS CLI's sentence for what the service refuses.
pub(crate) fn service_error(operation: Operation, code: &str, message: &str) -> String {
    format!("An error occurred ({code}) when calling the {operation} operation: {message}")
}

fn read_members(options: &[CallOption], collected: &Collected<'_>) -> Result<Map<String, Value>, UsageError> {
    let mut given = Map::new();
    for (index, values) in &collected.options {
        match options.get(*index).map(|option| (option, option.sets)) {
            Some((option, Sets::Member(member))) => {
                given.insert(member.name.to_owned(), values::read(&option.name, member, values)?);
            }
            Some((_, Sets::MemberFalse(member))) => {
                given.insert(member.name.to_owned(), Value::Bool(false));
            }
            _ => {}
        }
    }
    Ok(given)
}

// Global options ------------------------------------------------------------------------------------------------------

impl Globals {
    /// These, and where these say nothing, the others: what stands later in a line wins.
    fn or(self, later: Globals) -> Globals {
        Globals {
            region: later.region.or(self.region),
            binary_format: if later.binary_format == BinaryFormat::Raw {
                BinaryFormat::Raw
            } else {
                self.binary_format
            },
            is_one_page: later.is_one_page || self.is_one_page,
            is_version: later.is_version || self.is_version,
        }
    }
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
        return Err(missing("command", words));
    }
    check_unknown(&collected, &options)?;
    Ok((read_globals(&collected, &options)?, after))
}

fn read_globals(collected: &Collected<'_>, options: &[CallOption]) -> Result<Globals, UsageError> {
    let mut globals = Globals::default();
    for (index, values) in &collected.options {
        let Some(option) = options.get(*index) else { continue };
        let (text, span) = values.first().map_or(("", 0..0), |value| (value.text, value.span.clone()));
        let choice = |choices: &[&str]| match choices.contains(&text) {
            true => Ok(()),
            false => {
                let message = format!("argument {}: Found invalid choice '{text}'", option.name);
                Err(UsageError::new(UsageKind::InvalidChoice, span.clone(), message).suggesting(nearest(
                    text,
                    choices.iter().copied(),
                    80,
                )))
            }
        };
        let not_simulated = |what: &str| {
            let message = format!("{what} exists in the AWS CLI but is not simulated here yet.");
            Err(UsageError::sandbox(span.clone(), message))
        };
        match option.sets {
            Sets::Global(Meaning::Region) => globals.region = Some(text.to_owned()),
            Sets::Global(Meaning::NoPaginate) => globals.is_one_page = true,
            Sets::Global(Meaning::Version) => globals.is_version = true,
            Sets::Global(Meaning::BinaryFormat) => {
                choice(&BINARY_FORMATS)?;
                globals.binary_format =
                    if text == "base64" { BinaryFormat::Base64 } else { BinaryFormat::Raw };
            }
            Sets::Global(Meaning::Color) => choice(&globals::COLORS)?,
            Sets::Global(Meaning::Output) => {
                choice(&OUTPUTS)?;
                if text != "json" {
                    return not_simulated(&format!("--output {text}"));
                }
            }
            Sets::Global(Meaning::Profile) if text != "default" => {
                let message = format!("The config profile ({text}) could not be found");
                return Err(UsageError::new(UsageKind::General, span, message));
            }
            Sets::Global(Meaning::NotSimulated(_)) | Sets::NotSimulated => {
                return not_simulated(&option.name);
            }
            Sets::Global(Meaning::Profile | Meaning::Harmless(_))
            | Sets::Member(_)
            | Sets::MemberFalse(_)
            | Sets::InputJson => {}
        }
    }
    Ok(globals)
}

// Mistakes ------------------------------------------------------------------------------------------------------------

fn missing(what: &str, words: &[Word]) -> UsageError {
    let message = format!("the following arguments are required: {what}");
    UsageError::new(UsageKind::Usage, values::end_of(words), message)
}

fn check_required(
    options: &[CallOption],
    collected: &Collected<'_>,
    words: &[Word],
) -> Result<(), UsageError> {
    let missing_names: Vec<&str> = options
        .iter()
        .enumerate()
        .filter(|(index, option)| {
            matches!(option.sets, Sets::Member(member) if member.is_required)
                && !collected.options.contains_key(index)
        })
        .map(|(_, option)| option.name.as_str())
        .collect();
    if missing_names.is_empty() { Ok(()) } else { Err(missing(&missing_names.join(", "), words)) }
}

fn check_unknown(collected: &Collected<'_>, options: &[CallOption]) -> Result<(), UsageError> {
    let unknown: Vec<&str> =
        collected.unknown.iter().chain(&collected.positionals).map(|value| value.text).collect();
    let Some(first) = collected.unknown.first().or(collected.positionals.first()) else { return Ok(()) };
    let near = match first.text.starts_with('-') {
        true => nearest(first.text, options.iter().map(|option| option.name.as_str()), 70),
        false => Vec::new(),
    };
    let message = format!("Unknown options: {}", unknown.join(", "));
    Err(UsageError::new(UsageKind::UnknownOptions, first.span.clone(), message).suggesting(near))
}

fn collect_error(error: CollectError<'_>, options: &[(String, Arity)]) -> UsageError {
    let name = |index: usize| options.get(index).map_or("", |(name, _)| name.as_str());
    let (word, message) = match error {
        CollectError::Ambiguous { word, matches } => {
            let matches: Vec<&str> = matches.into_iter().map(name).collect();
            (word, format!("ambiguous option: {} could match {}", word.text, matches.join(", ")))
        }
        CollectError::NeedsValue { option, word } => {
            (word, format!("argument {}: expected one argument", name(option)))
        }
        CollectError::TakesNoValue { option, word, value } => {
            let value = python::quoted(value);
            (word, format!("argument {}: ignored explicit argument {value}", name(option)))
        }
    };
    UsageError::new(UsageKind::Usage, word.span.clone(), message)
}

fn unknown_service(name: &str, word: &Word) -> UsageError {
    if OTHER_SERVICES.contains(&name) {
        let message = format!("aws {name} exists in AWS but is not simulated here. Simulated: aws kinesis.");
        return UsageError::sandbox(word.span.clone(), message);
    }
    let known = OTHER_SERVICES.iter().copied().chain(["kinesis", "help"]);
    let message = format!("argument command: Found invalid choice '{name}'");
    UsageError::new(UsageKind::InvalidChoice, word.span.clone(), message).suggesting(nearest(name, known, 80))
}

fn unknown_operation(word: &Word) -> UsageError {
    // SubscribeToShard answers with a stream of events, which the AWS CLI has no command for.
    let commands: Vec<String> = awsjson::OPERATION_NAMES
        .iter()
        .filter(|name| **name != "SubscribeToShard")
        .map(|name| hyphenated(name))
        .collect();
    if commands.contains(&word.text) {
        let message = format!(
            "aws kinesis {} exists in AWS but is not simulated here; aws kinesis help lists what is.",
            word.text
        );
        return UsageError::sandbox(word.span.clone(), message);
    }
    let known = commands.iter().map(String::as_str).chain(["wait", "help"]);
    let message = format!("argument operation: Found invalid choice '{}'", word.text);
    UsageError::new(UsageKind::InvalidChoice, word.span.clone(), message)
        .suggesting(nearest(&word.text, known, 80))
}
