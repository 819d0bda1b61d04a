import type { HostAction } from "@skein/contracts";
import { FakeClock, seededRandom, silentLogger } from "@skein/kit";
import type { Suffering } from "./made-up-host";
import { createRandomFaults } from "./random-faults";

describe("random faults", () => {
  const fakeHost = (id: string) => {
    const done: HostAction[] = [];
    let suffering: Suffering;
    return {
      id,
      done,
      get suffering() {
        return suffering;
      },
      get deeds() {
        return done.length;
      },
      do(action: HostAction): Promise<void> {
        done.push(action);
        suffering = action === "restore" ? undefined : action;
        return Promise.resolve();
      },
    };
  };
  const house = () => {
    const clock = new FakeClock();
    const hosts = ["attic", "hall", "kitchen"].map(fakeHost);
    return {
      clock,
      hosts,
      faults: createRandomFaults(hosts, { clock, random: seededRandom(7), logger: silentLogger }),
    };
  };

  it("do not happen until they are switched on", async () => {
    const { clock, hosts } = house();
    await clock.advance(3_600_000);
    expect(hosts.flatMap(({ done }) => done)).toEqual([]);
  });

  it("come about as often as asked for, and each heals before the same host suffers again", async () => {
    const { clock, hosts, faults } = house();
    faults.on(120_000);
    await clock.advance(100 * 120_000);
    await faults.off();
    const struck = hosts.flatMap(({ done }) => done.filter((action) => action !== "restore"));
    // 100 expected; five standard deviations of a Poisson process are 50, and hosts that suffer are spared.
    expect(struck.length).toBeGreaterThan(50);
    expect(struck.length).toBeLessThan(150);
    expect(new Set(struck)).toEqual(new Set(["crash", "pull-plug", "freeze", "reboot", "cut-network"]));
    for (const { done } of hosts) done.forEach((action, index) => expect(action === "restore").toBe(index % 2 === 1));
  });

  it("are healed at once when they are switched off, and come no more", async () => {
    const { clock, hosts, faults } = house();
    faults.on(1000);
    await clock.advance(10_000);
    expect(hosts.some(({ suffering }) => suffering !== undefined)).toBe(true);
    await faults.off();
    expect(hosts.map(({ suffering }) => suffering)).toEqual([undefined, undefined, undefined]);
    const before = hosts.flatMap(({ done }) => done).length;
    await clock.advance(600_000);
    expect(hosts.flatMap(({ done }) => done)).toHaveLength(before);
  });

  it("heal nothing that somebody has done since", async () => {
    const { clock, hosts, faults } = house();
    faults.on(1000);
    await clock.advance(10_000);
    const struck = hosts.filter(({ suffering }) => suffering !== undefined);
    for (const host of struck) {
      await host.do("restore");
      await host.do("pull-plug");
    }
    await clock.advance(60_000);
    await faults.off();
    expect(struck.length).toBeGreaterThan(0);
    for (const { suffering } of struck) expect(suffering).toBe("pull-plug");
  });

  it("leave alone whoever suffers by somebody's hand", async () => {
    const { clock, hosts, faults } = house();
    for (const host of hosts) await host.do("crash");
    faults.on(1000);
    await clock.advance(60_000);
    expect(hosts.map(({ done }) => done)).toEqual([["crash"], ["crash"], ["crash"]]);
  });
});
