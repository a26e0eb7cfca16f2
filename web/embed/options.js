// What an element's attributes, or the address of a frame, ask for. Everything is checked before anything is used: a
// document may show attributes that somebody else wrote.

import { scenarios } from "./scenarios.js";
import { wordsFor } from "./words.js";

/** Characters of a session, of a list of commands, and of a file that `src` names. */
export const TEXT_MAX = 2_000_000;
/** Virtual time that `at` may skip, in milliseconds: a year. */
const AT_MS_MAX = 365 * 86_400_000;

const views = ["all", "stage", "table", "lease"];
const controls = ["none", "step", "play", "cli", "all"];
const themes = ["auto", "light", "dark"];
const limits = ["exam", "aws-today", "study-notes"];

/**
 * Reads the options of `from`, which has `getAttribute`. `looks` and `world()` throw an Error with a sentence where an
 * option is not possible; `world()` resolves to `{ options, session, script }`.
 */
export function readOptions(from) {
  const get = (name) => from.getAttribute(name) ?? undefined;
  const words = wordsFor(get("lang"));
  const one = (name, names) => {
    const value = get(name);
    if (value === undefined || value === "") return undefined;
    if (!names.includes(value)) throw new Error(words.oneOf(name, names));
    return value;
  };
  return {
    get looks() {
      const isReadonly = from.getAttribute("readonly") !== null;
      return without({
        view: one("view", views),
        controls: isReadonly ? "none" : one("controls", controls),
        theme: one("theme", themes),
        lang: get("lang")?.slice(0, 35),
      });
    },
    world: async () => ({
      options: without({ lesson: get("lesson")?.slice(0, 100), limits: one("limits", limits), seed: seed(get("seed"), words) }),
      session: await session(get("session"), get("src"), from, words),
      script: [...scenario(get("scenario"), words), script(get("commands"), words), ...at(get("at"), words)].join("\n"),
    }),
  };
}

function without(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function seed(text, words) {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error(words.seed);
  return Number(text);
}

async function session(text, src, from, words) {
  if (text !== undefined) {
    if (text.length > TEXT_MAX) throw new Error(words.session(TEXT_MAX));
    return text;
  }
  if (src === undefined) return undefined;
  const url = address(src, from.baseURI);
  if (url?.origin !== new URL(from.baseURI).origin) {
    throw new Error(words.src);
  }
  const response = await fetch(url, { credentials: "omit" });
  if (!response.ok) throw new Error(words.cannotLoad(url.pathname.slice(0, 100), response.status));
  return bounded(response, words);
}

function address(src, base) {
  try {
    return new URL(src, base);
  } catch {
    return undefined;
  }
}

/** The text of an answer, as far as it is no longer than a session may be. */
async function bounded(response, words) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > TEXT_MAX) {
      await reader.cancel();
      throw new Error(words.session(TEXT_MAX));
    }
  }
}

function scenario(name, words) {
  if (name === undefined) return [];
  if (!Object.hasOwn(scenarios, name)) {
    throw new Error(words.scenario(name.slice(0, 50), Object.keys(scenarios)));
  }
  return scenarios[name];
}

/** A script of commands, as it stands in a document: prompts that were copied along go. */
export function script(text, words = wordsFor()) {
  if (text === undefined) return "";
  if (text.length > TEXT_MAX) throw new Error(words.commands(TEXT_MAX));
  return text.split("\n").map((line) => line.replace(/^\s*\$ /, "")).join("\n");
}

/** How far to go on after the commands, `90s`, `5m` or `2h`: as the lines that do it. */
function at(text, words) {
  if (text === undefined || text === "") return [];
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (!match) throw new Error(words.at);
  const ms = Number(match[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2]];
  if (ms > AT_MS_MAX) throw new Error(words.atMax);
  return [`sandbox clock advance ${text}`];
}
