//! How a world begins, how it is shown on a page, and the world at one instant.

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

/** A goal of an exercise. */
export interface Goal {
  text: string;
  isReached: boolean;
  /** Why it is reached, or why not yet. */
  reason: string;
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
  /** The reader wants a link to a lesson: the text of its file. As for `share`. */
  shareLesson: { text: string };
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
  /** Servers with the Kinesis Agent. */
  agents: AgentView[];
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
"#;
