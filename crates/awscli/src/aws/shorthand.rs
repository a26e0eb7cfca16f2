//! Shorthand: `Data=aGVsbG8=,PartitionKey=k1` for a structure.
//!
//! Documented: AWS CLI 2.36, `awscli/shorthand.py`. Every value is text, a list or a structure; what type it should
//! have is checked later.

use serde_json::{Map, Value};

/// Structures and lists inside each other: deeper ones mean nothing to any operation.
const DEPTH_MAX: u32 = 16;

/// Reads a structure; the error is what the AWS CLI says of the text, with a caret line below it.
pub(super) fn parse(text: &str) -> Result<Map<String, Value>, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut parser = Parser { chars: &chars, at: 0, depth: 0 };
    parser.structure().map_err(|problem| problem.to_message(text))
}

struct Problem {
    what: String,
    at: usize,
    note: &'static str,
}

impl Problem {
    fn expected(expected: &str, received: &str, at: usize) -> Problem {
        let what = format!("Expected: '{expected}', received: '{received}'");
        Problem { what, at, note: "" }
    }

    fn to_message(&self, text: &str) -> String {
        // Of several lines the caret stands under the one that it is about.
        let mut left = self.at;
        let mut lines = Vec::new();
        let mut is_marked = false;
        for line in text.split('\n') {
            lines.push(line.to_owned());
            let length = line.chars().count();
            if !is_marked && left <= length {
                lines.push(format!("{}^", " ".repeat(left)));
                is_marked = true;
            }
            left = left.saturating_sub(length + 1);
        }
        format!("{} for input:\n{}{}", self.what, lines.join("\n"), self.note)
    }
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    depth: u32,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn expect(&mut self, expected: char) -> Result<(), Problem> {
        self.skip_blanks();
        match self.peek() {
            Some(c) if c == expected => {
                self.at += 1;
                self.skip_blanks();
                Ok(())
            }
            Some(c) => Err(Problem::expected(&expected.to_string(), &c.to_string(), self.at)),
            None => Err(Problem::expected(&expected.to_string(), "EOF", self.at)),
        }
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == '\\' && self.chars.get(self.at + 1) == Some(&',') {
                self.at += 2;
            } else if belongs(c) {
                self.at += 1;
            } else {
                break;
            }
        }
        let taken: String = self.chars[start..self.at].iter().collect();
        taken.replace("\\,", ",").trim_end().to_owned()
    }

    /// `key=value,key=value` to the end of the text.
    fn structure(&mut self) -> Result<Map<String, Value>, Problem> {
        let mut members = Map::new();
        let mut last = self.at;
        loop {
            let (key, value) = self.member()?;
            if members.contains_key(&key) {
                return Err(Problem {
                    what: format!("Second instance of key \"{key}\" encountered"),
                    at: last + 1,
                    note: "\nThis is often because there is a preceding \",\" instead of a space.",
                });
            }
            members.insert(key, value);
            last = self.at;
            if self.peek().is_none() {
                return Ok(members);
            }
            self.expect(',')?;
        }
    }

    fn member(&mut self) -> Result<(String, Value), Problem> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "-_.#/:".contains(c)) {
            self.at += 1;
        }
        let key: String = self.chars[start..self.at].iter().collect();
        self.expect('=')?;
        let value = match self.peek() {
            None => Value::from(""),
            Some('[') => self.nested(Self::list)?,
            Some('{') => self.nested(Self::braces)?,
            Some(_) => self.values()?,
        };
        Ok((key, value))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Problem>) -> Result<Value, Problem> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Problem::expected("<first>", "<nested too deep>", self.at));
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// One value, or several with commas between them; a `key=` behind a comma is the next member.
    fn values(&mut self) -> Result<Value, Problem> {
        let first = match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote)?,
            _ if self.peek().is_some_and(begins_value) => self.take_while(is_first_value),
            _ => String::new(),
        };
        self.skip_blanks();
        if self.peek() != Some(',') {
            return Ok(Value::from(first));
        }
        let mut comma = self.at;
        self.expect(',')?;
        let mut values = vec![first];
        loop {
            match self.second_value() {
                Ok(value) => {
                    self.skip_blanks();
                    match self.peek() {
                        None => {
                            values.push(value);
                            break;
                        }
                        Some(',') => {
                            comma = self.at;
                            self.expect(',')?;
                            values.push(value);
                        }
                        Some(_) => {
                            self.at = comma;
                            break;
                        }
                    }
                }
                Err(problem) if self.peek().is_none() => return Err(problem),
                Err(_) => {
                    self.at = comma;
                    break;
                }
            }
        }
        Ok(match <[String; 1]>::try_from(values) {
            Ok([value]) => Value::from(value),
            Err(values) => Value::from(values),
        })
    }

    fn second_value(&mut self) -> Result<String, Problem> {
        match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            Some(c) if begins_value(c) => Ok(self.take_while(is_second_value)),
            _ => Err(Problem::expected("<second>", "<none>", self.at)),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, Problem> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                c if c == quote => return Ok(text),
                '\\' => match self.peek() {
                    Some(escaped) if escaped == quote || escaped == '\\' => {
                        text.push(escaped);
                        self.at += 1;
                    }
                    _ => text.push(c),
                },
                c => text.push(c),
            }
        }
        self.at = start;
        // The misspelling is the AWS CLI's.
        let name = if quote == '"' { "<double quoted>" } else { "<singled quoted>" };
        Err(Problem::expected(name, "<none>", start))
    }

    fn list(&mut self) -> Result<Value, Problem> {
        self.expect('[')?;
        let mut items = Vec::new();
        while self.peek() != Some(']') {
            items.push(match self.peek() {
                Some('[') => self.nested(Self::list)?,
                Some('{') => self.nested(Self::braces)?,
                Some(quote @ ('\'' | '"')) => Value::from(self.quoted(quote)?),
                Some(c) if begins_value(c) => Value::from(self.take_while(is_first_value)),
                _ => Value::from(""),
            });
            self.skip_blanks();
            if self.peek() != Some(']') {
                self.expect(',')?;
            }
        }
        self.expect(']')?;
        Ok(Value::Array(items))
    }

    fn braces(&mut self) -> Result<Value, Problem> {
        self.expect('{')?;
        let mut members = Map::new();
        while self.peek() != Some('}') {
            let start = self.at;
            while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "-_.#/:".contains(c)) {
                self.at += 1;
            }
            let key: String = self.chars[start..self.at].iter().collect();
            self.expect('=')?;
            let value = match self.peek() {
                Some('[') => self.nested(Self::list)?,
                Some('{') => self.nested(Self::braces)?,
                Some(quote @ ('\'' | '"')) => Value::from(self.quoted(quote)?),
                Some(c) if begins_value(c) => Value::from(self.take_while(is_first_value)),
                _ => Value::from(""),
            };
            self.skip_blanks();
            if self.peek() != Some('}') {
                self.expect(',')?;
                self.skip_blanks();
            }
            members.insert(key, value);
        }
        self.expect('}')?;
        Ok(Value::Object(members))
    }
}

fn begins_value(c: char) -> bool {
    matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='<' | '>'..='Z' | '\\'..='z' | '|'..)
}

fn is_first_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='\\' | '^'..='|' | '~'..)
}

fn is_second_value(c: char) -> bool {
    c.is_whitespace() || matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='<' | '>'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        let printed = match parse(text) {
            Ok(members) => Value::Object(members).to_string(),
            Err(message) => message,
        };
        assert_eq!(printed, expected, "{text}");
    }

    #[test]
    fn members_are_parted_by_commas() {
        check("Data=aGVsbG8=,PartitionKey=k1", r#"{"Data":"aGVsbG8=","PartitionKey":"k1"}"#);
        check(
            "Type=AFTER_SHARD_ID,ShardId=shardId-000000000003",
            r#"{"Type":"AFTER_SHARD_ID","ShardId":"shardId-000000000003"}"#,
        );
        check("Timestamp=2026-01-01T00:00:00Z", r#"{"Timestamp":"2026-01-01T00:00:00Z"}"#);
    }

    #[test]
    fn a_value_may_be_empty_quoted_or_have_blanks() {
        check("Data=,PartitionKey=k", r#"{"Data":"","PartitionKey":"k"}"#);
        check("Data=", r#"{"Data":""}"#);
        check(
            "Data=\"aGVs,bG8=\",PartitionKey='it''s'",
            "Expected: ',', received: ''' for input:\nData=\"aGVs,bG8=\",PartitionKey='it''s'\n                                  ^",
        );
        check(r#"a="x\"y\\z",b='q'"#, r#"{"a":"x\"y\\z","b":"q"}"#);
        check("PartitionKey=a b", r#"{"PartitionKey":"a b"}"#);
        check("StreamMode = A", r#"{"StreamMode":"A"}"#);
        check(r"a=x\,y,b=z", r#"{"a":"x,y","b":"z"}"#);
    }

    #[test]
    fn values_without_a_key_are_a_list() {
        check("PartitionKey=a,b,Data=YQ==", r#"{"PartitionKey":["a","b"],"Data":"YQ=="}"#);
        check("a=[x,y],b={c=d,e=f}", r#"{"a":["x","y"],"b":{"c":"d","e":"f"}}"#);
    }

    /// Texts as AWS CLI 2.9.19 prints them.
    #[test]
    fn mistakes_are_said_in_the_words_of_the_aws_cli() {
        check("foo", "Expected: '=', received: 'EOF' for input:\nfoo\n   ^");
        check("foo,bar", "Expected: '=', received: ',' for input:\nfoo,bar\n   ^");
        check("\"x\"", "Expected: '=', received: '\"' for input:\n\"x\"\n^");
        check("", "Expected: '=', received: 'EOF' for input:\n\n^");
        check(
            "StreamMode=A,",
            "Expected: '<second>', received: '<none>' for input:\nStreamMode=A,\n             ^",
        );
        check(
            "StreamMode=\"A",
            "Expected: '<double quoted>', received: '<none>' for input:\nStreamMode=\"A\n           ^",
        );
        check(
            "StreamMode=\"A\"b",
            "Expected: ',', received: 'b' for input:\nStreamMode=\"A\"b\n              ^",
        );
        check(
            "Data=aGVsbG8=,PartitionKey=k,PartitionKey=j",
            "Second instance of key \"PartitionKey\" encountered for input:\nData=aGVsbG8=,PartitionKey=k,PartitionKey=j\n                             ^\nThis is often because there is a preceding \",\" instead of a space.",
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_or_hang(text in "\\PC{0,30}", near in "[ab=,\\[\\]{}'\" \\\\\n]{0,30}") {
            let _ = (parse(&text), parse(&near));
        }
    }
}
