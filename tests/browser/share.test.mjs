// A session goes to somebody else in a link, and is opened only when that somebody wants it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { button, lastBlock, type } from "./steps.mjs";
import { layoutProblems, phone, screenshot, themes, useSite } from "./support.mjs";

const site = useSite();

async function makeLink(t) {
  const page = await site.open(t);
  await type(page, "aws kinesis create-stream --stream-name shared --shard-count 3");
  await lastBlock(page).waitFor();
  await page.getByText("Session", { exact: true }).click();
  await button(page, "Copy a link").click();
  await page.getByRole("status").filter({ hasText: "The link is" }).waitFor();
  await button(page, "Run until ACTIVE").waitFor();
  return new URL(page.url()).hash;
}

test("a link asks before it runs, and leaves the reader's own session alone", async (t) => {
  const hash = await makeLink(t);
  assert.match(hash, /^#s1\./);
  const page = await site.open(t);
  await type(page, "aws kinesis create-stream --stream-name mine --shard-count 1");
  await lastBlock(page).waitFor();
  // A fragment alone loads nothing anew.
  await page.goto(`${site.url}?other${hash}`);
  await page.getByRole("heading", { name: "Somebody shared a session with you" }).waitFor();
  assert.equal(await page.getByRole("list", { name: "Shards" }).count(), 0);
  await page.keyboard.press("Enter");
  await type(page, "aws kinesis list-streams --output text");
  await lastBlock(page).getByText("shared").waitFor();
  await page.goto(site.url);
  await type(page, "aws kinesis list-streams --output text");
  await lastBlock(page).getByText("mine").waitFor();
});

for (const theme of themes) {
  test(`the question looks well on a phone in the ${theme} theme`, async (t) => {
    const hash = await makeLink(t);
    const page = await site.open(t, { ...phone, theme, path: hash });
    await page.getByRole("heading", { name: "Somebody shared a session with you" }).waitFor();
    await screenshot(page, `shared-phone-${theme}`);
    assert.deepEqual(await layoutProblems(page), []);
    await button(page, "Go to my own sandbox").click();
    await page.getByRole("list", { name: "Shards" }).waitFor();
    assert.equal(new URL(page.url()).hash, "");
  });
}

test("a damaged link says what is wrong and leads to the reader's own sandbox", async (t) => {
  const page = await site.open(t, { path: "#s1.AAAA" });
  await page.getByText("The link is damaged").waitFor();
  await button(page, "Go to my own sandbox").click();
  await page.getByRole("list", { name: "Shards" }).waitFor();
});

test("a picture of the world tells in words what it shows, and has the link", async (t) => {
  const page = await site.open(t);
  await page.getByText("Session", { exact: true }).click();
  await button(page, "Copy a link").click();
  await page.getByRole("status").filter({ hasText: "The link is" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Save a picture").click()]);
  const svg = readFileSync(await download.path(), "utf8");
  assert.ok(svg.length < 60_000);
  assert.doesNotMatch(svg, /<script|onload|style=/);
  assert.match(svg, /role="img"/);
  assert.match(svg, /<desc[^>]*>clicks is ACTIVE with 2 open shards\./);
  assert.match(svg, /<a href="http[^"]*#s1\./);
  await screenshot(page, "link-said");
  await button(page, "Close").click();
});
