// What is typed wrong, what is kept, what is opened again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { button, field, lastBlock, shard, type } from "./steps.mjs";
import { useSite } from "./support.mjs";

const site = useSite();

async function openFile(page, name, text) {
  await page.getByText("Session", { exact: true }).click();
  const input = page.locator('input[type="file"]');
  await input.setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

test("a wrong line says what is wrong and changes nothing", async (t) => {
  const page = await site.open(t);
  await type(page, "aws kinesis create-steam --stream-name x");
  await lastBlock(page).locator(".stderr").getByText(/create-stream/).waitFor();
  await type(page, "aws kinesis describe-stream --stream-name nothing");
  await lastBlock(page).getByText(/ResourceNotFoundException/).waitFor();
  await type(page, "aws kinesis put-record --stream-name clicks --partition-key (");
  await lastBlock(page).locator(".stderr").waitFor();
  // As in a shell, an open quote goes on in the next line: Enter runs nothing yet.
  const prompt = page.locator('textarea[aria-label="Command line"]');
  await prompt.fill("echo \"a");
  await page.keyboard.press("Enter");
  await page.keyboard.type("b\"");
  await page.keyboard.press("Enter");
  await lastBlock(page).locator(".stdout").getByText("a b").waitFor();
  await page.getByRole("button", { name: "Undo: nothing" }).waitFor();
});

test("a pasted script runs line by line", async (t) => {
  const page = await site.open(t);
  const script = "$ aws kinesis put-record \\\n  --stream-name clicks --partition-key us --data aGk=\n# a remark\naws kinesis list-streams";
  await page.locator('textarea[aria-label="Command line"]').fill(script);
  await page.keyboard.press("Enter");
  await lastBlock(page).getByText(/"StreamNames"/).waitFor();
  await shard(page, 0).getByText("1 record", { exact: true }).waitFor();
});

test("a form shows the service's refusal and stays open", async (t) => {
  const page = await site.open(t);
  await button(page, "New stream").first().click();
  await field(page, "Stream name").fill("clicks");
  await page.getByText("There is a stream of this name already").waitFor();
  await button(page, "Create stream").click();
  await page.getByRole("alert").getByText("ResourceInUseException").waitFor();
  await field(page, "Stream name").waitFor();
  await button(page, "Dismiss").click();
  await button(page, "Cancel").click();
  await field(page, "Partition key").fill("");
  await page.getByText("A partition key has 1 to 256 characters").waitFor();
  await button(page, "Put record").click();
  await page.getByRole("alert").getByText(/PartitionKey/).waitFor();
});

test("the world is resumed after a reload, and can be left for a fresh one", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await page.reload();
  await page.getByText(/This is the world of your last visit, at/).waitFor();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await page.locator(".resumed").getByRole("button", { name: "Start fresh" }).click();
  await shard(page, 1).getByText("0 records", { exact: true }).waitFor();
});

test("a session is saved as a file and opened again", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await page.getByText("Session", { exact: true }).click();
  const download = page.waitForEvent("download");
  await button(page, "Save as file").click();
  const text = readFileSync(await (await download).path(), "utf8");
  assert.match(text, /^\{"format":1,/);
  await page.getByRole("button", { name: "Undo put-record" }).click();
  await shard(page, 1).getByText("0 records", { exact: true }).waitFor();
  await page.getByText("Session", { exact: true }).click();
  await openFile(page, "session.jsonl", text);
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();

  const lines = text.trimEnd().split("\n");
  await page.getByText("Session", { exact: true }).click();
  await openFile(page, "damaged.jsonl", [lines[0], "{nonsense", ...lines.slice(2)].join("\n"));
  const alert = page.getByRole("alert");
  await alert.getByText("This file cannot be opened").waitFor();
  await alert.getByText(/line 2: .*Your world is as it was\./).waitFor();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
});

test("a panic leaves a way back to the world as it was", async (t) => {
  const page = await site.open(t, { expected: [/insert node|panicked|unreachable|RuntimeError/] });
  await button(page, "Put a record").click();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  // What the page has drawn is taken from under its feet, so that its next drawing fails.
  await field(page, "Show").selectOption("Everything");
  await page.locator(".log-lines").getByText("PutRecord: OK").waitFor();
  await page.evaluate(() => document.querySelectorAll(".log-lines li").forEach((line) => line.remove()));
  await button(page, "Put another record").click();
  await page.getByRole("heading", { name: "The sandbox broke: our fault" }).waitFor();
  await page.getByRole("link", { name: "Reload and resume" }).click();
  await page.getByText(/This is the world of your last visit, at/).waitFor();
  await shard(page, 1).getByText("2 records", { exact: true }).waitFor();
});

test("the first exercise is solved in the page", async (t) => {
  const page = await site.open(t);
  await field(page, "Exercise").selectOption({ label: "E1.1 Your first stream" });
  await button(page, "New stream").first().click();
  await field(page, "Stream name").fill("clicks");
  await button(page, "Create stream").click();
  await button(page, "Run until ACTIVE").click();
  await page.getByRole("heading", { name: "Solved" }).waitFor();
  await button(page, "Next: E1.2").click();
  await page.getByRole("heading", { level: 2, name: "The first record" }).waitFor();
});
