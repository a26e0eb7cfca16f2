// What a TypeScript user writes to put a sandbox into a page.

import init, { mount, type MountedSandbox } from "kinesis_sandbox";

await init();
const host = document.querySelector("#sandbox");
if (host) {
  const sandbox: MountedSandbox = mount(host, { view: "stage", controls: "step", lang: "en", theme: "auto" });
  sandbox.onEvent((name, detail) => {
    const told: string = name;
    const what: object = detail;
    console.log(told, what);
  });
  sandbox.update({ view: "table", controls: "cli" });
  sandbox.destroy();
}
