// Sessions that come and go in links. What somebody sent is shown before it runs, and takes nobody's own session away.

import { picture } from "./picture.js";
import { readLesson, readShare, writeLesson, writeShare } from "./share.js";

/**
 * Shows what somebody put into the address, an exercise, a session, a lesson or a class pack. Resolves to what `mount` is to begin with, or to
 * undefined where the reader rather goes on with an own sandbox.
 */
export async function open(host, page) {
  // An exercise of the course is the page's own, so nobody is asked.
  const exercise = location.hash.match(/^#exercise=([A-Z]\d{1,2}(?:\.\d{1,2})?)$/)?.[1];
  if (exercise) return { options: { lesson: exercise } };
  if (location.hash.startsWith("#lesson=")) return askLesson(host);
  if (!location.hash.startsWith("#p")) return ask(host);
  await page.loadRest?.();
  return (await import("./pack-page.js")).openPack(host, page);
}

/**
 * Asks the reader whether the session in the address is to be opened. Resolves to `{ options, at }` for `mount`, or to
 * undefined where the reader rather goes on with an own one.
 */
async function ask(host) {
  const held = await asked(host, readShare, "Somebody shared a session with you", ({ commands, lesson, engine }) => {
    const count = commands === 1 ? "one command" : `${commands} commands`;
    return `It replays ${count}${lesson ? ` of the exercise ${lesson}` : ""}, made with version ${engine} of the sandbox. `;
  });
  if (!held) return undefined;
  const { session, lesson, at } = held;
  return { options: lesson === undefined ? { session } : { session, lesson }, at };
}

/** The same for a lesson in the address; resolves to `{ options, begun }`. */
async function askLesson(host) {
  const held = await asked(host, readLesson, "Somebody shared a lesson with you", ({ title, lines }) => {
    return `It calls itself “${title}” and begins with ${lines === 1 ? "one line" : `${lines} lines`} of its own. It cannot leave this page. `;
  });
  return held && { options: {}, begun: (sandbox) => openLesson(host, sandbox, held.text) };
}

/** Begins a lesson that came in a link; what is wrong with it is said with its line. */
function openLesson(host, sandbox, text) {
  try {
    sandbox.openLesson(text);
  } catch (error) {
    const message = element("p", "", `This lesson cannot be opened: ${error.message}`);
    message.setAttribute("role", "alert");
    host.before(message);
  }
}

/** Shows what an address holds, and waits for what the reader wants. */
async function asked(host, read, heading, describe) {
  let held;
  let wrong;
  try {
    held = await read(location.hash);
  } catch (error) {
    wrong = error.message;
  }
  const screen = element("main", "ks shared-session");
  screen.dataset.theme = "auto";
  screen.setAttribute("aria-labelledby", "shared-title");
  const title = element("h1", "", held ? heading : "This link cannot be opened");
  title.id = "shared-title";
  const text = element(
    "p",
    "",
    held
      ? `${describe(held)}Nothing of it has run yet. Your own session stays as it is.`
      : `${wrong[0].toUpperCase()}${wrong.slice(1)}. Your own session stays as it is.`,
  );
  const open = element("button", "primary", "Open it");
  const own = element("button", "", "Go to my own sandbox");
  open.type = own.type = "button";
  screen.append(title, text, ...(held ? [open, own] : [own]));
  const chosen = await new Promise((done) => {
    open.addEventListener("click", () => done(held));
    own.addEventListener("click", () => done(undefined));
    host.before(screen);
    (held ? open : own).focus();
  });
  screen.remove();
  // An address with the link in it would ask again.
  if (!chosen) history.replaceState(null, "", location.pathname + location.search);
  return chosen;
}

/**
 * Puts a link to a session, or to a lesson, into the address and, where the browser lets it, on the clipboard, says so,
 * and offers a picture of the world with the link in it. `Sandbox` is the module's class.
 */
export async function copyLink(host, { session, atMs, lesson, lessonText }, { Sandbox }) {
  document.querySelector(".link-said:not(.new-version)")?.remove();
  const message = element("div", "ks link-said");
  message.dataset.theme = "auto";
  const said = element("p");
  said.setAttribute("role", "status");
  const close = element("button", "", "Close");
  close.type = "button";
  close.addEventListener("click", () => message.remove());
  message.append(said, close);
  host.after(message);
  try {
    if (lessonText !== undefined) {
      history.replaceState(null, "", await writeLesson(lessonText));
    } else {
      history.replaceState(null, "", await writeShare({ session, at: atMs, lesson }));
      const save = element("button", "", "Save a picture");
      save.type = "button";
      save.addEventListener("click", () => savePicture(Sandbox, session, atMs));
      close.before(save);
    }
    said.textContent = await navigator.clipboard.writeText(location.href).then(
      () => "The link is on the clipboard.",
      () => "The link is in the address bar.",
    );
  } catch (error) {
    said.textContent = `There is no link: ${error.message}.`;
  }
}

/** Hands the reader a picture of the world at an instant, with words for who does not see it, and the link. */
function savePicture(Sandbox, session, atMs) {
  const sandbox = Sandbox.load(session);
  try {
    sandbox.seek(atMs);
    // A long link would make the picture wide: the address of the page stands for it, the whole link lies in its words.
    const svg = picture(sandbox.view({ shards: 8, seconds: 60 }), { link: location.href });
    const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "kinesis-sandbox.svg";
    link.click();
    URL.revokeObjectURL(address);
  } finally {
    sandbox.free();
  }
}

function element(name, kind, text = "") {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}
