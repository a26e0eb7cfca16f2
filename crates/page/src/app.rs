//! The one component with state: it owns the world's desk, takes every message, and hands values down.

mod choices;
mod clicks;
mod clock;
mod commands;
pub(crate) mod files;
mod flights;
mod fork;
mod msg;
mod turns;
mod view;

use std::cell::Cell;
use std::rc::Rc;

use clicks::Clicked;
use kinesis::{Instant, apart};
use sim::StartingPosition;
use turns::Turns;
use yew::prelude::*;

use crate::browser::animation_frame::{AnimationFrame, clock_ms};
use crate::browser::dom::Listener;
use crate::browser::lane_painter::LanePainter;
use crate::browser::parts::when_whole;
use crate::browser::wall_clock;
use crate::desk::{Left, PageSandbox, SharedDesk};
use crate::embedding::{Controls, HostEvent, Shown};
use crate::lesson;
use crate::marks::MarkKind;
use crate::printout::Printout;
use crate::scene::{Look, Picture};
use crate::selection::{Making, Selection};
use crate::speed::Speed;
use crate::words::{Language, speak};

pub(crate) use choices::{Layout, Sheet, StageShape, Tab, Theme};
pub(crate) use fork::Difference;
pub(crate) use msg::{Broken, FormAt, Msg, Notice, NoticeAt, NoticePart, RecordMove};
pub(crate) use turns::RowPictures;

/// How messages go up.
pub(crate) type Send = Callback<Msg>;

#[derive(Properties, PartialEq, Clone)]
pub(crate) struct AppProps {
    pub desk: SharedDesk,
    pub theme: Theme,
    /// Whether the session is kept in the browser.
    pub remember: bool,
    /// Whether the host makes links of what it is told by the share event.
    pub makes_links: bool,
    /// When the world stood that was resumed.
    pub resumed: bool,
    pub shown: Shown,
    pub controls: Controls,
    pub language: &'static str,
    /// Why the session that was kept cannot be read.
    pub damage: Option<String>,
    /// Tells the host what happened.
    pub on_event: Callback<HostEvent>,
}

pub(crate) struct App {
    desk: SharedDesk,
    send: Send,
    picture: Picture,
    turns: Turns,
    stream: String,
    selection: Selection,
    making: Making,
    preview: Option<StartingPosition>,
    /// What is typed into the key microscope.
    key: AttrValue,
    shape: StageShape,
    theme: Theme,
    layout: Layout,
    /// Counts the lines that were laid at the prompt.
    composed: u32,
    jumps_to: Option<MarkKind>,
    tab: Tab,
    sheet: Sheet,
    show_help: bool,
    show_course: bool,
    /// Hints of the exercise that were opened.
    hints_opened: u8,
    /// What went wrong again after an exercise was solved.
    broken: Option<Rc<Broken>>,
    /// The lab sheet that was asked for last, and whether it waits to be printed.
    printout: Option<Rc<Printout>>,
    prints: bool,
    /// The part of the page that the focus goes to as soon as it is shown.
    goes_to: Option<&'static str>,
    /// Lessons of other people that were begun.
    custom_lessons: u32,
    notice: Option<Rc<Notice>>,
    /// What screen readers hear next, when it is polite.
    announcement: AttrValue,
    clock: Clock,
    painter: LanePainter,
    /// Facts up to this number have been shown by motion.
    flown: u64,
    fork: Option<fork::Fork>,
    stage: NodeRef,
    listeners: Vec<Listener>,
    resumed: bool,
    shown: Shown,
    controls: Controls,
    language: &'static str,
    /// Which goals of the exercise were reached when it was last looked.
    reached: Vec<bool>,
    /// When the host last heard that time runs, in milliseconds of wall time.
    told_ms: f64,
    /// Whether what is kept lasts longer than the page.
    is_kept: bool,
    remembers: bool,
    makes_links: bool,
    is_damaged: bool,
    saved_at_ms: f64,
}

/// The page's own clock: how fast virtual time runs.
#[derive(Default)]
pub(crate) struct Clock {
    is_playing: bool,
    speed: Speed,
    /// Achieved over the last half second, in tenths of real time.
    achieved: u64,
    frame: Option<AnimationFrame>,
    /// Whether somebody has typed or clicked since the last frame.
    has_input: Rc<Cell<bool>>,
    /// Frames in a row in which the world has waited for that.
    waits: u32,
    /// The last frame's time in milliseconds.
    last_frame_ms: Option<f64>,
    /// Where the measurement of what is achieved began: wall time and virtual time.
    measured_from: Option<(f64, Instant)>,
    rendered_ms: f64,
    announced_ms: f64,
    announced_refused: u64,
    /// When what is slow to make was last made anew.
    thorough_ms: f64,
}

/// While time runs, what is slow to make, such as a heat map of 10,000 shards, is made anew so often.
const THOROUGH_EVERY_MS: f64 = 250.0;

/// The prompt, by its selector: a link and a key lead there from everywhere.
const PROMPT: &str = "#terminal .prompt";

const DAMAGED: &str = "Your last session cannot be read";

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<App>) -> App {
        let props = ctx.props();
        let stream = first_stream(&props.desk);
        let look = Look {
            stream: &stream,
            application: None,
            preview: None,
            shard: None,
            fresh_since: None,
            before: None,
            is_thorough: true,
        };
        let picture = Picture::take(&props.desk.0.borrow().sandbox, &look);
        let turns = Turns::new(&picture);
        let mut app = App {
            desk: props.desk.clone(),
            send: ctx.link().callback(|msg| msg),
            picture,
            turns,
            stream,
            selection: Selection::default(),
            making: Making::default(),
            preview: None,
            key: AttrValue::Static("user-1"),
            shape: StageShape::default(),
            theme: props.theme,
            layout: Layout::default(),
            composed: 0,
            jumps_to: None,
            tab: Tab::default(),
            sheet: Sheet::default(),
            show_help: false,
            show_course: false,
            hints_opened: 0,
            broken: None,
            printout: None,
            prints: false,
            goes_to: None,
            custom_lessons: 0,
            notice: None,
            announcement: AttrValue::default(),
            clock: Clock::default(),
            painter: LanePainter::default(),
            flown: u64::MAX,
            fork: None,
            stage: NodeRef::default(),
            listeners: Vec::new(),
            resumed: props.resumed,
            shown: props.shown,
            controls: props.controls,
            language: props.language,
            reached: lesson::reached(&props.desk.0.borrow()),
            told_ms: 0.0,
            is_kept: true,
            remembers: props.remember,
            makes_links: props.makes_links,
            is_damaged: props.damage.is_some(),
            saved_at_ms: 0.0,
        };
        app.show(props.shown);
        app.look();
        if let Some(reason) = &props.damage {
            let text = reason.clone() + ". It is put aside: Session has it as a file.";
            app.notice = Some(Rc::new(Notice {
                is_error: true,
                title: DAMAGED.to_owned(),
                text,
                at: NoticeAt::default(),
            }));
        }
        app.show_all();
        app
    }

    fn update(&mut self, ctx: &Context<App>, msg: Msg) -> bool {
        let before = self.picture.clone();
        let is_changed = match msg {
            Msg::Frame(now_ms) => return self.on_frame(ctx, now_ms),
            Msg::Changed => {
                self.after_change(ctx);
                true
            }
            Msg::Resized => true,
            Msg::Scrolled => {
                // While time runs, each frame paints what can be seen.
                if !self.clock.is_playing {
                    self.painter.scrolled(&self.stage, &self.picture, &self.selection);
                    if let Some(fork) = &mut self.fork {
                        fork.painter.scrolled(&self.stage, &fork.picture, &Selection::Stream);
                    }
                }
                false
            }
            Msg::Whole => {
                self.look();
                true
            }
            Msg::Leaving => {
                // What has never been kept has not changed since the page was opened.
                if self.saved_at_ms > 0.0 {
                    apart(|| self.autosave(true));
                }
                false
            }
            other => apart(|| self.obey(ctx, other)),
        };
        if is_changed {
            // Canvases may have another size now.
            self.painter.forget_sizes();
            // Where time runs and nobody has looked anew, each part has its turn soon.
            if !self.clock.is_playing || self.picture != before {
                self.show_all();
            }
        }
        is_changed
    }

    fn view(&self, _ctx: &Context<App>) -> Html {
        self.page()
    }

    fn rendered(&mut self, ctx: &Context<App>, is_first: bool) {
        if is_first {
            let tell = |msg: fn() -> Msg| -> Box<dyn FnMut()> {
                let send = self.send.clone();
                Box::new(move || send.emit(msg()))
            };
            let listeners = [
                Listener::of_window("resize", tell(|| Msg::Resized)),
                Listener::of_window("scroll", tell(|| Msg::Scrolled)),
                Listener::of_window("pagehide", tell(|| Msg::Leaving)),
                Listener::of_media("(prefers-color-scheme: dark)", tell(|| Msg::ThemeChanged)),
            ];
            self.listeners = listeners.into_iter().flatten().collect();
            when_whole(ctx.link().callback(|()| Msg::Whole));
            ctx.props().on_event.emit(HostEvent::Ready);
        }
        crate::browser::focus::keep_focus();
        if std::mem::take(&mut self.prints) {
            wall_clock::print();
        }
        if let Some(part) = self.goes_to.take() {
            crate::browser::focus::focus_part(&self.stage, part);
        }
        self.show_flights(ctx);
        let now_ms = clock_ms();
        let is_playing = self.clock.is_playing;
        self.painter.repaint(&self.stage, &self.picture, &self.selection, is_playing, now_ms);
        if let Some(fork) = &mut self.fork {
            apart(|| {
                fork.painter.repaint(&self.stage, &fork.picture, &Selection::Stream, is_playing, now_ms);
            });
        }
    }
}

impl App {
    /// What a learner asks for.
    fn obey(&mut self, ctx: &Context<App>, msg: Msg) -> bool {
        let clicked = Clicked::of(&msg, self.clock.is_playing, &self.picture);
        let before = self.desk.0.borrow().sandbox.now();
        match msg {
            Msg::Submit(command) => self.submit(ctx, command),
            Msg::Lines(text) => self.run_lines(ctx, &text),
            Msg::Changed => self.after_change(ctx),
            Msg::Landed => {
                self.landed();
                return false;
            }
            // `update` deals with these itself.
            Msg::Frame(_) | Msg::Resized | Msg::Scrolled | Msg::Whole | Msg::Leaving => {}
            Msg::TogglePlay => self.play(ctx, !self.clock.is_playing),
            Msg::Play(is_playing) => self.play(ctx, is_playing),
            Msg::SetSpeed(speed) => self.set_speed(speed),
            Msg::StepForward(step) => self.step(ctx, step),
            Msg::StepBack(step) => self.step_back(ctx, step),
            Msg::Seek(ms) => self.seek(ctx, Instant::from_millis(ms)),
            Msg::NextMark => self.go_to_mark(ctx, true),
            Msg::PreviousMark => self.go_to_mark(ctx, false),
            Msg::ChooseMarks(kind) => self.jumps_to = kind,
            Msg::Fork => self.fork(ctx),
            Msg::SwapWorlds => self.swap_worlds(ctx),
            Msg::CloseFork => self.fork = None,
            Msg::Bookmark => self.bookmark(),
            Msg::ExportDamaged => self.export_damaged(),
            Msg::Compose(text) => {
                self.desk.0.borrow_mut().left = Some(Left { text, wrong: None });
                self.composed += 1;
                self.show_sheet(Sheet::Terminal);
            }
            Msg::GoTo(part, sheet) => {
                if let Some(sheet) = sheet {
                    self.show_sheet(sheet);
                }
                self.goes_to = Some(part);
            }
            Msg::SetLayout(layout) => self.layout = layout,
            Msg::StartUnder(profile) => self.start_under(ctx, profile),
            Msg::SlowToRefusal => self.slow_to_refusal(ctx),
            Msg::Skip(ms) => self.skip(ctx, ms),
            Msg::Undo => self.undo(ctx),
            Msg::Redo => self.redo(ctx),
            Msg::SelectStream(name) => self.select_stream(name),
            Msg::Select(selection) => self.select(selection),
            Msg::Make(making) => self.make(making),
            Msg::LaneClicked(shard, x, width) => self.lane_clicked(shard, x, width),
            Msg::HeatClicked(x, y, width) => self.heat_clicked(x, y, width),
            Msg::NextShard(step) => self.next_shard(step),
            Msg::ThemeChanged => self.forget_colours(),
            Msg::MoveRecord(shard, to) => self.move_record(shard, to),
            Msg::Preview(from) => {
                self.preview = from;
                self.look();
            }
            Msg::ShowStage(shape) => self.shape = shape,
            Msg::Key(key) => self.key = key.into(),
            Msg::SetTheme(theme) => self.set_theme(ctx, theme),
            Msg::Show(shown) => self.show(shown),
            Msg::SetControls(controls) => self.controls = controls,
            Msg::SetLanguage(language) => {
                self.language = language;
                if ctx.props().remember {
                    crate::browser::storage::set(files::LANGUAGE_KEY, language);
                }
                // What undo takes back is named in the language of the page.
                speak(Language::of(language));
                self.look();
            }
            Msg::Begun => self.begin_anew(ctx),
            Msg::ShowTab(tab) => self.show_tab(tab),
            Msg::ShowSheet(sheet) => {
                self.sheet = sheet;
                crate::browser::dom::scroll_to(".ks .time");
            }
            Msg::ShowHelp(show) => self.show_help = show,
            Msg::DismissNotice => self.notice = None,
            Msg::Export => self.export(),
            Msg::Share => self.share(ctx),
            Msg::ShareLesson(text) => {
                self.show_course = false;
                ctx.props().on_event.emit(HostEvent::ShareLesson { text });
            }
            Msg::Import(text) => self.import(ctx, text),
            Msg::StartFresh => self.start_fresh(ctx),
            Msg::StartLesson(id) => self.start_lesson(ctx, id.as_deref()),
            Msg::DismissResumed => self.resumed = false,
            Msg::ShowCourse(show) => self.show_course = show,
            Msg::ShowItem(item) => self.show_item(ctx, item),
            Msg::StartCustom(lesson) => self.start_custom(ctx, lesson),
            Msg::HintOpened(level) => self.hints_opened = self.hints_opened.max(level),
            Msg::SolutionLine(line) => self.run_solution_line(ctx, line),
            Msg::BreakAgain => self.break_again(ctx),
            Msg::Form(form, values, at) => self.submit_table_form(ctx, form, &values, &at),
            Msg::PrintSheet => self.lay_out_sheet(),
        }
        if let Some(clicked) = clicked {
            let mut desk = self.desk.0.borrow_mut();
            let after = desk.sandbox.now();
            for line in clicked.lines(before, after) {
                desk.note(&line, before);
            }
        }
        true
    }

    /// Shows a part that some layouts and narrow screens leave out.
    fn show_sheet(&mut self, sheet: Sheet) {
        self.sheet = sheet;
        if matches!(self.layout, Layout::Watch | Layout::Present) {
            self.layout = Layout::Learn;
        }
    }

    /// The lanes are painted in the colours of the theme that holds now.
    fn forget_colours(&mut self) {
        self.painter.forget_colours();
        if let Some(fork) = &mut self.fork {
            fork.painter.forget_colours();
        }
    }

    /// Where a reader would begin that is about to be started.
    fn shown_preview(&self) -> Option<StartingPosition> {
        self.preview.filter(|_| self.making == Making::Reader)
    }

    /// Takes a new picture of the world.
    fn look(&mut self) {
        let desk = self.desk.0.borrow();
        let names: Vec<&str> = desk.sandbox.world().service().streams().map(|stream| &*stream.name).collect();
        if !names.contains(&self.stream.as_str()) {
            self.stream = names.first().map_or_else(String::new, |name| (*name).to_owned());
            self.selection = Selection::Stream;
        }
        let application = shown_application(&self.selection, &self.stream, &desk.sandbox);
        let shard = match &self.selection {
            Selection::Shard(shard) | Selection::Record { shard, .. } => Some(*shard),
            Selection::Stream
            | Selection::Producer(_)
            | Selection::Kpl(_)
            | Selection::Agent(_)
            | Selection::Reader(_)
            | Selection::Application(_) => None,
        };
        let now_ms = clock_ms();
        let is_thorough = !self.clock.is_playing || now_ms - self.clock.thorough_ms >= THOROUGH_EVERY_MS;
        if is_thorough {
            self.clock.thorough_ms = now_ms;
        }
        let look = Look {
            stream: &self.stream,
            application: application.as_deref(),
            preview: self.shown_preview(),
            shard,
            fresh_since: Some(desk.fresh_since).filter(|_| !self.clock.is_playing),
            before: Some(&self.picture),
            is_thorough,
        };
        let picture = Picture::take(&desk.sandbox, &look);
        drop(desk);
        self.picture = picture;
        self.painter.forget_newer();
        self.look_at_fork();
    }
}

/// The application whose leases the stage shows: the one that is selected, or the stream's first one.
fn shown_application(selection: &Selection, stream: &str, sandbox: &PageSandbox) -> Option<String> {
    match selection {
        Selection::Application(name) => Some(name.clone()),
        Selection::Stream
        | Selection::Shard(_)
        | Selection::Record { .. }
        | Selection::Producer(_)
        | Selection::Kpl(_)
        | Selection::Agent(_)
        | Selection::Reader(_) => {
            let mut all = sandbox.world().applications().values();
            let found = all.find(|application| application.spec.stream == stream);
            found.map(|application| application.spec.name.clone())
        }
    }
}

fn first_stream(desk: &SharedDesk) -> String {
    let desk = desk.0.borrow();
    let name = desk.sandbox.world().service().streams().next().map(|stream| stream.name.to_string());
    name.unwrap_or_default()
}
