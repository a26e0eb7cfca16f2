//! Two worlds side by side: what they differ in, and which of them takes the commands.

use yew::prelude::*;

use crate::app::{Difference, Msg, Send};
use crate::text::thousands;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct WorldsProps {
    pub differences: Vec<Difference>,
    /// Up to when both are one.
    pub at: AttrValue,
    pub send: Send,
}

#[component]
pub(crate) fn Worlds(props: &WorldsProps) -> Html {
    let rows = props.differences.iter().map(|difference| {
        let (sign, by) = match difference.this >= difference.other {
            true => ("+", difference.this - difference.other),
            false => ("−", difference.other - difference.this),
        };
        let text = if by == 0 { "=".to_owned() } else { sign.to_owned() + &thousands(by) };
        html! {
            <tr key={difference.name}>
                <th scope="row">{ tr(difference.name) }</th>
                <td class="figure">{ thousands(difference.this) }</td>
                <td class="figure">{ thousands(difference.other) }</td>
                <td class={classes!("figure", (by > 0).then_some("differs"))}>{ text }</td>
            </tr>
        }
    });
    let is_one = props.differences.is_empty();
    html! {
        <section class="worlds-head" aria-label={tr("Two worlds")}>
            <div class="worlds-words">
                <h2>{ tr("Two worlds, one clock") }</h2>
                <p>{ tr("Both are one up to") }{ " " }<b>{ &props.at }</b>{ ". " }{ if is_one { tr("No difference so far, fact by fact.") } else { tr("Same seed: what differs follows from what you changed.") } }</p>
                <div class="actions">
                    <button type="button" class="primary" onclick={props.send.reform(|_| Msg::SwapWorlds)}>{ tr("Give commands to the other") }</button>
                    <button type="button" onclick={props.send.reform(|_| Msg::CloseFork)}>{ tr("Keep this one alone") }</button>
                </div>
            </div>
            <table hidden={is_one}>
                <thead><tr><td /><th class="figure">{ tr("This world") }</th><th class="figure">{ tr("The other") }</th><th class="figure">{ tr("Difference") }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </section>
    }
}
