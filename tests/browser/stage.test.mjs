// What the stage shows: budgets, readers, passports of iterators, many shards, words in step with the picture.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button, field, lastBlock, shard, type } from "./steps.mjs";
import { accessProblems, desktop, layoutProblems, screenshot, useSite } from "./support.mjs";

const site = useSite();
const twin = (page) => page.getByRole("region", { name: "The stage in words" });

test("an iterator has a passport: its place, its life, and what to write down before it dies", async (t) => {
  const page = await site.open(t);
  for (let i = 0; i < 3; i += 1) await button(page, i ? "Put another record" : "Put a record").click();
  await shard(page, 1).getByRole("button").click();
  await button(page, "TRIM_HORIZON").click();
  const passports = page.getByRole("list", { name: "Iterators" });
  await passports.getByText("next record #1").waitFor();
  await passports.getByText("good for").waitFor();
  await passports.getByText("Nothing read before it").waitFor();
  await button(page, "Get next page").click();
  await passports.getByText("next record #4").waitFor();
  await passports.getByText("Write down before it dies").waitFor();
  const number = await passports.locator("code.hash").first().textContent();
  assert.match(number, /^4\d{55}$/);
  await type(page, "sleep 301");
  await passports.getByText("void: older than five minutes").waitFor();
  await button(page, "New one from there").click();
  await lastBlock(page).getByText(`--starting-sequence-number ${number}`).waitFor();
  await passports.getByText("AFTER_SEQUENCE_NUMBER").waitFor();
});

test("each way to read by hand stands once in the inspector", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await shard(page, 1).getByRole("button").click();
  await button(page, "TRIM_HORIZON").click();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  for (const name of ["AT_TIMESTAMP", "Get next page", "TRIM_HORIZON", "LATEST"]) {
    const controls = inspector.getByRole("button", { name, exact: true }).or(inspector.locator("summary", { hasText: name }));
    assert.equal(await controls.count(), 1, name);
  }
  // The time that is offered is that of the record: it finds the record again.
  await button(page, "AT_TIMESTAMP").click();
  await inspector.getByRole("list", { name: "Iterators" }).locator("li").first().getByText("next record #1").waitFor();
  await inspector.getByRole("form", { name: "Get next page" }).getByLabel("Limit", { exact: true }).fill("3");
  await button(page, "Get next page").click();
  await lastBlock(page).getByText("--limit 3").waitFor();
});

test("a stream that is created at the prompt is shown, as one that a form creates", async (t) => {
  const page = await site.open(t);
  const shown = page.getByRole("combobox", { name: "Stream", exact: true });
  assert.equal(await shown.inputValue(), "clicks");
  await type(page, "aws kinesis create-stream --stream-name orders --shard-count 1");
  await page.getByRole("button", { name: "Run until ACTIVE" }).waitFor();
  assert.equal(await shown.inputValue(), "orders");
  // What makes no stream leaves the stage as it is.
  await type(page, "aws kinesis describe-stream-summary --stream-name clicks");
  assert.equal(await shown.inputValue(), "orders");
  await page.getByRole("button", { name: /^Undo create-stream/ }).click();
  assert.equal(await shown.inputValue(), "clicks");
});

test("a split elsewhere begins with the middle of its shard", async (t) => {
  const page = await site.open(t);
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  for (const [number, percent] of [
    [0, "25"],
    [1, "75"],
  ]) {
    await shard(page, number).getByRole("button").click();
    await inspector.locator("summary", { hasText: "Split elsewhere" }).click();
    assert.equal(await inspector.getByLabel("At percent of the ring", { exact: true }).inputValue(), percent);
  }
});

test("polling readers share one budget, and each fan-out consumer has its own", async (t) => {
  const page = await site.open(t);
  await type(
    page,
    "ARN=$(aws kinesis describe-stream-summary --stream-name clicks --query StreamDescriptionSummary.StreamARN --output text)\n" +
      "aws kinesis register-stream-consumer --stream-arn $ARN --consumer-name fraud\nsleep 12\n" +
      "sandbox reader start fraud --stream clicks --consumer fraud\nsandbox reader start audit --stream clicks\n" +
      "sandbox reader start search --stream clicks\nsleep 3",
  );
  const row = shard(page, 0);
  await row.getByRole("meter", { name: "Bytes to fraud, by enhanced fan-out" }).waitFor();
  const shared = row.getByRole("meter", { name: "Bytes out by GetRecords" });
  assert.match(await shared.getAttribute("aria-valuetext"), /shared by 2$/);
  await row.getByText("renews in").waitFor();
});

test("each application of a stream has leases of its own on the stage", async (t) => {
  const page = await site.open(t);
  for (const application of ["billing", "search"]) {
    await type(page, `sandbox kcl start ${application} --stream clicks --workers 1`);
    await lastBlock(page).waitFor();
  }
  await type(page, "sleep 60");
  for (const application of ["billing", "search"]) {
    await shard(page, 1).getByText(application, { exact: true }).first().waitFor();
  }
  await button(page, "Table").click();
  await page.getByRole("cell", { name: "billing: w1; search: w1" }).first().waitFor();
});

test("a low row names the first reader of its shard, and says how many more there are and who", async (t) => {
  const page = await site.open(t);
  const readers = ["audit", "search", "archive"].map((name) => `sandbox reader start ${name} --stream wide`);
  await type(page, ["aws kinesis create-stream --stream-name wide --shard-count 9", "sleep 21", ...readers, "sleep 2"].join("\n"));
  const row = shard(page, 0);
  await row.getByText("audit", { exact: true }).waitFor();
  const more = row.getByTitle("search, archive");
  await more.waitFor();
  assert.equal((await more.textContent()).trim(), "+2: search, archive");
  assert.deepEqual(await layoutProblems(page), []);
});

test("the words stay in step with the picture", async (t) => {
  const page = await site.open(t);
  await twin(page).getByText("Stream clicks, active, 2 open shards, 0 records, kept for 24 hours.").waitFor();
  await button(page, "Put a record").click();
  await twin(page).getByText("50 – 100 % of the key space, 1 record.").waitFor();
  await twin(page).getByText(/record 1, key user-1, 5\sB, arrived/).waitFor();
  await type(page, "sandbox kcl start billing --stream clicks --workers 2\nsleep 15");
  await twin(page).getByText(/billing: at the tip, lease of w[12], counter \d+/).first().waitFor();
  await button(page, "Words").click();
  assert.deepEqual(await layoutProblems(page), []);
  assert.deepEqual(await accessProblems(page), []);
  await page.getByRole("button", { name: "Undo start billing" }).click();
  await page.getByRole("button", { name: "Undo put-record" }).click();
  await twin(page).getByText("50 – 100 % of the key space, 0 records.").waitFor();
});

// Of many shards all rows are equally low; of some, a closed one is lower than those that are seen before it.
for (const shards of [6, 40]) {
  test(`lanes that are scrolled to are drawn in their own size: ${shards} shards`, async (t) => {
    const page = await site.open(t);
    await type(page, `aws kinesis create-stream --stream-name orders --shard-count ${shards}`);
    await type(page, "sleep 30");
    const last = `shardId-${String(shards - 1).padStart(12, "0")}`;
    await type(page, `aws kinesis split-shard --stream-name orders --shard-to-split ${last} --new-starting-hash-key 339000000000000000000000000000000000000`);
    await type(page, "sleep 30");
    await type(page, "sandbox kcl start billing --stream orders --workers 2");
    await type(page, "sleep 40");
    await page.getByRole("combobox", { name: "Stream", exact: true }).selectOption("orders");
    /** Lanes whose pixels are not those of their place on the page, or that nothing is drawn on. */
    const wrong = () =>
      page.locator("canvas.lane").evaluateAll((lanes) =>
        lanes.flatMap((lane) => {
          const { data } = lane.getContext("2d").getImageData(0, 0, lane.width, lane.height);
          const isDrawn = data.some((it) => it > 0);
          const isRight = lane.width === lane.clientWidth && lane.height === lane.clientHeight;
          return isDrawn && isRight ? [] : [`${lane.dataset.shard}: ${lane.width} x ${lane.height}, ${lane.clientWidth} x ${lane.clientHeight}, ${isDrawn}`];
        }),
      );
    await shard(page, shards + 1).locator("canvas").scrollIntoViewIfNeeded();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(await wrong(), []);
  });
}

test("while time runs, lanes in sight are drawn on every frame, and each row follows, also in words", async (t) => {
  const page = await site.open(t);
  await type(page, "aws kinesis create-stream --stream-name orders --shard-count 24\nsleep 30");
  await type(page, "sandbox producer start web --stream orders --rate 2400 --call batch\nsleep 2");
  await page.getByRole("combobox", { name: "Stream", exact: true }).selectOption("orders");
  await button(page, "Play").click();
  const drawn = await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const lanes = [...document.querySelectorAll("canvas.lane")];
    const stage = document.querySelector("#stage").getBoundingClientRect();
    const seen = lanes.filter((lane) => {
      const { top, bottom } = lane.getBoundingClientRect();
      return top >= stage.top && bottom <= Math.min(stage.bottom, innerHeight);
    });
    const times = new Map(seen.map((lane) => [lane, 0]));
    const clear = CanvasRenderingContext2D.prototype.clearRect;
    CanvasRenderingContext2D.prototype.clearRect = function (...args) {
      if (times.has(this.canvas)) times.set(this.canvas, times.get(this.canvas) + 1);
      return clear.apply(this, args);
    };
    for (let i = 0; i < 60; i += 1) await frame();
    return { times: [...times.values()], all: lanes.length };
  });
  assert.ok(drawn.times.length > 0 && drawn.times.length < drawn.all, JSON.stringify(drawn));
  assert.ok(drawn.times.every((it) => it >= 55), JSON.stringify(drawn));
  // Each stands at another number of records than before, in rows out of sight and in words that are only heard too.
  for (const rows of [".shards > li .count", ".twin-shards > li > p"]) {
    await page.waitForFunction((rows) => {
      const texts = [...document.querySelectorAll(rows)].map((it) => it.textContent);
      globalThis.textsBefore ??= {};
      const before = (globalThis.textsBefore[rows] ??= texts);
      return texts.length === 24 && texts.every((text, place) => text !== before[place]);
    }, rows);
  }
  await button(page, "Pause").click();
  // Where time stands all of them say the same.
  const counts = await page.locator(".shards > li .count").allTextContents();
  const words = await page.locator(".twin-shards > li > p").allTextContents();
  assert.deepEqual(words.map((it) => it.match(/[\d,]+ records/)[0]), counts);
});

test("a record that flies to its shard is not on the lane before it has landed", async (t) => {
  const page = await site.open(t);
  await page.evaluate(() => {
    globalThis.shapes = new Map();
    const { clearRect, roundRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...args) {
      globalThis.shapes.set(this.canvas, [...(globalThis.shapes.get(this.canvas) ?? []), 0]);
      return clearRect.apply(this, args);
    };
    CanvasRenderingContext2D.prototype.roundRect = function (...args) {
      const times = globalThis.shapes.get(this.canvas);
      if (times) times[times.length - 1] += 1;
      return roundRect.apply(this, args);
    };
  });
  await type(page, "sandbox producer start web --stream clicks --rate 3");
  await button(page, "Play").click();
  await page.waitForFunction(() => document.querySelector(".flights").childElementCount > 0);
  await page.waitForFunction(() => {
    const counts = [...document.querySelectorAll(".shards > li .count")].map((it) => Number.parseInt(it.textContent, 10));
    return counts.every((it) => it >= 3);
  });
  await button(page, "Pause").click();
  // Whatever has been drawn once stays: records come, and none goes.
  const drawn = await page.evaluate(() => [...globalThis.shapes.values()]);
  assert.ok(drawn.length > 0);
  for (const times of drawn) assert.deepEqual(times, times.toSorted((a, b) => a - b));
});

test("while time runs, what changes is drawn alone, not all that scrolls with it", async (t) => {
  const page = await site.open(t, desktop);
  await type(page, "aws kinesis create-stream --stream-name orders --shard-count 24\nsleep 30");
  await type(page, "sandbox producer start web --stream orders --rate 2400 --call batch\nsandbox reader start audit --stream orders\nsleep 2");
  await page.getByRole("combobox", { name: "Stream", exact: true }).selectOption("orders");
  await button(page, "Play").click();
  const frames = (count) =>
    page.evaluate(async (count) => {
      for (let i = 0; i < count; i += 1) await new Promise((done) => requestAnimationFrame(done));
    }, count);
  await frames(60);
  const browser = await page.context().browser().newBrowserCDPSession();
  let tiles = 0;
  browser.on("Tracing.dataCollected", ({ value }) => {
    tiles += value.filter(({ name, ph }) => name === "RasterTask" && ph === "X").length;
  });
  await browser.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["cc"] } });
  await frames(120);
  const isComplete = new Promise((done) => browser.once("Tracing.tracingComplete", done));
  await browser.send("Tracing.end");
  await isComplete;
  // The window has some thirty tiles, and lanes and numbers lie on a few of them.
  assert.ok(tiles > 0 && tiles < 120 * 5, `${tiles} tiles in 120 frames`);
});

test("hundreds of shards are a map, and each can be had in full by pointer or by number", async (t) => {
  const page = await site.open(t);
  await type(
    page,
    "aws kinesis create-stream --stream-name wide --shard-count 300\nsleep 21\n" +
      "sandbox producer start web --stream wide --rate 3000 --keys hot:90:celebrity --call batch\nsleep 3",
  );
  await page.getByRole("combobox", { name: "Stream", exact: true }).selectOption("wide");
  const map = page.getByRole("img", { name: /open shards: .* records stored and .* refused in the last second/ });
  await map.waitFor();
  await map.click({ position: { x: 3, y: 3 } });
  const row = page.getByRole("list", { name: "Shards" }).locator("li");
  await row.locator("canvas").waitFor();
  assert.equal(await row.count(), 1);
  await page.getByRole("button", { name: /^Hottest/ }).click();
  await row.getByText(/refused/).waitFor();
  const hot = await field(page, "Shard").inputValue();
  await button(page, "Next shard").click();
  assert.notEqual(await field(page, "Shard").inputValue(), hot);
  await field(page, "Shard").fill(hot);
  await page.keyboard.press("Enter");
  await row.getByText(/refused/).waitFor();
  assert.deepEqual(await layoutProblems(page), []);
  assert.deepEqual(await accessProblems(page), []);
});

test("one's own keys show where they would fall, and stay in the page", async (t) => {
  const page = await site.open(t);
  await page.getByText("Try your own keys").click();
  await field(page, "Paste a column of keys").fill("us\nus\nus\neu\nap\n");
  await page.getByText("5 records, 3 keys: 1 of 2 shards used, at best 2.", { exact: false }).waitFor();
  await page.getByText("The fullest shard gets 100 %", { exact: false }).waitFor();
  const heaviest = page.locator(".heavy tbody tr").first();
  await heaviest.getByText("us").waitFor();
  await heaviest.getByText("60 %").waitFor();
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.doesNotMatch(kept, /us\\+neu/);
});

test("a rewound world says so and is left by one button; a replay leaves the stream as it is", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await button(page, "Start of the history").click();
  await page.getByText("what came after has not happened yet", { exact: false }).waitFor();
  await button(page, "Back to the present").click();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await page.getByText("what came after has not happened yet", { exact: false }).waitFor({ state: "hidden" });
});

test("ten thousand shards are one map, coloured by what is used, and each of them is at hand", async (t) => {
  const page = await site.open(t);
  // The world is made by the module's face for scripts, and opened as a session of the last visit.
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.evaluate(async () => {
    const { Sandbox, loadRest } = await import(new URL("pkg/kinesis_sandbox.js", document.baseURI));
    await loadRest?.();
    const sandbox = new Sandbox({ limits: "aws-today" });
    for (const line of [
      "aws kinesis create-stream --stream-name huge --shard-count 10000",
      "sleep 60",
      "sandbox producer start web --stream huge --rate 5000 --keys hot:60:celebrity --call batch",
      "sleep 3",
    ]) {
      const { exitCode, stderr } = sandbox.run(line);
      if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
    }
    localStorage.setItem("kinesis-sandbox.session", sandbox.save());
  });
  await page.reload();
  const map = page.getByRole("img", { name: /^10,000 open shards: .* records stored and .* refused in the last second/ });
  await map.waitFor({ timeout: 60_000 });
  await screenshot(page, "ten-thousand-desktop-light");
  // The hot shard is hatched in the colour of refusals, the others are in shades of what is used.
  const colours = await map.evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const found = new Set();
    for (let i = 0; i < data.length; i += 4) found.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
    return found.size;
  });
  assert.ok(colours > 3, `${colours} colours`);
  await page.getByRole("button", { name: /^Hottest/ }).click();
  const row = page.getByRole("list", { name: "Shards" }).locator("li");
  await row.getByText(/refused/).waitFor();
  assert.equal(await row.count(), 1);
  await field(page, "Shard").fill("9999");
  await page.keyboard.press("Enter");
  await row.getByText("shardId-000000009999").waitFor();
  assert.ok((await page.evaluate(() => document.getElementsByTagName("*").length)) < 2_500, "the page stays small");
  assert.deepEqual(await layoutProblems(page), []);
});

test("a tube fills with what this second has used, and says when it is full", async (t) => {
  const page = await site.open(t);
  const records = shard(page, 1).getByRole("meter", { name: "Records in" });
  assert.equal(await records.getAttribute("aria-valuetext"), "0 of 1,000 used in this second");
  await button(page, "Put a record").click();
  await type(page, "aws kinesis put-record --stream-name clicks --partition-key user-1 --data aGk=");
  await type(page, "sandbox producer start web --stream clicks --rate 1500 --keys fixed:user-1\nsleep 3.9");
  await records.getByText(/^⊘ /).waitFor();
  assert.match(await records.getAttribute("aria-valuetext"), /^1,000 of 1,000 used in this second/);
});

test("lanes show what retention took, what the KPL packed, and which key is hot", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox kpl start packed --stream clicks --rate 4 --size 40 --record-max-buffered-time 5s\nsleep 12");
  await screenshot(page, "kpl-desktop-light");
  await type(page, "sandbox kpl stop packed\nsleep 90000\nsandbox producer start web --stream clicks --rate 400 --keys hot:80:celebrity\nsleep 20");
  await screenshot(page, "keys-desktop-light");
  await page.getByRole("img", { name: /most of it celebrity, \d+ %/ }).first().waitFor();
});
