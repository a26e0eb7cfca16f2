// boto3 from PyPI, unmodified, over the bridge's HTTP/1.1. The scenarios are Python's, in scenarios/.

import assert from "node:assert/strict";
import { test } from "node:test";

import { usePython } from "./python.mjs";
import { bridgeFor, nextSecondWhenThrottled } from "./support.mjs";

const play = usePython();

/** A test of one scenario in which every call takes five virtual seconds. */
function scenario(name, sentence) {
  test(`boto3: ${sentence}`, async (t) => {
    await play(name, await bridgeFor(t, { perCall_ms: 5_000 }));
  });
}

scenario("life_of_a_stream", "a stream is created, waited for, described, deleted and waited for again");
scenario("list_streams_in_pages", "the paginator of list_streams finds every stream once");
scenario("tags", "tags are added, listed in pages and removed, by name and by ARN");
scenario("settings", "retention, encryption, metrics and mode are changed and read back");
scenario("newer_settings", "the settings of 2025 and 2026 are known and do something");
scenario("put_and_read", "bytes come back as they were put, from the shard that MD5 names");
scenario("positions", "each kind of iterator begins where it should");
scenario("wrong_requests", "refusals arrive as the exception class and the message of the service");
scenario("split_and_merge", "a split and a merge show parents and children, and a closed shard has an end");
scenario("list_shards_in_pages", "shards are listed in pages, as far as botocore's paginators can");
scenario("update_shard_count", "update_shard_count divides the hash keys evenly");
scenario("life_of_a_consumer", "consumers are registered, listed in pages and deregistered");

test("boto3: one record of a batch is refused and goes through a second later", async (t) => {
  const afterCall = ({ operation }, clock) => clock.advance(operation === "PutRecords" ? 1_000 : 5_000);
  await play("part_of_a_batch_is_refused", await bridgeFor(t, { afterCall }));
});

test("boto3: a throttled call is tried again by botocore itself and succeeds", async (t) => {
  const bridge = await bridgeFor(t, { afterCall: slowControlPlane });
  await play("throttled_put_is_tried_again", bridge);
});

test("boto3: without retries a throttled call is an exception", async (t) => {
  await play("throttled_put_without_retries", await bridgeFor(t, { afterCall: slowControlPlane }));
});

test("boto3: a call of the control plane over its rate is tried again, where retries are on", async (t) => {
  const afterCall = (call, clock) => {
    if (call.operation === "DescribeLimits") clock.advance(1_000);
    nextSecondWhenThrottled(call, clock);
  };
  const bridge = await bridgeFor(t, { afterCall });
  bridge.createStream(1);
  await play("rates_of_calls", bridge);
});

test("boto3: an iterator is good for five minutes", async (t) => {
  const afterCall = ({ operation }, clock) => clock.advance(operation === "DescribeLimits" ? 301_000 : 5_000);
  await play("an_old_iterator_has_expired", await bridgeFor(t, { afterCall }));
});

test("boto3: waiters with their own ten seconds between looks, on a clock a hundred times as fast", async (t) => {
  const bridge = await bridgeFor(t, { factor: 100 });
  await play("waiters_wait", bridge);
  const looks = bridge.calls.filter(({ operation }) => operation === "DescribeStream");
  assert.ok(looks.some(({ status }) => status === 200));
  assert.equal(looks.at(-1).error, "ResourceNotFoundException");
});

test("boto3: records are pushed for five minutes, and a new subscription goes on where the last one ended", async (t) => {
  let n_put = 0;
  const afterCall = ({ operation }, clock) => {
    if (operation === "PutRecord") n_put += 1;
    else if (operation === "SubscribeToShard") clock.factor = 1;
    else clock.advance(5_000);
    // Once the record is written that has to come over the open connection, the five minutes may pass.
    if (n_put >= 3) clock.factor = 200;
  };
  await play("subscribed", await bridgeFor(t, { afterCall }));
});

test("boto3: a second subscription within five seconds is refused", async (t) => {
  const afterCall = ({ operation }, clock) => clock.advance(operation === "SubscribeToShard" ? 1_000 : 5_000);
  await play("subscribed_twice", await bridgeFor(t, { afterCall }));
});

test("aws-kinesis-agg: what the KPL of the sandbox packs comes apart", async (t) => {
  const bridge = await bridgeFor(t, { perCall_ms: 5_000 });
  bridge.createStream(2);
  bridge.sandbox.run("sandbox kpl start app --stream orders --rate 500");
  bridge.clock.advance(10_000);
  bridge.sandbox.run("sandbox kpl stop app");
  bridge.clock.advance(5_000);
  const { made, stored } = bridge.sandbox.view().kpls[0];
  const { kinesisRecords, numbers } = await play("aggregates_come_apart", bridge);
  assert.equal(stored, made);
  assert.deepEqual(numbers.toSorted((a, b) => a - b), Array.from({ length: made }, (_, n) => n));
  assert.ok(kinesisRecords * 10 < made, `${made} user records in ${kinesisRecords} Kinesis records`);
});

test("aws-kinesis-agg: a KCL application takes apart what it packs", async (t) => {
  const bridge = await bridgeFor(t, { perCall_ms: 1_000 });
  bridge.createStream(1);
  await play("aggregates_are_put", bridge);
  bridge.sandbox.run("sandbox kcl start billing --stream orders");
  bridge.clock.advance(120_000);
  assert.equal(bridge.sandbox.view().applications[0].records, 30);
});

/** Reads and writes of records take no time until one is refused. */
function slowControlPlane(call, clock) {
  if (call.operation.startsWith("Put")) nextSecondWhenThrottled(call, clock);
  else clock.advance(5_000);
}
