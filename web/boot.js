// Starts the stand-alone page: loads the module and mounts the sandbox in the element made for it.

import * as page from "./pkg/kinesis_sandbox.js";

const host = document.getElementById("sandbox");

// Exported so that it stays: a handle that nobody holds is collected, and with it what it stands for.
export let sandbox;

try {
  await page.default();
  // Other fragments are places on the page.
  const isSent = /^#(s\d|p\d|pack$|lesson=|exercise=)/.test(location.hash);
  const shared = isSent ? await import("./shared-session.js").then(({ open }) => open(host, page)) : undefined;
  // Who comes back resumes a session, which takes the whole module, as does a session that somebody sent.
  if (shared || hasBeenHere()) await page.loadRest?.();
  sandbox = page.mount(host, shared ? { ...shared.options, share: true } : { remember: true, share: true });
  sandbox.onEvent(async (name, detail) => {
    if (name !== "share" && name !== "shareLesson") return;
    const { copyLink } = await import("./shared-session.js");
    await copyLink(host, name === "share" ? detail : { lessonText: detail.text }, page);
  });
  if (shared?.at !== undefined) sandbox.seek(shared.at);
  shared?.begun?.(sandbox);
} catch (error) {
  tell("The sandbox could not start", error);
  throw error;
}

try {
  // A quickly built module is in one piece and has no rest.
  await page.loadRest?.();
  const { keepForOffline } = await import("./offline.js");
  await keepForOffline(host);
} catch (error) {
  tell("A part of the sandbox is missing: reload the page to go on", error);
}

function hasBeenHere() {
  try {
    return localStorage.length > 0;
  } catch {
    // Storage is switched off: then there is nothing to resume either.
    return false;
  }
}

/** Tells the reader what is wrong where the page itself cannot. */
function tell(what, error) {
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = `${what}: ${error instanceof Error ? error.message : error}`;
  host.before(message);
}
