// A bridge for one test, and the programs that are to talk to it.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startBridge } from "../../web/npm/bridge.js";
import { loadModule } from "../wasm/support.mjs";

const { Sandbox } = await loadModule();

/**
 * A fresh sandbox behind a bridge, for the test `t`. Its clock stands still but for what `afterCall(call, clock)`
 * lets pass, so that a slow machine changes nothing; `factor` gives it the wall clock instead. `perCall_ms` is a
 * virtual time for every call. `calls` has every call so far: `{ operation, status, error }`.
 */
export async function bridgeFor(t, { factor = 0, perCall_ms = 0, afterCall = () => {}, options = {} } = {}) {
  const sandbox = new Sandbox({ history: false, ...options });
  const calls = [];
  const bridge = await startBridge(sandbox, {
    factor,
    onCall({ operation, status, reply }) {
      const call = { operation, status, ...(status === 200 ? {} : { error: JSON.parse(reply).__type }) };
      calls.push(call);
      if (perCall_ms > 0) bridge.clock.advance(perCall_ms);
      afterCall(call, bridge.clock);
    },
  });
  t.after(async () => {
    await bridge.close();
    sandbox.free();
  });
  /** Makes the stream "orders", ready for use, without the client, which would take longer. */
  function createStream(ShardCount, StreamName = "orders") {
    sandbox.request("Kinesis_20131202.CreateStream", JSON.stringify({ StreamName, ShardCount }));
    bridge.clock.advance(60_000);
  }
  return { ...bridge, sandbox, calls, createStream };
}

/** For `afterCall`: what was refused for its rate is tried again a second later. */
export function nextSecondWhenThrottled({ error }, clock) {
  if (/ThroughputExceeded|LimitExceeded/.test(error ?? "")) clock.advance(1_000);
}

const home = mkdtempSync(join(tmpdir(), "kinesis-sandbox-clients-"));

/** The environment of a client: credentials that stand for nothing, and none of the user's own settings. */
export const clientEnvironment = {
  PATH: process.env.PATH,
  LANG: "C.UTF-8",
  TZ: "UTC",
  HOME: home,
  AWS_CONFIG_FILE: join(home, "config"),
  AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
  PYTHONDONTWRITEBYTECODE: "1",
};

/** The program that `cargo xtask test` names in the environment variable `name`. */
export function program(name) {
  const path = process.env[name];
  if (!path) throw new Error(`${name} names no program: run the tests with \`cargo xtask test clients\``);
  return path;
}
