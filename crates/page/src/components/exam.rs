//! The trial exam: its questions one by one, the clock, the review, and the result.

use course::notes;
use course::progress::{ExamRecord, Progress};
use course::quiz::{Exam, ExamResult, ExamTag};
use yew::prelude::*;

use super::quiz::CONFIDENCES;
use crate::browser::wall_clock::{self, Ticker};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct ExamViewProps {
    pub progress: Progress,
    pub on_change: Callback<Progress>,
}

/// An exam that goes on, or the result of one.
#[derive(Default)]
pub(crate) struct ExamView {
    exam: Option<Exam>,
    place: usize,
    /// All questions are looked over before they are handed in.
    is_reviewing: bool,
    result: Option<ExamResult>,
    ticker: Option<Ticker>,
}

pub(crate) enum ExamMsg {
    Start(Option<ExamTag>),
    Tick,
    Go(usize),
    Choose(usize),
    Sure(usize),
    Flag,
    Extend,
    Review,
    Finish,
}

impl Component for ExamView {
    type Message = ExamMsg;
    type Properties = ExamViewProps;

    fn create(_: &Context<ExamView>) -> ExamView {
        ExamView::default()
    }

    fn update(&mut self, ctx: &Context<ExamView>, msg: ExamMsg) -> bool {
        let now = wall_clock::now_s();
        if let ExamMsg::Start(tag) = msg {
            self.exam = Some(Exam::start(tag, now, now));
            (self.place, self.is_reviewing, self.result) = (0, false, None);
            let link = ctx.link().clone();
            self.ticker = Some(Ticker::new(move || link.send_message(ExamMsg::Tick)));
            return true;
        }
        let place = self.place;
        let Some(exam) = &mut self.exam else { return false };
        let said = exam.answers().get(place).map(|answer| (answer.chosen, answer.confidence));
        match msg {
            ExamMsg::Start(_) => {}
            ExamMsg::Tick if exam.left(now) > 0 || self.result.is_some() => {}
            ExamMsg::Tick | ExamMsg::Finish => {
                let result = exam.finish(now);
                let mut progress = ctx.props().progress.clone();
                progress.keep_exam(ExamRecord { at: now, right: result.right, count: result.count });
                self.result = Some(result);
                self.ticker = None;
                ctx.props().on_change.emit(progress);
            }
            ExamMsg::Go(place) => {
                self.place = place.min(exam.answers().len().saturating_sub(1));
                self.is_reviewing = false;
            }
            ExamMsg::Review => self.is_reviewing = true,
            ExamMsg::Choose(option) => {
                if let Some((_, confidence)) = said {
                    exam.choose(place, option, confidence);
                }
            }
            ExamMsg::Sure(which) => {
                if let (Some((Some(option), _)), Some((confidence, _))) = (said, CONFIDENCES.get(which)) {
                    exam.choose(place, option, *confidence);
                }
            }
            ExamMsg::Flag => exam.flag(place),
            ExamMsg::Extend => {
                exam.extend();
            }
        }
        true
    }

    fn view(&self, ctx: &Context<ExamView>) -> Html {
        match (&self.exam, &self.result) {
            (Some(exam), None) if self.is_reviewing => review(ctx, exam),
            (Some(exam), None) => self.question(ctx, exam),
            (exam, result) => start(ctx, exam.as_ref(), result.as_ref()),
        }
    }
}

impl ExamView {
    fn question(&self, ctx: &Context<ExamView>, exam: &Exam) -> Html {
        let Some(answer) = exam.answers().get(self.place) else { return html! { <p /> } };
        let link = ctx.link();
        let clock = clock_of(exam);
        let options = answer.item.options.iter().enumerate().map(|(place, option)| {
            html! {
                <label key={place} class="radio">
                    <input
                        type="radio"
                        name={answer.item.id.clone()}
                        checked={answer.chosen == Some(place)}
                        onchange={link.callback(move |_: Event| ExamMsg::Choose(place))}
                    />
                    <span lang="en">{ &option.text }</span>
                </label>
            }
        });
        let sure = CONFIDENCES.iter().enumerate().map(|(place, (confidence, name))| {
            let is_chosen = answer.chosen.is_some() && answer.confidence == *confidence;
            html! {
                <button
                    key={*name}
                    type="button"
                    disabled={answer.chosen.is_none()}
                    aria-pressed={is_chosen.to_string()}
                    onclick={link.callback(move |_: MouseEvent| ExamMsg::Sure(place))}
                >
                    { tr(name) }
                </button>
            }
        });
        let places = exam.answers().iter().enumerate().map(|(place, answer)| {
            let mark = match (answer.is_flagged, answer.chosen) {
                (true, _) => " ⚑",
                (false, Some(_)) => " ·",
                (false, None) => "",
            };
            html! {
                <button
                    key={place}
                    type="button"
                    aria-current={(place == self.place).then_some("true")}
                    onclick={link.callback(move |_: MouseEvent| ExamMsg::Go(place))}
                >
                    { place + 1 }{ mark }
                </button>
            }
        });
        let (place, open) = (self.place, exam.open().len());
        html! {
            <div class="quiz">
                <p class="hint">{ tr("Question ") }{ place + 1 }{ tr(" of ") }{ exam.answers().len() }{ ", " }{ clock }{ tr(" left, ") }{ open }{ tr(" open or flagged") }</p>
                <p class="question" lang="en">{ &answer.item.question }</p>
                <div class="radios" role="radiogroup">{ for options }</div>
                <div class="segments" role="group" aria-label={tr("How sure are you?")}>{ for sure }</div>
                <div class="actions">
                    <button type="button" disabled={place == 0} onclick={link.callback(move |_: MouseEvent| ExamMsg::Go(place.saturating_sub(1)))}>{ tr("Back") }</button>
                    <button type="button" class="primary" onclick={link.callback(move |_: MouseEvent| ExamMsg::Go(place + 1))}>{ tr("Next question") }</button>
                    <button type="button" aria-pressed={answer.is_flagged.to_string()} onclick={link.callback(|_: MouseEvent| ExamMsg::Flag)}>{ tr("Flag") }</button>
                    <button type="button" onclick={link.callback(|_: MouseEvent| ExamMsg::Extend)}>{ tr("15 more minutes") }</button>
                    <button type="button" onclick={link.callback(|_: MouseEvent| ExamMsg::Review)}>{ tr("Review") }</button>
                </div>
                <div class="exam-places" role="group" aria-label={tr("Questions")}>{ for places }</div>
            </div>
        }
    }
}

/// What is left, as minutes and seconds.
fn clock_of(exam: &Exam) -> String {
    let left = exam.left(wall_clock::now_s());
    (left / 60).to_string() + ":" + &(100 + left % 60).to_string()[1..]
}

/// All questions with what was said to them, before they are handed in.
fn review(ctx: &Context<ExamView>, exam: &Exam) -> Html {
    let link = ctx.link();
    let open = exam.answers().iter().filter(|answer| answer.chosen.is_none()).count();
    let flagged = exam.answers().iter().filter(|answer| answer.is_flagged).count();
    let rows = exam.answers().iter().enumerate().map(|(place, answer)| {
        let chosen = answer.chosen.and_then(|chosen| answer.item.options.get(chosen));
        let said = match chosen {
            None => html! { <span>{ tr("open") }</span> },
            Some(option) => html! { <span lang="en">{ &option.text }</span> },
        };
        html! {
            <li key={place}>
                <button type="button" class="link" lang="en" onclick={link.callback(move |_: MouseEvent| ExamMsg::Go(place))}>
                    { &answer.item.question }
                </button>
                <small>{ if answer.is_flagged { "⚑ " } else { "" } }{ said }</small>
            </li>
        }
    });
    html! {
        <div class="quiz">
            <h3>{ tr("Before you hand in") }</h3>
            <p>{ open }{ tr(" open, ") }{ flagged }{ tr(" flagged; ") }{ clock_of(exam) }{ tr(" left") }</p>
            <div class="actions">
                <button type="button" class="primary" onclick={link.callback(|_: MouseEvent| ExamMsg::Finish)}>{ tr("Hand in") }</button>
                <button type="button" onclick={link.callback(|_: MouseEvent| ExamMsg::Go(0))}>{ tr("Back to the questions") }</button>
            </div>
            <ol class="review">{ for rows }</ol>
        </div>
    }
}

fn start(ctx: &Context<ExamView>, exam: Option<&Exam>, result: Option<&ExamResult>) -> Html {
    let tags = [(None, "All topics")].into_iter().chain(ExamTag::ALL.map(|tag| (Some(tag), tag.name())));
    let buttons = tags.map(|(tag, name)| {
        let on_click = ctx.link().callback(move |_: MouseEvent| ExamMsg::Start(tag));
        html! { <button key={name} type="button" onclick={on_click}>{ tr(name) }</button> }
    });
    let outcome = match (exam, result) {
        (Some(exam), Some(result)) => outcome(exam, result),
        _ => html! { <div /> },
    };
    html! {
        <div class="quiz">
            { outcome }
            <p>{ tr("30 questions in 45 minutes; you can take 15 more minutes three times. Which topics?") }</p>
            <div class="actions">{ for buttons }</div>
        </div>
    }
}

fn outcome(exam: &Exam, result: &ExamResult) -> Html {
    let sections = result.sections.iter().map(|(section, count)| {
        let title = notes().iter().find(|entry| entry.section == section.as_str()).map_or("", |entry| entry.title);
        html! { <li key={section.clone()}><b>{ count.right }{ tr(" of ") }{ count.count }</b><span>{ tr(title) }{ " (" }{ section }{ ")" }</span></li> }
    });
    let sure = result.calibration.iter().map(|(confidence, percent, count)| {
        html! {
            <li key={confidence.percent()}>
                { tr("Said ") }{ confidence.percent() }{ tr(" %, was right in ") }{ *percent }{ tr(" % of ") }{ *count }
            </li>
        }
    });
    let wrong = exam.answers().iter().filter_map(|answer| {
        let key = answer.item.key().ok()?;
        let right = answer.item.options.get(key).filter(|_| answer.chosen != Some(key))?;
        Some(html! {
            <li key={answer.item.id.clone()}>
                <p lang="en">{ &answer.item.question }</p>
                <p lang="en"><b>{ &right.text }</b>{ " " }{ &right.why }</p>
            </li>
        })
    });
    html! {
        <div class="exam-result">
            <h3>{ result.right }{ tr(" of ") }{ result.count }{ tr(" right, in ") }{ result.took_seconds / 60 }{ tr(" minutes") }</h3>
            <h4>{ tr("By section of the notes") }</h4>
            <ul class="sections">{ for sections }</ul>
            <h4>{ tr("How well you know what you know") }</h4>
            <ul>{ for sure }</ul>
            <h4>{ tr("What was not right") }</h4>
            <ul class="wrong">{ for wrong }</ul>
        </div>
    }
}
