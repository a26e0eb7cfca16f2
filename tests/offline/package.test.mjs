// What is released: the same bytes each time, whole, with its checksums and licences.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { root } from "../browser/support.mjs";

const skip = process.env.SITE_IS_QUICKLY_BUILT === "1";
const site = resolve(process.env.SITE_DIR ?? join(root, "dist"));
const file = process.env.SINGLE_FILE ?? join(root, "target/single-file/kinesis-sandbox.html");
const licences = ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-LICENCES.txt", "THIRD-PARTY.md"];
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "package-"));
});

after(() => rmSync(folder, { recursive: true, force: true }));

function packaged(name) {
  const target = join(folder, name);
  execFileSync("node", [join(root, "xtask/scripts/package.mjs"), site, file, target], { stdio: "pipe" });
  return target;
}

const listed = (archive) => execFileSync("tar", ["--list", "--file", archive], { encoding: "utf8" }).split("\n");

test("what is released is the same each time, has its checksums, and its licences are in each archive", { skip }, () => {
  const target = packaged("once");
  const sums = readFileSync(join(target, "SHA256SUMS"), "utf8");
  // Somebody else's idea of what the checksums are.
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: target, stdio: "pipe" });
  const names = readdirSync(target).filter((name) => name !== "SHA256SUMS");
  assert.deepEqual(sums.trim().split("\n").map((line) => line.split("  ")[1]), names.sort());
  assert.equal(sums, readFileSync(join(packaged("again"), "SHA256SUMS"), "utf8"));

  const named = (pattern) => {
    const found = names.filter((name) => pattern.test(name));
    assert.equal(found.length, 1, `${pattern} among ${names}`);
    return join(target, found[0]);
  };
  for (const name of licences) assert.ok(names.includes(name), name);
  const ofSite = listed(named(/site-.*\.tar\.gz$/));
  for (const name of ["./index.html", "./guide/index.html", "./embed/loader.js", "./pkg/kinesis_sandbox_bg.wasm", ...licences]) {
    assert.ok(ofSite.includes(name), `the site's archive has no ${name}`);
  }
  const ofNpm = listed(named(/\.tgz$/));
  for (const name of ["package.json", "npm/sdk.js", "npm/bin/kinesis-sandbox.js", "custom-elements.json", ...licences]) {
    assert.ok(ofNpm.includes(`package/${name}`), `the npm package has no ${name}`);
  }
  const page = named(/\.html$/);
  assert.deepEqual(readFileSync(page), readFileSync(file));
  assert.match(readFileSync(page, "latin1").slice(0, 400), /MIT OR Apache-2\.0.*THIRD-PARTY\.md/);
});

test("a byte that is changed is found by the checksums", { skip }, () => {
  const target = packaged("changed");
  copyFileSync(join(target, "LICENSE-MIT"), join(target, "LICENSE-APACHE"));
  assert.throws(() => execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: target, stdio: "pipe" }));
});
