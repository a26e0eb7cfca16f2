// A real Chromium in front of the built site, for the browser tests.
//
// The site is served from a folder deep in a host, with the page's own policy as a header too, so that an address
// that is not relative, an inline script or a style attribute shows at once. A page that writes an error to the
// console, throws, or asks for anything that the site does not have, fails its test.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

// The npm packages stand beside the page's own files, not above this one.
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");

export const root = fileURLToPath(new URL("../..", import.meta.url));
const siteFolder = resolve(process.env.SITE_DIR ?? join(root, "dist"));
const screenshotFolder = join(root, "target/screenshots");
export const subPath = "/some/sub/path/";

// Milliseconds that a step of a test may take on a slow machine; far more than any step does take.
const patience = 15_000;

const mimeTypes = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The widths that the page is made for, and the two themes. */
export const narrow = { width: 320, height: 640 };
export const phone = { width: 360, height: 740 };
export const tablet = { width: 768, height: 1024 };
export const desktop = { width: 1440, height: 900 };
export const themes = ["light", "dark"];

/**
 * Call it once at the top of a test file: one browser and one server serve all of its tests.
 * `open(t, options)` gives a test a fresh page of its own, loaded and watched; options are those of `desktop`
 * and `phone`, `theme`, `reducedMotion`, `touch`, `path` (after the site's own, for example "?x#y"), `expected`, the
 * patterns of problems that the test brings about on purpose, and `before`, what to do with the page before it loads.
 */
export function useSite() {
  let server;
  let browser;
  const site = { url: "", open, evaluate };

  before(async () => {
    server = await serve();
    site.url = `http://127.0.0.1:${server.address().port}${subPath}`;
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function open(t, options = {}) {
    const {
      width,
      height,
      theme = "light",
      reducedMotion = "no-preference",
      touch = false,
      path = "",
      expected = [],
      before,
    } = { ...desktop, ...options };
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion,
      hasTouch: touch,
      locale: "en-US",
      timezoneId: "UTC",
      // What is kept for later would hide what a page asks for; the tests of it have browsers of their own.
      serviceWorkers: "block",
    });
    // The checker of accessibility comes in before the page's policy holds; it does nothing until it is called.
    await context.addInitScript({ path: require.resolve("axe-core/axe.min.js") });
    const problems = watch(context, site.url);
    t.after(async () => {
      await context.close();
      const surprising = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
      // A test that has failed already would show only its own complaint, not what led to it.
      for (const problem of surprising) t.diagnostic(problem);
      assert.deepEqual(surprising, [], "the page had problems");
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    await before?.(page);
    await page.goto(site.url + path);
    return page;
  }

  /** What a function gives in a page of the site that nobody looks at. */
  async function evaluate(what, argument) {
    const context = await browser.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    await page.goto(site.url);
    // The module runs.
    await page.getByRole("heading", { level: 1 }).waitFor();
    const result = await page.evaluate(what, argument);
    await context.close();
    return result;
  }

  return site;
}

/** Starts Chromium with everything off that would talk to the world outside. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--force-color-profile=srgb",
    ],
  });
}

/** Serves the built site, or another one, under the sub-path on a free port of this machine. */
export async function serve(folder = siteFolder) {
  const policy = readFileSync(join(folder, "index.html"), "utf8").match(
    /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/,
  )?.[1];
  assert.ok(policy, "index.html names its Content-Security-Policy");
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const name = pathname.startsWith(subPath) ? decodeURIComponent(pathname.slice(subPath.length)) : null;
    try {
      if (name === null) throw new Error("outside of the site");
      const file = join(folder, normalize(`/${name || "index.html"}`));
      const bytes = readFileSync(file);
      response.writeHead(200, {
        "Content-Type": mimeTypes[extname(file)] ?? "application/octet-stream",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

/** Collects everything that a page of `context` should not do. */
function watch(context, url) {
  const problems = [];
  context.on("console", (message) => {
    // These browsers keep nothing for later, and say so.
    if (message.text().includes("Service Worker registration blocked by Playwright")) return;
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  context.on("weberror", (error) => problems.push(`uncaught: ${error.error()?.stack ?? error.error()}`));
  context.on("request", (request) => {
    const isOurs = [url, "data:", "blob:"].some((start) => request.url().startsWith(start));
    if (!isOurs) problems.push(`request outside of the site: ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
  });
  // A page that is left, or loaded anew, gives up what it was still asking for: then a document has been asked for in its
  // place. Nothing else may be given up.
  const documents = new Map();
  const frameOf = (request) => {
    try {
      return request.frame();
    } catch {
      // The first document of a window that is just being opened has none yet.
      return null;
    }
  };
  const seen = (request) => documents.get(frameOf(request)) ?? { asked: 0, answered: 0 };
  const isDocument = (request) => request.isNavigationRequest();
  const askedBy = new WeakMap();
  context.on("request", (request) => {
    const { asked, answered } = seen(request);
    if (isDocument(request)) documents.set(frameOf(request), { asked: asked + 1, answered });
    askedBy.set(request, answered);
  });
  context.on("response", (response) => {
    const request = response.request();
    if (isDocument(request)) documents.set(frameOf(request), { ...seen(request), answered: seen(request).asked });
  });
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    const isLeft = !isDocument(request) && seen(request).asked > askedBy.get(request);
    if (why === "net::ERR_ABORTED" && isLeft) return;
    problems.push(`request failed: ${request.url()} (${why})`);
  });
  return problems;
}

/** Writes `target/screenshots/NAME.png`, of the whole page unless told otherwise. */
export async function screenshot(page, name, options = {}) {
  mkdirSync(screenshotFolder, { recursive: true });
  const path = join(screenshotFolder, `${name}.png`);
  await page.screenshot({ path, fullPage: true, animations: "disabled", caret: "hide", ...options });
  return path;
}

/**
 * What axe finds wrong with the accessibility of the page or of a part of it, one line a finding: by all of its rules,
 * or by those that are named.
 */
export async function accessProblems(page, part, rules) {
  const { violations } = await page.evaluate(
    ([part, rules]) => globalThis.axe.run(part ?? document, rules ? { runOnly: rules } : {}),
    [part, rules],
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} at ${target.flat().join(" ")}`),
  );
}

/**
 * What is wrong with where things stand: the page or a box sticks out sideways, a text is cut off or leaves its
 * control or the box that it stands in, a drawing lies on a text, or two texts or two controls lie on one another. Boxes inside something that
 * scrolls on purpose may stick out, a line with an ellipsis may be cut where a title has it whole, and what has a layer of its own, such as a menu or a dialog, may lie on what is under it.
 */
export function layoutProblems(page) {
  return page.evaluate(() => {
    const problems = [];
    const width = document.documentElement.clientWidth;
    const scrollsOnPurpose = ".table-box, .chips, pre, input, textarea";
    // What finds no room in it is left out whole.
    const leavesOutOnPurpose = ".shard-facts";
    const describe = (element) => {
      const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replace(/\s+/g, " ");
      const classes = [...element.classList].map((name) => `.${name}`).join("");
      return `<${element.localName}${element.id ? `#${element.id}` : ""}${classes}> "${text.slice(0, 40)}"`;
    };
    const everything = (folder) =>
      [...folder.querySelectorAll("*")].flatMap((element) =>
        element.shadowRoot ? [element, ...everything(element.shadowRoot)] : [element],
      );
    const parent = (element) => element.parentElement ?? element.getRootNode().host ?? null;
    const ancestors = (element) => {
      const found = [];
      for (let at = parent(element); at; at = parent(at)) found.push(at);
      return found;
    };
    const isShown = (element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.getBoundingClientRect().width > 1 &&
      element.getBoundingClientRect().height > 1;
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const clips = (element) => /hidden|clip/.test(getComputedStyle(element).overflowX);
    const cutsBelow = (element) => /hidden|clip/.test(getComputedStyle(element).overflowY);
    const isLayer = (element) => {
      const { position, zIndex } = getComputedStyle(element);
      return /sticky|fixed/.test(position) || (position === "absolute" && zIndex !== "auto");
    };

    // What lies outside of a box that scrolls or clips is not seen, and in nobody's way.
    const seenBox = (element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      const seen = { left, top, right, bottom };
      for (const above of ancestors(element)) {
        if (getComputedStyle(above).overflowY === "visible" && getComputedStyle(above).overflowX === "visible") continue;
        const box = above.getBoundingClientRect();
        seen.left = Math.max(seen.left, box.left);
        seen.top = Math.max(seen.top, box.top);
        seen.right = Math.min(seen.right, box.right);
        seen.bottom = Math.min(seen.bottom, box.bottom);
      }
      return seen;
    };

    // What is only there for screen readers.
    const isForEars = (element) => {
      const { width, height } = element.getBoundingClientRect();
      return width <= 1 || height <= 1 || getComputedStyle(element).clipPath !== "none";
    };
    const endsInDots = (element) => getComputedStyle(element).textOverflow === "ellipsis" && element.closest("[title]");
    // The box that cuts off what of an element lies outside of it, up and down or from side to side, and the element
    // that has it. What can be scrolled to is not cut off.
    const cuttingBox = (element, overflow) => {
      let { position } = getComputedStyle(element);
      for (const at of [element, ...ancestors(element)]) {
        const style = getComputedStyle(at);
        if (at !== element) {
          if (position === "fixed") return null;
          if (position === "absolute" && style.position === "static") continue;
          position = style.position;
        }
        if (/auto|scroll/.test(style[overflow])) return null;
        if (/hidden|clip/.test(style[overflow])) return { at, ...at.getBoundingClientRect().toJSON() };
      }
      return null;
    };

    if (document.documentElement.scrollWidth > width) {
      problems.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} > ${width}`);
    }
    const ground = document.querySelector(".ks")?.getBoundingClientRect();
    if (ground && document.documentElement.scrollHeight > Math.max(ground.bottom + scrollY, innerHeight) + 1) {
      problems.push(`there is empty space below the page: ${document.documentElement.scrollHeight} > ${ground.bottom + scrollY}`);
    }
    const shown = everything(document.body).filter(isShown);
    for (const element of shown) {
      if (scrolls(element) && element.scrollWidth > element.clientWidth + 1 && !element.matches(scrollsOnPurpose)) {
        problems.push(`scrolls sideways: ${describe(element)}`);
      }
      const box = element.getBoundingClientRect();
      const above = ancestors(element);
      if ((box.right > width + 0.5 || box.left < -0.5) && !above.some((one) => scrolls(one) || clips(one))) {
        problems.push(`sticks out sideways: ${describe(element)}`);
      }
      const hasOwnText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (hasOwnText && clips(element) && !endsInDots(element) && element.scrollWidth > element.clientWidth + 1) {
        problems.push(`text is cut off: ${describe(element)}`);
      }
      if (hasOwnText && cutsBelow(element) && element.scrollHeight > element.clientHeight + 2) {
        problems.push(`text is cut off below: ${describe(element)}`);
      }
    }
    const controls = shown.filter((element) => element.matches("a[href], button, input, select, textarea, summary"));
    const floats = (element) => [element, ...ancestors(element)].find(isLayer);
    for (const [index, one] of controls.entries()) {
      for (const other of controls.slice(index + 1)) {
        if (one.contains(other) || other.contains(one) || floats(one) !== floats(other)) continue;
        const a = seenBox(one);
        const b = seenBox(other);
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) problems.push(`lie on one another: ${describe(one)} and ${describe(other)}`);
      }
    }

    // Each line of each text, as far as it is seen, from the top down.
    const lines = [];
    for (const element of shown) {
      const nodes = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
      if (nodes.length === 0 || element.matches("option, textarea")) continue;
      const seen = seenBox(element);
      const layer = floats(element);
      const control = element.closest("button, .button, summary, th, td");
      const isHeard = [element, ...ancestors(element)].some(isForEars);
      const [below, aside] = isHeard ? [] : ["overflowY", "overflowX"].map((overflow) => cuttingBox(element, overflow));
      for (const node of nodes) {
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const { left, top, right, bottom } of range.getClientRects()) {
          const isLeftOut = below && below.at.matches(leavesOutOnPurpose) && (top >= below.bottom || bottom <= below.top);
          // A line's box is somewhat higher than its letters.
          if (below && !isLeftOut && (top < below.top - 3 || bottom > below.bottom + 3)) {
            problems.push(`text is cut by its box: ${describe(element)} in ${describe(below.at)}`);
          }
          if (aside && !endsInDots(aside.at) && (left < aside.left - 1 || right > aside.right + 1)) {
            problems.push(`text is cut by the side of its box: ${describe(element)} in ${describe(aside.at)}`);
          }
          const line = {
            left: Math.max(left, seen.left),
            top: Math.max(top, seen.top),
            right: Math.min(right, seen.right),
            bottom: Math.min(bottom, seen.bottom),
          };
          if (line.right - line.left < 2 || line.bottom - line.top < 2) continue;
          lines.push({ ...line, element, layer });
          const box = control?.getBoundingClientRect();
          if (box && (left < box.left - 1 || right > box.right + 1 || top < box.top - 3 || bottom > box.bottom + 3)) {
            problems.push(`text leaves its box: ${describe(element)} in ${describe(control)}`);
          }
        }
      }
    }
    // A drawing hides the text that it lies on.
    for (const canvas of shown.filter((element) => element.matches("canvas"))) {
      const seen = seenBox(canvas);
      for (const line of lines) {
        if (line.layer !== floats(canvas)) continue;
        const across = Math.min(line.right, seen.right) - Math.max(line.left, seen.left);
        const down = Math.min(line.bottom, seen.bottom) - Math.max(line.top, seen.top);
        if (across > 2 && down > 4) problems.push(`a drawing lies on a text: ${describe(canvas)} and ${describe(line.element)}`);
      }
    }
    // In a table a word stands on one line: where there is no room for that, the table needs another shape.
    for (const cell of shown.filter((element) => element.matches("th, td") && !element.closest(".line"))) {
      for (const node of [...cell.childNodes].filter((node) => node.nodeType === 3)) {
        for (const word of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
          const range = document.createRange();
          range.setStart(node, word.index);
          range.setEnd(node, word.index + word[0].length);
          const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
          if (tops.size > 1) problems.push(`the word ${word[0]} is broken: ${describe(cell)}`);
        }
      }
    }
    // A figure stands on one line with its unit.
    for (const figure of shown.filter((element) => element.matches("dd, td.figure"))) {
      for (const node of [...figure.childNodes].filter((node) => node.nodeType === 3)) {
        for (const { index, 0: text } of node.data.matchAll(/\d (%|ms|s|min|h|B|KB|MB|GB)(?!\p{L})/gu)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + text.length);
          const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
          if (tops.size > 1) problems.push(`${text} is broken: ${describe(figure)}`);
        }
      }
    }
    // The key space's ribbons end where the rows do, one below the other.
    for (const keySpace of shown.filter((element) => element.matches("svg.key-space"))) {
      const [bar, rows] = [keySpace, keySpace.parentElement.querySelector(".shards")].map((it) => it.getBoundingClientRect());
      if (Math.abs(bar.bottom - rows.bottom) > 4) problems.push(`the key space ends at ${bar.bottom}, its rows at ${rows.bottom}`);
    }
    lines.sort((one, other) => one.top - other.top);
    for (const [index, one] of lines.entries()) {
      for (let next = index + 1; next < lines.length && lines[next].top < one.bottom - 4; next += 1) {
        const other = lines[next];
        if (one.layer !== other.layer || one.element.contains(other.element) || other.element.contains(one.element)) continue;
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (across > 2 && down > 4) {
          problems.push(`texts lie on one another: ${describe(one.element)} and ${describe(other.element)}`);
        }
      }
    }
    return [...new Set(problems)];
  });
}
