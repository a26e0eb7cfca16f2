//! Numbers in the data of records, without floating point: six digits behind the point.

use std::fmt;

use serde_json::Number;

/// A number in millionths. Documented: EventBridge compares numbers with up to six digits to the right of the point,
/// from -5.0e9 to 5.0e9; Lambda's filters do as EventBridge does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Decimal(i64);

const MILLIONTHS: i64 = 1_000_000;

impl Decimal {
    /// So many millionths.
    pub const fn millionths(number: i64) -> Decimal {
        Decimal(number)
    }

    /// How many millionths it is.
    pub const fn in_millionths(self) -> i64 {
        self.0
    }

    /// The number in the middle of two.
    pub fn middle(self, other: Decimal) -> Decimal {
        Decimal(self.0.midpoint(other.0))
    }

    pub fn whole(number: i64) -> Decimal {
        Decimal(number.saturating_mul(MILLIONTHS))
    }

    /// Digits behind the sixth are cut off; none where the text is no number, or one with an exponent out of reach.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let is_negative = mantissa.starts_with('-');
        let digits = mantissa.trim_start_matches(['-', '+']);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all: String = [whole, fraction].concat();
        if all.is_empty() || all.len() > 30 || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?.checked_add(6)?;
        let number: i128 = all.parse().ok()?;
        let scaled = match 10i128.checked_pow(shift.unsigned_abs()) {
            Some(factor) if shift >= 0 => number.checked_mul(factor)?,
            Some(factor) => number / factor,
            None if shift < 0 => 0,
            None => return None,
        };
        let value = i64::try_from(scaled).ok()?;
        Some(Decimal(if is_negative { -value } else { value }))
    }

    pub fn of_json(number: &Number) -> Option<Decimal> {
        Decimal::parse(&number.to_string())
    }

    pub fn plus(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) =
            (self.0.unsigned_abs() / MILLIONTHS as u64, self.0.unsigned_abs() % MILLIONTHS as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{rest:06}");
        write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_json_writes_them() {
        for (text, expected) in [
            ("0", "0"),
            ("-12", "-12"),
            ("1.50", "1.5"),
            ("0.1234567", "0.123456"),
            ("1e3", "1000"),
            ("25e-1", "2.5"),
            ("-0.5", "-0.5"),
            ("1e-30", "0"),
        ] {
            assert_eq!(Decimal::parse(text).map(|number| number.to_string()).as_deref(), Some(expected));
        }
        for text in ["", "x", "1e40", "--1x", "1e99999999999"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_tenth_and_two_tenths_are_three_tenths() {
        let number = |text| Decimal::parse(text).unwrap();
        assert_eq!(number("0.1").plus(number("0.2")), number("0.3"));
    }
}
