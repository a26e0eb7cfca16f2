//! Times and spans as they are typed and printed.

use kinesis::{Duration, Instant};

/// As the AWS CLI v2 prints times: `2026-01-01T00:00:30.500000+00:00`, without the fraction where it is zero.
pub(crate) fn aws_text(instant: Instant) -> String {
    format!("{}{}+00:00", to_seconds(instant), fraction(instant, 6))
}

/// The shortest text that is read back as the same instant: `2026-01-01T00:00:30.5Z`.
pub(crate) fn short_text(instant: Instant) -> String {
    let fraction = fraction(instant, 6);
    format!("{}{}Z", to_seconds(instant), fraction.trim_end_matches('0'))
}

/// For people: `2026-01-01 00:00:30.500`.
pub(crate) fn clock_text(instant: Instant) -> String {
    instant.to_iso8601().replace('T', " ").replace('Z', "")
}

fn to_seconds(instant: Instant) -> String {
    let mut text = instant.to_iso8601();
    text.truncate("2026-01-01T00:00:30".len());
    text
}

fn fraction(instant: Instant, digits: usize) -> String {
    match instant.micros() % 1_000_000 {
        0 => String::new(),
        micros => format!(".{micros:0digits$}"),
    }
}

/// Reads an ISO 8601 date or time, or seconds since the epoch. Without an offset the time is UTC, which is the
/// sandbox's local time.
pub(crate) fn parse_instant(text: &str) -> Option<Instant> {
    if let Some(instant) = parse_epoch(text) {
        return Some(instant);
    }
    let date = text.get(..10)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let is_date =
        (1970..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
    if !is_date {
        return None;
    }
    let rest = text.get(10..)?;
    let mut micros = days_since_epoch(year, month, day) as i64 * 86_400_000_000;
    if !rest.is_empty() {
        let rest = rest.strip_prefix(['T', ' '])?;
        let offset_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
        let (time, offset) = rest.split_at(offset_at);
        micros += parse_time(time)? - parse_offset(offset)?;
    }
    u64::try_from(micros).ok().map(Instant::from_micros).filter(|instant| *instant <= Instant::MAX)
}

fn parse_epoch(text: &str) -> Option<Instant> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    // A year is no number of seconds: dates have hyphens.
    let micros = fraction_micros(fraction)?;
    let is_number = !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit());
    let seconds: u64 = if is_number { seconds.parse().ok()? } else { return None };
    let instant = Instant::from_micros(seconds.checked_mul(1_000_000)?.checked_add(micros)?);
    (instant <= Instant::MAX).then_some(instant)
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff` in microseconds.
fn parse_time(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let [hours, minutes, seconds] = match clock.len() {
        5 => {
            let [hours, minutes] = numbers(clock, ':', [2, 2])?;
            [hours, minutes, 0]
        }
        _ => numbers(clock, ':', [2, 2, 2])?,
    };
    let micros = fraction_micros(fraction)?;
    let is_time = hours < 24 && minutes < 60 && seconds < 60;
    is_time
        .then_some((hours as i64 * 3_600 + minutes as i64 * 60 + seconds as i64) * 1_000_000 + micros as i64)
}

/// Nothing, `Z`, `+02:00`, `+0200` or `+02`, in microseconds.
fn parse_offset(text: &str) -> Option<i64> {
    if text.is_empty() || text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.get(1..)?.replace(':', "");
    let is_offset = matches!(digits.len(), 2 | 4) && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = if is_offset { digits.parse().ok()? } else { return None };
    let (hours, minutes) = if digits.len() == 2 { (number, 0) } else { (number / 100, number % 100) };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60) * 1_000_000)
}

/// Digits behind the point in microseconds; what is finer is cut off.
fn fraction_micros(digits: &str) -> Option<u64> {
    let is_digits = digits.bytes().all(|b| b.is_ascii_digit());
    is_digits
        .then(|| digits.bytes().chain([b'0'; 6]).take(6).fold(0, |sum, b| sum * 10 + u64::from(b - b'0')))
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[u64; N]> {
    let mut found = [0; N];
    let mut parts = text.split(separator);
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next()?;
        let is_number = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        *number = if is_number { part.parse().ok()? } else { return None };
    }
    parts.next().is_none().then_some(found)
}

fn days_in(year: u64, month: u64) -> u64 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_epoch(year: u64, month: u64, day: u64) -> u64 {
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    let months: u64 = (1..month).map(|month| days_in(year, month)).sum();
    (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969) + months + day - 1
}

const UNITS: [(&str, u64); 6] = [
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// What [`parse_duration`] takes, for messages.
pub(crate) const DURATION_EXAMPLES: &str = "500ms, 30s, 5m or 2h";

/// The shortest text that is read back as the same span: `90s`, `2h`.
pub(crate) fn duration_text(duration: Duration) -> String {
    let micros = duration.micros();
    let fits = |unit: &&(&str, u64)| micros != 0 && micros.is_multiple_of(unit.1);
    let (name, size) = UNITS.iter().find(fits).unwrap_or(&("s", 1_000_000));
    format!("{}{name}", micros / size)
}

/// Reads `500ms`, `30s`, `1.5m`, `2h`, `1d`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(at);
    let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = whole.parse().ok()?;
    let part = fraction_micros(fraction)?.checked_mul(*size)? / 1_000_000;
    Some(Duration::from_micros(whole.checked_mul(*size)?.checked_add(part)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEW_YEAR: u64 = 1_767_225_600_000_000;

    #[test]
    fn times_print_as_the_aws_cli_prints_them() {
        assert_eq!(aws_text(Instant::from_micros(NEW_YEAR)), "2026-01-01T00:00:00+00:00");
        assert_eq!(aws_text(Instant::from_micros(NEW_YEAR + 30_500_000)), "2026-01-01T00:00:30.500000+00:00");
        assert_eq!(short_text(Instant::from_micros(NEW_YEAR + 30_500_000)), "2026-01-01T00:00:30.5Z");
    }

    #[test]
    fn every_form_of_a_time_is_read() {
        for (text, micros) in [
            ("2026-01-01", 0),
            ("2026-01-01T00:00:30Z", 30_000_000),
            ("2026-01-01 00:00:30", 30_000_000),
            ("2026-01-01T00:01", 60_000_000),
            ("2026-01-01T00:00:30.500000+00:00", 30_500_000),
            ("2026-01-01T02:00:30.5+02:00", 30_500_000),
            ("2025-12-31T19:00:00-0500", 0),
            ("1767225600", 0),
            ("1767225600.25", 250_000),
            ("2024-02-29", 1_709_164_800_000_000 - NEW_YEAR as i64),
            ("1970-01-01", -(NEW_YEAR as i64)),
        ] {
            let expected = Instant::from_micros((NEW_YEAR as i64 + micros) as u64);
            assert_eq!(parse_instant(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-29",
            "2026-01-01T",
            "2026-01-01T25:00",
            "2026-1-1",
            "-5",
            "1e9",
            "2026-01-01T00:00:00+99:00",
            "99999999999999999999",
            "1969-12-31",
            "2026-01-01é",
            "0x10",
            "1970-01-01T00:00+01:00",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    #[test]
    fn every_form_of_a_span_is_read() {
        for (text, micros) in
            [("500ms", 500_000), ("30s", 30_000_000), ("1.5m", 90_000_000), ("2h", 7_200_000_000), ("0s", 0)]
        {
            assert_eq!(parse_duration(text), Some(Duration::from_micros(micros)), "{text}");
        }
        for text in
            ["", "5", "s", "5 s", "-5s", "5x", "1e3s", "99999999999999999999s", "18446744073709551615d"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(micros in 0..Instant::MAX.micros()) {
            let instant = Instant::from_micros(micros);
            prop_assert_eq!(parse_instant(&short_text(instant)), Some(instant));
            prop_assert_eq!(parse_instant(&aws_text(instant)), Some(instant));
            let duration = Duration::from_micros(micros);
            prop_assert_eq!(parse_duration(&duration_text(duration)), Some(duration));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,30}", digits in "[0-9TZ:.+ -]{0,30}") {
            for text in [text, digits] {
                let _ = (parse_instant(&text), parse_duration(&text));
            }
        }
    }
}
