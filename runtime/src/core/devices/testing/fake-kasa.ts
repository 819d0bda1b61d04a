/** A Kasa client for fast tests: devices are plain objects in it, that the test finds, switches by hand, takes away and brings back. */
import type {
  Condition,
  Credentials,
  DeviceInfo,
  Diagnosis,
  Found,
  HeldDevice,
  KasaClient,
  KasaEvent,
  KasaOptions,
  LightState,
  Protocol,
} from "@skein/kasa";
import { SkeinError } from "@skein/kit";

export interface FakeKasa extends KasaClient {
  /** What it was last given. */
  readonly credentials: Credentials | undefined;
  readonly asked: readonly (readonly string[])[];
  /** It answers discoveries from now on. */
  appear(id: string, more?: Partial<Found>): Found;
  /** It answers its first question: what it is, and how it stands. */
  answer(id: string, state: LightState, info?: Partial<DeviceInfo>): void;
  /** A hand on the wall switch. */
  byHand(id: string, state: LightState): void;
  away(id: string, condition?: Condition): void;
  back(id: string): void;
  power(id: string, powerW: number): void;
  protocol(id: string, to: Protocol): void;
}

export const macOf = (id: string): string =>
  (id.slice(5).match(/../g) ?? []).slice(0, 6).join(":").toUpperCase() || "00:00:00:00:00:00";

export function createFakeKasa({ clock, credentials: given, askAt }: KasaOptions): FakeKasa {
  const devices = new Map<string, HeldDevice>();
  const seen = new Map<string, Found>();
  const listeners = new Set<(event: KasaEvent) => void>();
  const asked: string[][] = [];
  let credentials = given;
  const emit = (event: KasaEvent) => {
    for (const listener of listeners) listener(event);
  };
  const get = (id: string): HeldDevice => {
    const device = devices.get(id);
    if (!device) throw new SkeinError("DEVICE_UNKNOWN", `no device "${id}" is held.`);
    return device;
  };
  const put = (device: HeldDevice): HeldDevice => {
    devices.set(device.id, device);
    return device;
  };
  const diagnosis = (condition: Condition): Diagnosis => ({
    condition,
    since: clock.now(),
    text: condition === "ok" ? "it is connected." : "nobody answers at its address.",
    tried: [],
  });
  const judge = (id: string, condition: Condition) => {
    const before = get(id).diagnosis;
    emit({ type: "diagnosis", device: put({ ...get(id), diagnosis: diagnosis(condition) }), before });
  };
  const reached = (id: string): HeldDevice => {
    const device = get(id);
    if (device.diagnosis.condition !== "ok") throw new SkeinError("DEVICE_UNREACHABLE", device.diagnosis.text);
    return device;
  };
  const stand = (id: string, state: LightState, cause: Extract<KasaEvent, { type: "state" }>["cause"]) => {
    const before = get(id).state;
    emit({ type: "state", device: put({ ...get(id), state, confirmedAt: clock.now() }), cause, before });
  };
  return {
    get credentials() {
      return credentials;
    },
    asked,
    appear(id, more = {}) {
      const endpoint = { host: "192.168.1.20", port: 9999 };
      const found: Found = {
        id,
        mac: macOf(id),
        model: "KL130",
        alias: id,
        endpoint,
        protocol: "xor",
        at: clock.now(),
        ...more,
      };
      seen.set(id, found);
      emit({ type: "found", found });
      return found;
    },
    answer(id, state, more = {}) {
      const info: DeviceInfo = {
        id,
        kind: "bulb",
        family: "iot",
        model: "KL130",
        alias: id,
        mac: macOf(id),
        firmware: "1.0",
        hardware: "1.0",
        abilities: {
          brightness: true,
          color: true,
          kelvin: { min: 2500, max: 9000 },
          effects: [],
          transition: true,
          energy: true,
        },
        ...more,
      };
      put({ ...(devices.get(id) ?? { id, diagnosis: diagnosis("connecting") }), info });
      judge(id, "ok");
      stand(id, state, { kind: "first" });
    },
    byHand: (id, state) => stand(id, state, { kind: "elsewhere" }),
    away: (id, condition = "unreachable") => judge(id, condition),
    back: (id) => judge(id, "ok"),
    power: (id, powerW) => emit({ type: "energy", device: get(id), energy: { powerW } }),
    protocol(id, to) {
      const from = get(id).protocol ?? "xor";
      emit({ type: "protocol-changed", device: put({ ...get(id), protocol: to }), from, to });
    },
    hold: ({ id, endpoint, protocol }) => void put({ id, endpoint, protocol, diagnosis: diagnosis("connecting") }),
    release(id) {
      for (const device of devices.values())
        if (device.id === id || device.info?.parent === id) devices.delete(device.id);
    },
    held: () => [...devices.values()],
    get: (id) => devices.get(id),
    async set(id, { effect, brightness, ...change }, by) {
      await Promise.resolve();
      const { state } = reached(id);
      const on = change.on ?? brightness !== 0;
      const { on: _on, transitionMs: _transitionMs, ...shown } = change;
      const after: LightState = {
        ...state,
        ...shown,
        ...(typeof effect === "string" && { effect }),
        ...(brightness !== undefined && brightness > 0 && { brightness }),
        on,
      };
      stand(id, after, { kind: "command", by });
      return { state: after, ms: 1 };
    },
    async step(id, points, by) {
      const { state } = reached(id);
      return this.set(id, { brightness: Math.min(100, Math.max(1, (state?.brightness ?? 1) + points)) }, by);
    },
    refresh: async (id) => reached(id).state ?? { on: false },
    energy: () => Promise.resolve({ powerW: 0 }),
    discover(options = {}) {
      const hosts = (options.askAt ?? askAt)?.map(({ host }) => host) ?? ["everywhere"];
      asked.push(hosts);
      const answered = [...seen.values()].filter(({ endpoint }) => !options.askAt || hosts.includes(endpoint.host));
      for (const { id, endpoint } of answered) {
        const held = devices.get(id);
        const from = held?.endpoint;
        if (!held || !from || held.diagnosis.condition === "ok" || from.host === endpoint.host) continue;
        emit({ type: "moved", device: put({ ...held, endpoint }), from, to: endpoint });
        judge(id, "ok");
      }
      return Promise.resolve(answered);
    },
    found: () => [...seen.values()],
    setCredentials: (next) => void (credentials = next),
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
}
