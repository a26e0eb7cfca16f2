//! Options and their values picked out of words, by the rules of Python's `argparse`, which the AWS CLI uses.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::Word;

/// How many values an option takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arity {
    None,
    One,
    /// None or one.
    Optional,
    /// All words up to the next option.
    Many,
}

/// A value as it was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Value<'w> {
    pub(crate) text: &'w str,
    pub(crate) span: Range<usize>,
}

/// What was typed, sorted.
#[derive(Debug, Default)]
pub(crate) struct Collected<'w> {
    /// Values by the option's place in the list; of an option that was typed twice, the last ones.
    pub(crate) options: BTreeMap<usize, Vec<Value<'w>>>,
    pub(crate) positionals: Vec<Value<'w>>,
    pub(crate) unknown: Vec<Value<'w>>,
}

/// Why words cannot be sorted.
#[derive(Debug)]
pub(crate) enum CollectError<'w> {
    /// The beginning of several options.
    Ambiguous { word: &'w Word, matches: Vec<usize> },
    /// An option without its value.
    NeedsValue { option: usize, word: &'w Word },
    /// `--switch=value`.
    TakesNoValue { option: usize, word: &'w Word, value: &'w str },
}

enum Class<'w> {
    Positional,
    Option { index: usize, value: Option<&'w str> },
    Unknown,
}

/// Sorts the words; an option may be shortened as long as only one begins so.
pub(crate) fn collect<'w>(
    words: &'w [Word],
    options: &[(String, Arity)],
) -> Result<Collected<'w>, CollectError<'w>> {
    let mut classes = Vec::with_capacity(words.len());
    let mut only_positionals = false;
    for word in words {
        classes.push(if only_positionals { Class::Positional } else { classify(word, options)? });
        only_positionals |= word.text == "--";
    }

    let mut collected = Collected::default();
    let mut rest = words.iter().zip(&classes).peekable();
    while let Some((word, class)) = rest.next() {
        let value_of = |text| Value { text, span: word.span.clone() };
        match class {
            Class::Positional if word.text == "--" && !only_positionals_before(words, word) => {}
            Class::Positional => collected.positionals.push(value_of(&word.text)),
            Class::Unknown => collected.unknown.push(value_of(&word.text)),
            Class::Option { index, value } => {
                let arity = options.get(*index).map_or(Arity::None, |(_, arity)| *arity);
                let mut values = Vec::new();
                match (arity, value) {
                    (Arity::None, None) => {}
                    (Arity::None, Some(value)) => {
                        return Err(CollectError::TakesNoValue { option: *index, word, value });
                    }
                    (_, Some(value)) => values.push(value_of(value)),
                    (_, None) => {
                        while let Some((next, _)) = rest
                            .next_if(|(next, class)| matches!(class, Class::Positional) && next.text != "--")
                        {
                            values.push(Value { text: &next.text, span: next.span.clone() });
                            if arity != Arity::Many {
                                break;
                            }
                        }
                        if arity == Arity::One && values.is_empty() {
                            return Err(CollectError::NeedsValue { option: *index, word });
                        }
                    }
                }
                collected.options.insert(*index, values);
            }
        }
    }
    Ok(collected)
}

/// Whether a `--` stands before the word: a second one is an ordinary word.
fn only_positionals_before(words: &[Word], word: &Word) -> bool {
    words.iter().take_while(|other| other.span.start < word.span.start).any(|other| other.text == "--")
}

fn classify<'w>(word: &'w Word, options: &[(String, Arity)]) -> Result<Class<'w>, CollectError<'w>> {
    let text = word.text.as_str();
    if !text.starts_with('-') || text == "-" || text == "--" {
        return Ok(Class::Positional);
    }
    let exact = |name: &str| options.iter().position(|(option, _)| option == name);
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    if let Some(index) = exact(text) {
        return Ok(Class::Option { index, value: None });
    }
    if let Some(index) = exact(name) {
        return Ok(Class::Option { index, value });
    }
    let matches: Vec<usize> = match name.starts_with("--") {
        true => (0..options.len()).filter(|i| options[*i].0.starts_with(name)).collect(),
        false => Vec::new(),
    };
    match matches.as_slice() {
        [index] => Ok(Class::Option { index: *index, value }),
        [] if is_negative_number(text) || text.contains(' ') => Ok(Class::Positional),
        [] => Ok(Class::Unknown),
        _ => Err(CollectError::Ambiguous { word, matches }),
    }
}

fn is_negative_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or_default();
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole)
        && is_digits(fraction)
        && !fraction.is_empty()
        && digits.len() > usize::from(whole.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::split;

    fn sorted(line: &str) -> String {
        let options: Vec<(String, Arity)> = [
            ("--stream-name", Arity::One),
            ("--stream-arn", Arity::One),
            ("--limit", Arity::One),
            ("--records", Arity::Many),
            ("--force", Arity::None),
        ]
        .map(|(name, arity)| (name.to_owned(), arity))
        .to_vec();
        let words = split(line).unwrap();
        let texts = |values: &[Value<'_>]| values.iter().map(|v| v.text).collect::<Vec<_>>().join("|");
        match collect(&words, &options) {
            Ok(collected) => {
                let mut parts: Vec<String> = collected
                    .options
                    .iter()
                    .map(|(i, v)| format!("{}={}", options[*i].0, texts(v)))
                    .collect();
                parts.push(format!("positionals {}", texts(&collected.positionals)));
                parts.push(format!("unknown {}", texts(&collected.unknown)));
                parts.join("; ")
            }
            Err(error) => match error {
                CollectError::Ambiguous { word, matches } => format!("{} could be {matches:?}", word.text),
                CollectError::NeedsValue { word, .. } => format!("{} needs a value", word.text),
                CollectError::TakesNoValue { word, .. } => format!("{} takes no value", word.text),
            },
        }
    }

    #[test]
    fn words_are_sorted_as_argparse_sorts_them() {
        for (line, expected) in [
            ("a --limit 5 b", "--limit=5; positionals a|b; unknown "),
            ("--limit=5", "--limit=5; positionals ; unknown "),
            ("--limit -5", "--limit=-5; positionals ; unknown "),
            ("--limit -.5", "--limit=-.5; positionals ; unknown "),
            ("--limit -x", "--limit needs a value"),
            ("--limit --force", "--limit needs a value"),
            ("--limit", "--limit needs a value"),
            ("--limit '-x y'", "--limit=-x y; positionals ; unknown "),
            ("--limit -", "--limit=-; positionals ; unknown "),
            ("--limit ''", "--limit=; positionals ; unknown "),
            ("--lim 1 --limit 2", "--limit=2; positionals ; unknown "),
            ("--stream a", "--stream could be [0, 1]"),
            ("--stream-n a", "--stream-name=a; positionals ; unknown "),
            ("--records a b --force c", "--records=a|b; --force=; positionals c; unknown "),
            ("--records", "--records=; positionals ; unknown "),
            ("--force=x", "--force=x takes no value"),
            ("--shard-cont 1", "positionals 1; unknown --shard-cont"),
            ("-x", "positionals ; unknown -x"),
            ("--force -- --limit -- a", "--force=; positionals --limit|--|a; unknown "),
        ] {
            assert_eq!(sorted(line), expected, "{line}");
        }
    }
}
