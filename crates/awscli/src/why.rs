//! "Why?": what led to something that happened, and the facts themselves by their numbers.

use kinesis::Instant;
use sim::{FactView, Observer, Sandbox, WhyView, fact_view, why_view};

use crate::render;
use crate::run::Output;
use crate::time::clock_text;

/// What led to a fact, the fact itself first; commands stand there as the lines that give them. Empty where the fact
/// is not kept.
pub fn why<O: Observer>(sandbox: &Sandbox<O>, number: u64) -> Vec<WhyView> {
    let mut steps = why_view(sandbox.world(), number);
    for step in steps.iter_mut().filter(|step| step.kind == "command") {
        let entry = step.number.and_then(|number| sandbox.command(number - 1));
        if let Some(entry) = entry {
            step.at_ms = Some(entry.at.millis());
            step.text = [&step.text, ": ", &render(&entry.command)].concat();
        }
    }
    steps
}

pub(crate) fn print_why<O: Observer>(sandbox: &Sandbox<O>, number: u64) -> Output {
    let steps = why(sandbox, number);
    let Some(last) = steps.len().checked_sub(1) else {
        let world = sandbox.world();
        let count = world.fact_count();
        return Output::refused(&if number >= count {
            format!("there is no fact {number} yet: there are {count}, counted from 0")
        } else {
            format!("fact {number} is not kept any more: all are from {} on", world.first_kept_fact())
        });
    };
    let mut text = String::new();
    for (i, step) in steps.iter().enumerate() {
        if let Some(number) = step.number.filter(|_| step.kind == "fact") {
            text.push_str(&format!("{number}  "));
        }
        if let Some(at) = step.at_ms {
            text.push_str(&clock_text(Instant::from_millis(at)));
            text.push_str("  ");
        }
        text.push_str(&step.text);
        text.push('\n');
        if let Some(because) = step.because.as_ref().filter(|_| i < last) {
            text.push_str("    because ");
            text.push_str(because);
            text.push('\n');
        }
        let also = step.also.and_then(|number| sandbox.world().fact(number));
        if let Some(also) = also.map(|fact| fact_view(sandbox.world(), fact)) {
            text.push_str(&format!("    and fact {}: {}\n", also.number, also.text));
        }
    }
    Output::printed(text)
}

/// The newest facts, oldest first.
pub(crate) fn print_facts<O: Observer>(sandbox: &Sandbox<O>, count: u32, kind: Option<&str>) -> Output {
    let world = sandbox.world();
    let facts = world.facts_since(0).rev().map(|fact| fact_view(world, fact));
    let is_asked = |fact: &FactView| kind.is_none_or(|kind| fact.kind.eq_ignore_ascii_case(kind));
    let mut newest: Vec<FactView> = facts.filter(is_asked).take(count as usize).collect();
    newest.reverse();
    Output::printed(
        newest
            .iter()
            .map(|fact| {
                let at = clock_text(Instant::from_millis(fact.at_ms));
                format!("{}  {at}  {}  {}  ({})\n", fact.number, fact.kind, fact.text, fact.cause)
            })
            .collect(),
    )
}
