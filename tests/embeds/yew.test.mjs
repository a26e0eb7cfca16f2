// A sandbox within the page of another application of Yew (tests/counter-page), which hears the same clicks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { useHost } from "./host.mjs";

const host = useHost({ folders: { "/counter/": process.env.COUNTER_PAGE_DIR } });

const heading = (page, clicks) => page.getByRole("heading", { name: `Clicks: ${clicks}`, exact: true });
const sandbox = (page) => page.locator("kinesis-sandbox");

/** By keyboard: no script looks into this sandbox. */
async function start(page, toggle) {
  await page.evaluate(() => {
    window.isReady = false;
    addEventListener("ready", () => (window.isReady = true), { once: true });
  });
  await page.getByRole("button", { name: toggle }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.isReady);
}

test("an application of Yew hears one click where the sandbox in it is clicked once", async (t) => {
  const page = await host.open(t, "/counter/index.html");
  await heading(page, 0).click();
  await heading(page, 1).waitFor();
  await start(page, "Put the sandbox away");
  await heading(page, 2).waitFor();
  const { x, y, width, height } = await sandbox(page).boundingBox();
  const places = Array.from({ length: 7 }, (_, place) => y + 20 + (place * (height - 40)) / 6);
  for (const [index, place] of places.entries()) {
    await page.mouse.click(x + width / 2, place);
    await heading(page, 3 + index).waitFor();
  }
  await page.getByRole("button", { name: "Put the sandbox away" }).waitFor();
  const answer = await sandbox(page).evaluate((element) => element.run("aws kinesis list-streams --output text"));
  assert.match(answer.stdout, /geo/);
});

test("an application of Yew can put a sandbox away and bring it back", async (t) => {
  const page = await host.open(t, "/counter/index.html");
  await start(page, "Put the sandbox away");
  await page.getByRole("button", { name: "Put the sandbox away" }).click();
  await heading(page, 2).waitFor();
  assert.equal(await sandbox(page).count(), 0);
  await page.getByRole("button", { name: "Bring it back" }).click();
  await start(page, "Put the sandbox away");
  const answer = await sandbox(page).evaluate((element) => element.run("aws kinesis list-streams --output text"));
  assert.match(answer.stdout, /geo/);
});
