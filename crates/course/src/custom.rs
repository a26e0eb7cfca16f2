//! Lessons from a file of somebody else: one JSON document, taken as data and nothing more.
//!
//! Such a lesson is untrusted. Its texts are shown as text; its lines can do what a typed line can, in a world that
//! reaches nothing outside; what it may take of memory and time is bounded here and by the language.

use crate::{
    CourseObserver, CourseSandbox, GOALS_MAX, Lesson, LessonFile, LessonFileError, ScriptError, options,
    run_script,
};
use sim::Sandbox;

/// Bytes of a custom lesson.
pub const CUSTOM_BYTES_MAX: usize = 64 << 10;
/// Lines of its setup, and of its solution.
pub const CUSTOM_LINES_MAX: usize = 100;
/// Events that its setup may let happen; the language bounds those of a single line.
pub const CUSTOM_EVENTS_MAX: u64 = 2_000_000;

/// Reads a lesson that is one file; `file` names it in errors.
pub fn custom_lesson(file: &str, text: &str) -> Result<Lesson, LessonFileError> {
    let refuse = |line: usize, reason: String| LessonFileError { file: file.to_owned(), line, reason };
    if text.len() > CUSTOM_BYTES_MAX {
        return Err(refuse(1, format!("a lesson has at most {CUSTOM_BYTES_MAX} bytes")));
    }
    let read = LessonFile::parse(file, text)?;
    let line_of = |word: &str| {
        let places = text.lines().enumerate().filter(|(_, line)| line.contains(word));
        places.last().map_or(1, |(place, _)| place + 1)
    };
    if read.text.trim().is_empty() {
        return Err(refuse(line_of("\"text\""), "expected a member `text`: what to do".to_owned()));
    }
    if read.goals.is_empty() || read.goals.len() > GOALS_MAX {
        return Err(refuse(line_of("\"goals\""), format!("expected 1 to {GOALS_MAX} goals")));
    }
    if read.near_misses.len() > GOALS_MAX {
        return Err(refuse(line_of("\"near_misses\""), format!("expected at most {GOALS_MAX} near-misses")));
    }
    for (member, lines) in [("\"setup\"", &read.setup), ("\"solution\"", &read.solution)] {
        if lines.len() > CUSTOM_LINES_MAX {
            return Err(refuse(line_of(member), format!("expected at most {CUSTOM_LINES_MAX} lines")));
        }
        for line in lines {
            let typed = line.strip_prefix("! ").unwrap_or(line);
            let is_code = !typed.trim().is_empty() && !typed.starts_with('#');
            if let Some(error) = is_code.then(|| awscli::parse(typed).err()).flatten() {
                return Err(refuse(line_of(line), error.message));
            }
        }
    }
    Ok(Lesson {
        folder: "",
        task: read.text.clone().into(),
        explanation: read.explanation.clone().into(),
        differs: "".into(),
        setup: read.setup.join("\n").into(),
        solution: read.solution.join("\n").into(),
        file: read,
    })
}

/// The world in which a custom lesson begins; a setup that lets too much happen is refused.
pub fn start_custom(lesson: &Lesson) -> Result<CourseSandbox, ScriptError> {
    start_within(lesson, CUSTOM_EVENTS_MAX)
}

fn start_within(lesson: &Lesson, events_max: u64) -> Result<CourseSandbox, ScriptError> {
    let mut sandbox = Sandbox::with_observer(options(lesson), CourseObserver::watching(&lesson.file));
    for (index, line) in lesson.setup.lines().enumerate() {
        let at = |error: ScriptError| ScriptError { line: index + 1, ..error };
        run_script(&mut sandbox, line).map_err(at)?;
        if sandbox.world().steps() > events_max {
            let reason = format!("the setup lets more than {events_max} events happen");
            return Err(ScriptError { line: index + 1, text: line.to_owned(), reason });
        }
    }
    sandbox.observer().begin(sandbox.world());
    sandbox.end_setup();
    Ok(sandbox)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: &str = r#"{
  "id": "X1",
  "title": "Mine",
  "chapter": 1,
  "difficulty": 1,
  "notes": ["N2"],
  "goals": [{ "text": "a record", "check": "ever(rec(s).count >= 1)" }],
  "hints": ["one", "two", "three"],
  "within_seconds": 60,
  "corrects": "reading-removes",
  "near_misses": [],
  "text": "Put a record into `s`.",
  "explanation": "<script>alert(1)</script>",
  "setup": [
    "aws kinesis create-stream --stream-name s --shard-count 1",
    "sandbox clock advance 30s"
  ]
}"#;

    fn error(text: &str) -> String {
        custom_lesson("mine.json", text).err().map_or("read".to_owned(), |error| error.to_string())
    }

    #[test]
    fn a_lesson_of_one_file_can_be_played() {
        let lesson = custom_lesson("mine.json", LESSON).unwrap();
        let mut sandbox = start_custom(&lesson).unwrap();
        assert!(!crate::is_solved(&sandbox));
        run_script(&mut sandbox, "aws kinesis put-record --stream-name s --partition-key a --data aGk=")
            .unwrap();
        assert!(crate::is_solved(&sandbox));
        assert_eq!(
            crate::blocks(&lesson.explanation),
            [crate::Block::Paragraph(vec![crate::Span::Words("<script>alert(1)</script>".to_owned())])]
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert!(error(&LESSON.replace("advance 30s", "advance soon")).starts_with("mine.json:16: "));
        assert!(
            error(&LESSON.replace("Put a record into `s`.", " "))
                .starts_with("mine.json:12: expected a member `text`")
        );
        assert!(error(&"x".repeat(CUSTOM_BYTES_MAX + 1)).contains("at most 65536 bytes"));
        assert!(
            error(&LESSON.replace("ever(rec(s).count >= 1)", "ever(fetch(s).url)")).contains("mine.json:7: ")
        );
        assert!(
            error(&LESSON.replace("\"chapter\": 1,", "\"chapter\": 1, \"run\": \"alert(1)\","))
                .contains("unknown field")
        );
    }

    #[test]
    fn a_setup_that_lets_too_much_happen_is_refused() {
        let busy = "sandbox producer start a --stream s --rate 500 --keys random --size 1\", \"sandbox clock advance 30s\", \"sandbox clock advance 30s\", \"sandbox clock advance 60s";
        let text = LESSON.replace("sandbox clock advance 30s", busy);
        let lesson = custom_lesson("mine.json", &text).unwrap();
        assert!(start_within(&lesson, 10_000).is_err_and(|error| error.reason.contains("events")));
    }
}
