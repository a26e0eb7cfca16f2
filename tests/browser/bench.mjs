// Script time of an animation frame under load, time from an input to what it paints, and what ten minutes of running
// leave behind. Prints one figure a line: name, number, unit.

import { launch, serve } from "./support.mjs";

const server = await serve();
const browser = await launch();
const address = `http://127.0.0.1:${server.address().port}/some/sub/path/`;
// The long run is ten minutes of virtual time at 10×; a shorter look is enough while one works on it.
const longRun_s = Number(process.env.LONG_RUN_S ?? 60);

function print(name, number, unit) {
  console.log(`${name}\t${number}\t${unit}`);
}

/** A fresh page that measures the script time of each animation frame. */
async function open() {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(120_000);
  // What a frame's callback starts is done in microtasks after it, each of which may queue others: the frame's script is
  // over when a chain of them that is longer than any of the page's has run.
  await page.addInitScript(() => {
    globalThis.frames_ms = [];
    const request = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (callback) =>
      request((now) => {
        const start = performance.now();
        callback(now);
        const follow = (left) => {
          if (left > 0) queueMicrotask(() => follow(left - 1));
          else globalThis.frames_ms.push(performance.now() - start);
        };
        follow(24);
      });
  });
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

async function type(page, lines) {
  const prompt = page.locator('textarea[aria-label="Command line"]');
  await prompt.fill(lines.join("\n"));
  await prompt.press("Enter");
}

const play = (page) => page.getByRole("button", { name: "Play", exact: true }).click();
const speed = (page, label) => page.getByLabel("Speed", { exact: true }).selectOption({ label });
const stream = (page, name) => page.getByRole("combobox", { name: "Stream", exact: true }).selectOption(name);

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/**
 * Half and nineteen in twenty of the frames' script times; the first frames compile what the rest runs. Gives their mean:
 * parts of the page have their turns, so that half of the frames may have hardly any work.
 */
async function frames(page, name) {
  await page.evaluate(() => globalThis.frames_ms.splice(0));
  // Not by asking in each frame: that would be frames, too.
  await page.waitForFunction((count) => globalThis.frames_ms.length >= count, 420, { polling: 250 });
  const sorted = (await page.evaluate(() => globalThis.frames_ms)).slice(60).sort((a, b) => a - b);
  print(`${name}_p50`, at(sorted, 0.5).toFixed(2), "ms");
  print(`${name}_p95`, at(sorted, 0.95).toFixed(2), "ms");
  return sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
}

/** From the beginning of the navigation to the first frame after the page has its heading; half of nine visits. */
async function toInteractive(address) {
  const times = [];
  for (let visit = 0; visit < 9; visit += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
    const page = await context.newPage();
    await page.addInitScript(() => {
      const look = () => {
        if (!document.querySelector("h1")) return requestAnimationFrame(look);
        // What was rendered has its handlers; a frame later it has been painted too.
        requestAnimationFrame(() => setTimeout(() => (globalThis.interactive_ms = performance.now())));
      };
      requestAnimationFrame(look);
    });
    await page.goto(address);
    times.push(await (await page.waitForFunction(() => globalThis.interactive_ms)).jsonValue());
    await context.close();
  }
  return at(times.sort((a, b) => a - b), 0.5);
}

// The first picture beside a page of Yew with nothing on it, by turns in one run; `cargo xtask bench` builds that page.
if (process.env.EMPTY_PAGE_DIR) {
  const emptyServer = await serve(process.env.EMPTY_PAGE_DIR);
  const ours = await toInteractive(address);
  const empty = await toInteractive(`http://127.0.0.1:${emptyServer.address().port}/some/sub/path/`);
  print("interactive", ours.toFixed(0), "ms");
  print("interactive_empty_yew_page", empty.toFixed(0), "ms");
  print("interactive_to_empty_yew_page", (ours / empty).toFixed(2), "×");
  emptyServer.closeAllConnections();
  emptyServer.close();
}

// Sixteen shards and 5,000 records a second at real time.
let page = await open();
await type(page, [
  "aws kinesis create-stream --stream-name wide --shard-count 16",
  "sleep 21",
  "sandbox producer start web --stream wide --rate 5000 --call batch",
  "sandbox reader start audit --stream wide",
]);
await stream(page, "wide");
await play(page);
await frames(page, "frame_script");
await page.context().close();

// Sixty-four shards, twenty actors and 10,000 records a second at real time.
page = await open();
await type(page, [
  "aws kinesis create-stream --stream-name full --shard-count 64",
  "sleep 21",
  ...Array.from({ length: 10 }, (_, i) => `sandbox producer start p${i} --stream full --rate 1000 --call batch`),
  ...Array.from({ length: 4 }, (_, i) => `sandbox reader start r${i} --stream full`),
  "sandbox kcl start billing --stream full --workers 6",
]);
await stream(page, "full");
await play(page);
await frames(page, "frame_script_64_shards");

// An input while the world runs at 10×: a key to its letter, a click to what it changes.
await speed(page, "10×");
const inputs = await page.evaluate(async () => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
  const area = document.querySelector('textarea[aria-label="Command line"]');
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const keys = [];
  const clicks = [];
  area.focus();
  for (let i = 0; i < 40; i += 1) {
    let start = performance.now();
    area.value += "a";
    area.dispatchEvent(new InputEvent("input", { bubbles: true, data: "a" }));
    keys.push((await painted()) - start);
    start = performance.now();
    tabs[i % 2].click();
    clicks.push((await painted()) - start);
    await new Promise((next) => setTimeout(next, 30));
  }
  return { keys, clicks };
});
for (const [name, times] of Object.entries({ key_to_paint: inputs.keys, click_to_paint: inputs.clicks })) {
  print(`${name}_p95`, at(times.sort((a, b) => a - b), 0.95).toFixed(1), "ms");
}
await page.context().close();

// Ten thousand shards, which the limits of today allow.
page = await open();
await page.getByRole("button", { name: "exam limits" }).click();
await page.getByRole("tabpanel").getByRole("button", { name: "AWS today", exact: true }).click();
await page.getByRole("button", { name: "Begin a new world under aws-today" }).click();
await type(page, [
  "aws kinesis create-stream --stream-name huge --shard-count 10000",
  "sleep 60",
  "sandbox producer start web --stream huge --rate 10000 --call batch",
]);
await stream(page, "huge");
const shards = await page.locator(".stream-facts").textContent();
print("shards_of_the_widest", Number(shards.match(/([\d,]+) shards/)[1].replaceAll(",", "")), "shards");
await play(page);
await frames(page, "frame_script_10000_shards");
await page.context().close();

// The records stored do not slow a frame down.
const stored = {};
for (const [name, records, seconds] of [["1k", 1_000, 1], ["1m", 1_000_000, 100]]) {
  page = await open();
  await type(page, [
    "aws kinesis create-stream --stream-name deep --shard-count 16",
    "sleep 21",
    `sandbox producer start web --stream deep --rate ${records / seconds} --size 20 --call batch`,
    `sleep ${seconds}`,
    "sandbox producer stop web",
    "sandbox producer start slow --stream deep --rate 100 --call batch",
    "sleep 5",
  ]);
  await stream(page, "deep");
  await play(page);
  stored[name] = await frames(page, `frame_script_${name}_records`);
  await page.context().close();
}
print("frame_script_1m_to_1k", (stored["1m"] / stored["1k"]).toFixed(2), "×");

// What running leaves behind: a day's records are trimmed long before, so that what is kept is bounded.
page = await open();
const counts = () =>
  page.evaluate(async () => {
    const glue = await import(new URL("pkg/kinesis_sandbox.js", document.baseURI));
    const exports = await glue.default();
    return { nodes: document.getElementsByTagName("*").length, memory: exports.memory.buffer.byteLength };
  });
await type(page, [
  "sandbox producer start web --stream clicks --rate 5",
  "sandbox kcl start billing --stream clicks --workers 2",
  "sleep 100000",
]);
await speed(page, "10×");
await play(page);
await page.waitForTimeout(5_000);
const before = await counts();
await page.waitForTimeout(longRun_s * 1_000);
const after = await counts();
print("long_run_nodes_more", after.nodes - before.nodes, "nodes");
print("long_run_memory_more", ((after.memory - before.memory) / 1024).toFixed(0), "KiB");

await browser.close();
server.closeAllConnections();
server.close();
