//! Looks a lesson over before anybody plays it: every mistake with its file, its line and what was expected.

use crate::forms::form;
use crate::{LessonFile, LessonFileError};

/// The files of a lesson, by their names within its folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct LessonFiles<'a> {
    /// How the folder is called in errors.
    pub folder: &'a str,
    pub lesson: &'a str,
    pub text: &'a str,
    pub setup: &'a str,
    pub solution: &'a str,
    pub clicks: &'a str,
    /// Name and script of each near-miss.
    pub near_misses: &'a [(&'a str, &'a str)],
    /// Name and script of each other way that reaches the goals as well.
    pub alternatives: &'a [(&'a str, &'a str)],
}

/// Bytes of one file of a lesson.
pub const FILE_BYTES_MAX: usize = 64 << 10;
/// Goals of a lesson, and near-misses.
pub const GOALS_MAX: usize = 12;

/// All mistakes of a lesson's files.
pub fn validate(files: &LessonFiles<'_>) -> Vec<LessonFileError> {
    let mut mistakes = Vec::new();
    let name = |file: &str| [files.folder, "/", file].concat();
    let all = [
        ("lesson.json", files.lesson),
        ("text.en.md", files.text),
        ("setup.txt", files.setup),
        ("solution.txt", files.solution),
        ("clicks.txt", files.clicks),
    ];
    for (file, text) in all {
        if text.len() > FILE_BYTES_MAX {
            let reason = format!("a file of a lesson has at most {FILE_BYTES_MAX} bytes");
            mistakes.push(LessonFileError { file: name(file), line: 1, reason });
        }
    }
    match LessonFile::parse(&name("lesson.json"), files.lesson) {
        Err(error) => mistakes.push(error),
        Ok(lesson) => check_lesson(files, &lesson, &mut mistakes),
    }
    if !files.text.contains("\n---\n") {
        let reason = "expected a line `---` between the task and the explanation".to_owned();
        mistakes.push(LessonFileError {
            file: name("text.en.md"),
            line: files.text.lines().count().max(1),
            reason,
        });
    }
    check_script(&name("setup.txt"), files.setup, &mut mistakes);
    check_script(&name("solution.txt"), files.solution, &mut mistakes);
    for (near_miss, script) in files.near_misses {
        check_script(&name(&["near-misses/", near_miss, ".txt"].concat()), script, &mut mistakes);
    }
    for (alternative, script) in files.alternatives {
        check_script(&name(&["alternatives/", alternative, ".txt"].concat()), script, &mut mistakes);
    }
    check_clicks(&name("clicks.txt"), files.clicks, &mut mistakes);
    mistakes
}

fn check_lesson(files: &LessonFiles<'_>, lesson: &LessonFile, mistakes: &mut Vec<LessonFileError>) {
    let file = [files.folder, "/lesson.json"].concat();
    let line_of = |word: &str| {
        let place = files.lesson.lines().position(|line| line.contains(word));
        place.map_or(1, |place| place + 1)
    };
    let mut mistake = |word: &str, reason: String| {
        mistakes.push(LessonFileError { file: file.clone(), line: line_of(word), reason });
    };
    if lesson.goals.is_empty() || lesson.goals.len() > GOALS_MAX {
        mistake("\"goals\"", format!("expected 1 to {GOALS_MAX} goals"));
    }
    if lesson.near_misses.is_empty() || lesson.near_misses.len() > GOALS_MAX {
        mistake("\"near_misses\"", format!("expected 1 to {GOALS_MAX} near-misses"));
    }
    if !(1..=10).contains(&lesson.chapter) {
        mistake("\"chapter\"", "expected a chapter from 1 to 10".to_owned());
    }
    if !(1..=5).contains(&lesson.difficulty) {
        mistake("\"difficulty\"", "expected a difficulty from 1 to 5".to_owned());
    }
    for tag in &lesson.notes {
        let number = tag.strip_prefix('N').and_then(|number| number.parse::<u32>().ok());
        if !number.is_some_and(|number| (1..=15).contains(&number)) {
            mistake("\"notes\"", format!("{tag:?} is no section of the notes: expected N1 to N15"));
        }
    }
    for near_miss in &lesson.near_misses {
        if !files.near_misses.iter().any(|(name, _)| *name == near_miss.name) {
            mistake(&near_miss.name, format!("expected a script near-misses/{}.txt", near_miss.name));
        }
    }
    for (name, _) in files.near_misses {
        if !lesson.near_misses.iter().any(|near_miss| near_miss.name == *name) {
            mistake("\"near_misses\"", format!("near-misses/{name}.txt is not listed"));
        }
    }
}

fn check_script(file: &str, script: &str, mistakes: &mut Vec<LessonFileError>) {
    for (index, line) in script.lines().enumerate() {
        let text = line.trim();
        let text = text.strip_prefix("! ").unwrap_or(text);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if let Err(error) = awscli::parse(text) {
            mistakes.push(LessonFileError { file: file.to_owned(), line: index + 1, reason: error.message });
        }
    }
}

fn check_clicks(file: &str, clicks: &str, mistakes: &mut Vec<LessonFileError>) {
    for (index, line) in clicks.lines().enumerate() {
        let text = line.split(" # ").next().unwrap_or_default().trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let reason = match verb {
            "open" if form(rest).is_none() => format!("there is no form {rest:?}"),
            "open" | "set" | "press" | "select" | "worker" | "answer" | "wait" | "refused" => continue,
            _ => format!("expected open, set, press, select, worker, answer, wait or refused, not {verb:?}"),
        };
        mistakes.push(LessonFileError { file: file.to_owned(), line: index + 1, reason });
    }
}
