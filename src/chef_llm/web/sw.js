// Keeps the page's own files, so that it opens at once and without a network. Nothing of the API is
// ever kept: only addresses on this list are looked at. The server puts version and list in place.
const KEPT = "chef-VERSION";
const ROOT = new URL("../", self.location);
const FILES = ["FILES"].map((path) => new URL(path, ROOT).href);
const ADDRESSES = new Set([ROOT.href, ...FILES]);

self.addEventListener("install", (event) => {
  const keep = async () => {
    const kept = await caches.open(KEPT);
    await kept.addAll(FILES);
    // With this query the server never redirects: a redirected answer may open no page.
    const page = await fetch(new URL("?slash", ROOT), { cache: "no-cache" });
    if (!page.ok) throw new Error(`the page answers ${page.status}`);
    await kept.put(ROOT, page);
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("chef-") && name !== KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  const address = event.request.url.split(/[?#]/)[0];
  if (event.request.method !== "GET" || !ADDRESSES.has(address)) return;
  const answer = async () => (await caches.match(address, { cacheName: KEPT })) ?? fetch(event.request);
  event.respondWith(answer());
});
