//! The check language: temporal wrappers around comparisons of what readers say.
//!
//! `now(p)` holds at this instant, `ever(p)` held at some instant, `never(p)` held at none, `held(p, 60s)` has held
//! for the last 60 s; `and`, `or` and `not` join them. Inside stands a comparison such as
//! `stream(clicks).open_shards == 1`.

mod parse;

use std::fmt;

use kinesis::{Duration, Instant};
use sim::World;

use crate::observer::Memory;
use crate::readers::Reader;

pub use parse::CheckError;

/// A check, read and understood.
#[derive(Clone, Debug)]
pub struct Check {
    pub(crate) root: Node,
    /// Number of wrappers that remember something.
    pub(crate) slots: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Now(Expr),
    Ever(Expr, usize),
    Never(Expr, usize),
    Held(Expr, Duration, usize),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
}

#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Compare { left: Term, op: Op, right: Term },
    Truth(Term),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
}

#[derive(Clone, Debug)]
pub(crate) enum Term {
    Literal(Value),
    Reader(&'static Reader, Args),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What a reader or a literal says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
    Bool(bool),
    /// The thing asked about is not there.
    Missing,
}

/// Arguments of a reader: in order, and by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Args {
    pub(crate) plain: Vec<String>,
    pub(crate) named: Vec<(String, String)>,
}

/// What a wrapper remembers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Slot {
    /// The expression has held at some instant.
    pub(crate) has_held: bool,
    /// Since when it has held without a break.
    pub(crate) since: Option<Instant>,
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    pub(crate) fn count(count: u64) -> Value {
        Value::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => number.fmt(f),
            Value::Bool(true) => f.write_str("yes"),
            Value::Bool(false) => f.write_str("no"),
            Value::Missing => f.write_str("not there yet"),
        }
    }
}

impl Args {
    pub(crate) fn first(&self) -> &str {
        self.plain.first().map_or("", String::as_str)
    }

    pub(crate) fn second(&self) -> &str {
        self.plain.get(1).map_or("", String::as_str)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What an expression is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) memory: &'a Memory,
}

impl Check {
    /// Reads a check.
    pub fn parse(text: &str) -> Result<Check, CheckError> {
        parse::parse(text)
    }

    /// Takes note of the present instant.
    pub(crate) fn observe(&self, scene: Scene<'_>, slots: &mut [Slot]) {
        self.root.observe(scene, slots);
    }

    /// `Ok` where the check is reached, else why not yet.
    pub(crate) fn judge(&self, scene: Scene<'_>, slots: &[Slot]) -> Result<(), String> {
        self.root.judge(scene, slots)
    }
}

impl Node {
    fn observe(&self, scene: Scene<'_>, slots: &mut [Slot]) {
        match self {
            Node::Now(_) => {}
            Node::Ever(expr, slot) | Node::Never(expr, slot) | Node::Held(expr, _, slot) => {
                if let Some(slot) = slots.get_mut(*slot) {
                    let holds = expr.judge(scene).is_ok();
                    slot.has_held |= holds;
                    slot.since = holds.then(|| slot.since.unwrap_or(scene.world.now()));
                }
            }
            Node::And(a, b) | Node::Or(a, b) => {
                a.observe(scene, slots);
                b.observe(scene, slots);
            }
        }
    }

    fn judge(&self, scene: Scene<'_>, slots: &[Slot]) -> Result<(), String> {
        let slot = |slot: &usize| slots.get(*slot).copied().unwrap_or_default();
        match self {
            Node::Now(expr) => expr.judge(scene),
            Node::Ever(_, at) if slot(at).has_held => Ok(()),
            Node::Ever(expr, _) => expr.judge(scene),
            Node::Never(expr, at) => {
                if slot(at).has_held || expr.judge(scene).is_ok() {
                    Err(format!("it happened, and must not: {}", expr.describe()))
                } else {
                    Ok(())
                }
            }
            Node::Held(expr, span, at) => {
                expr.judge(scene)?;
                let held = slot(at).since.map_or(Duration::ZERO, |since| scene.world.now().since(since));
                if held >= *span {
                    return Ok(());
                }
                Err(format!("it has held for {} s of {} s", held.seconds(), span.seconds()))
            }
            Node::And(a, b) => a.judge(scene, slots).and_then(|()| b.judge(scene, slots)),
            Node::Or(a, b) => {
                a.judge(scene, slots).or_else(|reason| b.judge(scene, slots).map_err(|_| reason))
            }
        }
    }
}

impl Expr {
    fn judge(&self, scene: Scene<'_>) -> Result<(), String> {
        match self {
            Expr::Compare { left, op, right } => {
                let (found, wanted) = (left.read(scene), right.read(scene));
                if op.holds(&found, &wanted) {
                    return Ok(());
                }
                Err(not_yet(left, &found, *op, right, &wanted))
            }
            Expr::Truth(term) => match term.read(scene) {
                Value::Bool(true) => Ok(()),
                value => Err(format!("{} is {value}", term.describe())),
            },
            Expr::And(a, b) => a.judge(scene).and_then(|()| b.judge(scene)),
            Expr::Or(a, b) => a.judge(scene).or_else(|reason| b.judge(scene).map_err(|_| reason)),
            Expr::Not(expr) => match expr.judge(scene) {
                Ok(()) => Err(format!("it should not be so: {}", expr.describe())),
                Err(_) => Ok(()),
            },
        }
    }

    fn describe(&self) -> String {
        match self {
            Expr::Compare { left, op, right } => {
                format!("{} {} {}", left.describe(), op.words(), right.describe())
            }
            Expr::Truth(term) => term.describe(),
            Expr::And(a, b) => format!("{} and {}", a.describe(), b.describe()),
            Expr::Or(a, b) => format!("{} or {}", a.describe(), b.describe()),
            Expr::Not(expr) => format!("not {}", expr.describe()),
        }
    }
}

/// Says what is and what it should be; what the right side reads from the world is not given away.
fn not_yet(left: &Term, found: &Value, op: Op, right: &Term, wanted: &Value) -> String {
    let left = left.describe();
    match (right, wanted) {
        (Term::Literal(wanted), _) => format!("{left} is {found}; it should be {} {wanted}", op.words()),
        (Term::Reader(..), Value::Missing) => format!("{} is not there yet", right.describe()),
        (Term::Reader(..), _) if *found == Value::Missing => format!("{left} is missing"),
        (Term::Reader(..), _) => format!("{left} is {found}, and that is not {}", right.describe()),
    }
}

impl Term {
    fn read(&self, scene: Scene<'_>) -> Value {
        match self {
            Term::Literal(value) => value.clone(),
            Term::Reader(reader, args) => (reader.read)(scene.world, scene.memory, args),
        }
    }

    fn describe(&self) -> String {
        match self {
            Term::Literal(value) => value.to_string(),
            Term::Reader(reader, args) => {
                reader.phrase.replace("{0}", args.first()).replace("{1}", args.second())
            }
        }
    }
}

impl Op {
    fn holds(self, left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => self.holds_for(left.cmp(right)),
            (Value::Missing, _) | (_, Value::Missing) => false,
            // A typed answer is text, also where it is a number.
            _ => match self {
                Op::Equal => left.to_string() == right.to_string(),
                Op::NotEqual => left.to_string() != right.to_string(),
                Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => false,
            },
        }
    }

    fn holds_for(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Op::Equal => ordering.is_eq(),
            Op::NotEqual => ordering.is_ne(),
            Op::Less => ordering.is_lt(),
            Op::LessOrEqual => ordering.is_le(),
            Op::Greater => ordering.is_gt(),
            Op::GreaterOrEqual => ordering.is_ge(),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Op::Equal => "equal to",
            Op::NotEqual => "other than",
            Op::Less => "less than",
            Op::LessOrEqual => "at most",
            Op::Greater => "more than",
            Op::GreaterOrEqual => "at least",
        }
    }
}
