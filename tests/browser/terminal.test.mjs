// The terminal: the study notes typed by keyboard alone, lines composed by touch, the history, mistakes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button, lastBlock, tabTo, typeAnywhere } from "./steps.mjs";
import { accessProblems, desktop, layoutProblems, narrow, phone, screenshot, useSite } from "./support.mjs";

const site = useSite();

const prompt = (page) => page.locator('textarea[aria-label="Command line"]');
const chips = (page) => page.getByRole("group", { name: "Next words" });
const chip = (page, name) => chips(page).getByRole("button", { name, exact: true });
const output = (page) => lastBlock(page).locator(".stdout");

/** What the newest line printed, once it has been run. */
async function printed(page, blocks) {
  await page.locator(".block").nth(blocks - 1).waitFor();
  return (await output(page).textContent()) ?? "";
}

test("the notes' hands-on section is typed as it is printed, by keyboard alone", async (t) => {
  const page = await site.open(t);
  await tabTo(page, prompt(page));
  let blocks = 0;
  // Enter goes on in the next line behind a backslash, and runs the line at its end.
  const type = async (text) => {
    await page.keyboard.type(text);
    await page.keyboard.press("Escape");
    await prompt(page).focus();
    await page.keyboard.press("Enter");
    blocks += 1;
    const text_of = await printed(page, blocks);
    assert.equal(await lastBlock(page).locator(".stderr").textContent(), "", text);
    assert.equal(await prompt(page).inputValue(), "");
    return text_of;
  };
  await type("aws kinesis create-stream \\\n    --stream-name orders \\\n    --shard-count 2");
  assert.match(await type("aws kinesis list-streams"), /"orders"/);
  await type("aws kinesis wait stream-exists --stream-name orders");
  assert.match(await type("aws kinesis describe-stream \\\n    --stream-name orders"), /"StreamStatus": "ACTIVE"/);
  const put = await type(
    "aws kinesis put-record \\\n    --stream-name orders \\\n    --partition-key user-1 \\\n    --data aGVsbG8=",
  );
  assert.match(put, /"ShardId": "shardId-000000000001"/);
  const records =
    '[{"Data":"d29ybGQ=","PartitionKey":"user-1"}, {"Data":"YWdhaW4=","PartitionKey":"user-1"}]';
  assert.match(
    await type(`aws kinesis put-records \\\n    --stream-name orders \\\n    --records '${records}'`),
    /"FailedRecordCount": 0/,
  );
  const iterator = await type(
    "aws kinesis get-shard-iterator \\\n    --stream-name orders \\\n    --shard-id shardId-000000000001 \\\n    " +
      "--shard-iterator-type TRIM_HORIZON",
  );
  const { ShardIterator } = JSON.parse(iterator);
  const read = JSON.parse(await type(`aws kinesis get-records \\\n    --shard-iterator ${ShardIterator}`));
  assert.deepEqual(
    read.Records.map((record) => record.Data),
    ["aGVsbG8=", "d29ybGQ=", "YWdhaW4="],
  );
  await type("aws kinesis delete-stream \\\n    --stream-name orders");
});

/** A put-record, composed of chips and run; `use` presses a control. */
async function putByChips(page, use) {
  for (const name of [
    "aws",
    "kinesis",
    "put-record",
    "--stream-name",
    "clicks",
    "--data",
    "aGVsbG8=",
    "--partition-key",
    "user-2",
    "--output",
    "table",
  ]) {
    await use(chip(page, name));
  }
  const line = "aws kinesis put-record --stream-name clicks --data aGVsbG8= --partition-key user-2";
  assert.equal(await prompt(page).inputValue(), `${line} --output table `);
  // The last two words are taken back.
  await use(button(page, "Take the last word back"));
  await use(button(page, "Take the last word back"));
  assert.equal((await prompt(page).inputValue()).trim(), line);
  await use(button(page, "Run"));
  await lastBlock(page).getByText(/"SequenceNumber"/).waitFor();
}

test("a record is put by clicks on chips only", async (t) => {
  const page = await site.open(t);
  await putByChips(page, (control) => control.click());
  assert.deepEqual(await accessProblems(page), []);
});

test("a record is put by touch on a phone, and no keyboard opens", async (t) => {
  const page = await site.open(t, { ...phone, touch: true });
  await button(page, "Terminal").tap();
  await putByChips(page, async (control) => {
    await control.tap();
    const isTyping = await prompt(page).evaluate((element) => element === document.activeElement);
    assert.ok(!isTyping, "the prompt has no focus");
  });
  assert.deepEqual(await layoutProblems(page), []);
  assert.deepEqual(await accessProblems(page), []);
  await screenshot(page, "terminal-phone");
});

test("chips are taken by keyboard too, and then the prompt is gone on with", async (t) => {
  const page = await site.open(t);
  await tabTo(page, chip(page, "sandbox"));
  await page.keyboard.press("Enter");
  assert.ok(await prompt(page).evaluate((element) => element === document.activeElement));
  await page.keyboard.type("clock step");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
});

/** The list of completions with what belongs to it, as a screen reader is told of it. */
const completions = (page) => ({
  combobox: page.getByRole("combobox", { name: "Command line", expanded: true }),
  options: page.getByRole("listbox", { name: "Completions" }).getByRole("option"),
  marked: () =>
    prompt(page).evaluate((area) => {
      const option = area.getRootNode().getElementById(area.getAttribute("aria-activedescendant") ?? "");
      return option && option.getAttribute("aria-selected") === "true" && option.querySelector("code").textContent;
    }),
  heard: () => page.locator(".prompt [role=status]").textContent(),
});

test("completions are a combobox for who hears them: open or not, how many, which one", async (t) => {
  const page = await site.open(t);
  const line = prompt(page);
  const { combobox, options, marked, heard } = completions(page);
  await tabTo(page, line);
  assert.equal(await combobox.count(), 0, "it is closed at first");
  await page.keyboard.type("aws kinesis put-");
  await combobox.waitFor();
  assert.equal(await combobox.getAttribute("aria-controls"), "offers");
  assert.equal(await combobox.getAttribute("aria-haspopup"), "listbox");
  assert.equal(await heard(), "3 completions");
  assert.equal(await marked(), null, "what is typed is taken until one goes into the list");
  // An option is told with what it means.
  await page
    .getByRole("option", { name: "put-record Puts one record; its partition key decides the shard.", exact: true })
    .waitFor();
  for (const name of ["put-record", "put-records", "put-resource-policy", "put-resource-policy"]) {
    await page.keyboard.press("ArrowDown");
    assert.equal(await marked(), name);
  }
  for (const name of ["put-records", "put-record", null]) {
    await page.keyboard.press("ArrowUp");
    assert.equal(await marked(), name);
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await line.inputValue(), "aws kinesis put-record ");
  // Far down in a long list the marked one is in sight.
  assert.match(await heard(), /^12 of \d+ completions$/);
  for (let presses = 0; presses < 12; presses += 1) await page.keyboard.press("ArrowDown");
  const [list, last] = [await page.locator("#offers").boundingBox(), await options.last().boundingBox()];
  assert.ok(last.y >= list.y && last.y + last.height <= list.y + list.height, "the last one is in sight");
  // The one thing that the rules know is that a text area is no combobox (w3c/html-aria, issue 543).
  const known = /^aria-allowed-role: .* textarea$/;
  assert.deepEqual((await accessProblems(page)).filter((problem) => !known.test(problem)), []);
  await page.keyboard.press("Escape");
  assert.equal(await combobox.count(), 0);
  assert.deepEqual([await heard(), await line.inputValue()], ["", "aws kinesis put-record "]);
  await page.keyboard.press("Control+Space");
  assert.equal(await marked(), "--stream-name");
  await page.keyboard.press("Tab");
  assert.equal(await combobox.count(), 0, "Tab leaves the terminal and closes the list");
  await line.fill("aws kinesis list-streams --outp");
  await combobox.waitFor();
  assert.equal(await heard(), "1 completion");
});

test("completions are taken by mouse, and typing goes on where they end", async (t) => {
  const page = await site.open(t);
  const line = prompt(page);
  await line.click();
  await page.keyboard.type("aws kinesis describe-stream --stream-name ");
  for (const name of ["clicks", "--limit"]) {
    await completions(page).options.filter({ hasText: name }).first().click();
    assert.ok(await line.evaluate((area) => area === area.getRootNode().activeElement), "the prompt has the focus");
  }
  await page.keyboard.type("1");
  assert.equal(await line.inputValue(), "aws kinesis describe-stream --stream-name clicks --limit 1");
  // Names of streams and shards are completed too, with what was typed of them.
  await line.fill("aws kinesis merge-shards --stream-name clicks --shard-to-merge shardId-000000000001");
  assert.deepEqual(await completions(page).options.locator("code").allTextContents(), ["shardId-000000000001"]);
});

test("earlier lines come back by the arrow keys, and the draft after them", async (t) => {
  const page = await site.open(t);
  const line = prompt(page);
  await tabTo(page, line);
  for (const typed of ["echo one", "echo two"]) {
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
    await lastBlock(page).getByText(typed, { exact: true }).waitFor();
  }
  await page.keyboard.type("aws kinesis list");
  await page.keyboard.press("Escape");
  for (const [key, expected] of [
    ["ArrowUp", "echo two"],
    ["ArrowUp", "echo one"],
    ["ArrowUp", "echo one"],
    ["ArrowDown", "echo two"],
    ["ArrowDown", "aws kinesis list"],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await line.inputValue(), expected);
    assert.equal(await completions(page).combobox.count(), 0, "no list is in the way");
  }
});

test("earlier lines are searched with Ctrl R", async (t) => {
  const page = await site.open(t);
  await tabTo(page, prompt(page));
  for (const line of ["aws kinesis list-streams", "echo one", "echo two"]) {
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
    await lastBlock(page).getByText(line, { exact: true }).waitFor();
  }
  await page.keyboard.type("a draft");
  await page.keyboard.press("Control+r");
  const search = page.getByRole("combobox", { name: "Search in earlier lines" });
  await search.waitFor();
  await page.keyboard.type("ech");
  const found = page.getByRole("listbox", { name: "Earlier lines" });
  assert.deepEqual(await found.getByRole("option").allTextContents(), ["echo two", "echo one"]);
  await page.keyboard.press("Control+r");
  await page.keyboard.press("Enter");
  assert.equal(await prompt(page).inputValue(), "echo one");
  await page.keyboard.press("Control+r");
  await page.keyboard.press("Escape");
  assert.equal(await prompt(page).inputValue(), "echo one", "what was typed stays");
  assert.ok(await prompt(page).evaluate((element) => element === document.activeElement));
  await button(page, "Search in earlier lines").click();
  await page.getByRole("option", { name: "aws kinesis list-streams" }).click();
  assert.equal(await prompt(page).inputValue(), "aws kinesis list-streams");
});

test("a wrong line stays at the prompt with its wrong word selected, and the rest of a script with it", async (t) => {
  const page = await site.open(t);
  const selected = () =>
    prompt(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  await prompt(page).fill("echo one\necho é; aws kinesis list-streems\necho three");
  await page.keyboard.press("Enter");
  await lastBlock(page).getByText(/list-streams/).waitFor();
  assert.equal(await prompt(page).inputValue(), "echo é; aws kinesis list-streems\necho three");
  assert.equal(await selected(), "list-streems");
  assert.equal(await lastBlock(page).locator("mark").textContent(), "list-streems");
  // What is typed in the middle of a line is completed there.
  await page.keyboard.type("list-streams");
  await page.getByRole("listbox", { name: "Completions" }).getByText("list-streams").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await lastBlock(page).getByText("three", { exact: true }).waitFor();
  assert.equal(await prompt(page).inputValue(), "");
  // Of a line that ran and was refused, only what comes behind it is left.
  await prompt(page).fill("aws kinesis describe-stream --stream-name none\necho four");
  await page.keyboard.press("Enter");
  await lastBlock(page).getByText(/ResourceNotFoundException/).waitFor();
  assert.equal(await prompt(page).inputValue(), "echo four");
});

for (const [width, size] of Object.entries({ phone, desktop })) {
  test(`why a line was refused is in sight as soon as it is unfolded: ${width}`, async (t) => {
    const page = await site.open(t, size);
    for (let i = 0; i < 3; i += 1) await typeAnywhere(page, "aws kinesis describe-stream --stream-name nothing");
    await lastBlock(page).getByText("Why, and what to try").click();
    await page.waitForFunction(() => {
      const cause = [...document.querySelectorAll(".transcript .cause[open]")].at(-1)?.getBoundingClientRect();
      const seen = document.querySelector(".transcript").getBoundingClientRect();
      return cause && cause.bottom <= Math.min(seen.bottom, innerHeight) + 1 && cause.top >= Math.max(seen.top, 0) - 1;
    });
  });
}

test("clicks on the clock and the history print their lines", async (t) => {
  const page = await site.open(t);
  await button(page, "Put a record").click();
  await button(page, "Play").click();
  await button(page, "Pause").click();
  const lines = page.locator(".block .command code");
  await lines.getByText("sandbox clock pause").waitFor();
  await page.getByRole("slider", { name: "Time" }).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  await page.getByRole("button", { name: /^Undo/ }).click();
  await lines.getByText("sandbox undo").waitFor();
  const texts = await lines.allTextContents();
  assert.match(texts[0], /^aws kinesis put-record/);
  assert.deepEqual(texts.slice(1, 3), ["sandbox clock play", "sandbox clock pause"]);
  assert.match(texts[3], /^sandbox seek 2026-01-01T00:00:\d/);
  assert.deepEqual(texts.slice(4), ["sandbox undo"]);
});

test("clicks on the second world print their lines", async (t) => {
  const page = await site.open(t);
  const lines = page.locator(".block .command code");
  await button(page, "Fork: a second world from here").click();
  await lines.getByText("sandbox fork make").waitFor();
  // The other world has a terminal of its own.
  await button(page, "Give commands to the other").click();
  await lines.getByText("sandbox fork switch").waitFor();
  await button(page, "Keep this one alone").click();
  await lines.getByText("sandbox fork drop").waitFor();
  assert.deepEqual(await lines.allTextContents(), ["sandbox fork switch", "sandbox fork drop"]);
});

test("on a narrow page a command line is not broken at the hyphens of its words", async (t) => {
  const page = await site.open(t, narrow);
  const line = "aws kinesis put-record --stream-name clicks --partition-key user-1 --data hello --cli-binary-format raw-in-base64-out";
  await typeAnywhere(page, line);
  // Selected and copied it is the line that was typed.
  assert.equal(await lastBlock(page).locator("code").first().textContent(), line);
  const broken = await lastBlock(page).locator(".unbroken").evaluateAll((words) => {
    const height = Math.min(...words.map((word) => word.getBoundingClientRect().height));
    return words.filter((word) => word.getBoundingClientRect().height > height * 1.5).map((word) => word.textContent);
  });
  assert.deepEqual(broken, []);
});
