//! KCL applications.

use kinesis::Duration;
use sim::{
    ApplicationChange, ApplicationSpec, Balancing, Command, KclVersion, ProcessorKind, RetrievalMode,
    TableCapacity, WorkerAction,
};

use super::{Built, Given, TRUTHS, starting_position};
use crate::{Line, UsageError};

pub(in crate::verbs) const ACTIONS: [(&str, WorkerAction); 5] = [
    ("crash", WorkerAction::Crash),
    ("pause", WorkerAction::Pause),
    ("resume", WorkerAction::Resume),
    ("restart", WorkerAction::Restart),
    ("stop", WorkerAction::Stop),
];

pub(in crate::verbs) const VERSIONS: [(&str, KclVersion); 3] =
    [("1", KclVersion::One), ("2", KclVersion::Two), ("3", KclVersion::Three)];

pub(in crate::verbs) const RETRIEVAL_MODES: [(&str, RetrievalMode); 2] =
    [("polling", RetrievalMode::Polling), ("fanout", RetrievalMode::FanOut)];

pub(in crate::verbs) const PROCESSORS: [(&str, ProcessorKind); 2] =
    [("plain", ProcessorKind::Plain), ("idempotent", ProcessorKind::Idempotent)];

pub(in crate::verbs) fn kcl_start(given: &Given<'_>) -> Built {
    let default = ApplicationSpec::new(given.place(0).text, given.text("--stream"));
    let version = given.choice("--version", &VERSIONS)?;
    Ok(Line::Command(Command::StartApplication(ApplicationSpec {
        workers: given.number("--workers")?.unwrap_or(default.workers),
        from: starting_position(given)?,
        version,
        retrieval: given.choice("--retrieval-mode", &RETRIEVAL_MODES)?.unwrap_or(default.retrieval),
        failover: given.millis("--failover-time-millis")?.unwrap_or(default.failover),
        max_leases_for_worker: given.number("--max-leases-for-worker")?,
        max_leases_to_steal: given
            .number("--max-leases-to-steal-at-one-time")?
            .unwrap_or(default.max_leases_to_steal),
        shard_sync_interval: given
            .millis("--shard-sync-interval-millis")?
            .unwrap_or(default.shard_sync_interval),
        parent_shard_poll_interval: given
            .millis("--parent-shard-poll-interval-millis")?
            .unwrap_or(default.parent_shard_poll_interval),
        max_records: given.number("--max-records")?.unwrap_or(default.max_records),
        idle_between_reads: given
            .millis("--idle-time-between-reads-in-millis")?
            .unwrap_or_else(|| idle_between_reads(version)),
        calls_for_empty_lists: given
            .choice("--call-process-records-even-for-empty-record-list", &TRUTHS)?
            .unwrap_or(default.calls_for_empty_lists),
        task_backoff: given.millis("--task-backoff-time-millis")?.unwrap_or(default.task_backoff),
        checkpoint_interval: given.duration("--checkpoint")?.unwrap_or(default.checkpoint_interval),
        processing_rate: given.number("--processing-rate")?.unwrap_or(default.processing_rate),
        processor: given.choice("--processor", &PROCESSORS)?.unwrap_or(default.processor),
        balancing: balancing(given)?,
        ..default
    })))
}

/// The pause between two reads where none is given.
pub(in crate::verbs) fn idle_between_reads(version: Option<KclVersion>) -> Duration {
    version.unwrap_or(KclVersion::Two).idle_between_reads()
}

fn balancing(given: &Given<'_>) -> Result<Balancing, UsageError> {
    let default = Balancing::default();
    Ok(Balancing {
        lease_assignment_interval: given.millis("--lease-assignment-interval-millis")?,
        re_balance_threshold: given
            .number("--re-balance-threshold-percentage")?
            .unwrap_or(default.re_balance_threshold),
        dampening: given.number("--dampening-percentage")?.unwrap_or(default.dampening),
        allows_throughput_overshoot: given
            .choice("--allow-throughput-overshoot", &TRUTHS)?
            .unwrap_or(default.allows_throughput_overshoot),
        max_throughput_per_host: given.number("--max-throughput-per-host-kbps")?,
        variance_balancing_frequency: given
            .number("--variance-balancing-frequency")?
            .unwrap_or(default.variance_balancing_frequency),
        worker_metrics_reporter_freq: given
            .millis("--worker-metrics-reporter-freq-in-millis")?
            .unwrap_or(default.worker_metrics_reporter_freq),
        disables_worker_metrics: given
            .choice("--disable-worker-metrics", &TRUTHS)?
            .unwrap_or(default.disables_worker_metrics),
        hands_off_gracefully: given
            .choice("--is-graceful-lease-handoff-enabled", &TRUTHS)?
            .unwrap_or(default.hands_off_gracefully),
        hand_off_timeout: given
            .millis("--graceful-lease-handoff-timeout-millis")?
            .unwrap_or(default.hand_off_timeout),
        cpu_per_record: given.number("--cpu-micros-per-record")?.unwrap_or(default.cpu_per_record),
        cpu_per_kb: given.number("--cpu-micros-per-kb")?.unwrap_or(default.cpu_per_kb),
        vcpus: given.number("--vcpus")?.unwrap_or(default.vcpus),
    })
}

pub(in crate::verbs) fn kcl_host(given: &Given<'_>) -> Built {
    let (application, worker) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    let (vcpus, other_load) = (given.number("--vcpus")?, given.number("--other-load-percent")?);
    if vcpus.is_none() && other_load.is_none() {
        return Err(Given::wrong(given.end..given.end, "say what changes: --vcpus, --other-load-percent"));
    }
    Ok(Line::Command(Command::SetWorkerHost { application, worker, vcpus, other_load }))
}

pub(in crate::verbs) fn kcl_change(given: &Given<'_>) -> Built {
    let has_position = given.option("--from").is_some() || given.option("--timestamp").is_some();
    Ok(Line::Command(Command::ChangeApplication(ApplicationChange {
        name: given.place(0).text.to_owned(),
        from: if has_position { Some(starting_position(given)?) } else { None },
        failover: given.millis("--failover-time-millis")?,
        max_leases_for_worker: given.number("--max-leases-for-worker")?,
        max_leases_to_steal: given.number("--max-leases-to-steal-at-one-time")?,
        max_records: given.number("--max-records")?,
        idle_between_reads: given.millis("--idle-time-between-reads-in-millis")?,
        checkpoint_interval: given.duration("--checkpoint")?,
        processing_rate: given.number("--processing-rate")?,
        processor: given.choice("--processor", &PROCESSORS)?,
        re_balance_threshold: given.number("--re-balance-threshold-percentage")?,
        dampening: given.number("--dampening-percentage")?,
        max_throughput_per_host: given.number("--max-throughput-per-host-kbps")?,
        hands_off_gracefully: given.choice("--is-graceful-lease-handoff-enabled", &TRUTHS)?,
        hand_off_timeout: given.millis("--graceful-lease-handoff-timeout-millis")?,
        cpu_per_record: given.number("--cpu-micros-per-record")?,
        cpu_per_kb: given.number("--cpu-micros-per-kb")?,
    })))
}

pub(in crate::verbs) fn kcl_delete_lease(given: &Given<'_>) -> Built {
    let (application, lease) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    Ok(Line::Command(Command::DeleteLease { application, lease }))
}

pub(in crate::verbs) fn kcl_delete_table(given: &Given<'_>) -> Built {
    Ok(Line::Command(Command::DeleteLeaseTable { application: given.place(0).text.to_owned() }))
}

pub(in crate::verbs) fn kcl_capacity(given: &Given<'_>) -> Built {
    let units = (given.number("--read-capacity-units")?, given.number("--write-capacity-units")?);
    let capacity = match units {
        (Some(read), Some(write)) => TableCapacity::Provisioned { read, write },
        (None, None) => TableCapacity::OnDemand,
        _ => {
            let message = "--read-capacity-units and --write-capacity-units go together";
            return Err(Given::wrong(given.end..given.end, message));
        }
    };
    Ok(Line::Command(Command::SetTableCapacity { application: given.place(0).text.to_owned(), capacity }))
}

pub(in crate::verbs) fn kcl_add_worker(given: &Given<'_>) -> Built {
    Ok(Line::Command(Command::AddWorker { application: given.place(0).text.to_owned() }))
}

fn worker(given: &Given<'_>, action: WorkerAction) -> Built {
    let (application, worker) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    Ok(Line::Command(Command::Worker { application, worker, action }))
}

pub(in crate::verbs) fn kcl_crash(given: &Given<'_>) -> Built {
    worker(given, WorkerAction::Crash)
}

pub(in crate::verbs) fn kcl_pause(given: &Given<'_>) -> Built {
    worker(given, WorkerAction::Pause)
}

pub(in crate::verbs) fn kcl_resume(given: &Given<'_>) -> Built {
    worker(given, WorkerAction::Resume)
}

pub(in crate::verbs) fn kcl_restart(given: &Given<'_>) -> Built {
    worker(given, WorkerAction::Restart)
}

pub(in crate::verbs) fn kcl_stop(given: &Given<'_>) -> Built {
    worker(given, WorkerAction::Stop)
}
