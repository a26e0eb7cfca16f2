// How the page looks and reads: nothing cut off or on top of one another, nothing that axe finds, in every width and
// both themes. Each view leaves a screenshot in target/screenshots.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { button, field, playUntil, shard, type } from "./steps.mjs";
import { accessProblems, desktop, layoutProblems, phone, root, screenshot, themes, useSite } from "./support.mjs";

const site = useSite();
const tablet = { width: 768, height: 1024 };
const narrow = { width: 320, height: 640 };
const widths = { phone, tablet, desktop };

/** A world in which everything is going on: traffic, refusals, a reader, an application, a split. */
async function busyWorld(page) {
  const lines = [
    "sandbox producer start web --stream clicks --rate 1400 --keys hot:80:celebrity --retry backoff",
    "sandbox producer start mobile --stream clicks --rate 200",
    "sandbox reader start audit --stream clicks --from TRIM_HORIZON",
    "sandbox kcl start billing --stream clicks --workers 2",
    "sleep 12",
    "aws kinesis split-shard --stream-name clicks --shard-to-split shardId-000000000001 --new-starting-hash-key 255211775190703847597530955573826158592",
    "sleep 38",
    "sandbox kcl crash billing w1",
    "sleep 12",
  ];
  const phoneTab = page.getByRole("navigation", { name: "Parts of the page" });
  const isNarrow = await phoneTab.isVisible();
  if (isNarrow) await button(page, "Terminal").click();
  await type(page, lines.join("\n"));
}

const views = {
  start: async () => {},
  busy: busyWorld,
  record: async (page) => {
    await button(page, "Put a record").click();
    await shard(page, 1).getByRole("button").click();
  },
  producer: async (page) => button(page, "Producer").click(),
  reader: async (page) => button(page, "Reader").click(),
  application: async (page) => button(page, "KCL app").click(),
  stream: async (page) => button(page, "New stream").first().click(),
};

for (const theme of themes) {
  for (const [width, size] of Object.entries(widths)) {
    test(`every view has its place: ${width}, ${theme}`, async (t) => {
      for (const [name, show] of Object.entries(views)) {
        // Each form is looked at once on a phone and once on a desktop, in different themes.
        const isFull = (width === "phone" && theme === "light") || (width === "desktop" && theme === "dark");
        if (!isFull && !["start", "busy"].includes(name)) continue;
        const page = await site.open(t, { ...size, theme });
        await page.getByRole("heading", { level: 1 }).waitFor();
        await show(page);
        await screenshot(page, `${name}-${width}-${theme}`);
        assert.deepEqual(await layoutProblems(page), [], name);
        if (width !== "tablet") assert.deepEqual(await accessProblems(page), [], name);
        await page.close();
      }
    });
  }
}

test("the tabs, the table and help read well too", async (t) => {
  for (const theme of themes) {
    const page = await site.open(t, { ...desktop, theme });
    await busyWorld(page);
    for (const tab of ["Metrics", "Leases"]) {
      await page.getByRole("tab", { name: tab }).click();
      await screenshot(page, `${tab.toLowerCase()}-desktop-${theme}`);
      assert.deepEqual(await layoutProblems(page), [], tab);
      assert.deepEqual(await accessProblems(page), [], tab);
    }
    await button(page, "Table").click();
    assert.deepEqual(await accessProblems(page), [], "table");
    await button(page, "Help").click();
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await accessProblems(page), [], "help");
    await page.close();
  }
});

test("nothing scrolls sideways at 320 pixels", async (t) => {
  const page = await site.open(t, narrow);
  await busyWorld(page);
  await screenshot(page, "busy-narrow-light");
  assert.deepEqual(await layoutProblems(page), []);
});

test("sixteen shards find room", async (t) => {
  const page = await site.open(t);
  await type(page, "aws kinesis create-stream --stream-name wide --shard-count 16\nsleep 21\nsandbox producer start web --stream wide --rate 5000 --call batch\nsleep 20");
  await page.getByRole("combobox", { name: "Stream", exact: true }).selectOption("wide");
  await shard(page, 15).waitFor();
  await screenshot(page, "sixteen-desktop-light");
  assert.deepEqual(await layoutProblems(page), []);
});

// `README_SCREENSHOT=1` renews the picture in the README; otherwise the tree stays as it is.
test("the README's picture is the page as it is", async (t) => {
  const page = await site.open(t, { ...desktop, theme: "dark" });
  await busyWorld(page);
  await page.getByRole("button", { name: /^web/ }).click();
  await page.getByRole("tab", { name: "Leases" }).click();
  await playUntil(page, "1×", page.locator(".now"));
  assert.deepEqual(await layoutProblems(page), []);
  const folder = join(root, process.env.README_SCREENSHOT ? "docs" : "target/screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, "screenshot.png"), animations: "disabled", caret: "hide" });
});
