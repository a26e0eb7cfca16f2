//! The history of a sandbox: what was asked when, what was undone, and copies of the world to go back to.

use std::collections::VecDeque;
use std::fmt;

use kinesis::Instant;

use crate::{Command, World};

/// Why the sandbox did not do something: one sentence for the learner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    reason: String,
    code: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(reason: impl Into<String>) -> Refusal {
        Refusal { reason: reason.into(), code: None }
    }

    /// What a service beside Kinesis answers, in its own words.
    pub(crate) fn of_service(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { reason: message.into(), code: Some(code) }
    }

    /// The service's name for the refusal, `NoSuchBucket`; none where the sandbox itself refuses.
    pub fn code(&self) -> Option<&'static str> {
        self.code
    }

    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for Refusal {}

/// A command with the instant at which it was given.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    pub at: Instant,
    pub command: Command,
    /// The world's digest just before: a session that replays differently shows where.
    pub digest: String,
    /// Whether it belongs to the same typed line as the entry before: undo takes both back.
    pub is_continued: bool,
}

/// A copy of the world to go back to.
#[derive(Clone)]
pub(crate) struct HistoryCheckpoint<O> {
    /// Entries that had been applied.
    pub(crate) applied: usize,
    pub(crate) world: World,
    pub(crate) observer: O,
}

/// Bytes that the copies may take together, as far as they do not share them.
const CHECKPOINT_BYTES_MAX: u64 = 64 << 20;

/// Copies that are kept: dense near the present, thinned towards the past.
const CHECKPOINTS_MAX: usize = 48;

/// Copies of the world in the order of time; the first one is the beginning and stays.
#[derive(Clone)]
pub(crate) struct Checkpoints<O> {
    kept: VecDeque<HistoryCheckpoint<O>>,
}

impl<O: Clone> Checkpoints<O> {
    pub(crate) fn new(beginning: HistoryCheckpoint<O>) -> Checkpoints<O> {
        Checkpoints { kept: VecDeque::from([beginning]) }
    }

    pub(crate) fn push(&mut self, mut checkpoint: HistoryCheckpoint<O>) {
        checkpoint.world.journal.trim();
        self.kept.push_back(checkpoint);
        let bytes: u64 = self.kept.iter().map(|kept| kept.world.own_bytes()).sum();
        if self.kept.len() > 2 && (self.kept.len() > CHECKPOINTS_MAX || bytes > CHECKPOINT_BYTES_MAX) {
            // Every second one of the older half goes, but not the first: what is long ago is looked for less.
            let older = self.kept.len() / 2;
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place == 1 || place > older.max(2) || place % 2 == 1
            });
        }
    }

    /// Forgets copies from which the present cannot be reached: later than `at` or with more entries than `applied`.
    pub(crate) fn cut_after(&mut self, at: Instant, applied: usize) {
        while self.kept.len() > 1
            && self.kept.back().is_some_and(|last| last.world.now() > at || last.applied > applied)
        {
            self.kept.pop_back();
        }
    }

    /// The newest copy at `at` or before with at most `applied` entries.
    pub(crate) fn nearest(&self, at: Instant, applied: usize) -> Option<&HistoryCheckpoint<O>> {
        self.kept
            .iter()
            .rev()
            .find(|checkpoint| checkpoint.world.now() <= at && checkpoint.applied <= applied)
    }

    pub(crate) fn last_steps(&self) -> u64 {
        self.kept.back().map_or(0, |checkpoint| checkpoint.world.steps())
    }

    pub(crate) fn first_instant(&self) -> Instant {
        self.kept.front().map_or(Instant::default(), |checkpoint| checkpoint.world.now())
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }
}
