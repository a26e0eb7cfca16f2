//! A shard's letter on its colour and pattern.

use yew::prelude::*;

use crate::letters::{letter, style};

#[derive(Properties, PartialEq)]
pub(crate) struct ShardBadgeProps {
    pub shard: u32,
    #[prop_or(true)]
    pub is_open: bool,
}

#[component]
pub(crate) fn ShardBadge(props: &ShardBadgeProps) -> Html {
    let state = if props.is_open { "open" } else { "closed" };
    // From the seventh shard on the colours come again: a double outline tells them apart.
    let again = (props.shard >= crate::letters::STYLES).then_some("again");
    html! {
        <span class={classes!("badge", style(props.shard), state, again)}>{ letter(props.shard) }</span>
    }
}
