// The simulations to compare, all behind the same two functions: `serve()` answers HTTP on this machine and gives its
// address, `inProcess()` gives a function that answers one request, `{ headers, body }`, without a network.

import { EventEmitter } from "node:events";
import { createRequire } from "node:module";

import { startBridge } from "../../web/npm/bridge.js";
import { WallClock } from "../../web/npm/clock.js";
import { SandboxRequestHandler } from "../../web/npm/sdk.js";
import { loadModule } from "../wasm/support.mjs";

// Virtual time runs so fast that no shard's second is ever full: the other simulations know no such limits.
const FACTOR = 1_000;

export const peers = {
  kinesalite: {
    async serve() {
      const server = kinesalite();
      await new Promise((done) => server.listen(0, "127.0.0.1", done));
      return `http://127.0.0.1:${server.address().port}`;
    },

    async inProcess() {
      const server = kinesalite();
      // Its own listener gets what it needs of a request and a response, so that all of its work is counted.
      return ({ headers, body }) =>
        new Promise((answered) => {
          const request = Object.assign(new EventEmitter(), { method: "POST", url: "/", headers });
          const response = { setHeader() {}, end: (text) => answered({ status: response.statusCode, text }) };
          server.emit("request", request, response);
          request.emit("data", Buffer.from(body));
          request.emit("end");
        });
    },
  },

  sandbox: {
    async serve() {
      return (await startBridge(await newSandbox(), { factor: FACTOR })).url;
    },

    async inProcess() {
      const sandbox = await newSandbox();
      const clock = new WallClock(sandbox, FACTOR);
      const handler = new SandboxRequestHandler(sandbox, { onTime: () => clock.settle() });
      return async (request) => {
        const { response } = await handler.handle(request);
        return { status: response.statusCode, text: new TextDecoder().decode(response.body) };
      };
    },
  },
};

function kinesalite() {
  return createRequire(import.meta.url)("kinesalite")({ createStreamMs: 1 });
}

async function newSandbox() {
  const { Sandbox } = await loadModule();
  return new Sandbox({ history: false });
}
