//! Shards and their leases: which leases a table begins with, and which are deleted.

use kinesis::{HashKeyRange, Instant, ListShardsInput, Seconds, ShardFilter, ShardId};

use super::{KclWorker, Pending, RETRY_INTERVAL};
use crate::StartingPosition;
use crate::actor::{ActorCtx, Call};
use crate::lease_table::{Checkpoint, Lease, LeaseCall};

impl KclWorker {
    /// First start: one lease for each shard that the initial position reaches.
    pub(super) fn sync_shards(&mut self, ctx: &mut ActorCtx, present: Vec<Lease>) {
        let kind = match self.spec.from {
            StartingPosition::TrimHorizon => "FROM_TRIM_HORIZON",
            StartingPosition::Latest => "AT_LATEST",
            StartingPosition::AtTimestamp(_) => "FROM_TIMESTAMP",
        };
        let timestamp = match self.spec.from {
            StartingPosition::AtTimestamp(at) => Some(Seconds(at)),
            StartingPosition::TrimHorizon | StartingPosition::Latest => None,
        };
        let input = ListShardsInput {
            stream_name: Some(self.spec.stream.clone()),
            shard_filter: Some(ShardFilter { kind: Some(kind.to_owned()), timestamp, shard_id: None }),
            max_results: Some(1_000),
            ..ListShardsInput::default()
        };
        self.send(ctx, Pending::Shards(present), Call::Kinesis(input.into()));
    }

    pub(super) fn new_lease(
        &self,
        shard: ShardId,
        range: HashKeyRange,
        parents: Vec<ShardId>,
        checkpoint: Checkpoint,
    ) -> Lease {
        Lease {
            lease_key: shard.to_string(),
            shard,
            lease_owner: None,
            lease_counter: 0,
            owner_switches_since_checkpoint: 0,
            checkpoint,
            parent_shard_ids: parents,
            child_shard_ids: Vec::new(),
            hash_key_range: range,
            written: Instant::default(),
        }
    }

    /// The stream is not there, or not ready yet: start over in a second.
    pub(super) fn try_again(&mut self, ctx: &ActorCtx) {
        self.take_at = ctx.now + RETRY_INTERVAL;
    }

    /// Deletes the leases of finished shards whose children have been begun.
    pub(super) fn clean_up(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        let begun: Vec<ShardId> = leases
            .iter()
            .filter(|lease| lease.checkpoint != Checkpoint::TrimHorizon)
            .map(|lease| lease.shard)
            .collect();
        for lease in leases {
            let is_done = lease.checkpoint == Checkpoint::ShardEnd
                && lease.child_shard_ids.iter().all(|child| begun.contains(child));
            // One worker does it: the last owner, or the first that still runs.
            if is_done && lease.lease_owner.as_ref() == Some(&self.name) {
                self.table(ctx, Pending::Delete, LeaseCall::Delete { key: lease.lease_key.clone() });
            }
        }
    }
}
