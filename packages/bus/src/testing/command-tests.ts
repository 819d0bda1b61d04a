import {
  agentCommand,
  type Envelope,
  flowReply,
  followerReply,
  leaderClock,
  maintenanceCommand,
  routineCommand,
} from "@skein/contracts";
import { systemClock } from "@skein/kit";
import { tempDir } from "../../../../test/support/temp-dir";
import { type Bus, createFileJournal, createMemoryJournal } from "../index";
import { bytes, linked, pause, type Stage, until, wrongClock } from "./stage";

const HOUR = 3_600_000;
let made = 0;

/** A command as it would lie on the wire, so that a test can send it twice, late, or wrong. */
function command(target: string, extra: Partial<Envelope>): { id: string; topic: string; payload: Uint8Array } {
  const id = `command-${++made}`;
  const header = {
    id,
    at: systemClock.now(),
    from: "leader",
    run: "r",
    session: "s",
    seq: 1,
    command: { ttlMs: 60_000 },
    ...extra,
  };
  return {
    id,
    topic: agentCommand.topic({ target, issuer: "leader" }),
    payload: bytes(JSON.stringify({ ...header, data: { action: "restart" } })),
  };
}

/** Replies to the leader, by the command's id. */
async function listen(leader: Bus, id: string): Promise<Record<string, string[]>> {
  const replies: Record<string, string[]> = {};
  await leader.subscribe(followerReply, { id, issuer: "leader" }, ({ data }) => {
    (replies[data.command] ??= []).push(data.outcome.ok ? "ok" : data.outcome.code);
  });
  return replies;
}

const tick = (leader: Bus) => leader.publish(leaderClock, {}, { nextInMs: 10_000 });

/** Done once, answered always, refused when it comes too late, for an older life, or from an older leader. */
export function commandTests(stage: () => Stage): void {
  test("a request is answered with a result, an error with its code, or not at all in time", async () => {
    const id = stage().id("f");
    const [leader, follower] = [await stage().join("leader"), await stage().join(id)];
    await follower.serve(agentCommand, {}, ({ data, envelope }) => {
      if (data.action === "ping") return { from: envelope.from };
      if (data.action === "restart") throw Object.assign(new Error("not now"), { code: "BUSY" });
      return new Promise(() => undefined);
    });
    expect(await leader.request(agentCommand, { target: id }, { action: "ping" })).toEqual({
      ok: true,
      result: { from: "leader" },
    });
    expect(await leader.request(agentCommand, { target: id }, { action: "restart" })).toEqual({
      ok: false,
      code: "BUSY",
      message: "not now",
    });
    await expect(
      leader.request(agentCommand, { target: id }, { action: "log-level", level: "info" }, { timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    await expect(
      leader.request(agentCommand, { target: stage().id("nobody") }, { action: "ping" }, { timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
  });

  test("the leader answers under its own topic", async () => {
    const leader = await stage().join("leader");
    const flow = await stage().join(stage().id("flow"));
    await leader.serve(maintenanceCommand, {}, ({ data }) => ({ forMs: data.forMs }));
    expect(await flow.request(maintenanceCommand, {}, { follower: "attic" })).toEqual({
      ok: true,
      result: { forMs: 86_400_000 },
    });
  });

  test("a flow host answers under its own topic, and what another one says in its place counts for nothing", async () => {
    const [host, other] = [stage().id("flow"), stage().id("flow")];
    const leader = await stage().join("leader");
    const flow = await stage().join(host);
    const liar = await stage().join(other);
    await flow.serve(routineCommand, {}, async ({ data, envelope }) => {
      const said = { command: envelope.id, outcome: { ok: false as const, code: "LIE", message: "no" } };
      await liar.publish(flowReply, { host: other, issuer: "leader" }, said);
      // What it said comes before our own answer.
      await pause(50);
      return { from: envelope.from, got: data.input };
    });
    expect(await leader.request(routineCommand, { target: host }, { routine: "tv", input: { on: true } })).toEqual({
      ok: true,
      result: { from: "leader", got: { on: true } },
    });
  });

  test("without a link a request fails at once", async () => {
    const leader = await stage().join("leader");
    await stage().broker.stop("SIGTERM");
    await linked(leader, false);
    await expect(leader.request(agentCommand, { target: "f" }, { action: "ping" })).rejects.toMatchObject({
      code: "BUS_DOWN",
    });
    await stage().broker.start();
  });

  test("a redelivered command is done once and answered each time, also after a restart", async () => {
    const id = stage().id("f");
    const dir = tempDir();
    stage().atEnd(async () => dir.remove());
    const leader = await stage().join("leader");
    const replies = await listen(leader, id);
    const sent = command(id, {});
    let done = 0;
    const begin = async () => {
      const journal = createFileJournal(dir.join("commands"));
      const follower = await stage().join(id, { journal, clientId: `skein-${id}` });
      await follower.serve(agentCommand, {}, () => void done++);
      return follower;
    };
    const first = await begin();
    await leader.publishRaw(sent.topic, sent.payload, "command");
    await until(() => replies[sent.id]?.length === 1);
    await leader.publishRaw(sent.topic, sent.payload, "command");
    await until(() => replies[sent.id]?.length === 2);
    first.kill();
    await leader.publishRaw(sent.topic, sent.payload, "command");
    await begin();
    await until(() => replies[sent.id]?.length === 3);
    expect([done, replies[sent.id]]).toEqual([1, ["ok", "ok", "ok"]]);
  });

  test("a command that a death interrupted is not begun again", async () => {
    const id = stage().id("f");
    const leader = await stage().join("leader");
    const replies = await listen(leader, id);
    const sent = command(id, {});
    const journal = createMemoryJournal();
    journal.begin(sent.id);
    const follower = await stage().join(id, { journal });
    let done = 0;
    await follower.serve(agentCommand, {}, () => void done++);
    await leader.publishRaw(sent.topic, sent.payload, "command");
    await until(() => replies[sent.id]?.length === 1);
    expect([done, replies[sent.id]]).toEqual([0, ["COMMAND_INTERRUPTED"]]);
  });

  test.each([0, HOUR, -HOUR])(
    "an expired command is refused and a fresh one done, the receiver's clock being off by %d ms",
    async (wrongBy) => {
      const id = stage().id("f");
      const leader = await stage().join("leader");
      const follower = await stage().join(id, { clock: wrongClock(wrongBy) });
      const replies = await listen(leader, id);
      let done = 0;
      await follower.serve(agentCommand, {}, () => void done++);
      await tick(leader);
      await until(() => follower.leaderNow() !== undefined);
      const now = leader.leaderNow() ?? 0;
      expect(Math.abs((follower.leaderNow() ?? 0) - now)).toBeLessThan(2000);
      const old = command(id, { command: { ttlMs: 1000, expiresAt: now - 1000 } });
      const fresh = command(id, { command: { ttlMs: 60_000, expiresAt: now + 60_000 } });
      for (const { topic, payload } of [old, fresh]) await leader.publishRaw(topic, payload, "command");
      await until(
        () => Object.keys(replies).length === 2,
        () => replies,
      );
      expect([done, replies[old.id], replies[fresh.id]]).toEqual([1, ["COMMAND_EXPIRED"], ["ok"]]);
    },
  );

  test("a command that waited for a receiver until it expired is not done, though the receiver is new and knows no time yet", async () => {
    const id = stage().id("f");
    const clientId = `skein-${id}`;
    const leader = await stage().join("leader");
    const first = await stage().join(id, { clientId });
    const ignore = () => undefined;
    await first.serve(agentCommand, {}, ignore);
    first.kill();
    await pause(50);
    await expect(
      leader.request(agentCommand, { target: id }, { action: "restart" }, { timeoutMs: 300, ttlMs: 100 }),
    ).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    const again = await stage().join(id, { clientId, clock: wrongClock(-HOUR) });
    let done = 0;
    await again.serve(agentCommand, {}, () => void done++);
    await pause(50);
    await tick(leader);
    // A later one, which is done, shows that the first had its chance.
    await until(() => again.leaderNow() !== undefined);
    expect(await leader.request(agentCommand, { target: id }, { action: "ping" })).toEqual({ ok: true });
    expect(done).toBe(1);
  });

  test("an expired command that waited is not done by a receiver that listens before its link stands", async () => {
    const id = stage().id("f");
    const clientId = `skein-${id}`;
    const leader = await stage().join("leader");
    const replies = await listen(leader, id);
    const first = await stage().join(id, { clientId });
    await first.serve(agentCommand, {}, () => undefined);
    first.kill();
    await pause(50);
    const now = leader.leaderNow() ?? 0;
    const old = command(id, { command: { ttlMs: 100, expiresAt: now - 1000 } });
    const ageless = command(id, { command: { ttlMs: 100 } });
    for (const { topic, payload } of [old, ageless]) await leader.publishRaw(topic, payload, "command");
    await pause(150);
    const again = await stage().join(id, { clientId, early: true });
    let done = 0;
    await again.serve(agentCommand, {}, () => void done++);
    await linked(again);
    await until(
      () => Object.keys(replies).length === 2,
      () => replies,
    );
    expect([done, replies]).toEqual([0, { [old.id]: ["COMMAND_EXPIRED"], [ageless.id]: ["COMMAND_EXPIRED"] }]);
  });

  test("a command for an earlier run is stale, and one of an older epoch is refused", async () => {
    const id = stage().id("f");
    const leader = await stage().join("leader");
    const follower = await stage().join(id);
    let done = 0;
    await follower.serve(agentCommand, {}, () => void done++);
    const ask = (options: { targetRun?: string; epoch?: number }) =>
      leader.request(agentCommand, { target: id }, { action: "restart" }, options);
    expect(await ask({ targetRun: "an-earlier-one" })).toMatchObject({ ok: false, code: "COMMAND_STALE" });
    expect(await ask({ epoch: 6 })).toMatchObject({ ok: false, code: "COMMAND_OLD_EPOCH" });
    expect(await ask({ targetRun: follower.run, epoch: 7 })).toEqual({ ok: true });
    expect(done).toBe(1);
  });
}
