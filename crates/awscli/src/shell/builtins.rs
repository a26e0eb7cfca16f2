//! What the shell does itself: variables, loops, reading lines, running files.

use sim::{Observer, Variable};

use super::execute::{Flow, Printed, Session, not_found};
use super::parse::{is_name, scan};
use super::tools::{self, Input, NOT_HERE};
use crate::line::PROGRAMS;
use crate::{UsageError, Word};

/// Names of what the shell does itself, for help and completion.
pub(crate) const BUILTINS: [&str; 8] =
    ["export", "unset", "read", "break", "continue", "exit", "source", "bash"];

impl<O: Observer> Session<'_, '_, O> {
    /// Runs what the shell does itself; nothing where the name is a program's.
    pub(super) fn builtin(
        &mut self,
        name: &str,
        words: &[Word],
        input: &mut Input,
        out: &mut Printed,
    ) -> Option<Flow> {
        let arguments = &words[1..];
        self.status = match name {
            ":" => 0,
            "export" => self.export(arguments, out),
            "unset" => {
                for word in arguments.iter().filter(|word| !word.text.starts_with('-')) {
                    let _ = self.home.set_variable(&word.text, None);
                }
                0
            }
            "read" => self.read(arguments, input, out),
            "break" | "continue" => {
                let levels = arguments.first().and_then(|word| word.text.parse().ok()).unwrap_or(1).max(1);
                self.status = 0;
                return Some(if name == "break" { Flow::Break(levels) } else { Flow::Continue(levels) });
            }
            "exit" => {
                self.status =
                    arguments.first().and_then(|word| word.text.parse().ok()).unwrap_or(self.status);
                return Some(Flow::Exit);
            }
            "source" | "." | "bash" | "sh" => return Some(self.run_file(words, input, out)),
            _ if tools::find(name).is_some() || PROGRAMS.contains(&name) => return None,
            name => {
                let error = match NOT_HERE.iter().find(|(tool, _)| *tool == name) {
                    Some((tool, instead)) => {
                        UsageError::sandbox(words[0].span.clone(), format!("{tool} is not here: {instead}."))
                    }
                    None => not_found(&words[0]),
                };
                self.fail(error, out);
                self.status
            }
        };
        Some(Flow::Next)
    }

    fn export(&mut self, arguments: &[Word], out: &mut Printed) -> u8 {
        if arguments.iter().all(|word| word.text == "-p") {
            for (name, variable) in self.home.variables().filter(|(_, variable)| variable.is_exported) {
                let line = format!("export {name}={}\n", crate::quote(&variable.value));
                out.stdout.extend(line.into_bytes());
            }
            return 0;
        }
        for word in arguments {
            let (name, value) = match word.text.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.text.as_str(), None),
            };
            if !is_name(name) {
                out.stderr.push_str(&format!("export: `{}': not a valid identifier\n", word.text));
                return 1;
            }
            let value = value
                .or_else(|| self.home.variable(name).map(|variable| variable.value.clone()))
                .unwrap_or_default();
            if let Err(refusal) = self.home.set_variable(name, Some(Variable { value, is_exported: true })) {
                out.stderr.push_str(&format!("sandbox: {name}: {}\n", refusal.reason()));
                return 1;
            }
        }
        0
    }

    /// Words of a line into variables, the last of which takes what is left.
    fn read(&mut self, arguments: &[Word], input: &mut Input, out: &mut Printed) -> u8 {
        let names: Vec<&str> =
            arguments.iter().map(|word| word.text.as_str()).filter(|text| !text.starts_with('-')).collect();
        let names = if names.is_empty() { vec!["REPLY"] } else { names };
        let line = input.line();
        let text = line.clone().unwrap_or_default();
        let mut rest = text.trim_matches([' ', '\t']);
        for (i, name) in names.iter().enumerate() {
            if !is_name(name) {
                out.stderr.push_str(&format!("read: `{name}': not a valid identifier\n"));
                return 1;
            }
            let value = match rest.split_once([' ', '\t']).filter(|_| i + 1 < names.len()) {
                Some((first, more)) => {
                    rest = more.trim_start_matches([' ', '\t']);
                    first
                }
                None => std::mem::take(&mut rest),
            };
            self.set(name, value.to_owned(), out);
        }
        u8::from(line.is_none())
    }

    /// The lines of a file, as if they stood here; `bash` keeps what they set to itself.
    fn run_file(&mut self, words: &[Word], input: &mut Input, out: &mut Printed) -> Flow {
        let name = words[0].text.as_str();
        let Some(file) = words.get(1).filter(|word| !word.text.starts_with('-')) else {
            let position = words.get(1).map_or(words[0].span.clone(), |word| word.span.clone());
            self.fail(
                UsageError::sandbox(position, format!("{name} takes a file here: {name} script.sh")),
                out,
            );
            return Flow::Next;
        };
        let Some(content) = self.home.file(&tools::path(&file.text)).cloned() else {
            out.stderr.push_str(&format!("{name}: {}: No such file or directory\n", file.text));
            self.status = 127;
            return Flow::Next;
        };
        self.files_open += 1;
        if self.files_open > FILES_OPEN_MAX {
            let message = format!("files can run each other {FILES_OPEN_MAX} deep here");
            self.fail(UsageError::sandbox(file.span.clone(), message), out);
            self.files_open -= 1;
            return Flow::Next;
        }
        let before = self.home.clone();
        let text = String::from_utf8_lossy(&content).into_owned();
        let mut start = 0;
        let mut flow = Flow::Next;
        while start < text.len() && flow == Flow::Next {
            let line = scan(&text, start);
            if let Some(error) = line.error {
                self.fail(error, out);
                break;
            }
            flow = self.script(&line.script, input, out);
            start = line.end.max(start + 1);
        }
        self.files_open -= 1;
        if matches!(name, "bash" | "sh") {
            self.restore_variables(&before);
        }
        if self.is_stopped() { Flow::Exit } else { Flow::Next }
    }
}

/// Files that run each other.
const FILES_OPEN_MAX: u32 = 16;
