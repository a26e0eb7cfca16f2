//! KCL applications, their workers and lease tables.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A KCL application. */
export interface ApplicationView {
  /** Also the name of its lease table in DynamoDB. */
  name: string;
  stream: string;
  from: "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";
  /** Major version of the KCL. */
  version: string;
  retrieval: string;
  failoverMs: number;
  checkpointIntervalMs: number;
  /** Records that a shard's processor works off in a second; 0 where it is as fast as they come. */
  processingRate: number;
  /** Whether the processor knows a record that comes again. */
  isIdempotent: boolean;
  hasTable: boolean;
  table: TableView;
  workers: WorkerView[];
  leases: LeaseView[];
  runningWorkers: number;
  /** Workers that run and own no lease of a shard that is not done. */
  idleWorkers: number;
  records: number;
  /** Records that were processed more than once. */
  again: number;
  /** Of these, since a worker last died. */
  againSinceCrash: number;
  /** Records whose effect was had twice. */
  processedTwice: number;
  /** Records that the application went past without processing them. */
  missed: number;
  /** Aggregated records with user records that do not belong to their shard. */
  thrownAway: number;
  /** Calls of record processors with no records (callProcessRecordsEvenForEmptyRecordList). */
  emptyLists: number;
  /** KCL 3: the worker that holds the leader's lock. */
  leader: string | null;
  /** KCL 3: leases that were handed over, and those of them with an unfinished batch. */
  handOvers: number;
  forcedHandOvers: number;
  /** KCL 3: how often the leader assigns leases. */
  leaseAssignmentIntervalMs: number;
  crashes: number;
  /** The longest that a shard went unread after the last crash. */
  gapMs: number;
  /** Records processed and not covered by a checkpoint. */
  checkpointLag: number;
  /** Age of the oldest record that is still to be processed. */
  behindMs: number;
  /** Whether every closed shard that has a lease is processed to its end. */
  parentsDone: boolean;
}

/** A lease table as DynamoDB sees it. */
export interface TableView {
  /** Units per second where the table is provisioned; null where it is on demand. */
  readUnits: number | null;
  writeUnits: number | null;
  /** Write units taken in the last ten seconds. */
  writesInTenSeconds: number;
  /** Calls refused in the last minute. */
  throttledInAMinute: number;
  /** Items that somebody deleted by hand. */
  deletedByHand: number;
}

export interface WorkerView {
  name: string;
  state: "running" | "paused" | "stopped" | "crashed";
  /** Shards whose leases the worker believes to own: after a pause it may be wrong. */
  believes: number[];
  /** Shards of lost leases whose last batch it still processes. */
  ghosts: number[];
  records: number;
  again: number;
  /** When it next looks for leases to take, or with KCL 3 for leases that were assigned to it. */
  takesAtMs: number;
  /** KCL 3: what it wrote into the worker-metrics table, and its host. */
  load: LoadView | null;
}

/** What a worker of KCL 3 told of its load. */
export interface LoadView {
  /** The average that the leader goes by, in hundredths of a percent; null where worker metrics are disabled. */
  cpuHundredths: number | null;
  /** When it was last written, by the worker's clock. */
  lastUpdateMs: number;
  vcpus: number;
  /** Percent of the host's CPU that others use. */
  otherLoad: number;
}

/** One item of the lease table, named after KCL's attributes, and what can be known beside it. */
export interface LeaseView {
  leaseKey: string;
  shard: number;
  leaseOwner: string | null;
  /** KCL 3: who still reads, while the lease is handed over to its owner. */
  checkpointOwner: string | null;
  /** KCL 3: bytes a second, a moving average (throughputKBps). */
  throughput: number | null;
  leaseCounter: number;
  ownerSwitchesSinceCheckpoint: number;
  /** A sequence number or TRIM_HORIZON, LATEST, AT_TIMESTAMP, SHARD_END. */
  checkpoint: string;
  checkpointSubSequenceNumber: number;
  /** Index of the last record that the checkpoint covers, where it is a record. */
  checkpointIndex: number | null;
  parentShardIds: string[];
  childShardIds: string[];
  startingHashKey: string;
  endingHashKey: string;
  /** Time since the item was last written. */
  ageMs: number;
  /** Index of the last record that some worker processed. */
  processedIndex: number;
  /** What the owner's consumer does: "PROCESSING". */
  phase: string | null;
  millisBehind: number;
}
"#;
