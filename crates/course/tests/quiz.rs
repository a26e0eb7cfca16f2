//! Every item of the quiz has one right answer, found by running the sandbox where a world can tell, and the outline of
//! the notes is covered.

#![allow(clippy::print_stdout, reason = "the table is worth seeing")]
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use course::quiz::{ExamTag, items, predictions};
use course::{catalog, misconceptions, notes, titles};

#[test]
fn each_item_has_exactly_one_right_option_and_explains_all() {
    let mut ids = BTreeSet::new();
    let mut computed = 0;
    let mut wrong = Vec::new();
    for item in items().iter().chain(predictions()) {
        if let Err(error) = item.key() {
            wrong.push(format!("{}: {error}", item.id));
        }
        computed += usize::from(item.is_computed());
        let reason = item.not_computed.as_deref();
        assert_eq!(reason.is_none(), item.is_computed(), "{} is computed, or says why it is not", item.id);
        assert!(reason.is_none_or(|reason| reason.len() > 20 && reason.ends_with('.')), "{}", item.id);
        assert!(ids.insert(&item.id), "{} is there twice", item.id);
        assert!(item.options.len() >= 2, "{}", item.id);
        let texts: BTreeSet<&str> = item.options.iter().map(|option| option.text.as_str()).collect();
        let whys: BTreeSet<&str> = item.options.iter().map(|option| option.why.as_str()).collect();
        assert_eq!((texts.len(), whys.len()), (item.options.len(), item.options.len()), "{}", item.id);
        assert!(whys.iter().all(|why| why.ends_with(['.', ')'])), "{}", item.id);
        let marks = item.options.iter().filter(|option| option.right).count();
        assert!(!item.is_computed() || marks == 0, "{}: a computed key needs no mark", item.id);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{computed} keys of {} are computed", ids.len());
    assert!(predictions().iter().all(course::quiz::Item::is_computed));
}

#[test]
fn all_topics_of_the_exams_are_asked() {
    let topics: BTreeSet<u32> = items().iter().map(|item| item.topic).collect();
    assert_eq!(topics, (1..=65).collect());
    for tag in ExamTag::ALL {
        assert!(items().iter().filter(|item| item.exams.contains(&tag)).count() >= 30, "{}", tag.name());
    }
}

/// `docs/coverage.md` is written from the outline; `UPDATE=1` renews it.
#[test]
fn each_entry_of_the_notes_is_shown_somewhere() {
    let ids: BTreeSet<&str> = titles()
        .map(|(id, _)| id)
        .chain(items().iter().chain(predictions()).map(|item| item.id.as_str()))
        .collect();
    let mut table = "# What the course covers\n\nWritten by a test from the outline of the notes.\n\n\
                     | section | entry | shown by |\n| --- | --- | --- |\n"
        .to_owned();
    for entry in notes() {
        assert!(!entry.shown_by.is_empty(), "{}", entry.title);
        for id in entry.shown_by {
            assert!(ids.contains(id), "{}: there is no {id}", entry.title);
        }
        writeln!(table, "| {} | {} | {} |", entry.section, entry.title, entry.shown_by.join(", ")).unwrap();
    }
    let sections: BTreeSet<&str> = notes().iter().map(|entry| entry.section).collect();
    assert_eq!(sections.len(), 15);
    // What an exercise follows is in the outline.
    for lesson in catalog() {
        assert!(lesson.file.notes.iter().all(|tag| sections.contains(tag.as_str())), "{}", lesson.file.id);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/coverage.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, table, "UPDATE=1 renews docs/coverage.md");
}

#[test]
fn each_misconception_is_corrected_or_asked_for_somewhere() {
    let mut used: BTreeSet<&str> = items().iter().chain(predictions()).map(|item| item.shows.id).collect();
    for lesson in catalog() {
        used.insert(lesson.file.corrects.id);
        used.extend(lesson.file.near_misses.iter().map(|miss| miss.shows.id));
    }
    let unused: Vec<&str> =
        misconceptions().iter().map(|known| known.id).filter(|id| !used.contains(id)).collect();
    println!("still nowhere: {unused:?}");
    assert!(unused.len() <= 12, "{unused:?}");
}
