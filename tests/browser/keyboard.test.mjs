// The same five things without a mouse: Tab, arrows, Enter, Space and typing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button, field, lastBlock, shard, tabTo } from "./steps.mjs";
import { narrow, useSite } from "./support.mjs";

const site = useSite();

async function press(page, locator, key = "Enter") {
  await tabTo(page, locator);
  await page.keyboard.press(key);
}

/** Types over what stands in a field. */
async function fill(page, locator, text) {
  await tabTo(page, locator);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

/** Speeds up, plays until something is seen, pauses; all with keys of the time bar. */
async function play(page, locator) {
  const scrubber = page.getByRole("slider", { name: "Time" });
  await tabTo(page, scrubber);
  for (let i = 0; i < 2; i += 1) await page.keyboard.press("+");
  await page.keyboard.press("Space");
  await locator.waitFor();
  await page.keyboard.press("Space");
  await button(page, "Play").waitFor();
  for (let i = 0; i < 2; i += 1) await page.keyboard.press("-");
}

test("keys alone create a stream", async (t) => {
  const page = await site.open(t);
  await press(page, button(page, "New stream").last());
  assert.ok(await field(page, "Stream name").evaluate((element) => element === document.activeElement));
  await fill(page, field(page, "Stream name"), "orders");
  await fill(page, field(page, "Shards"), "2");
  await page.keyboard.press("Enter");
  await press(page, button(page, "Run until ACTIVE"));
  await shard(page, 1).waitFor();
});

test("keys alone put a record and look at it", async (t) => {
  const page = await site.open(t);
  await fill(page, field(page, "Partition key"), "us");
  await page.keyboard.press("Enter");
  await shard(page, 0).getByText("1 record", { exact: true }).waitFor();
  await press(page, shard(page, 0).getByRole("button"), "ArrowRight");
  await page.getByRole("heading", { name: "Record #1" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Inspector" }).getByText("shardId-000000000001").first().waitFor();
  await page.keyboard.press("Control+z");
  await shard(page, 0).getByText("0 records", { exact: true }).waitFor();
});

test("keys alone throttle a shard and split it", async (t) => {
  const page = await site.open(t);
  await press(page, button(page, "Producer"));
  await fill(page, field(page, "Rate"), "1500");
  await tabTo(page, field(page, "Partition keys"));
  await page.keyboard.press("o");
  await press(page, button(page, "Start producer"));
  const throttling = page.getByRole("region", { name: "Throttling" });
  await play(page, throttling);
  await press(page, button(page, "Switch to back-off"));
  await button(page, "Backs off already").waitFor();
  await press(page, throttling.getByRole("button", { name: /^Split shard/ }));
  await lastBlock(page).getByText(/aws kinesis split-shard/).waitFor();
});

test("keys alone replay a stream", async (t) => {
  const page = await site.open(t);
  await press(page, button(page, "Put a record"));
  await press(page, button(page, "Reader"));
  const radio = page.getByRole("radio", { name: /^TRIM_HORIZON/ });
  await tabTo(page, radio);
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.getByRole("radio", { name: /^LATEST/ }).isChecked());
  await page.keyboard.press("ArrowUp");
  await press(page, button(page, "Start reader"));
  await page.getByRole("alert").getByText("Records in the stream: 1, unchanged.").waitFor();
  await play(page, page.getByRole("button", { name: /^billing/ }).getByText("1 record read"));
});

test("keys alone crash a worker and see its lease taken", async (t) => {
  const page = await site.open(t);
  await press(page, button(page, "KCL app"));
  await press(page, button(page, "Start application"));
  await play(page, page.locator(".worker-card", { hasText: "w2" }).getByText(/^Owns [AB]/));
  await press(page, button(page, "crash w1"));
  await play(page, page.locator(".worker-card", { hasText: "w2" }).getByText("Owns A, B"));
});

test("the time bar and the terminal have the keys that help names", async (t) => {
  const page = await site.open(t);
  await press(page, button(page, "Help"));
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await press(page, button(page, "Put a record"));
  await tabTo(page, page.getByRole("slider", { name: "Time" }));
  const now = page.getByLabel("Virtual time");
  await page.keyboard.press("Home");
  await now.getByText("00:00:00.000").waitFor();
  await page.keyboard.press("End");
  await now.getByText("00:00:20.500").waitFor();
  await page.keyboard.press("PageUp");
  await now.getByText("00:00:20.000").waitFor();

  const prompt = page.locator('textarea[aria-label="Command line"]');
  await tabTo(page, prompt);
  await page.keyboard.type("aws kinesis list-str");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /^list-streams/ }).waitFor();
  // The first that is offered is list-stream-consumers.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal((await prompt.inputValue()).trim(), "aws kinesis list-streams");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await lastBlock(page).getByText(/"StreamNames"/).waitFor();
  await page.keyboard.press("ArrowUp");
  assert.equal((await prompt.inputValue()).trim(), "aws kinesis list-streams");
  await page.keyboard.press("Tab");
  assert.ok(!(await prompt.evaluate((element) => element === document.activeElement)), "Tab leaves the terminal");
});

const hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

for (const [width, size] of Object.entries({ desktop: {}, narrow })) {
  test(`one key leads to the prompt from everywhere, and help names it: ${width}`, async (t) => {
    const page = await site.open(t, size);
    await press(page, button(page, "Help"));
    await page.getByRole("dialog", { name: "Help" }).getByRole("row", { name: "Ctrl K To the prompt" }).waitFor();
    // Behind a dialog nothing moves.
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const prompt = page.locator('textarea[aria-label="Command line"]');
    assert.ok(!(await hasFocus(prompt)));
    await tabTo(page, field(page, "Exercise"));
    await page.keyboard.press("Control+k");
    await page.locator('textarea[aria-label="Command line"]:focus').waitFor();
    await page.keyboard.type("aws kinesis list-streams");
    await page.keyboard.press("Enter");
    await lastBlock(page).getByText(/"StreamNames"/).waitFor();
  });

  test(`each of the links at the top leads into its part: ${width}`, async (t) => {
    const page = await site.open(t, size);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const skips = page.getByRole("navigation", { name: "Skip to" });
    for (const [name, part] of [["Task", "#task"], ["Stage", "#stage"], ["Time", "#time"], ["Terminal", "#terminal"], ["Log", "#log"]]) {
      await skips.getByRole("link", { name, exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.locator(`${part}:focus, ${part} :focus`).waitFor();
    }
  });
}

test("the focus goes to a form that opens, and stays in its part of the page where a control goes away", async (t) => {
  const page = await site.open(t);
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await press(page, button(page, "Producer"));
  await page.getByRole("heading", { name: "New producer" }).waitFor();
  await page.waitForFunction(() => document.activeElement.closest("form"));
  assert.ok(await hasFocus(field(page, "Name")));

  // The form is gone when the producer starts.
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "inspector");

  // So is the button that changes the keys.
  await tabTo(page, inspector.getByLabel("Partition keys", { exact: true }));
  await page.keyboard.press("o");
  await press(page, button(page, "Use these keys"));
  await button(page, "Use these keys").waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.activeElement.id === "inspector");
});

test("a list at whose choices something happens opens at the first key", async (t) => {
  const page = await site.open(t);
  const now = page.getByLabel("Virtual time");
  await tabTo(page, page.getByLabel("Let time pass", { exact: true }));
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  assert.equal(await now.textContent(), "00:00:20.000");
  await page.keyboard.press("Enter");
  await now.getByText("00:00:30.000").waitFor();
  // And once more, as it is closed again; also a letter opens it.
  for (const key of ["1", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await now.getByText("00:00:31.000").waitFor();

  await tabTo(page, page.getByLabel("Exercise", { exact: true }));
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  assert.equal(await page.getByLabel("Exercise", { exact: true }).inputValue(), "");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "The first record" }).waitFor();
});

test("Ctrl Z takes back also where a list has the focus", async (t) => {
  const page = await site.open(t);
  await press(page, button(page, "Put a record"));
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await tabTo(page, field(page, "Speed"));
  await page.keyboard.press("Control+z");
  await shard(page, 1).getByText("0 records", { exact: true }).waitFor();
});

test("a line that did not run says how to go on", async (t) => {
  const page = await site.open(t);
  const prompt = page.locator('textarea[aria-label="Command line"]');
  const hint = page.locator(".line-hint");
  await tabTo(page, prompt);
  await page.keyboard.type("aws kinesis list-streems");
  await page.keyboard.press("Enter");
  await hint.getByText("This line did not run: type over what is marked, or empty it with Ctrl U.").waitFor();
  await page.keyboard.type("list-streams");
  await hint.waitFor({ state: "hidden" });
  await page.keyboard.press("Enter");
  await lastBlock(page).getByText(/"StreamNames"/).waitFor();
  await page.keyboard.type("aws kinesis put-record --stream-name clicks");
  await page.keyboard.press("Enter");
  await hint.getByText("This line did not run: complete it, or empty it with Ctrl U.").waitFor();
  await page.keyboard.press("Control+u");
  await hint.waitFor({ state: "hidden" });
});

test("the world runs on while somebody types without a pause", async (t) => {
  const page = await site.open(t);
  await button(page, "Play").click();
  // The frame after a key belongs to what the key changes; with a key in every frame the world still has some.
  const passed = await page.evaluate(async () => {
    const area = document.querySelector('textarea[aria-label="Command line"]');
    const clock = document.querySelector('[aria-label="Virtual time"]');
    const before = clock.textContent;
    for (let i = 0; i < 60; i += 1) {
      area.value += "a";
      area.dispatchEvent(new InputEvent("input", { bubbles: true, data: "a" }));
      await new Promise((next) => requestAnimationFrame(next));
    }
    return [before, clock.textContent];
  });
  assert.notEqual(passed[0], passed[1]);
});
