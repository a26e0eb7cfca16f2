//! What can be said of a script before anything of it runs: nothing runs of a line that cannot be read.

use super::builtins::BUILTINS;
use super::execute::not_found;
use super::syntax::{Part, Piece, Script, ShellCommand, ShellWord, Simple, What};
use super::tools::{self, NOT_HERE};
use crate::line::{PROGRAMS, names_file, parse_words};
use crate::surroundings::Surroundings;
use crate::{UsageError, UsageKind, Word};

/// The first mistake that no variable could mend.
pub(super) fn check(script: &Script) -> Result<(), UsageError> {
    for list in &script.lists {
        let pipelines = std::iter::once(&list.first).chain(list.rest.iter().map(|(_, pipeline)| pipeline));
        for part in pipelines.flat_map(|pipeline| &pipeline.commands) {
            check_part(part)?;
        }
    }
    Ok(())
}

fn check_part(part: &Part) -> Result<(), UsageError> {
    for redirect in &part.redirects {
        check_pieces(&redirect.target.pieces)?;
    }
    match &part.command {
        ShellCommand::Simple(simple) => check_simple(simple),
        ShellCommand::For { words, body, .. } => {
            words.iter().try_for_each(|word| check_pieces(&word.pieces))?;
            check(body)
        }
        ShellCommand::While { condition, body, .. } => {
            check(condition)?;
            check(body)
        }
        ShellCommand::If { branches, otherwise } => {
            for (condition, body) in branches {
                check(condition)?;
                check(body)?;
            }
            check(otherwise)
        }
        ShellCommand::Group { body, .. } => check(body),
    }
}

/// What stands in `$(…)`.
fn check_pieces(pieces: &[Piece]) -> Result<(), UsageError> {
    for piece in pieces {
        match &piece.what {
            What::Output(script) => check(script)?,
            What::Variable { default: Some(inner), .. } | What::Arithmetic(inner) => check_pieces(inner)?,
            What::Variable { default: None, .. } | What::Text(_) | What::Length(_) => {}
        }
    }
    Ok(())
}

fn check_simple(simple: &Simple) -> Result<(), UsageError> {
    let values = simple.assignments.iter().map(|(_, value)| value);
    for word in values.chain(&simple.words) {
        check_pieces(&word.pieces)?;
    }
    let Some(first) = simple.words.first() else { return Ok(()) };
    let Some(name) = first.literal() else { return Ok(()) };
    let is_known = tools::find(&name).is_some()
        || BUILTINS.contains(&name.as_str())
        || matches!(name.as_str(), ":" | "." | "sh")
        || NOT_HERE.iter().any(|(tool, _)| *tool == name);
    if is_known {
        return Ok(());
    }
    let words: Vec<Word> = simple
        .words
        .iter()
        .map(|word| Word {
            text: word.literal().unwrap_or_else(|| STAND_IN.to_owned()),
            span: word.span.clone(),
        })
        .collect();
    if !PROGRAMS.contains(&name.as_str()) {
        return match is_prompt(&name) {
            true => parse_words(&words, first.span.end, &Surroundings::default()).map(|_| ()),
            false => Err(not_found(&words[0])),
        };
    }
    let end = words.last().map_or(0, |word| word.span.end);
    match parse_words(&words, end, &Surroundings::default()) {
        Err(error) if !simple.words.iter().any(is_open) || is_certain(&error, &simple.words) => Err(error),
        _ => Ok(()),
    }
}

/// What stands for a variable's value: a word that is right in most places.
const STAND_IN: &str = "1";

fn is_prompt(name: &str) -> bool {
    name == "$"
}

/// Whether the word's text is only known when it runs.
fn is_open(word: &ShellWord) -> bool {
    word.literal().is_none_or(|text| names_file("", &text))
}

/// Whether a mistake would be one whatever the open words hold.
fn is_certain(error: &UsageError, words: &[ShellWord]) -> bool {
    let is_about_known_word = words.iter().any(|word| word.span == error.position && !is_open(word));
    match error.kind {
        UsageKind::InvalidChoice | UsageKind::UnknownOptions | UsageKind::Sandbox => is_about_known_word,
        UsageKind::Usage => words.iter().all(ShellWord::is_one_word),
        UsageKind::Shell
        | UsageKind::Incomplete
        | UsageKind::CommandNotFound
        | UsageKind::Parameter
        | UsageKind::General
        | UsageKind::Service => false,
    }
}
