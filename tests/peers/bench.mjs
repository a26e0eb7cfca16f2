// `bench.mjs PEER`: records that a simulation accepts in a second of wall time, in process and over HTTP.
// Each line is `name<TAB>value<TAB>unit`. Every peer gets the same requests of the same client, one after another for the same
// time: a slow one answers fewer of them. A quick one ends early, before what it has stored is all that is measured.

import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { peers } from "./peers.mjs";

const RECORDS_PER_CALL = 500;
const RECORD_BYTES = 100;
const SHARDS = 4;
const CALLS_MAX = 1_000;
const TIME_MS_MAX = 8_000;
// Calls before the measured ones, in which the engine compiles what is hot.
const WARM_UP_CALLS_MAX = 100;
const WARM_UP_MS_MAX = 3_000;
const CALLS_IN_FLIGHT = 4;
// Between two looks at whether the stream can be used.
const POLL_INTERVAL_MS = 10;

const peer = process.argv[2];
const bodies = Array.from({ length: 16 }, (_, batch) =>
  JSON.stringify({
    StreamName: "bench",
    Records: Array.from({ length: RECORDS_PER_CALL }, (_, index) => ({
      Data: Buffer.alloc(RECORD_BYTES, "x").toString("base64"),
      PartitionKey: `user-${batch * RECORDS_PER_CALL + index}`,
    })),
  }),
);

const inProcess = await peers[peer].inProcess?.();
if (inProcess) console.log(`put_records_in_process\t${await measure(inProcess, 1)}\trecords/s`);

const server = fork(fileURLToPath(new URL("server.mjs", import.meta.url)), [peer]);
const [url] = await once(server, "message");
const agent = new Agent({ keepAlive: true, maxSockets: CALLS_IN_FLIGHT });
console.log(`put_records_over_http\t${await measure(overHttp, CALLS_IN_FLIGHT)}\trecords/s`);
agent.destroy();
server.disconnect();

/** Records a second, with `n_in_flight` calls at a time. */
async function measure(send, n_in_flight) {
  const call = async (operation, body) => {
    const answer = await send({ headers: headersOf(operation), body });
    if (answer.status !== 200) throw new Error(`${peer}: ${operation}: ${answer.status} ${answer.text}`);
    return answer.text;
  };
  await call("CreateStream", JSON.stringify({ StreamName: "bench", ShardCount: SHARDS }));
  while (!(await call("DescribeStream", '{"StreamName":"bench"}')).includes('"ACTIVE"')) await pause(POLL_INTERVAL_MS);
  /** Puts records for a time; returns how many a second were taken, up to the last answer. */
  const put = async (n_calls_max, msMax) => {
    const start = performance.now();
    let next = 0;
    const lane = async () => {
      while (next < n_calls_max && performance.now() - start < msMax) {
        const body = bodies[next++ % bodies.length];
        const text = await call("PutRecords", body);
        // All of them write it so; reading the whole answer would be measured with them.
        if (!/"FailedRecordCount": ?0\b/.test(text)) throw new Error(`${peer}: records were refused: ${text.slice(0, 200)}`);
      }
    };
    await Promise.all(Array.from({ length: n_in_flight }, lane));
    return Math.round((next * RECORDS_PER_CALL) / ((performance.now() - start) / 1_000));
  };
  await put(WARM_UP_CALLS_MAX, WARM_UP_MS_MAX);
  return put(CALLS_MAX, TIME_MS_MAX);
}

function overHttp({ headers, body }) {
  return new Promise((done, failed) => {
    const sent = httpRequest(url, { method: "POST", agent, headers: { ...headers, "content-length": Buffer.byteLength(body) } });
    sent.on("error", failed);
    sent.on("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk) => (text += chunk));
      answer.on("end", () => done({ status: answer.statusCode, text }));
    });
    sent.end(body);
  });
}

/** A signature that nobody checks, but that has to be there. */
function headersOf(operation) {
  return {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `Kinesis_20131202.${operation}`,
    "x-amz-date": "20260101T000000Z",
    authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=b",
  };
}
