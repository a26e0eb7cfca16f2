// Class packs and receipts: what a teacher hands out and what a learner hands back, without any server.
//
// A pack is a file or a link (#p1.…) with instructions and up to fifty items: exercises, ready-made worlds, sessions or
// commands, each with words of its own and checks. A receipt is a learner's session of one item with what it claims. It
// is checked by playing the session again: what counts is what the replay shows, never what the receipt says.

import { scenarios } from "./embed/scenarios.js";
import { HELD_MAX, pack as pressed, unpack as spread } from "./share.js";

const LINK_VERSION = "p1.";
/** Versions of the two forms. */
const PACK_VERSION = 1;
const RECEIPT_VERSION = 1;
/** Characters of a file, of words, of titles, of a script and of a line; items of a pack and checks of an item. */
export const FILE_MAX = HELD_MAX;
const WORDS_MAX = 20_000;
const TITLE_MAX = 200;
const SCRIPT_MAX = 100_000;
const LINE_MAX = 2_000;
const ITEMS_MAX = 50;
const CHECKS_MAX = 20;
/** Commands that an item may run before the learner's turn. */
const COMMANDS_MAX = 1_000;

/** A pack's text, checked; throws an Error with a sentence where it is none. Nothing of it has run. */
export function readPack(text) {
  const pack = parsed(text, "pack");
  version(pack, "kinesisSandboxPack", PACK_VERSION, "pack");
  members(pack, ["kinesisSandboxPack", "title", "instructions", "items"], "the pack");
  if (!Array.isArray(pack.items) || pack.items.length === 0 || pack.items.length > ITEMS_MAX) {
    throw new Error(`a pack has 1 to ${ITEMS_MAX} items`);
  }
  return {
    title: words(pack.title, TITLE_MAX, "the pack's title"),
    instructions: optional(pack.instructions, WORDS_MAX, "the pack's instructions"),
    items: pack.items.map(readItem),
  };
}

const kinds = ["lesson", "scenario", "session", "commands"];

function readItem(item, index) {
  const name = `item ${index + 1}`;
  members(item, ["title", "instructions", ...kinds, "checks"], name);
  const given = kinds.filter((kind) => Object.hasOwn(item, kind));
  if (given.length !== 1) throw new Error(`${name} is one of ${kinds.join(", ")}`);
  const [kind] = given;
  const value = words(item[kind], kind === "session" ? FILE_MAX : SCRIPT_MAX, `the ${kind} of ${name}`);
  if (kind === "lesson" && !/^[A-Za-z0-9.-]{1,40}$/.test(value)) throw new Error(`the lesson of ${name} has no name`);
  if (kind === "scenario" && !Object.hasOwn(scenarios, value)) {
    throw new Error(`there is no scenario ${value.slice(0, 50)}: choose one of ${Object.keys(scenarios).join(", ")}`);
  }
  const checks = item.checks ?? [];
  if (!Array.isArray(checks) || checks.length > CHECKS_MAX) throw new Error(`${name} has at most ${CHECKS_MAX} checks`);
  return {
    title: words(item.title, TITLE_MAX, `the title of ${name}`),
    instructions: optional(item.instructions, WORDS_MAX, `the instructions of ${name}`),
    kind,
    value,
    checks: checks.map((check, place) => {
      const which = `check ${place + 1} of ${name}`;
      members(check, ["text", "run", "prints"], which);
      return {
        text: words(check.text, TITLE_MAX, `the text of ${which}`),
        run: line(check.run, which),
        prints: optional(check.prints, LINE_MAX, `what ${which} prints`),
      };
    }),
  };
}

function line(value, which) {
  const text = words(value, LINE_MAX, `the line of ${which}`);
  if (!/^aws /.test(text) || /[\n\r]/.test(text)) throw new Error(`the line of ${which} is one aws command`);
  return text;
}

/** The fragment of a link that holds a pack. */
export async function writePackLink(text) {
  readPack(text);
  return `#${LINK_VERSION}${await pressed(JSON.stringify(JSON.parse(text)))}`;
}

/** The text of the pack that a fragment holds, checked. */
export async function readPackLink(fragment) {
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith(LINK_VERSION)) throw new Error("the link has a form that this sandbox does not know");
  const held = await spread(text.slice(LINK_VERSION.length));
  readPack(held);
  return held;
}

/** What a pack is known by: 64 hex digits over what it says, however its file is written. */
export async function packId(text) {
  const bytes = new TextEncoder().encode(JSON.stringify(readPack(text)));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The session in which an item begins. `module` has `Sandbox` and `commands`. */
export function beginItem({ Sandbox, commands }, { kind, value }) {
  const sandbox =
    kind === "lesson" ? Sandbox.ofLesson(value) : kind === "session" ? Sandbox.load(value) : new Sandbox({});
  try {
    if (kind === "scenario" || kind === "commands") {
      const lines = commands(kind === "scenario" ? scenarios[value].join("\n") : value);
      if (lines.length > COMMANDS_MAX) throw new Error(`an item runs at most ${COMMANDS_MAX} commands`);
      for (const text of lines) {
        const { stderr, exitCode } = sandbox.run(text);
        if (exitCode !== 0) throw new Error(`${text.slice(0, 100)}: ${stderr.trim()}`);
      }
    }
    return sandbox.save();
  } finally {
    sandbox.free();
  }
}

/** What a session of an item has reached: `[{ text, isReached, reason }]`, of the exercise and of the item's checks. */
function goalsOf({ Sandbox }, { kind, value, checks }, session) {
  const sandbox = Sandbox.load(session, kind === "lesson" ? value : undefined);
  try {
    const reached = sandbox.goals();
    for (const { text, run, prints } of checks) {
      // What a check does stays without consequence.
      const aside = sandbox.fork();
      const { stdout, stderr } = aside.run(run);
      aside.free();
      const isReached = stdout.trim() === prints.trim();
      reached.push({ text, isReached, reason: isReached ? `${run} prints it` : `${run} prints ${(stdout || stderr).trim().slice(0, 200)}` });
    }
    return { goals: reached, digest: sandbox.digest() };
  } finally {
    sandbox.free();
  }
}

/** A learner's receipt for an item of a pack, as text. `learner` is whatever the learner wants to be called. */
export async function makeReceipt(module, packText, index, session, learner = "") {
  const item = readPack(packText).items[index];
  if (!item) throw new Error(`the pack has no item ${index + 1}`);
  const { goals, digest } = goalsOf(module, item, session);
  const receipt = {
    kinesisSandboxReceipt: RECEIPT_VERSION,
    pack: await packId(packText),
    item: index,
    title: item.title,
    learner: optional(learner, TITLE_MAX, "the learner's name"),
    engine: header(session).engine,
    digest,
    goals: goals.map(({ text, isReached }) => ({ text, isReached })),
    solved: goals.length > 0 && goals.every(({ isReached }) => isReached),
    session,
  };
  return `${JSON.stringify(receipt, null, 1)}\n`;
}

/** A receipt's text, checked for its form; throws an Error with a sentence where it is none. Nothing of it has run. */
export function readReceipt(text) {
  const receipt = parsed(text, "receipt");
  version(receipt, "kinesisSandboxReceipt", RECEIPT_VERSION, "receipt");
  members(
    receipt,
    ["kinesisSandboxReceipt", "pack", "item", "title", "learner", "engine", "digest", "goals", "solved", "session"],
    "the receipt",
  );
  const { pack, item, digest, goals, solved } = receipt;
  if (!/^[0-9a-f]{64}$/.test(pack)) throw new Error("the receipt names no pack");
  if (!Number.isInteger(item) || item < 0 || item >= ITEMS_MAX) throw new Error("the receipt names no item");
  if (!/^[0-9a-f]{16}$/.test(digest)) throw new Error("the receipt has no digest");
  if (typeof solved !== "boolean") throw new Error("the receipt does not say whether it is solved");
  if (!Array.isArray(goals) || goals.length > 100) throw new Error("the receipt has no list of goals");
  for (const goal of goals) {
    members(goal, ["text", "isReached"], "a goal");
    words(goal.text, WORDS_MAX, "a goal's text");
    if (typeof goal.isReached !== "boolean") throw new Error("a goal is reached or it is not");
  }
  return {
    pack,
    item,
    title: words(receipt.title, TITLE_MAX, "the receipt's title"),
    learner: optional(receipt.learner, TITLE_MAX, "the learner's name"),
    engine: words(receipt.engine, 40, "the receipt's engine"),
    digest,
    goals: goals.map(({ text, isReached }) => ({ text, isReached })),
    solved,
    session: words(receipt.session, FILE_MAX, "the receipt's session"),
  };
}

/**
 * Plays a receipt's session again and says what it is worth: `{ title, learner, engine, commands, goals, isSolved,
 * problems }`; the problems are sentences, none where everything is as the receipt says. Without the pack's text only
 * the session itself can be checked.
 */
export async function checkReceipt(module, receiptText, packText) {
  const receipt = readReceipt(receiptText);
  const problems = [];
  let item = { kind: "session", value: "", checks: [] };
  let begun = 0;
  if (packText !== undefined) {
    const found = (await packId(packText)) === receipt.pack ? readPack(packText).items[receipt.item] : undefined;
    if (!found) throw new Error("the receipt is of another pack");
    item = found;
    begun = sameBeginning(beginItem(module, item), receipt.session, problems);
  } else {
    problems.push("without the pack nobody can say with what the session began and what it was to reach");
  }
  const { goals, digest } = goalsOf(module, item, receipt.session);
  const own = module.Sandbox.load(receipt.session);
  const engine = own.engineVersion();
  own.free();
  if (header(receipt.session).engine !== engine) {
    problems.push(`it was made with version ${receipt.engine} and replayed with ${engine}, which may answer otherwise`);
  }
  if (digest !== receipt.digest) problems.push("the replay comes to another digest than the receipt says");
  const isSolved = goals.length > 0 && goals.every(({ isReached }) => isReached);
  if (packText !== undefined && isSolved !== receipt.solved) {
    problems.push(`the receipt says ${receipt.solved ? "solved" : "not solved"}, the replay shows ${isSolved ? "solved" : "not solved"}`);
  }
  const { title, learner } = receipt;
  return { title, learner, engine: receipt.engine, commands: commandLines(receipt.session).length - begun, goals, isSolved, problems };
}

/** Counts the commands with which the item begins; a session that begins otherwise is a problem. */
function sameBeginning(beginning, session, problems) {
  const wanted = commandLines(beginning);
  const given = commandLines(session);
  const [before, after] = [header(beginning), header(session)];
  const isSame = wanted.every((text, place) => text === given[place]);
  const isSameWorld = ["seed", "start", "region", "account", "limits", "setup"].every((name) => before[name] === after[name]);
  if (!isSame || !isSameWorld) problems.push("the session does not begin as the item does");
  return wanted.length;
}

function header(session) {
  let read;
  try {
    read = JSON.parse(session.split("\n", 1)[0]);
  } catch {
    throw new Error("the session has no header");
  }
  if (typeof read !== "object" || read === null) throw new Error("the session has no header");
  return { ...read, engine: typeof read.engine === "string" ? read.engine.slice(0, 40) : "unknown" };
}

const commandLines = (session) => session.split("\n").slice(1).filter((text) => text !== "");

function parsed(text, what) {
  if (typeof text !== "string" || text.length > FILE_MAX) throw new Error(`a ${what} has at most ${FILE_MAX} characters`);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`this is no ${what}: it is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`this is no ${what}`);
  return value;
}

function version(value, name, known, what) {
  if (!Object.hasOwn(value, name)) throw new Error(`this is no ${what}`);
  if (value[name] !== known) throw new Error(`the ${what} has a form that this sandbox does not know`);
}

/** Refuses members that are not known: what is misspelt would be lost without a word. */
function members(value, known, what) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is no object`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${what} has a member ${unknown.slice(0, 40)}, which is not known`);
}

function words(value, max, what) {
  if (typeof value !== "string" || value === "") throw new Error(`${what} is missing`);
  return optional(value, max, what);
}

function optional(value, max, what) {
  if (value === undefined) return "";
  if (typeof value !== "string") throw new Error(`${what} is no text`);
  if (value.length > max) throw new Error(`${what} has more than ${max} characters`);
  return value;
}
