//! What the service does by itself follows from what was asked of it before: which fact stands behind which stream,
//! consumer and subscription.

use std::sync::Arc;

use kinesis::{Fact, ShardId, SortedMap, StreamName};

use crate::cause::Link;

/// The newest fact behind each thing of the service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Topics {
    streams: SortedMap<StreamName, Topic>,
    /// By number.
    subscriptions: SortedMap<u64, Link>,
}

#[derive(Clone, Debug)]
struct Topic {
    /// The last change of its status.
    status: Link,
    consumers: SortedMap<Arc<str>, Link>,
    /// Closed shards that are still there.
    closed: SortedMap<ShardId, Link>,
}

impl Topics {
    /// What a fact of the service's own making follows from.
    #[allow(clippy::wildcard_enum_match_arm)] // What is no thing of its own belongs to its stream.
    pub(crate) fn behind(&self, fact: &Fact) -> Option<Link> {
        match fact {
            Fact::EventPushed { subscription, .. } | Fact::SubscriptionEnded { subscription, .. } => {
                self.subscriptions.get(subscription).copied()
            }
            Fact::ConsumerStatusChanged { stream, consumer, .. }
            | Fact::ConsumerDeregistered { stream, consumer } => {
                self.streams.get(stream)?.consumers.get(consumer).copied()
            }
            Fact::ShardExpired { stream, shard } => self.streams.get(stream)?.closed.get(shard).copied(),
            fact => self.streams.get(fact.stream()).map(|topic| topic.status),
        }
    }

    /// What follows from a fact from now on.
    pub(crate) fn record(&mut self, fact: &Fact, link: Link) {
        match fact {
            Fact::StreamStatusChanged { stream, .. } => self.topic(stream, link).status = link,
            Fact::StreamDeleted { stream } => {
                self.streams.remove(stream);
            }
            Fact::ConsumerStatusChanged { stream, consumer, .. } => {
                self.topic(stream, link).consumers.insert(consumer.clone(), link);
            }
            Fact::ConsumerDeregistered { stream, consumer } => {
                self.topic(stream, link).consumers.remove(consumer);
            }
            Fact::ShardClosed { stream, shard } => {
                self.topic(stream, link).closed.insert(*shard, link);
            }
            Fact::ShardExpired { stream, shard } => {
                self.topic(stream, link).closed.remove(shard);
            }
            Fact::Subscribed { subscription, .. } => self.subscriptions.insert(*subscription, link),
            Fact::SubscriptionEnded { subscription, .. } => {
                self.subscriptions.remove(subscription);
            }
            Fact::RetentionChanged { .. }
            | Fact::SettingChanged { .. }
            | Fact::ShardOpened { .. }
            | Fact::RecordsAppended { .. }
            | Fact::WriteThrottled { .. }
            | Fact::IteratorIssued { .. }
            | Fact::RecordsRead { .. }
            | Fact::ReadThrottled { .. }
            | Fact::EventPushed { .. }
            | Fact::ShardEndReached { .. } => {}
        }
    }

    fn topic(&mut self, stream: &StreamName, link: Link) -> &mut Topic {
        let new = || Topic { status: link, consumers: SortedMap::new(), closed: SortedMap::new() };
        self.streams.or_insert_with(stream.clone(), new)
    }
}
