// Loads the shipped module into Node, the way a user of the JavaScript face does it there.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

// The site under test: the one that `cargo xtask test` has just built, else the last release build.
export const site = resolve(process.env.SITE_DIR ?? join(root, "dist"));

let memory;

/** Bytes of WebAssembly memory that the module has taken. */
export const memoryBytes = () => memory.buffer.byteLength;

/** The module's exports, started and ready to use. */
export async function loadModule() {
  const glue = await import(pathToFileURL(join(site, "pkg/kinesis_sandbox.js")));
  const bytes = readFileSync(join(site, "pkg/kinesis_sandbox_bg.wasm"));
  memory = glue.initSync({ module: bytes }).memory;
  return glue;
}
