//! What the learner chooses of the page itself: theme, layout, what is shown where.

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

/// How the stage shows the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum StageShape {
    #[default]
    Picture,
    Table,
    Words,
}

/// What stands beside the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Tab {
    #[default]
    Log,
    Requests,
    Metrics,
    Leases,
    Neighbours,
    Build,
    Cost,
    Ledger,
    Limits,
    Glossary,
}

impl Tab {
    /// All tabs, by what one comes for.
    pub(crate) const GROUPS: [(&'static str, &'static [Tab]); 4] = [
        ("What happened", &[Tab::Log, Tab::Requests, Tab::Ledger]),
        ("In figures", &[Tab::Metrics, Tab::Cost]),
        ("Around the stream", &[Tab::Leases, Tab::Neighbours, Tab::Build]),
        ("To look up", &[Tab::Limits, Tab::Glossary]),
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Tab::Log => "Log",
            Tab::Requests => "Requests",
            Tab::Metrics => "Metrics",
            Tab::Leases => "Leases",
            Tab::Neighbours => "Services",
            Tab::Build => "Build",
            Tab::Cost => "Cost",
            Tab::Ledger => "Ledger",
            Tab::Limits => "Limits",
            Tab::Glossary => "Glossary",
        }
    }

    /// In the order in which they stand.
    pub(crate) fn all() -> impl Iterator<Item = Tab> {
        Tab::GROUPS.into_iter().flat_map(|(_, tabs)| tabs.iter().copied())
    }
}

/// How the page divides its room.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Layout {
    /// Task, stage, inspector, terminal and log.
    #[default]
    Learn,
    /// The stage, and nothing below it but time.
    Watch,
    /// A large terminal and log.
    Code,
    /// For a room: larger type, no task and no log.
    Present,
}

impl Layout {
    pub(crate) const ALL: [(Layout, &'static str); 4] = [
        (Layout::Learn, "Learn"),
        (Layout::Watch, "Watch"),
        (Layout::Code, "Code"),
        (Layout::Present, "Present"),
    ];

    pub(crate) const fn class(self) -> &'static str {
        match self {
            Layout::Learn => "learn",
            Layout::Watch => "watch",
            Layout::Code => "code-first",
            Layout::Present => "present",
        }
    }
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
