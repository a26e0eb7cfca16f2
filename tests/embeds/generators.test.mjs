// Documents as their tools make them: MkDocs with its Material theme, and Sphinx, with the sandbox in them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { root } from "../browser/support.mjs";
import { useHost } from "./host.mjs";

const site = resolve(process.env.SITE_DIR ?? join(root, "dist"));
const folder = mkdtempSync(join(tmpdir(), "documents-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const host = useHost({ folders: { "/mkdocs/": join(folder, "mkdocs-site"), "/sphinx/": join(folder, "sphinx-site") } });

/** The folder of a tool's sources with the built site in `place`. */
function sources(name, place) {
  const copy = join(folder, name);
  cpSync(fileURLToPath(new URL(name, import.meta.url)), copy, { recursive: true });
  cpSync(site, join(copy, place), { recursive: true });
  return copy;
}

function python(args, cwd) {
  const program = process.env.DOCUMENTS_PYTHON;
  assert.ok(program, "DOCUMENTS_PYTHON names no program: run the tests with `cargo xtask test embeds`");
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", env: { ...process.env, SITE_URL: `${host.url}/mkdocs/` } });
  assert.equal(status, 0, stdout + stderr);
}

const start = (page) => page.getByRole("button", { name: "Run it here" });
const run = (page) => page.locator(".kinesis-run").getByRole("button", { name: "Run", exact: true });

test("MkDocs with instant navigation keeps the element and runs the blocks of each page", async (t) => {
  const source = sources("mkdocs", "docs/sandbox");
  python(["-m", "mkdocs", "build", "--quiet", "--site-dir", join(folder, "mkdocs-site")], source);
  const page = await host.open(t, "/mkdocs/", { width: 1400 });
  await start(page).click();
  await page.getByRole("list", { name: "Shards" }).waitFor();
  await run(page).click();
  await page.locator(".kinesis-run").getByText("Done").waitFor();
  await page.evaluate(() => {
    window.isSameDocument = true;
  });
  await page.getByRole("link", { name: "Readers" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Readers" }).waitFor();
  assert.equal(await page.evaluate(() => window.isSameDocument), true, "the page was swapped, not loaded");
  await run(page).click();
  await page.locator(".kinesis-run").getByText("Done").waitFor();
  await page.getByRole("link", { name: "Streams" }).first().click();
  await start(page).waitFor();
});

test("Sphinx shows the element and runs the blocks", async (t) => {
  const source = sources("sphinx", "_static/sandbox");
  python(["-m", "sphinx", "-q", "-b", "html", ".", join(folder, "sphinx-site")], source);
  const page = await host.open(t, "/sphinx/index.html");
  await run(page).click();
  await page.locator(".kinesis-run").getByText("Done").waitFor();
  await start(page).click();
  await page.getByRole("list", { name: "Shards" }).waitFor();
});
