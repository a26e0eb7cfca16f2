//! The forms of `course::forms` that have no component of their own: fields and a button, a line when it is pressed.

use course::forms::{FieldKind, Form, Place, forms};
use kinesis::apart;
use yew::prelude::*;

use crate::app::{FormAt, Msg, Send};
use crate::browser::dom::value_of;
use crate::browser::parts::use_whole;

/// Titles of forms that the inspector shows in another way.
const ELSEWHERE: [&str; 14] = [
    "New stream",
    "Put a record",
    "New producer",
    "New reader",
    "New KCL application",
    "Delete stream",
    "Split in the middle",
    "Merge with the next",
    "TRIM_HORIZON",
    "LATEST",
    "AT_SEQUENCE_NUMBER",
    "AFTER_SEQUENCE_NUMBER",
    "Stop reader",
    "Add worker",
];

#[derive(Properties, PartialEq)]
pub(crate) struct ActionFormsProps {
    pub place: &'static str,
    pub at: FormAt,
    pub send: Send,
}

/// All other forms of a place, folded.
#[component]
pub(crate) fn ActionForms(props: &ActionFormsProps) -> Html {
    if !use_whole() {
        return html! { <div class="action-forms" /> };
    }
    apart(|| folded_forms(props))
}

fn folded_forms(props: &ActionFormsProps) -> Html {
    let is_here = |form: &&Form| match form.place {
        Place::Page | Place::Stream => props.place == "stream",
        Place::Shard => props.place == "shard",
        Place::Producer | Place::Reader | Place::Application | Place::Worker => false,
    };
    let shown = forms().iter().filter(is_here).filter(|form| !ELSEWHERE.contains(&form.title));
    let items = shown.map(|form| {
        html! { <ActionForm key={form.title} title={form.title} at={props.at.clone()} send={props.send.clone()} /> }
    });
    html! { <div class="action-forms">{ for items }</div> }
}

#[derive(Properties, PartialEq)]
struct ActionFormProps {
    title: &'static str,
    at: FormAt,
    send: Send,
}

#[component]
fn ActionForm(props: &ActionFormProps) -> Html {
    let form = course::forms::form(props.title);
    let values = use_state(|| form.map(Form::defaults).unwrap_or_default());
    let Some(form) = form else { return html! { <div hidden=true /> } };
    let fields = form.fields.iter().enumerate().map(|(place, field)| {
        let value = values.get(place).cloned().unwrap_or_default();
        let mistake = form.mistake(place, &value).filter(|_| !value.is_empty());
        let set = {
            let values = values.clone();
            move |text: String| {
                let mut new = (*values).clone();
                if let Some(value) = new.get_mut(place) {
                    *value = text;
                }
                values.set(new);
            }
        };
        let input = match field.kind {
            FieldKind::OneOf(choices) => {
                let options = choices.iter().map(|choice| {
                    html! { <option key={*choice} value={*choice} selected={*choice == value}>{ *choice }</option> }
                });
                let on_change = Callback::from(move |event: Event| set(value_of(&event)));
                html! { <select onchange={on_change}>{ for options }</select> }
            }
            FieldKind::Text | FieldKind::Number(..) => {
                let on_input = Callback::from(move |event: InputEvent| set(value_of(&event)));
                html! { <input type="text" class="code" {value} spellcheck="false" autocomplete="off" oninput={on_input} /> }
            }
        };
        let unit = match field.kind {
            FieldKind::Number(_, _, unit) => unit,
            FieldKind::Text | FieldKind::OneOf(_) => "",
        };
        html! {
            <label key={field.label} class="field">
                <span class="field-label">{ field.label }{ " " }{ unit }</span>
                { input }
                <span class="field-error" hidden={mistake.is_none()}>{ mistake.unwrap_or_default() }</span>
            </label>
        }
    });
    let on_submit = {
        let (send, at, values) = (props.send.clone(), props.at.clone(), (*values).clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(Msg::Form(form, values.clone(), at.clone()));
        })
    };
    html! {
        <details class="action-form">
            <summary>{ form.title }</summary>
            <form class="form" onsubmit={on_submit}>
                <div class="fields">{ for fields }</div>
                <button type="submit">{ form.button }</button>
            </form>
        </details>
    }
}
