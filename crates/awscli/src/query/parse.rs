//! From words to a tree: operator precedence, as the Python library has it.

use serde_json::Value;

use super::tokens::{Kind, Token, tokens};

/// One operation of an expression; each is given a value and makes another one.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Node {
    /// `@`, and where nothing stands.
    Current,
    Field(String),
    Literal(Value),
    Index(i64),
    Slice([Option<i64>; 3]),
    /// `a.b`, `a[0]`, `a | b`: the second on what the first made.
    Then(Box<Node>, Box<Node>),
    Flatten(Box<Node>),
    /// `a[*].b`: the second on each item of the first.
    Each(Box<Node>, Box<Node>),
    /// `a.*.b`
    EachMember(Box<Node>, Box<Node>),
    /// `a[?c].b`
    EachWhere {
        of: Box<Node>,
        condition: Box<Node>,
        then: Box<Node>,
    },
    Compare(Kind, Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    List(Vec<Node>),
    Hash(Vec<(String, Node)>),
    Call(String, Vec<Node>),
    /// `&a`: not evaluated but handed to a function.
    Reference(Box<Node>),
}

/// Operations inside each other: more than a learner nests, less than the stack holds.
const DEPTH_MAX: u32 = 64;
/// An expression's words; the AWS CLI has no bound.
const TOKENS_MAX: usize = 1_000;
/// What binds less ends a projection.
const PROJECTION_STOP: u8 = 10;

const fn power(kind: Kind) -> u8 {
    match kind {
        Kind::Pipe => 1,
        Kind::Or => 2,
        Kind::And => 3,
        Kind::Equal | Kind::NotEqual | Kind::Greater | Kind::GreaterEqual | Kind::Less | Kind::LessEqual => 5,
        Kind::Flatten => 9,
        Kind::Star => 20,
        Kind::Filter => 21,
        Kind::Dot => 40,
        Kind::Not => 45,
        Kind::LeftBrace => 50,
        Kind::LeftBracket => 55,
        Kind::LeftParen => 60,
        Kind::End
        | Kind::Identifier
        | Kind::QuotedIdentifier
        | Kind::Literal
        | Kind::RightBracket
        | Kind::RightParen
        | Kind::Comma
        | Kind::RightBrace
        | Kind::Number
        | Kind::Current
        | Kind::Reference
        | Kind::Colon => 0,
    }
}

pub(super) fn parse(text: &str) -> Result<Node, String> {
    if text.is_empty() {
        return Err("Invalid JMESPath expression: cannot be empty.".to_owned());
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0, depth: 0 };
    if tokens.len() > TOKENS_MAX {
        return Err(format!("this expression is longer than the {TOKENS_MAX} words that are read here."));
    }
    let node = parser.expression(0)?;
    match parser.kind() {
        Kind::End => Ok(node),
        _ => {
            let token = parser.token();
            let word = python_text(&token.value);
            parser.wrong(token, &format!("Unexpected token: {word}"))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: u32,
}

type Parsed = Result<Node, String>;

impl<'a> Parser<'a> {
    /// The token at this place; behind the last one the last one again.
    fn token(&self) -> &'a Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn kind(&self) -> Kind {
        self.token().kind
    }

    fn kind_ahead(&self) -> Kind {
        self.tokens.get(self.at + 1).map_or(Kind::End, |token| token.kind)
    }

    fn wrong<T>(&self, token: &Token, reason: &str) -> Result<T, String> {
        let value = python_text(&token.value);
        let kind = token.kind.name().to_uppercase();
        Err(format!(
            "{reason}: Parse error at column {}, token \"{value}\" ({kind}), for expression:\n\"{}\"\n{}^",
            token.start,
            self.text,
            " ".repeat(token.start + 1)
        ))
    }

    fn incomplete<T>(&self) -> Result<T, String> {
        let blanks = " ".repeat(self.text.chars().count() + 1);
        Err(format!("Invalid jmespath expression: Incomplete expression:\n\"{}\"\n{blanks}^", self.text))
    }

    /// Takes a token of that kind; `expected` is how its name is printed otherwise.
    fn take(&mut self, kind: Kind) -> Result<(), String> {
        match self.kind() {
            found if found == kind => {
                self.at += 1;
                Ok(())
            }
            Kind::End => self.incomplete(),
            found => {
                let reason = format!("Expecting: {}, got: {}", kind.name(), found.name());
                self.wrong(self.token(), &reason)
            }
        }
    }

    fn expression(&mut self, binding: u8) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!(
                "this expression is nested deeper than the {DEPTH_MAX} levels that are read here."
            ));
        }
        let token = self.token();
        self.at += 1;
        let mut left = self.prefix(token)?;
        while binding < power(self.kind()) {
            let token = self.token();
            self.at += 1;
            left = self.infix(left, token)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self, token: &Token) -> Parsed {
        match token.kind {
            Kind::Literal => Ok(Node::Literal(token.value.clone())),
            Kind::Identifier => Ok(Node::Field(name_of(token))),
            Kind::QuotedIdentifier => match self.kind() {
                Kind::LeftParen => {
                    let at_start = Token { start: 0, ..self.token().clone() };
                    self.wrong(&at_start, "Quoted identifier not allowed for function names.")
                }
                _ => Ok(Node::Field(name_of(token))),
            },
            Kind::Star => {
                let then = match self.kind() {
                    Kind::RightBracket => Node::Current,
                    _ => self.projected(power(Kind::Star))?,
                };
                Ok(Node::EachMember(Box::new(Node::Current), Box::new(then)))
            }
            Kind::Filter => self.filter(Node::Current),
            Kind::LeftBrace => self.hash(),
            Kind::LeftParen => {
                let inner = self.expression(0)?;
                self.take(Kind::RightParen)?;
                Ok(inner)
            }
            Kind::Flatten => self.flatten(Node::Current),
            Kind::Not => Ok(Node::Not(Box::new(self.expression(power(Kind::Not))?))),
            Kind::LeftBracket => match (self.kind(), self.kind_ahead()) {
                (Kind::Number | Kind::Colon, _) => self.index(Node::Current),
                (Kind::Star, Kind::RightBracket) => {
                    self.at += 2;
                    let then = self.projected(power(Kind::Star))?;
                    Ok(Node::Each(Box::new(Node::Current), Box::new(then)))
                }
                _ => self.list(),
            },
            Kind::Current => Ok(Node::Current),
            Kind::Reference => Ok(Node::Reference(Box::new(self.expression(power(Kind::Reference))?))),
            Kind::End => self.incomplete(),
            _ => self.wrong(token, "invalid token"),
        }
    }

    fn infix(&mut self, left: Node, token: &Token) -> Parsed {
        let left = Box::new(left);
        match token.kind {
            Kind::Dot if self.kind() == Kind::Star => {
                self.at += 1;
                let then = self.projected(power(Kind::Dot))?;
                Ok(Node::EachMember(left, Box::new(then)))
            }
            Kind::Dot => Ok(Node::Then(left, Box::new(self.after_dot(power(Kind::Dot))?))),
            Kind::Pipe => Ok(Node::Then(left, Box::new(self.expression(power(Kind::Pipe))?))),
            Kind::Or => Ok(Node::Or(left, Box::new(self.expression(power(Kind::Or))?))),
            Kind::And => Ok(Node::And(left, Box::new(self.expression(power(Kind::And))?))),
            Kind::LeftParen => self.call(*left),
            Kind::Filter => self.filter(*left),
            Kind::Equal
            | Kind::NotEqual
            | Kind::Greater
            | Kind::GreaterEqual
            | Kind::Less
            | Kind::LessEqual => {
                Ok(Node::Compare(token.kind, left, Box::new(self.expression(power(token.kind))?)))
            }
            Kind::Flatten => self.flatten(*left),
            Kind::LeftBracket => match self.kind() {
                Kind::Number | Kind::Colon => self.index(*left),
                _ => {
                    self.take(Kind::Star)?;
                    self.take(Kind::RightBracket)?;
                    let then = self.projected(power(Kind::Star))?;
                    Ok(Node::Each(left, Box::new(then)))
                }
            },
            _ => self.wrong(token, "invalid token"),
        }
    }

    fn call(&mut self, function: Node) -> Parsed {
        let Node::Field(name) = function else {
            let before = &self.tokens[self.at.saturating_sub(2)];
            let reason = format!("Invalid function name '{}'", python_text(&before.value));
            return self.wrong(before, &reason);
        };
        let mut arguments = Vec::new();
        while self.kind() != Kind::RightParen {
            arguments.push(self.expression(0)?);
            if self.kind() == Kind::Comma {
                self.at += 1;
            }
        }
        self.at += 1;
        Ok(Node::Call(name, arguments))
    }

    fn filter(&mut self, of: Node) -> Parsed {
        let condition = Box::new(self.expression(0)?);
        self.take(Kind::RightBracket)?;
        let then = match self.kind() {
            Kind::Flatten => Node::Current,
            _ => self.projected(power(Kind::Filter))?,
        };
        Ok(Node::EachWhere { of: Box::new(of), condition, then: Box::new(then) })
    }

    fn flatten(&mut self, of: Node) -> Parsed {
        let then = self.projected(power(Kind::Flatten))?;
        Ok(Node::Each(Box::new(Node::Flatten(Box::new(of))), Box::new(then)))
    }

    /// `0]` or `1:2]`, behind the bracket.
    fn index(&mut self, of: Node) -> Parsed {
        if self.kind() != Kind::Colon && self.kind_ahead() != Kind::Colon {
            let index = self.token().value.as_i64().unwrap_or_default();
            self.at += 1;
            self.take(Kind::RightBracket)?;
            return Ok(Node::Then(Box::new(of), Box::new(Node::Index(index))));
        }
        let mut parts = [None; 3];
        let mut place = 0;
        while self.kind() != Kind::RightBracket {
            match self.kind() {
                Kind::Colon if place < 2 => place += 1,
                Kind::Number => parts[place] = self.token().value.as_i64(),
                _ => return self.wrong(self.token(), "syntax error"),
            }
            self.at += 1;
        }
        self.at += 1;
        let slice = Node::Then(Box::new(of), Box::new(Node::Slice(parts)));
        let then = self.projected(power(Kind::Star))?;
        Ok(Node::Each(Box::new(slice), Box::new(then)))
    }

    fn list(&mut self) -> Parsed {
        let mut items = vec![self.expression(0)?];
        while self.kind() != Kind::RightBracket {
            self.take(Kind::Comma)?;
            items.push(self.expression(0)?);
        }
        self.at += 1;
        Ok(Node::List(items))
    }

    fn hash(&mut self) -> Parsed {
        let mut pairs = Vec::new();
        loop {
            let key = self.token();
            match key.kind {
                Kind::Identifier | Kind::QuotedIdentifier => self.at += 1,
                Kind::End => return self.incomplete(),
                found => {
                    let expected = "['quoted_identifier', 'unquoted_identifier']";
                    return self.wrong(key, &format!("Expecting: {expected}, got: {}", found.name()));
                }
            }
            self.take(Kind::Colon)?;
            pairs.push((name_of(key), self.expression(0)?));
            match self.kind() {
                Kind::Comma => self.at += 1,
                Kind::RightBrace => {
                    self.at += 1;
                    return Ok(Node::Hash(pairs));
                }
                // As in the Python library, which says what is wrong when it looks for the next key.
                _ => {}
            }
        }
    }

    /// What happens to each item of a projection.
    fn projected(&mut self, binding: u8) -> Parsed {
        match self.kind() {
            kind if power(kind) < PROJECTION_STOP => Ok(Node::Current),
            Kind::LeftBracket | Kind::Filter => self.expression(binding),
            Kind::Dot => {
                self.at += 1;
                self.after_dot(binding)
            }
            _ => self.wrong(self.token(), "syntax error"),
        }
    }

    fn after_dot(&mut self, binding: u8) -> Parsed {
        match self.kind() {
            Kind::Identifier | Kind::QuotedIdentifier | Kind::Star => self.expression(binding),
            Kind::LeftBracket => {
                self.at += 1;
                self.list()
            }
            Kind::LeftBrace => {
                self.at += 1;
                self.hash()
            }
            found => {
                let expected = "['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']";
                self.wrong(self.token(), &format!("Expecting: {expected}, got: {}", found.name()))
            }
        }
    }
}

fn name_of(token: &Token) -> String {
    token.value.as_str().unwrap_or_default().to_owned()
}

fn python_text(value: &Value) -> String {
    crate::aws::python_text(value)
}
