//! The list of keys, and what this is.

use kinesis::apart;
use yew::prelude::*;

use super::dialog::Dialog;
use crate::app::{Msg, Send};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct HelpProps {
    pub is_shown: bool,
    pub send: Send,
}

const KEYS: &[(&str, &str, &str)] = &[
    ("Anywhere but in text", "Ctrl Z · Ctrl Shift Z", "Undo · redo"),
    ("Time bar", "Space", "Play or pause"),
    ("Time bar", "← → · Shift ← →", "One change · one event back or forward"),
    ("Time bar", "Page Up · Page Down", "Previous · next mark"),
    ("Time bar", "Home · End", "Start · end of the history"),
    ("Time bar", "− · +", "Slower · faster"),
    ("Stage, on a shard", "↑ ↓", "Previous · next shard"),
    ("Stage, on a shard", "← → · Home · End", "Along the records · oldest · newest"),
    ("Stage, on a shard", "Enter", "Inspect"),
    ("Terminal", "↑ ↓", "Earlier · later lines"),
    ("Terminal", "Ctrl Space · →", "List · accept completions (Tab leaves the terminal)"),
    ("Terminal", "Ctrl R", "Search in earlier lines"),
    ("Terminal", "Ctrl U · Ctrl L", "Empty the prompt · the terminal"),
    ("Everywhere", "Ctrl K", "To the prompt"),
    ("Everywhere", "Esc", "Close what is open; nothing is lost"),
];

#[component]
pub(crate) fn Help(props: &HelpProps) -> Html {
    let content = match props.is_shown {
        true => apart(help),
        false => Html::default(),
    };
    html! {
        <Dialog
            is_shown={props.is_shown}
            title="Help"
            class="help"
            on_close={props.send.reform(|()| Msg::ShowHelp(false))}
        >
            { content }
        </Dialog>
    }
}

fn help() -> Html {
    let groups = KEYS.chunk_by(|(one, ..), (other, ..)| one == other).map(|group| {
        let rows = group.iter().enumerate().map(|(i, (place, keys, what))| {
            let name = match i {
                0 => html! { <th scope="rowgroup" rowspan={group.len().to_string()}>{ tr(place) }</th> },
                _ => Html::default(),
            };
            let keys = keys.split(" · ").enumerate().map(|(i, keys)| {
                html! { <>{ if i > 0 { " · " } else { "" } }<kbd>{ keys }</kbd></> }
            });
            html! { <tr key={i}>{ name }<td>{ for keys }</td><td>{ tr(what) }</td></tr> }
        });
        html! { <tbody key={group.first().map_or("", |(place, ..)| *place)}>{ for rows }</tbody> }
    });
    html! {
        <>
            <p class="lead">
                { tr("Everything here is simulated in your browser: no account, no bill, nothing sent anywhere. Clicks and typed lines are the same commands, and each can be undone. Time is virtual: it stands still until you let it run.") }
            </p>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Keyboard")}>
                <table>
                    <caption class="visually-hidden">{ tr("Keyboard") }</caption>
                    <thead><tr><th>{ tr("Where") }</th><th>{ tr("Key") }</th><th>{ tr("Does") }</th></tr></thead>
                    { for groups }
                </table>
            </div>
        </>
    }
}
