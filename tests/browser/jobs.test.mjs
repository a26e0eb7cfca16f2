// The five things that a learner comes for, done with the mouse.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button, field, lastBlock, playUntil, shard } from "./steps.mjs";
import { useSite } from "./support.mjs";

const site = useSite();

test("a stream is created and becomes ACTIVE", async (t) => {
  const page = await site.open(t);
  await button(page, "New stream").first().click();
  await field(page, "Stream name").fill("orders");
  await field(page, "Shards").fill("3");
  await page.getByText("aws kinesis create-stream --stream-name orders --shard-count 3").waitFor();
  await button(page, "Create stream").click();
  await page.locator(".status", { hasText: "CREATING" }).waitFor();
  await lastBlock(page).getByText("aws kinesis create-stream --stream-name orders --shard-count 3").waitFor();
  await button(page, "Run until ACTIVE").click();
  await page.locator(".status", { hasText: "ACTIVE" }).waitFor();
  await shard(page, 2).waitFor();
  await button(page, "Delete stream").click();
  await page.locator(".status", { hasText: "DELETING" }).waitFor();
  await page.getByRole("button", { name: "Undo delete-stream" }).click();
  await shard(page, 2).waitFor();
});

test("a key shows its hash, its place and its shard, and its record lands there", async (t) => {
  const page = await site.open(t);
  await field(page, "Partition key").fill("us");
  await page.getByText("0b3b97fa66886c5688ee4ae80ec0c3c2").waitFor();
  await page.getByText("4.4 % of the key space").waitFor();
  await page.locator(".lands").getByText("shardId-000000000000").waitFor();
  await button(page, "Put record").click();
  await shard(page, 0).getByText("1 record", { exact: true }).waitFor();
  await lastBlock(page).getByText('"ShardId": "shardId-000000000000"').waitFor();
});

test("a recipe shows its spread before anything is sent", async (t) => {
  const page = await site.open(t);
  await button(page, "Producer").click();
  await field(page, "Partition keys").selectOption({ label: "A few fixed keys" });
  await page.getByText("It can never use more than 3 shards.").waitFor();
  const counts = await page.locator(".histogram .figure").allTextContents();
  assert.deepEqual(counts, ["1,000", "0"]);
  await field(page, "Recipe").fill("fixed:us,,ap");
  await page.getByText("a partition key has 1 to 256 characters").waitFor();
});

test("a hot key empties the record bucket of its shard; back-off and a split help", async (t) => {
  const page = await site.open(t);
  await button(page, "Producer").click();
  await field(page, "Rate").fill("1500");
  await field(page, "Partition keys").selectOption({ label: "One hot key" });
  await button(page, "Start producer").click();
  const throttling = page.getByRole("region", { name: "Throttling" });
  await playUntil(page, "10×", throttling);
  await throttling.getByText("ProvisionedThroughputExceededException").waitFor();
  await throttling.getByText("1,000 records/s").waitFor();
  await throttling.getByText(/by records, 0 by bytes/).waitFor();
  const reasons = page.locator(".reasons");
  await reasons.getByText(/records lost: refused, and not tried again/).waitFor();
  await shard(page, 1).getByText(/refused/).waitFor();

  // Two seconds before the first refusal the producer was not there yet.
  await button(page, "Slow to the moment").click();
  await page.getByText("There is no such producer at this time.").waitFor();
  await button(page, "Pause").click();
  await button(page, "End of the history").click();

  await button(page, "Switch to back-off").click();
  await lastBlock(page).getByText(/--retry backoff/).waitFor();
  await button(page, "Backs off already").waitFor();
  await throttling.getByRole("button", { name: /^Split shard/ }).click();
  await lastBlock(page).getByText(/aws kinesis split-shard .*--new-starting-hash-key 255211775190703847597530955573826158592/).waitFor();
  await playUntil(page, "10×", shard(page, 3));
  await shard(page, 1).getByText("closed → C, D").waitFor();
});

test("large records empty the byte bucket first", async (t) => {
  const page = await site.open(t);
  await button(page, "Producer").click();
  await field(page, "Rate").fill("50");
  await field(page, "Size").fill("100000");
  await button(page, "Start producer").click();
  const throttling = page.getByRole("region", { name: "Throttling" });
  await playUntil(page, "10×", throttling);
  await throttling.getByText("1 MB/s").waitFor();
  await throttling.getByText(/0 by records/).waitFor();
});

test("a second reader replays from the trim horizon and disturbs nobody", async (t) => {
  const page = await site.open(t);
  for (let i = 0; i < 5; i += 1) await button(page, i ? "Put another record" : "Put a record").click();
  await button(page, "Reader").click();
  await button(page, "Start reader").click();
  const first = page.getByRole("button", { name: /^billing/ });
  await playUntil(page, "2×", first.getByText("5 records read"));

  await button(page, "Reader").click();
  await page.getByText("first record: #1").waitFor();
  await page.getByRole("radio", { name: /^LATEST/ }).check();
  await page.getByText("at the tip: waits for the next record").first().waitFor();
  await page.getByRole("radio", { name: /^TRIM_HORIZON/ }).check();
  await button(page, "Start reader").click();
  await page.getByRole("alert").getByText("Records in the stream: 5, unchanged. Other readers: unchanged.").waitFor();
  await playUntil(page, "2×", page.getByRole("button", { name: /^audit/ }).getByText("5 records read"));
  await first.getByText("5 records read").waitFor();
  await page.locator(".stream-facts").getByText("5 records").waitFor();
});

test("an iterator reads page by page, and two from the trim horizon see the same", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await shard(page, 1).getByRole("button").click();
  for (const kind of ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"]) {
    await button(page, kind).click();
    await lastBlock(page).getByText(`--shard-iterator-type ${kind}`).waitFor();
    await lastBlock(page).getByText(/"ShardIterator": /).waitFor();
  }
  await button(page, "TRIM_HORIZON").click();
  await button(page, "Get next page").click();
  await lastBlock(page).getByText(/"PartitionKey": "user-1"/).waitFor();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
});

test("a crashed worker's lease changes hands at the fail-over", async (t) => {
  const page = await site.open(t);
  await button(page, "KCL app").click();
  await button(page, "Start application").click();
  await button(page, "Lease table").click();
  const owners = page.getByRole("tabpanel").locator("tbody tr td:nth-child(2)");
  await playUntil(page, "10×", page.locator(".worker-card", { hasText: "w2" }).getByText(/^Owns [AB]/));
  assert.deepEqual((await owners.allTextContents()).sort(), ["w1", "w2"]);

  await button(page, "crash w1").click();
  await page.locator(".worker-card", { hasText: "w1" }).getByText("crashed").waitFor();
  await playUntil(page, "10×", page.locator(".lease.old").first());
  await playUntil(page, "10×", page.locator(".worker-card", { hasText: "w2" }).getByText("Owns A, B"));
  assert.deepEqual(await owners.allTextContents(), ["w2", "w2"]);

  await button(page, "restart w1").click();
  await button(page, "Add worker").click();
  await button(page, "pause w2").click();
  await page.locator(".worker-card", { hasText: "w2" }).getByText("paused").waitFor();
  await playUntil(page, "10×", page.locator(".worker-card", { hasText: "w2" }).getByText(/^Still thinks it owns/));
});

test("same seed, one change: a fork tells by clicks alone what a retry policy is worth", async (t) => {
  const page = await site.open(t);
  await button(page, "Producer").click();
  await field(page, "Rate").fill("1500");
  await field(page, "Partition keys").selectOption({ label: "One hot key" });
  await button(page, "Start producer").click();
  const throttling = page.getByRole("region", { name: "Throttling" });
  await playUntil(page, "10×", throttling);

  await button(page, "Fork: a second world from here").click();
  const worlds = page.getByRole("region", { name: "Two worlds" });
  await worlds.getByText("No difference so far, fact by fact.").waitFor();
  await page.locator(".of-other canvas.lane").first().waitFor();
  await button(page, "Switch to back-off").click();
  const lost = worlds.getByRole("row", { name: /^Records lost/ }).getByRole("cell");
  await playUntil(page, "10×", worlds.getByText("Same seed: what differs follows from what you changed."));
  const numbers = async () => (await lost.allTextContents()).slice(0, 2).map((text) => Number(text.replaceAll(",", "")));
  await playUntil(page, "10×", worlds.locator("tr", { hasText: "Records lost" }).locator(".differs"));
  const [withRetries, without] = await numbers();
  assert.ok(withRetries < without, `${withRetries} lost with retries, ${without} without`);
  await button(page, "Give commands to the other").click();
  assert.deepEqual(await numbers(), [without, withRetries]);
  await button(page, "Keep this one alone").click();
  await worlds.waitFor({ state: "hidden" });
});

test("time can be stepped, sought and taken back", async (t) => {
  const page = await site.open(t);
  const now = page.getByRole("status", { name: "Virtual time" }).or(page.getByLabel("Virtual time"));
  await button(page, "Put a record").click();
  await now.getByText("00:00:20.500").waitFor();
  await button(page, "Start of the history").click();
  await now.getByText("00:00:00.000").waitFor();
  await page.getByText("in the past").waitFor();
  await button(page, "One change forward").click();
  await button(page, "End of the history").click();
  await now.getByText("00:00:20.500").waitFor();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo put-record" }).click();
  await shard(page, 1).getByText("0 records", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Redo put-record" }).click();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
});
