//! What a learner has done, kept in one file: exercises, quiz cards, predictions, exams. Where the file comes from is
//! the page's affair; here it is text, read strictly and within bounds.

use std::fmt;

use kinesis::SortedMap;
use serde::{Deserialize, Serialize};

use crate::quiz::{Card, Confidence, Item, Schedule, predictions};
use crate::{catalog, misconceptions};

/// Bytes that a file of progress may have.
pub const PROGRESS_BYTES_MAX: usize = 256 << 10;
/// Exams whose results are kept.
pub const EXAMS_MAX: usize = 50;
/// Version of the form of the file.
pub const PROGRESS_VERSION: u32 = 1;

/// How far a learner has come. Times are seconds since the Unix epoch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Exercises that were solved, by id.
    solved: SortedMap<String, Solved>,
    /// Predictions that were made.
    predicted: SortedMap<String, Predicted>,
    /// Chapters that the fast track has shown to be known.
    known: SortedMap<u32, u64>,
    pub schedule: Schedule,
    exams: Vec<ExamRecord>,
}

/// An exercise that was solved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solved {
    /// The first time.
    pub at: u64,
    /// Hints that were open by then.
    pub hints: u8,
}

/// A prediction and its outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predicted {
    pub was_right: bool,
    pub confidence: Confidence,
}

/// The result of an exam.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExamRecord {
    pub at: u64,
    pub right: u32,
    pub count: u32,
}

/// A chapter on the home view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChapterState {
    /// From 1.
    pub chapter: u32,
    pub title: &'static str,
    pub solved: usize,
    pub exercises: usize,
    /// Whether the fast track was passed, or all exercises were solved.
    pub is_known: bool,
    /// Misconceptions of the chapter that are to be asked again.
    pub due: usize,
    /// The first exercise that is open.
    pub next: Option<&'static str>,
}

/// Why a file of progress was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProgressError {
    /// Counted from 1.
    pub line: usize,
    pub reason: String,
}

impl fmt::Display for ProgressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ProgressError {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kinesis_sandbox_progress: u32,
    solved: Vec<(String, Solved)>,
    predicted: Vec<(String, Predicted)>,
    known: Vec<(u32, u64)>,
    cards: Vec<(String, Card)>,
    exams: Vec<ExamRecord>,
}

impl Progress {
    /// The exercise is solved; the first time counts.
    pub fn solve(&mut self, id: &str, hints: u8, now: u64) {
        if !self.solved.contains_key(id) {
            self.solved.insert(id.to_owned(), Solved { at: now, hints });
        }
    }

    pub fn solved(&self, id: &str) -> Option<Solved> {
        self.solved.get(id).copied()
    }

    /// A prediction was made and run; its misconception is scheduled like that of a quiz item.
    pub fn predict(&mut self, item: &Item, was_right: bool, confidence: Confidence, now: u64) {
        self.predicted.insert(item.id.clone(), Predicted { was_right, confidence });
        self.schedule.answer(item, was_right, confidence, now);
    }

    pub fn predicted(&self, id: &str) -> Option<Predicted> {
        self.predicted.get(id).copied()
    }

    pub fn exams(&self) -> &[ExamRecord] {
        &self.exams
    }

    /// Keeps the result of an exam, the newest ones.
    pub fn keep_exam(&mut self, record: ExamRecord) {
        if self.exams.len() >= EXAMS_MAX {
            self.exams.remove(0);
        }
        self.exams.push(record);
    }

    /// The fast track of a chapter: a prediction and an exercise; who does both right knows the chapter.
    pub fn fast_track(chapter: u32) -> (Option<&'static Item>, Option<&'static str>) {
        let fitting = predictions().iter().find(|item| item.shows.chapter == chapter);
        // The hardest that is not a design task: it needs most of the chapter.
        let exercises =
            catalog().iter().filter(|lesson| lesson.file.chapter == chapter && lesson.file.difficulty <= 3);
        let hardest = exercises.max_by_key(|lesson| lesson.file.difficulty);
        (fitting, hardest.map(|lesson| lesson.file.id.as_str()))
    }

    /// Marks the chapter as known where its fast track is passed.
    pub fn check_fast_track(&mut self, chapter: u32, now: u64) -> bool {
        let (item, exercise) = Progress::fast_track(chapter);
        let is_predicted =
            item.is_none_or(|item| self.predicted(&item.id).is_some_and(|predicted| predicted.was_right));
        let is_passed = is_predicted
            && exercise.is_some_and(|id| self.solved(id).is_some_and(|solved| solved.hints == 0));
        if is_passed && !self.known.contains_key(&chapter) {
            self.known.insert(chapter, now);
        }
        is_passed
    }

    /// The chapters with what is done, known and due.
    pub fn chapters(&self, now: u64) -> Vec<ChapterState> {
        let due = self.schedule.due(now);
        let titles = crate::CHAPTERS.iter().zip(1..);
        titles
            .map(|(title, chapter)| {
                let of_chapter = || catalog().iter().filter(move |lesson| lesson.file.chapter == chapter);
                let open = of_chapter().find(|lesson| self.solved(&lesson.file.id).is_none());
                let exercises = of_chapter().count();
                let solved = of_chapter().filter(|lesson| self.solved(&lesson.file.id).is_some()).count();
                ChapterState {
                    chapter,
                    title,
                    solved,
                    exercises,
                    is_known: self.known.contains_key(&chapter) || (exercises > 0 && solved == exercises),
                    due: due
                        .iter()
                        .filter(|id| {
                            misconceptions::misconception(id).is_some_and(|known| known.chapter == chapter)
                        })
                        .count(),
                    next: open.map(|lesson| lesson.file.id.as_str()),
                }
            })
            .collect()
    }

    /// The file that holds all of it.
    pub fn export(&self) -> String {
        let file = File {
            kinesis_sandbox_progress: PROGRESS_VERSION,
            solved: self.solved.iter().map(|(id, solved)| (id.clone(), *solved)).collect(),
            predicted: self.predicted.iter().map(|(id, predicted)| (id.clone(), *predicted)).collect(),
            known: self.known.iter().map(|(chapter, at)| (*chapter, *at)).collect(),
            cards: self.schedule.cards().map(|(id, card)| (id.clone(), card.clone())).collect(),
            exams: self.exams.clone(),
        };
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Reads such a file. What it says of exercises and misconceptions that there are not is left out.
    pub fn import(text: &str) -> Result<Progress, ProgressError> {
        let refuse = |reason: String| ProgressError { line: 1, reason };
        if text.len() > PROGRESS_BYTES_MAX {
            return Err(refuse(format!("a file of progress has at most {PROGRESS_BYTES_MAX} bytes")));
        }
        let file: File = serde_json::from_str(text)
            .map_err(|error| ProgressError { line: error.line(), reason: error.to_string() })?;
        if file.kinesis_sandbox_progress != PROGRESS_VERSION {
            return Err(refuse(format!("this sandbox reads progress of version {PROGRESS_VERSION}")));
        }
        let mut progress = Progress::default();
        let is_lesson = |id: &String| crate::titles().any(|(known, _)| known == id);
        for (id, solved) in file.solved.into_iter().filter(|(id, _)| is_lesson(id)) {
            progress.solved.insert(id, solved);
        }
        let is_prediction = |id: &String| predictions().iter().any(|item| item.id == *id);
        for (id, predicted) in file.predicted.into_iter().filter(|(id, _)| is_prediction(id)) {
            progress.predicted.insert(id, predicted);
        }
        for (chapter, at) in file.known.into_iter().filter(|(chapter, _)| (1..=10).contains(chapter)) {
            progress.known.insert(chapter, at);
        }
        for (id, card) in file.cards {
            progress.schedule.restore(&id, card);
        }
        file.exams.into_iter().for_each(|exam| progress.keep_exam(exam));
        Ok(progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quiz::items;

    #[test]
    fn progress_goes_out_and_comes_back_the_same() {
        let mut progress = Progress::default();
        progress.solve("E1.1", 2, 100);
        progress.solve("E1.1", 0, 200);
        progress.predict(&predictions()[0], true, Confidence::Sure, 300);
        progress.schedule.answer(&items()[0], false, Confidence::Sure, 400);
        progress.keep_exam(ExamRecord { at: 500, right: 20, count: 30 });
        assert_eq!(Progress::import(&progress.export()).as_ref(), Ok(&progress));
        assert_eq!(progress.solved("E1.1"), Some(Solved { at: 100, hints: 2 }));
    }

    #[test]
    fn a_file_that_is_wrong_is_refused_with_its_line() {
        assert!(Progress::import("{").is_err());
        assert!(Progress::import(&"x".repeat(PROGRESS_BYTES_MAX + 1)).is_err());
        let newer = Progress::default().export().replace(":1,", ":2,");
        assert!(Progress::import(&newer).is_err_and(|error| error.reason.contains("version 1")));
        let foreign = Progress::default()
            .export()
            .replace("\"solved\":[]", "\"solved\":[[\"E99\",{\"at\":1,\"hints\":0}]]");
        assert_eq!(Progress::import(&foreign), Ok(Progress::default()));
    }

    #[test]
    fn a_chapter_counts_what_is_done_known_and_due() {
        let mut progress = Progress::default();
        progress.solve("E1.1", 0, 1);
        let first = progress.chapters(10).remove(0);
        assert_eq!((first.solved, first.is_known, first.next), (1, false, Some("E1.2")));
        let (item, exercise) = Progress::fast_track(1);
        assert!(!progress.check_fast_track(1, 10));
        progress.solve(exercise.unwrap(), 0, 10);
        progress.predict(item.unwrap(), true, Confidence::Likely, 10);
        assert!(progress.check_fast_track(1, 10));
        assert!(progress.chapters(10)[0].is_known);
        assert_eq!(progress.chapters(10 + 2 * 86_400)[0].due, 1);
    }
}
