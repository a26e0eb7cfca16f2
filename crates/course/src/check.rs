//! The check language: temporal wrappers around comparisons of what readers say.
//!
//! `now(p)` holds at this instant, `ever(p)` held at some instant since the exercise began, `never(p)` held at none,
//! `held(p, 60s)` has held for the last 60 s, `seq(a -> b -> c)` happened in this order; `and` and `or` join them.
//! Inside stands a comparison such as `stream(clicks).open_shards == 1` or `answer(rate) in 660..700`;
//! `at_start(stream(clicks).open_shards)` is what a reader said when the learner's turn began. A step of
//! `seq` may also be a counter alone, `api(PutRecord).calls`, which stands for the instant at which it grows.

mod judge;
mod parse;
mod tongue;
mod value;

use kinesis::{Duration, Instant};
use sim::World;

use crate::memory::Memory;
use crate::observer::Begun;

pub(crate) use judge::Verdict;
pub use parse::CheckError;
pub use tongue::Tongue;
#[cfg(test)]
pub(crate) use tongue::german_phrase;
pub(crate) use value::{Args, Op, Term, Value};

/// A check, read and understood.
#[derive(Clone, Debug)]
pub struct Check {
    pub(crate) root: Node,
    /// Number of wrappers that remember something.
    pub(crate) slots: usize,
    /// What is compared with its value at the beginning of the learner's turn.
    pub(crate) starts: Vec<Term>,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Now(Expr),
    Ever(Expr, usize),
    Never(Expr, usize),
    Held(Expr, Duration, usize),
    /// Steps with the slot of the first; the others follow it.
    Seq(Vec<Step>, usize),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
}

/// One step of `seq(…)`.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Holds(Expr),
    /// A counter that grows after the step before.
    Grows(Term),
}

#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Compare { left: Term, op: Op, right: Term },
    Within { left: Term, low: Term, high: Term },
    Truth(Term),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
}

/// What a wrapper remembers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Slot {
    /// When the expression first held.
    pub(crate) first: Option<Instant>,
    /// Since when it has held without a break.
    pub(crate) since: Option<Instant>,
    /// When it last ceased to hold.
    pub(crate) broken: Option<Instant>,
    /// What a counter said when the step before it was reached.
    pub(crate) base: i64,
}

/// What an expression is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) memory: &'a Memory,
    /// How the world was when the exercise began; absent in free play.
    pub(crate) begun: Option<&'a Begun>,
    /// The language of the sentences.
    pub(crate) tongue: Tongue,
    /// Values of the check's `at_start(…)` when the learner's turn began.
    pub(crate) starts: &'a [Value],
}

impl Check {
    /// Whether it asks for nothing but a learner's answer, so that the world has no part in it.
    pub(crate) fn asks_only(&self) -> bool {
        let Node::Now(Expr::Compare { left, .. } | Expr::Within { left, .. }) = &self.root else {
            return false;
        };
        left.is_answer()
    }

    /// Reads a check.
    pub fn parse(text: &str) -> Result<Check, CheckError> {
        parse::parse(text)
    }

    /// What stands on the left of a single comparison.
    pub(crate) fn left(&self) -> Option<&Term> {
        match &self.root {
            Node::Now(Expr::Compare { left, .. }) => Some(left),
            _ => None,
        }
    }

    /// Takes note of the present instant.
    pub(crate) fn observe(&self, scene: Scene<'_>, slots: &mut [Slot]) {
        self.root.observe(scene, slots);
    }

    /// What the check compares later values with.
    pub(crate) fn read_starts(&self, scene: Scene<'_>) -> Vec<Value> {
        self.starts.iter().map(|term| term.read(scene)).collect()
    }

    /// How the check stands, and why.
    pub(crate) fn judge(&self, scene: Scene<'_>, slots: &[Slot]) -> Verdict {
        self.root.judge(scene, slots)
    }

    /// Whether the check holds at this instant; for checks that were not observed on the way.
    pub(crate) fn holds(&self, scene: Scene<'_>) -> bool {
        let mut slots = vec![Slot::default(); self.slots];
        self.observe(scene, &mut slots);
        self.judge(scene, &slots).is_reached
    }
}
