// The headless sandbox in a browser: importing this loads the module and waits for it.

import * as module from "../pkg/kinesis_sandbox.js";

await module.default();
// A quickly built module is in one piece and has no rest.
await module.loadRest?.();

export { commands, Sandbox } from "../pkg/kinesis_sandbox.js";
export { readShare, writeShare } from "../share.js";
