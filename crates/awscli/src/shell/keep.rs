//! What a line leaves behind in the world: variables and files.

use sim::{Command, Home, Observer};

use super::execute::{Printed, Session};

impl<O: Observer> Session<'_, '_, O> {
    /// Gives the world what the line has changed of the variables and files.
    pub(super) fn keep_home(&mut self, out: &mut Printed) {
        let old = self.sandbox.world().home().clone();
        let mut commands = Vec::new();
        let mut names: Vec<&String> =
            old.variables().chain(self.home.variables()).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let variable = self.home.variable(name);
            if variable != old.variable(name) {
                commands.push(Command::SetVariable { name: name.clone(), variable: variable.cloned() });
            }
        }
        let mut paths: Vec<&String> = old.files().chain(self.home.files()).map(|(path, _)| path).collect();
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            let content = self.home.file(path);
            if content != old.file(path) {
                commands.push(Command::WriteFile { path: path.clone(), content: content.cloned() });
            }
        }
        for command in commands {
            if let Err(refusal) = self.sandbox.submit(command) {
                out.stderr.push_str(&format!("sandbox: {}\n", refusal.reason()));
                self.status = 1;
            }
        }
    }

    /// Variables as they were before: what a subshell sets is gone with it.
    pub(super) fn restore_variables(&mut self, before: &Home) {
        let names: Vec<String> =
            self.home.variables().chain(before.variables()).map(|(name, _)| name.clone()).collect();
        for name in names {
            // There was room for it before.
            let _ = self.home.set_variable(&name, before.variable(&name).cloned());
        }
    }
}
