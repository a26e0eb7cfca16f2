//! `--output yaml`: members sorted by name, texts in quotes only where YAML would take them for something else.

use serde_json::{Map, Value};

/// Prints a value.
pub(super) fn yaml(value: &Value, printed: &mut String) {
    match value {
        Value::Array(_) | Value::Object(_) => {
            node(value, 0, printed);
            if !printed.ends_with('\n') {
                printed.push('\n');
            }
        }
        // The AWS CLI prints single values as JSON.
        scalar => printed.push_str(&format!("{scalar}\n")),
    }
}

/// A value whose first line begins where the text ends, and its newline.
fn node(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Array(items) if items.is_empty() => out.push_str("[]\n"),
        Value::Object(members) if members.is_empty() => out.push_str("{}\n"),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                out.push_str(&" ".repeat(if i == 0 { 0 } else { indent }));
                out.push_str("- ");
                node(item, indent + 2, out);
            }
        }
        Value::Object(members) => structure(members, indent, out),
        Value::String(text) => {
            scalar(text, indent, true, out);
            out.push('\n');
        }
        other => out.push_str(&format!("{other}\n")),
    }
}

fn structure(members: &Map<String, Value>, indent: usize, out: &mut String) {
    let mut names: Vec<&String> = members.keys().collect();
    names.sort_unstable();
    for (i, name) in names.into_iter().enumerate() {
        out.push_str(&" ".repeat(if i == 0 { 0 } else { indent }));
        scalar(name, indent, false, out);
        out.push(':');
        match members.get(name).unwrap_or(&Value::Null) {
            // A list in a structure is not indented further, a structure is.
            value @ Value::Array(items) if !items.is_empty() => {
                out.push_str(&format!("\n{}", " ".repeat(indent)));
                node(value, indent, out);
            }
            value @ Value::Object(inner) if !inner.is_empty() => {
                out.push_str(&format!("\n{}", " ".repeat(indent + 2)));
                node(value, indent + 2, out);
            }
            value => {
                out.push(' ');
                node(value, indent + 2, out);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
}

/// Behind this column a blank becomes a new line.
const WIDTH: usize = 80;

/// A text; `indent` is where its further lines begin.
fn scalar(text: &str, indent: usize, may_fold: bool, out: &mut String) {
    let style = style(text);
    let quote = match style {
        Style::Plain => "",
        Style::Single => "'",
        Style::Double => "\"",
    };
    out.push_str(quote);
    let mut column = out.chars().rev().take_while(|c| *c != '\n').count();
    let chars: Vec<char> = text.chars().collect();
    let new_line = format!("\n{}", " ".repeat(indent));
    let mut after_break = false;
    for (i, c) in chars.iter().copied().enumerate() {
        let is_inner = i > 0 && i + 1 < chars.len();
        let is_lone_blank = c == ' ' && is_inner && chars[i - 1] != ' ' && chars[i + 1] != ' ';
        if is_lone_blank && may_fold && column > WIDTH {
            out.push_str(&new_line);
            column = indent;
            continue;
        }
        let start = out.len();
        match (style, c) {
            (Style::Single, '\n') => {
                out.push_str(if after_break { "\n" } else { "\n\n" });
                after_break = true;
                continue;
            }
            (Style::Single, '\'') => out.push_str("''"),
            (Style::Double, c) => escape(c, out),
            (_, c) => {
                if std::mem::take(&mut after_break) {
                    out.push_str(&new_line[1..]);
                    column = indent;
                }
                out.push(c);
            }
        }
        column += out[start..].chars().count();
    }
    out.push_str(quote);
}

fn escape(c: char, out: &mut String) {
    match c {
        '\0' => out.push_str("\\0"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{b}' => out.push_str("\\v"),
        '\u{c}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        '\u{1b}' => out.push_str("\\e"),
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        c if is_printable(c) => out.push(c),
        c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02X}", c as u32)),
        c if (c as u32) < 0x10000 => out.push_str(&format!("\\u{:04X}", c as u32)),
        c => out.push_str(&format!("\\U{:08X}", c as u32)),
    }
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn style(text: &str) -> Style {
    let chars: Vec<char> = text.chars().collect();
    let is_blank = |place: usize| chars.get(place).is_none_or(|c| " \t\n\r".contains(*c));
    let (first, last) = (chars.first().copied(), chars.last().copied());
    let breaks_beside_blanks = text.contains(" \n") || text.contains("\n ");
    if !chars.iter().all(|c| is_printable(*c)) || breaks_beside_blanks {
        return Style::Double;
    }
    let is_indicator = |(i, c): (usize, &char)| match c {
        '#' => i == 0 || is_blank(i - 1),
        ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => i == 0,
        '?' | '-' => i == 0 && is_blank(1),
        ':' => is_blank(i + 1),
        _ => false,
    };
    let has_edge_blank = [first, last].into_iter().flatten().any(|c| c == ' ' || c == '\n');
    let is_marker = text.starts_with("---") || text.starts_with("...");
    let is_plain = !text.contains('\n')
        && !has_edge_blank
        && !is_marker
        && !chars.iter().enumerate().any(is_indicator)
        && !means_something_else(text);
    if is_plain { Style::Plain } else { Style::Single }
}

/// Whether YAML 1.2 takes the plain text for a value that is no text.
fn means_something_else(text: &str) -> bool {
    let words = [
        "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "=", "<<",
        ".nan", ".NaN", ".NAN",
    ];
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    words.contains(&text)
        || [".inf", ".Inf", ".INF"].contains(&unsigned)
        || is_whole(unsigned)
        || is_float(unsigned)
        || is_time(text)
}

fn is_whole(text: &str) -> bool {
    let of = |digits: &str, radix: u32| {
        !digits.is_empty() && digits.chars().all(|c| c == '_' || c.is_digit(radix))
    };
    let after = |prefix: &str| text.strip_prefix(prefix).unwrap_or_default();
    of(text, 10) || of(after("0b"), 2) || of(after("0o"), 8) || of(after("0x"), 16)
}

/// `1.5`, `.5`, `1e3`.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let has_digit_first = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let is_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    });
    is_exponent
        && match mantissa.split_once('.') {
            Some(("", fraction)) => !fraction.is_empty() && is_digits(fraction),
            Some((whole, fraction)) => has_digit_first(whole) && is_digits(whole) && is_digits(fraction),
            None => exponent.is_some() && has_digit_first(mantissa) && is_digits(mantissa),
        }
}

/// `2026-01-01`, or with a time of day behind it.
fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let day = ["0000-00-00", "0000-0-00", "0000-00-0", "0000-0-0"].into_iter();
    let rest = day.filter_map(|day| shape.strip_prefix(day)).min_by_key(|rest| rest.len());
    match rest {
        None => false,
        Some("") => shape.len() == 10,
        Some(rest) => {
            let time = rest.trim_start_matches([' ', '\t']);
            let time = time.strip_prefix(['T', 't']).unwrap_or(time);
            time.len() < rest.len() && ["00:00:00", "0:00:00"].iter().any(|clock| time.starts_with(clock))
        }
    }
}
