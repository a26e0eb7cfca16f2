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
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (year, month, day) = self.date();
        let weekday = DAYS[(self.printable().seconds() / 86_400 % 7) as usize];
        let month = MONTHS[(month - 1) as usize];
        format!("{weekday} {month} {day:02} {} UTC {year}", self.time_of_day())
    }

    /// ISO 8601 in UTC with milliseconds: `2026-01-01T00:00:30.500Z`.
    pub fn to_iso8601(self) -> String {
        let (year, month, day) = self.date();
        let millis = self.printable().millis() % 1_000;
        format!("{year:04}-{month:02}-{day:02}T{}.{millis:03}Z", self.time_of_day())
    }

    fn time_of_day(self) -> String {
        let second = self.printable().seconds() % 86_400;
        format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
    }

    fn printable(self) -> Instant {
        self.min(Instant::MAX)
    }

    /// Year, month and day of the Gregorian calendar.
    ///
    /// By hand: a date library takes 60 KB of the page for this one conversion. Counted in years that begin on
    /// 1 March, so that the leap day is the last day of its year and months follow a pattern of 153 days in five.
    fn date(self) -> (u64, u64, u64) {
        // Days since 1 March of the year 0.
        let days = self.printable().seconds() / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (era * 400 + year_of_era + u64::from(month <= 2), month, day)
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

    /// Compared with a date library over four centuries and at the edges of leap years.
    #[test]
    fn dates_are_those_of_the_gregorian_calendar() {
        let days = (0..150_000).step_by(97).chain([11_016, 11_017, 47_540, 47_541, 2_932_894]);
        for day in days {
            let instant = Instant::from_seconds(day * 86_400 + 3_723);
            let expected = jiff::Timestamp::from_second((day * 86_400 + 3_723) as i64).unwrap();
            assert_eq!(instant.to_iso8601(), expected.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
            assert_eq!(instant.to_java_text(), expected.strftime("%a %b %d %H:%M:%S UTC %Y").to_string());
        }
    }

    #[test]
    fn time_before_the_epoch_and_after_the_end_saturates() {
        assert_eq!(Instant::from_seconds(5).back(Duration::from_seconds(9)), Instant::from_micros(0));
        assert_eq!(Instant::from_seconds(5).since(Instant::from_seconds(9)), Duration::ZERO);
        assert_eq!(Instant::from_micros(u64::MAX).to_iso8601().len(), "9999-12-30T00:00:00.000Z".len());
    }
}
