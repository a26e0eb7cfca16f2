// How the page looks and reads: nothing cut off or on top of one another, nothing that axe finds, in every view, in
// every width and both themes. `SCREENSHOTS=1` leaves a picture of each view in target/screenshots.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { playUntil } from "./steps.mjs";
import { accessProblems, desktop, layoutProblems, narrow, phone, root, screenshot, tablet, themes, useSite } from "./support.mjs";
import { busyWorld, long, typed, worldsOf } from "./views.mjs";

const site = useSite();

for (const [width, size] of Object.entries({ narrow, phone, tablet, desktop })) {
  for (const [world, { before, set, path, expected, isOtherPage, views }] of Object.entries(worldsOf(site))) {
    test(`every view has its place and reads well: ${world}, ${width}`, async (t) => {
      const page = await site.open(t, { ...size, before, path, expected });
      if (!isOtherPage) await page.getByRole("heading", { level: 1 }).waitFor(long);
      await set?.(page);
      for (const [name, part, show] of views) {
        await t.test(name, async () => {
          await page.emulateMedia({ colorScheme: themes[0] });
          await show(page);
          // Where things stand does not depend on the theme, and of what axe looks at only the colours do.
          assert.deepEqual(await layoutProblems(page), []);
          for (const theme of themes) {
            await page.emulateMedia({ colorScheme: theme });
            if (process.env.SCREENSHOTS && size !== narrow) await screenshot(page, `${name}-${width}-${theme}`);
            const rules = theme === themes[0] ? undefined : ["color-contrast"];
            assert.deepEqual(await accessProblems(page, part, rules), [], theme);
          }
        });
      }
    });
  }
}

// `README_SCREENSHOT=1` renews the picture in the README; otherwise the tree stays as it is.
test("the README's picture is the page as it is", async (t) => {
  const page = await site.open(t, { ...desktop, theme: "dark" });
  await typed(busyWorld)(page);
  await page.getByRole("button", { name: /^web/ }).click();
  await page.getByRole("tab", { name: "Leases" }).click();
  await playUntil(page, "1×", page.locator(".now"));
  assert.deepEqual(await layoutProblems(page), []);
  const folder = join(root, process.env.README_SCREENSHOT ? "docs" : "target/screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, "screenshot.png"), animations: "disabled", caret: "hide" });
});
