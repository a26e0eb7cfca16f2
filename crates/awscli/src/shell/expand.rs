//! What stands for something else in a word, put in its place.

use sim::Observer;

use super::arithmetic;
use super::execute::{Flow, OUTPUT_BYTES_MAX, Printed, Session};
use super::syntax::{Piece, ShellWord, What};
use super::tools::Input;

/// Numbers that `{1..100}` may stand for.
const RANGE_MAX: u64 = 10_000;

impl<O: Observer> Session<'_, '_, O> {
    /// The words that a word becomes: none, one, or as many as its variables hold.
    pub(super) fn fields(&mut self, word: &ShellWord) -> Vec<String> {
        if let Some(bare) = word.bare() {
            return range(bare)
                .or_else(|| self.matching_files(bare))
                .unwrap_or_else(|| vec![bare.to_owned()]);
        }
        let mut fields = Vec::new();
        let mut field: Option<String> = None;
        for piece in &word.pieces {
            let text = self.piece(piece);
            if piece.is_quoted || matches!(piece.what, What::Text(_)) {
                field.get_or_insert_default().push_str(&text);
                continue;
            }
            let is_blank = |c: char| c == ' ' || c == '\t' || c == '\n';
            if text.starts_with(is_blank) {
                fields.extend(field.take());
            }
            for (i, part) in text.split(is_blank).filter(|part| !part.is_empty()).enumerate() {
                if i > 0 {
                    fields.extend(field.take());
                }
                field.get_or_insert_default().push_str(part);
            }
            if text.ends_with(is_blank) {
                fields.extend(field.take());
            }
        }
        fields.extend(field);
        fields
    }

    /// The one text that pieces become.
    pub(super) fn text(&mut self, pieces: &[Piece]) -> String {
        pieces.iter().map(|piece| self.piece(piece)).collect()
    }

    fn piece(&mut self, piece: &Piece) -> String {
        let text = self.piece_text(piece);
        self.expanded_bytes = self.expanded_bytes.saturating_add(text.len());
        text
    }

    fn piece_text(&mut self, piece: &Piece) -> String {
        match &piece.what {
            What::Text(text) => text.clone(),
            What::Variable { name, default } => match (self.value(name), default) {
                (value, Some(default)) if value.is_empty() => self.text(default),
                (value, _) => value,
            },
            What::Length(name) => self.value(name).chars().count().to_string(),
            What::Output(script) => {
                let before = self.home.clone();
                let mut printed = Printed::default();
                let _: Flow = self.script(script, &mut Input::default(), &mut printed);
                self.restore_variables(&before);
                self.aside.push_str(&printed.stderr);
                printed.stdout.truncate(OUTPUT_BYTES_MAX);
                let text = String::from_utf8_lossy(&printed.stdout).replace('\0', "");
                text.trim_end_matches('\n').to_owned()
            }
            What::Arithmetic(pieces) => {
                let text = self.text(pieces);
                let variables = |name: &str| self.home.variable(name).map(|variable| variable.value.as_str());
                match arithmetic::value(&text, &variables) {
                    Ok(number) => number.to_string(),
                    Err(problem) => {
                        self.aside.push_str(&format!("{text}: {problem}\n"));
                        self.status = 1;
                        String::new()
                    }
                }
            }
        }
    }

    fn value(&mut self, name: &str) -> String {
        match name {
            "?" => self.status.to_string(),
            "RANDOM" => (super::tools::roll(&mut self.dice) % 32_768).to_string(),
            name => self.home.variable(name).map_or_else(String::new, |variable| variable.value.clone()),
        }
    }

    /// The files that a pattern with `*` or `?` matches; none where it matches nothing and stays as it is.
    fn matching_files(&self, pattern: &str) -> Option<Vec<String>> {
        if !pattern.contains(['*', '?']) {
            return None;
        }
        let pattern: Vec<char> = pattern.strip_prefix("./").unwrap_or(pattern).chars().collect();
        let files = self.home.files().map(|(path, _)| path);
        let found: Vec<String> = files
            .filter(|path| !path.starts_with('.') && matches(&pattern, &path.chars().collect::<Vec<char>>()))
            .cloned()
            .collect();
        (!found.is_empty()).then_some(found)
    }
}

/// Whether a command's output is among the pieces: then its exit code is that of the line.
pub(super) fn has_output(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match &piece.what {
        What::Output(_) => true,
        What::Variable { default, .. } => default.as_deref().is_some_and(has_output),
        What::Arithmetic(inner) => has_output(inner),
        What::Text(_) | What::Length(_) => false,
    })
}

/// `{1..5}` with what stands around it.
fn range(text: &str) -> Option<Vec<String>> {
    let (before, rest) = text.split_once('{')?;
    let (inner, after) = rest.split_once('}')?;
    let (from, to) = inner.split_once("..")?;
    let (from, to) = (from.parse::<i64>().ok()?, to.parse::<i64>().ok()?);
    if from.abs_diff(to) >= RANGE_MAX {
        return None;
    }
    let number = |n: i64| format!("{before}{n}{after}");
    Some(if from <= to { (from..=to).map(number).collect() } else { (to..=from).rev().map(number).collect() })
}

fn matches(pattern: &[char], text: &[char]) -> bool {
    // A star takes as little as possible and, where the rest does not fit, one letter more.
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (p, t) = (*place + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[p.min(pattern.len())..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_their_numbers() {
        assert_eq!(range("k{1..3}x").unwrap(), ["k1x", "k2x", "k3x"]);
        assert_eq!(range("{3..1}").unwrap(), ["3", "2", "1"]);
        assert_eq!(range("{-1..1}").unwrap(), ["-1", "0", "1"]);
        assert_eq!(range("{a..c}"), None);
        assert_eq!(range("{1..1000000}"), None);
        assert_eq!(range("{}"), None);
    }

    #[test]
    fn patterns_match_names() {
        let is_match = |pattern: &str, text: &str| {
            matches(&pattern.chars().collect::<Vec<char>>(), &text.chars().collect::<Vec<char>>())
        };
        for (pattern, text, expected) in [
            ("*.json", "a.json", true),
            ("*.json", "a.json.txt", false),
            ("a*b*c", "axxbyybc", true),
            ("?", "a", true),
            ("?", "", false),
            ("*", "", true),
            ("a*", "b", false),
        ] {
            assert_eq!(is_match(pattern, text), expected, "{pattern} {text}");
        }
    }
}
