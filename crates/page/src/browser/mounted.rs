//! The page in an element of a document: what embedders call.

use std::cell::RefCell;
use std::rc::Rc;

use course::{CourseObserver, Lesson};
use js_sys::{Error, Function, Object};
use kinesis::Instant;
use sim::{Sandbox, SandboxOptions};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::{AppHandle, Callback, Renderer};

use super::{js_api, panic_screen, storage};
use crate::app::files::{DAMAGED_KEY, LANGUAGE_KEY, LESSON_KEY, SESSION_KEY, THEME_KEY};
use crate::app::{App, AppProps, Msg, Theme};
use crate::desk::{self, PageSandbox, SharedDesk, first_world};
use crate::embedding::{Controls, HostEvent, LANGUAGES, Shown};
use crate::words::{Language, say_in};

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
    "share",
];

/// Puts a sandbox into `host`. Throws an Error with a sentence where an option is not possible.
#[wasm_bindgen]
pub fn mount(
    host: Element,
    #[wasm_bindgen(unchecked_optional_param_type = "MountOptions")] options: &JsValue,
) -> Result<MountedSandbox, Error> {
    mount_asked(host, options).map_err(|error| said(&error, options))
}

fn mount_asked(host: Element, options: &JsValue) -> Result<MountedSandbox, Error> {
    let world = js_api::read_options(options, MOUNT_OPTIONS)?;
    let looks = Looks::read(options)?;
    let is_on = |name: &str| member(options, name).is_some_and(|value| value.is_truthy());
    let remember = is_on("remember");
    let kept_theme = || storage::get(THEME_KEY).filter(|_| remember).and_then(|name| Theme::parse(&name));
    let kept = || {
        let kept = storage::get(SESSION_KEY).filter(|_| remember)?;
        let lesson = storage::get(LESSON_KEY).and_then(|id| course::lesson(&id));
        match desk::load(&kept, lesson) {
            Ok((sandbox, _)) => Some(Ok((sandbox, lesson))),
            Err(error) => {
                // The next command would take its place.
                storage::set(DAMAGED_KEY, &kept);
                Some(Err(error.to_string()))
            }
        }
    };
    let ((sandbox, lesson), resumed, damage) = match asked_for(options)? {
        Some(asked) => (asked, false, None),
        None => match kept() {
            Some(Ok(kept)) => (kept, true, None),
            Some(Err(reason)) => ((first_world(world), None), false, Some(reason)),
            None => ((first_world(world), None), false, None),
        },
    };
    let kept_language = || {
        let tag = storage::get(LANGUAGE_KEY).filter(|_| remember)?;
        LANGUAGES.into_iter().find(|known| *known == tag)
    };
    let listeners = Listeners::default();
    let heard = listeners.clone();
    let on_event = Callback::from(move |event: HostEvent| {
        let (name, detail) = to_js(&event);
        // A listener may add another one.
        let listeners = heard.borrow().clone();
        for listener in &listeners {
            // A listener that throws is its own affair.
            let _ = listener.call2(&JsValue::NULL, &name.into(), &detail);
        }
    });
    panic_screen::guard(&host);
    let props = AppProps {
        desk: SharedDesk::new(sandbox, lesson),
        theme: looks.theme.or_else(kept_theme).unwrap_or_default(),
        shown: looks.shown.unwrap_or_default(),
        controls: looks.controls.unwrap_or_default(),
        language: looks.language.or_else(kept_language).unwrap_or(LANGUAGES[0]),
        remember,
        makes_links: is_on("share"),
        resumed,
        damage,
        on_event,
    };
    let app = Renderer::<App>::with_root_and_props(host.clone(), props.clone()).render();
    Ok(MountedSandbox { app, host, props, listeners })
}

/// The world that the options name: a saved session, an exercise, or both; none where they name neither.
fn asked_for(options: &JsValue) -> Result<Option<(PageSandbox, Option<&'static Lesson>)>, Error> {
    let lesson = match text_option(options, "lesson")? {
        Some(id) => {
            let found = course::lesson(&id);
            Some(found.ok_or_else(|| Error::new(&("there is no lesson ".to_owned() + &id)))?)
        }
        None => None,
    };
    let sandbox = match (text_option(options, "session")?, lesson) {
        (Some(session), lesson) => {
            desk::load(&session, lesson).map_err(|error| Error::new(&error.to_string()))?.0
        }
        (None, Some(lesson)) => course::start(lesson).map_err(|error| Error::new(&error.to_string()))?,
        (None, None) => return Ok(None),
    };
    Ok(Some((sandbox, lesson)))
}

/// How the page looks, as far as the options say.
struct Looks {
    theme: Option<Theme>,
    shown: Option<Shown>,
    controls: Option<Controls>,
    language: Option<&'static str>,
}

impl Looks {
    fn read(options: &JsValue) -> Result<Looks, Error> {
        let themes = Theme::ALL.map(|theme| (theme.name(), theme));
        let languages = LANGUAGES.map(|tag| (tag, tag));
        Ok(Looks {
            theme: choice("theme", text_option(options, "theme")?, &themes)?,
            shown: choice("view", text_option(options, "view")?, &Shown::NAMES)?,
            controls: choice("controls", text_option(options, "controls")?, &Controls::NAMES)?,
            // `de-AT` is German too.
            language: choice("lang", text_option(options, "lang")?.map(main_subtag), &languages)?,
        })
    }
}

#[wasm_bindgen]
impl MountedSandbox {
    /// Takes on new looks. A session, an exercise or an option of the world begins a new one in the place of this one.
    /// Throws an Error with a sentence where an option is not possible; then nothing changes.
    pub fn update(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "MountOptions")] options: &JsValue,
    ) -> Result<(), Error> {
        self.take_on(options).map_err(|error| said(&error, options))
    }

    fn take_on(&mut self, options: &JsValue) -> Result<(), Error> {
        let world = js_api::read_options(options, MOUNT_OPTIONS)?;
        let looks = Looks::read(options)?;
        let is_world_given = js_api::SANDBOX_OPTIONS.iter().any(|name| member(options, name).is_some());
        let begun = match asked_for(options)? {
            Some(asked) => Some(asked),
            None => is_world_given.then(|| (first_world(world), None)),
        };
        if let Some((sandbox, lesson)) = begun {
            match self.props.desk.0.try_borrow_mut() {
                Ok(mut desk) => desk.replace(sandbox, lesson),
                Err(_) => return Err(busy()),
            }
            self.app.send_message(Msg::Begun);
        }
        let messages = [
            looks.theme.map(Msg::SetTheme),
            looks.shown.map(Msg::Show),
            looks.controls.map(Msg::SetControls),
            looks.language.map(Msg::SetLanguage),
        ];
        messages.into_iter().flatten().for_each(|msg| self.app.send_message(msg));
        Ok(())
    }

    /// One line as typed at the page's prompt.
    #[wasm_bindgen(unchecked_return_type = "{ stdout: string; stderr: string; exitCode: number }")]
    pub fn run(&self, line: &str) -> Result<Object, Error> {
        let output = match self.props.desk.0.try_borrow_mut() {
            Ok(mut desk) => desk.run(line),
            Err(_) => return Err(busy()),
        };
        self.app.send_message(Msg::Changed);
        Ok(js_api::output_object(&output))
    }

    /// Begins a lesson that somebody wrote: the text of its file. Throws an Error with line and reason where the text is
    /// none; then nothing changes.
    #[wasm_bindgen(js_name = openLesson)]
    pub fn open_lesson(&self, text: &str) -> Result<(), Error> {
        let lesson = course::custom_lesson("lesson", text).map_err(|error| Error::new(&error.to_string()))?;
        self.app.send_message(Msg::StartCustom(Box::new(lesson)));
        Ok(())
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
        let desk = self.props.desk.0.try_borrow().map_err(|_| busy())?;
        desk.sandbox.save().map_err(|refusal| Error::new(refusal.reason()))
    }

    /// Calls `listener(name, detail)` for each event: ready, step, predict, check, solved, error, share,
    /// shareLesson.
    #[wasm_bindgen(js_name = onEvent)]
    pub fn on_event(&self, #[wasm_bindgen(unchecked_param_type = "SandboxListener")] listener: Function) {
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

/// A refusal in the language that the options ask for: an element shows it to its reader.
fn said(error: &Error, options: &JsValue) -> Error {
    let tag = member(options, "lang").and_then(|tag| tag.as_string());
    let message = String::from(error.message());
    Error::new(&tag.map_or(message.clone(), |tag| say_in(Language::of(&tag), message)))
}

fn busy() -> Error {
    Error::new("the sandbox is busy: call again when its event is over")
}

/// What listeners are called with.
fn to_js(event: &HostEvent) -> (&'static str, Object) {
    match event {
        HostEvent::Ready => ("ready", Object::new()),
        HostEvent::Step { now_ms } => ("step", js_api::object(&[("nowMs", (*now_ms as f64).into())])),
        HostEvent::Predict { question } => {
            ("predict", js_api::object(&[("question", question.as_str().into())]))
        }
        HostEvent::Check { goal, text, is_reached, reason } => (
            "check",
            js_api::object(&[
                ("goal", (*goal as f64).into()),
                ("text", text.as_str().into()),
                ("isReached", (*is_reached).into()),
                ("reason", reason.as_str().into()),
            ]),
        ),
        HostEvent::Solved => ("solved", Object::new()),
        HostEvent::Share { session, at_ms, lesson } => (
            "share",
            js_api::object(&[
                ("session", session.as_str().into()),
                ("atMs", (*at_ms as f64).into()),
                ("lesson", lesson.as_deref().map_or(JsValue::UNDEFINED, JsValue::from)),
            ]),
        ),
        HostEvent::ShareLesson { text } => ("shareLesson", js_api::object(&[("text", text.as_str().into())])),
        HostEvent::Error { text } => ("error", js_api::object(&[("text", text.as_str().into())])),
    }
}

fn member(options: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(options, &name.into()).ok().filter(|value| !value.is_undefined())
}

fn text_option(options: &JsValue, name: &str) -> Result<Option<String>, Error> {
    match member(options, name) {
        None => Ok(None),
        Some(value) => match value.as_string() {
            Some(text) => Ok(Some(text)),
            None => Err(Error::new(&(name.to_owned() + " must be a string"))),
        },
    }
}

/// `de` of the language tag `de-AT`.
fn main_subtag(mut tag: String) -> String {
    tag.truncate(tag.find('-').unwrap_or(tag.len()));
    tag.make_ascii_lowercase();
    tag
}

/// One of a few names; others are refused with those that there are.
fn choice<T: Copy>(name: &str, given: Option<String>, names: &[(&str, T)]) -> Result<Option<T>, Error> {
    let Some(given) = given else { return Ok(None) };
    match names.iter().find(|(it, _)| *it == given) {
        Some((_, value)) => Ok(Some(*value)),
        None => {
            let known: Vec<&str> = names.iter().map(|(it, _)| *it).collect();
            Err(Error::new(&(name.to_owned() + " must be one of " + &known.join(", "))))
        }
    }
}
