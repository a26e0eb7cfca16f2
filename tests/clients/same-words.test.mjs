// The sandbox's own command line against the AWS CLI v2: the same lines in two equal worlds, one through the prompt,
// one through the real program and the bridge, must print the same.

import assert from "node:assert/strict";
import { test } from "node:test";

import { loadModule } from "../wasm/support.mjs";
import { awsOf, programOf } from "./cli.mjs";
import { bridgeFor, program } from "./support.mjs";

const { Sandbox } = await loadModule();

const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
// The virtual time that a call at the prompt takes.
const call_ms = 500;

/** Plays lines, as text or as lists of words; a number lets that many virtual milliseconds pass. */
function same(sentence, lines) {
  test(`AWS CLI v2 and the sandbox's prompt print the same: ${sentence}`, async (t) => {
    const bridge = await bridgeFor(t, { perCall_ms: call_ms });
    const real = awsOf(program("AWS_CLI_2"), bridge);
    const prompt = new Sandbox({ history: false });
    t.after(() => prompt.free());
    bridge.createStream(2);
    prompt.request("Kinesis_20131202.CreateStream", '{"StreamName":"orders","ShardCount":2}');
    prompt.advance(60_000);
    let iterator = "";
    for (const line of lines) {
      if (typeof line === "number") {
        bridge.clock.advance(line);
        prompt.advance(line);
        continue;
      }
      const words = (typeof line === "string" ? line.split(" ") : line).map((word) => word.replace("ITERATOR", iterator));
      const expected = await real(...words);
      const seen = prompt.run(`aws kinesis ${words.map(quoted).join(" ")}`);
      assert.equal(seen.stdout, expected.stdout, words.join(" "));
      assert.equal(plain(seen.stderr), plain(expected.stderr), words.join(" "));
      assert.equal(seen.exitCode, expected.code, words.join(" "));
      if (words[0] === "get-shard-iterator") iterator = JSON.parse(seen.stdout).ShardIterator;
    }
    assert.equal(bridge.sandbox.nowMs(), prompt.nowMs(), "both worlds are at the same instant");
  });
}

function quoted(word) {
  return /^[\w./:=,@[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * What an error says, without what versions of the CLI put around it: 2.34 began to write "aws: [ERROR]:" before
 * errors and to name those of its own checks, and where the usage stands has changed. The sandbox's own hints, which
 * no CLI gives, are left out too.
 */
function plain(stderr) {
  const usage = /usage: aws \[options\] [^]*?aws <command> <subcommand> help\n/;
  return stderr
    .replace(usage, "")
    .split("\n")
    .map((line) => line.replace(/^aws: (\[ERROR\]|error): /, "").replace("An error occurred (ParamValidation): ", ""))
    .filter((line) => line !== "" && !line.startsWith("sandbox: "))
    .join("\n");
}

test("AWS CLI v2: whatever it lists as a service or a command, the sandbox's prompt knows", async (t) => {
  const prompt = new Sandbox({ history: false });
  t.after(() => prompt.free());
  const real = programOf(program("AWS_CLI_2"), { url: "http://127.0.0.1:9" });
  const unknown = [];
  for (const service of ["", "cloudtrail", "cloudwatch", "dms", "dynamodb", "firehose", "iam", "kinesis", "kms", "lambda", "s3", "sts"]) {
    const words = service === "" ? [] : [service];
    const { stderr } = await real(...words, "no-such-word");
    const choices = /valid choices are:\s*([^]*?)\n\n\n/.exec(`${stderr}\n\n\n`)?.[1].split(/[|\s]+/) ?? [];
    // From 2.34 on the CLI names the wrong choice only.
    if (choices.length === 0) return t.skip("this version does not list its choices");
    // The CLI's own tool for its developers, and a word that stands alone.
    for (const choice of choices.filter((name) => !["", "cli-dev", "help"].includes(name))) {
      const { stderr: said } = prompt.run(`aws ${[...words, choice].join(" ")} --no-such-option`);
      if (said.includes(`Found invalid choice '${choice}'`)) unknown.push([...words, choice].join(" "));
    }
  }
  assert.deepEqual(unknown, []);
});

same("streams, shards and records", [
  "describe-stream --stream-name orders",
  "describe-stream-summary --stream-name orders --output yaml",
  "put-record --stream-name orders --partition-key user-1 --data aGVsbG8= --output table",
  ["put-records", "--stream-name", "orders", "--records", '[{"Data":"aGVsbG8=","PartitionKey":"a b"}]'],
  ["list-shards", "--stream-name", "orders", "--query", "Shards[?ShardId=='shardId-000000000001'].HashKeyRange"],
  "list-shards --stream-name orders --output table",
  "describe-stream --stream-name orders --output text",
  "get-shard-iterator --stream-name orders --shard-id shardId-000000000001 --shard-iterator-type TRIM_HORIZON",
  "get-records --shard-iterator ITERATOR",
  "list-shards --stream-name orders --max-items 1",
]);

same("consumers, tags and settings", [
  "add-tags-to-stream --stream-name orders --tags team=web,env=test",
  "list-tags-for-stream --stream-name orders --output text",
  `register-stream-consumer --stream-arn ${arn} --consumer-name billing`,
  60_000,
  `describe-stream-consumer --stream-arn ${arn} --consumer-name billing`,
  "enable-enhanced-monitoring --stream-name orders --shard-level-metrics IncomingBytes OutgoingBytes",
  60_000,
  "update-shard-count --stream-name orders --target-shard-count 4 --scaling-type UNIFORM_SCALING",
  600_000,
  "list-streams",
]);

same("errors", [
  "describe-stream --stream-name nope",
  "put-record --stream-name orders --partition-key user-1 --data hello",
  "put-record --stream-name orders --data aGVsbG8=",
  "create-stream --stream-name x --shard-cont 1",
  "describe-stream --stream-name orders --limit 0",
  "describe-stream --stream-name orders --limit x",
  "put-records --stream-name orders --records Data=aGVsbG8=",
  ["put-records", "--stream-name", "orders", "--records", "[{"],
]);

same("queries in every format", [
  ["list-streams", "--query", "StreamSummaries[].{n:StreamName,s:StreamStatus}", "--output", "yaml"],
  ["list-streams", "--query", "StreamSummaries[].{n:StreamName,s:StreamStatus}", "--output", "text"],
  ["list-streams", "--query", "StreamNames[?contains(@,'rd')] | [0]", "--output", "text"],
  ["describe-stream", "--stream-name", "orders", "--query", "sort_by(StreamDescription.Shards,&ShardId)[-1].HashKeyRange"],
  ["describe-stream-summary", "--stream-name", "orders", "--query", "StreamDescriptionSummary.keys(@)"],
  ["describe-stream-summary", "--stream-name", "orders", "--query", "length(nothing)"],
  ["put-records", "--stream-name", "orders", "--records", "Data=YQ==,PartitionKey=a,ExplicitHashKey=0", "--output", "text"],
  "list-shards --stream-name orders --shard-filter Type=AFTER_SHARD_ID,ShardId=shardId-000000000000 --output text",
  "describe-limits --output yaml",
  "add-tags-to-stream --stream-name orders --tags =b",
]);
