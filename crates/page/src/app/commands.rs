//! Commands: clicked, filled in or typed; and what is looked at.

use std::rc::Rc;

use awscli::Effect;
use course::forms::Form;
use kinesis::ErrorCode;
use sim::{Command, StartingPosition};
use yew::prelude::*;

use super::{
    App, Broken, FormAt, Layout, Msg, Notice, NoticeAt, NoticePart, PROMPT, RecordMove, Sheet, StageShape,
    Tab, Theme,
};
use crate::browser::lane_painter::record_at;
use crate::browser::{dom, storage, wall_clock};
use crate::embedding::{HostEvent, Shown};
use crate::language::Output;
use crate::learner;
use crate::lesson;
use crate::selection::{Making, Selection};
use crate::speed::Speed;
use crate::text;
use crate::words::tr;

impl App {
    pub(super) fn submit(&mut self, ctx: &Context<App>, command: Command) {
        let at = self.notice_at(Some(&command));
        let output = self.desk.0.borrow_mut().submit(&command);
        self.after_output(ctx, &output, at);
    }

    /// Where the page says that a command was refused: at the form or button that it came from, and at the shard that it
    /// is about.
    fn notice_at(&self, command: Option<&Command>) -> NoticeAt {
        let shard = match command {
            Some(Command::Call(request)) => self.shard_of(request),
            _ => None,
        };
        let part = match self.making {
            Making::Stream => NoticePart::Stage,
            _ if self.sheet == Sheet::Do || !dom::is_narrow() => NoticePart::Inspector,
            _ => NoticePart::Page,
        };
        NoticeAt { part, shard }
    }

    fn shard_of(&self, request: &kinesis::Request) -> Option<u32> {
        let number = |id: &Option<String>| kinesis::ShardId::parse(id.as_deref()?).map(|shard| shard.0);
        match request {
            kinesis::Request::PutRecord(input) => {
                let hash = kinesis::hash_key_of(input.partition_key.as_deref()?);
                crate::spread::shard_of(&self.picture.ranges, hash)
            }
            kinesis::Request::SplitShard(input) => number(&input.shard_to_split),
            kinesis::Request::MergeShards(input) => number(&input.shard_to_merge),
            kinesis::Request::GetShardIterator(input) => number(&input.shard_id),
            _ => None,
        }
    }

    /// What a replay does not change, said when it begins.
    fn replay_words(&self) -> Option<Notice> {
        let stream = self.picture.stream()?;
        let text = "Records in the stream: ".to_owned()
            + &text::thousands(stream.record_count)
            + ", unchanged. Other readers: unchanged.";
        Some(Notice { is_error: false, title: "Replay".to_owned(), text, at: NoticeAt::default() })
    }

    /// Lines as typed or pasted: each is run, until one fails.
    pub(super) fn run_lines(&mut self, ctx: &Context<App>, text: &str) {
        let mut effects = Vec::new();
        let streams = self.picture.streams.clone();
        self.lend_other_world();
        let output = self.desk.0.borrow_mut().run_lines(&without_prompts(text), |output| {
            effects.extend_from_slice(&output.effects);
        });
        self.take_other_world_back(ctx, &effects);
        self.do_effects(ctx, &effects);
        self.follow_new_stream(&streams);
        self.after_output(ctx, &output, NoticeAt::default());
        // What was typed shows its error where it was typed.
        self.notice = None;
    }

    /// Shows the stream that a line made last, as the form of a new stream does: it is what one wants to see then.
    fn follow_new_stream(&mut self, before: &[String]) {
        let desk = self.desk.0.borrow();
        let streams = desk.sandbox.world().service().streams();
        let made = streams.filter(|stream| !before.iter().any(|name| *name == *stream.name));
        let Some(newest) = made.max_by_key(|stream| stream.created) else { return };
        self.stream = newest.name.to_string();
        self.selection = Selection::Stream;
        self.announcement = (tr("Shown now: ").to_owned() + &self.stream).into();
    }

    /// A form of the course's table: the line that it stands for is run. What it made is selected.
    pub(super) fn submit_table_form(
        &mut self,
        ctx: &Context<App>,
        form: &Form,
        values: &[String],
        at: &FormAt,
    ) {
        let line = self.desk.0.borrow().form_line(form, values, Some(&self.stream), at);
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                let (is_error, title) = (true, form.title.to_owned());
                self.notice =
                    Some(Rc::new(Notice { is_error, title, text: error.reason, at: self.notice_at(None) }));
                return;
            }
        };
        let output = self.desk.0.borrow_mut().run(&line);
        let notice_at = NoticeAt { shard: at.shard, ..self.notice_at(None) };
        if output.exit_code != 0 {
            return self.after_output(ctx, &output, notice_at);
        }
        let value = |label: &str| form.field(label).and_then(|place| values.get(place)).cloned();
        let name = || value("Name").or_else(|| value("Application name")).unwrap_or_default();
        let made = match form.title {
            "New stream" | "New on-demand stream" => {
                self.stream = value("Stream name").unwrap_or_default();
                Some(Selection::Stream)
            }
            "New producer" => Some(Selection::Producer(name())),
            "New reader" => Some(Selection::Reader(name())),
            "New KCL application" => Some(Selection::Application(name())),
            _ => None,
        };
        let is_replay = form.title == "New reader" && value("Start from").is_none_or(|from| from != "LATEST");
        let replay = if is_replay { self.replay_words() } else { None };
        if let Some(selection) = made {
            self.making = Making::Nothing;
            self.preview = None;
            self.selection = selection;
        }
        self.after_output(ctx, &output, notice_at);
        if let Some(words) = replay {
            self.notice = Some(Rc::new(words));
        }
    }

    pub(super) fn run_solution_line(&mut self, ctx: &Context<App>, line: &str) {
        let streams = self.picture.streams.clone();
        let output = self.desk.0.borrow_mut().run_solution_line(line);
        self.do_effects(ctx, &output.effects);
        self.follow_new_stream(&streams);
        self.after_output(ctx, &output, NoticeAt::default());
        // A refusal that belongs to the solution stands in the transcript.
        self.notice = None;
    }

    /// Something goes wrong in the world as it stands, in free play: nobody says what.
    pub(super) fn break_again(&mut self, ctx: &Context<App>) {
        let mut desk = self.desk.0.borrow_mut();
        let id = desk.lesson.map(|lesson| lesson.file.id.as_str());
        let before = self.broken.as_ref();
        let round = before.map_or(0, |broken| broken.round + 1);
        let Some(id) = id.or(before.map(|broken| broken.id)) else { return };
        let Some(breakage) = course::breakage(desk.sandbox.world(), round) else { return };
        let at_ms = desk.sandbox.now().millis();
        desk.run_unseen(&breakage.line);
        desk.lesson = None;
        drop(desk);
        self.broken = Some(Rc::new(Broken { id, at_ms, what: breakage.what, round }));
        self.reached.clear();
        self.sheet = Sheet::Task;
        self.after_change(ctx);
        self.announcement = AttrValue::Static(tr("Something is broken again"));
    }

    /// What a line asks of the page.
    fn do_effects(&mut self, ctx: &Context<App>, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Play => self.play(ctx, true),
                Effect::Pause => self.play(ctx, false),
                Effect::Speed { numerator, denominator } => {
                    self.set_speed(Speed::nearest(*numerator, *denominator));
                }
                // Seen to where the lines are run.
                Effect::Clear | Effect::SwitchedWorlds => {}
            }
        }
    }

    fn after_output(&mut self, ctx: &Context<App>, output: &Output, at: NoticeAt) {
        self.notice = (output.exit_code != 0).then(|| Rc::new(Notice { at, ..error_notice(&output.stderr) }));
        if output.exit_code != 0 {
            ctx.props().on_event.emit(HostEvent::Error { text: output.stderr.clone() });
        }
        self.after_change(ctx);
    }

    /// The world was changed by hand.
    pub(super) fn after_change(&mut self, ctx: &Context<App>) {
        self.look();
        for question in std::mem::take(&mut self.desk.0.borrow_mut().answered) {
            ctx.props().on_event.emit(HostEvent::Predict { question });
        }
        self.tell_step(ctx);
        self.check_solved(ctx);
        self.autosave(true);
    }

    /// The host hears where the world stands.
    pub(super) fn tell_step(&mut self, ctx: &Context<App>) {
        let now_ms = self.desk.0.borrow().sandbox.now().millis();
        ctx.props().on_event.emit(HostEvent::Step { now_ms });
    }

    /// When the last goal is reached, time stands still and the learner hears of it.
    pub(super) fn check_solved(&mut self, ctx: &Context<App>) {
        let goals = lesson::goals_of(&self.desk.0.borrow());
        let was_solved = lesson::is_all(&self.reached);
        self.reached.resize(goals.len(), false);
        for (place, goal) in goals.into_iter().enumerate() {
            if std::mem::replace(&mut self.reached[place], goal.is_reached) != goal.is_reached {
                ctx.props().on_event.emit(HostEvent::Check {
                    goal: place + 1,
                    text: goal.text,
                    is_reached: goal.is_reached,
                    reason: goal.reason,
                });
            }
        }
        if lesson::is_all(&self.reached) && !was_solved {
            self.pause();
            self.sheet = Sheet::Task;
            self.announcement = AttrValue::Static(tr("Solved"));
            self.keep_solved();
            ctx.props().on_event.emit(HostEvent::Solved);
        }
    }

    /// The exercise counts as done from now on, also after an undo.
    fn keep_solved(&self) {
        let id = self.desk.0.borrow().lesson.map(|lesson| (lesson.file.id.as_str(), lesson.file.chapter));
        if let Some((id, chapter)) = id.filter(|_| self.remembers) {
            let (mut progress, now) = (learner::load(), wall_clock::now_s());
            progress.solve(id, self.hints_opened, now);
            progress.check_fast_track(chapter, now);
            learner::save(&progress);
        }
    }

    pub(super) fn undo(&mut self, ctx: &Context<App>) {
        let label = self.picture.undo.clone().unwrap_or_default();
        if self.desk.0.borrow_mut().undo() {
            self.announcement = (tr("Undone: ").to_owned() + &label).into();
        }
        self.notice = None;
        self.after_change(ctx);
    }

    pub(super) fn redo(&mut self, ctx: &Context<App>) {
        let label = self.picture.redo.clone().unwrap_or_default();
        if self.desk.0.borrow_mut().redo() {
            self.announcement = (tr("Done again: ").to_owned() + &label).into();
        }
        self.notice = None;
        self.after_change(ctx);
    }

    // What is looked at -----------------------------------------------------------------------------------------------

    pub(super) fn select_stream(&mut self, name: String) {
        self.stream = name;
        self.selection = Selection::Stream;
        self.making = Making::Nothing;
        self.look();
    }

    pub(super) fn select(&mut self, selection: Selection) {
        self.selection = selection;
        self.making = Making::Nothing;
        self.notice = None;
        self.sheet = Sheet::Do;
        self.look();
    }

    pub(super) fn make(&mut self, making: Making) {
        self.making = making;
        self.notice = None;
        // The stage has the form of a stream, the inspector all others.
        if !matches!(making, Making::Nothing | Making::Stream) {
            self.sheet = Sheet::Do;
        }
        self.preview = (making == Making::Reader).then_some(StartingPosition::TrimHorizon);
        self.look();
    }

    pub(super) fn lane_clicked(&mut self, shard: u32, x: f64, width: f64) {
        let lanes = self.painter.lanes(&self.picture);
        let index = lanes.shard(shard).and_then(|view| record_at(lanes, view, width, x));
        self.select(match index {
            Some(index) => Selection::Record { shard, index },
            None => Selection::Shard(shard),
        });
    }

    pub(super) fn heat_clicked(&mut self, x: f64, y: f64, width: f64) {
        let Some(heat) = &self.picture.heat else { return };
        let place = crate::browser::lane_painter::cell_at(heat, x, y, width);
        if let Some(cell) = heat.cells.get(place) {
            self.select(Selection::Shard(cell.shard));
        }
    }

    pub(super) fn next_shard(&mut self, step: i32) {
        let ranges = self.picture.ranges.clone();
        let now = match &self.selection {
            Selection::Shard(shard) | Selection::Record { shard, .. } => {
                ranges.iter().position(|range| range.shard == *shard)
            }
            Selection::Stream
            | Selection::Producer(_)
            | Selection::Kpl(_)
            | Selection::Agent(_)
            | Selection::Reader(_)
            | Selection::Application(_) => None,
        };
        let last = ranges.len().saturating_sub(1);
        let to = now.map_or(0, |now| now.saturating_add_signed(step as isize).min(last));
        if let Some(range) = ranges.get(to) {
            self.select(Selection::Shard(range.shard));
        }
    }

    /// Along the records of a shard by keyboard.
    pub(super) fn move_record(&mut self, shard: u32, to: RecordMove) {
        let lanes = self.painter.lanes(&self.picture);
        let Some(view) = lanes.shard(shard) else { return };
        let (Some(first), Some(last)) = (view.records.first(), view.records.last()) else {
            return self.select(Selection::Shard(shard));
        };
        let now = match &self.selection {
            Selection::Record { shard: of, index } if *of == shard => Some(*index),
            _ => None,
        };
        let index = match (to, now) {
            (RecordMove::First, _) => first.index,
            (RecordMove::Last, _) | (RecordMove::Left, None) => last.index,
            (RecordMove::Right, None) => first.index,
            (RecordMove::Left, Some(index)) => index.saturating_sub(1).max(first.index),
            (RecordMove::Right, Some(index)) => (index + 1).min(last.index),
        };
        self.select(Selection::Record { shard, index });
    }

    /// A tab, and the part of the page that has the tabs.
    pub(super) fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
        self.sheet = Sheet::Log;
        if matches!(self.layout, Layout::Watch | Layout::Present) {
            self.layout = Layout::Learn;
        }
    }

    /// What an element shows of the sandbox.
    pub(super) fn show(&mut self, shown: Shown) {
        self.shown = shown;
        self.shape = if shown == Shown::Table { StageShape::Table } else { StageShape::Picture };
        if shown == Shown::Lease {
            self.tab = Tab::Leases;
        }
    }

    pub(super) fn set_theme(&mut self, ctx: &Context<App>, theme: Theme) {
        self.theme = theme;
        if ctx.props().remember {
            storage::set(super::files::THEME_KEY, theme.name());
        }
        self.forget_colours();
    }

    /// Keys that work anywhere, or anywhere outside of text fields.
    pub(super) fn key_down(event: &KeyboardEvent) -> Option<Msg> {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
            return None;
        }
        let msg = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
            ("k", false) if !dom::is_in_dialog(event) => Msg::GoTo(PROMPT, Some(Sheet::Terminal)),
            ("z", is_redo) if !dom::is_text_field(event) => {
                if is_redo {
                    Msg::Redo
                } else {
                    Msg::Undo
                }
            }
            _ => return None,
        };
        event.prevent_default();
        Some(msg)
    }
}

/// What went wrong, taken apart: the exception's name and the sentence.
fn error_notice(stderr: &str) -> Notice {
    let text = stderr.trim().trim_start_matches("aws: error:").trim_start_matches("sandbox:").trim();
    let code = ErrorCode::ALL.iter().map(|code| code.name()).find(|name| text.contains(name));
    let sentence = text.split_once(" operation").map_or(text, |(_, rest)| {
        let rest = rest.strip_prefix(" (reached max retries: 2)").unwrap_or(rest);
        rest.strip_prefix(": ").unwrap_or(rest)
    });
    let title = code.unwrap_or("Not done").to_owned();
    Notice { is_error: true, title, text: sentence.to_owned(), at: NoticeAt::default() }
}

/// A text without the prompts that were copied along with it.
fn without_prompts(text: &str) -> String {
    let lines = text.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_that_were_copied_along_go() {
        assert_eq!(without_prompts("$ aws a \\\n  --b c\nsleep 1"), "aws a \\\n  --b c\nsleep 1");
    }

    #[test]
    fn an_error_line_is_taken_apart() {
        let notice = error_notice(
            "\nAn error occurred (ResourceInUseException) when calling the CreateStream operation: Stream x exists.\n",
        );
        assert_eq!(notice.title, "ResourceInUseException");
        assert_eq!(notice.text, "Stream x exists.");
        let notice = error_notice(
            "\naws: [ERROR]: An error occurred (LimitExceededException) when calling the PutRecord operation (reached max retries: 2): Too much: x.\n",
        );
        assert_eq!(notice.text, "Too much: x.");
    }
}
