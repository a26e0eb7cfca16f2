//! What must not be missed: errors at the place where they matter, and a world that was resumed.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::{CLOSE, Icon, REPLAY, WARNING};
use crate::app::{Msg, Notice, Send};
use crate::browser::dom::show_unfolded;
use crate::causes::cause_of;
use crate::words::{say, tr};

#[derive(Properties, PartialEq)]
pub(crate) struct NoticeProps {
    pub notice: Option<Rc<Notice>>,
    pub send: Send,
}

/// An error or a remark; it stays until it is dismissed or the next command succeeds.
#[component]
pub(crate) fn NoticeBox(props: &NoticeProps) -> Html {
    let Some(notice) = &props.notice else {
        return html! { <div class="notice-slot" role="alert" /> };
    };
    let (kind, path) = if notice.is_error { ("error", WARNING) } else { ("remark", REPLAY) };
    html! {
        <div class="notice-slot" role="alert">
            <div class={classes!("notice", kind)}>
                <Icon {path} />
                <div class="notice-text">
                    <p><strong>{ say(notice.title.clone()) }{ ":" }</strong>{ " " }{ say(notice.text.clone()) }</p>
                    <CauseOf text={if notice.is_error { notice.title.clone() } else { String::new() }} />
                </div>
                <button
                    type="button"
                    class="quiet"
                    aria-label={tr("Dismiss")}
                    onclick={props.send.reform(|_| Msg::DismissNotice)}
                >
                    <Icon path={CLOSE} />
                </button>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct CauseOfProps {
    /// Names the error.
    pub text: String,
}

/// Why there is such an error, and what to try: for those who ask.
#[component]
pub(crate) fn CauseOf(props: &CauseOfProps) -> Html {
    match cause_of(&props.text) {
        None => html! { <span hidden=true /> },
        Some(cause) => html! {
            <details class="cause" ontoggle={Callback::from(|event: Event| show_unfolded(&event))}>
                <summary>{ tr("Why, and what to try") }</summary>
                <p>{ tr(cause.why) }</p>
                <p>{ tr(cause.then) }</p>
            </details>
        },
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ResumedProps {
    /// When the world stands.
    pub time: AttrValue,
    pub send: Send,
}

/// The world is that of the last visit.
#[component]
pub(crate) fn ResumedBanner(props: &ResumedProps) -> Html {
    html! {
        <div class="resumed" role="status">
            <p>{ tr("This is the world of your last visit, at ") }<b>{ &props.time }</b>{ "." }</p>
            <button type="button" onclick={props.send.reform(|_| Msg::StartFresh)}>{ tr("Start fresh") }</button>
            <button type="button" class="quiet" onclick={props.send.reform(|_| Msg::DismissResumed)}>
                { tr("Keep it") }
            </button>
        </div>
    }
}
