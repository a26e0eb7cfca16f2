//! Quiz, predictions and exams: items as data, whose key is found by running the sandbox wherever a world can tell.

mod deck;
mod exam;
mod item;
mod schedule;

pub use deck::{item, items, items_of, predictions};
pub use exam::{Exam, ExamAnswer, ExamResult, SectionResult};
pub use item::{ExamTag, Item, ItemError, ItemOption};
pub use schedule::{Card, Confidence, Schedule};
