//! Records as DMS puts them on a stream.
//!
//! Documented: AWS DMS User Guide, Using Amazon Kinesis Data Streams as a target, message format. Observed: members,
//! their order, their values and the partition keys are those of records that DMS put from RDS for PostgreSQL, as
//! published with `commons-codec` (June 2025 and July 2024). Assumed: JSON that is not unformatted is indented by tabs.

use kinesis::Instant;
use serde_json::{Map, Value};

use super::table::{Column, Table};
use crate::{DmsKey, DmsSpec, MessageFormat};

/// A record to be put.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Message {
    pub(super) partition_key: String,
    pub(super) data: String,
    pub(super) is_control: bool,
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The table appears at the target.
pub(super) fn create_table(spec: &DmsSpec, table: &Table, task_id: &str, now: Instant) -> Message {
    let control = match spec.include_control_details {
        true => {
            let columns = table.columns.iter().map(|column| {
                let details = object([
                    ("type", Value::from(column.kind.as_str())),
                    ("nullable", Value::Bool(column.is_nullable)),
                ]);
                (column.name.clone(), details)
            });
            let keys: Vec<&str> = keys(table).map(|column| column.name.as_str()).collect();
            let mut definition = Map::new();
            definition.insert("columns".to_owned(), Value::Object(columns.collect()));
            if !keys.is_empty() {
                definition.insert("primary-key".to_owned(), Value::from(keys));
            }
            object([("table-def", Value::Object(definition))])
        }
        false => object([]),
    };
    let metadata = metadata(spec, table, now, "control", "create-table", ("task-id", task_id), None);
    Message {
        partition_key: format!("{task_id}.{}.{}", table.schema, table.name),
        data: text(spec, [("control", control), ("metadata", metadata)]),
        is_control: true,
    }
}

/// A row is loaded, or was inserted, updated or deleted.
pub(super) fn row(
    spec: &DmsSpec,
    table: &Table,
    operation: &str,
    fields: &[String],
    transaction: Option<u64>,
    now: Instant,
) -> Message {
    let field = |place: usize| fields.get(place).map_or("", String::as_str);
    let columns = table.columns.iter().enumerate();
    // Documented: IncludeNullAndEmpty is false by default.
    let data = columns
        .map(|(place, column)| (column.name.as_str(), column.value(field(place))))
        .filter(|(_, value)| !value.is_null());
    let data = object(data);
    let in_schema = format!("{}.{}", table.schema, table.name);
    let key_fields = table.columns.iter().enumerate().filter(|(_, column)| column.is_key);
    let key: Vec<&str> = key_fields.map(|(place, _)| field(place)).collect();
    // Assumed: a table without a primary key is keyed as by schema and table.
    let (kind, partition_key) = match spec.partition_key {
        DmsKey::PrimaryKey if !key.is_empty() && spec.partition_include_schema_table => {
            ("primary-key", format!("{in_schema}.{}", key.join(".")))
        }
        DmsKey::PrimaryKey if !key.is_empty() => ("primary-key", key.join(".")),
        DmsKey::PrimaryKey | DmsKey::SchemaTable => ("schema-table", in_schema),
    };
    let metadata = metadata(spec, table, now, "data", operation, (kind, &partition_key), transaction);
    Message {
        data: text(spec, [("data", data), ("metadata", metadata)]),
        // A partition key has 1 to 256 characters.
        partition_key: match partition_key.chars().take(256).collect::<String>() {
            empty if empty.is_empty() => "-".to_owned(),
            key => key,
        },
        is_control: false,
    }
}

fn keys(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| column.is_key)
}

fn metadata(
    spec: &DmsSpec,
    table: &Table,
    now: Instant,
    record_type: &str,
    operation: &str,
    (key_type, key_value): (&str, &str),
    transaction: Option<u64>,
) -> Value {
    let mut members = vec![
        ("timestamp", Value::from(timestamp(now))),
        ("record-type", Value::from(record_type)),
        ("operation", Value::from(operation)),
        ("partition-key-type", Value::from(key_type)),
    ];
    if spec.include_partition_value {
        members.push(("partition-key-value", Value::from(key_value)));
    }
    members.push(("schema-name", Value::from(table.schema.as_str())));
    members.push(("table-name", Value::from(table.name.as_str())));
    if let Some(transaction) = transaction {
        members.push(("transaction-id", Value::from(transaction)));
    }
    object(members)
}

/// With microseconds.
fn timestamp(now: Instant) -> String {
    let text = now.to_iso8601();
    format!("{}{:03}Z", text.trim_end_matches('Z'), now.micros() % 1_000)
}

fn text(spec: &DmsSpec, members: [(&str, Value); 2]) -> String {
    let value = object(members);
    match spec.message_format {
        MessageFormat::JsonUnformatted => format!("{value}\n"),
        MessageFormat::Json => {
            let mut text = String::new();
            indent(&mut text, &value, 0);
            text
        }
    }
}

/// One member a line, indented by tabs, a tab behind each colon.
fn indent(text: &mut String, value: &Value, depth: usize) {
    let Value::Object(members) = value else { return text.push_str(&value.to_string()) };
    if members.is_empty() {
        return text.push_str("{\n}");
    }
    text.push('{');
    for (place, (name, value)) in members.iter().enumerate() {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        text.push_str(&"\t".repeat(depth + 1));
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push_str(":\t");
        indent(text, value, depth + 1);
    }
    text.push('\n');
    text.push_str(&"\t".repeat(depth));
    text.push('}');
}
