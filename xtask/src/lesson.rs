//! Writing lessons: a new one from a pattern, and playing one at the prompt.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use course::{CourseSandbox, LessonFiles, ask, goals, is_solved, near_misses, run_script, validate};

use crate::project;

/// The files of a new lesson: it can be read and played, and its proof says what is still to write.
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
    { "text": "clicks has a record", "check": "ever(rec(clicks).count >= 1)" }
  ],
  "hints": [
    "A direction.",
    "The mechanism.",
    "Nearly the command."
  ],
  "within_seconds": 60,
  "corrects": "reading-removes",
  "near_misses": [
    { "name": "only-waiting", "shows": "data-waits-for-readers", "chip": "now(rec(clicks).count == 0 and cmds().count > 0)", "text": "Nothing is in the stream yet." }
  ]
}
"#,
    ),
    ("text.en.md", "What to do with `clicks`.\n---\nWhat it showed.\n"),
    (
        "setup.txt",
        "aws kinesis create-stream --stream-name clicks --shard-count 1\nsandbox clock advance 30s\n",
    ),
    ("solution.txt", "aws kinesis put-record --stream-name clicks --partition-key user-1 --data aGVsbG8=\n"),
    ("clicks.txt", "open Put a record\npress Put record\n"),
    (
        "near-misses/only-waiting.txt",
        "# Records come by themselves.\nsandbox reader start me --stream clicks\nsandbox clock advance 30s\n",
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
    println!("  LESSON=E0.0 cargo test -p course --test lessons");
    Ok(())
}

/// Looks a lesson over, starts it, and runs what is typed; after each line the goals are told.
pub(crate) fn play(name: &str) -> Result<()> {
    let folder = folder(name);
    let read = |file: &str| {
        std::fs::read_to_string(folder.join(file)).with_context(|| folder.join(file).display().to_string())
    };
    let (lesson, text) = (read("lesson.json")?, read("text.en.md")?);
    let (setup, solution, clicks) = (read("setup.txt")?, read("solution.txt")?, read("clicks.txt")?);
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(folder.join("near-misses"))? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        scripts.push((file.trim_end_matches(".txt").to_owned(), read(&format!("near-misses/{file}"))?));
    }
    let near: Vec<(&str, &str)> =
        scripts.iter().map(|(name, script)| (name.as_str(), script.as_str())).collect();
    let files = LessonFiles {
        folder: name,
        lesson: &lesson,
        text: &text,
        setup: &setup,
        solution: &solution,
        clicks: &clicks,
        near_misses: &near,
    };
    let mistakes = validate(&files);
    for mistake in &mistakes {
        eprintln!("{mistake}");
    }
    if !mistakes.is_empty() {
        bail!("{} mistakes", mistakes.len());
    }
    let lesson = course::lesson_of(&files)?;
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
    println!();
    for goal in goals(sandbox) {
        let mark = if goal.is_reached { "[x]" } else { "[ ]" };
        println!("{mark} {}\n      {}", goal.text, goal.reason);
    }
    for index in near_misses(sandbox) {
        if let Some(miss) = lesson.file.near_misses.get(index) {
            println!("  (!) {}", miss.text);
        }
    }
    if is_solved(sandbox) {
        println!("\nSolved.\n\n{}", lesson.explanation);
    }
}
