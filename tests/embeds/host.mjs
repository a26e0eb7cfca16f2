// Documents of somebody else, served beside the built site, and a Chromium to open them in.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, root } from "../browser/support.mjs";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".jsonl": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const siteFolder = resolve(process.env.SITE_DIR ?? join(root, "dist"));
const pagesFolder = fileURLToPath(new URL("pages", import.meta.url));

/**
 * Call it once at the top of a test file. The built site stands under `/sandbox/`, the pages of this folder under
 * `/docs/`; `folders` adds others, as `{ "/book/": "/a/folder" }`; `headers(path)` adds headers to a document.
 * `open(t, path, options)` opens one and fails the test on any error of the page or request to elsewhere.
 */
export function useHost({ folders = {}, headers = () => ({}) } = {}) {
  const served = { "/sandbox/": siteFolder, "/docs/": pagesFolder, ...folders };
  const host = { url: "", open, served: [], folders: served };
  let server;
  let browser;

  before(async () => {
    server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
      if (path === "/favicon.ico") return response.writeHead(204).end();
      const prefix = Object.keys(served).find((prefix) => path.startsWith(prefix));
      let file = prefix && join(served[prefix], normalize(`/${path.slice(prefix.length)}`));
      try {
        if (statSync(file).isDirectory()) file = join(file, "index.html");
        const body = readFileSync(file);
        host.served.push({ path, bytes: body.length });
        // Frames without an origin, and documents on another host, need leave to load modules from here.
        const shared = prefix === "/sandbox/" ? { "access-control-allow-origin": "*" } : {};
        response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", ...shared, ...headers(path) });
        response.end(body);
      } catch {
        response.writeHead(404);
        response.end();
      }
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    host.url = `http://127.0.0.1:${server.address().port}`;
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function open(t, path, { javaScript = true, expected = [], width = 1200, height = 900, before } = {}) {
    host.served.length = 0;
    const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: javaScript, locale: "en-US" });
    const problems = [];
    context.on("weberror", (error) => problems.push(String(error.error())));
    context.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    context.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(host.url) && !/^(data|blob|about):/.test(url)) problems.push(`request to ${url}`);
    });
    t.after(async () => {
      await context.close();
      const surprising = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
      assert.deepEqual(surprising, [], "the document had problems");
    });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    await before?.(page);
    await page.goto(host.url + path);
    return page;
  }

  return host;
}
