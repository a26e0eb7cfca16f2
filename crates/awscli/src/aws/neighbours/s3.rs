//! `aws s3`: buckets and objects as the high-level commands of the AWS CLI show them.
//!
//! Documented: AWS CLI 2.36, `awscli/customizations/s3/subcommands.py`, for what is printed and the exit codes. Simpler
//! than the real thing: an object is printed (`cp s3://… -`), not copied into a file, and text that is no UTF-8 is
//! shown with replacement characters.

use sim::{BodyForm, CLI_CALL_TIME, CallerSpec, Command, Observer, S3Command, Sandbox, World};

use super::{code_of, unknown_caller};
use crate::aws::globals::{GLOBALS, Globals};
use crate::aws::services::commands_of_aws;
use crate::aws::{check_region, mistakes, values};
use crate::collect::{Arity, Value, collect};
use crate::nearest::nearest;
use crate::run::Output;
use crate::surroundings::Surroundings;
use crate::time::clock_text;
use crate::{Line, UsageError, UsageKind, Word};

pub(crate) const S3_HELP: &str = "Amazon S3: buckets, and objects that are listed, printed and written";

/// The commands, with what they do and an example.
pub(crate) const COMMANDS: &[(&str, &str, &str)] = &[
    (
        "ls",
        "Lists the buckets, or the objects of one; --recursive shows whole keys.",
        "aws s3 ls s3://clicks/",
    ),
    ("cp", "Prints an object, or writes one from a file or a pipe.", "aws s3 cp s3://clicks/in/a.csv -"),
    ("mb", "Makes a bucket.", "aws s3 mb s3://clicks"),
    ("rb", "Removes an empty bucket.", "aws s3 rb s3://clicks"),
    ("rm", "Deletes an object.", "aws s3 rm s3://clicks/in/a.csv"),
];

/// A line that was understood.
#[derive(Clone, PartialEq, Debug)]
pub struct S3Line {
    does: Does,
    caller: CallerSpec,
    region: Option<String>,
}

#[derive(Clone, PartialEq, Debug)]
enum Does {
    Buckets,
    Objects {
        bucket: String,
        prefix: String,
        form: Form,
    },
    Print {
        bucket: String,
        key: String,
    },
    /// A change, with what is printed when it is done and what when it is not.
    Change {
        command: S3Command,
        done: String,
        failed: String,
    },
}

/// How objects are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Form {
    is_recursive: bool,
    is_human_readable: bool,
    is_summarized: bool,
}

/// The options of `ls` that are simulated.
const LS_OPTIONS: [&str; 3] = ["--recursive", "--human-readable", "--summarize"];

pub(super) fn parse(
    rest: &[Word],
    words: &[Word],
    globals: Globals,
    surroundings: &Surroundings<'_>,
) -> Result<Line, UsageError> {
    let (more, rest) = crate::aws::leading_globals(rest, words)?;
    let globals = globals.or(more);
    let Some((name, rest)) = rest.split_first() else {
        let message = "usage: aws [options] s3 <subcommand> [parameters]\naws: [ERROR]: too few arguments";
        return Err(UsageError::new(UsageKind::Parameter, values::end_of(words), message));
    };
    if name.text == "help" || matches!(rest, [word] if word.text == "help") {
        return Ok(Line::Help(vec!["aws".to_owned(), "s3".to_owned()]));
    }
    if !COMMANDS.iter().any(|(known, _, _)| *known == name.text) {
        return Err(unknown_command(name));
    }
    let own: &[&str] = if name.text == "ls" { &LS_OPTIONS } else { &[] };
    let options: Vec<_> = GLOBALS.iter().map(crate::aws::options::CallOption::of_global).collect();
    let mut arities: Vec<(String, Arity)> =
        own.iter().map(|name| ((*name).to_owned(), Arity::None)).collect();
    arities.extend(options.iter().map(|option| (option.name.clone(), option.arity())));
    let mut collected = collect(rest, &arities).map_err(|error| mistakes::collect_error(error, &arities))?;
    let (wanted, missing) = match name.text.as_str() {
        "ls" => (1, None),
        "cp" => (2, Some("paths")),
        "rm" => (1, Some("paths")),
        _ => (1, Some("path")),
    };
    if let Some(missing) = missing.filter(|_| collected.positionals.len() < wanted) {
        return Err(mistakes::missing(missing, words));
    }
    mistakes::check_not_simulated(&collected, "s3", &name.text)?;
    let extra = collected.positionals.get(wanted..).unwrap_or_default();
    if let Some(first) = collected.unknown.first().or(extra.first()) {
        // Observed: joined without a space, unlike those of the services.
        let unknown: Vec<&str> = collected.unknown.iter().chain(extra).map(|value| value.text).collect();
        let message = format!("Unknown options: {}", unknown.join(","));
        let near = nearest(first.text, own.iter().copied(), 70);
        return Err(UsageError::new(UsageKind::UnknownOptions, first.span.clone(), message).suggesting(near));
    }
    let mut is_given = |place: usize| place < own.len() && collected.options.remove(&place).is_some();
    let form = Form { is_recursive: is_given(0), is_human_readable: is_given(1), is_summarized: is_given(2) };
    collected.options =
        collected.options.into_iter().map(|(place, value)| (place - own.len(), value)).collect();
    let globals = globals.or(crate::aws::globals::read_globals(&collected, &options)?);
    let does = read(&name.text, &collected.positionals, form, surroundings)?;
    let caller = CallerSpec { principal: globals.profile(surroundings), is_through_endpoint: false };
    Ok(Line::S3(S3Line { does, caller, region: globals.region }))
}

fn unknown_command(name: &Word) -> UsageError {
    let known = COMMANDS.iter().map(|(name, _, _)| *name);
    if commands_of_aws("s3").any(|command| command == name.text) {
        let known: Vec<&str> = known.collect();
        let message = format!(
            "aws s3 {} exists in AWS but is not simulated here. Simulated: aws s3 {}.",
            name.text,
            known.join(", ")
        );
        return UsageError::sandbox(name.span.clone(), message);
    }
    let message = format!("argument subcommand: Found invalid choice '{}'", name.text);
    UsageError::new(UsageKind::InvalidChoice, name.span.clone(), message)
        .suggesting(nearest(&name.text, commands_of_aws("s3"), 60))
        .hinting(format!("Simulated: aws s3 {}.", known.collect::<Vec<&str>>().join(", ")))
}

/// Observed: with the command's own usage, and 252.
fn wrong_type(usage: &str, place: &Value<'_>) -> UsageError {
    let message = format!("{usage}\nError: Invalid argument type");
    UsageError::new(UsageKind::Parameter, place.span.clone(), message)
}

fn read(
    name: &str,
    places: &[Value<'_>],
    form: Form,
    surroundings: &Surroundings<'_>,
) -> Result<Does, UsageError> {
    let s3 = |place: &Value<'_>| split(place.text);
    match (name, places) {
        ("ls", [place]) if !matches!(place.text, "" | "s3://") => {
            // Documented: `s3://` may be left out here.
            let (bucket, prefix) = s3(place).unwrap_or_else(|| parted(place.text));
            Ok(Does::Objects { bucket, prefix, form })
        }
        ("ls", _) => Ok(Does::Buckets),
        ("cp", [from, to]) => match (s3(from), s3(to)) {
            (Some((bucket, key)), None) if to.text == "-" => Ok(Does::Print { bucket, key }),
            (Some(_), None) => {
                let message = format!(
                    "here an object is printed, and a shell keeps it: aws s3 cp {} - > {}",
                    from.text, to.text
                );
                Err(UsageError::sandbox(to.span.clone(), message))
            }
            (None, Some((bucket, key))) => {
                // Where a line is only read, files are not known.
                let is_unknown = surroundings.home.is_none() || from.text == "-";
                let content = surroundings.file(from.text).or(is_unknown.then_some(&[]));
                let Some(content) = content else {
                    let message = format!("The user-provided path {} does not exist.", from.text);
                    return Err(UsageError::new(UsageKind::General, from.span.clone(), message));
                };
                let file = from.text.rsplit('/').next().unwrap_or_default();
                let key = if key.is_empty() || key.ends_with('/') { format!("{key}{file}") } else { key };
                let place = format!("s3://{bucket}/{key}");
                let (done, shown) = match from.text {
                    "-" => (String::new(), "-".to_owned()),
                    file => {
                        let shown = format!("./{}", file.trim_start_matches("./"));
                        (format!("upload: {shown} to {place}\n"), shown)
                    }
                };
                let failed = format!("upload failed: {shown} to {place} An error occurred");
                Ok(Does::Change {
                    command: S3Command::PutObject { bucket, key, content: content.into() },
                    done,
                    failed,
                })
            }
            (Some(_), Some(_)) => {
                Err(UsageError::sandbox(to.span.clone(), "copying between buckets is not simulated here."))
            }
            (None, None) => {
                let usage = "usage: aws s3 cp <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>";
                Err(wrong_type(usage, from))
            }
        },
        (name, [place, ..]) => {
            let usage = if name == "rm" { "usage: aws s3 rm <S3Uri>" } else { "<S3Uri>" };
            let Some((bucket, key)) = s3(place) else { return Err(wrong_type(usage, place)) };
            if name == "rb" && !key.is_empty() {
                let message = format!("Please specify a valid bucket name only. E.g. s3://{bucket}");
                return Err(UsageError::new(UsageKind::Parameter, place.span.clone(), message));
            }
            Ok(change(name, bucket, key, place.text))
        }
        // The places were counted before.
        (_, []) => Ok(Does::Buckets),
    }
}

fn change(name: &str, bucket: String, key: String, place: &str) -> Does {
    let (command, done, failed) = match name {
        "mb" => {
            let done = format!("make_bucket: {bucket}\n");
            (
                S3Command::CreateBucket { bucket },
                done,
                format!("make_bucket failed: {place} An error occurred"),
            )
        }
        "rb" => {
            let done = format!("remove_bucket: {bucket}\n");
            (
                S3Command::DeleteBucket { bucket },
                done,
                format!("remove_bucket failed: {place} An error occurred"),
            )
        }
        _ => {
            let done = format!("delete: {place}\n");
            (
                S3Command::DeleteObject { bucket, key },
                done,
                format!("delete failed: {place} An error occurred"),
            )
        }
    };
    Does::Change { command, done, failed }
}

/// The bucket and the key of `s3://bucket/key`.
fn split(text: &str) -> Option<(String, String)> {
    text.strip_prefix("s3://").map(parted)
}

fn parted(text: &str) -> (String, String) {
    let (bucket, key) = text.split_once('/').unwrap_or((text, ""));
    (bucket.to_owned(), key.to_owned())
}

impl S3Line {
    pub(crate) fn run<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        surroundings: &Surroundings<'_>,
    ) -> Output {
        if let Err(message) = check_region(sandbox, self.region.as_deref(), surroundings) {
            return Output::not_here(&message);
        }
        if let Some(output) = unknown_caller(sandbox, &self.caller) {
            return output;
        }
        let output = self.output(sandbox);
        sandbox.advance(CLI_CALL_TIME, None);
        output
    }

    /// The right that it needs, on what, and the operation that is called.
    fn right(&self) -> (&'static str, String, &'static str) {
        let object = |bucket: &str, key: &str| format!("arn:aws:s3:::{bucket}/{key}");
        let of_bucket = |bucket: &str| format!("arn:aws:s3:::{bucket}");
        match &self.does {
            Does::Buckets => ("s3:ListAllMyBuckets", "*".to_owned(), "ListBuckets"),
            Does::Objects { bucket, .. } => ("s3:ListBucket", of_bucket(bucket), "ListObjectsV2"),
            Does::Print { bucket, key } => ("s3:GetObject", object(bucket, key), "HeadObject"),
            Does::Change { command, .. } => match command {
                S3Command::CreateBucket { bucket } => ("s3:CreateBucket", of_bucket(bucket), "CreateBucket"),
                S3Command::DeleteBucket { bucket } => ("s3:DeleteBucket", of_bucket(bucket), "DeleteBucket"),
                S3Command::PutObject { bucket, key, .. } => {
                    ("s3:PutObject", object(bucket, key), "PutObject")
                }
                S3Command::DeleteObject { bucket, key } => {
                    ("s3:DeleteObject", object(bucket, key), "DeleteObject")
                }
            },
        }
    }

    fn output<O: Observer>(&self, sandbox: &mut Sandbox<O>) -> Output {
        let (action, resource, operation) = self.right();
        if sandbox.world().check_right(&self.caller, action, &resource).is_err() {
            // Documented: S3 says no more than that, and a HEAD request has no body at all.
            return match &self.does {
                Does::Print { bucket, key } => not_printed(bucket, key, "403", "Forbidden"),
                _ => super::failed(operation, "AccessDenied", "Access Denied"),
            };
        }
        match &self.does {
            Does::Buckets => Output::printed(buckets(sandbox.world())),
            Does::Objects { bucket, prefix, form } => {
                match objects(sandbox.world(), bucket, prefix, *form) {
                    None => super::failed(operation, "NoSuchBucket", "The specified bucket does not exist"),
                    // Documented: nothing found below a prefix ends with 1.
                    Some((text, false)) if !prefix.is_empty() => {
                        Output { stdout: text, ..Output::failed(1, String::new()) }
                    }
                    Some((text, _)) => Output::printed(text),
                }
            }
            Does::Print { bucket, key } if key.is_empty() => {
                let message = "Parameter validation failed:\nInvalid length for parameter Key, value: 0, valid min length: 1";
                Output::failed(1, format!("download failed: s3://{bucket}/ to - {message}\n"))
            }
            Does::Print { bucket, key } => object(sandbox.world(), bucket, key),
            Does::Change { command, done, failed } => match sandbox.submit(Command::S3(command.clone())) {
                Ok(_) => Output::printed(done.clone()),
                Err(refusal) => {
                    let (code, reason) = (code_of(&refusal), refusal.reason());
                    let message =
                        format!("{failed} ({code}) when calling the {operation} operation: {reason}\n");
                    Output::failed(1, message)
                }
            },
        }
    }
}

/// Observed: an object that goes to the terminal is looked up with HeadObject before it is fetched.
fn not_printed(bucket: &str, key: &str, code: &str, message: &str) -> Output {
    let error = format!("An error occurred ({code}) when calling the HeadObject operation: {message}");
    Output::failed(1, format!("download failed: s3://{bucket}/{key} to - {error}\n"))
}

/// As `ls` writes times: seconds are enough.
fn seconds(instant: kinesis::Instant) -> String {
    clock_text(instant).chars().take(19).collect()
}

fn buckets(world: &World) -> String {
    world.s3().buckets().map(|(name, bucket)| format!("{} {name}\n", seconds(bucket.created))).collect()
}

/// The lines, and whether there was anything to list.
fn objects(world: &World, bucket: &str, prefix: &str, form: Form) -> Option<(String, bool)> {
    let bucket = world.s3().bucket(bucket).ok()?;
    let folder = prefix.rfind('/').map_or(0, |slash| slash + 1);
    let (mut folders, mut lines) = (Vec::new(), String::new());
    let (mut count, mut total) = (0u64, 0);
    let size_text = |size: u64| match form.is_human_readable {
        true => human_readable(size),
        false => size.to_string(),
    };
    for (key, object) in bucket.list(prefix) {
        let shown = if form.is_recursive { key } else { key.get(folder..).unwrap_or(key) };
        match shown.split_once('/').filter(|_| !form.is_recursive) {
            Some((folder, _)) => {
                let line = format!("{:>30} {folder}/\n", "PRE");
                if folders.last() != Some(&line) {
                    folders.push(line);
                }
            }
            None => {
                (count, total) = (count + 1, total + object.size);
                let size = size_text(object.size);
                lines.push_str(&format!("{} {size:>10} {shown}\n", seconds(object.written)));
            }
        }
    }
    let summary = match form.is_summarized {
        true => format!("\nTotal Objects: {count}\n   Total Size: {}\n", size_text(total)),
        false => String::new(),
    };
    let listed = folders.concat() + &lines;
    let is_any = !listed.is_empty();
    Some((listed + &summary, is_any))
}

/// Observed: `1 Byte`, `6 Bytes`, `1.5 KiB`.
fn human_readable(bytes: u64) -> String {
    if bytes < 1_024 {
        return format!("{bytes} {}", if bytes == 1 { "Byte" } else { "Bytes" });
    }
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut value = bytes as f64 / 1_024.0;
    let mut unit = 0;
    // Python rounds before it compares, halves to the even number.
    while value.round_ties_even() >= 1_024.0 && unit + 1 < units.len() {
        value /= 1_024.0;
        unit += 1;
    }
    format!("{value:.1} {}", units[unit])
}

fn object(world: &World, bucket: &str, key: &str) -> Output {
    let found = world.s3().object(bucket, key).ok();
    match found.map(|object| &object.body) {
        None => not_printed(bucket, key, "404", "Not Found"),
        Some(None) => Output::not_here(
            "the content of this object is not kept any more: the sandbox forgets the oldest ones",
        ),
        Some(Some(body)) => {
            let mut output = Output::printed(String::from_utf8_lossy(&body.content()).into_owned());
            let note = match body.form() {
                BodyForm::Plain => return output,
                BodyForm::Gzip { .. } => {
                    "the object is compressed with GZIP; here it is shown as gunzip would unpack it."
                }
                BodyForm::Columns => {
                    "a real file of this format holds columns and is no text; here its records are shown."
                }
            };
            output.stderr = format!("sandbox: {note}\n");
            output
        }
    }
}
