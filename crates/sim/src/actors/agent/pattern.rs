//! The two kinds of patterns in `agent.json`: globs for file names, and regular expressions for the first line of a
//! record.
//!
//! Simplified: of regular expressions there are characters, `.`, `\d`, `\w`, `\s` and their opposites, classes in
//! brackets, and `*`, `+`, `?` and `{n}` behind them; another one is refused. Of globs there are `*`, `?` and classes.

use std::iter::Peekable;
use std::str::Chars;

/// The names of the files that a flow watches, all in one folder.
///
/// Observed: `SourceFile` of the agent: the folder is no pattern, and archives are left alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Glob {
    pub(super) text: String,
    folder: String,
    name: Vec<Atom>,
}

/// A regular expression of which a line's beginning is compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct StartPattern {
    atoms: Vec<Atom>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Atom {
    set: Set,
    min: usize,
    max: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Set {
    Any,
    /// One of these, or none of these.
    Chars {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
}

const REPEAT_MAX: usize = 1_000;
const ATOMS_MAX: usize = 100;
/// Characters of a line that are looked at.
const LINE_CHARS_MAX: usize = 256;
/// Looks at one line; a pattern that needs more does not match.
const STEPS_MAX: u32 = 20_000;
const ARCHIVES: [&str; 3] = [".gz", ".bz2", ".zip"];

impl Set {
    fn one(letter: char) -> Set {
        Set::Chars { ranges: vec![(letter, letter)], is_negated: false }
    }

    fn of_escape(letter: char) -> Option<Set> {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => vec![('0', '9')],
            'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
            's' => vec![(' ', ' '), ('\t', '\r')],
            't' => return (letter == 't').then(|| Set::one('\t')),
            _ if letter.is_ascii_alphanumeric() => return None,
            _ => return Some(Set::one(letter)),
        };
        Some(Set::Chars { ranges, is_negated: letter.is_ascii_uppercase() })
    }

    fn contains(&self, letter: char) -> bool {
        match self {
            Set::Any => true,
            Set::Chars { ranges, is_negated } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&letter)) != *is_negated
            }
        }
    }
}

impl Glob {
    /// Refusals are in the agent's words.
    pub(super) fn parse(text: &str) -> Result<Glob, String> {
        let Some((folder, pattern)) = text.rsplit_once('/') else {
            return Err("Directory component is empty!".to_owned());
        };
        if pattern.is_empty() {
            return Err("File name component is empty!".to_owned());
        }
        let strange =
            || format!("filePattern {text:?} is not understood here: use *, ? and classes as [0-9]");
        if folder.contains(['*', '?', '[', '{']) {
            return Err(format!("filePattern {text:?}: the agent takes no pattern for a folder"));
        }
        let mut name = Vec::new();
        let mut letters = pattern.chars().peekable();
        while let Some(letter) = letters.next() {
            let once = |set| Atom { set, min: 1, max: 1 };
            name.push(match letter {
                '*' => Atom { set: Set::Any, min: 0, max: usize::MAX },
                '?' => once(Set::Any),
                '[' => once(class(&mut letters, '!').ok_or_else(strange)?),
                '\\' => once(Set::one(letters.next().ok_or_else(strange)?)),
                '{' | '}' | ']' => return Err(strange()),
                letter => once(Set::one(letter)),
            });
        }
        match name.len() <= ATOMS_MAX {
            true => Ok(Glob { text: text.to_owned(), folder: folder.to_owned(), name }),
            false => Err(format!("a filePattern has at most {ATOMS_MAX} characters for the name here")),
        }
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let Some((folder, name)) = path.rsplit_once('/') else { return false };
        if folder != self.folder || ARCHIVES.iter().any(|end| name.to_ascii_lowercase().ends_with(end)) {
            return false;
        }
        let name: Vec<char> = name.chars().collect();
        matches(&self.name, &name, true, &mut STEPS_MAX.clone())
    }
}

impl StartPattern {
    pub(super) fn parse(text: &str) -> Option<StartPattern> {
        let mut letters = text.strip_prefix('^').unwrap_or(text).chars().peekable();
        let mut atoms = Vec::new();
        while let Some(letter) = letters.next() {
            let set = match letter {
                '\\' => Set::of_escape(letters.next()?)?,
                '.' => Set::Any,
                '[' => class(&mut letters, '^')?,
                '(' | ')' | '|' | '*' | '+' | '?' | '{' | '}' | '$' | '^' => return None,
                _ => Set::one(letter),
            };
            let (min, max) = repetition(&mut letters)?;
            atoms.push(Atom { set, min, max });
        }
        ((1..=ATOMS_MAX).contains(&atoms.len())).then_some(StartPattern { atoms })
    }

    pub(super) fn begins(&self, line: &str) -> bool {
        let line: Vec<char> = line.chars().take(LINE_CHARS_MAX).collect();
        matches(&self.atoms, &line, false, &mut STEPS_MAX.clone())
    }
}

/// What stands between brackets, the opening one taken.
fn class(letters: &mut Peekable<Chars<'_>>, negation: char) -> Option<Set> {
    let is_negated = letters.next_if_eq(&negation).is_some();
    let mut ranges = Vec::new();
    loop {
        let from = match letters.next()? {
            ']' if !ranges.is_empty() => return Some(Set::Chars { ranges, is_negated }),
            '\\' => match Set::of_escape(letters.next()?)? {
                Set::Chars { ranges: more, is_negated: false } => {
                    ranges.extend(more);
                    continue;
                }
                Set::Chars { .. } | Set::Any => return None,
            },
            letter => letter,
        };
        let mut ahead = letters.clone();
        let is_range = ahead.next() == Some('-') && ahead.next().is_some_and(|letter| letter != ']');
        let to = if is_range { letters.nth(1)? } else { from };
        ranges.push((from, to));
    }
}

fn repetition(letters: &mut Peekable<Chars<'_>>) -> Option<(usize, usize)> {
    match letters.peek() {
        Some('*') => letters.next().map(|_| (0, usize::MAX)),
        Some('+') => letters.next().map(|_| (1, usize::MAX)),
        Some('?') => letters.next().map(|_| (0, 1)),
        Some('{') => {
            letters.next();
            let digits: String = std::iter::from_fn(|| letters.next_if(char::is_ascii_digit)).collect();
            let count = digits.parse().ok().filter(|count| *count <= REPEAT_MAX)?;
            letters.next_if_eq(&'}').map(|_| (count, count))
        }
        _ => Some((1, 1)),
    }
}

/// Greedy, and with steps that are used up.
fn matches(atoms: &[Atom], text: &[char], is_whole: bool, steps: &mut u32) -> bool {
    let Some((atom, rest)) = atoms.split_first() else { return !is_whole || text.is_empty() };
    let most = text.iter().take(atom.max).take_while(|letter| atom.set.contains(**letter)).count();
    for count in (atom.min..=most).rev() {
        let Some(left) = steps.checked_sub(1) else { return false };
        *steps = left;
        if matches(rest, text.get(count..).unwrap_or_default(), is_whole, steps) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_matches_names_in_its_folder() {
        for (glob, path, is_match) in [
            ("/var/log/app.log*", "/var/log/app.log", true),
            ("/var/log/app.log*", "/var/log/app.log.1", true),
            ("/var/log/app.log*", "/var/log/app.log.1.gz", false),
            ("/var/log/app.log", "/var/log/app.log.1", false),
            ("/var/log/*.log", "/var/log/app.log", true),
            ("/var/log/*.log", "/var/log/web/app.log", false),
            ("/var/log/app.?", "/var/log/app.1", true),
            ("/var/log/app.?", "/var/log/app.", false),
            ("/var/log/app.[0-9]", "/var/log/app.7", true),
            ("/var/log/app.[!0-9]", "/var/log/app.7", false),
            ("/*a*a*a*a*a*a*a*a*b", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ] {
            assert_eq!(Glob::parse(glob).unwrap().matches(path), is_match, "{glob} {path}");
        }
        for (glob, words) in
            [("app.log", "Directory"), ("/var/log/", "File name"), ("/*/a", "folder"), ("/{a,b}", "[0-9]")]
        {
            assert!(Glob::parse(glob).unwrap_err().contains(words), "{glob}");
        }
    }

    #[test]
    fn a_start_pattern_compares_the_beginning_of_a_line() {
        for (pattern, line, is_match) in [
            (r"\d{4}-\d{2}-\d{2}", "2026-01-01 ERROR", true),
            (r"\d{4}-\d{2}-\d{2}", "\tat com.example.Main", false),
            (r"^\[", "[main] started", true),
            ("[0-9]+ ", "12 x", true),
            ("[0-9]+ ", "x 12", false),
            (r"[^\s].*x", "abcx", true),
            ("a*ab", "aaab", true),
            ("[a-]b", "-b", true),
        ] {
            assert_eq!(
                StartPattern::parse(pattern).map(|p| p.begins(line)),
                Some(is_match),
                "{pattern} {line}"
            );
        }
        for pattern in ["", "(a|b)", "[", "[]", "a{", "a{5", r"\q", "*", r"\"] {
            assert_eq!(StartPattern::parse(pattern), None, "{pattern}");
        }
    }
}
