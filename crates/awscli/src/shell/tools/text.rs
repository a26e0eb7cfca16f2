//! echo, printf, cat, cut, tr.

use super::{Call, Ended, Run, joined, lines, options, read, wrong_word};

pub(super) fn echo(call: &mut Call<'_>) -> Run {
    let mut words = call.arguments;
    let (mut newline, mut has_escapes) = ("\n", false);
    while let Some(first) = words.first().filter(|word| is_echo_option(&word.text)) {
        newline = if first.text.contains('n') { "" } else { newline };
        has_escapes |= first.text.contains('e');
        words = &words[1..];
    }
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let text = texts.join(" ");
    let text = if has_escapes { unescaped(&text) } else { text };
    Ended::printed(text + newline)
}

fn is_echo_option(text: &str) -> bool {
    text.len() > 1 && text.starts_with('-') && text[1..].chars().all(|c| "neE".contains(c))
}

/// `\n` and `\t` as the characters that they stand for.
fn unescaped(text: &str) -> String {
    let mut result = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (c, false) => result.push(c),
            (_, true) => match chars.next() {
                Some('n') => result.push('\n'),
                Some('t') => result.push('\t'),
                Some('r') => result.push('\r'),
                Some('0') => result.push('\0'),
                Some('\\') => result.push('\\'),
                Some(other) => result.extend(['\\', other]),
                None => result.push('\\'),
            },
        }
    }
    result
}

/// The form is used again while words are left.
pub(super) fn printf(call: &mut Call<'_>) -> Run {
    let Some((form, words)) = call.arguments.split_first() else {
        return Ok(Ended {
            stderr: "printf: usage: printf FORM [WORD …]\n".to_owned(),
            status: 2,
            ..Ended::default()
        });
    };
    let mut words = words.iter();
    // Escapes are the form's own: those in a word are printed as they stand.
    let mut printed = Vec::new();
    loop {
        let mut text = String::new();
        let left = words.len();
        let mut chars = form.text.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                text.push(c);
                if c == '\\' {
                    text.extend(chars.next());
                }
                continue;
            }
            let mut width = String::new();
            while let Some(digit) = chars.next_if(|c| c.is_ascii_digit() || *c == '-') {
                width.push(digit);
            }
            let word = |word: Option<&crate::Word>| word.map_or("", |word| &word.text).to_owned();
            let value = match chars.next() {
                Some('%') => "%".to_owned(),
                Some('s') => word(words.next()),
                Some('d' | 'i') => word(words.next()).trim().parse::<i64>().unwrap_or_default().to_string(),
                other => {
                    let found: String = other.into_iter().collect();
                    return wrong_word(
                        form,
                        format!("printf %{found} is not simulated here: it takes %s and %d"),
                    );
                }
            };
            printed.extend(unescaped(&std::mem::take(&mut text)).into_bytes());
            printed.extend(padded(&value, &width).into_bytes());
        }
        printed.extend(unescaped(&text).into_bytes());
        if words.len() == 0 || words.len() == left {
            return Ended::printed(printed);
        }
    }
}

/// Bytes that one number in a form may ask for.
const WIDTH_MAX: usize = 10_000;

fn padded(value: &str, width: &str) -> String {
    let (is_left, digits) = (width.starts_with('-'), width.trim_start_matches('-'));
    let missing = digits.parse::<usize>().unwrap_or(0).min(WIDTH_MAX).saturating_sub(value.chars().count());
    let zeros = digits.starts_with('0') && !is_left;
    match (is_left, zeros) {
        (true, _) => format!("{value}{}", " ".repeat(missing)),
        (_, true) => format!("{}{value}", "0".repeat(missing)),
        _ => format!("{}{value}", " ".repeat(missing)),
    }
}

pub(super) fn cat(call: &mut Call<'_>) -> Run {
    let options = options(call, "", "", &[])?;
    let mut ended = Ended::default();
    ended.stdout = read(call, &options.operands, &mut ended);
    Ok(ended)
}

pub(super) fn cut(call: &mut Call<'_>) -> Run {
    let options =
        options(call, "s", "dfc", &[("--delimiter", 'd'), ("--fields", 'f'), ("--characters", 'c')])?;
    let (list, is_letters) = match (options.value('f'), options.value('c')) {
        (Some(fields), _) => (fields.to_owned(), false),
        (None, Some(letters)) => (letters.to_owned(), true),
        (None, None) => {
            let stderr = "cut: you must specify a list of bytes, characters, or fields\n".to_owned();
            return Ok(Ended { stderr, status: 1, ..Ended::default() });
        }
    };
    let delimiter = options.value('d').unwrap_or("\t").to_owned();
    let places: Vec<(usize, usize)> = list.split(',').filter_map(place_range).collect();
    let is_in = |place: usize| places.iter().any(|(from, to)| (*from..=*to).contains(&place));
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    let picked = lines(&bytes).into_iter().filter_map(|line| match is_letters {
        true => Some(line.chars().enumerate().filter(|(i, _)| is_in(i + 1)).map(|(_, c)| c).collect()),
        // A line without a delimiter is printed whole, unless -s leaves it out.
        false if !line.contains(&delimiter) => (!options.has('s')).then_some(line),
        false => {
            let fields = line.split(&delimiter).enumerate().filter(|(i, _)| is_in(i + 1));
            Some(fields.map(|(_, field)| field).collect::<Vec<_>>().join(&delimiter))
        }
    });
    ended.stdout = joined(picked);
    Ok(ended)
}

/// `2`, `2-4`, `-3`, `3-`.
fn place_range(text: &str) -> Option<(usize, usize)> {
    match text.split_once('-') {
        None => text.parse().ok().map(|place| (place, place)),
        Some((from, to)) => {
            let from = if from.is_empty() { 1 } else { from.parse().ok()? };
            Some((from, if to.is_empty() { usize::MAX } else { to.parse().ok()? }))
        }
    }
}

pub(super) fn tr(call: &mut Call<'_>) -> Run {
    let options = options(call, "ds", "", &[("--delete", 'd'), ("--squeeze-repeats", 's')])?;
    let set = |place: usize| options.operands.get(place).map(|word| letters(&word.text));
    let (Some(from), to) = (set(0), set(1).unwrap_or_default()) else {
        return Ok(Ended { stderr: "tr: missing operand\n".to_owned(), status: 1, ..Ended::default() });
    };
    let text = String::from_utf8_lossy(&call.input.take_all()).into_owned();
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        let new = match from.iter().position(|own| *own == c) {
            Some(_) if options.has('d') => continue,
            Some(place) => to.get(place).or(to.last()).copied().unwrap_or(c),
            None => c,
        };
        let squeezed = if to.is_empty() { &from } else { &to };
        if !(options.has('s') && squeezed.contains(&new) && result.ends_with(new)) {
            result.push(new);
        }
    }
    Ended::printed(result)
}

/// `a-z` and `[:upper:]` as the letters that they stand for.
fn letters(text: &str) -> Vec<char> {
    let text = unescaped(text);
    let text = text
        .replace("[:upper:]", "A-Z")
        .replace("[:lower:]", "a-z")
        .replace("[:digit:]", "0-9")
        .replace("[:space:]", " \t\n\r");
    let chars: Vec<char> = text.chars().collect();
    let mut letters = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(end)) if *end >= chars[at] => {
                letters.extend(chars[at]..=*end);
                at += 3;
            }
            _ => {
                letters.push(chars[at]);
                at += 1;
            }
        }
    }
    letters
}
