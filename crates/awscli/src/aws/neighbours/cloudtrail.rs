//! `aws cloudtrail lookup-events`: who called what.
//!
//! Documented: CloudTrail API Reference. Management events only, found some five minutes after the call, as the trail
//! here keeps them.

use awsjson::{Kind, Member};
use kinesis::Instant;
use serde_json::{Value, json};
use sim::{TrailEvent, TrailQuery, World};

use super::{Answer, Does, Given, Service, ServiceCommand, any_resource, int, of, refused, required, text};

const ATTRIBUTE: &[Member] = &[required(text("AttributeKey")), required(text("AttributeValue"))];

pub(super) const CLOUDTRAIL: Service = Service {
    name: "cloudtrail",
    help: "AWS CloudTrail: who called what",
    commands: &[ServiceCommand {
        name: "lookup-events",
        operation: "LookupEvents",
        members: &[
            of(Kind::StructureList(ATTRIBUTE), text("LookupAttributes")),
            of(Kind::Timestamp, text("StartTime")),
            of(Kind::Timestamp, text("EndTime")),
            int("MaxResults", 1),
        ],
        help: "Shows management events of the last 90 days, newest first; they come some five minutes late.",
        example: "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DeleteStream",
        resource: any_resource,
        does: Does::Looks(lookup),
    }],
};

/// Documented: one attribute in a call.
fn lookup(world: &World, given: &Given) -> Answer {
    let mut query = TrailQuery::default();
    let attributes = given.0.get("LookupAttributes").and_then(Value::as_array);
    let attributes = attributes.map_or(&[][..], Vec::as_slice);
    if attributes.len() > 1 {
        return refused(
            "InvalidLookupAttributesException",
            "You can specify only one lookup attribute for each lookup.",
        );
    }
    for attribute in attributes {
        let text = |name: &str| attribute.get(name).and_then(Value::as_str).unwrap_or_default();
        let value = Some(text("AttributeValue").to_owned());
        match text("AttributeKey") {
            "EventName" => query.event_name = value,
            "ResourceName" => query.resource_name = value,
            "Username" => query.username = value,
            "ReadOnly" => query.read_only = Some(text("AttributeValue") == "true"),
            // All events here are of Kinesis.
            "EventSource" if text("AttributeValue") == "kinesis.amazonaws.com" => {}
            key => {
                let message = format!(
                    "{key} is not looked up here: use EventName, ResourceName, Username or ReadOnly."
                );
                return refused("InvalidLookupAttributesException", message);
            }
        }
    }
    let instant =
        |name: &str| given.number(name).and_then(|s| u64::try_from(s).ok()).map(Instant::from_seconds);
    query.from = instant("StartTime");
    query.to = instant("EndTime");
    let count = given.number("MaxResults").map_or(50, |count| usize::try_from(count).unwrap_or(50));
    let events = world.trail_events(&query);
    let events: Vec<Value> = events.iter().take(count).map(|event| written(world, event)).collect();
    Ok(json!({ "Events": events }))
}

fn written(world: &World, event: &TrailEvent) -> Value {
    let resources: Vec<Value> = event
        .resource_names()
        .into_iter()
        .map(|name| json!({ "ResourceType": "AWS::Kinesis::Stream", "ResourceName": name }))
        .collect();
    json!({
        "EventId": event.event_id(),
        "EventName": event.operation.name(),
        "ReadOnly": event.operation.is_read_only().to_string(),
        "EventTime": event.at.seconds(),
        "EventSource": "kinesis.amazonaws.com",
        "Username": event.username(),
        "Resources": resources,
        "CloudTrailEvent": event.to_json(world.service().region()).to_string(),
    })
}
