//! Writing lessons: a new one from a pattern, and playing one at the prompt.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use course::{CourseSandbox, LessonFiles, Ways, ask, goals, is_solved, near_misses, run_script, validate};

use crate::project;

/// The files of a new lesson: it can be read, played and proved, and what is written over it must stay so.
const PATTERN: [(&str, &str); 6] = [
    (
        "lesson.json",
        r#"{
  "id": "E0.0",
  "title": "A new lesson",
  "chapter": 1,
  "difficulty": 1,
  "notes": ["N2"],
  "limits": "exam",
  "goals": [
    { "text": "clicks has a record of user-1", "check": "ever(rec(clicks, key=user-1).count >= 1)" }
  ],
  "hints": [
    "A direction.",
    "The mechanism.",
    "Nearly the command."
  ],
  "within_seconds": 60,
  "corrects": "reading-removes",
  "near_misses": [
    { "name": "another-key", "shows": "key-names-the-producer", "chip": "now(rec(clicks).count > 0 and rec(clicks, key=user-1).count == 0)", "text": "The record has another key." }
  ]
}
"#,
    ),
    ("text.en.md", "What to do with `clicks` and `user-1`.\n---\nWhat it showed.\n"),
    (
        "setup.txt",
        "aws kinesis create-stream --stream-name clicks --shard-count 1\nsandbox clock advance 30s\n",
    ),
    ("solution.txt", "aws kinesis put-record --stream-name clicks --partition-key user-1 --data aGVsbG8=\n"),
    ("clicks.txt", "open Put a record\npress Put record\n"),
    (
        "near-misses/another-key.txt",
        "# The partition key says who sends.\naws kinesis put-record --stream-name clicks --partition-key user-2 --data aGVsbG8=\n",
    ),
];

fn folder(name: &str) -> PathBuf {
    project::root().join("crates/course/lessons").join(name)
}

/// Makes the folder of a new lesson.
pub(crate) fn new_lesson(name: &str) -> Result<()> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(is_name) {
        bail!("a lesson's folder has small letters, digits and hyphens: e5-1-the-reading-loop");
    }
    let folder = folder(name);
    if folder.exists() {
        bail!("{} exists already", folder.display());
    }
    std::fs::create_dir_all(folder.join("near-misses"))?;
    for (file, text) in PATTERN {
        std::fs::write(folder.join(file), text)?;
    }
    println!("Made {}", folder.display());
    println!("Then: its line in crates/course/src/catalog.rs, and");
    println!("  cargo xtask play {name}");
    println!("  cargo xtask prove {name}");
    Ok(())
}

/// The texts of a lesson's folder.
struct Texts {
    lesson: String,
    text: String,
    setup: String,
    solution: String,
    clicks: String,
    near_misses: Vec<(String, String)>,
    alternatives: Vec<(String, String)>,
}

impl Texts {
    fn read(name: &str) -> Result<Texts> {
        let folder = folder(name);
        let read = |file: &str| {
            let path = folder.join(file);
            std::fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        // Few lessons have alternatives.
        let scripts = |of: &str| -> Result<Vec<(String, String)>> {
            let mut scripts = Vec::new();
            for entry in std::fs::read_dir(folder.join(of)).into_iter().flatten() {
                let file = entry?.file_name().to_string_lossy().into_owned();
                let script = read(&format!("{of}/{file}"))?;
                scripts.push((file.trim_end_matches(".txt").to_owned(), script));
            }
            Ok(scripts)
        };
        Ok(Texts {
            lesson: read("lesson.json")?,
            text: read("text.en.md")?,
            setup: read("setup.txt")?,
            solution: read("solution.txt")?,
            clicks: read("clicks.txt")?,
            near_misses: scripts("near-misses")?,
            alternatives: scripts("alternatives")?,
        })
    }

    /// The lesson, once there is no mistake in its files.
    fn lesson(&self, name: &str) -> Result<course::Lesson> {
        let files = LessonFiles {
            folder: name,
            lesson: &self.lesson,
            text: &self.text,
            setup: &self.setup,
            solution: &self.solution,
            clicks: &self.clicks,
            near_misses: &borrowed(&self.near_misses),
            alternatives: &borrowed(&self.alternatives),
        };
        let mistakes = validate(&files);
        for mistake in &mistakes {
            eprintln!("{mistake}");
        }
        if !mistakes.is_empty() {
            bail!("{} mistakes", mistakes.len());
        }
        Ok(course::lesson_of(&files)?)
    }
}

fn borrowed(scripts: &[(String, String)]) -> Vec<(&str, &str)> {
    scripts.iter().map(|(name, script)| (name.as_str(), script.as_str())).collect()
}

/// Proves lessons as the tests do, from their files as they are now.
pub(crate) fn prove(names: &[String]) -> Result<()> {
    let mut count = 0;
    for name in names {
        let texts = Texts::read(name)?;
        let lesson = texts.lesson(name)?;
        let begun = std::time::Instant::now();
        let ways = Ways {
            clicks: &texts.clicks,
            near_misses: &borrowed(&texts.near_misses),
            alternatives: &borrowed(&texts.alternatives),
        };
        let wrong = course::prove(&lesson, &ways);
        wrong.iter().for_each(|wrong| println!("{wrong}"));
        println!("{name}: {} ms", begun.elapsed().as_millis());
        count += wrong.len();
    }
    if count > 0 { bail!("{count} things are wrong") } else { Ok(()) }
}

/// Looks a lesson over, starts it, and runs what is typed; after each line the goals are told.
pub(crate) fn play(name: &str) -> Result<()> {
    let lesson = Texts::read(name)?.lesson(name)?;
    let mut sandbox = course::start(&lesson)?;
    println!("{} {}\n\n{}", lesson.file.id, lesson.file.title, lesson.task);
    tell(&lesson, &sandbox);
    println!("\nType lines; `solution` runs the solution, `again` starts over, `? CHECK` asks, ctrl-d ends.");
    let stdin = std::io::stdin();
    loop {
        print!("> ");
        std::io::stdout().flush()?;
        let mut line = String::new();
        if stdin.lock().read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.trim() {
            "again" => sandbox = course::start(&lesson)?,
            "solution" => match run_script(&mut sandbox, &lesson.solution) {
                Ok(run) => run.transcript.iter().for_each(|(line, output)| println!("$ {line}\n{output}")),
                Err(error) => println!("{error}"),
            },
            line if line.starts_with("? ") => match ask(&sandbox, line.trim_start_matches("? ")) {
                Ok(because) => println!("{because}"),
                Err(error) => println!("{error}"),
            },
            line => match run_script(&mut sandbox, line) {
                Ok(run) => run.transcript.iter().for_each(|(_, output)| println!("{output}")),
                Err(error) => println!("{}", error.reason),
            },
        }
        tell(&lesson, &sandbox);
    }
}

fn tell(lesson: &course::Lesson, sandbox: &CourseSandbox) {
    println!("{}", told(lesson, sandbox));
}

/// How the goals stand, what near-misses say, and, once it is solved, what it showed.
fn told(lesson: &course::Lesson, sandbox: &CourseSandbox) -> String {
    let mut text = String::new();
    for goal in goals(sandbox) {
        let mark = if goal.is_reached { "[x]" } else { "[ ]" };
        text += &format!("\n{mark} {}\n      {}", goal.text, goal.reason);
    }
    for index in near_misses(sandbox) {
        if let Some(miss) = lesson.file.near_misses.get(index) {
            text += &format!("\n  (!) {}", miss.text);
        }
    }
    if is_solved(sandbox) {
        text += &format!("\n\nSolved.\n\n{}", lesson.explanation);
        if !lesson.differs.is_empty() {
            text += &format!("\nOther than in the plan of the course: {}", lesson.differs);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(file: &str) -> &'static str {
        PATTERN.iter().find(|(name, _)| *name == file).unwrap().1
    }

    /// What `new-lesson` writes has no mistakes and holds its own proof, so that an author begins from green.
    #[test]
    fn a_new_lesson_can_be_read_played_and_proved() {
        let near_misses = [("another-key", pattern("near-misses/another-key.txt"))];
        let files = LessonFiles {
            folder: "e0-0-a-new-lesson",
            lesson: pattern("lesson.json"),
            text: pattern("text.en.md"),
            setup: pattern("setup.txt"),
            solution: pattern("solution.txt"),
            clicks: pattern("clicks.txt"),
            near_misses: &near_misses,
            alternatives: &[],
        };
        let mistakes: Vec<String> = validate(&files).iter().map(ToString::to_string).collect();
        assert_eq!(mistakes, Vec::<String>::new());
        let lesson = course::lesson_of(&files).unwrap();
        let wrong = course::prove(
            &lesson,
            &Ways { clicks: files.clicks, near_misses: &near_misses, alternatives: &[] },
        );
        assert_eq!(wrong, Vec::<String>::new());
        let mut sandbox = course::start(&lesson).unwrap();
        let open =
            "\n[ ] clicks has a record of user-1\n      the number of records in clicks (key user-1) is 0";
        assert!(told(&lesson, &sandbox).starts_with(open), "{}", told(&lesson, &sandbox));
        run_script(&mut sandbox, near_misses[0].1).unwrap();
        assert!(told(&lesson, &sandbox).ends_with("\n  (!) The record has another key."));
        run_script(&mut sandbox, &lesson.solution).unwrap();
        assert!(told(&lesson, &sandbox).ends_with("\n\nSolved.\n\nWhat it showed.\n"));
    }
}
