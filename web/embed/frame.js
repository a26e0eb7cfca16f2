// The page of an iframe: the same options as the element has, from the query of its address; a session may also stand
// behind the #. The document around it hears the element's events, and may ask for a few things, by messages.
//
//   frame → document   { kinesisSandbox: 1, event: "ready", detail: {…} }, also "resize" with { height }
//   document → frame   { kinesisSandbox: 1, call: "run", argument: "aws kinesis list-streams", id: 7 }
//                      answered by { kinesisSandbox: 1, id: 7, result } or { …, error: "a sentence" }

import { readShare } from "../share.js";
import "./kinesis-sandbox.js";
import { wordsFor } from "./words.js";

const events = ["ready", "step", "predict", "check", "solved", "error"];
const attributes = [
  "scenario", "lesson", "commands", "src", "session", "at", "seed", "view", "controls", "limits", "theme", "lang", "readonly", "height",
];
const calls = { start: 0, play: 0, pause: 0, reset: 0, save: 0, seek: "number", run: "string" };
const LINE_MAX = 100_000;

const sandbox = document.createElement("kinesis-sandbox");
const query = new URLSearchParams(location.search);
for (const name of attributes) {
  if (query.has(name)) sandbox.setAttribute(name, query.get(name));
}
sandbox.setAttribute("loading", ["eager", "visible"].find((name) => name === query.get("loading")) ?? "click");
// Nobody reads along on this side of the frame's border: what goes out has no personal data, to whoever stands around.
const tell = (message) => window.parent.postMessage({ kinesisSandbox: 1, ...message }, "*");

for (const event of events) {
  sandbox.addEventListener(event, ({ detail }) => tell({ event, detail }));
}

addEventListener("message", async ({ source, data }) => {
  if (source !== window.parent || source === window) return;
  if (typeof data !== "object" || data === null || data.kinesisSandbox !== 1) return;
  const { call, argument, id } = data;
  const kind = typeof call === "string" && Object.hasOwn(calls, call) ? calls[call] : undefined;
  const isRight = kind === 0 ? argument === undefined : typeof argument === kind;
  const isShort = typeof argument !== "string" || argument.length <= LINE_MAX;
  if (kind === undefined || !isRight || !isShort) {
    tell({ id: plain(id), error: `there is no such call: ${Object.keys(calls).join(", ")}` });
    return;
  }
  try {
    tell({ id: plain(id), result: await (kind === 0 ? sandbox[call]() : sandbox[call](argument)) });
  } catch (error) {
    tell({ id: plain(id), error: error.message });
  }
});

function plain(id) {
  return typeof id === "number" || (typeof id === "string" && id.length <= 100) ? id : null;
}

if (location.hash.length > 1) {
  try {
    const { session } = await readShare(location.hash);
    sandbox.setAttribute("session", session);
  } catch (error) {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = wordsFor(query.get("lang")).badLink(error.message);
    document.body.append(message);
  }
}
document.body.append(sandbox);

// The height goes out from a frame of its own, so that a document that follows it causes no loop of measuring.
let told = 0;
let isDue = false;
new ResizeObserver(() => {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    const height = Math.ceil(sandbox.getBoundingClientRect().height);
    if (Math.abs(height - told) < 1) return;
    told = height;
    tell({ event: "resize", detail: { height } });
  });
}).observe(sandbox);
