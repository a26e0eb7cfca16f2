//! What must not be missed: errors at the place where they matter, and a world that was resumed.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::{CLOSE, Icon, REPLAY, WARNING};
use crate::app::{Msg, Notice, Send};

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
                <p><strong>{ &notice.title }</strong>{ " " }{ &notice.text }</p>
                <button
                    type="button"
                    class="quiet"
                    aria-label="Dismiss"
                    onclick={props.send.reform(|_| Msg::DismissNotice)}
                >
                    <Icon path={CLOSE} />
                </button>
            </div>
        </div>
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
            <p>{ "This is the world of your last visit, at " }<b>{ &props.time }</b>{ "." }</p>
            <button type="button" onclick={props.send.reform(|_| Msg::StartFresh)}>{ "Start fresh" }</button>
            <button type="button" class="quiet" onclick={props.send.reform(|_| Msg::DismissResumed)}>
                { "Keep it" }
            </button>
        </div>
    }
}
