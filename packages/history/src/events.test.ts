import { DatabaseSync } from "node:sqlite";
import type { EventView } from "@skein/contracts";
import { EventTable } from "./events";
import { migrate } from "./schema";

const THEN = Date.UTC(2026, 5, 1);
const event = (id: number, rest: Partial<EventView> = {}): EventView => ({
  id,
  at: THEN + 1_000 * id,
  type: "follower-verdict",
  severity: "info",
  audit: false,
  text: `Follower ${id} is alive`,
  ...rest,
});

describe("Events", () => {
  let db: DatabaseSync;
  let table: EventTable;
  beforeEach(() => {
    db = new DatabaseSync(":memory:");
    migrate(db);
    table = new EventTable(db);
    table.add([
      event(1, { subject: { kind: "follower", id: "cv-1" }, room: "kitchen" }),
      event(2, { type: "login", audit: true, actor: "anna", address: "10.0.0.7", text: "Anna logged in" }),
      event(3, { severity: "alarm", text: "100% of the disk_is used", data: { usedBytes: 12, mounts: ["/"] } }),
      event(4, { subject: { kind: "follower", id: "cv-2" }, severity: "warning" }),
      event(5, { subject: { kind: "resident", id: "anna" }, type: "resident-home", text: "Anna is home" }),
    ]);
  });
  afterEach(() => db.close());
  const ids = (query: Partial<Parameters<EventTable["list"]>[0]>, mayAudit = true) =>
    table.list({ limit: 100, ...query }, mayAudit).events.map(({ id }) => id);

  it.each`
    query                                       | found              | because
    ${{}}                                       | ${[5, 4, 3, 2, 1]} | ${"the newest come first"}
    ${{ type: ["login", "resident-home"] }}     | ${[5, 2]}          | ${"of these types"}
    ${{ severity: ["alarm", "warning"] }}       | ${[4, 3]}          | ${"of these severities"}
    ${{ subject: "follower" }}                  | ${[4, 1]}          | ${"about any follower"}
    ${{ subject: "follower:cv-1" }}             | ${[1]}             | ${"about one"}
    ${{ room: "kitchen" }}                      | ${[1]}             | ${"in a room"}
    ${{ from: THEN + 2_000, to: THEN + 3_000 }} | ${[3, 2]}          | ${"of a time, both ends in it"}
    ${{ text: "ANNA in" }}                      | ${[2]}             | ${"with all of these words"}
    ${{ text: "disk_is" }}                      | ${[3]}             | ${"an underscore is one"}
    ${{ text: "0% of" }}                        | ${[3]}             | ${"and a per cent sign, too"}
    ${{ text: "1_0" }}                          | ${[]}              | ${"and no joker"}
    ${{ audit: "true" }}                        | ${[2]}             | ${"the audit log alone"}
    ${{ audit: "false" }}                       | ${[5, 4, 3, 1]}    | ${"all but the audit log"}
    ${{ type: ["login"], subject: "nobody" }}   | ${[]}              | ${"all conditions hold together"}
  `("are found by filter: $because", ({ query, found }) => expect(ids(query)).toEqual(found));

  it("come in pages, each older than the one before, also while new ones arrive", () => {
    const first = table.list({ limit: 2 }, true);
    table.add([event(6)]);
    const second = table.list({ limit: 2, cursor: first.next }, true);
    const third = table.list({ limit: 2, cursor: second.next }, true);
    expect([first, second, third].map((page) => page.events.map(({ id }) => id))).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.next).toBeUndefined();
  });

  it("of the audit log are not there for whoever may not see it, whatever they ask", () => {
    for (const query of [{}, { audit: "true" as const }, { type: ["login"] }, { text: "Anna" }])
      expect(ids(query, false)).not.toContain(2);
  });

  it("come back as they were told", () => {
    expect(table.list({ limit: 100 }, true).events[2]).toEqual(
      event(3, { severity: "alarm", text: "100% of the disk_is used", data: { usedBytes: 12, mounts: ["/"] } }),
    );
  });

  it("of a forgotten resident are gone; of what their account did, the audit log keeps type and time", () => {
    expect(table.about({ id: "anna", actors: [{ id: "anna" }] }, 10, true).count).toBe(2);
    expect(table.forget({ id: "anna", actors: [{ id: "anna" }] })).toBe(2);
    expect(ids({})).toEqual([4, 3, 2, 1]);
    expect(table.list({ limit: 1, type: ["login"] }, true).events).toEqual([
      {
        id: 2,
        at: THEN + 2_000,
        type: "login",
        severity: "info",
        audit: true,
        text: "Removed with a resident's data.",
      },
    ]);
  });

  it("that are old go in steps, and numbers are not given out again", () => {
    expect(table.deleteOlder(THEN + 4_000, THEN + 10_000)).toBe(false);
    expect(ids({})).toEqual([5, 4]);
    while (table.deleteOldest()) continue;
    expect([table.count(), table.lastId()]).toEqual([0, 5]);
  });
});
