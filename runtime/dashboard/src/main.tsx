/**
 * The page: Preact (4 kB, and JSX), signals, so that a beat redraws one heart and not the page, and Vite, which splits what is
 * heavy (graphs, diffs) from what a phone needs first. No further framework: a router of hashes and a list of sections are less
 * code here than what a router's library would be told.
 */
import { computed, effect, signal } from "@preact/signals";
import type { EventView } from "@skein/contracts";
import { render } from "preact";
import { createApi } from "./api/client";
import { createResources } from "./api/resources";
import { connect } from "./connection";
import { createHouse } from "./house";
import { language, speak } from "./i18n/language";
import { createLeaderClock, STALE_AFTER_MS, type Moment } from "./leader-clock";
import { keepLastKnown, recall } from "./memory/last-known";
import { keeping } from "./memory/storage";
import { mayReload } from "./new-release";
import { endPush, renewPush } from "./push";
import { createRouter } from "./router";
import { createSession } from "./session/session";
import { App } from "./shell/app";
import "./style.css";
import { createTheme } from "./theme";
import { PageContext, type Page } from "./view/page";

/** Makes the parts of the page, hands them to each other, and keeps its time. */
const here = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

const clock = createLeaderClock();
const now = signal(0);
const ageMs = signal<number | undefined>(undefined);
const reloading = signal(false);
const reload = () => {
  reloading.value = true;
  window.location.reload();
};
const refresh = () => {
  now.value = clock.now(here());
  ageMs.value = clock.ageMs(here());
};
const house = createHouse((at) => {
  clock.heard(at, here());
  refresh();
});

const router = createRouter();
const storage = keeping(() => localStorage);
const known = recall(storage);
const session = createSession({
  api: () => api,
  remembered: known?.me,
  leaving: () => endPush(api),
  left: () => forgetAll(),
});
const api = createApi({ onLoginNeeded: () => void session.ask() });
const resources = createResources(api);
const listeners = new Set<(event: EventView) => void>();
const connection = connect(house, window.location.origin, {
  loginNeeded: () => void askForSocket(),
  changed: (resource) => {
    resources.changed(resource);
    // The role of whoever looks may be another one.
    if (resource === "accounts") void session.ask();
  },
  device: (view) => resources.device(view),
  event: (event) => listeners.forEach((listener) => listener(event)),
});
const stale = computed(() => !connection.connected.value || ageMs.value === undefined || ageMs.value > STALE_AFTER_MS);
const page: Page = {
  house,
  orders: connection.orders,
  api,
  resources,
  session,
  router,
  theme: createTheme(storage, document.documentElement),
  now,
  stale,
  ageMs,
  reloading,
  reload,
  onEvent: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

const memory = keepLastKnown({ storage, house, session, resources, stale, now, known });
// How it was, until the leader speaks: as old as it is.
if (known) {
  const { monotonic, wall } = here();
  const age = Math.max(0, wall - known.savedAt);
  house.events.house(known.house);
  clock.restart({ at: known.house.at, heard: { monotonic: monotonic - age, wall: wall - age } });
  refresh();
}
function forgetAll(): void {
  memory.forget();
  resources.forget();
  house.forget();
}

/** After a socket was refused for want of a login, ms. */
const SOCKET_AGAIN_MS = 1_000;
/** It may have been refused for the cookie of before a login: then it comes again. */
async function askForSocket(): Promise<void> {
  await session.ask();
  if (session.standing.peek() === "out") return;
  setTimeout(() => {
    if (session.standing.peek() !== "out" && !connection.connected.peek()) connection.revive();
  }, SOCKET_AGAIN_MS);
}

setInterval(refresh, 200);
setInterval(() => memory.save(), 10_000);
window.addEventListener("pagehide", () => memory.save());

/** A socket over which nothing has come for this long is given up, ms: one that a sleep or a new network killed would be noticed in 45 s only. */
const REVIVE_AFTER_MS = 8_000;
setInterval(() => {
  if ((ageMs.value ?? 0) > REVIVE_AFTER_MS && connection.connected.value) connection.revive();
}, REVIVE_AFTER_MS);
const look = () => {
  refresh();
  if (document.visibilityState === "visible" && stale.value) connection.revive();
};
document.addEventListener("visibilitychange", look);
window.addEventListener("online", look);

if (router.brought.peek().setup === undefined) void session.ask();
router.brought.subscribe(({ setup }) => {
  if (setup !== undefined) void session.setUp(setup);
});
let connectedBefore = false;
connection.connected.subscribe((is) => {
  if (!is) return;
  // The first connection of a page that found its leader: all was asked a moment ago.
  const atTheStart = !connectedBefore && session.standing.peek() !== "away";
  connectedBefore = true;
  if (atTheStart) return;
  // Something may have changed meanwhile, the account's own rights too.
  void session.ask();
  resources.renew();
});
const role = computed(() => session.me.value?.account.role);
let may = role.peek();
role.subscribe((now) => {
  // What was refused before may be seen now.
  if (may !== undefined && now !== undefined && may !== now) resources.renew();
  may = now;
});
const visitor = computed(() => (session.standing.value === "in" ? session.me.value?.account.id : undefined));
visitor.subscribe((account) => {
  // What fails is tried again at the next visit.
  if (account !== undefined) renewPush(api, account, storage).catch(() => {});
});
let who = known?.me.account.id;
let wasOut = false;
effect(() => {
  const standing = session.standing.value;
  const id = session.me.value?.account.id;
  if (standing === "out") {
    wasOut = true;
    connection.close();
  } else if (standing === "in") {
    // A socket belongs to who was logged in when it was opened.
    if (wasOut || (who !== undefined && who !== id)) connection.revive();
    wasOut = false;
    who = id;
  }
});
effect(() => {
  speak(session.me.value?.account.language);
  document.documentElement.lang = language.value;
});

let version: string | undefined;
house.about.subscribe((about) => {
  if (!about) return;
  document.title = about.demo ? `${about.name} (virtual)` : about.name;
  if (!connection.connected.peek()) return;
  // A page that hangs on a wall outlives releases: it takes the new one's code with its first word.
  version ??= about.version;
  if (version !== about.version) reload();
});
// With the leader away the page would be lost: a part that is missing then is missing for that.
window.addEventListener("vite:preloadError", () => {
  if (!stale.peek() && mayReload(() => sessionStorage, import.meta.url)) reload();
});

const root = document.querySelector("#page");
if (!root) throw new Error("index.html has no #page");
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  root,
);
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("./service-worker.js").catch(() => {});
