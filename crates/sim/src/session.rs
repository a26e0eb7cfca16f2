//! Saved sessions: a header and one line of JSON for each stamped command. Replaying them makes the world again.

use std::fmt;

use kinesis::{Instant, LimitsProfile};
use serde::{Deserialize, Serialize};

use crate::history::Entry;
use crate::{ENGINE_VERSION, Observer, Refusal, Sandbox, SandboxOptions};

/// Version of the form of saved sessions.
pub const FORMAT_VERSION: u32 = 1;

/// Bytes that a session may have.
const SESSION_BYTES_MAX: usize = 128 << 20;
/// Events that a session may take to replay: a damaged or hostile file must not run for ever.
const REPLAY_STEPS_MAX: u64 = 100_000_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: u32,
    engine: String,
    seed: u64,
    start: Instant,
    region: String,
    account: String,
    limits: LimitsProfile,
    /// Commands at the beginning that undo does not touch.
    setup: usize,
    end: Instant,
    /// The world's digest at the end.
    digest: String,
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
            format: FORMAT_VERSION,
            engine: ENGINE_VERSION.to_owned(),
            seed: self.options.seed,
            start: self.options.start,
            region: self.options.region.clone(),
            account: self.options.account.clone(),
            limits: self.options.limits,
            setup: self.setup,
            end: self.now(),
            digest: self.digest().to_string(),
        };
        let mut text = line(&header)?;
        for entry in self.entries.iter().filter(|entry| entry.at <= self.now()) {
            text.push_str(&line(entry)?);
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
        let header: Header = serde_json::from_str(first)
            .map_err(|error| failed(1, format!("this is no header of a saved session: {error}")))?;
        if header.format != FORMAT_VERSION {
            let reason =
                format!("the format is {}, this sandbox reads format {FORMAT_VERSION}", header.format);
            return Err(failed(1, reason));
        }
        let options = SandboxOptions {
            seed: header.seed,
            start: header.start,
            region: header.region,
            account: header.account,
            limits: header.limits,
            history: true,
        };
        check_options(&options).map_err(|refusal| failed(1, refusal.to_string()))?;
        let mut sandbox = Sandbox::with_observer(options, observer);
        let mut differs_at = None;
        let mut last_line = 1;
        for (index, text) in lines {
            last_line = index + 1;
            let entry: Entry = serde_json::from_str(text).map_err(|error| {
                failed(last_line, format!("this is no command of a saved session: {error}"))
            })?;
            sandbox.replay_to(entry.at).map_err(|reason| failed(last_line, reason))?;
            if differs_at.is_none() && entry.digest != sandbox.digest().to_string() {
                differs_at = Some(format!("before the command in line {last_line}"));
            }
            sandbox.submit(entry.command).map_err(|refusal| failed(last_line, refusal.to_string()))?;
        }
        if header.setup > sandbox.entries.len() {
            return Err(failed(1, format!("the setup has {} commands, more than the file", header.setup)));
        }
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

fn line(value: &impl Serialize) -> Result<String, Refusal> {
    let text =
        serde_json::to_string(value).map_err(|error| Refusal::new(format!("cannot be saved: {error}")))?;
    Ok(text + "\n")
}
