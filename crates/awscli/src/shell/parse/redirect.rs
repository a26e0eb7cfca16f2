//! Where a command's input comes from and its output goes.

use super::super::syntax::{BOTH_STREAMS, Piece, Redirect, RedirectKind, ShellWord, What};
use super::{Parsed, Parser, unfinished, wrong};
use crate::UsageError;

impl Parser<'_> {
    pub(super) fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        let start = self.at;
        let digit = self.peek().filter(char::is_ascii_digit);
        let (mut stream, skipped) = match (digit, self.rest().starts_with("&>")) {
            (_, true) => (BOTH_STREAMS, 1),
            (Some(digit), _) => (digit as u8 - b'0', 1),
            (None, _) => (1, 0),
        };
        if !self.rest()[skipped..].starts_with(['<', '>']) {
            return Ok(None);
        }
        self.at += skipped;
        if !matches!(stream, 1 | 2 | BOTH_STREAMS) && !self.rest().starts_with('<') {
            return wrong(start..self.at, "Only 1 (the output) and 2 (the errors) can be redirected.");
        }
        let kind = match () {
            () if self.take("<<<") => RedirectKind::Text,
            () if self.take("<<") => return self.here_document(start).map(Some),
            () if self.take("<") => {
                stream = 0;
                RedirectKind::Read
            }
            () if self.take(">>") => RedirectKind::Append,
            () if self.take(">&") => RedirectKind::Same,
            () => {
                self.at += 1;
                RedirectKind::Write
            }
        };
        self.skip_blanks();
        let Some(target) = self.word()? else {
            return unfinished(start..self.at, "Behind this the name of a file is missing.");
        };
        if kind == RedirectKind::Same && !matches!(target.bare(), Some("1" | "2")) {
            return wrong(target.span, "Here stands 1 (the output) or 2 (the errors): 2>&1");
        }
        Ok(Some(Redirect { kind, stream, target }))
    }

    /// `<<END`, its text up to a line with that word alone.
    fn here_document(&mut self, start: usize) -> Parsed<Redirect> {
        let strips_tabs = self.take("-");
        self.skip_blanks();
        let end_word = self.word()?;
        let Some((word, end_word)) = end_word.as_ref().and_then(|word| Some((word, word.literal()?))) else {
            return unfinished(start..self.at, "Behind << stands the word that ends the text: <<END");
        };
        let is_raw = word.pieces.iter().any(|piece| piece.is_quoted);
        let newline = self.rest().find('\n').map(|newline| self.at + newline);
        let Some(newline) = newline else {
            return unfinished(start..self.at, format!("The text up to a line {end_word} is missing."));
        };
        let mut at = self.jumps.iter().find(|(at, _)| *at == newline).map_or(newline + 1, |(_, end)| *end);
        let mut body = String::new();
        loop {
            let line = self.text[at..].split_inclusive('\n').next().unwrap_or_default();
            if line.is_empty() {
                return unfinished(start..self.at, format!("The text up to a line {end_word} is missing."));
            }
            at += line.len();
            let line = if strips_tabs { line.trim_start_matches('\t') } else { line };
            if line.trim_end_matches(['\n', '\r']) == end_word {
                break;
            }
            body.push_str(line);
        }
        self.jumps.retain(|(jump, _)| *jump != newline);
        self.jumps.push((newline, at));
        let span = word.span.clone();
        let pieces = match is_raw {
            true => vec![Piece { what: What::Text(body), is_quoted: true }],
            false => {
                let mut inner = Parser {
                    text: &body,
                    at: 0,
                    depth: self.depth,
                    typed: Vec::new(),
                    jumps: Vec::new(),
                    is_inside_command: false,
                };
                let mut pieces = Vec::new();
                let result = inner.quoted_pieces(None, &mut pieces);
                result.map_err(|error| UsageError { position: span.clone(), ..error })?;
                pieces
            }
        };
        Ok(Redirect { kind: RedirectKind::Text, stream: 0, target: ShellWord { pieces, span } })
    }
}
