//! Registered consumers of a stream, which read by enhanced fan-out.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::{Fact, Instant, Policy, Seconds, ShardId, SortedMap, StreamName, Subscription, Tags};

/// What a consumer is doing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsumerStatus {
    Creating,
    Active,
    Deleting,
}

impl ConsumerStatus {
    pub const fn name(self) -> &'static str {
        match self {
            ConsumerStatus::Creating => "CREATING",
            ConsumerStatus::Active => "ACTIVE",
            ConsumerStatus::Deleting => "DELETING",
        }
    }
}

impl fmt::Display for ConsumerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A registered consumer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consumer {
    pub name: Arc<str>,
    pub status: ConsumerStatus,
    pub created: Instant,
    pub tags: Tags,
    /// Subscriptions by shard: those that are live, and what outlives the others.
    pub subscriptions: SortedMap<ShardId, Subscription>,
    /// What the consumer lets callers do.
    pub(crate) policy: Option<Arc<Policy>>,
    /// When CREATING or DELETING ends.
    pub(crate) due: Option<Instant>,
}

/// A consumer as the API shows it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConsumerDescription {
    pub consumer_name: String,
    #[serde(rename = "ConsumerARN")]
    pub consumer_arn: String,
    pub consumer_status: ConsumerStatus,
    pub consumer_creation_timestamp: Seconds,
    /// Of the stream; only DescribeStreamConsumer shows it.
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

impl Consumer {
    pub(crate) fn change_due(&self) -> Option<Instant> {
        self.due
    }

    pub(crate) fn set_status(
        &mut self,
        stream: &StreamName,
        status: ConsumerStatus,
        due: Option<Instant>,
        facts: &mut Vec<Fact>,
    ) {
        self.status = status;
        self.due = due;
        let (stream, consumer) = (stream.clone(), self.name.clone());
        facts.push(Fact::ConsumerStatusChanged { stream, consumer, status });
    }

    /// Does what is due; false where the consumer is gone.
    pub(crate) fn settle(&mut self, stream: &StreamName, now: Instant, facts: &mut Vec<Fact>) -> bool {
        if self.due.is_none_or(|due| due > now) {
            return true;
        }
        if self.status == ConsumerStatus::Deleting {
            let consumer = self.name.clone();
            facts.push(Fact::ConsumerDeregistered { stream: stream.clone(), consumer });
            return false;
        }
        self.set_status(stream, ConsumerStatus::Active, None, facts);
        true
    }

    /// The consumer's ARN, that of its stream being known.
    pub fn arn(&self, stream_arn: &str) -> String {
        format!("{stream_arn}/consumer/{}:{}", self.name, self.created.seconds())
    }

    pub(crate) fn describe(&self, stream_arn: &str) -> ConsumerDescription {
        ConsumerDescription {
            consumer_name: self.name.to_string(),
            consumer_arn: self.arn(stream_arn),
            consumer_status: self.status,
            consumer_creation_timestamp: Seconds(self.created),
            stream_arn: None,
        }
    }
}

/// A consumer as a request names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConsumerArn<'a> {
    pub(crate) stream: &'a str,
    pub(crate) name: &'a str,
    /// In seconds since the epoch; absent where the request gave a name instead.
    pub(crate) created: Option<u64>,
}

impl<'a> ConsumerArn<'a> {
    pub(crate) fn parse(arn: &'a str) -> Option<ConsumerArn<'a>> {
        let (stream, consumer) = arn.split_once("/consumer/")?;
        let (name, created) = consumer.split_once(':')?;
        Some(ConsumerArn { stream, name, created: Some(created.parse().ok()?) })
    }
}

/// What an ARN of a resource means: a stream, or one of its consumers.
pub(crate) struct Resource {
    pub(crate) stream: StreamName,
    pub(crate) consumer: Option<Arc<str>>,
}
