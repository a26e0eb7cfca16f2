//! What completion offers where.

use super::{ORDERS, session};
use crate::{complete, parse};

/// The words that are offered at the end of the line, in a sandbox with a stream, a producer and an application.
fn offered(line: &str) -> Vec<String> {
    let (sandbox, _) = session(&[
        ORDERS[0],
        ORDERS[1],
        "sandbox producer start web --stream orders",
        "sandbox kcl start billing --stream orders --workers 2",
        "aws kinesis create-stream --stream-name clicks --shard-count 1",
    ]);
    complete(line, line.len(), sandbox.world()).into_iter().map(|completion| completion.text).collect()
}

fn first(line: &str, count: usize) -> Vec<String> {
    let mut words = offered(line);
    words.truncate(count);
    words
}

#[test]
fn commands_and_operations_are_offered() {
    assert_eq!(offered(""), ["aws", "sandbox", "sleep", "help", "clear"]);
    assert_eq!(offered("s"), ["sandbox", "sleep", "seq", "sort", "source"]);
    assert_eq!(first("aws ", 1), ["kinesis"]);
    assert_eq!(offered("aws kinesis put-"), ["put-record", "put-records", "put-resource-policy"]);
    assert_eq!(
        offered("aws --region us-east-1 kinesis put-"),
        ["put-record", "put-records", "put-resource-policy"]
    );
    assert_eq!(offered("aws kinesis wait "), ["stream-exists", "stream-not-exists"]);
    assert_eq!(offered("help put-"), ["put-record", "put-records", "put-resource-policy"]);
}

#[test]
fn options_that_are_needed_come_first_and_none_comes_twice() {
    assert_eq!(first("aws kinesis put-record ", 3), ["--stream-name", "--data", "--partition-key"]);
    let more = offered("aws kinesis put-record --stream-name orders --");
    assert_eq!(more.first().map(String::as_str), Some("--data"));
    assert!(!more.contains(&"--stream-name".to_owned()), "{more:?}");
    assert_eq!(
        first("aws kinesis put-record --stream-name o --data x --partition-key k ", 3)[2],
        "--dry-run"
    );
}

#[test]
fn names_and_choices_are_offered_as_values() {
    assert_eq!(offered("aws kinesis describe-stream --stream-name "), ["clicks", "orders"]);
    assert_eq!(offered("aws kinesis describe-stream --stream-name o"), ["orders"]);
    assert_eq!(
        offered("aws kinesis split-shard --stream-name orders --shard-to-split "),
        ["shardId-000000000000", "shardId-000000000001"]
    );
    assert_eq!(
        offered(
            "aws kinesis split-shard --stream-name orders --shard-to-split shardId-000000000000 --new-starting-hash-key "
        ),
        ["85070591730234615865843651857942052864"]
    );
    assert_eq!(first("aws kinesis get-shard-iterator --shard-iterator-type AT_S", 1), ["AT_SEQUENCE_NUMBER"]);
    assert_eq!(
        offered("aws kinesis list-streams --output "),
        ["json", "text", "table", "yaml", "yaml-stream", "off"]
    );
    assert_eq!(offered("aws kinesis create-stream --stream-name "), [""; 0]);
}

#[test]
fn verbs_names_and_workers_are_offered() {
    assert_eq!(offered("sandbox k"), ["kpl", "kcl", "key"]);
    assert_eq!(offered("sandbox producer "), ["start", "change", "stop"]);
    assert_eq!(offered("sandbox producer stop "), ["web"]);
    assert_eq!(offered("sandbox kcl crash "), ["billing"]);
    assert_eq!(offered("sandbox kcl crash billing "), ["w1", "w2"]);
    assert_eq!(first("sandbox producer start fast ", 2), ["--stream", "--rate"]);
    assert_eq!(offered("sandbox producer start fast --stream "), ["clicks", "orders"]);
    assert_eq!(offered("sandbox producer change web --retry b"), ["backoff"]);
}

#[test]
fn the_word_at_the_cursor_is_replaced_whatever_stands_behind_it() {
    let (sandbox, _) = session(&ORDERS);
    let line = "aws kin list-streams";
    let found = complete(line, 7, sandbox.world());
    assert_eq!((found[0].text.as_str(), found[0].replace.clone()), ("kinesis", 4..7));
    let line = "aws kinesis describe-stream --stream-name 'or";
    assert_eq!(complete(line, line.len(), sandbox.world())[0].replace, 42..45);
    assert_eq!(complete("é", 1, sandbox.world()), []);
    assert_eq!(complete("aws", 99, sandbox.world())[0].text, "aws");
}

#[test]
fn a_line_made_of_first_offers_can_be_read() {
    let mut line = String::from("aws kinesis describe-stream-summary");
    for _ in 0..2 {
        line.push(' ');
        let word = first(&line, 1).concat();
        line.push_str(&word);
    }
    assert!(parse(&line).is_ok(), "{line}");
}

#[test]
fn a_command_inside_a_line_is_completed_like_one_alone() {
    for before in ["aws kinesis list-streams | ", "A=$(", "for i in 1 2; do ", "true && ", "if ", "echo x; "]
    {
        assert_eq!(
            first(&format!("{before}aws kinesis put-record --stream-name "), 2),
            ["clicks", "orders"],
            "{before}"
        );
        assert_eq!(first(&format!("{before}gre"), 1), ["grep"], "{before}");
    }
    assert_eq!(first("aws kinesis describe-stream $(echo x) --stream-name ", 1), ["clicks"]);
}

#[test]
fn variables_and_files_are_offered() {
    let (sandbox, _) = session(&["ITER=abc", "INDEX=1", "echo x > records.json"]);
    let texts = |line: &str| -> Vec<String> {
        complete(line, line.len(), sandbox.world()).into_iter().map(|offer| offer.text).collect()
    };
    assert_eq!(texts("aws kinesis get-records --shard-iterator $I"), ["$INDEX", "$ITER"]);
    assert_eq!(texts("echo \"$IT"), ["\"$ITER\""]);
    assert_eq!(texts("echo ${IT"), ["${ITER}"]);
    assert_eq!(texts("cat r"), ["records.json"]);
    assert_eq!(
        texts("aws kinesis put-records --records file"),
        ["file://records.json", "fileb://records.json"]
    );
}
