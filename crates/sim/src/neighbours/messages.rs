//! Amazon SQS queues and SNS topics as counted lists: what arrived, not what becomes of it.
//!
//! Simpler than the real thing: a queue or topic is there as soon as something is sent to it; nobody receives, nothing
//! is deleted, subscriptions do not exist.

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{Instant, SortedMap};

/// Queues and topics by ARN.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    lists: SortedMap<String, MessageList>,
}

/// What was sent to one queue or topic.
#[derive(Clone, Debug, Default)]
pub struct MessageList {
    /// Messages ever sent to it.
    pub count: u64,
    newest: VecDeque<(Instant, Arc<str>)>,
}

impl MessageList {
    /// The newest messages with the times at which they were sent, oldest first.
    pub fn newest(&self) -> impl DoubleEndedIterator<Item = (Instant, &str)> {
        self.newest.iter().map(|(at, body)| (*at, &**body))
    }
}

impl Messages {
    /// Queues and topics of one world.
    pub const LISTS_MAX: usize = 100;
    /// Messages of each that are kept.
    pub const KEPT_MAX: usize = 50;
    /// Documented: Amazon SQS quotas, message size.
    pub const BODY_BYTES_MAX: usize = 1 << 20;

    pub fn lists(&self) -> impl Iterator<Item = (&String, &MessageList)> {
        self.lists.iter()
    }

    pub fn list(&self, arn: &str) -> Option<&MessageList> {
        self.lists.get(arn)
    }

    /// Sends a message; `false` where it is too large or there is no room for another queue.
    pub(crate) fn send(&mut self, now: Instant, arn: &str, body: String) -> bool {
        let is_known = self.lists.contains_key(arn);
        if body.len() > Messages::BODY_BYTES_MAX || (!is_known && self.lists.len() >= Messages::LISTS_MAX) {
            return false;
        }
        let list = self.lists.or_insert_with(arn.to_owned(), MessageList::default);
        list.count += 1;
        list.newest.push_back((now, Arc::from(body)));
        if list.newest.len() > Messages::KEPT_MAX {
            list.newest.pop_front();
        }
        true
    }
}
