//! An event source mapping of AWS Lambda: reads a stream, gathers batches, invokes a function, and decides what becomes
//! of failures.
//!
//! Documented: AWS Lambda Developer Guide, Process Kinesis records and the pages below it. What is assumed stands where
//! it is done. Lanes (`lanes.rs`) are what ParallelizationFactor makes of a shard.

mod configuration;
mod event;
mod lanes;
mod outcome;
mod progress;

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{Duration, ErrorCode, Instant, Record, ShardId, SortedMap, StreamName};
use serde_json::Value;

use self::event::Sender;
use self::lanes::ShardWork;
use super::stream_source::{Arrived, Standing, StreamSource};
use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::neighbours::cloudwatch::ProgramMetric;
use crate::neighbours::condition::Shown;
use crate::neighbours::decimal::Decimal;
use crate::neighbours::function::{Invocation, WindowInput};
use crate::neighbours::pattern::Pattern;
use crate::{Fact, MappingChange, MappingSpec};

/// A mapping and what has become of the records that it read.
#[derive(Clone, Debug)]
pub struct EventSourceMapping {
    pub uuid: String,
    pub spec: MappingSpec,
    pub state: MappingState,
    pub last_modified: Instant,
    /// `LastProcessingResult`.
    pub last_processing_result: &'static str,
    pub counts: MappingCounts,
    /// Age of the last record of the last batch when it was handed to the function: the metric `IteratorAge`.
    pub iterator_age: Option<Duration>,
    stream: StreamName,
    /// `arn:aws:lambda:REGION:ACCOUNT:function:`, and the stream's own ARN.
    function_arn: String,
    stream_arn: String,
    /// ARN of the function's role, and the Region: events name them.
    role: String,
    region: String,
    /// When a state ends that passes by itself.
    changes_at: Option<Instant>,
    /// What an update brings, once it is over.
    update: Option<MappingSpec>,
    patterns: Vec<Pattern>,
    source: Option<StreamSource>,
    shards: SortedMap<ShardId, ShardWork>,
    /// Invocations under way: of which shard and lane.
    invoking: SortedMap<u64, (ShardId, usize)>,
    next_call: u64,
    recent: VecDeque<Recent>,
}

/// `State`. Documented: Lambda API Reference, EventSourceMappingConfiguration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MappingState {
    Creating,
    Enabling,
    Enabled,
    Disabling,
    Disabled,
    Updating,
    Deleting,
    /// Gone.
    Deleted,
}

impl MappingState {
    pub fn name(self) -> &'static str {
        match self {
            MappingState::Creating => "Creating",
            MappingState::Enabling => "Enabling",
            MappingState::Enabled => "Enabled",
            MappingState::Disabling => "Disabling",
            MappingState::Disabled => "Disabled",
            MappingState::Updating => "Updating",
            MappingState::Deleting => "Deleting",
            MappingState::Deleted => "Deleted",
        }
    }
}

/// Where the records of a mapping ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MappingCounts {
    /// Records that came from the stream.
    pub read: u64,
    /// Records that no filter let through.
    pub filtered: u64,
    /// Invocations that ran.
    pub invocations: u64,
    /// Invocations that threw or timed out.
    pub errors: u64,
    /// Invocations whose answer named failed records.
    pub partial: u64,
    /// Invocations that were refused: so many ran already, or the function is not there.
    pub refused: u64,
    /// Records that the function worked on, each as often as it did.
    pub records: u64,
    /// Of these, for the second time or more.
    pub again: u64,
    /// Of these, for the first time and after a later record of the same key.
    pub out_of_order: u64,
    pub bisections: u64,
    /// Records that were given up.
    pub discarded: u64,
    /// What arrived at the on-failure destination, and what did not.
    pub destination_messages: u64,
    pub destination_failures: u64,
}

/// An invocation that can still be looked at.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Counted over the mapping from 1.
    pub number: u64,
    pub at: Instant,
    pub shard: ShardId,
    pub iterator_age: Duration,
    /// None while it runs.
    pub outcome: Option<&'static str>,
    pub took: Duration,
    call_id: u64,
    records: Arc<Vec<Record>>,
    window: Option<RecentWindow>,
}

impl Recent {
    pub fn record_count(&self) -> u64 {
        self.records.len() as u64
    }

    /// Keys of the first records, as many as asked for.
    pub fn keys(&self, count: usize) -> impl Iterator<Item = &str> {
        self.records.iter().take(count).map(|record| record.partition_key.as_str())
    }
}

#[derive(Clone, Debug)]
struct RecentWindow {
    start: Instant,
    end: Instant,
    is_final: bool,
    state: SortedMap<String, Decimal>,
}

/// Invocations that can be looked at.
const RECENT_MAX: usize = 10;

/// Assumed: AWS says seconds to minutes; with LATEST what is put meanwhile is missed.
const CREATING_TIME: Duration = Duration::from_seconds(10);
/// Assumed: seconds.
const CHANGING_TIME: Duration = Duration::from_seconds(5);
/// Documented: Lambda polls each shard once a second.
const POLL_INTERVAL: Duration = Duration::from_seconds(1);

/// What `LastProcessingResult` says where the stream cannot be read.
///
/// Assumed: that it says so, in words near to those with which a mapping is refused whose role may not read (see
/// `commands/lambda.rs`).
#[allow(clippy::wildcard_enum_match_arm)] // Few refusals of Kinesis have words of their own here.
const fn problem_words(problem: ErrorCode) -> &'static str {
    match problem {
        ErrorCode::ResourceNotFound => "PROBLEM: Stream not found",
        ErrorCode::AccessDenied => {
            "PROBLEM: Cannot access stream. Please ensure the role can perform the GetRecords, GetShardIterator, \
             DescribeStream, and ListStreams Actions on your stream in IAM."
        }
        _ => "PROBLEM: Cannot read the stream",
    }
}

/// What a mapping is made of besides its settings.
pub(crate) struct MappingPlace {
    pub(crate) uuid: String,
    pub(crate) stream: StreamName,
    pub(crate) stream_arn: String,
    /// Up to the function's name.
    pub(crate) function_arn: String,
    pub(crate) role: String,
    pub(crate) region: String,
    pub(crate) patterns: Vec<Pattern>,
}

impl EventSourceMapping {
    pub(crate) fn new(spec: MappingSpec, place: MappingPlace, now: Instant) -> EventSourceMapping {
        EventSourceMapping {
            uuid: place.uuid,
            spec,
            state: MappingState::Creating,
            last_modified: now,
            last_processing_result: "No records processed",
            counts: MappingCounts::default(),
            iterator_age: None,
            stream: place.stream,
            function_arn: place.function_arn,
            stream_arn: place.stream_arn,
            role: place.role,
            region: place.region,
            changes_at: Some(now + CREATING_TIME),
            update: None,
            patterns: place.patterns,
            source: None,
            shards: SortedMap::new(),
            invoking: SortedMap::new(),
            // Odd numbers: the even ones are its source's.
            next_call: 1,
            recent: VecDeque::new(),
        }
    }

    pub fn stream(&self) -> &str {
        &self.stream
    }

    pub fn function_arn(&self) -> String {
        [self.function_arn.as_str(), &self.spec.function].concat()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.state == MappingState::Deleted
    }

    /// Calls of GetRecords, GetShardIterator and so on, and how many of these were refused for too much.
    pub fn source_calls(&self) -> (u64, u64) {
        self.source.as_ref().map_or((0, 0), |source| (source.calls, source.throttled))
    }

    pub fn millis_behind(&self) -> u64 {
        self.source.as_ref().map_or(0, StreamSource::millis_behind)
    }

    /// Records that wait to be handed to the function, and those that it has.
    pub fn waiting(&self) -> u64 {
        self.shards.values().map(ShardWork::waiting).sum()
    }

    /// Records that were read and neither worked on nor filtered out nor given up: never more than wait.
    pub fn unsettled(&self) -> u64 {
        self.shards.values().map(|work| work.progress.open_count()).sum()
    }

    /// Shards that stand still because a batch has failed, with the index of the record at which they stand.
    pub fn blocked(&self) -> impl Iterator<Item = (ShardId, u64)> {
        self.shards.values().filter_map(|work| work.blocked_at().map(|index| (work.shard, index)))
    }

    /// The newest invocations, oldest first.
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &Recent> {
        self.recent.iter()
    }

    /// The JSON that the function got in an invocation that can still be looked at.
    pub fn event(&self, number: u64) -> Option<Value> {
        let recent = self.recent.iter().find(|recent| recent.number == number)?;
        Some(event::event(recent, &self.sender()))
    }

    fn sender(&self) -> Sender<'_> {
        let (role, region) = (self.role.as_str(), self.region.as_str());
        Sender { event_source_arn: &self.spec.event_source_arn, role, region }
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        self.waiting() * 160
    }

    // Changes ---------------------------------------------------------------------------------------------------------

    /// Takes new settings; AWS shows `Updating` meanwhile.
    pub(crate) fn change(&mut self, ctx: &mut ActorCtx, spec: MappingSpec, patterns: Vec<Pattern>) {
        self.last_modified = ctx.now;
        self.patterns = patterns;
        let state = match (self.spec.enabled, spec.enabled) {
            (true, false) => MappingState::Disabling,
            (false, true) => MappingState::Enabling,
            _ => MappingState::Updating,
        };
        self.update = Some(spec);
        self.enter(ctx, state, Some(CHANGING_TIME));
    }

    pub(crate) fn delete_now(&mut self, ctx: &mut ActorCtx) {
        self.last_modified = ctx.now;
        self.enter(ctx, MappingState::Deleting, Some(CHANGING_TIME));
    }

    /// The settings with a change.
    pub(crate) fn changed(&self, change: &MappingChange) -> MappingSpec {
        let old = self.update.as_ref().unwrap_or(&self.spec);
        let mut spec = old.clone();
        macro_rules! take {
            ($( $field:ident ),*) => { $( if let Some(value) = &change.$field { spec.$field = value.clone(); } )* };
        }
        take!(
            function,
            enabled,
            batch_size,
            maximum_batching_window_in_seconds,
            parallelization_factor,
            maximum_record_age_in_seconds,
            maximum_retry_attempts,
            bisect_batch_on_function_error,
            report_batch_item_failures,
            tumbling_window_in_seconds,
            filters
        );
        if let Some(destination) = &change.on_failure {
            spec.on_failure = Some(destination.clone()).filter(|arn| !arn.is_empty());
        }
        spec
    }

    fn enter(&mut self, ctx: &mut ActorCtx, state: MappingState, passes_in: Option<Duration>) {
        self.state = state;
        self.changes_at = passes_in.map(|span| ctx.now + span);
        ctx.note(Fact::MappingStateChanged { actor: ctx.id, state });
    }

    /// Lets a state pass whose time is over.
    fn pass(&mut self, ctx: &mut ActorCtx) {
        match self.changes_at {
            Some(at) if at <= ctx.now => {}
            Some(at) => return ctx.wake_at(at),
            None => return,
        }
        // New settings wait for the invocations that run by the old ones.
        if self.update.is_some() && !self.invoking.is_empty() {
            self.changes_at = Some(ctx.now + POLL_INTERVAL);
            return ctx.wake_at(ctx.now + POLL_INTERVAL);
        }
        if let Some(spec) = self.update.take() {
            self.spec = spec;
            let lanes = self.lane_count();
            self.shards.values_mut().for_each(|work| work.deal_again(lanes));
        }
        let next = match (self.state == MappingState::Deleting, self.spec.enabled) {
            (true, _) => MappingState::Deleted,
            (false, true) => MappingState::Enabled,
            (false, false) => MappingState::Disabled,
        };
        self.enter(ctx, next, None);
        if next == MappingState::Enabled && self.source.is_none() {
            let consumer = self.spec.event_source_arn.contains("/consumer/");
            let consumer = consumer.then(|| self.spec.event_source_arn.clone());
            let from = self.spec.starting_position;
            self.source = Some(StreamSource::new(&self.stream, from, consumer, POLL_INTERVAL, ctx.now));
        }
    }

    fn lane_count(&self) -> usize {
        // Assumed: the state of a tumbling window belongs to the shard, so that its batches come one after the other.
        if self.spec.tumbling_window_in_seconds > 0 {
            return 1;
        }
        self.spec.parallelization_factor.clamp(1, 10) as usize
    }

    // Records ---------------------------------------------------------------------------------------------------------

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        self.pass(ctx);
        let batch_size =
            if self.state == MappingState::Enabled { self.spec.batch_size.unsigned_abs() } else { 0 };
        let arrived = match (input, self.source.as_mut()) {
            (Input::Reply { call_id, reply: Reply::Kinesis(result) }, Some(source)) => {
                source.answered(ctx, call_id, result)
            }
            (Input::Push { subscription, push }, Some(source)) => {
                let shards = &self.shards;
                let wants =
                    |shard: ShardId| shards.get(&shard).map_or(batch_size > 0, |work| work.wants(batch_size));
                source.pushed(ctx, subscription, push, wants)
            }
            (Input::Reply { call_id, reply: Reply::Invoked(reply) }, _) => {
                self.invoked(ctx, call_id, *reply);
                None
            }
            (Input::Reply { reply: Reply::Stored(Ok(())) | Reply::Sent(true), .. }, _) => {
                self.counts.destination_messages += 1;
                None
            }
            (Input::Reply { reply: Reply::Stored(Err(_)) | Reply::Sent(false), .. }, _) => {
                self.counts.destination_failures += 1;
                ctx.measure(ProgramMetric::DestinationDeliveryFailures, 1);
                None
            }
            (Input::Wake | Input::Push { .. } | Input::Reply { .. }, _) => None,
        };
        if let Some(arrived) = arrived {
            self.take(ctx.now, arrived);
        }
        if self.state == MappingState::Enabled {
            self.work(ctx);
            let shards = &self.shards;
            if let Some(source) = &mut self.source {
                source.poll(ctx, |shard| match shards.get(&shard) {
                    Some(work) => Standing { wants: work.wants(batch_size), is_done: work.waiting() == 0 },
                    None => Standing { wants: true, is_done: true },
                });
                if let Some(problem) = source.problem {
                    self.last_processing_result = problem_words(problem);
                }
            }
        }
    }

    /// Filters what came and deals it to the lanes.
    ///
    /// Documented: with enhanced fan-out Lambda takes aggregated records of the KPL apart and loses those of another
    /// shard; without, an aggregate is one record, which no filter on data lets through.
    fn take(&mut self, now: Instant, arrived: Arrived) {
        let lanes = self.lane_count();
        let work = self.shards.or_insert_with(arrived.shard, || ShardWork::new(arrived.shard, lanes));
        let records = match self.spec.event_source_arn.contains("/consumer/") {
            true => arrived.user_records(),
            false => arrived.records.into_iter().map(|record| (0, record)).collect(),
        };
        for (part, record) in records {
            self.counts.read += 1;
            let place = progress::place(record.sequence_number.index, part);
            work.progress.open(place);
            let passes = self.patterns.is_empty() || {
                let shown = Shown::new(&record.partition_key, &record.data);
                self.patterns.iter().any(|pattern| pattern.matches(shown.json()))
            };
            if passes {
                work.deal(now, place, record);
            } else {
                // Documented: what is filtered out counts as processed.
                self.counts.filtered += 1;
                work.progress.skip(place);
            }
        }
    }

    /// Hands batches to the function wherever a lane is free and a batch is due.
    fn work(&mut self, ctx: &mut ActorCtx) {
        let mut shards = std::mem::take(&mut self.shards);
        for work in shards.values_mut() {
            for lane in 0..work.lanes.len() {
                self.work_on_lane(ctx, work, lane);
            }
        }
        self.shards = shards;
    }

    fn work_on_lane(&mut self, ctx: &mut ActorCtx, work: &mut ShardWork, number: usize) {
        loop {
            let Some(lane) = work.lanes.get(number).filter(|lane| lane.call.is_none()) else { return };
            let Some(batch) = lane.batches.last() else {
                let caught_up = self.source.as_ref().and_then(|source| source.caught_up(ctx.now, work.shard));
                match work.form(ctx.now, number, &self.spec, caught_up) {
                    lanes::Formed::Batch => continue,
                    lanes::Formed::Later(at) => return ctx.wake_at(at),
                    lanes::Formed::Nothing => return,
                }
            };
            if batch.retry_at > ctx.now {
                return ctx.wake_at(batch.retry_at);
            }
            if self.give_up_old(ctx, work, number) {
                continue;
            }
            return self.invoke(ctx, work, number);
        }
    }

    fn invoke(&mut self, ctx: &mut ActorCtx, work: &mut ShardWork, number: usize) {
        let window = work.window.clone();
        let Some(lane) = work.lanes.get_mut(number) else { return };
        let Some(batch) = lane.batches.last() else { return };
        let call_id = self.next_call;
        self.next_call += 2;
        lane.call = Some(call_id);
        self.invoking.insert(call_id, (work.shard, number));
        let newest = batch.records.last().map(|record| record.approximate_arrival_timestamp.0);
        let age = newest.map_or(Duration::ZERO, |arrival| ctx.now.since(arrival));
        if newest.is_some() {
            self.iterator_age = Some(age);
            ctx.measure(ProgramMetric::IteratorAge, age.millis());
        }
        let window = window.filter(|_| batch.is_windowed);
        self.recent.push_back(Recent {
            number: self.recent.back().map_or(1, |last| last.number + 1),
            at: ctx.now,
            shard: work.shard,
            iterator_age: age,
            outcome: None,
            took: Duration::ZERO,
            call_id,
            records: Arc::clone(&batch.records),
            window: window.as_ref().map(|window| RecentWindow {
                start: window.start,
                end: window.end,
                is_final: batch.is_final,
                state: window.state.clone(),
            }),
        });
        if self.recent.len() > RECENT_MAX {
            self.recent.pop_front();
        }
        let invocation = Invocation {
            function: self.spec.function.clone(),
            records: Arc::clone(&batch.records),
            window: window.map(|window| WindowInput { state: window.state, is_final: batch.is_final }),
            is_transform: false,
        };
        ctx.call(call_id, Call::Invoke(Box::new(invocation)));
    }
}
