// <kinesis-sandbox>: a sandbox in any document.
//
//   <script type="module" src="…/embed/kinesis-sandbox.js"></script>
//   <kinesis-sandbox lesson="E1.1" view="stage" controls="play">A picture and words for before it starts.</kinesis-sandbox>
//
// Before it starts it shows what stands inside of it (a picture, a transcript) and a button; nothing is loaded but this
// file. All elements of a document share one module. The content stays for readers without JavaScript and for print.

import { readOptions } from "./options.js";
import { wordsFor } from "./words.js";

/** What the elements tell: they bubble and cross shadow roots. */
const events = ["ready", "step", "predict", "check", "solved", "error"];

/** Attributes whose change an element follows while it runs. */
const lookAttributes = ["view", "controls", "theme", "lang", "readonly"];
const worldAttributes = ["scenario", "lesson", "commands", "src", "session", "at", "limits", "seed"];

let module;
let styles;

/** The module with everything in it, once for the document. */
function loadModule() {
  module ??= (async () => {
    // Addresses as literals: bundlers follow them.
    const loaded = await import("../pkg/kinesis_sandbox.js");
    await loaded.default();
    await loaded.loadRest?.();
    return loaded;
  })();
  // What failed once, for want of a network, is tried again at the next click.
  module.catch(() => {
    module = undefined;
  });
  return module;
}

/** One sheet for all elements. It is constructed, which every policy allows, unlike a style element. */
function loadStyles(words) {
  styles ??= (async () => {
    const response = await fetch(new URL("../style.css", import.meta.url));
    if (!response.ok) throw new Error(words.cannotLoad("style.css", response.status));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await response.text());
    return sheet;
  })();
  styles.catch(() => {
    styles = undefined;
  });
  return styles;
}

const frame = `
  :host { all: initial; display: block; contain: content; position: relative; color-scheme: light dark;
    font: 14px/1.5 ui-sans-serif, system-ui, sans-serif; }
  :host([hidden]) { display: none; }
  .before { display: flex; flex-direction: column; gap: 8px; }
  .start { align-self: flex-start; font: inherit; font-weight: 600; min-height: 36px; padding: 6px 16px; border-radius: 8px;
    border: 1px solid; cursor: pointer; color: #fff; background: #2453b3; }
  .start:focus-visible { outline: 3px solid #7aa2f7; outline-offset: 2px; }
  .start[disabled] { opacity: 0.7; cursor: progress; }
  .wrong { color: #b3261e; margin: 0; }
  @media (prefers-color-scheme: dark) { .wrong { color: #ffb4ab; } }
  .app:empty { display: none; }
  .running .before { display: none; }
  @media print { .running .before { display: block; } .start, .app { display: none !important; } }
`;

// A server that renders pages may import this file: there is no HTMLElement then, and nothing to define.
const Base = globalThis.HTMLElement ?? class {};

export class KinesisSandboxElement extends Base {
  static observedAttributes = [...lookAttributes, ...worldAttributes, "height"];

  #mounted;
  #starting;
  /** The session as it was when the element left its document for good. */
  #kept;
  #box;
  #app;
  #button;
  #wrong;
  #watcher;

  constructor() {
    super();
    this.#box = element("div", {});
    const before = element("div", { class: "before", part: "before" });
    this.#button = element("button", { class: "start", part: "start", type: "button" });
    this.#button.textContent = this.#words.start;
    this.#button.addEventListener("click", () => this.start());
    this.#wrong = element("p", { class: "wrong", role: "alert", hidden: "" });
    this.#app = element("div", { class: "app", part: "app" });
    before.append(document.createElement("slot"), this.#button, this.#wrong);
    this.#box.append(before, this.#app);
    // Keys belong to whoever has the focus: a host's own shortcuts must not take what is typed in here. The sandbox has
    // seen them already, when they came down.
    for (const kind of ["keydown", "keypress", "keyup"]) {
      this.#box.addEventListener(kind, (event) => event.stopPropagation());
    }
  }

  connectedCallback() {
    // Only now: an element that a script makes has neither attributes nor a place before.
    if (!this.#box.parentNode) this.#attach();
    this.#follow();
    this.#watcher ??= new IntersectionObserver((entries) => {
      const isSeen = entries.at(-1).isIntersecting;
      if (!isSeen) this.#mounted?.pause();
      else if (this.getAttribute("loading") === "visible") this.start();
    });
    this.#watcher.observe(this);
    if (this.getAttribute("loading") === "eager" || this.#kept !== undefined) this.start();
  }

  #attach() {
    const isClosed = this.getAttribute("shadow") === "closed" || isInYew(this);
    const root = this.attachShadow({ mode: isClosed ? "closed" : "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(frame);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#box);
  }

  disconnectedCallback() {
    this.#watcher?.unobserve(this);
    // An element that is moved comes back within the same task.
    setTimeout(() => {
      if (!this.isConnected) this.#end();
    });
  }

  /** Moving within a document is no reason to do anything. */
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "height") this.#follow();
    if (name === "lang") this.#button.textContent = this.#words.start;
    if (!this.#mounted) return;
    if (lookAttributes.includes(name)) this.#try(() => this.#mounted.update(readOptions(this).looks));
    if (worldAttributes.includes(name)) this.reset();
  }

  /** Loads and shows the sandbox; resolves when it can be used. */
  start() {
    this.#starting ??= this.#start().catch((error) => {
      this.#starting = undefined;
      this.#button.disabled = false;
      this.#tell(error);
    });
    return this.#starting;
  }

  async #start() {
    this.#button.disabled = true;
    this.#wrong.hidden = true;
    const options = readOptions(this);
    const [loaded, sheet, given] = await Promise.all([loadModule(), loadStyles(this.#words), options.world()]);
    if (!this.isConnected) {
      this.#starting = undefined;
      this.#button.disabled = false;
      return;
    }
    const root = this.#box.getRootNode();
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    const session = this.#kept ?? given.session ?? prepared(loaded, given, this.#words);
    this.#mounted = loaded.mount(this.#app, { ...options.looks, ...given.options, ...(session && { session }) });
    this.#mounted.onEvent((name, detail) => {
      if (!events.includes(name)) return;
      const told = name === "error" ? { text: withoutTyped(detail.text) } : detail;
      this.dispatchEvent(new CustomEvent(name, { detail: told, bubbles: true, composed: true }));
    });
    this.#box.classList.add("running");
    // An exercise has a beginning of its own; lines go on from there, as they do from a session.
    if (this.#kept === undefined && (given.session !== undefined || given.options.lesson !== undefined)) {
      for (const command of loaded.commands(given.script)) this.#mounted.run(command);
    }
    this.#kept = undefined;
  }

  /** Begins the world of the attributes again. */
  async reset() {
    await this.#starting;
    this.#end();
    this.#kept = undefined;
    if (this.isConnected) await this.start();
  }

  /** One line as typed at the prompt: { stdout, stderr, exitCode }. */
  run(line) {
    return this.#running().run(String(line));
  }

  play() {
    this.#running().play();
  }

  pause() {
    this.#running().pause();
  }

  /** To an instant, in milliseconds of virtual time since the Unix epoch. */
  seek(ms) {
    this.#running().seek(Number(ms));
  }

  /** The session up to now, as text. */
  save() {
    return this.#running().save();
  }

  get #words() {
    return wordsFor(this.getAttribute("lang"));
  }

  #running() {
    if (!this.#mounted) throw new Error(this.#words.notRunning);
    return this.#mounted;
  }

  #end() {
    if (!this.#mounted) return;
    try {
      this.#kept = this.#mounted.save();
    } catch {
      // A world that kept no history begins again.
      this.#kept = undefined;
    }
    this.#mounted.destroy();
    this.#mounted = undefined;
    this.#starting = undefined;
    this.#button.disabled = false;
    this.#box.classList.remove("running");
    // A fresh container: what the old one's listeners hold goes with it.
    const app = element("div", { class: "app", part: "app" });
    this.#app.replaceWith(app);
    this.#app = app;
  }

  #follow() {
    const height = /^\d{1,4}$/.test(this.getAttribute("height") ?? "") ? `${this.getAttribute("height")}px` : "";
    this.style.setProperty("max-height", height);
    this.style.setProperty("overflow", height && "auto");
  }

  #try(act) {
    try {
      act();
      this.#wrong.hidden = true;
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error) {
    const text = error instanceof Error ? error.message : String(error);
    this.#wrong.textContent = this.#words.cannotStart(text);
    this.#wrong.hidden = false;
    this.dispatchEvent(new CustomEvent("error", { detail: { text }, bubbles: true, composed: true }));
  }
}

/** Which error it was: the rest of such a sentence repeats what a reader typed, which is not the document's. */
function withoutTyped(text) {
  return /An error occurred \(\w+\) when calling the \w+ operation/.exec(text)?.[0] ?? "A command was refused";
}

/** Commands that a document may have run before its reader sees the world. */
const COMMANDS_MAX = 1_000;

/** A world made of nothing but the commands that the attributes ask for, as a session; undefined where there are none. */
function prepared(loaded, given, words) {
  const commands = loaded.commands(given.script);
  if (commands.length === 0 || given.options.lesson !== undefined) return undefined;
  if (commands.length > COMMANDS_MAX) throw new Error(words.commandCount(COMMANDS_MAX));
  const sandbox = new loaded.Sandbox(given.options);
  try {
    for (const command of commands) {
      const { stderr, exitCode } = sandbox.run(command);
      if (exitCode !== 0) throw new Error(`${command.slice(0, 100)}: ${stderr.trim()}`);
    }
    return sandbox.save();
  } finally {
    sandbox.free();
  }
}

/**
 * Whether an application of Yew draws what is around the element. It finds its handlers by numbers that it writes on its
 * nodes, and the sandbox, which is one too, writes the same numbers on its own: where the one sees into the other, a click
 * on a button of the sandbox would press a button of the application.
 */
function isInYew(element) {
  for (let node = element.parentNode; node; node = node.parentNode ?? node.host) {
    if ("__yew_subtree_id" in node) return true;
  }
  return false;
}

function element(name, attributes) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

// Two copies of this file in one document, as sites with two bundles have them, are one element.
if (globalThis.customElements && !customElements.get("kinesis-sandbox")) {
  customElements.define("kinesis-sandbox", KinesisSandboxElement);
}
