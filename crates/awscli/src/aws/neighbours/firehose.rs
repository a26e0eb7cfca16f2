//! `aws firehose`: Firehose streams from a Kinesis stream to S3.
//!
//! Documented: Amazon Data Firehose API Reference for the members. Simpler than the real thing: of the destinations S3
//! only, and of its settings those that the sandbox follows.

use awsjson::{Kind, Member};
use serde_json::{Value, json};
use sim::{DeliveryStream, DeliveryStreamSpec, FirehoseCommand, World};

use super::{
    Answer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, int, nothing, of, refused,
    required, text,
};

const SOURCE: &[Member] = &[required(text("KinesisStreamARN")), text("RoleARN")];
const HINTS: &[Member] = &[int("SizeInMBs", 1), int("IntervalInSeconds", 0)];
const S3: &[Member] = &[
    text("RoleARN"),
    required(text("BucketARN")),
    text("Prefix"),
    text("ErrorOutputPrefix"),
    of(Kind::Structure(HINTS), text("BufferingHints")),
];
const NAME: Member = required(text("DeliveryStreamName"));

pub(super) const FIREHOSE: Service = Service {
    name: "firehose",
    help: "Amazon Data Firehose: delivery of streams to S3",
    commands: &[
        ServiceCommand {
            name: "create-delivery-stream",
            operation: "CreateDeliveryStream",
            members: &[
                NAME,
                text("DeliveryStreamType"),
                required(of(Kind::Structure(SOURCE), text("KinesisStreamSourceConfiguration"))),
                required(of(Kind::Structure(S3), text("ExtendedS3DestinationConfiguration"))),
            ],
            help: "Makes a Firehose stream from a Kinesis stream to an S3 bucket.",
            example: "aws firehose create-delivery-stream --delivery-stream-name archive --delivery-stream-type KinesisStreamAsSource --kinesis-stream-source-configuration KinesisStreamARN=arn:aws:kinesis:us-east-1:123456789012:stream/orders --extended-s3-destination-configuration BucketARN=arn:aws:s3:::archive",
            resource: any_resource,
            does: Does::Changes(create, created),
        },
        ServiceCommand {
            name: "list-delivery-streams",
            operation: "ListDeliveryStreams",
            members: &[],
            help: "Lists the Firehose streams.",
            example: "aws firehose list-delivery-streams",
            resource: any_resource,
            does: Does::Looks(list),
        },
        ServiceCommand {
            name: "describe-delivery-stream",
            operation: "DescribeDeliveryStream",
            members: &[NAME],
            help: "Shows a Firehose stream.",
            example: "aws firehose describe-delivery-stream --delivery-stream-name archive",
            resource: any_resource,
            does: Does::Looks(describe),
        },
        ServiceCommand {
            name: "delete-delivery-stream",
            operation: "DeleteDeliveryStream",
            members: &[NAME],
            help: "Deletes a Firehose stream.",
            example: "aws firehose delete-delivery-stream --delivery-stream-name archive",
            resource: any_resource,
            does: Does::Changes(delete, nothing),
        },
    ],
    others: &["put-record", "put-record-batch", "update-destination", "tag-delivery-stream"],
};

fn arn(world: &World, name: &str) -> String {
    format!(
        "arn:aws:firehose:{}:{}:deliverystream/{name}",
        world.service().region(),
        world.service().account()
    )
}

fn inner<'g>(given: &'g Given, member: &str, name: &str) -> &'g str {
    given.0.get(member).and_then(|value| value.get(name)?.as_str()).unwrap_or_default()
}

fn create(_: &World, given: &Given) -> Result<sim::Command, ServiceError> {
    let (source, s3) = ("KinesisStreamSourceConfiguration", "ExtendedS3DestinationConfiguration");
    let bucket_arn = inner(given, s3, "BucketARN");
    let bucket = bucket_arn.strip_prefix("arn:aws:s3:::").unwrap_or(bucket_arn);
    let name = given.text("DeliveryStreamName");
    let default = DeliveryStreamSpec::new(name, inner(given, source, "KinesisStreamARN"), bucket);
    let hint = |name: &str, default: i64| {
        let value = given.0.get(s3).and_then(|s3| s3.get("BufferingHints")?.get(name));
        value.and_then(Value::as_i64).unwrap_or(default)
    };
    let role = inner(given, s3, "RoleARN");
    Ok(FirehoseCommand::CreateDeliveryStream(DeliveryStreamSpec {
        role: (!role.is_empty()).then(|| role.to_owned()),
        prefix: inner(given, s3, "Prefix").to_owned(),
        error_output_prefix: inner(given, s3, "ErrorOutputPrefix").to_owned(),
        size_in_mbs: hint("SizeInMBs", default.size_in_mbs),
        interval_in_seconds: hint("IntervalInSeconds", default.interval_in_seconds),
        ..default
    })
    .into())
}

fn created(world: &World, given: &Given) -> Answer {
    Ok(json!({ "DeliveryStreamARN": arn(world, given.text("DeliveryStreamName")) }))
}

fn delete(_: &World, given: &Given) -> Result<sim::Command, ServiceError> {
    Ok(FirehoseCommand::DeleteDeliveryStream { name: given.text("DeliveryStreamName").to_owned() }.into())
}

fn list(world: &World, _: &Given) -> Answer {
    let names: Vec<&str> = world.delivery_streams().map(|(_, stream)| stream.spec.name.as_str()).collect();
    Ok(json!({ "DeliveryStreamNames": names, "HasMoreDeliveryStreams": false }))
}

fn describe(world: &World, given: &Given) -> Answer {
    let name = given.text("DeliveryStreamName");
    let Some((_, stream)) = world.delivery_streams().find(|(_, stream)| stream.spec.name == name) else {
        let account = world.service().account();
        let message = format!("Firehose {name} under account {account} not found.");
        return refused("ResourceNotFoundException", message);
    };
    Ok(json!({ "DeliveryStreamDescription": described(world, stream) }))
}

fn described(world: &World, stream: &DeliveryStream) -> Value {
    let spec = &stream.spec;
    json!({
        "DeliveryStreamName": spec.name,
        "DeliveryStreamARN": arn(world, &spec.name),
        "DeliveryStreamStatus": stream.status.name(),
        "DeliveryStreamType": "KinesisStreamAsSource",
        "CreateTimestamp": stream.created.seconds(),
        "Source": { "KinesisStreamSourceDescription": { "KinesisStreamARN": spec.kinesis_stream_arn } },
        "Destinations": [{
            "DestinationId": "destinationId-000000000001",
            "ExtendedS3DestinationDescription": {
                "BucketARN": format!("arn:aws:s3:::{}", spec.bucket),
                "Prefix": spec.prefix,
                "ErrorOutputPrefix": spec.error_output_prefix,
                "BufferingHints": {
                    "SizeInMBs": spec.size_in_mbs,
                    "IntervalInSeconds": spec.interval_in_seconds,
                },
            },
        }],
    })
}
