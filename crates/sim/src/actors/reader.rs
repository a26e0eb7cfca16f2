//! A program that polls GetRecords with the AWS SDK: one iterator a shard, parents before children.

use kinesis::{
    ApiError, Duration, ErrorCode, GetRecordsInput, GetRecordsOutput, GetShardIteratorInput, Instant,
    ListShardsInput, Operation, Request, Response, Seconds, SequenceNumber, ShardFilter, ShardId,
    ShardIteratorType, SortedMap, StreamName,
};

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
}

/// A reader's place in one shard.
#[derive(Clone, Debug, Default)]
pub struct ReaderShard {
    pub records: u64,
    pub bytes: u64,
    /// Index of the first record that the next answer can bring.
    pub next: u64,
    pub millis_behind: u64,
    /// Read to its end, and closed.
    pub is_finished: bool,
    /// Shards that must be finished before this one begins.
    pub waits_for: Vec<ShardId>,
    /// Whether the reader began at the start of this shard: children and TRIM_HORIZON.
    from_start: bool,
    iterator: Option<String>,
    last: Option<SequenceNumber>,
    poll_at: Option<Instant>,
    is_calling: bool,
}

/// A reader that is behind polls again after this time: five calls per second and shard are allowed.
const CATCH_UP_INTERVAL: Duration = Duration::from_millis(200);
const LISTING: ShardId = ShardId(u32::MAX);

impl Reader {
    pub(crate) fn new(spec: ReaderSpec) -> Reader {
        let stream = spec.stream.as_str().into();
        Reader {
            spec,
            records: 0,
            again: 0,
            throttled: 0,
            calls: 0,
            failed: None,
            shards: SortedMap::new(),
            pending: SortedMap::new(),
            next_call: 0,
            listing: None,
            list_at: None,
            stream,
        }
    }

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        match input {
            Input::Wake if self.shards.is_empty() && self.pending.is_empty() && self.list_at.is_none() => {
                self.list_shards(ctx, None);
            }
            Input::Wake => {}
            Input::Reply { call_id, reply } => {
                if let (Some((operation, shard)), Reply::Kinesis(result)) =
                    (self.pending.remove(&call_id), reply)
                {
                    self.answered(ctx, operation, shard, result);
                }
            }
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
            Ok(_) => {}
            Err(error) => self.refused(ctx, operation, shard, &error),
        }
    }

    fn begin(&mut self, now: Instant, shard: ShardId, waits_for: Vec<ShardId>, from_start: bool) {
        self.shards.or_insert_with(shard, || ReaderShard {
            poll_at: waits_for.is_empty().then_some(now),
            waits_for,
            from_start,
            ..ReaderShard::default()
        });
    }

    fn got(&mut self, ctx: &mut ActorCtx, shard: ShardId, output: GetRecordsOutput) {
        let Some(state) = self.shards.get_mut(&shard) else { return };
        let count = output.records.len() as u32;
        let again = match state.last {
            Some(last) => {
                output.records.iter().filter(|r| r.sequence_number.index <= last.index).count() as u32
            }
            None => 0,
        };
        if let Some(record) = output.records.last() {
            state.last = state.last.max(Some(record.sequence_number));
            state.next = record.sequence_number.index + 1;
        }
        state.records += u64::from(count);
        state.bytes +=
            output.records.iter().map(|r| r.data.size() + r.partition_key.len() as u64).sum::<u64>();
        state.millis_behind = output.millis_behind_latest;
        state.iterator = output.next_shard_iterator;
        state.is_finished = state.iterator.is_none();
        let pause = if output.millis_behind_latest > 0 { CATCH_UP_INTERVAL } else { self.spec.interval };
        state.poll_at = (!state.is_finished).then_some(ctx.now + pause);
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
        for child in output.child_shards.unwrap_or_default() {
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
            (code, _, Some(state)) if code.is_retryable() => {
                self.throttled += 1;
                state.poll_at = Some(ctx.now + self.spec.interval.max(CATCH_UP_INTERVAL));
            }
            (code, Operation::ListShards, None) if code.is_retryable() => {
                self.throttled += 1;
                self.list_at = Some(ctx.now + self.spec.interval);
            }
            // A closed shard that expired while the reader was away is done.
            (ErrorCode::ResourceNotFound, Operation::GetRecords, Some(state)) if state.last.is_some() => {
                state.is_finished = true;
                state.poll_at = None;
                self.release_children(ctx.now);
            }
            (code, ..) => {
                self.failed = Some(code);
                ctx.note(Fact::ReaderFailed { actor: ctx.id, error: code });
            }
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
            return GetRecordsInput { shard_iterator: Some(iterator), limit, stream_arn: None }.into();
        }
        let last = state.and_then(|state| state.last);
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
        GetShardIteratorInput {
            stream_name: Some(self.spec.stream.clone()),
            shard_id: Some(shard.to_string()),
            shard_iterator_type: Some(kind.name().to_owned()),
            starting_sequence_number: last.map(|number| number.to_string()),
            timestamp,
            stream_arn: None,
        }
        .into()
    }
}
