import { leaderStatus, presence } from "@skein/contracts";
import { tcpRelay } from "../../../../test/support/tcp-relay";
import type { Bus } from "../index";
import { linked, type Row, type Stage, until } from "./stage";

type Seen = { status: string; session: string; retained: boolean };

async function watch(bus: Bus, id: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  await bus.subscribe(presence, { id }, ({ data, envelope, retained }) =>
    seen.push({ status: data.status, session: envelope.session, retained }),
  );
  return seen;
}

/** Wills, sessions, and a will that comes when its follower is long back. */
export function presenceTests(stage: () => Stage, row: Row): void {
  test("a connection that dies leaves a will of its session", async () => {
    const id = stage().id("f");
    const leader = await stage().join("leader");
    const seen = await watch(leader, id);
    const follower = await stage().join(id);
    const { session } = follower;
    await until(() => seen.length === 1);
    follower.kill();
    await until(
      () => seen.length === 2,
      () => seen,
      row.willMs,
    );
    expect(seen).toEqual([
      { status: "online", session, retained: false },
      { status: "lost", session, retained: false },
    ]);
  });

  test("a clean stop says leaving and leaves no will", async () => {
    const id = stage().id("f");
    const leader = await stage().join("leader");
    const seen = await watch(leader, id);
    const follower = await stage().join(id);
    await follower.close();
    const other = await stage().join(stage().id("f"));
    other.kill();
    const others = await watch(leader, other.id);
    await until(
      () => others.at(-1)?.status === "lost",
      () => others,
      row.willMs,
    );
    expect(seen.map(({ status }) => status)).toEqual(["online", "leaving"]);
  });

  test("the leader's status is kept, and is its will", async () => {
    const watcher = await stage().join(stage().id("flow"));
    const leader = await stage().join("leader");
    const seen: [boolean, number | undefined][] = [];
    const { session } = leader;
    await watcher.subscribe(leaderStatus, {}, ({ data, envelope }) => {
      if (envelope.session === session) seen.push([data.online, envelope.epoch]);
    });
    await until(() => seen.length > 0);
    // On a transport where a peer watches for the dead, somebody else must be left to do so.
    await stage().join("leader");
    leader.kill();
    await until(
      () => seen.length > 1 && seen.at(-1)?.[0] === false,
      () => seen,
      row.willMs,
    );
    expect([seen[0], seen.at(-1)]).toEqual([
      [true, 7],
      [false, 7],
    ]);
  });

  test("a will that comes late bears the old session, and the kept presence is put right", async () => {
    const { broker } = stage();
    const leader = await stage().join("leader");
    const seen: { online: boolean; session: string }[] = [];
    const watcher = await stage().join(stage().id("flow"));
    await watcher.subscribe(leaderStatus, {}, ({ data, envelope }) =>
      seen.push({ online: data.online, session: envelope.session }),
    );
    await leader.close();

    // A connection that dies without the broker noticing; its program is back under another client id before the will comes.
    const relay = broker.port === undefined ? undefined : await tcpRelay(broker.port);
    if (relay) stage().atEnd(() => relay.close());
    const clientId = "skein-leader-half-open";
    const old = await stage().join("leader", { clientId, ...(relay ? { port: relay.port } : {}) });
    const oldSession = old.session;
    await until(() => seen.at(-1)?.session === oldSession);
    const late = broker.halfOpen?.(clientId);
    relay?.halfOpen();
    old.kill();
    const back = await stage().join("leader");
    await until(() => seen.at(-1)?.session === back.session);
    late?.();
    relay?.dropServerSide();

    await until(
      () => seen.some(({ online, session }) => !online && session === oldSession),
      () => seen,
      row.willMs,
    );
    await until(
      () => seen.at(-1)?.session === back.session,
      () => seen,
      row.willMs,
    );
    expect(seen.at(-1)).toEqual({ online: true, session: back.session });
    const newcomer = await stage().join(stage().id("flow"));
    const kept: boolean[] = [];
    await newcomer.subscribe(leaderStatus, {}, ({ data }) => kept.push(data.online));
    await until(() => kept.length > 0);
    expect(kept[0]).toBe(true);
  });

  test("every connection is a new session and says every state again", async () => {
    const id = stage().id("f");
    const leader = await stage().join("leader");
    const seen = await watch(leader, id);
    const follower = await stage().join(id);
    const before = follower.session;
    await until(() => seen.length === 1);
    await stage().broker.stop("SIGTERM");
    await linked(follower, false);
    await stage().broker.start();
    await linked(follower);
    expect(follower.session).not.toBe(before);
    await until(
      () => seen.some(({ session, status }) => session === follower.session && status === "online"),
      () => seen,
    );
    expect(follower.stats.connections).toBe(2);
  });
}
