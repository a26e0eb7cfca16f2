//! The bar at the top: what this is, which limits are in force, undo and redo, files, help, the theme.

use yew::prelude::*;

use super::icon::{HELP, Icon, REDO, UNDO};
use crate::app::{Msg, Send, Sheet, Theme};
use crate::browser::files::read_chosen;

#[derive(Properties, PartialEq)]
pub(crate) struct TopBarProps {
    pub limits: AttrValue,
    pub undo: Option<AttrValue>,
    pub redo: Option<AttrValue>,
    pub theme: Theme,
    /// Whether the session is kept in the browser.
    pub is_kept: bool,
    /// Whether there is somebody who makes links.
    pub makes_links: bool,
    pub send: Send,
}

#[component]
pub(crate) fn TopBar(props: &TopBarProps) -> Html {
    let send = &props.send;
    let on_file = {
        let on_text = send.reform(Msg::Import);
        Callback::from(move |event: Event| {
            // Nothing is read where nothing was chosen.
            let _ = read_chosen(&event, on_text.clone());
        })
    };
    let themes = Theme::ALL.into_iter().map(|theme| {
        html! {
            <button
                type="button"
                key={theme.name()}
                aria-pressed={(props.theme == theme).to_string()}
                onclick={send.reform(move |_| Msg::SetTheme(theme))}
            >
                { match theme { Theme::Auto => "Auto", Theme::Light => "Light", Theme::Dark => "Dark" } }
            </button>
        }
    });
    let undo = props.undo.clone();
    let redo = props.redo.clone();
    let name = |verb: &str, what: &Option<AttrValue>| match what {
        Some(what) => verb.to_owned() + " " + what,
        None => verb.to_owned() + ": nothing",
    };
    html! {
        <header class="bar">
            <span class="brand">
                <svg class="logo" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
                    <rect class="logo-ground" width="32" height="32" rx="8" />
                    <path class="logo-lane" d="M6 10.5h13M6 16h8.5M6 21.5h16" />
                    <path class="logo-tip" d="M23 10.5h3M18.500 16H26M26 21.5h0" />
                </svg>
                <h1>{ "Kinesis Sandbox" }</h1>
            </span>
            <span class="limits" title="The table of limits in force. AWS has changed some of them; exams ask for the values of 2021 to 2024.">
                { &props.limits }{ " limits" }
            </span>
            <span class="not-kept" hidden={props.is_kept}>{ "Lasts until you close this tab" }</span>
            <span class="bar-space" />
            <span class="group">
                <button
                    type="button"
                    class="tool"
                    aria-disabled={undo.is_none().to_string()}
                    aria-label={name("Undo", &undo)}
                    title={name("Undo", &undo)}
                    onclick={send.reform(|_| Msg::Undo)}
                >
                    <Icon path={UNDO} /><span class="tool-word">{ "Undo" }</span>{ " " }
                    <span class="tool-what">{ undo.clone().unwrap_or_default() }</span>
                </button>
                <button
                    type="button"
                    class="tool"
                    aria-disabled={redo.is_none().to_string()}
                    aria-label={name("Redo", &redo)}
                    title={name("Redo", &redo)}
                    onclick={send.reform(|_| Msg::Redo)}
                >
                    <Icon path={REDO} /><span class="tool-word">{ "Redo" }</span>{ " " }
                    <span class="tool-what">{ redo.clone().unwrap_or_default() }</span>
                </button>
            </span>
            <details class="menu">
                <summary class="tool">{ "Session" }</summary>
                <div class="menu-list">
                    <button type="button" onclick={send.reform(|_| Msg::Export)}>{ "Save as file" }</button>
                    <label class="button">
                        { "Open a file…" }
                        <input type="file" class="visually-hidden" accept=".jsonl,.txt,.json" onchange={on_file} />
                    </label>
                    <button type="button" hidden={!props.makes_links} onclick={send.reform(|_| Msg::Share)}>
                        { "Copy a link" }
                    </button>
                    <button type="button" onclick={send.reform(|_| Msg::StartFresh)}>{ "Start fresh" }</button>
                </div>
            </details>
            <span class="segments themes" role="group" aria-label="Theme">{ for themes }</span>
            <button type="button" class="tool" aria-label="Help" aria-haspopup="dialog" onclick={send.reform(|_| Msg::ShowHelp(true))}>
                <Icon path={HELP} /><span class="tool-word">{ "Help" }</span>
            </button>
        </header>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SheetBarProps {
    pub sheet: Sheet,
    pub send: Send,
}

/// On narrow screens: which part stands under the stage.
#[component]
pub(crate) fn SheetBar(props: &SheetBarProps) -> Html {
    let sheets =
        [(Sheet::Task, "Task"), (Sheet::Do, "Do"), (Sheet::Terminal, "Terminal"), (Sheet::Log, "Log")];
    let buttons = sheets.into_iter().map(|(sheet, name)| {
        html! {
            <button
                type="button"
                key={name}
                aria-pressed={(props.sheet == sheet).to_string()}
                onclick={props.send.reform(move |_| Msg::ShowSheet(sheet))}
            >
                { name }
            </button>
        }
    });
    html! { <nav class="sheet-bar" aria-label="Parts of the page">{ for buttons }</nav> }
}
