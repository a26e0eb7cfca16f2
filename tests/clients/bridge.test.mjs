// The bridge itself: what of HTTP it understands, what it says no to, and its clock.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:http2";
import { test } from "node:test";

import { WallClock } from "../../web/npm/clock.js";
import { bridgeFor } from "./support.mjs";

const jsonType = "application/x-amz-json-1.1";

function post(url, operation, body, headers = {}) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": jsonType, "X-Amz-Target": `Kinesis_20131202.${operation}`, ...headers },
    body: typeof body === "object" ? JSON.stringify(body) : body,
  });
}

test("a request over HTTP/1.1 is answered with the service's headers, and no date of another clock", async (t) => {
  const { url } = await bridgeFor(t);
  const answer = await post(url, "ListStreams", {});
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), jsonType);
  assert.match(answer.headers.get("x-amzn-requestid"), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Buffer.from(answer.headers.get("x-amz-id-2"), "base64").length, 72);
  assert.equal(answer.headers.get("date"), null);
  assert.deepEqual(await answer.json(), { HasMoreStreams: false, StreamNames: [], StreamSummaries: [] });
  const created = await post(url, "CreateStream", { StreamName: "orders", ShardCount: 1 });
  assert.deepEqual([created.status, created.headers.get("content-length"), await created.text()], [200, "0", ""]);
});

test("the same over cleartext HTTP/2", async (t) => {
  const { http2Url } = await bridgeFor(t);
  const session = connect(http2Url);
  const stream = session.request({
    ":method": "POST",
    ":path": "/",
    "content-type": jsonType,
    "x-amz-target": "Kinesis_20131202.DescribeStream",
  });
  stream.end('{"StreamName":"nope"}');
  const [headers] = await once(stream, "response");
  assert.deepEqual([headers[":status"], headers["content-type"], headers.date], [400, jsonType, undefined]);
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  assert.equal(JSON.parse(Buffer.concat(chunks)).__type, "ResourceNotFoundException");
  session.close();
});

test("a subscription is an event stream, and is given up when its client goes away", async (t) => {
  for (const protocol of ["url", "http2Url"]) {
    const { [protocol]: url, sandbox, clock, createStream } = await bridgeFor(t);
    createStream(1);
    const consumer = { StreamARN: "arn:aws:kinesis:us-east-1:123456789012:stream/orders", ConsumerName: "app" };
    const { body } = sandbox.request("Kinesis_20131202.RegisterStreamConsumer", JSON.stringify(consumer));
    clock.advance(60_000);
    const isGivenUp = new Promise((done) => {
      const close = sandbox.close.bind(sandbox);
      sandbox.close = (id) => done(close(id));
    });
    const { headers, stream, leave } = await (protocol === "url" ? subscribe : subscribeOverHttp2)(url, {
      ConsumerARN: JSON.parse(body).Consumer.ConsumerARN,
      ShardId: "shardId-000000000000",
      StartingPosition: { Type: "LATEST" },
    });
    assert.equal(headers["content-type"], "application/vnd.amazon.eventstream");
    const [frames] = await once(stream, "data");
    assert.ok(frames.includes("initial-response"), "the answer comes before any event");
    leave();
    await isGivenUp;
  }
});

const subscribeHeaders = { "content-type": jsonType, "x-amz-target": "Kinesis_20131202.SubscribeToShard" };

async function subscribe(url, input) {
  const sent = request(url, { method: "POST", headers: subscribeHeaders });
  sent.on("error", () => {}).end(JSON.stringify(input));
  const [stream] = await once(sent, "response");
  stream.on("error", () => {});
  return { headers: stream.headers, stream, leave: () => sent.destroy() };
}

async function subscribeOverHttp2(url, input) {
  const session = connect(url);
  const stream = session.request({ ":method": "POST", ":path": "/", ...subscribeHeaders });
  stream.end(JSON.stringify(input));
  const [headers] = await once(stream, "response");
  return { headers, stream, leave: () => session.destroy() };
}

test("what is no request of the service is refused with a sentence", async (t) => {
  const { url, calls } = await bridgeFor(t);
  const cbor = await post(url, "ListStreams", {}, { "Content-Type": "application/x-amz-cbor-1.1" });
  assert.equal(cbor.status, 415);
  assert.match((await cbor.json()).message, /speaks application\/x-amz-json-1\.1, not application\/x-amz-cbor-1\.1\. .*CBOR_ENABLED=false/);
  const got = await fetch(url);
  assert.equal(got.status, 405);
  assert.match((await got.json()).message, /POST, not GET/);
  const large = await post(url, "PutRecord", "x".repeat(32 * 1024 * 1024 + 1));
  assert.equal(large.status, 413);
  assert.deepEqual(calls, []);
  const unknown = await fetch(url, { method: "POST", body: "{}", headers: { "Content-Type": jsonType } });
  assert.equal(unknown.status, 400);
  assert.equal((await unknown.json()).__type, "UnknownOperationException");
});

test("a clock counts wall time times its factor, and stands still at 0", () => {
  let wall_ms = 100;
  let virtual_ms = 0;
  const clock = new WallClock({ advance: (ms) => (virtual_ms += ms) }, 2.5, () => wall_ms);
  const after = (ms) => {
    wall_ms += ms;
    clock.settle();
    return virtual_ms;
  };
  assert.equal(after(1_000), 2_500);
  assert.deepEqual([after(1), after(1)], [2_502, 2_505], "what is less than a millisecond is not lost");
  clock.factor = 0;
  assert.equal(after(1_000), 2_505);
  clock.advance(5_000);
  assert.equal(virtual_ms, 7_505);
  clock.factor = 1_000;
  assert.equal(after(3), 10_505);
  for (const factor of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => (clock.factor = factor), /a clock's factor is at least 0/);
  }
});
