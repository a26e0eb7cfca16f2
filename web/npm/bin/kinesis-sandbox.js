#!/usr/bin/env node
// The commands of the npm package.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const usage = `usage:
  kinesis-sandbox serve [--port N] [--http2-port N] [--factor N] [--limits NAME] [--seed N]
      Answers AWS SDKs and the AWS CLI on this machine: HTTP/1.1 on --port (4567), cleartext HTTP/2 on --http2-port
      (4568). Virtual time runs --factor times as fast as the wall clock (1); with 0 it stands still and only
      POST /advance?ms=N moves it.
  kinesis-sandbox render [--scenario NAME | --commands TEXT] [--at TIME] [--view NAME] [--controls NAME]
      Writes an element for a document, with a picture and a transcript for readers before it starts, without
      JavaScript and on paper.
  kinesis-sandbox pack PACK.json [--page ADDRESS]
      Checks a class pack, and that each of its items begins; prints its link.
  kinesis-sandbox check RECEIPT.json… [--pack PACK.json]
      Plays receipts again and says what they are worth; ends with 1 where one is not solved or not as it says.
`;

const [command, ...rest] = process.argv.slice(2);
const commands = { serve, render, pack, check };
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

async function pack(args) {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { page: { type: "string" } } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error("which pack? Its file: PACK.json");
  const [module, { beginItem, readPack, writePackLink }] = await Promise.all([import("../core.node.js"), import("../../pack.js")]);
  const text = readFileSync(file, "utf8");
  const { title, items } = readPack(text);
  for (const [index, item] of items.entries()) {
    try {
      beginItem(module, item);
    } catch (error) {
      throw new Error(`item ${index + 1}: ${error.message}`);
    }
  }
  console.log(`${title}: ${items.length === 1 ? "one item, which begins" : `${items.length} items, each of which begins`}.`);
  console.log(`${values.page ?? ""}${await writePackLink(text)}`);
}

async function check(args) {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { pack: { type: "string" } } });
  if (positionals.length === 0) throw new Error("which receipts? Their files: RECEIPT.json…");
  const [module, { checkReceipt }] = await Promise.all([import("../core.node.js"), import("../../pack.js")]);
  const packText = values.pack === undefined ? undefined : readFileSync(values.pack, "utf8");
  for (const file of positionals) {
    let isRight = false;
    try {
      const { title, learner, goals, commands, isSolved, problems } = await checkReceipt(module, readFileSync(file, "utf8"), packText);
      const reached = goals.filter(({ isReached }) => isReached).length;
      console.log(`${file}: ${title}${learner && `, ${learner}`}: ${isSolved ? "solved" : "not solved"}, ${reached} of ${goals.length} goals, ${commands} commands`);
      for (const { text, isReached, reason } of goals) console.log(`  [${isReached ? "x" : " "}] ${text}: ${reason}`);
      for (const problem of problems) console.log(`  ! ${problem}`);
      isRight = isSolved && problems.length === 0;
    } catch (error) {
      console.log(`${file}: ${error.message}`);
    }
    if (!isRight) process.exitCode = 1;
  }
}
