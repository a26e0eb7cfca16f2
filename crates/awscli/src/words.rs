//! A typed line as a POSIX shell splits it: words with quotes, escapes, comments and continued lines.
//!
//! What a shell would do beyond words (variables, pipes, several commands) is refused with a sentence, never passed
//! on as if it were text.

use std::borrow::Cow;
use std::ops::Range;

use crate::{UsageError, UsageKind};

/// One word of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What the word means, without its quotes and escapes.
    pub text: String,
    /// Where it stands in the line, in bytes, quotes included.
    pub span: Range<usize>,
}

/// Bytes that a line may have: more than the largest PutRecords call in base64.
pub const LINE_BYTES_MAX: usize = 32 << 20;

/// What was read of a text up to the end of its first command.
pub(crate) struct Scan {
    pub(crate) words: Vec<Word>,
    /// Where the next command may begin.
    pub(crate) end: usize,
    /// What stopped the reading; `words` then holds what stands before it, an unfinished word included.
    pub(crate) error: Option<UsageError>,
}

/// The words of one command; none for an empty line or a comment.
pub fn split(line: &str) -> Result<Vec<Word>, UsageError> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = 0;
    while start < line.len() {
        let scan = scan(line, start);
        if let Some(second) = scan.words.first().filter(|_| !words.is_empty()) {
            let message = "Enter one command at a time: here begins a second one.";
            return Err(shell_error(second.span.clone(), message));
        }
        if let Some(error) = scan.error {
            return Err(error);
        }
        words.extend(scan.words);
        start = scan.end.max(start + 1);
    }
    Ok(words)
}

/// The commands of a pasted text, one by one; comments and empty lines are left out.
pub fn commands(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let scan = scan(text, start);
        if !scan.words.is_empty() || scan.error.is_some() {
            found.push(text[start..scan.end].trim());
        }
        start = scan.end.max(start + 1);
    }
    found
}

/// The word as it must be typed.
pub fn quote(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%^".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

pub(crate) fn scan(text: &str, start: usize) -> Scan {
    if text.len() > LINE_BYTES_MAX {
        let message = format!("A line has at most {} MiB.", LINE_BYTES_MAX >> 20);
        return Scan { words: Vec::new(), end: text.len(), error: Some(shell_error(0..0, message)) };
    }
    let mut scanner = Scanner { text, at: start, words: Vec::new() };
    let result = scanner.command();
    let mut end = scanner.at;
    if result.is_err() {
        // The rest of the line is not read: its quotes may not match.
        end = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
    }
    Scan { words: scanner.words, end, error: result.err() }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    words: Vec<Word>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Takes the text at this place if it is that one.
    fn take(&mut self, expected: &str) -> bool {
        let is_there = self.text[self.at..].starts_with(expected);
        self.at += if is_there { expected.len() } else { 0 };
        is_there
    }

    /// A backslash at the end of a line joins the next one to it.
    fn take_continuation(&mut self) -> bool {
        self.take("\\\n") || self.take("\\\r\n")
    }

    fn command(&mut self) -> Result<(), UsageError> {
        loop {
            if self.take_continuation() {
                continue;
            }
            match self.peek() {
                None => return Ok(()),
                Some('\n') => {
                    self.at += 1;
                    return Ok(());
                }
                Some('#') => {
                    let rest = &self.text[self.at..];
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                Some(c) if c.is_whitespace() => self.at += c.len_utf8(),
                Some(_) => {
                    let start = self.at;
                    let mut word = String::new();
                    let result = self.word(&mut word);
                    self.words.push(Word { text: word, span: start..self.at });
                    result?;
                }
            }
        }
    }

    fn word(&mut self, word: &mut String) -> Result<(), UsageError> {
        loop {
            if self.take_continuation() {
                continue;
            }
            match self.peek() {
                None => return Ok(()),
                Some(c) if c.is_whitespace() => return Ok(()),
                Some('\'') => self.single_quoted(word)?,
                Some('"') => self.double_quoted(word)?,
                Some('\\') => {
                    self.at += 1;
                    word.extend(self.next());
                }
                Some(c) => {
                    self.refuse_expansion(c, "|&;<>()")?;
                    self.at += c.len_utf8();
                    word.push(c);
                }
            }
        }
    }

    fn single_quoted(&mut self, word: &mut String) -> Result<(), UsageError> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        match inner.find('\'') {
            Some(length) => {
                word.push_str(&inner[..length]);
                self.at = start + length + 2;
                Ok(())
            }
            None => {
                word.push_str(inner);
                self.at = self.text.len();
                Err(shell_error(start..start + 1, "This single quote (') is never closed."))
            }
        }
    }

    fn double_quoted(&mut self, word: &mut String) -> Result<(), UsageError> {
        let start = self.at;
        self.at += 1;
        loop {
            if self.take_continuation() {
                continue;
            }
            match self.peek() {
                None => {
                    return Err(shell_error(start..start + 1, "This double quote (\") is never closed."));
                }
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => {
                    self.at += 1;
                    match self.next() {
                        Some(c @ ('$' | '`' | '"' | '\\')) => word.push(c),
                        Some(c) => word.extend(['\\', c]),
                        None => word.push('\\'),
                    }
                }
                Some(c) => {
                    self.refuse_expansion(c, "")?;
                    self.at += c.len_utf8();
                    word.push(c);
                }
            }
        }
    }

    /// A `$` that begins no name is text, as in a shell.
    fn refuse_expansion(&self, c: char, operators: &str) -> Result<(), UsageError> {
        let span = self.at..self.at + c.len_utf8();
        let follower = self.text[span.end..].chars().next();
        let message = match c {
            '$' if follower.is_some_and(|f| f == '(' || f == '{' || f == '_' || f.is_alphanumeric()) => {
                "Variables and $(…) are not simulated here yet: put the value itself, or '$' in single quotes."
            }
            '`' => "Command substitution is not simulated here yet: put the value itself.",
            c if operators.contains(c) => {
                "Pipes, redirections and several commands in one line are not simulated here yet. To use the \
                 character as text, put the word in single quotes."
            }
            _ => return Ok(()),
        };
        Err(shell_error(span, message))
    }
}

fn shell_error(position: Range<usize>, message: impl Into<String>) -> UsageError {
    UsageError::new(UsageKind::Shell, position, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(line: &str) -> Vec<String> {
        split(line).unwrap().into_iter().map(|word| word.text).collect()
    }

    fn refused(line: &str) -> (Range<usize>, String) {
        let error = split(line).unwrap_err();
        (error.position, error.message)
    }

    #[test]
    fn blanks_part_words() {
        assert_eq!(words("  aws \t kinesis  list-streams "), ["aws", "kinesis", "list-streams"]);
        assert_eq!(words(""), [""; 0]);
    }

    #[test]
    fn quotes_keep_blanks_and_may_stand_inside_a_word() {
        assert_eq!(words(r#"a "b c" 'd e' f" "g '' """#), ["a", "b c", "d e", "f g", "", ""]);
    }

    #[test]
    fn single_quotes_keep_everything() {
        assert_eq!(words(r#"'{"a":"$x\n|;"}'"#), [r#"{"a":"$x\n|;"}"#]);
        assert_eq!(words(r"'it'\''s'"), ["it's"]);
    }

    #[test]
    fn a_backslash_takes_the_next_character_as_it_is() {
        assert_eq!(words(r"a\ b \$x \\ \|"), ["a b", "$x", r"\", "|"]);
        assert_eq!(words(r#""a\"b\\c\d\$e""#), [r#"a"b\c\d$e"#]);
    }

    #[test]
    fn a_line_is_continued_after_a_backslash() {
        assert_eq!(
            words("aws kinesis \\\n  list-\\\nstreams --limit \\\r\n 1"),
            ["aws", "kinesis", "list-streams", "--limit", "1"]
        );
    }

    #[test]
    fn a_comment_begins_with_a_word() {
        assert_eq!(words("aws # the rest | is > not read"), ["aws"]);
        assert_eq!(words("a#b"), ["a#b"]);
        assert_eq!(words("# nothing"), [""; 0]);
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let spans: Vec<_> = split(r#"aws  "x y" é z"#).unwrap().into_iter().map(|word| word.span).collect();
        assert_eq!(spans, [0..3, 5..10, 11..13, 14..15]);
    }

    #[test]
    fn an_open_quote_is_pointed_at() {
        assert_eq!(refused("a 'b c"), (2..3, "This single quote (') is never closed.".to_owned()));
        assert_eq!(refused("a b\"c"), (3..4, "This double quote (\") is never closed.".to_owned()));
    }

    #[test]
    fn what_a_shell_would_expand_is_refused_and_pointed_at() {
        for (line, at) in [
            ("a $x", 2),
            ("a \"$(b)\"", 3),
            ("a `b`", 2),
            ("a | b", 2),
            ("a > b", 2),
            ("a ; b", 2),
            ("a && b", 2),
            ("a b{ (c)", 5),
        ] {
            assert_eq!(refused(line).0.start, at, "{line}");
        }
        assert_eq!(words("a $ 5$ '$x'"), ["a", "$", "5$", "$x"]);
    }

    #[test]
    fn one_line_is_one_command() {
        assert_eq!(refused("a b\n\n# c\n  d e").0.start, 11);
        assert_eq!(words("a b\n\n# c\n"), ["a", "b"]);
    }

    #[test]
    fn a_pasted_text_is_taken_apart_into_its_commands() {
        let text = "# first\na b\n\nc \\\n d\n  e 'f\ng'\nh $(i\nj";
        assert_eq!(commands(text), ["a b", "c \\\n d", "e 'f\ng'", "h $(i", "j"]);
    }

    proptest! {
        #[test]
        fn a_quoted_word_is_read_back(text in ".{0,20}") {
            prop_assert_eq!(words(&quote(&text)), [text]);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a '\"\\\\\n#$(|é]{0,30}") {
            let _ = split(&text);
            for command in commands(&text) {
                prop_assert!(text.contains(command));
            }
        }
    }
}
