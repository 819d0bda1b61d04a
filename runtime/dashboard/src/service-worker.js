/**
 * The offline shell: with the leader away the page still opens, and shows what it last knew (memory/last-known.ts). Only the page's
 * own files are kept; the API, the socket, the editor and the hooks always go to the leader. Plain JavaScript, copied by
 * vite.config.ts, which fills in the files: a service worker is no module of the page.
 */
const FILES = /* FILES */ [];
const CACHE = "skein-page-/* BUILD */";
/** A leader that takes longer than this, ms, to send its page is not waited for. */
const PATIENCE_MS = 4_000;
const SCOPE = new URL(self.registration.scope);

self.addEventListener("install", (event) => {
  // "reload": what the browser's own cache holds may be of the release before.
  const requests = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    await Promise.all(
      names.filter((name) => name.startsWith("skein-page-") && name !== CACHE).map((name) => caches.delete(name)),
    );
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return;
  const file = url.pathname.slice(SCOPE.pathname.length);
  if (file === "" || file === "index.html") event.respondWith(freshElseKept(request));
  else if (FILES.includes(file)) event.respondWith(keptElseFresh(request));
});

/** The document: the leader's own while it answers, since it may be a newer release's. */
async function freshElseKept(request) {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status < 500) return response;
  } catch {
    // Away, or stalled.
  }
  return (await caches.match("./", { cacheName: CACHE })) ?? Response.error();
}

const keptElseFresh = async (request) => (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);

/** What the leader sends by Web Push (runtime/src/core/notices/channels/web-push.ts): shown, since browsers take the right away from whoever shows nothing. */
self.addEventListener("push", (event) => {
  const { id, title, text = "", severity } = event.data?.json() ?? {};
  event.waitUntil(
    self.registration.showNotification(title ?? text, {
      body: title === undefined ? "" : text,
      tag: id,
      icon: "icon-192.png",
      requireInteraction: severity === "alarm",
    }),
  );
});

/** Its buttons are on the page, where whoever presses is logged in. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const show = async () => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const open = pages.find(({ url }) => url.startsWith(SCOPE.href));
    return open ? open.focus() : self.clients.openWindow(SCOPE.href);
  };
  event.waitUntil(show());
});
