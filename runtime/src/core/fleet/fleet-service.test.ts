/** The fleet service on a memory bus: what it remembers over a restart. */
import { writeFileSync } from "node:fs";
import { createBus, createTransport, type Bus, type BusOptions } from "@skein/bus";
import { birth, heartbeat, leaderClock, leaderNotice, verdict, type VerdictState } from "@skein/contracts";
import { createIds, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "../../../../test/support/eventually";
import { tempDir } from "../../../../test/support/temp-dir";
import { createFleetService, type FleetService } from "./fleet-service";
import type { MassLossNotice } from "./mass-loss";

const BOOT_ID = "0190a5a4-4f6b-7c3e-8b7e-0123456789ab";
const parts = { clock: systemClock, random: systemRandom };
const dir = tempDir();
let hubs = 0;
let hub: string;
let buses: Bus[];
let service: FleetService | undefined;

beforeEach(() => {
  hub = `fleet-service-${++hubs}`;
  buses = [];
});
afterEach(async () => {
  await service?.close();
  for (const bus of buses) await bus.close(100);
});
afterAll(() => dir.remove());

function join(id: string, presence: BusOptions["presence"]): Bus {
  const bus = createBus({
    id,
    transport: createTransport({ url: `memory:${hub}`, clientId: `skein-${id}` }, parts),
    ...parts,
    ids: createIds(systemClock, systemRandom),
    presence,
  });
  buses.push(bus);
  return bus;
}

it("tells the end of a mass loss that began before its restart", async () => {
  const file = dir.join("fleet.json");
  const since = Date.now() - 60_000;
  const followers = ["attic", "hall", "shed"].map((id) => ({
    id,
    verdict: { state: "dead" as VerdictState, cause: "silence", since, virtual: false },
  }));
  const ids = followers.map(({ id }) => id);
  writeFileSync(file, JSON.stringify({ version: 1, followers, massLoss: { since, of: 3, followers: ids, away: ids } }));
  const notices: MassLossNotice[] = [];
  const told: unknown[] = [];
  const leader = join("leader", { as: "leader", version: "1", epoch: 7 });
  const witness = join("witness", { as: "none" });
  await witness.subscribe(leaderNotice, {}, ({ data }) => told.push(data));
  service = await createFleetService({
    bus: leader,
    clock: systemClock,
    logger: silentLogger,
    file,
    limits: {},
    clockMs: 1000,
    massLossWindowMs: 20_000,
  });
  service.listen({ notice: (notice) => notices.push(notice) });
  expect(service.massLoss()).toEqual({ since, lost: 3, of: 3, back: 0, virtual: false });
  for (const id of ["attic", "hall"]) {
    const bus = join(id, { as: "follower" });
    await bus.publish(
      birth,
      { id },
      { name: id, bootId: BOOT_ID, host: {}, versions: { agent: "1" }, capabilities: [{ name: "health" }] },
    );
    await bus.publish(heartbeat, { id }, { bootId: BOOT_ID, nextInMs: 5000, capabilities: { health: "ok" } });
  }
  await eventually(() =>
    expect(notices).toMatchObject([{ notice: "mass-loss-over", followers: ["attic", "hall"], since }]),
  );
  await eventually(() => expect(told).toMatchObject([{ notice: "mass-loss-over", since }]));
  expect(service.massLoss()).toBeUndefined();
});

it("says that many are lost before it says that the first of them is dead", async () => {
  const leader = join("leader", { as: "leader", version: "1", epoch: 8 });
  const witness = join("witness", { as: "none" });
  const heard: string[] = [];
  await witness.subscribe(verdict, {}, ({ ids, data }) => heard.push(`${ids.id} ${data.state}`));
  await witness.subscribe(leaderNotice, {}, ({ data }) => heard.push(`${data.notice} ${String(data.virtual)}`));
  service = await createFleetService({
    bus: leader,
    clock: systemClock,
    logger: silentLogger,
    file: dir.join("fleet-2.json"),
    limits: { willGraceMs: 300 },
    clockMs: 1000,
    massLossWindowMs: 20_000,
  });
  await eventually(() => expect(leader.link.up && witness.link.up).toBe(true));
  const lost = ["cellar", "loft", "porch"].map((id) => ({ id, bus: join(id, { as: "follower" }) }));
  for (const { id, bus } of lost) {
    await eventually(() => expect(bus.link.up).toBe(true));
    const versions = { agent: "1" };
    await bus.publish(
      birth,
      { id },
      { name: id, bootId: BOOT_ID, host: {}, versions, capabilities: [], virtual: true },
    );
    await bus.publish(heartbeat, { id }, { bootId: BOOT_ID, nextInMs: 5000, capabilities: {} });
  }
  await eventually(() => expect(heard.filter((what) => what.endsWith(" alive"))).toHaveLength(3));
  for (const { bus } of lost) bus.kill();
  await eventually(() => expect(heard.filter((what) => what.endsWith(" dead"))).toHaveLength(3));
  const told = heard.findIndex((what) => what.startsWith("mass-loss"));
  expect(heard[told]).toBe("mass-loss true");
  expect(told).toBeLessThan(heard.findIndex((what) => what.endsWith(" dead")));
});

it("tells its clock as soon as it can, so that commands have a deadline from the start", async () => {
  const witness = join("witness", { as: "none" });
  const ticks: number[] = [];
  await witness.subscribe(leaderClock, {}, ({ data }) => ticks.push(data.nextInMs));
  await eventually(() => expect(witness.link.up).toBe(true));
  service = await createFleetService({
    bus: join("leader", { as: "leader", version: "1", epoch: 9 }),
    clock: systemClock,
    logger: silentLogger,
    file: dir.join("fleet-3.json"),
    limits: {},
    clockMs: 60_000,
    massLossWindowMs: 20_000,
  });
  await eventually(() => expect(ticks).toEqual([60_000]));
});
