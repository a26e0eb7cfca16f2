//! The line of a command, and that it is read as the same command again.

mod delivery;
mod requests;

use delivery::*;
use requests::*;

use std::collections::BTreeMap;
use std::sync::Arc;

use kinesis::*;
use proptest::option::of;
use proptest::prelude::*;
use sim::{
    AccountCommand, AgentChange, AgentCommand, AgentSpec, ApplicationChange, ApplicationSpec, Balancing,
    CallerSpec, Command, FaultKind, FaultSpec, KclVersion, KeyRecipe, KplChange, KplConfig, KplSpec,
    LogFormat, LogSpec, ProcessorKind, ProducerChange, ProducerSpec, PutCall, PutOrdering, ReaderSpec,
    RetrievalMode, RetryPolicy, S3Command, Standing, StartingPosition, TableCapacity, Traffic, Variable, Way,
    WorkerAction, Workload,
};
use sim::{
    CompressionFormat, DeliveryStreamSpec, DmsCommand, DmsKey, DmsSpec, DmsStart, FirehoseCommand,
    FlinkCommand, FlinkSpec, MessageFormat, MigrationType, OutputFormat, Subject,
};
use sim::{FunctionSpec, LambdaCommand, MappingChange, MappingSpec, OnError};

use crate::{Effect, Fork, Line, SeekTo, parse, render, render_line};

fn put(data: &[u8], key: &str) -> Command {
    let input = PutRecordInput {
        stream_name: Some("orders".into()),
        data: Some(Blob::Bytes(data.to_vec())),
        partition_key: Some(key.into()),
        ..PutRecordInput::default()
    };
    Command::Call(input.into())
}

#[test]
fn the_line_of_a_click_on_the_clock_the_history_or_the_worlds_is_read_as_what_it_does() {
    let instant = Instant::from_millis(1_767_225_630_250);
    for line in [
        Line::Undo,
        Line::Redo,
        Line::Advance(Duration::from_millis(1_500)),
        Line::Seek(SeekTo::Instant(instant)),
        Line::Seek(SeekTo::FromStart(Duration::from_seconds(90))),
        Line::Fork(Fork::Make),
        Line::Fork(Fork::Switch),
        Line::Fork(Fork::Difference),
        Line::Fork(Fork::Drop),
        Line::Effect(Effect::Play),
        Line::Effect(Effect::Pause),
        Line::Effect(Effect::Clear),
        Line::Effect(Effect::Speed { numerator: 10, denominator: 1 }),
        Line::Effect(Effect::Speed { numerator: 1, denominator: 10 }),
    ] {
        let text = render_line(&line).unwrap();
        assert_eq!(parse(&text), Ok(line), "{text}");
    }
}

#[test]
fn a_click_teaches_its_line() {
    assert_eq!(
        render(&put(b"hello world", "user-1")),
        "aws kinesis put-record --stream-name orders --data 'hello world' --partition-key user-1 --cli-binary-format raw-in-base64-out"
    );
    assert_eq!(
        render(&put(b"\x00\xff", "it's")),
        r"aws kinesis put-record --stream-name orders --data AP8= --partition-key 'it'\''s'"
    );
    assert_eq!(
        render(&put(b"file://x", "-k")),
        "aws kinesis put-record --stream-name orders --data ZmlsZTovL3g= --partition-key=-k"
    );
    assert_eq!(
        render(&put(b"x", "file://x")),
        r#"aws kinesis put-record --cli-input-json '{"StreamName":"orders","Data":"eA==","PartitionKey":"file://x"}'"#
    );
    let input = CreateStreamInput {
        stream_name: Some("s".to_owned()),
        tags: Some([("file://".to_owned(), "0".to_owned())].into()),
        ..CreateStreamInput::default()
    };
    assert_eq!(
        render(&Command::Call(input.into())),
        r#"aws kinesis create-stream --stream-name s --tags '{"file://":"0"}'"#
    );
    let mut producer = ProducerSpec::new("web", "orders");
    assert_eq!(
        render(&Command::StartProducer(producer.clone())),
        "sandbox producer start web --stream orders"
    );
    producer.retry = RetryPolicy::Backoff;
    assert_eq!(
        render(&Command::StartProducer(producer)),
        "sandbox producer start web --stream orders --retry backoff"
    );
    let filter = ShardFilter { kind: Some("AT_LATEST".to_owned()), ..ShardFilter::default() };
    let list = ListShardsInput {
        stream_name: Some("s".to_owned()),
        shard_filter: Some(filter),
        ..Default::default()
    };
    assert_eq!(
        render(&Command::Call(list.into())),
        "aws kinesis list-shards --stream-name s --shard-filter Type=AT_LATEST"
    );
}

fn fault() -> BoxedStrategy<Command> {
    let span = || (1u64..100_000).prop_map(Duration::from_millis);
    let about = prop_oneof![
        Just(FaultKind::Crash),
        Just(FaultKind::Pause),
        Just(FaultKind::Partition),
        (2u32..10_000).prop_map(|factor| FaultKind::Slow { factor }),
        (span(), any::<bool>()).prop_map(|(by, is_ahead)| FaultKind::Clock { by, is_ahead }),
        span().prop_map(|per_record| FaultKind::SlowSink { per_record }),
    ];
    let way = prop_oneof![Just(Way::Both), Just(Way::Calls), Just(Way::Answers)];
    let network = prop_oneof![
        span().prop_map(|more| FaultKind::Latency { more }),
        (1u32..=100, way).prop_map(|(percent, way)| FaultKind::Loss { percent, way }),
    ];
    let once = prop_oneof![
        of(word()).prop_map(|shard| FaultKind::Throttle { shard }),
        (word(), word()).prop_map(|(program, key)| FaultKind::Poison { program, key }),
    ];
    prop_oneof![
        (about, word().prop_map(Some), of(span())),
        (network, of(word()), of(span())),
        (once, word().prop_map(Some), Just(None)),
    ]
    .prop_map(|(kind, target, lasts)| Command::Fault(FaultSpec { kind, target, lasts }))
    .boxed()
}

/// Texts with everything that a shell, shorthand or JSON could stumble over.
pub(super) fn text() -> BoxedStrategy<String> {
    prop_oneof![
        "[a-z0-9_.-]{1,12}",
        "[-a '\"\\\\=,{}\\[\\]$#|:/\n]{1,8}",
        "\\PC{1,8}",
        "(file|fileb)://[a-z]{0,3}",
        Just("help".to_owned()),
        Just("--".to_owned()),
    ]
    .boxed()
}

/// Tags: the line refuses an empty key, as the AWS CLI does.
pub(super) fn tags() -> BoxedStrategy<BTreeMap<String, String>> {
    proptest::collection::btree_map(text(), word(), 1..3).boxed()
}

pub(super) fn word() -> BoxedStrategy<String> {
    prop_oneof![text(), Just(String::new())].boxed()
}

fn recipe() -> impl Strategy<Value = KeyRecipe> {
    let key = || "[^,\\x00]{1,8}";
    let part = prop_oneof![
        Just(KeyRecipe::Random),
        (1u32..=1_000_000).prop_map(|count| KeyRecipe::Uniform { count }),
        proptest::collection::vec("[^,+\\x00]{1,8}", 1..4).prop_map(|keys| KeyRecipe::Fixed { keys }),
    ];
    prop_oneof![
        proptest::collection::vec(part, 2..4).prop_map(|parts| KeyRecipe::Composite { parts }),
        Just(KeyRecipe::Random),
        (1u32..=1_000_000).prop_map(|count| KeyRecipe::Uniform { count }),
        (1u32..=1_000_000).prop_map(|count| KeyRecipe::Zipf { count }),
        proptest::collection::vec(key(), 1..4).prop_map(|keys| KeyRecipe::Fixed { keys }),
        (0u32..=100, key()).prop_map(|(percent, key)| KeyRecipe::Hot { percent, key }),
    ]
}

fn put_call() -> impl Strategy<Value = PutCall> {
    prop_oneof![Just(PutCall::Single), Just(PutCall::Batch)]
}

fn retry() -> impl Strategy<Value = RetryPolicy> {
    prop_oneof![
        Just(RetryPolicy::None),
        Just(RetryPolicy::Immediate),
        Just(RetryPolicy::Backoff),
        Just(RetryPolicy::Standard),
        Just(RetryPolicy::Legacy),
    ]
}

fn traffic() -> impl Strategy<Value = Traffic> {
    prop_oneof![
        Just(Traffic::Steady),
        Just(Traffic::Daily),
        (2..1_000u32, 1..100u32, 101..200u32).prop_map(|(times, seconds, every)| Traffic::Burst {
            times,
            seconds,
            every
        }),
        (1..u32::MAX, 1..1_000u32).prop_map(|(to, seconds)| Traffic::Ramp { to, seconds }),
    ]
}

fn workload() -> impl Strategy<Value = Workload> {
    proptest::sample::select(&Workload::ALL[..])
}

fn ordering() -> impl Strategy<Value = PutOrdering> {
    prop_oneof![Just(PutOrdering::None), Just(PutOrdering::PerKey)]
}

fn position() -> impl Strategy<Value = StartingPosition> {
    prop_oneof![
        Just(StartingPosition::TrimHorizon),
        Just(StartingPosition::Latest),
        (0..Instant::MAX.micros())
            .prop_map(|micros| StartingPosition::AtTimestamp(Instant::from_micros(micros))),
    ]
}

fn version() -> impl Strategy<Value = KclVersion> {
    proptest::sample::select(&KclVersion::ALL[..])
}

fn balancing() -> impl Strategy<Value = Balancing> {
    (any::<[u32; 8]>(), any::<[Option<u32>; 2]>(), any::<[bool; 3]>()).prop_map(|(counts, maybe, flags)| {
        let span = |millis: u32| Duration::from_millis(u64::from(millis));
        Balancing {
            lease_assignment_interval: maybe[0].map(span),
            re_balance_threshold: counts[0],
            dampening: counts[1],
            allows_throughput_overshoot: flags[0],
            max_throughput_per_host: maybe[1],
            variance_balancing_frequency: counts[2],
            worker_metrics_reporter_freq: span(counts[3]),
            disables_worker_metrics: flags[1],
            hands_off_gracefully: flags[2],
            hand_off_timeout: span(counts[4]),
            cpu_per_record: counts[5],
            cpu_per_kb: counts[6],
            vcpus: counts[7],
        }
    })
}

fn processor() -> impl Strategy<Value = ProcessorKind> {
    prop_oneof![Just(ProcessorKind::Plain), Just(ProcessorKind::Idempotent)]
}

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        any::<u64>().prop_map(Duration::from_micros),
        (0u64..100_000).prop_map(Duration::from_millis),
        (0u64..100_000).prop_map(Duration::from_seconds),
    ]
}

fn verb() -> BoxedStrategy<Command> {
    let calls = (put_call(), retry(), duration(), ordering());
    let shape = (traffic(), workload(), recipe());
    let producer = (word(), word(), any::<[u32; 3]>(), any::<Option<u32>>(), shape, calls).prop_map(
        |(name, stream, [rate, size, attempts], concurrency, (traffic, workload, keys), calls)| {
            let (call, retry, request_timeout, ordering) = calls;
            Command::StartProducer(ProducerSpec {
                name,
                stream,
                rate,
                traffic,
                workload,
                size,
                keys,
                call,
                retry,
                attempts,
                concurrency,
                request_timeout,
                ordering,
            })
        },
    );
    let calls = (of(put_call()), of(retry()), of(duration()), of(ordering()));
    let shape = (of(traffic()), of(workload()), of(recipe()));
    let change = (word(), any::<[Option<u32>; 4]>(), shape, calls).prop_map(
        |(name, [rate, size, attempts, concurrency], (traffic, workload, keys), calls)| {
            let (call, retry, request_timeout, ordering) = calls;
            Command::ChangeProducer(ProducerChange {
                name,
                rate,
                traffic,
                workload,
                size,
                keys,
                call,
                retry,
                attempts,
                concurrency,
                request_timeout,
                ordering,
            })
        },
    );
    let shape = (traffic(), workload(), recipe());
    let kpl = (
        word(),
        word(),
        any::<[u32; 2]>(),
        shape,
        any::<[u64; 6]>(),
        any::<[bool; 2]>(),
        [(); 3].map(|()| duration()),
    )
        .prop_map(|(name, stream, [rate, size], (traffic, workload, keys), numbers, truths, times)| {
            let [aggregation_max_count, aggregation_max_size, collection_max_count, ..] = numbers;
            let [.., collection_max_size, rate_limit, max_connections] = numbers;
            let [record_max_buffered_time, record_ttl, request_timeout] = times;
            let config = KplConfig {
                aggregation_enabled: truths[0],
                aggregation_max_count,
                aggregation_max_size,
                collection_max_count,
                collection_max_size,
                record_max_buffered_time,
                record_ttl,
                rate_limit,
                fail_if_throttled: truths[1],
                max_connections,
                request_timeout,
            };
            Command::StartKpl(KplSpec { name, stream, rate, traffic, workload, size, keys, config })
        });
    let shape = (of(traffic()), of(workload()), of(recipe()));
    let kpl_change = (word(), any::<[Option<u32>; 2]>(), shape).prop_map(
        |(name, [rate, size], (traffic, workload, keys))| {
            Command::ChangeKpl(KplChange { name, rate, traffic, workload, size, keys })
        },
    );
    let reader = (word(), word(), position(), duration(), any::<Option<u32>>(), of(word())).prop_map(
        |(name, stream, from, interval, limit, consumer)| {
            Command::StartReader(ReaderSpec { name, stream, from, interval, limit, consumer })
        },
    );
    let application = (
        (word(), word(), any::<[u32; 5]>(), position(), of(version())),
        (any::<[u32; 5]>(), duration(), any::<Option<u32>>(), any::<[bool; 2]>(), processor(), balancing()),
    )
        .prop_map(
            |(
                (name, stream, counts, from, version),
                (spans, checkpoint_interval, max, empty, processor, balancing),
            )| {
                let [workers, max_leases_to_steal, max_records, processing_rate, _] = counts;
                let span = |millis: u32| Duration::from_millis(u64::from(millis));
                Command::StartApplication(ApplicationSpec {
                    workers,
                    from,
                    version,
                    failover: span(spans[0]),
                    max_leases_for_worker: max,
                    max_leases_to_steal,
                    shard_sync_interval: span(spans[1]),
                    parent_shard_poll_interval: span(spans[2]),
                    max_records,
                    idle_between_reads: span(spans[3]),
                    calls_for_empty_lists: empty[0],
                    retrieval: if empty[1] { RetrievalMode::FanOut } else { RetrievalMode::Polling },
                    task_backoff: span(spans[4]),
                    checkpoint_interval,
                    processing_rate,
                    processor,
                    balancing,
                    ..ApplicationSpec::new(name, stream)
                })
            },
        );
    let change_application = (
        (word(), of(position()), of(duration()), of(processor())),
        (any::<[Option<u32>; 9]>(), any::<[Option<u32>; 3]>(), any::<Option<bool>>()),
    )
        .prop_map(|((name, from, checkpoint_interval, processor), (counts, spans, graceful))| {
            let span = |millis: Option<u32>| millis.map(|millis| Duration::from_millis(u64::from(millis)));
            Command::ChangeApplication(ApplicationChange {
                name,
                from,
                failover: span(spans[0]),
                max_leases_for_worker: counts[0],
                max_leases_to_steal: counts[1],
                max_records: counts[2],
                idle_between_reads: span(spans[1]),
                checkpoint_interval,
                processing_rate: counts[3],
                processor,
                re_balance_threshold: counts[4],
                dampening: counts[5],
                max_throughput_per_host: counts[6],
                hands_off_gracefully: graceful,
                hand_off_timeout: span(spans[2]),
                cpu_per_record: counts[7],
                cpu_per_kb: counts[8],
            })
        });
    let host = (word(), word(), any::<u32>(), any::<Option<u32>>(), any::<bool>()).prop_map(
        |(application, worker, one, other, is_vcpus)| {
            let (vcpus, other_load) = if is_vcpus { (Some(one), other) } else { (other, Some(one)) };
            Command::SetWorkerHost { application, worker, vcpus, other_load }
        },
    );
    let lease_table = prop_oneof![
        host,
        (word(), word()).prop_map(|(application, lease)| Command::DeleteLease { application, lease }),
        word().prop_map(|application| Command::DeleteLeaseTable { application }),
        (word(), of(any::<(u32, u32)>())).prop_map(|(application, units)| {
            let provisioned = |(read, write)| TableCapacity::Provisioned { read, write };
            let capacity = units.map_or(TableCapacity::OnDemand, provisioned);
            Command::SetTableCapacity { application, capacity }
        }),
    ];
    let action = prop_oneof![
        Just(WorkerAction::Crash),
        Just(WorkerAction::Pause),
        Just(WorkerAction::Resume),
        Just(WorkerAction::Restart),
        Just(WorkerAction::Stop),
    ];
    let worker = (word(), word(), action).prop_map(|(application, worker, action)| Command::Worker {
        application,
        worker,
        action,
    });
    let attach = (word(), proptest::option::of(word())).prop_map(|(program, role)| Command::Attach {
        program,
        standing: Standing { role, subnet: sim::Subnet::Private },
    });
    prop_oneof![
        fault(),
        of(word()).prop_map(|target| Command::ClearFaults { target }),
        attach,
        account_command(),
        producer,
        change,
        kpl,
        kpl_change,
        word().prop_map(|name| Command::StopKpl { name }),
        reader,
        application,
        change_application,
        lease_table,
        worker,
        word().prop_map(|name| Command::StopProducer { name }),
        word().prop_map(|name| Command::StopReader { name }),
        word().prop_map(|application| Command::AddWorker { application }),
        (word(), word()).prop_map(|(name, value)| Command::Answer { name, value }),
        (word(), word(), proptest::option::of(word()))
            .prop_map(|(principal, name, document)| { Command::SetPolicy { principal, name, document } }),
        (word(), proptest::sample::select(&KeyState::ALL[..]))
            .prop_map(|(key, state)| Command::SetKeyState { key, state }),
        ("[A-Za-z_][A-Za-z0-9_]{0,4}", proptest::option::of((word(), any::<bool>()))).prop_map(
            |(name, variable)| {
                let variable = variable.map(|(value, is_exported)| Variable { value, is_exported });
                Command::SetVariable { name, variable }
            }
        ),
        ("[a-z.-]{1,3}[a-z]", proptest::option::of(proptest::collection::vec(any::<u8>(), 0..8)))
            .prop_filter("another name for the same file", |(path, _)| crate::shell::path(path) == *path)
            .prop_map(|(path, content)| Command::WriteFile { path, content: content.map(Arc::from) }),
        s3().prop_map(Command::S3),
        lambda().prop_map(Command::from),
        firehose().prop_map(Command::from),
        flink().prop_map(Command::from),
        dms().prop_map(Command::from),
        agent().prop_map(Command::from),
    ]
    .boxed()
}

fn agent() -> BoxedStrategy<AgentCommand> {
    let log = || {
        let format = proptest::sample::select(&LogFormat::ALL[..]);
        let log = (text(), format, any::<[u32; 3]>(), traffic(), any::<u64>(), duration());
        log.prop_map(|(path, format, [rate, size, keep], traffic, rotate_size, age)| LogSpec {
            path,
            format,
            rate,
            traffic,
            size,
            rotate_size,
            keep,
            age,
        })
    };
    let change = (text(), of(text()), of(text()), any::<Option<u32>>(), of(traffic()));
    prop_oneof![
        (text(), text(), log()).prop_map(|(name, configuration, log)| AgentCommand::Start(AgentSpec {
            name,
            configuration,
            log
        })),
        change.prop_map(|(name, configuration, log, rate, traffic)| {
            AgentCommand::Change(AgentChange { name, configuration, log, rate, traffic })
        }),
        (text(), log()).prop_map(|(name, log)| AgentCommand::AddLog { name, log }),
        text().prop_map(|name| AgentCommand::Stop { name }),
        text().prop_map(|name| AgentCommand::Restart { name }),
    ]
    .boxed()
}

fn account_command() -> impl Strategy<Value = Command> {
    let metric = (
        "[A-Za-z.]{1,8}",
        "[A-Za-z/]{1,8}",
        proptest::collection::vec(("[A-Z][a-z]{1,4}", "[a-z0-9-]{1,8}"), 0..3),
    );
    let metric = metric.prop_map(|(name, namespace, dimensions)| {
        let dimensions: Vec<(&str, &str)> =
            dimensions.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        sim::MetricName::new(&namespace, &name, &dimensions)
    });
    let rule = (any::<i64>(), 0_usize..5, 0_usize..4, 0_usize..4, 1_u32..100, 1_u32..9, 1_u32..9);
    let alarm = (word(), metric, rule).prop_map(|(name, metric, rule)| {
        let (threshold, statistic, comparison, missing, minutes, periods, datapoints) = rule;
        Command::Account(AccountCommand::PutAlarm(sim::AlarmSpec {
            name,
            metric,
            statistic: sim::Statistic::ALL[statistic],
            period: minutes * 60,
            evaluation_periods: periods,
            datapoints_to_alarm: datapoints,
            threshold: sim::Threshold(threshold % 1_000_000_000_000),
            comparison: sim::Comparison::ALL[comparison],
            missing_data: sim::MissingData::ALL[missing],
        }))
    });
    prop_oneof![
        alarm,
        word().prop_map(|name| Command::Account(AccountCommand::DeleteAlarm { name })),
        (proptest::sample::select(&sim::EndpointService::ALL[..]), of(word())).prop_map(
            |(service, policy)| { Command::Account(AccountCommand::SetEndpoint { service, policy }) }
        ),
        proptest::sample::select(&sim::EndpointService::ALL[..])
            .prop_map(|service| Command::Account(AccountCommand::DeleteEndpoint { service })),
        (word(), of(word()))
            .prop_map(|(key, document)| { Command::Account(AccountCommand::SetKeyPolicy { key, document }) }),
        (word(), of(word())).prop_map(|(principal, trust)| {
            Command::Account(AccountCommand::CreateIdentity { principal, trust })
        }),
        word().prop_map(|principal| Command::Account(AccountCommand::DeleteIdentity { principal })),
        proptest::sample::select(&sim::DataEvents::ALL[..])
            .prop_map(|events| Command::Account(AccountCommand::SetDataEvents(events))),
    ]
}

/// A program that is started as a role.
fn attached() -> impl Strategy<Value = Command> {
    (word(), verb()).prop_filter_map("starts nothing", |(role, start)| {
        start.started_program()?;
        let standing = Standing { role: Some(role), ..Standing::default() };
        Some(Command::StartAttached { standing, start: Box::new(start) })
    })
}

/// A call as somebody else, or by another way.
fn call_as() -> impl Strategy<Value = Command> {
    let somebody = (word(), any::<bool>())
        .prop_map(|(name, is_through_endpoint)| CallerSpec { principal: Some(name), is_through_endpoint });
    let endpoint = CallerSpec { principal: None, is_through_endpoint: true };
    (prop_oneof![4 => somebody, 1 => Just(endpoint)], call()).prop_map(|(caller, command)| match command {
        Command::Call(request) => Command::CallAs { caller, request },
        other => other,
    })
}

/// Every kind of command that has a line: [`super::every_command`] checks that none is forgotten.
pub(super) fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![call(), call_as(), verb(), attached()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_line_of_a_command_is_read_as_that_command(command in any_command()) {
        let line = render(&command);
        let read = parse(&line).map(|line| line.command());
        prop_assert_eq!(read, Ok(Some(command)), "{}", line);
    }
}

#[test]
fn a_subscription_which_has_no_command_is_written_as_a_comment() {
    let subscribe = kinesis::SubscribeToShardInput {
        consumer_arn: Some("arn".to_owned()),
        shard_id: Some("shardId-000000000000".to_owned()),
        starting_position: Some(kinesis::StartingPosition {
            kind: Some("LATEST".to_owned()),
            ..Default::default()
        }),
        dry_run: None,
    };
    let line = crate::render(&Command::Call(subscribe.into()));
    assert_eq!(
        line,
        r##"# SubscribeToShard {"ConsumerARN":"arn","ShardId":"shardId-000000000000","StartingPosition":{"Type":"LATEST"}}"##
    );
    assert_eq!(crate::parse(&line), Ok(crate::Line::Empty));
}
