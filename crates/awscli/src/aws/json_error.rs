//! What Python says of a text that is not JSON, and where: the AWS CLI prints it.
//!
//! Observed: AWS CLI 2.9.19 on Python 3.11, run offline for every case of the tests.

/// Lists and structures inside each other, beyond which nothing is looked for.
const DEPTH_MAX: u32 = 128;

/// The mistake in Python's words; none where Python would take the text.
pub(super) fn json_error(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut scanner = Scanner { chars: &chars, at: 0, depth: 0 };
    let (problem, at) = scanner.document().err()?;
    let before = chars.get(..at)?;
    let line = before.iter().filter(|c| **c == '\n').count() + 1;
    let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
    Some(format!("{problem}: line {line} column {column} (char {at})"))
}

type Scanned = Result<(), (&'static str, usize)>;

const VALUE: &str = "Expecting value";
const COMMA: &str = "Expecting ',' delimiter";
const COLON: &str = "Expecting ':' delimiter";
const NAME: &str = "Expecting property name enclosed in double quotes";

struct Scanner<'a> {
    chars: &'a [char],
    at: usize,
    depth: u32,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, expected: char) -> bool {
        let is_there = self.peek() == Some(expected);
        self.at += usize::from(is_there);
        is_there
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn document(&mut self) -> Scanned {
        self.skip_blanks();
        self.value()?;
        self.skip_blanks();
        if self.at < self.chars.len() { Err(("Extra data", self.at)) } else { Ok(()) }
    }

    fn value(&mut self) -> Scanned {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err((VALUE, self.at));
        }
        let result = match self.peek() {
            Some('{') => self.structure(),
            Some('[') => self.list(),
            Some('"') => self.string(),
            Some('-' | '0'..='9') => self.number(),
            _ => self.word(),
        };
        self.depth -= 1;
        result
    }

    fn structure(&mut self) -> Scanned {
        self.at += 1;
        self.skip_blanks();
        if self.take('}') {
            return Ok(());
        }
        loop {
            if self.peek() != Some('"') {
                return Err((NAME, self.at));
            }
            self.string()?;
            self.skip_blanks();
            if !self.take(':') {
                return Err((COLON, self.at));
            }
            self.skip_blanks();
            self.value()?;
            self.skip_blanks();
            if self.take('}') {
                return Ok(());
            }
            if !self.take(',') {
                return Err((COMMA, self.at));
            }
            self.skip_blanks();
        }
    }

    fn list(&mut self) -> Scanned {
        self.at += 1;
        self.skip_blanks();
        if self.take(']') {
            return Ok(());
        }
        loop {
            self.value()?;
            self.skip_blanks();
            if self.take(']') {
                return Ok(());
            }
            if !self.take(',') {
                return Err((COMMA, self.at));
            }
            self.skip_blanks();
        }
    }

    fn string(&mut self) -> Scanned {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(("Unterminated string starting at", start)),
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(c) if c < ' ' => return Err(("Invalid control character at", self.at)),
                Some('\\') => {
                    match self.chars.get(self.at + 1) {
                        None => return Err(("Unterminated string starting at", start)),
                        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {}
                        Some('u') => {
                            let digits = self.chars.get(self.at + 2..self.at + 6).unwrap_or_default();
                            if digits.len() < 4 || !digits.iter().all(char::is_ascii_hexdigit) {
                                return Err(("Invalid \\uXXXX escape", self.at + 1));
                            }
                        }
                        Some(_) => return Err(("Invalid \\escape", self.at)),
                    }
                    self.at += 2;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Scanned {
        let start = self.at;
        self.take('-');
        if !self.take('0') && self.digits() == 0 {
            self.at = start;
            return self.word();
        }
        let whole = self.at;
        if self.take('.') && self.digits() == 0 {
            self.at = whole;
        }
        let mantissa = self.at;
        if self.take('e') || self.take('E') {
            let _ = self.take('-') || self.take('+');
            if self.digits() == 0 {
                self.at = mantissa;
            }
        }
        Ok(())
    }

    fn word(&mut self) -> Scanned {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let words = ["null", "true", "false", "NaN", "Infinity", "-Infinity"];
        match words
            .iter()
            .find(|word| word.len() <= rest.len() && word.chars().eq(rest[..word.len()].iter().copied()))
        {
            Some(word) => {
                self.at += word.len();
                Ok(())
            }
            None => Err((VALUE, self.at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mistakes_are_said_in_pythons_words() {
        for (text, expected) in [
            (
                r#"[{"Data":"YQ==","PartitionKey":"k1"]"#,
                "Expecting ',' delimiter: line 1 column 36 (char 35)",
            ),
            (r#"[{"Data":"YQ=="}"#, "Expecting ',' delimiter: line 1 column 17 (char 16)"),
            (
                r#"[{Data:"aGVsbG8="}]"#,
                "Expecting property name enclosed in double quotes: line 1 column 3 (char 2)",
            ),
            ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            (r#"{"a":1,}"#, "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"),
            (r#"[{"Data""#, "Expecting ':' delimiter: line 1 column 9 (char 8)"),
            (r#"{"a" 1}"#, "Expecting ':' delimiter: line 1 column 6 (char 5)"),
            (r#"[{"Data":}]"#, "Expecting value: line 1 column 10 (char 9)"),
            (r#"{"a":tru}"#, "Expecting value: line 1 column 6 (char 5)"),
            ("[1,\n é]", "Expecting value: line 2 column 2 (char 5)"),
            (r#"{"a":01}"#, "Expecting ',' delimiter: line 1 column 7 (char 6)"),
            (r#"{"a":"\q"}"#, "Invalid \\escape: line 1 column 7 (char 6)"),
            (r#"[{"Data":"abc}]"#, "Unterminated string starting at: line 1 column 10 (char 9)"),
            ("[1]x", "Extra data: line 1 column 4 (char 3)"),
            ("", "Expecting value: line 1 column 1 (char 0)"),
        ] {
            assert_eq!(json_error(text).as_deref(), Some(expected), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_json_has_no_mistake(text in "[\\[\\]{}\":,a1.e-é\n \\\\]{0,20}", any in "\\PC{0,20}") {
            for text in [text, any] {
                if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                    prop_assert_eq!(json_error(&text), None);
                }
            }
        }
    }
}
