// The simulations to compare, all behind the same two functions: `serve()` answers HTTP on this machine and gives its
// address, `inProcess()` gives a function that answers one request, `{ headers, body }`, without a network.

import { spawn } from "node:child_process";
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

  moto: {
    // It is Python: there is no way to it but HTTP.
    async serve() {
      const server = spawn(process.env.PEERS_PYTHON, ["-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", "0"], {
        stdio: ["ignore", "ignore", "pipe"],
        env: { PATH: process.env.PATH, PYTHONUNBUFFERED: "1" },
      });
      process.on("exit", () => server.kill());
      return new Promise((done, failed) => {
        let printed = "";
        server.stderr.on("data", (chunk) => {
          printed = (printed + chunk).slice(-2_000);
          const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
          if (url) done(url);
        });
        server.on("exit", () => failed(new Error(`moto ended: ${printed}`)));
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
