//! What a learner sees when the sandbox itself breaks: an apology, and a way back to where they were.
//!
//! After a panic nothing of this module runs any more, so the screen is built from plain DOM and needs no handler:
//! it leads back by a link to the page itself, which resumes from what was kept.

use std::cell::RefCell;

use web_sys::Element;

use super::parts::is_whole;
use crate::words::{language, tr};

thread_local! {
    static HOSTS: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// From now on a panic replaces what stands in `host`.
pub(crate) fn guard(host: &Element) {
    yew::set_custom_panic_hook(Box::new(|info| show(&info.to_string())));
    HOSTS.with_borrow_mut(|hosts| hosts.push(host.clone()));
}

pub(crate) fn unguard(host: &Element) {
    HOSTS.with_borrow_mut(|hosts| hosts.retain(|known| known != host));
}

fn show(message: &str) {
    HOSTS.with(|hosts| {
        let Ok(hosts) = hosts.try_borrow() else { return };
        for host in hosts.iter() {
            let _ = build(host, message);
        }
    });
}

fn build(host: &Element, message: &str) -> Option<()> {
    let document = host.owner_document()?;
    // German is in the part of the module that comes later; what waits for it now would wait for ever.
    let tr = |text: &'static str| if is_whole() { tr(text) } else { text };
    let element = |name: &str, class: &str, text: &str| {
        let element = document.create_element(name).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Some(element)
    };
    let screen = element("main", "ks panic", "")?;
    let _ = screen.set_attribute("lang", if is_whole() { language().tag() } else { "en" });
    let words = element("div", "panic-words", "")?;
    let _ = words.set_attribute("role", "alert");
    let link = element("a", "button primary", tr("Reload and resume"))?;
    let _ = link.set_attribute("href", "");
    let title = element("h1", "", tr("The sandbox broke: our fault"))?;
    let advice = element(
        "p",
        "",
        tr("Your world is kept as it was after your last command. Reload the page to go on from there."),
    )?;
    for part in [title, advice] {
        let _ = words.append_child(&part);
    }
    for part in [words, link, element("pre", "", message)?] {
        let _ = screen.append_child(&part);
    }
    // What was kept of the session, to copy from should even resuming fail.
    if let Some(session) = super::storage::get(crate::app::files::SESSION_KEY) {
        let label = element("label", "field", tr("Your session"))?;
        let area = element("textarea", "code", &session)?;
        let _ = area.set_attribute("readonly", "");
        let _ = area.set_attribute("rows", "6");
        let _ = label.append_child(&area);
        let _ = screen.append_child(&label);
    }
    // The old children stay attached to their callbacks, but nobody sees them any more.
    host.set_text_content(None);
    let _ = host.append_child(&screen);
    Some(())
}
