//! Form fields with their label, and the text that is half typed.

use yew::prelude::*;

use crate::browser::dom::value_of;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct NumberFieldProps {
    pub label: AttrValue,
    pub value: u64,
    pub min: u64,
    pub max: u64,
    #[prop_or(1)]
    pub step: u64,
    /// What the number counts.
    #[prop_or_default]
    pub unit: AttrValue,
    /// Whether there is a slider over the field; its places are those of `stops`.
    #[prop_or_default]
    pub stops: &'static [u64],
    /// Called with a number within the bounds, when it is entered.
    pub on_change: Callback<u64>,
    /// Whether every key stroke counts.
    #[prop_or_default]
    pub live: bool,
}

/// A number, by field and by slider.
#[component]
pub(crate) fn NumberField(props: &NumberFieldProps) -> Html {
    let typed = use_state(|| props.value.to_string());
    {
        let typed = typed.clone();
        use_effect_with(props.value, move |value| typed.set(value.to_string()));
    }
    let (min, max) = (props.min, props.max);
    let number: Option<u64> = typed.trim().parse().ok().filter(|number| (min..=max).contains(number));
    let enter = {
        let (typed, on_change, value) = (typed.clone(), props.on_change.clone(), props.value);
        move |text: String, is_final: bool| {
            let number: Option<u64> = text.trim().parse().ok().filter(|number| (min..=max).contains(number));
            typed.set(text);
            if let Some(number) = number.filter(|number| is_final && *number != value) {
                on_change.emit(number);
            }
        }
    };
    let live = props.live;
    let on_input = {
        let enter = enter.clone();
        Callback::from(move |event: InputEvent| enter(value_of(&event), live))
    };
    let on_change = {
        let enter = enter.clone();
        Callback::from(move |event: Event| enter(value_of(&event), true))
    };
    let slider = (!props.stops.is_empty()).then(|| {
        let stops = props.stops;
        let current = number.unwrap_or(props.value);
        let place = stops.iter().rposition(|stop| *stop <= current).unwrap_or(0);
        let slide = move |is_final: bool| {
            let enter = enter.clone();
            move |text: String| {
                let stop = text.parse::<usize>().ok().and_then(|place| stops.get(place));
                if let Some(stop) = stop {
                    enter(stop.to_string(), is_final);
                }
            }
        };
        let (moved, left) = (slide(live), slide(true));
        html! {
            <input
                type="range"
                class="slider"
                min="0"
                max={(stops.len() - 1).to_string()}
                value={place.to_string()}
                aria-label={props.label.to_string() + tr(" slider")}
                aria-valuetext={current.to_string()}
                oninput={Callback::from(move |event: InputEvent| moved(value_of(&event)))}
                onchange={Callback::from(move |event: Event| left(value_of(&event)))}
            />
        }
    });
    let wrong = number.is_none();
    html! {
        <label class="field">
            <span class="field-label">{ &props.label }</span>
            <span class="field-row">
                <span class="slot">{ slider }</span>
                <span class="number">
                    <input
                        type="number"
                        inputmode="numeric"
                        min={min.to_string()}
                        max={max.to_string()}
                        step={props.step.to_string()}
                        value={(*typed).clone()}
                        aria-label={props.label.clone()}
                        aria-invalid={wrong.to_string()}
                        oninput={on_input}
                        onchange={on_change}
                    />
                    <span class="unit">{ &props.unit }</span>
                </span>
            </span>
            <span class="field-error" hidden={!wrong}>
                { if wrong { format!("A whole number from {min} to {max}") } else { String::new() } }
            </span>
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct TextFieldProps {
    pub label: AttrValue,
    pub value: AttrValue,
    pub on_input: Callback<String>,
    /// What is wrong with the text.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub hint: AttrValue,
    #[prop_or_default]
    pub is_code: bool,
}

#[component]
pub(crate) fn TextField(props: &TextFieldProps) -> Html {
    let on_input = props.on_input.reform(|event: InputEvent| value_of(&event));
    html! {
        <label class="field">
            <span class="field-label">{ &props.label }</span>
            <input
                type="text"
                class={props.is_code.then_some("code")}
                value={&props.value}
                spellcheck="false"
                autocomplete="off"
                autocapitalize="none"
                aria-label={&props.label}
                aria-description={props.error.clone()}
                aria-invalid={props.error.is_some().to_string()}
                oninput={on_input}
            />
            <span class="hint" hidden={props.hint.is_empty()}>{ &props.hint }</span>
            <span class="field-error" hidden={props.error.is_none()}>
                { props.error.clone().unwrap_or_default() }
            </span>
        </label>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChoiceProps {
    pub label: AttrValue,
    /// Values and what is shown for them.
    pub options: &'static [(&'static str, &'static str)],
    pub value: AttrValue,
    pub on_change: Callback<String>,
}

/// One of a few, as buttons that look like a switch.
#[component]
pub(crate) fn Choice(props: &ChoiceProps) -> Html {
    let buttons = props.options.iter().map(|(value, text)| {
        let on_click = props.on_change.reform(|_: MouseEvent| (*value).to_owned());
        let is_chosen = props.value == *value;
        html! {
            <button type="button" key={*value} aria-pressed={is_chosen.to_string()} onclick={on_click}>
                { tr(text) }
            </button>
        }
    });
    html! {
        <div class="field" role="group" aria-label={&props.label}>
            <span class="field-label">{ &props.label }</span>
            <span class="segments">{ for buttons }</span>
        </div>
    }
}
