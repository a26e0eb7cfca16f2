// What an element's attributes, or the address of a frame, ask for. Everything is checked before anything is used: a
// document may show attributes that somebody else wrote.

import { scenarios } from "./scenarios.js";

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
  const one = (name, names) => {
    const value = get(name);
    if (value === undefined || value === "") return undefined;
    if (!names.includes(value)) throw new Error(`${name} must be one of ${names.join(", ")}`);
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
      options: without({ lesson: get("lesson")?.slice(0, 100), limits: one("limits", limits), seed: seed(get("seed")) }),
      session: await session(get("session"), get("src"), from),
      script: [...scenario(get("scenario")), script(get("commands")), ...at(get("at"))].join("\n"),
    }),
  };
}

function without(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function seed(text) {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error("seed must be a whole number of at most 15 digits");
  return Number(text);
}

async function session(text, src, from) {
  if (text !== undefined) {
    if (text.length > TEXT_MAX) throw new Error(`a session may have ${TEXT_MAX} characters`);
    return text;
  }
  if (src === undefined) return undefined;
  const url = new URL(src, from.baseURI);
  if (url.origin !== new URL(from.baseURI).origin) {
    throw new Error("src must be a file of the document's own site");
  }
  const response = await fetch(url, { credentials: "omit" });
  if (!response.ok) throw new Error(`cannot load ${url.pathname}: ${response.status}`);
  return bounded(response);
}

/** The text of an answer, as far as it is no longer than a session may be. */
async function bounded(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > TEXT_MAX) {
      await reader.cancel();
      throw new Error(`a session may have ${TEXT_MAX} characters`);
    }
  }
}

function scenario(name) {
  if (name === undefined) return [];
  if (!Object.hasOwn(scenarios, name)) {
    throw new Error(`there is no scenario ${name.slice(0, 50)}: choose one of ${Object.keys(scenarios).join(", ")}`);
  }
  return scenarios[name];
}

/** A script of commands, as it stands in a document: prompts that were copied along go. */
export function script(text) {
  if (text === undefined) return "";
  if (text.length > TEXT_MAX) throw new Error(`commands may have ${TEXT_MAX} characters`);
  return text.split("\n").map((line) => line.replace(/^\s*\$ /, "")).join("\n");
}

/** How far to go on after the commands, `90s`, `5m` or `2h`: as the lines that do it. */
function at(text) {
  if (text === undefined || text === "") return [];
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (!match) throw new Error("at must be a length of time such as 90s, 5m or 2h");
  const ms = Number(match[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2]];
  if (ms > AT_MS_MAX) throw new Error("at may be a year at most");
  return [`sandbox clock advance ${text}`];
}
