// Puts the npm package together: the built site, and beside it what only programs use.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Fills the folder `target` from the built `site`. Returns the package's version, the workspace's own. */
export function assembleNpmPackage(site, target) {
  const version = readFileSync(join(root, "Cargo.toml"), "utf8").match(/^version = "([^"]+)"/m)?.[1];
  if (!version) throw new Error("Cargo.toml names no version");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(site, target, { recursive: true });
  cpSync(join(root, "web/npm"), join(target, "npm"), { recursive: true });
  const { name, ...rest } = JSON.parse(readFileSync(join(root, "web/npm/package.json"), "utf8"));
  writeFileSync(join(target, "package.json"), `${JSON.stringify({ name, version, ...rest }, null, 2)}\n`);
  for (const file of ["README.md", "custom-elements.json"]) {
    cpSync(join(root, "web/npm", file), join(target, file));
    rmSync(join(target, "npm", file));
  }
  rmSync(join(target, "npm/package.json"));
  for (const file of ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-LICENCES.txt", "THIRD-PARTY.md"]) cpSync(join(root, file), join(target, file));
  return version;
}
