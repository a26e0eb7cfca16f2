//! The sandbox: a world with its history. Commands and time go in; undo, redo and seek go back and forth.

use kinesis::{ApiError, Duration, Instant, LimitsProfile, Request, Response};

use crate::clients::Clients;
use crate::history::{Checkpoints, Entry, HistoryCheckpoint, Refusal};
use crate::{CallerSpec, Command, Digest, S3Command, World};

/// Virtual time that a typed or clicked AWS call takes.
pub const CLI_CALL_TIME: Duration = Duration::from_millis(500);

/// How a world begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SandboxOptions {
    pub seed: u64,
    /// Virtual time at the beginning.
    pub start: Instant,
    pub region: String,
    /// Twelve digits.
    pub account: String,
    pub limits: LimitsProfile,
    /// Whether commands and copies of the world are kept; without them there is no undo, seek or save.
    pub history: bool,
}

impl Default for SandboxOptions {
    fn default() -> SandboxOptions {
        SandboxOptions {
            seed: 1,
            // 2026-01-01T00:00:00Z.
            start: Instant::from_seconds(1_767_225_600),
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
            limits: LimitsProfile::Exam,
            history: true,
        }
    }
}

/// Somebody who folds the facts into a result of their own, at every instant at which something happens. Copies of
/// the world carry copies of the observer, so that going back in time goes back here too.
pub trait Observer: Clone {
    /// Called after each event that left facts: those from number `since` on are new.
    fn observe(&mut self, world: &World, since: u64);
}

impl Observer for () {
    fn observe(&mut self, _world: &World, _since: u64) {}
}

/// What a command brought about.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// The service's answer to an AWS call.
    Call(Result<Response, ApiError>),
    Done,
}

/// What undo would take back.
#[derive(Clone, PartialEq, Debug)]
pub struct UndoLabel<'a> {
    /// The first command of the line that changed something.
    pub command: &'a Command,
    pub at: Instant,
    /// Commands of the same line behind it that changed something too.
    pub more: usize,
}

/// Whether commands come from one line that was typed, and belong together for undo.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineState {
    /// Each command stands for itself.
    None,
    /// A line has begun; its first command is still to come.
    Open,
    /// What comes now belongs to the entry before.
    Begun,
}

/// A world, its history, and an observer of it.
#[derive(Clone)]
pub struct Sandbox<O: Observer = ()> {
    pub(crate) options: SandboxOptions,
    pub(crate) world: World,
    observer: O,
    /// Facts up to this number were shown to the observer.
    observed: u64,
    pub(crate) entries: Vec<Entry>,
    /// Entries that the present world has been through; the others lie in its future.
    pub(crate) applied: usize,
    /// Entries at the beginning that undo does not touch: a lesson's setup.
    pub(crate) setup: usize,
    /// The latest instant that this history has reached.
    end: Instant,
    undone: Vec<Undone>,
    pub(crate) line: LineState,
    checkpoints: Checkpoints<O>,
    history_bytes: u64,
    /// From when on the history is kept, where it outgrew its bound.
    cut: Option<Instant>,
    pub(crate) clients: Clients,
    /// Instants that the learner wants to come back to: saved with the session, and no part of the world.
    pub bookmarks: Vec<Instant>,
    /// The world beside this one.
    pub(crate) other: Option<Box<Sandbox<O>>>,
}

#[derive(Clone)]
struct Undone {
    entries: Vec<Entry>,
    now: Instant,
    end: Instant,
}

/// Bytes that the commands of one history may take.
const HISTORY_BYTES_MAX: u64 = 64 << 20;
/// A copy of the world is kept after so many events, so that going back replays at most these.
const STEPS_PER_CHECKPOINT: u64 = 20_000;
/// After a command a copy is kept where at least so many events lie since the last one.
const STEPS_BEFORE_COMMAND_CHECKPOINT: u64 = 500;

impl Sandbox<()> {
    pub fn new(options: SandboxOptions) -> Sandbox<()> {
        Sandbox::with_observer(options, ())
    }
}

impl<O: Observer> Sandbox<O> {
    pub fn with_observer(options: SandboxOptions, observer: O) -> Sandbox<O> {
        let world = World::new(&options);
        let checkpoints = Checkpoints::new(HistoryCheckpoint {
            applied: 0,
            world: world.copy(),
            observer: observer.clone(),
        });
        Sandbox {
            end: options.start,
            bookmarks: Vec::new(),
            options,
            world,
            observer,
            observed: 0,
            entries: Vec::new(),
            applied: 0,
            setup: 0,
            undone: Vec::new(),
            line: LineState::None,
            checkpoints,
            history_bytes: 0,
            cut: None,
            clients: Clients::default(),
            other: None,
        }
    }

    pub fn options(&self) -> &SandboxOptions {
        &self.options
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub fn observer(&self) -> &O {
        &self.observer
    }

    pub fn now(&self) -> Instant {
        self.world.now()
    }

    /// Over all facts up to now.
    pub fn digest(&self) -> Digest {
        self.world.digest()
    }

    /// Commands of this history, those in the future of the present instant included.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The command with this number over the life of the world, counted from 0, where the history has it.
    pub fn command(&self, number: u64) -> Option<&Entry> {
        // Commands that were cut off the beginning of the history count too.
        let cut = self.world.commands_applied().checked_sub(self.applied as u64)?;
        self.entries.get(usize::try_from(number.checked_sub(cut)?).ok()?)
    }

    /// The instants between which `seek` goes.
    pub fn span(&self) -> (Instant, Instant) {
        match self.options.history {
            true => (self.checkpoints.first_instant(), self.end),
            false => (self.now(), self.now()),
        }
    }

    /// Since when the history is kept, where it outgrew its bound and the world cannot be saved any more.
    pub fn history_cut(&self) -> Option<Instant> {
        self.cut
    }

    /// Copies of the world that are kept to go back to.
    pub fn checkpoint_count(&self) -> usize {
        self.checkpoints.len()
    }

    // Commands and time -----------------------------------------------------------------------------------------------

    /// Gives a command at the present instant. It takes no virtual time. A refused command leaves no trace; an AWS
    /// call that the service refuses is an outcome.
    pub fn submit(&mut self, command: Command) -> Result<Outcome, Refusal> {
        let now = self.now();
        // What is due now comes first: where frames happen to fall must not matter.
        self.finish_instant();
        let digest = self.world.digest();
        let outcome = self.world.apply(&command)?;
        self.observe();
        if self.options.history {
            if self.entries.len() > self.applied {
                self.entries.truncate(self.applied);
                self.cut_clients();
                self.history_bytes = self.entries.iter().map(|entry| command_bytes(&entry.command)).sum();
            }
            self.checkpoints.cut_after(now, self.applied);
            self.undone.clear();
            self.end = now;
            self.history_bytes += command_bytes(&command);
            let is_continued = self.line == LineState::Begun;
            if self.line == LineState::Open {
                self.line = LineState::Begun;
            }
            self.entries.push(Entry { at: now, command, digest: digest.to_string(), is_continued });
            self.applied += 1;
            if self.history_bytes > HISTORY_BYTES_MAX {
                self.cut_history();
            }
            self.checkpoint_after(STEPS_BEFORE_COMMAND_CHECKPOINT);
        }
        self.end = self.end.max(now);
        Ok(outcome)
    }

    /// An AWS call as a client makes it: no virtual time, never a sandbox's refusal.
    pub fn request(&mut self, request: Request) -> Result<Response, ApiError> {
        match self.submit(Command::Call(request)) {
            Ok(Outcome::Call(result)) => result,
            Ok(Outcome::Done) | Err(_) => unreachable!("a call is answered by the service"),
        }
    }

    /// As [`Sandbox::request`], made by somebody else than the account's admin.
    pub fn request_as(&mut self, caller: CallerSpec, request: Request) -> Result<Response, ApiError> {
        match self.submit(Command::CallAs { caller, request }) {
            Ok(Outcome::Call(result)) => result,
            Ok(Outcome::Done) | Err(_) => unreachable!("a call is answered by the service"),
        }
    }

    /// A typed or clicked command: an AWS call takes [`CLI_CALL_TIME`].
    pub fn submit_by_hand(&mut self, command: Command) -> Result<Outcome, Refusal> {
        let outcome = self.submit(command)?;
        if matches!(outcome, Outcome::Call(_)) {
            self.advance(CLI_CALL_TIME, None);
        }
        Ok(outcome)
    }

    /// Lets `span` pass. With a budget of events it may stop earlier; returns what is still to go. Commands that lie
    /// in the future of the present instant (after a seek) happen again on the way.
    pub fn advance(&mut self, span: Duration, budget: Option<u64>) -> Duration {
        let target = (self.now() + span).min(Instant::MAX);
        let mut left = budget;
        loop {
            let entry = self.entries.get(self.applied).filter(|entry| entry.at <= target);
            let limit = entry.map_or(target, |entry| entry.at);
            while left != Some(0) {
                if !self.world.step(limit) {
                    break;
                }
                left = left.map(|steps| steps - 1);
                self.observe();
                if self.world.steps() - self.checkpoints.last_steps().min(self.world.steps())
                    >= STEPS_PER_CHECKPOINT
                {
                    self.checkpoint_after(STEPS_PER_CHECKPOINT);
                }
            }
            if left == Some(0) && self.world.next_due().is_some_and(|due| due <= limit) {
                self.end = self.end.max(self.now());
                return target.since(self.now());
            }
            self.world.run_until(limit);
            let Some(entry) = self.entries.get(self.applied).filter(|entry| entry.at <= target) else {
                break;
            };
            let command = entry.command.clone();
            self.applied += 1;
            // It was accepted in the same world before.
            let _ = self.world.apply(&command);
            self.observe();
        }
        self.end = self.end.max(self.now());
        Duration::ZERO
    }

    /// When something happens next by itself.
    pub fn next_due(&self) -> Option<Instant> {
        let entry = self.entries.get(self.applied).map(|entry| entry.at);
        [self.world.next_due(), entry].into_iter().flatten().min()
    }

    fn finish_instant(&mut self) {
        let now = self.now();
        while self.world.step(now) {
            self.observe();
        }
    }

    fn observe(&mut self) {
        let recorded = self.world.fact_count();
        if recorded > self.observed {
            self.observer.observe(&self.world, self.observed);
            self.observed = recorded;
        }
    }

    // History ---------------------------------------------------------------------------------------------------------

    /// Declares what happened so far to be the setup: undo does not reach into it.
    pub fn end_setup(&mut self) {
        self.setup = self.applied;
    }

    /// The commands that come now are those of one line, until [`Sandbox::end_line`]: undo takes them back together.
    pub fn begin_line(&mut self) {
        self.line = LineState::Open;
    }

    pub fn end_line(&mut self) {
        self.line = LineState::None;
    }

    /// The next command goes on with the line of the last one, or begins one of its own.
    pub(crate) fn go_on_with_line(&mut self, is_continued: bool) {
        self.line = if is_continued { LineState::Begun } else { LineState::None };
    }

    /// What [`Sandbox::undo`] would take back.
    pub fn undo_label(&self) -> Option<UndoLabel<'_>> {
        let index = self.start_of_last_changing_line()?;
        line_label(self.entries.get(index..self.applied)?)
    }

    /// What [`Sandbox::redo`] would bring back.
    pub fn redo_label(&self) -> Option<UndoLabel<'_>> {
        line_label(&self.undone.last()?.entries)
    }

    /// Where the last line begins that changed something.
    fn start_of_last_changing_line(&self) -> Option<usize> {
        let done = self.entries.get(..self.applied)?;
        let index = done.iter().rposition(|entry| !entry.command.is_read_only())?;
        let start = done.get(..=index)?.iter().rposition(|entry| !entry.is_continued).unwrap_or(0);
        (index >= self.setup).then_some(start.max(self.setup))
    }

    /// Goes back to the instant before the last line that changed something, and takes its commands out of the
    /// history with all that came after. `false` where there is none.
    pub fn undo(&mut self) -> bool {
        let Some(index) = self.start_of_last_changing_line() else { return false };
        self.begin_anew();
        let (now, end) = (self.now(), self.end);
        let entries = self.entries.split_off(index);
        let at = entries.first().map_or(now, |entry| entry.at);
        self.undone.push(Undone { entries, now, end });
        self.go_back(at, index);
        self.end = at;
        self.checkpoints.cut_after(at, index);
        self.cut_clients();
        true
    }

    /// Goes forward again to where the last undo was made. `false` where nothing was undone.
    pub fn redo(&mut self) -> bool {
        let Some(undone) = self.undone.pop() else { return false };
        self.begin_anew();
        self.entries.truncate(self.applied);
        self.cut_clients();
        self.entries.extend(undone.entries);
        self.advance(undone.now.since(self.now()), None);
        self.end = undone.end;
        true
    }

    /// Goes to an instant of this history. Looking does not change it: going on from there, the same commands happen
    /// again, until a new one is given.
    pub fn seek(&mut self, to: Instant) -> Result<(), Refusal> {
        let (from, end) = self.span();
        if to < from || to > end {
            return Err(Refusal::new(format!(
                "{to} is outside the time that can be gone to: {from} to {end}"
            )));
        }
        self.begin_anew();
        if to < self.now() {
            let applied = self.entries.partition_point(|entry| entry.at <= to);
            self.go_back(to, applied);
        } else {
            self.advance(to.since(self.now()), None);
        }
        self.end = end;
        Ok(())
    }

    /// The history is another one: what a line does from here on belongs to nothing before.
    fn begin_anew(&mut self) {
        if self.line == LineState::Begun {
            self.line = LineState::Open;
        }
    }

    /// What comes after the present instant happens anew.
    fn cut_clients(&mut self) {
        let subscribers = self.world.subscribers();
        let push_count = |number| subscribers.client(number).map_or(0, |connection| connection.push_count());
        self.clients.cut(self.entries.len(), push_count);
    }

    /// Replays from the nearest copy to `at`, with the first `applied` entries.
    fn go_back(&mut self, at: Instant, applied: usize) {
        let Some(checkpoint) = self.checkpoints.nearest(at, applied) else { return };
        self.world = checkpoint.world.copy();
        self.observer = checkpoint.observer.clone();
        self.applied = checkpoint.applied;
        self.observed = self.world.fact_count();
        let future = self.entries.split_off(applied.min(self.entries.len()));
        self.advance(at.since(self.now()), None);
        self.entries.extend(future);
    }

    fn checkpoint_after(&mut self, steps: u64) {
        let last = self.checkpoints.last_steps();
        if self.options.history && self.world.steps() >= last + steps {
            self.checkpoints.push(HistoryCheckpoint {
                applied: self.applied,
                world: self.world.copy(),
                observer: self.observer.clone(),
            });
        }
    }

    /// The history is too large: the world goes on, and can be rewound from now on.
    fn cut_history(&mut self) {
        self.cut = Some(self.now());
        self.entries.clear();
        self.applied = 0;
        self.setup = 0;
        self.history_bytes = 0;
        self.clients.forget_entries();
        let (world, observer) = (self.world.copy(), self.observer.clone());
        self.checkpoints = Checkpoints::new(HistoryCheckpoint { applied: 0, world, observer });
    }
}

/// The first line of the entries, as undo and redo call it.
fn line_label(entries: &[Entry]) -> Option<UndoLabel<'_>> {
    let end =
        entries.iter().skip(1).position(|entry| !entry.is_continued).map_or(entries.len(), |end| end + 1);
    let mut changing = entries.get(..end)?.iter().filter(|entry| !entry.command.is_read_only());
    let first = changing.next()?;
    Some(UndoLabel { command: &first.command, at: first.at, more: changing.count() })
}

/// About how many bytes a command takes in a saved session.
fn command_bytes(command: &Command) -> u64 {
    let fixed = 300;
    match command {
        Command::Call(Request::PutRecord(input))
        | Command::CallAs { request: Request::PutRecord(input), .. } => {
            fixed + input.data.as_ref().map_or(0, |d| d.size() * 4 / 3)
        }
        Command::Call(Request::PutRecords(input))
        | Command::CallAs { request: Request::PutRecords(input), .. } => {
            let records = input.records.iter().flatten();
            fixed + records.map(|r| 400 + r.data.as_ref().map_or(0, |d| d.size() * 4 / 3)).sum::<u64>()
        }
        Command::SetVariable { variable, .. } => {
            fixed + variable.as_ref().map_or(0, |variable| variable.value.len() as u64)
        }
        Command::WriteFile { content, .. } => {
            fixed + content.as_ref().map_or(0, |content| content.len() as u64)
        }
        Command::Call(_)
        | Command::CallAs { .. }
        | Command::StartProducer(_)
        | Command::ChangeProducer(_)
        | Command::StopProducer { .. }
        | Command::StartKpl(_)
        | Command::ChangeKpl(_)
        | Command::StopKpl { .. }
        | Command::StartReader(_)
        | Command::StopReader { .. }
        | Command::StartApplication(_)
        | Command::AddWorker { .. }
        | Command::Worker { .. }
        | Command::SetWorkerHost { .. }
        | Command::ChangeApplication(_)
        | Command::DeleteLease { .. }
        | Command::DeleteLeaseTable { .. }
        | Command::SetTableCapacity { .. }
        | Command::SetKeyState { .. }
        | Command::Fault(_)
        | Command::ClearFaults { .. }
        | Command::Attach { .. }
        | Command::Account(_)
        | Command::StartAttached { .. }
        | Command::Answer { .. }
        | Command::CloseSubscription { .. } => fixed,
        Command::S3(S3Command::PutObject { content, .. }) => fixed + content.len() as u64,
        Command::S3(_) | Command::Lambda(_) | Command::Firehose(_) | Command::Flink(_) => fixed,
        Command::Dms(_) => fixed + 1_000,
        Command::Agent(_) => fixed + 1_000,
        Command::SetPolicy { document, .. } => fixed + document.as_ref().map_or(0, |text| text.len() as u64),
    }
}
