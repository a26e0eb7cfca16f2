//! The shape of a program's traffic over time, and when each of its records is made. Whole numbers only.

use std::fmt;
use std::str::FromStr;

use kinesis::{Duration, Instant};

/// How the rate of a program changes over time. Printed and read as text: `burst:10:5:60`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Traffic {
    /// Always the program's rate.
    #[default]
    Steady,
    /// At the end of each `every` seconds `times` the rate, for `seconds`.
    Burst { times: u32, seconds: u32, every: u32 },
    /// From the program's rate to `to` records per second in `seconds`, and then on at that rate.
    Ramp { to: u32, seconds: u32 },
    /// A day's ebb and flow by the hour (UTC): the program's rate is reached at 20:00, a tenth of it at 04:00.
    Daily,
}

/// Percent of the rate in each hour of a day. Assumed: a shop's visitors in one time zone.
const HOURS: [u64; 24] =
    [45, 30, 20, 15, 10, 12, 18, 28, 40, 50, 55, 60, 65, 62, 60, 60, 65, 72, 82, 92, 100, 95, 80, 60];
const HOUR: u64 = 3_600_000_000;
const TIMES_MAX: u32 = 1_000;
const SECONDS_MAX: u32 = 86_400;

impl Traffic {
    /// The highest rate that a program of this rate comes to.
    pub fn peak(self, rate: u32) -> u32 {
        match self {
            Traffic::Steady | Traffic::Daily => rate,
            Traffic::Burst { times, .. } => rate.saturating_mul(times),
            Traffic::Ramp { to, .. } => rate.max(to),
        }
    }

    /// Records in the first `micros` after `base`, in millionths.
    fn area(self, rate: u32, base: Instant, micros: u64) -> u128 {
        let (rate, micros) = (u128::from(rate), u128::from(micros));
        let seconds = |seconds: u32| u128::from(seconds) * 1_000_000;
        match self {
            Traffic::Steady => rate * micros,
            Traffic::Burst { times, seconds: length, every } => {
                let (length, every) = (seconds(length), seconds(every));
                let burst = micros / every * length + (micros % every).saturating_sub(every - length);
                rate * (micros + burst * u128::from(times - 1))
            }
            Traffic::Ramp { to, seconds: length } => {
                let (to, length) = (u128::from(to), seconds(length));
                let rising = micros.min(length);
                // The rate at time t is (rate * (length - t) + to * t) / length.
                let ramp = (rate * (2 * length - rising) + to * rising) * rising / (2 * length);
                ramp + to * (micros - rising)
            }
            Traffic::Daily => {
                let base = base.micros();
                rate * (day_area(base + micros as u64) - day_area(base)) / 100
            }
        }
    }
}

/// Percent times microseconds from the epoch to an instant.
fn day_area(micros: u64) -> u128 {
    let (day, time) = (micros / (24 * HOUR), micros % (24 * HOUR));
    let hour = (time / HOUR) as usize;
    let of_day = |hours: &[u64]| hours.iter().map(|percent| u128::from(percent * HOUR)).sum::<u128>();
    let now = HOURS.get(hour).map_or(0, |percent| u128::from(percent * (time % HOUR)));
    u128::from(day) * of_day(&HOURS) + of_day(HOURS.get(..hour).unwrap_or_default()) + now
}

/// When each record of a program is made, from a change of its settings on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Schedule {
    pub(crate) base: Instant,
    /// Records made before `base`.
    pub(crate) base_count: u64,
    /// Records per second, as far as the traffic's shape leaves it so.
    pub(crate) rate: u32,
    pub(crate) traffic: Traffic,
}

impl Schedule {
    /// Records that should have been made by `at`.
    pub(crate) fn due_by(&self, at: Instant) -> u64 {
        self.base_count + self.count(at.since(self.base).micros())
    }

    fn count(&self, micros: u64) -> u64 {
        (self.traffic.area(self.rate, self.base, micros) / 1_000_000) as u64
    }

    /// When record `number` (from 0) is made.
    pub(crate) fn due_at(&self, number: u64) -> Instant {
        let Some(ahead) = (number + 1).checked_sub(self.base_count).filter(|ahead| *ahead > 0) else {
            return self.base;
        };
        if self.traffic == Traffic::Steady {
            let micros = (u128::from(ahead) * 1_000_000).div_ceil(u128::from(self.rate.max(1)));
            return self.base + Duration::from_micros(micros as u64);
        }
        // The first microsecond by which there are enough: doubling finds one, halving the first.
        let mut enough = 1u64 << 20;
        while self.count(enough) < ahead && enough < 1 << 60 {
            enough <<= 1;
        }
        let mut short = if enough == 1 << 20 { 0 } else { enough >> 1 };
        while short + 1 < enough {
            let middle = short + (enough - short) / 2;
            if self.count(middle) < ahead {
                short = middle;
            } else {
                enough = middle;
            }
        }
        self.base + Duration::from_micros(enough)
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Traffic::Steady => f.write_str("steady"),
            Traffic::Burst { times, seconds, every } => write!(f, "burst:{times}:{seconds}:{every}"),
            Traffic::Ramp { to, seconds } => write!(f, "ramp:{to}:{seconds}"),
            Traffic::Daily => f.write_str("daily"),
        }
    }
}

impl FromStr for Traffic {
    type Err = String;

    fn from_str(text: &str) -> Result<Traffic, String> {
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or_default();
        let numbers: Result<Vec<u32>, _> = parts.map(str::parse).collect();
        let numbers = numbers.map_err(|_| format!("{text:?} has parts that are no whole numbers"))?;
        match (kind, numbers.as_slice()) {
            ("steady", []) => Ok(Traffic::Steady),
            ("daily", []) => Ok(Traffic::Daily),
            ("burst", &[times, seconds, every]) => {
                let is_within =
                    (2..=TIMES_MAX).contains(&times) && (1..every).contains(&seconds) && every <= SECONDS_MAX;
                match is_within {
                    true => Ok(Traffic::Burst { times, seconds, every }),
                    false => Err(format!(
                        "burst:TIMES:SECONDS:EVERY is 2 to {TIMES_MAX} times the rate for less than EVERY seconds, which \
                         are at most {SECONDS_MAX}"
                    )),
                }
            }
            ("ramp", &[to, seconds]) => match to >= 1 && (1..=SECONDS_MAX).contains(&seconds) {
                true => Ok(Traffic::Ramp { to, seconds }),
                false => Err(format!(
                    "ramp:RATE:SECONDS goes to at least 1 record per second in 1 to {SECONDS_MAX} seconds"
                )),
            },
            _ => Err(format!("{text:?} is no traffic: use steady, burst:10:5:60, ramp:2000:600 or daily")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(traffic: &str, rate: u32) -> Schedule {
        let base = Instant::from_seconds(1_767_225_600);
        Schedule { base, base_count: 0, rate, traffic: traffic.parse().unwrap() }
    }

    fn made(schedule: &Schedule, from: u64, to: u64) -> u64 {
        let at = |seconds| schedule.due_by(schedule.base + Duration::from_seconds(seconds));
        at(to) - at(from)
    }

    #[test]
    fn a_traffic_prints_as_it_is_read() {
        for text in ["steady", "daily", "burst:10:5:60", "ramp:2000:600"] {
            assert_eq!(text.parse::<Traffic>().map(|traffic| traffic.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        for text in [
            "",
            "steady:1",
            "burst",
            "burst:1:5:60",
            "burst:2:60:60",
            "burst:2:0:60",
            "burst:2:5:99999",
            "burst:2:4294967295:5",
            "ramp:0:5",
            "ramp:5:0",
            "ramp:x:5",
            "wave",
        ] {
            assert!(text.parse::<Traffic>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_burst_comes_at_the_end_of_each_period() {
        let schedule = schedule("burst:10:5:60", 100);
        assert_eq!([made(&schedule, 0, 55), made(&schedule, 55, 60)], [5_500, 5_000]);
        assert_eq!([made(&schedule, 60, 115), made(&schedule, 115, 120)], [5_500, 5_000]);
    }

    #[test]
    fn a_ramp_rises_evenly_and_stays() {
        let schedule = schedule("ramp:1000:10", 0);
        // The area of a triangle, 10 s wide and 1,000/s high.
        assert_eq!([made(&schedule, 0, 10), made(&schedule, 10, 20)], [5_000, 10_000]);
        assert_eq!(made(&schedule, 0, 5), 1_250);
    }

    #[test]
    fn a_day_has_its_peak_in_the_evening() {
        let schedule = schedule("daily", 1_000);
        let hour = |hour: u64| made(&schedule, hour * 3_600, hour * 3_600 + 3_600);
        assert_eq!([hour(4), hour(20), hour(28)], [360_000, 3_600_000, 360_000]);
        let percents: u64 = HOURS.iter().sum();
        assert_eq!(made(&schedule, 0, 86_400), percents * 36_000);
    }

    proptest! {
        #[test]
        fn a_record_is_made_in_the_first_microsecond_by_which_it_is_due(
            traffic in prop_oneof![Just("steady"), Just("burst:10:5:60"), Just("ramp:2000:600"), Just("daily")],
            rate in 1..5_000u32,
            number in 0..2_000_000u64,
        ) {
            let schedule = schedule(traffic, rate);
            let at = schedule.due_at(number);
            prop_assert!(schedule.due_by(at) > number);
            prop_assert!(schedule.due_by(at.back(Duration::from_micros(1))) <= number);
        }
    }
}
