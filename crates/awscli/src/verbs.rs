//! `sandbox …`: what is the sandbox's own, as a table of verbs.

mod build;
mod given;
mod render;
mod show;
mod table;

pub(crate) use given::Given;
pub(crate) use render::render;
pub use show::Show;
pub(crate) use show::print;
pub(crate) use table::{Kind, VERBS, Verb, VerbOption};

use crate::collect::{Arity, CollectError, collect};
use crate::nearest::nearest;
use crate::{Line, UsageError, Word};

/// Reads a line whose first word is `sandbox`.
pub(crate) fn parse(words: &[Word], line_length: usize) -> Result<Line, UsageError> {
    let rest = words.get(1..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(Line::Help(vec!["sandbox".to_owned()]));
    }
    let asks = |word: &Word| matches!(word.text.as_str(), "help" | "--help" | "-h");
    if let Some((last, before)) = rest.split_last().filter(|(last, _)| asks(last)) {
        let known = VERBS
            .iter()
            .any(|verb| before.len() <= verb.words.len() && begins(verb.words, before) == before.len());
        if known {
            let topic = before.iter().map(|word| word.text.clone());
            return Ok(Line::Help([String::from("sandbox")].into_iter().chain(topic).collect()));
        }
        if before.is_empty() {
            return Err(unknown_verb(std::slice::from_ref(last), line_length));
        }
    }
    let verb = VERBS.iter().find(|verb| begins(verb.words, rest) == verb.words.len());
    let Some(verb) = verb else { return Err(unknown_verb(rest, line_length)) };
    let mut arguments = rest.get(verb.words.len()..).unwrap_or_default();
    if verb.words == ["help"] {
        let topic = arguments.iter().map(|word| word.text.clone());
        return Ok(Line::Help([String::from("sandbox")].into_iter().chain(topic).collect()));
    }
    let options: Vec<(String, Arity)> =
        verb.options.iter().map(|option| (option.name.to_owned(), Arity::One)).collect();
    let collected = collect(arguments, &options).map_err(|error| collect_error(error, verb))?;
    arguments = words;
    let end = arguments.last().map_or(line_length, |word| word.span.end);
    if let Some(unknown) = collected.unknown.first() {
        let message = format!("{} takes no {}{}", verb.name(), unknown.text, verb.options_sentence());
        let near = nearest(unknown.text, verb.options.iter().map(|option| option.name), 60);
        return Err(UsageError::sandbox(unknown.span.clone(), message).suggesting(near));
    }
    if let Some(superfluous) = collected.positionals.get(verb.places.len()) {
        let message = format!("{:?} is one word too many: {}", superfluous.text, verb.synopsis());
        return Err(UsageError::sandbox(superfluous.span.clone(), message));
    }
    if let Some((place, _)) = verb.places.get(collected.positionals.len()) {
        return Err(UsageError::sandbox(end..end, format!("{place} is missing: {}", verb.synopsis())));
    }
    let given = Given::new(verb, collected, end);
    for option in verb.options.iter().filter(|option| option.is_required) {
        if given.option(option.name).is_none() {
            let message = format!("{} {} is missing: {}", option.name, option.value, verb.synopsis());
            return Err(UsageError::sandbox(end..end, message));
        }
    }
    build::attached((verb.build)(&given)?, &given)
}

/// `sleep 30`: the shell's command on virtual time.
pub(crate) fn parse_sleep(words: &[Word]) -> Result<Line, UsageError> {
    let [_, word] = words else {
        let position = words.first().map_or(0..0, |word| word.span.clone());
        return Err(UsageError::sandbox(position, "sleep takes one time: sleep 30"));
    };
    let seconds = format!("{}s", word.text);
    let duration = crate::time::parse_duration(&word.text).or_else(|| crate::time::parse_duration(&seconds));
    let message = format!("{:?} is no time: use seconds, or {}", word.text, crate::time::DURATION_EXAMPLES);
    duration.map(Line::Advance).ok_or_else(|| UsageError::sandbox(word.span.clone(), message))
}

/// How many of the verb's words the line begins with.
fn begins(verb: &[&str], words: &[Word]) -> usize {
    verb.iter().zip(words).take_while(|(expected, word)| **expected == word.text).count()
}

fn unknown_verb(rest: &[Word], line_length: usize) -> UsageError {
    let right = VERBS.iter().map(|verb| begins(verb.words, rest)).max().unwrap_or(0);
    let mut known: Vec<&str> = VERBS
        .iter()
        .filter(|verb| begins(verb.words, rest) == right)
        .filter_map(|verb| verb.words.get(right).copied())
        .collect();
    known.dedup();
    let before: String = rest.iter().take(right).map(|word| format!(" {}", word.text)).collect();
    let choices = known.join(", ");
    match rest.get(right) {
        Some(word) => {
            let message = format!("sandbox{before} has no {:?}: it has {choices}", word.text);
            UsageError::sandbox(word.span.clone(), message).suggesting(nearest(&word.text, known, 60))
        }
        None => UsageError::sandbox(line_length..line_length, format!("sandbox{before} what? {choices}")),
    }
}

fn collect_error(error: CollectError<'_>, verb: &Verb) -> UsageError {
    let option = |index: usize| verb.options.get(index);
    let (word, message) = match error {
        CollectError::Ambiguous { word, matches } => {
            let names: Vec<&str> = matches.into_iter().filter_map(|i| option(i).map(|o| o.name)).collect();
            (word, format!("{} could be {}", word.text, names.join(" or ")))
        }
        CollectError::NeedsValue { option: index, word }
        | CollectError::TakesNoValue { option: index, word, .. } => {
            (word, option(index).map_or_else(String::new, |o| format!("{} needs {}", o.name, o.value)))
        }
    };
    UsageError::sandbox(word.span.clone(), message)
}
