//! Verbs for Data Firehose, Flink applications and replication tasks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sim::{
    CompressionFormat, DeliveryStreamSpec, DmsCommand, DmsKey, DmsSpec, DmsStart, FirehoseCommand,
    FlinkCommand, FlinkSpec, MessageFormat, MigrationType, OutputFormat, PutCall, StartingPosition,
};

use super::{Built, CALLS, SWITCH, starting_position};
use crate::verbs::Given;
use crate::{Line, UsageError};

const COMPRESSIONS: [(&str, CompressionFormat); 2] =
    [("UNCOMPRESSED", CompressionFormat::Uncompressed), ("GZIP", CompressionFormat::Gzip)];
const OUTPUT_FORMATS: [(&str, OutputFormat); 2] =
    [("parquet", OutputFormat::Parquet), ("orc", OutputFormat::Orc)];

pub(in crate::verbs) const MIGRATIONS: [(&str, MigrationType); 3] = [
    ("full-load", MigrationType::FullLoad),
    ("cdc", MigrationType::Cdc),
    ("full-load-and-cdc", MigrationType::FullLoadAndCdc),
];
pub(in crate::verbs) const FORMATS: [(&str, MessageFormat); 2] =
    [("json", MessageFormat::Json), ("json-unformatted", MessageFormat::JsonUnformatted)];
pub(in crate::verbs) const DMS_KEYS: [(&str, DmsKey); 2] =
    [("schema-table", DmsKey::SchemaTable), ("primary-key", DmsKey::PrimaryKey)];
pub(in crate::verbs) const DMS_STARTS: [(&str, DmsStart); 2] =
    [("resume-processing", DmsStart::ResumeProcessing), ("reload-target", DmsStart::ReloadTarget)];

fn text(given: &Given<'_>, option: &str) -> Option<String> {
    given.option(option).map(|value| value.text.to_owned())
}

fn name(given: &Given<'_>) -> String {
    given.place(0).text.to_owned()
}

fn built(command: impl Into<sim::Command>) -> Built {
    Ok(Line::Command(command.into()))
}

pub(in crate::verbs) fn firehose_create(given: &Given<'_>) -> Built {
    let default = DeliveryStreamSpec::direct_put(name(given), given.text("--bucket"));
    built(FirehoseCommand::CreateDeliveryStream(DeliveryStreamSpec {
        kinesis_stream_arn: text(given, "--kinesis-stream-arn"),
        role: text(given, "--role"),
        prefix: given.text("--prefix"),
        error_output_prefix: given.text("--error-output-prefix"),
        size_in_mbs: given.integer("--size-in-mbs")?.unwrap_or(default.size_in_mbs),
        interval_in_seconds: given.integer("--interval-in-seconds")?.unwrap_or(default.interval_in_seconds),
        transform: text(given, "--transform"),
        transform_retries: given.integer("--transform-retries")?.unwrap_or(default.transform_retries),
        append_delimiter: given.choice("--append-delimiter", &SWITCH)?.unwrap_or(default.append_delimiter),
        partition_by: given.own("--partition-by")?,
        backup_bucket: text(given, "--backup-bucket"),
        compression_format: given
            .choice("--compression-format", &COMPRESSIONS)?
            .unwrap_or(default.compression_format),
        output_format: given.choice("--output-format", &OUTPUT_FORMATS)?,
        schema: text(given, "--schema"),
        ..default
    }))
}

pub(in crate::verbs) fn firehose_put(given: &Given<'_>) -> Built {
    let place = given.place(1);
    let wrong = || UsageError::sandbox(place.span.clone(), "the records are a JSON list of base64 texts");
    let texts: Vec<String> = serde_json::from_str(place.text).map_err(|_| wrong())?;
    let records = texts.iter().map(|text| BASE64.decode(text).map(Into::into).map_err(|_| wrong()));
    let records = records.collect::<Result<_, UsageError>>()?;
    let call = given.choice("--call", &CALLS)?.unwrap_or(PutCall::Single);
    built(FirehoseCommand::PutRecords { name: name(given), records, is_batch: call == PutCall::Batch })
}

pub(in crate::verbs) fn firehose_delete(given: &Given<'_>) -> Built {
    built(FirehoseCommand::DeleteDeliveryStream { name: name(given) })
}

pub(in crate::verbs) fn flink_create(given: &Given<'_>) -> Built {
    let default = FlinkSpec::new(name(given), given.text("--stream"));
    // A program of the sandbox begins at the horizon where nothing else is said; so does this one.
    let from = match given.option("--from") {
        Some(_) => starting_position(given)?,
        None => StartingPosition::TrimHorizon,
    };
    built(FlinkCommand::Create(FlinkSpec {
        role: text(given, "--role"),
        from,
        key: given.own("--key")?.unwrap_or(default.key),
        window: given.duration("--window")?.unwrap_or(default.window),
        slide: given.duration("--slide")?,
        sum: given.own("--sum")?,
        event_time: given.own("--event-time")?,
        out_of_orderness: given.duration("--out-of-orderness")?.unwrap_or(default.out_of_orderness),
        idleness: given.duration("--idleness")?.unwrap_or(default.idleness),
        allowed_lateness: given.duration("--allowed-lateness")?.unwrap_or(default.allowed_lateness),
        checkpoint_interval: given.duration("--checkpoint-interval")?.unwrap_or(default.checkpoint_interval),
        parallelism: given.integer("--parallelism")?.unwrap_or(default.parallelism),
        parallelism_per_kpu: given.integer("--parallelism-per-kpu")?.unwrap_or(default.parallelism_per_kpu),
        sink: text(given, "--sink"),
        ..default
    }))
}

pub(in crate::verbs) fn flink_stop(given: &Given<'_>) -> Built {
    built(FlinkCommand::Stop { name: name(given) })
}

pub(in crate::verbs) fn flink_start(given: &Given<'_>) -> Built {
    built(FlinkCommand::Start { name: name(given) })
}

pub(in crate::verbs) fn flink_fail(given: &Given<'_>) -> Built {
    built(FlinkCommand::Fail { name: name(given) })
}

pub(in crate::verbs) fn flink_delete(given: &Given<'_>) -> Built {
    built(FlinkCommand::Delete { name: name(given) })
}

pub(in crate::verbs) fn dms_create(given: &Given<'_>) -> Built {
    let default = DmsSpec::new(name(given), given.text("--bucket"), given.text("--stream"));
    let switch = |option: &str| Ok(given.choice(option, &SWITCH)?.unwrap_or(false));
    built(DmsCommand::Create(DmsSpec {
        migration_type: given.choice("--migration-type", &MIGRATIONS)?.unwrap_or(default.migration_type),
        folder: given.text("--bucket-folder"),
        table_definition: given.text("--external-table-definition"),
        cdc_path: text(given, "--cdc-path"),
        role: text(given, "--role"),
        message_format: given.choice("--message-format", &FORMATS)?.unwrap_or(default.message_format),
        partition_key: given.choice("--partition-key-type", &DMS_KEYS)?.unwrap_or(default.partition_key),
        include_control_details: switch("--include-control-details")?,
        include_partition_value: switch("--include-partition-value")?,
        partition_include_schema_table: switch("--partition-include-schema-table")?,
        ..default
    }))
}

pub(in crate::verbs) fn dms_stop(given: &Given<'_>) -> Built {
    built(DmsCommand::Stop { task: name(given) })
}

pub(in crate::verbs) fn dms_start(given: &Given<'_>) -> Built {
    let start = given.choice("--type", &DMS_STARTS)?.unwrap_or(DmsStart::ResumeProcessing);
    built(DmsCommand::Start { task: name(given), start })
}

pub(in crate::verbs) fn dms_delete(given: &Given<'_>) -> Built {
    built(DmsCommand::Delete { task: name(given) })
}
