//! `aws firehose`: Firehose streams from a Kinesis stream, or from producers, to S3.
//!
//! Documented: Amazon Data Firehose API Reference for the members. Simpler than the real thing: of the destinations S3
//! only, and of its settings those that the sandbox follows.

use std::sync::Arc;

use awsjson::{Kind, Member};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use sim::{CompressionFormat, DeliveryStream, DeliveryStreamSpec, FirehoseCommand, OutputFormat, World};

use super::{
    Answer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, int, nothing, of, refused,
    required, text,
};

const SOURCE: &[Member] = &[required(text("KinesisStreamARN")), text("RoleARN")];
const HINTS: &[Member] = &[int("SizeInMBs", 1), int("IntervalInSeconds", 0)];
const TABLE: &[Member] = &[text("DatabaseName"), text("TableName"), text("RoleARN"), text("Region")];
const SERIALIZER: &[Member] =
    &[of(Kind::Structure(&[]), text("ParquetSerDe")), of(Kind::Structure(&[]), text("OrcSerDe"))];
const OUTPUT: &[Member] = &[of(Kind::Structure(SERIALIZER), text("Serializer"))];
const INPUT: &[Member] = &[of(Kind::Document, text("Deserializer"))];
const CONVERSION: &[Member] = &[
    of(Kind::Structure(TABLE), text("SchemaConfiguration")),
    of(Kind::Structure(INPUT), text("InputFormatConfiguration")),
    of(Kind::Structure(OUTPUT), text("OutputFormatConfiguration")),
    of(Kind::Boolean, text("Enabled")),
];
const RECORD: &[Member] = &[required(of(Kind::Blob, text("Data")))];
const S3: &[Member] = &[
    text("RoleARN"),
    required(text("BucketARN")),
    text("Prefix"),
    text("ErrorOutputPrefix"),
    of(Kind::Structure(HINTS), text("BufferingHints")),
    text("CompressionFormat"),
    of(Kind::Structure(CONVERSION), text("DataFormatConversionConfiguration")),
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
                of(Kind::Structure(SOURCE), text("KinesisStreamSourceConfiguration")),
                required(of(Kind::Structure(S3), text("ExtendedS3DestinationConfiguration"))),
            ],
            help: "Makes a Firehose stream from a Kinesis stream, or from producers (DirectPut), to an S3 bucket.",
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
        ServiceCommand {
            name: "put-record",
            operation: "PutRecord",
            members: &[NAME, required(of(Kind::Structure(RECORD), text("Record")))],
            help: "Puts a record to a Firehose stream without a source.",
            example: "aws firehose put-record --delivery-stream-name archive --record Data=aGVsbG8=",
            resource,
            does: Does::Changes(put_record, record_put),
        },
        ServiceCommand {
            name: "put-record-batch",
            operation: "PutRecordBatch",
            members: &[NAME, required(of(Kind::StructureList(RECORD), text("Records")))],
            help: "Puts up to 500 records to a Firehose stream without a source.",
            example: "aws firehose put-record-batch --delivery-stream-name archive --records aGVsbG8= d29ybGQ=",
            resource,
            does: Does::Changes(put_batch, batch_put),
        },
    ],
};

fn resource(world: &World, given: &Given) -> String {
    arn(world, given.text("DeliveryStreamName"))
}

fn data(record: &Value) -> Option<Arc<[u8]>> {
    Some(BASE64.decode(record.get("Data")?.as_str()?).ok()?.into())
}

fn put(given: &Given, records: Vec<Arc<[u8]>>, is_batch: bool) -> sim::Command {
    let name = given.text("DeliveryStreamName").to_owned();
    FirehoseCommand::PutRecords { name, records, is_batch }.into()
}

fn put_record(_: &World, given: &Given) -> Result<sim::Command, ServiceError> {
    Ok(put(given, given.0.get("Record").and_then(data).into_iter().collect(), false))
}

fn put_batch(_: &World, given: &Given) -> Result<sim::Command, ServiceError> {
    let records = given.0.get("Records").and_then(Value::as_array).into_iter().flatten();
    Ok(put(given, records.filter_map(data).collect(), true))
}

fn record_put(world: &World, given: &Given) -> Answer {
    let name = given.text("DeliveryStreamName");
    let stream = world.delivery_streams().find(|(_, stream)| stream.spec.name == name);
    match stream.and_then(|(_, stream)| stream.newest_put().first()?.record_id()) {
        Some(id) => Ok(json!({ "RecordId": id, "Encrypted": false })),
        None => refused("ServiceUnavailableException", "Slow down."),
    }
}

/// Documented: an entry that was refused has ErrorCode and ErrorMessage.
fn batch_put(world: &World, given: &Given) -> Answer {
    let name = given.text("DeliveryStreamName");
    let stream = world.delivery_streams().find(|(_, stream)| stream.spec.name == name);
    let results = stream.map(|(_, stream)| stream.newest_put()).unwrap_or_default();
    let responses: Vec<Value> = results
        .iter()
        .map(|result| match result.record_id() {
            Some(id) => json!({ "RecordId": id }),
            None => json!({ "ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down." }),
        })
        .collect();
    let failed = results.iter().filter(|result| result.record_id().is_none()).count();
    Ok(json!({ "FailedPutCount": failed, "Encrypted": false, "RequestResponses": responses }))
}

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
    let stream = inner(given, source, "KinesisStreamARN");
    let is_direct = match given.text("DeliveryStreamType") {
        "" | "DirectPut" => stream.is_empty(),
        "KinesisStreamAsSource" => false,
        kind @ ("MSKAsSource" | "DatabaseAsSource") => {
            let message = format!("DeliveryStreamType {kind} exists in AWS but is not simulated here.");
            return refused("InvalidArgumentException", message);
        }
        kind => {
            let message = format!(
                "1 validation error detected: Value '{kind}' at 'deliveryStreamType' failed to satisfy constraint: \
                 Member must satisfy enum value set: [KinesisStreamAsSource, DirectPut, DatabaseAsSource, MSKAsSource]"
            );
            return refused("ValidationException", message);
        }
    };
    if !is_direct && stream.is_empty() {
        // Assumed: the words.
        let message = "KinesisStreamSourceConfiguration is required for KinesisStreamAsSource.";
        return refused("InvalidArgumentException", message);
    }
    let default = match is_direct {
        true => DeliveryStreamSpec::direct_put(name, bucket),
        false => DeliveryStreamSpec::new(name, stream, bucket),
    };
    let compression_format = match inner(given, s3, "CompressionFormat") {
        "" => default.compression_format,
        name => match CompressionFormat::parse(name) {
            Some(format) => format,
            None => {
                let message =
                    format!("CompressionFormat {name} is not simulated here: UNCOMPRESSED and GZIP are.");
                return refused("InvalidArgumentException", message);
            }
        },
    };
    let conversion = given.0.get(s3).and_then(|s3| s3.get("DataFormatConversionConfiguration"));
    // Documented: enabled where nothing else is said.
    let is_enabled = |conversion: &&Value| {
        conversion.get("Enabled").is_none_or(|enabled| *enabled == json!(true) || *enabled == json!("true"))
    };
    let conversion = conversion.filter(is_enabled);
    let serializer = conversion.and_then(|it| it.get("OutputFormatConfiguration")?.get("Serializer"));
    let output_format = conversion.map(|_| match serializer.and_then(|it| it.get("OrcSerDe")) {
        Some(_) => OutputFormat::Orc,
        None => OutputFormat::Parquet,
    });
    let schema = conversion.and_then(|it| it.get("SchemaConfiguration")).map(|table| {
        let text = |name: &str| table.get(name).and_then(Value::as_str).unwrap_or_default();
        [text("DatabaseName"), ".", text("TableName")].concat()
    });
    // Documented: with conversion the buffer is 128 MiB by default.
    let size_in_mbs = if output_format.is_some() { 128 } else { default.size_in_mbs };
    let hint = |name: &str, default: i64| {
        let value = given.0.get(s3).and_then(|s3| s3.get("BufferingHints")?.get(name));
        value.and_then(Value::as_i64).unwrap_or(default)
    };
    let role = inner(given, s3, "RoleARN");
    Ok(FirehoseCommand::CreateDeliveryStream(DeliveryStreamSpec {
        role: (!role.is_empty()).then(|| role.to_owned()),
        prefix: inner(given, s3, "Prefix").to_owned(),
        error_output_prefix: inner(given, s3, "ErrorOutputPrefix").to_owned(),
        size_in_mbs: hint("SizeInMBs", size_in_mbs),
        compression_format,
        output_format,
        schema,
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
    let kind = if stream.is_direct_put() { "DirectPut" } else { "KinesisStreamAsSource" };
    let mut description = json!({
        "DeliveryStreamName": spec.name,
        "DeliveryStreamARN": arn(world, &spec.name),
        "DeliveryStreamStatus": stream.status.name(),
        "DeliveryStreamType": kind,
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
                "CompressionFormat": spec.compression_format.name(),
                "S3BackupMode": if spec.backup_bucket.is_some() { "Enabled" } else { "Disabled" },
            },
        }],
    });
    if stream.is_direct_put()
        && let Some(members) = description.as_object_mut()
    {
        members.remove("Source");
    }
    if let Some(format) = spec.output_format {
        let (database, table) =
            spec.schema.as_deref().and_then(|schema| schema.split_once('.')).unwrap_or_default();
        let serializer = match format {
            OutputFormat::Parquet => "ParquetSerDe",
            OutputFormat::Orc => "OrcSerDe",
        };
        description["Destinations"][0]["ExtendedS3DestinationDescription"]["DataFormatConversionConfiguration"] = json!({
            "SchemaConfiguration": { "DatabaseName": database, "TableName": table },
            "OutputFormatConfiguration": { "Serializer": { serializer: {} } },
            "Enabled": true,
        });
    }
    description
}
