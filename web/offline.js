// Lets the page be opened without a network from the second time on.

/** Registers the service worker where the browser has such a thing and the address allows it. */
export async function keepForOffline() {
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
    await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address);
  } catch {
    // A browser that keeps nothing for sites refuses; the page works as well with a network.
  }
}
