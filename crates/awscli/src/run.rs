//! Running a line: what it prints, its exit code, and what it asks of the page.

use kinesis::Duration;
use sim::{Command, Home, Observer, Sandbox, UndoLabel};

use crate::line::SeekTo;
use crate::shell::{self, Shell, Watch};
use crate::surroundings::Surroundings;
use crate::time::{clock_text, duration_text};
use crate::why::{print_facts, print_why};
use crate::{Effect, Line, UsageError, aws, export, help, render};

/// What a line printed, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    /// As the AWS CLI v2 ends: 0, 252 for a wrong line, 254 for a refusal of the service, 255 for the rest; 1 where
    /// the sandbox refuses.
    pub exit_code: u8,
    pub effects: Vec<Effect>,
    /// Shard iterators that the service handed out, in that order.
    pub iterators: Vec<HeldIterator>,
    /// What was wrong with the line and where, if it could not be read.
    pub error: Option<UsageError>,
}

/// A shard iterator that the service handed out, whatever the line did with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldIterator {
    pub from: IteratorFrom,
    /// None at the end of a closed shard.
    pub token: Option<String>,
}

/// What an iterator goes on from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IteratorFrom {
    /// The shard that was named.
    Shard(String),
    /// The iterator that was used.
    Iterator(String),
}

/// Events that one line may let happen: more would hold up the page.
const EVENTS_PER_LINE_MAX: u64 = 5_000_000;

/// Events between two looks of whoever watches: the world keeps only its newest facts.
const EVENTS_PER_LOOK: u64 = 1_000;

/// Runs one line as typed at the prompt. An AWS call takes [`sim::CLI_CALL_TIME`] of virtual time.
pub fn run<O: Observer>(sandbox: &mut Sandbox<O>, line: &str) -> Output {
    Shell::default().run(sandbox, line, &mut |_| {})
}

/// Runs a line that was read before.
pub fn run_line<O: Observer>(sandbox: &mut Sandbox<O>, line: &Line) -> Output {
    sandbox.begin_line();
    let output = match line {
        Line::Script(script) => shell::run_script(sandbox, script, &mut |_| {}),
        line => {
            let home = sandbox.world().home().clone();
            run_simple(sandbox, line, &home, &mut |_| {})
        }
    };
    sandbox.end_line();
    output
}

/// What undo takes back: the line's first command, and how many more.
fn label_text(label: UndoLabel<'_>) -> String {
    let first = render(label.command);
    match label.more {
        0 => first,
        1 => format!("{first} (and 1 more command of its line)"),
        more => format!("{first} (and {more} more commands of its line)"),
    }
}

/// Runs a line that is one command; `home` holds the variables and files that it sees.
pub(crate) fn run_simple<O: Observer>(
    sandbox: &mut Sandbox<O>,
    line: &Line,
    home: &Home,
    watch: Watch<'_, O>,
) -> Output {
    let surroundings = Surroundings { home: Some(home), input: None };
    match line {
        Line::Empty => Output::default(),
        Line::Call(call) => call.run(sandbox, &surroundings),
        Line::Local(local) => local.run(sandbox, &surroundings),
        Line::Service(call) => call.run(sandbox, &surroundings),
        Line::S3(line) => line.run(sandbox, &surroundings),
        Line::Script(script) => shell::run_script(sandbox, script, watch),
        Line::Wait { waiter, input, region } => {
            match aws::check_region(sandbox, region.as_deref(), &surroundings) {
                Err(message) => Output::not_here(&message),
                Ok(()) => match waiter.wait(sandbox, input) {
                    Ok(()) => Output::default(),
                    Err(message) => Output::failed(255, format!("\naws: [ERROR]: {message}\n")),
                },
            }
        }
        Line::Command(command) => match sandbox.submit_by_hand(command.clone()) {
            Ok(_) => Output { stderr: missing_stream(sandbox, command), ..Output::default() },
            Err(refusal) => Output::refused(refusal.reason()),
        },
        Line::Advance(span) => advance(sandbox, *span, watch),
        Line::Step => match sandbox.next_due() {
            Some(due) => {
                let span = due.since(sandbox.now());
                advance(sandbox, span, watch)
            }
            None => Output::refused("nothing is going to happen by itself"),
        },
        Line::Undo => match sandbox.undo_label().map(label_text).filter(|_| sandbox.undo()) {
            Some(undone) => at_time(sandbox, &format!("undone: {undone}")),
            None => Output::refused("there is nothing to undo"),
        },
        Line::Redo => match sandbox.redo_label().map(label_text).filter(|_| sandbox.redo()) {
            Some(redone) => at_time(sandbox, &format!("done again: {redone}")),
            None => Output::refused("there is nothing to redo"),
        },
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
        Line::Fork(fork) => fork.run(sandbox),
        Line::Show(show) => crate::verbs::print(sandbox, show),
        Line::Why(number) => print_why(sandbox, *number),
        Line::Facts { count, kind } => print_facts(sandbox, *count, kind.as_deref()),
        Line::Export(form) => Output::printed(export(sandbox.world(), *form)),
        Line::Effect(effect) => Output { effects: vec![*effect], ..Output::default() },
        Line::Print(text) => Output::printed(text.clone()),
        Line::Help(topic) => Output::printed(help(topic)),
        Line::Version => Output::printed(format!(
            "Kinesis Sandbox {} (answers like aws-cli/2.36; nothing here reaches AWS)\n",
            sim::ENGINE_VERSION
        )),
    }
}

/// What to say of a program that works with a stream that is not there: it starts all the same, and AWS refuses its calls.
fn missing_stream<O: Observer>(sandbox: &Sandbox<O>, command: &Command) -> String {
    let started = match command {
        Command::StartAttached { start, .. } => start,
        command => command,
    };
    let name = match started {
        Command::StartProducer(spec) => &spec.stream,
        Command::StartKpl(spec) => &spec.stream,
        Command::StartReader(spec) => &spec.stream,
        Command::StartApplication(spec) => &spec.stream,
        _ => return String::new(),
    };
    let world = sandbox.world();
    if world.service().stream(name).is_some() {
        return String::new();
    }
    let near = aws::nearest_stream(world, name).map(|near| format!(": did you mean {near}?"));
    format!("sandbox: there is no stream {name} yet{}\n", near.unwrap_or_default())
}

impl Output {
    pub(crate) fn printed(stdout: String) -> Output {
        Output { stdout, ..Output::default() }
    }

    /// A line that cannot be read.
    pub(crate) fn mistake(error: UsageError) -> Output {
        Output {
            stderr: error.to_stderr(),
            exit_code: error.exit_code(),
            error: Some(error),
            ..Output::default()
        }
    }

    pub(crate) fn failed(exit_code: u8, stderr: String) -> Output {
        Output { stderr, exit_code, ..Output::default() }
    }

    /// The line is right, and the sandbox has not what it asks for.
    pub(crate) fn not_here(message: &str) -> Output {
        Output::failed(252, format!("sandbox: {message}\n"))
    }

    pub(crate) fn refused(reason: &str) -> Output {
        Output::failed(1, format!("sandbox: {reason}\n"))
    }
}

fn advance<O: Observer>(sandbox: &mut Sandbox<O>, span: Duration, watch: Watch<'_, O>) -> Output {
    let left = pass(sandbox, span, watch);
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

/// Lets time pass under somebody's eyes; returns what is still to go.
pub(crate) fn pass<O: Observer>(sandbox: &mut Sandbox<O>, span: Duration, watch: Watch<'_, O>) -> Duration {
    let mut left = span;
    for _ in 0..EVENTS_PER_LINE_MAX / EVENTS_PER_LOOK {
        left = sandbox.advance(left, Some(EVENTS_PER_LOOK));
        watch(sandbox);
        if left == Duration::ZERO {
            break;
        }
    }
    left
}

fn at_time<O: Observer>(sandbox: &Sandbox<O>, what: &str) -> Output {
    let gap = if what.is_empty() { "" } else { "\n" };
    Output::printed(format!("{what}{gap}{}\n", clock_text(sandbox.now())))
}
