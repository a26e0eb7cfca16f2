//! A command line of the transcript with what it printed.

use std::rc::Rc;

use yew::prelude::*;

use super::super::banner::CauseOf;
use super::super::breakable::unbroken;
use crate::desk::Block;
use crate::text::clock;

#[derive(Properties, PartialEq)]
pub(super) struct BlockProps {
    pub block: Rc<Block>,
}

/// The line with its wrong word marked, what stands on standard output, and what on standard error.
#[component]
pub(super) fn BlockView(props: &BlockProps) -> Html {
    let block = &props.block;
    let line = block.line.as_str();
    let wrong = block.wrong.clone().unwrap_or(line.len()..line.len());
    let parts = (line.get(..wrong.start), line.get(wrong.clone()), line.get(wrong.end..));
    let (before, word, after) = match parts {
        (Some(before), Some(word), Some(after)) => (before, word, after),
        _ => (line, "", ""),
    };
    html! {
        <div class="block">
            <div class="command">
                <span aria-hidden="true">{ "$ " }</span>
                <code>{ unbroken(before) }<mark>{ word }</mark>{ unbroken(after) }</code>
                <time>{ clock(block.at_ms) }</time>
            </div>
            <pre class="stdout" hidden={block.stdout.is_empty()}>{ &block.stdout }</pre>
            <pre class="stderr" hidden={block.stderr.is_empty()}>{ block.stderr.trim_start_matches('\n') }</pre>
            <CauseOf text={block.stderr.clone()} />
        </div>
    }
}
