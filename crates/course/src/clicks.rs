//! Solutions by clicks: what a learner does on the page, in words, and run as the page runs it.
//!
//! ```text
//! open New producer          opens a form, or presses a button that needs no fields
//! set Rate 1500              fills in a field of the open form; a dial of `Change producer` runs by itself
//! press Start producer       runs the open form
//! select shard 0             also: stream, stream NAME, record 3, producer NAME, server NAME, reader NAME, application NAME
//! worker w1 Crash            a button on a worker's card
//! answer seq $SequenceNumber types an answer in the task panel
//! wait 30s                   lets time pass with the time bar
//! refused LINE               types a line that the service refuses; only for what has no form
//! ```
//!
//! `$ShardId` and its like stand for what the last answer said: a learner copies it from the transcript.

use awscli::{IteratorFrom, Output};
use kinesis::ShardId;

use crate::CourseSandbox;
use crate::forms::{Form, FormContext, Place, form};
use crate::script::{Members, ScriptError};

/// What is selected and open on the page.
#[derive(Default)]
struct Desk {
    stream: Option<String>,
    shard: Option<ShardId>,
    record: Option<u64>,
    actor: Option<(Place, String)>,
    worker: Option<String>,
    open: Option<(&'static Form, Vec<String>)>,
    iterators: Vec<(ShardId, String)>,
    members: Members,
}

/// Does what the lines say; the first that cannot be done ends it. Returns the command lines that were run.
pub fn run_clicks(sandbox: &mut CourseSandbox, clicks: &str) -> Result<Vec<String>, ScriptError> {
    let mut desk = Desk::default();
    let mut lines = Vec::new();
    for (index, text) in clicks.lines().enumerate() {
        let text = text.split(" # ").next().unwrap_or_default().trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let done = desk.click(sandbox, text, &mut lines);
        done.map_err(|reason| ScriptError { line: index + 1, text: text.to_owned(), reason })?;
    }
    match desk.open.filter(|(form, _)| !form.button.is_empty()) {
        Some((form, _)) => Err(ScriptError {
            line: clicks.lines().count(),
            text: form.title.to_owned(),
            reason: "the form is still open".to_owned(),
        }),
        None => Ok(lines),
    }
}

impl Desk {
    fn click(
        &mut self,
        sandbox: &mut CourseSandbox,
        text: &str,
        lines: &mut Vec<String>,
    ) -> Result<(), String> {
        let text = self.members.fill(text);
        let (verb, rest) = text.split_once(' ').unwrap_or((&text, ""));
        let rest = rest.trim();
        match verb {
            "open" => {
                let form = form(rest).ok_or_else(|| ["there is no form ", rest].concat())?;
                self.check_place(form.place)?;
                let actor = self.actor.as_ref().map(|(_, name)| name.as_str());
                self.open = Some((form, form.defaults(sandbox.world(), actor)));
                if form.fields.is_empty() {
                    return self.press(sandbox, form.button, lines);
                }
                Ok(())
            }
            "set" => {
                let (form, values) = self.open.as_mut().ok_or("no form is open")?;
                let form: &'static Form = form;
                let field = form.fields.iter().position(|field| {
                    rest.strip_prefix(field.label)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                });
                let place = field.ok_or_else(|| [form.title, " has no field ", rest].concat())?;
                let value = rest[form.fields[place].label.len()..].trim();
                if let Some(mistake) = form.mistake(place, value) {
                    return Err(mistake);
                }
                if form.button.is_empty() {
                    let values = form.dial(form.fields[place].label, value);
                    return self.run_form(sandbox, form, &values, lines);
                }
                values[place] = value.to_owned();
                Ok(())
            }
            "press" => self.press(sandbox, rest, lines),
            "select" => self.select(rest),
            "worker" => {
                let (worker, button) = rest.split_once(' ').ok_or("worker NAME BUTTON")?;
                self.check_place(Place::Application)?;
                let form = form(button).ok_or_else(|| ["there is no button ", button].concat())?;
                self.worker = Some(worker.to_owned());
                self.open = Some((form, form.defaults(sandbox.world(), None)));
                self.press(sandbox, button, lines)
            }
            "answer" => {
                let (name, value) = rest.split_once(' ').ok_or("answer NAME VALUE")?;
                self.run(sandbox, ["sandbox answer ", name, " ", &awscli::quote(value)].concat(), lines)
            }
            "refused" => match self.run(sandbox, rest.to_owned(), lines) {
                Ok(()) => Err("it should be refused".to_owned()),
                Err(_) => Ok(()),
            },
            "wait" => self.run(sandbox, ["sandbox clock advance ", rest].concat(), lines),
            _ => Err("use open, set, press, select, worker, answer, wait or refused".to_owned()),
        }
    }

    fn select(&mut self, what: &str) -> Result<(), String> {
        let (kind, name) = what.split_once(' ').unwrap_or((what, ""));
        self.worker = None;
        match kind {
            "stream" => {
                if !name.is_empty() {
                    self.stream = Some(name.to_owned());
                }
                (self.shard, self.record, self.actor) = (None, None, None);
            }
            "shard" => {
                self.shard = Some(ShardId::parse(name).ok_or("select shard NUMBER")?);
                (self.record, self.actor) = (None, None);
            }
            "record" => {
                self.record = Some(name.parse().map_err(|_| "select record NUMBER")?);
            }
            "producer" => self.actor = Some((Place::Producer, name.to_owned())),
            "server" => self.actor = Some((Place::Server, name.to_owned())),
            "reader" => self.actor = Some((Place::Reader, name.to_owned())),
            "application" => self.actor = Some((Place::Application, name.to_owned())),
            _ => {
                return Err(
                    "select stream, shard, record, producer, server, reader or application".to_owned()
                );
            }
        }
        Ok(())
    }

    /// Whether what the form is about is selected.
    fn check_place(&self, place: Place) -> Result<(), String> {
        let is_there = match place {
            Place::Page => true,
            Place::Stream => self.shard.is_none() && self.actor.is_none(),
            Place::Shard => self.shard.is_some(),
            Place::Producer | Place::Server | Place::Reader | Place::Application => {
                self.actor.as_ref().is_some_and(|(kind, _)| *kind == place)
            }
            Place::Worker => self.worker.is_some(),
        };
        if is_there { Ok(()) } else { Err(format!("select a {place:?} for that first").to_lowercase()) }
    }

    fn press(
        &mut self,
        sandbox: &mut CourseSandbox,
        button: &str,
        lines: &mut Vec<String>,
    ) -> Result<(), String> {
        let (form, values) = self
            .open
            .take()
            .filter(|(form, _)| form.button == button)
            .ok_or("no form with that button is open")?;
        self.run_form(sandbox, form, &values, lines)
    }

    fn run_form(
        &mut self,
        sandbox: &mut CourseSandbox,
        form: &Form,
        values: &[String],
        lines: &mut Vec<String>,
    ) -> Result<(), String> {
        let newest = self.iterators.iter().rev().find(|(shard, _)| Some(*shard) == self.shard);
        let first = FormContext::new(sandbox.world());
        let context = FormContext {
            stream: self.stream.clone().or(first.stream.clone()),
            shard: self.shard,
            actor: self.actor.as_ref().map(|(_, name)| name.clone()),
            worker: self.worker.clone(),
            iterator: newest.map(|(_, token)| token.clone()),
            record: self.record,
            ..first
        };
        let line = form.line(values, &context).map_err(|error| error.reason)?;
        self.run(sandbox, line, lines)?;
        if form.place == Place::Page {
            self.stream =
                form.field("Stream name").and_then(|place| values.get(place)).cloned().or(self.stream.take());
        }
        Ok(())
    }

    fn run(
        &mut self,
        sandbox: &mut CourseSandbox,
        line: String,
        lines: &mut Vec<String>,
    ) -> Result<(), String> {
        let output = awscli::run(sandbox, &line);
        lines.push(line);
        self.keep_iterators(&output);
        self.members.keep(&output.stdout);
        if output.exit_code == 0 { Ok(()) } else { Err(output.stderr.trim().to_owned()) }
    }

    /// As the page does: "next page" goes on from the newest iterator of the shard.
    fn keep_iterators(&mut self, output: &Output) {
        for held in &output.iterators {
            let shard = match &held.from {
                IteratorFrom::Shard(shard) => ShardId::parse(shard),
                IteratorFrom::Iterator(used) => {
                    let place = self.iterators.iter().position(|(_, token)| token == used);
                    place.map(|place| self.iterators.remove(place).0)
                }
            };
            if let (Some(shard), Some(token)) = (shard, &held.token) {
                self.iterators.push((shard, token.clone()));
            }
        }
    }
}
