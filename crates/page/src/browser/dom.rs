//! Values of controls, dialogs, scrolling, the shape of the screen.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::*;
use web_sys::{
    Element, Event, EventTarget, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::NodeRef;

/// The address of the page, with everything behind it; empty where there is none.
pub(crate) fn page_address() -> String {
    let document = web_sys::window().and_then(|window| window.document());
    document.and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default()
}

/// The text or number in the control that an event came from.
pub(crate) fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else {
        String::new()
    }
}

pub(crate) fn area_value(area: &NodeRef) -> String {
    area.cast::<HtmlTextAreaElement>().map_or_else(String::new, |area| area.value())
}

/// Puts a text into a text area, the caret after it, and makes the area as high as its lines.
pub(crate) fn set_area_value(area: &NodeRef, text: &str) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>() {
        area.set_value(text);
        area.set_rows(text.lines().count().clamp(1, 6) as u32);
    }
}

/// Selects a part of the text in a text area, given in bytes, and moves the focus there.
pub(crate) fn select_in_area(area: &NodeRef, part: &std::ops::Range<usize>) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>() {
        let text = area.value();
        let units = |end: usize| text.get(..end).unwrap_or(&text).encode_utf16().count() as u32;
        let _ = area.focus();
        // A place inside the text is always accepted.
        let _ = area.set_selection_range(units(part.start), units(part.end));
    }
}

/// Where the caret stands in a text area, in bytes of its text.
pub(crate) fn caret(area: &NodeRef) -> usize {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else { return 0 };
    let text = area.value();
    let mut units = area.selection_end().ok().flatten().unwrap_or(u32::MAX) as usize;
    let mut bytes = 0;
    for letter in text.chars() {
        if units < letter.len_utf16() {
            break;
        }
        units -= letter.len_utf16();
        bytes += letter.len_utf8();
    }
    bytes
}

/// Whether a control was used by keyboard rather than by a pointer.
pub(crate) fn is_by_keyboard(event: &web_sys::MouseEvent) -> bool {
    event.detail() == 0
}

pub(crate) fn caret_is_at_end(area: &NodeRef) -> bool {
    area.cast::<HtmlTextAreaElement>().is_some_and(|area| {
        let end = area.selection_end().ok().flatten().unwrap_or(0);
        end as usize >= area.value().encode_utf16().count()
    })
}

/// Puts a text on the clipboard, where the browser lets us.
pub(crate) fn copy_text(text: &str) {
    if let Some(window) = web_sys::window() {
        // Whether it worked shows when it is pasted; there is nothing else to do about it.
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// Goes back to the first entry of the list that an event came from.
pub(crate) fn choose_first(event: &Event) {
    let list = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    if let Some(list) = list {
        list.set_selected_index(0);
    }
}

/// Scrolls the window so that the first element that fits stands at its top, where there is so much below it.
pub(crate) fn scroll_to(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(element) = document.and_then(|document| document.query_selector(selector).ok().flatten()) {
        element.scroll_into_view();
    }
}

/// Scrolls so that the first element that fits is in sight, within the box around the one that an event came from.
pub(crate) fn scroll_within(event: &Event, around: &str, selector: &str) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let around = target.closest(around).ok().flatten();
    if let Some(element) = around.and_then(|around| around.query_selector(selector).ok().flatten()) {
        element.scroll_into_view();
    }
}

/// Brings what has just been unfolded into sight, and scrolls no further than that takes.
pub(crate) fn show_unfolded(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(details) = target.filter(|details| details.has_attribute("open")) {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        details.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Scrolls a box to its end.
pub(crate) fn scroll_to_end(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}

/// Scrolls a list so far that its selected entry is in sight; the page itself stays where it is.
pub(crate) fn show_selected(list: &NodeRef) {
    let Some(list) = list.cast::<HtmlElement>() else { return };
    let entry = list.query_selector("[aria-selected='true']").ok().flatten();
    let Some(entry) = entry.and_then(|entry| entry.dyn_into::<HtmlElement>().ok()) else { return };
    let (top, bottom) = (entry.offset_top(), entry.offset_top() + entry.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if bottom > list.scroll_top() + list.client_height() {
        list.set_scroll_top(bottom - list.client_height());
    }
}

/// Closes the menu that is open, unless the event came out of it.
pub(crate) fn close_other_menu(event: &Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let root = target.closest(".ks").ok().flatten();
    let open = root.and_then(|root| root.query_selector("details.menu[open]").ok().flatten());
    if let Some(open) = open.filter(|open| !open.contains(Some(&target))) {
        // Where it cannot be closed it stays open; a click on its name still closes it.
        let _ = open.remove_attribute("open");
    }
}

/// Opens or closes a dialog. While it is open nothing else of the document takes the focus or a click; the browser
/// closes it at Esc, and gives the focus back to where it was.
pub(crate) fn show_modal(dialog: &NodeRef, is_shown: bool) {
    let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
    match (is_shown, dialog.open()) {
        // It opens wherever it is on a page, and it is.
        (true, false) => drop(dialog.show_modal()),
        (false, true) => dialog.close(),
        _ => {}
    }
}

/// Whether a dialog is open now.
pub(crate) fn is_open(dialog: &NodeRef) -> bool {
    dialog.cast::<HtmlDialogElement>().is_some_and(|dialog| dialog.open())
}

/// Whether an event came from something that text is typed into.
pub(crate) fn is_text_field(event: &Event) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
        let name = element.tag_name().to_ascii_lowercase();
        let kind = element.get_attribute("type").unwrap_or_default();
        name == "textarea" || (name == "input" && !matches!(&*kind, "range" | "radio" | "checkbox"))
    })
}

/// Gives an element a property for the style sheet. The page's policy allows no `style` attribute, and this.
pub(crate) fn set_property(node: &NodeRef, name: &str, value: u64) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // Any element takes a number.
        let _ = element.style().set_property(name, &value.to_string());
    }
}

/// Whether an event came out of a dialog.
pub(crate) fn is_in_dialog(event: &Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.closest("dialog").ok().flatten().is_some())
}

/// Where on an element a pointer event happened, in CSS pixels from its left edge.
pub(crate) fn pointer_x(event: &web_sys::MouseEvent) -> f64 {
    f64::from(event.offset_x())
}

/// Makes a text area as high as its lines.
pub(crate) fn fit_area(area: &NodeRef) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>() {
        area.set_rows(area.value().lines().count().clamp(1, 6) as u32);
    }
}

/// Width in CSS pixels of the element that an event came from.
pub(crate) fn target_width(event: &Event) -> f64 {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.map_or(0.0, |element| f64::from(element.client_width()))
}

/// Whether an event came from a button, which has keys of its own.
pub(crate) fn is_button(event: &Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.tag_name().eq_ignore_ascii_case("button"))
}

/// Where on an element a pointer event happened, in CSS pixels from its top.
pub(crate) fn pointer_y(event: &web_sys::MouseEvent) -> f64 {
    f64::from(event.offset_y())
}

fn fits(query: &str) -> bool {
    let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    list.is_some_and(|list| list.matches())
}

/// Whether the page shows one part below the other: as the style sheet has it.
pub(crate) fn is_narrow() -> bool {
    fits("(max-width: 860px)")
}

/// Whether the learner's system asks for less motion.
pub(crate) fn wants_less_motion() -> bool {
    fits("(prefers-reduced-motion: reduce)")
}

/// Calls back on each event of a kind, until it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    kind: &'static str,
    callback: Closure<dyn FnMut()>,
}

impl Listener {
    /// Of the window, also where the event does not bubble.
    pub(crate) fn of_window(kind: &'static str, callback: Box<dyn FnMut()>) -> Option<Listener> {
        Listener::new(web_sys::window()?.into(), kind, callback)
    }

    /// Of the answer to a media query.
    pub(crate) fn of_media(query: &str, callback: Box<dyn FnMut()>) -> Option<Listener> {
        Listener::new(web_sys::window()?.match_media(query).ok()??.into(), "change", callback)
    }

    fn new(target: EventTarget, kind: &'static str, callback: Box<dyn FnMut()>) -> Option<Listener> {
        let callback = Closure::wrap(callback);
        target
            .add_event_listener_with_callback_and_bool(kind, callback.as_ref().unchecked_ref(), true)
            .ok()?;
        Some(Listener { target, kind, callback })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        // What was put on can be taken off.
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.kind, callback, true);
    }
}
