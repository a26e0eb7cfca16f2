//! The shell around the commands: variables, `$(…)`, pipes, loops, files, and small programs.
//!
//! A line is read whole, checked, and then run; each `aws` and `sandbox` command of it is a command of the history by
//! itself. Files and variables are the world's ([`sim::Home`]), changed by commands when a line ends.

mod arithmetic;
mod builtins;
mod check;
mod execute;
mod expand;
mod keep;
mod parse;
mod redirect;
mod syntax;
mod tools;

use sim::{Observer, Sandbox};

pub(crate) use builtins::BUILTINS;
pub(crate) use execute::Watch;
pub(crate) use parse::{is_name, scan};
pub use syntax::Script;
pub(crate) use syntax::{List, Part, Pipeline, ShellCommand, ShellWord, Simple};
pub(crate) use tools::{TOOLS, path};

use crate::line::parse_in;
use crate::run::run_simple;
use crate::surroundings::Surroundings;
use crate::{Line, Output, UsageError};

/// What a prompt remembers from one line to the next besides the world's own: `$?`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shell {
    status: u8,
}

impl Shell {
    /// Runs one line as typed; `watch` is shown the sandbox whenever some virtual time has passed.
    pub fn run<O: Observer>(
        &mut self,
        sandbox: &mut Sandbox<O>,
        line: &str,
        watch: &mut dyn FnMut(&Sandbox<O>),
    ) -> Output {
        sandbox.begin_line();
        let output = self.run_once(sandbox, line, watch);
        sandbox.end_line();
        self.status = output.exit_code;
        output
    }

    fn run_once<O: Observer>(
        self,
        sandbox: &mut Sandbox<O>,
        line: &str,
        watch: &mut dyn FnMut(&Sandbox<O>),
    ) -> Output {
        let home = sandbox.world().home().clone();
        match parse_in(line, &Surroundings { home: Some(&home), input: None }) {
            Ok(Line::Script(script)) => execute::execute(sandbox, &script, self.status, watch),
            Ok(line) => run_simple(sandbox, &line, &home, watch),
            Err(error) => Output::mistake(error),
        }
    }
}

/// The first mistake of a script that is certain before it runs.
pub(crate) fn check(script: &Script) -> Result<(), UsageError> {
    check::check(script)
}

/// Runs a script that was read before.
pub(crate) fn run_script<O: Observer>(
    sandbox: &mut Sandbox<O>,
    script: &Script,
    watch: Watch<'_, O>,
) -> Output {
    execute::execute(sandbox, script, 0, watch)
}
