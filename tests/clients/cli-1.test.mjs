// The AWS CLI v1 as PyPI has it: data is taken as it is typed, times are numbers.

import { testCli } from "./cli.mjs";
import { program } from "./support.mjs";

testCli("AWS CLI v1", program("AWS_CLI_1"), {
  hello: ["--data", "hello"],
  records: (...keys) => keys.map((key) => `Data=hello,PartitionKey=${key}`),
  newYear: Date.UTC(2026, 0, 1) / 1_000,
  serviceError: 255,
  usageError: 2,
  checkError: 255,
});
