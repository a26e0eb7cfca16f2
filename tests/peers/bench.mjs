// `bench.mjs PEER`: records that a simulation accepts in a second of wall time, in process and over HTTP.
// Each line is `name<TAB>value<TAB>unit`. Every peer gets the same requests, of the same client, in the same number.

import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { peers } from "./peers.mjs";

const RECORDS_PER_CALL = 500;
const RECORD_BYTES = 100;
const SHARDS = 4;
const CALLS = 200;
// Calls before the measured ones, in which the engine compiles what is hot.
const WARM_UP_CALLS = 40;
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
  const put = async (n_calls) => {
    let next = 0;
    const lane = async () => {
      while (next < n_calls) {
        const body = bodies[next++ % bodies.length];
        const { FailedRecordCount } = JSON.parse(await call("PutRecords", body));
        if (FailedRecordCount !== 0) throw new Error(`${peer}: ${FailedRecordCount} records were refused`);
      }
    };
    await Promise.all(Array.from({ length: n_in_flight }, lane));
  };
  await put(WARM_UP_CALLS);
  const start = performance.now();
  await put(CALLS);
  return Math.round((CALLS * RECORDS_PER_CALL) / ((performance.now() - start) / 1_000));
}

async function overHttp({ headers, body }) {
  const sent = httpRequest(url, { method: "POST", agent, headers: { ...headers, "content-length": Buffer.byteLength(body) } });
  sent.end(body);
  const [answer] = await once(sent, "response");
  return { status: answer.statusCode, text: await text(answer) };
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
