//! Commands of what reads or fills a stream beside the programs: Firehose, Flink, DMS, Lambda, S3.

use super::*;

pub(super) fn subject() -> BoxedStrategy<Option<Subject>> {
    let subject = prop_oneof!["[a-z]{1,4}[.][a-z]{1,4}", Just("partition-key".to_owned())];
    of(subject.prop_map(|text| text.parse().unwrap())).boxed()
}

pub(super) fn firehose() -> BoxedStrategy<FirehoseCommand> {
    let spec = (
        (text(), text(), text(), of(text()), text(), text()),
        (any::<i64>(), any::<i64>(), of(text()), any::<i64>(), any::<bool>(), subject(), of(text())),
        (any::<bool>(), of(proptest::sample::select(&OutputFormat::ALL[..])), of(text()), any::<bool>()),
    );
    let spec = spec.prop_map(
        |(
            (name, arn, bucket, role, prefix, error),
            (size, interval, transform, retries, delimiter, by, backup),
            (is_packed, output_format, schema, is_direct),
        )| {
            let packed = if is_packed { CompressionFormat::Gzip } else { CompressionFormat::Uncompressed };
            DeliveryStreamSpec {
                kinesis_stream_arn: (!is_direct).then_some(arn),
                compression_format: packed,
                output_format,
                schema,
                role,
                prefix,
                error_output_prefix: error,
                size_in_mbs: size,
                interval_in_seconds: interval,
                transform,
                transform_retries: retries,
                append_delimiter: delimiter,
                partition_by: by,
                backup_bucket: backup,
                ..DeliveryStreamSpec::direct_put(name, bucket)
            }
        },
    );
    prop_oneof![
        spec.prop_map(FirehoseCommand::CreateDeliveryStream),
        text().prop_map(|name| FirehoseCommand::DeleteDeliveryStream { name }),
        (
            text(),
            proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..6), 0..4),
            any::<bool>()
        )
            .prop_map(|(name, records, is_batch)| FirehoseCommand::PutRecords {
                name,
                records: records.into_iter().map(Arc::from).collect(),
                is_batch,
            }),
    ]
    .boxed()
}

pub(super) fn flink() -> BoxedStrategy<FlinkCommand> {
    let span = || (0..100_000u64).prop_map(Duration::from_millis);
    let from = prop_oneof![
        Just(StartingPosition::TrimHorizon),
        Just(StartingPosition::Latest),
        (0..2_000_000_000_000u64).prop_map(|at| StartingPosition::AtTimestamp(Instant::from_millis(at))),
    ];
    let spec = (
        (text(), text(), of(text()), from, subject(), span(), of(span()), subject(), subject()),
        (span(), span(), span(), span(), any::<i64>(), any::<i64>(), of(text())),
    );
    let spec = spec.prop_map(
        |(
            (name, stream, role, from, key, window, slide, sum, time),
            (order, idle, late, checkpoint, parallelism, per_kpu, sink),
        )| {
            let default = FlinkSpec::new(name, stream);
            FlinkSpec {
                role,
                from,
                key: key.unwrap_or_else(|| default.key.clone()),
                window,
                slide,
                sum,
                event_time: time,
                out_of_orderness: order,
                idleness: idle,
                allowed_lateness: late,
                checkpoint_interval: checkpoint,
                parallelism,
                parallelism_per_kpu: per_kpu,
                sink,
                ..default
            }
        },
    );
    prop_oneof![
        spec.prop_map(FlinkCommand::Create),
        text().prop_map(|name| FlinkCommand::Stop { name }),
        text().prop_map(|name| FlinkCommand::Start { name }),
        text().prop_map(|name| FlinkCommand::Fail { name }),
        text().prop_map(|name| FlinkCommand::Delete { name }),
    ]
    .boxed()
}

pub(super) fn dms() -> BoxedStrategy<DmsCommand> {
    let kind = prop_oneof![
        Just(MigrationType::FullLoad),
        Just(MigrationType::Cdc),
        Just(MigrationType::FullLoadAndCdc)
    ];
    let format = prop_oneof![Just(MessageFormat::Json), Just(MessageFormat::JsonUnformatted)];
    let key = prop_oneof![Just(DmsKey::SchemaTable), Just(DmsKey::PrimaryKey)];
    let start = prop_oneof![Just(DmsStart::ResumeProcessing), Just(DmsStart::ReloadTarget)];
    let spec = (
        (text(), text(), text(), text(), text(), of(text()), of(text())),
        (kind, format, key, any::<bool>(), any::<bool>(), any::<bool>()),
    );
    let spec = spec.prop_map(
        |((task, bucket, stream, folder, tables, cdc, role), (kind, format, key, control, value, schema))| {
            DmsSpec {
                migration_type: kind,
                folder,
                table_definition: tables,
                cdc_path: cdc,
                role,
                message_format: format,
                partition_key: key,
                include_control_details: control,
                include_partition_value: value,
                partition_include_schema_table: schema,
                ..DmsSpec::new(task, bucket, stream)
            }
        },
    );
    prop_oneof![
        spec.prop_map(DmsCommand::Create),
        text().prop_map(|task| DmsCommand::Stop { task }),
        (text(), start).prop_map(|(task, start)| DmsCommand::Start { task, start }),
        text().prop_map(|task| DmsCommand::Delete { task }),
    ]
    .boxed()
}

pub(super) fn function() -> BoxedStrategy<FunctionSpec> {
    let condition = || of("[a-z]{1,4}(=|!=|~)[-a-z '\"]{0,6}".prop_map(|text| text.parse().unwrap()));
    let subject = || of(prop_oneof!["[a-z]{1,4}[.][a-z]{1,4}", Just("partition-key".to_owned())]);
    let on_error = prop_oneof![Just(OnError::Throw), Just(OnError::ReportAll), Just(OnError::ReportFirst)];
    let span = || (0..100_000u64).prop_map(Duration::from_millis);
    (
        (text(), of(text()), any::<i64>(), of(any::<u32>())),
        (span(), span(), condition(), any::<u32>(), on_error, subject(), subject(), condition()),
    )
        .prop_map(
            |(
                (name, role, timeout, concurrency),
                (takes, per_record, fails_when, fails_every, on_error, by, sum, drops_when),
            )| {
                FunctionSpec {
                    name,
                    role,
                    timeout,
                    concurrency,
                    takes,
                    per_record,
                    fails_when,
                    fails_every,
                    on_error,
                    count_by: by.map(|by| by.parse().unwrap()),
                    sum: sum.map(|sum| sum.parse().unwrap()),
                    drops_when,
                }
            },
        )
        .boxed()
}

pub(super) fn mapping() -> BoxedStrategy<MappingSpec> {
    let number = any::<i64>;
    let switch = any::<bool>;
    let filters = proptest::collection::vec(text(), 0..3);
    let from = prop_oneof![
        Just(StartingPosition::TrimHorizon),
        Just(StartingPosition::Latest),
        (0..2_000_000_000_000u64).prop_map(|at| StartingPosition::AtTimestamp(Instant::from_millis(at))),
    ];
    (
        (text(), text(), from, switch(), number(), number(), number(), number(), number()),
        (switch(), switch(), number(), filters, of(text())),
    )
        .prop_map(
            |(
                (function, arn, from, enabled, size, window, factor, age, retries),
                (bisect, report, tumbling, filters, on_failure),
            )| {
                MappingSpec {
                    enabled,
                    batch_size: size,
                    maximum_batching_window_in_seconds: window,
                    parallelization_factor: factor,
                    maximum_record_age_in_seconds: age,
                    maximum_retry_attempts: retries,
                    bisect_batch_on_function_error: bisect,
                    report_batch_item_failures: report,
                    tumbling_window_in_seconds: tumbling,
                    filters,
                    on_failure,
                    ..MappingSpec::new(function, arn, from)
                }
            },
        )
        .boxed()
}

pub(super) fn lambda() -> BoxedStrategy<LambdaCommand> {
    let change =
        (mapping(), of(any::<bool>()), of(any::<i64>())).prop_map(|(spec, switch, number)| MappingChange {
            function: Some(spec.function),
            enabled: switch,
            batch_size: number,
            maximum_batching_window_in_seconds: number,
            parallelization_factor: Some(spec.parallelization_factor),
            maximum_record_age_in_seconds: number,
            maximum_retry_attempts: Some(spec.maximum_retry_attempts),
            bisect_batch_on_function_error: switch,
            report_batch_item_failures: Some(spec.report_batch_item_failures),
            tumbling_window_in_seconds: number,
            filters: switch.map(|_| spec.filters),
            on_failure: spec.on_failure,
        });
    prop_oneof![
        function().prop_map(LambdaCommand::CreateFunction),
        function().prop_map(LambdaCommand::UpdateFunction),
        text().prop_map(|function| LambdaCommand::DeleteFunction { function }),
        mapping().prop_map(LambdaCommand::CreateEventSourceMapping),
        (text(), change).prop_map(|(uuid, change)| LambdaCommand::UpdateEventSourceMapping { uuid, change }),
        text().prop_map(|uuid| LambdaCommand::DeleteEventSourceMapping { uuid }),
    ]
    .boxed()
}

pub(super) fn s3() -> BoxedStrategy<S3Command> {
    let content =
        prop_oneof![text().prop_map(String::into_bytes), proptest::collection::vec(any::<u8>(), 0..8),];
    prop_oneof![
        text().prop_map(|bucket| S3Command::CreateBucket { bucket }),
        text().prop_map(|bucket| S3Command::DeleteBucket { bucket }),
        (text(), text(), content).prop_map(|(bucket, key, content)| {
            S3Command::PutObject { bucket, key, content: content.into() }
        }),
        (text(), text()).prop_map(|(bucket, key)| S3Command::DeleteObject { bucket, key }),
    ]
    .boxed()
}
