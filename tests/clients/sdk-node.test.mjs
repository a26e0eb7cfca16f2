// The AWS SDK for JavaScript in Node with its own request handler, over the bridge's HTTP/2.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { scenarios } from "./sdk-scenarios.mjs";
import { World } from "./sdk-world.mjs";
import { bridgeFor } from "./support.mjs";

// The pinned version does run on Node 20, whatever later ones will need.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
// The npm packages stand beside the page's own files, not above this one.
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const sdk = require("@aws-sdk/client-kinesis");

for (const [name, play] of Object.entries(scenarios)) {
  test(`JavaScript SDK in Node: ${name}`, async (t) => {
    const bridge = await bridgeFor(t, { afterCall: (call) => world.afterCall(call) });
    const world = new World(sdk, { endpoint: bridge.http2Url }, (ms) => bridge.clock.advance(ms));
    t.after(() => world.kinesis.destroy());
    await play(world);
    assert.equal(world.kinesis.config.requestHandler.metadata.handlerProtocol, "h2");
  });
}
