// One file with everything in it, opened from a disk with the network off.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { lastBlock, type } from "../browser/steps.mjs";
import { launch, root } from "../browser/support.mjs";
import { writeLesson, writeShare } from "../../web/share.js";

// `cargo xtask test offline` makes it and says where it stands; of a quickly built site there is none.
const skip = process.env.SITE_IS_QUICKLY_BUILT === "1";
const file = process.env.SINGLE_FILE ?? join(root, "target/single-file/kinesis-sandbox.html");
const address = pathToFileURL(file).href;
// 900 KB, so that it can be sent around.
const BYTES_MAX = 900_000;
let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

async function open(t, path = "", init = undefined) {
  const context = await browser.newContext({ offline: true, locale: "en-US" });
  const problems = [];
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  context.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(address)) problems.push(`request to ${request.url()}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(problems, [], "the file had problems");
  });
  // Spreading all of it takes some seconds, and many on a machine with other work.
  context.setDefaultTimeout(240_000);
  const page = await context.newPage();
  if (init) await page.addInitScript(init);
  await page.goto(address + path);
  if (path === "") await page.getByRole("list", { name: "Shards" }).waitFor();
  return page;
}

test("the file is small enough to send", { skip }, () => {
  const { length } = readFileSync(file);
  assert.ok(length <= BYTES_MAX, `${length} bytes, ${length - BYTES_MAX} too many`);
});

test("the file opens from a disk, runs commands and keeps the session", { skip }, async (t) => {
  const page = await open(t);
  const picture = await page.evaluate(() => Math.round(performance.now()));
  await type(page, "aws kinesis put-record --stream-name clicks --partition-key user-1 --data aGk=");
  await lastBlock(page).getByText("SequenceNumber").waitFor();
  await page.waitForFunction(() => document.getElementById("unpacking").hidden);
  t.diagnostic(`the first picture stood after ${picture} ms`);
  assert.equal(await timesSpread(page), 1);
  await parts(page);
  await page.reload();
  await page.getByRole("list", { name: "Shards" }).getByText("1 record", { exact: true }).first().waitFor();
  t.diagnostic(`with a session to go on with after ${await page.evaluate(() => Math.round(performance.now()))} ms`);
  assert.equal(await timesSpread(page), 0, "what was spread once is kept");
});

test("nothing is said to be unpacked any more once all of it was needed at once", { skip }, async (t) => {
  const page = await open(t, "", () => {
    addEventListener("DOMContentLoaded", () => {
      // As soon as the page is seen, before it asks for the rest in its own time.
      const seen = new MutationObserver(() => {
        seen.disconnect();
        kinesisSandboxFile.restNow();
        globalThis.isSilent = document.getElementById("unpacking").hidden;
      });
      seen.observe(document.getElementById("sandbox"), { childList: true });
    });
  });
  assert.equal(await page.evaluate(() => globalThis.isSilent), true);
});

test("only the parts of this very file are taken from what is kept", { skip }, async (t) => {
  const page = await open(t);
  await page.evaluate(() => kinesisSandboxFile.rest());
  for (const change of ["a byte of the first part is another", "what is kept is no list of parts"]) {
    await parts(page, change);
    await page.reload();
    await page.getByRole("list", { name: "Shards" }).waitFor();
    assert.equal(await timesSpread(page), 1, change);
  }
});

/** How often the page, since it was loaded, spread what lies in the file. */
function timesSpread(page) {
  return page.evaluate(() => performance.getEntriesByName("spread").length);
}

/** Waits for the parts that the file keeps in the browser, and changes them when told to. */
function parts(page, change) {
  return page.evaluate(async (change) => {
    const result = (request) => new Promise((done, failed) => Object.assign(request, { onsuccess: () => done(request.result), onerror: failed }));
    for (;;) {
      const database = await result(indexedDB.open("kinesis-sandbox-parts", 1));
      const stored = () => database.transaction("kinesis-sandbox-parts", "readwrite").objectStore("kinesis-sandbox-parts");
      const [hash] = await result(stored().getAllKeys());
      if (hash !== undefined) {
        const kept = await result(stored().get(hash));
        if (change?.startsWith("a byte")) kept[2][1_000] ^= 1;
        if (change) await result(stored().put(change.startsWith("a byte") ? kept : { length: 4 }, hash));
        database.close();
        return;
      }
      database.close();
      await new Promise(requestAnimationFrame);
    }
  }, change);
}

test("everything is in it: help, an exercise, a link", { skip }, async (t) => {
  const page = await open(t);
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Session", { exact: true }).click();
  await page.getByRole("button", { name: "Copy a link", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "The link is" }).waitFor();
  assert.match(new URL(page.url()).hash, /^#s1\./);
  await page.reload();
  await page.getByRole("button", { name: "Open it" }).click();
  await page.getByRole("list", { name: "Shards" }).waitFor();
});

test("links with a session, a lesson and a pack open in it", { skip }, async (t) => {
  const session = '{"session":1,"engine":"0.1.0"}\n';
  const shared = await open(t, await writeShare({ session }));
  await shared.getByText("It replays 0 commands").waitFor();
  const lesson = await open(t, await writeLesson(JSON.stringify({ title: "Mine", setup: [] })));
  await lesson.getByText("It calls itself “Mine”").waitFor();
  const pack = await open(t, "#pack");
  await pack.getByRole("heading", { name: "Open a class pack" }).waitFor();
});
