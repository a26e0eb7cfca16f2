//! Names and units of the metrics that Kinesis publishes.

use kinesis::ShardLevelMetric;

/// Namespace of the metrics of streams.
pub(super) const KINESIS: &str = "AWS/Kinesis";

macro_rules! metrics {
    ($( #[doc = $doc:literal] $table:ident { $( $variant:ident = $name:literal, $unit:literal; )* } )*) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Copy, PartialEq, Eq, Debug)]
            pub(super) enum $table { $( $variant ),* }

            impl $table {
                pub(super) const ALL: &'static [$table] = &[ $( $table::$variant ),* ];

                pub(super) const fn name(self) -> &'static str {
                    match self { $( $table::$variant => $name ),* }
                }

                pub(super) const fn unit(self) -> &'static str {
                    match self { $( $table::$variant => $unit ),* }
                }
            }
        )*
    };
}

// Documented: Monitoring with CloudWatch, Developer Guide. The deprecated GetRecords.IteratorAge and
// PutRecords.Records are left out.
metrics! {
    /// Of a stream: dimension StreamName.
    StreamMetric {
        IncomingBytes = "IncomingBytes", "Bytes";
        IncomingRecords = "IncomingRecords", "Count";
        PutRecordBytes = "PutRecord.Bytes", "Bytes";
        PutRecordLatency = "PutRecord.Latency", "Milliseconds";
        PutRecordSuccess = "PutRecord.Success", "Count";
        PutRecordsBytes = "PutRecords.Bytes", "Bytes";
        PutRecordsLatency = "PutRecords.Latency", "Milliseconds";
        PutRecordsSuccess = "PutRecords.Success", "Count";
        PutRecordsTotal = "PutRecords.TotalRecords", "Count";
        PutRecordsSuccessful = "PutRecords.SuccessfulRecords", "Count";
        PutRecordsFailed = "PutRecords.FailedRecords", "Count";
        PutRecordsThrottled = "PutRecords.ThrottledRecords", "Count";
        WriteExceeded = "WriteProvisionedThroughputExceeded", "Count";
        GetRecordsBytes = "GetRecords.Bytes", "Bytes";
        GetRecordsRecords = "GetRecords.Records", "Count";
        GetRecordsLatency = "GetRecords.Latency", "Milliseconds";
        GetRecordsSuccess = "GetRecords.Success", "Count";
        IteratorAge = "GetRecords.IteratorAgeMilliseconds", "Milliseconds";
        ReadExceeded = "ReadProvisionedThroughputExceeded", "Count";
    }
    /// Of a consumer of a stream: dimensions StreamName and ConsumerName.
    ConsumerMetric {
        SubscribeSuccess = "SubscribeToShard.Success", "Count";
        SubscribeRate = "SubscribeToShard.RateExceeded", "Count";
        EventBytes = "SubscribeToShardEvent.Bytes", "Bytes";
        EventRecords = "SubscribeToShardEvent.Records", "Count";
        EventBehind = "SubscribeToShardEvent.MillisBehindLatest", "Milliseconds";
        EventSuccess = "SubscribeToShardEvent.Success", "Count";
    }
}

/// Unit of a metric of a shard: dimensions StreamName and ShardId.
pub(super) const fn shard_unit(metric: ShardLevelMetric) -> &'static str {
    match metric {
        ShardLevelMetric::IncomingBytes | ShardLevelMetric::OutgoingBytes => "Bytes",
        ShardLevelMetric::IteratorAgeMilliseconds => "Milliseconds",
        ShardLevelMetric::IncomingRecords
        | ShardLevelMetric::OutgoingRecords
        | ShardLevelMetric::WriteProvisionedThroughputExceeded
        | ShardLevelMetric::ReadProvisionedThroughputExceeded => "Count",
    }
}
