//! The token builder: lines that are composed of chips alone.

use proptest::prelude::*;
use sim::Sandbox;

use super::{ORDERS, session};
use crate::{Chip, is_whole, next_tokens, run, without_last_word};

fn world() -> Sandbox {
    session(&[
        ORDERS[0],
        ORDERS[1],
        "aws kinesis put-record --stream-name orders --partition-key user-1 --data eA==",
        "aws kinesis register-stream-consumer --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders \
         --consumer-name billing",
        "sandbox producer start web --stream orders",
        "sandbox reader start tail --stream orders",
        "sandbox kcl start billing --stream orders --workers 2",
        "sandbox policy set ana read --document '{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kinesis:*\",\"Resource\":\"*\"}}'",
        "ITER=$(aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000001 \
         --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)",
        "echo hello > hello.txt",
        "sandbox bucket create archive",
    ])
    .0
}

/// The line that comes of taking the chips with these labels, one after the other.
fn taken(sandbox: &Sandbox, labels: &[&str]) -> String {
    let mut line = String::new();
    for label in labels {
        let chips = next_tokens(&line, sandbox.world());
        let offered: Vec<&str> = chips.iter().map(|chip| chip.label.as_str()).collect();
        let chip = chips.iter().find(|chip| chip.label == *label);
        line =
            chip.unwrap_or_else(|| panic!("{line:?} is not followed by {label}: {offered:?}")).line.clone();
    }
    line
}

#[test]
fn the_notes_lines_can_be_composed_by_touch_and_run() {
    let mut sandbox = session(&ORDERS).0;
    for labels in [
        &["aws", "kinesis", "create-stream", "--stream-name", "clicks", "--shard-count", "2"][..],
        &["aws", "kinesis", "wait", "stream-exists", "--stream-name", "clicks"],
        &["aws", "kinesis", "list-streams"],
        &["aws", "kinesis", "describe-stream", "--stream-name", "clicks"],
        &[
            "aws",
            "kinesis",
            "put-record",
            "--stream-name",
            "clicks",
            "--data",
            "aGVsbG8=",
            "--partition-key",
            "user-1",
        ],
        &[
            "aws",
            "kinesis",
            "put-records",
            "--stream-name",
            "clicks",
            "--records",
            "Data=aGVsbG8=,PartitionKey=user-1",
            "Data=d29ybGQ=,PartitionKey=user-2",
        ],
        &[
            "ITER=$(…)",
            "aws",
            "kinesis",
            "get-shard-iterator",
            "--stream-name",
            "clicks",
            "--shard-id",
            "shardId-000000000001",
            "--shard-iterator-type",
            "TRIM_HORIZON",
            "--query",
            "ShardIterator",
            "--output",
            "text",
            ")",
        ],
        &["aws", "kinesis", "get-records", "--shard-iterator", "\"$ITER\""],
        &["aws", "kinesis", "delete-stream", "--stream-name", "clicks"],
    ] {
        let line = taken(&sandbox, labels);
        assert!(is_whole(&line, sandbox.world()), "{line}");
        let output = run(&mut sandbox, &line);
        assert_eq!((output.exit_code, output.stderr.as_str()), (0, ""), "{line}");
        if line.contains("get-records") {
            assert!(output.stdout.contains("aGVsbG8="), "{}", output.stdout);
        }
    }
}

#[test]
fn only_what_the_grammar_allows_is_offered() {
    let sandbox = world();
    let labels = |line: &str| -> Vec<String> {
        next_tokens(line, sandbox.world()).into_iter().map(|chip| chip.label).collect()
    };
    assert_eq!(
        labels("aws kinesis list-streams --output "),
        ["json", "text", "table", "yaml", "yaml-stream", "off"]
    );
    assert_eq!(
        labels("aws kinesis update-shard-count --stream-name orders --target-shard-count "),
        ["4", "1"]
    );
    assert_eq!(labels("aws kinesis describe-stream --stream-name "), ["orders"]);
    assert_eq!(labels("sandbox kcl crash "), ["billing"]);
    assert_eq!(labels("sandbox kcl crash billing "), ["w1", "w2"]);
    assert_eq!(labels("sandbox kcl crash billing w1 "), [""; 0]);
    // What was typed half is completed; what is whole is gone on with.
    assert_eq!(labels("aws kinesis put-re"), ["put-record", "put-records", "put-resource-policy"]);
    assert_eq!(
        labels("aws kinesis put-record --stream-name orders --data eA==").first().unwrap(),
        "--partition-key"
    );
    // Paging by hand and paging by itself exclude one another.
    let by_hand = labels("aws kinesis list-shards --stream-name orders --max-results 10 ");
    assert!(!by_hand.iter().any(|label| label == "--max-items"), "{by_hand:?}");
    // Nothing is stopped where nothing runs.
    let empty = session(&[]).0;
    let producer: Vec<String> =
        next_tokens("sandbox producer ", empty.world()).into_iter().map(|chip| chip.label).collect();
    assert_eq!(producer, [""; 0]);
    assert_eq!(labels("sandbox producer "), ["start", "change", "stop"]);
    // A time goes with AT_TIMESTAMP only.
    assert!(!labels("sandbox reader start x --stream orders ").contains(&"--timestamp".to_owned()));
    assert_eq!(labels("sandbox reader start x --stream orders --from AT_TIMESTAMP ")[0], "--timestamp");
    // With the text itself as data, an example of a text.
    assert_eq!(labels("aws kinesis put-record --cli-binary-format raw-in-base64-out --data "), ["hello"]);
}

#[test]
fn iterators_that_were_handed_out_are_offered_by_their_shard() {
    let sandbox = world();
    let around =
        crate::Around { world: sandbox.world(), iterators: &[(0, "AAAA".into()), (1, "BBBB".into())] };
    let chips = next_tokens("aws kinesis get-records --shard-iterator ", around);
    let labels: Vec<&str> = chips.iter().map(|chip| chip.label.as_str()).collect();
    assert_eq!(labels, ["\"$ITER\"", "iterator of shardId-000000000001", "iterator of shardId-000000000000"]);
    assert_eq!(chips[1].line, "aws kinesis get-records --shard-iterator BBBB ");
}

#[test]
fn the_last_word_can_be_taken_back() {
    for (line, left) in [
        ("aws kinesis list-streams ", "aws kinesis "),
        ("aws kinesis", "aws "),
        ("aws", ""),
        ("", ""),
        ("a 'b c' ", "a "),
        ("a 'b c", "a "),
        ("ITER=$(aws kinesis ", "ITER=$(aws "),
        ("ITER=$(aws ", "ITER=$("),
        ("ITER=$(", ""),
        ("a \"$(b c)\" ", "a "),
        ("é ü ", "é "),
    ] {
        assert_eq!(without_last_word(line), left, "{line:?}");
    }
}

/// Takes the first chip until the line is whole.
fn finished(sandbox: &Sandbox, line: &str) -> Option<String> {
    let mut line = line.to_owned();
    for _ in 0..24 {
        if is_whole(&line, sandbox.world()) {
            return Some(line);
        }
        line = next_tokens(&line, sandbox.world()).into_iter().next()?.line;
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_chip_leads_to_a_line_that_can_be_run_or_finished(choices in proptest::collection::vec(any::<prop::sample::Index>(), 1..14)) {
        let sandbox = world();
        let mut line = String::new();
        for choice in choices {
            let chips = next_tokens(&line, sandbox.world());
            let Some(chip) = (!chips.is_empty()).then(|| choice.get(&chips)) else { break };
            let Chip { line: next, label, .. } = chip.clone();
            prop_assert!(!label.is_empty());
            line = next;
            prop_assert!(finished(&sandbox, &line).is_some(), "{line:?} leads nowhere: {:?}", crate::parse(&line));
        }
        let back = without_last_word(&line);
        prop_assert!(back.len() < line.len());
    }
}

#[test]
fn every_command_and_verb_can_be_reached_and_finished_by_touch() {
    let sandbox = world();
    let mut stuck = Vec::new();
    let commands = crate::aws::commands()
        .map(|operation| (format!("aws kinesis {} ", crate::aws::command_name(operation)), false));
    let verbs = crate::verbs::VERBS.iter().map(|verb| {
        let needed = verb.options.iter().filter(|option| option.is_required).map(|option| option.kind);
        let mut kinds = verb.places.iter().map(|(_, kind)| *kind).chain(needed);
        (format!("sandbox {} ", verb.words.join(" ")), kinds.any(|kind| kind.is_of_world()))
    });
    for (line, may_have_nothing) in commands.chain(verbs) {
        let before = without_last_word(&line).to_owned();
        let is_offered = next_tokens(&before, sandbox.world()).iter().any(|chip| chip.line == line);
        let is_stuck = is_offered && finished(&sandbox, &line).is_none();
        if is_stuck || !is_offered && !may_have_nothing {
            stuck.push(line);
        }
    }
    assert_eq!(stuck, [""; 0]);
}
