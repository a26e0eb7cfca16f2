// Under German no view speaks English, and all of them speak as the lessons do: what stands in a view is looked at for
// words that German does not have, and for those that the lessons' German does not use. Its longer words find their
// place, too.

import assert from "node:assert/strict";
import { test } from "node:test";

import { button, field, lastBlock, openSession, showPart, showTab, type } from "./steps.mjs";
import { desktop, layoutProblems, narrow, useSite } from "./support.mjs";
import { long, worldsOf } from "./views.mjs";

const site = useSite();

/** Words of English sentences that are no German words, and no names of AWS. */
const english = /(?<!\p{L})(the|of|is|are|and|with|from|your|this|that|has|which|where|until|been|does|not|for|its|by|ago|yet|here|other|made|stored|refused|retried|waiting|lost|crashed|running|finished|succeeded|every|never|more|than|most|now|owner|reads|many)(?!\p{L})/iu;

/** A learner is a "du", and a record a "Record". "Sie" begins sentences about things as well, so those do not count. */
const unlikeLessons = /(?<=[\p{L},;] )Sie(?!\p{L})|(?<!\p{L})(Ihr|Ihre|Ihren|Ihrem|Ihrer|Ihres|Ihnen)(?!\p{L})|Datens[aä]tz|Nutzerdaten/u;

/** What is the same in every language: what is typed and printed at the prompt, code, names, other people's words, and
 * the words of lessons that have no German ones, marked as such. What was announced before the language changed is past. */
const sameEverywhere = "#terminal, code, pre, kbd, textarea, .shard-id, [aria-live], .ks [lang=en]";
/** A name that was typed, and commands in a title. */
const typed = /a-reader-with-a-rather-long-name|^sandbox .*/g;

/** Texts of the page that have an English word in them, or a German one that lessons do not use. */
const strangeTexts = (page, part) =>
  page.evaluate(
    ([part, same, english, unlike, names]) => {
      const [foreign, formal, typed] = [new RegExp(english, "iu"), new RegExp(unlike, "u"), new RegExp(names, "g")];
      const isStrange = (text) => foreign.test(text.replaceAll(typed, "")) || formal.test(text);
      const root = (part && document.querySelector(part)) ?? document.querySelector(".ks");
      const found = new Set();
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (element.closest(same) || !element.checkVisibility()) continue;
        if (isStrange(node.data)) found.add(node.data.trim());
      }
      for (const element of root.querySelectorAll("[aria-label], [title], [placeholder]")) {
        if (element.closest(same)) continue;
        for (const name of ["aria-label", "title", "placeholder"]) {
          const text = element.getAttribute(name) ?? "";
          if (isStrange(text)) found.add(`${name}: ${text}`);
        }
      }
      return [...found];
    },
    [part, sameEverywhere, english.source, unlikeLessons.source, typed.source],
  );

const speak = (page, tag) => page.evaluate((tag) => document.querySelector(`button[lang=${tag}]`).click(), tag);

/** Worlds whose views stand as they are while the language changes: a dialog forgets its place, and is opened anew. */
const { start, empty, one, busy, full, polled, pushed, resumed, lessons, incident } = worldsOf(site);
const tasks = { ...lessons, views: lessons.views.filter(([, part]) => part === "#task") };
const worlds = { start, empty, one, busy, full, polled, pushed, resumed, tasks, incident };
for (const [width, size] of Object.entries({ narrow, desktop })) {
  for (const [world, { before, set, views }] of Object.entries(worlds)) {
    test(`no view speaks English under German: ${world}, ${width}`, async (t) => {
      const page = await site.open(t, { ...size, before });
      await page.getByRole("heading", { level: 1 }).waitFor(long);
      await set?.(page);
      for (const [name, part, show] of views) {
        await t.test(name, async () => {
          await show(page);
          await speak(page, "de");
          await page.locator(".ks[lang=de]").waitFor();
          const texts = await strangeTexts(page, part === ".dialog[open]" ? null : part);
          const layout = await layoutProblems(page);
          await speak(page, "en");
          await page.locator(".ks[lang=en]").waitFor();
          assert.deepEqual([texts, layout], [[], []]);
        });
      }
    });
  }
}

test("the screen of our own fault speaks German", async (t) => {
  const page = await site.open(t, { expected: [/insert node|panicked|unreachable|RuntimeError/] });
  await showTab(page, "Log");
  await speak(page, "de");
  await field(page, "Zeige").selectOption({ label: "Alles" });
  const lines = page.locator(".log-lines");
  await lines.getByText("CreateStream: OK").waitFor();
  await page.evaluate(() => document.querySelectorAll(".log-lines > li").forEach((line) => line.remove()));
  await button(page, "Record schreiben").first().click();
  await page.getByRole("heading", { name: "Die Sandbox ist kaputtgegangen: unser Fehler" }).waitFor();
  await page.getByRole("link", { name: "Neu laden und fortfahren" }).waitFor();
  assert.equal(await page.locator("main.panic").getAttribute("lang"), "de");
});

test("a session that cannot be read is told in German, its reason in the words of the engine", async (t) => {
  const page = await site.open(t, { before: (page) => openSession(page, '{"format":1,"damaged') });
  await page.getByText("Your last session cannot be read").waitFor();
  await speak(page, "de");
  await page.getByText("Deine letzte Sitzung lässt sich nicht lesen").waitFor();
  await page.getByText("Sie ist beiseitegelegt").waitFor();
});
