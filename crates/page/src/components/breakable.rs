//! Where a narrow place may break a line: long names of AWS between their words, command lines not at the hyphens of
//! a word, sentences not between a number and its unit.

use yew::prelude::*;

/// A command line. A word of it is broken only where it finds no room in a line of its own.
pub(super) fn unbroken(line: &str) -> Html {
    let parts = line.split_inclusive([' ', '\n']).map(|part| {
        let word = part.trim_end();
        let after = part.get(word.len()..).unwrap_or_default();
        match word.contains('-') {
            true => html! { <><span class="unbroken">{ word }</span>{ after }</> },
            false => html! { part },
        }
    });
    parts.collect()
}

/// Units that stay beside their number.
const UNITS: [&str; 16] = [
    "s", "ms", "min", "h", "B", "KB", "KiB", "MB", "MiB", "GB", "GiB", "%", "KB/s", "KiB/s", "MB/s", "MiB/s",
];

/// A sentence, each unit bound to the number before it.
pub(super) fn bound(text: &str) -> String {
    let mut bound = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(' ') {
        let end = after.find(|letter: char| !(letter.is_alphabetic() || letter == '/' || letter == '%'));
        let unit = after.get(..end.unwrap_or(after.len())).unwrap_or_default();
        let is_unit = before.ends_with(|letter: char| letter.is_ascii_digit()) && UNITS.contains(&unit);
        bound += before;
        bound.push(if is_unit { '\u{a0}' } else { ' ' });
        rest = after;
    }
    bound + rest
}

/// A name such as `ReadProvisionedThroughputExceeded`.
pub(super) fn breakable(name: &str) -> Html {
    let words = words(name);
    let parts = words
        .into_iter()
        .enumerate()
        .map(|(i, word)| html! { <>{ if i > 0 { html! { <wbr /> } } else { Html::default() } }{ word }</> });
    parts.collect()
}

/// The words of a name: each begins with a capital letter after a small one.
fn words(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let is_start = |at: &usize| {
        bytes.get(*at).is_some_and(u8::is_ascii_uppercase)
            && bytes.get(at - 1).is_some_and(u8::is_ascii_lowercase)
    };
    let mut words = Vec::new();
    let mut from = 0;
    for at in (1..bytes.len()).filter(is_start) {
        words.extend(name.get(from..at));
        from = at;
    }
    words.extend(name.get(from..));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_stays_beside_its_number() {
        assert_eq!(
            bound("1 MiB/s, or 1000 records: wait 30 s. Half (50 %) of 5 shards"),
            "1\u{a0}MiB/s, or 1000 records: wait 30\u{a0}s. Half (50\u{a0}%) of 5 shards"
        );
        assert_eq!(bound(" a 5 "), " a 5 ");
    }

    #[test]
    fn a_name_is_broken_before_its_capital_letters() {
        assert_eq!(
            words("GetRecords.IteratorAgeMilliseconds"),
            ["Get", "Records.Iterator", "Age", "Milliseconds"]
        );
        assert_eq!(words("KMSAccessDenied"), ["KMSAccess", "Denied"]);
        assert_eq!(words(""), [""]);
    }
}
