//! Making a call and printing its answer, page after page where the AWS CLI does so.

use kinesis::{ApiError, Instant, Operation, Request, Response};
use serde_json::Value;
use sim::{CLI_CALL_TIME, CallerSpec, Observer, Sandbox, World};

use super::paging::{Pager, Pages, Start};
use super::{AwsCall, Printing, paging, print, service_error};
use crate::nearest::nearest_choice;
use crate::run::{HeldIterator, IteratorFrom, Output};
use crate::surroundings::Surroundings;

/// Pages that one line fetches: more than an account can have.
const PAGES_MAX: u32 = 10_000;

/// What a call was answered with.
enum Answer {
    One(Value),
    Pages(Pages, &'static Pager),
}

impl AwsCall {
    pub(crate) fn run<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        surroundings: &Surroundings<'_>,
    ) -> Output {
        if let Err(message) = check_region(sandbox, self.region.as_deref(), surroundings) {
            return Output::not_here(&message);
        }
        if let Some(name) = &self.caller.principal
            && !sandbox.world().knows_identity(name)
        {
            return unknown_profile(sandbox, name);
        }
        let printing = match self.printing.settled(surroundings) {
            Ok(printing) => printing,
            Err(problem) => return Output::failed(255, format!("\naws: [ERROR]: {problem}\n")),
        };
        let operation = self.request.operation();
        let mut wire = String::new();
        let mut output = match self.answer(sandbox, &mut wire) {
            Ok(answer) => Output {
                iterators: self.held_iterator(&answer).into_iter().collect(),
                ..print_answer(&printing, operation, &answer)
            },
            Err(error) => {
                let (code, message) = (error.code().name(), error.message());
                let message = match error.code().is_retryable() {
                    true => format!(
                        "An error occurred ({code}) when calling the {operation} operation{MAX_RETRIES}: {message}"
                    ),
                    false => service_error(operation, code, message),
                };
                let is_tried_once = error.code().is_retryable() && !error.is_call_rate();
                let hint = match is_tried_once {
                    true => RETRY_HINT.to_owned(),
                    false => self.refusal_hint(sandbox, &message, surroundings),
                };
                Output::failed(254, format!("\naws: [ERROR]: {message}\n{hint}"))
            }
        };
        for hint in &self.hints {
            output.stderr.push_str(hint);
            output.stderr.push('\n');
        }
        output.stderr.insert_str(0, &wire);
        output
    }

    /// The nearest right word to one that only the service refuses; a whole line, or nothing.
    fn refusal_hint<O: Observer>(
        &self,
        sandbox: &Sandbox<O>,
        message: &str,
        surroundings: &Surroundings<'_>,
    ) -> String {
        let variable = match &self.request {
            Request::GetRecords(input) => input.shard_iterator.as_deref(),
            _ => None,
        };
        if let Some(name) = variable.filter(|name| surroundings.has_variable(name)) {
            return format!("sandbox: {name} is the name of a variable: did you mean ${name}?\n");
        }
        let near = match message.split_once("enum value set: [") {
            // Value 'latest' at 'shardIteratorType' failed to satisfy constraint: …
            Some((before, choices)) => {
                let value = before.split_once("Value '").and_then(|(_, rest)| rest.split_once('\''));
                let choices = choices.split(']').next().unwrap_or_default();
                value.and_then(|(value, _)| nearest_choice(value, choices.split(", ")))
            }
            None if message.contains("ResourceNotFoundException") => {
                let members = awsjson::members_of(&self.request);
                let name = members.get("StreamName").and_then(Value::as_str);
                name.and_then(|name| nearest_stream(sandbox.world(), name))
            }
            None => None,
        };
        near.map(|near| format!("sandbox: did you mean {near}?\n")).unwrap_or_default()
    }

    fn held_iterator(&self, answer: &Answer) -> Option<HeldIterator> {
        let Answer::One(answer) = answer else { return None };
        let (from, member) = match &self.request {
            Request::GetShardIterator(input) => {
                (IteratorFrom::Shard(input.shard_id.clone()?), "ShardIterator")
            }
            Request::GetRecords(input) => {
                (IteratorFrom::Iterator(input.shard_iterator.clone()?), "NextShardIterator")
            }
            _ => return None,
        };
        let token = answer.get(member).and_then(Value::as_str).map(str::to_owned);
        Some(HeldIterator { from, token })
    }

    fn answer<O: Observer>(&self, sandbox: &mut Sandbox<O>, wire: &mut String) -> Result<Answer, ApiError> {
        let pager = paging::pager(self.request.operation()).filter(|_| self.is_paged);
        let result = match pager {
            Some(pager) => self.pages(sandbox, pager, wire).map(|pages| Answer::Pages(pages, pager)),
            None => self.ask(sandbox, self.request.clone(), wire).map(Answer::One),
        };
        // However many pages: a line that was typed is one call to the learner.
        sandbox.advance(CLI_CALL_TIME, None);
        result
    }

    /// Documented: `PageIterator` of botocore 1.44.
    fn pages<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        pager: &Pager,
        wire: &mut String,
    ) -> Result<Pages, ApiError> {
        let operation = self.request.operation();
        let members = awsjson::members_of(&self.request);
        let options = &self.page_options;
        let mut start = match &options.starting_token {
            Some(token) => pager.start(token),
            None => Start { token: Value::Null, skipped: 0 },
        };
        let mut left = options.max_items.map(|items| usize::try_from(items).unwrap_or_default());
        let mut pages = Pages::default();
        for _ in 0..PAGES_MAX {
            let request = pager.request(&members, &start, options.page_size);
            let Ok(request) = awsjson::decode_members(operation, request) else { break };
            let mut page = self.ask(sandbox, request, wire)?;
            let next = pager.token_after(&page);
            pager.skip(&mut page, start.skipped);
            let count = pager.count(&page);
            if let Some(left) = left.filter(|left| *left < count) {
                pager.keep(&mut page, left);
                pages.pages.push(page);
                let cut = Start { skipped: start.skipped.saturating_add(left), ..start };
                pages.resume_token = Some(pager.written(&cut, true));
                break;
            }
            pages.pages.push(page);
            left = left.map(|left| left - count);
            let Some(token) = next else { break };
            start = Start { token, skipped: 0 };
            if left == Some(0) {
                pages.resume_token = Some(pager.written(&start, false));
                break;
            }
        }
        Ok(pages)
    }

    /// One call as botocore makes it: see [`patiently`].
    fn ask<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        request: Request,
        wire: &mut String,
    ) -> Result<Value, ApiError> {
        patiently(sandbox, |sandbox| self.attempt(sandbox, request.clone(), wire))
    }

    fn send<O: Observer>(&self, sandbox: &mut Sandbox<O>, request: Request) -> Result<Response, ApiError> {
        match self.caller == CallerSpec::default() {
            true => sandbox.request(request),
            false => sandbox.request_as(self.caller.clone(), request),
        }
    }

    fn attempt<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        request: Request,
        wire: &mut String,
    ) -> Result<Value, ApiError> {
        if !self.is_debug {
            return self.send(sandbox, request).map(print::to_value);
        }
        let body = Value::Object(awsjson::members_of(&request));
        let host = format!("kinesis.{}.amazonaws.com", sandbox.options().region);
        let operation = request.operation();
        wire.push_str(&format!(
            "> POST / HTTP/1.1\n> Host: {host}\n> Content-Type: {}\n> X-Amz-Target: Kinesis_20131202.{operation}\n> \n> {body}\n",
            awsjson::CONTENT_TYPE
        ));
        let answer = self.send(sandbox, request);
        let reply = awsjson::encode(&answer);
        wire.push_str(&format!(
            "< HTTP/1.1 {}\n< Content-Type: {}\n< \n",
            reply.status,
            awsjson::CONTENT_TYPE
        ));
        if !reply.body.is_empty() {
            wire.push_str(&format!("< {}\n", reply.body));
        }
        answer.map(print::to_value)
    }
}

/// What is said where somebody calls whom the sandbox does not know.
pub(super) fn unknown_profile<O: Observer>(sandbox: &Sandbox<O>, name: &str) -> Output {
    let role = format!("role/{name}");
    let hint = match sandbox.world().knows_identity(&role) {
        true => format!("did you mean {role}?"),
        false => "a profile here is default, a user of aws iam, or role/NAME".to_owned(),
    };
    let message = format!("The config profile ({name}) could not be found");
    Output::failed(255, format!("\naws: [ERROR]: {message}\nsandbox: {hint}\n"))
}

/// The stream that was probably meant, where there is none of that name.
pub(crate) fn nearest_stream(world: &World, name: &str) -> Option<String> {
    let streams = world.service().streams().map(|stream| stream.name.to_string());
    let streams: Vec<String> = streams.collect();
    nearest_choice(name, streams.iter().map(String::as_str)).filter(|near| near != name)
}

fn print_answer(printing: &Printing, operation: Operation, answer: &Answer) -> Output {
    let (hint, (stdout, problem)) = match answer {
        Answer::One(value) => (failed_records_hint(value), printing.answer(operation.name(), value)),
        Answer::Pages(pages, pager) => (None, printing.pages(operation.name(), pages, pager)),
    };
    let stderr = hint.unwrap_or_default();
    match problem {
        None => Output { stdout, stderr, ..Output::default() },
        // The call was made all the same.
        Some(problem) => {
            let stderr = format!("{stderr}\naws: [ERROR]: {problem}\n");
            Output { stdout, stderr, exit_code: 255, ..Output::default() }
        }
    }
}

/// Observed: AWS CLI 2.9.19 adds it to what it tried again.
const MAX_RETRIES: &str = " (reached max retries: 2)";

/// Documented: botocore's standard retry mode makes three attempts.
const ATTEMPTS_MAX: u32 = 3;

/// Tries again where an operation of the control plane was called too often, at the beginning of the next second of
/// virtual time: the real AWS CLI waits a random time of up to one second, then of up to two.
pub(super) fn patiently<O: Observer, T>(
    sandbox: &mut Sandbox<O>,
    mut attempt: impl FnMut(&mut Sandbox<O>) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    for _ in 1..ATTEMPTS_MAX {
        match attempt(sandbox) {
            Err(error) if error.is_call_rate() => {
                let next_second = Instant::from_seconds(sandbox.now().seconds() + 1);
                sandbox.advance(next_second.since(sandbox.now()), None);
            }
            answer => return answer,
        }
    }
    attempt(sandbox)
}

/// Documented: as above, where a shard's throughput is exceeded. Here a typed line is one such call, so that what it
/// does can be seen; saying so keeps it from being taken for what the real one does.
const RETRY_HINT: &str = "sandbox: the real AWS CLI tries twice more, waiting a little longer each time, before it \
                          says so.\n";

/// Documented: retries do not cover the failed entries of a PutRecords answer.
fn failed_records_hint(answer: &Value) -> Option<String> {
    let failed = answer.get("FailedRecordCount")?.as_u64().filter(|failed| *failed > 0)?;
    let all = answer.get("Records")?.as_array()?.len();
    Some(format!(
        "sandbox: {failed} of {all} records were refused although the call succeeded; neither the AWS CLI nor an SDK \
         sends them again by itself.\n"
    ))
}

/// The sandbox has one Region; elsewhere nothing would be found, which is easily mistaken for a fault.
pub(crate) fn check_region<O: Observer>(
    sandbox: &Sandbox<O>,
    region: Option<&str>,
    surroundings: &Surroundings<'_>,
) -> Result<(), String> {
    let own = &sandbox.options().region;
    let region = region.map(str::to_owned).or_else(|| region_setting(surroundings));
    match region.filter(|region| region != own) {
        None => Ok(()),
        Some(other) => Err(format!(
            "your streams are in {own}, the only Region that is simulated here; in {other} there are none. Each \
             Region has streams of its own."
        )),
    }
}

/// The Region of the variables or the settings.
///
/// Documented: AWS_REGION goes before AWS_DEFAULT_REGION, and both before the settings file.
pub(super) fn region_setting(surroundings: &Surroundings<'_>) -> Option<String> {
    let variable = surroundings.exported("AWS_REGION").or(surroundings.exported("AWS_DEFAULT_REGION"));
    variable.map(str::to_owned).or_else(|| surroundings.setting("region"))
}
