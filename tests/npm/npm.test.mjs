// The npm package as somebody installs it: the packed tarball in a project of its own, in Node and through Vite.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { assembleNpmPackage } from "../../xtask/scripts/npm-package.mjs";
import { launch, root } from "../browser/support.mjs";

const site = resolve(process.env.SITE_DIR ?? join(root, "dist"));
let folder;
let project;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "npm-package-"));
  const unpacked = join(folder, "package");
  assembleNpmPackage(site, unpacked);
  const npm = (args, cwd) => execFileSync("npm", [...args, "--loglevel=error"], { cwd, encoding: "utf8" });
  npm(["pack", "--pack-destination", folder], unpacked);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // It has no dependencies: nothing is asked of any registry.
  npm(["install", "--offline", "--no-audit", "--no-fund", join(folder, tarball)], project);
});

after(() => rmSync(folder, { recursive: true, force: true }));

const inProject = (code) => {
  const { status, stdout, stderr } = spawnSync("node", ["--input-type=module", "-e", code], { cwd: project, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
};

test("the headless sandbox runs in Node", () => {
  const printed = inProject(`
    import { Sandbox, commands, writeShare, readShare } from "kinesis-sandbox/core";
    const sandbox = new Sandbox({});
    for (const line of commands("aws kinesis create-stream --stream-name orders --shard-count 2\\nsleep 30")) sandbox.run(line);
    const { session } = await readShare(await writeShare({ session: sandbox.save() }));
    console.log(Sandbox.load(session).run("aws kinesis list-streams --query 'StreamNames[0]' --output text").stdout.trim());
  `);
  assert.equal(printed.trim(), "orders");
});

test("the element can be imported where there is no document", () => {
  inProject('import { KinesisSandboxElement } from "kinesis-sandbox"; if (typeof KinesisSandboxElement !== "function") throw new Error();');
});

test("the handler answers the AWS SDK", () => {
  const require = createRequire(new URL("../../web/package.json", import.meta.url));
  const sdk = pathToFileURL(require.resolve("@aws-sdk/client-kinesis")).href;
  const printed = inProject(`
    import { Sandbox } from "kinesis-sandbox/core";
    import { SandboxRequestHandler } from "kinesis-sandbox/sdk";
    import sdk from ${JSON.stringify(sdk)};
    const client = new sdk.KinesisClient({
      region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" },
      requestHandler: new SandboxRequestHandler(new Sandbox({})),
    });
    await client.send(new sdk.CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
    console.log((await client.send(new sdk.ListStreamsCommand({}))).StreamNames.join());
  `);
  assert.equal(printed.trim(), "orders");
});

test("serve answers programs on this machine, and its clock can be moved by hand", async (t) => {
  const program = join(project, "node_modules/.bin/kinesis-sandbox");
  const server = spawn(program, ["serve", "--port", "0", "--http2-port", "0", "--factor", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => server.kill());
  let printed = "";
  for await (const chunk of server.stdout) {
    printed += chunk;
    if (printed.includes("HTTP/2")) break;
  }
  const url = printed.match(/http:\/\/127\.0\.0\.1:\d+/)[0];
  const call = async (operation, body) => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Kinesis_20131202.${operation}` };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return JSON.parse((await response.text()) || "{}");
  };
  await call("CreateStream", { StreamName: "orders", ShardCount: 1 });
  const status = async () => (await call("DescribeStreamSummary", { StreamName: "orders" })).StreamDescriptionSummary.StreamStatus;
  assert.equal(await status(), "CREATING");
  assert.equal((await fetch(`${url}/advance?ms=60000`, { method: "POST" })).status, 200);
  assert.equal(await status(), "ACTIVE");
  for (const wrong of ["-1", "x", "99999999999", ""]) {
    assert.equal((await fetch(`${url}/advance?ms=${wrong}`, { method: "POST" })).status, 400, wrong);
  }
  assert.equal((await fetch(`${url}/advance?ms=1`)).status, 400);
});

test("render writes an element with a picture and a transcript, and refuses what an element would", () => {
  const program = join(project, "node_modules/.bin/kinesis-sandbox");
  const render = (...words) => spawnSync(program, ["render", ...words], { encoding: "utf8" });
  const { status, stdout, stderr } = render("--scenario", "hot-shard", "--view", "stage");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^<kinesis-sandbox scenario="hot-shard" view="stage">\n<svg /);
  assert.match(stdout, /<desc[^>]*>geo is ACTIVE with 2 open shards/);
  assert.match(stdout, /\$ aws kinesis create-stream --stream-name geo/);
  assert.doesNotMatch(stdout, /<script|onload|style=/);
  const markup = render("--commands", "echo '</pre><script>'");
  assert.equal(markup.status, 0, markup.stderr);
  assert.doesNotMatch(markup.stdout, /<script/);
  assert.match(render("--scenario", "none").stderr, /there is no scenario none/);
  assert.match(render("--view", "ring").stderr, /view must be one of/);
  assert.match(render("--commands", "aws kinesis put-record").stderr, /--stream-name|required/);
  assert.equal(spawnSync(program, ["dance"], { encoding: "utf8" }).status, 2);
});

test("a class pack is checked and becomes a link, and receipts are played again", async () => {
  const program = join(project, "node_modules/.bin/kinesis-sandbox");
  const call = (...words) => spawnSync(program, words, { encoding: "utf8", cwd: project });
  const run = "aws kinesis list-streams --query 'length(StreamNames)' --output text";
  const pack = { kinesisSandboxPack: 1, title: "Class 1", items: [{ title: "A stream", commands: "sleep 1", checks: [{ text: "there is one", run, prints: "1" }] }] };
  writeFileSync(join(project, "pack.json"), JSON.stringify(pack));
  const { status, stdout, stderr } = call("pack", "pack.json", "--page", "https://example.com/");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Class 1: one item, which begins\.\nhttps:\/\/example\.com\/#p1\.[\w-]+\n$/);
  writeFileSync(join(project, "wrong.json"), JSON.stringify({ ...pack, items: [{ title: "x", lesson: "E99.9" }] }));
  assert.match(call("pack", "wrong.json").stderr, /item 1: there is no lesson E99\.9/);
  inProject(`
    import { writeFileSync, readFileSync } from "node:fs";
    import * as module from "kinesis-sandbox/core";
    import { beginItem, makeReceipt, readPack } from "./node_modules/kinesis-sandbox/pack.js";
    const pack = readFileSync("pack.json", "utf8");
    const begun = beginItem(module, readPack(pack).items[0]);
    writeFileSync("idle.json", await makeReceipt(module, pack, 0, begun, "Bob"));
    const sandbox = module.Sandbox.load(begun);
    sandbox.run("aws kinesis create-stream --stream-name orders --shard-count 1");
    writeFileSync("done.json", await makeReceipt(module, pack, 0, sandbox.save(), "Ana"));
  `);
  const right = call("check", "done.json", "--pack", "pack.json");
  assert.equal(right.status, 0, right.stdout + right.stderr);
  assert.match(right.stdout, /^done\.json: A stream, Ana: solved, 1 of 1 goals, 1 commands\n  \[x\] there is one/);
  const both = call("check", "done.json", "idle.json", "pack.json", "--pack", "pack.json");
  assert.equal(both.status, 1);
  assert.match(both.stdout, /idle\.json: A stream, Bob: not solved, 0 of 1 goals/);
  assert.match(both.stdout, /pack\.json: this is no receipt/);
});

test("the module of the custom elements names what the element has", () => {
  const manifest = JSON.parse(readFileSync(join(project, "node_modules/kinesis-sandbox/custom-elements.json"), "utf8"));
  const [declaration] = manifest.modules[0].declarations;
  const source = readFileSync(join(root, "web/embed/kinesis-sandbox.js"), "utf8");
  const lists = source.match(/const lookAttributes = (\[[^;]+\]);\nconst worldAttributes = (\[[^;]+\]);/);
  const observed = [...JSON.parse(lists[1]), ...JSON.parse(lists[2]), "height", "loading", "shadow"];
  assert.deepEqual(declaration.attributes.map(({ name }) => name).sort(), observed.sort());
  for (const { name } of declaration.members) assert.match(source, new RegExp(`^  (async )?${name}\\(`, "m"), name);
});

test("a project that Vite builds shows an element", async (t) => {
  writeFileSync(
    join(project, "index.html"),
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>t</title><script type="module" src="/main.js"></script></head><body><kinesis-sandbox scenario="two-shards" view="stage" loading="eager">Two shards.</kinesis-sandbox></body></html>',
  );
  writeFileSync(
    join(project, "main.js"),
    'import "kinesis-sandbox";\nimport { Sandbox } from "kinesis-sandbox/core";\nconst sandbox = new Sandbox({});\nsandbox.run("aws kinesis create-stream --stream-name headless --shard-count 1");\ndocument.title = sandbox.run("aws kinesis list-streams --output text").stdout;\n',
  );
  const require = createRequire(new URL("../../web/package.json", import.meta.url));
  const { build } = await import(pathToFileURL(require.resolve("vite")).href);
  await build({ root: project, base: "/some/path/", logLevel: "warn", configFile: false, build: { assetsInlineLimit: 0 } });
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname.replace("/some/path/", "/");
    const file = join(project, "dist", path === "/" ? "index.html" : path);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).on("error", () => response.destroy()).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/some/path/`);
  await page.getByRole("list", { name: "Shards" }).waitFor();
  await page.waitForFunction(() => document.title.includes("headless"));
  assert.deepEqual(problems, []);
});
