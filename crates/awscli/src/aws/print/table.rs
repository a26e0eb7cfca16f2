//! `--output table`: boxes inside boxes, scaled to one width; beyond 80 columns names stand beside their values.

use serde_json::{Map, Value};

use super::super::python;
use super::{is_scalar, parted, parted_of_all};

/// Columns of a terminal whose width is not known.
const WIDTH: usize = 80;
/// Blanks and edges of a column.
const PADDING: usize = 4;

/// Prints a value under a title; the error is Python's sentence for what the AWS CLI cannot print.
pub(super) fn table(title: &str, value: &Value, printed: &mut String) -> Result<(), String> {
    let mut table = Table::default();
    if !table.build(Some(title), value, 0)? {
        return Ok(());
    }
    if table.width() > WIDTH {
        table.sections.iter_mut().for_each(Section::turn);
    }
    let width = table.width();
    printed.push_str(&"-".repeat(width));
    printed.push('\n');
    for section in &table.sections {
        let edge = "|".repeat(section.indent);
        for line in section.lines(width - 2 * section.indent) {
            printed.push_str(&format!("{edge}{line}{edge}\n"));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Table {
    sections: Vec<Section>,
}

#[derive(Default)]
struct Section {
    title: String,
    indent: usize,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    columns: Option<usize>,
    widths: Vec<usize>,
}

impl Table {
    /// Whether there is anything to print.
    fn build(&mut self, title: Option<&str>, value: &Value, indent: usize) -> Result<bool, String> {
        let is_nothing = match value {
            Value::Number(number) => number.as_f64() == Some(0.0),
            other => !crate::query::is_true(other),
        };
        if is_nothing {
            return Ok(false);
        }
        if let Some(title) = title {
            self.sections.push(Section { title: title.to_owned(), indent, ..Section::default() });
        }
        match value {
            Value::Array(items) if items.first().is_some_and(Value::is_object) => {
                self.list(items, indent, title.unwrap_or_default())?;
            }
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::Array(inner) if inner.iter().all(is_scalar) => self.row(inner.iter())?,
                        Value::Array(_) => {
                            self.build(None, item, 0)?;
                        }
                        // Python goes through the names of a structure.
                        Value::Object(members) => {
                            let names: Vec<Value> =
                                members.keys().map(|name| Value::from(name.as_str())).collect();
                            self.row(names.iter())?;
                        }
                        scalar => self.row([scalar].into_iter())?,
                    }
                }
            }
            Value::Object(members) => self.structure(members, indent)?,
            _ => {}
        }
        Ok(true)
    }

    fn structure(&mut self, members: &Map<String, Value>, indent: usize) -> Result<(), String> {
        let (names, more) = parted(members);
        let value_of = |name: &&str| members.get(*name).unwrap_or(&Value::Null);
        match names.as_slice() {
            [] => {}
            [only] => self.row([&Value::from(*only), value_of(only)].into_iter())?,
            names => {
                self.header(names);
                self.row(names.iter().map(value_of))?;
            }
        }
        for name in more {
            self.build(Some(name), value_of(&name), indent + 1)?;
        }
        Ok(())
    }

    fn list(&mut self, items: &[Value], indent: usize, title: &str) -> Result<(), String> {
        let (names, more) = parted_of_all(items);
        self.header(&names);
        let empty = Value::from("");
        for (i, item) in items.iter().enumerate() {
            if i > 0 && !more.is_empty() {
                self.sections.push(Section { title: title.to_owned(), indent, ..Section::default() });
                self.header(&names);
            }
            self.row(names.iter().map(|name| item.get(*name).unwrap_or(&empty)))?;
            for name in &more {
                if let Some(value) = item.get(*name) {
                    self.build(Some(name), value, indent + 1)?;
                }
            }
        }
        Ok(())
    }

    fn header(&mut self, names: &[&str]) {
        if let Some(section) = self.sections.last_mut() {
            section.headers = names.iter().map(|name| (*name).to_owned()).collect();
            section.columns.get_or_insert(names.len());
            section.widen(&section.headers.clone());
        }
    }

    fn row<'v>(&mut self, values: impl Iterator<Item = &'v Value>) -> Result<(), String> {
        let row: Vec<String> = values.map(python::str).collect();
        let Some(section) = self.sections.last_mut() else { return Ok(()) };
        let columns = *section.columns.get_or_insert(row.len());
        if row.len() != columns {
            return Err(format!("Row should have {columns} elements, instead it has {}", row.len()));
        }
        section.widen(&row);
        section.rows.push(row);
        Ok(())
    }

    fn width(&self) -> usize {
        self.sections.iter().map(Section::width).max().unwrap_or_default()
    }
}

impl Section {
    fn widen(&mut self, row: &[String]) {
        self.widths.resize(self.widths.len().max(row.len()), 0);
        for (width, word) in self.widths.iter_mut().zip(row) {
            *width = (*width).max(length(word));
        }
    }

    /// A single row under its names becomes pairs of name and value.
    fn turn(&mut self) {
        if self.headers.is_empty() || self.rows.len() != 1 {
            return;
        }
        let headers = std::mem::take(&mut self.headers);
        let values = self.rows.pop().unwrap_or_default();
        self.widths = Vec::new();
        for pair in headers.into_iter().zip(values).map(|(name, value)| vec![name, value]) {
            self.widen(&pair);
            self.rows.push(pair);
        }
    }

    fn width(&self) -> usize {
        let edges = 2 + 2 * self.indent;
        let columns: usize = self.widths.iter().map(|width| width + PADDING).sum();
        (length(&self.title) + edges).max(columns + edges)
    }

    /// The columns' widths, stretched so that they fill `width` together.
    fn columns(&self, width: usize) -> Vec<usize> {
        let wanted: usize = self.widths.iter().map(|width| width + PADDING).sum();
        let factor = width as f64 / wanted as f64;
        let mut scaled: Vec<usize> =
            self.widths.iter().map(|own| round_half_even(factor * (own + PADDING) as f64)).collect();
        let mut total: usize = scaled.iter().sum();
        while total != width && !scaled.is_empty() {
            let count = scaled.len();
            for i in 0..count {
                if total > width {
                    scaled[i] -= 1;
                    total -= 1;
                } else if total < width {
                    scaled[count - 1 - i] += 1;
                    total += 1;
                }
            }
        }
        scaled
    }

    fn lines(&self, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.title.is_empty() {
            lines.push(centred(&self.title, width, "|"));
            if self.headers.is_empty() && self.rows.is_empty() {
                lines.push(format!("+{}+", "-".repeat(width.saturating_sub(2))));
            }
        }
        let columns = self.columns(width);
        if columns.is_empty() {
            return lines;
        }
        let rule: String = columns.iter().map(|width| format!("{}+", "-".repeat(width - 1))).collect();
        let rule = format!("+{}", rule.get(1..).unwrap_or_default());
        let cells = |row: &[String], cell: fn(&str, usize, &str) -> String| -> String {
            let edges = ["|"].into_iter().chain(std::iter::repeat(""));
            row.iter()
                .zip(&columns)
                .zip(edges)
                .map(|((word, width), edge)| cell(word, *width, edge))
                .collect()
        };
        if !self.headers.is_empty() {
            lines.push(rule.clone());
            lines.push(cells(&self.headers, centred));
        }
        if !self.rows.is_empty() {
            lines.push(rule.clone());
            lines.extend(self.rows.iter().map(|row| cells(row, aligned)));
            lines.push(rule);
        }
        lines
    }
}

/// Python's `round`.
fn round_half_even(value: f64) -> usize {
    let (whole, rest) = (value.floor(), value - value.floor());
    let is_up = rest > 0.5 || (rest == 0.5 && whole % 2.0 == 1.0);
    whole as usize + usize::from(is_up)
}

/// Columns that a text takes; letters of East Asia take two.
///
/// Assumed: letters that are wide only in East Asian fonts count as one; the AWS CLI counts two for them.
fn length(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum()
}

fn centred(text: &str, width: usize, left: &str) -> String {
    let blanks = (width / 2) as i64 - (length(text) / 2) as i64 - 1;
    let right = width as i64 - 1 - left.len() as i64 - blanks - length(text) as i64;
    format!("{left}{}{text}{}|", spaces(blanks), spaces(right))
}

fn aligned(text: &str, width: usize, left: &str) -> String {
    let padding = if width > length(text) + 2 + left.len() { 2 } else { 0 };
    let right = width as i64 - 1 - (left.len() + padding + length(text)) as i64;
    format!("{left}{}{text}{}|", spaces(padding as i64), spaces(right))
}

fn spaces(count: i64) -> String {
    " ".repeat(usize::try_from(count).unwrap_or_default())
}
