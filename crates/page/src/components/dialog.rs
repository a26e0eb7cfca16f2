//! What covers the page until it is closed: the focus goes into it, stays there, and comes back to where it was.

use yew::prelude::*;

use super::icon::{CLOSE, Icon};
use crate::browser::dom::{is_open, show_modal};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub is_shown: bool,
    pub title: &'static str,
    pub class: &'static str,
    /// Told when it was closed, also where the browser did it because of Esc.
    pub on_close: Callback<()>,
    /// What stands in it; nothing while it is closed.
    pub children: Html,
}

/// The element stays on the page while it is closed: the browser gives the focus back only where it closes a dialog.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(props.is_shown, move |is_shown| show_modal(&dialog, *is_shown));
    }
    // The browser tells it later: by then it may be open again.
    let onclose = {
        let (dialog, on_close) = (dialog.clone(), props.on_close.clone());
        move |_: Event| {
            if !is_open(&dialog) {
                on_close.emit(());
            }
        }
    };
    let title_id = props.class.to_owned() + "-title";
    html! {
        <dialog
            ref={dialog}
            class={classes!("dialog", props.class)}
            aria-labelledby={title_id.clone()}
            // Esc: it is closed as by the button, once the page knows, so that it can be opened again at once.
            oncancel={props.on_close.reform(|event: Event| event.prevent_default())}
            {onclose}
        >
            <div class="dialog-head" hidden={!props.is_shown}>
                <h2 id={title_id}>{ tr(props.title) }</h2>
                <button
                    type="button"
                    class="quiet"
                    aria-label={tr("Close")}
                    onclick={props.on_close.reform(|_: MouseEvent| ())}
                >
                    <Icon path={CLOSE} />
                </button>
            </div>
            <div class="dialog-body">{ props.children.clone() }</div>
        </dialog>
    }
}
