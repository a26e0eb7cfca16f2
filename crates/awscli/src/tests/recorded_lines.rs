//! What the AWS CLI 2.9.19 printed of the lines in `tests/clients/lines.txt` and `neighbour-lines.txt`, asked through
//! the bridge, against what the prompt prints of them in an equal world. `tests/clients/record-lines.mjs` records them.

use kinesis::Duration;
use serde_json::Value;
use sim::{Sandbox, SandboxOptions};

use crate::run;

const RECORDED: &str = include_str!("recorded/lines.jsonl");
const NEIGHBOURS: &str = include_str!("recorded/neighbour-lines.jsonl");

/// What differs on purpose or by the clients' versions, line by line, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("describe-stream --stream orders", "its model has no --stream-id yet, so that one match less is listed"),
    ("describe-streem", INVALID_CHOICE),
    ("wait stream-exist", INVALID_CHOICE),
    ("list-shards --stream-name orders --output tabel", INVALID_CHOICE),
    ("list-shards --stream-name orders --cli-binary-format raw", INVALID_CHOICE),
    ("create-stream --stream-name x --tags a", "its model has no --tags of create-stream yet"),
];

const INVALID_CHOICE: &str = "since 2.34 a wrong choice is named, before that all right ones were listed";

/// What an error says, without what versions of the CLI put around it and without the sandbox's own hints.
fn plain(stderr: &str) -> String {
    let usage = stderr.find("usage: aws [options]").and_then(|start| {
        let last = "aws <command> <subcommand> help\n";
        stderr[start..].find(last).map(|end| start..start + end + last.len())
    });
    let mut text = stderr.to_owned();
    if let Some(range) = usage {
        text.replace_range(range, "");
    }
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("sandbox: ")).map(|line| {
        let line =
            line.strip_prefix("aws: [ERROR]: ").or_else(|| line.strip_prefix("aws: error: ")).unwrap_or(line);
        line.replace("An error occurred (ParamValidation): ", "")
    });
    lines.collect::<Vec<String>>().join("\n")
}

#[test]
fn the_prompt_prints_what_the_real_one_printed() {
    let mut sandbox = Sandbox::new(SandboxOptions { history: false, ..SandboxOptions::default() });
    let create = "{\"StreamName\":\"orders\",\"ShardCount\":2}";
    sandbox.request(awsjson::decode("Kinesis_20131202.CreateStream", create).unwrap()).unwrap();
    sandbox.advance(Duration::from_seconds(60), None);
    let (mut iterator, mut count, mut failed) = (String::new(), 0, Vec::new());
    for record in RECORDED.lines() {
        let record: Value = serde_json::from_str(record).unwrap();
        let line = record["line"].as_str().unwrap();
        let Some(stdout) = record["stdout"].as_str() else {
            sandbox.advance(Duration::from_millis(line.parse().unwrap()), None);
            continue;
        };
        count += 1;
        let output = run(&mut sandbox, &format!("aws kinesis {}", line.replace("ITERATOR", &iterator)));
        // Where the words differ, the exit code is the same.
        assert_eq!(u64::from(output.exit_code), record["code"].as_u64().unwrap(), "{line}");
        let is_same =
            output.stdout == stdout && plain(&output.stderr) == plain(record["stderr"].as_str().unwrap());
        if is_same == DIFFERENT.iter().any(|(different, _)| *different == line) {
            failed.push(format!("{line}\nreal: {record}\nhere: {output:?}"));
        }
        if let Some((_, rest)) = stdout.split_once("\"ShardIterator\": \"") {
            iterator = rest.split('"').next().unwrap().to_owned();
        }
    }
    assert!(failed.is_empty(), "{} of {count} differ:\n{}", failed.len(), failed.join("\n\n"));
    assert!(count >= 150, "{count} lines");
}

/// What differs on purpose or by the clients' versions, line by line, and why.
const NEIGHBOURS_DIFFERENT: &[(&str, &str)] = &[
    ("aws dynamodb scan --table-name ''", "its model has at least 3 letters, before names could be ARNs"),
    ("aws dynamodb get-itm --table-name billing", INVALID_CHOICE),
    ("aws iam put-user-polcy --user-name ana", INVALID_CHOICE),
    ("aws sts get-caller-identty", INVALID_CHOICE),
    ("aws s3 lss", INVALID_CHOICE),
    ("aws lambda list-function", INVALID_CHOICE),
    ("aws dms describe-replication-taskss", INVALID_CHOICE),
    (CREATE_MAPPING, NO_MAPPING_ARN),
    ("aws lambda list-event-source-mappings", NO_MAPPING_ARN),
    ("aws lambda list-event-source-mappings --output text", NO_MAPPING_ARN),
];

const CREATE_MAPPING: &str = "aws lambda create-event-source-mapping --function-name count --event-source-arn \
                              arn:aws:kinesis:us-east-1:123456789012:stream/orders --starting-position TRIM_HORIZON \
                              --batch-size 10 --maximum-batching-window-in-seconds 5 --bisect-batch-on-function-error \
                              --function-response-types ReportBatchItemFailures";

const NO_MAPPING_ARN: &str = "its model has no EventSourceMappingArn yet";

#[test]
fn the_prompt_prints_of_the_neighbours_what_the_real_one_printed() {
    let mut sandbox = Sandbox::new(SandboxOptions { history: false, ..SandboxOptions::default() });
    let (mut count, mut failed) = (0, Vec::new());
    for record in NEIGHBOURS.lines() {
        let record: Value = serde_json::from_str(record).unwrap();
        let line = record["line"].as_str().unwrap();
        let Some(stdout) = record["stdout"].as_str() else {
            match line.parse() {
                Ok(ms) => drop(sandbox.advance(Duration::from_millis(ms), None)),
                Err(_) => assert_eq!(run(&mut sandbox, line).exit_code, 0, "{line}"),
            }
            continue;
        };
        count += 1;
        let output = run(&mut sandbox, line);
        let is_same = u64::from(output.exit_code) == record["code"].as_u64().unwrap()
            && output.stdout == stdout
            && plain(&output.stderr) == plain(record["stderr"].as_str().unwrap());
        if is_same == NEIGHBOURS_DIFFERENT.iter().any(|(different, _)| *different == line) {
            failed.push(format!("{line}\nreal: {record}\nhere: {output:?}"));
        }
    }
    assert!(failed.is_empty(), "{} of {count} differ:\n{}", failed.len(), failed.join("\n\n"));
    assert!(count >= 216, "{count} lines");
}
