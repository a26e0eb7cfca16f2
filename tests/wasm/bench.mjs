// Figures of the shipped module in Node: each line is `name<TAB>value<TAB>unit`, the median of five runs.

import { loadModule, memoryBytes } from "./support.mjs";

const RUNS = 5;
const { Sandbox } = await loadModule();

// Every row, or those whose names begin with one of the arguments.
const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.some((begin) => name.startsWith(begin));

// First, while nothing has been freed that could be used again: WebAssembly's memory never shrinks.
if (isWanted("bytes_per_stored_record_over_key_and_data")) {
  console.log(`bytes_per_stored_record_over_key_and_data\t${storedRecordBytes().toFixed(1)}\tbytes`);
}
report("put_records", "records/s", putRecords);
report("get_records", "records/s", getRecords);
reportRatio("put_cost_with_1_000_000_stored_against_1_000", putCostWhenStored);
reportRatio("put_cost_with_10_000_shards_against_1", putCostOfShards);
report("simulated_time", "times real time", simulatedTime);
report("simulated_time_with_every_neighbour", "times real time", everyNeighbour);
report("pasted_script_of_1_000_lines", "ms", pastedScript);
report("events_of_20_programs_on_8_shards", "events/s", events);
report("idle_days_365_of_one_stream", "ms", idleYear);
applicationDay();

function report(name, unit, measure) {
  if (!isWanted(name)) return;
  measure(); // Warm: the engine compiles the module's hot parts on the way.
  const values = Array.from({ length: RUNS }, measure).sort((a, b) => a - b);
  console.log(`${name}\t${Math.round(values[Math.floor(RUNS / 2)])}\t${unit}`);
}

function reportRatio(name, measure) {
  if (!isWanted(name)) return;
  const values = Array.from({ length: RUNS }, measure).sort((a, b) => a - b);
  console.log(`${name}\t${values[Math.floor(RUNS / 2)].toFixed(3)}\ttimes`);
}

function call(sandbox, operation, input) {
  const reply = sandbox.request(`Kinesis_20131202.${operation}`, JSON.stringify(input));
  if (reply.status !== 200) throw new Error(`${operation}: ${reply.body}`);
  return reply;
}

/** A sandbox with a stream named "bench", and 16 requests of 500 records of 100 bytes each for it. */
function putWorld(shards) {
  const sandbox = new Sandbox({ history: false, limits: "aws-today" });
  call(sandbox, "CreateStream", { StreamName: "bench", ShardCount: shards });
  sandbox.advance(600_000);
  const data = Buffer.alloc(100, "x").toString("base64");
  const bodies = Array.from({ length: 16 }, (_, i) =>
    JSON.stringify({
      StreamName: "bench",
      Records: Array.from({ length: 500 }, (_, j) => ({ Data: data, PartitionKey: `user-${i * 500 + j}` })),
    }),
  );
  let next = 0;
  /** Puts that many batches, one each virtual second, or as many as the shards take; returns seconds of wall time. */
  const put = (batches, batchesPerSecond = 1) => {
    let seconds = 0;
    for (let i = 0; i < batches; i += 1) {
      if (i % batchesPerSecond === 0) sandbox.advance(1_000);
      const body = bodies[next++ % bodies.length];
      const start = performance.now();
      const reply = sandbox.request("Kinesis_20131202.PutRecords", body);
      seconds += (performance.now() - start) / 1_000;
      if (!reply.body.startsWith('{"FailedRecordCount":0,')) throw new Error(reply.body.slice(0, 200));
    }
    return seconds;
  };
  return { sandbox, put };
}

/** Bytes of memory for each of a million stored records, over their keys and data. */
function storedRecordBytes() {
  const records = 1_000_000;
  // Keys run from user-0 to user-7999.
  const keyBytes = (5 * 8_000 + 10 * 1 + 90 * 2 + 900 * 3 + 7_000 * 4) / 8_000;
  const { sandbox, put } = putWorld(4);
  put(16);
  const before = memoryBytes();
  put(records / 500);
  const taken = memoryBytes() - before;
  sandbox.free();
  return taken / records - 100 - keyBytes;
}

/** Wall time of a batch when a million records are stored, against the same with a thousand. */
function putCostWhenStored() {
  const { sandbox, put } = putWorld(4);
  put(2);
  const few = put(200);
  put(1_600);
  const many = put(200);
  sandbox.free();
  return many / few;
}

/** Wall time of a batch over ten thousand shards against the same over one. */
function putCostOfShards() {
  const [one, many] = [1, 10_000].map((shards) => {
    const { sandbox, put } = putWorld(shards);
    put(20);
    const seconds = put(200);
    sandbox.free();
    return seconds;
  });
  return many / one;
}

/** Records per second of wall time: GetRecords in pages of 10,000 records of 100 bytes through `request`, history off. */
function getRecords() {
  const { sandbox, put } = putWorld(1);
  const pages = 20;
  put(pages * 20);
  const body = JSON.stringify({ StreamName: "bench", ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" });
  let seconds = 0;
  let records = 0;
  for (let round = 0; round < 3; round += 1) {
    let { ShardIterator: iterator } = JSON.parse(sandbox.request("Kinesis_20131202.GetShardIterator", body).body);
    for (let page = 0; page < pages; page += 1) {
      sandbox.advance(1_000);
      const input = JSON.stringify({ ShardIterator: iterator, Limit: 10_000 });
      const start = performance.now();
      const reply = sandbox.request("Kinesis_20131202.GetRecords", input);
      seconds += (performance.now() - start) / 1_000;
      const answer = JSON.parse(reply.body);
      if (answer.Records?.length !== 10_000) throw new Error(reply.body.slice(0, 200));
      records += answer.Records.length;
      iterator = answer.NextShardIterator;
    }
  }
  sandbox.free();
  return records / seconds;
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

/** Virtual seconds per second of wall time: every neighbour once, 200 records/s on 4 shards, history on. */
function everyNeighbour() {
  const virtualSeconds = 300;
  const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
  const tables = {
    TableCount: "1",
    Tables: [
      {
        TableName: "customers",
        TablePath: "shop/customers/",
        TableOwner: "shop",
        TableColumns: [
          { ColumnName: "id", ColumnType: "INT8", ColumnIsPk: "true" },
          { ColumnName: "name", ColumnType: "STRING", ColumnLength: "20" },
        ],
        TableColumnsTotal: "2",
      },
    ],
  };
  const sandbox = new Sandbox({});
  call(sandbox, "CreateStream", { StreamName: "orders", ShardCount: 4 });
  sandbox.advance(30_000);
  for (const line of [
    "sandbox bucket create lake",
    "sandbox object put lake load/shop/customers/1.csv '1,ana'",
    "sandbox function create totals --count-by customer",
    `sandbox mapping create totals --event-source-arn ${arn}`,
    `sandbox firehose create clicks --kinesis-stream-arn ${arn} --bucket lake --interval-in-seconds 60 --backup-bucket lake`,
    "sandbox flink create counts --stream orders --window 1m",
    "sandbox kcl start billing --stream orders --workers 2",
    "sandbox alarm put late --metric-name GetRecords.IteratorAgeMilliseconds --dimensions StreamName=orders --statistic Maximum --threshold 60000",
    "sandbox kpl start web --stream orders --rate 200 --workload web-activity",
    `sandbox dms create load --bucket lake --bucket-folder load --stream orders --external-table-definition '${JSON.stringify(tables)}'`,
  ]) {
    const { exitCode, stderr } = sandbox.run(line);
    if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
  }
  sandbox.advance(60_000);
  const start = performance.now();
  sandbox.advance(virtualSeconds * 1_000);
  const seconds = (performance.now() - start) / 1_000;
  sandbox.free();
  return virtualSeconds / seconds;
}

/** Wall time of 1,000 lines of a script, each an AWS call that changes or reads something, with history. */
function pastedScript() {
  const sandbox = new Sandbox({});
  const lines = [
    "aws kinesis create-stream --stream-name orders --shard-count 2",
    "aws kinesis wait stream-exists --stream-name orders",
  ];
  for (let i = 0; i < 998; i += 1) {
    if (i % 4 === 0) lines.push("aws kinesis describe-stream-summary --stream-name orders");
    else if (i % 4 === 1) {
      lines.push("A=$(aws kinesis list-shards --stream-name orders --query 'Shards[].ShardId' --output text)");
    } else lines.push(`aws kinesis put-record --stream-name orders --partition-key user-${i} --data aGVsbG8=`);
  }
  const start = performance.now();
  for (const line of lines) {
    const { exitCode, stderr } = sandbox.run(line);
    if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
  }
  const milliseconds = performance.now() - start;
  sandbox.free();
  return milliseconds;
}

/** A sandbox, with history, in which a stream `orders` is ACTIVE and those lines have been run. */
function worldWith(shards, lines) {
  const sandbox = new Sandbox({});
  call(sandbox, "CreateStream", { StreamName: "orders", ShardCount: shards });
  sandbox.advance(30_000);
  for (const line of lines) {
    const { exitCode, stderr } = sandbox.run(line);
    if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
  }
  return sandbox;
}

/** Events handled per second of wall time: twenty programs of every kind on eight shards, history on. */
function events() {
  const keys = ["uniform:1000", "zipf:100", "random"];
  const lines = Array.from({ length: 10 }, (_, n) => {
    const [call, retry] = [n % 2 === 0 ? "single" : "batch", n % 4 === 0 ? "backoff" : "none"];
    const rate = 100 + 50 * n;
    return `sandbox producer start producer-${n} --stream orders --rate ${rate} --keys ${keys[n % 3]} --call ${call} --retry ${retry}`;
  });
  for (let n = 0; n < 5; n += 1) {
    const consumer = n % 2 === 1 ? ` --consumer consumer-${n}` : "";
    lines.push(`sandbox reader start reader-${n} --stream orders --from TRIM_HORIZON${consumer}`);
  }
  lines.push("sandbox kcl start billing --stream orders --workers 5");
  const sandbox = worldWith(8, lines);
  sandbox.advance(30_000);
  const perCall = 50_000;
  const calls = 10;
  const start = performance.now();
  for (let i = 0; i < calls; i += 1) {
    if (sandbox.advance(86_400_000, perCall) === 0) throw new Error("a day has more events");
  }
  const seconds = (performance.now() - start) / 1_000;
  sandbox.free();
  return (calls * perCall) / seconds;
}

/** Wall time of a year in which nobody does anything. */
function idleYear() {
  const sandbox = worldWith(2, []);
  const start = performance.now();
  sandbox.advance(365 * 86_400_000);
  const milliseconds = performance.now() - start;
  sandbox.free();
  return milliseconds;
}

/**
 * 24 hours of 4 shards, 50 records/s and an application of 3 workers, and the longest way to an instant of its last
 * hour. Once: it takes long.
 */
function applicationDay() {
  if (!isWanted("application_for_24_hours")) return;
  const sandbox = worldWith(4, [
    "sandbox producer start web --stream orders --rate 50",
    "sandbox kcl start billing --stream orders --workers 3",
  ]);
  let start = performance.now();
  sandbox.advance(86_400_000);
  console.log(`application_for_24_hours\t${Math.round(performance.now() - start)}\tms`);
  const end = sandbox.nowMs();
  let longest = 0;
  for (let n = 1; n <= 60; n += 1) {
    start = performance.now();
    sandbox.seek(end - ((n * 59_999) % 3_600_000));
    longest = Math.max(longest, performance.now() - start);
    sandbox.seek(end);
  }
  console.log(`longest_seek_in_its_last_hour\t${Math.round(longest)}\tms`);
  sandbox.free();
}
