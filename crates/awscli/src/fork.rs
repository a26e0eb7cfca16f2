//! `sandbox fork …`: "same seed, one change", and what came of it.

use sim::{Difference, FigureDifference, Observer, Sandbox, StampedFact, fact_view};

use crate::time::clock_text;
use crate::{Effect, Output};

/// What is done with the world beside this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fork {
    Make,
    Switch,
    Difference,
    Drop,
}

const NONE: &str = "there is no other world: sandbox fork make makes one";
const BEHIND: &str = "the other world cannot come to this instant";

impl Fork {
    /// The verb's last word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Fork::Make => "make",
            Fork::Switch => "switch",
            Fork::Difference => "difference",
            Fork::Drop => "drop",
        }
    }

    pub(crate) fn run<O: Observer>(self, sandbox: &mut Sandbox<O>) -> Output {
        if self != Fork::Make && sandbox.other().is_none() {
            return Output::refused(NONE);
        }
        match self {
            Fork::Make => {
                sandbox.begin_fork();
                let at = clock_text(sandbox.now());
                Output::printed(format!(
                    "{at}  a second world begins here; what is typed is done in this one\n"
                ))
            }
            Fork::Switch => match sandbox.switch_worlds() {
                true => Output {
                    effects: vec![Effect::SwitchedWorlds],
                    ..Output::printed(format!("{}  this is the other world now\n", clock_text(sandbox.now())))
                },
                false => Output::refused(BEHIND),
            },
            Fork::Difference => match sandbox.bring_other() {
                true => Output::printed(difference(sandbox)),
                false => Output::refused(BEHIND),
            },
            Fork::Drop => {
                sandbox.take_other();
                Output::default()
            }
        }
    }
}

fn difference<O: Observer>(here: &Sandbox<O>) -> String {
    let Some(there) = here.other() else { return String::new() };
    let Some(Difference { first, figures }) = here.difference(there) else {
        return "the two worlds are the same to the last bit\n".to_owned();
    };
    let mut text = String::new();
    if let Some(first) = first {
        let fact = |sandbox: &Sandbox<O>, fact: &Option<StampedFact>| match fact {
            Some(fact) => fact_view(sandbox.world(), fact).text,
            None => "nothing".to_owned(),
        };
        text = format!(
            "{}  the ways part\n  here:   {}\n  there:  {}\n",
            clock_text(first.at),
            fact(here, &first.here),
            fact(there, &first.there)
        );
    }
    text + &table(&figures)
}

fn table(figures: &[FigureDifference]) -> String {
    let number = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string());
    let width =
        figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0).max("FIGURE".len());
    let mut text = format!("{:width$}  {:>12}  {:>12}\n", "FIGURE", "HERE", "THERE");
    for figure in figures {
        text +=
            &format!("{:width$}  {:>12}  {:>12}\n", figure.name, number(figure.here), number(figure.there));
    }
    text
}
