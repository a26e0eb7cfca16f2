//! Faults that are on, and what they do to whom.

use kinesis::{Duration, Instant, ShardId, SortedMap};

use crate::cause::Link;
use crate::{ActorId, FaultKind, FaultSpec, Way};

/// A fault that is on.
#[derive(Clone, Debug)]
pub struct ActiveFault {
    pub spec: FaultSpec,
    pub since: Instant,
    /// When it ends by itself.
    pub until: Option<Instant>,
    /// The program that it is about; none where it is everybody's, or a stream's.
    pub(crate) actor: Option<ActorId>,
    /// The fact that it began.
    pub(crate) link: Link,
}

/// Faults that are on, by their number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    active: SortedMap<u64, ActiveFault>,
    begun: u64,
}

/// How a fault ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FaultEnd {
    /// Its time was over.
    Over,
    /// A command cleared it.
    Cleared,
    /// It has happened: a call was throttled.
    Happened,
}

/// What faults do to one program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Troubles {
    /// What one input takes; nothing where the program is as quick as it should be.
    pub(crate) handling: Duration,
    pub(crate) latency: Duration,
    /// Of a hundred calls and answers.
    pub(crate) lost_calls: u32,
    pub(crate) lost_answers: u32,
    pub(crate) is_partitioned: bool,
    pub(crate) clock: Clock,
    pub(crate) per_record: Duration,
    /// Until when it is busy with what reached it before.
    pub(crate) busy_until: Instant,
    /// Until when the sink is busy with what a subscription brought.
    pub(crate) sink_busy_until: SortedMap<u64, Instant>,
}

/// By how much a function takes longer than by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Slowness {
    pub(crate) factor: u32,
    pub(crate) sink: Duration,
}

impl Default for Slowness {
    fn default() -> Slowness {
        Slowness { factor: 1, sink: Duration::ZERO }
    }
}

/// How a program's clock differs from the right time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Clock {
    ahead: Duration,
    behind: Duration,
    /// The SDK has learnt from a refusal by how much the clock is wrong.
    pub(crate) is_corrected: bool,
}

/// Faults that are on at one time.
pub(crate) const FAULTS_MAX: usize = 100;

/// What a program takes for one input where it is slow, times the factor.
///
/// Assumed: a program that is as quick as it should be handles an answer within less than a millisecond.
const HANDLING: Duration = Duration::from_millis(1);

/// By how much a clock may be wrong before AWS refuses the signature of a call.
///
/// Documented: a signed request must reach AWS within five minutes of its timestamp (IAM User Guide, "Signing AWS API
/// requests"). The SDKs take the right time from the refusal and try again ("clock skew correction").
const SIGNATURE_TOLERANCE: Duration = Duration::from_seconds(300);

/// A record that the named program cannot process.
pub(crate) fn poison(program: &str) -> String {
    format!("{{\"poison\":\"{program}\"}}")
}

/// Whether a record is poison for a program.
///
/// `sent` are its data, where they are not generated.
pub(crate) fn is_poison(sent: Option<&[u8]>, program: &str) -> bool {
    sent.is_some_and(|bytes| bytes.starts_with(b"{\"poison\":\"") && bytes == poison(program).as_bytes())
}

impl Faults {
    pub(crate) fn active(&self) -> impl DoubleEndedIterator<Item = (u64, &ActiveFault)> + ExactSizeIterator {
        self.active.iter().map(|(number, fault)| (*number, fault))
    }

    pub(crate) fn get(&self, number: u64) -> Option<&ActiveFault> {
        self.active.get(&number)
    }

    /// The number that the next fault gets, counted from 1.
    pub(crate) fn next_number(&self) -> u64 {
        self.begun + 1
    }

    /// Takes a fault up; one that is over at once is only counted.
    pub(crate) fn begin(&mut self, fault: ActiveFault) {
        self.begun += 1;
        if !fault.spec.is_momentary() {
            self.active.insert(self.begun, fault);
        }
    }

    pub(crate) fn end(&mut self, number: u64) -> Option<ActiveFault> {
        self.active.remove(&number)
    }

    fn of(&self, actor: ActorId) -> impl Iterator<Item = &ActiveFault> {
        let is_its = move |fault: &&ActiveFault| match fault.actor {
            Some(id) => id == actor,
            None => fault.spec.target.is_none(),
        };
        self.active.values().filter(is_its)
    }

    /// What the faults of the present do to a program; none where it is nothing.
    pub(crate) fn troubles(
        &self,
        actor: ActorId,
        now: Instant,
        before: Option<&Troubles>,
    ) -> Option<Troubles> {
        let mut troubles = Troubles {
            handling: Duration::ZERO,
            latency: Duration::ZERO,
            lost_calls: 0,
            lost_answers: 0,
            is_partitioned: false,
            clock: Clock::default(),
            per_record: Duration::ZERO,
            busy_until: before.map_or(now, |before| before.busy_until),
            sink_busy_until: before.map(|before| before.sink_busy_until.clone()).unwrap_or_default(),
        };
        let mut is_troubled = false;
        for fault in self.of(actor) {
            is_troubled = true;
            match &fault.spec.kind {
                FaultKind::Slow { factor } => {
                    troubles.handling = troubles.handling.max(HANDLING.times(u64::from(*factor)));
                }
                FaultKind::Latency { more } => troubles.latency = troubles.latency + *more,
                FaultKind::Loss { percent, way } => {
                    if *way != Way::Answers {
                        troubles.lost_calls = troubles.lost_calls.max(*percent);
                    }
                    if *way != Way::Calls {
                        troubles.lost_answers = troubles.lost_answers.max(*percent);
                    }
                }
                FaultKind::Partition => troubles.is_partitioned = true,
                FaultKind::Clock { by, is_ahead: true } => troubles.clock.ahead = troubles.clock.ahead + *by,
                FaultKind::Clock { by, is_ahead: false } => {
                    troubles.clock.behind = troubles.clock.behind + *by;
                }
                FaultKind::SlowSink { per_record } => {
                    troubles.per_record = troubles.per_record.max(*per_record);
                }
                FaultKind::Crash
                | FaultKind::Pause
                | FaultKind::Throttle { .. }
                | FaultKind::Poison { .. } => {}
            }
        }
        let clock = &mut troubles.clock;
        let is_as_before =
            before.is_some_and(|b| (b.clock.ahead, b.clock.behind) == (clock.ahead, clock.behind));
        clock.is_corrected = is_as_before && before.is_some_and(|before| before.clock.is_corrected);
        is_troubled.then_some(troubles)
    }

    /// The fault that loses a message of a program.
    #[allow(clippy::wildcard_enum_match_arm)] // One kind loses messages.
    pub(crate) fn behind_loss(&self, actor: ActorId, is_answer: bool) -> Option<Link> {
        let loses = |fault: &&ActiveFault| match &fault.spec.kind {
            FaultKind::Loss { way: Way::Both, .. } => true,
            FaultKind::Loss { way, .. } => (*way == Way::Answers) == is_answer,
            _ => false,
        };
        self.of(actor).filter(loses).last().map(|fault| fault.link)
    }

    /// The fault of this kind that is on for a program.
    pub(crate) fn behind(&self, actor: ActorId, is_it: impl Fn(&FaultKind) -> bool) -> Option<Link> {
        self.of(actor).find(|fault| is_it(&fault.spec.kind)).map(|fault| fault.link)
    }

    /// What the faults of the present do to a function: how many times slower it is, and how long its sink takes for
    /// each record; and the fault behind that.
    #[allow(clippy::wildcard_enum_match_arm)] // Two kinds befall functions.
    pub(crate) fn of_function(&self, name: &str) -> (Slowness, Option<Link>) {
        let (mut slowness, mut behind) = (Slowness::default(), None);
        let about = self.active.values().filter(|fault| fault.actor.is_none());
        for fault in about.filter(|fault| fault.spec.target.as_deref() == Some(name)) {
            match fault.spec.kind {
                FaultKind::Slow { factor } => slowness.factor = slowness.factor.max(factor),
                FaultKind::SlowSink { per_record } => slowness.sink = slowness.sink.max(per_record),
                _ => continue,
            }
            behind = Some(fault.link);
        }
        (slowness, behind)
    }

    /// The oldest shard that is to throttle the next call: the fault's number, the stream and the shard.
    #[allow(clippy::wildcard_enum_match_arm)] // One kind throttles.
    pub(crate) fn throttle(&self) -> Option<(u64, String, Option<ShardId>)> {
        self.active.iter().find_map(|(number, fault)| match (&fault.spec.kind, &fault.spec.target) {
            (FaultKind::Throttle { shard }, Some(stream)) => {
                Some((*number, stream.clone(), shard.as_deref().and_then(ShardId::parse)))
            }
            _ => None,
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.active.is_empty()
    }
}

impl Clock {
    /// What the program reads of it.
    pub(crate) fn shows(self, now: Instant) -> Instant {
        (now + self.ahead).back(self.behind)
    }

    /// Whether AWS refuses what the program signs.
    pub(crate) fn spoils_signatures(self) -> bool {
        let off = self.ahead.micros().abs_diff(self.behind.micros());
        off > SIGNATURE_TOLERANCE.micros() && !self.is_corrected
    }
}
