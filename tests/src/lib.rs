//! Tests that need more than one crate live in this package. What they share stands here: the service behind its
//! wire, and the language in which conversations with it are written down.

pub mod conversation;
pub mod dice;
pub mod fuzz;
pub mod fuzz_language;
pub mod long_runs;
pub mod model;
mod placeholder;
pub mod random_sessions;
pub mod requests;
pub mod wire;

/// The conversations in each file of a folder of this package, by the name of the file.
pub fn folder(name: &str) -> Vec<(String, Vec<conversation::Case>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut files: Vec<std::path::PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder can be listed").path())
        .collect();
    files.sort_unstable();
    files
        .into_iter()
        .map(|path| {
            let path = if path.is_dir() { path.join("steps.txt") } else { path };
            let shown = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{shown}: {error}"));
            let cases = conversation::read(&text).unwrap_or_else(|why| panic!("{shown}, {why}"));
            assert!(!cases.is_empty(), "{shown} holds no conversation");
            (shown, cases)
        })
        .collect()
}
