/** Through a real leader: a press on the page, a node's command over the bus, and a scene over fifty lights. */
import { createBus, createTransport } from "@skein/bus";
import { devicesCommand, devicesReached } from "@skein/contracts";
import { createIds, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { startLeader } from "../support/leader";
import { OWNER, startLamps } from "./kasa.lamps";
import { ms } from "./kasa.wire";
import { percentile } from "./shared.process";

const LIGHTS = 50;

export interface HouseFigures {
  readonly pressP50Ms: number;
  readonly pressP99Ms: number;
  readonly busP50Ms: number;
  readonly busP99Ms: number;
  readonly sceneP50Ms: number;
  readonly sceneMaxMs: number;
}

/** @param presses how many of each; @param scenes how often the scene is applied */
export async function house(presses: number, scenes: number): Promise<HouseFigures> {
  const { lamps, stop } = await startLamps(Array.from({ length: LIGHTS }, () => ({})));
  const leader = await startLeader({ settings: { devices: { kasa: { askAt: lamps.map(({ host }) => host) } } } });
  const flows = leader.busUser("bench", "flows");
  const bus = createBus({
    id: "bench",
    transport: createTransport(
      { ...flows, clientId: "skein-bench" },
      { clock: systemClock, random: systemRandom, logger: silentLogger },
    ),
    clock: systemClock,
    random: systemRandom,
    ids: createIds(systemClock, systemRandom),
    logger: silentLogger,
    presence: { as: "none" },
  });
  const ask = async (method: string, path: string, body?: object) => {
    const response = await leader.fetch(`/api/v1/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : ((await response.json()) as unknown);
  };
  try {
    await ask("PUT", "devices/credentials", OWNER);
    await ask("POST", "devices/discover", {});
    for (const { id } of lamps) await ask("POST", "devices", { id });
    const [first] = lamps;
    if (!first) throw new Error("no lamp");
    const timed = async (times: number, act: (n: number) => Promise<unknown>): Promise<number[]> => {
      const took: number[] = [];
      for (let n = 0; n < times; n++) {
        const before = performance.now();
        await act(n);
        took.push(performance.now() - before);
        // Nobody presses without a pause; without one, garbage collection of a loop is measured and not a press.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return took;
    };
    const press = (n: number) => ask("PATCH", `devices/${first.id}`, { brightness: 1 + (n % 100) });
    const command = async (n: number) => {
      const changes = [{ device: first.id, set: { brightness: 1 + (n % 100) } }];
      const outcome = await bus.request(devicesCommand, {}, { action: "set", changes }, { timeoutMs: 10_000 });
      if (!outcome.ok) throw new Error(outcome.message);
    };
    await timed(30, press);
    const pressed = await timed(presses, press);
    await waitForLeader(command);
    const sent = await timed(presses, command);
    for (const { id } of lamps) await ask("PATCH", `devices/${id}`, { brightness: 40 });
    const { id: scene } = (await ask("POST", "scenes", { name: "Bench", devices: lamps.map(({ id }) => id) })) as {
      id: string;
    };
    const applied = await timed(scenes, async () => {
      const { devices } = devicesReached.parse(await ask("POST", `scenes/${scene}/apply`, {}));
      if (devices.length !== LIGHTS || devices.some(({ ok }) => !ok)) throw new Error("a light was not reached");
    });
    return {
      pressP50Ms: ms(percentile(pressed, 0.5)),
      pressP99Ms: ms(percentile(pressed, 0.99)),
      busP50Ms: ms(percentile(sent, 0.5)),
      busP99Ms: ms(percentile(sent, 0.99)),
      sceneP50Ms: ms(percentile(applied, 0.5)),
      sceneMaxMs: ms(Math.max(...applied)),
    };
  } finally {
    await bus.close(1000);
    await leader.stop();
    stop();
  }
}

/** A new participant has to hear of the leader first. */
async function waitForLeader(command: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; ; n++) {
    try {
      return await command(n);
    } catch (error) {
      if (n > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
