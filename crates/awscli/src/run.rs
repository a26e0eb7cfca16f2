//! Running a line: what it prints, its exit code, and what it asks of the page.

use kinesis::Duration;
use sim::{Observer, Sandbox};

use crate::line::SeekTo;
use crate::time::{clock_text, duration_text};
use crate::{Effect, Line, UsageError, aws, help, parse, render};

/// What a line printed, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    /// As the AWS CLI v2 ends: 0, 252 for a wrong line, 254 for a refusal of the service, 255 for the rest; 1 where
    /// the sandbox refuses.
    pub exit_code: u8,
    pub effects: Vec<Effect>,
    /// What was wrong with the line and where, if it could not be read.
    pub error: Option<UsageError>,
}

/// Events that one line may let happen: more would hold up the page.
const EVENTS_PER_LINE_MAX: u64 = 5_000_000;

/// Runs one line as typed at the prompt. An AWS call takes [`sim::CLI_CALL_TIME`] of virtual time.
pub fn run<O: Observer>(sandbox: &mut Sandbox<O>, line: &str) -> Output {
    match parse(line) {
        Ok(line) => run_line(sandbox, &line),
        Err(error) => Output {
            stderr: error.to_stderr(),
            exit_code: error.exit_code(),
            error: Some(error),
            ..Output::default()
        },
    }
}

/// Runs a line that was read before.
pub fn run_line<O: Observer>(sandbox: &mut Sandbox<O>, line: &Line) -> Output {
    match line {
        Line::Empty => Output::default(),
        Line::Call(call) => call.run(sandbox),
        Line::Wait { waiter, input, region } => match aws::check_region(sandbox, region.as_deref()) {
            Err(message) => Output::not_here(&message),
            Ok(()) => match waiter.wait(sandbox, input) {
                Ok(()) => Output::default(),
                Err(message) => Output::failed(255, format!("\naws: [ERROR]: {message}\n")),
            },
        },
        Line::Command(command) => match sandbox.submit_by_hand(command.clone()) {
            Ok(_) => Output::default(),
            Err(refusal) => Output::refused(refusal.reason()),
        },
        Line::Advance(span) => advance(sandbox, *span),
        Line::Step => match sandbox.next_due() {
            Some(due) => advance(sandbox, due.since(sandbox.now())),
            None => Output::refused("nothing is going to happen by itself"),
        },
        Line::Undo => {
            let label = sandbox.undo_label().map(|label| render(label.command));
            match label.filter(|_| sandbox.undo()) {
                Some(undone) => at_time(sandbox, &format!("undone: {undone}")),
                None => Output::refused("there is nothing to undo"),
            }
        }
        Line::Redo => {
            let label = sandbox.redo_label().map(|label| render(label.command));
            match label.filter(|_| sandbox.redo()) {
                Some(redone) => at_time(sandbox, &format!("done again: {redone}")),
                None => Output::refused("there is nothing to redo"),
            }
        }
        Line::Seek(to) => {
            let instant = match to {
                SeekTo::Instant(instant) => *instant,
                SeekTo::FromStart(span) => sandbox.options().start + *span,
            };
            match sandbox.seek(instant) {
                Ok(()) => at_time(sandbox, ""),
                Err(refusal) => Output::refused(refusal.reason()),
            }
        }
        Line::Save => match sandbox.save() {
            Ok(text) => Output::printed(text),
            Err(refusal) => Output::refused(refusal.reason()),
        },
        Line::Effect(effect) => Output { effects: vec![*effect], ..Output::default() },
        Line::Print(text) => Output::printed(text.clone()),
        Line::Help(topic) => Output::printed(help(topic)),
        Line::Version => Output::printed(format!(
            "Kinesis Sandbox {} (answers like aws-cli/2.36; nothing here reaches AWS)\n",
            sim::ENGINE_VERSION
        )),
    }
}

impl Output {
    pub(crate) fn printed(stdout: String) -> Output {
        Output { stdout, ..Output::default() }
    }

    pub(crate) fn failed(exit_code: u8, stderr: String) -> Output {
        Output { stderr, exit_code, ..Output::default() }
    }

    /// The line is right, and the sandbox has not what it asks for.
    pub(crate) fn not_here(message: &str) -> Output {
        Output::failed(252, format!("sandbox: {message}\n"))
    }

    fn refused(reason: &str) -> Output {
        Output::failed(1, format!("sandbox: {reason}\n"))
    }
}

fn advance<O: Observer>(sandbox: &mut Sandbox<O>, span: Duration) -> Output {
    let left = sandbox.advance(span, Some(EVENTS_PER_LINE_MAX));
    let mut output = at_time(sandbox, "");
    if left > Duration::ZERO {
        output.stderr = format!(
            "sandbox: stopped after {EVENTS_PER_LINE_MAX} events, with {} still to go\n",
            duration_text(left)
        );
        output.exit_code = 1;
    }
    output
}

fn at_time<O: Observer>(sandbox: &Sandbox<O>, what: &str) -> Output {
    let gap = if what.is_empty() { "" } else { "\n" };
    Output::printed(format!("{what}{gap}{}\n", clock_text(sandbox.now())))
}
