//! Requests of Kinesis, any of them.

use super::*;

pub(super) fn blob() -> impl Strategy<Value = Blob> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8).prop_map(Blob::Bytes),
        word().prop_map(|text| Blob::Bytes(text.into_bytes())),
    ]
}

pub(super) fn stream() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    (of(text()), of(text()))
}

pub(super) fn number() -> impl Strategy<Value = Option<i64>> {
    of(1..=i64::MAX)
}

pub(super) fn seconds() -> impl Strategy<Value = Option<Seconds>> {
    of((0u64..200_000_000_000).prop_map(|seconds| Seconds(Instant::from_seconds(seconds))))
}

pub(super) fn put_records() -> BoxedStrategy<Request> {
    let entry = (blob(), of(word()), text()).prop_map(|(data, explicit_hash_key, partition_key)| {
        PutRecordsRequestEntry {
            data: Some(data),
            explicit_hash_key,
            partition_key: Some(partition_key.into()),
        }
    });
    (stream(), proptest::collection::vec(entry, 1..4))
        .prop_map(|((stream_name, stream_arn), records)| {
            PutRecordsInput {
                records: Some(records),
                stream_name: stream_name.map(Into::into),
                stream_arn,
                dry_run: None,
            }
            .into()
        })
        .boxed()
}

pub(super) fn put_record() -> BoxedStrategy<Request> {
    (stream(), blob(), text(), of(word()), of(word()))
        .prop_map(
            |((stream_name, stream_arn), data, key, explicit_hash_key, sequence_number_for_ordering)| {
                PutRecordInput {
                    stream_name: stream_name.map(Into::into),
                    data: Some(data),
                    partition_key: Some(key.into()),
                    explicit_hash_key,
                    sequence_number_for_ordering,
                    stream_arn,
                    dry_run: None,
                }
                .into()
            },
        )
        .boxed()
}

pub(super) fn create_stream() -> BoxedStrategy<Request> {
    (text(), number(), of(word()), of(tags()), of(1_024..=i64::MAX), of(word()))
        .prop_map(|(name, shard_count, mode, tags, size, strategy)| {
            CreateStreamInput {
                stream_name: Some(name),
                shard_count,
                stream_mode_details: mode.map(|mode| StreamModeDetails { stream_mode: Some(mode) }),
                tags,
                warm_throughput_mi_bps: shard_count,
                max_record_size_in_kib: size,
                record_distribution_strategy: strategy,
            }
            .into()
        })
        .boxed()
}

pub(super) fn tagging() -> BoxedStrategy<Request> {
    let keys = proptest::collection::vec(text(), 1..4);
    prop_oneof![
        (stream(), tags()).prop_map(|((stream_name, stream_arn), tags)| {
            Request::from(AddTagsToStreamInput { stream_name, tags: Some(tags), stream_arn })
        }),
        (keys, text()).prop_map(|(keys, arn)| {
            Request::from(UntagResourceInput { tag_keys: Some(keys), resource_arn: Some(arn) })
        }),
    ]
    .boxed()
}

pub(super) fn reading() -> BoxedStrategy<Request> {
    let iterator = (stream(), text(), word(), of(word()), seconds()).prop_map(
        |((stream_name, stream_arn), shard, kind, number, timestamp)| {
            Request::from(GetShardIteratorInput {
                stream_name,
                shard_id: Some(shard),
                shard_iterator_type: Some(kind),
                starting_sequence_number: number,
                timestamp,
                stream_arn,
                dry_run: None,
            })
        },
    );
    let records = (of(text()), text(), number()).prop_map(|(stream_arn, iterator, limit)| {
        Request::from(GetRecordsInput { shard_iterator: Some(iterator), limit, stream_arn, dry_run: None })
    });
    prop_oneof![iterator, records].boxed()
}

pub(super) fn listing() -> BoxedStrategy<Request> {
    let filter = (word(), of(text()), seconds()).prop_map(|(kind, shard_id, timestamp)| ShardFilter {
        kind: Some(kind),
        shard_id,
        timestamp,
    });
    let shards = (stream(), of(text()), of(text()), number(), seconds(), of(filter)).prop_map(
        |(
            (stream_name, stream_arn),
            next_token,
            exclusive_start_shard_id,
            max_results,
            created,
            shard_filter,
        )| {
            Request::from(ListShardsInput {
                stream_name,
                next_token,
                exclusive_start_shard_id,
                max_results,
                stream_creation_timestamp: created,
                shard_filter,
                stream_arn,
            })
        },
    );
    let streams = (number(), of(text()), of(text())).prop_map(|(limit, name, next_token)| {
        Request::from(ListStreamsInput { limit, exclusive_start_stream_name: name, next_token })
    });
    let describe = (stream(), number(), of(text())).prop_map(|((stream_name, stream_arn), limit, shard)| {
        Request::from(DescribeStreamInput { stream_name, limit, exclusive_start_shard_id: shard, stream_arn })
    });
    let summary = stream().prop_map(|(stream_name, stream_arn)| {
        Request::from(DescribeStreamSummaryInput { stream_name, stream_arn })
    });
    prop_oneof![shards, streams, describe, summary].boxed()
}

pub(super) fn changing() -> BoxedStrategy<Request> {
    let hours = any::<i64>;
    prop_oneof![
        (stream(), of(any::<bool>())).prop_map(|((stream_name, stream_arn), enforce_consumer_deletion)| {
            Request::from(DeleteStreamInput { stream_name, enforce_consumer_deletion, stream_arn })
        }),
        (stream(), hours()).prop_map(|((stream_name, stream_arn), hours)| {
            let retention_period_hours = Some(hours);
            Request::from(IncreaseStreamRetentionPeriodInput {
                stream_name,
                retention_period_hours,
                stream_arn,
            })
        }),
        (stream(), hours()).prop_map(|((stream_name, stream_arn), hours)| {
            let retention_period_hours = Some(hours);
            Request::from(DecreaseStreamRetentionPeriodInput {
                stream_name,
                retention_period_hours,
                stream_arn,
            })
        }),
        (stream(), text(), word()).prop_map(|((stream_name, stream_arn), shard, key)| {
            let (shard_to_split, new_starting_hash_key) = (Some(shard), Some(key));
            Request::from(SplitShardInput { stream_name, shard_to_split, new_starting_hash_key, stream_arn })
        }),
        (stream(), text(), text()).prop_map(|((stream_name, stream_arn), shard, other)| {
            let (shard_to_merge, adjacent_shard_to_merge) = (Some(shard), Some(other));
            Request::from(MergeShardsInput {
                stream_name,
                shard_to_merge,
                adjacent_shard_to_merge,
                stream_arn,
            })
        }),
    ]
    .boxed()
}

pub(super) fn call() -> BoxedStrategy<Command> {
    prop_oneof![tagging(), create_stream(), put_record(), put_records(), reading(), listing(), changing()]
        .prop_map(Command::Call)
        .boxed()
}
