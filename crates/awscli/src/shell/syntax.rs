//! What a line means to the shell, before anything of it is expanded.

use std::ops::Range;

/// Commands one after the other.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Script {
    pub(crate) lists: Vec<List>,
}

/// Pipelines with `&&` and `||` between them.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct List {
    pub(crate) first: Pipeline,
    pub(crate) rest: Vec<(Join, Pipeline)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Join {
    And,
    Or,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Pipeline {
    /// `! command`: its failure is success.
    pub(crate) is_negated: bool,
    pub(crate) commands: Vec<Part>,
}

/// One command of a pipeline, with where its output goes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Part {
    pub(crate) command: ShellCommand,
    pub(crate) redirects: Vec<Redirect>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ShellCommand {
    Simple(Simple),
    For {
        name: String,
        words: Vec<ShellWord>,
        body: Script,
    },
    /// `while`, and `until` where `is_until`.
    While {
        is_until: bool,
        condition: Script,
        body: Script,
    },
    If {
        branches: Vec<(Script, Script)>,
        otherwise: Script,
    },
    /// `{ …; }`, and `( … )` where `is_subshell`.
    Group {
        is_subshell: bool,
        body: Script,
    },
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Simple {
    pub(crate) assignments: Vec<(String, ShellWord)>,
    pub(crate) words: Vec<ShellWord>,
}

/// A word with what is still to be put in its place.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ShellWord {
    pub(crate) pieces: Vec<Piece>,
    /// Where it stands in the line, in bytes, quotes included.
    pub(crate) span: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Piece {
    pub(crate) what: What,
    /// Whether it stands in quotes: then it is one word whatever it holds.
    pub(crate) is_quoted: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum What {
    Text(String),
    /// `$NAME`, `${NAME:-word}`.
    Variable {
        name: String,
        default: Option<Vec<Piece>>,
    },
    /// `${#NAME}`
    Length(String),
    /// `$(…)`
    Output(Script),
    /// `$((…))`
    Arithmetic(Vec<Piece>),
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Redirect {
    pub(crate) kind: RedirectKind,
    /// 1 for standard output, 2 for standard error, or [`BOTH_STREAMS`].
    pub(crate) stream: u8,
    pub(crate) target: ShellWord,
}

/// `&> file`
pub(crate) const BOTH_STREAMS: u8 = u8::MAX;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RedirectKind {
    /// `< file`
    Read,
    /// `<<END` and `<<< text`: the target is the text itself.
    Text,
    /// `> file`
    Write,
    /// `>> file`
    Append,
    /// `2>&1`: the target is the other stream's number.
    Same,
}

impl ShellWord {
    /// The text, where nothing is left to expand.
    pub(crate) fn literal(&self) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match &piece.what {
                What::Text(part) => text.push_str(part),
                _ => return None,
            }
        }
        Some(text)
    }

    /// Whether it is one word whatever its variables hold.
    pub(crate) fn is_one_word(&self) -> bool {
        self.pieces.iter().all(|piece| piece.is_quoted || matches!(piece.what, What::Text(_)))
    }

    /// The text of a word without any quotes.
    pub(crate) fn bare(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece { what: What::Text(text), is_quoted: false }] => Some(text),
            _ => None,
        }
    }
}
