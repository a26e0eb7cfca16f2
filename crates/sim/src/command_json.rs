//! Commands in saved sessions: JSON values and back, strictly. The members of AWS calls are the wire's.
//!
//! By hand instead of derived: derived readers of commands take a tenth of the page.

mod account;
mod agent;
mod content;
mod dms;
mod fault;
mod firehose;
mod flink;
mod lambda;
mod s3;

use content::Content;
use kinesis::{Duration, KeyState, Operation, Request};
use serde_json::{Map, Value};

use crate::{
    AgentChange, AgentSpec, ApplicationChange, ApplicationSpec, Balancing, CallerSpec, Command,
    CompressionFormat, DeliveryStreamSpec, DmsSpec, FlinkSpec, FunctionSpec, KplChange, KplConfig, KplSpec,
    LogSpec, MappingChange, MappingSpec, ProcessorKind, ProducerChange, ProducerSpec, PutOrdering,
    ReaderSpec, RetrievalMode, Standing, TableCapacity, Traffic, Variable, Workload,
};

type Members = Map<String, Value>;

/// Structures with their members; what is absent is `null`, or what it always was before there was the member; what is
/// unknown is refused.
macro_rules! structures {
    ($( $structure:ident { $( $field:ident $(= $default:expr)? ),* $(,)? } )*) => {
        $(
            impl $structure {
                fn from_members(members: &Members) -> Result<$structure, String> {
                    known(members, &[$( stringify!($field) ),*])?;
                    Ok($structure { $( $field: {
                    let default = [$( Some($default), )? None].into_iter().next().flatten();
                    member_or(members, stringify!($field), default)?
                } ),* })
                }

                fn to_members(&self) -> Members {
                    let mut members = Members::new();
                    $( set(&mut members, stringify!($field), self.$field.write()); )*
                    members
                }
            }
        )*
    };
}

structures! {
    ProducerSpec {
        name, stream, rate, traffic = Traffic::Steady, workload = Workload::Plain, size, keys, call, retry, attempts,
        concurrency, request_timeout = Duration::from_seconds(30), ordering = PutOrdering::None,
    }
    ProducerChange {
        name, rate, traffic, workload, size, keys, call, retry, attempts, concurrency, request_timeout, ordering,
    }
    AgentSpec { name, configuration, log }
    AgentChange { name, configuration, log, rate, traffic }
    LogSpec { path, format, rate, traffic, size, rotate_size, keep, age }
    KplSpec { name, stream, rate, traffic, workload, size, keys, config }
    KplChange { name, rate, traffic, workload, size, keys }
    KplConfig {
        aggregation_enabled, aggregation_max_count, aggregation_max_size, collection_max_count, collection_max_size,
        record_max_buffered_time, record_ttl, rate_limit, fail_if_throttled, max_connections, request_timeout,
    }
    ReaderSpec { name, stream, from, interval, limit, consumer }
    Standing { role, subnet }
    FunctionSpec {
        name, role, timeout, concurrency, takes, per_record, fails_when, fails_every, on_error, count_by, sum, drops_when,
    }
    MappingSpec {
        function, event_source_arn, starting_position, enabled, batch_size, maximum_batching_window_in_seconds,
        parallelization_factor, maximum_record_age_in_seconds, maximum_retry_attempts, bisect_batch_on_function_error,
        report_batch_item_failures, tumbling_window_in_seconds, filters, on_failure,
    }
    MappingChange {
        function, enabled, batch_size, maximum_batching_window_in_seconds, parallelization_factor,
        maximum_record_age_in_seconds, maximum_retry_attempts, bisect_batch_on_function_error,
        report_batch_item_failures, tumbling_window_in_seconds, filters, on_failure,
    }
    ApplicationSpec {
        name, stream, workers, from, version, retrieval = RetrievalMode::Polling, failover, max_leases_for_worker,
        max_leases_to_steal = 1, shard_sync_interval = Duration::from_seconds(60),
        parent_shard_poll_interval = Duration::from_seconds(10), max_records = 10_000, idle_between_reads,
        calls_for_empty_lists = false, task_backoff = Duration::from_millis(500), checkpoint_interval,
        processing_rate = 0, processor = ProcessorKind::Plain, balancing = Balancing::default(),
    }
    Balancing {
        lease_assignment_interval, re_balance_threshold, dampening, allows_throughput_overshoot, max_throughput_per_host,
        variance_balancing_frequency, worker_metrics_reporter_freq, disables_worker_metrics, hands_off_gracefully,
        hand_off_timeout, cpu_per_record, cpu_per_kb, vcpus,
    }
    ApplicationChange {
        name, from, failover, max_leases_for_worker, max_leases_to_steal, max_records, idle_between_reads,
        checkpoint_interval, processing_rate, processor, re_balance_threshold, dampening, max_throughput_per_host,
        hands_off_gracefully, hand_off_timeout, cpu_per_record, cpu_per_kb,
    }
    DeliveryStreamSpec {
        name, kinesis_stream_arn, role, bucket, prefix, error_output_prefix, size_in_mbs, interval_in_seconds, transform,
        transform_retries, append_delimiter, partition_by, backup_bucket,
        compression_format = CompressionFormat::Uncompressed, output_format, schema,
    }
    FlinkSpec {
        name, stream, role, from, key, window, slide, sum, event_time, out_of_orderness, idleness, allowed_lateness,
        checkpoint_interval, parallelism, parallelism_per_kpu, sink,
    }
    DmsSpec {
        task, migration_type, bucket, folder, table_definition, cdc_path, stream, role, message_format, partition_key,
        include_control_details, include_partition_value, partition_include_schema_table,
    }
}

/// A command as it stands in a saved session: its name and its members.
pub(crate) fn write(command: &Command) -> Value {
    let (name, members) = match command {
        Command::Call(request) => {
            let call = pair(request.operation().name(), awsjson::members_of(request));
            ("Call", call)
        }
        Command::CallAs { caller, request } => {
            let call = pair(request.operation().name(), awsjson::members_of(request));
            let mut members = Members::new();
            set(&mut members, "principal", caller.principal.write());
            set(&mut members, "through_endpoint", Value::Bool(caller.is_through_endpoint));
            set(&mut members, "call", Value::Object(call));
            ("CallAs", members)
        }
        Command::SetPolicy { principal, name, document } => {
            let mut members = texts(&[("principal", principal), ("name", name)]);
            set(&mut members, "document", document.write());
            ("SetPolicy", members)
        }
        Command::SetKeyState { key, state } => {
            let mut members = texts(&[("key", key)]);
            set(&mut members, "state", Value::from(state.name()));
            ("SetKeyState", members)
        }
        Command::Attach { program, standing } => {
            let mut members = standing.to_members();
            set(&mut members, "program", program.write());
            ("Attach", members)
        }
        Command::StartAttached { standing, start } => {
            let mut members = Members::new();
            set(&mut members, "standing", Value::Object(standing.to_members()));
            set(&mut members, "start", write(start));
            ("StartAttached", members)
        }
        Command::StartProducer(spec) => ("StartProducer", spec.to_members()),
        Command::ChangeProducer(change) => ("ChangeProducer", change.to_members()),
        Command::StopProducer { name } => ("StopProducer", texts(&[("name", name)])),
        Command::StartKpl(spec) => ("StartKpl", spec.to_members()),
        Command::ChangeKpl(change) => ("ChangeKpl", change.to_members()),
        Command::StopKpl { name } => ("StopKpl", texts(&[("name", name)])),
        Command::StartReader(spec) => ("StartReader", spec.to_members()),
        Command::StopReader { name } => ("StopReader", texts(&[("name", name)])),
        Command::StartApplication(spec) => ("StartApplication", spec.to_members()),
        Command::AddWorker { application } => ("AddWorker", texts(&[("application", application)])),
        Command::Worker { application, worker, action } => {
            let mut members = texts(&[("application", application), ("worker", worker)]);
            set(&mut members, "action", action.write());
            ("Worker", members)
        }
        Command::SetWorkerHost { application, worker, vcpus, other_load } => {
            let mut members = texts(&[("application", application), ("worker", worker)]);
            set(&mut members, "vcpus", vcpus.write());
            set(&mut members, "other_load", other_load.write());
            ("SetWorkerHost", members)
        }
        Command::ChangeApplication(change) => ("ChangeApplication", change.to_members()),
        Command::DeleteLease { application, lease } => {
            ("DeleteLease", texts(&[("application", application), ("lease", lease)]))
        }
        Command::DeleteLeaseTable { application } => {
            ("DeleteLeaseTable", texts(&[("application", application)]))
        }
        Command::SetTableCapacity { application, capacity } => {
            let mut members = texts(&[("application", application)]);
            if let TableCapacity::Provisioned { read, write } = capacity {
                set(&mut members, "read", read.write());
                set(&mut members, "write", write.write());
            }
            ("SetTableCapacity", members)
        }
        Command::CloseSubscription { subscription } => {
            let members = Members::from_iter([("subscription".to_owned(), Value::from(*subscription))]);
            ("CloseSubscription", members)
        }
        Command::Answer { name, value } => ("Answer", texts(&[("name", name), ("value", value)])),
        Command::SetVariable { name, variable } => {
            let mut members = texts(&[("name", name)]);
            if let Some(variable) = variable {
                members.insert("value".to_owned(), variable.value.write());
                members.insert("exported".to_owned(), Value::Bool(variable.is_exported));
            }
            ("SetVariable", members)
        }
        Command::WriteFile { path, content } => {
            let mut members = texts(&[("path", path)]);
            set(&mut members, "content", content.write());
            ("WriteFile", members)
        }
        Command::Fault(spec) => ("Fault", fault::write(spec)),
        Command::ClearFaults { target } => {
            let mut members = Members::new();
            set(&mut members, "target", target.write());
            ("ClearFaults", members)
        }
        Command::S3(command) => s3::write(command),
        Command::Lambda(command) => lambda::write(command),
        Command::Account(command) => account::write(command),
        Command::Firehose(command) => firehose::write(command),
        Command::Flink(command) => flink::write(command),
        Command::Dms(command) => dms::write(command),
        Command::Agent(command) => agent::write(command),
    };
    Value::Object(pair(name, members))
}

/// `{"PutRecord": {…}}`.
fn read_call(value: &Value) -> Result<Request, String> {
    let (operation, members) = unpair(value).ok_or("a call names one operation")?;
    let operation =
        Operation::parse(operation).ok_or_else(|| ["there is no operation ", operation].concat())?;
    awsjson::decode_members(operation, members.clone()).map_err(|error| error.to_string())
}

/// Reads what [`write`] wrote.
pub(crate) fn read(value: &Value) -> Result<Command, String> {
    let (name, members) = unpair(value).ok_or("a command is an object with one member, its name")?;
    let text = |field: &str| member::<String>(members, field);
    let only = |fields: &[&str]| known(members, fields);
    Ok(match name {
        "Call" => Command::Call(read_call(value.get(name).unwrap_or(&Value::Null))?),
        "CallAs" => {
            only(&["principal", "through_endpoint", "call"])?;
            let is_through_endpoint = members.get("through_endpoint").and_then(Value::as_bool);
            let caller = CallerSpec {
                principal: member(members, "principal")?,
                is_through_endpoint: is_through_endpoint.unwrap_or_default(),
            };
            let request = read_call(members.get("call").unwrap_or(&Value::Null))?;
            Command::CallAs { caller, request }
        }
        "SetPolicy" => {
            only(&["principal", "name", "document"])?;
            let document = member(members, "document")?;
            Command::SetPolicy { principal: text("principal")?, name: text("name")?, document }
        }
        "SetKeyState" => {
            only(&["key", "state"])?;
            let state = KeyState::parse(&text("state")?).ok_or("there is no such state of a key")?;
            Command::SetKeyState { key: text("key")?, state }
        }
        "Attach" => {
            let mut standing = members.clone();
            standing.remove("program");
            Command::Attach { program: text("program")?, standing: Standing::from_members(&standing)? }
        }
        "StartAttached" => {
            only(&["standing", "start"])?;
            let standing = members.get("standing").and_then(Value::as_object);
            let standing = Standing::from_members(standing.ok_or("the member standing is missing")?)?;
            let start = read(members.get("start").unwrap_or(&Value::Null))?;
            if start.started_program().is_none() {
                return Err("the member start starts no program".to_owned());
            }
            Command::StartAttached { standing, start: Box::new(start) }
        }
        "StartProducer" => Command::StartProducer(ProducerSpec::from_members(members)?),
        "ChangeProducer" => Command::ChangeProducer(ProducerChange::from_members(members)?),
        "StopProducer" => {
            only(&["name"])?;
            Command::StopProducer { name: text("name")? }
        }
        "StartKpl" => Command::StartKpl(KplSpec::from_members(members)?),
        "ChangeKpl" => Command::ChangeKpl(KplChange::from_members(members)?),
        "StopKpl" => {
            only(&["name"])?;
            Command::StopKpl { name: text("name")? }
        }
        "StartReader" => Command::StartReader(ReaderSpec::from_members(members)?),
        "StopReader" => {
            only(&["name"])?;
            Command::StopReader { name: text("name")? }
        }
        "StartApplication" => Command::StartApplication(ApplicationSpec::from_members(members)?),
        "AddWorker" => {
            only(&["application"])?;
            Command::AddWorker { application: text("application")? }
        }
        "Worker" => {
            only(&["application", "worker", "action"])?;
            let action = member(members, "action")?;
            Command::Worker { application: text("application")?, worker: text("worker")?, action }
        }
        "SetWorkerHost" => {
            only(&["application", "worker", "vcpus", "other_load"])?;
            Command::SetWorkerHost {
                application: text("application")?,
                worker: text("worker")?,
                vcpus: member(members, "vcpus")?,
                other_load: member(members, "other_load")?,
            }
        }
        "ChangeApplication" => Command::ChangeApplication(ApplicationChange::from_members(members)?),
        "DeleteLease" => {
            only(&["application", "lease"])?;
            Command::DeleteLease { application: text("application")?, lease: text("lease")? }
        }
        "DeleteLeaseTable" => {
            only(&["application"])?;
            Command::DeleteLeaseTable { application: text("application")? }
        }
        "SetTableCapacity" => {
            only(&["application", "read", "write"])?;
            let capacity = match (member(members, "read")?, member(members, "write")?) {
                (Some(read), Some(write)) => TableCapacity::Provisioned { read, write },
                (None, None) => TableCapacity::OnDemand,
                _ => return Err("provisioned capacity has read and write units".to_owned()),
            };
            Command::SetTableCapacity { application: text("application")?, capacity }
        }
        "CloseSubscription" => {
            only(&["subscription"])?;
            Command::CloseSubscription { subscription: member(members, "subscription")? }
        }
        "Fault" => Command::Fault(fault::read(members)?),
        "ClearFaults" => {
            only(&["target"])?;
            Command::ClearFaults { target: member(members, "target")? }
        }
        "Answer" => {
            only(&["name", "value"])?;
            Command::Answer { name: text("name")?, value: text("value")? }
        }
        "SetVariable" => {
            only(&["name", "value", "exported"])?;
            let is_exported = members.get("exported").and_then(Value::as_bool).unwrap_or_default();
            let value: Option<String> = member(members, "value")?;
            let variable = value.map(|value| Variable { value, is_exported });
            Command::SetVariable { name: text("name")?, variable }
        }
        "WriteFile" => {
            only(&["path", "content"])?;
            Command::WriteFile { path: text("path")?, content: member(members, "content")? }
        }
        _ => match s3::read(name, members)
            .or_else(|| lambda::read(name, members))
            .or_else(|| account::read(name, members))
            .or_else(|| firehose::read(name, members))
            .or_else(|| flink::read(name, members))
            .or_else(|| dms::read(name, members))
            .or_else(|| agent::read(name, members))
        {
            Some(command) => command?,
            None => return Err(["there is no command ", name].concat()),
        },
    })
}

fn pair(name: &str, members: Members) -> Members {
    Members::from_iter([(name.to_owned(), Value::Object(members))])
}

fn unpair(value: &Value) -> Option<(&str, &Members)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (name, value) = members.iter().next()?;
    Some((name, value.as_object()?))
}

fn texts(members: &[(&str, &String)]) -> Members {
    members.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect()
}

/// Sets a member; what is absent is left out.
fn set(members: &mut Members, name: &str, value: Value) {
    if !value.is_null() {
        members.insert(name.to_owned(), value);
    }
}

fn member<T: Content>(members: &Members, name: &str) -> Result<T, String> {
    member_or(members, name, None)
}

fn member_or<T: Content>(members: &Members, name: &str, default: Option<T>) -> Result<T, String> {
    if let Some(default) = default.filter(|_| !members.contains_key(name)) {
        return Ok(default);
    }
    let value = members.get(name).unwrap_or(&Value::Null);
    T::read(value).ok_or_else(|| {
        ["the member ", name, if value.is_null() { " is missing" } else { " is of another kind" }].concat()
    })
}

pub(crate) fn known(members: &Members, names: &[&str]) -> Result<(), String> {
    match members.keys().find(|name| !names.contains(&name.as_str())) {
        Some(unknown) => Err(["there is no member ", unknown].concat()),
        None => Ok(()),
    }
}
