/** The leader's devices over the bus. One view a bus, for as long as that lives: the nodes that a deploy makes anew find it filled. */
import type { Because, Bus } from "@skein/bus";
import {
  devicesCommand,
  devicesReached,
  deviceState,
  foundList,
  scenesState,
  type DevicesReached,
  type DeviceStateData,
  type InputOf,
} from "@skein/contracts";
import { createLogger, hasCode, SkeinError, type Clock } from "@skein/kit";
import { createEar, createListeners, houseRegistryOf, watchLeaderPresence, type Source } from "@skein/palette";
import { isNews } from "./elsewhere";
import type { Light, LightDesk, News } from "./light-desk";

/** A light that is switched later than this, ms, surprises whoever is in the room. */
const WORTH_MS = 5000;
/** The leader's client gives a device 5 s; then it has an answer. */
const ANSWER_MS = 12_000;

const logger = createLogger({ name: "skein-kasa-light", level: "warn" });
const desks = new WeakMap<Bus, BusDesk>();

/** Whoever comes after a refusal has what was refused tried anew, for all. */
export function busDeskOf(bus: Bus, clock: Clock): LightDesk {
  const found = desks.get(bus);
  found?.listenAgain();
  const made = found ?? openBusDesk(bus, clock);
  desks.set(bus, made);
  return made.desk;
}

interface BusDesk {
  readonly desk: LightDesk;
  /** To what the broker refused, and to nothing twice. */
  listenAgain(): void;
}

interface Heard {
  readonly light: Light;
  readonly data: DeviceStateData;
}

function openBusDesk(bus: Bus, clock: Clock): BusDesk {
  const changes = createListeners<[]>(logger);
  const news = createListeners<[News]>(logger);
  const heard = new Map<string, Heard>();
  let scenes: LightDesk["scenes"] = [];
  const watchLeader = () => watchLeaderPresence(bus, changes.call, clock);
  let leader = watchLeader();
  let registry = houseRegistryOf(bus);
  let leaveRegistry = registry.onChange(changes.call);

  const hear = (id: string, data: DeviceStateData | null, source: Source, replayed: boolean) => {
    const before = heard.get(id)?.data;
    if (!data) heard.delete(id);
    else {
      const light: Light = { id, ...data };
      heard.set(id, { light, data });
      if (before?.state && isNews(before, data, replayed)) news.call({ light, before: before.state, source });
    }
    changes.call();
  };
  const onCleared = ({ id }: { id: string }) => {
    heard.delete(id);
    changes.call();
  };
  const refused = (what: string) => (error: unknown) =>
    logger.warn({ err: error }, `cannot listen to the leader's ${what}`);
  const ears = [
    createEar(
      () =>
        bus.subscribe(deviceState, {}, ({ ids, data, envelope, retained }) => hear(ids.id, data, envelope, retained), {
          onCleared,
        }),
      refused("devices"),
    ),
    createEar(
      () =>
        bus.subscribe(scenesState, {}, ({ data }) => {
          scenes = data.scenes;
          changes.call();
        }),
      refused("scenes"),
    ),
  ];
  const listenAgain = () => {
    const deaf = ears.filter(({ isRefused }) => isRefused);
    if (deaf.length === 0) return;
    for (const ear of deaf) ear.listenAgain();
    // These do not say whether they were refused as well: who has not been heard may be heard now.
    if (leader.now === "never") {
      leader.stop();
      leader = watchLeader();
    }
    if (registry.ready) return;
    leaveRegistry();
    registry = houseRegistryOf(bus);
    leaveRegistry = registry.onChange(changes.call);
  };

  const ask = async (command: InputOf<typeof devicesCommand>, because: Because, fadeMs = 0): Promise<unknown> => {
    const options = { ...because, ttlMs: WORTH_MS, timeoutMs: ANSWER_MS + fadeMs };
    const outcome = await bus.request(devicesCommand, {}, command, options).catch((error: unknown) => {
      if (hasCode(error, "REQUEST_TIMEOUT") && leader.now !== "there") throw absent(leader.now === "never");
      throw error;
    });
    if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
    return outcome.result;
  };
  const reached = (result: unknown): DevicesReached => devicesReached.parse(result);

  const desk: LightDesk = {
    id: bus.id,
    get presence() {
      return leader.now;
    },
    get ready() {
      return registry.ready;
    },
    lights: () => [...heard.values()].map(({ light }) => light).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    get: (id) => heard.get(id)?.light,
    get house() {
      return registry.now;
    },
    get scenes() {
      return scenes;
    },
    async open() {
      // Right after a deploy or a start there is no link yet, and nothing is known of a leader.
      const presence = await leader.known(WORTH_MS);
      if (presence === "no-bus")
        throw new SkeinError("BUS_DOWN", "there is no connection to the bus, so no light can be asked.", {
          hint: "Look at the Skein bus that this node uses.",
        });
      if (presence !== "there") throw absent(presence === "never");
    },
    async set(orders, because) {
      const fadeMs = Math.max(0, ...orders.map(({ set }) => set.transitionMs ?? 0));
      return reached(await ask({ action: "set", changes: [...orders] }, because, fadeMs));
    },
    async applyScene(scene, transitionMs, because) {
      const fade = transitionMs === undefined ? {} : { transitionMs };
      return reached(await ask({ action: "scene-apply", scene, ...fade }, because, transitionMs));
    },
    async saveScene(name, devices, because) {
      await ask({ action: "scene-save", name, devices: [...devices] }, because);
    },
    async discover() {
      const { found } = foundList.parse(await ask({ action: "discover" }, {}));
      return found.length;
    },
    onNews: news.add,
    onChange: changes.add,
  };
  return { desk, listenAgain };
}

const absent = (never: boolean): SkeinError =>
  new SkeinError(
    "LEADER_ABSENT",
    never ? "there is no leader who owns the lights." : "the leader is away, so no light can be asked.",
    {
      hint: never
        ? "Start the leader, or choose a direct connection in this node where there is none."
        : "It comes back by itself after a restart; look at its log when it does not.",
    },
  );
