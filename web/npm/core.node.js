// The headless sandbox in Node: the module is read and started when this is imported.

import { readFileSync } from "node:fs";

import { initSync } from "../pkg/kinesis_sandbox.js";

initSync({ module: readFileSync(new URL("../pkg/kinesis_sandbox_bg.wasm", import.meta.url)) });

export { commands, Sandbox } from "../pkg/kinesis_sandbox.js";
export { readShare, writeShare } from "../share.js";
