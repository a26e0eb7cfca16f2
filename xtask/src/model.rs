//! `cargo xtask model`: the published service model as the project keeps it, without its documentation.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use flate2::read::GzDecoder;
use serde_json::{Map, Value};

use crate::project;

const FILE: &str = "crates/awsjson/model/kinesis-2013-12-02.json";

/// What is kept of a shape. Its documentation is AWS's text and stays out.
const SHAPE_FACTS: [&str; 14] = [
    "type",
    "required",
    "members",
    "member",
    "key",
    "value",
    "min",
    "max",
    "pattern",
    "enum",
    "exception",
    "fault",
    "event",
    "eventstream",
];

/// Writes the data file from a `service-2.json`, plain or compressed; `source` says where that comes from.
pub(crate) fn write(from: &Path, source: &str) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    let model: Value = serde_json::from_str(&text).context("the service model is not JSON")?;
    let kept = keep(&model, source)?;
    fs::write(project::root().join(FILE), &kept).with_context(|| format!("cannot write {FILE}"))?;
    println!("Wrote {FILE}, {} bytes", kept.len());
    Ok(())
}

/// One line for each operation and shape, so that a newer model can be compared by eye.
fn keep(model: &Value, source: &str) -> Result<String> {
    let mut kept = format!("{{\n\"source\": {},\n", Value::from(source));
    let metadata = ["apiVersion", "jsonVersion", "serviceFullName", "targetPrefix"];
    writeln!(kept, "\"metadata\": {},", pick(&model["metadata"], &metadata)?)?;
    let lines = |name: &str, keep: fn(&Value) -> Result<Value>| -> Result<String> {
        let all = model[name].as_object().with_context(|| format!("the service model has no {name}"))?;
        let lines: Result<Vec<String>> = all
            .iter()
            .map(|(name, value)| Ok(format!("{}: {}", Value::from(name.as_str()), keep(value)?)))
            .collect();
        Ok(lines?.join(",\n"))
    };
    writeln!(kept, "\"operations\": {{\n{}\n}},", lines("operations", operation)?)?;
    writeln!(kept, "\"shapes\": {{\n{}\n}}\n}}", lines("shapes", shape)?)?;
    Ok(kept)
}

fn operation(given: &Value) -> Result<Value> {
    let mut kept = Map::new();
    for name in ["input", "output"] {
        if let Some(shape) = given.get(name) {
            kept.insert(name.to_owned(), shape_name(shape)?);
        }
    }
    let errors = given["errors"].as_array().context("an operation names no errors")?;
    kept.insert("errors".to_owned(), errors.iter().map(shape_name).collect::<Result<Value>>()?);
    Ok(Value::Object(kept))
}

fn shape(given: &Value) -> Result<Value> {
    let mut kept = pick(given, &SHAPE_FACTS)?;
    for name in ["member", "key", "value"] {
        if let Some(shape) = kept.get_mut(name) {
            *shape = shape_name(shape)?;
        }
    }
    if let Some(Value::Object(members)) = kept.get_mut("members") {
        for member in members.values_mut() {
            *member = shape_name(member)?;
        }
    }
    Ok(kept)
}

fn shape_name(reference: &Value) -> Result<Value> {
    reference.get("shape").cloned().context("a reference names no shape")
}

fn pick(given: &Value, names: &[&str]) -> Result<Value> {
    let given = given.as_object().context("the service model has another form than expected")?;
    let kept = given.iter().filter(|(name, _)| names.contains(&name.as_str()));
    Ok(Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect()))
}
