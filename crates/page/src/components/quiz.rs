//! One question at a time, with how sure one is; afterwards each option is explained, and the world that knows the
//! answer can be looked at.

use course::progress::Progress;
use course::quiz::{Confidence, Item, predictions};
use yew::prelude::*;

use crate::app::{Msg, Send};
use crate::browser::wall_clock;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct QuizViewProps {
    pub progress: Progress,
    pub on_change: Callback<Progress>,
    pub send: Send,
    /// Predictions one after the other, instead of what is due.
    pub is_predicting: bool,
}

/// A question that is asked, by its id.
#[derive(Clone, PartialEq)]
struct Asked {
    item: &'static str,
    chosen: Option<usize>,
    confidence: Option<Confidence>,
    /// Place of the right option, once it was answered.
    key: Option<usize>,
}

impl Asked {
    fn next(progress: &Progress, is_predicting: bool) -> Option<Asked> {
        let item: Option<&'static Item> = if is_predicting {
            predictions().iter().find(|item| progress.predicted(&item.id).is_none()).or(predictions().first())
        } else {
            progress.schedule.next(wall_clock::now_s(), None)
        };
        item.map(|item| Asked { item: &item.id, chosen: None, confidence: None, key: None })
    }
}

pub(super) const CONFIDENCES: [(Confidence, &str); 3] = [
    (Confidence::Guess, "A guess, 50 %"),
    (Confidence::Likely, "Likely, 75 %"),
    (Confidence::Sure, "Sure, 95 %"),
];

#[component]
pub(crate) fn QuizView(props: &QuizViewProps) -> Html {
    let asked = use_state(|| Asked::next(&props.progress, props.is_predicting));
    let Some(item) = asked.as_ref().and_then(|asked| course::quiz::item(asked.item)) else {
        return html! { <p>{ tr("There is nothing to ask.") }</p> };
    };
    let now = (*asked).clone().unwrap_or(Asked { item: &item.id, chosen: None, confidence: None, key: None });
    let set = |change: fn(&mut Asked, usize), value: usize| {
        let (asked, now) = (asked.clone(), now.clone());
        Callback::from(move |()| {
            let mut new = now.clone();
            change(&mut new, value);
            asked.set(Some(new));
        })
    };
    let is_answered = now.key.is_some();
    let options = item.options.iter().enumerate().map(|(place, option)| {
        let choose = set(|asked, place| asked.chosen = Some(place), place).reform(|_: Event| ());
        let verdict = match now.key {
            Some(key) if key == place => "✓ ",
            Some(_) if now.chosen == Some(place) => "✗ ",
            _ => "",
        };
        let outcome = match verdict {
            "✓ " => Some("is-right"),
            "✗ " => Some("is-wrong"),
            _ => None,
        };
        html! {
            <label key={place} class={classes!("radio", outcome)}>
                <input
                    type="radio"
                    name={item.id.clone()}
                    checked={now.chosen == Some(place)}
                    disabled={is_answered}
                    onchange={choose}
                />
                <span lang="en">
                    { verdict }{ &option.text }
                    <small hidden={!is_answered}>{ &option.why }</small>
                </span>
            </label>
        }
    });
    let sure = CONFIDENCES.iter().enumerate().map(|(place, (confidence, name))| {
        let choose = set(|asked, place| asked.confidence = CONFIDENCES.get(place).map(|(it, _)| *it), place);
        html! {
            <button
                key={*name}
                type="button"
                disabled={is_answered}
                aria-pressed={(now.confidence == Some(*confidence)).to_string()}
                onclick={choose.reform(|_: MouseEvent| ())}
            >
                { tr(name) }
            </button>
        }
    });
    let answer = {
        let (asked, now, props_progress) = (asked.clone(), now.clone(), props.progress.clone());
        let (on_change, is_predicting) = (props.on_change.clone(), props.is_predicting);
        Callback::from(move |_: MouseEvent| {
            let (Some(chosen), Some(confidence), Ok(key)) = (now.chosen, now.confidence, item.key()) else {
                return;
            };
            let mut progress = props_progress.clone();
            let (is_right, at) = (chosen == key, wall_clock::now_s());
            if is_predicting {
                progress.predict(item, is_right, confidence, at);
                progress.check_fast_track(item.shows.chapter, at);
            } else {
                progress.schedule.answer(item, is_right, confidence, at);
            }
            asked.set(Some(Asked { key: Some(key), ..now.clone() }));
            on_change.emit(progress);
        })
    };
    let next = {
        let (asked, progress, is_predicting) = (asked.clone(), props.progress.clone(), props.is_predicting);
        Callback::from(move |_: MouseEvent| asked.set(Asked::next(&progress, is_predicting)))
    };
    let show = props.send.reform(move |_: MouseEvent| Msg::ShowItem(item));
    let tags: Vec<&str> = item.exams.iter().map(|tag| tag.name()).collect();
    html! {
        <div class="quiz">
            <p class="hint">{ [item.id.clone(), tags.join(", "), item.notes.join(", ")].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ") }</p>
            <p class="question" lang="en">{ &item.question }</p>
            <div class="radios" role="radiogroup">{ for options }</div>
            <div class="segments" role="group" aria-label={tr("How sure are you?")}>{ for sure }</div>
            <dl class="idea" hidden={!is_answered}>
                <dt>{ tr("Not so") }</dt>
                <dd lang="en">{ item.shows.wrong }</dd>
                <dt>{ tr("But so") }</dt>
                <dd lang="en">{ item.shows.right }</dd>
            </dl>
            <div class="actions">
                <button
                    type="button"
                    class="primary"
                    hidden={is_answered}
                    disabled={now.chosen.is_none() || now.confidence.is_none()}
                    onclick={answer}
                >
                    { tr("Answer") }
                </button>
                <button type="button" class="primary" hidden={!is_answered} onclick={next}>{ tr("Next question") }</button>
                <button type="button" hidden={!is_answered || !item.is_computed()} onclick={show}>
                    { tr("Show me this world") }
                </button>
            </div>
        </div>
    }
}
