// The page with the network gone, and another version on the host.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { lastBlock, type } from "../browser/steps.mjs";
import { launch, root } from "../browser/support.mjs";

const site = resolve(process.env.SITE_DIR ?? join(root, "dist"));
const types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
// A quickly built site changes too often to be kept.
const isKept = !readFileSync(join(site, "offline-files.js"), "utf8").includes("files: []");
let folder;
let server;
let browser;
let address;
let isUp = true;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "offline-"));
  cpSync(site, folder, { recursive: true });
  server = createServer((request, response) => {
    if (!isUp) return request.socket.destroy();
    const path = new URL(request.url, "http://localhost").pathname.replace(/^\/app\//, "/");
    try {
      const body = readFileSync(join(folder, path === "/" ? "index.html" : path));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "text/html", "cache-control": "max-age=600" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${server.address().port}/app/`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the page opens without a network, and a new version waits until no page of the old one is open", { skip: !isKept }, async (t) => {
  const context = await browser.newContext({ locale: "en-US" });
  t.after(() => context.close());
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated");
  await type(page, "aws kinesis create-stream --stream-name kept --shard-count 1");
  await lastBlock(page).waitFor();

  isUp = false;
  server.closeAllConnections();
  await page.reload();
  await type(page, "aws kinesis list-streams --output text");
  await lastBlock(page).getByText("kept").waitFor();
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await page.goto(`${address}?from=elsewhere`);
  await page.getByRole("list", { name: "Shards" }).waitFor();

  // Another version on the host: the open page goes on with its own.
  isUp = true;
  const list = join(folder, "offline-files.js");
  writeFileSync(list, readFileSync(list, "utf8").replace(/version: "[^"]+"/, 'version: "next"'));
  writeFileSync(join(folder, "index.html"), readFileSync(join(folder, "index.html"), "utf8").replace("<title>Kinesis", "<title>Next Kinesis"));
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
  });
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration()).waiting !== null);
  await page.reload();
  assert.equal(await page.title(), "Kinesis Sandbox");
});
