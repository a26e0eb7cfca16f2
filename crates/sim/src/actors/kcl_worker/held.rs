//! What a worker believes to own: a lease, and the consumer of its shard.

use std::collections::VecDeque;

use kinesis::{HashKeyRange, Instant, SequenceNumber, ShardId};

use super::batch::Batch;
use super::fan_out::Waiting;
use super::hand_off::HandOff;
use crate::Decimal;
use crate::lease_table::{Checkpoint, Lease};

/// A lease and the consumer of its shard.
#[derive(Clone, Debug)]
pub struct HeldLease {
    pub shard: ShardId,
    /// The counter that the next write expects.
    pub counter: u64,
    pub phase: ConsumerPhase,
    /// What stands in the table, as far as this worker knows.
    pub checkpoint: Checkpoint,
    pub checkpoint_sub: u64,
    /// The last record that was processed, and the place of the user record within it.
    pub last: Option<(SequenceNumber, u64)>,
    pub millis_behind: u64,
    pub records: u64,
    /// Counts the leases that this worker took, this one included.
    pub(super) number: u64,
    pub(super) range: HashKeyRange,
    pub(super) parents: Vec<ShardId>,
    pub(super) children: Vec<ShardId>,
    pub(super) iterator: Option<String>,
    /// When the consumer next does something; none while it waits for an answer or its processor.
    pub(super) poll_at: Option<Instant>,
    /// What the record processor works off.
    pub(super) batch: Option<Batch>,
    /// Events that came while the processor was busy.
    pub(super) waiting: VecDeque<Waiting>,
    /// Number of the subscription that is live, as far as the worker knows, and how far it has come.
    pub(super) subscription: Option<u64>,
    pub(super) continuation: Option<SequenceNumber>,
    /// The children's leases, once the closed shard is read to its end.
    pub(super) end: Option<Vec<Lease>>,
    pub(super) checkpoint_at: Instant,
    /// When the counter was last raised, by this worker's own clock.
    pub(super) renewed: Instant,
    /// A conditional write is under way: the next one waits for the counter that it brings.
    pub(super) is_writing: bool,
    pub(super) is_reading: bool,
    /// The lease is to be handed over to another worker.
    pub(super) hand_off: Option<HandOff>,
    /// Bytes for the record processor since the last renewal.
    pub(super) bytes: u64,
    /// KB a second, on average.
    pub(super) throughput: Option<Decimal>,
}

/// Life of a shard's consumer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConsumerPhase {
    /// A parent is not processed to its end yet.
    WaitingOnParentShards,
    /// Getting an iterator at the checkpoint.
    Initializing,
    Processing,
    /// The lease is to be handed over: the last batch, and a checkpoint.
    ShutdownRequested,
    /// The shard is read to its end: children's leases, then SHARD_END.
    ShuttingDown,
    /// SHARD_END is written: the lease is kept until its children have begun.
    ShutdownComplete,
}

impl ConsumerPhase {
    /// As in the library's log.
    pub const fn name(self) -> &'static str {
        match self {
            ConsumerPhase::WaitingOnParentShards => "WAITING_ON_PARENT_SHARDS",
            ConsumerPhase::Initializing => "INITIALIZING",
            ConsumerPhase::Processing => "PROCESSING",
            ConsumerPhase::ShutdownRequested => "SHUTDOWN_REQUESTED",
            ConsumerPhase::ShuttingDown => "SHUTTING_DOWN",
            ConsumerPhase::ShutdownComplete => "SHUTDOWN_COMPLETE",
        }
    }
}
