//! A line that was understood.

use kinesis::{DescribeStreamInput, Duration, Instant};
use sim::{Command, Variable};

use crate::aws::Local;
use crate::export::ExportForm;
use crate::fork::Fork;
use crate::shell::{
    self, BUILTINS, List, Part, Pipeline, Script, ShellCommand, Simple, TOOLS, is_name, scan,
};
use crate::surroundings::Surroundings;
use crate::time::{duration_text, short_text};
use crate::verbs::Show;
use crate::words::check_length;
use crate::{AwsCall, S3Line, ServiceCall, UsageError, Waiter, Word, aws, verbs};

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
    /// A second world beside this one.
    Fork(Fork),
    /// What led to the fact with this number.
    Why(u64),
    /// What the account has around its streams, as tables.
    Show(Show),
    /// The newest facts, of one kind where it is named.
    Facts {
        count: u32,
        kind: Option<String>,
    },
    /// The world as something for the real AWS.
    Export(ExportForm),
    /// Something that only a page can do.
    Effect(Effect),
    /// Help on a command, by its words.
    Help(Vec<String>),
    Version,
    /// What is known without asking anybody, with its newline.
    Print(String),
    /// `aws configure …`, `aws sts …`: what the sandbox knows of itself.
    Local(Local),
    /// `aws dynamodb …` and other services beside Kinesis.
    Service(ServiceCall),
    /// `aws s3 …`
    S3(S3Line),
    /// Several commands, or one with variables, pipes or files.
    Script(Script),
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
    /// The other world has become this one.
    SwitchedWorlds,
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
            | Line::Fork(_)
            | Line::Why(_)
            | Line::Show(_)
            | Line::Facts { .. }
            | Line::Export(_)
            | Line::Effect(_)
            | Line::Help(_)
            | Line::Version
            | Line::Print(_)
            | Line::Local(_)
            | Line::Service(_)
            | Line::S3(_)
            | Line::Script(_) => None,
        }
    }
}

/// The line that is typed for what clicks on the clock and the history do; none for other lines.
pub fn render_line(line: &Line) -> Option<String> {
    let text = match line {
        Line::Advance(span) => format!("sandbox clock advance {}", duration_text(*span)),
        Line::Undo => "sandbox undo".to_owned(),
        Line::Redo => "sandbox redo".to_owned(),
        Line::Seek(SeekTo::Instant(instant)) => format!("sandbox seek {}", short_text(*instant)),
        Line::Seek(SeekTo::FromStart(span)) => format!("sandbox seek {}", duration_text(*span)),
        Line::Fork(fork) => format!("sandbox fork {}", fork.word()),
        Line::Effect(Effect::Play) => "sandbox clock play".to_owned(),
        Line::Effect(Effect::Pause) => "sandbox clock pause".to_owned(),
        Line::Effect(Effect::Speed { numerator, denominator: 1 }) => {
            format!("sandbox clock speed {numerator}x")
        }
        Line::Effect(Effect::Speed { numerator, denominator }) => {
            format!("sandbox clock speed {numerator}/{denominator}x")
        }
        Line::Effect(Effect::Clear) => "clear".to_owned(),
        // No click on the clock or the history does what other lines do.
        _ => return None,
    };
    Some(text)
}

/// Reads one line. Nothing of a line that cannot be read is run.
pub fn parse(line: &str) -> Result<Line, UsageError> {
    parse_in(line, &Surroundings::default())
}

/// Reads a line where variables, files and settings are known.
pub(crate) fn parse_in(line: &str, surroundings: &Surroundings<'_>) -> Result<Line, UsageError> {
    check_length(line)?;
    let mut script = Script::default();
    let mut start = 0;
    while start < line.len() {
        let scan = scan(line, start);
        if let Some(error) = scan.error {
            return Err(error);
        }
        script.lists.extend(scan.script.lists);
        start = scan.end.max(start + 1);
    }
    match simple(&script) {
        _ if script.lists.is_empty() => Ok(Line::Empty),
        Some(simple) => match plain(simple, surroundings) {
            Plain::Command(command) => Ok(Line::Command(command)),
            Plain::Words(words) => parse_words(&words, line.len(), surroundings),
            Plain::No => shell::check(&script).map(|()| Line::Script(script)),
        },
        None => shell::check(&script).map(|()| Line::Script(script)),
    }
}

/// The one command that a script is, where its output goes nowhere else.
fn simple(script: &Script) -> Option<&Simple> {
    let [List { first, rest }] = script.lists.as_slice() else { return None };
    let Pipeline { is_negated: false, commands } = first else { return None };
    match commands.as_slice() {
        [Part { command: ShellCommand::Simple(simple), redirects }]
            if rest.is_empty() && redirects.is_empty() =>
        {
            Some(simple)
        }
        _ => None,
    }
}

/// What a command without a shell's doings is.
enum Plain {
    Words(Vec<Word>),
    /// A variable that is set or taken away.
    Command(Command),
    No,
}

fn plain(simple: &Simple, surroundings: &Surroundings<'_>) -> Plain {
    let is_exported = |name: &str| {
        let variable = surroundings.home.and_then(|home| home.variable(name));
        variable.is_some_and(|variable| variable.is_exported)
    };
    let set = |name: &str, value: String, is_exported| {
        let variable = Some(Variable { value, is_exported });
        Plain::Command(Command::SetVariable { name: name.to_owned(), variable })
    };
    let literal = |word: &shell::ShellWord| Some(Word { text: word.literal()?, span: word.span.clone() });
    let Some(words) = simple.words.iter().map(literal).collect::<Option<Vec<Word>>>() else {
        return Plain::No;
    };
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    match (simple.assignments.as_slice(), texts.as_slice()) {
        ([(name, value)], []) => match value.literal() {
            Some(value) => set(name, value, is_exported(name)),
            None => Plain::No,
        },
        ([], ["export", assignment]) => match assignment.split_once('=').filter(|(name, _)| is_name(name)) {
            Some((name, value)) => set(name, value.to_owned(), true),
            None => Plain::No,
        },
        ([], ["unset", name]) if is_name(name) => {
            Plain::Command(Command::SetVariable { name: (*name).to_owned(), variable: None })
        }
        ([], [first, ..]) if PROGRAMS.contains(first) || *first == "$" => {
            let has_file = *first == "aws" && (1..texts.len()).any(|i| names_file(texts[i - 1], texts[i]));
            // Where files are known, those that a line names are read at once.
            if has_file && surroundings.home.is_none() { Plain::No } else { Plain::Words(words) }
        }
        _ => Plain::No,
    }
}

/// Whether the AWS CLI reads the word from a file.
///
/// A profile's name is none, whatever it looks like.
pub(crate) fn names_file(before: &str, text: &str) -> bool {
    if before == "--profile" || text.starts_with("--profile=") {
        return false;
    }
    let value =
        text.split_once('=').filter(|(name, _)| name.starts_with("--")).map_or(text, |(_, value)| value);
    value.starts_with("file://") || value.starts_with("fileb://")
}

/// Reads the words of one command that is no shell's own; `end` is where the line ends.
pub(crate) fn parse_words(
    words: &[Word],
    end: usize,
    surroundings: &Surroundings<'_>,
) -> Result<Line, UsageError> {
    let Some(first) = words.first() else { return Ok(Line::Empty) };
    match first.text.as_str() {
        "aws" => aws::parse(words, surroundings),
        "sandbox" => verbs::parse(words, end),
        "sleep" => verbs::parse_sleep(words),
        "help" => Ok(Line::Help(words.iter().skip(1).map(|word| word.text.clone()).collect())),
        "clear" => Ok(Line::Effect(Effect::Clear)),
        _ => {
            let message = "A line is typed without the \"$\" of the prompt.";
            Err(UsageError::sandbox(first.span.clone(), message))
        }
    }
}

/// What a line can begin with that is neither a shell's own nor a small program.
pub(crate) const PROGRAMS: [&str; 5] = ["aws", "sandbox", "sleep", "help", "clear"];

/// What a line can begin with.
pub(crate) fn programs() -> impl Iterator<Item = &'static str> {
    PROGRAMS.into_iter().chain(BUILTINS).chain(TOOLS.iter().map(|(name, _)| *name))
}

/// The line that gives a command.
pub fn render(command: &Command) -> String {
    match command {
        Command::Call(request) => aws::render(request),
        other => verbs::render(other),
    }
}
