// Keeps whole versions of the site for when there is no network, and lets no page meet files of two versions.
//
// The build writes which files belong together, and under which version, into offline-files.js. A new version is
// fetched beside the old one and waits until no page of the old one is open, or until a reader asks for it. Each page
// is then still served from the version with which it began: which one that was is kept with the files, because a
// worker may be stopped and started between two requests. A quickly built site has no list; then what an earlier one
// kept is thrown away.

const list = new URL("offline-files.js", self.location.href).href;
// A host that sends the page's policy with every file sends it with this one too: it asks for a policy of ours.
const policy = self.trustedTypes?.createPolicy("kinesis-sandbox", {
  createScriptURL: (url) => {
    if (url !== list) throw new TypeError("this is not our list of files");
    return url;
  },
});
importScripts(policy ? policy.createScriptURL(list) : list);

const { version, files } = self.offlineFiles;
const prefix = "kinesis-sandbox-";
const name = prefix + version;
// Which page began with which version: not a version itself.
const pages = "pages-of-kinesis-sandbox";

self.addEventListener("install", (event) => {
  // Past the browser's own cache: a host may serve old files for a while.
  const requests = files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(requests)));
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      await sweep();
      if (files.length === 0) {
        await Promise.all([caches.delete(name), caches.delete(pages)]);
        await self.registration.unregister();
      }
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || files.length === 0) return;
  const isPage = request.mode === "navigate";
  const begun = isPage ? begin(event.resultingClientId) : undefined;
  event.respondWith(
    (async () => {
      await begun;
      const version = isPage ? name : await versionOf(event.clientId);
      // A page that began with the network goes on with it, as long as there is one.
      if (version === undefined) return fetch(request).catch(async () => (await kept(name, request)) ?? Response.error());
      return (await kept(version, request)) ?? fetch(request);
    })(),
  );
  if (isPage) event.waitUntil(begun.then(() => sweep(event.resultingClientId)));
});

const keyOf = (client) => new Request(`page-of-a-version/${client}`);

/** Notes that a page begins with this worker's version. */
async function begin(client) {
  if (client) await (await caches.open(pages)).put(keyOf(client), new Response(name));
}

/** A file of a version. A query or a folder's own address means a page that is there under its plain name. */
async function kept(version, request) {
  return (await caches.open(version)).match(request, { ignoreSearch: true });
}

/** The version of a page; none where no worker served it. */
async function versionOf(client) {
  const noted = client ? await (await caches.open(pages)).match(keyOf(client)) : undefined;
  const version = await noted?.text();
  return version !== undefined && (await caches.has(version)) ? version : undefined;
}

/** Throws away what no page needs any more; `beginning` is a page that is on its way. */
async function sweep(beginning) {
  const open = await self.clients.matchAll({ includeUncontrolled: true });
  const ids = new Set([...open.map(({ id }) => id), ...(beginning ? [beginning] : [])]);
  const notes = await caches.open(pages);
  const needed = new Set([name]);
  for (const request of await notes.keys()) {
    if (ids.has(request.url.slice(request.url.lastIndexOf("/") + 1))) needed.add(await (await notes.match(request)).text());
    else await notes.delete(request);
  }
  // Other versions that were fetched and wait are somebody else's.
  const waiting = self.registration.waiting ?? self.registration.installing;
  const old = (await caches.keys()).filter((key) => key.startsWith(prefix) && !needed.has(key));
  if (!waiting) await Promise.all(old.map((key) => caches.delete(key)));
}
