// The AWS SDK for JavaScript inside a page that may not talk to anybody: its requests end in the sandbox beside it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch } from "../browser/support.mjs";
import { site } from "../wasm/support.mjs";
import { scenarios } from "./sdk-scenarios.mjs";

const web = new URL("../../web/package.json", import.meta.url);
const { buildSync } = createRequire(web)("esbuild");

const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'";
const files = {
  "/": ["text/html", '<!doctype html><title>SDK</title><script type="module" src="page.js"></script>'],
  "/favicon.ico": ["image/x-icon", ""],
};

let server;
let browser;
let page;
const requested = [];

before(async () => {
  files["/page.js"] = ["text/javascript", bundle()];
  server = createServer((request, response) => {
    requested.push(request.url);
    const [type, content] = files[request.url] ?? [];
    response.writeHead(type ? 200 : 404, { "Content-Type": type ?? "text/plain", "Content-Security-Policy": policy });
    response.end(content);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.isReady);
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** One script: the module's bytes go in as text, because a page without connections cannot fetch them. */
function bundle() {
  const first = join(site, "pkg/kinesis_sandbox_bg.wasm");
  const rest = join(site, "pkg/lazy/kinesis_sandbox_rest.wasm");
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("sdk-page.mjs", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    nodePaths: [fileURLToPath(new URL("node_modules", web))],
    alias: {
      kinesis_sandbox: join(site, "pkg/kinesis_sandbox.js"),
      "kinesis_sandbox_bg.wasm": first,
      "kinesis_sandbox_rest.wasm": existsSync(rest) ? rest : first,
    },
    loader: { ".wasm": "binary" },
    logLevel: "warning",
  });
  return outputFiles[0].contents;
}

for (const name of Object.keys(scenarios)) {
  test(`JavaScript SDK in a page: ${name}`, () => page.evaluate((name) => globalThis.play(name), name));
}

test("JavaScript SDK in a page: nothing was asked of any server, nor could it have been", async () => {
  assert.match(await page.evaluate(() => fetch("/").catch((error) => error.name)), /^TypeError$/);
  assert.deepEqual(requested.filter((address) => address !== "/favicon.ico"), ["/", "/page.js"]);
});
