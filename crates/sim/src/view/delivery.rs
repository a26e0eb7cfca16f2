//! The picture of Data Firehose, Flink applications and replication tasks.

use kinesis::Instant;
use serde::Serialize;

use crate::{DeliveryStream, DmsTask, FlinkApplication, World};

/// A Firehose stream. At every instant read = delivered + dropped + failed + lost + waiting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryStreamView {
    pub name: String,
    /// None where producers put to it.
    pub stream: Option<String>,
    pub status: &'static str,
    pub bucket: String,
    pub prefix: String,
    pub size_in_mbs: i64,
    pub interval_in_seconds: i64,
    pub transform: Option<String>,
    pub partition_by: Option<String>,
    pub backup_bucket: Option<String>,
    pub compression_format: &'static str,
    pub output_format: Option<&'static str>,
    pub read: u64,
    pub delivered: u64,
    pub dropped: u64,
    pub failed: u64,
    pub lost: u64,
    pub waiting: u64,
    /// Bytes in the delivery buffers.
    pub buffered: u64,
    pub active_partitions: u64,
    pub objects: u64,
    pub bytes: u64,
    pub refused: u64,
    pub backed_up: u64,
    pub last_failure: Option<&'static str>,
    pub source_problem: Option<&'static str>,
    pub data_freshness_ms: u64,
    pub millis_behind: u64,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlinkView {
    pub name: String,
    pub stream: String,
    pub status: &'static str,
    pub is_restarting: bool,
    pub key: String,
    pub window_ms: u64,
    pub slide_ms: Option<u64>,
    pub sum: Option<String>,
    pub sink: Option<String>,
    pub parallelism: i64,
    /// Without the one for orchestration.
    pub kpus: u64,
    pub watermark_ms: Option<u64>,
    /// The shard whose events hold the watermark back.
    pub slowest_shard: Option<u32>,
    pub read: u64,
    /// Records that the state has counted, each once.
    pub counted: u64,
    pub late_dropped: u64,
    pub late_taken: u64,
    pub open_windows: u64,
    pub state_entries: u64,
    pub checkpoints: u64,
    pub checkpointed_ms: Option<u64>,
    pub restarts: u64,
    pub row_count: u64,
    pub rows_again: u64,
    pub millis_behind: u64,
    pub source_problem: Option<&'static str>,
    /// The newest results, newest first.
    pub rows: Vec<FlinkRowView>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlinkRowView {
    pub start_ms: u64,
    pub end_ms: u64,
    pub key: String,
    pub value: String,
    pub at_ms: u64,
    /// Whether a result of this window and key was emitted before.
    pub is_again: bool,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DmsTaskView {
    pub task: String,
    pub stream: String,
    pub bucket: String,
    pub status: &'static str,
    pub phase: &'static str,
    pub stop_reason: Option<&'static str>,
    pub problem: Option<&'static str>,
    pub tables_loaded: u64,
    pub loads: u64,
    pub inserts: u64,
    pub updates: u64,
    pub deletes: u64,
    pub files: u64,
    pub put: u64,
    pub waiting: u64,
    pub refused: u64,
    pub bad_lines: u64,
}

/// Rows shown of a Flink application.
const ROWS_SHOWN: usize = 50;

impl World {
    pub(super) fn delivery_stream_views(&self) -> Vec<DeliveryStreamView> {
        self.delivery_streams().map(|(_, stream)| delivery_stream_view(stream, self.now())).collect()
    }

    pub(super) fn flink_views(&self) -> Vec<FlinkView> {
        self.flink_applications().map(|(_, application)| flink_view(application)).collect()
    }

    pub(super) fn dms_views(&self) -> Vec<DmsTaskView> {
        self.dms_tasks().map(|(_, task)| dms_view(task)).collect()
    }
}

fn delivery_stream_view(stream: &DeliveryStream, now: Instant) -> DeliveryStreamView {
    let (spec, counts) = (&stream.spec, stream.counts);
    DeliveryStreamView {
        name: spec.name.clone(),
        stream: stream.stream().map(str::to_owned),
        status: stream.status.name(),
        bucket: spec.bucket.clone(),
        prefix: spec.prefix.clone(),
        size_in_mbs: spec.size_in_mbs,
        interval_in_seconds: spec.interval_in_seconds,
        transform: spec.transform.clone(),
        partition_by: spec.partition_by.as_ref().map(ToString::to_string),
        backup_bucket: spec.backup_bucket.clone(),
        compression_format: spec.compression_format.name(),
        output_format: spec.output_format.map(crate::OutputFormat::name),
        read: counts.read,
        delivered: counts.delivered,
        dropped: counts.dropped,
        failed: counts.failed,
        lost: counts.lost,
        waiting: stream.waiting(),
        buffered: stream.buffered(),
        active_partitions: stream.active_partitions(),
        objects: counts.objects,
        bytes: counts.bytes,
        refused: counts.refused,
        backed_up: counts.backed_up,
        last_failure: stream.last_failure,
        source_problem: stream.source_problem(),
        data_freshness_ms: stream.data_freshness(now).millis(),
        millis_behind: stream.millis_behind(),
    }
}

fn flink_view(application: &FlinkApplication) -> FlinkView {
    let (spec, counts) = (&application.spec, application.counts);
    let (late_dropped, late_taken) = application.late();
    let (open_windows, state_entries) = application.window_counts();
    FlinkView {
        name: spec.name.clone(),
        stream: spec.stream.clone(),
        status: application.status.name(),
        is_restarting: application.status == crate::FlinkStatus::Restarting,
        key: spec.key.to_string(),
        window_ms: spec.window.millis(),
        slide_ms: spec.slide.map(|slide| slide.millis()),
        sum: spec.sum.as_ref().map(ToString::to_string),
        sink: spec.sink.clone(),
        parallelism: spec.parallelism,
        kpus: application.kpus(),
        watermark_ms: application.watermark().map(Instant::millis),
        slowest_shard: application.slowest_shard(),
        read: counts.read,
        counted: application.counted(),
        late_dropped,
        late_taken,
        open_windows,
        state_entries,
        checkpoints: counts.checkpoints,
        checkpointed_ms: application.checkpointed.map(Instant::millis),
        restarts: counts.restarts,
        row_count: counts.rows,
        rows_again: counts.again,
        millis_behind: application.millis_behind(),
        source_problem: application.source_problem(),
        rows: application
            .rows()
            .rev()
            .take(ROWS_SHOWN)
            .map(|row| FlinkRowView {
                start_ms: row.start.millis(),
                end_ms: row.end.millis(),
                key: row.key.clone(),
                value: row.value.to_string(),
                at_ms: row.at.millis(),
                is_again: row.is_again,
            })
            .collect(),
    }
}

fn dms_view(task: &DmsTask) -> DmsTaskView {
    let (spec, counts) = (&task.spec, task.counts);
    DmsTaskView {
        task: spec.task.clone(),
        stream: spec.stream.clone(),
        bucket: spec.bucket.clone(),
        status: task.status.name(),
        phase: task.phase_name(),
        stop_reason: task.stop_reason,
        problem: task.problem,
        tables_loaded: counts.tables_loaded,
        loads: counts.loads,
        inserts: counts.inserts,
        updates: counts.updates,
        deletes: counts.deletes,
        files: counts.files,
        put: counts.put,
        waiting: task.waiting(),
        refused: counts.refused,
        bad_lines: counts.bad_lines,
    }
}
