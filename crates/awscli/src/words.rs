//! Words of a line, and lines of a pasted text.

use std::borrow::Cow;
use std::ops::Range;

use crate::shell::scan;
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

pub(crate) fn check_length(text: &str) -> Result<(), UsageError> {
    if text.len() <= LINE_BYTES_MAX {
        return Ok(());
    }
    let message = format!("A line has at most {} MiB.", LINE_BYTES_MAX >> 20);
    Err(UsageError::new(UsageKind::Shell, 0..0, message))
}

/// The lines of a pasted text, one by one; a loop over several lines is one. Comments and empty lines are left out.
pub fn commands(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() && text.len() <= LINE_BYTES_MAX {
        let scan = scan(text, start);
        if !scan.script.lists.is_empty() || scan.error.is_some() {
            found.push(text[start..scan.end].trim());
        }
        start = scan.end.max(start + 1);
    }
    found
}

/// Whether the text goes on in a next line: a quote or a loop is open, or it ends with a backslash.
pub fn is_unfinished(text: &str) -> bool {
    let mut start = 0;
    while start < text.len() {
        let scan = scan(text, start);
        if scan.error.is_some_and(|error| error.kind == UsageKind::Incomplete) {
            return true;
        }
        start = scan.end.max(start + 1);
    }
    false
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

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shell::{ShellCommand, ShellWord};

    /// The words of one command in which nothing is to be expanded.
    pub(crate) fn split(line: &str) -> Result<Vec<Word>, UsageError> {
        let scan = scan(line, 0);
        if let Some(error) = scan.error {
            return Err(error);
        }
        let command = scan.script.lists.first().and_then(|list| list.first.commands.first());
        let words = match command.map(|part| &part.command) {
            Some(ShellCommand::Simple(simple)) => simple.words.as_slice(),
            _ => &[],
        };
        let word =
            |word: &ShellWord| Word { text: word.literal().unwrap_or_default(), span: word.span.clone() };
        Ok(words.iter().map(word).collect())
    }

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
        assert_eq!(words(r#"a '{"a":"$x\n|;"}'"#), ["a", r#"{"a":"$x\n|;"}"#]);
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
    fn what_is_not_simulated_is_refused_and_pointed_at() {
        for (line, at) in [
            ("a `b`", 2),
            ("a & b", 2),
            ("a $1", 2),
            ("a ${x%y}", 2),
            ("case x in", 0),
            ("a b{ (c)", 5),
            ("a |& b", 3),
            ("a {b,c}", 2),
            ("done", 0),
            ("a )", 2),
            ("a ;; b", 2),
            ("(( 1 ))", 1),
            ("a | | b", 4),
            ("a 3>x", 2),
            ("a 2>&x", 5),
        ] {
            let error = split(line).expect_err(line);
            assert_eq!(error.position.start, at, "{line}");
        }
        assert_eq!(words("a $ 5$ '$x'"), ["a", "$", "5$", "$x"]);
    }

    #[test]
    fn an_unfinished_line_is_known_as_one() {
        for line in [
            "a \\",
            "a 'b",
            "a \"b",
            "for i in 1 2",
            "for i in 1 2; do a",
            "while true",
            "while true; do a;",
            "if a; then b",
            "a |",
            "a &&",
            "$(a",
            "a $((1 +",
            "{ a;",
            "( a",
            "cat <<END\nx",
            "a \"${b",
            "a\nfor",
        ] {
            assert!(is_unfinished(line), "{line}");
        }
        for line in [
            "",
            "a",
            "for i in 1; do a; done",
            "a ' b'",
            "a )",
            "a `",
            "if a; then b; fi",
            "cat <<END\nx\nEND",
        ] {
            assert!(!is_unfinished(line), "{line}");
        }
    }

    #[test]
    fn a_pasted_text_is_taken_apart_into_its_commands() {
        let text = "# first\na b\n\nc \\\n d\n  e 'f\ng'\nfor i in 1 2\ndo\n  x\ndone | y\ncat <<END > f\nz\nEND\nh $(i\nj";
        assert_eq!(
            commands(text),
            [
                "a b",
                "c \\\n d",
                "e 'f\ng'",
                "for i in 1 2\ndo\n  x\ndone | y",
                "cat <<END > f\nz\nEND",
                "h $(i\nj"
            ]
        );
    }

    proptest! {
        #[test]
        fn a_quoted_word_is_read_back(text in ".{0,20}") {
            prop_assert_eq!(words(&format!("a {}", quote(&text))), ["a", &text]);
        }

        #[test]
        fn no_text_makes_it_panic(text in "([a '\"\\\\\n#$(|é){}<>&;=!?`]|for |do |done |if |then |fi |<<a ){0,30}") {
            let _ = (split(&text), is_unfinished(&text));
            for command in commands(&text) {
                prop_assert!(text.contains(command));
            }
        }
    }
}
