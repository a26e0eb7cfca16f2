// `package.mjs SITE FILE TARGET`: puts together what is released, in the folder TARGET: the built SITE, with the study
// guide in it, as an archive; the one FILE with everything in it; the npm package; the licences of what is inside; and a
// list of checksums. The same sources give the same bytes.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { assembleNpmPackage } from "./npm-package.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [site, file, target] = process.argv.slice(2).map((path) => resolve(path));
const work = join(target, "work");
rmSync(target, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

const version = assembleNpmPackage(site, join(work, "npm"));
execFileSync("npm", ["pack", "--loglevel=error", "--pack-destination", target], { cwd: join(work, "npm") });

copyFileSync(file, join(target, `kinesis-sandbox-${version}.html`));
const licences = ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-LICENCES.txt", "THIRD-PARTY.md"];
for (const name of licences) copyFileSync(join(root, name), join(target, name));

// Names in order, no owner, no time: an archive tells of nothing but its files.
const plain = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=u=rwX,go=rX"];
const archive = join(work, `kinesis-sandbox-site-${version}.tar`);
execFileSync("tar", [...plain, "--create", "--file", archive, "--directory", site, "."]);
execFileSync("tar", [
  ...plain, "--append", "--file", archive, "--directory", root, ...licences,
]);
const packed = execFileSync("gzip", ["--no-name", "--best", "--stdout", archive], { maxBuffer: 1 << 28 });
writeFileSync(join(target, `kinesis-sandbox-site-${version}.tar.gz`), packed);

rmSync(work, { recursive: true });
const sums = readdirSync(target)
  .sort()
  .map((name) => `${createHash("sha256").update(readFileSync(join(target, name))).digest("hex")}  ${name}\n`);
writeFileSync(join(target, "SHA256SUMS"), sums.join(""));
console.log(sums.join("").trimEnd());
