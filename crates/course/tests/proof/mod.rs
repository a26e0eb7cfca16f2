//! How lessons are played in tests.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::print_stdout, reason = "how long each lesson takes is worth seeing")]
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use course::{CourseSandbox, GoalState, Lesson, catalog, goals, run_script, start};

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons").join(name)
}

pub(crate) fn read(lesson: &Lesson, file: &str) -> String {
    let path = folder(lesson.folder).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Name and text of each script in a folder of a lesson: `near-misses`, `alternatives`. None where there is no such
/// folder.
pub(crate) fn scripts(lesson: &Lesson, of: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder(lesson.folder).join(of)).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names
        .map(|file| {
            let name = file.trim_end_matches(".txt").to_owned();
            let script = read(lesson, &format!("{of}/{file}"));
            (name, script)
        })
        .collect()
}

/// The same, as what proves a lesson takes it.
pub(crate) fn borrowed(scripts: &[(String, String)]) -> Vec<(&str, &str)> {
    scripts.iter().map(|(name, script)| (name.as_str(), script.as_str())).collect()
}

pub(crate) fn begin(lesson: &Lesson) -> CourseSandbox {
    match start(lesson) {
        Ok(sandbox) => sandbox,
        Err(error) => panic!("{}: setup.txt: {error}", lesson.file.id),
    }
}

/// For proofs that never go back.
pub(crate) fn begin_unrecorded(lesson: &Lesson) -> CourseSandbox {
    match course::start_unrecorded(lesson) {
        Ok(sandbox) => sandbox,
        Err(error) => panic!("{}: setup.txt: {error}", lesson.file.id),
    }
}

pub(crate) fn play(lesson: &Lesson, script: &str) -> CourseSandbox {
    play_from(&begin(lesson), lesson, script)
}

pub(crate) fn play_from(begun: &CourseSandbox, lesson: &Lesson, script: &str) -> CourseSandbox {
    let mut sandbox = begun.clone();
    if let Err(error) = run_script(&mut sandbox, script) {
        panic!("{}: {error}", lesson.file.id);
    }
    sandbox
}

pub(crate) fn open_goals(sandbox: &CourseSandbox) -> Vec<GoalState> {
    goals(sandbox).into_iter().filter(|goal| !goal.is_reached).collect()
}

/// Proves the lessons on two threads. `LESSON=E1.1` proves one.
pub(crate) fn each_lesson(prove: impl Fn(&Lesson) + Sync) {
    assert_eq!(catalog().len(), course::titles().count(), "a lesson cannot be read");
    let only = std::env::var("LESSON").ok();
    let lessons: Vec<&Lesson> = catalog()
        .iter()
        .filter(|lesson| only.as_deref().is_none_or(|id| lesson.file.id.starts_with(id)))
        .collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(lesson) = lessons.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = std::time::Instant::now();
                    prove(lesson);
                    println!("{} {} ms", lesson.file.id, begun.elapsed().as_millis());
                }
            });
        }
    });
}
