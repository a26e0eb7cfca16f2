//! The course as a whole: chapters with what is done, known and due; quiz, exam and the outline of the notes.

use course::Lesson;
use course::progress::Progress;
use kinesis::apart;
use yew::prelude::*;

use super::dialog::Dialog;
use super::exam::ExamView;
use super::notes_view::NotesView;
use super::quiz::QuizView;
use crate::app::{Msg, Send};
use crate::browser::{files, wall_clock};
use crate::learner;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct CourseViewProps {
    pub is_shown: bool,
    pub makes_links: bool,
    pub send: Send,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Chapters,
    Predict,
    Quiz,
    Exam,
    Notes,
}

const PARTS: [(Part, &str); 5] = [
    (Part::Chapters, "Chapters"),
    (Part::Predict, "Predict"),
    (Part::Quiz, "Quiz"),
    (Part::Exam, "Exam"),
    (Part::Notes, "Notes"),
];

#[component]
pub(crate) fn CourseView(props: &CourseViewProps) -> Html {
    let part = use_state(|| Part::Chapters);
    let progress = use_state(Progress::default);
    let problem = use_state(String::new);
    {
        let progress = progress.clone();
        use_effect_with(props.is_shown, move |is_shown| {
            if *is_shown {
                progress.set(learner::load());
            }
        });
    }
    let content = match props.is_shown {
        true => apart(|| course(props, &part, &progress, &problem)),
        false => Html::default(),
    };
    html! {
        <Dialog
            is_shown={props.is_shown}
            title="Course"
            class="course"
            on_close={props.send.reform(|()| Msg::ShowCourse(false))}
        >
            { content }
        </Dialog>
    }
}

fn course(
    props: &CourseViewProps,
    part: &UseStateHandle<Part>,
    progress: &UseStateHandle<Progress>,
    problem: &UseStateHandle<String>,
) -> Html {
    let keep = {
        let progress = progress.clone();
        Callback::from(move |new: Progress| {
            learner::save(&new);
            progress.set(new);
        })
    };
    let tabs = PARTS.into_iter().map(|(which, name)| {
        let part = part.clone();
        let is_chosen = *part == which;
        html! {
            <button
                key={name}
                type="button"
                aria-pressed={is_chosen.to_string()}
                onclick={Callback::from(move |_: MouseEvent| part.set(which))}
            >
                { tr(name) }
            </button>
        }
    });
    let known = (**progress).clone();
    let body = match **part {
        Part::Chapters => chapters(&known, &keep, problem, props.makes_links, &props.send),
        Part::Predict => html! {
            <QuizView key="predict" progress={known} on_change={keep} send={props.send.clone()} is_predicting=true />
        },
        Part::Quiz => html! {
            <QuizView key="quiz" progress={known} on_change={keep} send={props.send.clone()} is_predicting=false />
        },
        Part::Exam => html! { <ExamView key="exam" progress={known} on_change={keep} /> },
        Part::Notes => html! { <NotesView key="notes" send={props.send.clone()} /> },
    };
    html! {
        <>
            <div class="segments" role="group" aria-label={tr("Course")}>{ for tabs }</div>
            <div class="course-body">{ body }</div>
        </>
    }
}

fn chapters(
    progress: &Progress,
    keep: &Callback<Progress>,
    problem: &UseStateHandle<String>,
    makes_links: bool,
    send: &Send,
) -> Html {
    let rows = progress.chapters(wall_clock::now_s()).into_iter().map(|chapter| {
        let state = match (chapter.is_known, chapter.exercises) {
            (true, _) => tr("known").to_owned(),
            (false, 0) => tr("to come").to_owned(),
            (false, all) => chapter.solved.to_string() + tr(" of ") + &all.to_string(),
        };
        let due = if chapter.due > 0 { chapter.due.to_string() + tr(" due") } else { String::new() };
        let next = chapter.next.map(|id| lesson_button(id, send));
        let fast = Progress::fast_track(chapter.chapter).1.filter(|_| !chapter.is_known);
        let fast = fast.map(|id| {
            let on_click = send.reform(move |_: MouseEvent| Msg::StartLesson(Some(id.to_owned())));
            let title = tr("Solve it without a hint, and predict right, and the chapter counts as known");
            html! { <button type="button" class="link" {title} onclick={on_click}>{ tr("Fast track") }{ ": " }{ id }</button> }
        });
        html! {
            <tr key={chapter.chapter}>
                <td>{ chapter.chapter }{ ". " }{ tr(chapter.title) }</td>
                <td>{ state }</td>
                <td>{ due }</td>
                <td>{ next }</td>
                <td>{ fast }</td>
            </tr>
        }
    });
    let export = {
        let text = progress.export();
        Callback::from(move |_: MouseEvent| {
            files::download("kinesis-sandbox-progress.json", &text);
        })
    };
    let on_progress = {
        let (keep, problem) = (keep.clone(), problem.clone());
        let on_text = Callback::from(move |text: Result<String, String>| {
            match text.and_then(|text| Progress::import(&text).map_err(|error| error.to_string())) {
                Ok(progress) => {
                    problem.set(String::new());
                    keep.emit(progress);
                }
                Err(reason) => problem.set(reason),
            }
        });
        Callback::from(move |event: Event| {
            files::read_chosen(&event, on_text.clone());
        })
    };
    let on_lesson = {
        let (send, problem) = (send.clone(), problem.clone());
        let on_text = Callback::from(move |text: Result<String, String>| {
            match text.and_then(|text| read_lesson(&text)) {
                Ok(lesson) => {
                    problem.set(String::new());
                    send.emit(Msg::StartCustom(Box::new(lesson)));
                }
                Err(reason) => problem.set(reason),
            }
        });
        Callback::from(move |event: Event| {
            files::read_chosen(&event, on_text.clone());
        })
    };
    let on_link = {
        let (send, problem) = (send.clone(), problem.clone());
        let on_text = Callback::from(move |text: Result<String, String>| {
            match text.and_then(|text| read_lesson(&text).map(|_| text)) {
                Ok(text) => {
                    problem.set(String::new());
                    send.emit(Msg::ShareLesson(text));
                }
                Err(reason) => problem.set(reason),
            }
        });
        Callback::from(move |event: Event| {
            files::read_chosen(&event, on_text.clone());
        })
    };
    html! {
        <div class="chapters">
            <div class="table-box">
                <table>
                    <caption class="visually-hidden">{ tr("Chapters") }</caption>
                    <thead>
                        <tr><th>{ tr("Chapter") }</th><th>{ tr("Done") }</th><th>{ tr("Due") }</th><th>{ tr("Next") }</th><th>{ tr("Or") }</th></tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            <div class="actions">
                <button type="button" onclick={export}>{ tr("Save progress as a file") }</button>
                <label class="button">
                    { tr("Open progress…") }
                    <input type="file" class="visually-hidden" accept=".json" onchange={on_progress} />
                </label>
                <label class="button">
                    { tr("Open a lesson of your own…") }
                    <input type="file" class="visually-hidden" accept=".json" onchange={on_lesson} />
                </label>
                <label class="button" hidden={!makes_links}>
                    { tr("Make a link to a lesson…") }
                    <input type="file" class="visually-hidden" accept=".json" onchange={on_link} />
                </label>
            </div>
            <p class="field-error" role="alert" hidden={problem.is_empty()}>{ &**problem }</p>
        </div>
    }
}

pub(super) fn lesson_button(id: &'static str, send: &Send) -> Html {
    let on_click = send.reform(move |_: MouseEvent| Msg::StartLesson(Some(id.to_owned())));
    html! { <button key={id} type="button" class="link" onclick={on_click}>{ id }</button> }
}

/// A lesson of somebody else, looked over; it lives as long as the page.
fn read_lesson(text: &str) -> Result<Lesson, String> {
    course::custom_lesson("lesson", text).map_err(|error| error.to_string())
}
