//! The metrics that CloudWatch shows shard by shard once they are enabled.

use serde::{Serialize, Serializer};

/// A shard-level metric.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ShardLevelMetric {
    IncomingBytes,
    IncomingRecords,
    OutgoingBytes,
    OutgoingRecords,
    WriteProvisionedThroughputExceeded,
    ReadProvisionedThroughputExceeded,
    IteratorAgeMilliseconds,
}

impl ShardLevelMetric {
    /// Every metric, in the order of the service model.
    pub const ALL: [ShardLevelMetric; 7] = [
        ShardLevelMetric::IncomingBytes,
        ShardLevelMetric::IncomingRecords,
        ShardLevelMetric::OutgoingBytes,
        ShardLevelMetric::OutgoingRecords,
        ShardLevelMetric::WriteProvisionedThroughputExceeded,
        ShardLevelMetric::ReadProvisionedThroughputExceeded,
        ShardLevelMetric::IteratorAgeMilliseconds,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            ShardLevelMetric::IncomingBytes => "IncomingBytes",
            ShardLevelMetric::IncomingRecords => "IncomingRecords",
            ShardLevelMetric::OutgoingBytes => "OutgoingBytes",
            ShardLevelMetric::OutgoingRecords => "OutgoingRecords",
            ShardLevelMetric::WriteProvisionedThroughputExceeded => "WriteProvisionedThroughputExceeded",
            ShardLevelMetric::ReadProvisionedThroughputExceeded => "ReadProvisionedThroughputExceeded",
            ShardLevelMetric::IteratorAgeMilliseconds => "IteratorAgeMilliseconds",
        }
    }
}

impl Serialize for ShardLevelMetric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
