// A class pack on the page, by keyboard: shown before it runs, worked on, handed back as a receipt, and checked.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { lastBlock, type } from "./steps.mjs";
import { phone, useSite } from "./support.mjs";

const site = useSite();

const pack = JSON.stringify({
  kinesisSandboxPack: 1,
  title: "Class 1 <b>bold</b>",
  instructions: "Two tasks.\n<img src=x onerror=alert(1)>",
  items: [
    {
      title: "Scale a stream",
      instructions: "Two shards are too few: make four of them.",
      commands: "aws kinesis create-stream --stream-name orders --shard-count 2\nsleep 30",
      checks: [
        {
          text: "orders has four open shards",
          run: "aws kinesis describe-stream-summary --stream-name orders --query StreamDescriptionSummary.OpenShardCount --output text",
          prints: "4",
        },
      ],
    },
    { title: "Hot shard", scenario: "hot-shard" },
  ],
});
const fragment = (text) => `#p1.${deflateRawSync(Buffer.from(text)).toString("base64url")}`;

test("a pack is shown before it runs, an item is solved, and its receipt stands the check", async (t) => {
  const page = await site.open(t, { path: fragment(pack) });
  await page.getByRole("heading", { level: 1, name: "Class 1 <b>bold</b>" }).waitFor();
  await page.getByText("<img src=x onerror=alert(1)>").waitFor();
  await page.getByText("Nothing of it has run yet").waitFor();
  assert.equal(await page.getByRole("list", { name: "Shards" }).count(), 0);
  await page.keyboard.press("Enter");
  const task = page.getByRole("complementary", { name: "Scale a stream" });
  await task.getByText("make four of them").waitFor();
  await type(page, "aws kinesis update-shard-count --stream-name orders --target-shard-count 4 --scaling-type UNIFORM_SCALING && sleep 300");
  await lastBlock(page).getByText("TargetShardCount").waitFor();
  await task.getByLabel("Your name, for the receipt").fill("Ana");
  const [download] = await Promise.all([page.waitForEvent("download"), task.getByRole("button", { name: "Save a receipt" }).press("Enter")]);
  await task.getByRole("status").filter({ hasText: "1 of 1 goals, solved" }).waitFor();
  const file = await download.path();
  const receipt = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual([receipt.learner, receipt.solved, receipt.item], ["Ana", true, 0]);

  await task.getByRole("button", { name: "All items" }).click();
  await page.getByText("Check receipts").click();
  const forged = { name: "forged.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify({ ...receipt, session: receipt.session.replace('"TargetShardCount":4', '"TargetShardCount":3') })) };
  await page.getByLabel("Receipt files").setInputFiles([{ name: "ana.json", mimeType: "application/json", buffer: readFileSync(file) }]);
  await page.getByRole("row", { name: "Ana Scale a stream 1 of 1 1 Solved", exact: true }).waitFor();
  await page.getByLabel("Receipt files").setInputFiles([forged, { name: "none.json", mimeType: "application/json", buffer: Buffer.from("{}") }]);
  await page.getByRole("row", { name: /forged\.json .*the file was changed/ }).waitFor();
  await page.getByRole("row", { name: /none\.json .*This is no receipt\./ }).waitFor();
});

test("a pack that is none says why, and another file or an own sandbox are at hand", async (t) => {
  const page = await site.open(t, { path: fragment('{"kinesisSandboxPack":9}'), ...phone });
  await page.getByRole("alert").getByText("The pack has a form that this sandbox does not know.").waitFor();
  await page.getByLabel("Open a pack file").setInputFiles([{ name: "x.json", mimeType: "application/json", buffer: Buffer.from("[]") }]);
  await page.getByRole("alert").getByText("This is no pack.").waitFor();
  await page.getByLabel("Open a pack file").setInputFiles([{ name: "p.json", mimeType: "application/json", buffer: Buffer.from(pack) }]);
  await page.getByRole("button", { name: "Start: Hot shard" }).waitFor();
  await page.getByRole("button", { name: "Go to my own sandbox" }).click();
  await page.getByRole("list", { name: "Shards" }).waitFor();
  assert.equal(new URL(page.url()).hash, "");
});
