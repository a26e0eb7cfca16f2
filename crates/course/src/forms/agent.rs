//! `agent.json` as the form of a server with the Kinesis Agent puts it together.

use serde_json::{Map, Value, json};

/// The configuration of one flow that sends `/var/log/app.log` to a stream; `value` is what stands in a field.
pub(super) fn configuration<'v>(log_format: &str, stream: &str, value: impl Fn(&str) -> &'v str) -> String {
    let mut flow = Map::new();
    flow.insert("filePattern".to_owned(), json!("/var/log/app.log*"));
    flow.insert("kinesisStream".to_owned(), json!(stream));
    if let Ok(age) = value("maxBufferAgeMillis").parse::<u64>() {
        flow.insert("maxBufferAgeMillis".to_owned(), json!(age));
    }
    for key in ["initialPosition", "partitionKeyOption"] {
        flow.insert(key.to_owned(), json!(value(key)));
    }
    let step = match value("dataProcessingOptions") {
        "LOGTOJSON" => {
            let format = match log_format {
                "combined-apache-log" => "COMBINEDAPACHELOG",
                "apache-error-log" => "APACHEERRORLOG",
                "syslog" => "SYSLOG",
                _ => "COMMONAPACHELOG",
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
