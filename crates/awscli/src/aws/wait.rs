//! `aws kinesis wait …`: asks DescribeStream again and again until the stream is there, or is gone.
//!
//! Documented: waiters of botocore 1.44: 10 seconds between two polls, at most 18 polls. Texts observed with AWS CLI
//! 2.9.19.

use kinesis::{ApiError, DescribeStreamInput, Duration, ErrorCode, Request, Response, StreamStatus};
use sim::{CLI_CALL_TIME, Observer, Sandbox};

use super::call::patiently;

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waiter {
    StreamExists,
    StreamNotExists,
}

const DELAY: Duration = Duration::from_seconds(10);
const POLLS_MAX: u32 = 18;

impl Waiter {
    pub const ALL: [Waiter; 2] = [Waiter::StreamExists, Waiter::StreamNotExists];

    /// The name in the API: `StreamExists`.
    pub const fn name(self) -> &'static str {
        match self {
            Waiter::StreamExists => "StreamExists",
            Waiter::StreamNotExists => "StreamNotExists",
        }
    }

    /// The name at the prompt: `stream-exists`.
    pub const fn command(self) -> &'static str {
        match self {
            Waiter::StreamExists => "stream-exists",
            Waiter::StreamNotExists => "stream-not-exists",
        }
    }

    /// Waits on virtual time; the error is the sentence that the AWS CLI ends with.
    pub(crate) fn wait<O: Observer>(
        self,
        sandbox: &mut Sandbox<O>,
        input: &DescribeStreamInput,
    ) -> Result<(), String> {
        for poll in 1..=POLLS_MAX {
            let answer =
                patiently(sandbox, |sandbox| sandbox.request(Request::DescribeStream(input.clone())));
            sandbox.advance(CLI_CALL_TIME, None);
            if self.is_satisfied(&answer) {
                return Ok(());
            }
            if let Err(error) = answer {
                let reason = format!("An error occurred ({}): {}", error.code(), error.message());
                return Err(format!("Waiter {} failed: {reason}", self.name()));
            }
            if poll < POLLS_MAX {
                sandbox.advance(DELAY, None);
            }
        }
        Err(format!("Waiter {} failed: Max attempts exceeded", self.name()))
    }

    fn is_satisfied(self, answer: &Result<Response, ApiError>) -> bool {
        match (self, answer) {
            (Waiter::StreamExists, Ok(Response::DescribeStream(output))) => {
                output.stream_description.stream_status == StreamStatus::Active
            }
            (Waiter::StreamNotExists, Err(error)) => error.code() == ErrorCode::ResourceNotFound,
            _ => false,
        }
    }
}
