// A sandbox within the page of another application of Yew (tests/counter-page), which hears the same clicks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { useHost } from "./host.mjs";

const counter = process.env.COUNTER_PAGE_DIR;
const host = useHost({ folders: { "/counter/": counter } });

const clicks = async (page) => Number((await page.getByRole("heading", { level: 1 }).textContent()).match(/\d+/)[0]);
const forward = (page) => page.getByRole("button", { name: "One change forward" });

test("an application of Yew and the sandbox in it each hear a click once", async (t) => {
  const page = await host.open(t, "/counter/index.html");
  await page.getByRole("heading", { name: "Clicks: 0" }).click();
  assert.equal(await clicks(page), 1);
  await page.getByRole("button", { name: "Run it here" }).click();
  assert.equal(await clicks(page), 2);
  await forward(page).waitFor();
  const sandbox = page.locator("kinesis-sandbox");
  await sandbox.evaluate((element) => {
    window.times = [];
    element.addEventListener("step", ({ detail }) => window.times.push(detail.nowMs));
  });
  await forward(page).click();
  await page.waitForFunction(() => window.times.length > 0);
  assert.equal(await clicks(page), 3, "the application hears of a click in the sandbox, and draws itself anew");
  const before = await page.evaluate(() => window.times.at(-1));
  await forward(page).click();
  await page.waitForFunction((before) => window.times.at(-1) > before, before);
  assert.equal(await clicks(page), 4);
  await sandbox.getByRole("list", { name: "Shards" }).waitFor();
});

test("an application of Yew can put a sandbox away and bring it back", async (t) => {
  const page = await host.open(t, "/counter/index.html");
  await page.getByRole("button", { name: "Run it here" }).click();
  await forward(page).waitFor();
  await page.getByRole("button", { name: "Put the sandbox away" }).click();
  await forward(page).waitFor({ state: "detached" });
  assert.equal(await page.locator("kinesis-sandbox").count(), 0);
  await page.getByRole("button", { name: "Bring it back" }).click();
  await page.getByRole("button", { name: "Run it here" }).click();
  await forward(page).click();
  await page.locator("kinesis-sandbox").getByRole("list", { name: "Shards" }).waitFor();
  assert.equal(await clicks(page), 5);
});
