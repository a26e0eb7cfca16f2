//! Small drawings; always beside a word or under a name.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct IconProps {
    /// Path data in a box of 16 by 16.
    pub path: &'static str,
}

#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={props.path} />
        </svg>
    }
}

pub(crate) const PLAY: &str = "M4.5 2.8v10.4L13 8z";
pub(crate) const PAUSE: &str = "M4.5 3v10M11.5 3v10";
pub(crate) const UNDO: &str = "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3 2.8 6.5 6 10";
pub(crate) const REDO: &str = "M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10 3l3.2 3.5L10 10";
pub(crate) const EVENT_FORWARD: &str = "M4 3v10l6-5zM12 3v10";
pub(crate) const EVENT_BACK: &str = "M12 3v10L6 8zM4 3v10";
pub(crate) const STEP_FORWARD: &str = "m6 3 5 5-5 5";
pub(crate) const STEP_BACK: &str = "M10 3 5 8l5 5";
pub(crate) const START: &str = "m13 3-5 5 5 5M8 3 3 8l5 5";
pub(crate) const END: &str = "m3 3 5 5-5 5M8 3l5 5-5 5";
pub(crate) const PLUS: &str = "M8 3v10M3 8h10";
pub(crate) const TABLE: &str = "M2.5 3.5h11v9h-11zM2.5 7h11M6.5 3.5v9";
pub(crate) const HELP: &str =
    "M6 6a2 2 0 1 1 2.8 1.9C8.2 8.2 8 8.6 8 9.3M8 12v.2M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13";
pub(crate) const REFUSED: &str = "M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM4.5 11.5l7-7";
pub(crate) const CHECK: &str = "m3 8.5 3.2 3.2L13 4.8";
pub(crate) const CLOSE: &str = "m4 4 8 8M12 4l-8 8";
pub(crate) const REPLAY: &str = "M3 8a5 5 0 1 0 1.6-3.7M4.8 1.5v3h3";
pub(crate) const WARNING: &str = "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2";
pub(crate) const OPEN_CIRCLE: &str = "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3";
/// One call after the other.
pub(crate) const POLL: &str =
    "M2 8a2.2 2.2 0 0 1 4.400 0 2.200 2.200 0 0 0 4.400 0 2.200 2.200 0 0 1 3.200-1.900";
/// A pipe.
pub(crate) const PUSH: &str = "M1.500 5.500h9M1.500 10.500h9M10.500 3.500 14.500 8l-4 4.500";
pub(crate) const BOOKMARK: &str = "M4 2.500h8v11l-4-3-4 3z";
pub(crate) const COPY: &str = "M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3";
pub(crate) const FORK: &str = "M5 2.500v11M5 8c4 0 6-1.500 6-5.500M8.500 5 11 2.500 13.500 5";
pub(crate) const MARK_BACK: &str = "M13 3v10M10 4 5.500 8l4.500 4M3 3v10";
pub(crate) const MARK_FORWARD: &str = "M3 3v10M6 4l4.500 4L6 12M13 3v10";
pub(crate) const WORDS: &str = "M2.500 4h11M2.500 8h11M2.500 12h7";
pub(crate) const ROWS: &str = "M2.500 3h11v3.500h-11zM2.500 9.500h11V13h-11z";
pub(crate) const GROW: &str = "M3 9.500 8 4.500l5 5M3 13h10";
pub(crate) const SHRINK: &str = "M3 4.500 8 9.500l5-5M3 13h10";
pub(crate) const MORE: &str = "M3.500 8v.1M8 8v.1M12.500 8v.1";
pub(crate) const SEARCH: &str =
    "M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9M10.300 10.300l3.700 3.700";
/// Takes the last word away.
pub(crate) const ERASE: &str = "M6 3.500h7.500v9H6L2 8zM8 6l3.500 4M11.500 6 8 10";
