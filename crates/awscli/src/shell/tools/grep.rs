//! grep, with the patterns that are used in practice: `.`, `*`, `+`, `?`, `[a-z]`, `^`, `$`, `|` and groups with -E.

use super::{Call, Ended, Run, joined, lines, options, read, wrong_word};
use crate::Word;

/// Letters of a line that -o picks out of; longer ones are printed whole.
const PICKED_LETTERS_MAX: usize = 5_000;

pub(super) fn grep(call: &mut Call<'_>) -> Run {
    let long = [
        ("--count", 'c'),
        ("--ignore-case", 'i'),
        ("--invert-match", 'v'),
        ("--only-matching", 'o'),
        ("--quiet", 'q'),
        ("--fixed-strings", 'F'),
        ("--extended-regexp", 'E'),
        ("--regexp", 'e'),
    ];
    let options = options(call, "civoqFEw", "e", &long)?;
    let mut operands = options.operands.clone();
    let pattern = match options.value('e') {
        Some(pattern) => Some(pattern.to_owned()),
        None if operands.is_empty() => None,
        None => Some(operands.remove(0).text.clone()),
    };
    let Some(pattern) = pattern else {
        return Ok(Ended {
            stderr: "grep: a pattern is missing\n".to_owned(),
            status: 2,
            ..Ended::default()
        });
    };
    let fold = |text: &str| if options.has('i') { text.to_lowercase() } else { text.to_owned() };
    let is_fixed = options.has('F');
    let alternatives: Vec<Pattern> = match pattern_of(&fold(&pattern), is_fixed, options.has('E')) {
        Ok(alternatives) => alternatives,
        Err(problem) => {
            let word = call.arguments.iter().find(|word| word.text == pattern).or(call.arguments.first());
            let nobody = Word { text: String::new(), span: 0..0 };
            return wrong_word(word.unwrap_or(&nobody), problem);
        }
    };
    let mut ended = Ended::default();
    let bytes = read(call, &operands, &mut ended);
    let mut found = Vec::new();
    for line in lines(&bytes) {
        let chars: Vec<char> = fold(&line).chars().collect();
        let is_hit = alternatives.iter().any(|pattern| pattern.is_in(&chars));
        if is_hit != options.has('v') {
            match is_hit && options.has('o') && chars.len() <= PICKED_LETTERS_MAX {
                false => found.push(line),
                true => found.extend(all_hits(&alternatives, &chars, &line)),
            }
        }
    }
    ended.status = if ended.status > 0 { 2 } else { u8::from(found.is_empty()) };
    ended.stdout = match (options.has('q'), options.has('c')) {
        (true, _) => Vec::new(),
        (_, true) => joined([found.len().to_string()]),
        _ => joined(found),
    };
    Ok(ended)
}

fn all_hits(alternatives: &[Pattern], chars: &[char], line: &str) -> Vec<String> {
    let own: Vec<char> = line.chars().collect();
    let mut hits = Vec::new();
    let mut at = 0;
    while let Some((start, end)) = alternatives.iter().filter_map(|pattern| pattern.find(chars, at)).min() {
        if end > start {
            hits.push(own.get(start..end).unwrap_or_default().iter().collect());
        }
        at = end.max(start + 1);
    }
    hits
}

#[derive(Clone, PartialEq, Debug)]
enum Letter {
    Any,
    One(char),
    Class { is_negated: bool, ranges: Vec<(char, char)> },
}

/// Letters, each with how often it may stand.
struct Pattern {
    begins_line: bool,
    ends_line: bool,
    items: Vec<(Letter, u32, u32)>,
}

fn pattern_of(text: &str, is_fixed: bool, is_extended: bool) -> Result<Vec<Pattern>, String> {
    if is_fixed {
        let items = text.chars().map(|c| (Letter::One(c), 1, 1)).collect();
        return Ok(vec![Pattern { begins_line: false, ends_line: false, items }]);
    }
    let bar = if is_extended { "|" } else { "\\|" };
    text.split(bar).map(|part| one_pattern(part, is_extended)).collect()
}

fn one_pattern(text: &str, is_extended: bool) -> Result<Pattern, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut items: Vec<(Letter, u32, u32)> = Vec::new();
    let begins_line = chars.first() == Some(&'^');
    let mut at = usize::from(begins_line);
    let is_escaped = chars.len() >= 2 && chars[chars.len() - 2] == '\\';
    let ends_line = chars.len() > at && chars.last() == Some(&'$') && !is_escaped;
    let end = chars.len() - usize::from(ends_line);
    while at < end {
        let c = chars[at];
        at += 1;
        let repeats = match c {
            '*' if !items.is_empty() => Some((0, u32::MAX)),
            '+' if is_extended && !items.is_empty() => Some((1, u32::MAX)),
            '?' if is_extended && !items.is_empty() => Some((0, 1)),
            _ => None,
        };
        if let (Some((least, most)), Some(last)) = (repeats, items.last_mut()) {
            (last.1, last.2) = (least, most);
            continue;
        }
        let letter = match c {
            '.' => Letter::Any,
            '[' => {
                let (letter, after) = class(&chars, at).ok_or("this [ is never closed")?;
                at = after;
                letter
            }
            '\\' => {
                let escaped = chars.get(at).copied();
                at += 1;
                match escaped {
                    Some('d') => Letter::Class { is_negated: false, ranges: vec![('0', '9')] },
                    Some(c @ ('(' | ')' | '{')) if !is_extended => {
                        return Err(format!("\\{c} is not simulated here"));
                    }
                    Some(c) => Letter::One(c),
                    None => Letter::One('\\'),
                }
            }
            '(' | ')' | '{' if is_extended => return Err(format!("grep -E with {c} is not simulated here")),
            c => Letter::One(c),
        };
        items.push((letter, 1, 1));
    }
    Ok(Pattern { begins_line, ends_line, items })
}

fn class(chars: &[char], mut at: usize) -> Option<(Letter, usize)> {
    let is_negated = chars.get(at) == Some(&'^');
    at += usize::from(is_negated);
    let start = at;
    let mut ranges = Vec::new();
    loop {
        let c = *chars.get(at)?;
        if c == ']' && at > start {
            return Some((Letter::Class { is_negated, ranges }, at + 1));
        }
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(end)) if *end != ']' => {
                ranges.push((c, *end));
                at += 3;
            }
            _ => {
                ranges.push((c, c));
                at += 1;
            }
        }
    }
}

impl Letter {
    fn fits(&self, c: char) -> bool {
        match self {
            Letter::Any => true,
            Letter::One(own) => *own == c,
            Letter::Class { is_negated, ranges } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *is_negated
            }
        }
    }
}

impl Pattern {
    /// Whether it fits anywhere.
    fn is_in(&self, text: &[char]) -> bool {
        let starts = (0..=text.len()).map(|place| place == 0 || !self.begins_line).collect();
        self.ends(text, starts).is_some()
    }

    /// The first place from `from` on where it fits, and where it ends, as far as it can.
    fn find(&self, text: &[char], from: usize) -> Option<(usize, usize)> {
        let last = if self.begins_line { 0 } else { text.len() };
        (from..=last).find_map(|start| {
            let starts = (0..=text.len()).map(|place| place == start).collect();
            self.ends(text, starts).map(|end| (start, end))
        })
    }

    /// The last place where it can end. All places are kept side by side, so that no pattern takes long.
    fn ends(&self, text: &[char], mut places: Vec<bool>) -> Option<usize> {
        for (letter, least, most) in &self.items {
            let step = |places: &[bool]| -> Vec<bool> {
                let after = places.iter().zip(text).map(|(is_here, c)| *is_here && letter.fits(*c));
                std::iter::once(false).chain(after).collect()
            };
            if *least == 1 {
                places = step(&places);
            }
            match most {
                1 if *least == 0 => {
                    let after = step(&places);
                    places = places.iter().zip(after).map(|(here, there)| *here || there).collect();
                }
                1 => {}
                _ => {
                    for place in 0..text.len() {
                        let goes_on = places[place] && letter.fits(text[place]);
                        places[place + 1] |= goes_on;
                    }
                }
            }
        }
        let last = places.iter().rposition(|is_here| *is_here)?;
        match self.ends_line {
            true => (last == text.len()).then_some(last),
            false => Some(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hit(pattern: &str, text: &str) -> Option<String> {
        let chars: Vec<char> = text.chars().collect();
        let patterns = pattern_of(pattern, false, true).unwrap();
        let (start, end) = patterns.iter().filter_map(|pattern| pattern.find(&chars, 0)).min()?;
        Some(chars[start..end].iter().collect())
    }

    #[test]
    fn patterns_are_found_as_grep_finds_them() {
        for (pattern, text, expected) in [
            ("b.d", "abcde", Some("bcd")),
            ("a.*c", "xabcabcx", Some("abcabc")),
            ("^a", "ba", None),
            ("a$", "ab", None),
            ("a$", "ba", Some("a")),
            ("[0-9]+", "shard-0012x", Some("0012")),
            ("[^a]", "aab", Some("b")),
            ("x|bc", "abc", Some("bc")),
            ("ab?c", "ac", Some("ac")),
            ("\\.", "a.b", Some(".")),
            ("", "abc", Some("")),
            ("(", "", None),
        ] {
            if pattern == "(" {
                assert!(pattern_of(pattern, false, true).is_err());
            } else {
                assert_eq!(hit(pattern, text).as_deref(), expected, "{pattern} in {text}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_pattern_makes_it_panic_or_slow(pattern in "[ab.*+?\\[\\]^$|()\\\\-]{0,16}", text in "[ab]{0,200}") {
            for is_extended in [false, true] {
                if let Ok(patterns) = pattern_of(&pattern, false, is_extended) {
                    let chars: Vec<char> = text.chars().collect();
                    for pattern in patterns {
                        let _ = pattern.find(&chars, 0);
                    }
                }
            }
        }
    }
}
