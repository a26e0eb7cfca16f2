// The `Sandbox` class of the shipped module: what it answers, and how it refuses.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { loadModule } from "./support.mjs";

let Sandbox;
before(async () => {
  ({ Sandbox } = await loadModule());
});

/** Calls an operation and takes its answer apart. */
function call(sandbox, operation, input = {}) {
  const reply = sandbox.request(`Kinesis_20131202.${operation}`, JSON.stringify(input));
  assert.equal(reply.contentType, "application/x-amz-json-1.1");
  return { status: reply.status, ...(reply.body === "" ? {} : JSON.parse(reply.body)) };
}

function withStream(shards = 2) {
  const sandbox = new Sandbox({});
  call(sandbox, "CreateStream", { StreamName: "orders", ShardCount: shards });
  sandbox.advance(20_000);
  return sandbox;
}

test("a record that was put is read back", () => {
  const sandbox = withStream();
  const put = call(sandbox, "PutRecord", { StreamName: "orders", PartitionKey: "user-1", Data: "aGVsbG8=" });
  assert.equal(put.ShardId, "shardId-000000000001");
  assert.match(put.SequenceNumber, /^\d{56}$/);
  const { ShardIterator } = call(sandbox, "GetShardIterator", {
    StreamName: "orders",
    ShardId: put.ShardId,
    ShardIteratorType: "TRIM_HORIZON",
  });
  const { Records, MillisBehindLatest } = call(sandbox, "GetRecords", { ShardIterator });
  assert.equal(MillisBehindLatest, 0);
  assert.deepEqual(Records, [
    {
      SequenceNumber: put.SequenceNumber,
      ApproximateArrivalTimestamp: sandbox.nowMs() / 1_000,
      Data: "aGVsbG8=",
      PartitionKey: "user-1",
    },
  ]);
});

test("texts come into the module as they are, short and long, of narrow and wide characters", () => {
  const sandbox = new Sandbox({});
  const long = "x".repeat(5_000);
  for (const text of ["x", "ä", "x".repeat(100), "x".repeat(101), long, `${long}ä`, `ä${long}`, `${long}€${long}`, "😀".repeat(200)]) {
    assert.equal(sandbox.run(`echo ${text}`).stdout, `${text}\n`, `${text.length} characters`);
  }
});

test("a request takes no virtual time, a typed AWS call takes half a second", () => {
  const sandbox = new Sandbox({ startTimeMs: 1_000_000 });
  call(sandbox, "ListStreams");
  assert.equal(sandbox.nowMs(), 1_000_000);
  const { stdout, stderr, exitCode } = sandbox.run("aws kinesis list-streams");
  assert.deepEqual([JSON.parse(stdout), stderr, exitCode], [{ StreamNames: [], StreamSummaries: [] }, "", 0]);
  assert.equal(sandbox.nowMs(), 1_000_500);
});

test("what AWS would refuse comes back as a status and a body", () => {
  const sandbox = new Sandbox();
  const missing = call(sandbox, "DescribeStream", { StreamName: "nope" });
  assert.deepEqual(missing, {
    status: 400,
    __type: "ResourceNotFoundException",
    message: "Stream nope under account 123456789012 not found.",
  });
  for (const [target, body] of [
    ["Kinesis_20131202.PutRecord", "{"],
    ["Kinesis_20131202.PutRecord", "[]"],
    ["Kinesis_20131202.PutRecord", '{"StreamName":1}'],
    ["Kinesis_20131202.PutRecord", '{"Data":"***"}'],
    ["Kinesis_20131202.PutRecord", "\u0000\ud800"],
    ["Kinesis_20131202.Fly", "{}"],
    ["", ""],
  ]) {
    const reply = sandbox.request(target, body);
    assert.equal(reply.status, 400, `${target} ${body}`);
    assert.equal(typeof JSON.parse(reply.body).__type, "string", reply.body);
  }
  assert.equal(sandbox.view().streams.length, 0);
});

test("a call may be somebody else's, by another way, and is answered as their policies say", () => {
  const sandbox = withStream();
  const put = JSON.stringify({ StreamName: "orders", PartitionKey: "k", Data: "" });
  const as = (caller) => sandbox.request("Kinesis_20131202.PutRecord", put, caller);
  assert.equal(as({}).status, 200);
  assert.match(as({ principal: "ana" }).body, /AccessDeniedException.*user\/ana is not authorized to perform: kinesis:PutRecord/);
  const statement = {
    Effect: "Allow",
    Action: "kinesis:Put*",
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } },
  };
  const set = `sandbox policy set ana inside --document '${JSON.stringify({ Statement: statement })}'`;
  assert.deepEqual(sandbox.run(set), { stdout: "", stderr: "", exitCode: 0 });
  assert.equal(as({ principal: "ana" }).status, 400);
  assert.equal(as({ principal: "ana", via: "vpc-endpoint" }).status, 200);
  assert.equal(Sandbox.load(sandbox.save()).digest(), sandbox.digest());
  assert.throws(() => as({ via: "carrier pigeon" }), /via must be "internet" or "vpc-endpoint"/);
  assert.throws(() => as({ name: "ana" }), /there is no name in the caller/);
});

test("an option that is not possible is refused with a sentence", () => {
  for (const [options, sentence] of [
    [{ colour: "red" }, /there is no colour in the options: it may have seed, /],
    [{ seed: -1 }, /seed must be a whole number/],
    [{ seed: 1.5 }, /seed must be a whole number/],
    [{ limits: "none" }, /there are no limits "none"/],
    [{ accountId: "12" }, /an account id has 12 digits/],
    [{ region: "Frankfurt" }, /a region is named like us-east-1/],
    [{ history: "yes" }, /history must be true or false/],
    ["exam", /the options must be an object/],
  ]) {
    assert.throws(() => new Sandbox(options), sentence, JSON.stringify(options));
  }
});

test("undo, redo and seek go back and forth", () => {
  const sandbox = withStream();
  const [digest, now] = [sandbox.digest(), sandbox.nowMs()];
  call(sandbox, "PutRecord", { StreamName: "orders", PartitionKey: "a", Data: "" });
  sandbox.advance(5_000);
  const later = sandbox.digest();
  assert.equal(sandbox.undo(), true);
  assert.deepEqual([sandbox.digest(), sandbox.nowMs()], [digest, now]);
  assert.equal(sandbox.redo(), true);
  assert.deepEqual([sandbox.digest(), sandbox.nowMs()], [later, now + 5_000]);
  assert.equal(sandbox.redo(), false);
  sandbox.seek(now - 10_000);
  assert.equal(sandbox.view().streams[0].status, "CREATING");
  assert.throws(() => sandbox.seek(now + 60_000), /is outside the time that can be gone to/);
  assert.equal(sandbox.nowMs(), now - 10_000);
});

test("a saved session opens as the same world; a damaged one is refused with its line", () => {
  const sandbox = withStream();
  sandbox.run("sandbox producer start web --stream orders --rate 50");
  sandbox.advance(10_000);
  const text = sandbox.save();
  const opened = Sandbox.load(text);
  assert.equal(opened.digest(), sandbox.digest());
  assert.deepEqual(opened.view(), sandbox.view());
  const lines = text.split("\n");
  assert.throws(() => Sandbox.load([lines[0], lines[1].slice(5), ...lines.slice(2)].join("\n")), /^Error: line 2: /);
  assert.throws(() => Sandbox.load(""), /line 1: the file is empty/);
  const changed = text.replace('"rate":50', '"rate":51');
  assert.throws(() => Sandbox.load(changed), /the digest differs .*: the file was changed/);
});

test("a sandbox without history cannot be saved or undone, and says so", () => {
  const sandbox = new Sandbox({ history: false });
  call(sandbox, "CreateStream", { StreamName: "orders", ShardCount: 1 });
  assert.equal(sandbox.undo(), false);
  assert.throws(() => sandbox.save(), /keeps no history/);
  assert.throws(() => sandbox.seek(0), /is outside/);
});

test("a budget of events stops early and says how much is to go", () => {
  const sandbox = withStream();
  sandbox.run("sandbox producer start web --stream orders --rate 100");
  const twin = Sandbox.load(sandbox.save());
  let left = 10_000;
  let calls = 0;
  while (left > 0) {
    left = sandbox.advance(left, 100);
    calls += 1;
  }
  twin.advance(10_000);
  assert.ok(calls > 10, `${calls} calls`);
  assert.equal(sandbox.digest(), twin.digest());
});

test("facts are handed out once each, and what was dropped is counted", () => {
  const sandbox = withStream();
  const first = sandbox.facts();
  assert.ok(first.facts.some((fact) => fact.kind === "StreamStatusChanged" && fact.text === "orders is ACTIVE"));
  assert.deepEqual(sandbox.facts(first.next), { facts: [], next: first.next, missed: 0 });
  sandbox.run("sandbox producer start web --stream orders --rate 1000");
  sandbox.advance(60_000);
  const later = sandbox.facts(first.next);
  assert.ok(later.missed > 0);
  assert.equal(later.facts.length + later.missed + first.next, later.next);
});

test("the view is plain data, and a wrong query is refused", () => {
  const sandbox = withStream(3);
  const view = sandbox.view({ stream: "orders", shards: 2 });
  assert.deepEqual(JSON.parse(JSON.stringify(view)), view);
  assert.deepEqual(view.streams[0].shards.map((shard) => shard.number), [0, 1]);
  assert.equal(view.streams[0].shards[1].startingHashKey, "113427455640312821154458202477256070485");
  assert.throws(() => sandbox.view({ colour: "red" }), /there is no colour in the ViewQuery/);
  assert.throws(() => sandbox.view({ shards: "two" }), /this is no ViewQuery/);
});
