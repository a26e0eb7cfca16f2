//! How a program that reads by enhanced fan-out gets its consumer: it looks for it, registers it, and waits.
//!
//! Documented: the Kinesis Client Library does it so (`FanOutConsumerRegistration`), asking once a second.

use kinesis::{
    ApiError, ConsumerStatus, DescribeStreamConsumerInput, DescribeStreamSummaryInput, Duration, ErrorCode,
    Instant, RegisterStreamConsumerInput, Request, Response,
};

/// The way to an ACTIVE consumer.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    stream: String,
    consumer: String,
    stream_arn: Option<String>,
    is_missing: bool,
    /// Once the consumer is ACTIVE.
    consumer_arn: Option<String>,
    /// When to ask next; none while an answer is awaited, and at the end.
    ask_at: Option<Instant>,
}

const PAUSE: Duration = Duration::from_seconds(1);

impl Registration {
    pub(crate) fn new(stream: &str, consumer: &str) -> Registration {
        Registration {
            stream: stream.to_owned(),
            consumer: consumer.to_owned(),
            stream_arn: None,
            is_missing: false,
            consumer_arn: None,
            ask_at: Some(Instant::default()),
        }
    }

    /// The consumer's ARN, once it is ACTIVE.
    pub(crate) fn consumer_arn(&self) -> Option<&str> {
        self.consumer_arn.as_deref()
    }

    pub(crate) fn ask_at(&self) -> Option<Instant> {
        self.ask_at
    }

    /// What to ask for now.
    pub(crate) fn ask(&mut self) -> Request {
        self.ask_at = None;
        let consumer_name = Some(self.consumer.clone());
        match &self.stream_arn {
            None => {
                DescribeStreamSummaryInput { stream_name: Some(self.stream.clone()), stream_arn: None }.into()
            }
            Some(arn) if self.is_missing => {
                RegisterStreamConsumerInput { stream_arn: Some(arn.clone()), consumer_name, tags: None }
                    .into()
            }
            Some(arn) => DescribeStreamConsumerInput {
                stream_arn: Some(arn.clone()),
                consumer_name,
                consumer_arn: None,
            }
            .into(),
        }
    }

    /// Takes an answer; an error is one that asking again does not cure.
    pub(crate) fn answered(
        &mut self,
        now: Instant,
        result: Result<Response, ApiError>,
    ) -> Result<(), ErrorCode> {
        self.ask_at = Some(now);
        match result {
            Ok(Response::DescribeStreamSummary(output)) => {
                self.stream_arn = Some(output.stream_description_summary.stream_arn);
            }
            Ok(Response::DescribeStreamConsumer(output)) => {
                let consumer = output.consumer_description;
                if consumer.consumer_status == ConsumerStatus::Active {
                    self.consumer_arn = Some(consumer.consumer_arn);
                    self.ask_at = None;
                } else {
                    self.ask_at = Some(now + PAUSE);
                }
            }
            Ok(_) => {
                self.is_missing = false;
                self.ask_at = Some(now + PAUSE);
            }
            Err(error) => match (error.code(), self.stream_arn.is_some() && !self.is_missing) {
                (ErrorCode::ResourceNotFound, true) => {
                    self.is_missing = true;
                }
                // Somebody else was quicker, or the stream is being changed.
                (ErrorCode::ResourceInUse, _) => {
                    self.is_missing = false;
                    self.ask_at = Some(now + PAUSE);
                }
                (code, _) if code.is_retryable() => self.ask_at = Some(now + PAUSE),
                (code, _) => {
                    self.ask_at = None;
                    return Err(code);
                }
            },
        }
        Ok(())
    }
}
