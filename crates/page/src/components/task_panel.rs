//! The task: what to do, how its checks stand, hints, questions. Without an exercise it is a guide to the sandbox.

use std::rc::Rc;

use course::{Block, Question, Span, blocks};
use kinesis::{PutRecordInput, Request, apart};
use sim::Command;
use yew::prelude::*;

use super::breakable::{bound, unbroken};
use super::debrief::debrief;
use super::icon::{CHECK, Icon, OPEN_CIRCLE};
use super::lab_sheet::lab_sheet;
use super::solution::{BrokenAgain, Comparison, ExplainBack, SolutionSteps};
use crate::app::{Broken, Msg, Send};
use crate::browser::dom::{scroll_within, value_of};
use crate::browser::lists::{list_is_closed, open_list};
use crate::browser::parts::use_whole;
use crate::lesson::Task;
use crate::printout::Printout;
use crate::scene::Picture;
use crate::selection::{Making, Selection};
use crate::words::{Language, language, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct TaskPanelProps {
    pub task: Option<Rc<Task>>,
    /// What went wrong again after an exercise.
    pub broken: Option<Rc<Broken>>,
    pub picture: Picture,
    /// The lab sheet that was asked for last.
    pub printout: Option<Rc<Printout>>,
    pub send: Send,
}

#[component]
pub(crate) fn TaskPanel(props: &TaskPanelProps) -> Html {
    let content = match &props.task {
        Some(task) => exercise(task, props.printout.as_ref(), &props.send),
        None if props.broken.is_some() => {
            html! { <BrokenAgain broken={props.broken.clone()} send={props.send.clone()} /> }
        }
        None => guide(&props.picture, &props.send),
    };
    let chosen = props.task.as_ref().map_or("", |task| task.id);
    let is_whole = use_whole();
    let lessons = course::titles().map(|(id, title)| {
        let (lang, title) = title_in(id, is_whole).map_or(("en", title), |title| ("de", title));
        html! { <option key={id} value={id} {lang} selected={id == chosen}>{ id }{ " " }{ title }</option> }
    });
    let on_choose = props.send.reform(|event: Event| {
        list_is_closed(&event);
        Msg::StartLesson(Some(value_of(&event)).filter(|id| !id.is_empty()))
    });
    html! {
        <aside class="panel task" id="task" aria-labelledby="task-title">
            <select
                class="lesson-select"
                aria-label={tr("Exercise")}
                onchange={on_choose}
                onkeydown={Callback::from(|event: KeyboardEvent| open_list(&event))}
                onblur={Callback::from(|event: FocusEvent| list_is_closed(&event))}
            >
                <option value="" selected={chosen.is_empty()}>{ tr("Free play") }</option>
                { for lessons }
            </select>
            <div class="task-body" key={chosen}>{ content }</div>
        </aside>
    }
}

/// A lesson's title in the language of the page, where it has one and the words of lessons are there.
fn title_in(id: &str, is_whole: bool) -> Option<&'static str> {
    (is_whole && language() == Language::German).then(|| apart(|| course::german::title(id))).flatten()
}

/// A lesson's words, in the language in which they are written.
pub(super) fn prose(text: &str, lang: &'static str) -> Html {
    let span = |(i, span): (usize, &Span)| match span {
        Span::Words(words) => html! { <span key={i}>{ bound(words) }</span> },
        Span::Code(code) => html! { <code key={i}>{ unbroken(code) }</code> },
    };
    let parts = blocks(text).into_iter().enumerate().map(|(i, block)| match block {
        Block::Paragraph(spans) => html! { <p key={i}>{ for spans.iter().enumerate().map(span) }</p> },
        Block::Item(spans) => {
            html! { <p key={i} class="item">{ for spans.iter().enumerate().map(span) }</p> }
        }
        Block::Code(code) => html! { <pre key={i} class="line"><code>{ unbroken(&code) }</code></pre> },
    });
    html! { <div class="prose" {lang}>{ for parts }</div> }
}

/// How far a check has come, where it is a matter of more.
fn way(progress: Option<(u64, u64)>) -> Html {
    match progress {
        Some((done, all)) => html! {
            <progress class="way" value={done.to_string()} max={all.to_string()} aria-hidden="true" />
        },
        None => html! { <span hidden=true /> },
    }
}

#[inline(never)]
fn exercise(task: &Task, printout: Option<&Rc<Printout>>, send: &Send) -> Html {
    let lang = task.lang;
    let checks = task.checks.iter().enumerate().map(|(i, check)| {
        let (class, path, word) =
            if check.is_reached { ("met", CHECK, "Done: ") } else { ("open", OPEN_CIRCLE, "Open: ") };
        html! {
            <li key={i} class={class}>
                <Icon {path} />
                <span>
                    <span class="visually-hidden">{ tr(word) }</span><span {lang}>{ bound(&check.text) }</span>
                    <small {lang}>{ bound(&check.reason) }</small>
                    { way(check.progress) }
                </span>
            </li>
        }
    });
    let chips =
        task.chips.iter().map(|text| html! { <div key={*text} class="chip">{ prose(text, lang) }</div> });
    let count = task.hints.len();
    let kinds = ["direction", "mechanism", "nearly the command"];
    let hints = task.hints.iter().zip(kinds).enumerate().map(|(i, (hint, kind))| {
        html! {
            <details key={i} class="hint-box" ontoggle={send.reform(move |_: Event| Msg::HintOpened(i as u8 + 1))}>
                <summary>{ tr("Hint ") }{ i + 1 }{ tr(" of ") }{ count }{ ": " }{ tr(kind) }</summary>
                { prose(hint, lang) }
            </details>
        }
    });
    let questions = task.questions.iter().map(|question| {
        html! { <Answer key={question.name.clone()} question={question.clone()} {lang} send={send.clone()} /> }
    });
    let to_solved = Callback::from(|event: MouseEvent| scroll_within(&event, ".task-body", ".solved"));
    let next = task.next.map(|id| {
        let on_click = send.reform(move |_: MouseEvent| Msg::StartLesson(Some(id.to_owned())));
        html! { <button type="button" class="primary" onclick={on_click}>{ tr("Next: ") }{ id }</button> }
    });
    html! {
        <>
            <h2 id="task-title" {lang}>{ task.title }</h2>
            <button type="button" class="link" hidden={!task.is_solved} onclick={to_solved}>
                { tr("Solved: see what it shows") }
            </button>
            { incident(task) }
            { prose(task.text, task.lang) }
            <h3>{ tr("Checks") }</h3>
            <ul class="checks">{ for checks }</ul>
            <div class="chips" role="group" aria-label={tr("Worth a look")}>{ for chips }</div>
            <div class="questions">{ for questions }</div>
            <div class="solved" hidden={!task.is_solved}>
                <h3>{ tr("Solved") }</h3>
                { prose(task.explanation, lang) }
                <dl class="idea">
                    <dt>{ tr("Not so") }</dt>
                    <dd {lang}>{ task.corrects.0 }</dd>
                    <dt>{ tr("But so") }</dt>
                    <dd {lang}>{ task.corrects.1 }</dd>
                </dl>
                { debrief(task.debrief.as_ref()) }
                { explain_back(task) }
                <details class="hint-box" hidden={task.differs.is_empty()}>
                    <summary>{ tr("Other than in the plan of the course") }</summary>
                    { prose(task.differs, lang) }
                </details>
                <Comparison id={task.id} solution={task.solution} mine={task.effort.unwrap_or_default()} />
                <div class="actions">
                    { next.unwrap_or_default() }
                    <button type="button" onclick={send.reform(|_| Msg::BreakAgain)}>{ tr("Break it again") }</button>
                </div>
            </div>
            <div class="hints">{ for hints }</div>
            <SolutionSteps solution={task.solution} send={send.clone()} />
            <div class="actions">
                <button type="button" onclick={send.reform(|_| Msg::StartFresh)}>{ tr("Start over") }</button>
                <button type="button" onclick={send.reform(|_| Msg::PrintSheet)}>{ tr("Print a lab sheet") }</button>
            </div>
            { lab_sheet(task, printout) }
        </>
    }
}

/// What the learner is asked to tell back; nothing before it is solved.
fn explain_back(task: &Task) -> Html {
    if task.blanks.is_empty() {
        return html! { <div hidden=true /> };
    }
    html! { <ExplainBack blanks={task.blanks.clone()} lang={task.lang} /> }
}

/// The page that wakes somebody, and the drawer with the runbook.
#[inline(never)]
fn incident(task: &Task) -> Html {
    let Some(incident) = task.incident else { return html! { <div hidden=true /> } };
    let steps = incident.runbook.iter().enumerate().map(|(i, step)| html! { <li key={i}>{ step }</li> });
    html! {
        <div class="incident">
            <p class="chip" role="note" lang={task.lang}>{ &incident.pager }</p>
            <details class="hint-box">
                <summary>{ tr("Runbook") }</summary>
                <ol lang={task.lang}>{ for steps }</ol>
            </details>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct AnswerProps {
    question: Question,
    /// The language of the question: BCP 47 tag.
    lang: &'static str,
    send: Send,
}

#[component]
fn Answer(props: &AnswerProps) -> Html {
    let typed = use_state(String::new);
    let on_input = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| typed.set(value_of(&event)))
    };
    let on_submit = {
        let (typed, send, name) = (typed.clone(), props.send.clone(), props.question.name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = typed.trim().to_owned();
            send.emit(Msg::Submit(Command::Answer { name: name.clone(), value }));
        })
    };
    let choices = &props.question.choices;
    let input = if choices.is_empty() {
        html! { <input type="text" class="code" value={(*typed).clone()} autocomplete="off" oninput={on_input} /> }
    } else {
        let typed = typed.clone();
        let on_change = {
            let typed = typed.clone();
            Callback::from(move |event: Event| typed.set(value_of(&event)))
        };
        let none = String::new();
        let options = [&none].into_iter().chain(choices).map(|choice| {
            let is_chosen = *choice == *typed;
            html! { <option key={choice.clone()} value={choice.clone()} selected={is_chosen}>{ choice }</option> }
        });
        html! { <select onchange={on_change}>{ for options }</select> }
    };
    html! {
        <form class="answer" onsubmit={on_submit}>
            <label class="field">
                <span class="field-label" lang={props.lang}>{ &props.question.text }</span>
                { input }
            </label>
            <button type="submit">{ tr("Answer") }</button>
        </form>
    }
}

/// What to try first, and what next.
fn guide(picture: &Picture, send: &Send) -> Html {
    let Some(stream) = picture.stream() else {
        return html! {
            <>
                <h2 id="task-title">{ tr("Begin with a stream") }</h2>
                <p>{ tr("A stream is a set of shards. Start with one; you can split it later.") }</p>
                <button type="button" class="primary" onclick={send.reform(|_| Msg::Make(Making::Stream))}>
                    { tr("New stream") }
                </button>
            </>
        };
    };
    let has_records = stream.record_count > 0 || stream.shards.iter().any(|shard| shard.last_index > 0);
    let name = stream.name.clone();
    let put = send.reform(move |_: MouseEvent| {
        Msg::Submit(Command::Call(Request::from(PutRecordInput {
            stream_name: Some(name.as_str().into()),
            data: Some("hello".into()),
            partition_key: Some("user-1".into()),
            ..PutRecordInput::default()
        })))
    });
    let view = &picture.view;
    let running = view.producers.iter().any(|producer| producer.is_running);
    let refused = stream.shards.iter().any(|s| s.total.refused_by_records + s.total.refused_by_bytes > 0);
    let jobs: [(&str, &str, bool, Msg0); 5] = [
        ("Create a stream", "See CREATING become ACTIVE.", picture.streams.len() > 1, || {
            Msg::Make(Making::Stream)
        }),
        ("Pick partition keys", "A key's MD5 decides its shard.", has_records, || {
            Msg::Select(Selection::Stream)
        }),
        ("Trigger throttling", "Turn a producer up until a shard refuses.", refused, || {
            Msg::Make(Making::Producer)
        }),
        (
            "Replay from the trim horizon",
            "Read everything again; nothing leaves the stream.",
            view.readers.len() > 1,
            || Msg::Make(Making::Reader),
        ),
        (
            "Watch leases change hands",
            "Two workers, one crash, one fail-over.",
            !view.applications.is_empty(),
            || Msg::Make(Making::Application),
        ),
    ];
    let items = jobs.into_iter().map(|(title, text, is_done, msg)| {
        html! {
            <li key={title} class={if is_done { "met" } else { "open" }}>
                <Icon path={if is_done { CHECK } else { OPEN_CIRCLE }} />
                <span>
                    <button type="button" class="link" onclick={send.reform(move |_| msg())}>{ tr(title) }</button>
                    <small>{ tr(text) }</small>
                </span>
            </li>
        }
    });
    let (title, words) = match (has_records, running) {
        (false, _) => (
            "Put your first record",
            "This stream works. The record's partition key decides which of its shards stores it.",
        ),
        (true, false) => (
            "Your record has its place",
            "The key was hashed with MD5; the shard whose range holds the hash stored it. Change the key and see.",
        ),
        (true, true) => ("Traffic is on", "Let time run and watch the two limits of each shard fill."),
    };
    html! {
        <>
            <h2 id="task-title">{ tr(title) }</h2>
            <p>{ tr(words) }</p>
            <button type="button" class={classes!("wide", (!has_records).then_some("primary"))} onclick={put}>
                { tr(if has_records { "Put another record" } else { "Put a record" }) }
            </button>
            <h3>{ tr("Five things to do here") }</h3>
            <ul class="checks jobs">{ for items }</ul>
        </>
    }
}

type Msg0 = fn() -> Msg;
