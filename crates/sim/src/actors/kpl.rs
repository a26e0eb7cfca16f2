//! A program that puts records with the Kinesis Producer Library: user records are packed together, sent together, and
//! put again until they are stored or too old.
//!
//! Observed: the library's own source (aggregator, limiter, collector, retrier, pipeline), version 1.0. Simplified: what
//! the library does in threads of its own whenever it is due is looked at every 25 ms, the step of its limiter, so that a
//! deadline may be met up to 25 ms late; connections are always open.

mod aggregator;
mod collector;
mod limiter;
mod measures;
mod record;
mod retrier;
mod shard_map;

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{
    ApiError, Duration, ErrorCode, Instant, PutRecordsInput, Recipe, Response, ShardId, SortedMap,
    known_hash_key,
};

use super::calls::{Calls, Served};
use super::copies::Copies;
use super::delay_meter::DelayMeter;
use crate::actor::{ActorCtx, Input, Reply};
use crate::neighbours::cloudwatch::{Measured, ProgramMetric, Stat};
use crate::source::Source;
use crate::traffic::Schedule;
use crate::{ActorId, Fact, KplChange, KplSpec, LostReason};
use aggregator::Aggregator;
use collector::Collector;
use limiter::Limiter;
use measures::{measure_error, measure_lost};
use record::{KinesisRecord, Sources, UserRecord};
use shard_map::ShardMap;

/// A running program with the library: its settings, what is where inside of it, and where each user record ended.
///
/// At every instant `made = stored + lost + waiting + in flight`, counted in user records.
#[derive(Clone, Debug)]
pub struct Kpl {
    pub spec: KplSpec,
    /// User records made so far.
    pub made: u64,
    /// User records that are put, as far as the library knows.
    pub stored: u64,
    pub lost: u64,
    /// Lost user records by reason.
    pub lost_by_reason: SortedMap<LostReason, u64>,
    /// User records sent again, each time counted.
    pub retried: u64,
    /// User records that landed on another shard than predicted and were put again.
    pub wrong_shard: u64,
    /// Kinesis records that were stored and that were refused.
    pub kinesis_records: u64,
    pub kinesis_records_refused: u64,
    /// Failed calls and failed entries by error.
    pub errors: SortedMap<ErrorCode, u64>,
    /// PutRecords calls.
    pub put_calls: u64,
    /// From the program to the answer that says that a user record is stored.
    delays: DelayMeter,
    start: Instant,
    sources: Arc<Sources>,
    shard_map: ShardMap,
    aggregator: Aggregator,
    limiter: Limiter,
    collector: Collector,
    /// Calls that wait for a connection.
    requests: VecDeque<Vec<KinesisRecord>>,
    calls: Calls<CallContent>,
    copies: Copies,
    is_stopped: bool,
}

#[derive(Clone, Debug)]
enum CallContent {
    ListShards,
    Put { records: Vec<KinesisRecord>, sent: Instant },
}

/// The library's pulse.
const TICK: Duration = Duration::from_millis(25);
/// User records that the library holds at once. The real one has no bound but its memory; programs ask it for
/// `getOutstandingRecordsCount` and slow down.
const OUTSTANDING_MAX: u64 = 200_000;

impl Kpl {
    pub(crate) fn new(spec: KplSpec, now: Instant, id: ActorId) -> Kpl {
        let sources = Arc::new(Sources::new(source_of(&spec, id.0, now, 0)));
        Kpl {
            spec,
            made: 0,
            stored: 0,
            lost: 0,
            lost_by_reason: SortedMap::new(),
            retried: 0,
            wrong_shard: 0,
            kinesis_records: 0,
            kinesis_records_refused: 0,
            errors: SortedMap::new(),
            put_calls: 0,
            delays: DelayMeter::default(),
            start: now,
            sources,
            shard_map: ShardMap::new(now),
            aggregator: Aggregator::default(),
            limiter: Limiter::default(),
            collector: Collector::default(),
            requests: VecDeque::new(),
            calls: Calls::default(),
            copies: Copies::default(),
            is_stopped: false,
        }
    }

    /// User records that gather in the buffers of the shards.
    pub fn aggregating(&self) -> u64 {
        self.aggregator.counts().map(|(_, count)| count).sum()
    }

    /// User records in the buffer of each shard that has some.
    pub fn buffers(&self) -> Vec<(ShardId, u64)> {
        self.aggregator.counts().collect()
    }

    /// User records that the rate limit holds back.
    pub fn limited(&self) -> u64 {
        self.limiter.count()
    }

    /// User records that wait to be sent with others, or for a connection.
    pub fn collecting(&self) -> u64 {
        let requests = self.requests.iter().flatten().map(|record| record.items.len() as u64);
        self.collector.count() + requests.sum::<u64>()
    }

    /// User records that wait inside of the library.
    pub fn waiting(&self) -> u64 {
        self.aggregating() + self.limited() + self.collecting()
    }

    /// User records in calls that are not answered yet.
    pub fn in_flight(&self) -> u64 {
        let records = self.calls.contents().flat_map(|call| match call {
            CallContent::ListShards => &[],
            CallContent::Put { records, .. } => records.as_slice(),
        });
        records.map(|record| record.items.len() as u64).sum()
    }

    /// `getOutstandingRecordsCount`: user records that are neither put nor failed.
    pub fn outstanding(&self) -> u64 {
        self.made - self.stored - self.lost
    }

    /// Calls that were not answered in time.
    pub fn timed_out(&self) -> u64 {
        self.calls.timed_out
    }

    /// Copies of user records in the stream beyond the first: after time-outs and after a reshard.
    pub fn stored_again(&self) -> u64 {
        self.copies.stored_again
    }

    /// Failed user records that are in the stream all the same.
    pub fn stored_though_lost(&self) -> u64 {
        self.copies.stored_though_lost
    }

    /// The time from the program to the shard and back that 99 of 100 user records of the last minute or two stayed
    /// within.
    pub fn delay_p99(&self, now: Instant) -> Duration {
        self.delays.p99(now)
    }

    /// Lets the program write something else from `now` on.
    pub(crate) fn change(&mut self, change: &KplChange, now: Instant) {
        let newest = self.sources.newest();
        let (id, made) = (newest.id, newest.schedule.due_by(now));
        self.spec.take(change);
        self.sources = Arc::new(self.sources.followed_by(source_of(&self.spec, id, now, made)));
    }

    /// The program ends as it should: it makes no more, and `flushSync` puts what is in the library.
    pub(crate) fn stop(&mut self, ctx: &mut ActorCtx) {
        self.make_due(ctx);
        self.is_stopped = true;
        self.pump(ctx);
        self.schedule(ctx);
    }

    /// The process dies: user records that the library had taken and not put are gone. What is under way may still be
    /// stored; nobody will know.
    pub(crate) fn crash(&mut self, ctx: &mut ActorCtx) {
        self.make_due(ctx);
        self.is_stopped = true;
        let mut gone = self.aggregator.clear();
        let mut records = self.limiter.clear();
        records.extend(self.collector.clear());
        records.extend(std::mem::take(&mut self.requests).into_iter().flatten());
        for (call_id, content, served) in self.calls.abandon() {
            if let CallContent::Put { records: sent, .. } = content {
                self.copies.timed_out(call_id, retrier::numbers(&sent), &served);
                records.extend(sent);
            }
        }
        gone.extend(records.into_iter().flat_map(|record| record.items));
        self.lose(ctx, gone, LostReason::Crashed);
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match input {
            Input::Wake | Input::Push { .. } => {}
            Input::Reply { call_id, reply } => {
                if let (Some(content), Reply::Kinesis(result)) = (self.calls.answered(call_id), reply) {
                    self.answered(ctx, content, result);
                }
            }
        }
        while let Some((call_id, content, served)) = self.calls.take_late(ctx.now) {
            self.late(ctx, call_id, content, &served);
        }
        if !self.is_stopped && self.is_on_tick(ctx.now) {
            self.make_due(ctx);
        }
        self.pump(ctx);
        self.schedule(ctx);
    }

    /// The service has handled a call. The library does not know it yet; what is stored again by it it will never know.
    pub(crate) fn served(&mut self, actor: ActorId, call_id: u64, reply: &Reply) -> Option<Fact> {
        let served = Served::of(reply);
        let mut again = self.copies.served_late(call_id, &served);
        if let Some(CallContent::Put { records, .. }) = self.calls.served(call_id, served.clone())
            && self.copies.is_watching()
        {
            let stored = records.iter().enumerate().filter(|(index, _)| served.is_stored(*index));
            for item in stored.flat_map(|(_, record)| &record.items) {
                again += self.copies.stored(item.number);
            }
        }
        (again > 0).then_some(Fact::RecordsStoredAgain { actor, count: again })
    }

    fn is_on_tick(&self, now: Instant) -> bool {
        now.since(self.start).micros().is_multiple_of(TICK.micros())
    }

    /// Hands the library what the program made since the last tick.
    fn make_due(&mut self, ctx: &mut ActorCtx) {
        let sources = Arc::clone(&self.sources);
        let source = sources.newest();
        let due = source.schedule.due_by(ctx.now).max(self.made);
        let room = OUTSTANDING_MAX.saturating_sub(self.outstanding());
        let mut too_many = Vec::new();
        for number in self.made..due {
            let made = source.schedule.due_at(number);
            let key = source.partition_key(number);
            let expiration = made + self.spec.config.record_ttl;
            let item = UserRecord {
                number,
                hash_key: known_hash_key(&key),
                key,
                size: source.size,
                attempts: 0,
                deadline: (made + self.spec.config.record_max_buffered_time).min(expiration),
                expiration,
            };
            if number - self.made < room {
                self.aggregate(ctx, item);
            } else {
                too_many.push(item);
            }
        }
        if due > self.made {
            let count = u32::try_from(due - self.made).unwrap_or(u32::MAX);
            let stat = Stat { count, sum: due - self.made, min: 1, max: 1 };
            let metric = ProgramMetric::UserRecordsReceived;
            ctx.measured.push(Measured { metric, shard: None, code: None, stat });
        }
        self.made = due;
        self.lose(ctx, too_many, LostReason::QueueFull);
    }

    fn aggregate(&mut self, ctx: &mut ActorCtx, item: UserRecord) {
        let predicted = self.shard_map.shard_of(item.hash_key);
        if let Some(record) = self.aggregator.put(item, predicted, &self.spec.config) {
            self.limit(ctx, record);
        }
    }

    fn limit(&mut self, ctx: &mut ActorCtx, record: KinesisRecord) {
        match record.predicted {
            Some(shard) => self.limiter.put(shard, record, self.spec.config.rate_limit, ctx.now),
            // Without a prediction there is no bucket to take from.
            None => self.collect(ctx, record),
        }
    }

    fn collect(&mut self, ctx: &mut ActorCtx, record: KinesisRecord) {
        let request = self.collector.put(record, &self.spec.config, ctx.now);
        self.requests.extend(request);
    }

    /// Moves on whatever can move.
    fn pump(&mut self, ctx: &mut ActorCtx) {
        // Whoever flushes does not wait for company.
        let due = (!self.is_stopped).then_some(ctx.now);
        while let Some(record) = self.aggregator.take_due(due, &self.spec.config) {
            self.limit(ctx, record);
        }
        let (expired, allowed) = self.limiter.drain(ctx.now);
        for record in expired {
            self.put_again(ctx, record.items);
        }
        for record in allowed {
            self.collect(ctx, record);
        }
        while let Some(request) = self.collector.take_due(due, &self.spec.config) {
            self.requests.push_back(request);
        }
        if let Some(request) = self.shard_map.ask(&self.spec.stream, ctx.now) {
            let timeout = self.spec.config.request_timeout;
            self.calls.send(ctx, request, CallContent::ListShards, timeout);
        }
        while (self.calls.len() as u64) < self.spec.config.max_connections
            && let Some(records) = self.requests.pop_front()
        {
            self.send(ctx, records);
        }
    }

    fn send(&mut self, ctx: &mut ActorCtx, mut records: Vec<KinesisRecord>) {
        self.measure_sent(ctx, &records);
        for item in records.iter_mut().flat_map(|record| &mut record.items) {
            item.attempts += 1;
            self.retried += u64::from(item.attempts > 1);
        }
        let input = PutRecordsInput {
            stream_name: Some(self.spec.stream.as_str().into()),
            records: Some(records.iter().map(|record| record.entry(&self.sources)).collect()),
            stream_arn: None,
            dry_run: None,
        };
        self.put_calls += 1;
        let content = CallContent::Put { records, sent: ctx.now };
        self.calls.send(ctx, input.into(), content, self.spec.config.request_timeout);
    }

    fn schedule(&self, ctx: &mut ActorCtx) {
        if let Some(deadline) = self.calls.next_deadline() {
            ctx.wake_at(deadline);
        }
        let schedule = &self.sources.newest().schedule;
        let made = (!self.is_stopped).then(|| schedule.due_at(self.made));
        let limited = (!self.limiter.is_empty()).then_some(ctx.now);
        let due =
            [made, self.aggregator.deadline(), limited, self.collector.deadline(), self.shard_map.ask_at()];
        if let Some(due) = due.into_iter().flatten().min() {
            ctx.wake_at(self.tick_at(due.max(ctx.now + Duration::from_micros(1))));
        }
    }

    /// The first tick at an instant or later.
    fn tick_at(&self, at: Instant) -> Instant {
        self.start + TICK.times(at.since(self.start).micros().div_ceil(TICK.micros()))
    }

    fn lose(&mut self, ctx: &mut ActorCtx, items: Vec<UserRecord>, reason: LostReason) {
        let Some(first) = items.first() else { return };
        let (count, first_key) = (items.len() as u32, first.key.to_string());
        self.lost += u64::from(count);
        *self.lost_by_reason.or_insert_with(reason, Default::default) += u64::from(count);
        items.iter().for_each(|item| self.copies.lost(item.number));
        measure_lost(ctx, &items, reason, |item| self.shard_map.shard_of(item.hash_key));
        ctx.note(Fact::RecordsLost { actor: ctx.id, count, first_key, reason });
    }

    fn answered(&mut self, ctx: &mut ActorCtx, content: CallContent, result: Result<Response, ApiError>) {
        match (content, result) {
            (CallContent::ListShards, Ok(Response::ListShards(page))) => {
                if let Some(open) = self.shard_map.listed(page, ctx.now) {
                    ctx.note(Fact::ShardMapUpdated { actor: ctx.id, open });
                }
            }
            (CallContent::ListShards, Err(error)) => {
                self.count_error(error.code());
                self.shard_map.not_listed(ctx.now);
            }
            (CallContent::Put { records, sent }, Ok(Response::PutRecords(output))) => {
                self.put_answered(ctx, records, sent, output);
            }
            (CallContent::Put { records, sent }, Err(error)) => {
                self.measure_call(ctx, &records, sent);
                measure_error(ctx, None, error.code().name());
                self.put_failed(ctx, records, error.code());
            }
            (_, Ok(_)) => unreachable!("a call is answered by its own kind"),
        }
    }

    fn count_error(&mut self, code: ErrorCode) {
        *self.errors.or_insert_with(code, Default::default) += 1;
    }
}

fn source_of(spec: &KplSpec, id: u32, base: Instant, base_count: u64) -> Source {
    let schedule = Schedule { base, base_count, rate: spec.rate, traffic: spec.traffic };
    Source { id, schedule, keys: spec.keys.clone(), workload: spec.workload, size: spec.size }
}
