//! From the world to the picture.

use kinesis::{Instant, Quota, Shard, Stream, ring_share};

use super::agents::agent_view;
use super::fault_text::fault_view;
use super::*;
use crate::{
    ActorState, Kpl, LostReason, Observer, Producer, PutCall, PutOrdering, Reader, RetryPolicy, Sandbox,
    SecondCounts, StartingPosition, World,
};

impl<O: Observer> Sandbox<O> {
    /// The picture of the present instant.
    pub fn view(&self, query: &ViewQuery) -> WorldView {
        let (from, to) = self.span();
        WorldView {
            span_from_ms: from.millis(),
            span_to_ms: to.millis(),
            can_undo: self.undo_label().is_some(),
            can_redo: self.redo_label().is_some(),
            next_due_ms: self.next_due().map(Instant::millis),
            ..self.world().view(query)
        }
    }
}

impl World {
    /// The picture of the present instant, without the history.
    pub fn view(&self, query: &ViewQuery) -> WorldView {
        let is_asked = |stream: &&Stream| query.stream.as_deref().is_none_or(|name| *stream.name == *name);
        WorldView {
            now_ms: self.now().millis(),
            span_from_ms: self.now().millis(),
            span_to_ms: self.now().millis(),
            can_undo: false,
            can_redo: false,
            next_due_ms: self.next_due().map(Instant::millis),
            limits: self.limits_profile().name(),
            streams: self
                .service()
                .streams()
                .filter(is_asked)
                .map(|stream| self.stream_view(stream, query))
                .collect(),
            producers: self.producers().map(|(_, state, producer)| producer_view(state, producer)).collect(),
            kpls: self.kpls().map(|(_, state, kpl)| kpl_view(self.now(), state, kpl)).collect(),
            agents: self.agents().map(|(_, state, agent)| agent_view(self.now(), state, agent)).collect(),
            readers: self
                .readers()
                .map(|(_, state, reader)| reader_view(self.now(), state, reader))
                .collect(),
            applications: self.applications().values().map(|app| self.application_view(app)).collect(),
            faults: self.faults().map(|(number, fault)| fault_view(number, fault)).collect(),
            buckets: self.bucket_views(),
            functions: self.function_views(),
            mappings: self.mapping_views(),
            messages: self.message_views(),
            delivery_streams: self.delivery_stream_views(),
            flink: self.flink_views(),
            dms: self.dms_views(),
        }
    }

    /// Only these shards of a stream, in the order in which they are asked for; those that have expired are left out.
    /// Of the query, `records` and `seconds` count.
    pub fn shard_views(&self, stream: &str, numbers: &[u32], query: &ViewQuery) -> Vec<ShardView> {
        let Some(stream) = self.service().stream(stream) else { return Vec::new() };
        let horizon = stream.trim_horizon(self.now());
        let shards = numbers.iter().filter_map(|number| stream.shards().get(*number as usize));
        let present = shards.filter(|shard| !shard.is_expired());
        present.map(|shard| self.shard_view(stream, shard, horizon, query)).collect()
    }

    fn stream_view(&self, stream: &Stream, query: &ViewQuery) -> StreamView {
        let horizon = stream.trim_horizon(self.now());
        let present: Vec<&Shard> = stream.shards().iter().filter(|shard| !shard.is_expired()).collect();
        let shown = present.iter().skip(query.first_shard as usize).take(query.shards as usize);
        StreamView {
            name: stream.name.to_string(),
            arn: stream.arn(self.service().region(), self.service().account()),
            status: stream.status.name(),
            change_due_ms: stream.change_due().map(Instant::millis),
            created_ms: stream.created.millis(),
            retention_hours: stream.retention_hours,
            open_shards: stream.open_shard_count(),
            shard_count: present.len() as u32,
            record_count: present.iter().map(|shard| shard.record_count(horizon)).sum(),
            shards: shown.map(|shard| self.shard_view(stream, shard, horizon, query)).collect(),
        }
    }

    fn shard_view(&self, stream: &Stream, shard: &Shard, horizon: Instant, query: &ViewQuery) -> ShardView {
        let now = self.now();
        let range = shard.hash_key_range;
        let first_index = shard.first_retained(horizon);
        let last_index = shard.log.last_index();
        let newest = (last_index + 1).saturating_sub(u64::from(query.records)).max(first_index);
        let metrics = self.metrics.shard(&stream.name, shard.id);
        let left = |quota: &Quota| quota.level(now);
        let seconds = metrics.map_or_else(Vec::new, |metrics| {
            metrics.newest_seconds(query.seconds as usize).map(|counts| second_view(&counts)).collect()
        });
        let has_records = first_index <= last_index;
        ShardView {
            number: shard.id.0,
            id: shard.id.to_string(),
            is_open: shard.is_open(),
            parents: shard.parents().map(|id| id.0).collect(),
            children: stream
                .shards()
                .iter()
                .filter(|s| s.parents().any(|id| id == shard.id))
                .map(|s| s.id.0)
                .collect(),
            starting_hash_key: range.starting_hash_key.to_string(),
            ending_hash_key: range.ending_hash_key.to_string(),
            range_start: ring_share(range.starting_hash_key),
            range_end: ring_share(range.ending_hash_key),
            record_count: shard.record_count(horizon),
            first_index,
            last_index,
            oldest_ms: shard.log.read_from(first_index).next().map(|record| record.arrival.millis()),
            newest_ms: shard.log.last_arrival().filter(|_| has_records).map(Instant::millis),
            write_records_left: left(&shard.write_records),
            write_records_max: shard.write_records.capacity(),
            write_bytes_left: left(&shard.write_bytes),
            write_bytes_max: shard.write_bytes.capacity(),
            read_calls_left: left(&shard.read_calls),
            read_calls_max: shard.read_calls.capacity(),
            read_bytes_left: left(&shard.read_bytes),
            read_bytes_max: shard.read_bytes.capacity(),
            total: metrics.map(|metrics| second_view(&metrics.total)).unwrap_or_default(),
            seconds,
            records: shard
                .log
                .read_from(newest)
                .map(|record| RecordView {
                    index: record.index,
                    sequence_number: shard.sequence_number(record.index, record.arrival).to_string(),
                    arrival_ms: record.arrival.millis(),
                    partition_key: record.partition_key().to_owned(),
                    size: record.size() - record.partition_key().len() as u64,
                    user_records: record.user_record_count(),
                })
                .collect(),
            iterators: self
                .readings()
                .filter(|r| {
                    r.stream == stream.name && r.shard == shard.id && !r.is_finished && r.expires >= now
                })
                .map(|reading| IteratorView {
                    reading: reading.number,
                    kind: reading.kind.name(),
                    next: reading.next,
                    expires_ms: reading.expires.millis(),
                    records: reading.records,
                })
                .collect(),
        }
    }
}

fn second_view(counts: &SecondCounts) -> SecondView {
    SecondView {
        second: counts.second,
        records: counts.records,
        bytes: counts.bytes,
        refused_by_records: counts.refused_by_records,
        refused_by_bytes: counts.refused_by_bytes,
        read_records: counts.read_records,
        read_bytes: counts.read_bytes,
        refused_reads: counts.refused_reads,
        pushed_records: counts.pushed_records,
        pushed_bytes: counts.pushed_bytes,
    }
}

pub(super) fn state_name(state: ActorState) -> &'static str {
    match state {
        ActorState::Running => "running",
        ActorState::Paused => "paused",
        ActorState::Stopped => "stopped",
        ActorState::Crashed => "crashed",
    }
}

pub(super) fn position_name(position: StartingPosition) -> &'static str {
    match position {
        StartingPosition::TrimHorizon => "TRIM_HORIZON",
        StartingPosition::Latest => "LATEST",
        StartingPosition::AtTimestamp(_) => "AT_TIMESTAMP",
    }
}

pub(super) fn lost_reason(reason: LostReason) -> String {
    match reason {
        LostReason::NoRetry => "refused, and not tried again".to_owned(),
        LostReason::AttemptsUsedUp => "refused at every attempt".to_owned(),
        LostReason::Error(code) => code.name().to_owned(),
        LostReason::QueueFull => "the retry queue was full".to_owned(),
        LostReason::Stopped => "the producer was stopped".to_owned(),
        LostReason::TimedOut => "not answered in time, and not tried again".to_owned(),
        LostReason::NotRetriedBySdk => {
            "refused inside a PutRecords answer, which the SDK does not try again".to_owned()
        }
        LostReason::Expired => "older than RecordTtl (Expired)".to_owned(),
        LostReason::FailIfThrottled => "refused, and FailIfThrottled is on".to_owned(),
        LostReason::FileGone => {
            "their file was deleted, or renamed to what filePattern does not match, before the agent had read it"
                .to_owned()
        }
        LostReason::BehindCheckpoint => "not sent when the agent ended, and before its checkpoint".to_owned(),
        LostReason::NoCheckpoint => {
            "written while the agent was not running: without a checkpoint it begins at END_OF_FILE".to_owned()
        }
        LostReason::RetryQuota => "the SDK's retry quota was used up".to_owned(),
        LostReason::Crashed => "the producer crashed before it learnt what became of them".to_owned(),
    }
}

fn producer_view(state: ActorState, producer: &Producer) -> ProducerView {
    let spec = &producer.spec;
    ProducerView {
        name: spec.name.clone(),
        stream: spec.stream.clone(),
        is_running: state == ActorState::Running,
        rate: spec.rate,
        size: spec.size,
        keys: spec.keys.to_string(),
        traffic: spec.traffic.to_string(),
        workload: spec.workload.name(),
        concurrency: spec.concurrency,
        request_timeout_ms: spec.request_timeout.millis(),
        ordering: match spec.ordering {
            PutOrdering::None => "none",
            PutOrdering::PerKey => "per-key",
        },
        timed_out: producer.timed_out(),
        stored_again: producer.stored_again(),
        stored_though_lost: producer.stored_though_lost(),
        out_of_order: producer.out_of_order(),
        call: match spec.call {
            PutCall::Single => "single",
            PutCall::Batch => "batch",
        },
        retry: match spec.retry {
            RetryPolicy::None => "none",
            RetryPolicy::Immediate => "immediate",
            RetryPolicy::Backoff => "backoff",
            RetryPolicy::Standard => "standard",
            RetryPolicy::Legacy => "legacy",
        },
        attempts: spec.attempts,
        made: producer.made,
        stored: producer.stored,
        refused: producer.refused,
        retried: producer.retried,
        waiting: producer.waiting(),
        in_flight: producer.in_flight(),
        lost: producer.lost,
        lost_by_reason: producer
            .lost_by_reason
            .iter()
            .map(|(reason, n)| (lost_reason(*reason), *n))
            .collect(),
        calls: producer.calls(),
    }
}

fn kpl_view(now: Instant, state: ActorState, kpl: &Kpl) -> KplView {
    let (spec, config) = (&kpl.spec, &kpl.spec.config);
    KplView {
        name: spec.name.clone(),
        stream: spec.stream.clone(),
        is_running: state == ActorState::Running,
        rate: spec.rate,
        traffic: spec.traffic.to_string(),
        workload: spec.workload.name(),
        size: spec.size,
        keys: spec.keys.to_string(),
        aggregation_enabled: config.aggregation_enabled,
        aggregation_max_count: config.aggregation_max_count,
        aggregation_max_size: config.aggregation_max_size,
        collection_max_count: config.collection_max_count,
        collection_max_size: config.collection_max_size,
        record_max_buffered_time_ms: config.record_max_buffered_time.millis(),
        record_ttl_ms: config.record_ttl.millis(),
        rate_limit: config.rate_limit,
        fail_if_throttled: config.fail_if_throttled,
        max_connections: config.max_connections,
        request_timeout_ms: config.request_timeout.millis(),
        made: kpl.made,
        stored: kpl.stored,
        lost: kpl.lost,
        lost_by_reason: kpl.lost_by_reason.iter().map(|(reason, n)| (lost_reason(*reason), *n)).collect(),
        aggregating: kpl.aggregating(),
        buffers: kpl.buffers().into_iter().map(|(shard, count)| (shard.0, count)).collect(),
        limited: kpl.limited(),
        collecting: kpl.collecting(),
        in_flight: kpl.in_flight(),
        outstanding: kpl.outstanding(),
        retried: kpl.retried,
        wrong_shard: kpl.wrong_shard,
        kinesis_records: kpl.kinesis_records,
        kinesis_records_refused: kpl.kinesis_records_refused,
        errors: kpl.errors.iter().map(|(code, n)| (code.name(), *n)).collect(),
        put_calls: kpl.put_calls,
        delay_p99_ms: kpl.delay_p99(now).millis(),
        timed_out: kpl.timed_out(),
        stored_again: kpl.stored_again(),
        stored_though_lost: kpl.stored_though_lost(),
    }
}

fn reader_view(now: Instant, state: ActorState, reader: &Reader) -> ReaderView {
    ReaderView {
        name: reader.spec.name.clone(),
        stream: reader.spec.stream.clone(),
        consumer: reader.spec.consumer.clone(),
        is_running: state == ActorState::Running && reader.failed.is_none(),
        from: position_name(reader.spec.from),
        records: reader.records,
        again: reader.again,
        missed: reader.missed,
        order_violations: reader.meter.order_violations,
        kib_per_second: reader.meter.bytes_per_second(now, 10) / 1_024,
        delay_p99_ms: reader.meter.delay_p99(now).millis(),
        throttled: reader.throttled,
        calls: reader.calls,
        failed: reader.failed.map(kinesis::ErrorCode::name),
        millis_behind: reader.shards.values().map(|shard| shard.millis_behind).max().unwrap_or(0),
        shards: reader
            .shards
            .iter()
            .map(|(id, shard)| ReaderShardView {
                shard: id.0,
                next: shard.place(),
                records: shard.records,
                millis_behind: shard.millis_behind,
                is_finished: shard.is_finished,
                waits_for: shard.waits_for.iter().map(|id| id.0).collect(),
            })
            .collect(),
    }
}
