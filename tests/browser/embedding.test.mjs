// The page in an element of somebody else's document, through the JavaScript face.

import assert from "node:assert/strict";
import { test } from "node:test";

import { desktop, phone, useSite } from "./support.mjs";

const site = useSite();

/** A page with an element of its own in which `options` are mounted; `events` collects what it tells. */
async function embed(t, options, viewport = desktop) {
  const page = await site.open(t, viewport);
  await page.evaluate(async (options) => {
    const module = await import(new URL("./pkg/kinesis_sandbox.js", document.baseURI).href);
    await module.loadRest?.();
    const host = document.createElement("div");
    host.id = "embedded";
    document.body.replaceChildren(host);
    window.events = [];
    window.mounted = module.mount(host, options);
    window.mounted.onEvent((name, detail) => window.events.push([name, detail]));
  }, options);
  const host = page.locator("#embedded");
  await host.locator(".ks").waitFor();
  return { page, host };
}

const events = (page, name) =>
  page.evaluate((name) => window.events.filter(([it]) => it === name).map(([, detail]) => detail), name);

test("an element shows the view and has the controls that were asked for", async (t) => {
  const { page, host } = await embed(t, { view: "stage", controls: "step" });
  await host.getByRole("list", { name: "Shards" }).waitFor();
  await host.getByRole("button", { name: "One change forward" }).waitFor();
  for (const name of ["Play", "New stream", "Producer"]) {
    assert.equal(await host.getByRole("button", { name, exact: true }).count(), 0, name);
  }
  assert.equal(await host.locator('textarea[aria-label="Command line"]').count(), 0);
  assert.equal(await host.getByRole("banner").count(), 0);

  await page.evaluate(() => window.mounted.update({ view: "table", controls: "cli" }));
  await host.locator('textarea[aria-label="Command line"]').waitFor();
  await host.getByRole("button", { name: "Play" }).waitFor();
  await host.getByRole("table").first().waitFor();

  await page.evaluate(() => window.mounted.update({ view: "lease", controls: "none" }));
  await host.getByText("A lease table appears in DynamoDB").waitFor();
  assert.equal(await host.getByRole("button").count(), 0);

  await page.evaluate(() => window.mounted.update({ view: "all", controls: "all" }));
  await host.getByRole("banner").waitFor();
  await host.getByRole("button", { name: "New stream" }).waitFor();
});

test("a part of the page fits a phone", async (t) => {
  const { page, host } = await embed(t, { view: "stage", controls: "cli", lesson: "E1.1" }, phone);
  await host.locator('textarea[aria-label="Command line"]').waitFor();
  await host.getByText("clicks").first().waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= phone.width, `the document is ${width} px wide`);
});

test("an option that is not possible is refused with a sentence and changes nothing", async (t) => {
  const { page } = await embed(t, {});
  const refusal = (options) =>
    page.evaluate((options) => {
      try {
        window.mounted.update(options);
        return "";
      } catch (error) {
        return error.message;
      }
    }, options);
  assert.equal(await refusal({ view: "ring" }), "view must be one of all, stage, table, lease");
  assert.equal(await refusal({ controls: "full" }), "controls must be one of none, step, play, cli, all");
  assert.equal(await refusal({ lang: "tlh" }), "lang must be one of en, de");
  assert.equal(await refusal({ theme: 1 }), "theme must be a string");
  assert.match(await refusal({ lesson: "E9.9" }), /^there is no lesson E9\.9/);
  assert.match(await refusal({ session: "{" }), /line 1/);
});

test("the host hears what happens, and no answers", async (t) => {
  const { page } = await embed(t, { lesson: "E1.2" });
  const run = (line) => page.evaluate((line) => window.mounted.run(line), line);
  await page.waitForFunction(() => window.events.some(([name]) => name === "ready"));

  const put = await run("aws kinesis put-record --stream-name clicks --partition-key user-1 --data aGk=");
  const { ShardId: shard, SequenceNumber: number } = JSON.parse(put.stdout);
  await page.waitForFunction(() => window.events.some(([name]) => name === "check"));
  const [check] = await events(page, "check");
  assert.deepEqual(Object.keys(check).sort(), ["goal", "isReached", "reason", "text"]);
  assert.equal(check.goal, 1);
  assert.equal(check.isReached, true);
  assert.ok((await events(page, "step")).at(-1).nowMs > 0);

  await run(`sandbox answer shard ${shard}`);
  await run(`sandbox answer seq ${number}`);
  await page.waitForFunction(() => window.events.some(([name]) => name === "solved"));
  assert.deepEqual(await events(page, "predict"), [{ question: "shard" }, { question: "seq" }]);
  assert.equal((await events(page, "solved")).length, 1);
});

test("a new exercise takes the place of the world, and looks take none", async (t) => {
  const { page, host } = await embed(t, { seed: 3 });
  await page.evaluate(() => window.mounted.run("aws kinesis create-stream --stream-name mine --shard-count 1"));
  await page.evaluate(() => window.mounted.update({ theme: "dark" }));
  assert.match((await page.evaluate(() => window.mounted.run("aws kinesis list-streams"))).stdout, /mine/);
  await page.evaluate(() => window.mounted.update({ lesson: "E1.1" }));
  await host.getByRole("heading", { name: "Your first stream" }).waitFor();
  assert.doesNotMatch((await page.evaluate(() => window.mounted.run("aws kinesis list-streams"))).stdout, /mine/);
});
