//! KCL applications.

use kinesis::Duration;
use sim::{ApplicationChange, ApplicationSpec, Balancing, StartingPosition};

use super::{Text, duration_text, word};
use crate::verbs::build::{PROCESSORS, RETRIEVAL_MODES, VERSIONS, idle_between_reads};

pub(super) fn start_application(spec: &ApplicationSpec) -> String {
    let default = ApplicationSpec::new("", "");
    let text = Text::new("kcl start")
        .place(&spec.name)
        .option("--stream", &spec.stream)
        .unless("--workers", spec.workers, default.workers)
        .given("--version", spec.version.map(|version| word(&VERSIONS, version)))
        .unless(
            "--retrieval-mode",
            word(&RETRIEVAL_MODES, spec.retrieval),
            word(&RETRIEVAL_MODES, default.retrieval),
        )
        .position(spec.from)
        .millis("--failover-time-millis", spec.failover, default.failover)
        .given("--max-leases-for-worker", spec.max_leases_for_worker)
        .unless("--max-leases-to-steal-at-one-time", spec.max_leases_to_steal, default.max_leases_to_steal)
        .millis("--shard-sync-interval-millis", spec.shard_sync_interval, default.shard_sync_interval)
        .millis(
            "--parent-shard-poll-interval-millis",
            spec.parent_shard_poll_interval,
            default.parent_shard_poll_interval,
        )
        .unless("--max-records", spec.max_records, default.max_records)
        .millis(
            "--idle-time-between-reads-in-millis",
            spec.idle_between_reads,
            idle_between_reads(spec.version),
        )
        .unless(
            "--call-process-records-even-for-empty-record-list",
            spec.calls_for_empty_lists,
            default.calls_for_empty_lists,
        )
        .millis("--task-backoff-time-millis", spec.task_backoff, default.task_backoff)
        .span("--checkpoint", spec.checkpoint_interval, default.checkpoint_interval)
        .unless("--processing-rate", spec.processing_rate, default.processing_rate)
        .unless("--processor", word(&PROCESSORS, spec.processor), word(&PROCESSORS, default.processor));
    balancing(text, &spec.balancing).finish()
}

fn balancing(text: Text, given: &Balancing) -> Text {
    let default = Balancing::default();
    text.given("--lease-assignment-interval-millis", given.lease_assignment_interval.map(Duration::millis))
        .unless("--re-balance-threshold-percentage", given.re_balance_threshold, default.re_balance_threshold)
        .unless("--dampening-percentage", given.dampening, default.dampening)
        .unless(
            "--allow-throughput-overshoot",
            given.allows_throughput_overshoot,
            default.allows_throughput_overshoot,
        )
        .given("--max-throughput-per-host-kbps", given.max_throughput_per_host)
        .unless(
            "--variance-balancing-frequency",
            given.variance_balancing_frequency,
            default.variance_balancing_frequency,
        )
        .millis(
            "--worker-metrics-reporter-freq-in-millis",
            given.worker_metrics_reporter_freq,
            default.worker_metrics_reporter_freq,
        )
        .unless("--disable-worker-metrics", given.disables_worker_metrics, default.disables_worker_metrics)
        .unless(
            "--is-graceful-lease-handoff-enabled",
            given.hands_off_gracefully,
            default.hands_off_gracefully,
        )
        .millis("--graceful-lease-handoff-timeout-millis", given.hand_off_timeout, default.hand_off_timeout)
        .unless("--cpu-micros-per-record", given.cpu_per_record, default.cpu_per_record)
        .unless("--cpu-micros-per-kb", given.cpu_per_kb, default.cpu_per_kb)
        .unless("--vcpus", given.vcpus, default.vcpus)
}

pub(super) fn change_application(change: &ApplicationChange) -> String {
    let text = Text::new("kcl change").place(&change.name);
    let text = match change.from {
        Some(StartingPosition::TrimHorizon) => text.option("--from", "TRIM_HORIZON"),
        Some(from) => text.position(from),
        None => text,
    };
    text.given("--failover-time-millis", change.failover.map(Duration::millis))
        .given("--max-leases-for-worker", change.max_leases_for_worker)
        .given("--max-leases-to-steal-at-one-time", change.max_leases_to_steal)
        .given("--max-records", change.max_records)
        .given("--idle-time-between-reads-in-millis", change.idle_between_reads.map(Duration::millis))
        .given("--checkpoint", change.checkpoint_interval.map(duration_text))
        .given("--processing-rate", change.processing_rate)
        .given("--processor", change.processor.map(|processor| word(&PROCESSORS, processor)))
        .given("--re-balance-threshold-percentage", change.re_balance_threshold)
        .given("--dampening-percentage", change.dampening)
        .given("--max-throughput-per-host-kbps", change.max_throughput_per_host)
        .given("--is-graceful-lease-handoff-enabled", change.hands_off_gracefully)
        .given("--graceful-lease-handoff-timeout-millis", change.hand_off_timeout.map(Duration::millis))
        .given("--cpu-micros-per-record", change.cpu_per_record)
        .given("--cpu-micros-per-kb", change.cpu_per_kb)
        .finish()
}
