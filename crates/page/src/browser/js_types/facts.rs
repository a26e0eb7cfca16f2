//! What happened, what is wrong on purpose, and why.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
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
