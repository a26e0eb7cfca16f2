//! Long names of AWS, which a narrow place breaks between their words and not within one.

use yew::prelude::*;

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
    fn a_name_is_broken_before_its_capital_letters() {
        assert_eq!(
            words("GetRecords.IteratorAgeMilliseconds"),
            ["Get", "Records.Iterator", "Age", "Milliseconds"]
        );
        assert_eq!(words("KMSAccessDenied"), ["KMSAccess", "Denied"]);
        assert_eq!(words(""), [""]);
    }
}
