// Opens the page as a learner's first visit does and prints the names of the functions that ran until the picture
// stood. The site's module notes the calls itself: `cargo xtask first-load` builds it so and reads what is printed.

import { desktop, launch, phone, serve, subPath, themes } from "./support.mjs";

const prefix = "ran:";
const ran = new Set();

const server = await serve();
const browser = await launch();
try {
  for (const size of [desktop, phone]) {
    for (const colorScheme of themes) {
      const context = await browser.newContext({ viewport: size, colorScheme, locale: "en-US", timezoneId: "UTC" });
      const page = await context.newPage();
      const { port } = server.address();
      await page.goto(`http://127.0.0.1:${port}${subPath}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      const names = await page.evaluate(async (prefix) => {
        // Two frames after the picture stands, what it brings with it has run too.
        for (let frame = 0; frame < 2; frame += 1) await new Promise((next) => requestAnimationFrame(next));
        // Nor should leaving the page wait for anything.
        dispatchEvent(new PageTransitionEvent("pagehide"));
        document.dispatchEvent(new Event("visibilitychange"));
        const glue = await import(new URL("pkg/kinesis_sandbox.js", document.baseURI));
        const exports = await glue.default();
        return Object.keys(exports).filter((name) => name.startsWith(prefix) && exports[name].value === 1);
      }, prefix);
      for (const name of names) ran.add(name.slice(prefix.length));
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
console.log([...ran].sort().join("\n"));
