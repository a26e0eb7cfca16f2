// How the page looks and reads: nothing cut off or on top of one another, nothing that axe finds, in every width and
// both themes. Each view leaves a screenshot in target/screenshots.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { button, playUntil, shard, showTab, type, typeAnywhere } from "./steps.mjs";
import { accessProblems, desktop, layoutProblems, phone, root, screenshot, themes, useSite } from "./support.mjs";

const site = useSite();
const tablet = { width: 768, height: 1024 };
const narrow = { width: 320, height: 640 };

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
  await typeAnywhere(page, lines.join("\n"));
}

/** A world with every program and every service around the stream, in small. */
async function fullWorld(page) {
  const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";
  const lines = [
    "sandbox producer start web --stream clicks --rate 6 --keys fixed:us,eu,order-77",
    "sandbox kpl start packed --stream clicks --rate 20 --size 40",
    "sandbox bucket create archive",
    "sandbox function create agg --count-by partition-key",
    `sandbox mapping create agg --event-source-arn ${arn} --from LATEST --batch-size 10`,
    `sandbox firehose create to-s3 --kinesis-stream-arn ${arn} --bucket archive --interval-in-seconds 15`,
    "sandbox flink create totals --stream clicks --window 10s",
    `aws kinesis register-stream-consumer --stream-arn ${arn} --consumer-name fraud`,
    "sandbox kcl start billing --stream clicks --workers 2",
    "sleep 15",
    "sandbox reader start fraud --stream clicks --consumer fraud",
    "sandbox kcl crash billing w1",
    "sleep 15",
    "aws kinesis put-record --stream-name clicks --partition-key us --data aGk=",
  ];
  await typeAnywhere(page, lines.join("\n"));
}

const row = (page) => page.getByRole("list", { name: "Shards", exact: true }).locator("li").first();
const card = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}`) }).first();
const tabViews = ["Log", "Requests", "Ledger", "Metrics", "Cost", "Leases", "Services", "Build", "Limits", "Glossary"].map(
  (name) => [name.toLowerCase(), "#log", (page) => showTab(page, name)],
);

/** Views of each world: name, the part that shows it, how to come there. */
const tours = {
  start: [
    ["start", null, async () => {}],
    ...tabViews,
    ["producer", "#inspector", (page) => button(page, "Producer").click()],
    ["reader", "#inspector", (page) => button(page, "Reader").click()],
    ["application", "#inspector", (page) => button(page, "KCL app").click()],
    ["stream", "#stage", (page) => button(page, "New stream").first().click()],
  ],
  busy: [
    ["busy", null, async () => {}],
    ["busy-producer", "#inspector", (page) => card(page, "web").click()],
    ["busy-shard", "#inspector", (page) => row(page).getByRole("button").click()],
    ["busy-table", "#stage", (page) => button(page, "Table").click()],
    ["busy-words", "#stage", (page) => button(page, "Words").click()],
  ],
  full: [
    ["full", null, async () => {}],
    ...tabViews.map(([name, part, show]) => [`full-${name}`, part, show]),
    ["full-kpl", "#inspector", (page) => card(page, "packed").click()],
    ["full-application", "#inspector", (page) => card(page, "billing").click()],
    ["help", ".dialog", (page) => button(page, "Help").click()],
  ],
};
const worlds = { start: async () => {}, busy: busyWorld, full: fullWorld };

// Each view in each width: where things stand does not depend on the theme, so that the page is only asked once.
for (const [width, size] of Object.entries({ narrow, phone, tablet, desktop })) {
  for (const [world, tour] of Object.entries(tours)) {
    test(`every view has its place and reads well: ${world}, ${width}`, async (t) => {
      const page = await site.open(t, size);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await worlds[world](page);
      for (const [name, part, show] of tour) {
        await show(page);
        assert.deepEqual(await layoutProblems(page), [], name);
        for (const theme of themes) {
          await page.emulateMedia({ colorScheme: theme });
          // Pictures take the longest: in the widths between one theme is enough to look at.
          if (theme === "light" || size === phone || size === desktop) await screenshot(page, `${name}-${width}-${theme}`);
          assert.deepEqual(await accessProblems(page, part), [], `${name}, ${theme}`);
        }
      }
    });
  }
}

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
