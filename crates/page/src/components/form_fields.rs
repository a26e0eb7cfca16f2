//! The fields of `course::forms`, each in the way that fits what it takes.

use course::forms::{Field, FieldKind};
use sim::KeyRecipe;
use yew::prelude::*;

use super::fields::{Choice, NumberField, TextField};
use super::key_recipe::KeyRecipeEditor;
use crate::browser::dom::value_of;
use crate::scene::Picture;
use crate::words::tr;

/// Places of the sliders over rates and sizes.
pub(super) const RATES: &[u64] =
    &[1, 5, 10, 25, 50, 100, 200, 400, 600, 800, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000];
pub(super) const SIZES: &[u64] =
    &[20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000];
pub(super) const CALLS: &[(&str, &str)] = &[("single", "PutRecord"), ("batch", "PutRecords")];
pub(super) const RETRIES: &[(&str, &str)] = &[
    ("none", "None"),
    ("immediate", "At once"),
    ("backoff", "Back-off"),
    ("standard", "SDK standard"),
    ("legacy", "SDK legacy"),
];
const ORDERINGS: &[(&str, &str)] = &[("none", "None"), ("per-key", "Per key")];
const POSITIONS: [(&str, &str); 3] = [
    ("TRIM_HORIZON", "The oldest record that is still kept"),
    ("LATEST", "After the newest record: only what comes now"),
    ("AT_TIMESTAMP", "The first record that arrived at a time or later"),
];

/// Choices that have words of their own on the page, and are few.
fn words(label: &str) -> Option<&'static [(&'static str, &'static str)]> {
    match label {
        "Call" => Some(CALLS),
        "Retry" => Some(RETRIES),
        "Ordering" => Some(ORDERINGS),
        _ => None,
    }
}

/// One field. What is wrong with its value stands below it.
pub(super) fn form_field(
    field: &'static Field,
    value: String,
    mistake: Option<String>,
    on_change: Callback<String>,
    picture: &Picture,
) -> Html {
    let is_optional = field.default.is_empty();
    match field.kind {
        FieldKind::Number(min, max, unit) if !is_optional => {
            let stops: &'static [u64] = match field.label {
                "Rate" => RATES,
                "Size" => SIZES,
                _ => &[],
            };
            let number = value.parse().unwrap_or(min);
            let on_change = on_change.reform(|number: u64| number.to_string());
            html! { <NumberField label={tr(field.label)} value={number} {min} {max} unit={tr(unit)} {stops} {on_change} live=true /> }
        }
        FieldKind::Recipe if !is_optional => {
            let on_change = on_change.reform(|recipe: KeyRecipe| recipe.to_string());
            html! { <KeyRecipeEditor recipe={value} picture={picture.clone()} {on_change} /> }
        }
        FieldKind::OneOf(choices) if choices.first() == Some(&"TRIM_HORIZON") => {
            positions(field.label, choices, &value, &on_change)
        }
        FieldKind::OneOf(choices) => match words(field.label).filter(|_| !is_optional) {
            Some(options) => html! { <Choice label={tr(field.label)} {options} {value} {on_change} /> },
            None => {
                let options = choices.iter().map(|choice| {
                    html! { <option key={*choice} value={*choice} selected={*choice == value}>{ if choice.is_empty() { tr("not given") } else { choice } }</option> }
                });
                let on_change = on_change.reform(|event: Event| value_of(&event));
                html! {
                    <label class="field">
                        <span class="field-label">{ tr(field.label) }</span>
                        <select aria-label={tr(field.label)} onchange={on_change}>{ for options }</select>
                    </label>
                }
            }
        },
        FieldKind::Text | FieldKind::Name(_) | FieldKind::Recipe | FieldKind::Number(..) => {
            let error = mistake.map(AttrValue::from);
            html! { <TextField label={tr(field.label)} {value} {error} on_input={on_change} is_code=true /> }
        }
    }
}

/// Starting positions with what each means.
fn positions(
    label: &'static str,
    choices: &'static [&'static str],
    chosen: &str,
    on_change: &Callback<String>,
) -> Html {
    let radios = POSITIONS.into_iter().filter(|(kind, _)| choices.contains(kind)).map(|(kind, meaning)| {
        let on_choose = on_change.reform(move |_: Event| kind.to_owned());
        html! {
            <label key={kind} class="radio">
                <input type="radio" name="starting-position" checked={chosen == kind} onchange={on_choose} />
                <span><code>{ kind }</code><small>{ tr(meaning) }</small></span>
            </label>
        }
    });
    html! {
        <fieldset class="radios">
            <legend>{ if label == "Start from" { tr("Start from…") } else { tr(label) } }</legend>
            <div>{ for radios }</div>
        </fieldset>
    }
}
