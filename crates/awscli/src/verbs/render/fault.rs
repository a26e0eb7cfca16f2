//! Faults as `sandbox fault` lines.

use sim::{FaultKind, FaultSpec, Way};

use super::Text;
use crate::time::duration_text;
use crate::verbs::build::{POISON_KEY, WAYS};

pub(super) fn render(spec: &FaultSpec) -> String {
    let text = Text::new(&["fault ", spec.name()].concat());
    let lasts = spec.lasts.map(duration_text);
    let network = |text: Text| text.given("--program", spec.target.as_ref());
    let about = |text: Text| text.place(spec.target.as_deref().unwrap_or_default());
    match &spec.kind {
        FaultKind::Crash | FaultKind::Pause | FaultKind::Partition => about(text),
        FaultKind::Slow { factor } => about(text).given("--factor", Some(factor)),
        FaultKind::Latency { more } => network(text).given("--more", Some(duration_text(*more))),
        FaultKind::Loss { percent, way } => {
            let word = WAYS.iter().find(|(_, known)| known == way).map(|(word, _)| *word);
            network(text).given("--percent", Some(percent)).given("--way", word.filter(|_| *way != Way::Both))
        }
        FaultKind::Clock { by, is_ahead } => {
            about(text).given(if *is_ahead { "--ahead" } else { "--behind" }, Some(duration_text(*by)))
        }
        FaultKind::Throttle { shard } => about(text).given("--shard", shard.as_ref()),
        FaultKind::Poison { program, key } => about(text)
            .given("--program", Some(program))
            .given("--key", Some(key).filter(|key| *key != POISON_KEY)),
        FaultKind::SlowSink { per_record } => {
            about(text).given("--per-record", Some(duration_text(*per_record)))
        }
    }
    .given("--for", lasts)
    .finish()
}

pub(super) fn render_clear(target: Option<&String>) -> String {
    Text::new("fault clear").given("--of", target).finish()
}
