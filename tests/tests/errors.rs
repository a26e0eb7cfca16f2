//! Every refusal that the facts about AWS name, sent through the wire and compared word by word.

use std::collections::BTreeSet;

use tests::conversation::Case;
use tests::model::Model;

fn rows() -> Vec<(String, Case)> {
    tests::folder("errors")
        .into_iter()
        .flat_map(|(name, cases)| cases.into_iter().map(move |case| (name.clone(), case)))
        .collect()
}

#[test]
fn every_refusal_is_worded_as_the_facts_say() {
    let rows = rows();
    let failures: Vec<String> = rows
        .iter()
        .filter_map(|(file, row)| row.play().err().map(|why| format!("{file}, {}: {why}", row.title)))
        .collect();
    assert!(failures.is_empty(), "{} of {} rows:\n{}", failures.len(), rows.len(), failures.join("\n"));
}

#[test]
fn every_row_says_where_its_words_come_from() {
    for (file, row) in rows() {
        let (section, basis) = row
            .header("fact")
            .and_then(|fact| fact.split_once(' '))
            .unwrap_or_else(|| panic!("{file}, {}: no fact", row.title));
        assert!(
            section.split('.').all(|part| part.parse::<u8>().is_ok()),
            "{file}, {}: {section}",
            row.title
        );
        assert!(["observed", "documented", "assumed"].contains(&basis), "{file}, {}: {basis}", row.title);
        assert!(row.header("source").is_some_and(|source| source.len() > 10), "{file}, {}", row.title);
        assert!(
            row.refusals().count() + row.expectation_count() > 0,
            "{file}, {}: nothing is checked",
            row.title
        );
    }
}

/// The sections of the facts that name refusals; what is left of one would be seen here, not what is left within.
#[test]
fn every_section_of_the_facts_with_refusals_has_rows() {
    let sections: BTreeSet<String> = rows()
        .iter()
        .filter_map(|(_, row)| row.header("fact")?.split(' ').next().map(str::to_owned))
        .collect();
    for section in [
        "1.1", "1.3", "1.5", "2.1", "2.3", "2.7", "2.9", "3.3", "4.3", "5.1", "5.2", "5.3", "5.4", "5.5",
        "5.6", "5.7", "5.8", "7", "13.1", "13.2", "18",
    ] {
        assert!(sections.contains(section), "no row is of section {section}: {sections:?}");
    }
}

/// Exceptions of the model that no row answers, and why.
const NOT_ANSWERED: [(&str, &str); 2] = [
    ("InternalFailureException", "the sandbox does not fail by itself"),
    ("ThrottlingException", "only queues answer it, and those are not simulated"),
];

#[test]
fn every_exception_of_the_model_is_answered_in_a_row_or_listed() {
    let model = Model::read();
    let rows = rows();
    let answered: BTreeSet<&str> = rows
        .iter()
        .flat_map(|(_, row)| row.refusals())
        .filter_map(|refusal| Some(refusal.split_once(':')?.0))
        .collect();
    let named: BTreeSet<&str> = model.operations().flat_map(|operation| model.errors(operation)).collect();
    assert!(NOT_ANSWERED.iter().all(|(listed, _)| named.contains(listed)), "{named:?}");
    for exception in named {
        let is_listed = NOT_ANSWERED.iter().any(|(listed, _)| *listed == exception);
        assert_ne!(answered.contains(exception), is_listed, "{exception}: {answered:?}");
    }
}

/// Where the service's sentences stand.
const SENTENCES: &str = include_str!("../../crates/kinesis/src/error.rs");

/// Sentences that are ours, or of a client that gets no answer, and need more than a conversation to come about.
const NOT_IN_ROWS: [&str; 2] = ["The sandbox holds at most", "Read timeout on endpoint URL"];

#[test]
fn every_sentence_of_the_service_is_in_a_row() {
    let rows = rows();
    let scenarios = tests::folder("scenarios");
    let refusals: Vec<&str> = rows
        .iter()
        .map(|(_, row)| row)
        .chain(scenarios.iter().flat_map(|(_, cases)| cases))
        .flat_map(|case| case.refusals())
        .collect();
    let missing: Vec<String> = literals(SENTENCES)
        .into_iter()
        .filter(|sentence| sentence.contains(' ') && sentence.len() >= 25)
        .filter(|sentence| !refusals.iter().any(|refusal| holds(refusal, sentence)))
        .filter(|sentence| !NOT_IN_ROWS.iter().any(|start| sentence.starts_with(start)))
        .collect();
    assert!(missing.is_empty(), "in no row of tests/errors:\n{}", missing.join("\n"));
}

/// Texts between quotation marks, those over several lines in one.
fn literals(source: &str) -> Vec<String> {
    let code: String = source.lines().filter(|line| !line.trim_start().starts_with("//")).fold(
        String::new(),
        // A backslash at the end of a line swallows what the next one begins with.
        |code, line| match code.strip_suffix("\\\n") {
            Some(before) => format!("{before}{}\n", line.trim_start()),
            None => format!("{code}{line}\n"),
        },
    );
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether the parts of the sentence around its `{…}` stand in the refusal, one after the other.
fn holds(refusal: &str, sentence: &str) -> bool {
    let mut rest = refusal;
    sentence.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after)).all(|part| {
        rest.find(part).is_some_and(|at| {
            rest = &rest[at + part.len()..];
            true
        })
    })
}
