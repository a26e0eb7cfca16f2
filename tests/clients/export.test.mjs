// What leaves the sandbox for the real AWS is taken by the tools that read it there.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { loadModule } from "../wasm/support.mjs";
import { clientEnvironment, program } from "./support.mjs";

const { Sandbox } = await loadModule();

const arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu";
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::210987654321:root" }, Action: "kinesis:PutRecord", Resource: arn },
  ],
});
const lines = [
  "aws kinesis create-stream --stream-name orders-eu --shard-count 2 --tags team=sales",
  "aws kinesis create-stream --stream-name 7.clicks --stream-mode-details StreamMode=ON_DEMAND",
  "sleep 60",
  "aws kinesis increase-stream-retention-period --stream-name orders-eu --retention-period-hours 48",
  "aws kinesis start-stream-encryption --stream-name orders-eu --encryption-type KMS --key-id alias/aws/kinesis",
  "sleep 60",
  "aws kinesis enable-enhanced-monitoring --stream-name orders-eu --shard-level-metrics IncomingBytes",
  `aws kinesis register-stream-consumer --stream-arn ${arn} --consumer-name search`,
  `aws kinesis put-resource-policy --resource-arn ${arn} --policy '${policy}'`,
];

function exported(form) {
  const sandbox = new Sandbox({});
  for (const line of lines) {
    const { exitCode, stderr } = sandbox.run(line);
    assert.equal(exitCode, 0, `${line}: ${stderr}`);
  }
  return sandbox.run(`sandbox export ${form}`).stdout;
}

function inFile(t, name, text) {
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function python(...words) {
  return spawnSync(program("CLIENTS_PYTHON"), words, { encoding: "utf8", env: clientEnvironment });
}

function lint(file) {
  const code = "import sys; from cfnlint.runner.cli import main; sys.exit(main())";
  return python("-c", code, "--regions", "us-east-1", "--", file);
}

test("cfn-lint finds nothing wrong with the CloudFormation template", (t) => {
  const template = exported("cloudformation");
  const file = inFile(t, "template.json", template);
  const { status, stdout, stderr } = lint(file);
  assert.equal(status, 0, stdout + stderr);
  // It does find what is wrong.
  const wrong = inFile(t, "wrong.json", template.replace('"ShardCount"', '"ShardsCount"'));
  assert.notEqual(lint(wrong).status, 0);
});

test("the Terraform configuration is of the form that Terraform reads", (t) => {
  const schema = fileURLToPath(new URL("terraform.schema.json", import.meta.url));
  const code = "import json, sys, jsonschema; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))";
  const text = exported("terraform");
  const { status, stderr } = python("-c", code, inFile(t, "main.tf.json", text), schema);
  assert.equal(status, 0, stderr);
  const wrong = inFile(t, "wrong.tf.json", text.replace('"shard_count"', '"shards"'));
  assert.notEqual(python("-c", code, wrong, schema).status, 0);
});

test("bash takes the script", (t) => {
  const file = inFile(t, "account.sh", exported("cli"));
  const { status, stderr } = spawnSync("bash", ["-n", file], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const usage = spawnSync("bash", [file], { encoding: "utf8" });
  assert.equal(usage.status, 2);
  assert.match(usage.stderr, /up\|down/);
});
