//! The one component with state: it owns the world's desk, takes every message, and hands values down.

mod clicks;
mod clock;
mod commands;
pub(crate) mod files;
mod view;

use std::rc::Rc;

use clicks::Clicked;
use kinesis::Instant;
use sim::{Command, StartingPosition};
use yew::prelude::*;

use crate::browser::animation_frame::AnimationFrame;
use crate::browser::dom::WindowListener;
use crate::browser::lane_painter::LanePainter;
use crate::desk::{SharedDesk, Step};
use crate::embedding::{Controls, HostEvent, Shown};
use crate::lesson;
use crate::scene::Picture;
use crate::selection::{Making, Selection};
use crate::speed::Speed;

/// How messages go up.
pub(crate) type Send = Callback<Msg>;

/// Everything that can happen on the page; each says who sends it.
pub(crate) enum Msg {
    /// A control: a command that changes the world.
    Submit(Command),
    /// A form: a command; the form closes when it is accepted.
    SubmitForm(Command, Selection),
    /// The terminal: lines as typed.
    Lines(String),
    /// The JavaScript handle: the desk was changed.
    Changed,
    /// The browser: a frame, with its time in milliseconds.
    Frame(f64),
    /// The browser: the window has another size.
    Resized,
    /// The browser: the page is about to be left.
    Leaving,
    /// The time bar.
    TogglePlay,
    Play(bool),
    SetSpeed(Speed),
    StepForward(Step),
    StepBack(Step),
    /// To an instant, in milliseconds.
    Seek(u64),
    /// To the next or previous mark.
    NextMark,
    PreviousMark,
    /// The traffic card: to the first refusal, slowly.
    SlowToRefusal,
    /// From the present to so much later, in milliseconds.
    Skip(u64),
    Undo,
    Redo,
    /// The stage and the inspector.
    SelectStream(String),
    Select(Selection),
    Make(Making),
    /// A pointer on a lane: the shard, the place and the lane's width in CSS pixels.
    LaneClicked(u32, f64, f64),
    /// Arrow keys on a shard's row: records to go, to the right.
    MoveRecord(u32, RecordMove),
    /// The form of a new reader: where it would begin.
    Preview(Option<StartingPosition>),
    ShowTable(bool),
    /// The key microscope.
    Key(String),
    SetTheme(Theme),
    /// The JavaScript handle: what the element shows, and by what it is used.
    Show(Shown),
    SetControls(Controls),
    SetLanguage(&'static str),
    /// The JavaScript handle: another world stands on the desk.
    Begun,
    ShowTab(Tab),
    ShowSheet(Sheet),
    ShowHelp(bool),
    DismissNotice,
    /// Files.
    Export,
    /// The top bar: a link to the world as it stands.
    Share,
    Import(Result<String, String>),
    StartFresh,
    /// An exercise by its id, or free play.
    StartLesson(Option<String>),
    DismissResumed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RecordMove {
    Left,
    Right,
    First,
    Last,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Theme {
    /// What the system prefers.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// What stands beside the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Tab {
    #[default]
    Log,
    Metrics,
    Leases,
    Neighbours,
}

/// What a narrow screen shows under the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Sheet {
    #[default]
    Task,
    Do,
    Terminal,
    Log,
}

/// Something that the learner must not miss.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    pub is_error: bool,
    /// The exception's name or a few words.
    pub title: String,
    pub text: String,
}

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
    /// Tells the host what happened.
    pub on_event: Callback<HostEvent>,
}

pub(crate) struct App {
    desk: SharedDesk,
    send: Send,
    picture: Picture,
    /// The newest picture is not on the page yet.
    is_stale: bool,
    stream: String,
    selection: Selection,
    making: Making,
    preview: Option<StartingPosition>,
    /// What is typed into the key microscope.
    key: AttrValue,
    show_table: bool,
    theme: Theme,
    tab: Tab,
    sheet: Sheet,
    show_help: bool,
    notice: Option<Rc<Notice>>,
    /// What screen readers hear next, when it is polite.
    announcement: AttrValue,
    clock: Clock,
    painter: LanePainter,
    stage: NodeRef,
    on_resize: Option<WindowListener>,
    on_leave: Option<WindowListener>,
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
    /// The last frame's time in milliseconds.
    last_frame_ms: Option<f64>,
    /// Where the measurement of what is achieved began: wall time and virtual time.
    measured_from: Option<(f64, Instant)>,
    rendered_ms: f64,
    announced_ms: f64,
    announced_refused: u64,
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<App>) -> App {
        let props = ctx.props();
        let stream = first_stream(&props.desk);
        let picture = Picture::take(&props.desk.0.borrow().sandbox, &stream, None, None, false);
        let mut app = App {
            desk: props.desk.clone(),
            send: ctx.link().callback(|msg| msg),
            picture,
            is_stale: false,
            stream,
            selection: Selection::default(),
            making: Making::default(),
            preview: None,
            key: AttrValue::Static("user-1"),
            show_table: false,
            theme: props.theme,
            tab: Tab::default(),
            sheet: Sheet::default(),
            show_help: false,
            notice: None,
            announcement: AttrValue::default(),
            clock: Clock::default(),
            painter: LanePainter::default(),
            stage: NodeRef::default(),
            on_resize: None,
            on_leave: None,
            resumed: props.resumed,
            shown: props.shown,
            controls: props.controls,
            language: props.language,
            reached: lesson::reached(&props.desk.0.borrow()),
            told_ms: 0.0,
            is_kept: true,
            remembers: props.remember,
            makes_links: props.makes_links,
            saved_at_ms: 0.0,
        };
        app.show(props.shown);
        app.look();
        app
    }

    fn update(&mut self, ctx: &Context<App>, msg: Msg) -> bool {
        let clicked = Clicked::of(&msg, self.clock.is_playing, &self.picture);
        let before = self.desk.0.borrow().sandbox.now();
        match msg {
            Msg::Submit(command) => self.submit(ctx, command),
            Msg::SubmitForm(command, selection) => self.submit_form(ctx, command, selection),
            Msg::Lines(text) => self.run_lines(ctx, &text),
            Msg::Changed => self.after_change(ctx),
            Msg::Frame(now_ms) => return self.on_frame(ctx, now_ms),
            Msg::Resized => {}
            Msg::Leaving => {
                // What has never been kept has not changed since the page was opened.
                if self.saved_at_ms > 0.0 {
                    self.autosave(true);
                }
                return false;
            }
            Msg::TogglePlay => self.play(ctx, !self.clock.is_playing),
            Msg::Play(is_playing) => self.play(ctx, is_playing),
            Msg::SetSpeed(speed) => self.set_speed(speed),
            Msg::StepForward(step) => self.step(ctx, step),
            Msg::StepBack(step) => self.step_back(ctx, step),
            Msg::Seek(ms) => self.seek(ctx, Instant::from_millis(ms)),
            Msg::NextMark => self.go_to_mark(ctx, true),
            Msg::PreviousMark => self.go_to_mark(ctx, false),
            Msg::SlowToRefusal => self.slow_to_refusal(ctx),
            Msg::Skip(ms) => self.skip(ctx, ms),
            Msg::Undo => self.undo(ctx),
            Msg::Redo => self.redo(ctx),
            Msg::SelectStream(name) => self.select_stream(name),
            Msg::Select(selection) => self.select(selection),
            Msg::Make(making) => self.make(making),
            Msg::LaneClicked(shard, x, width) => self.lane_clicked(shard, x, width),
            Msg::MoveRecord(shard, to) => self.move_record(shard, to),
            Msg::Preview(from) => {
                self.preview = from;
                self.look();
            }
            Msg::ShowTable(show) => self.show_table = show,
            Msg::Key(key) => self.key = key.into(),
            Msg::SetTheme(theme) => self.set_theme(ctx, theme),
            Msg::Show(shown) => self.show(shown),
            Msg::SetControls(controls) => self.controls = controls,
            Msg::SetLanguage(language) => self.language = language,
            Msg::Begun => self.begin_anew(ctx),
            Msg::ShowTab(tab) => self.tab = tab,
            Msg::ShowSheet(sheet) => self.sheet = sheet,
            Msg::ShowHelp(show) => self.show_help = show,
            Msg::DismissNotice => self.notice = None,
            Msg::Export => self.export(),
            Msg::Share => self.share(ctx),
            Msg::Import(text) => self.import(ctx, text),
            Msg::StartFresh => self.start_fresh(ctx),
            Msg::StartLesson(id) => self.start_lesson(ctx, id.as_deref()),
            Msg::DismissResumed => self.resumed = false,
        }
        if let Some(clicked) = clicked {
            let mut desk = self.desk.0.borrow_mut();
            let after = desk.sandbox.now();
            if let Some(line) = clicked.line(before, after) {
                desk.note(&line, before);
            }
        }
        true
    }

    fn view(&self, _ctx: &Context<App>) -> Html {
        self.page()
    }

    fn rendered(&mut self, ctx: &Context<App>, is_first: bool) {
        if is_first {
            let link = ctx.link().clone();
            self.on_resize = Some(WindowListener::new("resize", move |_| link.send_message(Msg::Resized)));
            let link = ctx.link().clone();
            self.on_leave = Some(WindowListener::new("pagehide", move |_| link.send_message(Msg::Leaving)));
            ctx.props().on_event.emit(HostEvent::Ready);
        }
        self.painter.collect(&self.stage);
        self.painter.paint(&self.picture, &self.selection);
    }
}

impl App {
    /// Takes a new picture of the world.
    fn look(&mut self) {
        let desk = self.desk.0.borrow();
        let names: Vec<&str> = desk.sandbox.world().service().streams().map(|stream| &*stream.name).collect();
        if !names.contains(&self.stream.as_str()) {
            self.stream = names.first().map_or_else(String::new, |name| (*name).to_owned());
            self.selection = Selection::Stream;
        }
        let application = match &self.selection {
            Selection::Application(name) => Some(name.clone()),
            _ => desk
                .sandbox
                .world()
                .applications()
                .values()
                .find(|application| application.spec.stream == self.stream)
                .map(|application| application.spec.name.clone()),
        };
        let preview = self.preview.filter(|_| self.making == Making::Reader);
        let is_strip = self.picture.is_strip;
        let picture = Picture::take(&desk.sandbox, &self.stream, application.as_deref(), preview, is_strip);
        drop(desk);
        self.picture = picture;
        self.is_stale = true;
    }
}

fn first_stream(desk: &SharedDesk) -> String {
    let desk = desk.0.borrow();
    let name = desk.sandbox.world().service().streams().next().map(|stream| stream.name.to_string());
    name.unwrap_or_default()
}
