//! Tables as an S3 source describes them, and the rows of its files.
//!
//! Documented: AWS DMS User Guide, Using Amazon S3 as a source: the external table definition, and files of comma
//! separated values, quoted by `"`.

use serde_json::Value;

/// A table of the external table definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Table {
    /// `TableOwner`.
    pub(crate) schema: String,
    pub(crate) name: String,
    /// `TablePath`.
    pub(crate) path: String,
    pub(crate) columns: Vec<Column>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) is_nullable: bool,
    pub(crate) is_key: bool,
}

/// Tables of one task.
const TABLES_MAX: usize = 20;
/// Columns of one table.
const COLUMNS_MAX: usize = 200;

impl Column {
    fn is_number(&self) -> bool {
        let kind = self.kind.to_ascii_uppercase();
        ["INT", "UINT", "NUMERIC", "REAL"].iter().any(|prefix| kind.starts_with(prefix))
    }

    /// A field as the message has it. Documented: numbers are numbers; an empty field of a nullable column is null.
    pub(super) fn value(&self, text: &str) -> Value {
        if text.is_empty() && self.is_nullable {
            return Value::Null;
        }
        if self.is_number() {
            return serde_json::from_str(text)
                .ok()
                .filter(Value::is_number)
                .unwrap_or_else(|| Value::from(text));
        }
        Value::from(text)
    }
}

/// Reads `{"TableCount":"1","Tables":[{"TableName":…,"TablePath":…,"TableOwner":…,"TableColumns":[…]}]}`.
pub(crate) fn parse_tables(text: &str) -> Result<Vec<Table>, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| format!("the external table definition is no JSON: {error}"))?;
    let tables = value.get("Tables").and_then(Value::as_array).filter(|tables| !tables.is_empty());
    let tables = tables.ok_or("the external table definition has no Tables")?;
    if tables.len() > TABLES_MAX {
        return Err(format!("a task has at most {TABLES_MAX} tables"));
    }
    tables.iter().map(parse_table).collect()
}

fn parse_table(value: &Value) -> Result<Table, String> {
    let text = |name: &str| {
        let text = value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.map(str::to_owned)
            .ok_or_else(|| format!("a table of the external table definition has no {name}"))
    };
    let (name, schema) = (text("TableName")?, text("TableOwner")?);
    let path = text("TablePath").unwrap_or_else(|_| format!("{schema}/{name}/"));
    let columns = value.get("TableColumns").and_then(Value::as_array).filter(|columns| !columns.is_empty());
    let columns = columns.ok_or_else(|| format!("table {name} has no TableColumns"))?;
    if columns.len() > COLUMNS_MAX {
        return Err(format!("a table has at most {COLUMNS_MAX} columns"));
    }
    let columns = columns.iter().map(|column| {
        let text = |member: &str| column.get(member).and_then(Value::as_str);
        let is = |member: &str, usual: bool| match column.get(member) {
            Some(Value::Bool(is)) => *is,
            Some(Value::String(text)) => text == "true",
            _ => usual,
        };
        let missing = |member: &str| format!("a column of table {name} has no {member}");
        Ok(Column {
            name: text("ColumnName").ok_or_else(|| missing("ColumnName"))?.to_owned(),
            kind: text("ColumnType").ok_or_else(|| missing("ColumnType"))?.to_owned(),
            is_key: is("ColumnIsPk", false),
            is_nullable: is("ColumnNullable", true) && !is("ColumnIsPk", false),
        })
    });
    let columns: Vec<Column> = columns.collect::<Result<_, String>>()?;
    Ok(Table { schema, name, path, columns })
}

/// The rows of a file: fields by commas, quoted by `"`, a quote within as `""`; lines that are empty are no rows.
pub(super) fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut is_quoted, mut is_begun) = (false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => {
                is_quoted = !is_quoted;
                is_begun = true;
            }
            ',' if !is_quoted => {
                row.push(std::mem::take(&mut field));
                is_begun = true;
            }
            '\n' if !is_quoted => {
                if is_begun || !field.is_empty() {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                is_begun = false;
            }
            '\r' if !is_quoted => {}
            other => field.push(other),
        }
    }
    if is_begun || !field.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_quotes_and_without() {
        let text = "1,Ana,\"a, b\"\r\n2,\"say \"\"hi\"\"\",\n\n3,\"two\nlines\",x";
        assert_eq!(
            rows(text),
            [vec!["1", "Ana", "a, b"], vec!["2", "say \"hi\"", ""], vec!["3", "two\nlines", "x"]]
        );
        assert!(rows("").is_empty());
    }

    #[test]
    fn a_definition_that_lacks_something_is_refused_by_name() {
        for (text, part) in [
            ("no", "no JSON"),
            ("{}", "no Tables"),
            (r#"{"Tables":[{"TableName":"t"}]}"#, "TableOwner"),
            (r#"{"Tables":[{"TableName":"t","TableOwner":"s"}]}"#, "TableColumns"),
            (r#"{"Tables":[{"TableName":"t","TableOwner":"s","TableColumns":[{}]}]}"#, "ColumnName"),
        ] {
            assert!(parse_tables(text).unwrap_err().contains(part), "{text}");
        }
    }
}
