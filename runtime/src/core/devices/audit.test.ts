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
    expect(told).toEqual([
      {
        type: "device-switched",
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

  it("takes a slider that is drawn for one order, and another person's or another kind for another", async () => {
    for (let brightness = 1; brightness <= 50; brightness++) {
      audit.switched(someone("ann"), lamp, { brightness });
      await clock.advance(300);
    }
    expect(told).toHaveLength(1);
    audit.switched(someone("bob"), lamp, { brightness: 3 });
    audit.switched(someone("ann"), lamp, { on: false });
    audit.switched(someone("ann"), { ...lamp, id: "kasa-2" }, { on: false });
    expect(told).toHaveLength(4);
    await clock.advance(10_001);
    audit.switched(someone("ann"), lamp, { on: false });
    expect(told).toHaveLength(5);
  });
});
