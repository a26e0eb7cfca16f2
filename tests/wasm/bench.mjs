// Figures of the shipped module in Node: each line is `name<TAB>value<TAB>unit`, the median of five runs.

import { loadModule } from "./support.mjs";

const RUNS = 5;
const { Sandbox } = await loadModule();

report("put_records", "records/s", putRecords);
report("simulated_time", "times real time", simulatedTime);

function report(name, unit, measure) {
  measure(); // Warm: the engine compiles the module's hot parts on the way.
  const values = Array.from({ length: RUNS }, measure).sort((a, b) => a - b);
  console.log(`${name}\t${Math.round(values[Math.floor(RUNS / 2)])}\t${unit}`);
}

function call(sandbox, operation, input) {
  const reply = sandbox.request(`Kinesis_20131202.${operation}`, JSON.stringify(input));
  if (reply.status !== 200) throw new Error(`${operation}: ${reply.body}`);
  return reply;
}

/** Accepted records per second of wall time: PutRecords of 500 records of 100 bytes through `request`, history off. */
function putRecords() {
  const shards = 400;
  const perCall = 500;
  const calls = 1_000;
  // Half of what the shards take in a second, so that chance does not refuse anything.
  const callsPerSecond = (shards * 1_000) / perCall / 2;
  const sandbox = new Sandbox({ history: false });
  call(sandbox, "CreateStream", { StreamName: "bench", ShardCount: shards });
  sandbox.advance(60_000);
  const data = Buffer.alloc(100, "x").toString("base64");
  const bodies = Array.from({ length: 16 }, (_, i) =>
    JSON.stringify({
      StreamName: "bench",
      Records: Array.from({ length: perCall }, (_, j) => ({ Data: data, PartitionKey: `user-${i * perCall + j}` })),
    }),
  );
  let accepted = 0;
  const start = performance.now();
  for (let i = 0; i < calls; i += 1) {
    if (i % callsPerSecond === 0) sandbox.advance(1_000);
    const { body } = sandbox.request("Kinesis_20131202.PutRecords", bodies[i % bodies.length]);
    if (body.startsWith('{"FailedRecordCount":0,')) accepted += perCall;
  }
  const seconds = (performance.now() - start) / 1_000;
  sandbox.free();
  if (accepted !== calls * perCall) throw new Error(`only ${accepted} records were accepted`);
  return accepted / seconds;
}

/** Virtual seconds per second of wall time: 2 shards, one producer of 100 records/s, two KCL workers, history on. */
function simulatedTime() {
  const virtualSeconds = 600;
  const sandbox = new Sandbox({});
  call(sandbox, "CreateStream", { StreamName: "orders", ShardCount: 2 });
  sandbox.advance(60_000);
  for (const line of [
    "sandbox producer start web --stream orders --rate 100",
    "sandbox kcl start billing --stream orders --workers 2",
  ]) {
    const { exitCode, stderr } = sandbox.run(line);
    if (exitCode !== 0) throw new Error(stderr);
  }
  sandbox.advance(60_000);
  const start = performance.now();
  sandbox.advance(virtualSeconds * 1_000);
  const seconds = (performance.now() - start) / 1_000;
  sandbox.free();
  return virtualSeconds / seconds;
}
