//! Markdown tables that also read well in a terminal: the first column is text, the others are figures.

use std::fmt::Write as _;

pub(crate) fn markdown<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or_default()
    });
    let mut text = String::new();
    write_row(&mut text, &widths, &head.map(str::to_owned));
    let rule: [String; N] = std::array::from_fn(|column| {
        if column == 0 { "-".repeat(widths[0]) } else { format!("{}:", "-".repeat(widths[column] - 1)) }
    });
    write_row(&mut text, &widths, &rule);
    for row in rows {
        write_row(&mut text, &widths, row);
    }
    text
}

fn write_row<const N: usize>(text: &mut String, widths: &[usize; N], cells: &[String; N]) {
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        // Writing to a string cannot fail.
        let _ =
            if column == 0 { write!(text, "| {cell:width$} |") } else { write!(text, " {cell:>width$} |") };
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn figures_stand_right_aligned_under_their_heads() {
        let rows = [["wasm".to_owned(), "12".to_owned()], ["js".to_owned(), "3456".to_owned()]];
        assert_eq!(
            markdown(["file", "bytes"], &rows),
            "| file | bytes |\n| ---- | ----: |\n| wasm |    12 |\n| js   |  3456 |\n"
        );
    }
}
