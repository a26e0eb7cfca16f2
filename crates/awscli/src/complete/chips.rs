//! The token builder: what the grammar allows next, so that a line can be composed by touch.

use super::{Around, complete_with};
use sim::World;

use crate::is_unfinished;
use crate::line::{Line, parse_in};
use crate::surroundings::Surroundings;

/// A word that can be taken next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chip {
    /// What stands on it.
    pub label: String,
    /// What it means; may be empty.
    pub help: String,
    /// The whole line once it is taken.
    pub line: String,
}

/// Chips that are offered at most.
const CHIPS_MAX: usize = 60;
/// Letters of a word on a chip.
const LABEL_LETTERS_MAX: usize = 40;

/// Commands that learners need most, before all others.
const COMMON: [&str; 14] = [
    "create-stream",
    "describe-stream-summary",
    "list-streams",
    "put-record",
    "get-shard-iterator",
    "get-records",
    "put-records",
    "describe-stream",
    "list-shards",
    "split-shard",
    "merge-shards",
    "update-shard-count",
    "delete-stream",
    "wait",
];

/// What a line can go on with: known words and names, and values to try. Each of them leads to a line that can be
/// run, or be gone on with.
pub fn next_tokens<'a>(line: &str, around: impl Into<Around<'a>>) -> Vec<Chip> {
    let around = around.into();
    let is_inside_word = !line.is_empty() && !line.ends_with(char::is_whitespace);
    let mut chips = tokens(line, around);
    if chips.is_empty() && is_inside_word && !is_unfinished(line) {
        // What was typed is a value as it stands.
        chips = tokens(&format!("{line} "), around);
    }
    chips.truncate(CHIPS_MAX);
    chips
}

fn tokens(line: &str, around: Around<'_>) -> Vec<Chip> {
    let mut chips: Vec<Chip> = complete_with(line, line.len(), around, true)
        .into_iter()
        .map(|offer| {
            let before = line.get(..offer.replace.start).unwrap_or_default();
            let label = offer.label.unwrap_or_else(|| shortened(&offer.text));
            Chip { label, help: offer.help, line: format!("{before}{} ", offer.text) }
        })
        .collect();
    chips.sort_by_key(|chip| COMMON.iter().position(|name| *name == chip.label).unwrap_or(COMMON.len()));
    if let Some(inner) = inner_command(line)
        && is_whole(&line[inner..], around.world)
    {
        let closed = format!("{}) ", line.trim_end());
        let help = "ends $(…)".to_owned();
        chips.insert(0, Chip { label: ")".to_owned(), help, line: closed });
    }
    if line.trim().is_empty() {
        let help = "keeps what a command prints in a variable".to_owned();
        chips.push(Chip { label: "ITER=$(…)".to_owned(), help, line: "ITER=$(".to_owned() });
    }
    chips
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LABEL_LETTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Where the command inside an open `NAME=$(` begins.
fn inner_command(line: &str) -> Option<usize> {
    let (before, _) = line.split_once("=$(")?;
    let is_name = !before.is_empty() && before.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let start = before.len() + "=$(".len();
    (is_name && is_unfinished(line)).then_some(start)
}

/// Whether the line can be run as it stands, with the files and variables that there are.
pub fn is_whole(line: &str, world: &World) -> bool {
    let surroundings = Surroundings { home: Some(world.home()), input: Some(&[]) };
    matches!(parse_in(line, &surroundings), Ok(line) if line != Line::Empty)
}

/// The line without its last word: what the builder's way back leaves.
pub fn without_last_word(line: &str) -> &str {
    let line = line.trim_end();
    let start =
        super::typed_words(line).last().map(|word| word.span.start).filter(|start| *start < line.len());
    let cut = start.unwrap_or_else(|| line.rfind(char::is_whitespace).map_or(0, |blank| blank + 1));
    line.get(..cut).unwrap_or_default()
}
