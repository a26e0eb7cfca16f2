// Lets the page be opened without a network from the second time on, and offers a new version when one is ready.

/** How often a page that stays open asks for a new version, in milliseconds: an hour. */
const LOOK_INTERVAL_MS = 3_600_000;

/** Registers the service worker where the browser has such a thing and the address allows it. */
export async function keepForOffline(host) {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const address = new URL("service-worker.js", import.meta.url).href;
  // The page's policy allows this one policy of ours, and this one lets nothing through but this one address.
  const policy = globalThis.trustedTypes?.createPolicy("kinesis-sandbox", {
    createScriptURL: (url) => {
      if (url !== address) throw new TypeError("this is not our service worker");
      return url;
    },
  });
  try {
    // Past the browser's own cache also for the list of files: it says which version the host has.
    const options = { updateViaCache: "none" };
    watch(await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address, options), host);
  } catch {
    // A browser that keeps nothing for sites refuses; the page works as well with a network.
  }
}

function watch(registration, host) {
  const { serviceWorker } = navigator;
  // A page that came from no worker is of the newest version already.
  if (!serviceWorker.controller) return;
  let offered;
  const offer = () => {
    if (registration.waiting) offered ??= offerVersion(registration, host);
  };
  offer();
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && offer());
  });
  serviceWorker.addEventListener("controllerchange", () => {
    if (offered?.isWanted) location.reload();
    // Taken in another window: this page goes on with the files that it began with.
    else (offered ??= offerVersion(registration, host)).isTaken = true;
  });
  setInterval(() => registration.update().catch(() => {}), LOOK_INTERVAL_MS);
}

/** Says that a new version is ready. Nothing is taken away from under a reader: the page changes when asked to. */
function offerVersion(registration, host) {
  const state = { isWanted: false, isTaken: false };
  const message = document.createElement("div");
  message.className = "ks link-said new-version";
  message.dataset.theme = "auto";
  const text = document.createElement("p");
  text.setAttribute("role", "status");
  const use = button("Use it now", () => {
    state.isWanted = true;
    use.disabled = true;
    if (state.isTaken || !registration.waiting) location.reload();
    else registration.waiting.postMessage("take-over");
  });
  message.append(text, use, button("Later", () => message.remove()));
  host.after(message);
  // What is put into a live region after it is there is read out.
  text.textContent = "A new version of the sandbox is ready. The page reloads, your session stays.";
  return state;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}
