//! `agent.json` as the form of a server with the Kinesis Agent puts it together.

use serde_json::{Map, Value, json};

/// What the first flow of a configuration says for a field; none where it says nothing.
pub(crate) fn value_of(configuration: &str, label: &str) -> Option<String> {
    let value: Value = serde_json::from_str(configuration).ok()?;
    let flow = value.get("flows")?.get(0)?;
    let step = || flow.get("dataProcessingOptions")?.get(0);
    let found = match label {
        "dataProcessingOptions" => step()?.get("optionName"),
        "logFormat" => step()?.get(label),
        _ => flow.get(label),
    };
    found.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// The configuration of one flow that sends the files of a pattern to a stream; `value` is what stands in a field.
pub(super) fn configuration<'v>(file_pattern: &str, stream: &str, value: impl Fn(&str) -> &'v str) -> String {
    let mut flow = Map::new();
    flow.insert("filePattern".to_owned(), json!(file_pattern));
    flow.insert("kinesisStream".to_owned(), json!(stream));
    if let Ok(age) = value("maxBufferAgeMillis").parse::<u64>() {
        flow.insert("maxBufferAgeMillis".to_owned(), json!(age));
    }
    for key in ["initialPosition", "partitionKeyOption"] {
        flow.insert(key.to_owned(), json!(value(key)));
    }
    let step = match value("dataProcessingOptions") {
        "LOGTOJSON" => {
            // A new server's form asks for the format of its log instead.
            let format = match (value("logFormat"), value("Log format")) {
                ("", "combined-apache-log") => "COMBINEDAPACHELOG",
                ("", "apache-error-log") => "APACHEERRORLOG",
                ("", "syslog") => "SYSLOG",
                ("", _) => "COMMONAPACHELOG",
                (named, _) => named,
            };
            json!({"optionName": "LOGTOJSON", "logFormat": format})
        }
        "CSVTOJSON" => {
            flow.insert("skipHeaderLines".to_owned(), json!(1));
            json!({
                "optionName": "CSVTOJSON",
                "customFieldNames": ["n", "time", "sensor", "temperature", "status"],
            })
        }
        "SINGLELINE" => {
            flow.insert("multiLineStartPattern".to_owned(), json!("[0-9]{4}-"));
            json!({"optionName": "SINGLELINE"})
        }
        _ => Value::Null,
    };
    if !step.is_null() {
        flow.insert("dataProcessingOptions".to_owned(), json!([step]));
    }
    json!({"flows": [flow]}).to_string()
}
