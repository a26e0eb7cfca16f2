//! Running a script: each `aws` and `sandbox` command of it is a command of the history, stamped when it runs. Variables
//! and files that it changed are given to the world when it ends.

use kinesis::Duration;
use sim::{Command, Home, Observer, Sandbox, Variable};

use super::parse::is_name;
use super::syntax::{Join, List, Part, Pipeline, Script, ShellCommand, Simple, What};
use super::tools::{self, Input};
use crate::line::{PROGRAMS, parse_words, programs};
use crate::nearest::nearest;
use crate::run::{HeldIterator, run_simple};
use crate::surroundings::Surroundings;
use crate::verbs::VERBS;
use crate::{Effect, Line, Output, UsageError, UsageKind, Word, aws};

/// Commands that one line may run: a loop that never ends is stopped here.
pub(crate) const COMMANDS_PER_LINE_MAX: u32 = 10_000;
/// Bytes that one line may print, and that one of its words may grow to.
pub(crate) const OUTPUT_BYTES_MAX: usize = 8 << 20;

/// Bytes that the words of one line may become, all together.
const EXPANDED_BYTES_MAX: usize = 64 << 20;

/// What looks on while time passes.
pub(crate) type Watch<'w, O> = &'w mut dyn FnMut(&Sandbox<O>);

/// Where a command goes on after another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flow {
    Next,
    /// Out of so many loops.
    Break(u32),
    /// On with the next round of the loop that many levels up.
    Continue(u32),
    /// The line is over.
    Exit,
}

/// What commands print.
#[derive(Default)]
pub(super) struct Printed {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
}

/// One line as it runs.
pub(super) struct Session<'s, 'w, O: Observer> {
    pub(super) sandbox: &'s mut Sandbox<O>,
    pub(super) watch: Watch<'w, O>,
    /// Variables and files as the line has changed them so far.
    pub(super) home: Home,
    pub(super) status: u8,
    commands: u32,
    /// Standard error of `$(…)`, until the command around it prints its own.
    pub(super) aside: String,
    effects: Vec<Effect>,
    iterators: Vec<HeldIterator>,
    error: Option<UsageError>,
    /// Whether the line is one command: then what the sandbox says besides belongs to it.
    is_alone: bool,
    pub(super) dice: u64,
    /// Bytes that words became so far.
    pub(super) expanded_bytes: usize,
    /// Files that are being run, inside each other.
    pub(super) files_open: u32,
}

/// Runs a script; `status` is what the line before it ended with.
pub(super) fn execute<O: Observer>(
    sandbox: &mut Sandbox<O>,
    script: &Script,
    status: u8,
    watch: Watch<'_, O>,
) -> Output {
    let home = sandbox.world().home().clone();
    let dice = sandbox.options().seed ^ sandbox.now().micros() ^ sandbox.world().digest().value();
    let is_alone = match script.lists.as_slice() {
        [List { first: Pipeline { commands, .. }, rest }] => {
            let is_simple = matches!(commands.as_slice(), [Part { command: ShellCommand::Simple(_), .. }]);
            is_simple && rest.is_empty()
        }
        _ => false,
    };
    let mut session = Session {
        sandbox,
        watch,
        home,
        status,
        commands: 0,
        aside: String::new(),
        effects: Vec::new(),
        iterators: Vec::new(),
        error: None,
        is_alone,
        dice,
        expanded_bytes: 0,
        files_open: 0,
    };
    let mut printed = Printed::default();
    session.script(script, &mut Input::default(), &mut printed);
    session.keep_home(&mut printed);
    Output {
        stdout: String::from_utf8_lossy(&printed.stdout).into_owned(),
        stderr: printed.stderr,
        exit_code: session.status,
        effects: session.effects,
        iterators: session.iterators,
        error: session.error,
    }
}

impl<O: Observer> Session<'_, '_, O> {
    pub(super) fn script(&mut self, script: &Script, input: &mut Input, out: &mut Printed) -> Flow {
        for list in &script.lists {
            let flow = self.list(list, input, out);
            if flow != Flow::Next {
                return flow;
            }
        }
        Flow::Next
    }

    fn list(&mut self, list: &List, input: &mut Input, out: &mut Printed) -> Flow {
        let mut flow = self.pipeline(&list.first, input, out);
        for (join, pipeline) in &list.rest {
            let is_wanted = (*join == Join::And) == (self.status == 0);
            if flow == Flow::Next && is_wanted {
                flow = self.pipeline(pipeline, input, out);
            }
        }
        flow
    }

    fn pipeline(&mut self, pipeline: &Pipeline, input: &mut Input, out: &mut Printed) -> Flow {
        let mut flow = Flow::Next;
        match pipeline.commands.as_slice() {
            [only] => flow = self.part(only, input, out),
            commands => {
                // Each runs in a shell of its own: what it sets is gone with it.
                let variables = self.home.clone();
                let mut piped = Vec::new();
                for (i, command) in commands.iter().enumerate() {
                    let mut printed = Printed { stdout: Vec::new(), stderr: std::mem::take(&mut out.stderr) };
                    let exit = match i {
                        0 => self.part(command, input, &mut printed),
                        _ => self.part(command, &mut Input::new(piped), &mut printed),
                    };
                    self.restore_variables(&variables);
                    out.stderr = printed.stderr;
                    piped = printed.stdout;
                    if exit == Flow::Exit && self.is_stopped() {
                        flow = exit;
                    }
                }
                out.stdout.append(&mut piped);
            }
        }
        if pipeline.is_negated {
            self.status = u8::from(self.status == 0);
        }
        flow
    }

    pub(super) fn command(&mut self, command: &ShellCommand, input: &mut Input, out: &mut Printed) -> Flow {
        match command {
            ShellCommand::Simple(simple) => self.simple(simple, input, out),
            ShellCommand::Group { is_subshell: false, body } => self.script(body, input, out),
            ShellCommand::Group { is_subshell: true, body } => {
                let before = self.home.clone();
                let flow = self.script(body, input, out);
                self.restore_variables(&before);
                if flow == Flow::Exit && self.is_stopped() { flow } else { Flow::Next }
            }
            ShellCommand::If { branches, otherwise } => {
                for (condition, body) in branches {
                    let flow = self.script(condition, input, out);
                    if flow != Flow::Next {
                        return flow;
                    }
                    if self.status == 0 {
                        return self.script(body, input, out);
                    }
                }
                // Its first command still sees how the condition ended.
                if otherwise.lists.is_empty() {
                    self.status = 0;
                }
                self.script(otherwise, input, out)
            }
            ShellCommand::For { name, words, body } => {
                let items: Vec<String> = words.iter().flat_map(|word| self.fields(word)).collect();
                out.stderr.push_str(&std::mem::take(&mut self.aside));
                if items.is_empty() {
                    self.status = 0;
                }
                for item in items {
                    self.set(name, item, out);
                    match self.round(body, input, out) {
                        Flow::Next => {}
                        Flow::Break(0) => break,
                        flow => return flow,
                    }
                }
                Flow::Next
            }
            ShellCommand::While { is_until, condition, body } => {
                let mut status = 0;
                loop {
                    let flow = self.script(condition, input, out);
                    if flow != Flow::Next {
                        return flow;
                    }
                    if (self.status == 0) == *is_until {
                        break;
                    }
                    match self.round(body, input, out) {
                        Flow::Next => {}
                        Flow::Break(0) => break,
                        flow => return flow,
                    }
                    status = self.status;
                    if !self.count(out) {
                        return Flow::Exit;
                    }
                }
                self.status = status;
                Flow::Next
            }
        }
    }

    /// One round of a loop; `Break(0)` ends this loop.
    fn round(&mut self, body: &Script, input: &mut Input, out: &mut Printed) -> Flow {
        match self.script(body, input, out) {
            Flow::Break(1) => Flow::Break(0),
            Flow::Break(levels) => Flow::Break(levels - 1),
            Flow::Continue(1) => Flow::Next,
            Flow::Continue(levels) => Flow::Continue(levels - 1),
            flow => flow,
        }
    }

    /// Whether the line was stopped because it did too much.
    pub(super) fn is_stopped(&self) -> bool {
        self.commands > COMMANDS_PER_LINE_MAX
    }

    /// Counts a command; `false` where the line must end.
    fn count(&mut self, out: &mut Printed) -> bool {
        self.commands += 1;
        let is_over = self.commands > COMMANDS_PER_LINE_MAX;
        let is_long = out.stdout.len() + out.stderr.len() > OUTPUT_BYTES_MAX
            || self.expanded_bytes > EXPANDED_BYTES_MAX;
        if is_over && self.commands == COMMANDS_PER_LINE_MAX + 1 {
            let message = format!("stopped after {COMMANDS_PER_LINE_MAX} commands of one line");
            out.stderr.push_str(&format!("sandbox: {message}\n"));
        } else if is_long && !is_over {
            out.stderr.push_str("sandbox: stopped because of too much text in one line\n");
            self.commands = COMMANDS_PER_LINE_MAX + 1;
        }
        if is_over || is_long {
            self.status = 1;
        }
        !is_over && !is_long
    }

    pub(super) fn set(&mut self, name: &str, value: String, out: &mut Printed) {
        let is_exported = self.home.variable(name).is_some_and(|variable| variable.is_exported);
        if let Err(refusal) = self.home.set_variable(name, Some(Variable { value, is_exported })) {
            out.stderr.push_str(&format!("sandbox: {name}: {}\n", refusal.reason()));
            self.status = 1;
        }
    }

    fn simple(&mut self, simple: &Simple, input: &mut Input, out: &mut Printed) -> Flow {
        if !self.count(out) {
            return Flow::Exit;
        }
        let before = self.status;
        self.status = 0;
        let mut words: Vec<Word> = Vec::new();
        // `$?` among the words is that of the command before.
        let expanded = std::mem::replace(&mut self.status, before);
        for word in &simple.words {
            let fields = self.fields(word).into_iter();
            words.extend(fields.map(|text| Word { text, span: word.span.clone() }));
        }
        let values: Vec<(&String, String)> =
            simple.assignments.iter().map(|(name, word)| (name, self.text(&word.pieces))).collect();
        out.stderr.push_str(&std::mem::take(&mut self.aside));
        if words.is_empty() {
            let has_output =
                simple.assignments.iter().any(|(_, word)| super::expand::has_output(&word.pieces));
            if !has_output {
                self.status = expanded;
            }
            for (name, value) in values {
                self.set(name, value, out);
            }
            return Flow::Next;
        }
        let kept = (!values.is_empty()).then(|| self.home.clone());
        for (name, value) in values {
            let _ = self.home.set_variable(name, Some(Variable { value, is_exported: true }));
        }
        let unset = self.unset_variable(simple);
        let flow = self.program(&words, input, out);
        let is_ours = words.first().is_some_and(|word| PROGRAMS.contains(&word.text.as_str()));
        if let Some(hint) = unset.filter(|_| is_ours && self.status != 0) {
            out.stderr.push_str(&hint);
        }
        if let Some(kept) = kept {
            self.restore_variables(&kept);
        }
        flow
    }

    /// What to say of the first variable of a command that is not set, where the command fails: a shell says nothing.
    fn unset_variable(&self, simple: &Simple) -> Option<String> {
        let pieces = simple.words.iter().flat_map(|word| &word.pieces);
        let unset = pieces.filter_map(|piece| match &piece.what {
            What::Variable { name, default: None } if is_name(name) => Some(name.as_str()),
            _ => None,
        });
        let name = unset.into_iter().find(|name| self.home.variable(name).is_none())?;
        let near = nearest(name, self.home.variables().map(|(own, _)| own.as_str()), 60).into_iter().next();
        let meant = near.map(|near| format!(": did you mean ${near}?")).unwrap_or_default();
        Some(format!("sandbox: ${name} is not set{meant}\n"))
    }

    fn program(&mut self, words: &[Word], input: &mut Input, out: &mut Printed) -> Flow {
        let name = words.first().map_or("", |word| word.text.as_str());
        if let Some(flow) = self.builtin(name, words, input, out) {
            return flow;
        }
        if let Some(tool) = tools::find(name) {
            let ended = tool(&mut tools::Call {
                name,
                arguments: &words[1..],
                input,
                home: &mut self.home,
                now: self.sandbox.now(),
                dice: &mut self.dice,
            });
            match ended {
                Ok(ended) => {
                    out.stdout.extend(ended.stdout);
                    out.stderr.push_str(&ended.stderr);
                    self.status = ended.status;
                }
                Err(error) => self.fail(error, out),
            }
            return Flow::Next;
        }
        let end = words.last().map_or(0, |word| word.span.end);
        let surroundings = Surroundings { home: Some(&self.home), input: Some(input.rest()) };
        match parse_words(words, end, &surroundings) {
            Ok(line) => self.line(&line, out),
            Err(error) => self.fail(error, out),
        }
        Flow::Next
    }

    pub(super) fn fail(&mut self, error: UsageError, out: &mut Printed) {
        out.stderr.push_str(&error.to_stderr());
        self.status = error.exit_code();
        if self.is_alone {
            self.error = Some(error);
        }
    }

    fn line(&mut self, line: &Line, out: &mut Printed) {
        let own = match line {
            Line::Command(command) => Some(command.clone()),
            Line::Local(local) => local.command(&Surroundings { home: Some(&self.home), input: None }),
            _ => None,
        };
        let changed = match own {
            Some(Command::SetVariable { name, variable }) => Some(self.home.set_variable(&name, variable)),
            Some(Command::WriteFile { path, content }) => Some(self.home.write_file(&path, content)),
            _ => None,
        };
        if let Some(changed) = changed {
            self.status = u8::from(changed.is_err());
            if let Err(refusal) = changed {
                out.stderr.push_str(&format!("sandbox: {}\n", refusal.reason()));
            }
            return;
        }
        match line {
            // Beside other commands a pause prints nothing, as in a shell.
            Line::Advance(span) if !self.is_alone => {
                let left = crate::run::pass(self.sandbox, *span, self.watch);
                self.status = u8::from(left > Duration::ZERO);
            }
            line => {
                let output = run_simple(self.sandbox, line, &self.home, self.watch);
                out.stdout.extend(output.stdout.into_bytes());
                out.stderr.push_str(&output.stderr);
                self.status = output.exit_code;
                self.effects.extend(output.effects);
                self.iterators.extend(output.iterators);
                if matches!(line, Line::Undo | Line::Redo | Line::Seek(_) | Line::Fork(_)) {
                    // The files are those of the other time.
                    self.home = self.sandbox.world().home().clone();
                }
            }
        }
    }
}

/// The shell's answer to a name that is nobody's.
pub(super) fn not_found(word: &Word) -> UsageError {
    let text = word.text.as_str();
    let near = match whole_command(text) {
        Some(command) => vec![command],
        None => nearest(&text.to_lowercase(), programs(), 60),
    };
    let near = if near.is_empty() { nearest_operation(text).into_iter().collect() } else { near };
    let error = UsageError::new(UsageKind::CommandNotFound, word.span.clone(), text);
    match near.is_empty() {
        true => error.hinting("help lists what there is"),
        false => error.suggesting(near),
    }
}

/// A command by one of its later words: those before it were forgotten.
fn whole_command(word: &str) -> Option<String> {
    let is_service = word == "kinesis" || aws::service(word).is_some() || matches!(word, "s3" | "sts");
    if is_service || word == "configure" {
        return Some(format!("aws {word}"));
    }
    if aws::operation_of_command(word).is_some() {
        return Some(format!("aws kinesis {word}"));
    }
    let is_verb = VERBS.iter().any(|verb| verb.words.first() == Some(&word));
    is_verb.then(|| format!("sandbox {word}"))
}

fn nearest_operation(word: &str) -> Option<String> {
    let commands: Vec<String> = aws::commands().map(aws::command_name).collect();
    let near = nearest(word, commands.iter().map(String::as_str), 80).into_iter().next()?;
    Some(format!("aws kinesis {near}"))
}
