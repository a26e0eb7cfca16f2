//! How a check stands, with the sentence that says why and how far it is.

use kinesis::{Duration, Instant};

use super::value::thousands;
use super::{Expr, Node, Op, Scene, Slot, Step, Term, Value};

/// How a check stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Verdict {
    pub(crate) is_reached: bool,
    /// It can not be reached any more, however much time passes.
    pub(crate) is_broken: bool,
    /// Why it is reached or not yet; never empty.
    pub(crate) because: String,
    /// How far it has come, and how far it must come.
    pub(crate) progress: Option<(u64, u64)>,
}

impl Verdict {
    fn reached(because: String) -> Verdict {
        Verdict { is_reached: true, is_broken: false, because, progress: None }
    }

    fn open(because: String) -> Verdict {
        Verdict { is_reached: false, is_broken: false, because, progress: None }
    }

    fn map(self, change: impl FnOnce(String) -> String) -> Verdict {
        Verdict { because: change(self.because), ..self }
    }

    /// Both must be reached: the first that is not tells why.
    fn and(self, other: impl FnOnce() -> Verdict) -> Verdict {
        if !self.is_reached {
            return self;
        }
        let other = other();
        if !other.is_reached {
            return other;
        }
        Verdict::reached(self.because + ", and " + &other.because)
    }

    fn or(self, other: impl FnOnce() -> Verdict) -> Verdict {
        if self.is_reached {
            return self;
        }
        let other = other();
        if other.is_reached { other } else { self }
    }
}

impl Node {
    pub(super) fn observe(&self, scene: Scene<'_>, slots: &mut [Slot]) {
        let now = scene.world.now();
        match self {
            Node::Now(_) => {}
            Node::Ever(expr, slot) | Node::Never(expr, slot) => {
                if let Some(slot) = slots.get_mut(*slot).filter(|slot| slot.first.is_none()) {
                    slot.first = expr.judge(scene).is_reached.then_some(now);
                }
            }
            Node::Held(expr, _, slot) => {
                if let Some(slot) = slots.get_mut(*slot) {
                    let holds = expr.judge(scene).is_reached;
                    if !holds && slot.since.is_some() {
                        slot.broken = Some(now);
                    }
                    slot.since = holds.then(|| slot.since.unwrap_or(now));
                }
            }
            Node::Seq(steps, first) => {
                let mut before = None;
                for (step, slot) in steps.iter().zip(slots.iter_mut().skip(*first)) {
                    if slot.first.is_none() {
                        if before == Some(now)
                            && let Step::Grows(term) = step
                        {
                            slot.base = count_of(term, scene);
                        }
                        let is_reached = match step {
                            Step::Holds(expr) => expr.judge(scene).is_reached,
                            Step::Grows(term) => count_of(term, scene) > slot.base,
                        };
                        slot.first = is_reached.then_some(now);
                    }
                    before = slot.first;
                    if before.is_none() {
                        break;
                    }
                }
            }
            Node::And(a, b) | Node::Or(a, b) => {
                a.observe(scene, slots);
                b.observe(scene, slots);
            }
        }
    }

    pub(super) fn judge(&self, scene: Scene<'_>, slots: &[Slot]) -> Verdict {
        let slot = |slot: &usize| slots.get(*slot).copied().unwrap_or_default();
        match self {
            Node::Now(expr) => expr.judge(scene),
            Node::Ever(expr, at) => match slot(at).first {
                Some(first) => Verdict::reached("at ".to_owned() + &clock(first) + ": " + &expr.describe()),
                None => expr.judge(scene),
            },
            Node::Never(expr, at) => {
                let first = slot(at).first;
                if first.is_none() && !expr.judge(scene).is_reached {
                    return Verdict::reached("not so far: ".to_owned() + &expr.describe());
                }
                let at = clock(first.unwrap_or(scene.world.now()));
                let because = "it happened at ".to_owned() + &at + ", and must not: " + &expr.describe();
                Verdict { is_broken: true, ..Verdict::open(because) }
            }
            Node::Held(expr, span, at) => held(expr, *span, slot(at), scene),
            Node::Seq(steps, first) => seq(steps, slots.get(*first..).unwrap_or_default(), scene),
            Node::And(a, b) => a.judge(scene, slots).and(|| b.judge(scene, slots)),
            Node::Or(a, b) => a.judge(scene, slots).or(|| b.judge(scene, slots)),
        }
    }
}

fn held(expr: &Expr, span: Duration, slot: Slot, scene: Scene<'_>) -> Verdict {
    let wanted = span.seconds();
    let judged = expr.judge(scene);
    if !judged.is_reached {
        let tail = "; it must hold for ".to_owned() + &wanted.to_string() + " s without a break";
        return Verdict { progress: Some((0, wanted)), ..judged.map(|because| because + &tail) };
    }
    let time = slot.since.map_or(Duration::ZERO, |since| scene.world.now().since(since));
    let mut because = "it has held for ".to_owned()
        + &time.seconds().min(wanted).to_string()
        + " s of "
        + &wanted.to_string();
    because += " s: ";
    because += &expr.describe();
    if time >= span {
        return Verdict::reached(because);
    }
    if let Some(broken) = slot.broken {
        because += "; last broken at ";
        because += &clock(broken);
    }
    Verdict { progress: Some((time.seconds(), wanted)), ..Verdict::open(because) }
}

fn seq(steps: &[Step], slots: &[Slot], scene: Scene<'_>) -> Verdict {
    let done = slots.iter().take(steps.len()).take_while(|slot| slot.first.is_some()).count();
    let (count, steps_count) = (done as u64, steps.len() as u64);
    let Some(next) = steps.get(done) else {
        let last = slots.get(done.saturating_sub(1)).and_then(|slot| slot.first);
        return Verdict::reached(
            "in this order, the last at ".to_owned()
                + &clock(last.unwrap_or(scene.world.now()))
                + ": "
                + &steps.iter().map(Step::describe).collect::<Vec<_>>().join(", then "),
        );
    };
    let because = "step ".to_owned()
        + &(count + 1).to_string()
        + " of "
        + &steps_count.to_string()
        + " comes next: "
        + &next.describe();
    Verdict { progress: Some((count, steps_count)), ..Verdict::open(because) }
}

fn count_of(term: &Term, scene: Scene<'_>) -> i64 {
    term.read(scene).number().unwrap_or(0)
}

impl Step {
    fn describe(&self) -> String {
        match self {
            Step::Holds(expr) => expr.describe(),
            Step::Grows(term) => "one more in ".to_owned() + &term.describe(),
        }
    }
}

impl Expr {
    pub(super) fn judge(&self, scene: Scene<'_>) -> Verdict {
        match self {
            Expr::Compare { left, op, right } => {
                let (found, wanted) = (left.read(scene), right.read(scene));
                if op.holds(&found, &wanted) {
                    return Verdict::reached(is(left, &found));
                }
                not_yet(left, &found, *op, right, &wanted)
            }
            Expr::Within { left, low, high } => {
                let found = left.read(scene);
                let bounds = (low.read(scene).number(), high.read(scene).number());
                let (Some(number), (Some(least), Some(most))) = (found.number(), bounds) else {
                    return Verdict::open(is(left, &found));
                };
                if (least..=most).contains(&number) {
                    return Verdict::reached(is(left, &found));
                }
                if left.is_answer() {
                    return Verdict::open(is(left, &found) + ", and that is not right");
                }
                let range = "; it should be from ".to_owned() + &thousands(least) + " to " + &thousands(most);
                Verdict::open(is(left, &found) + &range)
            }
            Expr::Truth(term) => match term.read(scene) {
                Value::Bool(true) => Verdict::reached(is(term, &Value::Bool(true))),
                value => Verdict::open(is(term, &value)),
            },
            Expr::And(a, b) => a.judge(scene).and(|| b.judge(scene)),
            Expr::Or(a, b) => a.judge(scene).or(|| b.judge(scene)),
            Expr::Not(expr) => match expr.judge(scene) {
                Verdict { is_reached: true, .. } => {
                    Verdict::open("it should not be so: ".to_owned() + &expr.describe())
                }
                verdict => Verdict::reached(verdict.because),
            },
        }
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Expr::Compare { left, .. } | Expr::Within { left, .. } if left.is_answer() => left.describe(),
            Expr::Compare { left, op, right } => {
                left.describe() + " is " + op.words() + " " + &right.describe()
            }
            Expr::Within { left, low, high } => {
                left.describe() + " is from " + &low.describe() + " to " + &high.describe()
            }
            Expr::Truth(term) => term.describe(),
            Expr::And(a, b) => a.describe() + ", and " + &b.describe(),
            Expr::Or(a, b) => a.describe() + ", or " + &b.describe(),
            Expr::Not(expr) => "not ".to_owned() + &expr.describe(),
        }
    }
}

fn is(term: &Term, value: &Value) -> String {
    let left = term.describe();
    match value {
        Value::Missing if term.is_answer() => left + " is not given yet",
        value if term.is_answer() => left + " is “" + &value.to_string() + "”",
        value => left + " is " + &value.to_string(),
    }
}

/// Says what is, what it should be, and how far that is; what the right side reads from the world, and what an answer
/// should be, is not given away.
fn not_yet(left: &Term, found: &Value, op: Op, right: &Term, wanted: &Value) -> Verdict {
    let what_is = is(left, found);
    if *found == Value::Missing {
        return Verdict::open(what_is);
    }
    if left.is_answer() {
        return Verdict::open(match wanted {
            Value::Missing => what_is + ", and there is nothing yet to compare it with",
            _ => what_is + ", and that is not right",
        });
    }
    if !right.is_literal() {
        return Verdict::open(match wanted {
            Value::Missing => right.describe() + " is not there yet",
            _ => what_is + "; it should be " + op.words() + " " + &right.describe(),
        });
    }
    let should = what_is + "; it should be " + op.words() + " " + &wanted.to_string();
    let (Value::Number(found), Value::Number(wanted)) = (found, wanted) else {
        return Verdict::open(should);
    };
    let goal = if op == Op::Greater { wanted.saturating_add(1) } else { *wanted };
    let missing = goal.saturating_sub(*found);
    let distance = match op {
        Op::Equal | Op::Greater | Op::GreaterOrEqual if missing > 0 => thousands(missing) + " to go",
        Op::NotEqual => return Verdict::open(should),
        Op::Less => thousands((-missing).saturating_add(1)) + " too many",
        Op::Equal | Op::Greater | Op::GreaterOrEqual | Op::LessOrEqual => thousands(-missing) + " too many",
    };
    let progress = match (u64::try_from(*found), u64::try_from(goal)) {
        (Ok(found), Ok(goal)) if found < goal => Some((found, goal)),
        _ => None,
    };
    Verdict { progress, ..Verdict::open(should + " (" + &distance + ")") }
}

/// `12:00:31` of virtual time, in UTC.
fn clock(at: Instant) -> String {
    let seconds = at.seconds() % 86_400;
    let two = |number: u64| {
        let text = number.to_string();
        if text.len() < 2 { "0".to_owned() + &text } else { text }
    };
    two(seconds / 3_600) + ":" + &two(seconds / 60 % 60) + ":" + &two(seconds % 60)
}
