// The five things that a learner comes for, done with a finger on a phone.

import { test } from "node:test";

import { button, field, lastBlock, shard } from "./steps.mjs";
import { phone, useSite } from "./support.mjs";

const site = useSite();
const open = (t) => site.open(t, { ...phone, touch: true });
const part = (page, name) => page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).tap();

/** Lets time run until something is seen, at the speed that the folded part of the time bar has. */
async function playUntil(page, speed, locator) {
  if (!(await field(page, "Speed").isVisible())) await button(page, "More of time").tap();
  await field(page, "Speed").selectOption({ label: speed });
  await button(page, "Play").tap();
  await locator.waitFor();
  await button(page, "Pause").tap();
}

test("by touch a stream is created and becomes ACTIVE", async (t) => {
  const page = await open(t);
  await button(page, "New stream").first().tap();
  await field(page, "Stream name").fill("orders");
  await button(page, "Create stream").tap();
  await button(page, "Run until ACTIVE").tap();
  await page.locator(".status", { hasText: "ACTIVE" }).waitFor();
});

test("by touch a key shows its shard, and its record lands there", async (t) => {
  const page = await open(t);
  await part(page, "Do");
  await field(page, "Partition key").fill("us");
  await page.getByText("4.4 % of the key space").waitFor();
  await button(page, "Put record").tap();
  await shard(page, 0).getByText("1 record", { exact: true }).waitFor();
});

test("by touch a producer is turned up until a shard refuses, and slowed to the moment", async (t) => {
  const page = await open(t);
  await button(page, "Producer").tap();
  await field(page, "Rate").fill("1500");
  await field(page, "Partition keys").selectOption({ label: "One hot key" });
  await button(page, "Start producer").tap();
  const throttling = page.getByRole("region", { name: "Throttling" });
  await playUntil(page, "10×", throttling);
  await button(page, "Slow to the moment").tap();
  await button(page, "Pause").tap();
});

test("by touch a reader replays from the trim horizon", async (t) => {
  const page = await open(t);
  await button(page, "Put a record").tap();
  await button(page, "Reader").tap();
  await page.getByText("first record: #1").waitFor();
  await button(page, "Start reader").tap();
  await page.getByRole("alert").getByText("Records in the stream: 1, unchanged. Other readers: unchanged.").waitFor();
  await playUntil(page, "2×", page.getByRole("button", { name: /^billing/ }).getByText("1 record read"));
});

test("by touch a crashed worker's lease changes hands", async (t) => {
  const page = await open(t);
  await button(page, "KCL app").tap();
  await button(page, "Start application").tap();
  const worker = (name) => page.locator(".worker-card", { hasText: name });
  await playUntil(page, "10×", worker("w2").getByText(/^Owns [AB]/));
  await button(page, "crash w1").tap();
  await playUntil(page, "10×", worker("w2").getByText("Owns A, B"));
});

test("by touch a line is composed of chips, and run", async (t) => {
  const page = await open(t);
  await part(page, "Terminal");
  for (const word of ["aws", "kinesis", "list-streams"]) {
    await page.getByRole("group", { name: "Next words" }).getByRole("button", { name: word, exact: true }).first().tap();
  }
  await button(page, "Run").tap();
  await lastBlock(page).getByText('"StreamNames"').waitFor();
});
