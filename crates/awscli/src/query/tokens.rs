//! The words of a JMESPath expression.

use serde_json::Value;

/// What kind of word it is, under the name that error messages print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    End,
    Identifier,
    QuotedIdentifier,
    Literal,
    RightBracket,
    RightParen,
    Comma,
    RightBrace,
    Number,
    Current,
    Reference,
    Colon,
    Pipe,
    Or,
    And,
    Equal,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    NotEqual,
    Flatten,
    Star,
    Filter,
    Dot,
    Not,
    LeftBrace,
    LeftBracket,
    LeftParen,
}

impl Kind {
    /// The name in error messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Kind::End => "eof",
            Kind::Identifier => "unquoted_identifier",
            Kind::QuotedIdentifier => "quoted_identifier",
            Kind::Literal => "literal",
            Kind::RightBracket => "rbracket",
            Kind::RightParen => "rparen",
            Kind::Comma => "comma",
            Kind::RightBrace => "rbrace",
            Kind::Number => "number",
            Kind::Current => "current",
            Kind::Reference => "expref",
            Kind::Colon => "colon",
            Kind::Pipe => "pipe",
            Kind::Or => "or",
            Kind::And => "and",
            Kind::Equal => "eq",
            Kind::Greater => "gt",
            Kind::Less => "lt",
            Kind::GreaterEqual => "gte",
            Kind::LessEqual => "lte",
            Kind::NotEqual => "ne",
            Kind::Flatten => "flatten",
            Kind::Star => "star",
            Kind::Filter => "filter",
            Kind::Dot => "dot",
            Kind::Not => "not",
            Kind::LeftBrace => "lbrace",
            Kind::LeftBracket => "lbracket",
            Kind::LeftParen => "lparen",
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// The name of an identifier, the value of a literal or a number, else the word itself.
    pub(super) value: Value,
    /// Characters before it.
    pub(super) start: usize,
}

/// Takes an expression apart; the last token is [`Kind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { text, chars: &chars, at: 0 };
    let mut found = Vec::new();
    while let Some(token) = lexer.next()? {
        found.push(token);
    }
    found.push(Token { kind: Kind::End, value: Value::from(""), start: chars.len() });
    Ok(found)
}

struct Lexer<'a> {
    text: &'a str,
    chars: &'a [char],
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn error<T>(&self, message: &str, at: usize) -> Result<T, String> {
        Err(format!("Bad jmespath expression: {message}:\n{}\n{}^", self.text, " ".repeat(at)))
    }

    fn next(&mut self) -> Result<Option<Token>, String> {
        while self.peek(0).is_some_and(|c| " \t\n\r".contains(c)) {
            self.at += 1;
        }
        let start = self.at;
        let Some(c) = self.peek(0) else { return Ok(None) };
        let second = self.peek(1);
        let (kind, length) = match (c, second) {
            ('[', Some(']')) => (Kind::Flatten, 2),
            ('[', Some('?')) => (Kind::Filter, 2),
            ('[', _) => (Kind::LeftBracket, 1),
            ('|', Some('|')) => (Kind::Or, 2),
            ('|', _) => (Kind::Pipe, 1),
            ('&', Some('&')) => (Kind::And, 2),
            ('&', _) => (Kind::Reference, 1),
            ('<', Some('=')) => (Kind::LessEqual, 2),
            ('<', _) => (Kind::Less, 1),
            ('>', Some('=')) => (Kind::GreaterEqual, 2),
            ('>', _) => (Kind::Greater, 1),
            ('!', Some('=')) => (Kind::NotEqual, 2),
            ('!', _) => (Kind::Not, 1),
            ('=', Some('=')) => (Kind::Equal, 2),
            ('=', _) => return self.error("Unknown token '='", start),
            ('.', _) => (Kind::Dot, 1),
            ('*', _) => (Kind::Star, 1),
            (']', _) => (Kind::RightBracket, 1),
            (',', _) => (Kind::Comma, 1),
            (':', _) => (Kind::Colon, 1),
            ('@', _) => (Kind::Current, 1),
            ('(', _) => (Kind::LeftParen, 1),
            (')', _) => (Kind::RightParen, 1),
            ('{', _) => (Kind::LeftBrace, 1),
            ('}', _) => (Kind::RightBrace, 1),
            ('\'', _) => {
                let inner = self.until('\'')?.replace("\\'", "'");
                return Ok(Some(Token { kind: Kind::Literal, value: Value::from(inner), start }));
            }
            ('`', _) => {
                let value = self.literal()?;
                return Ok(Some(Token { kind: Kind::Literal, value, start }));
            }
            ('"', _) => {
                let inner = self.until('"')?;
                let Ok(name) = serde_json::from_str::<String>(&format!("\"{inner}\"")) else {
                    return self.error("Invalid \\escape", start);
                };
                return Ok(Some(Token { kind: Kind::QuotedIdentifier, value: Value::from(name), start }));
            }
            ('-' | '0'..='9', _) => {
                let digits = self.length_of(1, |c| c.is_ascii_digit());
                if c == '-' && digits == 1 {
                    return self.error("Unknown token '-'", start);
                }
                let text: String = self.chars[start..start + digits].iter().collect();
                let value = text.parse::<i64>().unwrap_or(if c == '-' { i64::MIN } else { i64::MAX });
                self.at += digits;
                return Ok(Some(Token { kind: Kind::Number, value: Value::from(value), start }));
            }
            (c, _) if c.is_ascii_alphabetic() || c == '_' => {
                (Kind::Identifier, self.length_of(1, |c| c.is_ascii_alphanumeric() || c == '_'))
            }
            (c, _) => return self.error(&format!("Unknown token {c}"), start),
        };
        self.at += length;
        let value: String = self.chars[start..self.at].iter().collect();
        Ok(Some(Token { kind, value: Value::from(value), start }))
    }

    /// How many characters belong together, the first `least` of them without asking.
    fn length_of(&self, least: usize, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.chars.get(self.at + least..).unwrap_or_default();
        least + rest.iter().take_while(|c| belongs(**c)).count()
    }

    /// The text up to the delimiter, escapes left as they are.
    fn until(&mut self, delimiter: char) -> Result<String, String> {
        let start = self.at;
        let mut inner = String::new();
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(c) if c == delimiter => {
                    self.at += 1;
                    return Ok(inner);
                }
                Some('\\') if self.peek(1).is_some() => {
                    inner.extend(['\\', self.chars[self.at + 1]]);
                    self.at += 2;
                }
                Some(c) if c != '\\' => {
                    inner.push(c);
                    self.at += 1;
                }
                _ => return self.error(&format!("Unclosed {delimiter} delimiter"), start),
            }
        }
    }

    /// JSON between back quotes; what is no JSON is a text.
    fn literal(&mut self) -> Result<Value, String> {
        let start = self.at;
        let inner = self.until('`')?.replace("\\`", "`");
        let value = serde_json::from_str(&inner)
            .or_else(|_| serde_json::from_str(&format!("\"{}\"", inner.trim_start())));
        value.or_else(|_| self.error(&format!("Bad token {inner}"), start))
    }
}
