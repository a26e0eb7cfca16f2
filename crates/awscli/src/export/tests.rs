use serde_json::Value;
use sim::{Sandbox, SandboxOptions};

use super::*;
use crate::Shell;

/// A world after some lines, none of which may fail.
fn world(lines: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let mut shell = Shell::default();
    for line in lines {
        let output = shell.run(&mut sandbox, line, &mut |_| {});
        assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
    }
    sandbox
}

const RICH: [&str; 10] = [
    "aws kinesis create-stream --stream-name orders-eu --shard-count 2 --tags team=sales",
    "aws kinesis create-stream --stream-name 7.clicks --stream-mode-details StreamMode=ON_DEMAND",
    "aws kinesis wait stream-exists --stream-name 7.clicks",
    "aws kinesis increase-stream-retention-period --stream-name orders-eu --retention-period-hours 48",
    "aws kinesis start-stream-encryption --stream-name orders-eu --encryption-type KMS --key-id alias/aws/kinesis",
    "aws kinesis wait stream-exists --stream-name orders-eu && sleep 30",
    "aws kinesis enable-enhanced-monitoring --stream-name orders-eu --shard-level-metrics IncomingBytes",
    "aws kinesis register-stream-consumer --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu --consumer-name search",
    "aws kinesis put-resource-policy --resource-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu --policy '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::210987654321:root\"},\"Action\":\"kinesis:PutRecord\",\"Resource\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu\"}]}'",
    "sandbox kcl start billing --stream orders-eu",
];

#[test]
fn the_script_makes_the_same_streams_in_another_sandbox() {
    let from = world(&RICH);
    let script = export(from.world(), ExportForm::Cli);
    // The commands of `up`, with what bash keeps in a variable put in.
    let up = script.split("up() {\n").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu";
    let mut lines: Vec<String> = Vec::new();
    for command in crate::commands(up) {
        if !command.starts_with("arn=") {
            lines.push(command.replace("\"$arn\"", arn));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let to = world(&lines);
    assert_eq!(export(to.world(), ExportForm::CloudFormation).replace("DifferentInReality", ""), {
        // The application's own sentence is about what is not taken along.
        let text = export(world(&RICH[..9]).world(), ExportForm::CloudFormation);
        text.replace("DifferentInReality", "")
    });
}

#[test]
fn taking_down_comes_before_setting_up_and_waits() {
    let script = export(world(&RICH).world(), ExportForm::Cli);
    let place = |text: &str| script.find(text).unwrap_or_else(|| panic!("no {text} in {script}"));
    assert!(place("down() {") < place("up() {"));
    assert!(place("delete-stream --stream-name orders-eu --enforce-consumer-deletion") < place("up() {"));
    assert!(place("wait stream-not-exists --stream-name orders-eu") < place("up() {"));
    assert!(place("delete-table --table-name billing") < place("up() {"));
    assert!(
        place("create-stream --stream-name orders-eu") < place("wait stream-exists --stream-name orders-eu")
    );
}

#[test]
fn an_empty_account_gives_whole_texts() {
    let empty = world(&[]);
    assert!(export(empty.world(), ExportForm::Cli).contains("up() {\n  :\n}"));
    for form in [ExportForm::CloudFormation, ExportForm::Terraform] {
        assert!(serde_json::from_str::<Value>(&export(empty.world(), form)).is_ok());
    }
}

#[test]
fn templates_name_each_resource_once() {
    let sandbox = world(&[
        "aws kinesis create-stream --stream-name a-b --shard-count 1",
        "aws kinesis create-stream --stream-name a.b --shard-count 1",
        "aws kinesis create-stream --stream-name A_B --shard-count 1",
    ]);
    let read = |form| serde_json::from_str::<Value>(&export(sandbox.world(), form)).unwrap();
    let template = read(ExportForm::CloudFormation);
    assert_eq!(template["Resources"].as_object().map(|all| all.len()), Some(3));
    let terraform = read(ExportForm::Terraform);
    assert_eq!(terraform["resource"]["aws_kinesis_stream"].as_object().map(|all| all.len()), Some(3));
}

#[test]
fn a_split_stream_is_told_to_come_out_even() {
    let sandbox = world(&[
        "aws kinesis create-stream --stream-name s --shard-count 1",
        "sleep 60",
        "aws kinesis split-shard --stream-name s --shard-to-split shardId-000000000000 --new-starting-hash-key 10",
        "sleep 60",
    ]);
    assert!(export(sandbox.world(), ExportForm::Cli).contains("AWS makes 2 even ones"));
    let even = world(&["aws kinesis create-stream --stream-name s --shard-count 7", "sleep 60"]);
    assert!(!export(even.world(), ExportForm::Cli).contains("even ones"));
}
