// Links with a session in them: short, bounded, and checked before anything of them is used.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { HELD_MAX, LESSON_MAX, LINK_MAX, readLesson, readShare, writeLesson, writeShare } from "../../web/share.js";
import { loadModule } from "./support.mjs";

const { Sandbox } = await loadModule();

const link = (held) => `#s1.${deflateRawSync(Buffer.from(held)).toString("base64url")}`;

test("a session of fifty commands fits into a short link and comes out as it went in", async () => {
  const sandbox = new Sandbox({});
  sandbox.run("aws kinesis create-stream --stream-name orders --shard-count 2");
  sandbox.advance(30_000);
  for (let i = 0; i < 49; i += 1) {
    sandbox.run(`aws kinesis put-record --stream-name orders --partition-key user-${i} --data ${btoa(`order ${i * 7919}`)}`);
  }
  const session = sandbox.save();
  const fragment = await writeShare({ session, at: sandbox.nowMs(), lesson: "E1.2" });
  assert.ok(fragment.length <= 4_000, `${fragment.length} characters`);
  const held = await readShare(fragment);
  assert.equal(held.session, session);
  assert.deepEqual([held.at, held.lesson, held.commands, held.engine], [sandbox.nowMs(), "E1.2", 50, "0.1.0"]);
  assert.equal(Sandbox.load(held.session).digest(), sandbox.digest());
});

test("a session that is too long for a link is refused when the link is made", async () => {
  let noise = "";
  for (let i = 0; noise.length < 300_000; i += 1) noise += Math.sin(i).toString(36);
  await assert.rejects(writeShare({ session: noise }), /too long for a link/);
});

test("what is no link of ours is refused with a sentence", async () => {
  const header = '{"format":1,"engine":"0.1.0"}';
  const refused = [
    ["#", /a form that this sandbox does not know/],
    ["#s2.AAAA", /a form that this sandbox does not know/],
    ["#s1.", /damaged/],
    ["#s1.%00", /damaged/],
    ["#s1.<script>", /damaged/],
    ["#s1.A", /damaged/],
    [`#s1.${"A".repeat(LINK_MAX)}`, /too long/],
    // A bomb: a short link that unpacks to more than a session may have.
    [link(`{"session":"${"a".repeat(HELD_MAX)}"}`), /what the link holds is too long/],
    [link("\u0000"), /damaged/],
    [link("[]"), /holds no session/],
    [link('"text"'), /holds no session/],
    [link("null"), /holds no session/],
    [link('{"session":7}'), /holds no session/],
    [link('{"__proto__":{"session":"x"}}'), /holds no session/],
    [link('{"session":"no header"}'), /no header/],
    [link(JSON.stringify({ session: header, at: -1 })), /no time/],
    [link(JSON.stringify({ session: header, at: "0" })), /no time/],
    [link(JSON.stringify({ session: header, lesson: "<b>" })), /no name/],
    [link(JSON.stringify({ session: header, lesson: ["E1.1"] })), /no name/],
    [`#s1.${Buffer.from([0xff, 0xff, 0xff]).toString("base64url")}`, /damaged/],
  ];
  for (const [fragment, reason] of refused) {
    await assert.rejects(readShare(fragment), reason, fragment.slice(0, 40));
  }
  assert.equal({}.session, undefined);
});

test("a lesson in a link is bounded and checked before anything of it is used", async () => {
  const lesson = (held) => `#lesson=${deflateRawSync(Buffer.from(held)).toString("base64url")}`;
  const refused = [
    ["#lesson=", /damaged/],
    ["#lesson=%00", /damaged/],
    ["#lesson=<script>", /damaged/],
    [`#lesson=${"A".repeat(LINK_MAX)}`, /too long/],
    [lesson(`{"title":"${"a".repeat(LESSON_MAX)}"}`), /what the link holds is too long/],
    [lesson("\u0000"), /damaged/],
    [lesson("null"), /holds no lesson/],
    [lesson("[]"), /holds no lesson/],
    [lesson('{"title":""}'), /holds no lesson/],
    [lesson('{"title":{"toString":1}}'), /holds no lesson/],
    [lesson('{"__proto__":{"title":"x"}}'), /holds no lesson/],
  ];
  for (const [fragment, reason] of refused) await assert.rejects(readLesson(fragment), reason, fragment.slice(0, 40));
  assert.equal({}.title, undefined);
  // A name with mark-up in it is a name, and no longer than one.
  const held = await readLesson(await writeLesson(JSON.stringify({ title: `<img src=x onerror=alert(1)>${"x".repeat(500)}`, setup: ["a", "b"] })));
  assert.equal(held.title.length, 100);
  assert.equal(held.lines, 2);
});

test("a session of somebody else is refused with its line, or is one", () => {
  const sandbox = new Sandbox({});
  sandbox.run("aws kinesis create-stream --stream-name orders --shard-count 1");
  sandbox.run("sandbox producer start web --stream orders --rate 10");
  sandbox.advance(5_000);
  const session = sandbox.save();
  const [head, ...lines] = session.split("\n");
  const header = JSON.parse(head);
  const withHeader = (more) => [JSON.stringify({ ...header, ...more }), ...lines].join("\n");
  const refused = [
    "{",
    "null",
    "[]",
    '{"__proto__":{"session":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    "\u0000".repeat(1_000),
    `${"[".repeat(100_000)}`,
    `${'{"a":'.repeat(50_000)}`,
    withHeader({ seed: -1 }),
    withHeader({ seed: "1" }),
    withHeader({ limits: "none" }),
    withHeader({ region: 7 }),
    [head, '{"__proto__":{"run":"x"}}'].join("\n"),
    [head, ...lines.slice(0, 1), "<script>alert(1)</script>"].join("\n"),
    [head, ...[...lines].reverse()].join("\n"),
  ];
  for (const text of refused) assert.throws(() => Sandbox.load(text), /^Error: line \d+: ./, text.slice(0, 60));
  let seed = 11;
  const random = (below) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  for (let i = 0; i < 300; i += 1) {
    const place = random(session.length);
    const text = session.slice(0, place) + String.fromCharCode(32 + random(95)) + session.slice(place + 1 + random(3));
    try {
      Sandbox.load(text).free();
    } catch (error) {
      assert.match(String(error), /^Error: line \d+: ./);
    }
  }
  assert.equal({}.run, undefined);
});

test("no bytes behind the version make it do anything but refuse", async () => {
  let seed = 7;
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
  for (let i = 0; i < 300; i += 1) {
    const bytes = Buffer.from(Array.from({ length: random() % 200 }, () => random() % 256));
    await assert.rejects(readShare(`#s1.${bytes.toString("base64url")}`), Error);
  }
});
