// One file with everything in it, opened from a disk with the network off.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { singleFile } from "../../xtask/scripts/single-file.mjs";
import { lastBlock, type } from "../browser/steps.mjs";
import { launch, root } from "../browser/support.mjs";

const site = resolve(process.env.SITE_DIR ?? join(root, "dist"));
let folder;
let address;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "single-file-"));
  const file = join(folder, "kinesis-sandbox.html");
  writeFileSync(file, await singleFile(site));
  address = pathToFileURL(file).href;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(t, path = "") {
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
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(address + path);
  await page.getByRole("list", { name: "Shards" }).waitFor();
  return page;
}

test("the file opens from a disk, runs commands and keeps the session", async (t) => {
  const page = await open(t);
  await type(page, "aws kinesis put-record --stream-name clicks --partition-key user-1 --data aGk=");
  await lastBlock(page).getByText("SequenceNumber").waitFor();
  await page.reload();
  await page.getByRole("list", { name: "Shards" }).getByText("1 record", { exact: true }).first().waitFor();
});

test("everything is in it: help, an exercise, a link", async (t) => {
  const page = await open(t);
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Session", { exact: true }).click();
  await page.getByRole("button", { name: "Copy a link", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "The link is" }).waitFor();
  assert.match(new URL(page.url()).hash, /^#s1\./);
});
