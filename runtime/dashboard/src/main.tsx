import { computed, signal } from "@preact/signals";
import { render } from "preact";
import { connect } from "./connection";
import { createHouse } from "./house";
import { createLeaderClock, STALE_AFTER_MS, type Moment } from "./leader-clock";
import "./style.css";
import { App } from "./view/app";
import { PageContext, type Page } from "./view/page";

/** Makes the parts of the page, hands them to each other, and keeps its time. */
const here = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

const clock = createLeaderClock();
const now = signal(0);
const ageMs = signal<number | undefined>(undefined);
const refresh = () => {
  now.value = clock.now(here());
  ageMs.value = clock.ageMs(here());
};
const house = createHouse((at) => {
  clock.heard(at, here());
  refresh();
});
const connection = connect(house);
const stale = computed(() => !connection.connected.value || ageMs.value === undefined || ageMs.value > STALE_AFTER_MS);
const page: Page = { house, orders: connection.orders, now, stale, ageMs };

setInterval(refresh, 200);

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

let version: string | undefined;
house.about.subscribe((about) => {
  if (!about) return;
  // A page that hangs on a wall outlives releases: it takes the new one's code with its first word.
  version ??= about.version;
  if (version !== about.version) window.location.reload();
  document.title = about.demo ? `${about.name} (virtual)` : about.name;
});

const root = document.querySelector("#page");
if (!root) throw new Error("index.html has no #page");
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  root,
);
