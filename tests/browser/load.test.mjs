// The page loads from any folder of a host, under its own strict policy, and asks for nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { desktop, layoutProblems, phone, screenshot, themes, useSite } from "./support.mjs";

const site = useSite();

test("the page starts under a policy that allows no inline code, style or foreign address", async (t) => {
  const page = await site.open(t);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
});

test("the first load fetches nothing from the lazy folder", async (t) => {
  const page = await site.open(t);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const addresses = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.ok(addresses.some((address) => address.endsWith("_bg.wasm")));
  assert.deepEqual(addresses.filter((address) => address.includes("/lazy/")), []);
});

for (const theme of themes) {
  for (const [name, size] of Object.entries({ phone, desktop })) {
    test(`everything has its place on a ${name} in the ${theme} theme`, async (t) => {
      const page = await site.open(t, { ...size, theme });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await screenshot(page, `start-${name}-${theme}`);
      assert.deepEqual(await layoutProblems(page), []);
    });
  }
}
