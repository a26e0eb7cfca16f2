//! A limit as a tube that fills: what of it this second has used, drawn to scale, and the numbers in words.

use yew::prelude::*;

use crate::text::{bytes, short, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct TubeProps {
    /// What flows: `Records in`.
    pub name: AttrValue,
    /// Under the tube: `/1k rec`.
    pub short: AttrValue,
    pub left: i64,
    pub max: i64,
    #[prop_or_default]
    pub is_bytes: bool,
    /// How many share the limit: as many strands.
    #[prop_or(1)]
    pub strands: u32,
}

/// Height and width of the tube's inside.
const HEIGHT: i64 = 36;
const WIDTH: u32 = 16;
/// More strands than these cannot be told apart.
const STRANDS_MAX: u32 = 8;

/// What stands under a tube: the limit and its unit, `/1k rec`.
pub(super) fn of_limit(max: i64, unit: &str) -> String {
    "/".to_owned() + &short(max.unsigned_abs(), unit == "B") + if unit == "B" { "" } else { " " } + unit
}

#[component]
pub(crate) fn Tube(props: &TubeProps) -> Html {
    // A limit can be in debt: a large answer counts against the next seconds too.
    let used = props.max.saturating_sub(props.left).max(0);
    let level = if props.max > 0 { used.min(props.max) * HEIGHT / props.max } else { 0 };
    let say = |amount: i64| {
        let amount = amount.unsigned_abs();
        if props.is_bytes { bytes(amount) } else { thousands(amount) }
    };
    let shared = match props.strands {
        0 | 1 => String::new(),
        many => tr(", shared by ").to_owned() + &many.to_string(),
    };
    let words = say(used) + tr(" of ") + &say(props.max) + tr(" used in this second") + &shared;
    // One in twenty left is as good as full for the eye; the word is for those who want to know.
    let (state, mark) = match props.left.clamp(0, props.max) * 20 {
        _ if props.max == 0 => ("used-up", ""),
        rest if rest <= props.max => ("used-up", "⊘ "),
        rest if rest <= props.max * 6 => ("low", ""),
        _ => ("ample", ""),
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
            aria-valuenow={used.min(props.max).to_string()}
            aria-valuetext={words.clone()}
            title={props.name.to_string() + ": " + &words}
        >
            <span class="tube-used">{ mark }{ short(used.unsigned_abs(), props.is_bytes) }</span>
            <svg viewBox="0 0 20 40" width="18" height="40" preserveAspectRatio="none" aria-hidden="true">
                <rect class="glass" x="1" y="1" width="18" height="38" rx="4" />
                <rect class="level" x="2" y={(2 + HEIGHT - level).to_string()} width="16" height={level.to_string()} rx="2.5" />
                <path class="strands" d={cuts} />
                <path class="brim" d="M1 2h18" />
            </svg>
            <span class="tube-name">{ props.short.clone() }</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_named_with_its_unit() {
        assert_eq!(of_limit(1_000, "rec"), "/1k rec");
        assert_eq!(of_limit(1 << 20, "B"), "/1MB");
        assert_eq!(of_limit(5, "calls"), "/5 calls");
    }
}
