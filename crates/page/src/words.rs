//! The page's words in other languages: plain tables, English beside the translation.
//!
//! AWS's own names, commands and errors are the same in every language and are not here. What has no translation stays
//! English.

use std::cell::Cell;

use kinesis::apart;

mod german;
mod sentences;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::English) };
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub(crate) const ALL: [Language; 2] = [Language::English, Language::German];

    /// BCP 47 tag.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The language's own name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    /// The language of a tag such as `de` or `de-AT`.
    pub(crate) fn of(tag: &str) -> Language {
        let main = tag.split('-').next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| language.tag() == main).unwrap_or_default()
    }
}

/// The language that the page speaks.
pub(crate) fn language() -> Language {
    LANGUAGE.get()
}

/// From now on the page speaks this language.
pub(crate) fn speak(language: Language) {
    LANGUAGE.set(language);
}

/// A text of the page in the language that it speaks.
pub(crate) fn tr(text: &'static str) -> &'static str {
    match LANGUAGE.get() {
        Language::English => text,
        Language::German => in_german(text),
    }
}

/// A text that was put together elsewhere, such as a line of the log, in the language that the page speaks.
pub(crate) fn say(text: String) -> String {
    say_in(LANGUAGE.get(), text)
}

/// The same in that language, where no page speaks yet.
pub(crate) fn say_in(language: Language, text: String) -> String {
    match language {
        Language::English => text,
        Language::German => apart(|| sentences::in_german(&text)),
    }
}

/// A noun for so many: `record`, `records`.
pub(crate) fn noun(number: u64, noun: &'static str) -> String {
    match (LANGUAGE.get(), number) {
        (Language::English, 1) => noun.to_owned(),
        (Language::English, _) => noun.to_owned() + "s",
        (Language::German, _) => german_noun(number, noun).to_owned(),
    }
}

// The tables go with the functions that look into them, and those are not needed for the first picture.

#[inline(never)]
fn in_german(text: &'static str) -> &'static str {
    in_german_or_none(text).unwrap_or(text)
}

fn in_german_or_none(text: &str) -> Option<&'static str> {
    german::TABLES.into_iter().find_map(|table| {
        let place = table.binary_search_by(|(english, _)| (*english).cmp(text)).ok()?;
        table.get(place).map(|(_, german)| *german)
    })
}

#[inline(never)]
fn german_noun(number: u64, noun: &'static str) -> &'static str {
    let found = german::NOUNS.iter().find(|(english, ..)| *english == noun);
    found.map_or(noun, |(_, one, many)| if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::german::TABLES;
    use super::*;

    #[test]
    fn the_tables_are_in_order_so_that_words_are_found() {
        for pair in TABLES.into_iter().flat_map(|table| table.windows(2)) {
            assert!(pair[0].0 < pair[1].0, "{:?} stands before {:?}", pair[0].0, pair[1].0);
        }
    }

    /// What the notes, the chapters and the debrief say comes from the course, and is looked for here.
    #[test]
    fn what_the_course_gives_to_the_dialogs_is_translated() {
        let is_there = |text: &str| in_german_or_none(text).is_some();
        // Names of AWS are the same in every language.
        let names =
            ["CloudTrail", "Firehose", "Kinesis Agent", "Kinesis Data Streams", "Kinesis Producer Library"];
        let same = ["Analytics", "Record", "ProvisionedThroughputExceeded", ""];
        let commands = "LATEST, TRIM_HORIZON, AT_TIMESTAMP, AFTER_SEQUENCE_NUMBER.";
        let notes = course::notes().iter().flat_map(|entry| [entry.title, entry.text, entry.today]);
        for text in notes.chain(course::CHAPTERS) {
            let is_name = names.contains(&text) || same.contains(&text) || text == commands;
            assert!(is_name || is_there(text), "{text:?} has no German words");
        }
    }

    /// What limits mean comes from the service.
    #[test]
    fn what_every_limit_means_is_translated() {
        for limit in kinesis::Limits::table() {
            for text in [limit.meaning, limit.source, limit.unit] {
                let is_name =
                    !text.contains(' ') && (text.starts_with(char::is_uppercase) || text == "bytes/s");
                let is_told = is_name || text == "Kinesis Sandbox" || in_german_or_none(text).is_some();
                assert!(is_told, "{text:?} has no German words");
            }
        }
    }

    /// What undo and redo call a command.
    #[test]
    fn every_name_of_a_command_is_translated() {
        let source = include_str!("language.rs");
        let patterns: Vec<&str> = source.split('"').filter(|text| text.ends_with(" {}")).collect();
        assert!(patterns.len() > 50, "{patterns:?}");
        for pattern in patterns {
            assert!(in_german_or_none(pattern).is_some(), "{pattern:?} has no German words");
        }
    }

    /// The forms come from the course.
    #[test]
    fn every_form_is_translated() {
        for form in course::forms::forms() {
            let labels = form.fields.iter().map(|field| field.label);
            for text in [form.title, form.button].into_iter().chain(labels) {
                // Names of settings, as AWS writes them.
                let is_name = !text.contains(' ') && text.chars().skip(1).any(char::is_uppercase);
                assert!(
                    is_name || text.is_empty() || in_german_or_none(text).is_some(),
                    "{text:?} has no German words"
                );
            }
            for field in form.fields {
                if let course::forms::FieldKind::Number(_, _, unit) = field.kind {
                    let is_symbol = ["", "%", "MiB", "ms", "s", "h"].contains(&unit);
                    assert!(is_symbol || in_german_or_none(unit).is_some(), "{unit:?} has no German words");
                }
            }
        }
    }

    /// The German of the lessons: a learner is a `du`, and a record a `Record`.
    #[test]
    fn the_german_is_that_of_the_lessons() {
        let texts = TABLES.into_iter().flatten().chain(sentences::patterns());
        for (_, german) in texts {
            let words: Vec<&str> = german.split(|letter: char| !letter.is_alphanumeric()).collect();
            let is_formal = words.iter().any(|word| word.starts_with("Ihr") || *word == "Ihnen")
                // It begins sentences about things, too.
                || german.split(". ").flat_map(|it| it.split(": ")).any(|it| it.contains(" Sie"));
            assert!(!is_formal, "{german}");
            assert!(!words.iter().any(|word| word.to_lowercase().contains("datens")), "{german}");
        }
    }

    #[test]
    fn every_word_is_translated_and_none_is_empty() {
        for (english, german) in TABLES.into_iter().flatten() {
            assert!(!english.is_empty() && !german.is_empty(), "{english:?}");
        }
        speak(Language::German);
        assert_eq!(tr("Play"), "Abspielen");
        assert_eq!((noun(1, "record"), noun(2, "record")), ("Record".to_owned(), "Records".to_owned()));
        assert_eq!(crate::text::thousands(1_234), "1.234");
        assert_eq!(tr("put-record"), "put-record");
        speak(Language::English);
        assert_eq!(tr("Play"), "Play");
        assert_eq!(Language::of("de-AT"), Language::German);
        assert_eq!(Language::of("xx"), Language::English);
    }
}
