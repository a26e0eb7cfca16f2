// Click solutions of the course, done in the page: what is proved of a lesson without a browser is what a learner can
// click.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { button, field, type } from "./steps.mjs";
import { root, useSite } from "./support.mjs";

const site = useSite();
const long = { timeout: 120_000 };

const makers = { "New producer": "Producer", "New reader": "Reader", "New KCL application": "KCL app", "New stream": "New stream" };

/** The form that is open, by its title. */
function formOf(page, title) {
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  if (title === "New stream") return page.getByRole("main").locator("form");
  if (title === "Change producer") return inspector.locator(".dials");
  if (title in makers) return inspector.locator("form", { has: page.getByRole("heading", { name: title }) });
  return inspector.locator("details", { has: page.getByText(title, { exact: true }) });
}

const clicks = {
  async open(page, title, state) {
    state.title = title;
    if (title === "Change producer") return;
    if (title in makers) {
      await button(page, makers[title]).first().click();
      return;
    }
    const folded = page.getByRole("complementary", { name: "Inspector" }).locator("summary").getByText(title, { exact: true });
    if (await folded.count()) {
      if (!(await formOf(page, title).locator("form").isVisible())) await folded.click();
    } else {
      await button(page, title).click();
    }
  },

  async set(page, rest, { title }) {
    const form = formOf(page, title);
    const labels = ["Stream name", "Start from", "Consumer name", "Application name", "Parallelization factor", "Fail-over time", "Processing rate"];
    const label = labels.find((one) => rest.startsWith(`${one} `)) ?? rest.split(" ")[0];
    const value = rest.slice(label.length).trim();
    if (label === "Keys") {
      const kind = value.split(":")[0];
      await form.getByLabel("Partition keys").selectOption(kind);
      if (kind === "uniform") await form.getByLabel("Different keys", { exact: true }).fill(value.split(":")[1]);
      if (kind === "fixed") await form.getByLabel("Recipe").fill(value);
      if (title === "Change producer") await button(page, "Use these keys").click();
      return;
    }
    if (label === "Start from") return form.getByRole("radio", { name: new RegExp(`^${value}`) }).check();
    const group = form.getByRole("group", { name: label, exact: true });
    if (await group.count()) {
      const words = { backoff: "Back-off", immediate: "At once", batch: "PutRecords", single: "PutRecord", "per-key": "Per key", none: "None" };
      return group.getByRole("button", { name: words[value], exact: true }).click();
    }
    const control = form.getByLabel(label, { exact: true }).filter({ visible: true }).first();
    if ((await control.evaluate((element) => element.localName)) === "select") return control.selectOption(value);
    await control.fill(value);
    if (title === "Change producer") await control.press("Enter");
  },

  press: (page, name, { title }) => formOf(page, title).getByRole("button", { name, exact: true }).click(),

  async select(page, what) {
    const [kind, name] = what.split(" ");
    if (kind === "stream") {
      const back = button(page, "Back to the stream");
      if (await back.isVisible()) await back.click();
    } else {
      assert.ok(["producer", "reader", "application"].includes(kind), what);
      await page.locator(".nodes").getByRole("button", { name: new RegExp(`^${name}`) }).click();
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

  wait: (page, span) => type(page, `sandbox clock advance ${span}`),
};

const lessons = [
  "e2-3-count-the-records",
  "e3-3-the-region-trap",
  "e4-3-the-retry-that-broke-the-order",
  "e5-6-a-pipe-of-ones-own",
  "e7-4-more-hands-same-order",
  "e8-4-from-two-to-eight",
  "c1-hot-shard-at-3-am",
];

for (const folder of lessons) {
  const read = (name) => readFileSync(join(root, "crates/course/lessons", folder, name), "utf8");
  const { id, title, questions = [] } = JSON.parse(read("lesson.json"));
  test(`by clicks: ${id} ${title}`, async (t) => {
    const page = await site.open(t);
    await field(page, "Exercise").selectOption(id);
    await page.getByRole("heading", { level: 2, name: title }).waitFor(long);
    const state = { title: "", questions };
    for (const line of read("clicks.txt").split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
      const [verb, rest] = [line.split(" ")[0], line.slice(line.indexOf(" ") + 1).split(" # ")[0].trim()];
      await t.test(line, () => clicks[verb](page, rest, state));
    }
    await page.getByRole("heading", { name: "Solved", exact: true }).waitFor(long);
  });
}
