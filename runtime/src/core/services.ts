/** Everything that the house's core does, made and handed to each other; how it is reached over HTTP is web/open-web.ts. */
import { uptime } from "node:os";
import { basename, join } from "node:path";
import { createBus, createFileJournal, createTransport } from "@skein/bus";
import { FLOW_HOST_ID } from "@skein/contracts";
import { openHistory } from "@skein/history";
import { createIds } from "@skein/kit";
import type { CoreInit } from "../launcher/ipc";
import { createActions } from "./actions";
import { answersDocument, createOnce } from "./api/once";
import { openAuth } from "./auth/auth";
import { watchLogins } from "./auth/login-watch";
import { createCare } from "./care/care";
import { certificatesOf } from "./care/looks";
import type { CoreParts } from "./core-parts";
import { furnishDemo } from "./devices/furnish-demo";
import { openDevices } from "./devices/open-devices";
import type { EventSink, OnChanged } from "./event-sink";
import { nextEpoch } from "./fleet/epoch";
import { createFleetService } from "./fleet/fleet-service";
import { openFlowSide } from "./flows/flow-side";
import { markStart, tapJournal } from "./history/journal-tap";
import { eventsAfter, retentionOf } from "./history/house-history";
import { recordFleet } from "./history/record-fleet";
import { createHouse } from "./house";
import { endRemovals } from "./joining/end-removals";
import { openAccounts, openJoining } from "./joining/open-joining";
import { placesIn } from "./joining/places";
import { openKeeping } from "./keeping";
import { createLiveFeed, type LiveFeed } from "./live/feed";
import { createLiveSockets } from "./live/sockets";
import { createLiveStreams } from "./live/sse";
import { createMetrics } from "./metrics/metrics";
import { createNotices } from "./notices/notices";
import { tellMassLosses } from "./notices/mass-loss-notice";
import { signedLater } from "./registry/residents";
import { createRoutines } from "./routines/routines";
import { createCallerOf } from "./web/caller";
import { checkMayListen } from "./web/listen";

export type Services = Awaited<ReturnType<typeof openServices>>;

/** @throws SkeinError as startCore says */
export async function openServices(
  init: CoreInit,
  { clock, random, logger, askLauncher, createKasa }: Omit<CoreParts, "tellSetupLink" | "createProxy" | "root">,
) {
  const { dataDir, settings, version, demo, ports } = init;
  const part = (name: string) => logger.child({ part: name });
  const ids = createIds(clock, random);
  const events: EventSink = { add: (event) => void history.events.add(event) };
  const logins = watchLogins(clock);
  const onChanged: OnChanged = (resource) => {
    feed.changed(resource);
    logins.changed(resource);
    if (resource === "accounts") notices.forgetGone().catch(() => {});
  };
  const onBad = (text: string) =>
    void notices
      .tell({ severity: "alarm", text })
      .catch((error: unknown) => part("notices").error({ err: error }, `not told: ${text}`));
  const callerOf = createCallerOf(settings.http.trustedProxies);
  const auth = openAuth({
    dir: join(dataDir, "core"),
    port: ports.http,
    clock,
    random,
    ids,
    events,
    onChanged,
    onSessionsEnded: (which) => notices.forgetSessions(which),
    addressOf: (req) => callerOf(req).address,
  });
  // Before anything is opened that would have to be closed again.
  checkMayListen(settings.http, auth.accounts.owned);
  const epoch = nextEpoch(join(dataDir, "core", "epoch"));
  const journal = createFileJournal(join(dataDir, "core", "commands.jsonl"));
  const history = await openHistory({
    file: join(dataDir, "history", "history.db"),
    clock,
    logger: part("history"),
    retention: retentionOf(settings.history),
  });
  if (auth.sessions.putAside !== undefined) {
    const text = `Who was logged in could not be read: everybody logs in anew. The file is kept as core/${basename(auth.sessions.putAside)}.`;
    logger.error({ code: "DOCUMENT_UNREADABLE" }, text);
    events.add({ type: "sessions-lost", severity: "warning", text });
  }
  markStart(history.journal, { version, epoch });
  const bus = createBus({
    id: "leader",
    transport: createTransport(init.bus, { clock, random, logger: part("bus") }),
    clock,
    random,
    ids,
    logger: part("bus"),
    presence: { as: "leader", version, epoch },
    journal,
  });
  // Before the bus is up: the first that it says is that the leader is here.
  const stopJournal = await tapJournal(bus, history.journal);
  const { clockMs, massLossWindowMs, ...limits } = settings.fleet;
  const fleet = await createFleetService({
    bus,
    clock,
    logger: part("fleet"),
    file: join(dataDir, "core", "fleet.json"),
    limits: withoutUndefined(limits),
    clockMs,
    massLossWindowMs,
  });
  const { actorOf, actorStill } = auth;
  const accounts = openAccounts(init, { clock, random });
  const flowSide = await openFlowSide(init, {
    bus,
    actorOf,
    actorStill,
    clock,
    random,
    ids,
    events,
    onChanged,
    onBad,
    logger: part("flows"),
  });
  const house = createHouse(bus, settings.bus.kind !== "embedded");
  const actions = await createActions({
    fleet,
    house,
    bus,
    events,
    clock,
    demo,
    givenName: (id) => keeping.registry.placeOf("follower", id).name,
    accounts: accounts.removable,
    askLauncher,
  });
  const metrics = createMetrics({ bus, fleet, house });
  const feed: LiveFeed = createLiveFeed({ fleet, house, actions, clock, name: settings.house.name, version, demo });
  const notices = await createNotices({
    bus,
    clock,
    random,
    logger: part("notices"),
    dir: join(dataDir, "core"),
    settings: settings.notices,
    house: settings.house.name,
    isAccount: (id) => auth.accounts.get(id) !== undefined,
    events,
    onChanged,
  });
  tellMassLosses(fleet, notices, part("notices"));
  const routines = await createRoutines({
    bus,
    // Of a Node-RED that is not ours nobody knows more than that it opened a routine.
    isUp: (host) => host !== FLOW_HOST_ID || house.health().flowHost === "up",
    events,
    onChanged,
  });
  const onlookers = { feed, actorStill, onLoginsChanged: logins.listen };
  const live = createLiveSockets({ ...onlookers, actorOf, actions, logger: part("live") });
  const stopDoors = logins.listen(() => flowSide.doors.kept.check());
  const eventsSince = (id: number) => eventsAfter(history.events, id);
  const streams = createLiveStreams({ ...onlookers, clock, eventsSince });
  const stopTelling = history.events.onAdded((event) => feed.event(event));
  const stopRecording = await recordFleet({ bus, fleet, history, events, clock });
  const once = createOnce({ file: join(dataDir, "core", answersDocument.name), clock, logger: part("api") });
  const keeping = openKeeping({
    dataDir,
    version,
    settings,
    bus,
    fleet,
    auth,
    history,
    signed: [notices, flowSide.hooks, flowSide.snapshots, once, signedLater(() => deviceSide.devices)],
    editor: flowSide,
    events,
    onChanged,
    clock,
    logger,
  });
  const deviceSide = await openDevices({
    dataDir,
    settings: settings.devices,
    virtual: demo,
    createKasa,
    bus,
    history,
    registry: keeping.registry,
    feed,
    metrics,
    events,
    onChanged,
    clock,
    random,
    logger: part("devices"),
  });
  const stopFurnishing = init.demoLamps
    ? furnishDemo(init.demoLamps, { ...deviceSide, registry: keeping.registry, clock, logger: part("devices") })
    : () => {};
  const stopRemovals = endRemovals({
    accounts: accounts.all,
    onOut: (id) => actions.removed(id),
    clock,
    logger: part("joining"),
  });
  const care = createCare({
    dataDir,
    certificates: certificatesOf(settings),
    bus,
    house,
    history,
    backups: keeping.backups,
    backupSettings: settings.backup,
    uptimeMs: () => uptime() * 1000,
    registry: metrics.registry,
    events,
    onChanged,
    onBad,
    clock,
    logger: part("care"),
  });
  const joining = openJoining(init, {
    clock,
    random,
    accounts: accounts.all,
    isKnown: (id) => fleet.get(id) !== undefined,
    places: placesIn(keeping.registry),
    events,
    onChanged,
  });
  return {
    auth,
    callerOf,
    bus,
    fleet,
    history,
    events,
    flowSide,
    house,
    actions,
    metrics,
    notices,
    routines,
    once,
    keeping,
    deviceSide,
    care,
    joining,
    live,
    streams,
    clock,
    /** Pages and streams, before the port is closed behind them. */
    async sendOnlookersAway() {
      feed.close();
      streams.close();
      await live.close();
    },
    async close() {
      care.close();
      stopFurnishing();
      await deviceSide.close();
      keeping.close();
      await notices.close();
      await routines.close();
      await flowSide.close();
      await fleet.close();
      house.close();
      stopRemovals();
      stopTelling();
      stopDoors();
      logins.close();
      await stopRecording();
      await stopJournal();
      // Says that the leader is away, so that nodes show `unknown` at once and not after the will.
      await bus.close(1500);
      journal.close();
      await history.close();
    },
  };
}

/** What is left out keeps the detector's own default. */
const withoutUndefined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
