//! AWS DMS: files in S3 become records on a stream.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod support;

use serde_json::{Value, json};
use sim::*;
use support::*;

const TABLES: &str = r#"{"TableCount":"1","Tables":[{"TableName":"demo","TablePath":"public/demo/","TableOwner":"public",
"TableColumns":[{"ColumnName":"id","ColumnType":"INT32","ColumnNullable":"false","ColumnIsPk":"true"},
{"ColumnName":"name","ColumnType":"STRING"},{"ColumnName":"age","ColumnType":"INT32"},
{"ColumnName":"attributes","ColumnType":"STRING"}]}]}"#;

fn task(change: impl FnOnce(&mut DmsSpec)) -> Command {
    let mut spec = DmsSpec::new("move", "files", "orders");
    spec.table_definition = TABLES.into();
    change(&mut spec);
    DmsCommand::Create(spec).into()
}

fn file(sandbox: &mut Sandbox, key: &str, text: &str) {
    let content = text.as_bytes().into();
    give(sandbox, Command::S3(S3Command::PutObject { bucket: "files".into(), key: key.into(), content }));
}

fn with_files() -> Sandbox {
    let mut sandbox = with_stream(2);
    give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "files".into() }));
    file(&mut sandbox, "public/demo/LOAD00000001.csv", "393,Test,4,\n394,\"O'Neil, Ana\",,x\n");
    sandbox
}

/// Key and data of every record, shard by shard.
fn records(sandbox: &Sandbox) -> Vec<(String, String)> {
    let stream = sandbox.world().service().stream("orders").unwrap();
    let mut records = Vec::new();
    for shard in stream.shards() {
        for record in shard.log.read_from(1) {
            let data = String::from_utf8_lossy(&record.bytes()).into_owned();
            records.push((record.partition_key().to_owned(), data));
        }
    }
    records
}

fn dms(sandbox: &Sandbox) -> DmsTaskView {
    view(sandbox).dms[0].clone()
}

/// Observed: records that DMS put on a stream from RDS for PostgreSQL in June 2025, as `commons-codec` publishes them:
/// keys `DZ6OKLFYA5BWVG4RYROQUHXU4E.public.demo` and `public.demo.393`.
#[test]
fn a_full_load_puts_the_records_that_dms_puts() {
    let mut sandbox = with_files();
    give(
        &mut sandbox,
        task(|spec| {
            spec.message_format = MessageFormat::JsonUnformatted;
            spec.partition_key = DmsKey::PrimaryKey;
            spec.include_control_details = true;
            spec.include_partition_value = true;
            spec.partition_include_schema_table = true;
        }),
    );
    seconds(&mut sandbox, 30);
    let records = records(&sandbox);
    let (control_key, control) = records.iter().find(|(_, data)| data.contains("\"control\"")).unwrap();
    let control: Value = serde_json::from_str(control).unwrap();
    let task_id = control_key.strip_suffix(".public.demo").unwrap();
    assert_eq!(task_id.len(), 26);
    let column = |kind: &str, nullable: bool| json!({"type": kind, "nullable": nullable});
    assert_eq!(
        control,
        json!({
            "control": {"table-def": {
                "columns": {
                    "id": column("INT32", false),
                    "name": column("STRING", true),
                    "age": column("INT32", true),
                    "attributes": column("STRING", true),
                },
                "primary-key": ["id"],
            }},
            "metadata": {
                "timestamp": control["metadata"]["timestamp"],
                "record-type": "control",
                "operation": "create-table",
                "partition-key-type": "task-id",
                "partition-key-value": task_id,
                "schema-name": "public",
                "table-name": "demo",
            },
        })
    );
    let (_, row) = records.iter().find(|(key, _)| key == "public.demo.393").unwrap();
    assert!(row.ends_with("}\n") && row.matches('\n').count() == 1, "one line: {row}");
    let row: Value = serde_json::from_str(row).unwrap();
    assert_eq!(
        row,
        json!({
            "data": {"id": 393, "name": "Test", "age": 4},
            "metadata": {
                "timestamp": row["metadata"]["timestamp"],
                "record-type": "data",
                "operation": "load",
                "partition-key-type": "primary-key",
                "partition-key-value": "public.demo.393",
                "schema-name": "public",
                "table-name": "demo",
            },
        })
    );
    assert_eq!(row["metadata"]["timestamp"].as_str().unwrap().len(), "2025-06-10T11:28:47.326434Z".len());
    let after = dms(&sandbox);
    assert_eq!((after.status, after.loads, after.put), ("stopped", 2, 3));
    assert_eq!(after.stop_reason, Some("Stop Reason FULL_LOAD_ONLY_FINISHED"));
}

/// Documented: JSON is the default, the details are not; all rows of a table have one key then, and so one shard.
#[test]
fn by_default_a_table_has_one_key_and_records_are_formatted() {
    let mut sandbox = with_files();
    give(&mut sandbox, task(|_| {}));
    seconds(&mut sandbox, 30);
    let records = records(&sandbox);
    let rows: Vec<_> = records.iter().filter(|(_, data)| data.contains("\"data\"")).collect();
    assert!(rows.iter().all(|(key, _)| key == "public.demo"), "{rows:?}");
    assert!(
        rows[0].1.starts_with("{\n\t\"data\":\t{\n\t\t\"id\":\t393,\n\t\t\"name\":\t\"Test\""),
        "{}",
        rows[0].1
    );
    let second: Value = serde_json::from_str(&rows[1].1).unwrap();
    assert_eq!(second["data"], json!({"id": 394, "name": "O'Neil, Ana", "attributes": "x"}));
}

/// Documented: files of changes under CdcPath hold operation, table, schema and fields, and are read in their order.
#[test]
fn ongoing_replication_reads_files_of_changes_as_they_come() {
    let mut sandbox = with_files();
    give(
        &mut sandbox,
        task(|spec| {
            spec.migration_type = MigrationType::FullLoadAndCdc;
            spec.cdc_path = Some("changes".into());
            spec.message_format = MessageFormat::JsonUnformatted;
        }),
    );
    seconds(&mut sandbox, 30);
    assert_eq!((dms(&sandbox).status, dms(&sandbox).phase), ("running", "ongoing replication"));
    file(
        &mut sandbox,
        "changes/CDC00000001.csv",
        "INSERT,demo,public,395,Bo,7,\nUPDATE,demo,public,393,Test,5,\n",
    );
    seconds(&mut sandbox, 20);
    file(
        &mut sandbox,
        "changes/CDC00000002.csv",
        "DELETE,demo,public,394,,,\nINSERT,other,public,1\nnonsense\n",
    );
    seconds(&mut sandbox, 20);
    let after = dms(&sandbox);
    assert_eq!((after.inserts, after.updates, after.deletes, after.bad_lines), (1, 1, 1, 2));
    let changes: Vec<(Value, Value)> = records(&sandbox)
        .iter()
        .map(|(_, data)| serde_json::from_str::<Value>(data).unwrap())
        .filter(|record| record["metadata"]["transaction-id"].is_u64())
        .map(|record| (record["metadata"]["operation"].clone(), record["data"]["id"].clone()))
        .collect();
    assert_eq!(
        changes,
        [("insert".into(), 395.into()), ("update".into(), 393.into()), ("delete".into(), 394.into())]
    );
}

/// Documented: duplicates are possible after a restart.
#[test]
fn a_task_that_is_stopped_in_its_load_puts_rows_again() {
    let mut sandbox = with_files();
    let rows: String = (0..2_000).map(|id| format!("{id},n,1,\n")).collect();
    file(&mut sandbox, "public/demo/LOAD00000002.csv", &rows);
    give(&mut sandbox, task(|_| {}));
    seconds(&mut sandbox, 10);
    sandbox.advance(kinesis::Duration::from_millis(200), None);
    let before = dms(&sandbox);
    assert!(before.put > 3 && before.waiting > 0, "{before:?}");
    give(&mut sandbox, DmsCommand::Stop { task: "move".into() }.into());
    let start = DmsStart::ResumeProcessing;
    give(&mut sandbox, DmsCommand::Start { task: "move".into(), start }.into());
    seconds(&mut sandbox, 60);
    let after = dms(&sandbox);
    assert_eq!((after.status, after.waiting), ("stopped", 0));
    assert!(after.put > 2_003, "some rows are there twice: {}", after.put);
    let ids: std::collections::BTreeSet<String> = records(&sandbox)
        .into_iter()
        .map(|(_, data)| data.split("metadata").next().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 2_003, "and each at least once");
}

#[test]
fn a_bucket_or_stream_that_is_missing_is_waited_for() {
    let mut sandbox = sandbox();
    give(&mut sandbox, task(|_| {}));
    seconds(&mut sandbox, 30);
    assert_eq!(dms(&sandbox).problem, Some("NoSuchBucket"));
    give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "files".into() }));
    file(&mut sandbox, "public/demo/LOAD00000001.csv", "1,a,1,\n");
    seconds(&mut sandbox, 30);
    assert_eq!(dms(&sandbox).problem, Some("ResourceNotFoundException"));
    give(&mut sandbox, create_stream("orders", 1));
    seconds(&mut sandbox, 60);
    assert_eq!((dms(&sandbox).problem, dms(&sandbox).put), (None, 2));
}

#[test]
fn what_cannot_be_a_task_is_refused_and_nothing_changes() {
    let mut sandbox = with_files();
    let digest = sandbox.digest();
    for (change, code) in [
        ((|s| s.task = "1".into()) as fn(&mut DmsSpec), "ValidationException"),
        (|s| s.table_definition = "{}".into(), "InvalidParameterValueException"),
        (|s| s.migration_type = MigrationType::Cdc, "InvalidParameterValueException"),
        (|s| s.role = Some("admin".into()), "ValidationException"),
    ] {
        assert_eq!(sandbox.submit(task(change)).unwrap_err().code(), Some(code));
    }
    assert_eq!(sandbox.digest(), digest);
}

#[test]
fn a_saved_session_brings_tasks_back_and_undo_takes_them_away() {
    let mut sandbox = with_files();
    give(
        &mut sandbox,
        task(|spec| {
            spec.migration_type = MigrationType::FullLoadAndCdc;
            spec.cdc_path = Some("changes".into());
        }),
    );
    seconds(&mut sandbox, 30);
    let start = DmsStart::ReloadTarget;
    for command in
        [DmsCommand::Stop { task: "move".into() }, DmsCommand::Start { task: "move".into(), start }]
    {
        give(&mut sandbox, command.into());
    }
    seconds(&mut sandbox, 30);
    let (loaded, note) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    assert_eq!((note, loaded.digest()), (None, sandbox.digest()));
    assert_eq!(view(&loaded).dms, view(&sandbox).dms);
    give(&mut sandbox, DmsCommand::Delete { task: "move".into() }.into());
    seconds(&mut sandbox, 20);
    assert!(view(&sandbox).dms.is_empty());
    assert_eq!(sandbox.world().next_due(), None);
    assert!(sandbox.undo() && sandbox.undo() && sandbox.undo() && sandbox.undo());
    assert!(view(&sandbox).dms.is_empty());
}
