// subscribe, poll and close of the shipped module, its frames taken apart by the AWS SDK for JavaScript's own decoder.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, test } from "node:test";

import { loadModule, root } from "./support.mjs";

const { EventStreamCodec } = createRequire(join(root, "web/package.json"))("@smithy/core/event-streams");
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString("utf8"),
  (text) => Buffer.from(text, "utf8"),
);

let Sandbox;
before(async () => {
  ({ Sandbox } = await loadModule());
});

const ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
const SHARD = "shardId-000000000000";

function call(sandbox, operation, input) {
  const { status, body } = sandbox.request(`Kinesis_20131202.${operation}`, JSON.stringify(input));
  assert.equal(status, 200, body);
  return body === "" ? {} : JSON.parse(body);
}

/** A sandbox with an ACTIVE stream of one shard and an ACTIVE consumer, whose ARN comes with it. */
function withConsumer() {
  const sandbox = new Sandbox();
  call(sandbox, "CreateStream", { StreamName: "orders", ShardCount: 1 });
  sandbox.advance(20_000);
  const { Consumer } = call(sandbox, "RegisterStreamConsumer", { StreamARN: ARN, ConsumerName: "billing" });
  sandbox.advance(5_000);
  return { sandbox, consumer: Consumer.ConsumerARN };
}

const input = (consumer, type) =>
  JSON.stringify({ ConsumerARN: consumer, ShardId: SHARD, StartingPosition: { Type: type } });

const put = (sandbox, key) =>
  call(sandbox, "PutRecord", { StreamName: "orders", PartitionKey: key, Data: "aGVsbG8=" });

/** Frames as [kind, payload]; the decoder throws where a length or a checksum is wrong. */
function framesOf(bytes) {
  assert.ok(bytes instanceof Uint8Array);
  const frames = [];
  for (let rest = bytes; rest.length > 0; ) {
    const size = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
    const { headers, body } = codec.decode(rest.subarray(0, size));
    assert.equal(headers[":content-type"].value, "application/json");
    const kind = headers[":message-type"].value === "exception" ? ":exception-type" : ":event-type";
    frames.push([headers[kind].value, JSON.parse(Buffer.from(body).toString("utf8"))]);
    rest = rest.subarray(size);
  }
  return frames;
}

test("records come as events, after the initial response", () => {
  const { sandbox, consumer } = withConsumer();
  const { status, body, id } = sandbox.subscribe(input(consumer, "LATEST"));
  assert.deepEqual([status, body], [200, ""]);
  assert.deepEqual(framesOf(sandbox.poll(id)), [["initial-response", {}]]);
  sandbox.advance(1_000);
  sandbox.poll(id);
  const { SequenceNumber } = put(sandbox, "user-1");
  const arrived = sandbox.nowMs() / 1_000;
  assert.equal(sandbox.poll(id).length, 0);
  sandbox.advance(100);
  assert.deepEqual(framesOf(sandbox.poll(id)), [
    [
      "SubscribeToShardEvent",
      {
        Records: [
          { SequenceNumber, ApproximateArrivalTimestamp: arrived, Data: "aGVsbG8=", PartitionKey: "user-1" },
        ],
        ContinuationSequenceNumber: SequenceNumber,
        MillisBehindLatest: 0,
      },
    ],
  ]);
});

test("after five minutes the rest is handed out, and then null", () => {
  const { sandbox, consumer } = withConsumer();
  const { id } = sandbox.subscribe(input(consumer, "TRIM_HORIZON"));
  sandbox.advance(300_000);
  const kinds = framesOf(sandbox.poll(id)).map(([kind]) => kind);
  // An event at once and then one in five seconds; the one of the last instant is the end instead.
  assert.equal(kinds.filter((kind) => kind === "SubscribeToShardEvent").length, 60);
  assert.equal(sandbox.poll(id), null);
  assert.equal(sandbox.poll(id), null);
});

test("an exception is a frame, and then it is over", () => {
  const { sandbox, consumer } = withConsumer();
  const { id } = sandbox.subscribe(input(consumer, "LATEST"));
  sandbox.poll(id);
  call(sandbox, "DeregisterStreamConsumer", { ConsumerARN: consumer });
  assert.deepEqual(framesOf(sandbox.poll(id)), [
    ["ResourceNotFoundException", { message: "Consumer billing, account 123456789012 not found." }],
  ]);
  assert.equal(sandbox.poll(id), null);
});

test("what AWS would refuse comes back as a status and a body without an id", () => {
  const { sandbox, consumer } = withConsumer();
  const first = sandbox.subscribe(input(consumer, "LATEST"));
  for (const [body, code] of [
    [input(consumer, "LATEST"), "ResourceInUseException"],
    [input(consumer, "NEWEST"), "ValidationException"],
    [input(`${ARN}/consumer/other:1`, "LATEST"), "ResourceNotFoundException"],
    ["{}", "ValidationException"],
    ["{", "SerializationException"],
    ["\ud800", "SerializationException"],
  ]) {
    const reply = sandbox.subscribe(body);
    assert.deepEqual([reply.status, reply.id, JSON.parse(reply.body).__type], [400, undefined, code], body);
  }
  assert.equal(framesOf(sandbox.poll(first.id)).length, 1);
});

test("a closed subscription hands out nothing more", () => {
  const { sandbox, consumer } = withConsumer();
  const { id } = sandbox.subscribe(input(consumer, "LATEST"));
  sandbox.close(id);
  assert.equal(sandbox.poll(id), null);
  sandbox.close(id);
  sandbox.close(12345);
  assert.equal(sandbox.poll(12345), null);
  assert.throws(() => sandbox.poll(-1), /id must be a whole number/);
  assert.throws(() => sandbox.close("one"), /id must be a whole number/);
});

test("a subscription goes on after a look back, and is over where it was undone", () => {
  const { sandbox, consumer } = withConsumer();
  const begun = sandbox.nowMs();
  const { id } = sandbox.subscribe(input(consumer, "LATEST"));
  put(sandbox, "a");
  sandbox.advance(1_000);
  assert.equal(framesOf(sandbox.poll(id)).length, 2);
  sandbox.seek(begun);
  assert.equal(sandbox.poll(id).length, 0);
  sandbox.seek(begun + 1_000);
  assert.equal(sandbox.poll(id).length, 0);
  // The record, and then the registration.
  assert.deepEqual([sandbox.undo(), sandbox.undo()], [true, true]);
  assert.equal(sandbox.poll(id), null);
});

test("request says where a subscription is to be had", () => {
  const { sandbox, consumer } = withConsumer();
  const digest = sandbox.digest();
  const { status, body } = sandbox.request("Kinesis_20131202.SubscribeToShard", input(consumer, "LATEST"));
  assert.equal(status, 400);
  assert.match(JSON.parse(body).message, /call subscribe\(\) instead of request\(\)/);
  assert.equal(sandbox.digest(), digest, "nothing was subscribed to");
});
