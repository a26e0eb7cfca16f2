// A saved session has one digest, whichever machine replays it: the native build and the shipped module agree.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { before, test } from "node:test";

import { loadModule, root } from "./support.mjs";

const folder = join(root, "tests/sessions");
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl")).sort();
const native = new Map();
let Sandbox;

before(async () => {
  ({ Sandbox } = await loadModule());
  // One line a file: its path, a space, its digest.
  const lines = execFileSync(
    "cargo",
    ["run", "--quiet", "--package", "tests", "--bin", "session-digest", "--", ...files.map((name) => join(folder, name))],
    { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  for (const line of lines.trim().split("\n")) {
    const space = line.lastIndexOf(" ");
    native.set(basename(line.slice(0, space)), line.slice(space + 1));
  }
});

for (const name of files) {
  test(`${name} has the same digest natively and in the shipped module`, () => {
    const sandbox = Sandbox.load(readFileSync(join(folder, name), "utf8"));
    assert.match(native.get(name), /^[0-9a-f]{16}$/);
    assert.equal(sandbox.digest(), native.get(name));
    sandbox.free();
  });
}
