// What stands in attributes may be somebody else's: no text in them does anything but be an option or be refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readOptions } from "../../web/embed/options.js";

const origin = "https://docs.example.org";
const names = ["scenario", "lesson", "commands", "src", "session", "at", "seed", "view", "controls", "limits", "theme", "lang", "readonly"];
const words = [
  "", " ", "\0", "\ud800", "__proto__", "constructor", "toString", "hasOwnProperty", "all", "stage", "hot-shard", "exam", "dark", "de", "de-AT",
  "90s", "5m", "-1s", "1e9s", "366d", "7", "1e3", "0x10", "9".repeat(40), "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
  "http://[", "javascript:alert(1)", "data:text/html,x", "//evil.example/x", "https://evil.example/x", "https://docs.example.org.evil.example/x",
  "https://docs.example.org@evil.example/x", "\\\\evil.example\\x", "kept.jsonl", "../kept.jsonl", "blob:https://docs.example.org/1",
  "{\"__proto__\":{\"polluted\":1}}", "echo x\n", "$ aws kinesis list-streams", "x".repeat(2_000_001),
];

test("no attributes make options of anything that is none, ask another site, or change the document's objects", async (t) => {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (url) => {
    asked.push(new URL(url));
    return new Response("", { status: 404 });
  });
  const prototypes = [Object.prototype, Array.prototype, String.prototype].map((each) => [each, Object.getOwnPropertyNames(each).length]);
  let seed = 11;
  const random = (below) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  const counts = { read: 0, refused: 0 };
  for (let i = 0; i < 20_000; i += 1) {
    const attributes = new Map();
    for (let n = random(4); n >= 0; n -= 1) {
      const value = words[random(words.length)];
      attributes.set(names[random(names.length)], random(5) === 0 ? value + words[random(words.length - 1)] : value);
    }
    const from = { getAttribute: (name) => attributes.get(name) ?? null, baseURI: `${origin}/guide/page.html` };
    try {
      const options = readOptions(from);
      const { looks } = options;
      const world = await options.world();
      for (const made of [looks, world.options]) assert.equal(Object.getPrototypeOf(made), Object.prototype);
      for (const [name, value] of Object.entries({ ...looks, ...world.options })) {
        assert.ok(["view", "controls", "theme", "lang", "lesson", "limits", "seed"].includes(name), name);
        assert.ok(["string", "number"].includes(typeof value) && String(value).length <= 100, name);
      }
      assert.equal(typeof world.script, "string");
      counts.read += 1;
    } catch (error) {
      assert.equal(Object.getPrototypeOf(error), Error.prototype, String(error.stack));
      assert.ok(error.message.length > 10 && error.message.length < 300, error.message);
      counts.refused += 1;
    }
  }
  // Both happen, or this would show nothing.
  assert.ok(counts.read > 1_000 && counts.refused > 1_000, JSON.stringify(counts));
  assert.ok(asked.length > 100);
  assert.deepEqual([...new Set(asked.map((url) => url.origin))], [origin]);
  for (const [each, count] of prototypes) assert.equal(Object.getOwnPropertyNames(each).length, count);
  assert.equal({}.polluted, undefined);
});
