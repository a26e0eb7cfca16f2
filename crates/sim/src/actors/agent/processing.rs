//! `dataProcessingOptions`: what the agent makes of a record before it sends it.
//!
//! Documented: Use the agent to pre-process data. Observed: the converters of the agent; a record that does not match its
//! log format is left out.

use serde_json::Value;

use super::log_parser::KnownFormat;

/// One step of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Processing {
    /// Joins the lines of a record, without the spaces around each and with nothing between them.
    SingleLine,
    CsvToJson {
        names: Vec<String>,
        delimiter: String,
    },
    LogToJson {
        format: KnownFormat,
        names: Option<Vec<String>>,
    },
}

impl Processing {
    /// The record after this step; none where it is left out.
    pub(super) fn apply(&self, record: String) -> Option<String> {
        let text = record.strip_suffix('\n').unwrap_or(&record);
        match self {
            Processing::SingleLine => Some(text.split('\n').map(str::trim).collect::<String>() + "\n"),
            Processing::CsvToJson { names, delimiter } => {
                let mut columns: Vec<&str> = text.split(delimiter.as_str()).collect();
                // Observed: empty columns at the end are no columns, as Java's `split` has it.
                while columns.last().is_some_and(|column| column.is_empty()) {
                    columns.pop();
                }
                let values = (0..names.len()).map(|index| columns.get(index).copied());
                Some(object(names.iter().map(String::as_str).zip(values)))
            }
            Processing::LogToJson { format, names } => {
                let values = format.parse(text)?.into_iter();
                Some(match names {
                    Some(names) => object(names.iter().map(String::as_str).zip(values)),
                    None => object(format.fields().iter().copied().zip(values)),
                })
            }
        }
    }
}

/// A line of JSON with the members in their order.
fn object<'v>(members: impl Iterator<Item = (&'v str, Option<&'v str>)>) -> String {
    let member = |(name, value): (&str, Option<&str>)| {
        format!("{}:{}", Value::from(name), value.map_or(Value::Null, Value::from))
    };
    format!("{{{}}}\n", members.map(member).collect::<Vec<String>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the developer guide for COMMONAPACHELOG.
    #[test]
    fn a_line_of_apache_becomes_the_json_of_the_developer_guide() {
        let line = "64.242.88.10 - - [07/Mar/2004:16:10:02 -0800] \"GET /mailman/listinfo/hsdivision HTTP/1.1\" 200 6291\n";
        let json = "{\"host\":\"64.242.88.10\",\"ident\":null,\"authuser\":null,\
                    \"datetime\":\"07/Mar/2004:16:10:02 -0800\",\"request\":\"GET /mailman/listinfo/hsdivision HTTP/1.1\",\
                    \"response\":\"200\",\"bytes\":\"6291\"}\n";
        let step = Processing::LogToJson { format: KnownFormat::CommonApacheLog, names: None };
        assert_eq!(step.apply(line.to_owned()), Some(json.to_owned()));
        assert_eq!(step.apply("2026-01-01 ERROR no answer\n".to_owned()), None, "it is left out");
    }

    /// The same guide's example with field names of one's own.
    #[test]
    fn field_names_can_be_given() {
        let names = ["f1", "f2", "f3", "f4", "f5", "f6", "f7"].map(String::from).to_vec();
        let step = Processing::LogToJson { format: KnownFormat::CommonApacheLog, names: Some(names) };
        let line = "64.242.88.10 - - [07/Mar/2004:16:10:02 -0800] \"GET /mailman/listinfo/hsdivision HTTP/1.1\" 200 6291\n";
        let json = "{\"f1\":\"64.242.88.10\",\"f2\":null,\"f3\":null,\"f4\":\"07/Mar/2004:16:10:02 -0800\",\
                    \"f5\":\"GET /mailman/listinfo/hsdivision HTTP/1.1\",\"f6\":\"200\",\"f7\":\"6291\"}\n";
        assert_eq!(step.apply(line.to_owned()), Some(json.to_owned()));
    }

    #[test]
    fn csv_becomes_json_with_the_names_that_are_given() {
        let step =
            Processing::CsvToJson { names: vec!["a".into(), "b".into(), "c".into()], delimiter: ";".into() };
        assert_eq!(step.apply("1;2\n".into()).as_deref(), Some("{\"a\":\"1\",\"b\":\"2\",\"c\":null}\n"));
        assert_eq!(
            step.apply("1;;\"\n".into()).as_deref(),
            Some("{\"a\":\"1\",\"b\":\"\",\"c\":\"\\\"\"}\n")
        );
        assert_eq!(step.apply("1;;\n".into()).as_deref(), Some("{\"a\":\"1\",\"b\":null,\"c\":null}\n"));
    }

    #[test]
    fn lines_are_joined_without_the_spaces_around_them() {
        let joined = Processing::SingleLine.apply("error\n\tat a \n\tat b\n".into());
        assert_eq!(joined.as_deref(), Some("errorat aat b\n"));
    }
}
