//! What the AWS CLI 2.9.19 printed of answers that a local server gave, against what is printed here.

use kinesis::Operation;
use serde_json::Value;

use super::{Format, Printing, print_times};
use crate::aws::paging::{self, Pages};
use crate::query::Query;

const ANSWERS: &str = include_str!("../../tests/recorded/answers.json");
const PRINTED: &str = include_str!("../../tests/recorded/printed.jsonl");

#[test]
fn answers_are_printed_as_the_real_one_prints_them() {
    let mut answers: Value = serde_json::from_str(ANSWERS).unwrap();
    print_times(&mut answers);
    let mut failed = Vec::new();
    for line in PRINTED.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| case[name].as_str();
        let name = text("operation").unwrap();
        let format = Format::ALL.into_iter().find(|format| text("format") == Some(format.name())).unwrap();
        let query = text("query").map(|query| Query::parse(query).unwrap());
        let printing = Printing { format: Some(format), query };
        let operation = Operation::ALL.iter().find(|operation| operation.name() == name).unwrap();
        let (stdout, problem) = match paging::pager(*operation) {
            Some(pager) => {
                let pages = match &answers[name] {
                    Value::Array(pages) => pages.clone(),
                    page => vec![page.clone()],
                };
                printing.pages(name, &Pages { pages, resume_token: None }, pager)
            }
            None => printing.answer(name, &answers[name]),
        };
        if Some(stdout.as_str()) != text("stdout") || problem.as_deref() != text("error") {
            failed.push(format!("{line}\n{stdout}{problem:?}"));
        }
    }
    assert!(failed.is_empty(), "{} differ:\n{}", failed.len(), failed.join("\n\n"));
    assert!(PRINTED.lines().count() > 200);
}
