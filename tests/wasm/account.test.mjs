// Metrics, alarms, the trail and the bill, as JavaScript asks for them.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { loadModule } from "./support.mjs";

let Sandbox;
before(async () => {
  ({ Sandbox } = await loadModule());
});

const LINES = [
  "aws kinesis create-stream --stream-name orders --shard-count 2",
  "aws kinesis wait stream-exists --stream-name orders",
  "sandbox kpl start app --stream orders --rate 100",
  "sandbox alarm put busy --metric-name IncomingBytes --dimensions StreamName=orders --statistic Sum --threshold 1",
];

function played() {
  const sandbox = new Sandbox();
  for (const line of LINES) {
    const { stderr, exitCode } = sandbox.run(line);
    assert.equal(exitCode, 0, `${line}: ${stderr}`);
  }
  sandbox.advance(400_000);
  return sandbox;
}

test("a metric is listed, and its points are those of CloudWatch", () => {
  const sandbox = played();
  const metrics = sandbox.metrics();
  const received = metrics.find(({ name, dimensions }) => name === "UserRecordsReceived" && dimensions.StreamName === "orders");
  assert.deepEqual(received, {
    namespace: "KinesisProducerLibrary",
    name: "UserRecordsReceived",
    dimensions: { StreamName: "orders" },
    unit: "Count",
  });
  const { unit, ...query } = received;
  const points = sandbox.metric(query);
  assert.ok(points.length >= 4);
  // 100 a second, looked at every 25 ms.
  assert.ok(Math.abs(points[1].sum - 6_000) <= 3, points[1].sum);
  assert.equal(points[1].average, points[1].sum / points[1].sampleCount);
  assert.equal(points[1].timestampMs % 60_000, 0);
  const [five] = sandbox.metric({ ...query, periodMinutes: 5 });
  assert.equal(five.sum, points.slice(0, 5).reduce((sum, point) => sum + point.sum, 0));
  assert.deepEqual(sandbox.metric({ ...query, dimensions: { StreamName: "none" } }), []);
  assert.deepEqual(
    sandbox.alarms().map(({ name, state, metric, threshold }) => [name, state, metric, threshold]),
    [["busy", "ALARM", "IncomingBytes", 1]],
  );
});

test("the trail tells who called, and data events once they are recorded", () => {
  const sandbox = played();
  const [event] = sandbox.trail({ eventName: "CreateStream" });
  assert.equal(event.requestParameters.streamName, "orders");
  assert.equal(event.managementEvent, true);
  assert.deepEqual(sandbox.trail({ eventName: "DeleteStream" }), []);
  assert.ok(sandbox.trail().length > 1);
  assert.deepEqual(sandbox.trail({ category: "Data" }), []);
  sandbox.run("sandbox trail data-events all");
  sandbox.advance(400_000);
  assert.equal(sandbox.trail({ category: "Data" })[0].eventName, "PutRecords");
});

test("the bill adds up", () => {
  const bill = played().cost();
  assert.equal(bill.streams[0].stream, "orders");
  assert.equal(bill.streams[0].mode, "PROVISIONED");
  const sum = bill.lines.reduce((total, line) => total + line.dollars, 0);
  assert.ok(Math.abs(sum - bill.dollars) < 1e-9);
  const hours = bill.streams[0].month.find(({ name }) => name === "Shard hours");
  assert.deepEqual([hours.quantity, hours.dollars], [1_460, 21.9]);
  assert.equal(bill.lastChange.monthAfterDollars, 21.9);
});

test("a query with something unknown in it is refused with a sentence", () => {
  const sandbox = new Sandbox();
  assert.throws(() => sandbox.metric({ namespace: "AWS/Kinesis", name: "x", period: 60 }), /there is no period in the MetricQuery/);
  assert.throws(() => sandbox.metric({ namespace: "AWS/Kinesis" }), /needs a name/);
  assert.throws(() => sandbox.metric({ namespace: "a", name: "b", periodMinutes: 0 }), /from 1 to 1440/);
  assert.throws(() => sandbox.metric({ namespace: "a", name: "b", dimensions: { c: 1 } }), /object of strings/);
  assert.throws(() => sandbox.trail({ category: "Insight" }), /"Management" or "Data"/);
});
