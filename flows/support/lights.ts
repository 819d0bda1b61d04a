/**
 * A house with lights for the tests of flows: the real core with the real Kasa client, emulated bulbs on real sockets in its living
 * room, and Node-RED running one flow file, unchanged.
 */
import { deviceState, type DeviceStateData } from "@skein/contracts";
import { createKasaClient } from "@skein/kasa";
import { startDeviceEmulator, type DeviceEmulator } from "@skein/kasa/emulator";
import { systemClock, systemRandom } from "@skein/kit";
import request from "supertest";
import { coreOnMemory } from "../../runtime/src/core/testing/core-on-memory";
import { bearer } from "../../runtime/src/core/testing/owner";
import { eventually, until } from "../../test/support/eventually";
import { runFlow, type RunningFlow } from "./house";

/** Nobody else's: test files run side by side, in processes of their own. */
const freshHost = () => `127.${50 + (process.pid % 50)}.${Math.floor(process.pid / 50) % 250}.${++lastHost}`;
let lastHost = 0;

export interface LitHouse {
  readonly bulbs: readonly DeviceEmulator[];
  /** How they shine, in order. */
  look(): object[];
  /** The flow, as it runs now. */
  readonly flow: RunningFlow;
  /** Resolves when the leader has told the bus that a bulb stands like this. */
  told(n: number, said: object): Promise<void>;
  switch(n: number, change: object): Promise<void>;
  /** The flow host ends and starts again; what the flow keeps in its context lies on the house's disk. */
  restartFlow(): Promise<void>;
  /** Core ends and starts again. */
  restartLeader(): Promise<void>;
  close(): Promise<void>;
}

/** @param file relative to flows/ @param keeper a node of the flow, to find its context by */
export async function startLights(file: string, keeper: string, count = 2): Promise<LitHouse> {
  const hosts = Array.from({ length: count }, freshHost);
  const bulbs = await Promise.all(
    hosts.map((host, n) =>
      startDeviceEmulator(
        {
          kind: "bulb",
          family: "iot",
          protocol: "xor",
          alias: `Lamp ${n + 1}`,
          mac: `50:C7:BF:00:01:0${n}`,
          host,
        },
        { clock: systemClock, random: systemRandom },
      ),
    ),
  );
  const core = await coreOnMemory({
    createKasa: createKasaClient,
    settings: {
      devices: { kasa: { askAt: hosts.map((host) => ({ host })), pollMs: 500, answerMs: 2000 } },
    },
  });
  const call = (method: "post" | "patch", path: string, body: object) =>
    request(core.url)[method](`/api/v1${path}`).set(bearer(core.owner)).send(body);
  const onlooker = core.bus("onlooker");
  const said = new Map<string, DeviceStateData | null>();
  await onlooker.subscribe(deviceState, {}, ({ ids, data }) => void said.set(ids.id, data));
  await call("post", "/rooms", { name: "Living room" }).expect(201);
  for (const { id } of bulbs)
    await eventually(async () =>
      expect((await call("post", "/devices", { id, room: "living-room" })).status).toBe(201),
    );
  const idOf = (n: number) => bulbs[n]?.id ?? "";
  const told = (n: number, what: object) => eventually(() => expect(said.get(idOf(n))).toMatchObject(what));
  for (const n of bulbs.keys()) await told(n, { condition: "ok" });

  const bus = core.bus("flow-host");
  const start = async (remembered?: Record<string, unknown>) => {
    const running = await runFlow(file, { bus }, remembered);
    await until(() => bus.link.up);
    return running;
  };
  let flow = await start();
  return {
    bulbs,
    get flow() {
      return flow;
    },
    look: () => bulbs.flatMap((bulb) => bulb.look().map(({ state }) => state)),
    told,
    switch: async (n, change) => void (await call("patch", `/devices/${idOf(n)}`, change).expect(200)),
    async restartFlow() {
      const kept = flow.remembered(keeper);
      await flow.stop();
      flow = await start(kept);
    },
    restartLeader: () => core.restart(),
    async close() {
      await flow.stop();
      await core.stop();
      await Promise.all(bulbs.map((bulb) => bulb.close()));
    },
  };
}
