//! Making a call and printing its answer, page after page where the AWS CLI does so.

use kinesis::{ApiError, Response};
use serde_json::Value;
use sim::{CLI_CALL_TIME, Observer, Sandbox};

use super::{AwsCall, paging, print, service_error};
use crate::run::Output;

/// Pages that one line fetches: more than an account can have.
const PAGES_MAX: u32 = 10_000;

impl AwsCall {
    pub(crate) fn run<O: Observer>(&self, sandbox: &mut Sandbox<O>) -> Output {
        if let Err(message) = check_region(sandbox, self.region.as_deref()) {
            return Output::not_here(&message);
        }
        let operation = self.request.operation();
        let mut output = match self.answer(sandbox) {
            Ok(answer) => Output {
                stderr: failed_records_hint(&answer).unwrap_or_default(),
                ..Output::printed(print::json(&answer))
            },
            Err(error) => {
                let message = service_error(operation, error.code().name(), error.message());
                let hint = if error.code().is_retryable() { RETRY_HINT } else { "" };
                Output::failed(254, format!("\naws: [ERROR]: {message}\n{hint}"))
            }
        };
        for hint in &self.hints {
            output.stderr.push_str(hint);
            output.stderr.push('\n');
        }
        output
    }

    fn answer<O: Observer>(&self, sandbox: &mut Sandbox<O>) -> Result<Value, ApiError> {
        let answer = sandbox.request(self.request.clone());
        let pager = paging::pager(self.request.operation()).filter(|_| self.is_paged);
        let result = match (answer, pager) {
            (Ok(first), Some(pager)) => self.all_pages(sandbox, first, pager),
            (Ok(answer), None) => Ok(print::to_value(answer)),
            (Err(error), _) => Err(error),
        };
        // However many pages: a line that was typed is one call to the learner.
        sandbox.advance(CLI_CALL_TIME, None);
        result
    }

    fn all_pages<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        first: Response,
        pager: &paging::Pager,
    ) -> Result<Value, ApiError> {
        let operation = self.request.operation();
        let request = awsjson::members_of(&self.request);
        let mut pages = vec![print::to_value(first)];
        for _ in 1..PAGES_MAX {
            let next = pages.last().and_then(|page| pager.next(&request, page));
            let Some(Ok(next)) = next.map(|given| awsjson::decode_members(operation, given)) else { break };
            pages.push(print::to_value(sandbox.request(next)?));
        }
        Ok(pager.merge(pages))
    }
}

/// Documented: botocore's standard retry mode makes three attempts. Here a typed line is one call, so that what it
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
pub(crate) fn check_region<O: Observer>(sandbox: &Sandbox<O>, region: Option<&str>) -> Result<(), String> {
    let own = &sandbox.options().region;
    match region.filter(|region| region != own) {
        None => Ok(()),
        Some(other) => Err(format!(
            "your streams are in {own}, the only Region that is simulated here; in {other} there are none. Each \
             Region has streams of its own."
        )),
    }
}
