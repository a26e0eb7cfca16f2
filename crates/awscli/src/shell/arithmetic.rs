//! `$((…))`: whole numbers of 64 bits, as a shell counts.

/// Values of variables that an expression names.
type Variables<'v> = dyn Fn(&str) -> Option<&'v str> + 'v;

/// Parentheses inside each other.
const DEPTH_MAX: u32 = 32;

/// The value of an expression; the error is a sentence.
pub(super) fn value<'v>(text: &str, variables: &Variables<'v>) -> Result<i64, &'static str> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if chars.is_empty() {
        return Ok(0);
    }
    let mut counter = Counter { chars: &chars, at: 0, variables, depth: 0 };
    let value = counter.compared()?;
    if counter.at < chars.len() { Err("this is no sum of whole numbers") } else { Ok(value) }
}

struct Counter<'c, 'v> {
    chars: &'c [char],
    at: usize,
    variables: &'c Variables<'v>,
    depth: u32,
}

type Counted = Result<i64, &'static str>;

impl Counter<'_, '_> {
    fn take(&mut self, text: &str) -> bool {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let length = text.chars().count();
        let is_there = rest.len() >= length && text.chars().eq(rest[..length].iter().copied());
        self.at += if is_there { length } else { 0 };
        is_there
    }

    fn compared(&mut self) -> Counted {
        let left = self.sum()?;
        let compare: fn(i64, i64) -> bool = match () {
            () if self.take("<=") => |a, b| a <= b,
            () if self.take(">=") => |a, b| a >= b,
            () if self.take("==") => |a, b| a == b,
            () if self.take("!=") => |a, b| a != b,
            () if self.take("<") => |a, b| a < b,
            () if self.take(">") => |a, b| a > b,
            () => return Ok(left),
        };
        let right = self.sum()?;
        Ok(i64::from(compare(left, right)))
    }

    fn sum(&mut self) -> Counted {
        let mut total = self.product()?;
        loop {
            match () {
                () if self.take("+") => total = total.wrapping_add(self.product()?),
                () if self.take("-") => total = total.wrapping_sub(self.product()?),
                () => return Ok(total),
            }
        }
    }

    fn product(&mut self) -> Counted {
        let mut total = self.factor()?;
        loop {
            match () {
                () if self.take("*") => total = total.wrapping_mul(self.factor()?),
                () if self.take("/") => {
                    total = total.checked_div(self.factor()?).ok_or("division by 0")?;
                }
                () if self.take("%") => {
                    total = total.checked_rem(self.factor()?).ok_or("division by 0")?;
                }
                () => return Ok(total),
            }
        }
    }

    fn factor(&mut self) -> Counted {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("this is nested too deep");
        }
        let value = match () {
            () if self.take("-") => self.factor()?.wrapping_neg(),
            () if self.take("+") => self.factor()?,
            () if self.take("(") => {
                let value = self.compared()?;
                if !self.take(")") {
                    return Err("a parenthesis is never closed");
                }
                value
            }
            () => self.number()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn number(&mut self) -> Counted {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let word: String = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
        self.at += word.len();
        if super::parse::is_name(&word) {
            return (self.variables)(&word).unwrap_or("0").trim().parse().or(Ok(0));
        }
        word.parse().map_err(|_| "here a whole number is missing")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_are_counted_as_a_shell_counts() {
        let variables = |name: &str| (name == "i").then_some("41");
        for (text, expected) in [
            ("1 + 2 * 3", Ok(7)),
            ("(1 + 2) * 3", Ok(9)),
            ("i + 1", Ok(42)),
            ("none", Ok(0)),
            ("7 / 2", Ok(3)),
            ("-7 / 2", Ok(-3)),
            ("-7 % 3", Ok(-1)),
            ("2 - -2", Ok(4)),
            ("3 < 4", Ok(1)),
            ("3 >= 4", Ok(0)),
            ("", Ok(0)),
            ("1 / 0", Err("division by 0")),
            ("1 +", Err("here a whole number is missing")),
            ("1 2x", Err("here a whole number is missing")),
            ("(1", Err("a parenthesis is never closed")),
            ("1)", Err("this is no sum of whole numbers")),
        ] {
            assert_eq!(value(text, &variables), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9a-i()+*/%<>= -]{0,24}") {
            let _ = value(&text, &|_: &str| None);
        }
    }
}
