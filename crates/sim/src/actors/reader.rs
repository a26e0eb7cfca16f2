//! A program that reads with the AWS SDK, parents before children: it polls GetRecords with one iterator a shard, or
//! holds one subscription a shard by enhanced fan-out and renews it every five minutes.

use kinesis::{
    ApiError, ChildShard, Duration, ErrorCode, GetRecordsInput, GetRecordsOutput, GetShardIteratorInput,
    Instant, ListShardsInput, Operation, Push, Records, Request, Response, Seconds, SequenceNumber,
    ShardFilter, ShardId, ShardIteratorType, SortedMap, StreamName, SubscribeToShardInput,
};

use super::reader_meter::ReaderMeter;
use super::registration::Registration;

use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::{Fact, ReaderSpec, StartingPosition};

/// A running reader and its place in each shard.
#[derive(Clone, Debug)]
pub struct Reader {
    pub spec: ReaderSpec,
    /// Records got, each as often as it was got.
    pub records: u64,
    /// Records that it got for the second time.
    pub again: u64,
    /// Records that it went past without getting them: they were gone when it came to them.
    pub missed: u64,
    /// Rate, delay and order.
    pub meter: ReaderMeter,
    /// Refused calls.
    pub throttled: u64,
    pub calls: u64,
    /// Why the reader cannot go on.
    pub failed: Option<ErrorCode>,
    pub shards: SortedMap<ShardId, ReaderShard>,
    pending: SortedMap<u64, (Operation, ShardId)>,
    next_call: u64,
    /// The page of ListShards that was asked for last, and when it is asked for again.
    listing: Option<String>,
    list_at: Option<Instant>,
    stream: StreamName,
    /// The way to its consumer, where it reads by enhanced fan-out.
    registration: Option<Registration>,
}

/// A reader's place in one shard.
#[derive(Clone, Debug, Default)]
pub struct ReaderShard {
    pub records: u64,
    pub bytes: u64,
    /// Index behind the last record that came; 0 before one has.
    pub next: u64,
    pub millis_behind: u64,
    /// Read to its end, and closed.
    pub is_finished: bool,
    /// Shards that must be finished before this one begins.
    pub waits_for: Vec<ShardId>,
    /// Whether the reader began at the start of this shard: children and TRIM_HORIZON.
    from_start: bool,
    /// Begun behind a parent that the reader has read to its end.
    is_child: bool,
    iterator: Option<String>,
    last: Option<SequenceNumber>,
    /// Number of the subscription that is live, as far as the reader knows.
    subscription: Option<u64>,
    continuation: Option<SequenceNumber>,
    /// When it next calls for this shard; a subscription that is live needs no calls.
    poll_at: Option<Instant>,
    is_calling: bool,
}

impl ReaderShard {
    /// Index of the first record that the next answer can bring, also before one has come: then its iterator says it,
    /// or what a subscription told. 0 where the reader has not been answered yet.
    pub fn place(&self) -> u64 {
        if self.next > 0 {
            return self.next;
        }
        let of_iterator = self.iterator.as_deref().and_then(kinesis::place_of_iterator);
        of_iterator.or(self.continuation.map(|number| number.index + 1)).unwrap_or(0)
    }
}

/// A reader that is behind polls again after this time: five calls per second and shard are allowed.
const CATCH_UP_INTERVAL: Duration = Duration::from_millis(200);
/// How long a reader waits that was refused a subscription, or lost it to another program of the same consumer.
const RESUBSCRIBE_PAUSE: Duration = Duration::from_seconds(1);
const LISTING: ShardId = ShardId(u32::MAX);

impl Reader {
    pub(crate) fn new(spec: ReaderSpec) -> Reader {
        let stream = spec.stream.as_str().into();
        let registration = spec.consumer.as_deref().map(|consumer| Registration::new(&spec.stream, consumer));
        Reader {
            spec,
            records: 0,
            again: 0,
            missed: 0,
            meter: ReaderMeter::default(),
            throttled: 0,
            calls: 0,
            failed: None,
            shards: SortedMap::new(),
            pending: SortedMap::new(),
            next_call: 0,
            listing: None,
            list_at: None,
            stream,
            registration,
        }
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match input {
            Input::Push { .. } if self.failed.is_some() => {}
            Input::Wake if self.shards.is_empty() && self.pending.is_empty() && self.list_at.is_none() => {
                self.set_out(ctx);
            }
            Input::Wake => {}
            Input::Reply { call_id, reply } => {
                if let (Some((operation, shard)), Reply::Kinesis(result)) =
                    (self.pending.remove(&call_id), reply)
                {
                    self.answered(ctx, operation, shard, result);
                }
            }
            Input::Push { subscription, push } => self.pushed(ctx, subscription, push),
        }
        if self.failed.is_none() {
            self.poll_due(ctx);
        }
    }

    fn call(&mut self, ctx: &mut ActorCtx, shard: ShardId, request: Request) {
        self.next_call += 1;
        self.calls += 1;
        self.pending.insert(self.next_call, (request.operation(), shard));
        if let Some(state) = self.shards.get_mut(&shard) {
            state.is_calling = true;
        }
        ctx.call(self.next_call, Call::Kinesis(request));
    }

    /// Lists the shards, by enhanced fan-out once the consumer is ACTIVE.
    fn set_out(&mut self, ctx: &mut ActorCtx) {
        let Some(registration) = self.registration.as_mut().filter(|known| known.consumer_arn().is_none())
        else {
            return self.list_shards(ctx, None);
        };
        match registration.ask_at() {
            Some(at) if at <= ctx.now => {
                let request = registration.ask();
                self.call(ctx, LISTING, request);
            }
            Some(at) => ctx.wake_at(at),
            None => {}
        }
    }

    fn fail(&mut self, ctx: &mut ActorCtx, code: ErrorCode) {
        self.failed = Some(code);
        ctx.note(Fact::ReaderFailed { actor: ctx.id, error: code });
    }

    fn list_shards(&mut self, ctx: &mut ActorCtx, next_token: Option<String>) {
        self.list_at = None;
        self.listing.clone_from(&next_token);
        let filter =
            |kind: &str, timestamp| ShardFilter { kind: Some(kind.to_owned()), timestamp, shard_id: None };
        let input = match next_token {
            Some(_) => ListShardsInput { next_token, ..ListShardsInput::default() },
            None => ListShardsInput {
                stream_name: Some(self.spec.stream.clone()),
                shard_filter: Some(match self.spec.from {
                    StartingPosition::TrimHorizon => filter("FROM_TRIM_HORIZON", None),
                    StartingPosition::Latest => filter("AT_LATEST", None),
                    StartingPosition::AtTimestamp(at) => filter("FROM_TIMESTAMP", Some(Seconds(at))),
                }),
                ..ListShardsInput::default()
            },
        };
        self.call(ctx, LISTING, input.into());
    }

    fn answered(
        &mut self,
        ctx: &mut ActorCtx,
        operation: Operation,
        shard: ShardId,
        result: Result<Response, ApiError>,
    ) {
        if let Some(state) = self.shards.get_mut(&shard) {
            state.is_calling = false;
        }
        if let Some(registration) = self.registration.as_mut().filter(|known| known.consumer_arn().is_none())
        {
            return match registration.answered(ctx.now, result) {
                Ok(()) => self.set_out(ctx),
                Err(code) => self.fail(ctx, code),
            };
        }
        match result {
            Ok(Response::ListShards(output)) => {
                for listed in &output.shards {
                    let parents = [listed.parent_shard_id, listed.adjacent_parent_shard_id];
                    let waits_for: Vec<ShardId> = parents
                        .into_iter()
                        .flatten()
                        .filter(|parent| self.shards.contains_key(parent))
                        .collect();
                    let from_start = self.spec.from == StartingPosition::TrimHorizon || !waits_for.is_empty();
                    self.begin(ctx.now, listed.shard_id, waits_for, from_start);
                }
                if output.next_token.is_some() {
                    self.list_shards(ctx, output.next_token);
                } else if output.shards.is_empty() {
                    // The stream is CREATING: ask again.
                    ctx.wake_at(ctx.now + self.spec.interval);
                }
            }
            Ok(Response::GetShardIterator(output)) => {
                if let Some(state) = self.shards.get_mut(&shard) {
                    state.iterator = Some(output.shard_iterator);
                    state.poll_at = Some(ctx.now);
                }
            }
            Ok(Response::GetRecords(output)) => self.got(ctx, shard, output),
            Ok(Response::SubscribeToShard(output)) => {
                if let Some(state) = self.shards.get_mut(&shard) {
                    state.subscription = Some(output.subscription);
                    state.poll_at = None;
                }
            }
            Ok(_) => {}
            Err(error) => self.refused(ctx, operation, shard, &error),
        }
    }

    fn begin(&mut self, now: Instant, shard: ShardId, waits_for: Vec<ShardId>, from_start: bool) {
        self.shards.or_insert_with(shard, || ReaderShard {
            poll_at: waits_for.is_empty().then_some(now),
            is_child: !waits_for.is_empty(),
            waits_for,
            from_start,
            ..ReaderShard::default()
        });
    }

    fn got(&mut self, ctx: &mut ActorCtx, shard: ShardId, output: GetRecordsOutput) {
        let Some(state) = self.shards.get_mut(&shard) else { return };
        state.iterator = output.next_shard_iterator;
        state.is_finished = state.iterator.is_none();
        let pause = if output.millis_behind_latest > 0 { CATCH_UP_INTERVAL } else { self.spec.interval };
        state.poll_at = (!state.is_finished).then_some(ctx.now + pause);
        let children = output.child_shards.unwrap_or_default();
        self.process(ctx, shard, &output.records, output.millis_behind_latest, children);
    }

    /// What came over the connection of a subscription; none where that ended.
    fn pushed(&mut self, ctx: &mut ActorCtx, subscription: u64, push: Option<Push>) {
        let holds = |state: &ReaderShard| state.subscription == Some(subscription);
        let shard = self.shards.iter().find(|(_, state)| holds(state)).map(|(id, _)| *id);
        let Some((shard, state)) = shard.and_then(|id| Some((id, self.shards.get_mut(&id)?))) else { return };
        match push {
            Some(Push::Event(event)) => {
                state.continuation = event.continuation_sequence_number;
                if state.continuation.is_none() {
                    state.is_finished = true;
                    state.subscription = None;
                }
                let children = event.child_shards.unwrap_or_default();
                self.process(ctx, shard, &event.records, event.millis_behind_latest, children);
            }
            Some(Push::Exception(error)) => {
                state.subscription = None;
                self.refused(ctx, Operation::SubscribeToShard, shard, &error);
            }
            None => {
                state.subscription = None;
                state.poll_at = Some(ctx.now);
            }
        }
    }

    fn process(
        &mut self,
        ctx: &mut ActorCtx,
        shard: ShardId,
        records: &Records,
        millis_behind: u64,
        children: Vec<ChildShard>,
    ) {
        let Some(state) = self.shards.get_mut(&shard) else { return };
        let count = records.len() as u32;
        let first = records.first_number();
        let again = match (state.last, first) {
            (Some(last), Some(first)) if first.index <= last.index => {
                records.stored().filter(|record| record.index <= last.index).count() as u32
            }
            _ => 0,
        };
        let expected = match state.last {
            Some(last) => Some(last.index + 1),
            // A child is read from its first record on.
            None => state.is_child.then_some(1),
        };
        if let (Some(first), Some(expected)) = (first, expected) {
            self.missed += first.index.saturating_sub(expected);
        }
        self.meter.got(ctx.now, records);
        if let Some(number) = records.last_number() {
            state.last = state.last.max(Some(number));
            state.next = number.index + 1;
        }
        state.records += u64::from(count);
        state.bytes += records.size();
        state.millis_behind = millis_behind;
        self.records += u64::from(count);
        self.again += u64::from(again);
        if count > 0 {
            ctx.note(Fact::RecordsProcessed {
                actor: ctx.id,
                stream: self.stream.clone(),
                shard,
                count,
                again,
            });
        }
        for child in children {
            // A merge's child waits for its other parent only where this reader reads that one too.
            let parents = child.parent_shards.into_iter();
            let waits_for = parents.filter(|parent| self.shards.contains_key(parent)).collect();
            self.begin(ctx.now, child.shard_id, waits_for, true);
        }
        self.release_children(ctx.now);
    }

    /// Begins the shards whose parents are all finished.
    fn release_children(&mut self, now: Instant) {
        let finished: Vec<ShardId> =
            self.shards.iter().filter(|(_, state)| state.is_finished).map(|(id, _)| *id).collect();
        for state in self.shards.values_mut().filter(|state| !state.waits_for.is_empty()) {
            state.waits_for.retain(|parent| !finished.contains(parent));
            if state.waits_for.is_empty() {
                state.poll_at = Some(now);
            }
        }
    }

    fn refused(&mut self, ctx: &mut ActorCtx, operation: Operation, shard: ShardId, error: &ApiError) {
        let state = self.shards.get_mut(&shard);
        match (error.code(), operation, state) {
            (ErrorCode::ExpiredIterator, _, Some(state)) => {
                state.iterator = None;
                state.poll_at = Some(ctx.now);
            }
            (ErrorCode::ResourceInUse, Operation::SubscribeToShard, Some(state)) => {
                self.throttled += 1;
                state.poll_at = Some(ctx.now + RESUBSCRIBE_PAUSE);
            }
            (code, _, Some(state)) if code.is_retryable() => {
                self.throttled += 1;
                // A pause that is always the same is what lets readers of one shard take turns: whoever was refused first
                // asks first. With the random waits of an SDK a reader of three gets a tenth more or less than its share.
                state.poll_at = Some(ctx.now + self.spec.interval.max(CATCH_UP_INTERVAL));
            }
            (code, Operation::ListShards, None) if code.is_retryable() => {
                self.throttled += 1;
                self.list_at = Some(ctx.now + self.spec.interval);
            }
            // A closed shard that expired while the reader was away is done. Whether it is that, or the stream is gone,
            // the list of shards tells.
            (ErrorCode::ResourceNotFound, Operation::GetRecords, Some(state)) if state.last.is_some() => {
                state.is_finished = true;
                state.poll_at = None;
                self.list_at = Some(ctx.now);
                self.release_children(ctx.now);
            }
            (code, ..) => self.fail(ctx, code),
        }
    }

    fn poll_due(&mut self, ctx: &mut ActorCtx) {
        match self.list_at {
            Some(at) if at <= ctx.now => {
                let page = self.listing.clone();
                self.list_shards(ctx, page);
            }
            Some(at) => ctx.wake_at(at),
            None => {}
        }
        let due: Vec<ShardId> = self
            .shards
            .iter()
            .filter(|(_, state)| !state.is_calling && state.poll_at.is_some_and(|at| at <= ctx.now))
            .map(|(id, _)| *id)
            .collect();
        for shard in due {
            let request = self.next_request(shard);
            self.call(ctx, shard, request);
        }
        let waiting = self.shards.values().filter(|state| !state.is_calling);
        if let Some(next) = waiting.filter_map(|state| state.poll_at).min() {
            ctx.wake_at(next);
        }
    }

    fn next_request(&self, shard: ShardId) -> Request {
        let state = self.shards.get(&shard);
        if let Some(iterator) = state.and_then(|state| state.iterator.clone()) {
            let limit = self.spec.limit.map(i64::from);
            return GetRecordsInput {
                shard_iterator: Some(iterator),
                limit,
                stream_arn: None,
                dry_run: None,
            }
            .into();
        }
        let last = state.and_then(|state| state.continuation.max(state.last));
        let from_start = state.is_some_and(|state| state.from_start);
        let (kind, timestamp) = match (last, from_start, self.spec.from) {
            (Some(_), ..) => (ShardIteratorType::AfterSequenceNumber, None),
            (None, true, _) | (None, _, StartingPosition::TrimHorizon) => {
                (ShardIteratorType::TrimHorizon, None)
            }
            (None, false, StartingPosition::Latest) => (ShardIteratorType::Latest, None),
            (None, false, StartingPosition::AtTimestamp(at)) => {
                (ShardIteratorType::AtTimestamp, Some(Seconds(at)))
            }
        };
        if let Some(arn) = self.registration.as_ref().and_then(Registration::consumer_arn) {
            return SubscribeToShardInput {
                consumer_arn: Some(arn.to_owned()),
                shard_id: Some(shard.to_string()),
                starting_position: Some(kinesis::StartingPosition {
                    kind: Some(kind.name().to_owned()),
                    sequence_number: last.map(|number| number.to_string()),
                    timestamp,
                }),
                dry_run: None,
            }
            .into();
        }
        GetShardIteratorInput {
            stream_name: Some(self.spec.stream.clone()),
            shard_id: Some(shard.to_string()),
            shard_iterator_type: Some(kind.name().to_owned()),
            starting_sequence_number: last.map(|number| number.to_string()),
            timestamp,
            stream_arn: None,
            dry_run: None,
        }
        .into()
    }
}
