// Records what the AWS CLI v2 prints of the lines in `lines.txt` and `neighbour-lines.txt`, for the native tests that
// hold the prompt against it (`crates/awscli/src/tests/recorded_lines.rs`). Run after `cargo xtask build`, when lines or
// the engine change:
//   AWS_CLI_2=/usr/bin/aws node tests/clients/record-lines.mjs

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { awsOf, programOf } from "./cli.mjs";
import { startNeighbours } from "./neighbours.mjs";
import { bridgeFor } from "./support.mjs";

// The virtual time that a call at the prompt takes.
const call_ms = 500;

const program = process.env.AWS_CLI_2 ?? "aws";

/** The words of a line, as a shell parts them. */
function wordsOf(line) {
  const script = `printf '%s\\0' ${line}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

/** Lets `say(words)` print each line of a file; a number lets so many virtual milliseconds pass, `prepare` may take a line. */
async function record(name, target, { say, advance, prepare = () => false }) {
  const lines = readFileSync(new URL(name, import.meta.url), "utf8").split("\n");
  let iterator = "";
  const recorded = [];
  for (const line of lines.filter((text) => text !== "" && !text.startsWith("#"))) {
    if (/^\d+$/.test(line)) advance(Number(line));
    if (/^\d+$/.test(line) || prepare(line)) {
      recorded.push({ line });
      continue;
    }
    const { stdout: printed, stderr, code } = await say(wordsOf(line.replace("ITERATOR", iterator)));
    // How fast a file goes depends on the machine; a terminal writes the next line over it.
    const isRewritten = printed.includes("\r");
    const stdout = isRewritten ? printed.replace(/Completed [^\r\n]*\r/g, "").replace(/ +$/gm, "") : printed;
    iterator = /"ShardIterator": "(.*)"/.exec(stdout)?.[1] ?? iterator;
    recorded.push({ line, stdout, stderr, code });
  }
  const file = new URL(`../../crates/awscli/src/tests/recorded/${target}`, import.meta.url);
  writeFileSync(file, recorded.map((record) => JSON.stringify(record) + "\n").join(""));
  console.log(`${target}: ${recorded.filter(({ stdout }) => stdout !== undefined).length} lines`);
}

const endings = [];
const kinesis = await bridgeFor({ after: (ending) => endings.push(ending) }, { perCall_ms: call_ms });
const aws = awsOf(program, kinesis);
kinesis.createStream(2);
await record("lines.txt", "lines.jsonl", { say: (words) => aws(...words), advance: (ms) => kinesis.clock.advance(ms) });

const { sandbox } = await bridgeFor({ after: (ending) => endings.push(ending) });
const neighbours = await startNeighbours(sandbox);
endings.push(neighbours.close);
const folder = mkdtempSync(join(tmpdir(), "kinesis-sandbox-lines-"));
const any = programOf(program, neighbours, { cwd: folder });
await record("neighbour-lines.txt", "neighbour-lines.jsonl", {
  say: (words) => any(...words.slice(1)),
  advance: (ms) => sandbox.advance(ms),
  prepare(line) {
    if (!/^(sandbox|aws kinesis) /.test(line)) return false;
    // A file of the prompt is one of the client too.
    const [, path, content] = /^sandbox file write (\S+) '(.*)'$/.exec(line) ?? [];
    if (path) writeFileSync(join(folder, path), content);
    const { exitCode, stderr } = sandbox.run(line);
    if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
    return true;
  },
});
for (const ending of endings) await ending();
