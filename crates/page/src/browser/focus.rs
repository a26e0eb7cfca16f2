//! Where the focus goes, and stays.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};
use yew::NodeRef;

use super::dom::is_by_keyboard;

pub(crate) fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // Focus is a courtesy: where it fails, nothing is lost.
        let _ = element.focus();
    }
}

/// Moves focus to the first element below `root` that fits.
pub(crate) fn focus_first(root: &NodeRef, selector: &str) {
    let found = root.cast::<Element>().and_then(|root| root.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Moves focus to the first element below `root` that fits, where the focus was moved by keyboard before.
pub(crate) fn focus_first_by_keyboard(root: &NodeRef, selector: &str) {
    let page = root.cast::<Element>().and_then(|root| root.closest(".ks").ok().flatten());
    if page.is_some_and(|page| page.query_selector(":focus-visible").is_ok_and(|found| found.is_some())) {
        focus_first(root, selector);
    }
}

/// Moves focus to the first control of a part of the page around `inside` that takes it.
#[inline(never)]
pub(crate) fn focus_part(inside: &NodeRef, part: &str) {
    let page = inside.cast::<Element>().and_then(|inside| inside.closest(".ks").ok().flatten());
    let Some(page) = page else { return };
    let controls =
        ["", " select", " input", " textarea", " button", " [tabindex]"].map(|kind| part.to_owned() + kind);
    let Ok(found) = page.query_selector_all(&controls.join(", ")) else { return };
    let found = (0..found.length()).filter_map(|i| found.item(i)?.dyn_into::<HtmlElement>().ok());
    for control in found {
        // What is not shown takes no focus.
        let _ = control.focus();
        if control.matches(":focus").unwrap_or(false) {
            return;
        }
    }
}

/// Notes which control was used by keyboard. Where it goes away for what it did, as a form does that is sent,
/// `keep_focus` knows where it stood.
pub(crate) fn note_control(event: &web_sys::MouseEvent) {
    let control = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    USED.set(control.filter(|_| is_by_keyboard(event)).and_then(|control| {
        let part = control.closest(".panel, dialog").ok().flatten()?.dyn_into::<HtmlElement>().ok()?;
        let page = control.closest(".ks").ok().flatten()?;
        Some((control, part, page))
    }));
    IS_USED.set(true);
}

/// Keeps the focus in its part of the page where the control that was used last is gone. Without it the focus would be
/// nowhere, and a screen reader would begin anew.
#[inline(always)]
pub(crate) fn keep_focus() {
    // The first picture is made without the rest.
    if IS_USED.get() {
        look_for_control();
    }
}

#[inline(never)]
fn look_for_control() {
    let Some((control, part, page)) = USED.take() else { return };
    if control.is_connected() && control.closest("[hidden]").is_ok_and(|hidden| hidden.is_none()) {
        USED.set(Some((control, part, page)));
        return;
    }
    let focused = page.query_selector(":focus").ok().flatten();
    if focused.is_none_or(|focused| focused == control) {
        part.set_tab_index(-1);
        let _ = part.focus();
    }
}

thread_local! {
    /// The control that was used last by keyboard, its part of the page, and the page.
    static USED: Cell<Option<(Element, HtmlElement, Element)>> = const { Cell::new(None) };
    /// Whether a control was used at all.
    static IS_USED: Cell<bool> = const { Cell::new(false) };
}

/// Moves focus to the first button of the row that stands so many before or after the one that a key was pressed in.
pub(crate) fn focus_sibling_row(event: &Event, step: i32) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let mut row = element.and_then(|element| element.closest("li").ok().flatten());
    for _ in 0..step.abs() {
        row =
            row.and_then(
                |row| if step < 0 { row.previous_element_sibling() } else { row.next_element_sibling() },
            );
    }
    let button = row.and_then(|row| row.query_selector("button").ok().flatten());
    let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) else { return false };
    button.focus().is_ok()
}

/// Moves focus to a neighbour, counted from the first, of the element that an event came from.
pub(crate) fn focus_nth_sibling(event: &Event, place: u32) {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let siblings = element.and_then(|element| element.parent_element()).map(|parent| parent.children());
    let sibling = siblings.and_then(|siblings| siblings.item(place));
    if let Some(sibling) = sibling.and_then(|sibling| sibling.dyn_into::<HtmlElement>().ok()) {
        let _ = sibling.focus();
    }
}
