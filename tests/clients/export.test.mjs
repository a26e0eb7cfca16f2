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
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
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
  "aws s3 mb s3://archive-of-orders",
  `aws iam create-role --role-name reader --assume-role-policy-document '${trust}'`,
  "aws iam attach-role-policy --role-name reader --policy-arn arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess",
  `aws iam create-user --user-name ana`,
  `aws iam put-user-policy --user-name ana --policy-name put --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"${arn}"}]}'`,
  `aws firehose create-delivery-stream --delivery-stream-name archive --delivery-stream-type KinesisStreamAsSource --kinesis-stream-source-configuration KinesisStreamARN=${arn} --extended-s3-destination-configuration 'BucketARN=arn:aws:s3:::archive-of-orders,Prefix=raw/,BufferingHints={SizeInMBs=3,IntervalInSeconds=60}'`,
  "aws firehose create-delivery-stream --delivery-stream-name pressed --extended-s3-destination-configuration 'BucketARN=arn:aws:s3:::archive-of-orders,CompressionFormat=GZIP'",
  `aws firehose create-delivery-stream --delivery-stream-name columns --extended-s3-destination-configuration '{"BucketARN":"arn:aws:s3:::archive-of-orders","BufferingHints":{"SizeInMBs":64,"IntervalInSeconds":60},"DataFormatConversionConfiguration":{"SchemaConfiguration":{"DatabaseName":"shop","TableName":"orders"},"OutputFormatConfiguration":{"Serializer":{"ParquetSerDe":{}}}}}'`,
  "aws cloudwatch put-metric-alarm --alarm-name late --namespace AWS/Kinesis --metric-name GetRecords.IteratorAgeMilliseconds --dimensions Name=StreamName,Value=orders-eu --statistic Maximum --period 60 --evaluation-periods 3 --threshold 60000 --comparison-operator GreaterThanThreshold",
  "sandbox function create count --role arn:aws:iam::123456789012:role/reader --timeout 9",
  "sandbox function create other",
  `aws lambda create-event-source-mapping --function-name count --event-source-arn ${arn} --starting-position LATEST --batch-size 7 --bisect-batch-on-function-error --filter-criteria '{"Filters":[{"Pattern":"{\\"data\\":{\\"a\\":[1]}}"}]}' --destination-config '{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:123456789012:failed"}}'`,
  "aws kms disable-key --key-id alias/orders",
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
