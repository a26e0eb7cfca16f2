//! Lines of commands to Data Firehose, Flink applications and replication tasks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sim::{
    DeliveryStreamSpec, DmsCommand, DmsSpec, DmsStart, FirehoseCommand, FlinkCommand, FlinkSpec,
    StartingPosition,
};

use super::{Text, word};
use crate::verbs::build::{DMS_KEYS, DMS_STARTS, FORMATS, MIGRATIONS};

fn switch(is_on: bool) -> Option<&'static str> {
    is_on.then_some("true")
}

/// What is empty is as it would be by itself.
fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

pub(super) fn firehose(command: &FirehoseCommand) -> String {
    match command {
        FirehoseCommand::CreateDeliveryStream(spec) => create_delivery_stream(spec),
        FirehoseCommand::DeleteDeliveryStream { name } => Text::new("firehose delete").place(name).finish(),
        FirehoseCommand::PutRecords { name, records, is_batch } => {
            let texts: Vec<String> = records.iter().map(|data| BASE64.encode(data)).collect();
            let records = serde_json::Value::from(texts).to_string();
            let call = is_batch.then_some("batch");
            Text::new("firehose put").place(name).place(&records).given("--call", call).finish()
        }
    }
}

fn create_delivery_stream(spec: &DeliveryStreamSpec) -> String {
    let default = DeliveryStreamSpec::new("", "", "");
    Text::new("firehose create")
        .place(&spec.name)
        .given("--kinesis-stream-arn", spec.kinesis_stream_arn.as_ref())
        .option("--bucket", &spec.bucket)
        .given("--role", spec.role.as_ref())
        .given("--prefix", filled(&spec.prefix))
        .given("--error-output-prefix", filled(&spec.error_output_prefix))
        .unless("--size-in-mbs", spec.size_in_mbs, default.size_in_mbs)
        .unless("--interval-in-seconds", spec.interval_in_seconds, default.interval_in_seconds)
        .given("--transform", spec.transform.as_ref())
        .unless("--transform-retries", spec.transform_retries, default.transform_retries)
        .given("--append-delimiter", switch(spec.append_delimiter))
        .given("--partition-by", spec.partition_by.as_ref())
        .given("--backup-bucket", spec.backup_bucket.as_ref())
        .unless("--compression-format", spec.compression_format.name(), default.compression_format.name())
        .given("--output-format", spec.output_format.map(sim::OutputFormat::name))
        .given("--schema", spec.schema.as_ref())
        .finish()
}

pub(super) fn flink(command: &FlinkCommand) -> String {
    let named = |verb: &str, name: &str| Text::new(verb).place(name).finish();
    match command {
        FlinkCommand::Create(spec) => create_flink(spec),
        FlinkCommand::Stop { name } => named("flink stop", name),
        FlinkCommand::Start { name } => named("flink start", name),
        FlinkCommand::Fail { name } => named("flink fail", name),
        FlinkCommand::Delete { name } => named("flink delete", name),
    }
}

fn create_flink(spec: &FlinkSpec) -> String {
    let default = FlinkSpec { from: StartingPosition::TrimHorizon, ..FlinkSpec::new("", "") };
    Text::new("flink create")
        .place(&spec.name)
        .option("--stream", &spec.stream)
        .given("--role", spec.role.as_ref())
        .position(spec.from)
        .unless("--key", spec.key.to_string(), default.key.to_string())
        .span("--window", spec.window, default.window)
        .given("--slide", spec.slide.map(crate::time::duration_text))
        .given("--sum", spec.sum.as_ref())
        .given("--event-time", spec.event_time.as_ref())
        .span("--out-of-orderness", spec.out_of_orderness, default.out_of_orderness)
        .span("--idleness", spec.idleness, default.idleness)
        .span("--allowed-lateness", spec.allowed_lateness, default.allowed_lateness)
        .span("--checkpoint-interval", spec.checkpoint_interval, default.checkpoint_interval)
        .unless("--parallelism", spec.parallelism, default.parallelism)
        .unless("--parallelism-per-kpu", spec.parallelism_per_kpu, default.parallelism_per_kpu)
        .given("--sink", spec.sink.as_ref())
        .finish()
}

pub(super) fn dms(command: &DmsCommand) -> String {
    match command {
        DmsCommand::Create(spec) => create_task(spec),
        DmsCommand::Stop { task } => Text::new("dms stop").place(task).finish(),
        DmsCommand::Start { task, start } => Text::new("dms start")
            .place(task)
            .unless("--type", word(&DMS_STARTS, *start), word(&DMS_STARTS, DmsStart::ResumeProcessing))
            .finish(),
        DmsCommand::Delete { task } => Text::new("dms delete").place(task).finish(),
    }
}

fn create_task(spec: &DmsSpec) -> String {
    let default = DmsSpec::new("", "", "");
    Text::new("dms create")
        .place(&spec.task)
        .option("--bucket", &spec.bucket)
        .option("--external-table-definition", &spec.table_definition)
        .option("--stream", &spec.stream)
        .unless(
            "--migration-type",
            word(&MIGRATIONS, spec.migration_type),
            word(&MIGRATIONS, default.migration_type),
        )
        .given("--bucket-folder", filled(&spec.folder))
        .given("--cdc-path", spec.cdc_path.as_ref())
        .given("--role", spec.role.as_ref())
        .unless(
            "--message-format",
            word(&FORMATS, spec.message_format),
            word(&FORMATS, default.message_format),
        )
        .unless(
            "--partition-key-type",
            word(&DMS_KEYS, spec.partition_key),
            word(&DMS_KEYS, default.partition_key),
        )
        .given("--include-control-details", switch(spec.include_control_details))
        .given("--include-partition-value", switch(spec.include_partition_value))
        .given("--partition-include-schema-table", switch(spec.partition_include_schema_table))
        .finish()
}
