//! Lesson texts: paragraphs, list items and code, from the small part of Markdown that lessons use.

/// A paragraph, a list item or a code block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    Paragraph(Vec<Span>),
    Item(Vec<Span>),
    Code(String),
}

/// Words or `code` within a paragraph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Span {
    Words(String),
    Code(String),
}

/// The parts of a lesson's text, which a line `---` divides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Parts<'a> {
    /// What to do.
    pub(crate) task: &'a str,
    /// What it shows, read after success.
    pub(crate) explanation: &'a str,
    /// In what the exercise differs from the plan of the course; empty where in nothing.
    pub(crate) differs: &'a str,
}

pub(crate) fn parts(text: &str) -> Parts<'_> {
    let (task, rest) = text.split_once("\n---\n").unwrap_or((text, ""));
    let (explanation, differs) = rest.split_once("\n---\n").unwrap_or((rest, ""));
    Parts { task, explanation, differs }
}

/// Takes a text apart. What is not understood stays as it is: texts are shown as text only, never as mark-up.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut parts = text.split("```");
    while let Some(prose) = parts.next() {
        for paragraph in prose.split("\n\n") {
            read_paragraph(paragraph, &mut blocks);
        }
        if let Some(code) = parts.next() {
            blocks.push(Block::Code(code.trim_matches('\n').to_owned()));
        }
    }
    blocks
}

fn read_paragraph(paragraph: &str, blocks: &mut Vec<Block>) {
    let mut words = Vec::new();
    for line in paragraph.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.strip_prefix("- ") {
            Some(item) => blocks.push(Block::Item(spans(item))),
            None => words.push(line),
        }
    }
    if !words.is_empty() {
        blocks.push(Block::Paragraph(spans(&words.join(" "))));
    }
}

fn spans(text: &str) -> Vec<Span> {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    let span = |(i, part): (usize, &str)| match i % 2 {
        0 => Span::Words(part.to_owned()),
        _ => Span::Code(part.to_owned()),
    };
    parts.map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_may_say_in_what_it_differs_from_the_plan() {
        let of = |text: &'static str| {
            let Parts { task, explanation, differs } = parts(text);
            [task, explanation, differs]
        };
        assert_eq!(of("Do.\n---\nSo.\n\n---\nOther numbers."), ["Do.", "So.\n", "Other numbers."]);
        assert_eq!(of("Do.\n---\nSo."), ["Do.", "So.", ""]);
    }

    #[test]
    fn paragraphs_items_and_code_are_told_apart() {
        let words = |text: &str| Span::Words(text.to_owned());
        assert_eq!(
            blocks("One\nline.\n\n- an `item`\n\n```\naws kinesis list-streams\n```\nEnd"),
            [
                Block::Paragraph(vec![words("One line.")]),
                Block::Item(vec![words("an "), Span::Code("item".to_owned())]),
                Block::Code("aws kinesis list-streams".to_owned()),
                Block::Paragraph(vec![words("End")]),
            ]
        );
    }
}
