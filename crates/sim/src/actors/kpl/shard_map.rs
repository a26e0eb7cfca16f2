//! Which shard takes a hash key, as far as the library knows: it predicts the shard of each user record.
//!
//! Observed: `shard_map.cc` of the KPL. The map is made by ListShards with AT_LATEST, thrown away when a record lands
//! on an unexpected shard, and asked for again after 1 s, 1.5 s … 30 s where the call fails.

use kinesis::{
    Duration, HashKeyRange, Instant, ListShardsInput, ListShardsOutput, Request, ShardFilter, ShardId,
    SortedMap,
};

#[derive(Clone, Debug)]
pub(super) struct ShardMap {
    state: State,
    /// Open shards by the end of their range. Invariant: sorted once the state is Ready.
    open: Vec<(u128, ShardId)>,
    /// Ranges of the shards that were open, and for a minute of those that were before.
    ranges: SortedMap<ShardId, HashKeyRange>,
    updated: Instant,
    backoff: Duration,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum State {
    /// Asks at that instant, for the page behind the token.
    ToAsk(Instant, Option<String>),
    Asking,
    Ready,
}

const BACKOFF_MIN: Duration = Duration::from_seconds(1);
const BACKOFF_MAX: Duration = Duration::from_seconds(30);
const CLOSED_SHARD_TTL: Duration = Duration::from_seconds(60);

impl ShardMap {
    pub(super) fn new(now: Instant) -> ShardMap {
        ShardMap {
            state: State::ToAsk(now, None),
            open: Vec::new(),
            ranges: SortedMap::new(),
            updated: Instant::default(),
            backoff: BACKOFF_MIN,
        }
    }

    /// The shard that is going to take a hash key; none while the map is not known.
    pub(super) fn shard_of(&self, hash_key: u128) -> Option<ShardId> {
        if self.state != State::Ready {
            return None;
        }
        let place = self.open.partition_point(|(end, _)| *end < hash_key);
        self.open.get(place).map(|(_, shard)| *shard)
    }

    pub(super) fn range(&self, shard: ShardId) -> Option<HashKeyRange> {
        self.ranges.get(&shard).copied()
    }

    /// When there is something to ask for.
    pub(super) fn ask_at(&self) -> Option<Instant> {
        match &self.state {
            State::ToAsk(at, _) => Some(*at),
            State::Asking | State::Ready => None,
        }
    }

    /// What to ask for, where it is time.
    pub(super) fn ask(&mut self, stream: &str, now: Instant) -> Option<Request> {
        let State::ToAsk(at, token) = &self.state else { return None };
        if *at > now {
            return None;
        }
        let input = match token {
            Some(_) => ListShardsInput { next_token: token.clone(), ..ListShardsInput::default() },
            None => ListShardsInput {
                stream_name: Some(stream.to_owned()),
                max_results: Some(1_000),
                shard_filter: Some(ShardFilter {
                    kind: Some("AT_LATEST".to_owned()),
                    shard_id: None,
                    timestamp: None,
                }),
                ..ListShardsInput::default()
            },
        };
        self.state = State::Asking;
        Some(input.into())
    }

    /// Takes a page; returns how many shards are open where it was the last one.
    pub(super) fn listed(&mut self, page: ListShardsOutput, now: Instant) -> Option<u32> {
        for shard in page.shards {
            self.open.push((shard.hash_key_range.ending_hash_key, shard.shard_id));
            self.ranges.insert(shard.shard_id, shard.hash_key_range);
        }
        self.backoff = BACKOFF_MIN;
        if page.next_token.is_some() {
            self.state = State::ToAsk(now, page.next_token);
            return None;
        }
        self.open.sort_unstable();
        self.state = State::Ready;
        self.updated = now;
        Some(self.open.len() as u32)
    }

    /// The call failed, or was not answered.
    pub(super) fn not_listed(&mut self, now: Instant) {
        self.open.clear();
        self.state = State::ToAsk(now + self.backoff, None);
        let next = Duration::from_micros(self.backoff.micros() * 3 / 2);
        self.backoff = next.min(BACKOFF_MAX);
    }

    /// A record of a call that was sent at `sent` landed elsewhere than on the shard that was predicted.
    pub(super) fn invalidate(&mut self, sent: Instant, predicted: ShardId, now: Instant) {
        let is_open = self.open.iter().any(|(_, shard)| *shard == predicted);
        if self.state != State::Ready || sent <= self.updated || !is_open {
            return;
        }
        if now.since(self.updated) > CLOSED_SHARD_TTL {
            let open = &self.open;
            self.ranges.retain(|id, _| open.iter().any(|(_, shard)| shard == id));
        }
        self.open.clear();
        self.state = State::ToAsk(now, None);
    }
}
