// Starts the stand-alone page: loads the module and mounts the sandbox in the element made for it.

import init, { mount } from "./pkg/kinesis_sandbox.js";

const host = document.getElementById("sandbox");

// Exported so that it stays: a handle that nobody holds is collected, and with it what it stands for.
export let sandbox;

try {
  await init();
  sandbox = mount(host, { remember: true });
} catch (error) {
  // Without the module there is nothing else on the page that could tell the reader.
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = `The sandbox could not start: ${error instanceof Error ? error.message : error}`;
  host.replaceChildren(message);
  throw error;
}
