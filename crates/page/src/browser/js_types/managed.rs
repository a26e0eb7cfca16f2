//! Services around the streams: Data Firehose, Flink, DMS, Lambda, S3.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A Firehose stream. At every instant read = delivered + dropped + failed + lost + waiting. */
export interface DeliveryStreamView {
  name: string;
  /** null where producers put to it (Direct PUT). */
  stream: string | null;
  status: "CREATING" | "ACTIVE" | "DELETING";
  bucket: string;
  prefix: string;
  sizeInMbs: number;
  intervalInSeconds: number;
  transform: string | null;
  partitionBy: string | null;
  backupBucket: string | null;
  compressionFormat: "UNCOMPRESSED" | "GZIP";
  outputFormat: "parquet" | "orc" | null;
  read: number;
  delivered: number;
  /** Dropped by the transform. */
  dropped: number;
  /** Delivered under an error prefix. */
  failed: number;
  /** Given up because the stream's retention was over. */
  lost: number;
  waiting: number;
  /** Bytes in the delivery buffers. */
  buffered: number;
  activePartitions: number;
  objects: number;
  bytes: number;
  /** Refused deliveries. */
  refused: number;
  backedUp: number;
  lastFailure: string | null;
  sourceProblem: string | null;
  /** The metric DeliveryToS3.DataFreshness. */
  dataFreshnessMs: number;
  millisBehind: number;
}

/** A Flink application. */
export interface FlinkView {
  name: string;
  stream: string;
  status: "STARTING" | "RUNNING" | "STOPPING" | "READY" | "DELETING";
  isRestarting: boolean;
  key: string;
  windowMs: number;
  slideMs: number | null;
  sum: string | null;
  sink: string | null;
  parallelism: number;
  /** Without the one for orchestration. */
  kpus: number;
  watermarkMs: number | null;
  /** The shard whose events hold the watermark back. */
  slowestShard: number | null;
  /** Records that came, each as often as it came; and those that the state has counted, each once. */
  read: number;
  counted: number;
  lateDropped: number;
  lateTaken: number;
  openWindows: number;
  stateEntries: number;
  checkpoints: number;
  checkpointedMs: number | null;
  restarts: number;
  rowCount: number;
  rowsAgain: number;
  millisBehind: number;
  sourceProblem: string | null;
  /** The newest results, newest first. */
  rows: FlinkRowView[];
}

export interface FlinkRowView {
  startMs: number;
  endMs: number;
  key: string;
  value: string;
  atMs: number;
  /** Whether a result of this window and key was emitted before. */
  isAgain: boolean;
}

/** A replication task of DMS. */
export interface DmsTaskView {
  task: string;
  stream: string;
  bucket: string;
  status: "creating" | "starting" | "running" | "stopped" | "deleting";
  phase: string;
  stopReason: string | null;
  problem: string | null;
  tablesLoaded: number;
  loads: number;
  inserts: number;
  updates: number;
  deletes: number;
  files: number;
  /** Records on the stream, control records too. */
  put: number;
  waiting: number;
  refused: number;
  badLines: number;
}

/** A Lambda function as a declared behaviour, and what has become of it. */
export interface FunctionView {
  name: string;
  timeoutSeconds: number;
  /** Invocations that ran, failed ones too. */
  invocations: number;
  errors: number;
  timeouts: number;
  /** Invocations that were refused because so many ran already. */
  throttles: number;
  concurrent: number;
  /** Records that it worked on, each as often as it did. */
  records: number;
  failsWhen: string | null;
  failsEvery: number;
  /** Pairs of key and number: what it has counted or summed. */
  results: [string, string][];
}

/** An event source mapping, settings named after the Lambda API, and what has become of the records that it read. */
export interface MappingView {
  uuid: string;
  function: string;
  stream: string;
  eventSourceArn: string;
  /** Whether records are pushed by enhanced fan-out. */
  isPushed: boolean;
  state: "Creating" | "Enabling" | "Enabled" | "Disabling" | "Disabled" | "Updating" | "Deleting";
  lastProcessingResult: string;
  batchSize: number;
  maximumBatchingWindowInSeconds: number;
  parallelizationFactor: number;
  maximumRetryAttempts: number;
  maximumRecordAgeInSeconds: number;
  bisectBatchOnFunctionError: boolean;
  reportBatchItemFailures: boolean;
  tumblingWindowInSeconds: number;
  filters: string[];
  onFailure: string | null;
  /** Age of the last record of the last batch when it was handed to the function. */
  iteratorAgeMs: number | null;
  read: number;
  filtered: number;
  waiting: number;
  invocations: number;
  errors: number;
  /** Invocations whose answer named failed records. */
  partial: number;
  /** Invocations that were refused: throttled, or the function is not there. */
  refused: number;
  /** Records that the function worked on, each as often as it did; of these, for the second time or more; and for the
   *  first time but after a later record of the same key. */
  records: number;
  again: number;
  outOfOrder: number;
  bisections: number;
  discarded: number;
  destinationMessages: number;
  destinationFailures: number;
  /** Pairs of shard and index: what a failed batch holds up, and at which record. */
  blocked: [number, number][];
  /** The newest invocations, newest first. */
  recent: InvocationView[];
}

export interface InvocationView {
  /** Counted over the mapping from 1. */
  number: number;
  atMs: number;
  shard: number;
  records: number;
  /** How it ended; null while it runs. */
  outcome: string | null;
  tookMs: number;
  iteratorAgeMs: number;
}

/** A queue or topic. */
export interface MessageListView {
  arn: string;
  /** Messages ever sent to it. */
  count: number;
  /** Pairs of time (ms) and message, newest first. */
  newest: [number, string][];
}

/** A bucket and the objects of it that were written last. */
export interface BucketView {
  name: string;
  createdMs: number;
  objectCount: number;
  /** Bytes of all objects. */
  size: number;
  /** The newest ones, newest first. */
  objects: ObjectView[];
}

export interface ObjectView {
  key: string;
  /** Bytes of the content. */
  size: number;
  writtenMs: number;
  /** Whether the content is still kept and can be opened. */
  isKept: boolean;
}

"#;
