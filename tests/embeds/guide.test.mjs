// The study guide: a site with a sandbox in each section. What it says happens, happens.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { useHost } from "./host.mjs";

const host = useHost();
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const path = "/sandbox/guide/index.html";

test("every block of commands does what the text says", async (t) => {
  const page = await host.open(t, path);
  const blocks = page.locator(".kinesis-run");
  const count = await blocks.count();
  assert.ok(count >= 7, `${count} blocks`);
  // The last one runs all those above it.
  await blocks.nth(count - 1).getByRole("button", { name: "Run" }).click();
  await blocks.nth(count - 1).getByText(/^(Done|Failed)$/).waitFor({ timeout: 60_000 });
  const states = await page.locator(".kinesis-run [role=status]").allTextContents();
  const outputs = await page.locator(".kinesis-output").allTextContents();
  const failing = [/ExpiredIteratorException/, /UpdateShardCount cannot scale up over double/, /AccessDeniedException/];
  for (const [nth, output] of outputs.entries()) {
    const isToFail = failing.some((pattern) => pattern.test(output));
    assert.equal(states[nth], isToFail ? "Failed" : "Done", output);
  }
  assert.equal(outputs.filter((output) => failing.some((pattern) => pattern.test(output))).length, failing.length);
  const isAllInOne = outputs.some((output) => output.match(/shardId-000000000003/g)?.length === 4);
  assert.ok(isAllInOne, "the keys 0 to 3 all meet the last of four shards");
});

test("every sandbox starts", async (t) => {
  const page = await host.open(t, path);
  const elements = page.locator("kinesis-sandbox");
  const count = await elements.count();
  assert.equal(count, 4);
  for (let nth = 0; nth < count; nth += 1) {
    await elements.nth(nth).getByRole("button", { name: "Run it here" }).click();
    await elements.nth(nth).getByRole("list", { name: "Shards" }).waitFor();
  }
});

for (const theme of ["light", "dark"]) {
  for (const width of [320, 1200]) {
    test(`the guide has no barrier and nothing sideways at ${width} px in the ${theme} theme`, async (t) => {
      const page = await host.open(t, path, {
        width,
        before: async (page) => {
          await page.emulateMedia({ colorScheme: theme });
          await page.context().addInitScript({ path: require.resolve("axe-core/axe.min.js") });
        },
      });
      await page.getByRole("button", { name: "Run it here" }).first().waitFor();
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(sideways <= 0, `${sideways} px sideways`);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    });
  }
}
