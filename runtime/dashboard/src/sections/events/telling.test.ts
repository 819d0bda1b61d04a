import type { EventView } from "@skein/contracts";
import { csvOf } from "./csv";
import { byDay } from "./days";

const event = (id: number, at: number, parts: Partial<EventView> = {}): EventView => ({
  id,
  at,
  type: "login",
  severity: "info",
  audit: true,
  text: "Ada logged in.",
  ...parts,
});

describe("events by day", () => {
  it("stand under the reader's own day, newest first, one heading a day", () => {
    const midnight = new Date(2026, 10, 25).getTime();
    const days = byDay([event(4, midnight + 5), event(3, midnight), event(2, midnight - 1), event(1, midnight - 2)]);
    expect(days.map(({ at, events }) => [at, events.map(({ id }) => id)])).toEqual([
      [midnight, [4, 3]],
      [new Date(2026, 10, 24).getTime(), [2, 1]],
    ]);
    expect(byDay([])).toEqual([]);
  });
});

describe("events as CSV", () => {
  it("quotes what needs it and lets no spreadsheet run a text", () => {
    const at = Date.UTC(2026, 10, 25, 14, 3);
    const list = [
      event(2, at, { text: 'He said "go", and went', subject: { kind: "account", id: "ada" }, address: "fd00::7" }),
      event(1, at, { text: "=HYPERLINK(1)", audit: false }),
    ];
    expect(csvOf(list)).toBe(
      "at,type,severity,text,subject,room,actor,address,audit\r\n" +
        '2026-11-25T14:03:00.000Z,login,info,"He said ""go"", and went",account:ada,,,fd00::7,true\r\n' +
        "2026-11-25T14:03:00.000Z,login,info,'=HYPERLINK(1),,,,,false\r\n",
    );
  });
});
