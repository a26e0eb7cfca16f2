//! The operations, one file each: the members, the checks, the effect, the tests.

/// The members of a request, all of them optional: the service says what is missing.
macro_rules! input {
    ($(#[$doc:meta])* $name:ident { $( $(#[$attribute:meta])* $member:ident: $kind:ty ),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, Default, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        pub struct $name {
            $( #[serde(skip_serializing_if = "Option::is_none")] $(#[$attribute])* pub $member: Option<$kind>, )*
        }
    };
}

mod account_settings;
mod create_stream;
mod delete_stream;
mod describe_limits;
mod describe_stream;
mod describe_stream_summary;
mod enhanced_monitoring;
mod get_records;
mod get_shard_iterator;
mod list_shards;
mod list_stream_consumers;
mod list_streams;
mod merge_shards;
mod put_record;
mod put_records;
mod register_stream_consumer;
mod resource_policy;
mod resource_tags;
mod retention_period;
mod split_shard;
mod start;
mod stream_consumer;
mod stream_encryption;
mod stream_tags;
mod subscribe_to_shard;
mod update_max_record_size;
mod update_shard_count;
mod update_stream_mode;
mod update_stream_record_distribution_strategy;
mod update_stream_warm_throughput;
mod write;

pub use account_settings::{
    AccountSettingsOutput, CommitmentSetting, DescribeAccountSettingsInput, UpdateAccountSettingsInput,
};
pub use create_stream::{CreateStreamInput, StreamModeDetails};
pub use delete_stream::DeleteStreamInput;
pub use describe_limits::{DescribeLimitsInput, DescribeLimitsOutput};
pub use describe_stream::{
    DescribeStreamInput, DescribeStreamOutput, EnhancedMetrics, SequenceNumberRange, ShardDescription,
    StreamDescription,
};
pub use describe_stream_summary::{
    DescribeStreamSummaryInput, DescribeStreamSummaryOutput, StreamDescriptionSummary,
};
pub use enhanced_monitoring::{
    DisableEnhancedMonitoringInput, EnableEnhancedMonitoringInput, EnhancedMonitoringOutput,
};
pub use get_records::{ChildShard, GetRecordsInput, GetRecordsOutput};
pub use get_shard_iterator::{GetShardIteratorInput, GetShardIteratorOutput};
pub use list_shards::{ListShardsInput, ListShardsOutput, ShardFilter};
pub use list_stream_consumers::{ListStreamConsumersInput, ListStreamConsumersOutput};
pub use list_streams::{ListStreamsInput, ListStreamsOutput, StreamSummary};
pub use merge_shards::MergeShardsInput;
pub use put_record::{PutRecordInput, PutRecordOutput};
pub use put_records::{PutRecordsInput, PutRecordsOutput, PutRecordsRequestEntry, PutRecordsResultEntry};
pub use register_stream_consumer::{RegisterStreamConsumerInput, RegisterStreamConsumerOutput};
pub use resource_policy::{
    DeleteResourcePolicyInput, GetResourcePolicyInput, GetResourcePolicyOutput, PutResourcePolicyInput,
};
pub use resource_tags::{
    ListTagsForResourceInput, ListTagsForResourceOutput, TagResourceInput, UntagResourceInput,
};
pub use retention_period::{DecreaseStreamRetentionPeriodInput, IncreaseStreamRetentionPeriodInput};
pub use split_shard::SplitShardInput;
pub use stream_consumer::{
    DeregisterStreamConsumerInput, DescribeStreamConsumerInput, DescribeStreamConsumerOutput,
};
pub use stream_encryption::{StartStreamEncryptionInput, StopStreamEncryptionInput};
pub use stream_tags::{
    AddTagsToStreamInput, ListTagsForStreamInput, ListTagsForStreamOutput, RemoveTagsFromStreamInput,
};
pub use subscribe_to_shard::{StartingPosition, SubscribeToShardInput, SubscribeToShardOutput};
pub use update_max_record_size::UpdateMaxRecordSizeInput;
pub use update_shard_count::{UpdateShardCountInput, UpdateShardCountOutput};
pub use update_stream_mode::UpdateStreamModeInput;
pub use update_stream_record_distribution_strategy::UpdateStreamRecordDistributionStrategyInput;
pub use update_stream_warm_throughput::{
    UpdateStreamWarmThroughputInput, UpdateStreamWarmThroughputOutput, WarmThroughput,
};

pub(crate) use account_settings::{describe_account_settings, update_account_settings};
pub(crate) use create_stream::create_stream;
pub(crate) use delete_stream::delete_stream;
pub(crate) use describe_limits::describe_limits;
pub(crate) use describe_stream::describe_stream;
pub(crate) use describe_stream_summary::describe_stream_summary;
pub(crate) use enhanced_monitoring::{disable_enhanced_monitoring, enable_enhanced_monitoring};
pub(crate) use get_records::{children, get_records};
pub(crate) use get_shard_iterator::get_shard_iterator;
pub(crate) use list_shards::list_shards;
pub(crate) use list_stream_consumers::list_stream_consumers;
pub(crate) use list_streams::list_streams;
pub(crate) use merge_shards::merge_shards;
pub(crate) use put_record::put_record;
pub(crate) use put_records::put_records;
pub(crate) use register_stream_consumer::register_stream_consumer;
pub(crate) use resource_policy::{delete_resource_policy, get_resource_policy, put_resource_policy};
pub(crate) use resource_tags::{list_tags_for_resource, tag_resource, untag_resource};
pub(crate) use retention_period::{decrease_retention, increase_retention};
pub(crate) use split_shard::split_shard;
pub(crate) use stream_consumer::{deregister_stream_consumer, describe_stream_consumer};
pub(crate) use stream_encryption::{start_stream_encryption, stop_stream_encryption};
pub(crate) use stream_tags::{add_tags_to_stream, list_tags_for_stream, remove_tags_from_stream};
pub(crate) use subscribe_to_shard::subscribe_to_shard;
pub(crate) use update_max_record_size::update_max_record_size;
pub(crate) use update_shard_count::update_shard_count;
pub(crate) use update_stream_mode::update_stream_mode;
pub(crate) use update_stream_record_distribution_strategy::update_stream_record_distribution_strategy;
pub(crate) use update_stream_warm_throughput::update_stream_warm_throughput;
