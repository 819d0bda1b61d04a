/** Who tells of a removal that did not go well at once; the users' side of it is in joining/bus-accounts.test.ts. */
import type { NewEvent } from "@skein/contracts";
import { FakeClock, silentLogger } from "@skein/kit";
import { eventually } from "../../../test/support/eventually";
import { createActions, type Actions } from "./actions";
import type { Actor } from "./auth/actor";
import { endRemovals } from "./joining/end-removals";

const OWNER: Actor = {
  by: "session",
  account: { id: "owner", name: "Owner", role: "admin" },
  scopes: ["admin"],
  address: "192.168.1.2",
};

describe("a removal that was begun earlier", () => {
  let known: Set<string>;
  let leaving: string[];
  /** The broker has taken it over. */
  let end: () => void;
  let events: NewEvent[];
  let actions: Actions;
  let stop: () => void;
  const told = () => events.map(({ type, subject, actor }) => [type, subject?.id, actor]);

  async function begin(ids: readonly string[]): Promise<void> {
    [leaving, events] = [[...ids], []];
    const removals = new Map<string, Promise<void>>();
    const ended = new Promise<void>((resolve) => (end = resolve));
    // One removal for all who ask for it, as a Mosquitto's users have it.
    const remove = (id: string): Promise<void> => {
      const removal = removals.get(id) ?? ended.then(() => void (leaving = leaving.filter((each) => each !== id)));
      removals.set(id, removal);
      return removal;
    };
    actions = await createActions({
      fleet: {
        get: (id) => (known.has(id) ? ({ name: id } as never) : undefined),
        watched: () => [],
        forget: (id) => void known.delete(id),
        setMaintenance: () => {},
      },
      house: { broker: "up", onBroker: () => () => {} },
      bus: { subscribe: async () => async () => {}, request: () => Promise.reject(new Error("nobody")) },
      events: { add: (event) => void events.push(event) },
      clock: new FakeClock(),
      demo: false,
      givenName: () => undefined,
      accounts: { has: (id) => leaving.includes(id), remove },
      askLauncher: () => {},
    });
    stop = endRemovals({
      accounts: { leaving: () => leaving.filter((id) => !removals.has(id)), remove },
      onOut: (id) => actions.removed(id),
      clock: new FakeClock(),
      logger: silentLogger,
    });
  }
  beforeEach(() => void (known = new Set(["attic", "shed"])));
  afterEach(() => stop());

  it("is told of by the house when it is ended", async () => {
    await begin(["attic"]);
    end();
    await eventually(() => expect(told()).toEqual([["follower-removed", "attic", undefined]]));
    expect(known).toEqual(new Set(["shed"]));
  });

  it("is told of once, and by whom, when somebody asks for it again meanwhile", async () => {
    await begin(["attic", "shed"]);
    const asked = ["attic", "shed"].map((id) => actions.remove(OWNER, id));
    end();
    await Promise.all(asked);
    await eventually(() => expect(known.size).toBe(0));
    expect(told()).toEqual([
      ["follower-removed", "attic", "owner"],
      ["follower-removed", "shed", "owner"],
    ]);
  });

  it("is not told of where the house never knew it: it could not be let in whole", async () => {
    await begin(["garage", "attic"]);
    end();
    await eventually(() => expect(told()).toEqual([["follower-removed", "attic", undefined]]));
  });
});
