// The shipped types: each file in types/ is a use of them that must compile as it stands.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { root, site } from "./support.mjs";

const examples = fileURLToPath(new URL("types/", import.meta.url));

test("the shipped types fit how they are meant to be used", () => {
  const folder = join(root, "target/types-test");
  mkdirSync(folder, { recursive: true });
  const config = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: "es2022",
      module: "es2022",
      moduleResolution: "bundler",
      lib: ["es2022", "dom", "esnext.disposable"],
      types: [],
      paths: { kinesis_sandbox: [join(site, "pkg/kinesis_sandbox.d.ts")] },
    },
    files: readdirSync(examples).filter((name) => name.endsWith(".ts")).map((name) => join(examples, name)),
  };
  const path = join(folder, "tsconfig.json");
  writeFileSync(path, JSON.stringify(config));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "web/node_modules/typescript/bin/tsc"), "--project", path, "--pretty", "false"],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stdout + stderr);
});
