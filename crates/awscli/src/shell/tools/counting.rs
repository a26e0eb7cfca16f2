//! head, tail, wc, sort, uniq, seq.

use std::cmp::Ordering;

use super::{Call, Ended, Run, joined, lines, options, read, wrong_word};

/// Numbers that one `seq` prints.
const SEQUENCE_MAX: i64 = 100_000;

pub(super) fn head(call: &mut Call<'_>) -> Run {
    let options = options(call, "q", "nc", &[("--lines", 'n'), ("--bytes", 'c')])?;
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    ended.stdout = match (options.value('c').map(number), options.value('n').map_or(Some(10), number)) {
        (Some(Some(count)), _) => bytes.into_iter().take(usize::try_from(count).unwrap_or(0)).collect(),
        (None, Some(count)) if count >= 0 => {
            bytes.split_inclusive(|b| *b == b'\n').take(count as usize).flatten().copied().collect()
        }
        // head -n -1: all but the last.
        (None, Some(count)) => {
            let all: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
            let kept = all.len().saturating_sub(count.unsigned_abs() as usize);
            all[..kept].concat()
        }
        _ => return wrong_number(call),
    };
    Ok(ended)
}

pub(super) fn tail(call: &mut Call<'_>) -> Run {
    let options = options(call, "q", "nc", &[("--lines", 'n'), ("--bytes", 'c')])?;
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    let (text, is_bytes) = match options.value('c') {
        Some(text) => (text, true),
        None => (options.value('n').unwrap_or("10"), false),
    };
    let Some(count) = number(text.trim_start_matches('+')) else { return wrong_number(call) };
    let parts: Vec<&[u8]> = match is_bytes {
        true => bytes.chunks(1).collect(),
        false => bytes.split_inclusive(|b| *b == b'\n').collect(),
    };
    let count = count.unsigned_abs() as usize;
    // tail -n +2: from the second line on.
    let from =
        if text.starts_with('+') { count.saturating_sub(1) } else { parts.len().saturating_sub(count) };
    ended.stdout = parts.get(from..).unwrap_or_default().concat();
    Ok(ended)
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn wrong_number(call: &Call<'_>) -> Run {
    let word = call.arguments.iter().find(|word| word.text.starts_with('-'));
    match word.or(call.arguments.first()) {
        Some(word) => wrong_word(word, format!("{} needs a whole number", call.name)),
        None => Ended::status(1),
    }
}

pub(super) fn wc(call: &mut Call<'_>) -> Run {
    let options =
        options(call, "lwcm", "", &[("--lines", 'l'), ("--words", 'w'), ("--bytes", 'c'), ("--chars", 'm')])?;
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    let text = String::from_utf8_lossy(&bytes);
    let counts = [
        ('l', bytes.iter().filter(|b| **b == b'\n').count()),
        ('w', text.split_whitespace().count()),
        ('m', text.chars().count()),
        ('c', bytes.len()),
    ];
    let is_all = options.flags.is_empty();
    let shown = counts.into_iter().filter(|(letter, _)| options.has(*letter) || (is_all && *letter != 'm'));
    let shown: Vec<usize> = shown.map(|(_, count)| count).collect();
    // GNU wc gives several counts of an input columns of seven; of files as wide as the largest.
    let width = match (shown.len(), options.operands.is_empty()) {
        (1, _) => 1,
        (_, true) => 7,
        (_, false) => bytes.len().to_string().len(),
    };
    let columns: Vec<String> = shown.into_iter().map(|count| format!("{count:>width$}")).collect();
    let mut line = columns.join(" ");
    match options.operands.as_slice() {
        [] => {}
        [file] => line.push_str(&format!(" {}", file.text)),
        _ => line.push_str(" total"),
    }
    ended.stdout = joined([line]);
    Ok(ended)
}

pub(super) fn sort(call: &mut Call<'_>) -> Run {
    let long = [("--numeric-sort", 'n'), ("--reverse", 'r'), ("--unique", 'u'), ("--key", 'k')];
    // `-n` takes no number here.
    let options = options(call, "nru", "kt", &long)?;
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    let mut sorted = lines(&bytes);
    let column = options.value('k').and_then(|key| key.split([',', 'n']).next()?.parse::<usize>().ok());
    let is_numeric = options.has('n') || options.value('k').is_some_and(|key| key.contains('n'));
    let key = |line: &str| -> String {
        let field = |column: usize| match options.value('t') {
            Some(delimiter) => line.split(delimiter).nth(column - 1).map(str::to_owned),
            None => line.split_whitespace().nth(column - 1).map(str::to_owned),
        };
        match column.filter(|column| *column > 0) {
            Some(column) => field(column).unwrap_or_default(),
            None => line.to_owned(),
        }
    };
    let compare = |a: &String, b: &String| {
        let (left, right) = (key(a), key(b));
        let order = if is_numeric { by_number(&left, &right) } else { left.cmp(&right) };
        let order = order.then_with(|| a.cmp(b));
        if options.has('r') { order.reverse() } else { order }
    };
    sorted.sort_unstable_by(compare);
    if options.has('u') {
        sorted.dedup();
    }
    ended.stdout = joined(sorted);
    Ok(ended)
}

/// The number that a line begins with; whole numbers may be as long as sequence numbers.
fn by_number(left: &str, right: &str) -> Ordering {
    let parts = |text: &str| {
        let text = text.trim_start();
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let whole: String = digits.chars().take_while(char::is_ascii_digit).collect();
        let fraction = digits.get(whole.len()..).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
        let fraction: String = fraction.chars().take_while(char::is_ascii_digit).collect();
        let whole = whole.trim_start_matches('0').to_owned();
        (is_negative && !(whole.is_empty() && fraction.trim_matches('0').is_empty()), whole, fraction)
    };
    let ((left_negative, left, left_part), (right_negative, right, right_part)) = (parts(left), parts(right));
    let size =
        left.len().cmp(&right.len()).then_with(|| left.cmp(&right)).then_with(|| left_part.cmp(&right_part));
    match (left_negative, right_negative) {
        (false, false) => size,
        (true, true) => size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

pub(super) fn uniq(call: &mut Call<'_>) -> Run {
    let options = options(call, "cd", "", &[("--count", 'c'), ("--repeated", 'd')])?;
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    let mut groups: Vec<(String, usize)> = Vec::new();
    for line in lines(&bytes) {
        match groups.last_mut().filter(|(last, _)| *last == line) {
            Some((_, count)) => *count += 1,
            None => groups.push((line, 1)),
        }
    }
    let kept = groups.into_iter().filter(|(_, count)| !options.has('d') || *count > 1);
    ended.stdout = joined(kept.map(|(line, count)| match options.has('c') {
        true => format!("{count:>7} {line}"),
        false => line,
    }));
    Ok(ended)
}

pub(super) fn seq(call: &mut Call<'_>) -> Run {
    let mut numbers = Vec::new();
    for word in call.arguments {
        match word.text.parse::<i64>() {
            Ok(number) => numbers.push(number),
            Err(_) => return wrong_word(word, "seq takes whole numbers: seq 1 100, seq 0 10 100"),
        }
    }
    let (from, step, to) = match numbers.as_slice() {
        [to] => (1, 1, *to),
        [from, to] => (*from, 1, *to),
        [from, step, to] if *step != 0 => (*from, *step, *to),
        _ => return Ok(Ended { stderr: "seq: missing operand\n".to_owned(), status: 1, ..Ended::default() }),
    };
    let count = (i128::from(to) - i128::from(from)) / i128::from(step) + 1;
    if count > i128::from(SEQUENCE_MAX) {
        let message = format!("seq counts to {SEQUENCE_MAX} numbers here");
        return call.arguments.first().map_or(Ended::status(1), |word| wrong_word(word, message));
    }
    let is_empty = (to < from) == (step > 0) && to != from;
    let count = if is_empty { 0 } else { i64::try_from(count).unwrap_or(0) };
    Ok(Ended { stdout: joined((0..count).map(|i| (from + i * step).to_string())), ..Ended::default() })
}
