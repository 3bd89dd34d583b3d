// The service worker of the page for notes on the way: the page opens again without connection. It keeps the empty page,
// its look and its scripts; never a name, a note or a key. Served from the page's own folder, so it reaches nothing else.
const STORE = "onderweg-1";
const HERE = new URL("./", self.location).pathname;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name !== STORE));
  event.waitUntil(
    old.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

// What the page asks to keep: itself and what it is made of.
self.addEventListener("message", (event) => {
  const keep = async () => {
    const store = await caches.open(STORE);
    await Promise.all([HERE, ...event.data].map((address) => fetchAndKeep(store, address)));
    event.ports[0]?.postMessage("kept");
  };
  event.waitUntil(keep());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const page = event.request.mode === "navigate" && address.pathname === HERE;
  const part = address.pathname.startsWith("/static/") || address.pathname.endsWith(".css");
  if (event.request.method !== "GET" || address.origin !== self.location.origin || !(page || part)) return;
  event.respondWith(fromNetworkOrStore(event.request, page ? HERE : address.pathname));
});

async function fromNetworkOrStore(request, key) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(STORE)).match(key);
    if (kept) return kept;
    throw error;
  }
}

async function fetchAndKeep(store, address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (answer.ok && !answer.redirected) await store.put(address, answer);
}
