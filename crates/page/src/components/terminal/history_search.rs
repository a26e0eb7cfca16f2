//! Search in the lines that were typed, as Ctrl R does in a shell.

use yew::prelude::*;

use crate::browser::{dom, focus};
use crate::words::tr;

/// Lines that are shown at most.
const FOUND_MAX: usize = 12;

/// Lines in which all words of the query stand, the newest first, each once.
pub(super) fn search(lines: &[String], query: &str) -> Vec<String> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<String> = Vec::new();
    for line in lines.iter().rev() {
        let lower = line.to_lowercase();
        if words.iter().all(|word| lower.contains(word)) && !found.contains(line) {
            found.push(line.clone());
        }
        if found.len() == FOUND_MAX {
            break;
        }
    }
    found
}

#[derive(Properties, PartialEq)]
pub(super) struct HistorySearchProps {
    /// Lines that were run, oldest first.
    pub lines: Vec<String>,
    /// The line that was chosen; none where the search was left.
    pub on_done: Callback<Option<String>>,
}

#[derive(Default)]
pub(super) struct HistorySearch {
    input: NodeRef,
    list: NodeRef,
    query: String,
    found: Vec<String>,
    marked: usize,
}

pub(super) enum SearchMsg {
    Typed(String),
    Move(bool),
    Done(Option<usize>),
}

impl Component for HistorySearch {
    type Message = SearchMsg;
    type Properties = HistorySearchProps;

    fn create(ctx: &Context<HistorySearch>) -> HistorySearch {
        let found = search(&ctx.props().lines, "");
        HistorySearch { found, ..HistorySearch::default() }
    }

    fn update(&mut self, ctx: &Context<HistorySearch>, msg: SearchMsg) -> bool {
        match msg {
            SearchMsg::Typed(query) => {
                self.found = search(&ctx.props().lines, &query);
                self.query = query;
                self.marked = 0;
            }
            SearchMsg::Move(is_older) => {
                let last = self.found.len().saturating_sub(1);
                self.marked =
                    if is_older { (self.marked + 1).min(last) } else { self.marked.saturating_sub(1) };
            }
            SearchMsg::Done(place) => {
                let line = place.and_then(|place| self.found.get(place).cloned());
                ctx.props().on_done.emit(line);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<HistorySearch>) -> Html {
        let link = ctx.link();
        let marked = self.marked;
        let on_key = link.batch_callback(move |event: KeyboardEvent| {
            let is_again = event.ctrl_key() && event.key() == "r";
            let msg = match event.key().as_str() {
                _ if is_again => SearchMsg::Move(true),
                "ArrowDown" => SearchMsg::Move(true),
                "ArrowUp" => SearchMsg::Move(false),
                "Enter" => SearchMsg::Done(Some(marked)),
                "Escape" => SearchMsg::Done(None),
                _ => return None,
            };
            event.prevent_default();
            Some(msg)
        });
        let rows = self.found.iter().enumerate().map(|(place, line)| {
            let keep = Callback::from(|event: MouseEvent| event.prevent_default());
            html! {
                <li
                    key={place}
                    id={format!("found-{place}")}
                    role="option"
                    aria-selected={(place == marked).to_string()}
                    onmousedown={keep}
                    onclick={link.callback(move |_: MouseEvent| SearchMsg::Done(Some(place)))}
                >
                    <code>{ line }</code>
                </li>
            }
        });
        let count = match self.found.len() {
            0 => tr("No line has that").to_owned(),
            1 => tr("1 line").to_owned(),
            more => (more as u64).to_string() + tr(" lines"),
        };
        html! {
            <div class="search">
                <input
                    type="text"
                    ref={self.input.clone()}
                    role="combobox"
                    aria-label={tr("Search in earlier lines")}
                    aria-expanded={(!self.found.is_empty()).to_string()}
                    aria-haspopup="listbox"
                    aria-autocomplete="list"
                    aria-controls="found"
                    aria-activedescendant={(!self.found.is_empty()).then(|| format!("found-{marked}"))}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder={tr("Search in earlier lines")}
                    value={self.query.clone()}
                    oninput={link.callback(|event: InputEvent| SearchMsg::Typed(dom::value_of(&event)))}
                    onkeydown={on_key}
                    onblur={link.callback(|_: FocusEvent| SearchMsg::Done(None))}
                />
                <span role="status" class="found-count">{ count }</span>
                <ul id="found" class="offers" role="listbox" aria-label={tr("Earlier lines")} hidden={self.found.is_empty()} ref={self.list.clone()}>
                    { for rows }
                </ul>
            </div>
        }
    }

    fn rendered(&mut self, _ctx: &Context<HistorySearch>, is_first: bool) {
        if is_first {
            focus::focus(&self.input);
        }
        dom::show_selected(&self.list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_line_with_all_words_comes_first_and_each_once() {
        let lines: Vec<String> = [
            "aws kinesis list-streams",
            "sandbox undo",
            "aws kinesis put-record",
            "aws kinesis list-streams",
        ]
        .map(str::to_owned)
        .to_vec();
        assert_eq!(
            search(&lines, ""),
            ["aws kinesis list-streams", "aws kinesis put-record", "sandbox undo"]
        );
        assert_eq!(search(&lines, "PUT kin"), ["aws kinesis put-record"]);
        assert_eq!(search(&lines, "crash"), [""; 0]);
    }
}
