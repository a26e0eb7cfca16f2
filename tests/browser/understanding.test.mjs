// What explains a run: why, requests and code, the ledger, the race for leases, limits, words, languages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button, field, shard, type } from "./steps.mjs";
import { accessProblems, layoutProblems, screenshot, useSite } from "./support.mjs";

const site = useSite();
const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const panel = (page) => page.getByRole("tabpanel");

test("every line of the log answers why, down to a command, and its causes can be gone to", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 2000 --keys hot:100:celebrity --call batch\nsleep 3");
  await field(page, "Show").selectOption("Refusals");
  const line = page.locator(".log-lines > li").first();
  await line.getByRole("button", { name: /^Why\?/ }).click();
  const chain = page.locator(".why-chain");
  await chain.getByText(/because/).first().waitFor();
  await chain.getByText(/command \d+/).waitFor();
  const before = await page.getByLabel("Virtual time").textContent();
  await chain.getByRole("button", { name: /^Go to/ }).last().click();
  assert.notEqual(await page.getByLabel("Virtual time").textContent(), before);
});

test("the log tells what is kept, however much has happened since", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 1200\nsleep 20");
  const lines = page.locator(".log-lines > li");
  await lines.filter({ hasText: "web started" }).waitFor();
  await lines.filter({ hasText: "clicks is ACTIVE" }).waitFor();
});

test("a call stands there as wire, command line and code of four SDKs, with what came back", async (t) => {
  const page = await site.open(t);
  await tab(page, "Requests").click();
  await button(page, "Put one record").click();
  const text = panel(page).getByLabel("Request", { exact: true });
  await text.getByText("X-Amz-Target: Kinesis_20131202.PutRecord").waitFor();
  await panel(page).getByText('"ShardId": "shardId-000000000001"').waitFor();
  for (const [tool, expected] of [
    ["AWS CLI", "aws kinesis put-record --stream-name clicks"],
    ["Python", 'Data=b"hello"'],
    ["JavaScript", "new PutRecordCommand({"],
    ["Java", 'SdkBytes.fromUtf8String("hello")'],
    ["Rust", '.data(Blob::new("hello"))'],
  ]) {
    await button(page, tool).click();
    await text.getByText(expected).waitFor();
  }
  await type(page, "aws kinesis describe-stream --stream-name nothing");
  await panel(page).getByText(/ResourceNotFoundException/).waitFor();
  // Other services are there by their command lines.
  await type(page, "aws s3 mb s3://lake");
  await text.getByText("A call to another service of AWS").waitFor();
  await button(page, "AWS CLI").click();
  await text.getByText("aws s3 mb s3://lake").waitFor();
});

test("the ledger accounts for every record, and shows the order of a key", async (t) => {
  const page = await site.open(t);
  await tab(page, "Ledger").click();
  await page.getByText("Start a producer and a reader").waitFor();
  await type(
    page,
    "sandbox producer start web --stream clicks --rate 4 --keys fixed:us,eu\nsandbox kcl start billing --stream clicks --workers 1\nsleep 30\nsandbox producer stop web",
  );
  const words = await panel(page).locator(".balance-words").textContent();
  const [made, stored, waiting, lost] = words.match(/\d[\d,]*/g).map((number) => Number(number.replaceAll(",", "")));
  assert.equal(made, stored + waiting + lost);
  assert.ok(made > 100);
  await panel(page).getByRole("row", { name: /^billing/ }).waitFor();
  await panel(page).locator(".ledger-token.read").first().waitFor();
});

test("workers race for leases by conditional writes, and one bounces off", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox kcl start billing --stream clicks --workers 2\nsleep 20\nsandbox kcl pause billing w1\nsleep 45");
  await tab(page, "Leases").click();
  const race = page.getByRole("region", { name: "Conditional writes" });
  await race.getByText(/ConditionalCheckFailedException/).first().waitFor();
  await race.getByText(/leaseCounter .* taken from w1/).first().waitFor();
  await page.getByRole("region", { name: "Owners over time" }).getByRole("img").first().waitFor();
  await shard(page, 0).getByText("w1 still thinks it owns it").waitFor();
});

test("the limits say where notes, exam and AWS today differ, and switching begins a new world", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await page.getByRole("button", { name: "exam limits" }).click();
  await panel(page).getByText("Bytes that one shard takes in a burst.").waitFor();
  await panel(page).getByRole("button", { name: "AWS today" }).click();
  await page.getByText("Switching begins a new world", { exact: false }).waitFor();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await button(page, "Begin a new world under aws-today").click();
  await page.getByRole("button", { name: "aws-today limits" }).waitFor();
  await shard(page, 1).getByText("0 records", { exact: true }).waitFor();
});

test("the glossary sees Kinesis from Kafka and from SQS, and says where that breaks", async (t) => {
  const page = await site.open(t);
  await tab(page, "Glossary").click();
  await field(page, "Find a word").fill("lease");
  await button(page, "Kafka").click();
  await panel(page).getByText("Partition assignment").waitFor();
  await button(page, "SQS").click();
  await panel(page).getByText("a visibility timeout is for one message", { exact: false }).waitFor();
});

test("what just happened names the learner's own key, shard and rule", async (t) => {
  const page = await site.open(t);
  await field(page, "Partition key").fill("us");
  await button(page, "Put record").click();
  const card = page.getByRole("region", { name: "What just happened" });
  await card.getByText("MD5(us) = 0b3b97fa66886c5688ee4ae80ec0c3c2: 4.4 %, shard A").waitFor();
  await card.getByText("The MD5 of the partition key decides the shard; nothing else does.").waitFor();
});

test("bookmarks and kinds of marks take the playhead there and back", async (t) => {
  const page = await site.open(t);
  const now = page.getByLabel("Virtual time");
  await button(page, "Set a bookmark").click();
  const marked = await now.textContent();
  await type(page, "sleep 60");
  await field(page, "Jump to").selectOption("Bookmarks");
  await button(page, "Previous mark").click();
  await now.getByText(marked).waitFor();
  await button(page, "Take the bookmark away").click();
  await button(page, "Set a bookmark").waitFor();
});

test("a fork is the same world until something is changed, on one clock", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 1500 --keys hot:100:celebrity\nsleep 3");
  await button(page, "Fork: a second world from here").click();
  const worlds = page.getByRole("region", { name: "Two worlds" });
  await worlds.getByText("No difference so far, fact by fact.").waitFor();
  await type(page, "sleep 5");
  await worlds.getByText("No difference so far, fact by fact.").waitFor();
  await type(page, "sandbox producer change web --rate 900\nsleep 5");
  await worlds.getByText("Same seed: what differs follows from what you changed.").waitFor();
  const refused = worlds.getByRole("row", { name: /^Records refused/ }).getByRole("cell");
  const [here, there] = (await refused.allTextContents()).map((text) => Number(text.replace(/[^0-9]/g, "")));
  assert.ok(here < there, `${here} refused here, ${there} there`);
  await screenshot(page, "fork-desktop-light");
  assert.deepEqual(await layoutProblems(page), []);
  assert.deepEqual(await accessProblems(page), []);
  await button(page, "Give commands to the other").click();
  const swapped = (await refused.allTextContents()).map((text) => Number(text.replace(/[^0-9]/g, "")));
  assert.deepEqual(swapped.slice(0, 2), [there, here]);
  await button(page, "Keep this one alone").click();
  await worlds.waitFor({ state: "hidden" });
});

test("two worlds stand shard by shard at one height, and what differs is marked", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 900 --keys fixed:us,order-77\nsleep 2");
  await button(page, "Fork: a second world from here").click();
  const rows = page.getByRole("list", { name: "Shards of both worlds" }).locator(":scope > li");
  await rows.nth(3).waitFor();
  assert.equal(await page.locator(".difference").filter({ visible: true }).count(), 0);
  // The first shard is split in this world alone.
  await type(
    page,
    "aws kinesis split-shard --stream-name clicks --shard-to-split shardId-000000000000 --new-starting-hash-key 85070591730234615865843651857942052864\nsleep 40",
  );
  await rows.nth(7).waitFor();
  const tops = await rows.evaluateAll((items) => items.map((item) => Math.round(item.getBoundingClientRect().top)));
  for (let place = 0; place < tops.length; place += 2) assert.equal(tops[place], tops[place + 1], `row ${place / 2}`);
  const words = await rows.evaluateAll((items) => items.map((item) => item.textContent));
  assert.match(words[0], /closed here/);
  assert.match(words[1], /open here/);
  assert.match(words[4], /only here/);
  assert.match(words[5], /shardId-000000000002 is not in this world/);
  assert.deepEqual(await layoutProblems(page), []);
  // The arrow goes from shard to shard of the world that takes the commands.
  await rows.nth(0).getByRole("button").focus();
  await page.keyboard.press("ArrowDown");
  await rows.nth(2).getByRole("button").and(page.locator(":focus")).waitFor();
});

test("a stretch of time that matters is let pass at once", async (t) => {
  const page = await site.open(t);
  await field(page, "Let time pass").selectOption({ label: "5 min: an iterator dies" });
  await page.getByLabel("Virtual time").getByText("00:05:20.000").waitFor();
});

test("the bill runs with the clock, names what a change adds, and the planner says what binds", async (t) => {
  const page = await site.open(t);
  // Two shards at $0.015 an hour.
  await page.getByRole("button", { name: "$0.0300/h, +$21.90/month", exact: true }).click();
  await panel(page).getByText("A month as it is").first().waitFor();
  await type(
    page,
    "aws kinesis split-shard --stream-name clicks --shard-to-split shardId-000000000001 --new-starting-hash-key 255211775190703847597530955573826158592\nsleep 40",
  );
  // A third one is 730 hours times $0.015 more.
  await page.getByRole("button", { name: "$0.0450/h, +$10.95/month", exact: true }).waitFor();
  const planner = page.getByRole("region", { name: "Shard planner" });
  await planner.getByLabel("Records", { exact: true }).fill("5000");
  await planner.getByLabel("Size", { exact: true }).fill("100");
  await planner.getByText("5 shards", { exact: false }).first().waitFor();
  await planner.getByText("what binds is 1,000 records/s of writes to a shard", { exact: false }).waitFor();
});

test("charts come as CloudWatch shows them too: a point a minute, and late", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 100\nsleep 20");
  await tab(page, "Metrics").click();
  await button(page, "As CloudWatch shows it").click();
  await panel(page).getByText("First minute not over. CloudWatch is like this too.").waitFor();
  await type(page, "sleep 300");
  await panel(page).getByText(/^Newest point: 00:0\d:00, /).waitFor();
  await panel(page).getByRole("img", { name: /^IncomingRecords, Sum, newest 6,000$/ }).waitFor();
});

test("the palette brings lines to the prompt, and the console breaks whom one chooses", async (t) => {
  const page = await site.open(t);
  await tab(page, "Build").click();
  await page.getByRole("button", { name: /^Keep for a week/ }).click();
  const prompt = page.locator('textarea[aria-label="Command line"]');
  const line = "aws kinesis increase-stream-retention-period --stream-name clicks --retention-period-hours 168";
  await page.waitForFunction(
    (line) => document.querySelector('textarea[aria-label="Command line"]').value === line,
    line,
  );
  await prompt.press("Enter");
  await page.locator(".stream-facts").getByText("168 h").waitFor();
  await page.getByText("Start a program first: faults happen to somebody.").waitFor();
  await type(page, "sandbox kcl start billing --stream clicks --workers 2\nsleep 15");
  await field(page, "Affects").selectOption("billing/w2");
  await page.getByRole("button", { name: /^Pause/ }).last().click();
  await page.locator(".block").last().getByText("sandbox fault pause billing/w2 --for 1m").waitFor();
  await page.getByRole("region", { name: "Fault console" }).getByText(/left$/).first().waitFor();
  await button(page, "Clear all").click();
  await page.locator(".block").last().getByText("sandbox fault clear").waitFor();
});

test("the page speaks German at a click, and AWS's own words stay", async (t) => {
  const page = await site.open(t);
  await page.getByText("View", { exact: true }).click();
  await button(page, "Deutsch").click();
  await button(page, "Abspielen").waitFor();
  await tab(page, "Grenzwerte").waitFor();
  await page.getByText("ACTIVE", { exact: true }).first().waitFor();
  assert.equal(await page.locator(".ks").getAttribute("lang"), "de");
  assert.deepEqual(await layoutProblems(page), []);
  await page.getByText("Ansicht", { exact: true }).click();
  await button(page, "English").click();
  await button(page, "Play").waitFor();
});

test("in German the log, its reasons and the stage in words speak it too", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 1500 --keys fixed:user-1\nsleep 2");
  await page.getByText("View", { exact: true }).click();
  await button(page, "Deutsch").click();
  await field(page, "Zeige").selectOption("Abweisungen");
  const line = page.locator(".log-lines > li").first();
  await line.getByText(/wies .* ab: 1.000 Records je Sekunde sind aufgebraucht|verlor .* Record/).waitFor();
  await line.getByRole("button", { name: /^Warum\?/ }).click();
  await page.locator(".why-chain").getByText(/weil/).first().waitFor();
  await button(page, "Worte").click();
  await page.getByText(/^Stream clicks, aktiv, 2 offene Shards/).waitFor();
  assert.deepEqual(await layoutProblems(page), []);
});

test("in German forms, empty states and cards speak it too, and commands stay as they are", async (t) => {
  const page = await site.open(t);
  await page.getByText("View", { exact: true }).click();
  await button(page, "Deutsch").click();
  await button(page, "Producer").click();
  await page.getByRole("heading", { name: "Neuer Producer" }).waitFor();
  await field(page, "Partition Keys").waitFor();
  await page.getByText("sandbox producer start web", { exact: false }).first().waitFor();
  await tab(page, "Dienste").click();
  await page.getByText("Hier zeigt sich, was um die Streams steht", { exact: false }).waitFor();
  await button(page, "Etwas aufbauen").click();
  await panel(page).getByText("Data Firehose nach S3").waitFor();
  await page.getByText("Schreibe den ersten Record").waitFor();
  await button(page, "Record schreiben").first().click();
  await page.locator(".stream-facts").getByText("1 Record").waitFor();
  assert.deepEqual(await layoutProblems(page), []);
});

test("the builder sets up services by lines that one sees, and each has a card with its state", async (t) => {
  const page = await site.open(t);
  await tab(page, "Services").click();
  await button(page, "Set one up").click();
  for (const [piece, line] of [
    ["Lambda function", /sandbox function create agg/],
    ["Data Firehose to S3", /sandbox firehose create to-s3/],
    ["KPL producer", /sandbox kpl start packed/],
  ]) {
    await tab(page, "Build").click();
    await panel(page).getByRole("button", { name: new RegExp(`^${piece}`) }).click();
    const prompt = page.locator('textarea[aria-label="Command line"]');
    await prompt.and(page.locator("textarea")).waitFor();
    assert.match(await prompt.inputValue(), line);
    await button(page, "Run").click();
  }
  await type(page, "sleep 70");
  const consumers = page.getByRole("region", { name: "Readers and applications" });
  await consumers.getByRole("button", { name: /^Lambda agg/ }).waitFor();
  await consumers.getByRole("button", { name: /^Firehose to-s3/ }).click();
  await panel(page).getByText(/delivered in/).waitFor();
  await panel(page).getByText("archive", { exact: true }).first().waitFor();
});

test("an error stands at the form and at the shard that it is about, with its cause for those who ask", async (t) => {
  const page = await site.open(t);
  await shard(page, 0).getByRole("button").click();
  await button(page, "Split in the middle").click();
  await button(page, "Split in the middle").click();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await inspector.getByRole("alert").getByText("ResourceInUseException").waitFor();
  await shard(page, 0).getByText("ResourceInUseException").waitFor();
  await inspector.getByText("Why, and what to try").click();
  await inspector.getByText("one change at a time", { exact: false }).waitFor();
  await type(page, "aws kinesis list-shards --stream-name nothing");
  const block = page.locator(".block").last();
  await block.getByText("Why, and what to try").click();
  await block.getByText("Nothing has this name in this account and Region", { exact: false }).waitFor();
});

test("bookmarks are kept with the session", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await button(page, "Set a bookmark").click();
  const marked = await page.getByLabel("Virtual time").textContent();
  await type(page, "sleep 60");
  await page.reload();
  await page.getByText(/This is the world of your last visit, at/).waitFor();
  await field(page, "Jump to").selectOption("Bookmarks");
  await button(page, "Previous mark").click();
  await page.getByLabel("Virtual time").getByText(marked).waitFor();
  await button(page, "Take the bookmark away").waitFor();
});
