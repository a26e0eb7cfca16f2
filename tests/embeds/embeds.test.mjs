// Sandboxes in documents of somebody else, in the mark-up of the tools that make such documents.

import assert from "node:assert/strict";
import { test } from "node:test";

import { useHost } from "./host.mjs";

const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const host = useHost({
  headers: (path) => (path === "/docs/strict.html" ? { "content-security-policy": strictPolicy } : {}),
});

const start = (page, nth = 0) => page.getByRole("button", { name: "Run it here" }).nth(nth);
const wasm = () => host.served.filter(({ path }) => path.endsWith(".wasm")).map(({ path }) => path);

test("an element shows its content, and on a click the world that it names", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await page.getByText("one shard refuses, the other is idle").waitFor();
  await start(page).waitFor();
  assert.deepEqual(wasm(), [], "nothing is loaded before the click");
  await page.evaluate(() => {
    window.heard = [];
    for (const name of ["ready", "step", "error"]) {
      document.addEventListener(name, (event) => window.heard.push([name, event.detail, event.target.id]));
    }
  });
  await start(page).click();
  const element = page.locator("#hot");
  await element.getByRole("list", { name: "Shards" }).waitFor();
  await element.getByRole("button", { name: "Play" }).waitFor();
  assert.equal(await element.locator('textarea[aria-label="Command line"]').count(), 0);
  assert.equal(await page.getByText("one shard refuses, the other is idle").isVisible(), false);
  const heard = await page.evaluate(() => window.heard);
  assert.ok(heard.some(([name, , id]) => name === "ready" && id === "hot"), "ready bubbles to the document");

  const answer = await element.evaluate((sandbox) => sandbox.run("aws kinesis list-streams --output text"));
  assert.match(answer.stdout, /geo/);
  assert.match(await element.evaluate((sandbox) => sandbox.save()), /"engine"/);
});

test("without JavaScript the content stands as it is", async (t) => {
  const page = await host.open(t, "/docs/plain.html", { javaScript: false });
  await page.getByText("one shard refuses, the other is idle").waitFor();
  assert.equal(await start(page).count(), 0);
});

test("on paper the content stands in the place of the controls", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await start(page).click();
  await page.locator("#hot").getByRole("list", { name: "Shards" }).waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByText("one shard refuses, the other is idle").isVisible(), true);
  assert.equal(await page.locator("#hot").getByRole("button", { name: "Play" }).isVisible(), false);
});

test("ten elements load little before a click and one module after it", async (t) => {
  const page = await host.open(t, "/docs/ten.html");
  await start(page, 9).waitFor();
  const before = host.served.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(before <= 100_000, `${before} bytes before the first click`);
  // A button that was pressed is gone: the next one is the first.
  for (let i = 0; i < 3; i += 1) {
    await start(page).click();
    await page.getByRole("list", { name: "Shards" }).nth(i).waitFor();
  }
  const modules = wasm();
  assert.equal(new Set(modules).size, modules.length, "each part of the module is asked for once");
});

test("keys that are typed into a sandbox are not the document's", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await page.evaluate(() => {
    window.keys = [];
    document.addEventListener("keydown", (event) => window.keys.push(event.key));
    document.querySelector("#hot").setAttribute("controls", "cli");
  });
  await start(page).click();
  const prompt = page.locator("#hot").locator('textarea[aria-label="Command line"]');
  await prompt.click();
  await page.keyboard.type("/echo s");
  assert.deepEqual(await page.evaluate(() => window.keys), []);
  await page.getByRole("textbox", { name: "Search" }).click();
  await page.keyboard.type("a");
  assert.deepEqual(await page.evaluate(() => window.keys), ["a"]);
});

test("a sandbox that is moved goes on, and one that comes back later goes on from where it was", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await start(page).click();
  await page.locator("#hot").getByRole("list", { name: "Shards" }).waitFor();
  const run = (line) => page.locator("#hot").evaluate((sandbox, line) => sandbox.run(line), line);
  await run("aws kinesis create-stream --stream-name mine --shard-count 1");
  await page.evaluate(() => document.querySelector("#elsewhere").append(document.querySelector("#hot")));
  assert.match((await run("aws kinesis list-streams")).stdout, /mine/);

  await page.evaluate(async () => {
    window.taken = document.querySelector("#hot");
    window.taken.remove();
    await new Promise((done) => setTimeout(done));
    await new Promise((done) => setTimeout(done));
    const ready = new Promise((done) => window.taken.addEventListener("ready", done, { once: true }));
    document.querySelector("#elsewhere").append(window.taken);
    await ready;
  });
  assert.match((await run("aws kinesis list-streams")).stdout, /mine/);
});

test("attributes are followed while it runs, and what is not possible is told", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  const element = page.locator("#hot");
  const set = (name, value) => element.evaluate((sandbox, [name, value]) => sandbox.setAttribute(name, value), [name, value]);
  await set("view", "ring");
  await start(page).click();
  await page.getByRole("alert").getByText("view must be one of all, stage, table, lease").waitFor();
  await set("view", "stage");
  await start(page).click();
  await element.getByRole("list", { name: "Shards" }).waitFor();
  await set("view", "table");
  await element.getByRole("table").first().waitFor();
  await set("scenario", "two-shards");
  await page.waitForFunction(() => {
    try {
      return document.querySelector("#hot").run("aws kinesis list-streams").stdout.includes("orders");
    } catch {
      // Between the two worlds it does not run.
      return false;
    }
  });
});

test("a document styles the parts, and the sandbox by its custom properties", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await page.addStyleTag({
    content:
      "kinesis-sandbox { --kinesis-sandbox-text: rgb(1, 2, 3); --kinesis-sandbox-font: Georgia; --kinesis-sandbox-font-size: 20px; }" +
      "kinesis-sandbox::part(start) { background: rgb(4, 5, 6); } kinesis-sandbox::part(app) { outline: 3px solid; }" +
      "kinesis-sandbox::part(before) { padding: 7px; }",
  });
  assert.equal(await start(page).evaluate((button) => getComputedStyle(button).backgroundColor), "rgb(4, 5, 6)");
  assert.equal(await start(page).evaluate((button) => getComputedStyle(button.closest("[part=before]")).padding), "7px");
  await start(page).click();
  await page.locator("#hot").getByRole("list", { name: "Shards" }).waitFor();
  const seen = await page.locator("#hot").evaluate((element) => {
    const style = getComputedStyle(element.shadowRoot.querySelector(".ks"));
    const app = element.shadowRoot.querySelector("[part=app]");
    return [style.color, style.fontFamily, style.getPropertyValue("--ks-font-size"), getComputedStyle(app).outlineWidth];
  });
  assert.deepEqual(seen, ["rgb(1, 2, 3)", "Georgia", "20px", "3px"]);
});

test("what stands in attributes is checked before anything runs", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  const tried = (attributes) =>
    page.evaluate(async (attributes) => {
      const sandbox = document.createElement("kinesis-sandbox");
      for (const [name, value] of Object.entries(attributes)) sandbox.setAttribute(name, value);
      const heard = new Promise((done) => {
        sandbox.addEventListener("error", (event) => done(event.detail.text), { once: true });
        sandbox.addEventListener("ready", () => done("ready"), { once: true });
      });
      document.body.append(sandbox);
      await sandbox.start();
      const text = await heard;
      sandbox.remove();
      return text;
    }, attributes);
  assert.match(await tried({ scenario: "__proto__" }), /^there is no scenario __proto__/);
  assert.match(await tried({ scenario: "constructor" }), /^there is no scenario constructor/);
  assert.match(await tried({ at: "9999999999d" }), /^at must be a length/);
  assert.match(await tried({ seed: "-1" }), /^seed must be/);
  assert.match(await tried({ limits: "none" }), /^limits must be one of/);
  assert.match(await tried({ lesson: "<img src=x onerror=alert(1)>" }), /^there is no lesson/);
  assert.match(await tried({ session: "{" }), /line 1/);
  assert.match(await tried({ session: "x".repeat(2_000_001) }), /^a session may have/);
  assert.match(await tried({ src: "https://example.com/x.jsonl" }), /^src must be a file of the document's own site/);
  assert.match(await tried({ commands: "rm -rf /" }), /rm/);
  assert.match(await tried({ commands: "echo x\n".repeat(1_001) }), /^there may be 1000 commands/);
});

test("each option does what its name says", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  /** An element with these attributes, started; with its number for the locator. */
  const made = async (attributes) => {
    const id = await page.evaluate(async (attributes) => {
      const sandbox = document.createElement("kinesis-sandbox");
      sandbox.id = `made-${document.querySelectorAll("kinesis-sandbox").length}`;
      for (const [name, value] of Object.entries(attributes)) sandbox.setAttribute(name, value);
      document.body.prepend(sandbox);
      await sandbox.start();
      return sandbox.id;
    }, attributes);
    const element = page.locator(`#${id}`);
    await element.locator(".ks").waitFor();
    return element;
  };
  const stdout = (element, line) => element.evaluate((sandbox, line) => sandbox.run(line).stdout.trim(), line);
  const save = (element) => element.evaluate((sandbox) => sandbox.save());
  const create = "aws kinesis create-stream --stream-name mine --shard-count 1";
  const status = "aws kinesis describe-stream-summary --stream-name mine --query StreamDescriptionSummary.StreamStatus --output text";

  assert.equal(await stdout(await made({ commands: create }), status), "CREATING");
  const later = await made({ commands: `$ ${create}`, at: "60s" });
  assert.equal(await stdout(later, status), "ACTIVE");
  const session = await save(later);
  assert.equal(await stdout(await made({ session }), status), "ACTIVE");
  await page.route(`${host.url}/docs/kept.jsonl`, (route) => route.fulfill({ body: session, contentType: "text/plain" }));
  assert.equal(await stdout(await made({ src: "kept.jsonl" }), status), "ACTIVE");
  assert.match(await stdout(await made({ scenario: "two-shards" }), "aws kinesis list-streams"), /orders/);

  const lesson = await made({ lesson: "E1.1" });
  await lesson.getByRole("heading", { name: "Your first stream" }).waitFor();
  const header = async (element) => JSON.parse((await save(element)).split("\n", 1)[0]);
  assert.equal((await header(await made({ seed: "41" }))).seed, 41);
  assert.notDeepEqual((await header(await made({ limits: "study-notes" }))).limits, (await header(await made({ limits: "aws-today" }))).limits);

  const plain = await made({ scenario: "two-shards", view: "stage" });
  await plain.getByRole("button", { name: "Play" }).waitFor();
  const still = await made({ scenario: "two-shards", view: "stage", readonly: "" });
  await still.getByRole("list", { name: "Shards" }).waitFor();
  for (const name of ["Play", "One change forward"]) assert.equal(await still.getByRole("button", { name, exact: true }).count(), 0, name);
  assert.equal(await still.getByRole("slider").count() + (await still.getByRole("textbox").count()), 0);
  const dark = await made({ scenario: "two-shards", view: "stage", theme: "dark" });
  const ink = (element) => element.locator(".ks").evaluate((box) => getComputedStyle(box).color);
  assert.notEqual(await ink(dark), await ink(plain));
  const german = await made({ scenario: "two-shards", view: "stage", lang: "de-AT" });
  assert.equal(await german.locator("[lang=de]").count() > 0, true);
  await german.getByRole("button", { name: "Play" }).waitFor({ state: "detached" });
  const low = await made({ scenario: "two-shards", view: "stage", height: "120" });
  assert.equal(await low.evaluate((element) => element.getBoundingClientRect().height), 120);
});

test("under lang=de the element itself speaks German, before it starts and where it cannot", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  const element = page.locator("#hot");
  const set = (name, value) => element.evaluate((sandbox, [name, value]) => sandbox.setAttribute(name, value), [name, value]);
  await set("lang", "de");
  const german = element.getByRole("button", { name: "Hier ausführen" });
  await german.waitFor();
  assert.equal(
    await element.evaluate((sandbox) => {
      try {
        return sandbox.run("aws kinesis list-streams").stdout;
      } catch (error) {
        return error.message;
      }
    }),
    "diese Sandbox läuft noch nicht: start() aufrufen und darauf warten",
  );
  for (const [name, value, text] of [
    ["view", "ring", "view muss eines von all, stage, table, lease sein"],
    ["scenario", "none", "es gibt kein Szenario none: möglich sind two-shards, hot-shard, replay, kcl-fail-over"],
    ["seed", "x", "seed muss eine ganze Zahl mit höchstens 15 Ziffern sein"],
    ["at", "soon", "at muss eine Dauer sein, etwa 90s, 5m oder 2h"],
    ["at", "366d", "at darf höchstens ein Jahr sein"],
    ["src", "https://example.com/x", "src muss eine Datei derselben Website sein"],
    ["commands", "x\n".repeat(1_001), "es dürfen 1000 Befehle sein"],
    ["session", "x".repeat(2_000_001), "eine Sitzung darf 2000000 Zeichen haben"],
    // What the sandbox refuses that it starts.
    ["lesson", "E99.9", "es gibt keine Übung E99.9"],
    ["session", "[]", "Zeile 1: das ist kein Kopf einer gespeicherten Sitzung"],
  ]) {
    const before = await element.getAttribute(name);
    await set(name, value);
    await german.click();
    await element.getByRole("alert").getByText(`Diese Sandbox kann nicht starten: ${text}`).waitFor();
    await element.evaluate((sandbox, [name, before]) => (before === null ? sandbox.removeAttribute(name) : sandbox.setAttribute(name, before)), [name, before]);
  }
  await set("lang", "en");
  await start(page).waitFor();
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.src = "/sandbox/embed.html?lang=de#s9.broken";
    document.body.append(frame);
  });
  await page.frameLocator("iframe").getByRole("alert").getByText("Dieser Link lässt sich nicht öffnen").waitFor();
});

test("each event crosses shadow roots with its detail, and with nothing that was typed", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await page.evaluate(async () => {
    // The element stands in the shadow of a document's own component: what is not composed would end there.
    const outer = document.createElement("div");
    outer.attachShadow({ mode: "open" });
    document.body.prepend(outer);
    const sandbox = document.createElement("kinesis-sandbox");
    sandbox.setAttribute("lesson", "E1.2");
    outer.shadowRoot.append(sandbox);
    window.heard = [];
    for (const name of ["ready", "step", "predict", "check", "solved", "error"]) {
      document.addEventListener(name, (event) => window.heard.push([name, event.detail, event.composed && event.bubbles]));
    }
    await sandbox.start();
    window.sandbox = sandbox;
  });
  const run = (line) => page.evaluate((line) => window.sandbox.run(line), line);
  const hears = (name) => page.waitForFunction((name) => window.heard.some(([heard]) => heard === name), name);
  await hears("ready");
  await run("aws kinesis put-record --stream-name clicks --partition-key Ana-Maria --data QW5h");
  const put = await run("aws kinesis put-record --stream-name clicks --partition-key user-1 --data aGk=");
  const { ShardId: shard, SequenceNumber: number } = JSON.parse(put.stdout);
  await hears("check");
  await run(`sandbox answer shard ${shard}`);
  await run(`sandbox answer seq ${number}`);
  await hears("solved");
  const prompt = page.getByRole("textbox", { name: "Command line" });
  for (const line of ["aws kinesis describe-stream --stream-name Ana-Maria", "Ana-Maria"]) {
    await prompt.fill(line);
    await prompt.press("Enter");
  }
  await page.waitForFunction(() => window.heard.filter(([name]) => name === "error").length === 2);
  const heard = await page.evaluate(() => window.heard);
  const keys = { ready: [], step: ["nowMs"], predict: ["question"], check: ["goal", "isReached", "reason", "text"], solved: [], error: ["text"] };
  for (const [name, expected] of Object.entries(keys)) {
    const its = heard.filter(([heard]) => heard === name);
    assert.ok(its.length > 0, name);
    for (const [, detail, isComposed] of its) {
      assert.equal(isComposed, true, name);
      assert.deepEqual(Object.keys(detail ?? {}).sort(), expected, name);
    }
  }
  assert.deepEqual(
    heard.filter(([name]) => name === "error").map(([, { text }]) => text),
    ["An error occurred (ResourceNotFoundException) when calling the DescribeStream operation", "A command was refused"],
  );
  assert.doesNotMatch(JSON.stringify(heard), /Ana|QW5h/);
});

test("each method does what its name says", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  const element = page.locator("#hot");
  const call = (name, ...words) => element.evaluate((sandbox, [name, words]) => sandbox[name](...words), [name, words]);
  for (const name of ["run", "play", "pause", "seek", "save"]) {
    const refused = await element.evaluate((sandbox, name) => {
      try {
        sandbox[name]("0");
        return "";
      } catch (error) {
        return error.message;
      }
    }, name);
    assert.match(refused, /^this sandbox does not run yet/, name);
  }
  await call("start");
  await element.getByRole("list", { name: "Shards" }).waitFor();
  await call("play");
  await element.getByRole("button", { name: "Pause" }).waitFor();
  await call("pause");
  await element.getByRole("button", { name: "Play" }).waitFor();
  const created = "aws kinesis describe-stream-summary --stream-name mine --query StreamDescriptionSummary.StreamStatus --output text";
  const before = await element.evaluate(
    (sandbox) => new Promise((done) => {
      sandbox.addEventListener("step", ({ detail }) => done(detail.nowMs), { once: true });
      sandbox.run("aws kinesis create-stream --stream-name mine --shard-count 1");
    }),
  );
  assert.equal((await call("run", "sandbox clock advance 60s")).exitCode, 0);
  assert.equal((await call("run", created)).stdout.trim(), "ACTIVE");
  await call("seek", before);
  assert.equal((await call("run", created)).stdout.trim(), "CREATING");
  assert.match(await call("save"), /create-stream|CreateStream/);
  await call("reset");
  assert.notEqual((await call("run", created)).exitCode, 0);
  assert.match((await call("run", "aws kinesis list-streams")).stdout, /geo/);
});

test("loading=visible starts what comes into sight, and what goes out of sight pauses", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await page.evaluate(() => {
    const far = document.createElement("div");
    far.style.height = "4000px";
    const sandbox = document.createElement("kinesis-sandbox");
    sandbox.id = "below";
    for (const [name, value] of Object.entries({ scenario: "hot-shard", loading: "visible", view: "stage", controls: "play" })) sandbox.setAttribute(name, value);
    document.body.append(far, sandbox);
  });
  const below = page.locator("#below");
  await below.getByRole("button", { name: "Run it here" }).waitFor();
  assert.deepEqual(wasm(), [], "out of sight nothing is loaded");
  await below.scrollIntoViewIfNeeded();
  await below.getByRole("button", { name: "Play" }).click();
  await below.getByRole("button", { name: "Pause" }).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await below.getByRole("button", { name: "Play" }).waitFor({ state: "attached" });
});

test("a sandbox that starts takes neither the focus nor the place that is read", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  const search = page.getByRole("textbox", { name: "Search" });
  await search.focus();
  await page.evaluate(async () => {
    const far = document.createElement("div");
    far.style.height = "4000px";
    document.body.append(far);
    scrollTo(0, 700);
    document.querySelector("#hot").setAttribute("controls", "all");
    document.querySelector("#hot").setAttribute("height", "300");
    await document.querySelector("#hot").start();
  });
  await page.locator("#hot").getByRole("list", { name: "Shards" }).waitFor({ state: "attached" });
  await page.locator("#hot").evaluate((sandbox) => sandbox.run("aws kinesis list-streams"));
  assert.equal(await search.evaluate((input) => input === document.activeElement), true);
  const place = await page.evaluate(() => scrollY);
  // What is above the place that is read may have got higher: the browser keeps the place, not the number.
  assert.ok(place >= 700, `scrolled to ${place}`);
});

test("under a strict policy with trusted types both the element and the loader work", async (t) => {
  const page = await host.open(t, "/docs/strict.html");
  await start(page).click();
  await page.getByRole("list", { name: "Shards" }).waitFor();
  await page.locator(".kinesis-run").getByRole("button", { name: "Run", exact: true }).click();
  await page.getByLabel("Output").getByText("StreamNames").waitFor();
});

test("blocks of a page as Antora makes it run in one world from top to bottom", async (t) => {
  const page = await host.open(t, "/docs/antora.html");
  const run = (nth) => page.getByRole("button", { name: /^Run/ }).nth(nth);
  await run(2).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Run/ }).count(), 3, "a block of another language is left alone");
  // The second block needs what the first one does.
  await run(1).click();
  const output = page.getByLabel("Output");
  await output.nth(1).getByText("shardId-000000000001").waitFor();
  await output.nth(1).getByText("shardId-000000000000").waitFor();
  await page.getByRole("status").filter({ hasText: "Done" }).nth(1).waitFor();
  // A world of another name knows nothing of it.
  await run(2).click();
  await output.nth(2).getByText("ResourceNotFoundException").waitFor();
  await page.getByText("Failed").waitFor();
  await page.getByRole("button", { name: "Start over" }).first().click();
  assert.equal(await output.nth(0).isVisible(), false);
});

test("a chapter of mdBook runs its blocks, and arrow keys in a sandbox turn no page", async (t) => {
  const page = await host.open(t, "/docs/mdbook.html");
  await page.locator(".kinesis-run").getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "Done" }).waitFor();
  await start(page).click();
  const slider = page.getByRole("slider", { name: "Time" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await page.locator('textarea[aria-label="Command line"]').click();
  await page.keyboard.press("ArrowRight");
  assert.equal(new URL(page.url()).search, "");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/next/);
});

test("a page of Docusaurus keeps its sandboxes over a navigation without loading", async (t) => {
  const page = await host.open(t, "/docs/docusaurus.html");
  const run = () => page.getByRole("button", { name: "Run", exact: true });
  await run().click();
  await page.getByText("Done").waitFor();
  await page.evaluate(() => window.navigate());
  await run().waitFor();
  assert.equal(await run().count(), 1);
  await start(page).click();
  await page.getByRole("list", { name: "Shards" }).waitFor();
});

test("a frame without an origin shows a sandbox and speaks by messages only", async (t) => {
  const page = await host.open(t, "/docs/frame.html");
  const frame = page.frameLocator("iframe");
  await frame.getByRole("list", { name: "Shards" }).waitFor();
  await page.waitForFunction(() => window.heard.some(({ event }) => event === "ready"));
  await page.waitForFunction(() => window.heard.some(({ event, detail }) => event === "resize" && detail.height > 100));
  const ask = (message) =>
    page.evaluate(async (message) => {
      const id = Math.random();
      document.querySelector("iframe").contentWindow.postMessage({ kinesisSandbox: 1, id, ...message }, "*");
      for (;;) {
        const reply = window.heard.find((heard) => heard.id === id);
        if (reply) return reply;
        await new Promise(requestAnimationFrame);
      }
    }, message);
  const listed = await ask({ call: "run", argument: "aws kinesis list-streams --output text" });
  assert.match(listed.result.stdout, /orders/);
  for (const message of [
    { call: "constructor" },
    { call: "__proto__", argument: {} },
    { call: "run", argument: { toString: 1 } },
    { call: "run", argument: "x".repeat(100_001) },
    { call: "setAttribute", argument: "x" },
    {},
  ]) {
    assert.match((await ask(message)).error, /^there is no such call/);
  }
});

test("messages of strangers are not answered, and no message breaks anything", async (t) => {
  const page = await host.open(t, "/docs/frame.html");
  await page.frameLocator("iframe").first().getByRole("list", { name: "Shards" }).waitFor();
  const heard = await page.evaluate(async () => {
    const target = document.querySelector("iframe").contentWindow;
    // Another frame of the document is not the document.
    const stranger = document.createElement("iframe");
    document.body.append(stranger);
    stranger.contentWindow.eval('parent.frames[0].postMessage({ kinesisSandbox: 1, id: "stranger", call: "save" }, "*")');
    let seed = 3;
    const random = (below) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    const words = ["kinesisSandbox", "call", "argument", "id", "run", "seek", "__proto__", "constructor", "then", "x".repeat(1_000)];
    const value = (depth) => {
      const kind = random(9);
      if (kind === 0) return undefined;
      if (kind === 1) return [Number.NaN, Infinity, -1, 1e300, 7][random(5)];
      if (kind === 2) return [true, false, null][random(3)];
      if (kind === 3) return words[random(words.length)];
      if (kind === 4) return new Uint8Array(random(20));
      if (kind === 5) return new Error("x");
      if (kind === 6) return new Map([[words[random(4)], 1]]);
      if (depth > 3) return 1;
      if (kind === 7) return Array.from({ length: random(4) }, () => value(depth + 1));
      return Object.fromEntries(Array.from({ length: random(5) }, () => [words[random(9)], value(depth + 1)]));
    };
    for (let i = 0; i < 1_000; i += 1) {
      const message = value(0);
      const isObject = typeof message === "object" && message !== null && Object.getPrototypeOf(message) === Object.prototype;
      target.postMessage(isObject && random(3) > 0 ? { ...message, kinesisSandbox: 1 } : message, "*");
    }
    const asked = new Promise((done) => addEventListener("message", ({ data }) => data.id === "last" && done(data.result)));
    target.postMessage({ kinesisSandbox: 1, id: "last", call: "run", argument: "aws kinesis list-streams --output text" }, "*");
    const last = await asked;
    return { last, ids: window.heard.map(({ id }) => id), polluted: {}.kinesisSandbox ?? {}.call };
  });
  assert.match(heard.last.stdout, /orders/);
  assert.equal(heard.ids.includes("stranger"), false);
  assert.equal(heard.polluted, undefined);
});

test("a page of another Yew application and a sandbox leave each other alone", async (t) => {
  const page = await host.open(t, "/docs/plain.html");
  await page.evaluate(async () => {
    // Another instance of a module made with the same Yew: it marks its nodes with the same names.
    const other = await import("/sandbox/pkg/kinesis_sandbox.js?other");
    await other.default();
    await other.loadRest?.();
    const outer = document.createElement("div");
    outer.id = "outer";
    document.body.append(outer);
    window.other = other.mount(outer, { view: "stage", controls: "step" });
    outer.append(document.querySelector("#hot"));
  });
  await start(page).click();
  const inner = page.locator("#hot");
  await inner.getByRole("button", { name: "One change forward" }).click();
  await inner.getByRole("list", { name: "Shards" }).waitFor();
  await inner.getByRole("button", { name: "Play" }).click();
  await inner.getByRole("button", { name: "Pause" }).waitFor();
  await inner.getByRole("button", { name: "Pause" }).click();
  await page.locator("#outer > .ks").getByRole("button", { name: "One change forward" }).click();
});
