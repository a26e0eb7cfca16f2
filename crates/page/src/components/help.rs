//! The list of keys, and what this is.

use kinesis::apart;
use yew::prelude::*;

use super::icon::{CLOSE, Icon};
use crate::app::{Msg, Send};
use crate::browser::dom::focus;
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
    ("Everywhere", "Esc", "Close what is open; nothing is lost"),
];

#[component]
pub(crate) fn Help(props: &HelpProps) -> Html {
    let close = use_node_ref();
    {
        let close = close.clone();
        use_effect_with(props.is_shown, move |is_shown| {
            if *is_shown {
                focus(&close);
            }
        });
    }
    if !props.is_shown {
        return html! { <div hidden=true /> };
    }
    apart(move || {
        let send = props.send.clone();
        let on_key = Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                send.emit(Msg::ShowHelp(false));
            }
        });
        let rows = KEYS.iter().enumerate().map(|(i, (place, keys, what))| {
            html! { <tr key={i}><td>{ tr(place) }</td><td><kbd>{ *keys }</kbd></td><td>{ tr(what) }</td></tr> }
        });
        html! {
            <div class="scrim" onkeydown={on_key}>
                <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="help-title">
                    <div class="dialog-head">
                        <h2 id="help-title">{ tr("Help") }</h2>
                        <button
                            type="button"
                            class="quiet"
                            aria-label={tr("Close help")}
                            ref={close}
                            onclick={props.send.reform(|_| Msg::ShowHelp(false))}
                        >
                            <Icon path={CLOSE} />
                        </button>
                    </div>
                    <p>
                        { tr("Everything here is simulated in your browser: no account, no bill, nothing sent anywhere. Clicks and typed lines are the same commands, and each can be undone. Time is virtual: it stands still until you let it run.") }
                    </p>
                    <div class="table-box" tabindex="0" role="region" aria-label={tr("Keys")}>
                        <table>
                            <caption class="visually-hidden">{ tr("Keys") }</caption>
                            <thead><tr><th>{ tr("Where") }</th><th>{ tr("Key") }</th><th>{ tr("Does") }</th></tr></thead>
                            <tbody>{ for rows }</tbody>
                        </table>
                    </div>
                </div>
            </div>
        }
    })
}
