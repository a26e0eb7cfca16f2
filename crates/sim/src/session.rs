//! Saved sessions: a header and one line of JSON for each stamped command. Replaying them makes the world again.

use std::fmt;

use kinesis::{Instant, LimitsProfile};
use serde_json::{Map, Value};

use crate::history::Entry;
use crate::{ENGINE_VERSION, Observer, Refusal, Sandbox, SandboxOptions, command_json};

/// Version of the form of saved sessions.
pub const FORMAT_VERSION: u32 = 1;

/// Bytes that a session may have.
const SESSION_BYTES_MAX: usize = 128 << 20;
/// Events that a session may take to replay: a damaged or hostile file must not run for ever.
const REPLAY_STEPS_MAX: u64 = 100_000_000;

struct Header {
    engine: String,
    options: SandboxOptions,
    /// Commands at the beginning that undo does not touch.
    setup: usize,
    end: Instant,
    /// The world's digest at the end.
    digest: String,
    bookmarks: Vec<Instant>,
}

const HEADER_MEMBERS: [&str; 11] = [
    "format",
    "engine",
    "seed",
    "start",
    "region",
    "account",
    "limits",
    "setup",
    "end",
    "digest",
    "bookmarks",
];
/// Bookmarks of one session.
const BOOKMARKS_MAX: usize = 1_000;

impl Header {
    fn write(&self) -> String {
        let options = &self.options;
        let mut members = vec![
            ("format", Value::from(FORMAT_VERSION)),
            ("engine", Value::from(self.engine.as_str())),
            ("seed", Value::from(options.seed)),
            ("start", Value::from(options.start.micros())),
            ("region", Value::from(options.region.as_str())),
            ("account", Value::from(options.account.as_str())),
            ("limits", Value::from(options.limits.name())),
            ("setup", Value::from(self.setup as u64)),
            ("end", Value::from(self.end.micros())),
            ("digest", Value::from(self.digest.as_str())),
        ];
        if !self.bookmarks.is_empty() {
            let bookmarks = self.bookmarks.iter().map(|at| Value::from(at.micros()));
            members.push(("bookmarks", bookmarks.collect::<Vec<_>>().into()));
        }
        line(members)
    }

    fn read(text: &str) -> Result<Header, String> {
        let members = members(text, &HEADER_MEMBERS)?;
        let number = |name| number(&members, name);
        let text = |name| self::text(&members, name);
        let format = number("format")?;
        if format != u64::from(FORMAT_VERSION) {
            return Err(format!("the format is {format}, this sandbox reads format {FORMAT_VERSION}"));
        }
        let limits = text("limits")?;
        let options = SandboxOptions {
            seed: number("seed")?,
            start: Instant::from_micros(number("start")?),
            region: text("region")?,
            account: text("account")?,
            limits: LimitsProfile::parse(&limits)
                .ok_or_else(|| ["there are no limits ", &limits].concat())?,
            history: true,
        };
        options.check().map_err(|refusal| refusal.to_string())?;
        let setup = usize::try_from(number("setup")?).unwrap_or(usize::MAX);
        let end = Instant::from_micros(number("end")?);
        let bookmarks = bookmarks(members.get("bookmarks"))?;
        Ok(Header { engine: text("engine")?, options, setup, end, digest: text("digest")?, bookmarks })
    }
}

impl Entry {
    fn write(&self) -> String {
        let at = Value::from(self.at.micros());
        let command = command_json::write(&self.command);
        let digest = Value::from(self.digest.as_str());
        match self.is_continued {
            false => line(vec![("at", at), ("command", command), ("digest", digest)]),
            true => line(vec![
                ("at", at),
                ("command", command),
                ("digest", digest),
                ("continued", Value::Bool(true)),
            ]),
        }
    }

    fn read(text: &str) -> Result<Entry, String> {
        let members = members(text, &["at", "command", "digest", "continued"])?;
        let command = command_json::read(members.get("command").unwrap_or(&Value::Null))?;
        let at = Instant::from_micros(number(&members, "at")?);
        let is_continued = match members.get("continued") {
            None => false,
            Some(Value::Bool(is_continued)) => *is_continued,
            Some(_) => return Err("the member continued must be true or false".to_owned()),
        };
        Ok(Entry { at, command, digest: self::text(&members, "digest")?, is_continued })
    }
}

/// One line of JSON with its members in this order.
fn line(members: Vec<(&str, Value)>) -> String {
    let object: Map<String, Value> =
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Value::Object(object).to_string() + "\n"
}

fn members(text: &str, names: &[&str]) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => command_json::known(&members, names).map(|()| members),
        Ok(_) => Err("a line is one JSON object".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn number(members: &Map<String, Value>, name: &str) -> Result<u64, String> {
    let number = members.get(name).and_then(Value::as_u64);
    number.ok_or_else(|| ["the member ", name, " must be a whole number"].concat())
}

fn bookmarks(value: Option<&Value>) -> Result<Vec<Instant>, String> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let wrong = || "the member bookmarks must be a list of instants".to_owned();
    let list = value.as_array().filter(|list| list.len() <= BOOKMARKS_MAX).ok_or_else(wrong)?;
    list.iter().map(|at| at.as_u64().map(Instant::from_micros).ok_or_else(wrong)).collect()
}

fn text(members: &Map<String, Value>, name: &str) -> Result<String, String> {
    let text = members.get(name).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| ["the member ", name, " must be a text"].concat())
}

/// Why a saved session was not opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoadError {
    /// Counted from 1.
    pub line: usize,
    pub reason: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for LoadError {}

impl<O: Observer> Sandbox<O> {
    /// The session up to the present instant as text.
    pub fn save(&self) -> Result<String, Refusal> {
        if !self.options.history {
            return Err(Refusal::new("this sandbox keeps no history, so it cannot be saved"));
        }
        if let Some(cut) = self.history_cut() {
            return Err(Refusal::new(format!(
                "the history outgrew its bound at {cut} and was cut: it cannot be saved as commands any more"
            )));
        }
        let header = Header {
            engine: ENGINE_VERSION.to_owned(),
            options: self.options.clone(),
            setup: self.setup,
            end: self.now(),
            digest: self.digest().to_string(),
            bookmarks: self.bookmarks.iter().copied().take(BOOKMARKS_MAX).collect(),
        };
        let mut text = header.write();
        for entry in self.entries.iter().filter(|entry| entry.at <= self.now()) {
            text.push_str(&entry.write());
        }
        Ok(text)
    }

    /// Opens a saved session. Beside the sandbox comes a sentence where another engine made it and it went another
    /// way here.
    pub fn load(text: &str, observer: O) -> Result<(Sandbox<O>, Option<String>), LoadError> {
        let failed = |line: usize, reason: String| LoadError { line, reason };
        if text.len() > SESSION_BYTES_MAX {
            return Err(failed(1, format!("a session has at most {} MiB", SESSION_BYTES_MAX >> 20)));
        }
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let (_, first) = lines.next().ok_or_else(|| failed(1, "the file is empty".to_owned()))?;
        let header = Header::read(first)
            .map_err(|reason| failed(1, format!("this is no header of a saved session: {reason}")))?;
        let options = header.options.clone();
        let mut sandbox = Sandbox::with_observer(options, observer);
        let mut differs_at = None;
        let mut last_line = 1;
        for (index, text) in lines {
            last_line = index + 1;
            let entry = Entry::read(text).map_err(|reason| {
                failed(last_line, format!("this is no command of a saved session: {reason}"))
            })?;
            sandbox.replay_to(entry.at).map_err(|reason| failed(last_line, reason))?;
            if differs_at.is_none() && entry.digest != sandbox.digest().to_string() {
                differs_at = Some(format!("before the command in line {last_line}"));
            }
            sandbox.go_on_with_line(entry.is_continued);
            sandbox.submit(entry.command).map_err(|refusal| failed(last_line, refusal.to_string()))?;
        }
        if header.setup > sandbox.entries.len() {
            return Err(failed(1, format!("the setup has {} commands, more than the file", header.setup)));
        }
        sandbox.end_line();
        sandbox.bookmarks = header.bookmarks;
        sandbox.setup = header.setup;
        sandbox.replay_to(header.end).map_err(|reason| failed(last_line, reason))?;
        if differs_at.is_none() && header.digest != sandbox.digest().to_string() {
            differs_at = Some("after the last command".to_owned());
        }
        let same_engine = header.engine == ENGINE_VERSION;
        match differs_at {
            Some(place) if same_engine => {
                Err(failed(last_line, format!("the digest differs {place}: the file was changed")))
            }
            Some(place) => Ok((
                sandbox,
                Some(format!(
                    "This session was made by engine {}. Under engine {ENGINE_VERSION} it goes another way, first \
                     seen {place}.",
                    header.engine
                )),
            )),
            None => Ok((sandbox, None)),
        }
    }

    fn replay_to(&mut self, at: Instant) -> Result<(), String> {
        if at < self.now() {
            return Err(format!("the time goes back, from {} to {at}", self.now()));
        }
        if at > Instant::MAX {
            return Err("the time is beyond the year 9999".to_owned());
        }
        let steps = REPLAY_STEPS_MAX.saturating_sub(self.world().steps());
        let left = self.advance(at.since(self.now()), Some(steps));
        if left > kinesis::Duration::ZERO {
            return Err(format!("the session takes more than {REPLAY_STEPS_MAX} events to replay"));
        }
        Ok(())
    }
}

/// What a world can begin with.
pub(crate) fn check_options(options: &SandboxOptions) -> Result<(), Refusal> {
    let is_account = options.account.len() == 12 && options.account.bytes().all(|b| b.is_ascii_digit());
    if !is_account {
        return Err(Refusal::new("an account id has 12 digits"));
    }
    let is_region = (1..=32).contains(&options.region.len())
        && options.region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !is_region {
        return Err(Refusal::new("a region is named like us-east-1"));
    }
    if options.start > Instant::MAX {
        return Err(Refusal::new("the start time is beyond the year 9999"));
    }
    Ok(())
}

impl SandboxOptions {
    /// Refuses what no world can begin with.
    pub fn check(&self) -> Result<(), Refusal> {
        check_options(self)
    }
}
