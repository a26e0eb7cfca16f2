//! A script of AWS CLI commands for bash: how to take everything down comes first.

mod neighbours;

use std::fmt::Write as _;

use kinesis::{Stream, StreamMode};
use sim::World;

use super::neighbours::Neighbours;
use super::{differences, month, streams};
use crate::words::quote;

pub(super) fn write(world: &World) -> String {
    let mut script = Script::default();
    script.line("#!/usr/bin/env bash");
    script.remark("What stood in a simulated account, for the AWS CLI v2 and a real one.");
    script.remark("Run it with \"up\" to make everything and with \"down\" to take it away again.");
    script.remark("");
    script.remark("It costs money while it stands:");
    for sentence in month(world) {
        script.remark(&format!("- {sentence}"));
    }
    script.remark("");
    script.remark("What will be different from the simulation:");
    for sentence in differences(world) {
        script.remark(&format!("- {sentence}"));
    }
    script.line("set -euo pipefail");
    script.line(&format!("export AWS_REGION=${{AWS_REGION:-{}}}", quote(world.service().region())));
    script.line("");
    let all = Neighbours::of(world);
    script.line("down() {");
    neighbours::remove_before(&mut script, &all);
    for stream in streams(world) {
        script.remark_in("Consumers go with the stream.");
        script.call(&format!(
            "delete-stream --stream-name {} --enforce-consumer-deletion",
            quote(&stream.name)
        ));
        script.call(&format!("wait stream-not-exists --stream-name {}", quote(&stream.name)));
    }
    for application in world.applications().keys() {
        script.remark_in("A KCL application's lease table; it is there once a worker has run.");
        script.line(&format!("  aws dynamodb delete-table --table-name {} || true", quote(application)));
    }
    neighbours::remove_after(&mut script, &all);
    script.end();
    script.line("");
    script.line("up() {");
    neighbours::make_before(&mut script, &all);
    for stream in streams(world) {
        make(&mut script, world, stream);
    }
    neighbours::make_after(&mut script, &all);
    script.end();
    script.line("");
    script.line("case ${1:-} in");
    script.line("  up) up ;;");
    script.line("  down) down ;;");
    script.line("  *) echo \"usage: $0 up|down\" >&2; exit 2 ;;");
    script.line("esac");
    script.text
}

fn make(script: &mut Script, world: &World, stream: &Stream) {
    let name = quote(&stream.name);
    let size = match stream.mode {
        StreamMode::Provisioned => format!("--shard-count {}", stream.open_shard_count()),
        StreamMode::OnDemand => "--stream-mode-details StreamMode=ON_DEMAND".to_owned(),
    };
    let mut create = format!("create-stream --stream-name {name} {size}");
    if !stream.tags.is_empty() {
        let tags = serde_json::to_string(&stream.tags).unwrap_or_default();
        let _ = write!(create, " --tags {}", quote(&tags));
    }
    script.call(&create);
    script.remark_in("A stream takes records when it is ACTIVE, not when create-stream returns.");
    script.call(&format!("wait stream-exists --stream-name {name}"));
    if stream.retention_hours > 24 {
        let hours = stream.retention_hours;
        script.remark_in("More than 24 hours are billed apart.");
        script.call(&format!(
            "increase-stream-retention-period --stream-name {name} --retention-period-hours {hours}"
        ));
    }
    if let Some(key) = &stream.encryption_key {
        script.call(&format!(
            "start-stream-encryption --stream-name {name} --encryption-type KMS --key-id {}",
            quote(key)
        ));
        script.call(&format!("wait stream-exists --stream-name {name}"));
    }
    if !stream.shard_level_metrics.is_empty() {
        let metrics: Vec<&str> = stream.shard_level_metrics.iter().map(|metric| metric.name()).collect();
        script.remark_in("Each metric of each shard is billed by CloudWatch.");
        script.call(&format!(
            "enable-enhanced-monitoring --stream-name {name} --shard-level-metrics {}",
            metrics.join(" ")
        ));
    }
    if stream.consumers.is_empty() && stream.policy_document().is_none() {
        return;
    }
    script.line(&format!(
        "  arn=$(aws kinesis describe-stream-summary --stream-name {name} --query StreamDescriptionSummary.StreamARN --output text)"
    ));
    for consumer in stream.consumers.values() {
        script.remark_in("Billed by shard and hour, and by what it reads.");
        script.call(&format!(
            "register-stream-consumer --stream-arn \"$arn\" --consumer-name {}",
            quote(&consumer.name)
        ));
    }
    if let Some(policy) = stream.policy_document() {
        script.remark_in(&format!("It speaks of account {}: put your own in.", world.service().account()));
        script.call(&format!("put-resource-policy --resource-arn \"$arn\" --policy {}", quote(policy)));
    }
}

#[derive(Default)]
struct Script {
    text: String,
    /// Whether the function that is being written has a command: bash takes no empty one.
    has_command: bool,
}

impl Script {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.has_command = !line.ends_with('{');
    }

    fn call(&mut self, call: &str) {
        self.line(&format!("  aws kinesis {call}"));
    }

    fn remark(&mut self, remark: &str) {
        // A name with a line break in it must not leave the remark.
        let remark = remark.replace(['\n', '\r'], " ");
        self.text.push_str(format!("# {remark}").trim_end());
        self.text.push('\n');
    }

    fn remark_in(&mut self, remark: &str) {
        let remark = remark.replace(['\n', '\r'], " ");
        self.text.push_str(&format!("  # {remark}\n"));
    }

    fn end(&mut self) {
        if !self.has_command {
            self.text.push_str("  :\n");
        }
        self.text.push_str("}\n");
    }
}
