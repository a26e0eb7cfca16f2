//! The members of the simulated operations: name, kind and what a client checks before it sends.
//!
//! Documented: service model 2013-12-02 as botocore 1.44.5 carries it, in its order. Constraints that only the
//! service checks (patterns, enums, maximum lengths) are in `kinesis`.

use kinesis::Operation;

/// A member of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// The name on the wire: `StreamName`.
    pub name: &'static str,
    pub kind: Kind,
    pub is_required: bool,
    /// Smallest length or value that a client lets pass.
    pub min: Option<i64>,
    /// Whether the sandbox does what the member asks for; where not, it is refused rather than ignored.
    pub is_simulated: bool,
}

/// What a member holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    String,
    Integer,
    Boolean,
    Timestamp,
    Blob,
    /// A list of structures with these members.
    StructureList(&'static [Member]),
    Structure(&'static [Member]),
    StringList,
    /// Text to text.
    Map,
    /// Whatever JSON it is: items of DynamoDB. No operation of Kinesis has one.
    Document,
}

/// The members of an operation's request, in the order of the model.
pub const fn members(operation: Operation) -> &'static [Member] {
    match operation {
        Operation::AddTagsToStream => ADD_TAGS_TO_STREAM,
        Operation::CreateStream => CREATE_STREAM,
        Operation::DecreaseStreamRetentionPeriod | Operation::IncreaseStreamRetentionPeriod => {
            RETENTION_PERIOD
        }
        Operation::DeleteResourcePolicy | Operation::GetResourcePolicy => RESOURCE_POLICY,
        Operation::DeleteStream => DELETE_STREAM,
        Operation::DescribeAccountSettings | Operation::DescribeLimits => &[],
        Operation::DeregisterStreamConsumer => STREAM_CONSUMER,
        Operation::DescribeStream => DESCRIBE_STREAM,
        Operation::DescribeStreamConsumer => STREAM_CONSUMER,
        Operation::DescribeStreamSummary => DESCRIBE_STREAM_SUMMARY,
        Operation::DisableEnhancedMonitoring => ENHANCED_MONITORING,
        Operation::EnableEnhancedMonitoring => ENHANCED_MONITORING,
        Operation::GetRecords => GET_RECORDS,
        Operation::GetShardIterator => GET_SHARD_ITERATOR,
        Operation::ListShards => LIST_SHARDS,
        Operation::ListStreamConsumers => LIST_STREAM_CONSUMERS,
        Operation::ListStreams => LIST_STREAMS,
        Operation::ListTagsForResource => LIST_TAGS_FOR_RESOURCE,
        Operation::ListTagsForStream => LIST_TAGS_FOR_STREAM,
        Operation::MergeShards => MERGE_SHARDS,
        Operation::PutRecord => PUT_RECORD,
        Operation::PutRecords => PUT_RECORDS,
        Operation::PutResourcePolicy => PUT_RESOURCE_POLICY,
        Operation::RegisterStreamConsumer => REGISTER_STREAM_CONSUMER,
        Operation::RemoveTagsFromStream => REMOVE_TAGS_FROM_STREAM,
        Operation::SplitShard => SPLIT_SHARD,
        Operation::StartStreamEncryption => STREAM_ENCRYPTION,
        Operation::StopStreamEncryption => STREAM_ENCRYPTION,
        Operation::SubscribeToShard => SUBSCRIBE_TO_SHARD,
        Operation::TagResource => TAG_RESOURCE,
        Operation::UpdateAccountSettings => UPDATE_ACCOUNT_SETTINGS,
        Operation::UpdateMaxRecordSize => UPDATE_MAX_RECORD_SIZE,
        Operation::UpdateShardCount => UPDATE_SHARD_COUNT,
        Operation::UpdateStreamMode => UPDATE_STREAM_MODE,
        Operation::UpdateStreamRecordDistributionStrategy => UPDATE_STREAM_RECORD_DISTRIBUTION_STRATEGY,
        Operation::UpdateStreamWarmThroughput => UPDATE_STREAM_WARM_THROUGHPUT,
        Operation::UntagResource => UNTAG_RESOURCE,
    }
}

const fn member(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, is_required: false, min: None, is_simulated: true }
}

/// Text of at least one character.
const fn text(name: &'static str) -> Member {
    member(name, Kind::String).at_least(1)
}

impl Member {
    const fn required(self) -> Member {
        Member { is_required: true, ..self }
    }

    const fn at_least(self, min: i64) -> Member {
        Member { min: Some(min), ..self }
    }

    const fn not_simulated(self) -> Member {
        Member { is_simulated: false, ..self }
    }
}

const STREAM_NAME: Member = text("StreamName");
const STREAM_ARN: Member = text("StreamARN");
const STREAM_ID: Member = text("StreamId").not_simulated();
const DRY_RUN: Member = member("DryRun", Kind::Boolean);
const LIMIT: Member = member("Limit", Kind::Integer).at_least(1);
const NEXT_TOKEN: Member = text("NextToken");
const EXCLUSIVE_START_SHARD_ID: Member = text("ExclusiveStartShardId");
const DATA: Member = member("Data", Kind::Blob).required();
const EXPLICIT_HASH_KEY: Member = member("ExplicitHashKey", Kind::String);
/// Observed: optional in the newest model, still demanded by AWS CLI 2.36.7 and 1.46.3.
const PARTITION_KEY: Member = text("PartitionKey").required();

const WARM_THROUGHPUT: Member = member("WarmThroughputMiBps", Kind::Integer).at_least(0);
const MAX_RECORD_SIZE: Member = member("MaxRecordSizeInKiB", Kind::Integer).at_least(1_024);
const RECORD_DISTRIBUTION: Member = member("RecordDistributionStrategy", Kind::String);

const CONSUMER_NAME: Member = text("ConsumerName");
const CONSUMER_ARN: Member = text("ConsumerARN");
const TAGS: Member = member("Tags", Kind::Map).at_least(1);
const TAG_KEYS: Member = member("TagKeys", Kind::StringList).required().at_least(1);
const RESOURCE_ARN: Member = text("ResourceARN").required();

const ADD_TAGS_TO_STREAM: &[Member] = &[STREAM_NAME, TAGS.required(), STREAM_ARN, STREAM_ID];

const REMOVE_TAGS_FROM_STREAM: &[Member] = &[STREAM_NAME, TAG_KEYS, STREAM_ARN, STREAM_ID];

const LIST_TAGS_FOR_STREAM: &[Member] =
    &[STREAM_NAME, text("ExclusiveStartTagKey"), LIMIT, STREAM_ARN, STREAM_ID];

const TAG_RESOURCE: &[Member] = &[TAGS.required(), RESOURCE_ARN, STREAM_ID];

const UNTAG_RESOURCE: &[Member] = &[TAG_KEYS, RESOURCE_ARN, STREAM_ID];

const LIST_TAGS_FOR_RESOURCE: &[Member] = &[RESOURCE_ARN, STREAM_ID];

const RESOURCE_POLICY: &[Member] = &[RESOURCE_ARN, STREAM_ID];

const PUT_RESOURCE_POLICY: &[Member] = &[RESOURCE_ARN, STREAM_ID, member("Policy", Kind::String).required()];

const UPDATE_SHARD_COUNT: &[Member] = &[
    STREAM_NAME,
    member("TargetShardCount", Kind::Integer).required().at_least(1),
    member("ScalingType", Kind::String).required(),
    STREAM_ARN,
    STREAM_ID,
];

const ENHANCED_MONITORING: &[Member] = &[
    STREAM_NAME,
    member("ShardLevelMetrics", Kind::StringList).required().at_least(1),
    STREAM_ARN,
    STREAM_ID,
];

const STREAM_ENCRYPTION: &[Member] = &[
    STREAM_NAME,
    member("EncryptionType", Kind::String).required(),
    text("KeyId").required(),
    STREAM_ARN,
    STREAM_ID,
];

const REGISTER_STREAM_CONSUMER: &[Member] =
    &[STREAM_ARN.required(), CONSUMER_NAME.required(), STREAM_ID, TAGS];

const STREAM_CONSUMER: &[Member] = &[STREAM_ARN, CONSUMER_NAME, CONSUMER_ARN, STREAM_ID];

const LIST_STREAM_CONSUMERS: &[Member] = &[
    STREAM_ARN.required(),
    NEXT_TOKEN,
    member("MaxResults", Kind::Integer).at_least(1),
    member("StreamCreationTimestamp", Kind::Timestamp),
    STREAM_ID,
];

const UPDATE_STREAM_MODE: &[Member] = &[
    STREAM_ARN.required(),
    STREAM_ID,
    member("StreamModeDetails", Kind::Structure(STREAM_MODE_DETAILS)).required(),
    WARM_THROUGHPUT,
];

const UPDATE_ACCOUNT_SETTINGS: &[Member] =
    &[member("MinimumThroughputBillingCommitment", Kind::Structure(COMMITMENT)).required()];

const COMMITMENT: &[Member] = &[member("Status", Kind::String).required()];

const UPDATE_MAX_RECORD_SIZE: &[Member] = &[STREAM_ARN, STREAM_ID, MAX_RECORD_SIZE.required()];

const UPDATE_STREAM_WARM_THROUGHPUT: &[Member] =
    &[STREAM_ARN, STREAM_NAME, STREAM_ID, WARM_THROUGHPUT.required()];

const UPDATE_STREAM_RECORD_DISTRIBUTION_STRATEGY: &[Member] =
    &[STREAM_ARN.required(), STREAM_ID, RECORD_DISTRIBUTION.required()];

const CREATE_STREAM: &[Member] = &[
    STREAM_NAME.required(),
    member("ShardCount", Kind::Integer).at_least(1),
    member("StreamModeDetails", Kind::Structure(STREAM_MODE_DETAILS)),
    TAGS,
    WARM_THROUGHPUT,
    MAX_RECORD_SIZE,
    RECORD_DISTRIBUTION,
];

const STREAM_MODE_DETAILS: &[Member] = &[member("StreamMode", Kind::String).required()];

const RETENTION_PERIOD: &[Member] =
    &[STREAM_NAME, member("RetentionPeriodHours", Kind::Integer).required(), STREAM_ARN, STREAM_ID];

const DELETE_STREAM: &[Member] =
    &[STREAM_NAME, member("EnforceConsumerDeletion", Kind::Boolean), STREAM_ARN, STREAM_ID];

const DESCRIBE_STREAM: &[Member] = &[STREAM_NAME, LIMIT, EXCLUSIVE_START_SHARD_ID, STREAM_ARN, STREAM_ID];

const DESCRIBE_STREAM_SUMMARY: &[Member] = &[STREAM_NAME, STREAM_ARN, STREAM_ID];

const GET_RECORDS: &[Member] = &[text("ShardIterator").required(), LIMIT, STREAM_ARN, STREAM_ID, DRY_RUN];

const GET_SHARD_ITERATOR: &[Member] = &[
    STREAM_NAME,
    text("ShardId").required(),
    member("ShardIteratorType", Kind::String).required(),
    member("StartingSequenceNumber", Kind::String),
    member("Timestamp", Kind::Timestamp),
    STREAM_ARN,
    STREAM_ID,
    DRY_RUN,
];

const LIST_SHARDS: &[Member] = &[
    STREAM_NAME,
    NEXT_TOKEN,
    EXCLUSIVE_START_SHARD_ID,
    member("MaxResults", Kind::Integer).at_least(1),
    member("StreamCreationTimestamp", Kind::Timestamp),
    member("ShardFilter", Kind::Structure(SHARD_FILTER)),
    STREAM_ARN,
    STREAM_ID,
];

const SHARD_FILTER: &[Member] =
    &[member("Type", Kind::String).required(), text("ShardId"), member("Timestamp", Kind::Timestamp)];

const LIST_STREAMS: &[Member] = &[LIMIT, text("ExclusiveStartStreamName"), NEXT_TOKEN];

const MERGE_SHARDS: &[Member] = &[
    STREAM_NAME,
    text("ShardToMerge").required(),
    text("AdjacentShardToMerge").required(),
    STREAM_ARN,
    STREAM_ID,
];

const PUT_RECORD: &[Member] = &[
    STREAM_NAME,
    DATA,
    PARTITION_KEY,
    EXPLICIT_HASH_KEY,
    member("SequenceNumberForOrdering", Kind::String),
    STREAM_ARN,
    STREAM_ID,
    DRY_RUN,
];

const PUT_RECORDS: &[Member] = &[
    member("Records", Kind::StructureList(PUT_RECORDS_ENTRY)).required().at_least(1),
    STREAM_NAME,
    STREAM_ARN,
    STREAM_ID,
    DRY_RUN,
];

const PUT_RECORDS_ENTRY: &[Member] = &[DATA, EXPLICIT_HASH_KEY, PARTITION_KEY];

const SPLIT_SHARD: &[Member] = &[
    STREAM_NAME,
    text("ShardToSplit").required(),
    member("NewStartingHashKey", Kind::String).required(),
    STREAM_ARN,
    STREAM_ID,
];

const SUBSCRIBE_TO_SHARD: &[Member] = &[
    CONSUMER_ARN.required(),
    STREAM_ID,
    text("ShardId").required(),
    member("StartingPosition", Kind::Structure(STARTING_POSITION)).required(),
    DRY_RUN,
];

const STARTING_POSITION: &[Member] = &[
    member("Type", Kind::String).required(),
    member("SequenceNumber", Kind::String),
    member("Timestamp", Kind::Timestamp),
];
