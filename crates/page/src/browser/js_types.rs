//! Types of plain objects that cross to JavaScript, for the generated `.d.ts`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * Resolves when the whole module is there. The first part, which `init` loads, shows the first picture; the rest comes
 * by itself in the background, and whatever needs it sooner waits for it. A quickly built module is in one piece and
 * does not have this function.
 */
export function loadRest(): Promise<void>;

/**
 * Starts the rest of the module, `lazy/kinesis_sandbox_rest.wasm`, from its bytes: as `initSync` does for the first part,
 * for places from which nothing can be fetched.
 */
export function loadRestSync(options: { module: BufferSource | WebAssembly.Module }): void;

/** How a world begins. */
export interface SandboxOptions {
  /** Same seed, same commands: same world, to the last bit. Default 1. */
  seed?: number;
  /** Virtual time at the beginning, in ms since the Unix epoch. Default 2026-01-01T00:00:00Z. */
  startTimeMs?: number;
  /** Default "us-east-1". */
  region?: string;
  /** Twelve digits. Default "123456789012". */
  accountId?: string;
  /** Which table of limits is in force. Default "exam". */
  limits?: "exam" | "aws-today" | "study-notes";
  /** Default true; false: no undo, seek or save, for bulk use. */
  history?: boolean;
}

/** Who makes a request. Default: the account's admin, by the internet. */
export interface Caller {
  /** An ARN, or the name of a user of the account. `sandbox policy set` gives a user or role its policies; whom
   *  nobody gave one may do nothing, but that other accounts let their own callers do everything. */
  principal?: string;
  via?: "internet" | "vpc-endpoint";
}

/** How the page is shown. */
export interface MountOptions extends SandboxOptions {
  /** A saved session to begin with. */
  session?: string;
  /** Id of the exercise to begin with. */
  lesson?: string;
  /** What the element shows: the whole page (default), the rows of shards, these as a table, or the lease table. */
  view?: "all" | "stage" | "table" | "lease";
  /** By what a reader acts: not at all, by single steps, the time bar, also the prompt, also the forms (default). */
  controls?: "none" | "step" | "play" | "cli" | "all";
  /** Default "auto": what the system prefers. */
  theme?: "auto" | "light" | "dark";
  /** Language of the page, as a BCP 47 tag. Default "en". */
  lang?: "en" | "de";
  /** Whether the session is kept in the browser and resumed next time. Default false. */
  remember?: boolean;
  /** Whether the host makes links of what the event `share` tells it. Default false. */
  share?: boolean;
}

/** What a mounted sandbox tells, and with which details. */
export interface SandboxEvents {
  /** It can be used. */
  ready: {};
  /** The world was changed, or stands at another instant; while time runs, four times a second. */
  step: { nowMs: number };
  /** A question of the exercise was answered. The answer is not told. */
  predict: { question: string };
  /** A goal of the exercise, counted from 1, was reached or was lost; the reason says why it is not reached. */
  check: { goal: number; text: string; isReached: boolean; reason: string };
  /** All goals are reached. */
  solved: {};
  /** A command was refused. */
  error: { text: string };
  /** The reader wants a link to the world as it stands; only where the option `share` says that somebody makes it. */
  share: { session: string; atMs: number; lesson?: string };
}

export type SandboxListener = <Name extends keyof SandboxEvents>(name: Name, detail: SandboxEvents[Name]) => void;

/** What the picture should contain. */
export interface ViewQuery {
  /** Only this stream; all where absent. */
  stream?: string | null;
  /** Newest records shown of each shard. Default 20. */
  records?: number;
  /** Seconds of traffic shown of each shard. Default 60. */
  seconds?: number;
  /** Place of the first shard shown, counted over open and closed ones. Default 0. */
  firstShard?: number;
  /** Shards shown of each stream. Default 100. */
  shards?: number;
}

/** The world at one instant. Times are ms of virtual time since the Unix epoch. */
export interface WorldView {
  nowMs: number;
  /** Between which instants seek goes. */
  spanFromMs: number;
  spanToMs: number;
  canUndo: boolean;
  canRedo: boolean;
  /** When something happens next by itself. */
  nextDueMs: number | null;
  /** Name of the limits in force. */
  limits: string;
  streams: StreamView[];
  /** In the order in which they were started, stopped ones included. */
  producers: ProducerView[];
  kpls: KplView[];
  readers: ReaderView[];
  applications: ApplicationView[];
  /** Faults that are on. */
  faults: FaultView[];
  /** Buckets of Amazon S3. */
  buckets: BucketView[];
  /** Declared Lambda functions. */
  functions: FunctionView[];
  /** Event source mappings, in the order in which they were made. */
  mappings: MappingView[];
  /** Queues and topics to which something was sent. */
  messages: MessageListView[];
  /** Streams of Data Firehose. */
  deliveryStreams: DeliveryStreamView[];
  /** Applications of Managed Service for Apache Flink. */
  flink: FlinkView[];
  /** Replication tasks of DMS. */
  dms: DmsTaskView[];
}

/** A Firehose stream. At every instant read = delivered + dropped + failed + lost + waiting. */
export interface DeliveryStreamView {
  name: string;
  stream: string;
  status: "CREATING" | "ACTIVE" | "DELETING";
  bucket: string;
  prefix: string;
  sizeInMbs: number;
  intervalInSeconds: number;
  transform: string | null;
  partitionBy: string | null;
  backupBucket: string | null;
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
  /** When it next looks for leases to take. */
  takesAtMs: number;
}

/** One item of the lease table, named after KCL's attributes, and what can be known beside it. */
export interface LeaseView {
  leaseKey: string;
  shard: number;
  leaseOwner: string | null;
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

/** One thing that happened. */
export interface Fact {
  /** Counted from 0 over the life of the world. */
  number: number;
  atMs: number;
  /** Name of the fact: "RecordsAppended". */
  kind: string;
  /** Who or what caused it: "command 3", "billing/w1", "schedule". */
  cause: string;
  text: string;
  /** The rule by which it follows from what led to it: "nobody owned the lease". */
  because: string;
  /** Number of the fact that led to it; null where that is a command or the service's own timetable. */
  follows: number | null;
  /** Number of another fact that had a part in it. */
  also: number | null;
}

/** Something that goes wrong on purpose, while it is on. */
export interface FaultView {
  /** Counted from 1 over the life of the world. */
  number: number;
  kind: "crash" | "pause" | "slow" | "latency" | "loss" | "partition" | "clock" | "throttle" | "slow-sink";
  /** The program or stream that it is about; null where it is everybody's. */
  target: string | null;
  text: string;
  sinceMs: number;
  /** When it ends by itself. */
  untilMs: number | null;
}

/** How two worlds differ. */
export interface Difference {
  /** Up to here both are the same, fact by fact; null where that lies so far back that neither world keeps it. */
  first: { atMs: number; here: Fact | null; there: Fact | null } | null;
  /** Figures that differ: "web: lost". null where a world has nothing of that name. */
  figures: { name: string; here: number | null; there: number | null }[];
}

/** One step of the answer to "why?", from what happened towards what began it. */
export interface WhyStep {
  /** "forgotten": facts in between are not kept any more. */
  kind: "fact" | "forgotten" | "command" | "schedule";
  /** Number of the fact, or of the command counted from 1. */
  number: number | null;
  atMs: number | null;
  text: string;
  /** The rule by which it follows from the next step. */
  because: string | null;
  /** Number of another fact that had a part in it. */
  also: number | null;
}
"#;
