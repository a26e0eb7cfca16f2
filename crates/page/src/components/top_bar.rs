//! The bar at the top: what this is, which limits are in force, undo and redo, files, help, the theme.

use yew::prelude::*;

use super::icon::{HELP, Icon, REDO, UNDO};
use crate::app::{Layout, Msg, Send, Sheet, Tab, Theme};
use crate::browser::files::read_chosen;
use crate::words::{Language, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct TopBarProps {
    pub limits: AttrValue,
    /// What an hour costs as it is, and what the last change added.
    pub cost: AttrValue,
    pub undo: Option<AttrValue>,
    pub redo: Option<AttrValue>,
    pub theme: Theme,
    pub layout: Layout,
    /// BCP 47 tag.
    pub language: &'static str,
    /// Whether a session was kept that cannot be read.
    pub is_damaged: bool,
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
                { tr(match theme { Theme::Auto => "Auto", Theme::Light => "Light", Theme::Dark => "Dark" }) }
            </button>
        }
    });
    let layouts = Layout::ALL.into_iter().map(|(layout, name)| {
        let is_chosen = props.layout == layout;
        html! {
            <button type="button" key={name} aria-pressed={is_chosen.to_string()} onclick={send.reform(move |_| Msg::SetLayout(layout))}>
                { tr(name) }
            </button>
        }
    });
    let languages = Language::ALL.into_iter().map(|language| {
        let is_chosen = Language::of(props.language) == language;
        let on_click = send.reform(move |_| Msg::SetLanguage(language.tag()));
        html! {
            <button type="button" key={language.tag()} lang={language.tag()} aria-pressed={is_chosen.to_string()} onclick={on_click}>
                { language.name() }
            </button>
        }
    });
    let undo = props.undo.clone();
    let redo = props.redo.clone();
    let name = |verb: &str, what: &Option<AttrValue>| match what {
        Some(what) => verb.to_owned() + " " + what,
        None => verb.to_owned() + tr(": nothing"),
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
            <button
                type="button"
                class="limits"
                title={tr("The table of limits in force. AWS has changed some of them; exams ask for the values of 2021 to 2024.")}
                onclick={send.reform(|_| Msg::ShowTab(Tab::Limits))}
            >
                { &props.limits }{ " " }{ tr("limits") }
            </button>
            <button
                type="button"
                class="limits cost"
                title={tr("What an hour costs as it is, and what the last change added to a month")}
                onclick={send.reform(|_| Msg::ShowTab(Tab::Cost))}
            >
                { &props.cost }
            </button>
            <span class="not-kept" hidden={props.is_kept}>{ tr("Lasts until you close this tab") }</span>
            <span class="bar-space" />
            <span class="group">
                <button
                    type="button"
                    class="tool"
                    aria-disabled={undo.is_none().to_string()}
                    aria-label={name(tr("Undo"), &undo)}
                    title={name(tr("Undo"), &undo)}
                    onclick={send.reform(|_| Msg::Undo)}
                >
                    <Icon path={UNDO} /><span class="tool-word">{ tr("Undo") }</span>{ " " }
                    <span class="tool-what">{ undo.clone().unwrap_or_default() }</span>
                </button>
                <button
                    type="button"
                    class="tool"
                    aria-disabled={redo.is_none().to_string()}
                    aria-label={name(tr("Redo"), &redo)}
                    title={name(tr("Redo"), &redo)}
                    onclick={send.reform(|_| Msg::Redo)}
                >
                    <Icon path={REDO} /><span class="tool-word">{ tr("Redo") }</span>{ " " }
                    <span class="tool-what">{ redo.clone().unwrap_or_default() }</span>
                </button>
            </span>
            <details class="menu" name="menu">
                <summary class="tool">{ tr("Session") }</summary>
                <div class="menu-list">
                    <button type="button" onclick={send.reform(|_| Msg::Export)}>{ tr("Save as file") }</button>
                    <label class="button">
                        { tr("Open a file…") }
                        <input type="file" class="visually-hidden" accept=".jsonl,.txt,.json" onchange={on_file} />
                    </label>
                    <button type="button" hidden={!props.makes_links} onclick={send.reform(|_| Msg::Share)}>
                        { tr("Copy a link") }
                    </button>
                    <button type="button" hidden={!props.is_damaged} onclick={send.reform(|_| Msg::ExportDamaged)}>
                        { tr("Save what cannot be read") }
                    </button>
                    <button type="button" onclick={send.reform(|_| Msg::StartFresh)}>{ tr("Start fresh") }</button>
                </div>
            </details>
            <details class="menu" name="menu">
                <summary class="tool">{ tr("View") }</summary>
                <div class="menu-list">
                    <p>{ tr("Layout") }</p>
                    <span class="segments" role="group" aria-label={tr("Layout")}>{ for layouts }</span>
                    <p>{ tr("Theme") }</p>
                    <span class="segments" role="group" aria-label={tr("Theme")}>{ for themes }</span>
                    <p>{ tr("Language") }</p>
                    <span class="segments" role="group" aria-label={tr("Language")}>{ for languages }</span>
                </div>
            </details>
            <button type="button" class="tool" aria-haspopup="dialog" onclick={send.reform(|_| Msg::ShowCourse(true))}>
                { tr("Course") }
            </button>
            <button type="button" class="tool" aria-label={tr("Help")} aria-haspopup="dialog" onclick={send.reform(|_| Msg::ShowHelp(true))}>
                <Icon path={HELP} /><span class="tool-word">{ tr("Help") }</span>
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
        [(Sheet::Task, "Task"), (Sheet::Do, "Do"), (Sheet::Terminal, "Terminal"), (Sheet::Log, "Views")];
    let buttons = sheets.into_iter().map(|(sheet, name)| {
        html! {
            <button
                type="button"
                key={name}
                aria-pressed={(props.sheet == sheet).to_string()}
                onclick={props.send.reform(move |_| Msg::ShowSheet(sheet))}
            >
                { tr(name) }
            </button>
        }
    });
    html! { <nav class="sheet-bar" aria-label={tr("Parts of the page")}>{ for buttons }</nav> }
}
