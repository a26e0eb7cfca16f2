// The page loads from any folder of a host, under its own strict policy, and asks for nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { desktop, layoutProblems, phone, screenshot, themes, useSite } from "./support.mjs";

const site = useSite();

test("the page starts under a policy that allows no inline code, style or foreign address", async (t) => {
  const page = await site.open(t);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
});

// The list of what the first picture needs holds for the compiler that it was recorded with.
const isRecorded = process.env.FIRST_LOAD_IS_RECORDED === "1";

test("the first picture stands before anything of the lazy folder is there", { skip: !isRecorded }, async (t) => {
  const page = await site.open(t, { before: (page) => page.route("**/lazy/**", () => {}) });
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("button", { name: "Create a stream" }).first().waitFor();
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ initiatorType }) => initiatorType));
  // What the page cannot go on without, it asks for by a request that lets nothing else happen.
  assert.ok(!asked.includes("xmlhttprequest"), "run `cargo xtask first-load`: the first picture needed the rest");
});

test("what needs the rest of the module gets it, even if it failed to load before", { skip: !isRecorded }, async (t) => {
  let isFirst = true;
  const page = await site.open(t, {
    expected: [/ERR_FAILED/],
    before: (page) =>
      page.route("**/lazy/**", (route) => {
        if (!isFirst) return route.continue();
        isFirst = false;
        return route.abort();
      }),
  });
  await page.getByRole("alert").filter({ hasText: "A part of the sandbox is missing" }).waitFor();
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await page.getByRole("dialog", { name: "Help" }).waitFor();
});

test("a rest that cannot be loaded is told", { skip: !isRecorded }, async (t) => {
  const page = await site.open(t, {
    expected: [/503/, /ERR_ABORTED/],
    before: (page) => page.route("**/lazy/**", (route) => route.fulfill({ status: 503, body: "" })),
  });
  await page.getByRole("alert").filter({ hasText: "A part of the sandbox is missing" }).waitFor();
});

/** What the first picture leaves out: the log, the bill, the builder. */
async function isFilled(page) {
  await page.locator(".log-lines > li").first().waitFor();
  await page.locator("button.cost").filter({ hasText: "/h" }).waitFor();
  await page.locator("#tab-Build").click();
  await page.locator(".piece").first().waitFor();
}

test("what the first picture leaves out is filled when the rest comes", { skip: !isRecorded }, async (t) => {
  let letIn;
  const held = new Promise((done) => (letIn = done));
  const page = await site.open(t, {
    before: (page) =>
      page.route("**/lazy/**", async (route) => {
        await held;
        await route.continue();
      }),
  });
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.locator(".log-lines").count(), 0);
  assert.equal(await page.locator("button.cost").textContent(), "");
  letIn();
  await isFilled(page);
});

/** Has the rest come while the page is made for the first time: between its tabs and its dialogs. */
function takeRestEarly() {
  let module;
  import(new URL("pkg/kinesis_sandbox.js", location.href)).then((it) => (module = it));
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function (name, ...options) {
    if (name === "dialog") module.commands("sleep 1");
    return createElement.call(this, name, ...options);
  };
}

test("what the first picture leaves out is filled too when the rest comes while it is made", { skip: !isRecorded }, async (t) => {
  await isFilled(await site.open(t, { before: (page) => page.addInitScript(takeRestEarly) }));
});

for (const theme of themes) {
  for (const [name, size] of Object.entries({ phone, desktop })) {
    test(`everything has its place on a ${name} in the ${theme} theme`, async (t) => {
      const page = await site.open(t, { ...size, theme });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await screenshot(page, `start-${name}-${theme}`);
      assert.deepEqual(await layoutProblems(page), []);
    });
  }
}
