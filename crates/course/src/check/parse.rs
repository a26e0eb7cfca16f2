//! Reads checks. Unknown words are errors with their place.

use std::fmt;

use kinesis::Duration;

use super::{Args, Check, Expr, Node, Op, Step, Term, Value};
use crate::readers::{Reader, readers};

/// Why a check cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckError {
    /// Bytes from the start of the check.
    pub position: usize,
    pub reason: String,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at {})", self.reason, self.position)
    }
}

impl std::error::Error for CheckError {}

/// Bytes of one check.
const CHECK_BYTES_MAX: usize = 2_000;
/// How deep parentheses may nest.
const DEPTH_MAX: usize = 20;

pub(super) fn parse(text: &str) -> Result<Check, CheckError> {
    let mut parser = Parser { text, at: 0, slots: 0, depth: 0, starts: Vec::new() };
    if text.len() > CHECK_BYTES_MAX {
        return Err(parser.error(format!("a check has at most {CHECK_BYTES_MAX} bytes")));
    }
    let root = parser.node()?;
    parser.skip_space();
    if parser.at < text.len() {
        return Err(parser.error("the check should end here, or go on with `and` or `or`"));
    }
    Ok(Check { root, slots: parser.slots, starts: parser.starts })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    slots: usize,
    depth: usize,
    starts: Vec<Term>,
}

impl<'a> Parser<'a> {
    fn error(&self, reason: impl Into<String>) -> CheckError {
        CheckError { position: self.at, reason: reason.into() }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), CheckError> {
        if self.eat(token) { Ok(()) } else { Err(self.error(format!("expected `{token}`"))) }
    }

    /// A whole word, not the beginning of a longer one.
    fn eat_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let rest = self.rest();
        let found = rest.starts_with(word) && !rest[word.len()..].starts_with(is_word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn word(&mut self) -> &'a str {
        self.skip_space();
        let rest = self.rest();
        let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn node(&mut self) -> Result<Node, CheckError> {
        let mut node = self.wrapper()?;
        loop {
            if self.eat_word("and") {
                node = Node::And(Box::new(node), Box::new(self.wrapper()?));
            } else if self.eat_word("or") {
                node = Node::Or(Box::new(node), Box::new(self.wrapper()?));
            } else {
                return Ok(node);
            }
        }
    }

    fn wrapper(&mut self) -> Result<Node, CheckError> {
        let start = self.at;
        let name = self.word();
        self.expect("(")?;
        if name == "seq" {
            let node = self.seq()?;
            self.expect(")")?;
            return Ok(node);
        }
        let expr = self.expr()?;
        let node = match name {
            "now" => Node::Now(expr),
            "ever" => Node::Ever(expr, self.slot()),
            "never" => Node::Never(expr, self.slot()),
            "held" => {
                self.expect(",")?;
                let span = self.seconds()?;
                Node::Held(expr, span, self.slot())
            }
            _ => {
                self.at = start;
                return Err(self.error(format!("`{name}` is no wrapper: use now, ever, never, held or seq")));
            }
        };
        self.expect(")")?;
        Ok(node)
    }

    /// Steps with arrows between them; each remembers when it was reached.
    fn seq(&mut self) -> Result<Node, CheckError> {
        let first = self.slots;
        let mut steps = Vec::new();
        loop {
            steps.push(match self.expr()? {
                Expr::Truth(term) if !term.is_condition() => Step::Grows(term),
                expr => Step::Holds(expr),
            });
            self.slot();
            if !self.eat("->") {
                break;
            }
        }
        match steps.len() {
            1 => Err(self.error("expected `->` and another step")),
            _ => Ok(Node::Seq(steps, first)),
        }
    }

    fn slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    fn seconds(&mut self) -> Result<Duration, CheckError> {
        let word = self.word();
        let seconds = word.strip_suffix('s').and_then(|number| number.parse().ok());
        seconds.map(Duration::from_seconds).ok_or_else(|| self.error("expected a time such as 60s"))
    }

    fn expr(&mut self) -> Result<Expr, CheckError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error("the check nests too deep"));
        }
        let mut expr = self.comparison()?;
        loop {
            if self.eat_word("and") {
                expr = Expr::And(Box::new(expr), Box::new(self.comparison()?));
            } else if self.eat_word("or") {
                expr = Expr::Or(Box::new(expr), Box::new(self.comparison()?));
            } else {
                self.depth -= 1;
                return Ok(expr);
            }
        }
    }

    fn comparison(&mut self) -> Result<Expr, CheckError> {
        if self.eat_word("not") {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(self.error("the check nests too deep"));
            }
            let inner = self.comparison()?;
            self.depth -= 1;
            return Ok(Expr::Not(Box::new(inner)));
        }
        if self.eat("(") {
            let expr = self.expr()?;
            self.expect(")")?;
            return Ok(expr);
        }
        let left = self.term()?;
        if self.eat_word("in") {
            let low = self.term()?;
            self.expect("..")?;
            return Ok(Expr::Within { left, low, high: self.term()? });
        }
        for (token, op) in [
            ("==", Op::Equal),
            ("!=", Op::NotEqual),
            ("<=", Op::LessOrEqual),
            (">=", Op::GreaterOrEqual),
            ("<", Op::Less),
            (">", Op::Greater),
        ] {
            if self.eat(token) {
                let right = self.term()?;
                return Ok(Expr::Compare { left, op, right });
            }
        }
        Ok(Expr::Truth(left))
    }

    /// A value, with a number added or taken away.
    fn term(&mut self) -> Result<Term, CheckError> {
        let term = self.plain_term()?;
        for (sign, factor) in [("+ ", 1), ("- ", -1)] {
            if self.eat(sign) {
                let number: i64 = self
                    .word()
                    .parse()
                    .map_err(|_| self.error("expected a number to add or to take away"))?;
                return Ok(Term::Plus(Box::new(term), number.saturating_mul(factor)));
            }
        }
        Ok(term)
    }

    fn plain_term(&mut self) -> Result<Term, CheckError> {
        self.skip_space();
        let start = self.at;
        if self.eat("'") {
            let rest = self.rest();
            let end = rest.find('\'').ok_or_else(|| self.error("expected `'` at the end of the text"))?;
            self.at += end + 1;
            return Ok(Term::Literal(Value::text(&rest[..end])));
        }
        let word = self.word();
        if word.is_empty() {
            return Err(self.error("expected a reader, a word or a number"));
        }
        if !self.rest().starts_with('(') {
            let Ok(number) = word.parse() else { return Ok(Term::Literal(Value::text(word))) };
            if !self.eat("% of ") {
                return Ok(Term::Literal(Value::Number(number)));
            }
            return Ok(Term::Percent(number, Box::new(self.plain_term()?)));
        }
        if word == "at_start" {
            self.expect("(")?;
            let term = self.plain_term()?;
            self.expect(")")?;
            if !matches!(term, Term::Reader(..)) {
                return Err(self.error("at_start(…) takes a reader"));
            }
            self.starts.push(term.clone());
            return Ok(Term::AtStart(self.starts.len() - 1, Box::new(term)));
        }
        let args = self.args()?;
        let mut field = String::new();
        while self.rest().starts_with('.') && !self.rest().starts_with("..") {
            self.at += 1;
            if !field.is_empty() {
                field.push('.');
            }
            field.push_str(self.word());
        }
        let reader = readers().find(|reader| reader.object == word && reader.field == field);
        let reader = reader.ok_or_else(|| {
            let known =
                readers().filter(|r| r.object == word).map(|r| r.field).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { String::new() } else { format!("; {word}(…) has {known}") };
            CheckError { position: start, reason: format!("there is no reader {word}(…).{field}{known}") }
        })?;
        check_args(reader, &args).map_err(|reason| CheckError { position: start, reason })?;
        Ok(Term::Reader(reader, args))
    }

    fn args(&mut self) -> Result<Args, CheckError> {
        self.expect("(")?;
        let rest = self.rest();
        let end = rest.find(')').ok_or_else(|| self.error("expected `)`"))?;
        let mut args = Args::default();
        for part in rest[..end].split(',').map(str::trim).filter(|part| !(part.is_empty() && end == 0)) {
            match part.split_once('=') {
                Some((name, value)) => args.named.push((name.trim().to_owned(), value.trim().to_owned())),
                None => args.plain.push(part.to_owned()),
            }
        }
        self.at += end + 1;
        Ok(args)
    }
}

fn check_args(reader: &Reader, args: &Args) -> Result<(), String> {
    let plain = reader.args.iter().filter(|arg| !arg.ends_with('=')).count();
    if args.plain.len() != plain || args.plain.iter().any(String::is_empty) {
        return Err(format!("{}(…) takes {}", reader.object, reader.args.join(", ")));
    }
    match args.named.iter().find(|(name, _)| !reader.args.contains(&format!("{name}=").as_str())) {
        Some((name, _)) => Err(format!("{}(…).{} has no argument {name}", reader.object, reader.field)),
        None => Ok(()),
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text).err().map_or("read".to_owned(), |error| error.to_string())
    }

    #[test]
    fn checks_of_the_curriculum_are_read() {
        for text in [
            "now(stream(clicks).status == ACTIVE)",
            "ever(rec(clicks, key=user-1).count >= 1)",
            "now(answer(shard) == api(PutRecord).last.ShardId)",
            "never(not stream(orders).exists)",
            "held(put(web).failed == 0 and put(web).ok > 0, 60s)",
            "ever(reader(A).seen == 5) and ever(reader(B).seen == 5)",
            "now((stream(a).exists or stream(b).exists) and not stream(c).exists)",
            "now(answer(each) in 660..700)",
            "now(answer(gap) in put(web).lost - 2 .. put(web).lost + 2)",
            "seq(api(PutRecord).calls -> api(GetShardIterator, type=LATEST).calls -> reader(a).seen > 0)",
            "now(cmds().aws <= 6)",
            "now(answer(text) == 'cGFnZS00Mg==')",
            "now(put(web).lost < 25% of put(web).ok)",
            "now(put(web).lost <= at_start(put(web).lost) + 100)",
        ] {
            assert_eq!(error(text), "read", "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_place() {
        for (text, expected) in [
            ("", "expected `(` (at 0)"),
            ("always(stream(s).exists)", "`always` is no wrapper: use now, ever, never, held or seq (at 0)"),
            (
                "now(stream(s).colour == 1)",
                "there is no reader stream(…).colour; stream(…) has exists, status, mode, open_shards, closed_shards, \
                 retention_h, encryption, key, efo_consumers (at 4)",
            ),
            ("seq(api(PutRecord).calls)", "expected `->` and another step (at 24)"),
            ("now(answer(a) == 'b)", "expected `'` at the end of the text (at 18)"),
            ("now(answer(a) in 3)", "expected `..` (at 18)"),
            ("now(put(web).lost == at_start(3))", "at_start(…) takes a reader (at 32)"),
            ("now(cloud(s).up)", "there is no reader cloud(…).up (at 4)"),
            ("now(stream().exists)", "stream(…) takes S (at 4)"),
            ("now(rec(s, colour=red).count > 1)", "rec(…).count has no argument colour (at 4)"),
            ("now(stream(s).exists) now", "the check should end here, or go on with `and` or `or` (at 22)"),
            ("held(stream(s).exists, soon)", "expected a time such as 60s (at 27)"),
            ("now(stream(s).exists", "expected `)` (at 20)"),
        ] {
            assert_eq!(error(text), expected, "{text}");
        }
    }

    #[test]
    fn deep_nesting_ends_in_an_error() {
        assert!(error(&format!("now({}", "(".repeat(1_000))).contains("nests too deep"));
        assert!(error(&format!("now({}", "not ".repeat(400))).contains("nests too deep"));
    }
}
