// The page with the network gone, and another version on the host.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { lastBlock, type } from "../browser/steps.mjs";
import { launch, root } from "../browser/support.mjs";

const site = resolve(process.env.SITE_DIR ?? join(root, "dist"));
const types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
// A quickly built site changes too often to be kept. Whoever tests one says so; any other must have its list.
const isQuick = process.env.SITE_IS_QUICKLY_BUILT === "1";
let folder;
let server;
let browser;
let address;
let isUp = true;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "offline-"));
  cpSync(site, folder, { recursive: true });
  // A strict host sends the page's policy with every file, the worker's too.
  const [, policy] = readFileSync(join(site, "index.html"), "utf8").match(/http-equiv="Content-Security-Policy"\s+content="([^"]+)"/);
  server = createServer((request, response) => {
    if (!isUp) return request.socket.destroy();
    const path = new URL(request.url, "http://localhost").pathname.replace(/^\/app\//, "/");
    try {
      const body = readFileSync(join(folder, path === "/" ? "index.html" : path));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "text/html", "cache-control": "max-age=600", "content-security-policy": policy });
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

/** A page that a worker looks after. */
async function visit(t) {
  const context = await browser.newContext({ locale: "en-US" });
  t.after(() => context.close());
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(address);
  // A page that is left while its worker still fetches the version's files begins that again.
  const isActive = async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done, { once: true }));
  };
  await page.evaluate(isActive);
  // Chromium asks the network once more where it is very quick to reload.
  while (!(await page.evaluate(() => navigator.serviceWorker.controller !== null))) {
    await page.reload();
    await page.evaluate(isActive);
  }
  return page;
}

/** Puts another version on the host: another title, and another picture as one of the files that come later. */
function publish(version) {
  const list = join(folder, "offline-files.js");
  writeFileSync(list, readFileSync(list, "utf8").replace(/version: "[^"]+"/, `version: "${version}"`));
  const page = readFileSync(join(folder, "index.html"), "utf8");
  writeFileSync(join(folder, "index.html"), page.replace(/<title>.*<\/title>/, `<title>Sandbox ${version}</title>`));
  writeFileSync(join(folder, "icon.svg"), `<svg xmlns="http://www.w3.org/2000/svg"><desc>${version}</desc></svg>`);
}

const look = (page) => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
const icon = (page) => page.evaluate(async () => (await fetch("icon.svg")).text());
const versions = (page) => page.evaluate(async () => (await caches.keys()).filter((key) => key.startsWith("kinesis-sandbox-")));

test("the list names the files that the page is made of, and each of them is there", { skip: isQuick }, () => {
  const text = readFileSync(join(site, "offline-files.js"), "utf8");
  const [, version, list] = text.match(/version: "([^"]*)", files: (\[.*\])/);
  assert.match(version, /^[0-9a-f]{16}$/);
  const files = JSON.parse(list);
  for (const needed of ["./", "index.html", "boot.js", "style.css", "pkg/kinesis_sandbox.js", "pkg/kinesis_sandbox_bg.wasm", "pkg/lazy/kinesis_sandbox_rest.wasm"]) {
    assert.ok(files.includes(needed), `${needed} is not kept`);
  }
  for (const file of files) assert.ok(existsSync(join(site, file)), `${file} is listed, but not there`);
});

test("the page opens without a network", { skip: isQuick, timeout: 60_000 }, async (t) => {
  const page = await visit(t);
  await type(page, "aws kinesis create-stream --stream-name kept --shard-count 1");
  await lastBlock(page).waitFor();

  isUp = false;
  t.after(() => (isUp = true));
  server.closeAllConnections();
  await page.reload();
  await type(page, "aws kinesis list-streams --output text");
  await lastBlock(page).getByText("kept").waitFor();
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await page.goto(`${address}?from=elsewhere`);
  await page.getByRole("list", { name: "Shards" }).waitFor();
});

test("a new version waits, takes over when it is asked to, and no page meets files of two versions", { skip: isQuick, timeout: 60_000 }, async (t) => {
  publish("one");
  const page = await visit(t);
  await type(page, "aws kinesis create-stream --stream-name kept --shard-count 1");
  await lastBlock(page).waitFor();
  const other = await page.context().newPage();
  await other.goto(address);
  await other.getByRole("list", { name: "Shards" }).waitFor();

  publish("two");
  await look(page);
  const offer = (of) => of.getByRole("status").filter({ hasText: "A new version of the sandbox is ready." });
  await offer(page).waitFor();
  await page.reload();
  assert.equal(await page.title(), "Sandbox one", "as long as nobody asks for it, pages are of the old version");
  assert.match(await icon(page), /<desc>one</);
  assert.equal((await versions(page)).length, 2);

  await offer(page).waitFor();
  await page.getByRole("button", { name: "Use it now" }).click();
  await page.waitForFunction(() => document.title === "Sandbox two");
  await type(page, "aws kinesis list-streams --output text");
  await lastBlock(page).getByText("kept").waitFor();
  assert.match(await icon(page), /<desc>two</);

  // The other page is of the old version from its first file to its last, with and without a network.
  assert.equal(await other.title(), "Sandbox one");
  assert.match(await icon(other), /<desc>one</);
  isUp = false;
  t.after(() => (isUp = true));
  server.closeAllConnections();
  assert.match(await icon(other), /<desc>one</);
  assert.match(await icon(page), /<desc>two</);
  await offer(other).waitFor();
  await other.getByRole("button", { name: "Use it now" }).click();
  await other.waitForFunction(() => document.title === "Sandbox two");
  await other.getByRole("list", { name: "Shards" }).waitFor();
  assert.match(await icon(other), /<desc>two</);
  await other.reload();
  await other.getByRole("list", { name: "Shards" }).waitFor();
  assert.deepEqual(await versions(other), ["kinesis-sandbox-two"], "nobody needs the old version any more");
});

test("a version that comes incomplete is not taken, and the old one stays", { skip: isQuick, timeout: 60_000 }, async (t) => {
  publish("three");
  const page = await visit(t);
  publish("four");
  const list = join(folder, "offline-files.js");
  const whole = readFileSync(list, "utf8");
  writeFileSync(list, whole.replace("files: [", 'files: ["is-not-there.js",'));
  t.after(() => writeFileSync(list, whole));
  await look(page).catch(() => {});
  await page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return registration.installing === null && registration.waiting === null;
  });
  await page.reload();
  assert.equal(await page.title(), "Sandbox three");
  await page.getByRole("list", { name: "Shards" }).waitFor();
});
