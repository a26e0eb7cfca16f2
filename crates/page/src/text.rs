//! Numbers and times as people read them. Whole numbers only: formatting floats costs the first load kilobytes.

use crate::words::{Language, language, noun};

/// What stands between thousands, and before a fraction.
fn separators() -> (char, char) {
    match language() {
        Language::English => (',', '.'),
        Language::German => ('.', ','),
    }
}

/// What stands before a fraction.
pub(crate) fn separator() -> &'static str {
    if separators().1 == ',' { "," } else { "." }
}

/// `1,234,567`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(separators().0);
        }
        text.push(digit);
    }
    text
}

/// `1 record`, `2,000 records`.
pub(crate) fn count(number: u64, what: &'static str) -> String {
    thousands(number) + " " + &noun(number, what)
}

/// One decimal of `number / unit`: `1.5`, `12`.
fn tenths(number: u64, unit: u64) -> String {
    let tenths = number.saturating_mul(10).saturating_add(unit / 2) / unit.max(1);
    let mut text = thousands(tenths / 10);
    if !tenths.is_multiple_of(10) && tenths < 1_000 {
        text.push(separators().1);
        text.push_str(&(tenths % 10).to_string());
    }
    text
}

/// `512 B`, `1.5 KB`, `2 MB`: the sandbox counts in steps of 1,024 and names them as AWS's pages do. A line does not end
/// before the unit.
pub(crate) fn bytes(number: u64) -> String {
    let (unit, name) = match number {
        0..1_024 => (1, "\u{a0}B"),
        1_024..1_048_576 => (1 << 10, "\u{a0}KB"),
        1_048_576..1_073_741_824 => (1 << 20, "\u{a0}MB"),
        _ => (1 << 30, "\u{a0}GB"),
    };
    tenths(number, unit) + name
}

/// At most four characters: `997`, `1k`, `9.8k`, `1.0M`, `2M`; bytes in steps of 1,024.
pub(crate) fn short(number: u64, is_bytes: bool) -> String {
    let step = if is_bytes { 1_024 } else { 1_000 };
    let (unit, name) = match number {
        0..1_000 => return number.to_string(),
        _ if number < step * 1_000 => (step, "k"),
        _ if number < step * step * 1_000 => (step * step, "M"),
        _ => (step * step * step, "G"),
    };
    let tenths = number * 10 / unit;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string() + name,
        (whole @ 0..10, rest) => whole.to_string() + "." + &rest.to_string() + name,
        (whole, _) => whole.to_string() + name,
    }
}

/// `0 ms`, `850 ms`, `12 s`, `3 min`, `2 h`.
pub(crate) fn span_ms(millis: u64) -> String {
    match millis {
        0..1_000 => millis.to_string() + " ms",
        1_000..120_000 => tenths(millis, 1_000) + " s",
        120_000..7_200_000 => tenths(millis, 60_000) + " min",
        7_200_000..172_800_000 => tenths(millis, 3_600_000) + " h",
        _ => tenths(millis, 86_400_000) + " days",
    }
}

/// `12:00:31` of virtual time, in UTC.
pub(crate) fn clock(millis: u64) -> String {
    let seconds = millis / 1_000 % 86_400;
    let two = |number: u64| {
        let text = number.to_string();
        if text.len() < 2 { "0".to_owned() + &text } else { text }
    };
    two(seconds / 3_600) + ":" + &two(seconds / 60 % 60) + ":" + &two(seconds % 60)
}

/// `12:00:31.200`.
pub(crate) fn clock_ms(millis: u64) -> String {
    let rest = (millis % 1_000 + 1_000).to_string();
    clock(millis) + "." + &rest[1..]
}

/// A place on the key space in percent: `28.2 %`. `share` is in parts of 2^32.
pub(crate) fn percent(share: u32) -> String {
    tenths(u64::from(share) * 100, 1 << 32) + " %"
}

/// A stretch of the key space: `0 – 50 %`, and with a digit more where a tenth of a percent is as long as the stretch.
/// `end` is the last share in it.
pub(crate) fn percents(start: u32, end: u32) -> String {
    let end = u64::from(end) + 1;
    let of = |share: u64| match end - u64::from(start) {
        0..SHORT => hundredths(share * 100, 1 << 32),
        _ => tenths(share * 100, 1 << 32),
    };
    of(u64::from(start)) + " – " + &of(end) + " %"
}

/// A thousandth of the key space.
const SHORT: u64 = (1 << 32) / 1_000;

/// Two decimals of `number / unit`, as far as they are needed: `75.09`, `75.1`.
#[inline(never)]
fn hundredths(number: u64, unit: u64) -> String {
    let hundredths = number.saturating_mul(100).saturating_add(unit / 2) / unit.max(1);
    let rest = (100 + hundredths % 100).to_string();
    let rest = rest[1..].trim_end_matches('0');
    let whole = thousands(hundredths / 100);
    if rest.is_empty() { whole } else { whole + separator() + rest }
}

/// `part` of `whole` in whole percent, rounded.
pub(crate) fn percent_of(part: u64, whole: u64) -> u64 {
    (part.saturating_mul(100) + whole / 2).checked_div(whole).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count(1, "record"), "1 record");
        assert_eq!(count(2_000, "record"), "2,000 records");
    }

    #[test]
    fn sizes_have_the_unit_that_fits() {
        assert_eq!(
            [0, 1_023, 1_024, 1_536, 1 << 20, 3 << 29].map(bytes),
            ["0 B", "1,023 B", "1 KB", "1.5 KB", "1 MB", "1.5 GB"].map(|text| text.replace(' ', "\u{a0}"))
        );
    }

    #[test]
    fn small_figures_are_short() {
        assert_eq!(
            [0, 997, 1_000, 1_940, 12_345].map(|n| short(n, false)),
            ["0", "997", "1k", "1.9k", "12k"]
        );
        assert_eq!(
            [1_000, 1_027_000, 1 << 20, 1 << 21, 1_500_000].map(|n| short(n, true)),
            ["0.9k", "0.9M", "1M", "2M", "1.4M"]
        );
    }

    #[test]
    fn spans_have_the_unit_that_fits() {
        assert_eq!(
            [0, 850, 12_000, 180_000, 7_200_000].map(span_ms),
            ["0 ms", "850 ms", "12 s", "3 min", "2 h"]
        );
    }

    #[test]
    fn times_of_day_have_two_digits_each() {
        assert_eq!(clock_ms(1_767_225_600_000 + 3_661_007), "01:01:01.007");
    }

    #[test]
    fn places_are_percentages() {
        assert_eq!(percent(0), "0 %");
        assert_eq!(percent(1 << 31), "50 %");
        assert_eq!(percent(u32::MAX), "100 %");
        assert_eq!(percents(0, (1 << 31) - 1), "0 – 50 %");
        assert_eq!(percents(1 << 31, u32::MAX), "50 – 100 %");
        assert_eq!(percents(3_225_091_072, 3_225_520_567), "75.09 – 75.1 %");
        assert_eq!(percent_of(1, 3), 33);
        assert_eq!(percent_of(1, 0), 0);
    }
}
