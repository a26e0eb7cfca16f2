//! What the learner looks at: the inspector shows it, the stage outlines it.

/// One thing of the selected stream.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Selection {
    /// The stream as a whole.
    #[default]
    Stream,
    Shard(u32),
    Record {
        shard: u32,
        index: u64,
    },
    Producer(String),
    /// A program with the KPL.
    Kpl(String),
    /// A server with the Kinesis Agent.
    Agent(String),
    Reader(String),
    Application(String),
}

/// What is being made in the inspector or on the stage instead of looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Making {
    #[default]
    Nothing,
    Stream,
    Producer,
    Reader,
    Application,
}
