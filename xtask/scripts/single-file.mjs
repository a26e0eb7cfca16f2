// One HTML file with everything in it, which opens from a disk with the network off.
//
// The modules are compressed and stand in the text byte by byte: the document is of a one-byte encoding, and the few
// bytes that an HTML parser would change are escaped. That costs two per cent; base64 would cost a third.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { deflateRawSync, constants } from "node:zlib";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const esbuild = require("esbuild");

/** The file's bytes, from the built `site`. */
export async function singleFile(site) {
  const modules = { first: "pkg/kinesis_sandbox_bg.wasm", rest: "pkg/lazy/kinesis_sandbox_rest.wasm" };
  const parts = Object.entries(modules).filter(([, file]) => existsSync(join(site, file)));
  const { outputFiles } = await esbuild.build({
    stdin: { contents: boot, resolveDir: site, sourcefile: "boot.js" },
    bundle: true,
    minify: true,
    format: "esm",
    // Outside of a script nobody knows the document's encoding.
    charset: "ascii",
    target: "es2022",
    write: false,
    define: { "import.meta.url": '"file:///kinesis-sandbox/pkg/"' },
    logLevel: "error",
  });
  const code = outputFiles[0].text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const { code: styles } = await esbuild.transform(["style.css", "pack.css"].map((name) => readFileSync(join(site, name), "utf8")).join("\n"), {
    loader: "css",
    minify: true,
    charset: "ascii",
  });
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(code)} 'wasm-unsafe-eval'`,
    `style-src ${hash(styles)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const head = `<!doctype html>
<html lang="en">
<head>
<meta charset="windows-1252">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>Kinesis Sandbox</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<div id="sandbox"></div>
<noscript>The Kinesis Sandbox runs in your browser and needs JavaScript.</noscript>
`;
  const chunks = [Buffer.from(head, "latin1")];
  for (const [name, file] of parts) {
    const packed = deflateRawSync(readFileSync(join(site, file)), { level: constants.Z_BEST_COMPRESSION, memLevel: 9 });
    chunks.push(Buffer.from(`<script type="text/plain" id="${name}">`), escaped(packed), Buffer.from("</script>\n"));
  }
  chunks.push(Buffer.from(`<script type="module">${code}</script>\n</body>\n</html>\n`, "latin1"));
  return Buffer.concat(chunks);
}

/**
 * Bytes as characters of windows-1252 that an HTML parser leaves alone: NUL becomes another character, a carriage return
 * a line feed, and "<" may end the script; "=" is the escape, after which a byte stands 64 higher.
 */
function escaped(bytes) {
  const out = [];
  for (const byte of bytes) {
    if (byte === 0 || byte === 13 || byte === 60 || byte === 61) out.push(61, byte + 64);
    else out.push(byte);
  }
  return Buffer.from(out);
}

const boot = `
import * as page from "./pkg/kinesis_sandbox.js";
import { copyLink, open } from "./shared-session.js";

// What windows-1252 makes of the bytes from 0x80 to 0x9f; the others are their own characters.
const high = "\\u20ac\\x81\\u201a\\u0192\\u201e\\u2026\\u2020\\u2021\\u02c6\\u2030\\u0160\\u2039\\u0152\\x8d\\u017d\\x8f\\x90\\u2018\\u2019\\u201c\\u201d\\u2022\\u2013\\u2014\\u02dc\\u2122\\u0161\\u203a\\u0153\\x9d\\u017e\\u0178";
const bytesOf = new Map([...high].map((character, place) => [character.charCodeAt(0), 128 + place]));

async function part(id) {
  const element = document.getElementById(id);
  if (!element) return undefined;
  const text = element.textContent;
  element.remove();
  const bytes = new Uint8Array(text.length);
  let size = 0;
  for (let place = 0; place < text.length; place += 1) {
    let code = text.charCodeAt(place);
    if (code === 61) code = text.charCodeAt((place += 1)) - 64;
    bytes[size++] = code < 256 ? code : bytesOf.get(code);
  }
  const stream = new Blob([bytes.subarray(0, size)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

const host = document.getElementById("sandbox");
try {
  const [first, rest] = await Promise.all([part("first"), part("rest")]);
  await page.default({ module_or_path: first });
  if (rest) page.loadRestSync({ module: rest });
  const isSent = /^#(s\\d|p\\d|pack$)/.test(location.hash);
  const shared = isSent ? await open(host, page) : undefined;
  const sandbox = page.mount(host, shared ? { ...shared.options, share: true } : { remember: true, share: true });
  sandbox.onEvent((name, detail) => name === "share" && copyLink(host, detail, page));
  if (shared?.at !== undefined) sandbox.seek(shared.at);
  shared?.begun?.(sandbox);
  globalThis.kinesisSandbox = sandbox;
} catch (error) {
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = "The sandbox could not start: " + error.message;
  host.before(message);
}
`;
