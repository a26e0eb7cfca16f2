#!/usr/bin/env node
// The commands of the npm package.

import { parseArgs } from "node:util";

const usage = `usage:
  kinesis-sandbox serve [--port N] [--http2-port N] [--factor N] [--limits NAME] [--seed N]
      Answers AWS SDKs and the AWS CLI on this machine: HTTP/1.1 on --port (4567), cleartext HTTP/2 on --http2-port
      (4568). Virtual time runs --factor times as fast as the wall clock (1); with 0 it stands still and only
      POST /advance?ms=N moves it.
  kinesis-sandbox render [--scenario NAME | --commands TEXT] [--at TIME] [--view NAME] [--controls NAME]
      Writes an element for a document, with a picture and a transcript for readers before it starts, without
      JavaScript and on paper.
`;

const [command, ...rest] = process.argv.slice(2);
const commands = { serve, render };
if (command === undefined || command === "--help" || !Object.hasOwn(commands, command)) {
  (command === "--help" ? process.stdout : process.stderr).write(usage);
  process.exit(command === "--help" ? 0 : 2);
}
try {
  await commands[command](rest);
} catch (error) {
  process.stderr.write(`kinesis-sandbox ${command}: ${error.message}\n`);
  process.exit(1);
}

async function serve(args) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "4567" },
      "http2-port": { type: "string", default: "4568" },
      factor: { type: "string", default: "1" },
      limits: { type: "string" },
      seed: { type: "string", default: "1" },
    },
  });
  const [{ Sandbox }, { startBridge }] = await Promise.all([import("../core.node.js"), import("../bridge.js")]);
  const number = (name, max) => {
    const value = Number(values[name]);
    if (!/^\d+(\.\d+)?$/.test(values[name]) || value > max) throw new Error(`--${name} is a number from 0 to ${max}`);
    return value;
  };
  const sandbox = new Sandbox({
    history: false,
    startTimeMs: Date.now(),
    seed: number("seed", Number.MAX_SAFE_INTEGER),
    ...(values.limits && { limits: values.limits }),
  });
  const { url, http2Url } = await startBridge(sandbox, {
    factor: number("factor", 1_000_000),
    port: number("port", 65_535),
    http2Port: number("http2-port", 65_535),
    hasClock: true,
  });
  console.log(`HTTP/1.1 (AWS CLI, boto3, most SDKs): ${url}`);
  console.log(`HTTP/2 (AWS SDK for JavaScript in Node): ${http2Url}`);
}

async function render(args) {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: "string" },
      commands: { type: "string" },
      at: { type: "string" },
      view: { type: "string" },
      controls: { type: "string" },
      limits: { type: "string" },
      seed: { type: "string" },
    },
  });
  const [{ Sandbox, commands }, { snippet }] = await Promise.all([import("../core.node.js"), import("../snippet.js")]);
  process.stdout.write(await snippet({ Sandbox, commands }, values));
}
