//! An application of Managed Service for Apache Flink: counts by key in windows of event time, with checkpoints.
//!
//! Documented: Managed Service for Apache Flink Developer Guide (Java), fault tolerance and application resources;
//! Apache Flink, event time. Simpler than the real thing: a declared query instead of code, one operator, checkpoints
//! that take no time, no limit of speed by KPUs. Its state counts each record exactly once; its sink, as AWS's Kinesis
//! sink, may repeat what was put since the last checkpoint.

mod windows;

use std::collections::{BTreeSet, VecDeque};

use kinesis::{
    Blob, Duration, ErrorCode, Instant, PutRecordsInput, PutRecordsRequestEntry, PutRecordsResultEntry,
    Response, SortedMap,
};
use serde_json::Value;

pub use self::windows::FlinkRow;
use self::windows::{Taken, Windows};
use super::stream_source::{Arrived, Standing, StreamSource};
use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::neighbours::condition::Shown;
use crate::neighbours::decimal::Decimal;
use crate::{Fact, FlinkSpec};

/// A Flink application.
#[derive(Clone, Debug)]
pub struct FlinkApplication {
    pub spec: FlinkSpec,
    pub status: FlinkStatus,
    pub counts: FlinkCounts,
    /// When the last checkpoint was made.
    pub checkpointed: Option<Instant>,
    state: State,
    /// The last checkpoint, or the snapshot with which it was stopped.
    checkpoint: Option<State>,
    changes_at: Option<Instant>,
    checkpoint_at: Option<Instant>,
    rows: VecDeque<FlinkRow>,
    /// Rows that the sink has not taken yet, and the call that puts the first ones.
    outgoing: VecDeque<FlinkRow>,
    putting: Option<(u64, usize)>,
    put_at: Option<Instant>,
    next_call: u64,
}

/// What a checkpoint keeps.
#[derive(Clone, Debug)]
struct State {
    source: Option<StreamSource>,
    windows: Windows,
}

/// `ApplicationStatus`. Documented: Managed Service for Apache Flink API Reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FlinkStatus {
    Starting,
    Running,
    /// A task has died; Flink restarts it from the last checkpoint. The API calls that RUNNING.
    Restarting,
    Stopping,
    Ready,
    Deleting,
    /// Gone.
    Deleted,
}

impl FlinkStatus {
    pub fn name(self) -> &'static str {
        match self {
            FlinkStatus::Starting => "STARTING",
            FlinkStatus::Running | FlinkStatus::Restarting => "RUNNING",
            FlinkStatus::Stopping => "STOPPING",
            FlinkStatus::Ready => "READY",
            FlinkStatus::Deleting => "DELETING",
            FlinkStatus::Deleted => "DELETED",
        }
    }
}

/// Counts over the life of an application; unlike its state they are not set back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FlinkCounts {
    /// Records that came from the stream, each as often as it came.
    pub read: u64,
    pub rows: u64,
    /// Rows that were emitted before.
    pub again: u64,
    pub checkpoints: u64,
    pub restarts: u64,
    /// Rows put to the sink's stream, and refused ones.
    pub put: u64,
    pub refused: u64,
}

/// Assumed: a minute or two; an application has to get its machines.
const STARTING_TIME: Duration = Duration::from_seconds(60);
const STOPPING_TIME: Duration = Duration::from_seconds(20);
/// Documented: Apache Flink's default restart strategy of the service is a fixed delay; assumed: 10 seconds.
const RESTART_TIME: Duration = Duration::from_seconds(10);
/// Documented: the Kinesis connector's default interval between reads of a shard.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
const PUT_PAUSE: Duration = Duration::from_seconds(1);
const PUT_ROWS_MAX: usize = 500;

impl FlinkApplication {
    /// Rows that can be looked at.
    pub const ROWS_MAX: usize = 500;
    /// Rows that may wait for the sink; past it the application stops reading (back-pressure).
    const OUTGOING_MAX: usize = 10_000;

    pub(crate) fn new(spec: FlinkSpec, now: Instant) -> FlinkApplication {
        FlinkApplication {
            spec,
            status: FlinkStatus::Starting,
            counts: FlinkCounts::default(),
            checkpointed: None,
            state: State { source: None, windows: Windows::default() },
            checkpoint: None,
            changes_at: Some(now + STARTING_TIME),
            checkpoint_at: None,
            rows: VecDeque::new(),
            outgoing: VecDeque::new(),
            putting: None,
            put_at: None,
            next_call: 1,
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.status == FlinkStatus::Deleted
    }

    /// The newest results, oldest first.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &FlinkRow> {
        self.rows.iter()
    }

    pub fn watermark(&self) -> Option<Instant> {
        self.state.windows.watermark
    }

    /// Records that the state has counted: each exactly once.
    pub fn counted(&self) -> u64 {
        self.state.windows.records
    }

    /// `numLateRecordsDropped`, and late records that their windows still took.
    pub fn late(&self) -> (u64, u64) {
        (self.state.windows.late, self.state.windows.late_taken)
    }

    /// Open windows and values in them.
    pub fn window_counts(&self) -> (u64, u64) {
        (self.state.windows.open_windows(), self.state.windows.entries())
    }

    /// Values that were not kept because there was no room.
    pub fn overflow(&self) -> u64 {
        self.state.windows.overflow
    }

    pub fn millis_behind(&self) -> u64 {
        self.state.source.as_ref().map_or(0, StreamSource::millis_behind)
    }

    /// The shard whose events hold the watermark back.
    pub fn slowest_shard(&self) -> Option<u32> {
        let source = self.state.source.as_ref()?;
        let open = source.shards().filter(|shard| !source.is_read(*shard));
        self.state.windows.slowest(open).map(|shard| shard.0)
    }

    /// Documented: KPUs are parallelism divided by parallelism per KPU, and one for orchestration is billed besides.
    pub fn kpus(&self) -> u64 {
        let per_kpu = self.spec.parallelism_per_kpu.unsigned_abs().max(1);
        self.spec.parallelism.unsigned_abs().div_ceil(per_kpu)
    }

    pub fn source_problem(&self) -> Option<&'static str> {
        self.state.source.as_ref().and_then(|source| source.problem).map(ErrorCode::name)
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        (self.state.windows.entries() * 2 + (self.rows.len() + self.outgoing.len()) as u64) * 100
    }

    // Changes ---------------------------------------------------------------------------------------------------------

    fn enter(&mut self, ctx: &mut ActorCtx, status: FlinkStatus, passes_in: Option<Duration>) {
        self.status = status;
        self.changes_at = passes_in.map(|span| ctx.now + span);
        if let Some(at) = self.changes_at {
            ctx.wake_at(at);
        }
        ctx.note(Fact::FlinkStatusChanged { actor: ctx.id, status });
    }

    /// Stops with a snapshot: nothing is read twice after a start.
    pub(crate) fn stop(&mut self, ctx: &mut ActorCtx) {
        self.make_checkpoint(ctx);
        self.enter(ctx, FlinkStatus::Stopping, Some(STOPPING_TIME));
    }

    pub(crate) fn start(&mut self, ctx: &mut ActorCtx) {
        self.enter(ctx, FlinkStatus::Starting, Some(STARTING_TIME));
    }

    pub(crate) fn fail(&mut self, ctx: &mut ActorCtx) {
        self.counts.restarts += 1;
        self.enter(ctx, FlinkStatus::Restarting, Some(RESTART_TIME));
    }

    pub(crate) fn delete_now(&mut self, ctx: &mut ActorCtx) {
        self.enter(ctx, FlinkStatus::Deleting, Some(STOPPING_TIME));
    }

    fn pass(&mut self, ctx: &mut ActorCtx) {
        match self.changes_at {
            Some(at) if at <= ctx.now => {}
            Some(at) => return ctx.wake_at(at),
            None => return,
        }
        match self.status {
            FlinkStatus::Starting | FlinkStatus::Restarting => {
                self.restore(ctx);
                self.enter(ctx, FlinkStatus::Running, None);
                self.checkpoint_at = Some(ctx.now + self.spec.checkpoint_interval);
            }
            FlinkStatus::Stopping => self.enter(ctx, FlinkStatus::Ready, None),
            FlinkStatus::Deleting => self.enter(ctx, FlinkStatus::Deleted, None),
            FlinkStatus::Running | FlinkStatus::Ready | FlinkStatus::Deleted => {}
        }
    }

    fn make_checkpoint(&mut self, ctx: &mut ActorCtx) {
        self.checkpoint = Some(self.state.clone());
        self.checkpointed = Some(ctx.now);
        self.counts.checkpoints += 1;
        ctx.note(Fact::FlinkCheckpointed { actor: ctx.id, records: self.state.windows.records });
    }

    /// Takes up the last checkpoint: what was read since is read again, and what was counted since is forgotten.
    fn restore(&mut self, ctx: &mut ActorCtx) {
        let next_call = self.state.source.as_ref().map_or(0, StreamSource::last_call);
        match &self.checkpoint {
            Some(checkpoint) => self.state = checkpoint.clone(),
            None => self.state = State { source: None, windows: Windows::default() },
        }
        match &mut self.state.source {
            Some(source) => source.take_up_again(ctx.now, next_call),
            None => {
                let mut source =
                    StreamSource::new(&self.spec.stream, self.spec.from, None, POLL_INTERVAL, ctx.now);
                source.take_up_again(ctx.now, next_call);
                self.state.source = Some(source);
            }
        }
        // What the sink had not taken is emitted again by the windows.
        if self.status == FlinkStatus::Restarting {
            self.outgoing.clear();
            self.putting = None;
        }
    }

    // Records ---------------------------------------------------------------------------------------------------------

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        self.pass(ctx);
        let is_running = self.status == FlinkStatus::Running;
        let arrived = match (input, self.state.source.as_mut()) {
            (Input::Reply { call_id, reply: Reply::Kinesis(result) }, source) => {
                match source.filter(|_| is_running && call_id.is_multiple_of(2)) {
                    Some(source) => source.answered(ctx, call_id, result),
                    None => {
                        self.put_answered(ctx, call_id, result.map_err(|error| error.code()));
                        None
                    }
                }
            }
            (Input::Wake | Input::Push { .. } | Input::Reply { .. }, _) => None,
        };
        if let Some(arrived) = arrived {
            self.take(ctx, arrived);
        }
        if is_running {
            self.checkpoint_if_due(ctx);
            let has_room = self.outgoing.len() < FlinkApplication::OUTGOING_MAX;
            if let Some(source) = &mut self.state.source {
                source.poll(ctx, |_| Standing { wants: has_room, is_done: true });
            }
        }
        self.put(ctx);
    }

    fn checkpoint_if_due(&mut self, ctx: &mut ActorCtx) {
        let Some(at) = self.checkpoint_at else { return };
        if at <= ctx.now {
            self.make_checkpoint(ctx);
            self.checkpoint_at = Some(ctx.now + self.spec.checkpoint_interval);
        }
        if let Some(at) = self.checkpoint_at {
            ctx.wake_at(at);
        }
    }

    fn take(&mut self, ctx: &mut ActorCtx, arrived: Arrived) {
        let shard = arrived.shard;
        for (_, record) in arrived.user_records() {
            self.counts.read += 1;
            let shown = Shown::new(&record.partition_key, &record.data);
            let arrival = record.approximate_arrival_timestamp.0;
            let number = |text: String| text.parse().ok().map(Instant::from_millis);
            let event = self.spec.event_time.as_ref().and_then(|field| shown.text(field)).and_then(number);
            let event = event.filter(|event| *event <= Instant::MAX).unwrap_or(arrival);
            let key = shown.text(&self.spec.key).unwrap_or_default();
            let value = match &self.spec.sum {
                Some(field) => shown.text(field).and_then(|text| Decimal::parse(&text)).unwrap_or_default(),
                None => Decimal::whole(1),
            };
            let (taken, again) = self.state.windows.take(&self.spec, shard, ctx.now, event, &key, value);
            if taken == Taken::Dropped {
                ctx.note(Fact::LateRecordDropped { actor: ctx.id, shard, event });
            }
            for start in again {
                if let Some(value) = self.state.windows.value(start, &key) {
                    let is_again = self.rows.iter().any(|row| row.start == start && row.key == key);
                    self.emit(ctx.now, start, key.clone(), value, is_again);
                }
            }
        }
        let Some(source) = &self.state.source else { return };
        let open: Vec<_> = source.shards().filter(|shard| !source.is_read(*shard)).collect();
        let over = self.state.windows.advance(&self.spec, ctx.now, open.into_iter());
        if !over.is_empty() {
            ctx.note(Fact::WindowsClosed { actor: ctx.id, rows: over.len() as u32 });
        }
        // Each key comes once in each window that is over: only what was emitted before this is emitted again.
        let starts: BTreeSet<Instant> = over.iter().map(|(start, ..)| *start).collect();
        let known = self.rows.iter().filter(|row| starts.contains(&row.start));
        let known: BTreeSet<(Instant, String)> = known.map(|row| (row.start, row.key.clone())).collect();
        for (start, key, value) in over {
            let row = (start, key);
            let is_again = known.contains(&row);
            self.emit(ctx.now, row.0, row.1, value, is_again);
        }
    }

    fn emit(&mut self, now: Instant, start: Instant, key: String, value: Decimal, is_again: bool) {
        self.counts.rows += 1;
        self.counts.again += u64::from(is_again);
        let row = FlinkRow { start, end: start + self.spec.window, key, value, at: now, is_again };
        if self.spec.sink.is_some() {
            self.outgoing.push_back(row.clone());
        }
        self.rows.push_back(row);
        if self.rows.len() > FlinkApplication::ROWS_MAX {
            self.rows.pop_front();
        }
    }

    // The sink --------------------------------------------------------------------------------------------------------

    fn put(&mut self, ctx: &mut ActorCtx) {
        let Some(sink) = self.spec.sink.clone() else { return };
        if self.putting.is_some() || self.outgoing.is_empty() {
            return;
        }
        if let Some(at) = self.put_at.filter(|at| *at > ctx.now) {
            return ctx.wake_at(at);
        }
        let count = self.outgoing.len().min(PUT_ROWS_MAX);
        let records = self.outgoing.iter().take(count).map(|row| PutRecordsRequestEntry {
            data: Some(Blob::Bytes(row_json(row, self.spec.sum.is_some()).into_bytes())),
            explicit_hash_key: None,
            partition_key: Some(if row.key.is_empty() { "-" } else { &row.key }.into()),
        });
        let input = PutRecordsInput {
            stream_name: Some(sink.into()),
            records: Some(records.collect()),
            stream_arn: None,
            dry_run: None,
        };
        let call_id = self.next_call;
        self.next_call += 2;
        self.putting = Some((call_id, count));
        ctx.call(call_id, Call::Kinesis(input.into()));
    }

    fn put_answered(&mut self, ctx: &mut ActorCtx, call_id: u64, result: Result<Response, ErrorCode>) {
        let Some((_, count)) = self.putting.take_if(|(putting, _)| *putting == call_id) else { return };
        let sent: Vec<FlinkRow> = self.outgoing.drain(..count.min(self.outgoing.len())).collect();
        let refused: Vec<FlinkRow> = match result {
            Ok(Response::PutRecords(output)) => {
                let entries = sent.into_iter().zip(output.records);
                let refused =
                    entries.filter(|(_, entry)| matches!(entry, PutRecordsResultEntry::Refused { .. }));
                refused.map(|(row, _)| row).collect()
            }
            Ok(_) => Vec::new(),
            Err(_) => sent,
        };
        self.counts.put += (count - refused.len()) as u64;
        self.counts.refused += refused.len() as u64;
        self.put_at = (!refused.is_empty()).then(|| ctx.now + PUT_PAUSE);
        refused.into_iter().rev().for_each(|row| self.outgoing.push_front(row));
    }
}

/// A row as the sink puts it.
fn row_json(row: &FlinkRow, is_sum: bool) -> String {
    let value: Value = serde_json::from_str(&row.value.to_string()).unwrap_or(Value::Null);
    let members = [
        ("key", Value::from(row.key.as_str())),
        (if is_sum { "sum" } else { "count" }, value),
        ("windowStart", Value::from(row.start.to_iso8601())),
        ("windowEnd", Value::from(row.end.to_iso8601())),
    ];
    let object: SortedMap<usize, (&str, Value)> = members.into_iter().enumerate().collect();
    let object = object.values().map(|(name, value)| ((*name).to_owned(), value.clone()));
    Value::Object(object.collect()).to_string()
}
