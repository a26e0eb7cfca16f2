//! Requests from their members and back, member by member.
//!
//! By hand instead of derived: readers and writers that are derived for values and for text cost a tenth of the
//! page. Bulk data does not come this way; see `put_records`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::*;
use serde_json::{Map, Value};
use smol_str::SmolStr;

type Members = Map<String, Value>;

/// What stands in a member. Its type was checked before: a value of another type is no value.
trait Content: Sized {
    fn read(value: Value) -> Option<Self>;
    fn write(&self) -> Value;
}

fn take<T: Content>(given: &mut Members, name: &str) -> Option<T> {
    given.get_mut(name).map(Value::take).and_then(T::read)
}

fn put<T: Content>(given: &mut Members, name: &str, content: &Option<T>) {
    if let Some(content) = content {
        given.insert(name.to_owned(), content.write());
    }
}

/// Structures of the model with their members in its order.
macro_rules! structures {
    ($( $structure:ident { $( $field:ident: $name:literal, )* } )*) => {
        $(
            impl Content for $structure {
                fn read(value: Value) -> Option<$structure> {
                    let Value::Object(mut given) = value else { return None };
                    Some($structure { $( $field: take(&mut given, $name), )* })
                }

                fn write(&self) -> Value {
                    let mut given = Members::new();
                    $( put(&mut given, $name, &self.$field); )*
                    Value::Object(given)
                }
            }
        )*
    };
}

structures! {
    AddTagsToStreamInput {
        stream_name: "StreamName",
        tags: "Tags",
        stream_arn: "StreamARN",
    }
    CreateStreamInput {
        stream_name: "StreamName",
        shard_count: "ShardCount",
        stream_mode_details: "StreamModeDetails",
        tags: "Tags",
        warm_throughput_mi_bps: "WarmThroughputMiBps",
        max_record_size_in_kib: "MaxRecordSizeInKiB",
        record_distribution_strategy: "RecordDistributionStrategy",
    }
    StreamModeDetails {
        stream_mode: "StreamMode",
    }
    DecreaseStreamRetentionPeriodInput {
        stream_name: "StreamName",
        retention_period_hours: "RetentionPeriodHours",
        stream_arn: "StreamARN",
    }
    DeleteResourcePolicyInput {
        resource_arn: "ResourceARN",
    }
    DeleteStreamInput {
        stream_name: "StreamName",
        enforce_consumer_deletion: "EnforceConsumerDeletion",
        stream_arn: "StreamARN",
    }
    DeregisterStreamConsumerInput {
        stream_arn: "StreamARN",
        consumer_name: "ConsumerName",
        consumer_arn: "ConsumerARN",
    }
    DescribeStreamConsumerInput {
        stream_arn: "StreamARN",
        consumer_name: "ConsumerName",
        consumer_arn: "ConsumerARN",
    }
    DescribeStreamInput {
        stream_name: "StreamName",
        limit: "Limit",
        exclusive_start_shard_id: "ExclusiveStartShardId",
        stream_arn: "StreamARN",
    }
    DescribeStreamSummaryInput {
        stream_name: "StreamName",
        stream_arn: "StreamARN",
    }
    DisableEnhancedMonitoringInput {
        stream_name: "StreamName",
        shard_level_metrics: "ShardLevelMetrics",
        stream_arn: "StreamARN",
    }
    EnableEnhancedMonitoringInput {
        stream_name: "StreamName",
        shard_level_metrics: "ShardLevelMetrics",
        stream_arn: "StreamARN",
    }
    GetRecordsInput {
        shard_iterator: "ShardIterator",
        limit: "Limit",
        stream_arn: "StreamARN",
        dry_run: "DryRun",
    }
    GetShardIteratorInput {
        stream_name: "StreamName",
        shard_id: "ShardId",
        shard_iterator_type: "ShardIteratorType",
        starting_sequence_number: "StartingSequenceNumber",
        timestamp: "Timestamp",
        stream_arn: "StreamARN",
        dry_run: "DryRun",
    }
    GetResourcePolicyInput {
        resource_arn: "ResourceARN",
    }
    IncreaseStreamRetentionPeriodInput {
        stream_name: "StreamName",
        retention_period_hours: "RetentionPeriodHours",
        stream_arn: "StreamARN",
    }
    ListShardsInput {
        stream_name: "StreamName",
        next_token: "NextToken",
        exclusive_start_shard_id: "ExclusiveStartShardId",
        max_results: "MaxResults",
        stream_creation_timestamp: "StreamCreationTimestamp",
        shard_filter: "ShardFilter",
        stream_arn: "StreamARN",
    }
    ShardFilter {
        kind: "Type",
        shard_id: "ShardId",
        timestamp: "Timestamp",
    }
    ListStreamConsumersInput {
        stream_arn: "StreamARN",
        next_token: "NextToken",
        max_results: "MaxResults",
        stream_creation_timestamp: "StreamCreationTimestamp",
    }
    ListStreamsInput {
        limit: "Limit",
        exclusive_start_stream_name: "ExclusiveStartStreamName",
        next_token: "NextToken",
    }
    ListTagsForResourceInput {
        resource_arn: "ResourceARN",
    }
    ListTagsForStreamInput {
        stream_name: "StreamName",
        exclusive_start_tag_key: "ExclusiveStartTagKey",
        limit: "Limit",
        stream_arn: "StreamARN",
    }
    MergeShardsInput {
        stream_name: "StreamName",
        shard_to_merge: "ShardToMerge",
        adjacent_shard_to_merge: "AdjacentShardToMerge",
        stream_arn: "StreamARN",
    }
    PutRecordInput {
        stream_name: "StreamName",
        data: "Data",
        partition_key: "PartitionKey",
        explicit_hash_key: "ExplicitHashKey",
        sequence_number_for_ordering: "SequenceNumberForOrdering",
        stream_arn: "StreamARN",
        dry_run: "DryRun",
    }
    PutRecordsInput {
        records: "Records",
        stream_name: "StreamName",
        stream_arn: "StreamARN",
        dry_run: "DryRun",
    }
    PutRecordsRequestEntry {
        data: "Data",
        explicit_hash_key: "ExplicitHashKey",
        partition_key: "PartitionKey",
    }
    PutResourcePolicyInput {
        resource_arn: "ResourceARN",
        policy: "Policy",
    }
    RegisterStreamConsumerInput {
        stream_arn: "StreamARN",
        consumer_name: "ConsumerName",
        tags: "Tags",
    }
    RemoveTagsFromStreamInput {
        stream_name: "StreamName",
        tag_keys: "TagKeys",
        stream_arn: "StreamARN",
    }
    SplitShardInput {
        stream_name: "StreamName",
        shard_to_split: "ShardToSplit",
        new_starting_hash_key: "NewStartingHashKey",
        stream_arn: "StreamARN",
    }
    StartStreamEncryptionInput {
        stream_name: "StreamName",
        encryption_type: "EncryptionType",
        key_id: "KeyId",
        stream_arn: "StreamARN",
    }
    StopStreamEncryptionInput {
        stream_name: "StreamName",
        encryption_type: "EncryptionType",
        key_id: "KeyId",
        stream_arn: "StreamARN",
    }
    SubscribeToShardInput {
        consumer_arn: "ConsumerARN",
        shard_id: "ShardId",
        starting_position: "StartingPosition",
        dry_run: "DryRun",
    }
    StartingPosition {
        kind: "Type",
        sequence_number: "SequenceNumber",
        timestamp: "Timestamp",
    }
    TagResourceInput {
        tags: "Tags",
        resource_arn: "ResourceARN",
    }
    UntagResourceInput {
        tag_keys: "TagKeys",
        resource_arn: "ResourceARN",
    }
    UpdateAccountSettingsInput {
        minimum_throughput_billing_commitment: "MinimumThroughputBillingCommitment",
    }
    CommitmentSetting {
        status: "Status",
    }
    UpdateMaxRecordSizeInput {
        stream_arn: "StreamARN",
        max_record_size_in_kib: "MaxRecordSizeInKiB",
    }
    UpdateShardCountInput {
        stream_name: "StreamName",
        target_shard_count: "TargetShardCount",
        scaling_type: "ScalingType",
        stream_arn: "StreamARN",
    }
    UpdateStreamModeInput {
        stream_arn: "StreamARN",
        stream_mode_details: "StreamModeDetails",
        warm_throughput_mi_bps: "WarmThroughputMiBps",
    }
    UpdateStreamRecordDistributionStrategyInput {
        stream_arn: "StreamARN",
        record_distribution_strategy: "RecordDistributionStrategy",
    }
    UpdateStreamWarmThroughputInput {
        stream_arn: "StreamARN",
        stream_name: "StreamName",
        warm_throughput_mi_bps: "WarmThroughputMiBps",
    }
}

macro_rules! requests {
    ($( $operation:ident($input:ident), )*) => {
        /// The request with these members; their types were checked before.
        pub(crate) fn read(operation: Operation, given: Members) -> Option<Request> {
            let given = Value::Object(given);
            match operation {
                $( Operation::$operation => $input::read(given).map(Request::$operation), )*
            }
        }

        /// The members of a request, named as on the wire; absent ones are left out.
        pub fn members_of(request: &Request) -> Map<String, Value> {
            let written = match request {
                $( Request::$operation(input) => input.write(), )*
            };
            match written {
                Value::Object(given) => given,
                _ => Members::new(),
            }
        }
    };
}

requests! {
    AddTagsToStream(AddTagsToStreamInput),
    CreateStream(CreateStreamInput),
    DecreaseStreamRetentionPeriod(DecreaseStreamRetentionPeriodInput),
    DeleteResourcePolicy(DeleteResourcePolicyInput),
    DeleteStream(DeleteStreamInput),
    DeregisterStreamConsumer(DeregisterStreamConsumerInput),
    DescribeAccountSettings(DescribeAccountSettingsInput),
    DescribeLimits(DescribeLimitsInput),
    DescribeStream(DescribeStreamInput),
    DescribeStreamConsumer(DescribeStreamConsumerInput),
    DescribeStreamSummary(DescribeStreamSummaryInput),
    DisableEnhancedMonitoring(DisableEnhancedMonitoringInput),
    EnableEnhancedMonitoring(EnableEnhancedMonitoringInput),
    GetRecords(GetRecordsInput),
    GetResourcePolicy(GetResourcePolicyInput),
    GetShardIterator(GetShardIteratorInput),
    IncreaseStreamRetentionPeriod(IncreaseStreamRetentionPeriodInput),
    ListShards(ListShardsInput),
    ListStreamConsumers(ListStreamConsumersInput),
    ListStreams(ListStreamsInput),
    ListTagsForResource(ListTagsForResourceInput),
    ListTagsForStream(ListTagsForStreamInput),
    MergeShards(MergeShardsInput),
    PutRecord(PutRecordInput),
    PutRecords(PutRecordsInput),
    PutResourcePolicy(PutResourcePolicyInput),
    RegisterStreamConsumer(RegisterStreamConsumerInput),
    RemoveTagsFromStream(RemoveTagsFromStreamInput),
    SplitShard(SplitShardInput),
    StartStreamEncryption(StartStreamEncryptionInput),
    StopStreamEncryption(StopStreamEncryptionInput),
    SubscribeToShard(SubscribeToShardInput),
    TagResource(TagResourceInput),
    UntagResource(UntagResourceInput),
    UpdateAccountSettings(UpdateAccountSettingsInput),
    UpdateMaxRecordSize(UpdateMaxRecordSizeInput),
    UpdateShardCount(UpdateShardCountInput),
    UpdateStreamMode(UpdateStreamModeInput),
    UpdateStreamRecordDistributionStrategy(UpdateStreamRecordDistributionStrategyInput),
    UpdateStreamWarmThroughput(UpdateStreamWarmThroughputInput),
}

/// Requests without members.
macro_rules! empty {
    ($( $structure:ident )*) => {
        $(
            impl Content for $structure {
                fn read(_: Value) -> Option<$structure> {
                    Some($structure {})
                }

                fn write(&self) -> Value {
                    Value::Object(Members::new())
                }
            }
        )*
    };
}

empty! { DescribeAccountSettingsInput DescribeLimitsInput }

impl Content for String {
    fn read(value: Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

/// What comes with each record that a program puts.
impl Content for SmolStr {
    fn read(value: Value) -> Option<SmolStr> {
        value.as_str().map(SmolStr::new)
    }

    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl Content for i64 {
    fn read(value: Value) -> Option<i64> {
        value.as_i64()
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Content for bool {
    fn read(value: Value) -> Option<bool> {
        value.as_bool()
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// Seconds with milliseconds; before 1970 is 1970.
impl Content for Seconds {
    fn read(value: Value) -> Option<Seconds> {
        let millis = (value.as_f64()? * 1_000.0).round();
        Some(Seconds(Instant::from_millis(millis as u64).min(Instant::MAX)))
    }

    fn write(&self) -> Value {
        Value::from(self.0.millis() as f64 / 1_000.0)
    }
}

impl Content for Blob {
    fn read(value: Value) -> Option<Blob> {
        BASE64.decode(value.as_str()?).ok().map(Blob::Bytes)
    }

    fn write(&self) -> Value {
        Value::from(BASE64.encode(self.bytes()))
    }
}

impl Content for BTreeMap<String, String> {
    fn read(value: Value) -> Option<BTreeMap<String, String>> {
        let Value::Object(entries) = value else { return None };
        entries.into_iter().map(|(key, value)| String::read(value).map(|value| (key, value))).collect()
    }

    fn write(&self) -> Value {
        self.iter().map(|(key, value)| (key.clone(), value.write())).collect()
    }
}

impl Content for Vec<String> {
    fn read(value: Value) -> Option<Vec<String>> {
        let Value::Array(items) = value else { return None };
        items.into_iter().map(String::read).collect()
    }

    fn write(&self) -> Value {
        self.iter().map(Content::write).collect()
    }
}

impl Content for Vec<PutRecordsRequestEntry> {
    fn read(value: Value) -> Option<Vec<PutRecordsRequestEntry>> {
        let Value::Array(items) = value else { return None };
        items.into_iter().map(PutRecordsRequestEntry::read).collect()
    }

    fn write(&self) -> Value {
        self.iter().map(Content::write).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{members, sample_of};

    #[test]
    fn every_member_of_the_model_is_read_and_written() {
        for operation in Operation::ALL {
            let given = sample_of(members(*operation));
            let request = read(*operation, given.clone()).unwrap();
            assert_eq!(Value::Object(members_of(&request)), Value::Object(given), "{operation}");
        }
    }

    #[test]
    fn the_derived_form_of_a_request_has_the_same_members() {
        for operation in Operation::ALL {
            let given = sample_of(members(*operation));
            let named = Map::from_iter([(operation.name().to_owned(), Value::Object(given.clone()))]);
            let derived: Request = serde_json::from_value(Value::Object(named.clone())).unwrap();
            assert_eq!(read(*operation, given), Some(derived.clone()), "{operation}");
            assert_eq!(serde_json::to_value(&derived).unwrap(), Value::Object(named), "{operation}");
        }
    }
}
