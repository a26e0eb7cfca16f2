//! What a learner keeps at the prompt: variables and files. They are part of the world, so that going back in time
//! and opening a saved session bring them along.

use std::hash::Hash as _;
use std::sync::Arc;

use kinesis::SortedMap;

use crate::Digest;
use crate::history::Refusal;

/// Variables and files by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Home {
    variables: SortedMap<String, Variable>,
    files: SortedMap<String, Arc<[u8]>>,
}

/// A shell's variable.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Variable {
    pub value: String,
    /// Whether programs see it: `export`.
    pub is_exported: bool,
}

impl Home {
    /// Variables and files together, each.
    pub const ENTRIES_MAX: usize = 1_000;
    /// Bytes of all values and files together.
    pub const BYTES_MAX: usize = 16 << 20;

    /// Bytes of a file's name.
    pub const PATH_BYTES_MAX: usize = 255;

    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    pub fn variables(&self) -> impl Iterator<Item = (&String, &Variable)> {
        self.variables.iter()
    }

    pub fn file(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.files.get(path)
    }

    pub fn files(&self) -> impl Iterator<Item = (&String, &Arc<[u8]>)> {
        self.files.iter()
    }

    /// Gives a variable a value, or takes it away. A refused one changes nothing.
    pub fn set_variable(&mut self, name: &str, variable: Option<Variable>) -> Result<(), Refusal> {
        let Some(variable) = variable else {
            self.variables.remove(name);
            return Ok(());
        };
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            return Err(Refusal::new("a variable's name has letters, digits and _ and begins with no digit"));
        }
        let old = self.variables.get(name).map_or(0, |old| old.value.len());
        self.check(self.variables.get(name).is_none(), variable.value.len(), old)?;
        self.variables.insert(name.to_owned(), variable);
        Ok(())
    }

    /// Writes a file, or takes it away. A refused one changes nothing.
    pub fn write_file(&mut self, path: &str, content: Option<Arc<[u8]>>) -> Result<(), Refusal> {
        let Some(content) = content else {
            self.files.remove(path);
            return Ok(());
        };
        if path.is_empty() || path.len() > Home::PATH_BYTES_MAX || path.contains(char::is_control) {
            return Err(Refusal::new(format!("a file's name has 1 to {} bytes", Home::PATH_BYTES_MAX)));
        }
        let old = self.files.get(path).map_or(0, |old| old.len());
        self.check(self.files.get(path).is_none(), content.len(), old)?;
        self.files.insert(path.to_owned(), content);
        Ok(())
    }

    fn check(&self, is_new: bool, bytes: usize, old: usize) -> Result<(), Refusal> {
        if is_new && self.variables.len() + self.files.len() >= Home::ENTRIES_MAX {
            let message = format!("there is room for {} variables and files", Home::ENTRIES_MAX);
            return Err(Refusal::new(message));
        }
        let values = self.variables.values().map(|variable| variable.value.len());
        let files = self.files.values().map(|content| content.len());
        let kept: usize = values.chain(files).sum();
        if kept - old + bytes > Home::BYTES_MAX {
            let message = format!("variables and files may have {} MiB together", Home::BYTES_MAX >> 20);
            return Err(Refusal::new(message));
        }
        Ok(())
    }
}

/// What a change of the home adds to the digest of the world.
pub(crate) fn digest_variable(digest: &mut Digest, name: &str, variable: Option<&Variable>) {
    (name, variable.is_some()).hash(digest);
    if let Some(variable) = variable {
        variable.hash(digest);
    }
}

pub(crate) fn digest_file(digest: &mut Digest, path: &str, content: Option<&Arc<[u8]>>) {
    (path, content.is_some()).hash(digest);
    if let Some(content) = content {
        content.hash(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, Sandbox, SandboxOptions};

    fn write(path: &str, text: &str) -> Command {
        Command::WriteFile { path: path.to_owned(), content: Some(Arc::from(text.as_bytes())) }
    }

    fn set(name: &str, value: &str) -> Command {
        let variable = Variable { value: value.to_owned(), is_exported: false };
        Command::SetVariable { name: name.to_owned(), variable: Some(variable) }
    }

    #[test]
    fn files_and_variables_come_back_from_a_saved_session() {
        let mut sandbox = Sandbox::new(SandboxOptions::default());
        let binary = Command::WriteFile { path: "b".to_owned(), content: Some(Arc::from(&b"\xff\0"[..])) };
        for command in [write("a.json", "{}"), binary, set("A", "1"), write("gone", "x")] {
            sandbox.submit(command).unwrap();
        }
        sandbox.submit(Command::WriteFile { path: "gone".to_owned(), content: None }).unwrap();
        let (loaded, note) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
        assert_eq!(note, None);
        assert_eq!(loaded.world().home(), sandbox.world().home());
        assert_eq!(loaded.world().digest(), sandbox.world().digest());
        let paths: Vec<&String> = loaded.world().home().files().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a.json", "b"]);
    }

    #[test]
    fn undo_takes_a_file_back_and_steps_over_variables() {
        let mut sandbox = Sandbox::new(SandboxOptions::default());
        for command in [write("a", "1"), write("a", "2"), set("A", "1")] {
            sandbox.submit(command).unwrap();
        }
        assert!(sandbox.undo());
        assert_eq!(sandbox.world().home().file("a").map(|content| &content[..]), Some(&b"1"[..]));
        assert_eq!(sandbox.world().home().variable("A"), None);
    }

    #[test]
    fn different_files_give_different_digests() {
        let digest = |command: Command| {
            let mut sandbox = Sandbox::new(SandboxOptions::default());
            sandbox.submit(command).unwrap();
            sandbox.world().digest()
        };
        assert_ne!(digest(write("a", "1")), digest(write("a", "2")));
        assert_ne!(digest(write("a", "1")), digest(set("a", "1")));
    }

    #[test]
    fn there_is_room_for_so_much() {
        let mut home = Home::default();
        let large: Arc<[u8]> = Arc::from(vec![0; Home::BYTES_MAX]);
        home.write_file("a", Some(Arc::clone(&large))).unwrap();
        home.write_file("a", Some(large)).unwrap();
        assert!(home.write_file("b", Some(Arc::from(&b"x"[..]))).is_err());
        assert!(home.file("b").is_none());
        home.write_file("a", None).unwrap();
        for i in 0..Home::ENTRIES_MAX {
            home.write_file(&i.to_string(), Some(Arc::from(&b""[..]))).unwrap();
        }
        assert!(home.set_variable("x", Some(Variable::default())).is_err());
    }
}
