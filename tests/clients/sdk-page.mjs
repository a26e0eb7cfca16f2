// The program of the test page: the AWS SDK for JavaScript, a sandbox and the scenarios, bundled into one script.

import * as sdk from "@aws-sdk/client-kinesis";
import * as module from "kinesis_sandbox";
import bytes from "kinesis_sandbox_bg.wasm";
import restBytes from "kinesis_sandbox_rest.wasm";

import { SandboxRequestHandler } from "../../web/npm/sdk.js";
import { scenarios } from "./sdk-scenarios.mjs";
import { World } from "./sdk-world.mjs";

const { Sandbox, initSync } = module;
initSync({ module: bytes });
// A quickly built module is in one piece.
module.loadRestSync?.({ module: restBytes });

/** Plays a scenario in a fresh sandbox; it is the test that calls this. */
globalThis.play = async (name) => {
  const sandbox = new Sandbox();
  const requestHandler = new SandboxRequestHandler(sandbox, {
    onCall: ({ operation, status, reply }) =>
      world.afterCall({ operation, status, error: status === 200 ? undefined : JSON.parse(reply).__type }),
  });
  const world = new World(sdk, { requestHandler }, (ms) => sandbox.advance(ms));
  await scenarios[name](world);
  sandbox.free();
};
globalThis.isReady = true;
