// Turns HTTP on this machine into calls of a sandbox, so that programs which know nothing of it can talk to it.
//
// Two ports, because clients that speak cleartext HTTP/2 do not ask first: one for HTTP/1.1, one for HTTP/2.
// Signatures are not checked, and any address is the service's: requests are told apart by X-Amz-Target alone.

import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { pipeline, Readable } from "node:stream";

import { WallClock } from "./clock.js";
import { SandboxRequestHandler } from "./sdk.js";

// The largest request of the service, PutRecords of 10 MiB, is 14 MB in base64.
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Serves `sandbox` on loopback. Options: `factor` (virtual milliseconds in one of wall time, 1 unless given), `port`
 * and `http2Port` (free ones unless given), `onCall`, as for the request handler, and `hasClock`: whether
 * `POST /advance?ms=N` moves the clock.
 * Returns the two addresses, `url` and `http2Url`, the `clock`, and `close()`.
 */
export async function startBridge(sandbox, { factor = 1, port = 0, http2Port = 0, onCall, hasClock = false } = {}) {
  const clock = new WallClock(sandbox, factor);
  const handler = new SandboxRequestHandler(sandbox, { onTime: () => clock.settle(), onCall });
  const listener = (request, response) => {
    if (hasClock && request.url.startsWith("/advance")) {
      const { pathname, searchParams } = new URL(request.url, "http://localhost");
      if (pathname === "/advance") return advance(clock, request, response, searchParams.get("ms"));
    }
    receive(request, response, (text) => answer(handler, response, text, request.headers));
  };
  const http = createServer(listener);
  const http2 = createHttp2Server(listener);
  const sessions = new Set();
  http2.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  await Promise.all([listen(http, port), listen(http2, http2Port)]);
  return {
    url: address(http),
    http2Url: address(http2),
    clock,
    async close() {
      http.closeAllConnections();
      for (const session of sessions) session.destroy();
      await Promise.all([http, http2].map((server) => new Promise((done) => server.close(done))));
    },
  };
}

/** Moves the clock by hand: for tests that do not wait. */
function advance(clock, request, response, text) {
  // Thirty-one days: what one call may take.
  const max = 31 * 86_400_000;
  const ms = /^\d{1,10}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (request.method !== "POST" || !(ms <= max)) {
    return fail(response, 400, "ValidationException", `POST /advance?ms=N moves the clock by 0 to ${max} ms`);
  }
  clock.advance(ms);
  response.sendDate = false;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ nowMs: clock.nowMs }));
}

/** Hands on the whole text of a request, or refuses it. */
function receive(request, response, done) {
  if (request.method !== "POST") {
    return fail(response, 405, "UnknownOperationException", `requests of Kinesis are POST, not ${request.method}`);
  }
  const chunks = [];
  let bytes = 0;
  request.on("data", (chunk) => {
    bytes += chunk.length;
    // What is too much is read all the same: an answer before the end would reach nobody.
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  });
  request.on("end", () => {
    if (bytes > BODY_BYTES_MAX) {
      return fail(response, 413, "SerializationException", `a request may have ${BODY_BYTES_MAX} bytes, not ${bytes}`);
    }
    const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, bytes);
    done(whole.toString("utf8"));
  });
  // Who goes away in the middle of a request gets no answer.
  request.on("error", () => response.destroy());
}

function answer(handler, response, text, headers) {
  try {
    const reply = handler.reply(headers, text);
    response.sendDate = false;
    if (reply.subscription !== undefined) return stream(handler, response, reply);
    // Text that goes with its headers in one piece; Node sends bytes apart from them.
    response.writeHead(reply.statusCode, { ...reply.headers, "content-length": Buffer.byteLength(reply.text) });
    response.end(reply.text);
  } catch (error) {
    // A client may go away in the middle of an answer; before one has begun it is a defect of the bridge.
    if (!response.headersSent) fail(response, 500, "InternalFailure", error.message);
  }
}

/** Sends the frames of a subscription as they fall due, until it ends or nobody reads on. */
function stream(handler, response, { statusCode, headers, subscription }) {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(statusCode, headers);
  response.flushHeaders?.();
  const frames = Readable.fromWeb(handler.frames(subscription, gone.signal));
  // A client that goes away ends it too, and that is no failure.
  pipeline(frames, response, () => {});
}

function fail(response, status, type, message) {
  response.sendDate = false;
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify({ __type: type, message }));
}

function listen(server, port) {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", done);
  });
}

function address(server) {
  return `http://127.0.0.1:${server.address().port}`;
}
