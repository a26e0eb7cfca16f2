//! Shards and their leases: which leases a table begins with, which are missing, which are deleted.

use kinesis::{
    Duration, Instant, ListShardsInput, ListShardsOutput, Seconds, ShardDescription, ShardFilter, ShardId,
};

use super::{ConsumerPhase, KclWorker, Pending, RETRY_INTERVAL};
use crate::actor::{ActorCtx, Call};
use crate::lease_table::{Checkpoint, Lease, LeaseCall};
use crate::{KclVersion, StartingPosition};

/// How often the auditor looks for holes in the leases' hash key ranges (KCL 2 and later).
///
/// Documented: `leasesRecoveryAuditorExecutionFrequencyMillis`.
const AUDIT_INTERVAL: Duration = Duration::from_seconds(120);
/// Findings in a row after which it makes the missing leases.
///
/// Documented: `leasesRecoveryAuditorInconsistencyConfidenceThreshold`.
const FINDINGS: u32 = 3;
/// How often the leases of finished shards are looked at (KCL 2 and later; KCL 1 does so at each shard sync).
///
/// Documented: `completedLeaseCleanupIntervalMillis` of `LeaseCleanupConfig`.
const CLEAN_UP_INTERVAL: Duration = Duration::from_seconds(300);
/// Shards of one page of ListShards.
const PAGE: i64 = 1_000;

impl KclWorker {
    fn sync_interval(&self) -> Duration {
        match self.version {
            KclVersion::One => self.spec.shard_sync_interval,
            KclVersion::Two | KclVersion::Three => AUDIT_INTERVAL,
        }
    }

    fn clean_interval(&self) -> Duration {
        match self.version {
            KclVersion::One => self.spec.shard_sync_interval,
            KclVersion::Two | KclVersion::Three => CLEAN_UP_INTERVAL,
        }
    }

    pub(super) fn begin_to_look_after_shards(&mut self, now: Instant) {
        self.sync_at = now + self.sync_interval();
        self.clean_at = now + self.clean_interval();
    }

    /// Whether this worker looks for leases that are missing: one of them does.
    ///
    /// Simplified: of the owners of live leases the one with the first name; the library draws lots
    /// (`DeterministicShuffleShardSyncLeaderDecider`). With KCL 3 it is the leader.
    pub(super) fn syncs(&self) -> bool {
        self.fleet.as_ref().map_or(self.is_sync_leader, |fleet| fleet.is_leader())
    }

    /// Whether it holds leases of finished shards, which it deletes when their children have begun.
    pub(super) fn cleans(&self) -> bool {
        self.leases.values().any(|lease| lease.phase == ConsumerPhase::ShutdownComplete)
    }

    pub(super) fn look_after_shards(&mut self, ctx: &mut ActorCtx) {
        if self.clean_at <= ctx.now {
            self.clean_at = ctx.now + self.clean_interval();
            if self.cleans() {
                self.table(ctx, Pending::CleanUp, LeaseCall::Scan);
            }
        }
        if self.sync_at <= ctx.now {
            self.sync_at = ctx.now + self.sync_interval();
            if self.syncs() {
                self.table(ctx, Pending::Audit, LeaseCall::Scan);
            }
        }
    }

    /// KCL 1 makes the missing leases at once, KCL 2 when it has found a hole three times in a row.
    pub(super) fn audit(&mut self, ctx: &mut ActorCtx, leases: Vec<Lease>) {
        self.holes_found = if has_hole(&leases) { self.holes_found + 1 } else { 0 };
        let is_time = self.version == KclVersion::One || self.holes_found >= FINDINGS;
        if is_time {
            self.holes_found = 0;
            self.sync_shards(ctx, leases);
        }
    }

    /// One lease for each shard that the initial position reaches and that has none.
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
            max_results: Some(PAGE),
            ..ListShardsInput::default()
        };
        self.send(ctx, Pending::Shards(present, Vec::new()), Call::Kinesis(input.into()));
    }

    pub(super) fn shards_listed(
        &mut self,
        ctx: &mut ActorCtx,
        present: Vec<Lease>,
        mut so_far: Vec<ShardDescription>,
        output: ListShardsOutput,
    ) {
        so_far.extend(output.shards);
        if output.next_token.is_some() {
            let input = ListShardsInput { next_token: output.next_token, ..ListShardsInput::default() };
            return self.send(ctx, Pending::Shards(present, so_far), Call::Kinesis(input.into()));
        }
        let leases = self.missing_leases(&present, so_far);
        if !leases.is_empty() {
            self.table(ctx, Pending::CreateAll, LeaseCall::Create(leases));
        } else if !self.is_started {
            self.try_again(ctx);
        }
    }

    /// The leases that the table should have beside those that are present. A shard whose parent has a lease, or had
    /// one, is read from its beginning; the others from the initial position.
    fn missing_leases(&self, present: &[Lease], listed: Vec<ShardDescription>) -> Vec<Lease> {
        let initial = Checkpoint::initial(self.spec.from);
        let has_lease = |shard: ShardId| present.iter().any(|lease| lease.shard == shard);
        // Of an application that runs: children of shards that are still being read come with their parents' end.
        let is_unread = |shard: &ShardId| present.iter().any(|l| l.shard == *shard && !l.is_done());
        let ids: Vec<ShardId> = listed.iter().map(|shard| shard.shard_id).collect();
        listed
            .into_iter()
            .filter(|shard| !has_lease(shard.shard_id))
            .filter_map(|shard| {
                let parents = [shard.parent_shard_id, shard.adjacent_parent_shard_id];
                let parents: Vec<ShardId> = parents.into_iter().flatten().collect();
                if parents.iter().any(is_unread) {
                    return None;
                }
                // Its children were begun already: it was finished, and its lease deleted.
                let is_past = present.iter().any(|lease| lease.parent_shard_ids.contains(&shard.shard_id));
                let is_child = parents.iter().any(|parent| ids.contains(parent) || has_lease(*parent));
                let checkpoint = if is_child { Checkpoint::TrimHorizon } else { initial };
                (!is_past).then(|| Lease::new(shard.shard_id, shard.hash_key_range, parents, checkpoint))
            })
            .collect()
    }

    /// The stream is not there, or not ready yet: start over in a second.
    pub(super) fn try_again(&mut self, ctx: &ActorCtx) {
        self.take_at = ctx.now + RETRY_INTERVAL;
    }

    /// Deletes the leases of finished shards whose children have been begun.
    ///
    /// Documented: `LeaseCleanupManager.cleanupLeaseForCompletedShard`.
    pub(super) fn clean_up(&mut self, ctx: &mut ActorCtx, leases: &[Lease]) {
        let begun: Vec<ShardId> = leases
            .iter()
            .filter(|lease| lease.checkpoint != Checkpoint::TrimHorizon)
            .map(|lease| lease.shard)
            .collect();
        let is_gone = |child: &ShardId| leases.iter().all(|lease| lease.shard != *child);
        for lease in leases {
            let children = &lease.child_shard_ids;
            let is_over = children.iter().all(|child| begun.contains(child) || is_gone(child));
            // The worker that finished the shard does it.
            if lease.is_done() && is_over && self.leases.contains_key(&lease.lease_key) {
                self.table(ctx, Pending::Delete, LeaseCall::Delete { key: lease.lease_key.clone() });
                self.leases.remove(&lease.lease_key);
            }
        }
    }
}

/// Whether some part of the key space has no lease that is read or will be.
///
/// Documented: `PeriodicShardSyncManager.hasHoleInLeases`.
fn has_hole(leases: &[Lease]) -> bool {
    let mut ranges: Vec<(u128, u128)> = leases
        .iter()
        .filter(|lease| !lease.is_done())
        .map(|lease| (lease.hash_key_range.starting_hash_key, lease.hash_key_range.ending_hash_key))
        .collect();
    ranges.sort_unstable();
    let mut next = Some(0u128);
    for (start, end) in ranges {
        let Some(expected) = next else { return false };
        if start > expected {
            return true;
        }
        next = end.max(expected.saturating_sub(1)).checked_add(1);
    }
    next.is_some()
}

#[cfg(test)]
mod tests {
    use kinesis::HashKeyRange;

    use super::*;

    fn lease(starting_hash_key: u128, ending_hash_key: u128) -> Lease {
        let range = HashKeyRange { starting_hash_key, ending_hash_key };
        Lease::new(ShardId(0), range, Vec::new(), Checkpoint::Latest)
    }

    #[test]
    fn a_hole_is_where_no_lease_begins_that_is_not_done() {
        let half = 1u128 << 127;
        assert!(!has_hole(&[lease(0, u128::MAX)]));
        assert!(!has_hole(&[lease(half, u128::MAX), lease(0, half - 1)]));
        assert!(!has_hole(&[lease(0, u128::MAX), lease(half, u128::MAX)]), "a parent and a child");
        assert!(has_hole(&[lease(half, u128::MAX)]));
        assert!(has_hole(&[lease(0, half - 2), lease(half, u128::MAX)]));
        assert!(has_hole(&[lease(0, half - 1)]));
        let done = Lease { checkpoint: Checkpoint::ShardEnd, ..lease(0, half - 1) };
        assert!(has_hole(&[done, lease(half, u128::MAX)]));
    }
}
