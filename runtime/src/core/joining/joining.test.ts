/** Codes, limits, ids and users, on a clock of the test's own and the embedded broker's real file of users. */
import { join } from "node:path";
import { createUser, readUsers } from "@skein/broker";
import type { JoinCodeCreate, NewEvent } from "@skein/contracts";
import { FakeClock, seededRandom, systemRandom } from "@skein/kit";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import type { Actor } from "../auth/actor";
import { embeddedAccounts, foreignAccounts, type BusAccounts } from "./bus-accounts";
import { createJoinCodes, JOIN_CODE_MS } from "./join-codes";
import { createJoinLimit, JOIN_TRIES } from "./join-limit";
import { createJoining, type Joining } from "./joining";

const OWNER: Actor = {
  by: "session",
  account: { id: "owner", name: "Owner", role: "admin" },
  scopes: ["admin"],
  address: "192.168.1.2",
};
const LEADER = "http://192.168.1.5:1880";
const BOARD = { address: "192.168.1.20", host: "192.168.1.5:1880" };

let dir: TempDir;
let usersFile: string;
let clock: FakeClock;
let joining: Joining;
let changes: number;
const events: NewEvent[] = [];
const placed: unknown[] = [];
let diskIsFull = false;

function start(change: (accounts: BusAccounts) => Partial<BusAccounts> = () => ({})): void {
  clock = new FakeClock();
  changes = 0;
  const accounts = embeddedAccounts({ usersFile, random: systemRandom });
  joining = createJoining({
    codes: createJoinCodes({ clock, random: seededRandom(7), onChanged: () => changes++ }),
    limit: createJoinLimit(clock),
    accounts: { ...accounts, ...change(accounts) },
    isKnown: (id) => id === "attic",
    busUrl: (host) => `mqtt://${host.split(":")[0]}:1883`,
    places: {
      checkRoom(room) {
        if (room !== "hall") throw new Error(`no room ${room}`);
      },
      async put(id, place) {
        if (diskIsFull) throw new Error("the disk is full");
        placed.push([id, place]);
      },
    },
    events: { add: (event) => void events.push(event) },
  });
}

beforeEach(() => {
  dir = tempDir("skein-joining-");
  usersFile = join(dir.path, "bus-users.json");
  events.length = placed.length = 0;
  diskIsFull = false;
  start();
});
afterEach(() => dir.remove());

const makeCode = (wish: JoinCodeCreate = {}) => joining.createCode(OWNER, wish, LEADER).code;
const tryCode = (code: string, address = BOARD.address, hostname = "Garage.local") =>
  joining.join({ code, hostname }, { ...BOARD, address }).then(
    ({ id }) => id,
    (error: { code: string }) => error.code,
  );
const refused = (code: string) => expect.objectContaining({ code }) as Error;

it("gives a board a user of its own, a place, and an event that says so", async () => {
  const view = joining.createCode(OWNER, { id: "garage", name: "Garage", room: "hall" }, LEADER);
  expect(view.command).toBe(`node agent.js join ${view.code} --leader ${LEADER}`);
  const answer = await joining.join({ code: view.code }, BOARD);
  expect(answer).toEqual({
    id: "garage",
    name: "Garage",
    bus: { url: "mqtt://192.168.1.5:1883", username: "garage", password: expect.stringMatching(/^[\w-]{32}$/) },
  });
  expect(readUsers(usersFile)["garage"]).toMatchObject({ role: "follower", id: "garage" });
  expect(placed).toEqual([["garage", { room: "hall", name: "Garage" }]]);
  expect(events.map(({ type, audit, actor, address }) => [type, audit, actor, address])).toEqual([
    ["join-code-made", true, "owner", OWNER.address],
    ["follower-joined", true, undefined, BOARD.address],
  ]);
});

it("lists who may come onto the bus and was never heard, by a code or made by hand, until it is", async () => {
  createUser(usersFile, { role: "leader", id: "leader" }, systemRandom);
  for (const id of ["attic", "by-hand"]) createUser(usersFile, { role: "follower", id }, systemRandom);
  expect(joining.unheard()).toEqual([{ id: "by-hand" }]);
  const code = makeCode({ name: "Garage board" });
  await joining.join({ code, hostname: "vm" }, BOARD);
  expect(joining.unheard()).toEqual([{ id: "by-hand" }, { id: "vm" }]);
  expect(events.at(-1)).toMatchObject({
    type: "follower-joined",
    text: "Garage board joined the house.",
    // By which the page that waits for this board knows it from others.
    data: { name: "Garage board", code },
  });
});

it("takes a code once, also when two boards come at the same time", async () => {
  const code = makeCode();
  expect(await Promise.all([tryCode(code), tryCode(code)])).toEqual(["garage", "JOIN_CODE_OVER"]);
  expect(joining.open()).toEqual([]);
});

it("takes it for ten minutes, and not when it was withdrawn", async () => {
  const [late, withdrawn, good] = [makeCode(), makeCode(), makeCode()];
  joining.withdraw(OWNER, withdrawn);
  expect(await tryCode(withdrawn)).toBe("JOIN_CODE_OVER");
  await clock.advance(JOIN_CODE_MS - 1);
  expect(await tryCode(good)).toBe("garage");
  await clock.advance(1);
  expect(await tryCode(late)).toBe("JOIN_CODE_OVER");
  expect(() => joining.withdraw(OWNER, late)).toThrow(refused("JOIN_CODE_UNKNOWN"));
  expect(events.map(({ type, actor }) => [type, actor])).toContainEqual(["join-code-withdrawn", "owner"]);
  // Three made, one withdrawn, one used: each is told to the page.
  expect(changes).toBe(5);
});

it("keeps a few open at a time, and shows them", () => {
  for (let n = 0; n < 10; n++) makeCode({ name: `Board ${n}` });
  expect(joining.open().map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, n) => `Board ${n}`));
  expect(() => makeCode()).toThrow(refused("JOIN_CODES_TOO_MANY"));
});

it("listens to ten wrong codes from one network, and goes on listening to others", async () => {
  const code = makeCode();
  for (let n = 0; n < JOIN_TRIES.fromOne; n++) expect(await tryCode("ZZZZ-ZZZZ", "10.0.0.9")).toBe("JOIN_CODE_WRONG");
  // The right one, too: or it could be guessed.
  expect(await tryCode(code, "10.0.0.9")).toBe("JOIN_TRIES_TOO_MANY");
  expect(events.filter(({ type }) => type === "join-codes-guessed")).toHaveLength(1);
  expect(await tryCode(code)).toBe("garage");
  const later = makeCode();
  await clock.advance(JOIN_TRIES.windowMs);
  expect(await tryCode("ZZZZ-ZZZZ", "10.0.0.9")).toBe("JOIN_CODE_WRONG");
  expect(await tryCode(later, "10.0.0.9")).toBe("JOIN_CODE_OVER");
});

it("listens to no more than a thousand from however many addresses", async () => {
  const code = makeCode();
  for (let n = 0; n < JOIN_TRIES.inAll; n++) {
    const address = n % 2 === 0 ? `10.1.${n >> 8}.${n & 255}` : `2001:db8:0:${n.toString(16)}::1`;
    expect(await tryCode("ZZZZ-ZZZZ", address)).toBe("JOIN_CODE_WRONG");
  }
  expect(await tryCode(code)).toBe("JOIN_TRIES_TOO_MANY");
});

it.each`
  hostname        | id               | because
  ${"Garage.lan"} | ${"garage"}      | ${"it calls itself so"}
  ${"kitchen"}    | ${"kitchen-2"}   | ${"kitchen is on the bus already"}
  ${"attic"}      | ${"attic-2"}     | ${"attic is in the house's list"}
  ${"leader"}     | ${"leader-2"}    | ${"leader is reserved"}
  ${"flow-host"}  | ${"flow-host-2"} | ${"the leader's parts have their names"}
  ${"Küche Süd"}  | ${"kueche-sued"} | ${"an id is plain"}
`("$hostname becomes $id: $because", async ({ hostname, id }: { hostname: string; id: string }) => {
  createUser(usersFile, { role: "follower", id: "kitchen" }, systemRandom);
  expect(await tryCode(makeCode(), BOARD.address, hostname)).toBe(id);
});

it("refuses a wished id that somebody has, and a room that is not there, before there is a code", () => {
  createUser(usersFile, { role: "follower", id: "kitchen" }, systemRandom);
  expect(() => makeCode({ id: "kitchen" })).toThrow(refused("JOIN_ID_TAKEN"));
  expect(() => makeCode({ id: "flow-host" })).toThrow(refused("JOIN_ID_TAKEN"));
  expect(() => makeCode({ room: "cellar" })).toThrow("no room cellar");
  expect(joining.open()).toEqual([]);
  // Known to the house, but with no user: it comes back.
  expect(makeCode({ id: "attic" })).toMatch(/^\w{4}-\w{4}$/);
});

it("keeps a code for another try when the broker did not take the user", async () => {
  let fails = true;
  start((accounts) => ({
    create: (id) =>
      fails ? Promise.reject(Object.assign(new Error("no"), { code: "BUS_USERS_NOT_TAKEN" })) : accounts.create(id),
  }));
  const code = makeCode();
  expect(await tryCode(code)).toBe("BUS_USERS_NOT_TAKEN");
  fails = false;
  expect(await tryCode(code)).toBe("garage");
  expect(events.map(({ type }) => type)).toEqual(["join-code-made", "follower-joined"]);
});

it("leaves no user behind of a board that could not be put into its room, which may come again", async () => {
  const code = makeCode({ id: "garage", room: "hall" });
  diskIsFull = true;
  await expect(joining.join({ code }, BOARD)).rejects.toThrow("the disk is full");
  expect(readUsers(usersFile)).toEqual({});
  diskIsFull = false;
  expect(await tryCode(code)).toBe("garage");
});

it("makes no code where no board could join with it", () => {
  start(foreignAccounts);
  expect(() => makeCode()).toThrow(refused("BUS_NOT_OURS"));
  expect(joining.open()).toEqual([]);
  expect(events).toEqual([]);
});

it("gives two boards of the same name that come at once two ids", async () => {
  expect(await Promise.all([tryCode(makeCode()), tryCode(makeCode())])).toEqual(["garage", "garage-2"]);
});
