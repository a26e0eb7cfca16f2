//! From the words of a verb to what it asks for. Whether it can be done is for the world to say.

mod account;
mod agent;
mod delivery;
mod fault;
mod kcl;
mod lambda;
mod s3;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::KeyState;
use sim::{
    Command, KplChange, KplConfig, KplSpec, ProducerChange, ProducerSpec, PutCall, PutOrdering, ReaderSpec,
    RetryPolicy, Standing, StartingPosition, Subnet, Workload,
};

use super::Given;
use crate::export::ExportForm;
use crate::fork::Fork;
use crate::line::{Effect, SeekTo};
use crate::time::{DURATION_EXAMPLES, parse_duration, parse_instant};
use crate::{Line, UsageError};
pub(super) use account::{
    alarm_delete, alarm_put, alarms, cost, endpoint_delete, endpoint_set, identity_create, identity_delete,
    key_policy, metric, metrics, plan, policy_show, trail_data_events, trail_events,
};
pub(super) use agent::{LOG_FORMATS, agent_change, agent_log, agent_restart, agent_start, agent_stop};
pub(super) use delivery::{
    DMS_KEYS, DMS_STARTS, FORMATS, MIGRATIONS, dms_create, dms_delete, dms_start, dms_stop, firehose_create,
    firehose_delete, firehose_put, flink_create, flink_delete, flink_fail, flink_start, flink_stop,
};
pub(super) use fault::{
    POISON_KEY, WAYS, fault_clear, fault_clock, fault_crash, fault_latency, fault_loss, fault_partition,
    fault_pause, fault_poison, fault_slow, fault_slow_sink, fault_throttle,
};
pub(super) use kcl::{
    ACTIONS, PROCESSORS, RETRIEVAL_MODES, VERSIONS, idle_between_reads, kcl_add_worker, kcl_capacity,
    kcl_change, kcl_crash, kcl_delete_lease, kcl_delete_table, kcl_host, kcl_pause, kcl_restart, kcl_resume,
    kcl_start, kcl_stop,
};
pub(super) use lambda::{
    ON_ERROR, SWITCH, function_create, function_delete, function_update, mapping_create, mapping_delete,
    mapping_update,
};
pub(super) use s3::{bucket_create, bucket_delete, object_decode, object_delete, object_put};

type Built = Result<Line, UsageError>;

pub(super) const CALLS: [(&str, PutCall); 2] = [("single", PutCall::Single), ("batch", PutCall::Batch)];

pub(super) const RETRIES: [(&str, RetryPolicy); 5] = [
    ("none", RetryPolicy::None),
    ("immediate", RetryPolicy::Immediate),
    ("backoff", RetryPolicy::Backoff),
    ("standard", RetryPolicy::Standard),
    ("legacy", RetryPolicy::Legacy),
];

pub(super) const TRUTHS: [(&str, bool); 2] = [("true", true), ("false", false)];

pub(super) const ORDERINGS: [(&str, PutOrdering); 2] =
    [("none", PutOrdering::None), ("per-key", PutOrdering::PerKey)];

pub(super) const WORKLOADS: [(&str, Workload); 4] = [
    (Workload::Plain.name(), Workload::Plain),
    (Workload::AppLog.name(), Workload::AppLog),
    (Workload::CloudWatchMetrics.name(), Workload::CloudWatchMetrics),
    (Workload::WebActivity.name(), Workload::WebActivity),
];

// Producers and readers -----------------------------------------------------------------------------------------------

pub(super) fn producer_start(given: &Given<'_>) -> Built {
    let default = ProducerSpec::new(given.place(0).text, given.text("--stream"));
    let retry = given.choice("--retry", &RETRIES)?.unwrap_or(default.retry);
    let workload = given.choice("--workload", &WORKLOADS)?.unwrap_or(default.workload);
    Ok(Line::Command(Command::StartProducer(ProducerSpec {
        rate: given.number("--rate")?.unwrap_or(default.rate),
        traffic: given.own("--traffic")?.unwrap_or(default.traffic),
        workload,
        size: given.number("--size")?.unwrap_or(workload.size_default()),
        keys: given.own("--keys")?.unwrap_or(default.keys),
        call: given.choice("--call", &CALLS)?.unwrap_or(default.call),
        retry,
        attempts: given.number("--attempts")?.unwrap_or(retry.attempts_default()),
        concurrency: given.number("--concurrency")?,
        request_timeout: given.duration("--request-timeout")?.unwrap_or(default.request_timeout),
        ordering: given.choice("--ordering", &ORDERINGS)?.unwrap_or(default.ordering),
        ..default
    })))
}

pub(super) fn producer_change(given: &Given<'_>) -> Built {
    Ok(Line::Command(Command::ChangeProducer(ProducerChange {
        name: given.place(0).text.to_owned(),
        rate: given.number("--rate")?,
        traffic: given.own("--traffic")?,
        workload: given.choice("--workload", &WORKLOADS)?,
        size: given.number("--size")?,
        keys: given.own("--keys")?,
        call: given.choice("--call", &CALLS)?,
        retry: given.choice("--retry", &RETRIES)?,
        attempts: given.number("--attempts")?,
        concurrency: given.number("--concurrency")?,
        request_timeout: given.duration("--request-timeout")?,
        ordering: given.choice("--ordering", &ORDERINGS)?,
    })))
}

pub(super) fn producer_stop(given: &Given<'_>) -> Built {
    Ok(Line::Command(Command::StopProducer { name: given.place(0).text.to_owned() }))
}

pub(super) fn kpl_start(given: &Given<'_>) -> Built {
    let default = KplSpec::new(given.place(0).text, given.text("--stream"));
    let workload = given.choice("--workload", &WORKLOADS)?.unwrap_or(default.workload);
    let config = default.config;
    Ok(Line::Command(Command::StartKpl(KplSpec {
        name: default.name,
        stream: default.stream,
        rate: given.number("--rate")?.unwrap_or(default.rate),
        traffic: given.own("--traffic")?.unwrap_or(default.traffic),
        workload,
        size: given.number("--size")?.unwrap_or(workload.size_default()),
        keys: given.own("--keys")?.unwrap_or(default.keys),
        config: KplConfig {
            aggregation_enabled: given
                .choice("--aggregation-enabled", &TRUTHS)?
                .unwrap_or(config.aggregation_enabled),
            aggregation_max_count: given
                .long("--aggregation-max-count")?
                .unwrap_or(config.aggregation_max_count),
            aggregation_max_size: given
                .long("--aggregation-max-size")?
                .unwrap_or(config.aggregation_max_size),
            collection_max_count: given
                .long("--collection-max-count")?
                .unwrap_or(config.collection_max_count),
            collection_max_size: given.long("--collection-max-size")?.unwrap_or(config.collection_max_size),
            record_max_buffered_time: given
                .duration("--record-max-buffered-time")?
                .unwrap_or(config.record_max_buffered_time),
            record_ttl: given.duration("--record-ttl")?.unwrap_or(config.record_ttl),
            rate_limit: given.long("--rate-limit")?.unwrap_or(config.rate_limit),
            fail_if_throttled: given
                .choice("--fail-if-throttled", &TRUTHS)?
                .unwrap_or(config.fail_if_throttled),
            max_connections: given.long("--max-connections")?.unwrap_or(config.max_connections),
            request_timeout: given.duration("--request-timeout")?.unwrap_or(config.request_timeout),
        },
    })))
}

pub(super) fn kpl_change(given: &Given<'_>) -> Built {
    Ok(Line::Command(Command::ChangeKpl(KplChange {
        name: given.place(0).text.to_owned(),
        rate: given.number("--rate")?,
        traffic: given.own("--traffic")?,
        workload: given.choice("--workload", &WORKLOADS)?,
        size: given.number("--size")?,
        keys: given.own("--keys")?,
    })))
}

pub(super) fn kpl_stop(given: &Given<'_>) -> Built {
    Ok(Line::Command(Command::StopKpl { name: given.place(0).text.to_owned() }))
}

pub(super) fn reader_start(given: &Given<'_>) -> Built {
    let from = starting_position(given)?;
    let default = ReaderSpec::new(given.place(0).text, given.text("--stream"), from);
    Ok(Line::Command(Command::StartReader(ReaderSpec {
        interval: given.duration("--interval")?.unwrap_or(default.interval),
        limit: given.number("--limit")?,
        consumer: given.option("--consumer").map(|value| value.text.to_owned()),
        ..default
    })))
}

pub(super) fn reader_stop(given: &Given<'_>) -> Built {
    Ok(Line::Command(Command::StopReader { name: given.place(0).text.to_owned() }))
}

fn starting_position(given: &Given<'_>) -> Result<StartingPosition, UsageError> {
    let kinds = [("TRIM_HORIZON", 0), ("LATEST", 1), ("AT_TIMESTAMP", 2)];
    let kind = given.choice("--from", &kinds)?;
    match (kind, given.option("--timestamp")) {
        (Some(2), Some(value)) => {
            parse_instant(value.text).map(StartingPosition::AtTimestamp).ok_or_else(|| {
                let message =
                    format!("{:?} is no time: use 2026-01-01T00:00:30Z or seconds since 1970", value.text);
                Given::wrong(value.span.clone(), message)
            })
        }
        (Some(2), None) => {
            Err(Given::wrong(given.end..given.end, "--from AT_TIMESTAMP needs --timestamp TIME"))
        }
        (_, Some(value)) => {
            Err(Given::wrong(value.span.clone(), "--timestamp goes with --from AT_TIMESTAMP only"))
        }
        (Some(1), None) => Ok(StartingPosition::Latest),
        (_, None) => Ok(StartingPosition::TrimHorizon),
    }
}

// Clock and history ---------------------------------------------------------------------------------------------------

pub(super) fn clock_advance(given: &Given<'_>) -> Built {
    let value = given.place(0);
    parse_duration(value.text).map(Line::Advance).ok_or_else(|| not_a_span(&value))
}

fn not_a_span(value: &crate::collect::Value<'_>) -> UsageError {
    let message = format!("{:?} is no time: use a number and a unit, as {DURATION_EXAMPLES}", value.text);
    Given::wrong(value.span.clone(), message)
}

pub(super) fn clock_step(_: &Given<'_>) -> Built {
    Ok(Line::Step)
}

pub(super) fn clock_play(_: &Given<'_>) -> Built {
    Ok(Line::Effect(Effect::Play))
}

pub(super) fn clock_pause(_: &Given<'_>) -> Built {
    Ok(Line::Effect(Effect::Pause))
}

const SPEED_MAX: u32 = 10_000;
const SLOWNESS_MAX: u32 = 10;

pub(super) fn clock_speed(given: &Given<'_>) -> Built {
    let value = given.place(0);
    let text = value.text.trim_end_matches(['x', '×']);
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let within = |text: &str, max: u32| text.parse().ok().filter(|n| (1..=max).contains(n));
    match (within(numerator, SPEED_MAX), within(denominator, SLOWNESS_MAX)) {
        (Some(numerator), Some(denominator)) => Ok(Line::Effect(Effect::Speed { numerator, denominator })),
        _ => {
            let message = format!("{:?} is no speed: use 1/10x to 10000x", value.text);
            Err(Given::wrong(value.span, message))
        }
    }
}

pub(super) fn undo(_: &Given<'_>) -> Built {
    Ok(Line::Undo)
}

pub(super) fn redo(_: &Given<'_>) -> Built {
    Ok(Line::Redo)
}

pub(super) fn seek(given: &Given<'_>) -> Built {
    let value = given.place(0);
    let from_start = parse_duration(value.text).map(SeekTo::FromStart);
    match from_start.or_else(|| parse_instant(value.text).map(SeekTo::Instant)) {
        Some(to) => Ok(Line::Seek(to)),
        None => {
            let message = format!(
                "{:?} is no time: use 2026-01-01T00:00:30Z, or {DURATION_EXAMPLES} from the start",
                value.text
            );
            Err(Given::wrong(value.span, message))
        }
    }
}

pub(super) fn fork_make(_: &Given<'_>) -> Built {
    Ok(Line::Fork(Fork::Make))
}

pub(super) fn fork_switch(_: &Given<'_>) -> Built {
    Ok(Line::Fork(Fork::Switch))
}

pub(super) fn fork_difference(_: &Given<'_>) -> Built {
    Ok(Line::Fork(Fork::Difference))
}

pub(super) fn fork_drop(_: &Given<'_>) -> Built {
    Ok(Line::Fork(Fork::Drop))
}

pub(super) fn save(_: &Given<'_>) -> Built {
    Ok(Line::Save)
}

pub(super) fn why(given: &Given<'_>) -> Built {
    let value = given.place(0);
    value.text.parse().map(Line::Why).map_err(|_| {
        let message =
            format!("{:?} is no number of a fact: sandbox facts prints them with their numbers", value.text);
        Given::wrong(value.span, message)
    })
}

/// Facts that are printed where nothing else is said, and at most.
const FACTS_PRINTED: u32 = 20;
const FACTS_PRINTED_MAX: u32 = 10_000;

pub(super) fn facts(given: &Given<'_>) -> Built {
    let count = given.number("--last")?.unwrap_or(FACTS_PRINTED).min(FACTS_PRINTED_MAX);
    let kind = given.option("--kind").map(|value| value.text.to_owned());
    Ok(Line::Facts { count, kind })
}

pub(super) fn export(given: &Given<'_>) -> Built {
    let form = given.place(0);
    match ExportForm::ALL.into_iter().find(|known| known.name() == form.text) {
        Some(form) => Ok(Line::Export(form)),
        None => {
            let names = ExportForm::ALL.map(ExportForm::name).join(", ");
            Err(Given::wrong(form.span, format!("{:?} is no form: use one of {names}", form.text)))
        }
    }
}

pub(super) fn answer(given: &Given<'_>) -> Built {
    let (name, value) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    Ok(Line::Command(Command::Answer { name, value }))
}

// Files ---------------------------------------------------------------------------------------------------------------

fn write_file(given: &Given<'_>, content: Option<Vec<u8>>) -> Built {
    let place = given.place(0);
    let path = crate::shell::path(place.text);
    if path.is_empty() {
        return Err(UsageError::sandbox(place.span, "a file needs a name"));
    }
    Ok(Line::Command(Command::WriteFile { path, content: content.map(Arc::from) }))
}

pub(super) fn file_write(given: &Given<'_>) -> Built {
    write_file(given, Some(given.place(1).text.as_bytes().to_vec()))
}

pub(super) fn file_decode(given: &Given<'_>) -> Built {
    let text = given.place(1);
    match BASE64.decode(text.text) {
        Ok(bytes) => write_file(given, Some(bytes)),
        Err(_) => Err(UsageError::sandbox(text.span, "this is no base64")),
    }
}

pub(super) fn file_remove(given: &Given<'_>) -> Built {
    write_file(given, None)
}

pub(super) fn help(_: &Given<'_>) -> Built {
    Ok(Line::Help(vec!["sandbox".to_owned()]))
}

// IAM and KMS ---------------------------------------------------------------------------------------------------------

pub(super) fn policy_set(given: &Given<'_>) -> Built {
    let (principal, name) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    let document = Some(given.text("--document"));
    Ok(Line::Command(Command::SetPolicy { principal, name, document }))
}

fn standing(given: &Given<'_>) -> Result<Standing, UsageError> {
    let subnets = Subnet::ALL.map(|subnet| (subnet.name(), subnet));
    Ok(Standing {
        role: given.option("--role").map(|value| value.text.to_owned()),
        subnet: given.choice("--subnet", &subnets)?.unwrap_or_default(),
    })
}

/// A line that starts a program as somebody else than the admin, or elsewhere than in the internet.
pub(super) fn attached(line: Line, given: &Given<'_>) -> Built {
    let Line::Command(start) = line else { return Ok(line) };
    // Functions have roles of their own.
    let is_program = start.started_program().is_some();
    let standing = if is_program { standing(given)? } else { Standing::default() };
    Ok(Line::Command(match standing == Standing::default() {
        true => start,
        false => Command::StartAttached { standing, start: Box::new(start) },
    }))
}

pub(super) fn attach(given: &Given<'_>) -> Built {
    let program = given.place(0).text.to_owned();
    Ok(Line::Command(Command::Attach { program, standing: standing(given)? }))
}

pub(super) fn policy_remove(given: &Given<'_>) -> Built {
    let (principal, name) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    Ok(Line::Command(Command::SetPolicy { principal, name, document: None }))
}

pub(super) fn key_set(given: &Given<'_>) -> Built {
    let states = KeyState::ALL.map(|state| (state.name(), state));
    let state = given.choice("--state", &states)?.unwrap_or(KeyState::Enabled);
    Ok(Line::Command(Command::SetKeyState { key: given.place(0).text.to_owned(), state }))
}
