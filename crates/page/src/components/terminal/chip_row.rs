//! The token builder: chips for the words that the line can go on with, so that it is composed without typing.

use std::rc::Rc;

use awscli::Chip;
use yew::prelude::*;

use super::super::icon::{ERASE, Icon};
use crate::browser::dom;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(super) struct ChipRowProps {
    pub chips: Rc<Vec<Chip>>,
    /// Whether there is a word to take back.
    pub can_go_back: bool,
    /// Takes the chip at this place; and whether that was done by keyboard.
    pub on_take: Callback<(usize, bool)>,
    pub on_back: Callback<()>,
}

#[component]
pub(super) fn ChipRow(props: &ChipRowProps) -> Html {
    let chips = props.chips.iter().enumerate().map(|(place, chip)| {
        let take = props.on_take.reform(move |event: MouseEvent| (place, dom::is_by_keyboard(&event)));
        let title = (!chip.help.is_empty()).then(|| chip.help.clone());
        html! {
            <button type="button" key={place} {title} onclick={take}>{ &chip.label }</button>
        }
    });
    html! {
        <div class="chip-row">
            <button
                type="button"
                class="back"
                aria-label={tr("Take the last word back")}
                disabled={!props.can_go_back}
                onclick={props.on_back.reform(|_: MouseEvent| ())}
            >
                <Icon path={ERASE} />
            </button>
            <div class="chips" role="group" aria-label={tr("Next words")}>{ for chips }</div>
        </div>
    }
}
