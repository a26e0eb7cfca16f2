//! A stream, its shards and their records.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface StreamView {
  name: string;
  arn: string;
  status: "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";
  /** When the change that is under way ends. */
  changeDueMs: number | null;
  createdMs: number;
  retentionHours: number;
  openShards: number;
  /** Open and closed shards, expired ones not counted. */
  shardCount: number;
  /** Records that can be read, over all shards. */
  recordCount: number;
  shards: ShardView[];
}

export interface ShardView {
  /** 0 for shardId-000000000000. */
  number: number;
  id: string;
  /** Whether it takes records; a split or merge closes a shard. */
  isOpen: boolean;
  /** Numbers of the shards that it came from. */
  parents: number[];
  children: number[];
  /** Decimal; both ends belong to the range. */
  startingHashKey: string;
  endingHashKey: string;
  /** Place of the range on the key space, in parts of 2^32. */
  rangeStart: number;
  rangeEnd: number;
  /** Records that can be read. */
  recordCount: number;
  /** Index of the oldest record that can be read; one past the newest where there is none. */
  firstIndex: number;
  /** Index of the newest record; 0 while there was none. */
  lastIndex: number;
  oldestMs: number | null;
  newestMs: number | null;
  /** What the two write and the two read budgets have left (below 0: debt), and how much they hold. */
  writeRecordsLeft: number;
  writeRecordsMax: number;
  writeBytesLeft: number;
  writeBytesMax: number;
  readCallsLeft: number;
  readCallsMax: number;
  readBytesLeft: number;
  readBytesMax: number;
  /** Over the life of the shard. */
  total: SecondView;
  /** The last seconds in which something happened, oldest first. */
  seconds: SecondView[];
  /** The newest records, oldest first. */
  records: RecordView[];
  /** Where the readings stand that were begun with GetShardIterator and can still go on. */
  iterators: IteratorView[];
}

/** What a shard did in one second of virtual time, or altogether. */
export interface SecondView {
  /** Seconds since the Unix epoch; 0 in a total. */
  second: number;
  records: number;
  /** Data and partition keys. */
  bytes: number;
  /** Records refused because 1,000 records per second were used up. */
  refusedByRecords: number;
  /** Records refused because 1 MiB per second was used up. */
  refusedByBytes: number;
  readRecords: number;
  readBytes: number;
  /** Refused GetRecords and GetShardIterator calls. */
  refusedReads: number;
  /** Pushed by enhanced fan-out, over all consumers. */
  pushedRecords: number;
  pushedBytes: number;
}

export interface RecordView {
  /** Place in its shard, from 1. */
  index: number;
  sequenceNumber: string;
  arrivalMs: number;
  partitionKey: string;
  /** Bytes of data. */
  size: number;
  /** User records that a producer packed into it as the KPL does; 1 where it is no aggregate. */
  userRecords: number;
}

export interface IteratorView {
  /** Number of the reading, from 1: GetShardIterator begins one, each GetRecords takes it further. */
  reading: number;
  kind: string;
  /** Index of the first record that the newest iterator can return. */
  next: number;
  expiresMs: number;
  /** Records that this reading has brought so far. */
  records: number;
}
"#;
