//! Mistakes at the prompt: what is wrong, where, and what was probably meant.

use std::fmt::Write as _;
use std::ops::Range;

/// A line that cannot be run. Nothing of it has run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UsageError {
    pub kind: UsageKind,
    /// The word that is wrong, as bytes of the line; empty at the end of it where something is missing.
    pub position: Range<usize>,
    /// What is wrong, in the words of the AWS CLI where it has words for it.
    pub message: String,
    /// What was probably meant, the likest first.
    pub suggestions: Vec<String>,
    /// What the sandbox adds of its own, because the AWS CLI's words do not help here.
    pub hint: Option<String>,
}

/// Who says that something is wrong, and so in which form and with which exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UsageKind {
    /// The shell: a quote is not closed, a pipe.
    Shell,
    /// The shell: the line is right so far and goes on.
    Incomplete,
    /// The shell: there is no such program.
    CommandNotFound,
    /// The AWS CLI, with its usage lines: something is missing.
    Usage,
    /// The AWS CLI, with its usage lines: a command or value that does not exist.
    InvalidChoice,
    /// The AWS CLI, which lists all options that it does not know.
    UnknownOptions,
    /// The AWS CLI: a value is wrong.
    Parameter,
    /// The AWS CLI: everything else.
    General,
    /// The service, in a case that is known without asking it.
    Service,
    /// The sandbox itself: its own verbs, and what AWS has and the sandbox has not.
    Sandbox,
}

/// Documented: AWS CLI 2.36, `awscli/argparser.py`.
const USAGE: &str = "\
usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
";

const PARAM_VALIDATION: &str = "\naws: [ERROR]: An error occurred (ParamValidation): ";

impl UsageError {
    pub(crate) fn new(kind: UsageKind, position: Range<usize>, message: impl Into<String>) -> UsageError {
        UsageError { kind, position, message: message.into(), suggestions: Vec::new(), hint: None }
    }

    pub(crate) fn sandbox(position: Range<usize>, message: impl Into<String>) -> UsageError {
        UsageError::new(UsageKind::Sandbox, position, message)
    }

    pub(crate) fn suggesting(self, suggestions: Vec<String>) -> UsageError {
        UsageError { suggestions, ..self }
    }

    pub(crate) fn hinting(self, hint: impl Into<String>) -> UsageError {
        UsageError { hint: Some(hint.into()), ..self }
    }

    /// What was most probably meant.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestions.first().map(String::as_str)
    }

    /// Documented: AWS CLI 2.36, `awscli/constants.py`; 127 and 2 are the shell's. 252 also stands for what the
    /// sandbox itself does not take.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            UsageKind::Shell | UsageKind::Incomplete => 2,
            UsageKind::CommandNotFound => 127,
            UsageKind::Usage
            | UsageKind::InvalidChoice
            | UsageKind::UnknownOptions
            | UsageKind::Parameter
            | UsageKind::Sandbox => 252,
            UsageKind::Service => 254,
            UsageKind::General => 255,
        }
    }

    /// What stands on standard error.
    ///
    /// Documented: AWS CLI 2.36, `awscli/errorhandler.py` and `errorformat.py`.
    pub fn to_stderr(&self) -> String {
        let message = &self.message;
        let mut text = match self.kind {
            UsageKind::Shell | UsageKind::Incomplete => format!("sandbox: {message}\n"),
            UsageKind::CommandNotFound => format!("{message}: command not found\n"),
            UsageKind::Sandbox => format!("sandbox: {message}\n"),
            UsageKind::Usage => format!("{PARAM_VALIDATION}{message}\n\n{USAGE}"),
            UsageKind::InvalidChoice => {
                // The AWS CLI suggests by itself.
                let near = match self.suggestions.as_slice() {
                    [] => String::new(),
                    near => format!("\nMaybe you meant:\n\n  * {}", near.join("\n  * ")),
                };
                let hint = self.hint.iter().map(|hint| format!("sandbox: {hint}\n")).collect::<String>();
                return format!("{PARAM_VALIDATION}{message}\n{near}\n\n{USAGE}{hint}");
            }
            UsageKind::UnknownOptions => format!("\n{USAGE}\n\naws: [ERROR]: {message}\n"),
            UsageKind::Parameter => format!("{PARAM_VALIDATION}{message}\n"),
            UsageKind::General | UsageKind::Service => format!("\naws: [ERROR]: {message}\n"),
        };
        // Writing into a text cannot fail.
        if let Some(suggestion) = self.suggestion() {
            let _ = writeln!(text, "sandbox: did you mean {suggestion}?");
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "sandbox: {hint}");
        }
        text
    }
}
