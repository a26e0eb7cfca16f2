//! The small programs that scripts around the AWS CLI use, as far as they are used there.

mod counting;
mod grep;
mod others;
mod text;

use kinesis::Instant;
use sim::Home;

use crate::nearest::nearest;
use crate::{UsageError, Word};

/// What a program reads, with how far it was read: commands in a loop read on where the last one stopped.
#[derive(Default)]
pub(super) struct Input {
    bytes: Vec<u8>,
    at: usize,
}

impl Input {
    pub(super) fn new(bytes: Vec<u8>) -> Input {
        Input { bytes, at: 0 }
    }

    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn take_all(&mut self) -> Vec<u8> {
        let rest = self.rest().to_vec();
        self.at = self.bytes.len();
        rest
    }

    /// The next line without its newline; none at the end.
    pub(super) fn line(&mut self) -> Option<String> {
        let line = self.rest().split_inclusive(|byte| *byte == b'\n').next()?.to_vec();
        self.at += line.len();
        let text = String::from_utf8_lossy(&line).into_owned();
        Some(text.strip_suffix('\n').map_or(text.clone(), str::to_owned))
    }
}

/// A program that is called.
pub(super) struct Call<'c> {
    pub(super) name: &'c str,
    pub(super) arguments: &'c [Word],
    pub(super) input: &'c mut Input,
    pub(super) home: &'c mut Home,
    pub(super) now: Instant,
    pub(super) dice: &'c mut u64,
}

/// What a program did.
#[derive(Default)]
pub(super) struct Ended {
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
    pub(super) status: u8,
}

pub(super) type Run = Result<Ended, UsageError>;
type Tool = fn(&mut Call<'_>) -> Run;

impl Ended {
    fn printed(text: impl Into<Vec<u8>>) -> Run {
        Ok(Ended { stdout: text.into(), ..Ended::default() })
    }

    fn status(status: u8) -> Run {
        Ok(Ended { status, ..Ended::default() })
    }
}

/// Programs by name, each with what help says of it.
pub(crate) const TOOLS: &[(&str, &str)] = &[
    ("[", "compares: [ \"$STATUS\" = ACTIVE ], [ 3 -lt 4 ]"),
    ("base64", "encodes; base64 --decode decodes"),
    ("cat", "prints files"),
    ("cut", "prints columns: cut -f1, cut -d, -f2"),
    ("date", "prints the virtual time: date -u +%Y-%m-%dT%H:%M:%SZ, date +%s"),
    ("echo", "prints words"),
    ("false", "fails"),
    ("grep", "prints the lines that match: grep, grep -c, -v, -i, -o"),
    ("head", "prints the first lines: head -n 3"),
    ("ls", "lists files"),
    ("md5sum", "the MD5 hash of a text: what decides a record's shard"),
    ("printf", "prints words in a form: printf '%s\\n' a b"),
    ("rm", "removes files"),
    ("seq", "counts: seq 1 100"),
    ("sort", "sorts lines: sort, sort -n, -r, -u"),
    ("tail", "prints the last lines: tail -n 3"),
    ("test", "compares, as [ does"),
    ("tr", "changes letters: tr '\\t' '\\n'"),
    ("true", "succeeds"),
    ("uniq", "leaves repeated lines out: uniq -c counts them"),
    ("uuidgen", "a random name"),
    ("wc", "counts lines, words and bytes: wc -l"),
];

/// Programs that people have beside the AWS CLI, and what to do without them here.
pub(super) const NOT_HERE: &[(&str, &str)] = &[
    ("awk", "cut and grep are here, and --query picks parts of an answer"),
    ("bc", "$((…)) counts whole numbers"),
    ("cd", "files here stand in one place"),
    ("cp", "cat a > b copies a file"),
    ("curl", "nothing here reaches a network"),
    ("history", "the arrow keys go through earlier lines, Ctrl R searches them"),
    ("jq", "--query of the AWS CLI picks parts of an answer: --query 'Records[].Data' --output text"),
    ("less", "the terminal keeps what was printed"),
    ("man", "help explains: help put-record"),
    ("mkdir", "files here stand in one place"),
    ("nano", "write files with echo … > file or cat > file <<END"),
    ("pwd", "files here stand in one place"),
    ("python", "the shell's own words and --query are here"),
    ("python3", "the shell's own words and --query are here"),
    ("sed", "cut, tr and grep are here"),
    ("sudo", "type the line without it"),
    ("tee", "a > file keeps what a prints"),
    ("time", "the clock of the page shows virtual time, and date prints it"),
    ("vi", "write files with echo … > file or cat > file <<END"),
    ("vim", "write files with echo … > file or cat > file <<END"),
    ("watch", "use while true; do …; sleep 1; done"),
    ("wget", "nothing here reaches a network"),
    ("whoami", "aws sts get-caller-identity says who is calling"),
    ("xargs", "use for x in $(…); do …; done"),
];

pub(super) fn find(name: &str) -> Option<Tool> {
    Some(match name {
        "[" | "test" => others::test,
        "base64" => others::base64,
        "cat" => text::cat,
        "cut" => text::cut,
        "date" => others::date,
        "echo" => text::echo,
        "false" => |_| Ended::status(1),
        "grep" => grep::grep,
        "head" => counting::head,
        "ls" => others::ls,
        "md5sum" => others::md5sum,
        "printf" => text::printf,
        "rm" => others::rm,
        "seq" => counting::seq,
        "sort" => counting::sort,
        "tail" => counting::tail,
        "tr" => text::tr,
        "true" => |_| Ended::status(0),
        "uniq" => counting::uniq,
        "uuidgen" => others::uuidgen,
        "wc" => counting::wc,
        _ => return None,
    })
}

/// The name under which a file is kept: all stand in one place.
pub(crate) fn path(typed: &str) -> String {
    let mut path = typed;
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix("~/")) {
        path = rest;
    }
    path.to_owned()
}

/// The next of a row of numbers that look like chance and are the same each time.
pub(super) fn roll(dice: &mut u64) -> u64 {
    *dice = dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*dice ^ (*dice >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Options of a call, by letter, and the words that are none.
struct Options<'c> {
    flags: Vec<char>,
    values: Vec<(char, &'c str)>,
    operands: Vec<&'c Word>,
}

impl Options<'_> {
    fn has(&self, letter: char) -> bool {
        self.flags.contains(&letter)
    }

    fn value(&self, letter: char) -> Option<&str> {
        self.values.iter().rev().find(|(own, _)| *own == letter).map(|(_, value)| *value)
    }
}

/// Reads options: letters of `flags` stand alone, those of `valued` take a value, `long` names letters.
fn options<'c>(
    call: &Call<'c>,
    flags: &str,
    valued: &str,
    long: &[(&str, char)],
) -> Result<Options<'c>, UsageError> {
    let mut options = Options { flags: Vec::new(), values: Vec::new(), operands: Vec::new() };
    let mut words = call.arguments.iter();
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        let unknown = || {
            let letters: Vec<String> =
                flags.chars().chain(valued.chars()).map(|letter| format!("-{letter}")).collect();
            let known = if letters.is_empty() { "no options".to_owned() } else { letters.join(", ") };
            let message = format!("{} {text} is not simulated here: it takes {known}", call.name);
            let near = nearest(text, long.iter().map(|(name, _)| *name), 70);
            UsageError::sandbox(word.span.clone(), message).suggesting(near)
        };
        if text == "--" {
            options.operands.extend(words.by_ref());
        } else if text.starts_with("--") {
            let (name, value) =
                text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            let letter = long.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
            let letter = letter.ok_or_else(unknown)?;
            match value {
                _ if flags.contains(letter) => options.flags.push(letter),
                Some(value) => options.values.push((letter, value)),
                None => {
                    let value = words.next().ok_or_else(unknown)?;
                    options.values.push((letter, value.text.as_str()));
                }
            }
        } else if let Some(count) = text.strip_prefix('-').filter(|count| {
            valued.contains('n') && !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit())
        }) {
            // head -5
            options.values.push(('n', count));
        } else if text.starts_with('-') && text.len() > 1 {
            let letters = &text[1..];
            for (i, letter) in letters.char_indices() {
                if flags.contains(letter) {
                    options.flags.push(letter);
                } else if valued.contains(letter) {
                    let glued = &letters[i + letter.len_utf8()..];
                    let value = match glued.is_empty() {
                        true => words.next().map(|word| word.text.as_str()).ok_or_else(unknown)?,
                        false => glued,
                    };
                    options.values.push((letter, value));
                    break;
                } else {
                    return Err(unknown());
                }
            }
        } else {
            options.operands.push(word);
        }
    }
    Ok(options)
}

/// What stands in the files, or in the input where no file is named; a missing one is said in `stderr`.
fn read(call: &mut Call<'_>, files: &[&Word], ended: &mut Ended) -> Vec<u8> {
    if files.is_empty() {
        return call.input.take_all();
    }
    let mut bytes = Vec::new();
    for file in files {
        match (file.text.as_str(), call.home.file(&path(&file.text))) {
            ("-" | "/dev/stdin", _) => bytes.extend(call.input.take_all()),
            (_, Some(content)) => bytes.extend_from_slice(content),
            ("/dev/null", None) => {}
            (text, None) => {
                ended.stderr.push_str(&format!("{}: {text}: No such file or directory\n", call.name));
                ended.status = 1;
            }
        }
    }
    bytes
}

/// Lines without their newlines.
fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
}

fn wrong_word<T>(word: &Word, message: impl Into<String>) -> Result<T, UsageError> {
    Err(UsageError::sandbox(word.span.clone(), message))
}

fn joined(lines: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<u8> {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.as_ref());
        text.push('\n');
    }
    text.into_bytes()
}
