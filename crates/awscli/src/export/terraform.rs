//! A Terraform configuration in its JSON syntax.
//!
//! Documented: the resources aws_kinesis_stream, aws_kinesis_stream_consumer and aws_kinesis_resource_policy of the
//! AWS provider; Terraform's JSON syntax, in which `${` in a text begins an expression unless it is written `$${`.

mod neighbours;

use kinesis::{Stream, StreamMode};
use serde_json::{Map, Value, json};
use sim::World;

use super::neighbours::Neighbours;
use super::{differences, logical_names, month, streams};

pub(super) fn configuration(world: &World) -> Value {
    let names = logical_names(streams(world).map(|stream| &*stream.name), "_");
    let known: Vec<(String, String)> =
        streams(world).map(|stream| stream.name.to_string()).zip(names.iter().cloned()).collect();
    let all = Neighbours::of(world);
    let beside = neighbours::resources(&all, |stream| {
        let (_, name) = known.iter().find(|(own, _)| own == stream)?;
        Some(format!("${{aws_kinesis_stream.{name}.arn}}"))
    });
    let (mut made, mut consumers, mut policies) = (Map::new(), Map::new(), Map::new());
    for (stream, name) in streams(world).zip(names) {
        let arn = format!("${{aws_kinesis_stream.{name}.arn}}");
        let mut of_stream = arguments(stream);
        let alias = stream.encryption_key.as_deref().and_then(|key| key.strip_prefix("alias/"));
        if let Some(key) = alias.and_then(|alias| neighbours::key_arn(&all, alias)) {
            of_stream["kms_key_id"] = key;
        }
        made.insert(name.clone(), of_stream);
        let its = logical_names(stream.consumers.values().map(|consumer| &*consumer.name), "_");
        for (consumer, of) in stream.consumers.values().zip(its) {
            consumers.insert(
                format!("{name}_{of}"),
                json!({ "name": literal(&consumer.name), "stream_arn": arn }),
            );
        }
        if let Some(policy) = stream.policy_document() {
            policies.insert(name, json!({ "resource_arn": arn, "policy": literal(policy) }));
        }
    }
    let mut resources = Map::new();
    for (kind, of_kind) in [
        ("aws_kinesis_stream", made),
        ("aws_kinesis_stream_consumer", consumers),
        ("aws_kinesis_resource_policy", policies),
    ] {
        if !of_kind.is_empty() {
            resources.insert(kind.to_owned(), Value::Object(of_kind));
        }
    }
    for (kind, of_kind) in beside {
        resources.insert(kind.to_owned(), Value::Object(of_kind));
    }
    let mut whole = Map::new();
    let told: Vec<String> = month(world).into_iter().chain(differences(world)).collect();
    whole.insert("//".to_owned(), json!(told));
    whole.insert(
        "terraform".to_owned(),
        json!({ "required_providers": { "aws": { "source": "hashicorp/aws" } } }),
    );
    whole.insert("provider".to_owned(), json!({ "aws": { "region": world.service().region() } }));
    if !resources.is_empty() {
        whole.insert("resource".to_owned(), Value::Object(resources));
    }
    Value::Object(whole)
}

fn arguments(stream: &Stream) -> Value {
    let mut arguments = Map::new();
    let mut set = |name: &str, value: Value| {
        arguments.insert(name.to_owned(), value);
    };
    set("name", json!(literal(&stream.name)));
    match stream.mode {
        StreamMode::Provisioned => {
            set("shard_count", json!(stream.open_shard_count()));
            set("stream_mode_details", json!({ "stream_mode": "PROVISIONED" }));
        }
        StreamMode::OnDemand => set("stream_mode_details", json!({ "stream_mode": "ON_DEMAND" })),
    }
    set("retention_period", json!(stream.retention_hours));
    if let Some(key) = &stream.encryption_key {
        set("encryption_type", json!("KMS"));
        set("kms_key_id", json!(literal(key)));
    }
    if !stream.shard_level_metrics.is_empty() {
        let names: Vec<&str> = stream.shard_level_metrics.iter().map(|metric| metric.name()).collect();
        set("shard_level_metrics", json!(names));
    }
    if !stream.consumers.is_empty() {
        set("enforce_consumer_deletion", json!(true));
    }
    if !stream.tags.is_empty() {
        let tags: Map<String, Value> =
            stream.tags.iter().map(|(key, value)| (literal(key), json!(literal(value)))).collect();
        set("tags", Value::Object(tags));
    }
    Value::Object(arguments)
}

/// A text in which nothing is an expression.
fn literal(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_an_expression() {
        assert_eq!(literal("${file(1)} and %{ if true }"), "$${file(1)} and %%{ if true }");
        assert_eq!(literal("100 % of $5 {x}"), "100 % of $5 {x}");
    }
}
