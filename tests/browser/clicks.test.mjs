// Click solutions of the course, done in the page: what is proved of a lesson without a browser is what a learner can
// click. The test command plays one exercise of each chapter and every incident; ALL_LESSONS=1 plays all of them, and
// LESSONS=E4.6,C1 those.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { button, field, lastBlock, shard, type } from "./steps.mjs";
import { root, useSite } from "./support.mjs";

const site = useSite();
const folder = join(root, "crates/course/lessons");
/** Milliseconds for what plays hours of a busy world. */
const long = { timeout: 120_000 };

/** Forms that are a page of the inspector, or stand on the stage, with the button that opens each. */
const makers = {
  "New producer": "Producer",
  "New reader": "Reader",
  "New KCL application": "KCL app",
  "New stream": "New stream",
  "New on-demand stream": "New stream",
};

/** Forms that are always open, in one line. */
const lines = ["AT_TIMESTAMP", "Get next page"];

const inspector = (page) => page.getByRole("complementary", { name: "Inspector" });
const folded = (page, title) =>
  inspector(page).locator("details.action-form", { has: page.locator("summary", { hasText: exactly(title) }) });

/** A pattern that only this text matches, with blanks around it. */
function exactly(text) {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);
}

/** The form that is open, by its title. */
function formOf(page, title) {
  if (title.endsWith(" stream") && title in makers) return page.getByRole("main").locator("form.card");
  if (title === "Change producer") return inspector(page).locator(".dials");
  if (title === "Put a record") return inspector(page).locator("form.microscope");
  if (title in makers) return inspector(page).locator("form", { has: page.getByRole("heading", { name: title }) });
  if (lines.includes(title)) return inspector(page).getByRole("form", { name: title, exact: true });
  return folded(page, title);
}

/** Where `make` of the first words is there, it and the other words; more words come first. */
async function longestPrefix(text, make) {
  const words = text.split(" ");
  for (let count = words.length; count > 0; count -= 1) {
    const label = words.slice(0, count).join(" ");
    const found = make(label).filter({ visible: true });
    if (await found.count()) return { label, found: found.first(), value: words.slice(count).join(" ") };
  }
  throw new Error(`no field begins with the words ${text}`);
}

/** What a choice is called on the page. */
const words = {
  single: "PutRecord",
  batch: "PutRecords",
  none: "None",
  immediate: "At once",
  backoff: "Back-off",
  standard: "SDK standard",
  legacy: "SDK legacy",
  "per-key": "Per key",
};

/** Fills in how a producer chooses keys. */
async function setKeys(page, form, recipe) {
  const [kind, ...details] = recipe.split(":");
  await form.getByLabel("Partition keys").selectOption(kind);
  if (kind === "uniform" || kind === "zipf") await form.getByLabel("Different keys", { exact: true }).fill(details[0]);
  if (kind === "hot") {
    await form.getByLabel("Hot share", { exact: true }).fill(details[0]);
    await form.getByLabel("Hot key", { exact: true }).fill(details[1]);
  }
  if (kind === "fixed" || kind === "composite") await form.getByLabel("Recipe").fill(recipe);
}

const clicks = {
  async open(page, title, state) {
    state.title = title;
    const back = button(page, "Back to the stream");
    if (title === "Change producer") return;
    if (lines.includes(title)) return formOf(page, title).waitFor();
    if (title === "Put a record") {
      if (await back.isVisible()) await back.click();
      await formOf(page, title).waitFor();
      return;
    }
    if (title in makers) {
      await button(page, makers[title]).first().click();
      if (title === "New on-demand stream") {
        await formOf(page, title).getByRole("button", { name: "On demand", exact: true }).click();
      }
      return;
    }
    // A form with fields unfolds; one without is a button. Both stand where what they are about is selected, and what
    // was just started is.
    const isHere = async () => (await folded(page, title).count()) + (await button(page, title).count()) > 0;
    if (!(await isHere()) && (await back.isVisible())) await back.click();
    if (await folded(page, title).count()) {
      const form = folded(page, title);
      if (!(await form.locator("form").isVisible())) await form.locator("summary").click();
      await form.locator("form").waitFor();
    } else {
      await button(page, title).click();
    }
  },

  async set(page, rest, { title }) {
    const form = formOf(page, title);
    if (rest.startsWith("Keys ") && (await form.getByLabel("Partition keys").count())) {
      await setKeys(page, form, rest.slice("Keys ".length));
      if (title === "Change producer") await button(page, "Use these keys").click();
      return;
    }
    const groups = (label) => form.getByRole("group", { name: new RegExp(`^${exactly(label).source.slice(1, -1)}…?$`) });
    const { label, found, value } = await longestPrefix(rest, (label) =>
      form.getByLabel(label, { exact: true }).or(groups(label)),
    );
    const kind = await found.evaluate((element) => element.localName);
    if (kind === "fieldset") return found.getByRole("radio", { name: new RegExp(`^${value}`) }).check();
    if (kind === "div") return found.getByRole("button", { name: words[value], exact: true }).click();
    if (kind === "select") return found.selectOption(value);
    const input = form.getByLabel(label, { exact: true }).and(page.locator("input:not([type=range])"));
    await input.first().fill(value);
    if (title === "Change producer") await input.first().press("Enter");
  },

  press: (page, name, { title }) => formOf(page, title).getByRole("button", { name, exact: true }).click(),

  async select(page, what) {
    const [kind, name] = what.split(" ");
    // A server stands among the producers.
    const node = () =>
      page.locator(`.nodes .node.${kind === "server" ? "producer" : kind}`, { has: page.locator(".node-name", { hasText: exactly(name) }) });
    switch (kind) {
      case "stream": {
        assert.equal(name, undefined, "no lesson has two streams to choose from yet");
        const back = button(page, "Back to the stream");
        if (await back.isVisible()) await back.click();
        break;
      }
      case "shard":
        await shard(page, name).locator("button.shard-name").click();
        break;
      case "record": {
        const row = page.locator("button.shard-name[aria-pressed=true]");
        const heading = inspector(page).getByRole("heading", { name: new RegExp(`Record #${name}$`) });
        await row.press("Home");
        for (let presses = 0; presses < 100 && !(await heading.isVisible()); presses += 1) await row.press("ArrowRight");
        await heading.waitFor();
        break;
      }
      default:
        assert.ok(["producer", "server", "reader", "application"].includes(kind), what);
        await node().click();
    }
  },

  async worker(page, rest) {
    const [worker, name] = rest.split(" ");
    await button(page, `${name.toLowerCase()} ${worker}`).click();
  },

  async answer(page, rest, { questions }) {
    const [name, value] = [rest.split(" ")[0], rest.slice(rest.indexOf(" ") + 1)];
    const { text, choices } = questions.find((one) => one.name === name);
    const form = page.locator("form.answer", { hasText: text });
    if (choices) await form.locator("select").selectOption(value);
    else await form.locator("input").fill(value);
    await form.getByRole("button", { name: "Answer" }).click();
  },

  async refused(page, line) {
    await type(page, line);
    await lastBlock(page).locator(".stderr").getByText("An error occurred").waitFor();
  },

  wait: (page, span) => type(page, `sandbox clock advance ${span}`, long),
};

/** Puts what the newest answers said in the place of `$ShardId` and its like, as a learner copies it. */
async function filled(page, line) {
  let text = line;
  for (const [, member] of line.matchAll(/\$([A-Z][a-z]+[A-Za-z]*)/g)) {
    const answers = await page.locator(".block .stdout").allTextContents();
    const found = answers.reverse().map((answer) => answer.match(new RegExp(`"${member}": "([^"]*)"`))?.[1]);
    const value = found.find((one) => one !== undefined);
    assert.ok(value, `no answer said a ${member}`);
    text = text.replace(`$${member}`, value);
  }
  return text;
}

/** All lessons that have a click solution, in the order of their chapters. */
const lessons = readdirSync(folder)
  .filter((name) => readdirSync(join(folder, name)).includes("clicks.txt"))
  .map((name) => {
    const read = (file) => readFileSync(join(folder, name, file), "utf8");
    return { ...JSON.parse(read("lesson.json")), clicks: read("clicks.txt") };
  })
  .sort((a, b) => a.chapter - b.chapter || a.id.localeCompare(b.id, "en", { numeric: true }));

/** An exercise of each chapter that opens forms which others do not. */
const shownOfChapters = ["E1.2", "E2.3", "E3.3", "E4.6", "E5.6", "E6.9", "E7.4", "E8.4", "E9.5", "E10.2"];

function isPlayed({ id }) {
  const { LESSONS: named, ALL_LESSONS: all } = process.env;
  if (named) return named.split(",").includes(id);
  return Boolean(all) || id.startsWith("C") || shownOfChapters.includes(id);
}

test("each chapter has an exercise that is played", () => {
  const chapters = lessons.filter(({ id }) => shownOfChapters.includes(id)).map(({ chapter }) => chapter);
  assert.deepEqual(chapters, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

for (const { id, title, questions = [], clicks: script } of lessons.filter(isPlayed)) {
  test(`by clicks: ${id} ${title}`, async (t) => {
    const page = await site.open(t);
    await field(page, "Exercise").selectOption(id, long);
    await page.getByRole("heading", { level: 2, name: title }).waitFor(long);
    const state = { title: "", questions };
    for (const line of script.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
      const text = await filled(page, line.split(" # ")[0].trim());
      const [verb, rest] = [text.split(" ")[0], text.slice(text.indexOf(" ") + 1)];
      await clicks[verb](page, rest, state).catch((error) => {
        error.message = `${line}: ${error.message}`;
        throw error;
      });
    }
    await page.getByRole("heading", { name: "Solved", exact: true }).waitFor(long).catch(async (error) => {
      const lines = await page.locator(".block .command code").allTextContents();
      error.message = `it is not solved by\n${lines.join("\n")}\n${error.message}`;
      throw error;
    });
  });
}
