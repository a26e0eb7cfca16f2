//! Alarms: a threshold on one statistic of one metric, looked at each minute.

use std::fmt;
use std::str::FromStr;

use kinesis::{Duration, Instant};

use super::series::DELAY;
use super::{CloudWatch, MetricName, Statistic};

/// What an alarm watches; the fields are PutMetricAlarm's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AlarmSpec {
    pub name: String,
    pub metric: MetricName,
    pub statistic: Statistic,
    /// Seconds; a multiple of 60.
    pub period: u32,
    pub evaluation_periods: u32,
    pub datapoints_to_alarm: u32,
    pub threshold: Threshold,
    pub comparison: Comparison,
    pub missing_data: MissingData,
}

/// A threshold in millionths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Threshold(pub i64);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Comparison {
    GreaterThanOrEqualToThreshold,
    GreaterThanThreshold,
    LessThanThreshold,
    LessThanOrEqualToThreshold,
}

/// `TreatMissingData`: how a period without a point counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MissingData {
    Missing,
    Breaching,
    NotBreaching,
    Ignore,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AlarmState {
    Ok,
    Alarm,
    InsufficientData,
}

/// An alarm and what it says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alarm {
    pub spec: AlarmSpec,
    pub state: AlarmState,
    /// When the state last changed.
    pub since: Instant,
    pub reason: String,
}

macro_rules! named {
    ($( $kind:ident { $( $variant:ident = $name:literal ),* } )*) => {
        $(
            impl $kind {
                pub const ALL: &'static [$kind] = &[ $( $kind::$variant ),* ];

                /// As the API has it.
                pub const fn name(self) -> &'static str {
                    match self { $( $kind::$variant => $name ),* }
                }

                pub fn parse(name: &str) -> Option<$kind> {
                    $kind::ALL.iter().copied().find(|one| one.name() == name)
                }
            }
        )*
    };
}

named! {
    Comparison {
        GreaterThanOrEqualToThreshold = "GreaterThanOrEqualToThreshold",
        GreaterThanThreshold = "GreaterThanThreshold",
        LessThanThreshold = "LessThanThreshold",
        LessThanOrEqualToThreshold = "LessThanOrEqualToThreshold"
    }
    MissingData {
        Missing = "missing", Breaching = "breaching", NotBreaching = "notBreaching", Ignore = "ignore"
    }
    AlarmState { Ok = "OK", Alarm = "ALARM", InsufficientData = "INSUFFICIENT_DATA" }
}

impl Threshold {
    const ONE: i64 = 1_000_000;
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Threshold, String> {
        let wrong = || format!("{text:?} is no number with at most six decimals");
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 6 || !is_digits(whole) || !is_digits(fraction) {
            return Err(wrong());
        }
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let millionths: i64 = format!("{fraction:0<6}").parse().map_err(|_| wrong())?;
        let value = whole.checked_mul(Threshold::ONE).and_then(|whole| whole.checked_add(millionths));
        value.map(|value| Threshold(sign * value)).ok_or_else(wrong)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let fraction = format!("{rest:06}");
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

impl Comparison {
    fn holds(self, (numerator, denominator): (u64, u64), threshold: Threshold) -> bool {
        let value = i128::from(numerator) * i128::from(Threshold::ONE);
        let threshold = i128::from(threshold.0) * i128::from(denominator);
        match self {
            Comparison::GreaterThanOrEqualToThreshold => value >= threshold,
            Comparison::GreaterThanThreshold => value > threshold,
            Comparison::LessThanThreshold => value < threshold,
            Comparison::LessThanOrEqualToThreshold => value <= threshold,
        }
    }
}

/// Alarms of one account. Documented: 5,000; fewer here.
const ALARMS_MAX: usize = 100;
/// Documented: period times evaluation periods is a day at most.
const SPAN_SECONDS_MAX: u32 = 86_400;

impl AlarmSpec {
    /// What PutMetricAlarm would not take.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !(1..=255).contains(&self.name.len()) {
            return Err("an alarm's name has 1 to 255 characters".to_owned());
        }
        if self.period == 0 || !self.period.is_multiple_of(60) {
            return Err(
                "Metrics of Kinesis have points of a minute: the period is a multiple of 60".to_owned()
            );
        }
        if self.evaluation_periods == 0 || self.datapoints_to_alarm == 0 {
            return Err("Metric evaluation periods and datapoints to alarm are at least 1".to_owned());
        }
        if self.datapoints_to_alarm > self.evaluation_periods {
            return Err("DatapointsToAlarm must not be greater than EvaluationPeriods".to_owned());
        }
        if self.period.checked_mul(self.evaluation_periods).is_none_or(|span| span > SPAN_SECONDS_MAX) {
            return Err(
                "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= \
                        86400)"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

impl CloudWatch {
    pub(crate) fn put_alarm(&mut self, now: Instant, spec: AlarmSpec) -> Result<(), String> {
        spec.check()?;
        if self.alarms.len() >= ALARMS_MAX && !self.alarms.contains_key(&spec.name) {
            return Err(format!("an account has at most {ALARMS_MAX} alarms here"));
        }
        // Documented: a new alarm begins in INSUFFICIENT_DATA; one that is changed keeps its state until it is looked
        // at.
        let (state, since) = match self.alarms.get(&spec.name) {
            Some(alarm) => (alarm.state, alarm.since),
            None => (AlarmState::InsufficientData, now),
        };
        let reason = "Unchecked: Initial alarm creation".to_owned();
        self.alarms.insert(spec.name.clone(), Alarm { spec, state, since, reason });
        Ok(())
    }

    /// Looks at every alarm; returns those that changed their state.
    pub(crate) fn evaluate(&mut self, now: Instant) -> Vec<(String, AlarmState)> {
        let mut changed = Vec::new();
        let names: Vec<String> = self.alarms.keys().cloned().collect();
        for name in names {
            let Some(alarm) = self.alarms.get(&name) else { continue };
            let Some((state, reason)) = self.judge(now, &alarm.spec) else { continue };
            if let Some(alarm) = self.alarms.get_mut(&name).filter(|alarm| alarm.state != state) {
                alarm.state = state;
                alarm.since = now;
                alarm.reason = reason;
                changed.push((name, state));
            }
        }
        changed
    }

    /// What the last periods that can be seen say; none where the alarm stays as it is.
    ///
    /// Documented: M out of N datapoints, and what TreatMissingData says of periods without any. Simplified: exactly N
    /// periods are looked at, where CloudWatch looks a few further back for points that come late.
    fn judge(&self, now: Instant, spec: &AlarmSpec) -> Option<(AlarmState, String)> {
        let period = u64::from(spec.period);
        let seen_until = now.seconds().saturating_sub(DELAY.seconds());
        let to = Instant::from_seconds(seen_until / period * period);
        let span = Duration::from_seconds(period * u64::from(spec.evaluation_periods));
        let from = Instant::from_micros(to.micros().saturating_sub(span.micros()));
        let points = self.statistics(now, &spec.metric, from, to, spec.period / 60);
        let breaching =
            points.iter().filter(|p| spec.comparison.holds(p.value(spec.statistic), spec.threshold)).count();
        let missing = (spec.evaluation_periods as usize).saturating_sub(points.len());
        let filled = match spec.missing_data {
            MissingData::Breaching => breaching + missing,
            MissingData::Missing | MissingData::NotBreaching | MissingData::Ignore => breaching,
        };
        let wanted = spec.datapoints_to_alarm as usize;
        let is_silent = points.is_empty();
        let state = match (spec.missing_data, is_silent) {
            (MissingData::Missing, true) => AlarmState::InsufficientData,
            (MissingData::Ignore, true) => return None,
            (_, _) if filled >= wanted => AlarmState::Alarm,
            (_, _) => AlarmState::Ok,
        };
        let reason = match state {
            AlarmState::InsufficientData => {
                format!("Insufficient Data: {} datapoints were unknown.", spec.evaluation_periods)
            }
            AlarmState::Ok | AlarmState::Alarm => {
                let crossed = if state == AlarmState::Alarm { filled } else { points.len() - breaching };
                let not = if state == AlarmState::Alarm { "" } else { "not " };
                format!(
                    "Threshold Crossed: {crossed} of the last {} datapoints were {not}{} ({}).",
                    spec.evaluation_periods,
                    comparison_words(spec.comparison),
                    spec.threshold
                )
            }
        };
        Some((state, reason))
    }
}

const fn comparison_words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::GreaterThanOrEqualToThreshold => "greater than or equal to the threshold",
        Comparison::GreaterThanThreshold => "greater than the threshold",
        Comparison::LessThanThreshold => "less than the threshold",
        Comparison::LessThanOrEqualToThreshold => "less than or equal to the threshold",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_read_and_written_exactly() {
        for text in ["0", "1000", "0.5", "-0.25", "0.000001", "60000"] {
            assert_eq!(text.parse::<Threshold>().map(|t| t.to_string()), Ok(text.to_owned()));
        }
        for text in ["", ".5", "1e3", "0.0000001", "9999999999999999999"] {
            assert!(text.parse::<Threshold>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_average_is_compared_as_a_fraction() {
        let half: Threshold = "0.5".parse().unwrap();
        assert!(Comparison::GreaterThanOrEqualToThreshold.holds((1, 2), half));
        assert!(!Comparison::GreaterThanThreshold.holds((1, 2), half));
        assert!(Comparison::LessThanThreshold.holds((1, 3), half));
        assert!(Comparison::GreaterThanThreshold.holds((2, 3), half));
    }
}
