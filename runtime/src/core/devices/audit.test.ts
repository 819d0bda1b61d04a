import type { DeviceChange, NewEvent } from "@skein/contracts";
import { FakeClock } from "@skein/kit";
import type { Actor } from "../auth/actor";
import { createDeviceAudit } from "./audit";

const someone = (id: string): Actor => ({
  by: "session",
  account: { id, name: id, role: "operator" },
  scopes: [],
  address: "10.0.0.7",
});
const lamp = { id: "kasa-1", name: "Lamp", room: "hall" };

describe("the audit log of devices", () => {
  let told: NewEvent[];
  let clock: FakeClock;
  let audit: ReturnType<typeof createDeviceAudit>;
  beforeEach(() => {
    told = [];
    clock = new FakeClock();
    audit = createDeviceAudit({ add: (event) => void told.push(event) }, clock);
  });

  it.each<[DeviceChange, string]>([
    [{ on: true }, '"Lamp" was switched on.'],
    [{ on: true, transitionMs: 500 }, '"Lamp" was switched on.'],
    [{ on: false, brightness: 50 }, '"Lamp" was switched off.'],
    [{ brightness: 0 }, '"Lamp" was switched off.'],
    [{ brightness: 40, kelvin: 2700 }, '"Lamp" was set to 40 %, 2700 K.'],
    [{ hue: 10, saturation: 5 }, '"Lamp" was set to another colour.'],
    [{ effect: "Aurora" }, '"Lamp" was set to the effect "Aurora".'],
    [{ effect: null }, '"Lamp" was set to no effect.'],
  ])("says %j in words, and as data for other languages", (change, text) => {
    audit.switched(someone("ann"), lamp, change);
    audit.close();
    expect(told).toEqual([
      {
        type: "device-switched",
        at: clock.now(),
        severity: "info",
        audit: true,
        text,
        subject: { kind: "device", id: "kasa-1" },
        room: "hall",
        data: { name: "Lamp", ...change },
        actor: "ann",
        address: "10.0.0.7",
      },
    ]);
  });

  const texts = () => told.map(({ text }) => text.replace('"Lamp" was ', ""));
  /** Within one quiet moment each. */
  const order = async (...changes: DeviceChange[]) => {
    for (const change of changes) {
      audit.switched(someone("ann"), lamp, change);
      await clock.advance(300);
    }
  };

  it("tells of a slider that is drawn what it came to, with when that was", async () => {
    await order({ brightness: 3 }, { brightness: 20 }, { brightness: 51, transitionMs: 100 });
    expect(told).toEqual([]);
    const last = clock.now() - 300;
    await clock.advance(1000);
    expect(told).toMatchObject([{ text: '"Lamp" was set to 51 %.', at: last, data: { brightness: 51 } }]);
  });

  it("tells of another field, in the order in which they were changed", async () => {
    await order({ hue: 10, saturation: 5 }, { hue: 90, saturation: 5 }, { kelvin: 8600 }, { effect: "Aurora" });
    await order({ brightness: 70 }, { brightness: 72 }, { on: true, brightness: 73 });
    await clock.advance(1000);
    expect(texts()).toEqual([
      "set to another colour.",
      "set to 8600 K.",
      'set to the effect "Aurora".',
      "set to 73 %.",
    ]);
    expect(told[0]).toMatchObject({ data: { hue: 90 } });
  });

  it("ends with how the switch was left, however often it was pressed", async () => {
    for (let press = 0; press < 15; press++) await order({ on: press % 2 === 1 });
    await clock.advance(1000);
    expect(texts()).toEqual(["switched off."]);
    await order({ brightness: 0 }, { on: true }, { brightness: 30 }, { on: false });
    await clock.advance(1000);
    expect(texts().slice(1)).toEqual(["switched on.", "set to 30 %.", "switched off."]);
  });

  it("tells of each person, device and scene by itself", async () => {
    audit.switched(someone("ann"), lamp, { on: true });
    audit.switched(someone("ann"), { ...lamp, id: "kasa-2", name: "Desk" }, { on: true });
    audit.switched(someone("bob"), lamp, { on: true });
    audit.tell(someone("ann"), "scene-applied", "A scene.", {});
    expect(told.map(({ actor, text }) => `${actor}: ${text}`)).toEqual([
      'ann: "Lamp" was switched on.',
      'ann: "Desk" was switched on.',
      'bob: "Lamp" was switched on.',
      "ann: A scene.",
    ]);
    await clock.advance(20_000);
    expect(told).toHaveLength(4);
  });

  it("does not wait for ever for one who never pauses", async () => {
    for (let n = 0; n < 100; n++) await order({ brightness: (n % 100) + 1 });
    await clock.advance(1000);
    expect(told).toHaveLength(3);
    expect(texts().at(-1)).toBe("set to 100 %.");
  });
});
