//! Lines that the AWS CLI refuses before it calls anything, in its words.

use std::ops::Range;

use awsjson::OPERATION_NAMES;
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
    if missing_names.is_empty() { Ok(()) } else { Err(missing(&missing_names.join(", "), words)) }
}

pub(super) fn check_unknown(collected: &Collected<'_>, options: &[CallOption]) -> Result<(), UsageError> {
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
    UsageError::new(UsageKind::InvalidChoice, word.span.clone(), message).suggesting(nearest(
        name,
        services_of_aws().chain(["help"]),
        80,
    ))
}

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
    error
}
