//! A line that was understood.

use kinesis::{DescribeStreamInput, Duration, Instant};
use sim::Command;

use crate::nearest::nearest;
use crate::{AwsCall, UsageError, UsageKind, Waiter, aws, split, verbs};

/// What a line asks for.
#[derive(Clone, PartialEq, Debug)]
pub enum Line {
    /// Nothing, or a comment.
    Empty,
    /// `aws kinesis OPERATION …`
    Call(AwsCall),
    /// `aws kinesis wait …`
    Wait {
        waiter: Waiter,
        input: DescribeStreamInput,
        region: Option<String>,
    },
    /// A `sandbox` verb that changes the world.
    Command(Command),
    /// Lets virtual time pass.
    Advance(Duration),
    /// Lets virtual time pass until the next thing happens.
    Step,
    Undo,
    Redo,
    Seek(SeekTo),
    Save,
    /// Something that only a page can do.
    Effect(Effect),
    /// Help on a command, by its words.
    Help(Vec<String>),
    Version,
    /// What is known without asking anybody, with its newline.
    Print(String),
}

/// Where to go in the history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SeekTo {
    Instant(Instant),
    /// So long after the beginning.
    FromStart(Duration),
}

/// What a line asks of the page around the sandbox; without a page it does nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// The clock runs by itself.
    Play,
    Pause,
    /// Virtual seconds per real second, as a fraction.
    Speed {
        numerator: u32,
        denominator: u32,
    },
    /// Empties the terminal.
    Clear,
}

impl Line {
    /// The command of the history that the line gives, where it is one.
    pub fn command(&self) -> Option<Command> {
        match self {
            Line::Call(call) => Some(call.command()),
            Line::Command(command) => Some(command.clone()),
            Line::Empty
            | Line::Wait { .. }
            | Line::Advance(_)
            | Line::Step
            | Line::Undo
            | Line::Redo
            | Line::Seek(_)
            | Line::Save
            | Line::Effect(_)
            | Line::Help(_)
            | Line::Version
            | Line::Print(_) => None,
        }
    }
}

/// Reads one line. Nothing of a line that cannot be read is run.
pub fn parse(line: &str) -> Result<Line, UsageError> {
    let words = split(line)?;
    let Some(first) = words.first() else { return Ok(Line::Empty) };
    match first.text.as_str() {
        "aws" => aws::parse(&words),
        "sandbox" => verbs::parse(&words, line.len()),
        "sleep" => verbs::parse_sleep(&words),
        "help" => Ok(Line::Help(words.into_iter().skip(1).map(|word| word.text).collect())),
        "clear" if words.len() == 1 => Ok(Line::Effect(Effect::Clear)),
        "$" => {
            let message = "A line is typed without the \"$\" of the prompt.";
            Err(UsageError::sandbox(first.span.clone(), message))
        }
        name if is_assignment(name) => {
            let message = "Variables are not simulated here yet: put the value itself where it is used.";
            Err(UsageError::new(UsageKind::Shell, first.span.clone(), message))
        }
        name => Err(UsageError::new(UsageKind::CommandNotFound, first.span.clone(), name)
            .suggesting(nearest(name, PROGRAMS, 60))),
    }
}

/// What a line can begin with.
pub(crate) const PROGRAMS: [&str; 5] = ["aws", "sandbox", "sleep", "help", "clear"];

fn is_assignment(word: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    word.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// The line that gives a command.
pub fn render(command: &Command) -> String {
    match command {
        Command::Call(request) => aws::render(request),
        other => verbs::render(other),
    }
}
