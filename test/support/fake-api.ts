import {
  SCOPES,
  type AccountView,
  type BackupView,
  type CareView,
  type DevicesView,
  type JoinCodeView,
  type JoinCodesView,
  type LiveResource,
  type MeView,
  type NoticeChannelsView,
  type NoticeView,
  type PrivacyView,
  type RegistryView,
  type RoutineView,
  type SceneView,
  type SessionView,
  type TokenView,
} from "@skein/contracts";
import { fakeDevices } from "./fake-devices";
import express, { type Express, type Response } from "express";

/**
 * The leader's REST API as far as the page asks it, on a made-up house in memory: a password, a registry, notices and so on that a
 * test sets and looks at. What the real API does with the same questions is in runtime/src/core and its tests.
 */
export interface FakeApi {
  /** Nobody: every route but the login answers 401. */
  me: AccountView | undefined;
  /** Whoever is logged in came by a link and has chosen no password since. */
  byLink: boolean;
  /** By account. */
  readonly passwords: Record<string, string>;
  /** What `#setup=` must bear; used up by the first use. */
  setupToken: string | undefined;
  accounts: AccountView[];
  sessions: SessionView[];
  tokens: TokenView[];
  registry: RegistryView;
  devices: DevicesView;
  scenes: SceneView[];
  privacy: PrivacyView;
  notices: NoticeView[];
  channels: NoticeChannelsView;
  routines: RoutineView[];
  codes: JoinCodeView[];
  /** Followers that may come and were never heard. */
  unheard: JoinCodesView["unheard"];
  backups: BackupView[];
  care: CareView;
  /** What else is asked for by GET, by its path: history, snapshots. Gets the question's parameters. */
  readonly answers: Record<string, (query: URLSearchParams) => unknown>;
  /** Whatever changed something, newest last: `POST notices/n1/answer {"action":"on"}`. */
  readonly asked: string[];
  /** The next request that changes something is refused with this. */
  refuse: { status: number; code: string; detail: string } | undefined;
  /** Every answer to a request that changes something comes so late, ms. */
  slowMs: number;
}

const HOUR_MS = 3_600_000;

/** An owner who is logged in, in a house with two rooms. */
export function fakeHouse(now: number): FakeApi {
  const owner: AccountView = {
    id: "owner",
    name: "Ada",
    role: "admin",
    hasPassword: true,
    createdAt: now - 90 * 24 * HOUR_MS,
    lastLoginAt: now - HOUR_MS,
  };
  return {
    me: owner,
    byLink: false,
    passwords: { owner: "correct horse battery" },
    setupToken: undefined,
    accounts: [owner],
    sessions: [],
    tokens: [],
    registry: { rooms: [], residents: [], places: [], groups: [] },
    devices: { devices: [], found: [], credentials: false },
    scenes: [],
    privacy: { on: false, senses: [] },
    notices: [],
    channels: { channels: [], webPush: { on: false } },
    routines: [],
    codes: [],
    unheard: [],
    backups: [],
    care: { at: now, state: "ok", checks: [] },
    answers: {},
    asked: [],
    refuse: undefined,
    slowMs: 0,
  };
}

/** Answers as the leader would; `changed` is called for what a live page would be told. */
export function fakeApi(api: FakeApi, changed: (resource: LiveResource) => void): Express {
  const app = express();
  app.use(express.json());
  const refuse = (res: Response, status: number, code: string, detail: string) =>
    res.status(status).type("application/problem+json").send(JSON.stringify({ status, code, detail }));
  const meOf = (account: AccountView): MeView => ({
    account,
    by: "session",
    ...(api.byLink && { byLink: true }),
    scopes: [],
  });

  app.use((req, res, next) => {
    if (req.method !== "GET") {
      const body: unknown = req.body;
      api.asked.push(`${req.method} ${req.path.slice(1)}${req.is("json") ? ` ${JSON.stringify(body)}` : ""}`);
      if (api.refuse) {
        const { status, code, detail } = api.refuse;
        api.refuse = undefined;
        return void refuse(res, status, code, detail);
      }
    }
    if (!api.me && !["/login", "/setup"].includes(req.path))
      return void refuse(res, 401, "LOGIN_NEEDED", "nobody is logged in.");
    if (req.method !== "GET" && api.slowMs > 0) setTimeout(next, api.slowMs);
    else next();
  });

  app.post("/login", (req, res) => {
    const { account, password } = req.body as { account: string; password: string };
    const found = api.accounts.find(({ id }) => id === account.trim().toLowerCase());
    if (!found || api.passwords[found.id] !== password)
      return void refuse(res, 401, "LOGIN_WRONG", "the account or the password is wrong.");
    api.me = found;
    res.json(meOf(found));
  });
  app.post("/setup", (req, res) => {
    const { token } = req.body as { token: string };
    if (token !== api.setupToken) return void refuse(res, 401, "LINK_USED", "this link has been used or is too old.");
    api.setupToken = undefined;
    api.me = api.accounts[0];
    api.byLink = true;
    if (api.me) res.json(meOf(api.me));
  });
  app.post("/logout", (_req, res) => {
    api.me = undefined;
    res.status(204).end();
  });
  app.get("/me", (_req, res) => void (api.me && res.json(meOf(api.me))));

  app.get("/accounts", (_req, res) => void res.json({ accounts: api.accounts }));
  app.post("/accounts", (req, res) => {
    const { password, ...rest } = req.body as {
      name: string;
      role: AccountView["role"];
      password?: string;
      id?: string;
    };
    const id = rest.id ?? rest.name.toLowerCase();
    const account: AccountView = { ...rest, id, hasPassword: password !== undefined, createdAt: Date.now() };
    api.accounts = [...api.accounts, account];
    if (password !== undefined) api.passwords[id] = password;
    changed("accounts");
    res.status(201).json(account);
  });
  app.patch("/accounts/:id", (req, res) => {
    const patch = req.body as Partial<AccountView>;
    api.accounts = api.accounts.map((each) => (each.id === req.params.id ? { ...each, ...patch } : each));
    if (api.me?.id === req.params.id) api.me = { ...api.me, ...patch };
    changed("accounts");
    res.json(api.accounts.find(({ id }) => id === req.params.id));
  });
  app.put("/accounts/:id/password", (req, res) => {
    api.passwords[req.params.id] = (req.body as { new: string }).new;
    api.byLink = false;
    if (api.me?.id === req.params.id) api.me = { ...api.me, hasPassword: true };
    res.status(204).end();
  });
  app.delete("/accounts/:id", (req, res) => {
    api.accounts = api.accounts.filter(({ id }) => id !== req.params.id);
    changed("accounts");
    res.status(204).end();
  });

  app.get("/sessions", (_req, res) => void res.json({ sessions: api.sessions }));
  app.delete("/sessions/:id", (req, res) => {
    const { id: ended } = req.params;
    api.sessions = api.sessions.filter(({ id, current }) => (ended === "others" ? current : id !== ended));
    changed("sessions");
    res.status(204).end();
  });
  const tokensOf = (id: string | undefined) => api.tokens.filter(({ account }) => account === id);
  app.get("/accounts/:id/tokens", (req, res) => void res.json({ tokens: tokensOf(req.params.id) }));
  app.get("/tokens", (_req, res) => void res.json({ tokens: tokensOf(api.me?.id), mayGive: SCOPES }));
  app.post("/tokens", (req, res) => {
    const { name, scopes, days = 365 } = req.body as { name: string; scopes: TokenView["scopes"]; days?: number };
    const createdAt = Date.now();
    const view: TokenView = {
      id: `t${api.tokens.length + 1}`,
      name,
      account: api.me?.id ?? "owner",
      scopes,
      createdAt,
      expiresAt: createdAt + days * 24 * HOUR_MS,
    };
    api.tokens = [...api.tokens, view];
    changed("tokens");
    const qrSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 21 21"><path d="M0 0h7v7h-7zM14 0h7v7h-7zM0 14h7v7h-7z"/></svg>`;
    res.status(201).json({ token: "skein_0123456789abcdefghijklmnopqrstuv", view, qrSvg });
  });
  app.delete("/tokens/:id", (req, res) => {
    api.tokens = api.tokens.filter(({ id }) => id !== req.params.id);
    changed("tokens");
    res.status(204).end();
  });

  app.get("/registry", (_req, res) => void res.json(api.registry));
  app.post(["/rooms", "/residents"], (req, res) => {
    const kind = req.path.slice(1) as "rooms" | "residents";
    const body = req.body as { name: string; private?: boolean };
    const item = { private: false, ...body, id: body.name.toLowerCase() };
    api.registry = { ...api.registry, [kind]: [...api.registry[kind], item] };
    changed("registry");
    res.status(201).json(item);
  });
  app.patch(["/rooms/:id", "/residents/:id"], (req, res) => {
    const kind = req.path.split("/")[1] as "rooms" | "residents";
    const items = api.registry[kind].map((item) =>
      item.id === req.params["id"] ? { ...item, ...(req.body as object) } : item,
    );
    api.registry = { ...api.registry, [kind]: items };
    changed("registry");
    res.json(items.find(({ id }) => id === req.params["id"]));
  });
  app.delete(["/rooms/:id", "/residents/:id"], (req, res) => {
    const kind = req.path.split("/")[1] as "rooms" | "residents";
    api.registry = { ...api.registry, [kind]: api.registry[kind].filter(({ id }) => id !== req.params["id"]) };
    changed("registry");
    res.status(204).end();
  });
  app.get("/residents/:id/data", (req, res) => {
    const resident = api.registry.residents.find(({ id }) => id === req.params.id);
    const items = [{ at: Date.now() - HOUR_MS, where: "events", what: "came home" }];
    res.json({ resident, kept: { events: 1, journal: 12 }, items });
  });
  app.delete("/residents/:id/data", (_req, res) => void res.status(204).end());
  app.put("/places/:kind/:id", (req, res) => {
    const { kind, id } = req.params as { kind: "follower" | "device"; id: string };
    const { room, name } = req.body as { room?: string | null; name?: string | null };
    const before = api.registry.places.find((place) => place.kind === kind && place.id === id);
    const newRoom = room === undefined ? before?.room : (room ?? undefined);
    const newName = name === undefined ? before?.name : (name ?? undefined);
    const place = { kind, id, ...(newRoom ? { room: newRoom } : {}), ...(newName ? { name: newName } : {}) };
    api.registry = { ...api.registry, places: [...api.registry.places.filter((each) => each !== before), place] };
    changed("registry");
    res.json(place);
  });

  fakeDevices(app, api, changed);
  app.get("/privacy", (_req, res) => void res.json(api.privacy));
  app.put("/privacy", (req, res) => {
    const { on } = req.body as { on: boolean };
    api.privacy = { ...api.privacy, on, since: Date.now(), by: api.me?.id ?? "" };
    changed("privacy");
    res.json(api.privacy);
  });
  app.get("/notices", (_req, res) => void res.json({ notices: api.notices }));
  app.get("/notices/channels", (_req, res) => void res.json(api.channels));
  app.post("/notices/test", (_req, res) => {
    const notice: NoticeView = {
      id: `test-${api.notices.length}`,
      at: Date.now(),
      severity: "info",
      title: "Test",
      text: "A test.",
      hasPicture: false,
      actions: [],
      sent: { page: { ok: true }, ntfy: { ok: true } },
    };
    api.notices = [notice, ...api.notices];
    changed("notices");
    res.json(notice);
  });
  app.post("/notices/:id/:what", (req, res) => {
    const { action } = (req.body ?? {}) as { action?: string };
    const parts: Partial<NoticeView> =
      action === undefined
        ? { dismissedAt: Date.now() }
        : { answered: { action, by: api.me?.id ?? "", at: Date.now() } };
    api.notices = api.notices.map((each) => (each.id === req.params.id ? { ...each, ...parts } : each));
    changed("notices");
    res.status(204).end();
  });
  app.get("/routines", (_req, res) => void res.json({ routines: api.routines }));
  app.post("/routines/:id", (_req, res) => void res.json({}));

  app.get("/join-codes", (_req, res) => void res.json({ codes: api.codes, unheard: api.unheard }));
  app.post("/join-codes", (req, res) => {
    const code = "K7QM-2XNP";
    const view: JoinCodeView = {
      ...(req.body as object),
      code,
      expiresAt: Date.now() + 600_000,
      command: `node agent.js join ${code} --leader http://192.168.1.20:1890`,
    };
    api.codes = [...api.codes, view];
    changed("join-codes");
    res.status(201).json(view);
  });
  app.delete("/join-codes/:code", (req, res) => {
    api.codes = api.codes.filter(({ code }) => code !== req.params.code);
    changed("join-codes");
    res.status(204).end();
  });

  app.get("/care", (_req, res) => void res.json(api.care));
  app.get("/backups", (_req, res) => void res.json({ backups: api.backups }));
  app.post("/backups", (_req, res) => {
    const at = Date.now();
    const backup: BackupView = { id: `skein-${at}.tar.gz`, at, bytes: 4_200_000, version: "0.1.0" };
    api.backups = [backup, ...api.backups];
    changed("backups");
    res.status(201).json(backup);
  });
  app.get(/.*/, (req, res, next) => {
    const answer = api.answers[req.path.slice(1)];
    if (answer) res.json(answer(new URL(req.url, "http://page").searchParams));
    else next();
  });
  app.post(["/followers/:id/commands", "/snapshots/:id/rollback", "/flows/import"], (_req, res) => void res.json({}));
  app.delete("/followers/:id", (req, res) => {
    api.unheard = api.unheard.filter(({ id }) => id !== req.params.id);
    res.status(204).end();
  });
  app.use((req, res) => void refuse(res, 404, "ROUTE_UNKNOWN", `there is no ${req.method} ${req.path}.`));
  return app;
}
