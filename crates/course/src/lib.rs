//! The course: lessons as data, the language in which their goals are checked, and the fold over facts that checks.
//!
//! A lesson is a folder under `lessons/`: facts, text, setup, solutions by line and by clicks, near-misses.
//! [`catalog`] lists them in order; [`start`] makes the world of a lesson; [`goals`] says what is reached and, if not,
//! why not yet; [`near_misses`] which wrong ideas show. The crate knows no browser.

mod again;
mod blanks;
mod catalog;
mod check;
mod clicks;
pub mod comparison;
mod custom;
mod debrief;
mod effort;
pub mod forms;
pub mod german;
mod lesson_file;
mod memory;
mod misconceptions;
mod notes;
mod observer;
mod order;
pub mod progress;
mod proof;
pub mod quiz;
mod readers;
mod script;
mod tally;
mod text;
mod validate;

pub use again::{Breakage, breakage};
pub use blanks::{BLANKS_MAX, Blank, blanks};
pub use catalog::{CHAPTERS, Lesson, catalog, following, lesson, lesson_of, titles};
pub use check::{Check, CheckError, Tongue};
pub use clicks::run_clicks;
pub use custom::{CUSTOM_BYTES_MAX, CUSTOM_EVENTS_MAX, CUSTOM_LINES_MAX, custom_lesson, start_custom};
pub use debrief::{Damage, Debrief, Moment, debrief};
pub use effort::{Effort, effort, par};
pub use lesson_file::{Goal, Incident, LessonFile, LessonFileError, NearMiss, Question};
pub use misconceptions::{Misconception, misconception, misconceptions};
pub use notes::{NotesEntry, notes};
pub use observer::{CourseObserver, GoalState, ask, goals, goals_in, is_solved, near_misses};
pub use proof::{Ways, prove};
pub use readers::{Reader, readers};
pub use script::{Members, ScriptError, ScriptLine, ScriptRun, lines_of, of_last_answers, run_script};
pub use text::{Block, Span, blocks};
pub use validate::{FILE_BYTES_MAX, GOALS_MAX, LessonFiles, validate};

use observer::memory_of;
use sim::{LoadError, Sandbox, SandboxOptions};

/// The sandbox of a course: one that watches the goals of a lesson, or none in free play.
pub type CourseSandbox = Sandbox<CourseObserver>;

/// The world in which a lesson begins: its setup has run, and undo does not reach into it.
pub fn start(lesson: &Lesson) -> Result<CourseSandbox, ScriptError> {
    begin(options(lesson), CourseObserver::watching(&lesson.file), &lesson.setup)
}

/// The same world without its history: it cannot go back, and costs less.
pub fn start_unrecorded(lesson: &Lesson) -> Result<CourseSandbox, ScriptError> {
    let options = SandboxOptions { history: false, ..options(lesson) };
    begin(options, CourseObserver::watching(&lesson.file), &lesson.setup)
}

pub(crate) fn options(lesson: &Lesson) -> SandboxOptions {
    SandboxOptions { limits: lesson.file.limits, ..SandboxOptions::default() }
}

fn begin(
    options: SandboxOptions,
    observer: CourseObserver,
    setup: &str,
) -> Result<CourseSandbox, ScriptError> {
    let mut sandbox = Sandbox::with_observer(options, observer);
    run_script(&mut sandbox, setup)?;
    sandbox.observer().begin(sandbox.world());
    sandbox.end_setup();
    Ok(sandbox)
}

/// Opens a saved session of a lesson, or of free play. Returns the world and a note where another engine made it.
pub fn resume(lesson: Option<&Lesson>, session: &str) -> Result<(CourseSandbox, Option<String>), LoadError> {
    let observer = lesson.map(|lesson| CourseObserver::watching(&lesson.file)).unwrap_or_default();
    // The setup is run once more to know when it is over: the learner's turn begins there.
    if let Some(begun) = lesson.and_then(|lesson| start(lesson).ok()) {
        observer.begin(begun.world());
    }
    Sandbox::load(session, observer)
}
