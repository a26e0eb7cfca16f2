//! The outline of the study notes, in words of our own.

use course::notes;
use yew::prelude::*;

use super::course_dialog::lesson_button;
use crate::app::Send;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct NotesViewProps {
    pub send: Send,
}

#[component]
pub(crate) fn NotesView(props: &NotesViewProps) -> Html {
    let entries = notes().iter().map(|entry| {
        let lessons = course::titles().map(|(id, _)| id).filter(|id| entry.shown_by.contains(id));
        let buttons = lessons.map(|id| lesson_button(id, &props.send));
        html! {
            <li key={entry.title}>
                <b>{ tr(entry.title) }</b>{ ": " }{ tr(entry.text) }
                <span class="shown-by">{ for buttons }</span>
                <small hidden={entry.today.is_empty()}>{ tr("Today: ") }{ tr(entry.today) }</small>
            </li>
        }
    });
    html! { <ul class="notes">{ for entries }</ul> }
}
