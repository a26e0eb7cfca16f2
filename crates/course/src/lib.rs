//! The course: lessons as data, the language in which their goals are checked, and the fold over facts that checks.
//!
//! A lesson is a folder under `lessons/`: facts, text, setup, solution, near-misses. [`catalog`] lists them in order;
//! [`start`] makes the world of a lesson; [`goals`] says what is reached and, if not, why not yet. The crate knows no
//! browser.

mod catalog;
mod check;
mod lesson_file;
mod observer;
mod readers;
mod script;
mod text;
mod throttles;

pub use catalog::{Lesson, NearMiss, catalog, following, lesson, titles};
pub use check::{Check, CheckError};
pub use lesson_file::{LessonFile, LessonFileError, Question};
pub use observer::{CourseObserver, GoalState, goals};
pub use readers::{Reader, readers};
pub use script::{ScriptError, ScriptRun, run_script};
pub use text::{Block, Span, blocks};

use sim::{Sandbox, SandboxOptions};

/// The sandbox of a course: one that watches the goals of a lesson, or none in free play.
pub type CourseSandbox = Sandbox<CourseObserver>;

/// The world in which a lesson begins: its setup has run, and undo does not reach into it.
pub fn start(lesson: &Lesson) -> Result<CourseSandbox, ScriptError> {
    let options = SandboxOptions { limits: lesson.file.limits, ..SandboxOptions::default() };
    let mut sandbox = Sandbox::with_observer(options, CourseObserver::watching(&lesson.file));
    run_script(&mut sandbox, lesson.setup)?;
    sandbox.end_setup();
    Ok(sandbox)
}
