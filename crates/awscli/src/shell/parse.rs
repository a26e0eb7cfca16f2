//! A line as a POSIX shell reads it: commands, words, quotes. What is not simulated is refused with a sentence, never
//! taken for text.

mod redirect;
mod word;

use std::ops::Range;

use word::assignment;
pub(crate) use word::is_name;

use super::syntax::{Join, List, Part, Pipeline, Script, ShellCommand, ShellWord, Simple};
use crate::{UsageError, UsageKind};

/// Loops, conditions and substitutions inside each other.
const DEPTH_MAX: u32 = 24;

/// What was read of a text up to the end of its first line; a loop over several lines counts as one.
pub(crate) struct Scan {
    pub(crate) script: Script,
    /// The words of the command that stands last: the one that is being typed.
    pub(crate) typed: Vec<ShellWord>,
    /// Where the next line may begin.
    pub(crate) end: usize,
    /// What stopped the reading.
    pub(crate) error: Option<UsageError>,
}

/// Reads one line from `start` on.
pub(crate) fn scan(text: &str, start: usize) -> Scan {
    let mut parser =
        Parser { text, at: start, depth: 0, typed: Vec::new(), jumps: Vec::new(), is_inside_command: false };
    let mut script = Script::default();
    let result = parser.line(&mut script);
    let mut end = parser.at;
    if result.is_err() {
        // The rest of the line is not read: its quotes may not match.
        end = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
    }
    Scan { script, typed: parser.typed, end, error: result.err() }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    typed: Vec<ShellWord>,
    /// Newlines behind which the text of a `<<END` stands, and where that ends.
    jumps: Vec<(usize, usize)>,
    /// Whether the reading stopped inside `$(…)`.
    is_inside_command: bool,
}

type Parsed<T> = Result<T, UsageError>;

/// Words that end a list of commands where they begin one.
const ENDS: [&str; 8] = ["do", "done", "then", "elif", "else", "fi", "}", "esac"];
const OPERATORS: &str = "|&;<>()";

pub(super) fn wrong<T>(position: Range<usize>, message: impl Into<String>) -> Parsed<T> {
    Err(UsageError::new(UsageKind::Shell, position, message))
}

fn unfinished<T>(position: Range<usize>, message: impl Into<String>) -> Parsed<T> {
    Err(UsageError::new(UsageKind::Incomplete, position, message))
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Takes the text at this place if it is that one.
    fn take(&mut self, expected: &str) -> bool {
        let is_there = self.rest().starts_with(expected);
        self.at += if is_there { expected.len() } else { 0 };
        is_there
    }

    fn here(&self, length: usize) -> Range<usize> {
        self.at..(self.at + length).min(self.text.len())
    }

    /// A backslash at the end of a line joins the next one to it.
    fn take_continuation(&mut self) -> bool {
        self.take("\\\n") || self.take("\\\r\n")
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                _ if self.take_continuation() => {}
                Some('\n') | None => return,
                Some('#') => {
                    let rest = self.rest();
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                Some(c) if c.is_whitespace() => self.at += c.len_utf8(),
                Some(_) => return,
            }
        }
    }

    /// Takes a newline, and the text of a `<<END` behind it.
    fn take_newline(&mut self) -> bool {
        let at = self.at;
        if !self.take("\n") {
            return false;
        }
        if let Some((_, end)) = self.jumps.iter().find(|(newline, _)| *newline == at) {
            self.at = *end;
        }
        true
    }

    fn skip_newlines(&mut self) {
        loop {
            self.skip_blanks();
            if !self.take_newline() {
                return;
            }
        }
    }

    /// Whether that word stands here, by itself and without quotes.
    fn is_word(&self, word: &str) -> bool {
        self.rest().strip_prefix(word).is_some_and(|rest| {
            rest.chars().next().is_none_or(|c| c.is_whitespace() || OPERATORS.contains(c))
        })
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        self.at += if is_there { word.len() } else { 0 };
        is_there
    }

    /// Goes one level deeper; the caller goes up again.
    fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return wrong(
                self.here(1),
                format!("Commands can stand {DEPTH_MAX} levels deep here, not deeper."),
            );
        }
        Ok(())
    }

    // Commands --------------------------------------------------------------------------------------------------------

    /// The commands up to the end of the line.
    fn line(&mut self, script: &mut Script) -> Parsed<()> {
        loop {
            self.skip_blanks();
            if self.peek().is_none() || self.take_newline() {
                return Ok(());
            }
            let word = ENDS.into_iter().find(|word| self.is_word(word));
            if let Some(word) = word {
                return wrong(self.here(word.len()), format!("\"{word}\" has no beginning here."));
            }
            if self.peek() == Some(')') {
                return wrong(self.here(1), "This parenthesis has no beginning.");
            }
            script.lists.push(self.list()?);
            if !self.separator()? {
                continue;
            }
            // A new command has begun.
            self.typed.clear();
        }
    }

    /// The commands up to one of [`ENDS`] or a closing parenthesis.
    fn block(&mut self) -> Parsed<Script> {
        self.deeper()?;
        let mut script = Script::default();
        loop {
            self.skip_newlines();
            let is_end = self.peek().is_none()
                || self.peek() == Some(')')
                || ENDS.into_iter().any(|word| self.is_word(word));
            if is_end {
                break;
            }
            script.lists.push(self.list()?);
            if self.separator()? {
                self.typed.clear();
            }
        }
        self.depth -= 1;
        Ok(script)
    }

    /// Takes a `;`, if there is one.
    fn separator(&mut self) -> Parsed<bool> {
        self.skip_blanks();
        if self.rest().starts_with(";;") {
            return wrong(self.here(2), "case is not simulated here.");
        }
        if self.peek() == Some('&') {
            let message = "Commands do not run in the background here: what they do takes virtual time.";
            return wrong(self.here(1), message);
        }
        Ok(self.take(";"))
    }

    fn list(&mut self) -> Parsed<List> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let join = match () {
                () if self.take("&&") => Join::And,
                () if self.take("||") => Join::Or,
                () => return Ok(List { first, rest }),
            };
            self.typed.clear();
            self.skip_newlines();
            rest.push((join, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        self.skip_blanks();
        let is_negated = self.take_word("!");
        let mut commands = vec![self.part()?];
        loop {
            self.skip_blanks();
            if self.rest().starts_with("||") || !self.take("|") {
                return Ok(Pipeline { is_negated, commands });
            }
            if self.peek() == Some('&') {
                return wrong(self.here(1), "\"|&\" is not simulated here: write 2>&1 |");
            }
            self.typed.clear();
            self.skip_newlines();
            commands.push(self.part()?);
        }
    }

    fn part(&mut self) -> Parsed<Part> {
        self.skip_blanks();
        let start = self.at;
        for word in ["case", "select", "function", "[["] {
            if self.is_word(word) {
                let message = format!("\"{word}\" is not simulated here; if, for, while and [ … ] are.");
                return wrong(self.here(word.len()), message);
            }
        }
        let command = match () {
            () if self.take_word("for") => self.for_loop(start)?,
            () if self.take_word("while") => self.while_loop(start, false)?,
            () if self.take_word("until") => self.while_loop(start, true)?,
            () if self.take_word("if") => self.condition(start)?,
            () if self.take_word("{") => {
                let body = self.block()?;
                self.expect("}", start)?;
                ShellCommand::Group { is_subshell: false, body }
            }
            () if self.take("(") => {
                if self.peek() == Some('(') {
                    return wrong(self.here(1), "((…)) is not simulated here; $((…)) is.");
                }
                let body = self.block()?;
                if !self.take(")") {
                    return unfinished(start..start + 1, "This parenthesis is never closed.");
                }
                ShellCommand::Group { is_subshell: true, body }
            }
            () => return self.simple(),
        };
        let mut redirects = Vec::new();
        loop {
            self.skip_blanks();
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => return Ok(Part { command, redirects }),
            }
        }
    }

    /// Takes the word that a construct goes on with.
    fn expect(&mut self, word: &str, start: usize) -> Parsed<()> {
        self.skip_newlines();
        if self.take_word(word) {
            self.typed.clear();
            return Ok(());
        }
        let length = self.text[start..].find(char::is_whitespace).unwrap_or(1);
        let message = format!("\"{word}\" is missing to what begins here.");
        match self.peek() {
            None => unfinished(start..start + length, message),
            Some(_) => wrong(start..start + length, message),
        }
    }

    fn for_loop(&mut self, start: usize) -> Parsed<ShellCommand> {
        self.skip_blanks();
        let at = self.at;
        let name = match self.word()? {
            Some(word) => word.bare().filter(|name| is_name(name)).map(str::to_owned),
            None => None,
        };
        let Some(name) = name else {
            return match self.peek() {
                None => unfinished(at..at, "The name of a variable is missing: for i in 1 2 3; do …; done"),
                Some(_) => {
                    wrong(at..self.at, "Here stands the name of a variable: for i in 1 2 3; do …; done")
                }
            };
        };
        self.expect("in", start)?;
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            match self.word()? {
                Some(word) => words.push(word),
                None => break,
            }
        }
        self.take(";");
        self.expect("do", start)?;
        let body = self.block()?;
        self.expect("done", start)?;
        Ok(ShellCommand::For { name, words, body })
    }

    fn while_loop(&mut self, start: usize, is_until: bool) -> Parsed<ShellCommand> {
        let condition = self.block()?;
        self.expect("do", start)?;
        let body = self.block()?;
        self.expect("done", start)?;
        Ok(ShellCommand::While { is_until, condition, body })
    }

    fn condition(&mut self, start: usize) -> Parsed<ShellCommand> {
        let mut branches = Vec::new();
        loop {
            let condition = self.block()?;
            self.expect("then", start)?;
            branches.push((condition, self.block()?));
            if !self.take_word("elif") {
                break;
            }
        }
        let otherwise = if self.take_word("else") { self.block()? } else { Script::default() };
        self.expect("fi", start)?;
        Ok(ShellCommand::If { branches, otherwise })
    }

    fn simple(&mut self) -> Parsed<Part> {
        let start = self.at;
        let mut simple = Simple::default();
        let mut redirects = Vec::new();
        self.typed.clear();
        loop {
            self.skip_blanks();
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            let Some(word) = self.word()? else { break };
            match assignment(&word).filter(|_| simple.words.is_empty()) {
                Some(assignment) => simple.assignments.push(assignment),
                None => {
                    simple.words.push(word.clone());
                    self.typed.push(word);
                }
            }
        }
        if simple == Simple::default() && redirects.is_empty() {
            return match self.peek() {
                None => unfinished(start..start, "Here a command is missing."),
                Some('\n') => wrong(start..start, "Here a command is missing."),
                Some(c) => {
                    wrong(self.here(c.len_utf8()), format!("Before this \"{c}\" a command is missing."))
                }
            };
        }
        if self.peek() == Some('(') {
            let message = "A parenthesis means something to a shell: put the word in single quotes.";
            return wrong(self.here(1), message);
        }
        Ok(Part { command: ShellCommand::Simple(simple), redirects })
    }
}
