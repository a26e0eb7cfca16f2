//! `docs/limits.md` is the table of limits as the code has it: `UPDATE=1 cargo test -p tests --test limits_page`
//! writes it anew.

use kinesis::{Limit, Limits};

const INTRODUCTION: &str = "\
# Limits

Kinesis Data Streams has changed its limits over the years, and what people learn for an exam is not always what AWS says today.
A world therefore lives under one of three profiles; `mount({ limits })`, `new Sandbox({ limits })` and a lesson name it:

- `exam`, where nothing is said: what the exams of 2021 to 2024 ask for.
- `aws-today`: what AWS documents in 2026, for us-east-1.
- `study-notes`: as `exam`, but for the numbers that common study notes state otherwise.

This page is made from `crates/kinesis/src/limits.rs`, the one place in which a limit is written; the tests fail when it is out of date.
*Assumed* marks what AWS does not document.
";

fn page() -> String {
    let table = Limits::table();
    let differs = |limit: &&Limit| limit.exam != limit.aws_today || limit.exam != limit.study_notes;
    let (differing, same): (Vec<&Limit>, Vec<&Limit>) = table.iter().partition(differs);
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n## Where the profiles differ\n\n");
    page.push_str("| limit | exam | aws-today | study-notes | unit | source |\n");
    page.push_str("| --- | ---: | ---: | ---: | --- | --- |\n");
    for limit in differing {
        let values = [limit.exam, limit.aws_today, limit.study_notes].map(|value| shown(value, limit.unit));
        page.push_str(&row(&[&title(limit), &values[0], &values[1], &values[2], unit(limit), limit.source]));
    }
    page.push_str(
        "\n## The same in all profiles\n\n| limit | value | unit | source |\n| --- | ---: | --- | --- |\n",
    );
    for limit in same {
        page.push_str(&row(&[&title(limit), &shown(limit.exam, limit.unit), unit(limit), limit.source]));
    }
    page
}

fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn title(limit: &Limit) -> String {
    format!("`{}`: {}", limit.name, limit.meaning)
}

const MIB: u64 = 1 << 20;

/// Whole MiB as such: AWS's megabytes are these.
fn shown(value: u64, unit: &str) -> String {
    match unit.starts_with("bytes") && value.is_multiple_of(MIB) {
        true => grouped(value / MIB),
        false => grouped(value),
    }
}

fn unit(limit: &Limit) -> &'static str {
    let are_whole =
        [limit.exam, limit.aws_today, limit.study_notes].iter().all(|value| value.is_multiple_of(MIB));
    match limit.unit {
        "bytes" if are_whole => "MiB",
        "bytes/s" if are_whole => "MiB/s",
        unit => unit,
    }
}

/// `10,000`.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[test]
fn the_page_of_limits_says_what_the_code_does() {
    let path = format!("{}/../docs/limits.md", env!("CARGO_MANIFEST_DIR"));
    let made = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, made, "run with UPDATE=1 and read the difference");
}

#[test]
fn numbers_read_as_people_write_them() {
    assert_eq!([0, 999, 1_000, 10_000, 1_048_576].map(grouped), ["0", "999", "1,000", "10,000", "1,048,576"]);
    assert_eq!(
        [shown(10 << 20, "bytes/s"), shown(10 << 20, "records"), shown(1_500, "bytes")],
        ["10", "10,485,760", "1,500"]
    );
}
