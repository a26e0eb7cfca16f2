// For everybody: sizes of targets, zoom, high contrast, less motion, what screen readers hear, print.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button, field, shard, showTab, type } from "./steps.mjs";
import { accessProblems, desktop, layoutProblems, phone, screenshot, themes, useSite } from "./support.mjs";

const site = useSite();

const traffic = "sandbox producer start web --stream clicks --rate 6 --keys fixed:us,eu\nsandbox kcl start billing --stream clicks --workers 2\nsleep 20";

/** Controls smaller than 24 by 24 CSS pixels, but for links in a text (WCAG 2.2, 2.5.8). */
function smallTargets(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, textarea, summary, a[href]")]
      .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .filter((element) => !element.closest(".skips, .visually-hidden") && !element.matches(".visually-hidden, [type=radio]"))
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.width < 23.9 || box.height < 23.9))
      .map(([element, box]) => `${element.localName}.${element.className} "${element.textContent.trim().slice(0, 30)}" ${box.width.toFixed(0)}×${box.height.toFixed(0)}`),
  );
}

for (const [width, size] of Object.entries({ phone, desktop })) {
  test(`every target is large enough for a finger: ${width}`, async (t) => {
    const page = await site.open(t, size);
    if (width === "phone") await button(page, "Terminal").click();
    await type(page, traffic);
    assert.deepEqual(await smallTargets(page), []);
    for (const name of ["Requests", "Leases", "Services", "Build", "Cost", "Ledger", "Limits", "Glossary"]) {
      await showTab(page, name);
      assert.deepEqual(await smallTargets(page), [], name);
    }
    if (width === "phone") await button(page, "Do").click();
    await shard(page, 0).getByRole("button").click();
    await button(page, "TRIM_HORIZON").click();
    assert.deepEqual(await smallTargets(page), [], "shard");
  });
}

test("at 400 % zoom everything is there, one part below the other", async (t) => {
  const page = await site.open(t, { width: 320, height: 256 });
  await button(page, "Terminal").click();
  await type(page, traffic);
  assert.deepEqual(await layoutProblems(page), []);
  for (const [name, region] of [["Task", "task"], ["Do", "inspector"], ["Views", "log"]]) {
    await button(page, name).click();
    await page.locator(`#${region}`).waitFor();
    assert.deepEqual(await layoutProblems(page), [], name);
  }
});

test("a larger type of the reader's browser makes all of the page larger", async (t) => {
  const page = await site.open(t, desktop);
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  const size = await page.locator("#stage-title").evaluate((element) => getComputedStyle(element).fontSize);
  assert.equal(size, "32px");
  assert.deepEqual((await layoutProblems(page)).filter((problem) => problem.startsWith("the page scrolls")), []);
});

for (const theme of themes) {
  test(`in the system's high contrast the lanes can be seen: ${theme}`, async (t) => {
    const page = await site.open(t, { theme });
    await page.emulateMedia({ forcedColors: "active" });
    await type(page, traffic);
    await screenshot(page, `forced-desktop-${theme}`);
    assert.deepEqual(await layoutProblems(page), []);
    // Colours that nobody can tell apart would leave a lane of one colour.
    const colours = await page.locator("canvas.lane").first().evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const found = new Set();
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) found.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
      return found.size;
    });
    assert.ok(colours > 1, `${colours} colours`);
  });
}

test("who wants less motion sees the same, standing still", async (t) => {
  const page = await site.open(t, { reducedMotion: "reduce" });
  await button(page, "Put a record").click();
  await shard(page, 1).getByText("1 record", { exact: true }).waitFor();
  await page.locator(".shard.fresh").waitFor();
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
});

test("what happened is shown by motion once, and then all stands still", async (t) => {
  const page = await site.open(t);
  await page.evaluate(() => {
    globalThis.flown = 0;
    const watch = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) globalThis.flown += addedNodes.length;
    });
    watch.observe(document.querySelector(".flights"), { childList: true });
  });
  await button(page, "Put a record").click();
  await page.locator(".shard.fresh").waitFor();
  // What a panel's own scrolling moves is no motion of the picture.
  await page.waitForFunction(() => document.getAnimations().every(({ timeline }) => timeline !== document.timeline));
  assert.equal(await page.evaluate(() => globalThis.flown), 1, "one record flew to its shard");
  assert.equal(await page.locator(".flights").evaluate((layer) => layer.childElementCount), 0);
});

test("while time runs a screen reader hears at most one thing every two seconds", async (t) => {
  const page = await site.open(t);
  await type(page, "sandbox producer start web --stream clicks --rate 3000 --call batch");
  await button(page, "Play").click();
  const times = await page.evaluate(async () => {
    const status = document.querySelector('.ks > .visually-hidden[role="status"]');
    const heard = [];
    const watch = new MutationObserver(() => heard.push(performance.now()));
    watch.observe(status, { childList: true, characterData: true, subtree: true });
    await new Promise((done) => setTimeout(done, 5_500));
    return heard;
  });
  for (const [i, time] of times.entries()) if (i > 0) assert.ok(time - times[i - 1] >= 1_900, `${time - times[i - 1]} ms`);
  assert.ok(times.length >= 1, "something is heard");
});

test("the page prints in ink on paper, without controls", async (t) => {
  const page = await site.open(t, { theme: "dark" });
  await type(page, traffic);
  await page.emulateMedia({ media: "print" });
  await shard(page, 0).waitFor();
  assert.ok(!(await button(page, "Play").isVisible()), "a control is printed");
  const ground = await page.locator(".ks").evaluate((element) => getComputedStyle(element).backgroundColor);
  assert.equal(ground, "rgb(255, 255, 255)");
  await screenshot(page, "print");
});

test("a new theme of the system is taken on at once, lanes included", async (t) => {
  const page = await site.open(t, { theme: "light", expected: [/willReadFrequently/] });
  await button(page, "Put a record").click();
  const ground = () =>
    page.locator("canvas.lane").first().evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(canvas.width - 20, Math.floor(canvas.height / 2), 1, 1);
      return [...data].join();
    });
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(
    (light) => {
      const canvas = document.querySelector("canvas.lane");
      const { data } = canvas.getContext("2d").getImageData(canvas.width - 20, Math.floor(canvas.height / 2), 1, 1);
      return [...data].join() !== light;
    },
    light,
  );
  assert.deepEqual(await accessProblems(page), []);
});

test("help names every shortcut, and no single letter is one anywhere", async (t) => {
  const page = await site.open(t);
  await page.locator("#stage").focus();
  const before = await page.locator(".ks").innerText();
  await page.keyboard.type("abcdefghijklmnopqrstuvwxyz?");
  assert.equal(await page.locator(".ks").innerText(), before);
  await field(page, "Partition key").waitFor();
});
