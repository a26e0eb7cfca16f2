// `node tests/bridge/serve.mjs [--factor N] [--port N] [--http2-port N]`: a sandbox for programs on this machine.
// Its virtual time begins at the present instant and runs FACTOR times as fast as the wall clock.

import { parseArgs } from "node:util";

import { loadModule } from "../wasm/support.mjs";
import { startBridge } from "./bridge.mjs";

const { values } = parseArgs({
  options: {
    factor: { type: "string", default: "1" },
    port: { type: "string", default: "4567" },
    "http2-port": { type: "string", default: "4568" },
  },
});
const { Sandbox } = await loadModule();
const sandbox = new Sandbox({ history: false, startTimeMs: Date.now() });
const { url, http2Url } = await startBridge(sandbox, {
  factor: Number(values.factor),
  port: Number(values.port),
  http2Port: Number(values["http2-port"]),
});
console.log(`HTTP/1.1 (AWS CLI, boto3): ${url}`);
console.log(`HTTP/2 (AWS SDK for JavaScript in Node): ${http2Url}`);
