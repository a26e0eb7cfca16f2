// Records what the AWS CLI v2 prints of the lines in `lines.txt`, for the native test that holds the prompt against it
// (`crates/awscli/src/tests/recorded_lines.rs`). Run after `cargo xtask build`, when lines or the engine change:
//   AWS_CLI_2=/usr/bin/aws node tests/clients/record-lines.mjs

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import { awsOf } from "./cli.mjs";
import { bridgeFor } from "./support.mjs";

// The virtual time that a call at the prompt takes.
const call_ms = 500;

const target = new URL("../../crates/awscli/src/tests/recorded/lines.jsonl", import.meta.url);
const lines = readFileSync(new URL("lines.txt", import.meta.url), "utf8").split("\n");
const endings = [];
const bridge = await bridgeFor({ after: (ending) => endings.push(ending) }, { perCall_ms: call_ms });
const aws = awsOf(process.env.AWS_CLI_2 ?? "aws", bridge);
bridge.createStream(2);

/** The words of a line, as a shell parts them. */
function wordsOf(line) {
  const script = `printf '%s\\0' ${line}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

let iterator = "";
const recorded = [];
for (const line of lines.filter((text) => text !== "" && !text.startsWith("#"))) {
  if (/^\d+$/.test(line)) {
    bridge.clock.advance(Number(line));
    recorded.push({ line });
    continue;
  }
  const { stdout, stderr, code } = await aws(...wordsOf(line.replace("ITERATOR", iterator)));
  iterator = /"ShardIterator": "(.*)"/.exec(stdout)?.[1] ?? iterator;
  recorded.push({ line, stdout, stderr, code });
}
writeFileSync(target, recorded.map((record) => JSON.stringify(record) + "\n").join(""));
for (const ending of endings) await ending();
console.log(`${recorded.filter(({ stdout }) => stdout !== undefined).length} lines`);
