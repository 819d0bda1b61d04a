import { fakeLight } from "./fake-devices";
import type { FollowerView, HouseView, NoticeView, VerdictData } from "@skein/contracts";
import type { FakeApi } from "./fake-api";

/** A house for the page's tests: six followers, each in another state, and what the API knows of it. */
const GB = 1024 ** 3;
const HOUR_MS = 3_600_000;
const CONTROLS = ["crash", "pull-plug", "freeze", "reboot", "cut-network", "restore"] as const;

export const verdict = (now: number, parts: Partial<VerdictData> = {}): VerdictData => ({
  state: "alive",
  cause: "beat",
  since: now - HOUR_MS,
  lastSeenAt: now - 1_400,
  virtual: true,
  ...parts,
});
const metrics = (percent: number, temperatureC?: number): NonNullable<FollowerView["metrics"]> => ({
  cpu: { percent },
  memory: { totalBytes: 2 * GB, usedBytes: 0.7 * GB },
  ...(temperatureC === undefined ? {} : { temperatureC }),
  agent: { rssBytes: 4e7, heapUsedBytes: 1e7, eventLoopLagMs: 2 },
});
export const follower = (
  id: string,
  name: string,
  about: VerdictData,
  parts: Partial<FollowerView> = {},
): FollowerView => ({
  id,
  name,
  virtual: true,
  verdict: about,
  capabilities: [{ name: "health", condition: "ok" }],
  controls: [...CONTROLS],
  metrics: metrics(12.4, 54),
  ...parts,
});

export const fullHouse = (now: number): HouseView => ({
  name: "The virtual home",
  version: "0.1.0",
  at: now,
  demo: true,
  randomFaults: false,
  health: { ok: true, broker: "up", core: "up", flowHost: "up", safeMode: false },
  followers: [
    follower("attic", "Attic", verdict(now)),
    follower("cellar", "Cellar", verdict(now, { state: "dead", cause: "will", lastSeenAt: now - 14_000 })),
    follower(
      "garden",
      "Garden",
      verdict(now, { state: "suspect", cause: "silence", lastSeenAt: now - 8_000, until: now + 60_000 }),
    ),
    follower("hall", "Hall", verdict(now, { state: "unknown", cause: "bus-down" }), { metrics: metrics(3.2) }),
    follower("kitchen", "Kitchen", verdict(now, { state: "maintenance", cause: "request", until: now + 3_000_000 })),
    follower("office", "Office", verdict(now, { state: "left", cause: "clean-stop" }), {
      virtual: false,
      controls: undefined,
    }),
  ],
});

/** Puts people, rooms, notices and the rest into the fake API, with names as long as people choose them. */
export function furnish(api: FakeApi, now: number): void {
  const day = 24 * HOUR_MS;
  api.accounts = [
    ...api.accounts,
    {
      id: "ben",
      name: "Benjamin Freiherr von Schlüsselburg-Hohenstaufen",
      role: "viewer",
      hasPassword: false,
      createdAt: now - day,
    },
  ];
  api.sessions = [
    {
      id: "s1",
      createdAt: now - day,
      lastSeenAt: now,
      address: "192.168.1.7",
      agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      current: true,
    },
    {
      id: "s2",
      createdAt: now - 9 * day,
      lastSeenAt: now - 2 * day,
      address: "fd00::7",
      agent:
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
      current: false,
    },
  ];
  api.tokens = [
    {
      id: "t1",
      name: "Shortcut on my phone",
      account: "owner",
      scopes: ["routines"],
      createdAt: now - day,
      expiresAt: now + 364 * day,
      lastUsedAt: now - HOUR_MS,
    },
    { id: "t0", name: "Old watch", account: "owner", scopes: ["read"], createdAt: now - 9 * day, expiresAt: now - day },
  ];
  api.registry = {
    rooms: [
      { id: "living-room", name: "Living room", private: false },
      { id: "bathroom", name: "Badezimmer im Obergeschoss", private: true },
      { id: "stairs", name: "Stairs", private: false },
    ],
    residents: [
      { id: "ada", name: "Ada" },
      { id: "ben", name: "Ben" },
    ],
    places: [
      { kind: "follower", id: "attic", room: "living-room" },
      { kind: "follower", id: "cellar", room: "living-room", name: "Heizungskellerüberwachung" },
      { kind: "follower", id: "hall", room: "bathroom" },
      { kind: "device", id: "kasa-50c7bf000001", room: "living-room" },
      { kind: "device", id: "kasa-50c7bf000002", room: "bathroom" },
    ],
    groups: [{ id: "evening", name: "Abendbeleuchtung im Erdgeschoss", devices: ["kasa-50c7bf000001"] }],
  };
  api.devices = {
    devices: [
      fakeLight("kasa-50c7bf000001", "Sofa", { state: { on: true, brightness: 60, hue: 30, saturation: 80 } }),
      fakeLight("kasa-50c7bf000002", "Badezimmerspiegelschrankbeleuchtung", {
        diagnosis: {
          condition: "credentials",
          since: now - day,
          text: "192.168.1.21:80 wants the user and password of its owner's account, and the house has none.",
          hint: "Enter the user and password of its account with the maker; they stay in this house.",
          tried: [
            {
              protocol: "klap-v2",
              address: "192.168.1.21:80",
              at: now,
              answer: "KASA_CREDENTIALS_REFUSED",
              text: "192.168.1.21:80 wants the user and password of its owner's account.",
            },
          ],
        },
      }),
      fakeLight("kasa-50c7bf000003", "Fridge", {
        kind: "plug",
        model: "HS110(EU)",
        abilities: { brightness: false, color: false, effects: [], transition: false, energy: true },
        state: { on: true },
        powerW: 61.2,
        virtual: true,
      }),
    ],
    found: [
      {
        id: "kasa-50c7bf000009",
        mac: "50:C7:BF:00:00:09",
        model: "KL430(EU)",
        alias: "Shelf",
        address: "192.168.1.29:9999",
        protocol: "xor",
        at: now,
      },
    ],
    credentials: false,
  };
  api.scenes = [{ id: "movie", name: "Movie", devices: [{ device: "kasa-50c7bf000001", set: { brightness: 10 } }] }];
  api.privacy = {
    on: false,
    since: now - day,
    by: "ben",
    senses: [
      { follower: "attic", capability: "vision", sense: "camera", virtual: true, state: "on" },
      { follower: "hall", capability: "audio", sense: "microphone", virtual: true, state: "unknown" },
      { follower: "office", capability: "audio", sense: "microphone", virtual: false, state: "off" },
    ],
  };
  const notice: Omit<NoticeView, "id" | "at" | "text"> = {
    severity: "notice",
    hasPicture: false,
    actions: [],
    sent: { page: { ok: true } },
  };
  api.notices = [
    {
      ...notice,
      id: "n1",
      at: now - 600_000,
      severity: "warning",
      title: "The garage is open",
      text: "It is past ten in the evening, and nobody has been in the garage for half an hour.",
      actions: [
        { id: "close", label: "Close it" },
        { id: "leave", label: "Leave it open" },
      ],
      sent: { page: { ok: true }, ntfy: { ok: false, detail: "ntfy.example answered 503" }, email: { ok: true } },
    },
    { ...notice, id: "n2", at: now - 7_200_000, text: "The washing machine is done." },
    { ...notice, id: "n3", at: now - day, text: "An old one.", dismissedAt: now - HOUR_MS },
  ];
  api.channels = {
    channels: [
      { name: "page", passes: "Nobody: this leader shows it itself.", least: "info" },
      { name: "ntfy", passes: "The ntfy server at ntfy.example.", least: "warning" },
      { name: "email", passes: "The mail server mail.example.", least: "notice" },
    ],
    webPush: { on: false },
  };
  api.routines = [
    { id: "good-night", name: "Good night", icon: "🌙", host: "flows", available: true },
    { id: "leaving", name: "Leaving the house", host: "flows", available: false },
  ];
  api.backups = [{ id: "skein-2026-11-24.tar.gz", at: now - day, bytes: 41_000_000, version: "0.1.0" }];
  api.care = {
    at: now,
    state: "bad",
    checks: [
      { id: "broker", state: "ok", text: "The broker answers in 2 ms.", since: now - day },
      {
        id: "disk",
        state: "bad",
        text: "The disk has 200 MB left. Delete old backups or raise its size.",
        since: now - HOUR_MS,
      },
      { id: "backup", state: "warn", text: "The last backup is a day old.", since: now - HOUR_MS },
    ],
  };
}
