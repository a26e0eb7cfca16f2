//! Sessions: kept in the browser, saved as a file, opened again.

use std::rc::Rc;

use kinesis::LimitsProfile;
use sim::SandboxOptions;
use yew::prelude::*;

use super::{App, Notice, NoticeAt, Sheet, first_stream};
use crate::browser::animation_frame::clock_ms;
use crate::browser::dom::page_address;
use crate::browser::{files, storage};
use crate::desk::first_world;
use crate::embedding::HostEvent;
use crate::printout::{Code, Printout};
use crate::selection::{Making, Selection};

pub(crate) const SESSION_KEY: &str = "kinesis-sandbox.session";
/// Id of the exercise that the session belongs to.
pub(crate) const LESSON_KEY: &str = "kinesis-sandbox.lesson";
/// A session that was kept and could not be read.
pub(crate) const DAMAGED_KEY: &str = "kinesis-sandbox.damaged";
pub(crate) const LANGUAGE_KEY: &str = "kinesis-sandbox.language";
pub(crate) const THEME_KEY: &str = "kinesis-sandbox.theme";

/// Lessons of other people that one page takes.
const CUSTOM_LESSONS_MAX: u32 = 20;
/// While time runs the session is kept so often, in milliseconds of wall time.
const AUTOSAVE_EVERY_MS: f64 = 2_000.0;
/// Bytes that are kept in the browser at most; browsers give a page about five million characters.
const AUTOSAVE_BYTES_MAX: usize = 4 << 20;

impl App {
    /// Keeps the session in the browser: at once after a command, now and then while time runs.
    pub(super) fn autosave(&mut self, is_by_hand: bool) {
        if !self.remembers {
            return;
        }
        let now_ms = clock_ms();
        if !is_by_hand && now_ms - self.saved_at_ms < AUTOSAVE_EVERY_MS {
            return;
        }
        self.saved_at_ms = now_ms;
        let desk = self.desk.0.borrow();
        let text = desk.sandbox.save();
        storage::set(LESSON_KEY, desk.lesson.map_or("", |lesson| &lesson.file.id));
        drop(desk);
        self.is_kept = match text {
            Ok(text) if text.len() <= AUTOSAVE_BYTES_MAX => storage::set(SESSION_KEY, &text),
            Ok(_) | Err(_) => false,
        };
    }

    pub(super) fn export(&mut self) {
        let text = self.desk.0.borrow().sandbox.save();
        self.notice = match text {
            Ok(text) => {
                let name = "kinesis-sandbox-".to_owned() + &self.stream + ".jsonl";
                files::download(&name, &text);
                None
            }
            Err(refusal) => Some(Rc::new(Notice {
                is_error: true,
                title: "Not saved".to_owned(),
                text: refusal.reason().to_owned(),
                at: NoticeAt::default(),
            })),
        };
    }

    /// Asks the host for a link to the world as it stands; the host says what became of it.
    pub(super) fn share(&mut self, ctx: &Context<App>) {
        let desk = self.desk.0.borrow();
        let session = desk.sandbox.save();
        let at_ms = desk.sandbox.now().millis();
        let lesson = desk.lesson.map(|lesson| lesson.file.id.clone());
        drop(desk);
        match session {
            Ok(session) => ctx.props().on_event.emit(HostEvent::Share { session, at_ms, lesson }),
            Err(refusal) => {
                self.notice = Some(Rc::new(Notice {
                    is_error: true,
                    title: "No link".to_owned(),
                    text: refusal.reason().to_owned(),
                    at: NoticeAt::default(),
                }));
            }
        }
    }

    /// Lays out the lab sheet of the exercise, with the world as it stands; it is printed once it is on the page.
    pub(super) fn lay_out_sheet(&mut self) {
        let Some(lesson) = self.desk.0.borrow().lesson else { return };
        let id = lesson.file.id.as_str();
        let is_of_course = course::lesson(id).is_some_and(|known| std::ptr::eq(known, lesson));
        let code = (self.makes_links && is_of_course).then(|| Code::of(&page_address(), id));
        self.printout = Some(Rc::new(Printout { id, picture: self.picture.clone(), code }));
        self.prints = true;
    }

    /// Hands out what was kept and cannot be read.
    pub(super) fn export_damaged(&mut self) {
        if let Some(text) = storage::get(DAMAGED_KEY) {
            files::download("kinesis-sandbox-damaged.jsonl", &text);
        }
    }

    /// Opens a file; what is wrong with it is said, and the running world stays.
    pub(super) fn import(&mut self, ctx: &Context<App>, text: Result<String, String>) {
        let loaded = match text {
            Ok(text) => self.desk.0.borrow_mut().load(&text).map_err(|error| error.to_string()),
            Err(reason) => Err(reason),
        };
        let notice = |is_error, title: &str, text: String| {
            Some(Rc::new(Notice { is_error, title: title.to_owned(), text, at: NoticeAt::default() }))
        };
        match loaded {
            Err(reason) => {
                let text = reason + ". Your world is as it was.";
                self.notice = notice(true, "This file cannot be opened", text);
            }
            Ok(note) => {
                self.begin_anew(ctx);
                self.notice = match note {
                    Some(note) => notice(false, "Opened", note),
                    None => notice(false, "Opened", "Every command of the file was replayed.".to_owned()),
                };
            }
        }
    }

    pub(super) fn start_fresh(&mut self, ctx: &Context<App>) {
        let lesson = self.desk.0.borrow().lesson;
        self.start_lesson(ctx, lesson.map(|lesson| lesson.file.id.as_str()));
    }

    /// Begins an exercise, or free play.
    pub(super) fn start_lesson(&mut self, ctx: &Context<App>, id: Option<&str>) {
        let lesson = id.and_then(course::lesson);
        // The lessons that ship are proved to start.
        let started = lesson.and_then(|lesson| course::start(lesson).ok());
        let sandbox = started.unwrap_or_else(|| first_world(SandboxOptions::default()));
        self.desk.0.borrow_mut().replace(sandbox, lesson);
        storage::remove(SESSION_KEY);
        self.begin_anew(ctx);
        self.sheet = Sheet::Task;
    }

    /// Shows the world of a quiz item after its run, in free play.
    pub(super) fn show_item(&mut self, ctx: &Context<App>, item: &course::quiz::Item) {
        // The items that ship are proved to run.
        let Ok(sandbox) = item.play() else { return };
        self.desk.0.borrow_mut().replace(sandbox, None);
        storage::remove(SESSION_KEY);
        self.begin_anew(ctx);
    }

    /// Begins a lesson of somebody else. It stays in memory as long as the page: a page takes so many at most.
    pub(super) fn start_custom(&mut self, ctx: &Context<App>, lesson: Box<course::Lesson>) {
        let notice = |title: &str, text: String| {
            Some(Rc::new(Notice { is_error: true, title: title.to_owned(), text, at: NoticeAt::default() }))
        };
        if self.custom_lessons >= CUSTOM_LESSONS_MAX {
            self.show_course = false;
            self.notice = notice("No more lessons", "Reload the page to open another one.".to_owned());
            return;
        }
        match course::start_custom(&lesson) {
            Err(error) => {
                self.show_course = false;
                self.notice = notice("This lesson cannot be started", error.to_string());
            }
            Ok(sandbox) => {
                self.custom_lessons += 1;
                self.desk.0.borrow_mut().replace(sandbox, Some(Box::leak(lesson)));
                storage::remove(SESSION_KEY);
                self.begin_anew(ctx);
                self.sheet = Sheet::Task;
            }
        }
    }

    /// Begins a new world under other limits: a world keeps those that it began with.
    pub(super) fn start_under(&mut self, ctx: &Context<App>, limits: LimitsProfile) {
        let sandbox = first_world(SandboxOptions { limits, ..SandboxOptions::default() });
        self.desk.0.borrow_mut().replace(sandbox, None);
        storage::remove(SESSION_KEY);
        self.begin_anew(ctx);
        let title = "New world".to_owned();
        let text = "It lives under the ".to_owned() + limits.name() + " limits from its first instant on.";
        self.notice = Some(Rc::new(Notice { is_error: false, title, text, at: NoticeAt::default() }));
    }

    /// Another world stands on the desk.
    pub(super) fn begin_anew(&mut self, ctx: &Context<App>) {
        self.fork = None;
        self.play(ctx, false);
        self.stream = first_stream(&self.desk);
        self.selection = Selection::default();
        self.making = Making::default();
        self.preview = None;
        self.resumed = false;
        self.reached.clear();
        self.hints_opened = 0;
        self.broken = None;
        self.show_course = false;
        self.notice = None;
        self.after_change(ctx);
    }
}
