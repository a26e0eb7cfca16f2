//! Everything that can happen on the page, and what it tells the learner.

use kinesis::LimitsProfile;
use sim::{Command, StartingPosition};

use super::{Layout, Sheet, StageShape, Tab, Theme};
use crate::desk::Step;
use crate::embedding::{Controls, Shown};
use crate::marks::MarkKind;
use crate::selection::{Making, Selection};
use crate::speed::Speed;

/// Each says who sends it.
pub(crate) enum Msg {
    /// A control: a command that changes the world.
    Submit(Command),
    /// The terminal: lines as typed.
    Lines(String),
    /// The JavaScript handle: the desk was changed.
    Changed,
    /// The browser: a frame, with its time in milliseconds.
    Frame(f64),
    /// The stage: what flew to its shard has landed.
    Landed,
    /// The browser: the window has another size.
    Resized,
    /// The browser: something was scrolled.
    Scrolled,
    /// The browser: the rest of the module is there.
    Whole,
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
    /// Which kind of mark is jumped to; all where none.
    ChooseMarks(Option<MarkKind>),
    /// A second world from here on, the other one for the commands, or one alone again.
    Fork,
    SwapWorlds,
    CloseFork,
    /// Sets or takes away a bookmark at the present instant.
    Bookmark,
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
    /// A pointer on the heat map: the place and the map's width in CSS pixels.
    HeatClicked(f64, f64, f64),
    /// To the shard that is so many places away on the key space.
    NextShard(i32),
    /// The system has changed its theme.
    ThemeChanged,
    /// Arrow keys on a shard's row: records to go, to the right.
    MoveRecord(u32, RecordMove),
    /// The form of a new reader: where it would begin.
    Preview(Option<StartingPosition>),
    ShowStage(StageShape),
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
    /// A link or a key that leads past what is between: to a part of the page, by its selector, and what a narrow
    /// screen must show for that.
    GoTo(&'static str, Option<Sheet>),
    ShowHelp(bool),
    DismissNotice,
    /// A line to the prompt, to look at and to run.
    Compose(String),
    /// What was kept and cannot be read, as a file.
    ExportDamaged,
    SetLayout(Layout),
    /// A new world under other limits.
    StartUnder(LimitsProfile),
    /// Files.
    Export,
    /// The top bar: a link to the world as it stands.
    Share,
    /// The course: a link to a lesson, given as the text of its file.
    ShareLesson(String),
    Import(Result<String, String>),
    StartFresh,
    /// An exercise by its id, or free play.
    StartLesson(Option<String>),
    DismissResumed,
    /// The course's dialog.
    ShowCourse(bool),
    /// A quiz item whose world is to be looked at.
    ShowItem(&'static course::quiz::Item),
    /// A lesson that was loaded from a file.
    StartCustom(Box<course::Lesson>),
    /// The task panel: so many of the hints are open now, the solution being the last.
    HintOpened(u8),
    /// The task panel: a line of the solution.
    SolutionLine(&'static str),
    /// The task panel: something else goes wrong in the world of an exercise that is solved.
    BreakAgain,
    /// A form of the course's table, its values, and what they are about; it closes when its line is accepted.
    Form(&'static course::forms::Form, Vec<String>, FormAt),
    PrintSheet,
}

/// What a form is about, besides the stream that is shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct FormAt {
    pub shard: Option<u32>,
    pub record: Option<u64>,
    /// A producer, a server, a reader or an application.
    pub actor: Option<String>,
    pub worker: Option<String>,
}

impl FormAt {
    pub(crate) fn actor(name: &str) -> FormAt {
        FormAt { actor: Some(name.to_owned()), ..FormAt::default() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RecordMove {
    Left,
    Right,
    First,
    Last,
}

/// Something that the learner must not miss.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    pub is_error: bool,
    /// The exception's name or a few words.
    pub title: String,
    pub text: String,
    pub at: NoticeAt,
}

/// Where on the page a notice stands: at what brought it about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct NoticeAt {
    pub part: NoticePart,
    /// The shard that it is about: its row has a mark.
    pub shard: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum NoticePart {
    /// Above everything: about the page or the whole world.
    #[default]
    Page,
    /// The form of a new stream.
    Stage,
    /// A form or button of the inspector.
    Inspector,
}

/// Something that goes wrong in the world of an exercise that was solved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Broken {
    /// The exercise.
    pub id: &'static str,
    /// Virtual time, in milliseconds.
    pub at_ms: u64,
    /// What it is: the learner has to find out.
    pub what: String,
    /// Counted from 0.
    pub round: usize,
}
