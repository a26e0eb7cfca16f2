//! What the task panel shows, as plain values: it does not know where a task comes from.

/// How one check of a task stands.
#[expect(dead_code, reason = "the course makes tasks")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CheckState {
    Met,
    Open,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Check {
    pub text: String,
    pub state: CheckState,
    /// Why it is not met yet.
    pub reason: String,
}

/// Something that the learner is asked and answers by a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Question {
    pub name: String,
    pub text: String,
    /// What was answered last.
    pub answer: String,
}

/// One task.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Task {
    pub id: String,
    pub title: String,
    pub paragraphs: Vec<String>,
    pub checks: Vec<Check>,
    pub hints: Vec<String>,
    pub questions: Vec<Question>,
    pub is_solved: bool,
    /// Shown once the task is solved.
    pub explanation: Vec<String>,
}
