//! `--output text`: a line for each structure, values behind each other with tabs, in the order of their names.

use serde_json::{Map, Value};

use super::super::python;
use super::{is_scalar, parted, parted_of_all};

/// Prints a value; the error is Python's sentence for what the AWS CLI cannot print.
pub(super) fn text(value: &Value, printed: &mut String) -> Result<(), String> {
    item(value, None, None, printed)
}

fn item(
    value: &Value,
    name: Option<&str>,
    columns: Option<&[&str]>,
    printed: &mut String,
) -> Result<(), String> {
    match value {
        Value::Array(items) => list(items, name, printed),
        Value::Object(members) => structure(members, name, columns, printed),
        scalar => {
            printed.push_str(&python::str(scalar));
            printed.push('\n');
            Ok(())
        }
    }
}

fn list(items: &[Value], name: Option<&str>, printed: &mut String) -> Result<(), String> {
    if items.iter().any(Value::is_object) {
        if let Some(other) = items.iter().find(|item| !item.is_object()) {
            let class = python::class(other).trim_start_matches("<class '").trim_end_matches("'>");
            return Err(format!("'{class}' object has no attribute 'items'"));
        }
        let (columns, _) = parted_of_all(items);
        return items.iter().try_for_each(|element| item(element, name, Some(&columns), printed));
    }
    let scalars: Vec<&Value> = items.iter().filter(|item| is_scalar(item)).collect();
    match name {
        _ if scalars.is_empty() => {}
        Some(name) => {
            for scalar in scalars {
                line(printed, &[name.to_uppercase(), python::str(scalar)]);
            }
        }
        None => line(printed, &scalars.into_iter().map(python::str).collect::<Vec<_>>()),
    }
    let others = items.iter().filter(|element| !is_scalar(element));
    others.into_iter().try_for_each(|element| item(element, name, None, printed))
}

/// Items of a list share their columns; an absent value leaves its column empty.
fn structure(
    members: &Map<String, Value>,
    name: Option<&str>,
    columns: Option<&[&str]>,
    printed: &mut String,
) -> Result<(), String> {
    let (own, _) = parted(members);
    let columns = columns.unwrap_or(&own);
    let mut words: Vec<String> = Vec::with_capacity(columns.len() + 1);
    words.extend(name.filter(|_| !columns.is_empty()).map(str::to_uppercase));
    words.extend(columns.iter().map(|column| members.get(*column).map_or_else(String::new, python::str)));
    if !columns.is_empty() {
        line(printed, &words);
    }
    let mut rest: Vec<&String> = members.keys().filter(|name| !columns.contains(&name.as_str())).collect();
    rest.sort_unstable();
    rest.into_iter().try_for_each(|name| match members.get(name) {
        Some(value) => item(value, Some(name), None, printed),
        None => Ok(()),
    })
}

fn line(printed: &mut String, words: &[String]) {
    printed.push_str(&words.join("\t"));
    printed.push('\n');
}
