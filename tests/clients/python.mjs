// One Python process with boto3, which plays scenarios one after another: loading boto3 takes longer than most.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { clientEnvironment, program } from "./support.mjs";

const scenarios = fileURLToPath(new URL("scenarios", import.meta.url));

/** Call it once at the top of a test file; `play(name, bridge)` fails with Python's own words where Python did. */
export function usePython() {
  const child = spawn(program("CLIENTS_PYTHON"), ["-u", "-B", scenarios], {
    env: clientEnvironment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift().done(JSON.parse(line)));
  child.on("exit", (code) => {
    for (const { failed } of waiting) failed(new Error(`Python ended with ${code}`));
  });
  after(() => child.stdin.end());

  return async function play(name, { url }) {
    const reply = await new Promise((done, failed) => {
      waiting.push({ done, failed });
      child.stdin.write(`${JSON.stringify({ name, url })}\n`);
    });
    if (reply.error) throw new Error(reply.error);
    return reply.result;
  };
}
