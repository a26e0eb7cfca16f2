// Class packs and receipts: what is in them is checked before anything of it runs, and a receipt counts for what its
// replay shows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { beginItem, checkReceipt, FILE_MAX, makeReceipt, packId, readPack, readPackLink, readReceipt, writePackLink } from "../../web/pack.js";
import { LINK_MAX } from "../../web/share.js";
import { loadModule } from "./support.mjs";

const module = await loadModule();
const { Sandbox } = module;

const count = "aws kinesis describe-stream-summary --stream-name orders --query StreamDescriptionSummary.OpenShardCount --output text";
const scaled = {
  title: "Scale a stream",
  instructions: "Two shards are too few.\nMake four of them.",
  commands: "aws kinesis create-stream --stream-name orders --shard-count 2\nsleep 30",
  checks: [{ text: "orders has four open shards", run: count, prints: "4" }],
};
const class1 = {
  kinesisSandboxPack: 1,
  title: "Class 1",
  instructions: "Three tasks for Tuesday.",
  items: [scaled, { title: "A first stream", lesson: "E1.1" }, { title: "Hot shard", scenario: "hot-shard" }],
};
const pack = JSON.stringify(class1);

/** A learner's session of an item: the lines are run where it begins. */
function worked(index, lines) {
  const item = readPack(pack).items[index];
  const sandbox = Sandbox.load(beginItem(module, item), item.kind === "lesson" ? item.value : undefined);
  for (const line of lines) {
    const { exitCode, stderr } = sandbox.run(line);
    assert.equal(exitCode, 0, `${line}: ${stderr}`);
  }
  return sandbox.save();
}

const scale = ["aws kinesis update-shard-count --stream-name orders --target-shard-count 4 --scaling-type UNIFORM_SCALING", "sleep 300"];

test("a pack goes into a link and comes out as it was", async () => {
  const link = await writePackLink(pack);
  assert.ok(link.length < 1_000, `${link.length} characters`);
  assert.deepEqual(JSON.parse(await readPackLink(link)), class1);
  // However its file is written, it is the same pack.
  assert.equal(await packId(JSON.stringify(class1, null, 4)), await packId(pack));
  assert.notEqual(await packId(JSON.stringify({ ...class1, title: "Class 2" })), await packId(pack));
});

test("each kind of item begins, and a session that somebody prepared too", () => {
  for (const item of readPack(pack).items) assert.match(beginItem(module, item), /^\{"format":1/);
  const session = beginItem(module, readPack(pack).items[0]);
  const again = readPack(JSON.stringify({ ...class1, items: [{ title: "As prepared", session }] }));
  assert.equal(beginItem(module, again.items[0]), session);
});

test("a learner's receipt is right where the task is solved, and says what is missing where it is not", async () => {
  const solved = await makeReceipt(module, pack, 0, worked(0, scale), "Ana");
  const found = await checkReceipt(module, solved, pack);
  assert.deepEqual(found.problems, []);
  assert.deepEqual([found.title, found.learner, found.isSolved], ["Scale a stream", "Ana", true]);
  assert.equal(found.commands, 2 - 1, "sleep is no command of the history");

  const unsolved = await checkReceipt(module, await makeReceipt(module, pack, 0, worked(0, [])), pack);
  assert.deepEqual([unsolved.isSolved, unsolved.problems], [false, []]);
  assert.match(unsolved.goals[0].reason, /prints 2$/);
});

test("an exercise's own goals count", async () => {
  const session = worked(1, []);
  const { goals, isSolved, problems } = await checkReceipt(module, await makeReceipt(module, pack, 1, session), pack);
  assert.ok(goals.length > 0);
  assert.deepEqual([isSolved, problems], [false, []]);
});

test("whoever changes a receipt is found out by the replay", async () => {
  const receipt = JSON.parse(await makeReceipt(module, pack, 0, worked(0, [])));
  const judged = (changed) => checkReceipt(module, JSON.stringify({ ...receipt, ...changed }), pack);
  const claim = await judged({ solved: true, goals: [{ text: "orders has four open shards", isReached: true }] });
  assert.deepEqual([claim.isSolved, claim.problems], [false, ["the receipt says solved, the replay shows not solved"]]);
  assert.match((await judged({ digest: "0123456789abcdef" })).problems.join(), /another digest/);
  // Another beginning: the stream has four shards from the first.
  const easy = readPack(JSON.stringify({ ...class1, items: [{ ...scaled, commands: scaled.commands.replace("count 2", "count 4") }] }));
  const { problems, isSolved } = await judged({ session: beginItem(module, easy.items[0]), solved: true });
  assert.equal(isSolved, true);
  assert.ok(problems.includes("the session does not begin as the item does"), problems.join());
  // A command in the middle that never was: the digests that stand with the commands say so, or the session's end does.
  const lines = receipt.session.split("\n");
  lines.splice(2, 0, lines[1]);
  assert.ok((await judged({ session: lines.join("\n") }).then(({ problems }) => problems.length, () => 1)) > 0);
  await assert.rejects(judged({ pack: "0".repeat(64) }), /another pack/);
  await assert.rejects(judged({ item: 7 }), /another pack/);
  await assert.rejects(judged({ session: "{}" }));
  const old = receipt.session.replace('"engine":"', '"engine":"0.0.1-');
  assert.match((await judged({ session: old })).problems.join(), /was made with version .* and replayed with/);
  const without = await checkReceipt(module, JSON.stringify(receipt));
  assert.match(without.problems.join(), /without the pack nobody can say/);
});

/** Files that are no packs, each with what is said of it. */
const wrongPacks = [
  ["", /not JSON/],
  ["{", /not JSON/],
  ["null", /this is no pack/],
  ["[]", /this is no pack/],
  ["7", /this is no pack/],
  ["{}", /this is no pack/],
  ['{"__proto__":{"kinesisSandboxPack":1}}', /this is no pack/],
  [{ kinesisSandboxPack: 2 }, /a form that this sandbox does not know/],
  [{ kinesisSandboxPack: "1" }, /a form that this sandbox does not know/],
  [{ items: [] }, /1 to 50 items/],
  [{ items: {} }, /1 to 50 items/],
  [{ items: Array(51).fill(scaled) }, /1 to 50 items/],
  [{ title: "" }, /title is missing/],
  [{ title: 7 }, /title is missing/],
  [{ title: "x".repeat(201) }, /more than 200 characters/],
  [{ instructions: "x".repeat(20_001) }, /more than 20000 characters/],
  [{ instructions: ["x"] }, /is no text/],
  [{ onload: "alert(1)" }, /a member onload, which is not known/],
  ['{"kinesisSandboxPack":1,"title":"x","items":[],"__proto__":{"x":1}}', /a member __proto__/],
  [{ items: [null] }, /item 1 is no object/],
  [{ items: [[]] }, /item 1 is no object/],
  [{ items: [{ title: "x" }] }, /item 1 is one of lesson, scenario, session, commands/],
  [{ items: [{ title: "x", lesson: "E1.1", scenario: "hot-shard" }] }, /item 1 is one of/],
  [{ items: [{ title: "x", lesson: "<img src=x onerror=alert(1)>" }] }, /has no name/],
  [{ items: [{ title: "x", scenario: "__proto__" }] }, /there is no scenario __proto__/],
  [{ items: [{ title: "x", scenario: "constructor" }] }, /there is no scenario constructor/],
  [{ items: [{ title: "x", commands: "x".repeat(100_001) }] }, /more than 100000 characters/],
  [{ items: [{ title: "x", session: 7 }] }, /the session of item 1 is missing/],
  [{ items: [{ ...scaled, checks: {} }] }, /at most 20 checks/],
  [{ items: [{ ...scaled, checks: Array(21).fill(scaled.checks[0]) }] }, /at most 20 checks/],
  [{ items: [{ ...scaled, checks: [{ text: "x", run: "sandbox undo", prints: "" }] }] }, /one aws command/],
  [{ items: [{ ...scaled, checks: [{ text: "x", run: "aws x\nrm -rf /", prints: "" }] }] }, /one aws command/],
  [{ items: [{ ...scaled, checks: [{ text: "x", run: count, expect: "4" }] }] }, /a member expect/],
];

test("what is no pack is refused with a sentence, and nothing of it runs", async () => {
  for (const [changed, reason] of wrongPacks) {
    const text = typeof changed === "string" ? changed : JSON.stringify({ ...class1, ...changed });
    assert.throws(() => readPack(text), reason, text.slice(0, 80));
    const link = `#p1.${deflateRawSync(Buffer.from(text)).toString("base64url")}`;
    await assert.rejects(readPackLink(link), reason, text.slice(0, 80));
  }
  assert.throws(() => readPack(" ".repeat(FILE_MAX + 1)), /at most 2000000 characters/);
  await assert.rejects(readPackLink(`#p1.${"A".repeat(LINK_MAX + 1)}`), /too long/);
  await assert.rejects(readPackLink("#p2.AAAA"), /a form that this sandbox does not know/);
  await assert.rejects(readPackLink("#p1.%00"), /damaged/);
  const bomb = `#p1.${deflateRawSync(Buffer.alloc(FILE_MAX * 5, "a")).toString("base64url")}`;
  assert.ok(bomb.length < 20_000);
  await assert.rejects(readPackLink(bomb), /what the link holds is too long/);
  assert.equal({}.kinesisSandboxPack, undefined);
  assert.equal({}.x, undefined);
});

test("items that cannot begin say why", () => {
  const begin = (item) => beginItem(module, readPack(JSON.stringify({ ...class1, items: [{ title: "x", ...item }] })).items[0]);
  assert.throws(() => begin({ lesson: "E99.9" }), /there is no lesson E99\.9/);
  assert.throws(() => begin({ session: "{" }), /line 1/);
  assert.throws(() => begin({ commands: "rm -rf /" }), /rm/);
  assert.throws(() => begin({ commands: "echo x\n".repeat(1_001) }), /at most 1000 commands/);
});

test("what is no receipt is refused with a sentence", async () => {
  const receipt = JSON.parse(await makeReceipt(module, pack, 0, worked(0, [])));
  const wrong = [
    [{ kinesisSandboxReceipt: 2 }, /a form that this sandbox does not know/],
    [{ pack: "../../etc/passwd" }, /names no pack/],
    [{ pack: ["0".repeat(64)].concat() }, undefined],
    [{ item: -1 }, /names no item/],
    [{ item: 1.5 }, /names no item/],
    [{ item: "__proto__" }, /names no item/],
    [{ digest: "x" }, /no digest/],
    [{ solved: "yes" }, /does not say/],
    [{ goals: Array(101).fill({ text: "x", isReached: true }) }, /no list of goals/],
    [{ goals: [{ text: "x" }] }, /reached or it is not/],
    [{ goals: [{ text: "x", isReached: true, onclick: "x" }] }, /a member onclick/],
    [{ learner: "x".repeat(201) }, /more than 200 characters/],
    [{ learner: {} }, /is no text/],
    [{ session: "" }, /session is missing/],
    [{ engine: "x".repeat(41) }, /more than 40 characters/],
    [{ extra: 1 }, /a member extra/],
  ];
  for (const [changed, reason] of wrong) {
    if (reason) assert.throws(() => readReceipt(JSON.stringify({ ...receipt, ...changed })), reason, JSON.stringify(changed).slice(0, 80));
  }
  for (const text of ["", "[]", "null", "{}", '{"__proto__":{"kinesisSandboxReceipt":1}}']) assert.throws(() => readReceipt(text), /no receipt/);
});

test("no change of a byte or two makes a pack or a receipt do anything but refuse or be one", async () => {
  const receipt = await makeReceipt(module, pack, 0, worked(0, []));
  let seed = 11;
  const random = (below) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  for (const [text, read] of [[pack, readPack], [receipt, readReceipt]]) {
    for (let i = 0; i < 3_000; i += 1) {
      const bytes = Buffer.from(text);
      for (let n = 0; n <= random(3); n += 1) bytes[random(bytes.length)] = random(2) ? random(256) : '{}[]",:0'.charCodeAt(random(8));
      try {
        read(bytes.toString());
      } catch (error) {
        assert.ok(error instanceof Error && !(error instanceof TypeError) && error.message.length > 5, String(error.stack));
      }
    }
  }
});
