//! How a check stands, with the sentence that says why and how far it is.

use kinesis::{Duration, Instant};

use super::value::thousands;
use super::{Args, Expr, Node, Op, Scene, Slot, Step, Term, Tongue, Value};
use crate::readers::nearby;

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

    /// Both must be reached: what is comes first, then the first that is not.
    fn and(self, tongue: Tongue, other: impl FnOnce() -> Verdict) -> Verdict {
        if !self.is_reached {
            return self;
        }
        let other = other();
        if !other.is_reached {
            let because = [&self.because, tongue.words().but, &other.because].concat();
            return Verdict { because, ..other };
        }
        Verdict::reached(self.because + tongue.words().and + &other.because)
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
        let (tongue, words) = (scene.tongue, scene.tongue.words());
        match self {
            Node::Now(expr) => expr.judge(scene),
            Node::Ever(expr, at) => match slot(at).first {
                Some(first) => {
                    Verdict::reached([words.at, &clock(first), ": ", &expr.describe(tongue)].concat())
                }
                None => expr.judge(scene),
            },
            Node::Never(expr, at) => {
                let first = slot(at).first;
                if first.is_none() && !expr.judge(scene).is_reached {
                    return Verdict::reached(words.not_so_far.to_owned() + &expr.describe(tongue));
                }
                let at = clock(first.unwrap_or(scene.world.now()));
                let [happened, must_not, do_this] = words.happened;
                let because = [happened, &at, must_not, &expr.describe(tongue), do_this].concat();
                Verdict { is_broken: true, ..Verdict::open(because) }
            }
            Node::Held(expr, span, at) => held(expr, *span, slot(at), scene),
            Node::Seq(steps, first) => seq(steps, slots.get(*first..).unwrap_or_default(), scene),
            Node::And(a, b) => a.judge(scene, slots).and(tongue, || b.judge(scene, slots)),
            Node::Or(a, b) => a.judge(scene, slots).or(|| b.judge(scene, slots)),
        }
    }
}

fn held(expr: &Expr, span: Duration, slot: Slot, scene: Scene<'_>) -> Verdict {
    let (tongue, words) = (scene.tongue, scene.tongue.words());
    let wanted = span.seconds();
    let judged = expr.judge(scene);
    if !judged.is_reached {
        let [hold, without_a_break] = words.hold_for;
        let tail = [hold, &wanted.to_string(), without_a_break].concat();
        return Verdict { progress: Some((0, wanted)), ..judged.map(|because| because + &tail) };
    }
    let time = slot.since.map_or(Duration::ZERO, |since| scene.world.now().since(since));
    let [held, of, seconds] = words.held;
    let time_held = time.seconds().min(wanted).to_string();
    let mut because = [held, &time_held, of, &wanted.to_string(), seconds, &expr.describe(tongue)].concat();
    if time >= span {
        return Verdict::reached(because);
    }
    if let Some(broken) = slot.broken {
        because += words.broken;
        because += &clock(broken);
    }
    Verdict { progress: Some((time.seconds(), wanted)), ..Verdict::open(because) }
}

fn seq(steps: &[Step], slots: &[Slot], scene: Scene<'_>) -> Verdict {
    let done = slots.iter().take(steps.len()).take_while(|slot| slot.first.is_some()).count();
    let (count, steps_count) = (done as u64, steps.len() as u64);
    let (tongue, words) = (scene.tongue, scene.tongue.words());
    let Some(next) = steps.get(done) else {
        let last = slots.get(done.saturating_sub(1)).and_then(|slot| slot.first);
        let last = clock(last.unwrap_or(scene.world.now()));
        let steps: Vec<String> = steps.iter().map(|step| step.describe(tongue)).collect();
        return Verdict::reached([words.in_order, &last, ": ", &steps.join(words.then)].concat());
    };
    let [step, of, comes_next] = words.step;
    let (number, total) = ((count + 1).to_string(), steps_count.to_string());
    let because = [step, &number, of, &total, comes_next, &next.describe(tongue)].concat();
    Verdict { progress: Some((count, steps_count)), ..Verdict::open(because) }
}

fn count_of(term: &Term, scene: Scene<'_>) -> i64 {
    term.read(scene).number().unwrap_or(0)
}

impl Step {
    fn describe(&self, tongue: Tongue) -> String {
        match self {
            Step::Holds(expr) => expr.describe(tongue),
            Step::Grows(term) => tongue.words().one_more.to_owned() + &term.describe(tongue),
        }
    }
}

impl Expr {
    pub(super) fn judge(&self, scene: Scene<'_>) -> Verdict {
        let words = scene.tongue.words();
        match self {
            Expr::Compare { left, op, right } => {
                let (found, wanted) = (left.read(scene), right.read(scene));
                if op.holds(&found, &wanted) {
                    return Verdict::reached(is(left, &found, scene));
                }
                not_yet(left, &found, *op, right, &wanted, scene)
            }
            Expr::Within { left, low, high } => {
                let found = left.read(scene);
                let bounds = (low.read(scene).number(), high.read(scene).number());
                let (Some(number), (Some(least), Some(most))) = (found.number(), bounds) else {
                    return Verdict::open(is(left, &found, scene));
                };
                if (least..=most).contains(&number) {
                    return Verdict::reached(is(left, &found, scene));
                }
                if left.is_answer() {
                    return Verdict::open(is(left, &found, scene) + words.wrong);
                }
                let (least, most) = (thousands(least), thousands(most));
                let range = [words.should, words.from, &least, words.to, &most].concat();
                Verdict::open(is(left, &found, scene) + &range)
            }
            Expr::Truth(term) => match term.read(scene) {
                Value::Bool(true) => Verdict::reached(is(term, &Value::Bool(true), scene)),
                value => Verdict::open(is(term, &value, scene)),
            },
            Expr::And(a, b) => a.judge(scene).and(scene.tongue, || b.judge(scene)),
            Expr::Or(a, b) => a.judge(scene).or(|| b.judge(scene)),
            Expr::Not(expr) => match expr.judge(scene) {
                Verdict { is_reached: true, .. } => {
                    Verdict::open(words.should_not.to_owned() + &expr.describe(scene.tongue))
                }
                verdict => Verdict::reached(verdict.because),
            },
        }
    }

    pub(super) fn describe(&self, tongue: Tongue) -> String {
        let words = tongue.words();
        match self {
            Expr::Compare { left, .. } | Expr::Within { left, .. } if left.is_answer() => {
                left.describe(tongue)
            }
            Expr::Compare { left, op: Op::Equal, right } if left.is_condition() => {
                [&left.describe(tongue), ": ", &right.describe(tongue)].concat()
            }
            Expr::Compare { left, op, right } => {
                let (left, right) =
                    (left.describe(tongue), words.target(*op, right, &right.describe(tongue)));
                [&left, words.is, &right].concat()
            }
            Expr::Within { left, low, high } => {
                let (low, high) = (low.describe(tongue), high.describe(tongue));
                [&left.describe(tongue), words.is, words.from, &low, words.to, &high].concat()
            }
            Expr::Truth(term) => term.describe(tongue),
            Expr::And(a, b) => a.describe(tongue) + words.and + &b.describe(tongue),
            Expr::Or(a, b) => a.describe(tongue) + words.or + &b.describe(tongue),
            Expr::Not(expr) => match &**expr {
                Expr::Truth(term) => [&term.describe(tongue), ": ", words.no].concat(),
                expr => words.not.to_owned() + &expr.describe(tongue),
            },
        }
    }
}

/// What is. Where a part is counted, of how many; where the thing is not there, what there is instead.
fn is(term: &Term, value: &Value, scene: Scene<'_>) -> String {
    let words = scene.tongue.words();
    let left = term.describe(scene.tongue);
    if term.is_answer() {
        let [open, close] = words.quotes;
        return match value {
            Value::Missing => left + words.not_given,
            value => [&left, words.is, open, &value.words(scene.tongue), close].concat(),
        };
    }
    let verb = if term.is_condition() { ": " } else { words.is };
    let mut sentence = [&left, verb, &value.words(scene.tongue)].concat();
    match (term, value) {
        (Term::Reader(reader, args), Value::Missing) => {
            if let Some(names) = nearby(scene.world, reader.object, args) {
                match names.is_empty() {
                    true => sentence += scene.tongue.there_is_none(reader.object),
                    false => {
                        sentence += words.there_is;
                        sentence += &names.join(", ");
                        sentence += ")";
                    }
                }
            }
        }
        (Term::Reader(reader, args), Value::Number(_))
            if matches!(reader.object, "rec" | "readings")
                && reader.field == "count"
                && !args.named.is_empty() =>
        {
            let all = Args { plain: args.plain.clone(), named: Vec::new() };
            let all = (reader.read)(scene, &all);
            if all != Value::Number(0) {
                sentence += words.of;
                sentence += &all.words(scene.tongue);
            }
        }
        _ => {}
    }
    sentence
}

/// Says what is, what it should be, and how far that is; what the right side reads from the world, and what an answer
/// should be, is not given away.
fn not_yet(left: &Term, found: &Value, op: Op, right: &Term, wanted: &Value, scene: Scene<'_>) -> Verdict {
    let words = scene.tongue.words();
    let what_is = is(left, found, scene);
    if *found == Value::Missing {
        return Verdict::open(what_is);
    }
    if left.is_answer() {
        return Verdict::open(match wanted {
            Value::Missing => what_is + words.nothing_to_compare,
            _ => what_is + words.wrong,
        });
    }
    if !right.is_known() {
        let right = right.describe(scene.tongue);
        return Verdict::open(match wanted {
            Value::Missing => right + words.not_there_yet,
            _ => [&what_is, words.should, words.op(op), " ", &right].concat(),
        });
    }
    let wanted_words = wanted.words(scene.tongue);
    let should = [&what_is, words.should, &words.target(op, right, &wanted_words)].concat();
    let (Value::Number(found), Value::Number(wanted)) = (found, wanted) else {
        return Verdict::open(should);
    };
    let goal = if op == Op::Greater { wanted.saturating_add(1) } else { *wanted };
    let missing = goal.saturating_sub(*found);
    let [before, after] = words.over;
    let over = |count: i64| [before, &thousands(count), after].concat();
    let distance = match op {
        Op::Equal | Op::Greater | Op::GreaterOrEqual if missing > 0 => thousands(missing) + words.to_go,
        Op::NotEqual => return Verdict::open(should),
        Op::Less => over((-missing).saturating_add(1)),
        Op::Equal | Op::Greater | Op::GreaterOrEqual | Op::LessOrEqual => over(-missing),
    };
    let progress = match (u64::try_from(*found), u64::try_from(goal)) {
        (Ok(found), Ok(goal)) if found < goal => Some((found, goal)),
        _ => None,
    };
    Verdict { progress, ..Verdict::open([&should, " (", &distance, ")"].concat()) }
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
