//! A page of Yew that somebody else might write: it counts clicks, and a sandbox stands in it.

use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[component]
fn Counter() -> Html {
    let clicks = use_state(|| 0);
    let is_open = use_state(|| true);
    let count = {
        let clicks = clicks.clone();
        Callback::from(move |_: MouseEvent| clicks.set(*clicks + 1))
    };
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <main onclick={count}>
            <h1>{ format!("Clicks: {}", *clicks) }</h1>
            <button onclick={toggle}>{ if *is_open { "Put the sandbox away" } else { "Bring it back" } }</button>
            if *is_open {
                <kinesis-sandbox scenario="hot-shard" view="stage" height="600">
                    <p>{ "Two shards, one of them hot." }</p>
                </kinesis-sandbox>
            }
        </main>
    }
}

/// Shows the page.
#[wasm_bindgen(start)]
pub fn start() {
    yew::Renderer::<Counter>::new().render();
}
