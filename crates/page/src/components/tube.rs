//! A budget as a tube: how much of it is left, drawn to scale, and the number in words.

use yew::prelude::*;

use crate::text::{bytes, short, thousands};

#[derive(Properties, PartialEq)]
pub(crate) struct TubeProps {
    /// What flows: `Records in`.
    pub name: AttrValue,
    /// Under the tube: `rec/s`.
    pub short: AttrValue,
    pub left: i64,
    pub max: i64,
    #[prop_or_default]
    pub is_bytes: bool,
    /// How many share the budget: as many strands.
    #[prop_or(1)]
    pub strands: u32,
}

/// Height and width of the tube's inside.
const HEIGHT: i64 = 36;
const WIDTH: u32 = 16;
/// More strands than these cannot be told apart.
const STRANDS_MAX: u32 = 8;

#[component]
pub(crate) fn Tube(props: &TubeProps) -> Html {
    let left = props.left.clamp(0, props.max);
    let level = if props.max > 0 { left * HEIGHT / props.max } else { 0 };
    let say = |amount: i64| {
        let amount = amount.unsigned_abs();
        if props.is_bytes { bytes(amount) } else { thousands(amount) }
    };
    let debt = if props.left < 0 { ", in debt by ".to_owned() + &say(props.left) } else { String::new() };
    let shared = match props.strands {
        0 | 1 => String::new(),
        many => ", shared by ".to_owned() + &many.to_string(),
    };
    let words = say(left) + " of " + &say(props.max) + " left this second" + &shared + &debt;
    // One in twenty is as good as empty for the eye; the word is for those who want to know.
    let state = match left * 20 {
        _ if props.max == 0 => "used-up",
        rest if rest <= props.max => "used-up",
        rest if rest <= props.max * 6 => "low",
        _ => "ample",
    };
    let strands = props.strands.min(STRANDS_MAX);
    let mut cuts = String::new();
    for strand in 1..strands {
        let x = 2 + WIDTH * strand / strands;
        cuts = cuts + "M" + &x.to_string() + " 2v36";
    }
    html! {
        <span
            class={classes!("tube", state)}
            role="meter"
            aria-label={props.name.clone()}
            aria-valuemin="0"
            aria-valuemax={props.max.to_string()}
            aria-valuenow={left.to_string()}
            aria-valuetext={words.clone()}
            title={props.name.to_string() + ": " + &words}
        >
            <span class="tube-left">{ short(left.unsigned_abs(), props.is_bytes) }</span>
            <svg viewBox="0 0 20 40" width="18" height="40" preserveAspectRatio="none" aria-hidden="true">
                <rect class="glass" x="1" y="1" width="18" height="38" rx="4" />
                <rect class="level" x="2" y={(2 + HEIGHT - level).to_string()} width="16" height={level.to_string()} rx="2.5" />
                <path class="strands" d={cuts} />
            </svg>
            <span class="tube-name">{ props.short.clone() }</span>
        </span>
    }
}
