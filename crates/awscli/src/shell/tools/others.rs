//! base64, date, ls, md5sum, rm, test, uuidgen.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD as BASE64;

use super::{Call, Ended, Run, options, path, read, roll, wrong_word};
use crate::Word;
use crate::time::aws_text;

/// Letters of one line of base64.
const LINE_LETTERS: usize = 76;

pub(super) fn base64(call: &mut Call<'_>) -> Run {
    let long = [("--decode", 'd'), ("--ignore-garbage", 'i'), ("--wrap", 'w')];
    // -D is what macOS calls -d.
    let options = options(call, "dDi", "w", &long)?;
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    if options.has('d') || options.has('D') {
        let letters: Vec<u8> = bytes
            .into_iter()
            .filter(|b| match options.has('i') {
                true => b.is_ascii_alphanumeric() || b"+/=".contains(b),
                false => *b != b'\n',
            })
            .collect();
        // What comes before a mistake is printed; several texts may stand behind each other, each with its padding.
        for chunk in letters.chunks(4) {
            match BASE64.decode(chunk) {
                Ok(bytes) => ended.stdout.extend(bytes),
                Err(_) => {
                    ended.stderr.push_str("base64: invalid input\n");
                    ended.status = 1;
                    break;
                }
            }
        }
        return Ok(ended);
    }
    let wrap = match options.value('w').map(str::parse::<usize>) {
        None => LINE_LETTERS,
        Some(Ok(letters)) => letters,
        Some(Err(_)) => {
            let message =
                format!("base64: invalid wrap size: ‘{}’\n", options.value('w').unwrap_or_default());
            return Ok(Ended { stderr: message, status: 1, ..Ended::default() });
        }
    };
    let text = BASE64.encode(bytes).into_bytes();
    match wrap {
        0 => ended.stdout = text,
        letters => {
            for line in text.chunks(letters) {
                ended.stdout.extend_from_slice(line);
                ended.stdout.push(b'\n');
            }
        }
    }
    Ok(ended)
}

/// The virtual time; the sandbox's clock stands in UTC.
pub(super) fn date(call: &mut Call<'_>) -> Run {
    let options = options(call, "u", "", &[("--utc", 'u')])?;
    let text = aws_text(call.now);
    let field = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let seconds = call.now.seconds();
    // The first of January 1970 was a Thursday.
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = days[(seconds / 86_400 % 7) as usize];
    let month = field(5, 7).parse::<usize>().ok().and_then(|month| months.get(month - 1).copied());
    let month = month.unwrap_or_default();
    let form = match options.operands.as_slice() {
        [] => "%a %b %e %H:%M:%S %Z %Y".to_owned(),
        [word] if word.text.starts_with('+') => word.text[1..].to_owned(),
        [word, ..] => return wrong_word(word, "date takes a form here: date -u +%Y-%m-%dT%H:%M:%SZ"),
    };
    let mut printed = String::new();
    let mut letters = form.chars();
    while let Some(c) = letters.next() {
        if c != '%' {
            printed.push(c);
            continue;
        }
        let part = match letters.next() {
            Some('Y') => field(0, 4),
            Some('m') => field(5, 7),
            Some('d') => field(8, 10),
            Some('e') => format!("{:>2}", field(8, 10).trim_start_matches('0')),
            Some('H') => field(11, 13),
            Some('M') => field(14, 16),
            Some('S') => field(17, 19),
            Some('F') => field(0, 10),
            Some('T') => field(11, 19),
            Some('s') => seconds.to_string(),
            Some('N') => format!("{:09}", call.now.micros() % 1_000_000 * 1_000),
            Some('3') if letters.as_str().starts_with('N') => {
                letters.next();
                format!("{:03}", call.now.millis() % 1_000)
            }
            Some('a') => day.to_owned(),
            Some('b') => month.to_owned(),
            Some('Z') => "UTC".to_owned(),
            Some('z') => "+0000".to_owned(),
            Some('%') => "%".to_owned(),
            other => {
                let other: String = other.into_iter().collect();
                let word = call.arguments.last();
                let nobody = Word { text: String::new(), span: 0..0 };
                return wrong_word(word.unwrap_or(&nobody), format!("date %{other} is not simulated here"));
            }
        };
        printed.push_str(&part);
    }
    printed.push('\n');
    Ended::printed(printed)
}

pub(super) fn ls(call: &mut Call<'_>) -> Run {
    let options = options(call, "la1h", "", &[])?;
    let mut ended = Ended::default();
    let mut shown: Vec<(String, usize)> = Vec::new();
    for word in &options.operands {
        match call.home.file(&path(&word.text)) {
            Some(content) => shown.push((word.text.clone(), content.len())),
            None if matches!(word.text.as_str(), "." | "./" | "~" | "~/") => {}
            None => {
                ended
                    .stderr
                    .push_str(&format!("ls: cannot access '{}': No such file or directory\n", word.text));
                ended.status = 2;
            }
        }
    }
    if options.operands.is_empty()
        || options.operands.iter().any(|word| matches!(word.text.as_str(), "." | "./" | "~" | "~/"))
    {
        let files = call.home.files().filter(|(path, _)| options.has('a') || !path.starts_with('.'));
        shown.extend(files.map(|(path, content)| (path.clone(), content.len())));
    }
    let width = shown.iter().map(|(_, size)| size.to_string().len()).max().unwrap_or(0);
    ended.stdout = super::joined(shown.into_iter().map(|(name, size)| match options.has('l') {
        true => format!("{size:>width$} {name}"),
        false => name,
    }));
    Ok(ended)
}

pub(super) fn rm(call: &mut Call<'_>) -> Run {
    let options = options(call, "f", "", &[("--force", 'f')])?;
    let mut ended = Ended::default();
    for word in &options.operands {
        let path = path(&word.text);
        if call.home.file(&path).is_none() {
            if !options.has('f') {
                let message = format!("rm: cannot remove '{}': No such file or directory\n", word.text);
                ended.stderr.push_str(&message);
                ended.status = 1;
            }
            continue;
        }
        // Taking away is never refused.
        let _ = call.home.write_file(&path, None);
    }
    Ok(ended)
}

/// Kinesis takes the MD5 of a partition key: `echo -n user-1 | md5sum`.
pub(super) fn md5sum(call: &mut Call<'_>) -> Run {
    let options = options(call, "", "", &[])?;
    let mut ended = Ended::default();
    let bytes = read(call, &options.operands, &mut ended);
    let name = options.operands.first().map_or("-", |word| &word.text);
    match String::from_utf8(bytes) {
        Ok(text) => ended.stdout = format!("{:032x}  {name}\n", kinesis::hash_key_of(&text)).into_bytes(),
        Err(_) => {
            ended.stderr = "md5sum: here only texts are hashed, as partition keys are\n".to_owned();
            ended.status = 1;
        }
    }
    Ok(ended)
}

pub(super) fn uuidgen(call: &mut Call<'_>) -> Run {
    options(call, "r", "", &[])?;
    let (high, low) = (roll(call.dice), roll(call.dice));
    let text = format!("{high:016x}{low:016x}");
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    // Version 4, variant 1.
    Ended::printed(format!(
        "{}-{}-4{}-a{}-{}\n",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    ))
}

pub(super) fn test(call: &mut Call<'_>) -> Run {
    let mut words: Vec<&str> = call.arguments.iter().map(|word| word.text.as_str()).collect();
    if call.name == "[" && words.pop() != Some("]") {
        return Ok(Ended { stderr: "[: missing `]'\n".to_owned(), status: 2, ..Ended::default() });
    }
    let is_negated = words.len() > 1 && words.first() == Some(&"!");
    if is_negated {
        words.remove(0);
    }
    match is_true(&words, call) {
        Ok(is_true) => Ended::status(u8::from(is_true == is_negated)),
        Err(problem) => {
            Ok(Ended { stderr: format!("{}: {problem}\n", call.name), status: 2, ..Ended::default() })
        }
    }
}

fn is_true(words: &[&str], call: &Call<'_>) -> Result<bool, String> {
    let number =
        |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text}: integer expression expected"));
    Ok(match words {
        [] => false,
        [text] => !text.is_empty(),
        ["-z", text] => text.is_empty(),
        ["-n", text] => !text.is_empty(),
        ["-f" | "-e", file] => call.home.file(&path(file)).is_some(),
        ["-s", file] => call.home.file(&path(file)).is_some_and(|content| !content.is_empty()),
        [left, "=" | "==", right] => left == right,
        [left, "!=", right] => left != right,
        [left, "-eq", right] => number(left)? == number(right)?,
        [left, "-ne", right] => number(left)? != number(right)?,
        [left, "-lt", right] => number(left)? < number(right)?,
        [left, "-le", right] => number(left)? <= number(right)?,
        [left, "-gt", right] => number(left)? > number(right)?,
        [left, "-ge", right] => number(left)? >= number(right)?,
        [_, operator, _] => return Err(format!("{operator}: binary operator expected")),
        [operator, _] => return Err(format!("{operator}: unary operator expected")),
        _ => return Err("too many arguments".to_owned()),
    })
}
