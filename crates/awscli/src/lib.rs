//! The language: words to commands, answers to text as the AWS CLI v2 prints it.
//!
//! Two kinds of commands can be typed: `aws kinesis …` as in a real terminal, and `sandbox …` for what is the
//! sandbox's own: producers, readers, KCL applications, the clock, the history. Around them stands a shell. [`run`] runs a line, [`parse`] only reads it,
//! [`render`] writes the line of a command. One table per kind of line feeds reading, writing, help and completion.
//! The crate knows no lessons and no browser.

mod aws;
mod collect;
mod complete;
mod export;
mod fork;
mod help;
mod line;
mod names;
mod nearest;
mod query;
mod run;
mod shell;
mod surroundings;
mod time;
mod usage_error;
mod verbs;
mod why;
mod words;

#[cfg(test)]
mod tests;

pub use aws::{AwsCall, Format, Local, PageOptions, Printing, S3Line, ServiceCall, Waiter};
pub use complete::{Around, Chip, Completion, complete, is_whole, next_tokens, without_last_word};
pub use export::{ExportForm, export};
pub use fork::Fork;
pub use help::help;
pub use line::{Effect, Line, SeekTo, parse, render, render_line};
pub use query::Query;
pub use run::{HeldIterator, IteratorFrom, Output, run, run_line};
pub use shell::{Script, Shell};
pub use usage_error::{UsageError, UsageKind};
pub use verbs::Show;
pub use why::why;
pub use words::{LINE_BYTES_MAX, Word, commands, is_unfinished, quote};
