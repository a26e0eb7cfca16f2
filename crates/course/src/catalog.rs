//! The lessons, in their order. A test compares the list with the folders.

use std::sync::OnceLock;

use crate::{LessonFile, LessonFileError};

/// A lesson: its facts and its texts.
#[derive(Clone, Debug)]
pub struct Lesson {
    pub folder: &'static str,
    pub file: LessonFile,
    /// What to do, in English.
    pub task: &'static str,
    /// What it shows, read after success.
    pub explanation: &'static str,
    /// Lines that make the world in which the lesson begins.
    pub setup: &'static str,
    /// Lines that reach the goals.
    pub solution: &'static str,
    pub near_misses: &'static [NearMiss],
}

/// A wrong way that must not pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NearMiss {
    /// The wrong idea behind it.
    pub name: &'static str,
    pub script: &'static str,
}

struct Source {
    folder: &'static str,
    file: &'static str,
    text: &'static str,
    setup: &'static str,
    solution: &'static str,
    near_misses: &'static [NearMiss],
}

macro_rules! lessons {
    ($($folder:literal, $id:literal, $title:literal, [$($near_miss:literal),*];)*) => {
        static SOURCES: &[Source] = &[$(Source {
            folder: $folder,
            file: include_str!(concat!("../lessons/", $folder, "/lesson.json")),
            text: include_str!(concat!("../lessons/", $folder, "/text.en.md")),
            setup: include_str!(concat!("../lessons/", $folder, "/setup.txt")),
            solution: include_str!(concat!("../lessons/", $folder, "/solution.txt")),
            near_misses: &[$(NearMiss {
                name: $near_miss,
                script: include_str!(concat!("../lessons/", $folder, "/near-misses/", $near_miss, ".txt")),
            }),*],
        }),*];

        /// Id and title of each lesson, as in its file. They stand by themselves, so that a page can list the lessons
        /// before it has loaded them.
        static TITLES: &[(&str, &str)] = &[$(($id, $title)),*];
    };
}

lessons! {
    "e1-1-your-first-stream", "E1.1", "Your first stream", ["not-waiting", "two-shards", "another-name"];
    "e1-2-the-first-record", "E1.2", "The first record", ["another-key", "guessed-shard", "number-of-another-record"];
    "e1-3-reading-does-not-remove", "E1.3", "Reading does not remove", ["one-reading", "latest", "one-iterator-twice"];
    "e1-4-you-cannot-edit-the-past", "E1.4", "You cannot edit the past", ["write-it-again", "another-key", "start-over"];
    "e1-5-a-new-team-arrives-late", "E1.5", "A new team arrives late", ["latest", "rewind-billing", "one-iterator"];
    "e1-6-before-the-long-weekend", "E1.6", "Before the long weekend", ["extended-too-late", "a-whole-year", "one-day-more"];
    "e2-1-two-slices-of-one-ring", "E2.1", "Two slices of one ring", ["round-robin", "end-of-the-first", "half-of-64-bits"];
    "e2-2-what-order-do-you-really-have", "E2.2", "What order do you really have?", ["one-order-for-all", "no-order-at-all", "one-shard-only"];
    "e2-3-count-the-records", "E2.3", "Count the records", ["by-bytes", "rounded-down", "to-be-safe"];
    "e2-4-count-the-bytes", "E2.4", "Count the bytes", ["by-records", "both-added"];
    "e2-5-size-for-all-three", "E2.5", "Size for all three", ["writes-in-bytes", "readers-do-not-count"];
    "e3-1-same-key-same-place", "E3.1", "Same key, same place", ["free-shards", "three-trucks", "counting-trucks"];
    "e3-2-keys-are-hashed", "E3.2", "Keys are hashed, not numbered", ["one-each", "next-numbers", "many-records"];
    "e3-3-the-region-trap", "E3.3", "The region trap", ["random-key", "more-regions", "more-shards"];
    "e3-4-break-it-on-purpose", "E3.4", "Break it on purpose", ["more-volume", "the-other-shard", "a-small-majority"];
    "e3-5-ride-out-the-burst", "E3.5", "Ride out the burst", ["at-once", "one-attempt", "no-retry"];
    "e3-6-backoff-cannot-beat-arithmetic", "E3.6", "Backoff cannot beat arithmetic", ["only-wait", "give-up", "try-harder"];
    "e3-7-the-celebrity-key", "E3.7", "The celebrity key", ["more-shards", "random-key", "retry"];
    "e4-1-one-call-many-records", "E4.1", "One call, many records", ["one-by-one", "one-batch-per-shard"];
    "e4-2-the-half-failed-batch", "E4.2", "The half-failed batch", ["all-or-nothing", "no-retry", "at-once"];
}

/// All lessons in the order of the course. Lessons that ship are proved by test; one that could not be read would be
/// left out.
pub fn catalog() -> &'static [Lesson] {
    static CATALOG: OnceLock<Vec<Lesson>> = OnceLock::new();
    CATALOG.get_or_init(|| SOURCES.iter().filter_map(|source| read(source).ok()).collect())
}

/// Id and title of every lesson, in the order of the course.
pub fn titles() -> impl Iterator<Item = (&'static str, &'static str)> {
    TITLES.iter().copied()
}

/// The id of the lesson that follows the one with that id.
pub fn following(id: &str) -> Option<&'static str> {
    titles().map(|(id, _)| id).skip_while(|other| *other != id).nth(1)
}

/// The lesson with that id: `E1.1`.
pub fn lesson(id: &str) -> Option<&'static Lesson> {
    catalog().iter().find(|lesson| lesson.file.id.eq_ignore_ascii_case(id))
}

fn read(source: &Source) -> Result<Lesson, LessonFileError> {
    let file = LessonFile::parse(&format!("{}/lesson.json", source.folder), source.file)?;
    let (task, explanation) = source.text.split_once("\n---\n").unwrap_or((source.text, ""));
    Ok(Lesson {
        folder: source.folder,
        file,
        task,
        explanation,
        setup: source.setup,
        solution: source.solution,
        near_misses: source.near_misses,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_can_be_read() {
        for (source, title) in SOURCES.iter().zip(TITLES) {
            let lesson = read(source).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!((lesson.file.id.as_str(), lesson.file.title.as_str()), *title);
        }
    }
}
