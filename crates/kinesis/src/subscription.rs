//! Subscriptions: what SubscribeToShard begins, one for each consumer and shard at a time.

use std::sync::Arc;

use serde::Serialize;

use crate::{ApiError, ChildShard, Fact, Instant, Quota, Records, SequenceNumber, ShardId, StreamName};

/// A consumer's place in one shard: its subscription, and what outlives it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    pub shard: ShardId,
    /// Counted over the service from 1.
    pub number: u64,
    /// When SubscribeToShard last succeeded.
    pub started: Instant,
    /// Bytes per second of this consumer alone. A new subscription goes on with what the one before has left.
    pub bytes: Quota,
    /// None once the subscription has ended.
    pub(crate) live: Option<Live>,
}

/// What a subscription that has not ended does next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Live {
    /// Index of the first record that was not pushed.
    pub(crate) next: u64,
    pub(crate) expires: Instant,
    /// When the next event is due, or the end.
    pub(crate) due: Instant,
}

impl Subscription {
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }
}

/// Which subscription: at most one is live at each place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Place {
    pub(crate) stream: StreamName,
    pub(crate) shard: ShardId,
    pub(crate) consumer: Arc<str>,
}

/// Why a subscription ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SubscriptionEnd {
    /// Five minutes are over.
    Expired,
    /// A closed shard was read to its end.
    ShardEnd,
    /// The client went away.
    Closed,
    /// The same consumer subscribed to the shard again.
    TakenOver,
    ConsumerDeregistered,
    StreamDeleted,
    ShardExpired,
}

/// What comes over the connection of a subscription: one event, or the exception that ends it.
#[derive(Clone, PartialEq, Debug)]
pub enum Push {
    Event(SubscribeToShardEvent),
    Exception(ApiError),
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SubscribeToShardEvent {
    pub records: Records,
    /// Where to go on with `AFTER_SEQUENCE_NUMBER`: it moves although no records come. Absent at the end of a closed
    /// shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuation_sequence_number: Option<SequenceNumber>,
    pub millis_behind_latest: u64,
    /// Present once a closed shard is read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_shards: Option<Vec<ChildShard>>,
}

impl SubscriptionEnd {
    /// The exception that the client is told; none where the connection just ends.
    pub(crate) fn exception(self, place: &Place, account: &str) -> Option<ApiError> {
        let Place { stream, shard, consumer } = place;
        match self {
            SubscriptionEnd::Expired | SubscriptionEnd::ShardEnd | SubscriptionEnd::Closed => None,
            // Documented: the connection before expires or fails with ResourceInUseException.
            SubscriptionEnd::TakenOver => {
                Some(ApiError::active_subscription(account, stream, *shard, consumer))
            }
            SubscriptionEnd::ConsumerDeregistered => Some(ApiError::consumer_not_found(consumer, account)),
            SubscriptionEnd::StreamDeleted => Some(ApiError::stream_not_found(stream, account)),
            SubscriptionEnd::ShardExpired => Some(ApiError::shard_does_not_exist(*shard, stream, account)),
        }
    }

    pub(crate) fn fact(self, place: Place, subscription: u64) -> Fact {
        let Place { stream, shard, consumer } = place;
        Fact::SubscriptionEnded { stream, consumer, shard, subscription, end: self }
    }
}
