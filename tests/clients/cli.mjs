// What the AWS CLI does, in both of its versions, where they do the same; and what they say where they differ.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { test } from "node:test";

import { bridgeFor, clientEnvironment, nextSecondWhenThrottled } from "./support.mjs";

const account = "under account 123456789012";
const shard = (number) => `shardId-${String(number).padStart(12, "0")}`;
const middle = String(2n ** 127n);

/** A stream is created, changed or deleted within this many virtual milliseconds. */
const settled_ms = 60_000;

/** `aws kinesis ARGUMENTS…`, as a function of the arguments; answers with what it printed and how it ended. */
export function awsOf(program, bridge) {
  const aws = programOf(program, bridge);
  return (...words) => aws("kinesis", ...words);
}

/** `aws ARGUMENTS…` of any service, in a folder. */
export function programOf(program, { url }, { cwd } = {}) {
  return async function aws(...words) {
    const child = spawn(program, ["--endpoint-url", url, ...words], {
      cwd,
      env: clientEnvironment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise((done, failed) => child.on("error", failed).on("close", done));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { stdout, stderr, code };
  };
}

/** The tests of one version: its program and what is its own, see the test files. */
export function testCli(name, program, own) {
  /** A test with `aws(…)`, which must succeed and gives its JSON (or text), and `fails(…)`, which must not. */
  function cliTest(sentence, options, play) {
    test(`${name}: ${sentence}`, async (t) => {
      const bridge = await bridgeFor(t, options);
      const run = awsOf(program, bridge);
      const aws = async (...words) => {
        const { stdout, stderr, code } = await run(...words);
        assert.deepEqual([code, stderr], [0, ""], words.join(" "));
        return stdout.startsWith("{") ? JSON.parse(stdout) : stdout;
      };
      const fails = async (code, pattern, ...words) => {
        const failed = await run(...words);
        assert.match(failed.stderr, pattern);
        assert.deepEqual([failed.code, failed.stdout], [code, ""], words.join(" "));
      };
      await play({ aws, fails, bridge });
    });
  }

  const slow = { perCall_ms: settled_ms };

  cliTest("a stream is created and waited for, ten seconds of the wall clock between two looks", {
    afterCall: ({ operation }, clock) => clock.advance(operation === "DescribeStream" ? settled_ms : 0),
  }, async ({ aws, bridge }) => {
    assert.equal(await aws("create-stream", "--stream-name", "orders", "--shard-count", "2"), "");
    assert.equal(await aws("wait", "stream-exists", "--stream-name", "orders"), "");
    assert.equal(bridge.calls.filter(({ operation }) => operation === "DescribeStream").length, 2);
    const { StreamDescriptionSummary: summary } = await aws("describe-stream-summary", "--stream-name", "orders");
    assert.deepEqual(
      [summary.StreamName, summary.StreamStatus, summary.OpenShardCount, summary.RetentionPeriodHours],
      ["orders", "ACTIVE", 2, 24],
    );
    assert.equal(summary.StreamARN, "arn:aws:kinesis:us-east-1:123456789012:stream/orders");
    assert.equal(summary.StreamCreationTimestamp, own.newYear);
    assert.equal(await aws("delete-stream", "--stream-name", "orders"), "");
    bridge.clock.advance(settled_ms);
    assert.equal(await aws("wait", "stream-not-exists", "--stream-name", "orders"), "");
    assert.equal(bridge.calls.at(-1).error, "ResourceNotFoundException");
  });

  cliTest("records are put one by one and in batches, and read back", slow, async ({ aws, bridge }) => {
    bridge.createStream(2);
    const put = ["put-record", "--stream-name", "orders", "--partition-key", "user-1"];
    const columns = await aws(...put, ...own.hello, "--output", "text");
    assert.match(columns, new RegExp(`^\\d{56}\t${shard(1)}\n$`));
    const batch = await aws(
      "put-records", "--stream-name", "orders", "--records", ...own.records("user-1", "user-2"),
    );
    assert.equal(batch.FailedRecordCount, 0);
    assert.deepEqual(batch.Records.map(({ ShardId }) => ShardId), [shard(1), shard(0)]);
    const from = ["get-shard-iterator", "--stream-name", "orders", "--shard-id", shard(1), "--shard-iterator-type"];
    const query = ["--query", "ShardIterator", "--output", "text"];
    const horizon = (await aws(...from, "TRIM_HORIZON", ...query)).trim();
    const { Records, MillisBehindLatest } = await aws("get-records", "--shard-iterator", horizon);
    assert.equal(MillisBehindLatest, 0);
    assert.deepEqual(Records.map(({ Data }) => Data), ["aGVsbG8=", "aGVsbG8="]);
    assert.equal(Records[1].SequenceNumber, batch.Records[0].SequenceNumber);
    assert.equal(typeof Records[0].ApproximateArrivalTimestamp, typeof own.newYear);
    const position = ["--starting-sequence-number", Records[0].SequenceNumber];
    const after = (await aws(...from, "AFTER_SEQUENCE_NUMBER", ...position, ...query)).trim();
    assert.equal((await aws("get-records", "--shard-iterator", after)).Records.length, 1);
  });

  cliTest("lists are put together from pages, or cut where one asks for it", slow, async ({ aws, bridge }) => {
    const names = ["a", "b", "c"].map((letter) => `orders-${letter}`);
    for (const name of names) bridge.createStream(5, name);
    assert.deepEqual((await aws("list-streams", "--page-size", "2")).StreamNames, names);
    assert.equal(bridge.calls.length, 2);
    const cut = await aws("list-streams", "--max-items", "2");
    assert.deepEqual(cut.StreamNames, names.slice(0, 2));
    const rest = await aws("list-streams", "--starting-token", cut.NextToken);
    assert.deepEqual(rest.StreamNames, names.slice(2));
    const pages = ["describe-stream", "--stream-name", names[0], "--page-size", "2"];
    const shards = await aws(...pages, "--query", "length(StreamDescription.Shards)", "--output", "text");
    assert.deepEqual(shards.trim().split("\n").reduce((sum, count) => sum + Number(count), 0), 5);
    assert.equal((await aws("list-shards", "--stream-name", names[0])).Shards.length, 5);
  });

  cliTest("a stream is split, merged, tagged and read by a consumer", slow, async ({ aws, bridge }) => {
    const stream = ["--stream-name", "orders"];
    bridge.createStream(1);
    assert.equal(
      await aws("split-shard", ...stream, "--shard-to-split", shard(0), "--new-starting-hash-key", middle), "",
    );
    assert.equal(
      await aws("merge-shards", ...stream, "--shard-to-merge", shard(1), "--adjacent-shard-to-merge", shard(2)), "",
    );
    const open = await aws(
      "list-shards", ...stream, "--shard-filter", "Type=AT_LATEST", "--query", "Shards[].ShardId", "--output", "text",
    );
    assert.equal(open, `${shard(3)}\n`);
    await aws("add-tags-to-stream", ...stream, "--tags", "team=web,env=test");
    const { Tags } = await aws("list-tags-for-stream", ...stream);
    assert.deepEqual(Tags, [{ Key: "env", Value: "test" }, { Key: "team", Value: "web" }]);
    const arn = ["--stream-arn", "arn:aws:kinesis:us-east-1:123456789012:stream/orders"];
    const { Consumer } = await aws("register-stream-consumer", ...arn, "--consumer-name", "billing");
    assert.deepEqual([Consumer.ConsumerName, Consumer.ConsumerStatus], ["billing", "CREATING"]);
    const { Consumers } = await aws("list-stream-consumers", ...arn);
    assert.deepEqual(Consumers.map(({ ConsumerStatus }) => ConsumerStatus), ["ACTIVE"]);
    await aws("deregister-stream-consumer", "--consumer-arn", Consumer.ConsumerARN);
    const summary = await aws("describe-stream-summary", ...stream, "--query", "StreamDescriptionSummary");
    assert.deepEqual([summary.OpenShardCount, summary.ConsumerCount], [1, 0]);
  });

  cliTest("refusals come with the service's words and the CLI's own exit code", slow, async ({ fails, bridge }) => {
    const says = (code, operation, message) =>
      new RegExp(`An error occurred \\(${code}\\) when calling the ${operation} operation: ${message}\\n$`);
    await fails(
      own.serviceError,
      says("ResourceNotFoundException", "DescribeStream", `Stream nope ${account} not found\\.`),
      "describe-stream", "--stream-name", "nope",
    );
    bridge.createStream(1);
    await fails(
      own.serviceError,
      says("ResourceInUseException", "CreateStream", `Stream orders ${account} already exists\\.`),
      "create-stream", "--stream-name", "orders", "--shard-count", "1",
    );
    await fails(
      own.serviceError,
      says("ValidationException", "GetShardIterator", "1 validation error detected: Value 'NEVER' at .*"),
      "get-shard-iterator", "--stream-name", "orders", "--shard-id", shard(0), "--shard-iterator-type", "NEVER",
    );
    await fails(own.usageError, /the following arguments are required: --partition-key/,
      "put-record", "--stream-name", "orders", "--data", "aGVsbG8=");
    await fails(own.checkError, /Invalid length for parameter StreamName, value: 0, valid min length: 1\n$/,
      "describe-stream", "--stream-name", "");
  });

  cliTest("a throttled call is tried again by the CLI itself and succeeds", {
    afterCall: nextSecondWhenThrottled,
  }, async ({ aws, bridge }) => {
    const { sandbox, calls } = bridge;
    bridge.createStream(1);
    const Data = Buffer.alloc(512 * 1024 - 1).toString("base64");
    const Records = ["a", "b"].map((PartitionKey) => ({ PartitionKey, Data }));
    sandbox.request("Kinesis_20131202.PutRecords", JSON.stringify({ StreamName: "orders", Records }));
    const put = await aws("put-record", "--stream-name", "orders", "--partition-key", "a", ...own.hello);
    assert.equal(put.ShardId, shard(0));
    assert.deepEqual(calls.map(({ error }) => error ?? "OK"), ["ProvisionedThroughputExceededException", "OK"]);
  });
}
