//! The page in an element of a document: what embedders call.

use std::cell::RefCell;
use std::rc::Rc;

use course::CourseObserver;
use js_sys::{Error, Function, Object};
use kinesis::Instant;
use sim::{Sandbox, SandboxOptions};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::{AppHandle, Callback, Renderer};

use super::{js_api, panic_screen, storage};
use crate::app::files::{LESSON_KEY, SESSION_KEY, THEME_KEY};
use crate::app::{App, AppProps, Msg, Theme};
use crate::desk::{self, SharedDesk, first_world};

type Listeners = Rc<RefCell<Vec<Function>>>;

/// A sandbox that stands in an element.
#[wasm_bindgen]
pub struct MountedSandbox {
    app: AppHandle<App>,
    host: Element,
    props: AppProps,
    listeners: Listeners,
}

const MOUNT_OPTIONS: &[&str] = &[
    "seed",
    "startTimeMs",
    "region",
    "accountId",
    "limits",
    "history",
    "session",
    "lesson",
    "view",
    "controls",
    "theme",
    "lang",
    "remember",
];

/// Puts a sandbox into `host`. Throws an Error with a sentence where an option is not possible.
#[wasm_bindgen]
pub fn mount(
    host: Element,
    #[wasm_bindgen(unchecked_optional_param_type = "MountOptions")] options: &JsValue,
) -> Result<MountedSandbox, Error> {
    let read = js_api::read_options(options, MOUNT_OPTIONS)?;
    let text = |name: &str| text_option(options, name);
    let remember = js_sys::Reflect::get(options, &"remember".into()).is_ok_and(|value| value.is_truthy());
    let theme = match text("theme") {
        Some(name) => Theme::parse(&name).ok_or_else(|| Error::new("theme must be auto, light or dark"))?,
        None => storage::get(THEME_KEY)
            .filter(|_| remember)
            .and_then(|name| Theme::parse(&name))
            .unwrap_or_default(),
    };
    let lesson = match text("lesson") {
        Some(id) => {
            let found = course::lesson(&id);
            Some(found.ok_or_else(|| Error::new(&("there is no lesson ".to_owned() + &id)))?)
        }
        None => None,
    };
    let given = match text("session") {
        Some(session) => {
            let loaded = desk::load(&session, lesson).map_err(|error| Error::new(&error.to_string()))?;
            Some(loaded.0)
        }
        None => None,
    };
    let kept = || {
        let kept = storage::get(SESSION_KEY).filter(|_| remember)?;
        let lesson = storage::get(LESSON_KEY).and_then(|id| course::lesson(&id));
        desk::load(&kept, lesson).ok().map(|(sandbox, _)| (sandbox, lesson))
    };
    let ((sandbox, lesson), resumed) = match (given, lesson) {
        (Some(sandbox), lesson) => ((sandbox, lesson), false),
        (None, Some(lesson)) => {
            let sandbox = course::start(lesson).map_err(|error| Error::new(&error.to_string()))?;
            ((sandbox, Some(lesson)), false)
        }
        (None, None) => match kept() {
            Some(kept) => (kept, true),
            None => ((first_world(read), None), false),
        },
    };
    let listeners = Listeners::default();
    let heard = listeners.clone();
    let on_event = Callback::from(move |(name, detail): (&'static str, String)| {
        let detail = js_api::object(&[("text", detail.as_str().into())]);
        for listener in heard.borrow().iter() {
            // A listener that throws is its own affair.
            let _ = listener.call2(&JsValue::NULL, &name.into(), &detail);
        }
    });
    panic_screen::guard(&host);
    let props = AppProps { desk: SharedDesk::new(sandbox, lesson), theme, remember, resumed, on_event };
    let app = Renderer::<App>::with_root_and_props(host.clone(), props.clone()).render();
    Ok(MountedSandbox { app, host, props, listeners })
}

#[wasm_bindgen]
impl MountedSandbox {
    /// Takes on a new theme; the world stays.
    pub fn update(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "MountOptions")] options: &JsValue,
    ) -> Result<(), Error> {
        js_api::read_options(options, MOUNT_OPTIONS)?;
        if let Some(name) = text_option(options, "theme") {
            let theme = Theme::parse(&name).ok_or_else(|| Error::new("theme must be auto, light or dark"))?;
            self.app.send_message(Msg::SetTheme(theme));
        }
        Ok(())
    }

    /// One line as typed at the page's prompt.
    #[wasm_bindgen(unchecked_return_type = "{ stdout: string; stderr: string; exitCode: number }")]
    pub fn run(&self, line: &str) -> Result<Object, Error> {
        let output = match self.props.desk.0.try_borrow_mut() {
            Ok(mut desk) => desk.run(line),
            Err(_) => return Err(Error::new("the sandbox is busy: call again when its event is over")),
        };
        self.app.send_message(Msg::Changed);
        Ok(js_api::output_object(&output))
    }

    pub fn play(&self) {
        self.app.send_message(Msg::Play(true));
    }

    pub fn pause(&self) {
        self.app.send_message(Msg::Play(false));
    }

    /// Goes to an instant, in milliseconds of virtual time, as far as the history reaches.
    pub fn seek(&self, ms: f64) {
        self.app.send_message(Msg::Seek(Instant::from_millis(ms.max(0.0) as u64).millis()));
    }

    /// The session up to now.
    pub fn save(&self) -> Result<String, Error> {
        let desk = self.props.desk.0.try_borrow().map_err(|_| Error::new("the sandbox is busy"))?;
        desk.sandbox.save().map_err(|refusal| Error::new(refusal.reason()))
    }

    /// Calls `listener(name, detail)` for each event: ready, solved, error.
    #[wasm_bindgen(js_name = onEvent)]
    pub fn on_event(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(name: string, detail: object) => void")] listener: Function,
    ) {
        self.listeners.borrow_mut().push(listener);
    }

    /// Takes the sandbox out of its element.
    pub fn destroy(self) {
        panic_screen::unguard(&self.host);
        // Yew's listeners on the host live on, and with them what they hold: the world must not.
        if let Ok(mut desk) = self.props.desk.0.try_borrow_mut() {
            let options = SandboxOptions { history: false, ..SandboxOptions::default() };
            desk.replace(Sandbox::with_observer(options, CourseObserver::default()), None);
        }
        self.app.destroy();
    }
}

fn text_option(options: &JsValue, name: &str) -> Option<String> {
    js_sys::Reflect::get(options, &name.into()).ok()?.as_string()
}
