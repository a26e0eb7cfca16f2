//! How the managed services read a stream: every shard, parents before children, by polling GetRecords or by enhanced
//! fan-out, and only as much as they can work on.
//!
//! It gives up never: what is refused is asked again. Where a push arrives that is not wanted yet, the subscription is
//! left and taken up again behind the last record that was wanted. Simpler than the real thing, where HTTP/2 holds the
//! sender back.

use kinesis::{
    ApiError, Blob, ChildShard, Duration, ErrorCode, GetRecordsInput, GetShardIteratorInput, HashKeyRange,
    Instant, ListShardsInput, Operation, Push, Record, Request, Response, Seconds, SequenceNumber,
    ShardFilter, ShardId, ShardIteratorType, SortedMap, SubscribeToShardInput, deaggregate, known_hash_key,
};
use smol_str::SmolStr;

use crate::StartingPosition;
use crate::actor::{ActorCtx, Call};

/// A service's way through a stream.
#[derive(Clone, Debug)]
pub(crate) struct StreamSource {
    stream: String,
    from: StartingPosition,
    consumer_arn: Option<String>,
    /// Pause between two polls of a shard.
    interval: Duration,
    shards: SortedMap<ShardId, SourceShard>,
    pending: SortedMap<u64, (Operation, ShardId)>,
    listing: Option<String>,
    list_at: Option<Instant>,
    next_call: u64,
    pub(crate) calls: u64,
    /// Refused for too many calls or bytes.
    pub(crate) throttled: u64,
    /// The last refusal that is of another kind, until a call succeeds.
    pub(crate) problem: Option<ErrorCode>,
}

#[derive(Clone, Debug, Default)]
struct SourceShard {
    range: Option<HashKeyRange>,
    waits_for: Vec<ShardId>,
    from_start: bool,
    iterator: Option<String>,
    last: Option<SequenceNumber>,
    subscription: Option<u64>,
    poll_at: Option<Instant>,
    is_calling: bool,
    /// Everything of it has been handed over, and it is closed.
    is_read: bool,
    millis_behind: u64,
    /// When the last answer came that had the shard's newest records.
    caught_up: Option<Instant>,
}

/// What came from a shard.
pub(crate) struct Arrived {
    pub(crate) shard: ShardId,
    pub(crate) records: Vec<Record>,
    /// The shard's part of the key space, where the listing told it.
    range: Option<HashKeyRange>,
}

impl Arrived {
    /// What producers put: aggregated records of the KPL taken apart, each part with its number within its record.
    /// Parts whose keys belong to another shard are left out, as KCL does it.
    pub(crate) fn user_records(self) -> Vec<(u32, Record)> {
        let is_here = |key: &str, explicit: Option<&String>| {
            let hash = || explicit.and_then(|key| key.parse().ok()).unwrap_or_else(|| known_hash_key(key));
            self.range.is_none_or(|range| range.contains(hash()))
        };
        let mut records = Vec::with_capacity(self.records.len());
        for record in self.records {
            let parts: Option<Vec<(SmolStr, Blob)>> = match &record.data {
                // What a program made stays a recipe until somebody reads it.
                Blob::Generated(generated) => generated.user_records().map(|parts| {
                    let here = parts.filter(|(key, _)| is_here(key, None));
                    here.map(|(key, one)| (key, Blob::Generated(one))).collect()
                }),
                Blob::Bytes(bytes) => deaggregate(bytes).map(|parts| {
                    let here = parts
                        .into_iter()
                        .filter(|one| is_here(&one.partition_key, one.explicit_hash_key.as_ref()));
                    here.map(|one| (one.partition_key.into(), Blob::Bytes(one.data))).collect()
                }),
            };
            match parts {
                Some(parts) => {
                    records.extend(parts.into_iter().zip(0..).map(|((partition_key, data), n)| {
                        (n, Record { data, partition_key, ..record.clone() })
                    }))
                }
                None => records.push((0, record)),
            }
        }
        records
    }
}

/// How the reader of the source stands with a shard.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    /// Whether it can take more records.
    pub(crate) wants: bool,
    /// Whether it is done with all records that it got.
    pub(crate) is_done: bool,
}

/// After a refusal for too much, and after another one.
const THROTTLED_PAUSE: Duration = Duration::from_seconds(1);
const PROBLEM_PAUSE: Duration = Duration::from_seconds(10);
/// One that is behind polls again after this time: five calls per second and shard are allowed.
const CATCH_UP_INTERVAL: Duration = Duration::from_millis(200);
const LISTING: ShardId = ShardId(u32::MAX);

impl StreamSource {
    /// `start` is when it first asks.
    pub(crate) fn new(
        stream: &str,
        from: StartingPosition,
        consumer_arn: Option<String>,
        interval: Duration,
        start: Instant,
    ) -> StreamSource {
        StreamSource {
            stream: stream.to_owned(),
            from,
            consumer_arn,
            interval,
            shards: SortedMap::new(),
            pending: SortedMap::new(),
            listing: None,
            list_at: Some(start),
            next_call: 0,
            calls: 0,
            throttled: 0,
            problem: None,
        }
    }

    /// How far behind the tip the slowest shard is, by the last answers.
    pub(crate) fn millis_behind(&self) -> u64 {
        self.shards
            .values()
            .filter(|shard| !shard.is_read)
            .map(|shard| shard.millis_behind)
            .max()
            .unwrap_or(0)
    }

    /// When the shard was last read to its newest record; now where nothing more can come.
    pub(crate) fn caught_up(&self, now: Instant, shard: ShardId) -> Option<Instant> {
        let shard = self.shards.get(&shard)?;
        if shard.is_read { Some(now) } else { shard.caught_up }
    }

    /// Shards that it has come to know, read ones too.
    pub(crate) fn shards(&self) -> impl Iterator<Item = ShardId> {
        self.shards.keys().copied()
    }

    pub(crate) fn is_read(&self, shard: ShardId) -> bool {
        self.shards.get(&shard).is_some_and(|shard| shard.is_read)
    }

    pub(crate) fn last_call(&self) -> u64 {
        self.next_call
    }

    /// Goes on from its places after a stop. Answers that are still under way belong to an earlier life: new calls have
    /// numbers above `last_call`.
    pub(crate) fn take_up_again(&mut self, now: Instant, last_call: u64) {
        self.next_call = self.next_call.max(last_call);
        self.pending = SortedMap::new();
        if self.shards.is_empty() {
            self.list_at = Some(now);
        }
        for shard in self.shards.values_mut() {
            shard.iterator = None;
            shard.subscription = None;
            shard.is_calling = false;
            shard.poll_at = (!shard.is_read && shard.waits_for.is_empty()).then_some(now);
        }
    }

    /// Its call numbers are even, so that its holder can have the odd ones.
    fn call(&mut self, ctx: &mut ActorCtx, shard: ShardId, request: Request) {
        self.next_call += 2;
        self.calls += 1;
        self.pending.insert(self.next_call, (request.operation(), shard));
        if let Some(state) = self.shards.get_mut(&shard) {
            state.is_calling = true;
        }
        ctx.call(self.next_call, Call::Kinesis(request));
    }

    /// Makes the calls that are due, and asks to be woken for the next ones.
    pub(crate) fn poll(&mut self, ctx: &mut ActorCtx, standing: impl Fn(ShardId) -> Standing) {
        self.release_children(ctx.now, &standing);
        match self.list_at {
            Some(at) if at <= ctx.now => {
                let page = self.listing.clone();
                self.list_shards(ctx, page);
            }
            Some(at) => ctx.wake_at(at),
            None => {}
        }
        let is_waiting = |shard: &SourceShard| !shard.is_calling && shard.subscription.is_none();
        let waiting = self.shards.iter().filter(|(id, shard)| is_waiting(shard) && standing(**id).wants);
        let due: Vec<(ShardId, Instant)> =
            waiting.filter_map(|(id, shard)| Some((*id, shard.poll_at?))).collect();
        for (shard, at) in due {
            if at <= ctx.now {
                let request = self.next_request(shard);
                self.call(ctx, shard, request);
            } else {
                ctx.wake_at(at);
            }
        }
    }

    fn release_children(&mut self, now: Instant, standing: &impl Fn(ShardId) -> Standing) {
        if self.shards.values().all(|shard| shard.waits_for.is_empty()) {
            return;
        }
        let done: Vec<ShardId> = self
            .shards
            .iter()
            .filter(|(id, shard)| shard.is_read && standing(**id).is_done)
            .map(|(id, _)| *id)
            .collect();
        for shard in self.shards.values_mut().filter(|shard| !shard.waits_for.is_empty()) {
            shard.waits_for.retain(|parent| !done.contains(parent));
            if shard.waits_for.is_empty() {
                shard.poll_at = Some(now);
            }
        }
    }

    fn list_shards(&mut self, ctx: &mut ActorCtx, next_token: Option<String>) {
        self.list_at = None;
        self.listing.clone_from(&next_token);
        let filter =
            |kind: &str, timestamp| ShardFilter { kind: Some(kind.to_owned()), timestamp, shard_id: None };
        let input = match next_token {
            Some(_) => ListShardsInput { next_token, ..ListShardsInput::default() },
            None => ListShardsInput {
                stream_name: Some(self.stream.clone()),
                shard_filter: Some(match self.from {
                    StartingPosition::TrimHorizon => filter("FROM_TRIM_HORIZON", None),
                    StartingPosition::Latest => filter("AT_LATEST", None),
                    StartingPosition::AtTimestamp(at) => filter("FROM_TIMESTAMP", Some(Seconds(at))),
                }),
                ..ListShardsInput::default()
            },
        };
        self.call(ctx, LISTING, input.into());
    }

    /// Takes an answer to one of its calls.
    pub(crate) fn answered(
        &mut self,
        ctx: &mut ActorCtx,
        call_id: u64,
        result: Result<Response, ApiError>,
    ) -> Option<Arrived> {
        let (operation, shard) = self.pending.remove(&call_id)?;
        if let Some(state) = self.shards.get_mut(&shard) {
            state.is_calling = false;
        }
        if result.is_ok() {
            self.problem = None;
        }
        match result {
            Ok(Response::ListShards(output)) => {
                for listed in &output.shards {
                    let parents = [listed.parent_shard_id, listed.adjacent_parent_shard_id];
                    let known =
                        parents.into_iter().flatten().filter(|parent| self.shards.contains_key(parent));
                    let waits_for: Vec<ShardId> = known.collect();
                    let from_start = self.from == StartingPosition::TrimHorizon || !waits_for.is_empty();
                    self.begin(ctx.now, listed.shard_id, listed.hash_key_range, waits_for, from_start);
                }
                if output.next_token.is_some() {
                    self.list_shards(ctx, output.next_token);
                } else if output.shards.is_empty() {
                    // The stream is CREATING: ask again.
                    self.list_at = Some(ctx.now + self.interval.max(THROTTLED_PAUSE));
                }
            }
            Ok(Response::GetShardIterator(output)) => {
                if let Some(state) = self.shards.get_mut(&shard) {
                    state.iterator = Some(output.shard_iterator);
                    state.poll_at = Some(ctx.now);
                }
            }
            Ok(Response::GetRecords(output)) => {
                let pause = if output.millis_behind_latest > 0 {
                    CATCH_UP_INTERVAL.min(self.interval)
                } else {
                    self.interval
                };
                let state = self.shards.get_mut(&shard)?;
                state.is_read = output.next_shard_iterator.is_none();
                state.iterator = output.next_shard_iterator;
                state.poll_at = (!state.is_read).then_some(ctx.now + pause);
                let children = output.child_shards.unwrap_or_default();
                return self.arrived(
                    ctx.now,
                    shard,
                    output.records.iter().collect(),
                    output.millis_behind_latest,
                    children,
                );
            }
            Ok(Response::SubscribeToShard(output)) => {
                if let Some(state) = self.shards.get_mut(&shard) {
                    state.subscription = Some(output.subscription);
                    state.poll_at = None;
                }
            }
            Ok(_) => {}
            Err(error) => self.refused(ctx.now, operation, shard, error.code()),
        }
        None
    }

    /// Takes what came over the connection of a subscription; none where that ended.
    pub(crate) fn pushed(
        &mut self,
        ctx: &mut ActorCtx,
        subscription: u64,
        push: Option<Push>,
        wants: impl Fn(ShardId) -> bool,
    ) -> Option<Arrived> {
        let holds = |state: &SourceShard| state.subscription == Some(subscription);
        let shard = self.shards.iter().find(|(_, state)| holds(state)).map(|(id, _)| *id)?;
        let state = self.shards.get_mut(&shard)?;
        match push {
            Some(Push::Event(event)) if !event.records.is_empty() && !wants(shard) => {
                state.subscription = None;
                state.poll_at = Some(ctx.now);
                None
            }
            Some(Push::Event(event)) => {
                if event.continuation_sequence_number.is_none() {
                    state.is_read = true;
                    state.subscription = None;
                } else {
                    state.last = state.last.max(event.continuation_sequence_number);
                }
                let children = event.child_shards.unwrap_or_default();
                self.arrived(
                    ctx.now,
                    shard,
                    event.records.iter().collect(),
                    event.millis_behind_latest,
                    children,
                )
            }
            Some(Push::Exception(error)) => {
                state.subscription = None;
                self.refused(ctx.now, Operation::SubscribeToShard, shard, error.code());
                None
            }
            None => {
                state.subscription = None;
                state.poll_at = Some(ctx.now);
                None
            }
        }
    }

    fn begin(
        &mut self,
        now: Instant,
        shard: ShardId,
        range: HashKeyRange,
        waits_for: Vec<ShardId>,
        from_start: bool,
    ) {
        self.shards.or_insert_with(shard, || SourceShard {
            range: Some(range),
            poll_at: waits_for.is_empty().then_some(now),
            waits_for,
            from_start,
            ..SourceShard::default()
        });
    }

    fn arrived(
        &mut self,
        now: Instant,
        shard: ShardId,
        mut records: Vec<Record>,
        millis_behind: u64,
        children: Vec<ChildShard>,
    ) -> Option<Arrived> {
        for child in children {
            // A merge's child waits for its other parent only where that one is read too.
            let parents = child.parent_shards.into_iter();
            let waits_for = parents.filter(|parent| self.shards.contains_key(parent)).collect();
            self.begin(now, child.shard_id, child.hash_key_range, waits_for, true);
        }
        let state = self.shards.get_mut(&shard)?;
        state.millis_behind = millis_behind;
        if millis_behind == 0 {
            state.caught_up = Some(now);
        }
        if let Some(last) = state.last
            && self.consumer_arn.is_none()
        {
            records.retain(|record| record.sequence_number.index > last.index);
        }
        if let Some(record) = records.last() {
            state.last = state.last.max(Some(record.sequence_number));
        }
        Some(Arrived { shard, records, range: state.range })
    }

    fn refused(&mut self, now: Instant, operation: Operation, shard: ShardId, code: ErrorCode) {
        let pause = match (code, operation) {
            (ErrorCode::ExpiredIterator, _) => Duration::ZERO,
            (ErrorCode::ResourceInUse, Operation::SubscribeToShard) => THROTTLED_PAUSE,
            (code, _) if code.is_retryable() => {
                self.throttled += 1;
                THROTTLED_PAUSE
            }
            (code, _) => {
                self.problem = Some(code);
                PROBLEM_PAUSE
            }
        };
        match self.shards.get_mut(&shard) {
            Some(state) => {
                // A closed shard that expired meanwhile has nothing more to give.
                if code == ErrorCode::ResourceNotFound
                    && operation == Operation::GetRecords
                    && state.last.is_some()
                {
                    state.iterator = None;
                }
                if code == ErrorCode::ExpiredIterator {
                    state.iterator = None;
                }
                state.poll_at = Some(now + pause);
            }
            None => self.list_at = Some(now + pause),
        }
    }

    fn next_request(&self, shard: ShardId) -> Request {
        let state = self.shards.get(&shard);
        if let Some(iterator) = state.and_then(|state| state.iterator.clone()) {
            return GetRecordsInput { shard_iterator: Some(iterator), ..GetRecordsInput::default() }.into();
        }
        let last = state.and_then(|state| state.last);
        let from_start = state.is_some_and(|state| state.from_start);
        let (kind, timestamp) = match (last, from_start, self.from) {
            (Some(_), ..) => (ShardIteratorType::AfterSequenceNumber, None),
            (None, true, _) | (None, _, StartingPosition::TrimHorizon) => {
                (ShardIteratorType::TrimHorizon, None)
            }
            (None, false, StartingPosition::Latest) => (ShardIteratorType::Latest, None),
            (None, false, StartingPosition::AtTimestamp(at)) => {
                (ShardIteratorType::AtTimestamp, Some(Seconds(at)))
            }
        };
        let sequence_number = last.map(|number| number.to_string());
        if let Some(arn) = &self.consumer_arn {
            return SubscribeToShardInput {
                consumer_arn: Some(arn.clone()),
                shard_id: Some(shard.to_string()),
                starting_position: Some(kinesis::StartingPosition {
                    kind: Some(kind.name().to_owned()),
                    sequence_number,
                    timestamp,
                }),
                dry_run: None,
            }
            .into();
        }
        GetShardIteratorInput {
            stream_name: Some(self.stream.clone()),
            shard_id: Some(shard.to_string()),
            shard_iterator_type: Some(kind.name().to_owned()),
            starting_sequence_number: sequence_number,
            timestamp,
            ..GetShardIteratorInput::default()
        }
        .into()
    }
}
