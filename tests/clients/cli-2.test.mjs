// The AWS CLI v2 as Debian has it: data is base64 unless one says otherwise, times are ISO 8601.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { awsOf, testCli } from "./cli.mjs";
import { bridgeFor, clientEnvironment, program } from "./support.mjs";

testCli("AWS CLI v2", program("AWS_CLI_2"), {
  hello: ["--cli-binary-format", "raw-in-base64-out", "--data", "hello"],
  records: (...keys) => keys.map((key) => `Data=aGVsbG8=,PartitionKey=${key}`),
  newYear: "2026-01-01T00:00:00+00:00",
  serviceError: 254,
  usageError: 252,
  checkError: 252,
});

test("AWS CLI v2: data is base64, a file's bytes are taken as they are", async (t) => {
  const bridge = await bridgeFor(t);
  const aws = awsOf(program("AWS_CLI_2"), bridge);
  bridge.createStream(1);
  const put = (data) => aws("put-record", "--stream-name", "orders", "--partition-key", "a", "--data", data);
  const wrong = await put("hello");
  assert.deepEqual([wrong.code, wrong.stdout], [255, ""]);
  assert.match(wrong.stderr, /Invalid base64: "hello"/);
  const file = join(clientEnvironment.HOME, "data.bin");
  writeFileSync(file, Buffer.from([0xe9, 0x00, 0xff]));
  for (const data of ["aGVsbG8=", `fileb://${file}`, "test"]) assert.equal((await put(data)).code, 0, data);
  const request = (operation, input) =>
    JSON.parse(bridge.sandbox.request(`Kinesis_20131202.${operation}`, JSON.stringify(input)).body);
  const { ShardIterator } = request("GetShardIterator", {
    StreamName: "orders",
    ShardId: "shardId-000000000000",
    ShardIteratorType: "TRIM_HORIZON",
  });
  const stored = request("GetRecords", { ShardIterator }).Records.map(({ Data }) => Data);
  assert.deepEqual(stored, ["aGVsbG8=", "6QD/", "test"]);
});
