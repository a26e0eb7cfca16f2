//! What the operations and their members mean, in a sentence each.

use kinesis::Operation;

/// What the operation does.
pub(crate) fn summary(operation: Operation) -> &'static str {
    match operation {
        Operation::AddTagsToStream => "Adds tags to a stream, or gives present ones new values.",
        Operation::CreateStream => "Creates a stream: CREATING at once, ACTIVE after a while.",
        Operation::DecreaseStreamRetentionPeriod => "Keeps records for a shorter time, 24 hours at least.",
        Operation::DeleteResourcePolicy => "Takes the policy of a stream or consumer away.",
        Operation::DeleteStream => "Deletes a stream with all its records.",
        Operation::DescribeAccountSettings => "Shows whether the account has On-demand Advantage.",
        Operation::DescribeLimits => "Shows how many shards the account has and may have.",
        Operation::DeregisterStreamConsumer => "Takes a registered consumer away.",
        Operation::DescribeStream => "Shows a stream and its shards.",
        Operation::DescribeStreamConsumer => "Shows a registered consumer.",
        Operation::DescribeStreamSummary => "Shows a stream without its shards.",
        Operation::DisableEnhancedMonitoring => "Keeps fewer metrics shard by shard.",
        Operation::EnableEnhancedMonitoring => "Keeps metrics shard by shard; AWS charges for them.",
        Operation::GetRecords => {
            "Reads records of one shard, from an iterator on. Nothing is taken out of it."
        }
        Operation::GetResourcePolicy => "Shows the policy of a stream or consumer; {} where there is none.",
        Operation::GetShardIterator => "Gets a place in a shard to read from; it expires after five minutes.",
        Operation::IncreaseStreamRetentionPeriod => "Keeps records for a longer time, 8760 hours at most.",
        Operation::ListShards => "Lists the shards of a stream.",
        Operation::ListStreamConsumers => "Lists the registered consumers of a stream.",
        Operation::ListStreams => "Lists the streams.",
        Operation::ListTagsForResource => "Lists the tags of what the ARN names.",
        Operation::ListTagsForStream => "Lists the tags of a stream.",
        Operation::MergeShards => "Makes one shard of two neighbours.",
        Operation::PutRecord => "Puts one record; its partition key decides the shard.",
        Operation::PutRecords => "Puts up to 500 records, each of which is stored or refused by itself.",
        Operation::PutResourcePolicy => "Lets other accounts, users or roles use a stream or consumer.",
        Operation::RegisterStreamConsumer => "Registers a consumer that reads by enhanced fan-out.",
        Operation::RemoveTagsFromStream => "Takes tags away from a stream.",
        Operation::SplitShard => "Makes two shards of one.",
        Operation::StartStreamEncryption => "Encrypts new records at rest with a KMS key.",
        Operation::StopStreamEncryption => "Encrypts new records no more; older ones stay as they are.",
        Operation::SubscribeToShard => "Pushes what is new of a shard to a consumer, for five minutes.",
        Operation::TagResource => "Adds tags to what the ARN names.",
        Operation::UpdateAccountSettings => {
            "Commits the account to a minimum throughput (On-demand Advantage), for 24 hours at least."
        }
        Operation::UpdateMaxRecordSize => "Changes how large one record may be, 1 to 10 MiB.",
        Operation::UpdateShardCount => {
            "Changes the number of shards, to even ones; at most doubled, at least halved."
        }
        Operation::UpdateStreamMode => "Changes between PROVISIONED and ON_DEMAND, twice in 24 hours.",
        Operation::UpdateStreamRecordDistributionStrategy => {
            "Lets keys or the service decide on the shard of a record, in an on-demand stream."
        }
        Operation::UpdateStreamWarmThroughput => {
            "Scales an on-demand stream before the traffic comes; needs On-demand Advantage."
        }
        Operation::UntagResource => "Takes tags away from what the ARN names.",
    }
}

macro_rules! concat_arn {
    ($before:literal, $after:literal) => {
        concat!("aws kinesis ", $before, "arn:aws:kinesis:us-east-1:123456789012:stream/orders", $after)
    };
}

/// A line that works as it stands, or with the placeholder filled in.
pub(crate) fn example(operation: Operation) -> &'static str {
    match operation {
        Operation::AddTagsToStream => {
            "aws kinesis add-tags-to-stream --stream-name orders --tags team=shop,env=test"
        }
        Operation::CreateStream => "aws kinesis create-stream --stream-name orders --shard-count 2",
        Operation::DecreaseStreamRetentionPeriod => {
            "aws kinesis decrease-stream-retention-period --stream-name orders --retention-period-hours 24"
        }
        Operation::DeleteResourcePolicy => concat_arn!("delete-resource-policy --resource-arn ", ""),
        Operation::DeleteStream => "aws kinesis delete-stream --stream-name orders",
        Operation::DescribeAccountSettings => "aws kinesis describe-account-settings",
        Operation::DescribeLimits => "aws kinesis describe-limits",
        Operation::DeregisterStreamConsumer => {
            concat_arn!("deregister-stream-consumer --stream-arn ", " --consumer-name billing")
        }
        Operation::DescribeStream => "aws kinesis describe-stream --stream-name orders",
        Operation::DescribeStreamConsumer => {
            concat_arn!("describe-stream-consumer --stream-arn ", " --consumer-name billing")
        }
        Operation::DescribeStreamSummary => "aws kinesis describe-stream-summary --stream-name orders",
        Operation::DisableEnhancedMonitoring => {
            "aws kinesis disable-enhanced-monitoring --stream-name orders --shard-level-metrics ALL"
        }
        Operation::EnableEnhancedMonitoring => {
            "aws kinesis enable-enhanced-monitoring --stream-name orders --shard-level-metrics IncomingBytes OutgoingBytes"
        }
        Operation::GetRecords => "aws kinesis get-records --shard-iterator ITERATOR",
        Operation::GetResourcePolicy => concat_arn!("get-resource-policy --resource-arn ", ""),
        Operation::GetShardIterator => {
            "aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000000 \
             --shard-iterator-type TRIM_HORIZON"
        }
        Operation::IncreaseStreamRetentionPeriod => {
            "aws kinesis increase-stream-retention-period --stream-name orders --retention-period-hours 48"
        }
        Operation::ListShards => "aws kinesis list-shards --stream-name orders",
        Operation::ListStreamConsumers => concat_arn!("list-stream-consumers --stream-arn ", ""),
        Operation::ListStreams => "aws kinesis list-streams",
        Operation::ListTagsForResource => concat_arn!("list-tags-for-resource --resource-arn ", ""),
        Operation::ListTagsForStream => "aws kinesis list-tags-for-stream --stream-name orders",
        Operation::MergeShards => {
            "aws kinesis merge-shards --stream-name orders --shard-to-merge shardId-000000000000 \
             --adjacent-shard-to-merge shardId-000000000001"
        }
        Operation::PutRecord => {
            "aws kinesis put-record --stream-name orders --partition-key user-1 --data hello --cli-binary-format \
             raw-in-base64-out"
        }
        Operation::PutRecords => {
            "aws kinesis put-records --stream-name orders --records Data=aGVsbG8=,PartitionKey=user-1 \
             Data=d29ybGQ=,PartitionKey=user-2"
        }
        Operation::PutResourcePolicy => concat_arn!(
            "put-resource-policy --resource-arn ",
            " --policy '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\
             \"Principal\":{\"AWS\":\"222222222222\"},\"Action\":\"kinesis:PutRecord\",\"Resource\":\
             \"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"}]}'"
        ),
        Operation::RegisterStreamConsumer => {
            concat_arn!("register-stream-consumer --stream-arn ", " --consumer-name billing")
        }
        Operation::RemoveTagsFromStream => {
            "aws kinesis remove-tags-from-stream --stream-name orders --tag-keys team env"
        }
        Operation::StartStreamEncryption => {
            "aws kinesis start-stream-encryption --stream-name orders --encryption-type KMS --key-id alias/aws/kinesis"
        }
        Operation::StopStreamEncryption => {
            "aws kinesis stop-stream-encryption --stream-name orders --encryption-type KMS --key-id alias/aws/kinesis"
        }
        // No command of the AWS CLI.
        Operation::SubscribeToShard => "sandbox reader start audit --stream orders --consumer audit",
        Operation::TagResource => concat_arn!("tag-resource --resource-arn ", " --tags team=shop"),
        Operation::UpdateAccountSettings => {
            "aws kinesis update-account-settings --minimum-throughput-billing-commitment Status=ENABLED"
        }
        Operation::UpdateMaxRecordSize => {
            concat_arn!("update-max-record-size --stream-arn ", " --max-record-size-in-ki-b 5000")
        }
        Operation::UpdateShardCount => {
            "aws kinesis update-shard-count --stream-name orders --target-shard-count 4 --scaling-type UNIFORM_SCALING"
        }
        Operation::UpdateStreamMode => {
            concat_arn!("update-stream-mode --stream-arn ", " --stream-mode-details StreamMode=ON_DEMAND")
        }
        Operation::UpdateStreamRecordDistributionStrategy => concat_arn!(
            "update-stream-record-distribution-strategy --stream-arn ",
            " --record-distribution-strategy AUTO"
        ),
        Operation::UpdateStreamWarmThroughput => {
            "aws kinesis update-stream-warm-throughput --stream-name orders --warm-throughput-mi-bps 16"
        }
        Operation::UntagResource => concat_arn!("untag-resource --resource-arn ", " --tag-keys team env"),
        Operation::SplitShard => {
            "aws kinesis split-shard --stream-name orders --shard-to-split shardId-000000000000 \
             --new-starting-hash-key 85070591730234615865843651857942052864"
        }
    }
}

/// What scripts pick of the answer, where they often do.
pub(crate) fn query_example(operation: Operation) -> Option<&'static str> {
    const QUERIES: &[(Operation, &str)] = &[
        (Operation::GetShardIterator, "ShardIterator"),
        (Operation::GetRecords, "Records[].Data"),
        (Operation::PutRecord, "SequenceNumber"),
        (Operation::PutRecords, "FailedRecordCount"),
        (Operation::ListShards, "Shards[].ShardId"),
        (Operation::ListStreams, "StreamNames"),
        (Operation::DescribeStream, "StreamDescription.Shards[].ShardId"),
        (Operation::DescribeStreamSummary, "StreamDescriptionSummary.StreamStatus"),
    ];
    QUERIES.iter().find(|(of, _)| *of == operation).map(|(_, query)| *query)
}

/// What a member means; the same name means the same in every operation.
pub(crate) fn member_help(name: &str) -> &'static str {
    const TEXTS: &[(&str, &str)] = &[
        ("StreamName", "The stream's name."),
        ("StreamARN", "The stream's ARN, instead of its name."),
        ("ShardCount", "Shards at the beginning."),
        ("StreamModeDetails", "StreamMode=PROVISIONED, or ON_DEMAND: the service chooses the shards."),
        ("Tags", "Keys and values: team=shop,env=test."),
        ("TargetShardCount", "How many shards there should be."),
        ("ScalingType", "UNIFORM_SCALING, the only one there is."),
        ("ShardLevelMetrics", "Names of metrics, or ALL."),
        ("EncryptionType", "KMS."),
        ("KeyId", "The KMS key: alias/aws/kinesis, an alias, an id or an ARN."),
        ("ConsumerName", "The consumer's name."),
        ("ConsumerARN", "The consumer's ARN, instead of its name and its stream."),
        ("TagKeys", "Keys of the tags to take away."),
        ("ResourceARN", "ARN of the stream."),
        ("DryRun", "Asks whether the call would succeed, and does nothing."),
        ("Policy", "The policy document, as JSON: principals, actions, the resource."),
        ("ExclusiveStartTagKey", "Begins behind this key."),
        ("WarmThroughputMiBps", "Write throughput in MiB/s to scale an on-demand stream to; 0 gives it up."),
        ("MaxRecordSizeInKiB", "Largest record in KiB, 1024 to 10240."),
        ("RecordDistributionStrategy", "AUTO: evenly, whatever the keys; or USER_PARTITION_KEY."),
        ("MinimumThroughputBillingCommitment", "Status=ENABLED or Status=DISABLED."),
        ("RetentionPeriodHours", "The new retention period in hours, 24 to 8760."),
        ("EnforceConsumerDeletion", "Deletes registered consumers too."),
        ("Limit", "Items in one answer at most; switches automatic paging off."),
        ("MaxResults", "Items in one answer at most; switches automatic paging off."),
        ("ExclusiveStartShardId", "Begins behind this shard."),
        ("ExclusiveStartStreamName", "Begins behind this stream."),
        ("NextToken", "Where the last answer ended; without the stream's name."),
        ("ShardIterator", "From get-shard-iterator, or NextShardIterator of the last get-records."),
        ("ShardId", "The shard: shardId-000000000000."),
        (
            "ShardIteratorType",
            "TRIM_HORIZON (the oldest record), LATEST (what comes from now on), AT_TIMESTAMP, AT_SEQUENCE_NUMBER or \
             AFTER_SEQUENCE_NUMBER.",
        ),
        ("StartingSequenceNumber", "For AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER."),
        ("Timestamp", "For AT_TIMESTAMP: 2026-01-01T00:00:30Z or seconds since 1970."),
        ("StreamCreationTimestamp", "Tells streams of the same name apart."),
        (
            "ShardFilter",
            "Type=AT_LATEST for the open shards; also AFTER_SHARD_ID with ShardId=…, AT_TIMESTAMP and others.",
        ),
        ("ShardToMerge", "The shard with the lower hash keys."),
        ("AdjacentShardToMerge", "Its neighbour above."),
        ("ShardToSplit", "The shard to split."),
        ("NewStartingHashKey", "Where the upper child begins; half-way for an even split."),
        ("Data", "The data, as base64; with --cli-binary-format raw-in-base64-out the text itself."),
        ("PartitionKey", "Its MD5 decides the shard."),
        ("ExplicitHashKey", "A hash key instead of the partition key's MD5."),
        (
            "SequenceNumberForOrdering",
            "The last sequence number of the same key: the new one will be greater.",
        ),
        ("Records", "Data=…,PartitionKey=… for each record, or a JSON list."),
    ];
    TEXTS.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
}
