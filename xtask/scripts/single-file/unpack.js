// Begins the one file: spreads what lies in it, and starts the page as soon as its first part is there. The rest
// follows in slices, between which the page lives, or at once where something needs it.

import { initSync, Spreader } from "press";

const STYLES = 0;
const CODE = 1;
const FIRST = 2;
const REST = 3;
/** Milliseconds after which others have their turn, and bytes after which the clock is looked at. */
const SLICE_MS = 12;
const STEP_BYTES = 2_048;

// What windows-1252 makes of the bytes from 0x80 to 0x9f; the others are their own characters.
const high = "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";
const bytesOf = new Map([...high].map((character, place) => [character.charCodeAt(0), 128 + place]));

/** The bytes that stand in an element, as `shifted` of single-file.mjs wrote them. */
function held(id) {
  const element = document.getElementById(id);
  const text = element.textContent;
  element.remove();
  const bytes = new Uint8Array(text.length);
  let size = 0;
  let shift = 0;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    const byte = code < 256 ? code : bytesOf.get(code);
    if (place % (BLOCK + 1) === 0) shift = byte;
    else bytes[size++] = byte ^ shift;
  }
  return bytes.slice(0, size);
}

const status = document.getElementById("unpacking");
const host = document.getElementById("sandbox");
const total = SIZES.reduce((sum, size) => sum + size);
let spreader;
const parts = [];

/** Goes on until `part` is there or the time is over; true where it is there. */
function spread(part, untilMs = Infinity) {
  while (parts.length <= part) {
    const { length } = parts;
    if (spreader.step(STEP_BYTES) > length) parts.push(spreader.take(length));
    if (performance.now() > untilMs && parts.length <= part) return false;
  }
  if (parts.length === SIZES.length) {
    spreader?.free();
    spreader = undefined;
  }
  return true;
}

async function soon(part) {
  while (!spread(part, performance.now() + SLICE_MS)) {
    tell();
    await new Promise((done) => setTimeout(done));
  }
  tell();
  return parts[part];
}

/** How far it is, for as long as there is nothing else to see. */
function tell() {
  const size = SIZES.slice(0, parts.length).reduce((sum, size) => sum + size, spreader?.come ?? 0);
  status.hidden = host.childNodes.length > 0 || host.shadowRoot !== null;
  status.textContent = `Unpacking the sandbox: ${Math.round((size / total) * 100)} %`;
}

globalThis.kinesisSandboxFile = {
  first: () => soon(FIRST),
  rest: () => soon(REST),
  restNow() {
    spread(REST);
    return parts[REST];
  },
};

try {
  const press = new Blob([held("press")]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  initSync({ module: await new Response(press).arrayBuffer() });
  spreader = new Spreader(held("parts"), Uint32Array.from(SIZES));
  const read = (bytes) => new TextDecoder().decode(bytes);
  const styles = new CSSStyleSheet();
  styles.replaceSync(read(await soon(STYLES)));
  document.adoptedStyleSheets = [styles];
  const code = read(await soon(CODE));
  const script = document.createElement("script");
  script.type = "module";
  // The document's policy knows this one text by its hash.
  const policy = globalThis.trustedTypes?.createPolicy("unpack", { createScript: (text) => text });
  script.textContent = policy ? policy.createScript(code) : code;
  document.body.append(script);
} catch (error) {
  status.remove();
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = `The sandbox could not start: ${error.message}`;
  host.before(message);
}
