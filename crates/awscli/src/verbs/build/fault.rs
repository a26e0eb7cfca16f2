//! `sandbox fault …`.

use kinesis::Duration;
use sim::{Command, FaultKind, FaultSpec, Way};

use super::super::Given;
use crate::{Line, UsageError};

type Built = Result<Line, UsageError>;

pub(in crate::verbs) const WAYS: [(&str, Way); 3] =
    [("both", Way::Both), ("calls", Way::Calls), ("answers", Way::Answers)];

/// The key of a poison record where none is given.
pub(in crate::verbs) const POISON_KEY: &str = "poison";

fn built(kind: FaultKind, target: Option<String>, lasts: Option<Duration>) -> Built {
    Ok(Line::Command(Command::Fault(FaultSpec { kind, target, lasts })))
}

fn about(given: &Given<'_>, kind: FaultKind) -> Built {
    built(kind, Some(given.place(0).text.to_owned()), given.duration("--for")?)
}

fn program(given: &Given<'_>) -> Option<String> {
    given.option("--program").map(|value| value.text.to_owned())
}

pub(in crate::verbs) fn fault_crash(given: &Given<'_>) -> Built {
    about(given, FaultKind::Crash)
}

pub(in crate::verbs) fn fault_pause(given: &Given<'_>) -> Built {
    about(given, FaultKind::Pause)
}

pub(in crate::verbs) fn fault_slow(given: &Given<'_>) -> Built {
    about(given, FaultKind::Slow { factor: given.number("--factor")?.unwrap_or_default() })
}

pub(in crate::verbs) fn fault_latency(given: &Given<'_>) -> Built {
    let more = given.duration("--more")?.unwrap_or_default();
    built(FaultKind::Latency { more }, program(given), given.duration("--for")?)
}

pub(in crate::verbs) fn fault_loss(given: &Given<'_>) -> Built {
    let percent = given.number("--percent")?.unwrap_or_default();
    let way = given.choice("--way", &WAYS)?.unwrap_or(Way::Both);
    built(FaultKind::Loss { percent, way }, program(given), given.duration("--for")?)
}

pub(in crate::verbs) fn fault_partition(given: &Given<'_>) -> Built {
    about(given, FaultKind::Partition)
}

pub(in crate::verbs) fn fault_clock(given: &Given<'_>) -> Built {
    let (ahead, behind) = (given.duration("--ahead")?, given.duration("--behind")?);
    match (ahead, behind) {
        (Some(by), None) => about(given, FaultKind::Clock { by, is_ahead: true }),
        (None, Some(by)) => about(given, FaultKind::Clock { by, is_ahead: false }),
        _ => Err(Given::wrong(given.end..given.end, "a clock is wrong by --ahead TIME or by --behind TIME")),
    }
}

pub(in crate::verbs) fn fault_throttle(given: &Given<'_>) -> Built {
    let shard = given.option("--shard").map(|value| value.text.to_owned());
    built(FaultKind::Throttle { shard }, Some(given.place(0).text.to_owned()), None)
}

pub(in crate::verbs) fn fault_poison(given: &Given<'_>) -> Built {
    let key = given.option("--key").map_or(POISON_KEY, |value| value.text).to_owned();
    let program = given.text("--program");
    built(FaultKind::Poison { program, key }, Some(given.place(0).text.to_owned()), None)
}

pub(in crate::verbs) fn fault_slow_sink(given: &Given<'_>) -> Built {
    let per_record = given.duration("--per-record")?.unwrap_or_default();
    about(given, FaultKind::SlowSink { per_record })
}

pub(in crate::verbs) fn fault_clear(given: &Given<'_>) -> Built {
    let target = given.option("--of").map(|value| value.text.to_owned());
    Ok(Line::Command(Command::ClearFaults { target }))
}
