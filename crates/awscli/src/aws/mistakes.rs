//! Lines that the AWS CLI refuses before it calls anything, in its words.

use std::ops::Range;

use awsjson::{Kind, Member, OPERATION_NAMES};
use kinesis::Operation;

use super::options::{CallOption, Sets};
use super::services::{option_of_aws, services_of_aws};
use super::{python, values};
use crate::collect::{Arity, CollectError, Collected, Value};
use crate::names::hyphenated;
use crate::nearest::nearest;
use crate::{UsageError, UsageKind, Word};

pub(super) fn missing(what: &str, words: &[Word]) -> UsageError {
    let message = format!("the following arguments are required: {what}");
    UsageError::new(UsageKind::Usage, values::end_of(words), message)
}

pub(super) fn check_required(
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
    if missing_names.is_empty() {
        return Ok(());
    }
    let error = missing(&missing_names.join(", "), words);
    // What stands there in the place of what is missing is what to look at.
    let meant = collected.unknown.iter().find_map(|typed| {
        let near = nearest(typed.text, missing_names.iter().copied(), 70);
        (!near.is_empty()).then(|| (typed.span.clone(), near))
    });
    let stray = || Some(stray(options, collected)?).map(|(position, meant)| (position, vec![meant]));
    Err(match meant.or_else(stray) {
        Some((position, meant)) => UsageError { position, ..error }.suggesting(meant),
        None => error,
    })
}

/// Where the first word stands that belongs to no option, and what was probably meant by it: a part of the value before
/// it, which lacks its quotes, or the value of an option that lacks its name.
fn stray(options: &[CallOption], collected: &Collected<'_>) -> Option<(Range<usize>, String)> {
    // Behind an option that nobody knows stands its value.
    let first = collected.positionals.first().filter(|_| collected.unknown.is_empty())?;
    let takes_text = |option: &CallOption| {
        option.member().is_some_and(|member| matches!(member.kind, Kind::String | Kind::Blob))
    };
    let before = collected.options.iter().find_map(|(index, values)| {
        let option = options.get(*index).filter(|option| takes_text(option))?;
        let value = values.last().filter(|value| value.span.end + 1 == first.span.start)?;
        Some((option, value))
    });
    let meant = match before {
        Some((option, value)) => {
            let mut text = value.text.to_owned();
            let mut end = value.span.end;
            for word in collected.positionals.iter().take_while(|word| {
                let is_next = word.span.start == end + 1;
                end = word.span.end;
                is_next
            }) {
                text = format!("{text} {}", word.text);
            }
            format!("{} {}", option.name, crate::quote(&text))
        }
        None => {
            let is_left = |(index, option): &(usize, &CallOption)| {
                let member = option.member().filter(|_| takes_text(option));
                let is_wanted = |member: &Member| member.is_required || member.name == "StreamName";
                member.is_some_and(is_wanted) && !collected.options.contains_key(index)
            };
            let (_, option) = options.iter().enumerate().find(is_left)?;
            format!("{} {}", option.name, crate::quote(first.text))
        }
    };
    Some((first.span.clone(), meant))
}

pub(super) fn check_unknown(collected: &Collected<'_>, options: &[CallOption]) -> Result<(), UsageError> {
    let unknown: Vec<&str> =
        collected.unknown.iter().chain(&collected.positionals).map(|value| value.text).collect();
    let Some(first) = collected.unknown.first().or(collected.positionals.first()) else { return Ok(()) };
    let message = format!("Unknown options: {}", unknown.join(", "));
    let error = UsageError::new(UsageKind::UnknownOptions, first.span.clone(), message);
    if asks_for_help(first.text) {
        return Err(error.hinting(HELP_IS_A_WORD));
    }
    Err(error.suggesting(match stray(options, collected) {
        Some((_, meant)) => vec![meant],
        None => nearest(first.text, options.iter().map(|option| option.name.as_str()), 70),
    }))
}

/// Members that the AWS CLI's own check does not let pass, one line each.
pub(super) fn violated(violations: &[String], position: Range<usize>) -> UsageError {
    let message = format!("Parameter validation failed:\n{}", violations.join("\n"));
    let error = UsageError::new(UsageKind::Parameter, position, message);
    let is_time = violations.iter().any(|line| line.ends_with("timestamp-string"));
    let error = if is_time { error.hinting(TIME_FORMS) } else { error };
    // Unknown parameter in Records[0]: "PartitonKey", must be one of: Data, ExplicitHashKey, PartitionKey
    let nearest_known = |line: &String| {
        let (_, rest) = line.strip_prefix("Unknown parameter in ")?.split_once("\"")?;
        let (name, known) = rest.split_once("\", must be one of: ")?;
        nearest(name, known.split(", "), 70).into_iter().next()
    };
    error.suggesting(violations.iter().find_map(nearest_known).into_iter().collect())
}

const TIME_FORMS: &str = "a time is 2026-01-01T00:00:30Z or seconds since 1970";

pub(super) fn collect_error(error: CollectError<'_>, options: &[(String, Arity)]) -> UsageError {
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

/// Says of an option that this command has in AWS that it is not simulated.
pub(super) fn check_not_simulated(
    collected: &Collected<'_>,
    service: &str,
    command: &str,
) -> Result<(), UsageError> {
    let known = |value: &Value<'_>| Some((option_of_aws(service, command, value.text)?, value.span.clone()));
    match collected.unknown.iter().find_map(known) {
        Some((option, position)) => Err(option_not_simulated(option, position)),
        None => Ok(()),
    }
}

pub(super) fn option_not_simulated(option: &str, position: Range<usize>) -> UsageError {
    UsageError::sandbox(position, format!("{option} exists in the AWS CLI but is not simulated here."))
}

pub(super) fn unknown_service(name: &str, word: &Word) -> UsageError {
    if services_of_aws().any(|service| service == name) {
        let simulated: Vec<&str> = super::services().map(|(name, _)| name).collect();
        let message = format!(
            "aws {name} exists in AWS but is not simulated here. Simulated: aws kinesis, {}, sts and configure.",
            simulated.join(", ")
        );
        return UsageError::sandbox(word.span.clone(), message);
    }
    let message = format!("argument command: Found invalid choice '{name}'");
    UsageError::new(UsageKind::InvalidChoice, word.span.clone(), message)
        .suggesting(nearest(name, services_of_aws().chain(["help"]), 80))
        .hinting(SERVICES_LISTED)
}

/// Whether a word is how most programs are asked for help, and the AWS CLI is not.
pub(super) fn asks_for_help(word: &str) -> bool {
    matches!(word, "--help" | "-h")
}

pub(super) const HELP_IS_A_WORD: &str = "help is a word here, not an option: aws kinesis put-record help";
pub(super) const SERVICES_LISTED: &str = "aws help lists the services";
pub(super) const COMMANDS_LISTED: &str = "aws kinesis help lists the commands";

pub(super) fn unknown_operation(word: &Word) -> UsageError {
    let subscribe = Operation::SubscribeToShard.name();
    let commands: Vec<String> =
        OPERATION_NAMES.iter().filter(|name| **name != subscribe).map(|name| hyphenated(name)).collect();
    if commands.contains(&word.text) {
        let message = format!(
            "aws kinesis {} exists in AWS but is not simulated here; aws kinesis help lists what is.",
            word.text
        );
        return UsageError::sandbox(word.span.clone(), message);
    }
    let known = commands.iter().map(String::as_str).chain(["wait", "help"]);
    let message = format!("argument operation: Found invalid choice '{}'", word.text);
    let error = UsageError::new(UsageKind::InvalidChoice, word.span.clone(), message)
        .suggesting(nearest(&word.text, known, 80));
    if word.text == hyphenated(subscribe) {
        return error.hinting(
            "SubscribeToShard answers with a stream of events, which the AWS CLI has no command for; programs call \
             it. Try: sandbox reader start NAME --stream STREAM --consumer CONSUMER",
        );
    }
    error.hinting(COMMANDS_LISTED)
}
