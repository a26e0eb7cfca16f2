//! KCL applications in the picture.

use super::build::{position_name, state_name};
use super::*;
use crate::{
    ActorId, ActorState, Application, Checkpoint, Lease, ProcessorKind, RetrievalMode, ShardProgress,
    TableCapacity, World,
};

impl World {
    pub(super) fn application_view(&self, application: &Application) -> ApplicationView {
        let workers: Vec<_> = application
            .workers
            .iter()
            .filter_map(|id: &ActorId| self.worker(*id))
            .map(|(state, worker)| WorkerView {
                name: worker.name.clone(),
                state: state_name(state),
                believes: match state {
                    ActorState::Running | ActorState::Paused => {
                        worker.leases.values().map(|lease| lease.shard.0).collect()
                    }
                    ActorState::Stopped | ActorState::Crashed => Vec::new(),
                },
                ghosts: match state {
                    ActorState::Running | ActorState::Paused => {
                        worker.ghosts().map(|shard| shard.0).collect()
                    }
                    ActorState::Stopped | ActorState::Crashed => Vec::new(),
                },
                records: worker.records,
                again: worker.again,
                takes_at_ms: worker.takes_at().millis(),
                load: application.worker_metrics.item(&worker.name).map(|item| LoadView {
                    cpu_hundredths: item.cpu_average().map(|cpu| cpu.in_millionths() as u64 / 10_000),
                    last_update_ms: item.last_update_time.millis(),
                    vcpus: worker.host.vcpus,
                    other_load: worker.host.other_load,
                }),
            })
            .collect();
        let (spec, table) = (&application.spec, &application.table);
        ApplicationView {
            name: spec.name.clone(),
            stream: spec.stream.clone(),
            from: position_name(spec.from),
            version: application.version.number(),
            retrieval: match spec.retrieval {
                RetrievalMode::Polling => "polling",
                RetrievalMode::FanOut => "fanout",
            },
            failover_ms: spec.failover.millis(),
            checkpoint_interval_ms: spec.checkpoint_interval.millis(),
            processing_rate: spec.processing_rate,
            is_idempotent: spec.processor == ProcessorKind::Idempotent,
            has_table: table.exists(),
            table: self.table_view(application),
            workers,
            leases: table.leases().map(|lease| self.lease_view(application, lease)).collect(),
            running_workers: application.running_workers(self),
            idle_workers: application.idle_workers(self),
            records: application.records,
            again: application.again,
            again_since_crash: application.again_since_crash(),
            processed_twice: application.processed_twice,
            missed: application.missed,
            thrown_away: application.thrown_away,
            empty_lists: application.empty_lists,
            leader: application.leader().map(str::to_owned),
            hand_overs: application.hand_overs,
            forced_hand_overs: application.forced_hand_overs,
            lease_assignment_interval_ms: spec.lease_assignment_interval().millis(),
            crashes: application.crashes,
            gap_ms: application.gap(self.now()).millis(),
            checkpoint_lag: application.checkpoint_lag(),
            behind_ms: application.behind(self).millis(),
            parents_done: application.parents_done(self),
        }
    }

    fn table_view(&self, application: &Application) -> TableView {
        let table = &application.table;
        let (read_units, write_units) = match table.capacity() {
            TableCapacity::OnDemand => (None, None),
            TableCapacity::Provisioned { read, write } => (Some(read), Some(write)),
        };
        TableView {
            read_units,
            write_units,
            writes_in_ten_seconds: table.in_the_last(10, self.now()).writes,
            throttled_in_a_minute: table.in_the_last(60, self.now()).throttled,
            deleted_by_hand: table.deleted_by_hand(),
        }
    }

    fn lease_view(&self, application: &Application, lease: &Lease) -> LeaseView {
        let owner = application.workers.iter().filter_map(|id| self.worker(*id)).find(|(_, worker)| {
            lease.actual_owner() == Some(&worker.name) && worker.leases.contains_key(&lease.lease_key)
        });
        let held = owner.and_then(|(_, worker)| worker.leases.get(&lease.lease_key));
        LeaseView {
            lease_key: lease.lease_key.clone(),
            shard: lease.shard.0,
            lease_owner: lease.lease_owner.clone(),
            checkpoint_owner: lease.checkpoint_owner.clone(),
            throughput: lease.throughput_kbps.map(|kbps| kbps.in_millionths() as u64 * 1_024 / 1_000_000),
            lease_counter: lease.lease_counter,
            owner_switches_since_checkpoint: lease.owner_switches_since_checkpoint,
            checkpoint: lease.checkpoint.to_string(),
            checkpoint_sub_sequence_number: lease.checkpoint_sub_sequence_number,
            checkpoint_index: match lease.checkpoint {
                Checkpoint::Record(sequence_number) => Some(sequence_number.index),
                Checkpoint::TrimHorizon
                | Checkpoint::Latest
                | Checkpoint::AtTimestamp(_)
                | Checkpoint::ShardEnd => None,
            },
            parent_shard_ids: lease.parent_shard_ids.iter().map(ToString::to_string).collect(),
            child_shard_ids: lease.child_shard_ids.iter().map(ToString::to_string).collect(),
            starting_hash_key: lease.hash_key_range.starting_hash_key.to_string(),
            ending_hash_key: lease.hash_key_range.ending_hash_key.to_string(),
            age_ms: self.now().since(lease.written).millis(),
            processed_index: application.progress.get(&lease.shard).map_or(0, ShardProgress::index),
            phase: held.map(|held| held.phase.name()),
            millis_behind: held.map_or(0, |held| held.millis_behind),
        }
    }
}
