// Dialogs: the focus goes into one, stays there until it is closed, and comes back to what opened it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button } from "./steps.mjs";
import { useSite } from "./support.mjs";

const site = useSite();

/** Where the focus is: in the dialog, nowhere (the browser's own controls have it), or elsewhere on the page. */
const focusPlace = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return "nowhere";
    return at.closest("[role=dialog], dialog[open]") ? "dialog" : `${at.localName} "${at.textContent.slice(0, 30)}"`;
  });

for (const name of ["Help", "Course"]) {
  for (const key of ["Tab", "Shift+Tab"]) {
    test(`${key} stays within the open dialog: ${name}`, async (t) => {
      const page = await site.open(t);
      await button(page, name).click();
      await page.getByRole("dialog", { name }).waitFor();
      assert.equal(await focusPlace(page), "dialog");
      const places = new Set();
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press(key);
        places.add(await focusPlace(page));
      }
      places.delete("nowhere");
      assert.deepEqual([...places], ["dialog"]);
    });
  }

  for (const way of ["Esc", "the button Close"]) {
    test(`${way} closes the dialog and gives the focus back to what opened it: ${name}`, async (t) => {
      const page = await site.open(t);
      await button(page, name).focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name });
      await dialog.waitFor();
      if (way === "Esc") await page.keyboard.press("Escape");
      else await dialog.getByRole("button", { name: /^Close/ }).click();
      await dialog.waitFor({ state: "hidden" });
      await button(page, name).and(page.locator(":focus")).waitFor();
      // It opens again, with everything in it.
      await page.keyboard.press("Enter");
      await dialog.waitFor();
      assert.equal(await focusPlace(page), "dialog");
    });
  }
}

test("a dialog that is opened again at once stays open, though that it was closed is told later", async (t) => {
  const page = await site.open(t);
  await button(page, "Course").click();
  const dialog = page.getByRole("dialog", { name: "Course" });
  // All of the module is there: before, a click waits for it.
  await dialog.getByText("Fast track").first().waitFor();
  const toldWhileOpen = await button(page, "Course").evaluate(async (opener) => {
    const dialog = document.querySelector("dialog[open]");
    const told = new Promise((resolve) => {
      addEventListener("close", () => resolve(dialog.open), { capture: true, once: true });
      setTimeout(() => resolve(false), 5_000);
    });
    // Microtasks alone, before which no event is told: the page closes it, and opens it again.
    const until = async (isOpen) => {
      for (let i = 0; i < 100_000 && dialog.open !== isOpen; i += 1) await null;
    };
    dialog.querySelector("button").click();
    await until(false);
    opener.click();
    await until(true);
    return told;
  });
  assert.ok(toldWhileOpen, "it was told too early to show anything");
  await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.ok(await dialog.isVisible());
});

test("what is behind an open dialog takes no click", async (t) => {
  const page = await site.open(t);
  await button(page, "Help").click();
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  const isInert = await page.getByText("Five things to do here").evaluate((element) => {
    const { x, y } = element.getBoundingClientRect();
    return document.elementFromPoint(x + 2, y + 2) !== element;
  });
  assert.ok(isInert);
});
