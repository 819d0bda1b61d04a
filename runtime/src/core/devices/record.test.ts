import type { DeviceView, NewEvent } from "@skein/contracts";
import { FakeClock, silentLogger, systemRandom } from "@skein/kit";
import { recordDevices } from "./record";
import { createFakeKasa, type FakeKasa } from "./testing/fake-kasa";

const LAMP = "kasa-b0be76000001";
const STRIP = "kasa-b0be76000002";
const OUTLETS = [`${STRIP}-00`, `${STRIP}-01`];
const AWAY_MS = 60_000;

describe("what history keeps of devices", () => {
  let clock: FakeClock;
  let kasa: FakeKasa;
  let told: NewEvent[];
  /** With its strip, of an outlet. */
  let inHouse: Map<string, string | undefined>;
  let samples: unknown[];
  let stop: () => void;
  const types = () => told.map(({ type }) => type);
  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    samples = [];
    inHouse = new Map([[LAMP, undefined]]);
    kasa = createFakeKasa({ clock, random: systemRandom, logger: silentLogger });
    kasa.hold({ id: LAMP });
    const get = (id: string): DeviceView => {
      const parent = inHouse.get(id);
      const { diagnosis } = kasa.get(id) ?? kasa.get(parent ?? "") ?? {};
      if (!diagnosis) throw new Error(`nothing is held of ${id}`);
      return { id, parent, name: "Lamp", virtual: false, diagnosis: { ...diagnosis, tried: [] } };
    };
    stop = recordDevices({
      kasa,
      clock,
      awayMs: AWAY_MS,
      devices: {
        has: (id) => inHouse.has(id),
        get,
        list: () => [...inHouse.keys()].map(get),
        listen: () => () => {},
      },
      registry: { placeOf: (kind, id) => ({ kind, id, room: "hall" }) },
      history: { series: { add: (...sample: unknown[]) => void samples.push(sample), query: () => Promise.reject() } },
      events: { add: (event) => void told.push(event) },
    });
    kasa.answer(LAMP, { on: true });
  });
  afterEach(() => stop());

  it("is nothing of a device that is back in time, however often", async () => {
    for (let n = 0; n < 5; n++) {
      kasa.away(LAMP);
      await clock.advance(AWAY_MS - 1);
      kasa.back(LAMP);
      await clock.advance(AWAY_MS);
    }
    expect(told).toEqual([]);
  });

  it("is once that a device is away, whatever is found wrong with it meanwhile, and that it is back", async () => {
    kasa.away(LAMP);
    await clock.advance(AWAY_MS / 2);
    kasa.away(LAMP, "connecting");
    kasa.away(LAMP, "busy");
    await clock.advance(AWAY_MS / 2);
    kasa.away(LAMP, "unreachable");
    await clock.advance(AWAY_MS * 10);
    expect(told).toEqual([
      {
        type: "device-unreachable",
        severity: "warning",
        text: '"Lamp" is not reached: nobody answers at its address.',
        subject: { kind: "device", id: LAMP },
        room: "hall",
        data: { name: "Lamp", condition: "busy", why: "nobody answers at its address." },
      },
    ]);
    kasa.back(LAMP);
    expect(types()).toEqual(["device-unreachable", "device-back"]);
  });

  it("is that a device is away which has never answered since the start, and that it is back", async () => {
    kasa.release(LAMP);
    kasa.hold({ id: LAMP });
    kasa.away(LAMP);
    await clock.advance(AWAY_MS);
    kasa.away(LAMP);
    await clock.advance(AWAY_MS);
    expect(types()).toEqual(["device-unreachable"]);
    kasa.answer(LAMP, { on: true });
    expect(types()).toEqual(["device-unreachable", "device-back"]);
  });

  it("is each outlet of a strip that has not answered since the start: of it alone the client knows then", async () => {
    for (const outlet of OUTLETS) inHouse.set(outlet, STRIP);
    kasa.hold({ id: STRIP });
    const ofOutlets = () => told.map(({ type, subject }) => [type, subject?.id]);
    kasa.away(STRIP);
    await clock.advance(AWAY_MS);
    kasa.away(STRIP, "busy");
    await clock.advance(AWAY_MS);
    expect(ofOutlets()).toEqual(OUTLETS.map((outlet) => ["device-unreachable", outlet]));
    told = [];
    kasa.back(STRIP);
    for (const id of OUTLETS) kasa.answer(id, { on: true }, { kind: "outlet", parent: STRIP });
    expect(ofOutlets()).toEqual(OUTLETS.map((outlet) => ["device-back", outlet]));
  });

  it("is nothing of what is not in the house", async () => {
    inHouse.clear();
    kasa.away(LAMP);
    kasa.protocol(LAMP, "klap-v2");
    await clock.advance(AWAY_MS * 2);
    expect(told).toEqual([]);
  });

  it("is the power that it takes, by the leader's clock", () => {
    kasa.power(LAMP, 4.2);
    expect(samples).toEqual([[{ subject: `device:${LAMP}`, name: "powerW" }, clock.now(), 4.2]]);
  });
});
