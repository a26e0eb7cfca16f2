//! What an embedder chooses to show, and what the page tells the document around it.

/// Which part of the sandbox an element shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Shown {
    /// The whole page.
    #[default]
    All,
    /// The rows of shards.
    Stage,
    /// The same as a table.
    Table,
    /// The lease table of a KCL application.
    Lease,
}

impl Shown {
    pub(crate) const NAMES: [(&'static str, Shown); 4] =
        [("all", Shown::All), ("stage", Shown::Stage), ("table", Shown::Table), ("lease", Shown::Lease)];
}

/// By what a reader acts on the world.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Controls {
    /// A picture that only scripts change.
    None,
    /// One event or change at a time.
    Step,
    /// The time bar.
    Play,
    /// The time bar and the prompt.
    Cli,
    /// Those, and the forms.
    #[default]
    All,
}

impl Controls {
    pub(crate) const NAMES: [(&'static str, Controls); 5] = [
        ("none", Controls::None),
        ("step", Controls::Step),
        ("play", Controls::Play),
        ("cli", Controls::Cli),
        ("all", Controls::All),
    ];

    pub(crate) fn has_terminal(self) -> bool {
        matches!(self, Controls::Cli | Controls::All)
    }
}

/// The languages that the page speaks, by their BCP 47 tags.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "de"];

/// What the document around the page hears of.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum HostEvent {
    /// The page can be used.
    Ready,
    /// The world stands at another instant, or was changed.
    Step { now_ms: u64 },
    /// A question of the exercise was answered; the answer stays here.
    Predict { question: String },
    /// A goal of the exercise was reached or was lost.
    Check { goal: usize, text: String, is_reached: bool, reason: String },
    /// All goals are reached.
    Solved,
    /// A command was refused.
    Error { text: String },
    /// A link to the world as it stands is wanted: what it must hold.
    Share { session: String, at_ms: u64, lesson: Option<String> },
    /// A link to a lesson is wanted: the text of its file.
    ShareLesson { text: String },
}
