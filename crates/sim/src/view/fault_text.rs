//! Faults in words.

use kinesis::{Duration, Instant};

use super::FaultView;
use crate::{ActiveFault, FaultKind, FaultSpec, Way};

pub(super) fn fault_view(number: u64, fault: &ActiveFault) -> FaultView {
    FaultView {
        number,
        kind: fault.spec.name(),
        target: fault.spec.target.clone(),
        text: fault_text(&fault.spec),
        since_ms: fault.since.millis(),
        until_ms: fault.until.map(Instant::millis),
    }
}

/// What goes wrong, as a sentence.
pub fn fault_text(spec: &FaultSpec) -> String {
    let whom = spec.target.as_deref().unwrap_or("everybody");
    match &spec.kind {
        FaultKind::Crash => format!("{whom} crashes"),
        FaultKind::Pause => format!("{whom} stands still"),
        FaultKind::Slow { factor } => format!("{whom} is {factor} times slower"),
        FaultKind::Latency { more } => format!("messages of {whom} take {} longer", span(*more)),
        FaultKind::Loss { percent, way } => {
            let what = match way {
                Way::Both => "calls and answers",
                Way::Calls => "calls",
                Way::Answers => "answers",
            };
            format!("{percent} % of the {what} of {whom} get lost")
        }
        FaultKind::Partition => format!("{whom} cannot reach its lease table"),
        FaultKind::Clock { by, is_ahead } => {
            format!("the clock of {whom} is {} {}", span(*by), if *is_ahead { "ahead" } else { "behind" })
        }
        FaultKind::Throttle { shard } => match shard {
            Some(shard) => format!("{whom}: the next call to {shard} is throttled"),
            None => format!("{whom}: the next call to its first open shard is throttled"),
        },
        FaultKind::Poison { program, key } => {
            format!("{whom} gets a record that {program} cannot process, key {key}")
        }
        FaultKind::SlowSink { per_record } => {
            format!("what {whom} writes to takes {} for each record", span(*per_record))
        }
    }
}

fn span(span: Duration) -> String {
    match span.millis() {
        millis if millis % 1_000 == 0 => format!("{} s", millis / 1_000),
        millis => format!("{millis} ms"),
    }
}
