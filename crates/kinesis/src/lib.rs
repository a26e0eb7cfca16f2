//! Amazon Kinesis Data Streams as a state machine: a request goes in, an answer and facts come out.
//!
//! The crate knows no clock, no dice, no latency, no actors, no command line and no browser: time and caller are
//! arguments of every call. Start at [`Service::handle`]; each operation has a file of its own in `operations`.

// The tests' helper names the crate as a user does, from within as from without.
#[cfg(test)]
extern crate self as kinesis;

mod account;
mod aggregate;
mod apart;
mod authorization;
mod blob;
mod call;
mod call_rates;
mod consumer;
mod error;
mod fact;
mod hash_key;
mod keys;
mod known_keys;
mod limits;
mod on_demand;
mod operations;
mod policy;
mod pushes;
mod quota;
mod recipe;
mod record;
mod records;
mod request;
mod scaling;
mod segment;
mod sequence_number;
mod service;
mod shard;
mod shard_id;
mod shard_iterator;
mod shard_level_metric;
mod shard_log;
mod sorted_map;
mod stream;
mod subscription;
mod tags;
#[cfg(test)]
mod testing;
mod time;
mod token;
mod validate;

pub use account::CommitmentDescription;
pub use aggregate::{UserRecord, aggregate, aggregate_size, deaggregate};
pub use apart::apart;
pub use blob::Blob;
pub use call::{CallContext, Caller, Via};
pub use consumer::{Consumer, ConsumerDescription, ConsumerStatus};
pub use error::{ApiError, ErrorCode};
pub use fact::{Fact, ReadLimit, StreamSetting, WriteLimit};
pub use hash_key::{HashKeyRange, hash_key_of, ring_share};
pub use keys::{KeyState, Keys};
pub use known_keys::known_hash_key;
pub use limits::{Limit, Limits, LimitsProfile};
pub use operations::*;
pub use policy::{Policy, PolicyError};
pub use quota::Quota;
pub use recipe::{Generated, Numbered, Numbers, Recipe, StoredRecipe};
pub use record::{EncryptionType, Record, StoredData, StoredRecord};
pub use records::Records;
pub use request::{Operation, Request, Response, Seconds};
pub use sequence_number::SequenceNumber;
pub use service::{Service, Starved};
pub use shard::{Closed, Shard};
pub use shard_id::ShardId;
pub use shard_iterator::{ShardIteratorType, place_of_iterator};
pub use shard_level_metric::ShardLevelMetric;
pub use shard_log::ShardLog;
pub use sorted_map::SortedMap;
pub use stream::{RecordDistribution, Stream, StreamMode, StreamName, StreamStatus};
pub use subscription::{Push, SubscribeToShardEvent, Subscription, SubscriptionEnd};
pub use tags::{Tag, Tags};
pub use time::{Duration, Instant};
