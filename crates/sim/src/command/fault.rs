//! Things that go wrong on purpose.

use kinesis::Duration;

use crate::history::Refusal;

/// Something that goes wrong, with what, and for how long.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FaultSpec {
    pub kind: FaultKind,
    /// Name of the program, `billing/w1` for a worker; of the stream where a shard throttles or a record is poison.
    /// None where a fault of the network is everybody's.
    pub target: Option<String>,
    /// How long; until it is cleared where absent.
    pub lasts: Option<Duration>,
}

/// What goes wrong.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum FaultKind {
    /// The process dies. A worker of a KCL application is started again where the fault ends.
    Crash,
    /// The process stands still, as in a long garbage collection, and believes afterwards that no time has passed.
    Pause,
    /// The process takes so many times longer for each thing that it handles.
    Slow { factor: u32 },
    /// Each message takes longer, in each direction.
    Latency { more: Duration },
    /// Messages get lost.
    Loss {
        /// Of a hundred messages.
        percent: u32,
        way: Way,
    },
    /// Nothing gets through between a worker and its lease table; the stream is still within reach.
    Partition,
    /// The program's own clock is wrong.
    Clock { by: Duration, is_ahead: bool },
    /// The next call that needs a shard's budget is refused as if that were used up.
    Throttle {
        /// The first open one where absent.
        shard: Option<String>,
    },
    /// A record that the named program cannot process.
    Poison { program: String, key: String },
    /// Where a program writes its results to takes so long for each record.
    SlowSink { per_record: Duration },
}

/// Which messages get lost.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Way {
    Both,
    /// The call does not reach the service.
    Calls,
    /// The service does what it was asked, and the caller never learns of it.
    Answers,
}

impl FaultSpec {
    pub const FACTOR_MAX: u32 = 10_000;
    pub const LATENCY_MAX: Duration = Duration::from_seconds(600);
    pub const CLOCK_MAX: Duration = Duration::from_hours(24 * 365);
    pub const PER_RECORD_MAX: Duration = Duration::from_seconds(60);
    pub const LASTS_MAX: Duration = Duration::from_hours(24 * 365);

    pub fn new(kind: FaultKind, target: &str) -> FaultSpec {
        FaultSpec { kind, target: Some(target.to_owned()), lasts: None }
    }

    /// The word for the kind, as it stands behind `sandbox fault`.
    pub fn name(&self) -> &'static str {
        match self.kind {
            FaultKind::Crash => "crash",
            FaultKind::Pause => "pause",
            FaultKind::Slow { .. } => "slow",
            FaultKind::Latency { .. } => "latency",
            FaultKind::Loss { .. } => "loss",
            FaultKind::Partition => "partition",
            FaultKind::Clock { .. } => "clock",
            FaultKind::Throttle { .. } => "throttle",
            FaultKind::Poison { .. } => "poison",
            FaultKind::SlowSink { .. } => "slow-sink",
        }
    }

    /// Whether it is over as soon as it has happened.
    pub fn is_momentary(&self) -> bool {
        match self.kind {
            FaultKind::Poison { .. } => true,
            FaultKind::Crash => self.lasts.is_none(),
            FaultKind::Pause
            | FaultKind::Slow { .. }
            | FaultKind::Latency { .. }
            | FaultKind::Loss { .. }
            | FaultKind::Partition
            | FaultKind::Clock { .. }
            | FaultKind::Throttle { .. }
            | FaultKind::SlowSink { .. } => false,
        }
    }

    /// Refuses what no fault can be, whatever the world is like.
    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing that could be wrong.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let refuse = |reason: String| Err(Refusal::new(reason));
        let needs_target = !matches!(self.kind, FaultKind::Latency { .. } | FaultKind::Loss { .. });
        if needs_target && self.target.is_none() {
            return refuse(format!("a fault of the kind {} is about one program or stream", self.name()));
        }
        if self.lasts.is_some_and(|lasts| lasts == Duration::ZERO || lasts > FaultSpec::LASTS_MAX) {
            return refuse("a fault lasts more than nothing and at most a year".to_owned());
        }
        if self.lasts.is_some() && matches!(self.kind, FaultKind::Throttle { .. } | FaultKind::Poison { .. })
        {
            return refuse(format!("a {} happens once: it does not last", self.name()));
        }
        let within = |value: Duration, max: Duration| value > Duration::ZERO && value <= max;
        match &self.kind {
            FaultKind::Slow { factor } if !(2..=FaultSpec::FACTOR_MAX).contains(factor) => {
                refuse(format!("a program is 2 to {} times slower", FaultSpec::FACTOR_MAX))
            }
            FaultKind::Latency { more } if !within(*more, FaultSpec::LATENCY_MAX) => {
                refuse("a message takes up to 10 minutes longer".to_owned())
            }
            FaultKind::Loss { percent, .. } if !(1..=100).contains(percent) => {
                refuse("1 to 100 percent of messages get lost".to_owned())
            }
            FaultKind::Clock { by, .. } if !within(*by, FaultSpec::CLOCK_MAX) => {
                refuse("a clock is wrong by up to a year".to_owned())
            }
            FaultKind::SlowSink { per_record } if !within(*per_record, FaultSpec::PER_RECORD_MAX) => {
                refuse("a slow sink takes up to 60 s for each record".to_owned())
            }
            _ => Ok(()),
        }
    }
}
