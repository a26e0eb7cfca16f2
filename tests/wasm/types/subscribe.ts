// What a TypeScript user writes to read a shard by enhanced fan-out.

import { Sandbox } from "kinesis_sandbox";

const sandbox = new Sandbox();
const { status, body, id } = sandbox.subscribe(JSON.stringify({ ShardId: "shardId-000000000000" }), {
  principal: "arn:aws:iam::123456789012:user/reader",
});
if (id === undefined) {
  throw new Error(`${status}: ${body}`);
}
let frames: Uint8Array | null = sandbox.poll(id);
while (frames !== null) {
  sandbox.advance(1_000);
  frames = sandbox.poll(id);
}
sandbox.close(id);
