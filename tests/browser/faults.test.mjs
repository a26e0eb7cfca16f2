// What may go wrong around the page: storage, sleep, other sizes, our own faults. Nothing of the learner's is lost.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { button, field, shard, type } from "./steps.mjs";
import { layoutProblems, useSite } from "./support.mjs";

const site = useSite();
const sessionKey = "kinesis-sandbox.session";

test("where storage is blocked all works, and the page says how long it lasts", async (t) => {
  const before = (page) =>
    page.addInitScript(() => {
      const get = () => {
        throw new DOMException("blocked", "SecurityError");
      };
      Object.defineProperty(globalThis, "localStorage", { get });
    });
  const page = await site.open(t, { before });
  await button(page, "Put a record").click();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await page.getByText("Lasts until you close this tab").waitFor();
});

test("where storage is full the page says so and offers the file", async (t) => {
  const before = (page) =>
    page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
  const page = await site.open(t, { before });
  await button(page, "Put a record").click();
  await page.getByText("Lasts until you close this tab").waitFor();
  await page.getByText("Session", { exact: true }).click();
  const download = page.waitForEvent("download");
  await button(page, "Save as file").click();
  assert.match(readFileSync(await (await download).path(), "utf8"), /^\{"format":1,/);
});

test("a kept session that cannot be read is put aside, not thrown away", async (t) => {
  const text = '{"format":1,"damaged';
  const before = (page) =>
    page.addInitScript(
      ([key, text]) => {
        if (!localStorage.getItem("seen")) localStorage.setItem(key, text);
        localStorage.setItem("seen", "1");
      },
      [sessionKey, text],
    );
  const page = await site.open(t, { before });
  await page.getByText("Your last session cannot be read").waitFor();
  await button(page, "Put a record").click();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("kinesis-sandbox.damaged")), text);
  await page.getByText("Session", { exact: true }).click();
  const download = page.waitForEvent("download");
  await button(page, "Save what cannot be read").click();
  assert.equal(readFileSync(await (await download).path(), "utf8"), text);
});

test("our own fault shows as ours, keeps the session's text, and one click restores the world", async (t) => {
  const page = await site.open(t, { expected: [/insert node|panicked|unreachable|RuntimeError/] });
  await button(page, "Put a record").click();
  await field(page, "Show").selectOption("Everything");
  await page.locator(".log-lines").getByText("PutRecord: OK").waitFor();
  await page.evaluate(() => document.querySelectorAll(".log-lines > li").forEach((line) => line.remove()));
  await button(page, "Put another record").click();
  await page.getByRole("heading", { name: "The sandbox broke: our fault" }).waitFor();
  const kept = await page.getByRole("textbox", { name: "Your session" }).inputValue();
  assert.match(kept, /^\{"format":1,/);
  assert.equal(kept.match(/PutRecord/g).length, 2);
  await page.getByRole("link", { name: "Reload and resume" }).click();
  await shard(page, 1).getByText("2 records", { exact: true }).waitFor();
});

test("hours in the background are no hours of the world", async (t) => {
  // A page in the background gets no frames; the next one is hours later, or earlier where the clock was set back.
  const before = (page) =>
    page.addInitScript(() => {
      globalThis.later_ms = 0;
      const request = globalThis.requestAnimationFrame.bind(globalThis);
      globalThis.requestAnimationFrame = (callback) => request((now) => callback(now + globalThis.later_ms));
    });
  const page = await site.open(t, { before });
  await type(page, "sandbox producer start web --stream clicks --rate 5");
  await button(page, "Play").click();
  const seconds = async () => {
    const text = await page.getByLabel("Virtual time").textContent();
    return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  };
  const start = await seconds();
  for (const hours of [5, 0]) {
    await page.evaluate((hours) => (globalThis.later_ms = hours * 3_600_000), hours);
    await page.waitForTimeout(500);
  }
  await button(page, "Pause").click();
  const passed = (await seconds()) - start;
  assert.ok(passed > 0 && passed < 60, `${passed} s passed`);
});

test("the page keeps its place in any size that a window takes", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 50\nsleep 5");
  await button(page, "Play").click();
  for (const [width, height] of [[1440, 900], [820, 600], [360, 740], [740, 360], [1920, 1080], [1100, 500]]) {
    await page.setViewportSize({ width, height });
    // Lanes out of sight have their size when they come into it.
    const first = page.locator("canvas.lane").first();
    await first.scrollIntoViewIfNeeded();
    await page.waitForTimeout(150);
    assert.deepEqual(await layoutProblems(page), [], `${width} × ${height}`);
    const lane = await first.evaluate((canvas) => [canvas.width, canvas.clientWidth]);
    assert.equal(lane[0], lane[1], "the lane is drawn in its own size");
  }
});

test("leaving the page in the middle of a run keeps it", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 50");
  await button(page, "Play").click();
  await page.waitForTimeout(700);
  await page.goto("about:blank");
  await page.goBack();
  await page.getByText(/This is the world of your last visit, at/).waitFor();
  await page.getByRole("button", { name: /^web/ }).first().waitFor();
});
