/** The desk of a Node-RED without a leader: it owns the connections itself, with the leader's own client. Rooms and groups it has none. */
import type { DeviceChange, DevicesReached, LightStateView } from "@skein/contracts";
import type { HeldDevice, KasaClient } from "@skein/kasa";
import { createLogger, hasCode, messageOf, SkeinError, type Clock, type IdSource } from "@skein/kit";
import { createListeners } from "@skein/palette";
import type { Light, LightDesk, News, Ordered } from "./light-desk";
import type { SceneStore } from "./scene-store";

const logger = createLogger({ name: "skein-kasa-direct", level: "warn" });
const NO_HOUSE: LightDesk["house"] = { rooms: [], places: [], groups: [] };

export interface DirectDesk extends LightDesk {
  /** The first discovery is over: from now on who is not there is not there. */
  settle(): void;
  close(): void;
}

export function createDirectDesk(parts: {
  readonly id: string;
  readonly client: KasaClient;
  readonly scenes: SceneStore;
  readonly clock: Clock;
  readonly newId: IdSource;
}): DirectDesk {
  const { id, client, scenes, clock, newId } = parts;
  const changes = createListeners<[]>(logger);
  const news = createListeners<[News]>(logger);
  let settled = false;
  const stop = client.on((event) => {
    if (event.type === "state" && event.cause.kind === "elsewhere" && event.before)
      news.call({
        light: lightOf(event.device),
        before: event.before,
        source: { id: newId(), at: clock.now(), from: id },
      });
    if (event.type !== "energy") changes.call();
  });
  const setAll = async (orders: readonly Ordered[]): Promise<DevicesReached> => ({
    devices: await Promise.all(
      orders.map(async ({ device, set }) => {
        try {
          const { state, ms, fading } = await client.set(device, set, { issuer: id });
          return { device, ok: true as const, state, ms, ...(fading && { fading }) };
        } catch (error) {
          return {
            device,
            ok: false as const,
            code: hasCode(error) ? error.code : "NODE_FAILED",
            message: messageOf(error),
          };
        }
      }),
    ),
  });
  const get = (device: string): Light | undefined => {
    const found = client.get(device);
    return found && lightOf(found);
  };
  return {
    id,
    presence: "there",
    get ready() {
      return settled;
    },
    // A power strip is none itself: its outlets are.
    lights: () =>
      client
        .held()
        .map(lightOf)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    get,
    house: NO_HOUSE,
    get scenes() {
      return scenes.list().map(({ name }) => ({ id: name, name }));
    },
    open: () => Promise.resolve(),
    set: setAll,
    async applyScene(name, transitionMs) {
      const found = scenes.list().find((scene) => scene.name.toLowerCase() === name.toLowerCase());
      if (!found)
        throw new SkeinError("SCENE_UNKNOWN", `there is no scene "${name}".`, {
          hint: 'Save one: {saveScene: "Movie"} keeps how the lights stand.',
        });
      const fade = transitionMs === undefined ? {} : { transitionMs };
      return setAll(found.devices.map(({ device, set }) => ({ device, set: { ...set, ...fade } })));
    },
    async saveScene(name, devices) {
      const states = devices.flatMap((device) => {
        const state = get(device)?.state;
        return state ? [{ device, set: changeTo(state) }] : [];
      });
      scenes.save({ name, devices: states });
      changes.call();
    },
    async discover() {
      const held = client.held().length;
      await client.discover();
      return Math.max(0, client.held().length - held);
    },
    onNews: news.add,
    onChange: changes.add,
    settle() {
      settled = true;
      changes.call();
    },
    close: stop,
  };
}

/** What brings a light to this state; of one that is off that is all there is to be said. */
const changeTo = (state: LightStateView): DeviceChange => (state.on ? { ...state } : { on: false });

function lightOf({ id, info, state, fading, diagnosis }: HeldDevice): Light {
  const { condition, text } = diagnosis;
  return {
    id,
    name: info?.alias || id,
    virtual: false,
    kind: info?.kind,
    abilities: info && { ...info.abilities, effects: [...info.abilities.effects] },
    state,
    fading,
    condition,
    ...(condition === "ok" ? {} : { why: text }),
  };
}
