//! A page of Yew with one heading and nothing else.

use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[component]
fn Empty() -> Html {
    html! { <h1>{ "Empty" }</h1> }
}

/// Shows the page.
#[wasm_bindgen(start)]
pub fn start() {
    yew::Renderer::<Empty>::new().render();
}
