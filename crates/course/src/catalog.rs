//! The lessons, in their order. A test compares the list with the folders.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::text::{Parts, parts};
use crate::{LessonFile, LessonFileError, LessonFiles};

/// A lesson: its facts and its texts.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Empty for a lesson that was loaded from a file.
    pub folder: &'static str,
    pub file: LessonFile,
    /// What to do, in English.
    pub task: Cow<'static, str>,
    /// What it shows, read after success.
    pub explanation: Cow<'static, str>,
    /// In what it differs from the plan of the course, and why; empty where in nothing.
    pub differs: Cow<'static, str>,
    /// Lines that make the world in which the lesson begins.
    pub setup: Cow<'static, str>,
    /// Lines that reach the goals.
    pub solution: Cow<'static, str>,
}

struct Source {
    folder: &'static str,
    file: &'static str,
    text: &'static str,
    setup: &'static str,
    solution: &'static str,
}

macro_rules! lessons {
    ($($folder:literal, $id:literal, $title:literal;)*) => {
        static SOURCES: &[Source] = &[$(Source {
            folder: $folder,
            file: include_str!(concat!("../lessons/", $folder, "/lesson.json")),
            text: include_str!(concat!("../lessons/", $folder, "/text.en.md")),
            setup: include_str!(concat!("../lessons/", $folder, "/setup.txt")),
            solution: include_str!(concat!("../lessons/", $folder, "/solution.txt")),
        }),*];

        /// Id and title of each lesson, as in its file. They stand by themselves, so that a page can list the lessons
        /// before it has loaded them.
        static TITLES: &[(&str, &str)] = &[$(($id, $title)),*];
    };
}

lessons! {
    "e1-1-your-first-stream", "E1.1", "Your first stream";
    "e1-2-the-first-record", "E1.2", "The first record";
    "e1-3-reading-does-not-remove", "E1.3", "Reading does not remove";
    "e1-4-you-cannot-edit-the-past", "E1.4", "You cannot edit the past";
    "e1-5-a-new-team-arrives-late", "E1.5", "A new team arrives late";
    "e1-6-before-the-long-weekend", "E1.6", "Before the long weekend";
    "e2-1-two-slices-of-one-ring", "E2.1", "Two slices of one ring";
    "e2-2-what-order-do-you-really-have", "E2.2", "What order do you really have?";
    "e2-3-count-the-records", "E2.3", "Count the records";
    "e2-4-count-the-bytes", "E2.4", "Count the bytes";
    "e2-5-size-for-all-three", "E2.5", "Size for all three";
    "e3-1-same-key-same-place", "E3.1", "Same key, same place";
    "e3-2-keys-are-hashed", "E3.2", "Keys are hashed, not numbered";
    "e3-3-the-region-trap", "E3.3", "The region trap";
    "e3-4-break-it-on-purpose", "E3.4", "Break it on purpose";
    "e3-5-ride-out-the-burst", "E3.5", "Ride out the burst";
    "e3-6-backoff-cannot-beat-arithmetic", "E3.6", "Backoff cannot beat arithmetic";
    "e3-7-the-celebrity-key", "E3.7", "The celebrity key";
    "e3-8-ten-services-fifteen-shards", "E3.8", "Ten services, fifteen shards";
    "e3-9-too-big-to-send", "E3.9", "Too big to send";
    "e4-1-one-call-many-records", "E4.1", "One call, many records";
    "e4-2-the-half-failed-batch", "E4.2", "The half-failed batch";
    "e4-3-the-retry-that-broke-the-order", "E4.3", "The retry that broke the order";
    "e4-4-small-records", "E4.4", "Small records";
    "e4-5-the-price-of-packing", "E4.5", "The price of packing";
    "e4-6-the-log-file-that-rotates", "E4.6", "The log file that rotates";
    "e5-1-the-reading-loop", "E5.1", "The reading loop";
    "e5-2-empty-is-not-the-end", "E5.2", "Empty is not the end";
    "e5-3-three-readers-one-pipe", "E5.3", "Three readers, one pipe";
    "e5-4-five-calls-a-second", "E5.4", "Five calls a second";
    "e5-5-the-five-minute-ticket", "E5.5", "The five-minute ticket";
    "e5-6-a-pipe-of-ones-own", "E5.6", "A pipe of one's own";
    "e5-7-push-does-not-mean-forever", "E5.7", "Push does not mean forever";
    "e5-8-who-deserves-fan-out", "E5.8", "Who deserves fan-out?";
    "e6-1-a-table-appears", "E6.1", "A table appears";
    "e6-2-share-the-work", "E6.2", "Share the work";
    "e6-3-one-worker-too-many", "E6.3", "One worker too many";
    "e6-4-kill-a-worker", "E6.4", "Kill a worker";
    "e6-5-how-often-to-checkpoint", "E6.5", "How often to checkpoint";
    "e6-6-it-will-not-start", "E6.6", "It will not start";
    "e6-7-trim-horizon-and-nothing-happened", "E6.7", "“I set TRIM_HORIZON and nothing happened”";
    "e6-8-two-applications-one-stream", "E6.8", "Two applications, one stream";
    "e6-9-make-twice-harmless", "E6.9", "Make twice harmless";
    "e7-1-batch-size-and-window", "E7.1", "Batch size and window";
    "e7-2-poison-pill", "E7.2", "Poison pill";
    "e7-3-say-which-one-failed", "E7.3", "Say which one failed";
    "e7-4-more-hands-same-order", "E7.4", "More hands, same order";
    "e7-5-which-door-for-lambda", "E7.5", "Which door for Lambda?";
    "e7-6-to-s3-without-code", "E7.6", "To S3 without code";
    "e7-7-right-tool", "E7.7", "Right tool";
    "e8-1-split-where-it-matters", "E8.1", "Split where it matters";
    "e8-2-merge-the-cold", "E8.2", "Merge the cold";
    "e8-3-parents-first", "E8.3", "Parents first";
    "e8-4-from-two-to-eight", "E8.4", "From two to eight";
    "e8-5-on-demand-first-contact", "E8.5", "On-demand, first contact";
    "e8-6-on-demand-still-says-no", "E8.6", "On-demand still says no";
    "e8-7-which-mode-is-cheaper", "E8.7", "Which mode is cheaper?";
    "e9-1-a-producer-that-can-only-produce", "E9.1", "A producer that can only produce";
    "e9-2-encrypt-then-read-again", "E9.2", "Encrypt, then read again";
    "e9-3-never-leave-the-vpc", "E9.3", "Never leave the VPC";
    "e9-4-who-deleted-it", "E9.4", "Who deleted it?";
    "e9-5-files-become-a-stream", "E9.5", "Files become a stream";
    "e10-1-the-unreadable-record", "E10.1", "The unreadable record";
    "e10-2-four-starting-points", "E10.2", "Four starting points";
    "e10-3-latest-came-too-late", "E10.3", "LATEST came too late";
    "e10-4-the-round-trip-under-par", "E10.4", "The round trip under par";
    "c1-hot-shard-at-3-am", "C1", "Hot shard at 3 a.m.";
    "c2-the-zombie-worker", "C2", "The zombie worker";
    "c3-the-iterator-age-keeps-climbing", "C3", "The iterator age keeps climbing";
    "c4-expired-iterator-loop", "C4", "Expired-iterator loop";
    "c5-replay-after-a-bug", "C5", "Replay after a bug";
    "c6-poison-in-the-batch", "C6", "Poison in the batch";
    "c7-stuck-behind-the-parents", "C7", "Stuck behind the parents";
    "c8-the-bill", "C8", "The bill";
}

/// The chapters of the course, from 1.
pub const CHAPTERS: [&str; 10] = [
    "A stream is a log you can re-read",
    "Shards: the unit of order and of capacity",
    "Partition keys and hot shards",
    "Producers",
    "Consumers: sharing or fanning out",
    "KCL: leases and checkpoints",
    "Lambda, Firehose, Analytics",
    "Capacity and resharding",
    "Security and feeding from S3",
    "CLI fluency and the iterator lab",
];

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
    let Parts { task, explanation, differs } = parts(source.text);
    Ok(Lesson {
        folder: source.folder,
        file,
        task: task.into(),
        explanation: explanation.into(),
        differs: differs.into(),
        setup: source.setup.into(),
        solution: source.solution.into(),
    })
}

/// A lesson of files that were just read, for those who write lessons.
pub fn lesson_of(files: &LessonFiles<'_>) -> Result<Lesson, LessonFileError> {
    let file = LessonFile::parse(&format!("{}/lesson.json", files.folder), files.lesson)?;
    let Parts { task, explanation, differs } = parts(files.text);
    Ok(Lesson {
        folder: "",
        file,
        task: task.to_owned().into(),
        explanation: explanation.to_owned().into(),
        differs: differs.to_owned().into(),
        setup: files.setup.to_owned().into(),
        solution: files.solution.to_owned().into(),
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
