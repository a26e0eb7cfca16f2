//! A budget as a tube: how full it is, and the number in words.

use yew::prelude::*;

use crate::text::{bytes, thousands};

#[derive(Properties, PartialEq)]
pub(crate) struct TubeProps {
    /// What flows: `records in`.
    pub name: &'static str,
    /// Under the tube: `rec`.
    pub short: &'static str,
    pub left: i64,
    pub max: i64,
    #[prop_or_default]
    pub is_bytes: bool,
}

/// Height of the tube's inside.
const HEIGHT: i64 = 36;

#[component]
pub(crate) fn Tube(props: &TubeProps) -> Html {
    let left = props.left.clamp(0, props.max);
    let level = if props.max > 0 { left * HEIGHT / props.max } else { 0 };
    let say = |amount: i64| {
        let amount = amount.unsigned_abs();
        if props.is_bytes { bytes(amount) } else { thousands(amount) }
    };
    let words = say(left) + " of " + &say(props.max) + " left this second";
    // One in twenty is as good as empty for the eye; the word is for those who want to know.
    let state = match left * 20 {
        _ if props.max == 0 => "used-up",
        rest if rest <= props.max => "used-up",
        rest if rest <= props.max * 6 => "low",
        _ => "ample",
    };
    html! {
        <span
            class={classes!("tube", state)}
            role="meter"
            aria-label={props.name}
            aria-valuemin="0"
            aria-valuemax={props.max.to_string()}
            aria-valuenow={left.to_string()}
            aria-valuetext={words.clone()}
            title={props.name.to_owned() + ": " + &words}
        >
            <svg viewBox="0 0 20 40" width="18" height="40" preserveAspectRatio="none" aria-hidden="true">
                <rect class="glass" x="1" y="1" width="18" height="38" rx="4" />
                <rect class="level" x="2" y={(2 + HEIGHT - level).to_string()} width="16" height={level.to_string()} rx="2.5" />
            </svg>
            <span class="tube-name">{ props.short }</span>
        </span>
    }
}
