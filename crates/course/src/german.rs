//! Lessons in German: their words, beside the facts that are the same in every language. What AWS has named keeps its
//! name.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::text::{Parts, parts};

/// The words of one lesson.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LessonWords {
    pub title: String,
    /// In the order of the lesson's goals.
    pub goals: Vec<String>,
    #[serde(default)]
    pub questions: Vec<String>,
    pub hints: [String; 3],
    /// In the order of the lesson's near-misses.
    pub near_misses: Vec<String>,
    /// The idea that it corrects, and how it is.
    pub wrong: String,
    pub right: String,
    /// What to do; the text is in a file of its own.
    #[serde(skip)]
    pub task: String,
    #[serde(skip)]
    pub explanation: String,
    /// In what it differs from the plan of the course; may be empty.
    #[serde(skip)]
    pub differs: String,
}

macro_rules! translated {
    ($($folder:literal),* $(,)?) => {
        static SOURCES: &[(&str, &str, &str)] = &[$((
            $folder,
            include_str!(concat!("../lessons/", $folder, "/words.de.json")),
            include_str!(concat!("../lessons/", $folder, "/text.de.md")),
        )),*];
    };
}

translated! {
    "e1-1-your-first-stream",
    "e1-2-the-first-record",
    "e1-3-reading-does-not-remove",
    "e1-4-you-cannot-edit-the-past",
    "e1-5-a-new-team-arrives-late",
    "e1-6-before-the-long-weekend",
}

/// The German words of the lesson in that folder, where there are some.
pub fn words(folder: &str) -> Option<&'static LessonWords> {
    static WORDS: OnceLock<Vec<(&str, LessonWords)>> = OnceLock::new();
    let all = WORDS.get_or_init(|| SOURCES.iter().filter_map(read).collect());
    all.iter().find(|(known, _)| *known == folder).map(|(_, words)| words)
}

/// The German title of the lesson with that id, `E1.1`, where it has German words.
pub fn title(id: &str) -> Option<&'static str> {
    let beginning = id.to_lowercase().replace('.', "-") + "-";
    let (folder, ..) = SOURCES.iter().find(|(folder, ..)| folder.starts_with(&beginning))?;
    words(folder).map(|words| words.title.as_str())
}

fn read(source: &(&'static str, &str, &str)) -> Option<(&'static str, LessonWords)> {
    let (folder, json, text) = *source;
    let mut words: LessonWords = serde_json::from_str(json).ok()?;
    let Parts { task, explanation, differs } = parts(text);
    words.task = task.to_owned();
    words.explanation = explanation.to_owned();
    words.differs = differs.to_owned();
    Some((folder, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::german_phrase;
    use crate::{Tongue, catalog, goals_in, readers, run_script, start};

    /// Every goal's reason has German words, at the start and at the end, and no English ones.
    #[test]
    fn the_reasons_of_chapter_1_are_german() {
        let english: Vec<&str> = readers()
            .filter(|reader| german_phrase(reader).is_some())
            .filter_map(|reader| reader.phrase.split(['{', ',']).next())
            .filter(|beginning| beginning.len() > 8)
            .collect();
        for lesson in catalog().iter().filter(|lesson| lesson.file.chapter == 1) {
            let mut sandbox = start(lesson).unwrap();
            let at_start = goals_in(&sandbox, Tongue::German);
            run_script(&mut sandbox, &lesson.solution).unwrap();
            for goal in at_start.into_iter().chain(goals_in(&sandbox, Tongue::German)) {
                let reason = goal.reason;
                let foreign = ["the ", " is ", "number of"].iter().find(|word| reason.contains(**word));
                assert_eq!(foreign, None, "{}: {reason}", lesson.file.id);
                assert!(!english.iter().any(|word| reason.contains(word)), "{}: {reason}", lesson.file.id);
            }
        }
        assert!(english.len() > 5);
    }

    /// Names in a check are named in the translation too, and nothing is left out.
    #[test]
    fn chapter_1_is_complete_in_german() {
        for lesson in catalog().iter().filter(|lesson| lesson.file.chapter == 1) {
            let words = words(lesson.folder).unwrap_or_else(|| panic!("{}", lesson.folder));
            let file = &lesson.file;
            assert_eq!(words.goals.len(), file.goals.len(), "{}", file.id);
            assert_eq!(words.questions.len(), file.questions.len(), "{}", file.id);
            assert_eq!(words.near_misses.len(), file.near_misses.len(), "{}", file.id);
            let codes =
                |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            assert!(!words.task.is_empty() && !words.explanation.is_empty(), "{}", file.id);
            assert_eq!(words.differs.is_empty(), lesson.differs.is_empty(), "{}", file.id);
            for code in codes(&lesson.task) {
                assert!(codes(&words.task).contains(&code), "{}: {code} is not in the German text", file.id);
            }
        }
    }
}
