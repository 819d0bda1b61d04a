import type { EventView } from "@skein/contracts";
import { partsOf } from "../../router";
import { filtersOf, hrefOf, matches, queryOf, type Filters } from "./filters";

const full: Filters = {
  text: "50 % / half & more, äöü+#",
  type: ["login", "login-failed"],
  severity: ["warning", "alarm"],
  subject: "follower:attic",
  room: "living-room",
  from: "2026-11-01",
  to: "2026-11-25",
  audit: "only",
};

describe("filters as a place", () => {
  it.each([[{}], [full], [{ text: "%3D" }], [{ subject: "follower" }], [{ type: ["a"] }]] as [Filters][])(
    "come back from their own address, %#",
    (filters) => {
      const [section, part, ...more] = partsOf(hrefOf(filters));
      expect([section, more]).toEqual(["events", []]);
      expect(filtersOf(part)).toEqual(filters);
    },
  );

  it("are readable where they can be", () => {
    expect(hrefOf({ severity: ["warning", "alarm"], subject: "follower:attic" })).toBe(
      "#/events/severity=warning,alarm&subject=follower:attic",
    );
    expect(hrefOf({})).toBe("#/events");
  });

  it.each([
    ["severity=loud", {}],
    ["severity=loud,alarm", { severity: ["alarm"] }],
    ["from=yesterday&to=2026-11-25", { to: "2026-11-25" }],
    ["audit=maybe&colour=red", {}],
    [undefined, {}],
  ])("leave out what no filter could say: %s", (part, filters) => {
    expect(filtersOf(part)).toEqual(filters);
  });

  it("ask the API in its own words, for whole days of the reader's time", () => {
    const query = new URLSearchParams(queryOf(full, 50, 7));
    expect(Object.fromEntries(query)).toMatchObject({
      limit: "50",
      cursor: "7",
      type: "login,login-failed",
      severity: "warning,alarm",
      audit: "true",
      from: String(new Date(2026, 10, 1).getTime()),
      to: String(new Date(2026, 10, 26).getTime() - 1),
    });
    expect(queryOf({ audit: "none" }, 50)).toBe("limit=50&audit=false");
  });
});

describe("an event that happens while filters are set", () => {
  const event: EventView = {
    id: 1,
    at: new Date(2026, 10, 25, 12).getTime(),
    type: "follower-verdict",
    severity: "warning",
    audit: false,
    text: "Attic is dead: its connection died.",
    subject: { kind: "follower", id: "attic" },
    room: "living-room",
  };
  it.each([
    [{}, true],
    [{ text: "ATTIC" }, true],
    [{ text: "cellar" }, false],
    [{ type: ["login"] }, false],
    [{ type: ["login", "follower-verdict"] }, true],
    [{ severity: ["alarm"] }, false],
    [{ subject: "follower" }, true],
    [{ subject: "follower:attic" }, true],
    [{ subject: "follower:at" }, false],
    [{ subject: "account" }, false],
    [{ room: "stairs" }, false],
    [{ from: "2026-11-25", to: "2026-11-25" }, true],
    [{ to: "2026-11-24" }, false],
    [{ audit: "only" }, false],
    [{ audit: "none" }, true],
  ] as [Filters, boolean][])("%j shows it: %s", (filters, shown) => {
    expect(matches(event, filters)).toBe(shown);
  });
});
