//! Words with their quotes, escapes and what a `$` begins.

use super::super::syntax::{Piece, ShellWord, What};
use super::{ENDS, OPERATORS, Parsed, Parser, unfinished, wrong};

impl Parser<'_> {
    pub(super) fn word(&mut self) -> Parsed<Option<ShellWord>> {
        let start = self.at;
        let mut pieces: Vec<Piece> = Vec::new();
        let mut brace: Option<(usize, bool)> = None;
        let result = loop {
            if self.take_continuation() {
                continue;
            }
            let at = self.at;
            match self.peek() {
                None => break Ok(()),
                Some(c) if c.is_whitespace() || OPERATORS.contains(c) => break Ok(()),
                Some('\'') => {
                    if let Err(error) = self.single_quoted(&mut pieces) {
                        break Err(error);
                    }
                }
                Some('"') => {
                    self.at += 1;
                    push(&mut pieces, "", true);
                    if let Err(error) = self.quoted_pieces(Some(at), &mut pieces) {
                        break Err(error);
                    }
                }
                Some('\\') => {
                    self.at += 1;
                    match self.next() {
                        Some(c) => push(&mut pieces, c.encode_utf8(&mut [0; 4]), true),
                        None => break unfinished(at..at + 1, "The line goes on behind this backslash."),
                    }
                }
                Some('`') => {
                    break wrong(at..at + 1, "Write $(…) to put a command's output here.");
                }
                Some('$') => match self.dollar(false) {
                    Ok(Some(piece)) => pieces.push(piece),
                    Ok(None) => push(&mut pieces, "$", false),
                    Err(error) => break Err(error),
                },
                Some(c) => {
                    match c {
                        '{' => brace = Some((at, false)),
                        ',' => brace = brace.map(|(at, _)| (at, true)),
                        '}' => {
                            if let Some((open, true)) = brace.take() {
                                let message =
                                    "A shell makes several words of {a,b}: put the word in single quotes.";
                                break wrong(open..open + 1, message);
                            }
                        }
                        _ => {}
                    }
                    self.at += c.len_utf8();
                    push(&mut pieces, c.encode_utf8(&mut [0; 4]), false);
                }
            }
        };
        let word = ShellWord { pieces, span: start..self.at };
        if let Err(error) = result {
            // What was read of it is still the word that is being typed, unless a command inside it is.
            if !self.is_inside_command {
                self.typed.push(word);
            }
            return Err(error);
        }
        Ok((word.span.start < word.span.end).then_some(word))
    }

    fn single_quoted(&mut self, pieces: &mut Vec<Piece>) -> Parsed<()> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        match inner.find('\'') {
            Some(length) => {
                push(pieces, &inner[..length], true);
                self.at = start + length + 2;
                Ok(())
            }
            None => {
                push(pieces, inner, true);
                self.at = self.text.len();
                unfinished(start..start + 1, "This single quote (') is never closed.")
            }
        }
    }

    /// The pieces up to the closing quote, or to the end where none was opened.
    pub(super) fn quoted_pieces(&mut self, open: Option<usize>, pieces: &mut Vec<Piece>) -> Parsed<()> {
        loop {
            if self.take_continuation() {
                continue;
            }
            match (self.peek(), open) {
                (None, None) => return Ok(()),
                (None, Some(open)) => {
                    return unfinished(open..open + 1, "This double quote (\") is never closed.");
                }
                (Some('"'), Some(_)) => {
                    self.at += 1;
                    return Ok(());
                }
                (Some('\\'), _) => {
                    self.at += 1;
                    match self.next() {
                        Some(c @ ('$' | '`' | '"' | '\\')) => push(pieces, c.encode_utf8(&mut [0; 4]), true),
                        Some(c) => push(pieces, &format!("\\{c}"), true),
                        None => push(pieces, "\\", true),
                    }
                }
                (Some('`'), _) => {
                    return wrong(self.here(1), "Write $(…) to put a command's output here.");
                }
                (Some('$'), _) => match self.dollar(true)? {
                    Some(piece) => pieces.push(piece),
                    None => push(pieces, "$", true),
                },
                (Some(c), _) => {
                    self.at += c.len_utf8();
                    push(pieces, c.encode_utf8(&mut [0; 4]), true);
                }
            }
        }
    }

    /// What a `$` begins; nothing where it is text.
    fn dollar(&mut self, is_quoted: bool) -> Parsed<Option<Piece>> {
        let start = self.at;
        let piece = |what| Ok(Some(Piece { what, is_quoted }));
        if self.take("$((") {
            let pieces = self.arithmetic(start)?;
            return piece(What::Arithmetic(pieces));
        }
        if self.take("$(") {
            let around = std::mem::take(&mut self.typed);
            let script = self.block()?;
            if self.take(")") {
                self.typed = around;
            } else {
                self.is_inside_command = true;
                return match ENDS.into_iter().find(|word| self.is_word(word)) {
                    Some(word) => wrong(self.here(word.len()), format!("\"{word}\" has no beginning here.")),
                    None => unfinished(start..start + 2, "This $( is never closed."),
                };
            }
            return piece(What::Output(script));
        }
        if self.take("${") {
            return self.braced(start, is_quoted).map(Some);
        }
        self.at += 1;
        let name = self.name();
        if !name.is_empty() {
            return piece(What::Variable { name, default: None });
        }
        match self.peek() {
            Some('?') => {
                self.at += 1;
                piece(What::Variable { name: "?".to_owned(), default: None })
            }
            Some(c @ ('@' | '*' | '#' | '!' | '$' | '0'..='9')) => {
                wrong(start..self.at + 1, format!("${c} has no value at a prompt."))
            }
            Some('\'') if !is_quoted => wrong(start..self.at + 1, "$'…' is not simulated here: use printf."),
            _ => Ok(None),
        }
    }

    fn name(&mut self) -> String {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..length];
        if !is_name(name) {
            return String::new();
        }
        let name = name.to_owned();
        self.at += length;
        name
    }

    fn braced(&mut self, start: usize, is_quoted: bool) -> Parsed<Piece> {
        let is_length = self.rest().starts_with('#') && !self.rest().starts_with("#}") && self.take("#");
        let mut name = self.name();
        if name.is_empty() && self.take("?") {
            name.push('?');
        }
        let has_default = self.take(":-") || (!is_length && self.take("-"));
        let mut default = Vec::new();
        while has_default && self.peek().is_some_and(|c| c != '}') {
            match self.peek() {
                Some('\'') => self.single_quoted(&mut default)?,
                Some('"') => {
                    let open = self.at;
                    self.at += 1;
                    self.quoted_pieces(Some(open), &mut default)?;
                }
                Some('$') => match self.dollar(is_quoted)? {
                    Some(piece) => default.push(piece),
                    None => push(&mut default, "$", is_quoted),
                },
                Some(c) => {
                    self.at += c.len_utf8();
                    push(&mut default, c.encode_utf8(&mut [0; 4]), is_quoted);
                }
                None => {}
            }
        }
        match self.peek() {
            Some('}') if !name.is_empty() => {
                self.at += 1;
                let what = match is_length {
                    true => What::Length(name),
                    false => What::Variable { name, default: has_default.then_some(default) },
                };
                Ok(Piece { what, is_quoted })
            }
            None => unfinished(start..start + 2, "This ${ is never closed."),
            Some(c) => {
                let message = "Only ${NAME}, ${NAME:-word} and ${#NAME} are simulated here.";
                wrong(start..self.at + c.len_utf8(), message)
            }
        }
    }

    fn arithmetic(&mut self, start: usize) -> Parsed<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut open = 0;
        loop {
            match self.peek() {
                None => return unfinished(start..start + 3, "This $(( is never closed."),
                Some(')') if open == 0 => {
                    if !self.take("))") {
                        return wrong(start..start + 3, "This $(( ends with )).");
                    }
                    return Ok(pieces);
                }
                Some('$') => match self.dollar(true)? {
                    Some(piece) => pieces.push(piece),
                    None => push(&mut pieces, "$", true),
                },
                Some(c) => {
                    open += i32::from(c == '(') - i32::from(c == ')');
                    self.at += c.len_utf8();
                    push(&mut pieces, c.encode_utf8(&mut [0; 4]), true);
                }
            }
        }
    }
}

/// Adds text, to the last piece where that is text too.
fn push(pieces: &mut Vec<Piece>, text: &str, is_quoted: bool) {
    match pieces.last_mut() {
        Some(Piece { what: What::Text(last), is_quoted: other }) if *other == is_quoted => {
            last.push_str(text)
        }
        _ => pieces.push(Piece { what: What::Text(text.to_owned()), is_quoted }),
    }
}

/// Whether a variable can have that name.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `NAME=value`, taken apart.
pub(in super::super) fn assignment(word: &ShellWord) -> Option<(String, ShellWord)> {
    let Some(Piece { what: What::Text(first), is_quoted: false }) = word.pieces.first() else { return None };
    let (name, value) = first.split_once('=').filter(|(name, _)| is_name(name))?;
    let mut pieces = word.pieces.clone();
    pieces[0].what = What::Text(value.to_owned());
    Some((name.to_owned(), ShellWord { pieces, span: word.span.clone() }))
}
