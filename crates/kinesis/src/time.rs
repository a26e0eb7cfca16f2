//! Virtual time: an instant and a span, both whole microseconds.

use std::fmt;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// A point of virtual time, in microseconds since the Unix epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(u64);

/// A span of virtual time, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duration(u64);

impl Instant {
    /// The last instant that can be printed: 30 December 9999.
    pub const MAX: Instant = Instant(253_402_128_000_000_000);

    pub const fn from_micros(micros: u64) -> Instant {
        Instant(micros)
    }

    pub const fn from_millis(millis: u64) -> Instant {
        Instant(millis.saturating_mul(1_000))
    }

    pub const fn from_seconds(seconds: u64) -> Instant {
        Instant(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the Unix epoch.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Whole milliseconds since the Unix epoch.
    pub const fn millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds since the Unix epoch.
    pub const fn seconds(self) -> u64 {
        self.0 / 1_000_000
    }

    /// The time from `earlier` to here; zero where `earlier` is later.
    pub const fn since(self, earlier: Instant) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }

    /// The instant `span` before this one, not before the epoch.
    pub const fn back(self, span: Duration) -> Instant {
        Instant(self.0.saturating_sub(span.0))
    }

    /// As AWS prints it inside messages: `Wed Mar 04 01:02:40 UTC 2020`.
    pub fn to_java_text(self) -> String {
        self.format("%a %b %d %H:%M:%S UTC %Y")
    }

    /// ISO 8601 in UTC with milliseconds: `2026-01-01T00:00:30.500Z`.
    pub fn to_iso8601(self) -> String {
        format!("{}.{:03}Z", self.format("%Y-%m-%dT%H:%M:%S"), self.millis() % 1_000)
    }

    fn format(self, pattern: &str) -> String {
        let micros = i64::try_from(self.min(Instant::MAX).0).unwrap_or(i64::MAX);
        jiff::Timestamp::from_microsecond(micros)
            .map(|timestamp| timestamp.strftime(pattern).to_string())
            .unwrap_or_default()
    }
}

impl Duration {
    pub const ZERO: Duration = Duration(0);

    pub const fn from_micros(micros: u64) -> Duration {
        Duration(micros)
    }

    pub const fn from_millis(millis: u64) -> Duration {
        Duration(millis.saturating_mul(1_000))
    }

    pub const fn from_seconds(seconds: u64) -> Duration {
        Duration(seconds.saturating_mul(1_000_000))
    }

    pub const fn from_hours(hours: u64) -> Duration {
        Duration::from_seconds(hours.saturating_mul(3_600))
    }

    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Whole milliseconds.
    pub const fn millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds.
    pub const fn seconds(self) -> u64 {
        self.0 / 1_000_000
    }

    pub const fn times(self, n: u64) -> Duration {
        Duration(self.0.saturating_mul(n))
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;
    fn add(self, span: Duration) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, span: Duration) {
        *self = *self + span;
    }
}

impl Add for Duration {
    type Output = Duration;
    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_iso8601())
    }
}

/// Whole milliseconds print as `1500 ms`, whole seconds as `30 s`, the rest as microseconds.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            micros if micros % 1_000_000 == 0 => write!(f, "{} s", micros / 1_000_000),
            micros if micros % 1_000 == 0 => write!(f, "{} ms", micros / 1_000),
            micros => write!(f, "{micros} µs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_prints_as_iso_8601_and_as_java_does() {
        let instant = Instant::from_millis(1_583_283_760_250);
        assert_eq!(instant.to_iso8601(), "2020-03-04T01:02:40.250Z");
        assert_eq!(instant.to_java_text(), "Wed Mar 04 01:02:40 UTC 2020");
    }

    #[test]
    fn time_before_the_epoch_and_after_the_end_saturates() {
        assert_eq!(Instant::from_seconds(5).back(Duration::from_seconds(9)), Instant::from_micros(0));
        assert_eq!(Instant::from_seconds(5).since(Instant::from_seconds(9)), Duration::ZERO);
        assert_eq!(Instant::from_micros(u64::MAX).to_iso8601().len(), "9999-12-30T00:00:00.000Z".len());
    }
}
