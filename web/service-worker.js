// Keeps one whole version of the site for when there is no network.
//
// The build writes which files belong together, and under which version, into offline-files.js. A new version is
// fetched beside the old one and takes its place when no page of the old one is open any more: a page never meets files
// of two versions. A quickly built site has no list; then what an earlier one kept is thrown away.

importScripts("offline-files.js");

const { version, files } = self.offlineFiles;
const prefix = "kinesis-sandbox-";
const name = prefix + version;

self.addEventListener("install", (event) => {
  // Past the browser's own cache: a host may serve old files for a while.
  const requests = files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);
      await Promise.all(old.map((key) => caches.delete(key)));
      if (files.length === 0) {
        await caches.delete(name);
        await self.registration.unregister();
      }
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || files.length === 0) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(name);
      // A query or a folder's own address means a page that is there under its plain name.
      const kept = await cache.match(request, { ignoreSearch: true });
      return kept ?? fetch(request);
    })(),
  );
});
