//! Lambda functions: declared behaviours that are invoked with records, and what they have counted.

use std::sync::Arc;

use kinesis::{Duration, Instant, Record, SequenceNumber, SortedMap};

use super::condition::Shown;
use super::decimal::Decimal;
use crate::fault::{Slowness, is_poison};
use crate::{FunctionSpec, OnError};

/// A function and what has become of its invocations.
#[derive(Clone, Debug)]
pub struct Function {
    pub spec: FunctionSpec,
    pub created: Instant,
    /// Invocations that ran: failed ones too, throttled ones not.
    pub invocations: u64,
    /// Invocations that threw or timed out.
    pub errors: u64,
    pub timeouts: u64,
    /// Invocations that were refused because so many ran already.
    pub throttles: u64,
    /// Records that it worked on, each as often as it did.
    pub records: u64,
    /// What it has counted or summed, by the subject of `count_by`. A function that is invoked twice counts twice.
    pub results: SortedMap<String, Decimal>,
    /// Records that were not counted because there was no room for another key.
    pub uncounted: u64,
    /// When the invocations end that are running.
    running: Vec<Instant>,
}

/// What a function is invoked with.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    pub(crate) function: String,
    pub(crate) records: Arc<Vec<Record>>,
    /// The state of a tumbling window, and whether this is its final invocation.
    pub(crate) window: Option<WindowInput>,
    /// Whether Data Firehose invokes it to transform records.
    pub(crate) is_transform: bool,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct WindowInput {
    pub(crate) state: SortedMap<String, Decimal>,
    pub(crate) is_final: bool,
}

/// How an invocation ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct InvokeReply {
    pub(crate) outcome: InvokeOutcome,
    /// Places of the records that the function did its work on, also where it failed afterwards.
    pub(crate) worked: Vec<u32>,
    pub(crate) took: Duration,
    /// The `state` that a function with a tumbling window returns.
    pub(crate) state: SortedMap<String, Decimal>,
    /// Places of records that a transform drops.
    pub(crate) dropped: Vec<u32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum InvokeOutcome {
    /// Returned; these are the `batchItemFailures`, or what a transform could not process.
    Returned {
        failures: Vec<SequenceNumber>,
    },
    /// Threw: `functionError` is `Unhandled`.
    Threw,
    TimedOut,
    /// Not invoked: TooManyRequestsException.
    Throttled,
    /// Not invoked: the function is not there.
    NotFound,
}

impl InvokeReply {
    /// The function is not there.
    pub(crate) fn not_found() -> InvokeReply {
        InvokeReply {
            outcome: InvokeOutcome::NotFound,
            worked: Vec::new(),
            took: Duration::ZERO,
            state: SortedMap::new(),
            dropped: Vec::new(),
        }
    }
}

/// Documented: an account's concurrent executions in a Region, by default.
const CONCURRENCY_MAX: u32 = 1_000;

/// Documented: Lambda quotas, invocation payload of a synchronous call: 6 MB, request and response each.
pub(crate) const PAYLOAD_BYTES_MAX: u64 = 6 << 20;

impl Function {
    /// Keys that a function counts.
    pub const KEYS_MAX: usize = 1_000;

    pub(crate) fn new(spec: FunctionSpec, now: Instant) -> Function {
        Function {
            spec,
            created: now,
            invocations: 0,
            errors: 0,
            timeouts: 0,
            throttles: 0,
            records: 0,
            results: SortedMap::new(),
            uncounted: 0,
            running: Vec::new(),
        }
    }

    /// Invocations that are running.
    pub fn concurrency(&self, now: Instant) -> u64 {
        self.running.iter().filter(|end| **end > now).count() as u64
    }

    /// Runs the behaviour. What it does, it has done when the answer leaves; the caller lets the time pass.
    pub(crate) fn invoke(
        &mut self,
        now: Instant,
        invocation: &Invocation,
        slowness: Slowness,
    ) -> InvokeReply {
        self.running.retain(|end| *end > now);
        let mut reply = InvokeReply {
            outcome: InvokeOutcome::Throttled,
            worked: Vec::new(),
            took: Duration::ZERO,
            state: invocation.window.as_ref().map(|window| window.state.clone()).unwrap_or_default(),
            dropped: Vec::new(),
        };
        let room = self.spec.concurrency.unwrap_or(CONCURRENCY_MAX);
        if self.running.len() as u64 >= u64::from(room) {
            self.throttles += 1;
            return reply;
        }
        self.invocations += 1;
        let every = u64::from(self.spec.fails_every);
        let is_unlucky = every > 0 && self.invocations.is_multiple_of(every);
        let timeout = Duration::from_seconds(self.spec.timeout.unsigned_abs());
        let factor = u64::from(slowness.factor);
        let mut took = self.spec.takes.times(factor);
        let per_record = self.spec.per_record.times(factor) + slowness.sink;
        let mut failures = Vec::new();
        let mut is_thrown = is_unlucky;
        let is_read =
            self.spec.fails_when.is_some() || self.spec.count_by.is_some() || self.spec.drops_when.is_some();
        for (place, record) in invocation.records.iter().enumerate() {
            if is_unlucky {
                break;
            }
            took = took + per_record;
            if took > timeout {
                break;
            }
            let (mut is_failing, mut is_dropped) = (is_poison(record.data.sent(), &self.spec.name), false);
            if is_read && !is_failing {
                let shown = Shown::new(&record.partition_key, &record.data);
                is_failing = self.spec.fails_when.as_ref().is_some_and(|condition| condition.holds(&shown));
                is_dropped = self.spec.drops_when.as_ref().is_some_and(|condition| condition.holds(&shown));
                if !is_failing {
                    self.count(&shown, &mut reply.state, invocation.window.is_some());
                }
            }
            if is_failing {
                match self.spec.on_error {
                    _ if invocation.is_transform => failures.push(record.sequence_number),
                    OnError::Throw => is_thrown = true,
                    OnError::ReportAll | OnError::ReportFirst => failures.push(record.sequence_number),
                }
                if !invocation.is_transform && self.spec.on_error != OnError::ReportAll {
                    break;
                }
            } else {
                self.records += 1;
                reply.worked.push(place as u32);
                if invocation.is_transform && is_dropped {
                    reply.dropped.push(place as u32);
                }
            }
        }
        if let Some(window) = &invocation.window
            && window.is_final
            && !is_thrown
        {
            for (key, value) in window.state.iter() {
                self.add(key, *value);
            }
        }
        reply.outcome = if took > timeout {
            self.timeouts += 1;
            InvokeOutcome::TimedOut
        } else if is_thrown {
            InvokeOutcome::Threw
        } else {
            InvokeOutcome::Returned { failures }
        };
        if !matches!(reply.outcome, InvokeOutcome::Returned { .. }) {
            self.errors += 1;
        }
        reply.took = took.min(timeout);
        self.running.push(now + reply.took);
        reply
    }

    /// A function in a tumbling window counts into the state that it is given, others into what they keep.
    fn count(&mut self, record: &Shown<'_>, state: &mut SortedMap<String, Decimal>, is_windowed: bool) {
        let Some(key) = self.spec.count_by.as_ref().and_then(|subject| record.text(subject)) else { return };
        let value = match &self.spec.sum {
            Some(subject) => record.text(subject).and_then(|text| Decimal::parse(&text)).unwrap_or_default(),
            None => Decimal::whole(1),
        };
        if !is_windowed {
            return self.add(&key, value);
        }
        if state.contains_key(&key) || state.len() < Function::KEYS_MAX {
            let sum = state.or_insert_with(key, Decimal::default);
            *sum = sum.plus(value);
        } else {
            self.uncounted += 1;
        }
    }

    fn add(&mut self, key: &str, value: Decimal) {
        if self.results.contains_key(key) || self.results.len() < Function::KEYS_MAX {
            let sum = self.results.or_insert_with(key.to_owned(), Decimal::default);
            *sum = sum.plus(value);
        } else {
            self.uncounted += 1;
        }
    }
}
