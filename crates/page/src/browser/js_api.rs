//! The JavaScript face of the core: the `Sandbox` class, the same in Node and in a browser. It touches no DOM.

use awscli::Shell;
use awsjson::Reply;
use course::CourseObserver;
use js_sys::{Error, Object, Reflect, Uint8Array};
use kinesis::{Duration, ErrorCode, Instant, LimitsProfile, Operation, Request};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use sim::{CallerSpec, Delivery, Sandbox, SandboxOptions, ViewQuery, fact_view};
use wasm_bindgen::prelude::*;

use crate::desk::{self, PageSandbox};
use crate::language;

/// A world with its history.
#[wasm_bindgen(js_name = Sandbox)]
pub struct JsSandbox {
    shell: Shell,
    pub(super) sandbox: PageSandbox,
    /// What `advance` said too much when it rounded the time still to go up, in microseconds.
    rounded_up: u64,
}

#[wasm_bindgen(js_class = Sandbox)]
impl JsSandbox {
    /// A new world. Throws an Error with a sentence where an option is not possible.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "SandboxOptions")] options: &JsValue,
    ) -> Result<JsSandbox, Error> {
        let options = read_options(options, SANDBOX_OPTIONS)?;
        Ok(JsSandbox {
            sandbox: Sandbox::with_observer(options, CourseObserver::default()),
            shell: Shell::default(),
            rounded_up: 0,
        })
    }

    /// One request in AWS JSON 1.1 at the present instant: it takes no virtual time and never throws for bad input.
    /// The caller is the account's admin, or whom the third argument names; throws an Error where that is no Caller.
    #[wasm_bindgen(unchecked_return_type = "{ status: number; contentType: string; body: string }")]
    pub fn request(
        &mut self,
        target: &str,
        body: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "Caller")] caller: &JsValue,
    ) -> Result<Object, Error> {
        let caller = read_caller(caller)?;
        let reply = match awsjson::decode(target, body) {
            // Nobody would hold the connection.
            Ok(Request::SubscribeToShard(_)) => subscribe_instead(),
            Ok(request) => awsjson::encode(&match caller {
                None => self.sandbox.request(request),
                Some(caller) => self.sandbox.request_as(caller, request),
            }),
            Err(error) => error.to_reply(),
        };
        Ok(object(&[
            ("status", reply.status.into()),
            ("contentType", awsjson::CONTENT_TYPE.into()),
            ("body", reply.body.into()),
        ]))
    }

    /// SubscribeToShard at the present instant: answers like `request`, with an id where the status is 200. Then
    /// frames of `application/vnd.amazon.eventstream` come; see `poll`.
    #[wasm_bindgen(unchecked_return_type = "{ status: number; body: string; id?: number }")]
    pub fn subscribe(
        &mut self,
        body: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "Caller")] caller: &JsValue,
    ) -> Result<Object, Error> {
        let caller = read_caller(caller)?;
        let target = ["Kinesis_20131202.", Operation::SubscribeToShard.name()].concat();
        let answer = match awsjson::decode(&target, body) {
            Ok(Request::SubscribeToShard(input)) => {
                self.sandbox.subscribe_as(caller, input).map_err(|error| awsjson::encode(&Err(error)))
            }
            Ok(_) => unreachable!("a request is of the operation that was asked for"),
            Err(error) => Err(error.to_reply()),
        };
        Ok(match answer {
            Ok(id) => object(&[("status", 200.into()), ("body", "".into()), ("id", (id as f64).into())]),
            Err(reply) => object(&[("status", reply.status.into()), ("body", reply.body.into())]),
        })
    }

    /// The event-stream frames that came since the last call and are due by now: empty where there are none, null
    /// where the subscription has ended and every frame was handed out. A client is never too slow.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array | null")]
    pub fn poll(&mut self, id: f64) -> Result<JsValue, Error> {
        let Some(deliveries) = self.sandbox.poll(whole(id, "id")?) else { return Ok(JsValue::NULL) };
        let frames: Vec<u8> = deliveries
            .iter()
            .flat_map(|delivery| match delivery {
                Delivery::InitialResponse => awsjson::initial_response_frame(),
                Delivery::Push(push) => awsjson::push_frame(push),
            })
            .collect();
        Ok(Uint8Array::from(&frames[..]).into())
    }

    /// Drops a subscription; one that has ended, or was dropped before, stays so.
    pub fn close(&mut self, id: f64) -> Result<(), Error> {
        self.sandbox.close(whole(id, "id")?);
        Ok(())
    }

    /// One line as typed at the prompt; an AWS call takes 500 ms of virtual time.
    #[wasm_bindgen(unchecked_return_type = "{ stdout: string; stderr: string; exitCode: number }")]
    pub fn run(&mut self, line: &str) -> Object {
        output_object(&language::run(&mut self.shell, &mut self.sandbox, line, &mut |_| {}))
    }

    /// Lets virtual time pass, in whole milliseconds. With a budget of events it may stop earlier; returns what is
    /// still to go.
    pub fn advance(&mut self, ms: f64, budget: Option<f64>) -> Result<f64, Error> {
        let span = Duration::from_millis(whole(ms, "ms")?);
        let budget = budget.map(|budget| whole(budget, "budget")).transpose()?;
        // Whoever passes on what the last call returned ends where one call without a budget would have.
        let span = Duration::from_micros(span.micros().saturating_sub(self.rounded_up));
        let left = self.sandbox.advance(span, budget).micros();
        let left_ms = left.div_ceil(1_000);
        self.rounded_up = left_ms * 1_000 - left;
        Ok(left_ms as f64)
    }

    /// The present instant, in milliseconds since the Unix epoch.
    #[wasm_bindgen(js_name = nowMs)]
    pub fn now_ms(&self) -> f64 {
        self.sandbox.now().millis() as f64
    }

    /// The picture of the present instant.
    #[wasm_bindgen(unchecked_return_type = "WorldView")]
    pub fn view(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ViewQuery")] query: JsValue,
    ) -> Result<JsValue, Error> {
        let query = if query.is_undefined() || query.is_null() {
            ViewQuery::default()
        } else {
            known_members(&query, "ViewQuery", VIEW_QUERY_MEMBERS)?;
            serde_wasm_bindgen::from_value(query)
                .map_err(|error| Error::new(&format!("this is no ViewQuery: {error}")))?
        };
        to_js(&self.sandbox.view(&query))
    }

    /// Facts from number `since` on; `next` is the number to ask for next time.
    #[wasm_bindgen(unchecked_return_type = "{ facts: Fact[]; next: number; missed: number }")]
    pub fn facts(&self, since: Option<f64>) -> Result<Object, Error> {
        let since = whole(since.unwrap_or(0.0), "since")?;
        let world = self.sandbox.world();
        let facts: Vec<_> = world.facts_since(since).map(|fact| fact_view(world, fact)).collect();
        let missed = world.first_kept_fact().saturating_sub(since);
        Ok(object(&[
            ("facts", to_js(&facts)?),
            ("next", (world.fact_count() as f64).into()),
            ("missed", (missed as f64).into()),
        ]))
    }

    /// What led to the fact with this number, the fact itself first and a command or the service's own timetable last.
    /// Empty where it is not kept any more; of an older one that comes in masses, the first of a second stands for all.
    #[wasm_bindgen(unchecked_return_type = "WhyStep[]")]
    pub fn why(&self, number: f64) -> Result<JsValue, Error> {
        to_js(&awscli::why(&self.sandbox, whole(number, "number")?))
    }

    /// Goes back to before the last command that changed something; false where there is none.
    pub fn undo(&mut self) -> bool {
        self.sandbox.undo()
    }

    /// Goes forward again to where the last undo was made; false where nothing was undone.
    pub fn redo(&mut self) -> bool {
        self.sandbox.redo()
    }

    /// Goes to an instant of the history. Throws outside of it, naming it.
    pub fn seek(&mut self, ms: f64) -> Result<(), Error> {
        let to = Instant::from_millis(whole(ms, "ms")?);
        // The end of the history may lie within the last millisecond.
        let (from, end) = self.sandbox.span();
        let to = if to.millis() == from.millis() { to.max(from) } else { to };
        let to = if to.millis() == end.millis() { to.min(end) } else { to };
        self.sandbox.seek(to).map_err(|refusal| Error::new(refusal.reason()))
    }

    /// The session up to now: a header and one line of JSON for each command.
    pub fn save(&self) -> Result<String, Error> {
        self.sandbox.save().map_err(|refusal| Error::new(refusal.reason()))
    }

    /// Opens a saved session, of free play or of the exercise with this id. Throws an Error with line and reason; then
    /// nothing is loaded.
    pub fn load(text: &str, lesson: Option<String>) -> Result<JsSandbox, Error> {
        let lesson = lesson.map(|id| find_lesson(&id)).transpose()?;
        match desk::load(text, lesson) {
            Ok((sandbox, _)) => Ok(JsSandbox { sandbox, shell: Shell::default(), rounded_up: 0 }),
            Err(error) => Err(Error::new(&error.to_string())),
        }
    }

    /// The world in which an exercise begins. Throws an Error where there is no exercise with this id.
    #[wasm_bindgen(js_name = ofLesson)]
    pub fn of_lesson(lesson: &str) -> Result<JsSandbox, Error> {
        match course::start(find_lesson(lesson)?) {
            Ok(sandbox) => Ok(JsSandbox { sandbox, shell: Shell::default(), rounded_up: 0 }),
            Err(error) => Err(Error::new(&error.to_string())),
        }
    }

    /// The goals of the exercise, and which of them are reached; none in free play.
    #[wasm_bindgen(unchecked_return_type = "Goal[]")]
    pub fn goals(&self) -> js_sys::Array {
        let goals = course::goals(&self.sandbox);
        let goal = |goal: course::GoalState| {
            object(&[
                ("text", goal.text.into()),
                ("isReached", goal.is_reached.into()),
                ("reason", goal.reason.into()),
            ])
        };
        goals.into_iter().map(goal).collect()
    }

    /// A second world that has been through the same up to now, and goes its own way from here.
    pub fn fork(&self) -> JsSandbox {
        JsSandbox { sandbox: self.sandbox.fork(), shell: self.shell, rounded_up: self.rounded_up }
    }

    /// How another world differs from this one: the first thing that happened otherwise, and the figures that differ.
    /// null where they are the same to the last bit.
    #[wasm_bindgen(unchecked_return_type = "Difference | null")]
    pub fn difference(&self, other: &JsSandbox) -> Result<JsValue, Error> {
        let Some(difference) = self.sandbox.difference(&other.sandbox) else { return Ok(JsValue::NULL) };
        let fact = |sandbox: &PageSandbox, fact: &Option<sim::StampedFact>| match fact {
            Some(fact) => to_js(&fact_view(sandbox.world(), fact)),
            None => Ok(JsValue::NULL),
        };
        let first = match &difference.first {
            Some(first) => object(&[
                ("atMs", (first.at.millis() as f64).into()),
                ("here", fact(&self.sandbox, &first.here)?),
                ("there", fact(&other.sandbox, &first.there)?),
            ])
            .into(),
            None => JsValue::NULL,
        };
        let count = |figure: Option<u64>| figure.map_or(JsValue::NULL, |figure| (figure as f64).into());
        let figures: js_sys::Array = difference
            .figures
            .iter()
            .map(|figure| {
                object(&[
                    ("name", figure.name.as_str().into()),
                    ("here", count(figure.here)),
                    ("there", count(figure.there)),
                ])
            })
            .collect();
        Ok(object(&[("first", first), ("figures", figures.into())]).into())
    }

    /// 16 hex digits over everything that happened.
    pub fn digest(&self) -> String {
        self.sandbox.digest().to_string()
    }

    /// Version of the engine, as it stands in saved sessions.
    #[wasm_bindgen(js_name = engineVersion)]
    pub fn engine_version(&self) -> String {
        sim::ENGINE_VERSION.to_owned()
    }
}

/// The commands of a script, one by one, each as `Sandbox.run` takes it: comments and blank lines go, a command that
/// goes on over several lines stays whole.
#[wasm_bindgen]
pub fn commands(script: &str) -> Vec<String> {
    awscli::commands(script).into_iter().map(str::to_owned).collect()
}

fn find_lesson(id: &str) -> Result<&'static course::Lesson, Error> {
    course::lesson(id).ok_or_else(|| Error::new(&("there is no lesson ".to_owned() + id)))
}

/// What `request` says where only `subscribe` can answer.
fn subscribe_instead() -> Reply {
    let message = "SubscribeToShard answers with a stream of events: call subscribe() instead of request().";
    Reply::error(ErrorCode::NotSimulated.name(), message)
}

/// The options that a bare sandbox takes.
pub(crate) const SANDBOX_OPTIONS: &[&str] =
    &["seed", "startTimeMs", "region", "accountId", "limits", "history"];

/// Reads the options of a world; whatever else `options` has must be in `known`.
pub(crate) fn read_options(options: &JsValue, known: &[&str]) -> Result<SandboxOptions, Error> {
    let mut read = SandboxOptions::default();
    if options.is_undefined() || options.is_null() {
        return Ok(read);
    }
    known_members(options, "options", known)?;
    let get = |name: &str| Reflect::get(options, &name.into()).ok().filter(|value| !value.is_undefined());
    let number =
        |name: &str| get(name).map(|value| whole(value.as_f64().unwrap_or(f64::NAN), name)).transpose();
    let text = |name: &str| {
        get(name)
            .map(|value| value.as_string().ok_or_else(|| Error::new(&format!("{name} must be a string"))))
            .transpose()
    };
    if let Some(seed) = number("seed")? {
        read.seed = seed;
    }
    if let Some(start) = number("startTimeMs")? {
        read.start = Instant::from_millis(start);
    }
    if let Some(region) = text("region")? {
        read.region = region;
    }
    if let Some(account) = text("accountId")? {
        read.account = account;
    }
    if let Some(limits) = text("limits")? {
        read.limits = LimitsProfile::parse(&limits).ok_or_else(|| {
            let names = LimitsProfile::ALL.map(LimitsProfile::name).join(", ");
            Error::new(&format!("there are no limits {limits:?}: choose one of {names}"))
        })?;
    }
    if let Some(history) = get("history") {
        read.history = history.as_bool().ok_or_else(|| Error::new("history must be true or false"))?;
    }
    read.check().map_err(|refusal| Error::new(refusal.reason()))?;
    Ok(read)
}

const VIEW_QUERY_MEMBERS: &[&str] = &["stream", "records", "seconds", "firstShard", "shards"];

/// A `Caller`; none where it is absent or says nothing.
fn read_caller(caller: &JsValue) -> Result<Option<CallerSpec>, Error> {
    if caller.is_undefined() || caller.is_null() {
        return Ok(None);
    }
    known_members(caller, "caller", &["principal", "via"])?;
    let is_through_endpoint = match text_of(caller, "via")?.as_deref() {
        None | Some("internet") => false,
        Some("vpc-endpoint") => true,
        Some(_) => return Err(Error::new("via must be \"internet\" or \"vpc-endpoint\"")),
    };
    let spec = CallerSpec { principal: text_of(caller, "principal")?, is_through_endpoint };
    Ok((spec != CallerSpec::default()).then_some(spec))
}

/// A member that is text; none where it is absent.
pub(super) fn text_of(object: &JsValue, name: &str) -> Result<Option<String>, Error> {
    match Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined()) {
        None => Ok(None),
        Some(value) => match value.as_string() {
            Some(text) => Ok(Some(text)),
            None => Err(Error::new(&format!("{name} must be a string"))),
        },
    }
}

/// A member that is a whole number; none where it is absent.
pub(super) fn number_of(object: &JsValue, name: &str) -> Result<Option<u64>, Error> {
    let value = Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined());
    value.map(|value| whole(value.as_f64().unwrap_or(f64::NAN), name)).transpose()
}

/// Refuses what is no object and what has a member that nobody would read.
pub(super) fn known_members(value: &JsValue, what: &str, known: &[&str]) -> Result<(), Error> {
    let Some(object) = value.dyn_ref::<Object>() else {
        return Err(Error::new(&format!("the {what} must be an object")));
    };
    let mut names =
        Object::keys(object).iter().filter_map(|name| name.as_string()).collect::<Vec<_>>().into_iter();
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            Err(Error::new(&format!("there is no {name} in the {what}: it may have {}", known.join(", "))))
        }
        None => Ok(()),
    }
}

/// A whole number from 0 on that JavaScript holds exactly.
fn whole(number: f64, name: &str) -> Result<u64, Error> {
    // 2^53 - 1.
    if (0.0..=9_007_199_254_740_991.0).contains(&number) && number == number.trunc() {
        Ok(number as u64)
    } else {
        Err(Error::new(&format!("{name} must be a whole number from 0 to 9007199254740991")))
    }
}

pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, Error> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| Error::new(&error.to_string()))
}

pub(crate) fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

pub(crate) fn output_object(output: &language::Output) -> Object {
    object(&[
        ("stdout", output.stdout.as_str().into()),
        ("stderr", output.stderr.as_str().into()),
        ("exitCode", output.exit_code.into()),
    ])
}
