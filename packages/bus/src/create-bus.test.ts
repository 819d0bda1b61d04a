import { agentCommand, heartbeat, leaderNotice, presence } from "@skein/contracts";
import { createIds, seededRandom, systemClock } from "@skein/kit";
import { createBus, createTransport, type Bus } from "./index";

let count = 0;
const buses: Bus[] = [];
const bus = (hub: string, id: string, as: "follower" | "leader" | "none" = "none") => {
  const random = seededRandom(++count);
  const presence = as === "leader" ? ({ as, version: "1", epoch: 3 } as const) : ({ as } as const);
  const made = createBus({
    id,
    clock: systemClock,
    random,
    ids: createIds(systemClock, random),
    presence,
    transport: createTransport({ url: `memory:${hub}`, clientId: `skein-${id}` }, { clock: systemClock, random }),
  });
  buses.push(made);
  return made;
};
const up = (one: Bus) => new Promise<void>((resolve) => one.onLink((state) => state.up && resolve()));
afterEach(() => Promise.all(buses.splice(0).map((one) => one.close())));

test("a heartbeat, a presence and a ping go over a hub", async () => {
  const follower = bus("a", "f1", "follower");
  const leader = bus("a", "leader", "leader");
  await Promise.all([up(follower), up(leader)]);
  const seen: unknown[] = [];
  await leader.subscribe(heartbeat, {}, ({ ids, data }) => seen.push([ids.id, data.nextInMs]));
  await leader.subscribe(presence, {}, ({ data, retained }) => seen.push([data.status, retained]));
  await follower.publish(
    heartbeat,
    { id: "f1" },
    { bootId: "0190a5a4-4f6b-7c3e-8b7e-0123456789ab", nextInMs: 5000, capabilities: {} },
  );
  await follower.serve(agentCommand, {}, ({ data }) => ({ did: data.action }));
  expect(await leader.request(agentCommand, { target: "f1" }, { action: "ping" })).toEqual({
    ok: true,
    result: { did: "ping" },
  });
  follower.kill();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(seen).toEqual([
    ["online", true],
    ["f1", 5000],
    ["lost", false],
  ]);
  await expect(
    leader.publish(leaderNotice, {}, { notice: "mass-loss", followers: [], of: 0, since: 1 }),
  ).rejects.toMatchObject({ code: "MESSAGE_INVALID" });
});
