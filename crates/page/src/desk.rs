//! The world of one page with everything that goes along with it: what was typed and printed, what the time bar
//! marks. The page's component and its JavaScript handle share it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use awscli::{Effect, IteratorFrom, Line, Shell};
use course::forms::{Form, FormContext, FormError};
use course::{CourseObserver, CourseSandbox, Lesson};
use kinesis::{CreateStreamInput, Duration, Instant, Request, ShardId};
use sim::{Command, Fact, LoadError, Sandbox, SandboxOptions, StampedFact};

use crate::app::FormAt;
use crate::browser::animation_frame::clock_ms;
use crate::language::{self, Output};
use crate::marks::{MarkKind, Marks, is_change};

/// The page and the JavaScript face use one kind of sandbox, so that its code is there once.
pub(crate) type PageSandbox = CourseSandbox;

/// A command line and what it printed; two of one number are the same one.
#[derive(Debug)]
pub(crate) struct Block {
    /// Counted over the life of the page.
    pub number: u64,
    pub line: String,
    /// The word of the line that is wrong, in bytes.
    pub wrong: Option<Range<usize>>,
    pub stdout: String,
    pub stderr: String,
    pub exit_code: u8,
    /// What the line gave to the world, the first ones.
    pub commands: Vec<Command>,
    /// Virtual time at which it was given, in milliseconds.
    pub at_ms: u64,
}

thread_local! {
    /// Blocks of all desks so far: those of two worlds that change places are never taken for one another.
    static BLOCKS: Cell<u64> = const { Cell::new(0) };
}

fn next_block() -> u64 {
    BLOCKS.set(BLOCKS.get() + 1);
    BLOCKS.get()
}

impl PartialEq for Block {
    fn eq(&self, other: &Block) -> bool {
        self.number == other.number
    }
}

/// What was given to the prompt and did not run: it goes back there.
#[derive(PartialEq, Debug)]
pub(crate) struct Left {
    pub text: String,
    /// The word that is wrong, in bytes.
    pub wrong: Option<Range<usize>>,
}

/// Blocks of the transcript that are kept.
const BLOCKS_MAX: usize = 200;
/// Commands of one line that are kept with its block.
const COMMANDS_MAX: usize = 8;
const ITERATORS_MAX: usize = 64;
/// What happens within so much virtual time of a line is shown as its doing.
const FRESH_MS_MAX: u64 = 1_000;
/// Bytes of one block that are shown.
const BLOCK_BYTES_MAX: usize = 20_000;

pub(crate) struct Desk {
    pub sandbox: PageSandbox,
    /// The exercise whose goals the sandbox watches; none in free play.
    pub lesson: Option<&'static Lesson>,
    pub marks: Marks,
    pub transcript: VecDeque<Rc<Block>>,
    /// Lines that were typed, oldest first.
    pub typed: Vec<String>,
    /// Counts what was changed by hand, for the autosave.
    pub changes: u64,
    /// Iterators that the learner holds, with their shards, the newest last.
    pub iterators: Vec<(u32, String)>,
    /// What the prompt has to take back.
    pub left: Option<Left>,
    /// Questions of the exercise that were answered since the page last looked.
    pub answered: Vec<String>,
    /// Number of the first fact that the last command by hand may have brought about.
    pub fresh_since: u64,
    /// What the newest answers said: lines of a solution refer to it.
    members: course::Members,
    shell: Shell,
}

/// A desk that two hold: compared by identity.
#[derive(Clone)]
pub(crate) struct SharedDesk(pub Rc<RefCell<Desk>>);

impl PartialEq for SharedDesk {
    fn eq(&self, other: &SharedDesk) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl SharedDesk {
    pub(crate) fn new(sandbox: PageSandbox, lesson: Option<&'static Lesson>) -> SharedDesk {
        SharedDesk(Rc::new(RefCell::new(Desk::new(sandbox, lesson))))
    }
}

impl From<Desk> for SharedDesk {
    fn from(desk: Desk) -> SharedDesk {
        SharedDesk(Rc::new(RefCell::new(desk)))
    }
}

/// How far a step goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// To the next thing that happens.
    Event,
    /// To the next thing that a learner would call a change.
    Change,
}

/// Events that one step may take to find a change.
const STEP_EVENTS_MAX: u32 = 20_000;
/// Events between two looks at the browser's clock.
const EVENTS_PER_LOOK: u64 = 50;

impl Desk {
    pub(crate) fn new(sandbox: PageSandbox, lesson: Option<&'static Lesson>) -> Desk {
        let mut marks = Marks::default();
        marks.read(sandbox.world());
        marks.set_bookmarks(&sandbox.bookmarks);
        Desk {
            sandbox,
            lesson,
            marks,
            transcript: VecDeque::new(),
            typed: Vec::new(),
            changes: 0,
            iterators: Vec::new(),
            left: None,
            answered: Vec::new(),
            fresh_since: u64::MAX,
            members: course::Members::default(),
            shell: Shell::default(),
        }
    }

    /// A command that was clicked: the line that it stands for is run, as if it had been typed.
    pub(crate) fn submit(&mut self, command: &Command) -> Output {
        self.run(&language::render(command))
    }

    /// A line that was typed.
    pub(crate) fn run(&mut self, line: &str) -> Output {
        self.before_command();
        let at_ms = self.sandbox.now().millis();
        let since = self.sandbox.world().fact_count();
        self.fresh_since = since;
        let applied = self.sandbox.entries().partition_point(|entry| entry.at <= self.sandbox.now());
        let known = self.sandbox.entries().len();
        let output = self.run_watched(line);
        if self.sandbox.now().millis().saturating_sub(at_ms) > FRESH_MS_MAX {
            self.fresh_since = u64::MAX;
        }
        let entries = self.sandbox.entries();
        // A line that gives nothing leaves the known future as it was.
        let is_same = applied < known && entries.len() == known;
        let new = entries.get(applied..).filter(|_| !is_same).unwrap_or_default();
        let commands = new.iter().take(COMMANDS_MAX).map(|entry| entry.command.clone()).collect();
        for stamped in self.sandbox.world().facts_since(since) {
            if let Fact::Answered { name, .. } = &stamped.fact {
                self.answered.push(name.clone());
            }
        }
        self.after_command();
        self.keep_iterators(&output);
        self.members.keep(&output.stdout);
        if self.typed.last().is_none_or(|last| last != line) {
            self.typed.push(line.to_owned());
        }
        if output.effects.contains(&Effect::Clear) {
            self.transcript.clear();
        } else {
            self.print(line.to_owned(), commands, &output, at_ms);
        }
        output
    }

    /// The line that a form stands for, with what is selected on the page.
    pub(crate) fn form_line(
        &self,
        form: &Form,
        values: &[String],
        stream: Option<&str>,
        at: &FormAt,
    ) -> Result<String, FormError> {
        let iterator = self.iterators.iter().rev().find(|(shard, _)| Some(*shard) == at.shard);
        let context = FormContext {
            stream: stream.filter(|name| !name.is_empty()).map(str::to_owned),
            shard: at.shard.map(ShardId),
            record: at.record,
            actor: at.actor.clone(),
            worker: at.worker.clone(),
            iterator: iterator.map(|(_, token)| token.clone()),
            ..FormContext::new(self.sandbox.world())
        };
        form.line(values, &context)
    }

    /// Runs a line; where it lets time pass, the marks of that time are taken on the way, since the world keeps only
    /// its newest facts.
    fn run_watched(&mut self, line: &str) -> Output {
        let marks = &mut self.marks;
        language::run(&mut self.shell, &mut self.sandbox, line, &mut |sandbox| marks.read(sandbox.world()))
    }

    /// Remembers the iterators that answers handed out, so that "next page" can use them.
    fn keep_iterators(&mut self, output: &Output) {
        for held in &output.iterators {
            let shard = match &held.from {
                IteratorFrom::Shard(shard) => ShardId::parse(shard).map(|shard| shard.0),
                IteratorFrom::Iterator(used) => {
                    let place = self.iterators.iter().position(|(_, token)| token == used);
                    place.map(|place| self.iterators.remove(place).0)
                }
            };
            if let (Some(shard), Some(token)) = (shard, &held.token) {
                self.iterators.push((shard, token.clone()));
                if self.iterators.len() > ITERATORS_MAX {
                    self.iterators.remove(0);
                }
            }
        }
    }

    /// The first command in the past cuts what lay after it.
    fn before_command(&mut self) {
        self.marks.read(self.sandbox.world());
    }

    fn after_command(&mut self) {
        let now = self.sandbox.now();
        if self.sandbox.span().1 <= now {
            self.marks.cut_after(now.millis());
            self.keep_bookmarks();
        }
        self.marks.read(self.sandbox.world());
        self.changes += 1;
    }

    /// Lines as typed or pasted: each is run, until one fails; `each` sees what it did. What did not run is left for
    /// the prompt.
    pub(crate) fn run_lines(&mut self, text: &str, mut each: impl FnMut(&Output)) -> Output {
        let mut output = Output::default();
        for line in awscli::commands(text) {
            output = self.run(line);
            each(&output);
            if output.exit_code != 0 {
                self.left = left(text, line, output.wrong.as_ref());
                break;
            }
        }
        output
    }

    /// A line of a solution, with what the last answers said in the place of `$ShardIterator` and its like.
    pub(crate) fn run_solution_line(&mut self, line: &str) -> Output {
        let line = self.members.fill(line);
        self.run(&line)
    }

    /// Something goes wrong that nobody typed: it stands in the history and the log, and not at the prompt.
    pub(crate) fn run_unseen(&mut self, line: &str) {
        self.before_command();
        self.run_watched(line);
        self.after_command();
    }

    /// A click that moved time: its line is printed, in the place of one like it that was the last.
    pub(crate) fn note(&mut self, line: &Line, at: Instant) {
        let Some(text) = awscli::render_line(line) else { return };
        // Where a scrubber stood on its way, and what a speed was before, tells nobody anything.
        let replaced =
            ["sandbox seek ", "sandbox clock speed "].into_iter().find(|verb| text.starts_with(verb));
        if let Some(verb) = replaced
            && self.transcript.back().is_some_and(|block| block.line.starts_with(verb))
        {
            self.transcript.pop_back();
        }
        self.print(text, Vec::new(), &Output::default(), at.millis());
    }

    fn print(&mut self, line: String, commands: Vec<Command>, output: &Output, at_ms: u64) {
        self.transcript.push_back(Rc::new(Block {
            number: next_block(),
            line,
            wrong: output.wrong.clone(),
            stdout: shown(&output.stdout),
            stderr: shown(&output.stderr),
            exit_code: output.exit_code,
            commands,
            at_ms,
        }));
        if self.transcript.len() > BLOCKS_MAX {
            self.transcript.pop_front();
        }
    }

    /// Lets virtual time pass until `span` is over or the browser's time is up; returns what is still to go.
    pub(crate) fn advance(&mut self, span: Duration, wall_ms: f64) -> Duration {
        let end = clock_ms() + wall_ms;
        let mut left = span;
        loop {
            left = self.sandbox.advance(left, Some(EVENTS_PER_LOOK));
            self.marks.read(self.sandbox.world());
            if left == Duration::ZERO || clock_ms() >= end {
                return left;
            }
        }
    }

    /// One step forward; `false` where nothing is going to happen.
    pub(crate) fn step(&mut self, step: Step) -> bool {
        for _ in 0..STEP_EVENTS_MAX {
            let Some(due) = self.sandbox.next_due() else { return false };
            let since = self.sandbox.world().fact_count();
            self.fresh_since = since;
            let span = due.since(self.sandbox.now());
            self.sandbox.advance(span, None);
            self.marks.read(self.sandbox.world());
            let mut new = self.sandbox.world().facts_since(since);
            if step == Step::Event || new.any(|stamped| is_change(&stamped.fact)) {
                return true;
            }
        }
        true
    }

    /// One step back, to the last instant before now at which something happened.
    pub(crate) fn step_back(&mut self, step: Step) -> bool {
        let now = self.sandbox.now();
        let is_stop =
            |stamped: &&StampedFact| stamped.at < now && (step == Step::Event || is_change(&stamped.fact));
        let to = self.sandbox.world().facts_since(0).rev().find(is_stop).map(|stamped| stamped.at);
        let from = self.sandbox.span().0;
        self.seek(to.unwrap_or(from).max(from))
    }

    /// Goes to an instant; `false` where it is outside of the history.
    pub(crate) fn seek(&mut self, to: Instant) -> bool {
        let (from, end) = self.sandbox.span();
        self.fresh_since = u64::MAX;
        let is_done = self.sandbox.seek(to.clamp(from, end)).is_ok();
        self.marks.read(self.sandbox.world());
        is_done
    }

    pub(crate) fn undo(&mut self) -> bool {
        let is_done = self.sandbox.undo();
        self.marks.cut_after(self.sandbox.now().millis());
        self.keep_bookmarks();
        self.after_command();
        is_done
    }

    pub(crate) fn redo(&mut self) -> bool {
        let is_done = self.sandbox.redo();
        self.after_command();
        is_done
    }

    /// Puts another session in the place of this one; on an error this one stays.
    pub(crate) fn load(&mut self, text: &str) -> Result<Option<String>, LoadError> {
        let (sandbox, note) = load(text, None)?;
        self.replace(sandbox, None);
        Ok(note)
    }

    /// Sets a bookmark at the present instant, or takes it away; tells which.
    pub(crate) fn toggle_bookmark(&mut self) -> bool {
        let is_set = self.marks.toggle_bookmark(self.sandbox.now().millis());
        self.keep_bookmarks();
        is_set
    }

    fn keep_bookmarks(&mut self) {
        let bookmarks = self.marks.of_kind(MarkKind::Bookmark).map(Instant::from_millis);
        self.sandbox.bookmarks = bookmarks.collect();
    }

    pub(crate) fn replace(&mut self, sandbox: PageSandbox, lesson: Option<&'static Lesson>) {
        self.sandbox = sandbox;
        self.lesson = lesson;
        self.marks = Marks::default();
        self.marks.read(self.sandbox.world());
        self.marks.set_bookmarks(&self.sandbox.bookmarks);
        self.transcript.clear();
        self.iterators.clear();
        self.members = course::Members::default();
        self.shell = Shell::default();
        self.changes += 1;
    }
}

/// What of a text did not run, where one of its lines failed: that line too, if it could not be read.
fn left(text: &str, line: &str, wrong: Option<&Range<usize>>) -> Option<Left> {
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let from = if wrong.is_some() { start } else { start + line.len() };
    let rest = text.get(from..)?;
    let trimmed = rest.trim_start();
    let is_worth = !awscli::commands(trimmed).is_empty();
    is_worth.then(|| Left { text: trimmed.trim_end().to_owned(), wrong: wrong.cloned() })
}

/// At most so much of a text as a page shows at ease, with a word about the rest.
fn shown(text: &str) -> String {
    if text.len() <= BLOCK_BYTES_MAX {
        return text.to_owned();
    }
    let mut end = BLOCK_BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let rest = (text.len() - end) as u64;
    text[..end].to_owned() + "\n… " + &crate::text::bytes(rest) + " more, not shown"
}

/// Opens a saved session, with the exercise that it belongs to.
pub(crate) fn load(
    text: &str,
    lesson: Option<&'static Lesson>,
) -> Result<(PageSandbox, Option<String>), LoadError> {
    course::resume(lesson, text)
}

/// The world that a first visitor meets: a stream that works, and time that stands still.
pub(crate) fn first_world(options: SandboxOptions) -> PageSandbox {
    let mut sandbox = Sandbox::with_observer(options, CourseObserver::default());
    let create = CreateStreamInput {
        stream_name: Some("clicks".to_owned()),
        shard_count: Some(2),
        ..CreateStreamInput::default()
    };
    // A fresh world has room for a stream.
    let _ = sandbox.submit_by_hand(Command::Call(Request::from(create)));
    let wait = sandbox.next_due().map_or(Duration::ZERO, |due| due.since(sandbox.now()));
    sandbox.advance(wait, None);
    sandbox.end_setup();
    sandbox
}
