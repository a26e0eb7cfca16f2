//! The texts of the course: what each chapter weighs in each language, and that no first load waits for them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::site::{module_path, rest_path};
use crate::size::brotli;
use crate::{project, table};

/// Bytes that the texts of one chapter may take in one language, as brotli.
const CHAPTER_BYTES_MAX: usize = 12_000;
/// Bytes of a line that no other part of the page has by chance.
const LINE_BYTES_MIN: usize = 60;

/// The texts of a lesson in one language. The module has them as they stand in the files, the setup and the solution
/// too, which are the same in every language.
const FILES: [(&str, &[&str]); 2] = [
    ("en", &["lesson.json", "text.en.md", "setup.txt", "solution.txt"]),
    ("de", &["words.de.json", "text.de.md"]),
];

/// The texts of each chapter and language.
fn texts(lessons: &Path) -> Result<BTreeMap<(u64, &'static str), String>> {
    let mut texts = BTreeMap::new();
    let mut folders: Vec<_> =
        fs::read_dir(lessons)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    folders.sort();
    for folder in folders {
        let read = |file: &str| fs::read_to_string(folder.join(file));
        let lesson = read("lesson.json").with_context(|| format!("cannot read {}", folder.display()))?;
        let lesson: serde_json::Value = serde_json::from_str(&lesson)?;
        let chapter = lesson["chapter"].as_u64().context("a lesson has a chapter")?;
        for (language, files) in FILES {
            // A lesson that is not translated has no file of the language.
            let text: String = files.iter().filter_map(|file| read(file).ok()).collect();
            if !text.is_empty() {
                *texts.entry((chapter, language)).or_insert_with(String::new) += &text;
            }
        }
    }
    Ok(texts)
}

/// Prints what the texts of each chapter weigh; an error where one weighs too much.
pub(crate) fn check_sizes() -> Result<()> {
    let texts = texts(&project::root().join("crates/course/lessons"))?;
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut heavy = Vec::new();
    for ((chapter, language), text) in texts {
        let bytes = brotli(text.as_bytes())?.len();
        if bytes > CHAPTER_BYTES_MAX {
            heavy.push(format!("chapter {chapter} in {language} has {bytes}"));
        }
        rows.push([chapter.to_string(), language.to_owned(), text.len().to_string(), bytes.to_string()]);
    }
    print!("{}", table::markdown(["chapter", "language", "bytes", "brotli"], &rows));
    match heavy.as_slice() {
        [] => Ok(()),
        _ => bail!("texts of a chapter may take {CHAPTER_BYTES_MAX} bytes: {}", heavy.join(", ")),
    }
}

/// Fails where the first load has a line of a lesson, or the rest has it not.
pub(crate) fn check_first_load(site: &Path) -> Result<()> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let (first, rest) = (read(&module_path(site))?, read(&rest_path(site))?);
    let texts = texts(&project::root().join("crates/course/lessons"))?;
    let lines: Vec<&str> =
        texts.values().flat_map(|text| text.lines()).filter(|line| is_of_a_lesson(line)).collect();
    let (first, rest) = (Lines::of(&first, &lines), Lines::of(&rest, &lines));
    for line in &lines {
        if first.has(line) {
            bail!("the first load has a line of a lesson: {line}");
        }
        if !rest.has(line) {
            bail!(
                "neither part of the module has this line of a lesson; is the site of another state? {line}"
            );
        }
    }
    println!(
        "None of {} lines of lessons is in the first load; the rest of the module has them",
        lines.len()
    );
    Ok(())
}

/// Command lines may stand elsewhere, too.
fn is_of_a_lesson(line: &str) -> bool {
    line.len() >= LINE_BYTES_MIN && !line.starts_with("aws ") && !line.starts_with("sandbox ")
}

/// Which of some lines a module has.
struct Lines<'a> {
    found: BTreeSet<&'a str>,
}

impl<'a> Lines<'a> {
    /// Looks for all of them in one go: by their first bytes.
    fn of(module: &[u8], lines: &[&'a str]) -> Lines<'a> {
        const BEGINNING: usize = 8;
        let mut by_beginning: BTreeMap<&[u8], Vec<&'a str>> = BTreeMap::new();
        for line in lines {
            by_beginning.entry(&line.as_bytes()[..BEGINNING]).or_default().push(line);
        }
        let mut found = BTreeSet::new();
        for (at, beginning) in module.windows(BEGINNING).enumerate() {
            for line in by_beginning.get(beginning).into_iter().flatten() {
                if module[at..].starts_with(line.as_bytes()) {
                    found.insert(*line);
                }
            }
        }
        Lines { found }
    }

    fn has(&self, line: &str) -> bool {
        self.found.contains(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_wherever_it_stands_and_only_whole() {
        let lines = ["Reading moves a bookmark; records stay.", "Reading moves a bookmark; nothing goes."];
        let module = b"\0asm Reading moves a bookmark; records stay.\nReading moves a bookmark; nothing";
        let found = Lines::of(module, &lines);
        assert!(found.has(lines[0]) && !found.has(lines[1]));
    }

    #[test]
    fn each_chapter_has_texts_and_the_first_one_has_german_ones() {
        let texts = texts(&project::root().join("crates/course/lessons")).unwrap();
        assert!((1..=10).all(|chapter| texts.contains_key(&(chapter, "en"))));
        assert!(texts[&(1, "de")].contains("Aufbewahrung"));
        let lines = texts.values().flat_map(|text| text.lines()).filter(|line| is_of_a_lesson(line));
        assert!(lines.count() > 500);
    }
}
