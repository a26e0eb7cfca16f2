//! A CloudFormation template in JSON.
//!
//! Documented: the resource types AWS::Kinesis::Stream, AWS::Kinesis::StreamConsumer and AWS::Kinesis::ResourcePolicy
//! of the CloudFormation template reference.

mod neighbours;

use kinesis::{Stream, StreamMode};
use serde_json::{Map, Value, json};
use sim::World;

use super::neighbours::Neighbours;
use super::{differences, logical_names, month, streams};

pub(super) fn template(world: &World) -> Value {
    let names = logical_names(streams(world).map(|stream| &*stream.name), "");
    let mut resources = Map::new();
    let all = Neighbours::of(world);
    let known: Vec<(String, String)> =
        streams(world).map(|stream| stream.name.to_string()).zip(names.iter().cloned()).collect();
    neighbours::add(&mut resources, &all, |stream| {
        known.iter().find(|(own, _)| own == stream).map(|(_, name)| name.clone())
    });
    for (stream, name) in streams(world).zip(names) {
        let arn = json!({ "Fn::GetAtt": [name, "Arn"] });
        let mut made = json!({ "Type": "AWS::Kinesis::Stream", "Properties": properties(stream) });
        let alias = stream.encryption_key.as_deref().and_then(|key| key.strip_prefix("alias/"));
        if let (Some(key), Some(members)) =
            (alias.and_then(|alias| neighbours::alias_name(&all, alias)), made.as_object_mut())
        {
            members.insert("DependsOn".to_owned(), json!(key));
        }
        resources.insert(name.clone(), made);
        let consumers = logical_names(stream.consumers.values().map(|consumer| &*consumer.name), "");
        for (consumer, its) in stream.consumers.values().zip(consumers) {
            resources.insert(
                format!("{name}Consumer{its}"),
                json!({
                    "Type": "AWS::Kinesis::StreamConsumer",
                    "Properties": { "ConsumerName": &*consumer.name, "StreamARN": arn },
                }),
            );
        }
        if let Some(policy) = stream.policy_document() {
            // What the service took is JSON.
            let policy: Value = serde_json::from_str(policy).unwrap_or(Value::Null);
            resources.insert(
                format!("{name}Policy"),
                json!({
                    "Type": "AWS::Kinesis::ResourcePolicy",
                    "Properties": { "ResourceArn": arn, "ResourcePolicy": policy },
                }),
            );
        }
    }
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "What stood in a simulated account. It costs money while it stands.",
        "Metadata": { "CostByTheMonth": month(world), "DifferentInReality": differences(world) },
        "Resources": resources,
    })
}

fn properties(stream: &Stream) -> Value {
    let mut properties = Map::new();
    let mut set = |name: &str, value: Value| {
        properties.insert(name.to_owned(), value);
    };
    set("Name", json!(&*stream.name));
    match stream.mode {
        StreamMode::Provisioned => set("ShardCount", json!(stream.open_shard_count())),
        StreamMode::OnDemand => set("StreamModeDetails", json!({ "StreamMode": "ON_DEMAND" })),
    }
    set("RetentionPeriodHours", json!(stream.retention_hours));
    if let Some(key) = &stream.encryption_key {
        set("StreamEncryption", json!({ "EncryptionType": "KMS", "KeyId": &**key }));
    }
    if !stream.shard_level_metrics.is_empty() {
        let names: Vec<&str> = stream.shard_level_metrics.iter().map(|metric| metric.name()).collect();
        set("DesiredShardLevelMetrics", json!(names));
    }
    if !stream.tags.is_empty() {
        let tags: Vec<Value> =
            stream.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        set("Tags", json!(tags));
    }
    Value::Object(properties)
}
