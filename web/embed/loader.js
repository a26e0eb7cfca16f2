// Makes the command blocks of a document runnable. A classic script, so that any documentation tool can add it:
//
//   <script src="…/embed/loader.js" data-blocks="pre > code.language-kinesis" defer></script>
//
// Each block that fits `data-blocks` (by default `code.language-kinesis`, `code.kinesis-sandbox`, a `pre` in something
// of the class `kinesis-sandbox`, and what has the attribute `data-kinesis-sandbox`) gets a button that runs it, and a place for what it prints. The blocks of a document
// share one world, from top to bottom: running one first runs those above it that have not run yet. A block with
// data-world="name" belongs to a world of its own name. Nothing is loaded before somebody presses a button.
(() => {
  "use strict";
  const script = document.currentScript;
  const base = new URL(script?.dataset.base ?? "..", script?.src ?? document.baseURI);
  const defaults = "code.language-kinesis, code.kinesis-sandbox, .kinesis-sandbox pre, [data-kinesis-sandbox]";
  const selector = script?.dataset.blocks || defaults;
  const limits = script?.dataset.limits;
  const done = "kinesisRunnable";
  const OUTPUT_MAX = 20_000;
  const worlds = new Map();
  let module;

  function load() {
    module ??= (async () => {
      const page = await import(new URL("pkg/kinesis_sandbox.js", folder()).href);
      await page.default();
      await page.loadRest?.();
      return page;
    })();
    module.catch(() => {
      module = undefined;
    });
    return module;
  }

  function folder() {
    return base.href.endsWith("/") ? base : new URL(`${base.href}/`);
  }

  /** The world of a name: its blocks in the order of the document, and how many of them have run. */
  function world(name) {
    if (!worlds.has(name)) worlds.set(name, { blocks: [], sandbox: undefined, isBusy: false });
    return worlds.get(name);
  }

  function decorate(root) {
    for (const code of root.querySelectorAll(selector)) {
      const block = code.closest("pre") ?? code;
      if (block.dataset[done] !== undefined) continue;
      block.dataset[done] = "";
      // A box that scrolls must be reachable by keyboard.
      if (!block.hasAttribute("tabindex")) block.tabIndex = 0;
      const name = code.closest("[data-world]")?.dataset.world ?? "";
      const tools = document.createElement("div");
      tools.className = "kinesis-run";
      const run = document.createElement("button");
      run.type = "button";
      run.textContent = "Run";
      const reset = document.createElement("button");
      reset.type = "button";
      reset.textContent = "Start over";
      reset.hidden = true;
      const state = document.createElement("span");
      state.setAttribute("role", "status");
      const output = document.createElement("pre");
      output.className = "kinesis-output";
      // It may stand where the selector looks for blocks; it is none.
      output.dataset[done] = "";
      output.hidden = true;
      output.tabIndex = 0;
      output.setAttribute("aria-label", "Output");
      tools.append(run, reset, state);
      block.after(tools, output);
      const entry = { code, block, run, reset, state, output, hasRun: false };
      const its = world(name);
      its.blocks.push(entry);
      // A document that is built up in parts may bring earlier blocks later.
      its.blocks.sort((a, b) => (a.block.compareDocumentPosition(b.block) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      run.addEventListener("click", () => runUpTo(its, entry));
      reset.addEventListener("click", () => startOver(its));
    }
    for (const its of worlds.values()) its.blocks = its.blocks.filter(({ block }) => block.isConnected);
  }

  async function runUpTo(its, entry) {
    if (its.isBusy) return;
    its.isBusy = true;
    entry.state.textContent = "Loading…";
    try {
      const page = await load();
      its.sandbox ??= new page.Sandbox(limits ? { limits } : {});
      const before = its.blocks.slice(0, its.blocks.indexOf(entry)).filter(({ hasRun }) => !hasRun);
      for (const each of [...before, entry]) {
        // As in a shell: what fails, some of it on purpose, stops nothing that comes after it.
        show(each, its.sandbox, page.commands(withoutPrompts(textOf(each.code))));
      }
    } catch (error) {
      entry.state.textContent = `This cannot run: ${error.message}`;
    } finally {
      its.isBusy = false;
    }
  }

  /** What stands in a block. Some generators end its lines by elements: Docusaurus. */
  function textOf(code) {
    const copy = code.cloneNode(true);
    for (const end of copy.querySelectorAll("br")) end.replaceWith("\n");
    return copy.textContent;
  }

  function withoutPrompts(text) {
    return text.split("\n").map((line) => line.replace(/^\s*\$ /, "")).join("\n");
  }

  /** Runs the commands of a block up to the first that fails, and shows what they print. */
  function show(entry, sandbox, commands) {
    let text = "";
    let isGood = true;
    for (const command of commands) {
      const { stdout, stderr, exitCode } = sandbox.run(command);
      const printed = stdout + stderr;
      // Which of several commands said it; one alone stands right above.
      if (commands.length > 1 && printed !== "") text += `$ ${command}\n`;
      text += printed;
      if (text !== "" && !text.endsWith("\n")) text += "\n";
      if (exitCode !== 0) {
        isGood = false;
        break;
      }
    }
    entry.hasRun = true;
    entry.output.textContent = text.length > OUTPUT_MAX ? `${text.slice(0, OUTPUT_MAX)}\n… not all is shown` : text;
    entry.output.hidden = text === "";
    entry.output.classList.toggle("kinesis-failed", !isGood);
    entry.state.textContent = isGood ? "Done" : "Failed";
    entry.run.textContent = "Run again";
    entry.reset.hidden = false;
  }

  function startOver(its) {
    its.sandbox?.free();
    its.sandbox = undefined;
    for (const entry of its.blocks) {
      entry.hasRun = false;
      entry.output.hidden = true;
      entry.output.textContent = "";
      entry.state.textContent = "";
      entry.run.textContent = "Run";
      entry.reset.hidden = true;
    }
  }

  /** Little enough to look at home in any document; a document's own styles win. */
  function style() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      :where(.kinesis-run) { margin-block: 0.5em; display: flex; gap: 0.5em; align-items: center; }
      :where(.kinesis-run button) { font: inherit; min-height: 1.75em; padding-inline: 0.75em; cursor: pointer; }
      :where(.kinesis-output) { border-inline-start: 3px solid; padding: 0.25em 0.75em; max-height: 24em; overflow: auto; }
      :where(.kinesis-output.kinesis-failed) { border-color: #c5221f; }
      @media print { :where(.kinesis-run) { display: none; } }
    `);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  const begin = () => {
    style();
    decorate(document);
    // Documentation sites that swap their pages without loading them bring new blocks.
    let isDue = false;
    new MutationObserver(() => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        decorate(document);
      });
    }).observe(document.body, { childList: true, subtree: true });
  };
  // Docusaurus takes its documents over once they are there, and says so; what it finds changed by then is an error to it.
  const { documentElement } = document;
  const beginOnceTakenOver = () => {
    const isTakenOver = () => documentElement.dataset.hasHydrated !== "false";
    if (isTakenOver()) return begin();
    new MutationObserver((_, observer) => {
      if (!isTakenOver()) return;
      observer.disconnect();
      begin();
    }).observe(documentElement, { attributeFilter: ["data-has-hydrated"] });
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", beginOnceTakenOver, { once: true });
  else beginOnceTakenOver();
})();
