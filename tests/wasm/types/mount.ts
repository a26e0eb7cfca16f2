// What a TypeScript user writes to put a sandbox into a page.

import init, { mount, type MountedSandbox } from "kinesis_sandbox";

await init();
const host = document.querySelector("#sandbox");
if (host) {
  const sandbox: MountedSandbox = mount(host, {});
  sandbox.destroy();
}
