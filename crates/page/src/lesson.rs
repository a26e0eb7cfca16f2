//! What the task panel shows of an exercise, as plain values.

use std::rc::Rc;

use course::{Blank, GoalState, Incident, Question, Tongue, goals, goals_in};

use crate::desk::Desk;
use crate::words::{Language, language};

/// An exercise and how it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Task {
    /// The language of the words that follow: BCP 47 tag.
    pub lang: &'static str,
    pub id: &'static str,
    pub title: &'static str,
    /// In the small part of Markdown that lessons use.
    pub text: &'static str,
    pub checks: Vec<GoalState>,
    pub hints: &'static [String],
    pub questions: Vec<Question>,
    /// What near-misses say whose wrong ideas show in the world.
    pub chips: Vec<&'static str>,
    pub is_solved: bool,
    /// The idea that the exercise corrects, and how it is.
    pub corrects: (&'static str, &'static str),
    /// Shown once the exercise is solved.
    pub explanation: &'static str,
    /// In what the exercise differs from the plan of the course; may be empty.
    pub differs: &'static str,
    /// The pager and the runbook of an incident.
    pub incident: Option<&'static Incident>,
    /// Lines of the reference solution.
    pub solution: &'static str,
    /// What the learner's way took, once it is solved.
    pub effort: Option<course::Effort>,
    /// Sentences about the learner's world with gaps, once it is solved. They stay as they were at that moment.
    pub blanks: Rc<[Blank]>,
    /// What happened in the incident, once it is over.
    pub debrief: Option<course::Debrief>,
    /// The exercise that follows.
    pub next: Option<&'static str>,
}

/// The exercise on the desk; none in free play. `before` is how it was shown last.
pub(crate) fn task(desk: &Desk, before: Option<&Task>) -> Option<Task> {
    let lesson = desk.lesson?;
    let file = &lesson.file;
    let words = match language() {
        Language::German => course::german::words(lesson.folder),
        Language::English => None,
    };
    let tongue = words.map_or(Tongue::English, |_| Tongue::German);
    let mut checks = goals_in(&desk.sandbox, tongue);
    let mut questions = file.questions.clone();
    let lit = course::near_misses(&desk.sandbox).into_iter();
    let chips: Vec<&'static str> = match words {
        Some(words) => {
            for (check, text) in checks.iter_mut().zip(&words.goals) {
                check.text.clone_from(text);
            }
            for (question, text) in questions.iter_mut().zip(&words.questions) {
                question.text.clone_from(text);
            }
            lit.filter_map(|index| words.near_misses.get(index)).map(String::as_str).collect()
        }
        None => lit.filter_map(|index| file.near_misses.get(index)).map(|miss| miss.text.as_str()).collect(),
    };
    let is_solved = is_solved(&checks);
    let lang = words.map_or("en", |_| "de");
    let is_same = |before: &&Task| before.is_solved && before.id == file.id && before.lang == lang;
    let blanks: Rc<[Blank]> = match before.filter(is_same) {
        _ if !is_solved => Rc::default(),
        Some(before) => before.blanks.clone(),
        None => course::blanks(&desk.sandbox, tongue).into(),
    };
    Some(Task {
        lang,
        id: &file.id,
        title: words.map_or(&file.title, |words| &words.title),
        text: words.map_or(&*lesson.task, |words| &words.task),
        is_solved,
        chips,
        corrects: words.map_or((file.corrects.wrong, file.corrects.right), |words| {
            (words.wrong.as_str(), words.right.as_str())
        }),
        checks,
        hints: words.map_or(&file.hints, |words| &words.hints),
        questions,
        explanation: words.map_or(&*lesson.explanation, |words| &words.explanation),
        differs: words.map_or(&*lesson.differs, |words| &words.differs),
        incident: file.incident.as_ref(),
        solution: &lesson.solution,
        blanks,
        effort: is_solved.then(|| course::effort(&desk.sandbox)),
        debrief: if is_solved && file.incident.is_some() { course::debrief(&desk.sandbox) } else { None },
        next: course::following(&file.id),
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
