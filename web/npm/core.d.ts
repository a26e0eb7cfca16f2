export { commands, Sandbox } from "../pkg/kinesis_sandbox.js";
export type { Caller, Fact, SandboxOptions, ViewQuery, WorldView } from "../pkg/kinesis_sandbox.js";

/** What a link holds. */
export interface Shared {
  /** A saved session. */
  session: string;
  /** The instant that is shown, in milliseconds of virtual time. */
  at?: number;
  /** Id of the exercise that the session belongs to. */
  lesson?: string;
}

/** The fragment of a link that holds a session, with its `#`; rejects where the session is too long for a link. */
export function writeShare(shared: Shared): Promise<string>;

/** What a fragment holds, checked; rejects with a sentence where it holds no session. */
export function readShare(fragment: string): Promise<Shared & { engine: string; commands: number }>;
