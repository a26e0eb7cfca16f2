//! Texts with `*` and `?`, and ARNs of such.

/// Whether the text is one that the pattern describes: `*` is any text, `?` any one character.
pub(crate) fn matches_text(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut place) = (0, 0);
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while place < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[place] => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    at = star_at + 1;
                    place = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// As [`matches_text`], part by part between the first five colons.
///
/// Documented: IAM completes an ARN of fewer parts with stars.
pub(crate) fn matches_arn(pattern: &str, arn: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let mut patterns = pattern.splitn(6, ':');
    let mut parts = arn.splitn(6, ':');
    (0..6).all(|_| matches_text(patterns.next().unwrap_or("*"), parts.next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_what_they_stand_for() {
        for (pattern, text, is_match) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*b*", "aabaa", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*bc", "abcbc", true),
            ("?", "é", true),
        ] {
            assert_eq!(matches_text(pattern, text), is_match, "{pattern} {text}");
        }
    }

    #[test]
    fn a_star_stays_within_its_part_of_an_arn() {
        let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
        for (pattern, is_match) in [
            ("*", true),
            ("arn:aws:kinesis:*:123456789012:stream/*", true),
            ("arn:aws:kinesis:us-*:*:stream/ord?rs", true),
            ("arn:aws:kinesis:*", true),
            ("arn:aws:kinesis:*:stream/orders", false),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/order", false),
            ("arn:aws:sqs:*:*:*", false),
        ] {
            assert_eq!(matches_arn(pattern, arn), is_match, "{pattern}");
        }
    }

    /// The definition itself, which takes exponential time.
    fn by_definition(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), _) => (0..=text.len()).any(|taken| by_definition(rest, &text[taken..])),
            (Some((c, rest)), Some((first, more))) => (*c == '?' || c == first) && by_definition(rest, more),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_definition(pattern in "[ab*?]{0,6}", text in "[ab]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<char>>();
            prop_assert_eq!(matches_text(&pattern, &text), by_definition(&chars(&pattern), &chars(&text)));
        }
    }
}
