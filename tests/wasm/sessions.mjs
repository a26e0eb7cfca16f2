// Opens sessions in the shipped module and compares their digests with those of the native build:
// `cargo run --release -p tests --bin sessions -- --sessions 10000 --save FILE`, then `node tests/wasm/sessions.mjs FILE`.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { loadModule } from "./support.mjs";

const { Sandbox } = await loadModule();
let sessions = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const { seed, digest, session } = JSON.parse(line);
  const sandbox = Sandbox.load(session);
  if (sandbox.digest() !== digest) throw new Error(`seed ${seed}: ${sandbox.digest()} here, ${digest} natively`);
  sandbox.free();
  sessions += 1;
}
console.log(`${sessions} sessions have the same digest natively and in the shipped module`);
