// Links that carry a session in their fragment, which browsers send to no server.
//
//   #s1.<base64url of the deflated JSON>     { session, at?, lesson? }
//   #lesson=<base64url of the deflated text>  a lesson that is one file
//
// The 1 is the version of this form. What comes in is bounded before it is unpacked: a short link can hold a long text.

const VERSION = "s1.";
/** Characters of a link's fragment, and of what it holds. */
export const LINK_MAX = 100_000;
export const HELD_MAX = 2_000_000;

/** The fragment for a session; `at` is the instant that is shown, in milliseconds, `lesson` the exercise's id. */
export async function writeShare({ session, at, lesson }) {
  try {
    return `#${VERSION}${await pack(JSON.stringify({ session, at, lesson }))}`;
  } catch {
    throw new Error("this session is too long for a link: save it as a file instead");
  }
}

/** A text as it stands in a link; throws where that would be too long. */
export async function pack(text) {
  const packed = await pipe(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), HELD_MAX).catch(() => undefined);
  const written = packed && toBase64Url(packed);
  if (!written || written.length > LINK_MAX) throw new Error("this is too long for a link: use a file instead");
  return written;
}

/** The text that stands in a link, bounded while it is unpacked. */
export async function unpack(written) {
  if (written.length > LINK_MAX) throw new Error("the link is too long");
  const packed = fromBase64Url(written);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await pipe(packed, new DecompressionStream("deflate-raw"), HELD_MAX));
  } catch (error) {
    throw new Error(error instanceof TooLong ? "what the link holds is too long" : "the link is damaged");
  }
}

/** What a fragment holds, checked; throws an Error with a sentence where it holds none. */
export async function readShare(fragment) {
  if (fragment.length > LINK_MAX) throw new Error("the link is too long");
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith(VERSION)) throw new Error("the link has a form that this sandbox does not know");
  const unpacked = await unpack(text.slice(VERSION.length));
  let held;
  try {
    held = JSON.parse(unpacked);
  } catch {
    throw new Error("the link is damaged");
  }
  const isWhole = typeof held === "object" && held !== null && !Array.isArray(held);
  if (!isWhole || typeof held.session !== "string") throw new Error("the link holds no session");
  const { session, at, lesson } = held;
  if (at !== undefined && !(Number.isSafeInteger(at) && at >= 0)) throw new Error("the link's instant is no time");
  if (lesson !== undefined && !(typeof lesson === "string" && /^[A-Za-z0-9.-]{1,40}$/.test(lesson))) {
    throw new Error("the link's exercise has no name");
  }
  return { session, at, lesson, ...describe(session) };
}

/** How a fragment begins that holds a lesson, and bytes of what it holds: no more than a lesson's file may have. */
export const LESSON = "lesson=";
export const LESSON_MAX = 65_536;

/** The fragment for a lesson, the text of its file. */
export async function writeLesson(text) {
  const packed = await pipe(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), LESSON_MAX);
  return `#${LESSON}${toBase64Url(packed)}`;
}

/** The lesson that a fragment holds, with what can be said of it before it is read; throws as `readShare` does. */
export async function readLesson(fragment) {
  if (fragment.length > LINK_MAX) throw new Error("the link is too long");
  const packed = fromBase64Url(fragment.replace(/^#/, "").slice(LESSON.length));
  let text;
  let held;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await pipe(packed, new DecompressionStream("deflate-raw"), LESSON_MAX));
    held = JSON.parse(text);
  } catch (error) {
    if (error instanceof TooLong) throw new Error("what the link holds is too long");
    throw new Error("the link is damaged");
  }
  const isNamed = typeof held === "object" && held !== null && typeof held.title === "string" && held.title !== "";
  if (!isNamed) throw new Error("the link holds no lesson");
  const lines = Array.isArray(held.setup) ? held.setup.length : 0;
  return { text, title: held.title.slice(0, 100), lines };
}

/** What a reader wants to know before a session runs: by which engine it was made, and how many commands it has. */
function describe(session) {
  const lines = session.split("\n").filter((line) => line !== "");
  let header;
  try {
    header = JSON.parse(lines[0] ?? "");
  } catch {
    throw new Error("the link's session has no header");
  }
  const engine = typeof header?.engine === "string" ? header.engine.slice(0, 40) : "unknown";
  return { engine, commands: Math.max(0, lines.length - 1) };
}

class TooLong extends Error {}

async function pipe(bytes, through, max) {
  const source = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await source.read();
    if (done) break;
    size += value.length;
    if (size > max) {
      await source.cancel();
      throw new TooLong();
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    whole.set(chunk, place);
    place += chunk.length;
  }
  return whole;
}

function toBase64Url(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error("the link is damaged");
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    throw new Error("the link is damaged");
  }
}
