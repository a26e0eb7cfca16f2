//! What can be said of a program that puts records with the AWS SDK.

use kinesis::Duration;

use crate::history::Refusal;
use crate::{KeyRecipe, Traffic, Workload};

/// A program that puts records with the AWS SDK.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProducerSpec {
    pub name: String,
    pub stream: String,
    /// Records per second.
    pub rate: u32,
    /// How the rate changes over time.
    pub traffic: Traffic,
    /// What stands in the records.
    pub workload: Workload,
    /// Bytes of data in each record.
    pub size: u32,
    pub keys: KeyRecipe,
    pub call: PutCall,
    pub retry: RetryPolicy,
    /// How often a record is sent at most, the first time included.
    pub attempts: u32,
    /// Calls that may be under way at once; records queue behind them. As many as it takes where absent.
    pub concurrency: Option<u32>,
    /// How long the program waits for an answer.
    pub request_timeout: Duration,
    pub ordering: PutOrdering,
}

/// New settings of a running producer; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProducerChange {
    pub name: String,
    pub rate: Option<u32>,
    pub traffic: Option<Traffic>,
    pub workload: Option<Workload>,
    pub size: Option<u32>,
    pub keys: Option<KeyRecipe>,
    pub call: Option<PutCall>,
    pub retry: Option<RetryPolicy>,
    pub attempts: Option<u32>,
    pub concurrency: Option<u32>,
    pub request_timeout: Option<Duration>,
    pub ordering: Option<PutOrdering>,
}

/// Which operation a producer calls.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PutCall {
    /// PutRecord for each record.
    Single,
    /// PutRecords with what came together in 100 ms, at most 500 records.
    Batch,
}

/// What becomes of a record that was refused or whose call timed out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RetryPolicy {
    /// The program gives it up at once, and the SDK's own retries are off.
    None,
    /// The program sends it again at once.
    Immediate,
    /// The program waits a random time of up to 100 ms, 200 ms, 400 ms … (exponential back-off with full jitter), at
    /// most 20 s.
    Backoff,
    /// The SDK's retry mode `standard`: 3 attempts, waits of up to 1 s, 2 s …, a quota of retries. It tries failed calls
    /// again and never entries that a PutRecords answer names as failed.
    Standard,
    /// The SDK's retry mode `legacy`: 5 attempts, and no quota.
    Legacy,
}

impl RetryPolicy {
    /// How often a record is sent at most where nothing else is said.
    ///
    /// Documented: Retry behavior in the AWS SDKs and Tools Reference Guide, for the modes of the SDK.
    pub const fn attempts_default(self) -> u32 {
        match self {
            RetryPolicy::Standard => 3,
            RetryPolicy::None | RetryPolicy::Immediate | RetryPolicy::Backoff | RetryPolicy::Legacy => 5,
        }
    }
}

/// Whether a producer keeps the order of the records of each key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PutOrdering {
    /// Records are sent as soon as they are there: later ones may overtake.
    None,
    /// One record of a key is under way at a time, with SequenceNumberForOrdering.
    PerKey,
}

impl ProducerSpec {
    pub const RATE_MAX: u32 = 100_000;
    pub const SIZE_MAX: u32 = 10 << 20;
    pub const ATTEMPTS_MAX: u32 = 100;
    pub const CONCURRENCY_MAX: u32 = 10_000;
    /// Keys whose order a producer keeps: it holds a number for each.
    pub const ORDERED_KEYS_MAX: u64 = 100_000;

    pub fn new(name: impl Into<String>, stream: impl Into<String>) -> ProducerSpec {
        ProducerSpec {
            name: name.into(),
            stream: stream.into(),
            rate: 100,
            traffic: Traffic::Steady,
            workload: Workload::Plain,
            size: Workload::Plain.size_default(),
            keys: KeyRecipe::Uniform { count: 1_000 },
            call: PutCall::Single,
            retry: RetryPolicy::None,
            attempts: RetryPolicy::None.attempts_default(),
            concurrency: None,
            // Assumed: the time-out of reads in the AWS SDK for Java 2.x.
            request_timeout: Duration::from_seconds(30),
            ordering: PutOrdering::None,
        }
    }

    /// These settings with what a change says.
    pub(crate) fn take(&mut self, change: &ProducerChange) {
        self.rate = change.rate.unwrap_or(self.rate);
        self.traffic = change.traffic.unwrap_or(self.traffic);
        if let Some(workload) = change.workload {
            self.workload = workload;
            self.size = self.size.max(workload.size_min());
        }
        self.size = change.size.unwrap_or(self.size);
        self.call = change.call.unwrap_or(self.call);
        // An SDK's retry mode brings its own number of attempts, as the program's policies do when they follow on it.
        if let Some(retry) = change.retry.filter(|retry| *retry != self.retry) {
            let is_of_sdk = |retry| matches!(retry, RetryPolicy::Standard | RetryPolicy::Legacy);
            if is_of_sdk(retry) || is_of_sdk(self.retry) {
                self.attempts = retry.attempts_default();
            }
            self.retry = retry;
        }
        self.attempts = change.attempts.unwrap_or(self.attempts);
        self.concurrency = change.concurrency.or(self.concurrency);
        self.request_timeout = change.request_timeout.unwrap_or(self.request_timeout);
        self.ordering = change.ordering.unwrap_or(self.ordering);
        if let Some(keys) = &change.keys {
            self.keys = keys.clone();
        }
    }

    /// Refuses what no producer can do.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        check_records(self.rate, self.traffic, self.workload, self.size)?;
        if !(1..=Self::ATTEMPTS_MAX).contains(&self.attempts) {
            return Err(Refusal::new(format!("attempts are 1 to {}", Self::ATTEMPTS_MAX)));
        }
        if !self.concurrency.is_none_or(|calls| (1..=Self::CONCURRENCY_MAX).contains(&calls)) {
            return Err(Refusal::new(format!("concurrency is 1 to {} calls", Self::CONCURRENCY_MAX)));
        }
        if self.request_timeout.millis() == 0 || self.request_timeout > Duration::from_hours(1) {
            return Err(Refusal::new("a request-timeout is 1 ms to 1 h"));
        }
        if self.ordering == PutOrdering::PerKey {
            if self.call == PutCall::Batch {
                return Err(Refusal::new(
                    "SequenceNumberForOrdering is a parameter of PutRecord: PutRecords guarantees no order, so \
                     --ordering per-key goes with --call single only",
                ));
            }
            if self.keys.distinct_keys().is_none_or(|keys| keys > Self::ORDERED_KEYS_MAX) {
                return Err(Refusal::new(format!(
                    "a producer keeps the order of at most {} keys: take a key recipe with fewer",
                    Self::ORDERED_KEYS_MAX
                )));
            }
        }
        Ok(())
    }
}

/// Refuses records that no program makes.
pub(crate) fn check_records(
    rate: u32,
    traffic: Traffic,
    workload: Workload,
    size: u32,
) -> Result<(), Refusal> {
    let rate_max = ProducerSpec::RATE_MAX;
    if rate == 0 || rate > rate_max {
        return Err(Refusal::new(format!("a producer's rate is 1 to {rate_max} records per second")));
    }
    let peak = traffic.peak(rate);
    if peak > rate_max {
        return Err(Refusal::new(format!(
            "{traffic} goes up to {peak} records per second; a producer makes at most {rate_max}"
        )));
    }
    if size > ProducerSpec::SIZE_MAX {
        return Err(Refusal::new(format!("a record's size is 0 to {} bytes", ProducerSpec::SIZE_MAX)));
    }
    if size < workload.size_min() {
        return Err(Refusal::new(format!(
            "a record of {} has at least {} bytes",
            workload.name(),
            workload.size_min()
        )));
    }
    Ok(())
}
