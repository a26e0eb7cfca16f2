//! Faults in saved sessions.

use kinesis::Duration;
use serde_json::{Map, Value};

use super::{Content, Members, known, member, set};
use crate::{FaultKind, FaultSpec, Way};

impl Content for Way {
    fn read(value: &Value) -> Option<Way> {
        match value.as_str()? {
            "both" => Some(Way::Both),
            "calls" => Some(Way::Calls),
            "answers" => Some(Way::Answers),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::from(match self {
            Way::Both => "both",
            Way::Calls => "calls",
            Way::Answers => "answers",
        })
    }
}

pub(super) fn write(spec: &FaultSpec) -> Members {
    let mut members = Map::new();
    set(&mut members, "kind", Value::from(spec.name()));
    set(&mut members, "target", spec.target.write());
    set(&mut members, "lasts", spec.lasts.write());
    match &spec.kind {
        FaultKind::Crash | FaultKind::Pause | FaultKind::Partition => {}
        FaultKind::Slow { factor } => set(&mut members, "factor", factor.write()),
        FaultKind::Latency { more } => set(&mut members, "more", more.write()),
        FaultKind::Loss { percent, way } => {
            set(&mut members, "percent", percent.write());
            set(&mut members, "way", way.write());
        }
        FaultKind::Clock { by, is_ahead } => {
            set(&mut members, if *is_ahead { "ahead" } else { "behind" }, by.write());
        }
        FaultKind::Throttle { shard } => set(&mut members, "shard", shard.write()),
        FaultKind::Poison { program, key } => {
            set(&mut members, "program", program.write());
            set(&mut members, "key", key.write());
        }
        FaultKind::SlowSink { per_record } => set(&mut members, "per_record", per_record.write()),
    }
    members
}

pub(super) fn read(members: &Members) -> Result<FaultSpec, String> {
    let kind: String = member(members, "kind")?;
    let (kind, own): (FaultKind, &[&str]) = match kind.as_str() {
        "crash" => (FaultKind::Crash, &[]),
        "pause" => (FaultKind::Pause, &[]),
        "partition" => (FaultKind::Partition, &[]),
        "slow" => (FaultKind::Slow { factor: member(members, "factor")? }, &["factor"]),
        "latency" => (FaultKind::Latency { more: member(members, "more")? }, &["more"]),
        "loss" => {
            let (percent, way) = (member(members, "percent")?, member(members, "way")?);
            (FaultKind::Loss { percent, way }, &["percent", "way"])
        }
        "clock" => {
            let ahead: Option<Duration> = member(members, "ahead")?;
            let kind = match ahead {
                Some(by) => FaultKind::Clock { by, is_ahead: true },
                None => FaultKind::Clock { by: member(members, "behind")?, is_ahead: false },
            };
            (kind, &["ahead", "behind"])
        }
        "throttle" => (FaultKind::Throttle { shard: member(members, "shard")? }, &["shard"]),
        "poison" => {
            let (program, key) = (member(members, "program")?, member(members, "key")?);
            (FaultKind::Poison { program, key }, &["program", "key"])
        }
        "slow-sink" => (FaultKind::SlowSink { per_record: member(members, "per_record")? }, &["per_record"]),
        _ => return Err(["there is no fault ", &kind].concat()),
    };
    known(members, &[&["kind", "target", "lasts"], own].concat())?;
    Ok(FaultSpec { kind, target: member(members, "target")?, lasts: member(members, "lasts")? })
}
