//! The page: Yew components and the only code that touches a browser.

use wasm_bindgen::prelude::*;
use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <main><h1>{ "Kinesis Sandbox" }</h1></main> }
}

/// A sandbox that stands in an element of the page.
#[wasm_bindgen]
pub struct MountedSandbox {
    app: AppHandle<App>,
}

#[wasm_bindgen]
impl MountedSandbox {
    /// Takes the sandbox out of its element.
    pub fn destroy(self) {
        self.app.destroy();
    }
}

/// Puts a sandbox into `host`.
#[wasm_bindgen]
pub fn mount(host: web_sys::Element, _options: JsValue) -> MountedSandbox {
    MountedSandbox { app: yew::Renderer::<App>::with_root(host).render() }
}
