//! Programs that put and get records.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A program that puts records. At every instant made = stored + lost + waiting + inFlight. */
export interface ProducerView {
  name: string;
  stream: string;
  isRunning: boolean;
  /** Records per second. */
  rate: number;
  /** Bytes of data in each record. */
  size: number;
  /** Key recipe as text: "uniform:1000". */
  keys: string;
  call: "single" | "batch";
  retry: "none" | "immediate" | "backoff" | "standard" | "legacy";
  /** Traffic as text: "burst:10:5:60". */
  traffic: string;
  workload: "plain" | "app-log" | "cloudwatch-metrics" | "web-activity";
  /** Calls that may be under way at once; undefined where they are not bounded. */
  concurrency?: number;
  requestTimeoutMs: number;
  ordering: "none" | "per-key";
  /** Calls that were not answered in time. */
  timedOut: number;
  /** Copies in the stream beyond the first of each record. */
  storedAgain: number;
  /** Records given up after a time-out that are in the stream all the same. */
  storedThoughLost: number;
  /** Records stored after a later one of their key; undefined where the keys are too many to watch. */
  outOfOrder?: number;
  /** How often a record is sent at most, the first time included. */
  attempts: number;
  made: number;
  stored: number;
  /** Refusals; a record that is refused twice counts twice. */
  refused: number;
  retried: number;
  /** Records in the retry queue. */
  waiting: number;
  inFlight: number;
  lost: number;
  /** Pairs of reason and number. */
  lostByReason: [string, number][];
  calls: number;
}

/** A program with the Kinesis Producer Library; records are user records where nothing else is said. */
export interface KplView {
  name: string;
  stream: string;
  isRunning: boolean;
  rate: number;
  traffic: string;
  workload: "plain" | "app-log" | "cloudwatch-metrics" | "web-activity";
  size: number;
  keys: string;
  aggregationEnabled: boolean;
  aggregationMaxCount: number;
  aggregationMaxSize: number;
  collectionMaxCount: number;
  collectionMaxSize: number;
  recordMaxBufferedTimeMs: number;
  recordTtlMs: number;
  /** Percent of a shard's limits. */
  rateLimit: number;
  failIfThrottled: boolean;
  maxConnections: number;
  requestTimeoutMs: number;
  made: number;
  stored: number;
  lost: number;
  lostByReason: [string, number][];
  /** In the buffers of the shards. */
  aggregating: number;
  /** The same, as pairs of shard and number. */
  buffers: [number, number][];
  /** Held back by RateLimit. */
  limited: number;
  /** Waiting to be sent with others, or for a connection. */
  collecting: number;
  inFlight: number;
  /** getOutstandingRecordsCount. */
  outstanding: number;
  retried: number;
  wrongShard: number;
  /** Kinesis records stored, and refused. */
  kinesisRecords: number;
  kinesisRecordsRefused: number;
  errors: [string, number][];
  putCalls: number;
  /** From the program to the answer, for 99 of 100 user records. */
  delayP99Ms: number;
  timedOut: number;
  storedAgain: number;
  storedThoughLost: number;
}

/** A server: the logs that programs write on it, and the Kinesis Agent. */
export interface AgentView {
  name: string;
  state: "running" | "paused" | "stopped" | "crashed";
  isRunning: boolean;
  /** The text of agent.json. */
  configuration: string;
  /** Keys of it that the agent reads over. */
  unread: string[];
  flows: AgentFlowView[];
  logs: AgentLogView[];
  /** PutRecords calls. */
  calls: number;
  timedOut: number;
}

/** A flow of the agent. At every instant made = stored + lost + buffered + queued + inFlight. */
export interface AgentFlowView {
  filePattern: string;
  stream: string;
  /** Entries of the log that it has not read yet. */
  behind: number;
  made: number;
  stored: number;
  /** In the buffer that is being filled. */
  buffered: number;
  /** In buffers that wait to be sent. */
  queued: number;
  inFlight: number;
  refused: number;
  retried: number;
  lost: number;
  lostByReason: [string, number][];
  /** Left out: not of the format that LOGTOJSON names. */
  skipped: number;
  truncated: number;
  storedAgain: number;
  storedThoughLost: number;
  errors: [string, number][];
  backsOffUntilMs: number | null;
  /** Where it goes on after a restart; null before anything was sent. */
  checkpoint: AgentFileView | null;
}

/** A log that a program of the server writes. */
export interface AgentLogView {
  path: string;
  format: string;
  rate: number;
  traffic: string;
  /** Bytes of an entry. */
  size: number;
  rotateSize: number;
  keep: number;
  entries: number;
  /** The file that is written first, then the renamed ones. */
  files: AgentFileView[];
}

/** A file, and its size or how far something is in it. */
export interface AgentFileView {
  path: string;
  /** Its inode. */
  id: number;
  bytes: number;
}

/** A program that reads with the AWS SDK. */
export interface ReaderView {
  name: string;
  stream: string;
  /** Name of the registered consumer by which it subscribes (enhanced fan-out); null where it polls GetRecords. */
  consumer: string | null;
  isRunning: boolean;
  from: "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";
  records: number;
  /** Records that it got for the second time. */
  again: number;
  /** Records that were gone when the reader came to them. */
  missed: number;
  /** Records of a program that came after a later one of the same partition key. */
  orderViolations: number;
  /** Over the last ten seconds. */
  kibPerSecond: number;
  /** The delay from arrival that 99 of 100 records stay within. */
  delayP99Ms: number;
  throttled: number;
  calls: number;
  /** The exception that ended the reader. */
  failed: string | null;
  /** How far behind the tip its slowest shard is. */
  millisBehind: number;
  shards: ReaderShardView[];
}

export interface ReaderShardView {
  shard: number;
  /** Index of the first record that the next answer can bring. */
  next: number;
  records: number;
  millisBehind: number;
  isFinished: boolean;
  /** Shards that must be finished before this one begins. */
  waitsFor: number[];
}
"#;
