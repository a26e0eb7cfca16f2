// `single-file.mjs SITE PRESS SPREAD FILE`: one HTML file with everything in it, which opens from a disk with the network off.
//
// Modules, code and styles are pressed (xtask/press, built in the folder PRESS; what spreads them again comes along, from
// the folder SPREAD) and stand in the text byte by byte: the document is of a one-byte encoding, and every few hundred
// bytes are shifted so that none of them is one that an HTML parser would change. That costs a third of a per cent; base64
// would cost a third.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateRawSync, constants } from "node:zlib";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const esbuild = require("esbuild");

const pieces = fileURLToPath(new URL("single-file", import.meta.url));
/** Bytes that are shifted alike: few enough that a shift which avoids three of 256 bytes is always found. */
const BLOCK = 320;

const [site, press, spread, target] = process.argv.slice(2);

async function singleFile() {
  const code = inScript(await bundled(join(site, "boot.js"), {
    plugins: [withoutWorker],
    define: { fetch: "fetchFromFile", XMLHttpRequest: "RequestFromFile" },
    inject: [join(pieces, "from-file.js")],
  }));
  const styles = ["style.css", "pack.css"].map((name) => readFileSync(join(site, name), "utf8")).join("\n");
  const { code: sheet } = await esbuild.transform(styles, { loader: "css", minify: true, charset: "ascii" });
  const parts = [
    Buffer.from(sheet),
    Buffer.from(code),
    readFileSync(join(site, "pkg/kinesis_sandbox_bg.wasm")),
    readFileSync(join(site, "pkg/lazy/kinesis_sandbox_rest.wasm")),
  ];
  const sizes = Uint32Array.from(parts, ({ length }) => length);
  const hashOfAll = createHash("sha256").update(Buffer.concat(parts)).digest("hex");
  const unpack = inScript(await bundled(join(pieces, "unpack.js"), {
    alias: { press: join(spread, "press.js") },
    define: { SIZES: JSON.stringify([...sizes]), BLOCK: String(BLOCK), HASH: JSON.stringify(hashOfAll) },
  }));
  const presser = await import(pathToFileURL(join(press, "press.js")));
  presser.initSync({ module: readFileSync(join(press, "press_bg.wasm")) });
  const packed = presser.press(Buffer.concat(parts), sizes);

  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(unpack)} ${hash(code)} 'wasm-unsafe-eval'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types unpack",
  ].join("; ");
  const deflated = deflateRawSync(readFileSync(join(spread, "press_bg.wasm")), { level: constants.Z_BEST_COMPRESSION, memLevel: 9 });
  const data = (id, bytes) => [Buffer.from(`<script type="text/plain" id="${id}">`), shifted(bytes), Buffer.from("</script>\n")];
  return Buffer.concat([
    Buffer.from(`<!doctype html>
<!-- The Kinesis Sandbox, MIT OR Apache-2.0. It contains code of others under their own licences: THIRD-PARTY.md, released with it, lists them. -->
<html lang="en">
<head>
<meta charset="windows-1252">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>Kinesis Sandbox</title>
<link rel="icon" href="data:,">
</head>
<body>
<p id="unpacking" role="status"></p>
<div id="sandbox"></div>
<noscript>The Kinesis Sandbox runs in your browser and needs JavaScript.</noscript>
`),
    ...data("press", deflated),
    ...data("parts", packed),
    Buffer.from(`<script type="module">${unpack}</script>\n</body>\n</html>\n`),
  ]);
}

async function bundled(entry, options) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    // Outside of a script nobody knows the document's encoding.
    charset: "ascii",
    target: "es2022",
    write: false,
    logLevel: "error",
    ...options,
    define: { "import.meta.url": '"file:///kinesis-sandbox/pkg/"', ...options.define },
  });
  return outputFiles[0].text;
}

/** The page's own code, but for the service worker, which keeps nothing for files. */
const withoutWorker = {
  name: "without-worker",
  setup(build) {
    build.onLoad({ filter: /[/\\]offline\.js$/ }, () => ({ contents: "export function keepForOffline() {}" }));
  },
};

function inScript(code) {
  return code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

/**
 * Bytes as characters of windows-1252 that an HTML parser leaves alone: NUL becomes another character there, a carriage
 * return a line feed, and "<" can end the script. Before each block stands what its bytes are combined with.
 */
function shifted(bytes) {
  const out = [];
  for (let begin = 0; begin < bytes.length; begin += BLOCK) {
    const block = bytes.subarray(begin, begin + BLOCK);
    const shift = Array.from({ length: 255 }, (_, index) => index + 1).find((shift) => isPlain(shift, block));
    if (shift === undefined) throw new Error("no shift makes this block plain: take smaller blocks");
    out.push(shift, ...block.map((byte) => byte ^ shift));
  }
  return Buffer.from(out);
}

const [RETURN, LESS, SLASH, MARK] = [..."\r</!"].map((character) => character.charCodeAt(0));

function isPlain(shift, block) {
  if (shift === RETURN || shift === LESS) return false;
  for (const [index, byte] of block.entries()) {
    const character = byte ^ shift;
    if (character === 0 || character === RETURN) return false;
    const next = index + 1 < block.length ? block[index + 1] ^ shift : SLASH;
    if (character === LESS && (next === SLASH || next === MARK)) return false;
  }
  return true;
}

writeFileSync(target, await singleFile());
