/** The fleet service on a memory bus: what it remembers over a restart. */
import { writeFileSync } from "node:fs";
import { createBus, createTransport, type Bus, type BusOptions } from "@skein/bus";
import { birth, heartbeat, leaderNotice, type VerdictState } from "@skein/contracts";
import { createIds, silentLogger, systemClock, systemRandom } from "@skein/kit";
import { eventually } from "../../../../test/support/eventually";
import { tempDir } from "../../../../test/support/temp-dir";
import { createFleetService, type FleetService } from "./fleet-service";
import type { MassLossNotice } from "./mass-loss";

const BOOT_ID = "0190a5a4-4f6b-7c3e-8b7e-0123456789ab";
const parts = { clock: systemClock, random: systemRandom };
const dir = tempDir();
const hub = `fleet-service-${process.pid}`;
const buses: Bus[] = [];
let service: FleetService | undefined;

afterAll(async () => {
  await service?.close();
  for (const bus of buses) await bus.close(100);
  dir.remove();
});

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
  writeFileSync(file, JSON.stringify({ version: 1, followers, massLoss: { since, followers: ids, away: ids } }));
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
});
