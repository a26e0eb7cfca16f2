// Begins the one file: spreads what lies in it, and starts the page as soon as its first part is there. The rest
// follows in slices, between which the page lives, or at once where something needs it. What was spread once is kept in
// the browser, where it lets a file keep something, so that only the first opening of a version takes long.

import { initSync, Spreader } from "press";

const STYLES = 0;
const CODE = 1;
const FIRST = 2;
const REST = 3;
/** Milliseconds after which others have their turn: while there is a page, and before. */
const SLICE_MS = 12;
const FIRST_SLICE_MS = 60;
/** Bytes after which the clock is looked at. */
const STEP_BYTES = 1_024;
/** Where spread parts are kept: under the hash of all of them, which the file knows. */
const STORE = "kinesis-sandbox-parts";
/** How long the browser may look for them, in milliseconds. */
const LOOK_MS = 1_000;

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
let isKept = false;

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
  while (!spread(part, performance.now() + (isSeen() ? SLICE_MS : FIRST_SLICE_MS))) {
    tell();
    await turn();
  }
  tell();
  return parts[part];
}

const channel = new MessageChannel();

/** Lets everybody else have a turn. A timer would wait for four milliseconds each time. */
function turn() {
  return new Promise((done) => {
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
}

function isSeen() {
  return host.childNodes.length > 0 || host.shadowRoot !== null;
}

/** How far it is, for as long as there is nothing else to see. */
function tell() {
  const size = SIZES.slice(0, parts.length).reduce((sum, size) => sum + size, spreader?.come ?? 0);
  status.hidden = isSeen();
  status.textContent = `Unpacking the sandbox: ${Math.round((size / total) * 100)} %`;
}

globalThis.kinesisSandboxFile = {
  first: () => soon(FIRST),
  async rest() {
    const rest = await soon(REST);
    keep();
    return rest;
  },
  restNow() {
    spread(REST);
    tell();
    keep();
    return parts[REST];
  },
};

/** Calls `use` with the store of parts, or gives undefined where the browser keeps nothing for files. */
async function withStore(mode, use) {
  try {
    const result = (request) =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const opening = indexedDB.open(STORE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await result(opening);
    try {
      return await use(database.transaction(STORE, mode).objectStore(STORE), result);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/** Takes the parts that an earlier opening kept. All files of a disk share what is kept: only these very bytes are good. */
async function takeKept() {
  const looked = withStore("readonly", (store, result) => result(store.get(HASH)));
  // A browser that does not answer is not waited for.
  const kept = await Promise.race([looked, new Promise((done) => setTimeout(done, LOOK_MS))]);
  const isWhole = Array.isArray(kept) && kept.length === SIZES.length && kept.every((part, at) => part instanceof Uint8Array && part.length === SIZES[at]);
  if (!isWhole) return false;
  const hash = await hashOf(kept);
  if (hash !== HASH) return false;
  parts.push(...kept);
  isKept = true;
  return true;
}

/** Keeps the parts for the next opening, and no others. */
async function keep() {
  if (isKept) return;
  isKept = true;
  await withStore("readwrite", async (store, result) => {
    await result(store.clear());
    await result(store.put(parts, HASH));
  });
}

async function hashOf(parts) {
  const digest = await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function beginSpreading() {
  performance.mark("spread");
  const press = new Blob([held("press")]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  initSync({ module: await new Response(press).arrayBuffer() });
  spreader = new Spreader(held("parts"), Uint32Array.from(SIZES));
}

try {
  if (!(await takeKept())) await beginSpreading();
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
