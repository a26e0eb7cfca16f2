//! `aws s3`: buckets and objects as the high-level commands of the AWS CLI show them.
//!
//! Documented: AWS CLI 2.36, `awscli/customizations/s3/subcommands.py`, for what is printed and the exit codes. Simpler
//! than the real thing: an object is printed (`cp s3://… -`), not copied into a file, and text that is no UTF-8 is
//! shown with replacement characters.

use sim::{BodyForm, CLI_CALL_TIME, CallerSpec, Command, Observer, S3Command, Sandbox, World};

use super::{code_of, unknown_caller};
use crate::aws::globals::{GLOBALS, Globals};
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

const OTHERS: [&str; 4] = ["mv", "sync", "presign", "website"];

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
        is_recursive: bool,
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

pub(super) fn parse(
    rest: &[Word],
    words: &[Word],
    globals: Globals,
    surroundings: &Surroundings<'_>,
) -> Result<Line, UsageError> {
    let (more, rest) = crate::aws::leading_globals(rest, words)?;
    let globals = globals.or(more);
    let Some((name, rest)) = rest.split_first() else { return Err(mistakes::missing("subcommand", words)) };
    let help = || Ok(Line::Help(vec!["aws".to_owned(), "s3".to_owned()]));
    if name.text == "help" || matches!(rest, [word] if word.text == "help") {
        return help();
    }
    let known = COMMANDS.iter().map(|(name, _, _)| *name);
    if !known.clone().any(|known| known == name.text) {
        if OTHERS.contains(&name.text.as_str()) {
            let known: Vec<&str> = known.collect();
            let message = format!(
                "aws s3 {} exists in AWS but is not simulated here. Simulated: aws s3 {}.",
                name.text,
                known.join(", ")
            );
            return Err(UsageError::sandbox(name.span.clone(), message));
        }
        let message = format!("argument subcommand: Found invalid choice '{}'", name.text);
        return Err(UsageError::new(UsageKind::InvalidChoice, name.span.clone(), message)
            .suggesting(nearest(&name.text, known, 60)));
    }
    let mut arities: Vec<(String, Arity)> = vec![("--recursive".to_owned(), Arity::None)];
    let own = arities.len();
    let options: Vec<_> = GLOBALS.iter().map(crate::aws::options::CallOption::of_global).collect();
    arities.extend(options.iter().map(|option| (option.name.clone(), option.arity())));
    let mut collected = collect(rest, &arities).map_err(|error| mistakes::collect_error(error, &arities))?;
    if let Some(unknown) = collected.unknown.first() {
        let message = format!("Unknown options: {}", unknown.text);
        return Err(UsageError::new(UsageKind::UnknownOptions, unknown.span.clone(), message));
    }
    let is_recursive = collected.options.remove(&0).is_some();
    collected.options = collected.options.into_iter().map(|(place, value)| (place - own, value)).collect();
    let globals = globals.or(crate::aws::globals::read_globals(&collected, &options)?);
    let does = read(&name.text, &collected.positionals, is_recursive, words, surroundings)?;
    let caller = CallerSpec { principal: globals.profile(surroundings), is_through_endpoint: false };
    Ok(Line::S3(S3Line { does, caller, region: globals.region }))
}

fn read(
    name: &str,
    places: &[Value<'_>],
    is_recursive: bool,
    words: &[Word],
    surroundings: &Surroundings<'_>,
) -> Result<Does, UsageError> {
    let end = values::end_of(words);
    let wrong = |form: &str| UsageError::sandbox(end.clone(), format!("the form is: {form}"));
    let s3 = |place: &Value<'_>| split(place.text);
    match (name, places) {
        ("ls", []) => Ok(Does::Buckets),
        ("ls", [place]) => {
            // Documented: `s3://` may be left out here.
            let (bucket, prefix) = s3(place).unwrap_or_else(|| parted(place.text));
            Ok(Does::Objects { bucket, prefix, is_recursive })
        }
        ("ls", _) => Err(wrong("aws s3 ls s3://bucket/prefix")),
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
                let done = match from.text {
                    "-" => String::new(),
                    file => format!("upload: ./{} to {place}\n", file.trim_start_matches("./")),
                };
                let failed = format!("upload failed: ./{} to {place} An error occurred", from.text);
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
                let message = "Invalid argument type: one of the two must begin with s3://";
                Err(UsageError::new(UsageKind::Parameter, from.span.clone(), message))
            }
        },
        ("cp", _) => Err(wrong("aws s3 cp s3://bucket/key -, or aws s3 cp FILE s3://bucket/key")),
        ("mb" | "rb" | "rm", [place]) => {
            let Some((bucket, key)) = s3(place) else {
                let message = format!("Invalid argument type: {} must begin with s3://", place.text);
                return Err(UsageError::new(UsageKind::Parameter, place.span.clone(), message));
            };
            Ok(change(name, bucket, key, place.text))
        }
        (name, _) => Err(wrong(&format!("aws s3 {name} s3://bucket"))),
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
                Does::Print { .. } => fatal("403", operation, "Forbidden"),
                _ => super::failed(operation, "AccessDenied", "Access Denied"),
            };
        }
        match &self.does {
            Does::Buckets => Output::printed(buckets(sandbox.world())),
            Does::Objects { bucket, prefix, is_recursive } => {
                match objects(sandbox.world(), bucket, prefix, *is_recursive) {
                    None => super::failed(operation, "NoSuchBucket", "The specified bucket does not exist"),
                    // Documented: nothing found below a prefix ends with 1.
                    Some(text) if text.is_empty() && !prefix.is_empty() => Output::failed(1, String::new()),
                    Some(text) => Output::printed(text),
                }
            }
            Does::Print { bucket, key } => object(sandbox.world(), bucket, key, operation),
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

fn fatal(code: &str, operation: &str, message: &str) -> Output {
    let message = format!(
        "fatal error: An error occurred ({code}) when calling the {operation} operation: {message}\n"
    );
    Output::failed(1, message)
}

/// As `ls` writes times: seconds are enough.
fn seconds(instant: kinesis::Instant) -> String {
    clock_text(instant).chars().take(19).collect()
}

fn buckets(world: &World) -> String {
    world.s3().buckets().map(|(name, bucket)| format!("{} {name}\n", seconds(bucket.created))).collect()
}

fn objects(world: &World, bucket: &str, prefix: &str, is_recursive: bool) -> Option<String> {
    let bucket = world.s3().bucket(bucket).ok()?;
    let folder = prefix.rfind('/').map_or(0, |slash| slash + 1);
    let (mut folders, mut lines) = (Vec::new(), String::new());
    for (key, object) in bucket.list(prefix) {
        let shown = if is_recursive { key } else { key.get(folder..).unwrap_or(key) };
        match shown.split_once('/').filter(|_| !is_recursive) {
            Some((folder, _)) => {
                let line = format!("{:>30} {folder}/\n", "PRE");
                if folders.last() != Some(&line) {
                    folders.push(line);
                }
            }
            None => lines.push_str(&format!("{} {:>10} {shown}\n", seconds(object.written), object.size)),
        }
    }
    Some(folders.concat() + &lines)
}

/// Documented: the object is looked up with HeadObject before it is fetched.
fn object(world: &World, bucket: &str, key: &str, operation: &str) -> Output {
    let found = world.s3().object(bucket, key).ok();
    match found.map(|object| &object.body) {
        None => fatal("404", operation, &format!("Key \"{key}\" does not exist")),
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
