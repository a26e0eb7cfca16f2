//! What the task panel shows of an exercise, as plain values.

use course::{GoalState, Question, goals};

use crate::desk::Desk;

/// An exercise and how it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Task {
    pub id: &'static str,
    pub title: &'static str,
    /// In the small part of Markdown that lessons use.
    pub text: &'static str,
    pub checks: Vec<GoalState>,
    pub hints: &'static [String],
    pub questions: &'static [Question],
    /// What near-misses say whose wrong ideas show in the world.
    pub chips: Vec<&'static str>,
    pub is_solved: bool,
    /// The idea that the exercise corrects, and how it is.
    pub corrects: (&'static str, &'static str),
    /// Shown once the exercise is solved.
    pub explanation: &'static str,
    /// The exercise that follows.
    pub next: Option<&'static str>,
}

/// The exercise on the desk; none in free play.
pub(crate) fn task(desk: &Desk) -> Option<Task> {
    let lesson = desk.lesson?;
    let checks = goals(&desk.sandbox);
    Some(Task {
        id: &lesson.file.id,
        title: &lesson.file.title,
        text: &lesson.task,
        is_solved: is_solved(&checks),
        chips: course::near_misses(&desk.sandbox)
            .into_iter()
            .filter_map(|index| lesson.file.near_misses.get(index))
            .map(|miss| miss.text.as_str())
            .collect(),
        corrects: (lesson.file.corrects.wrong, lesson.file.corrects.right),
        checks,
        hints: &lesson.file.hints,
        questions: &lesson.file.questions,
        explanation: &lesson.explanation,
        next: course::following(&lesson.file.id),
    })
}

fn is_solved(checks: &[GoalState]) -> bool {
    !checks.is_empty() && checks.iter().all(|check| check.is_reached)
}

/// The goals of the exercise on the desk; none in free play.
pub(crate) fn goals_of(desk: &Desk) -> Vec<GoalState> {
    desk.lesson.map(|_| goals(&desk.sandbox)).unwrap_or_default()
}

/// Which goals of the exercise on the desk are reached.
pub(crate) fn reached(desk: &Desk) -> Vec<bool> {
    goals_of(desk).iter().map(|goal| goal.is_reached).collect()
}

/// Whether there are goals, and all are reached.
pub(crate) fn is_all(reached: &[bool]) -> bool {
    !reached.is_empty() && reached.iter().all(|is_reached| *is_reached)
}
