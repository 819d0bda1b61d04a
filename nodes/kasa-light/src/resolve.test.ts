import type { Light } from "./light-desk";
import { resolve } from "./resolve";

const bulb = (id: string, state: Light["state"], more: Partial<Light> = {}): Light => ({
  id,
  name: id.toUpperCase(),
  virtual: false,
  kind: "bulb",
  abilities: {
    brightness: true,
    color: true,
    kelvin: { min: 2500, max: 9000 },
    effects: ["Aurora"],
    transition: true,
    energy: false,
  },
  state,
  condition: "ok",
  ...more,
});
const plug = (id: string, on: boolean) =>
  bulb(
    id,
    { on },
    {
      kind: "plug",
      abilities: { brightness: false, color: false, effects: [], transition: false, energy: true },
    },
  );
const lit = bulb("a", { on: true, brightness: 40 });
const dark = bulb("b", { on: false, brightness: 70 });
const socket = plug("p", false);
const silent = bulb("s", undefined, { condition: "unreachable", why: "nobody answers." });

describe("one that was named", () => {
  it.each`
    wish                               | light     | set
    ${{ on: true }}                    | ${dark}   | ${{ on: true }}
    ${{ on: "toggle" }}                | ${lit}    | ${{ on: false }}
    ${{ on: "toggle" }}                | ${dark}   | ${{ on: true }}
    ${{ on: "toggle", hue: 5 }}        | ${lit}    | ${{ on: false }}
    ${{ brightness: { by: 10 } }}      | ${lit}    | ${{ brightness: 50 }}
    ${{ brightness: { by: -90 } }}     | ${lit}    | ${{ brightness: 1 }}
    ${{ brightness: { by: 90 } }}      | ${lit}    | ${{ brightness: 100 }}
    ${{ brightness: { by: 10 } }}      | ${dark}   | ${{ brightness: 10 }}
    ${{ brightness: 30 }}              | ${socket} | ${{ brightness: 30 }}
    ${{ on: true, transitionMs: 500 }} | ${lit}    | ${{ on: true, transitionMs: 500 }}
    ${{ on: true, transitionMs: 500 }} | ${socket} | ${{ on: true }}
    ${{ on: true, brightness: 9 }}     | ${silent} | ${{ on: true, brightness: 9 }}
  `("$wish at $light.state gives $set", ({ wish, light, set }) => {
    const { id } = light as Light;
    expect(resolve(wish, [light], true)).toEqual({ orders: [{ device: id, set: set as object }], missed: [] });
  });

  it("that is off stays so when it is stepped down", () =>
    expect(resolve({ brightness: { by: -10 } }, [dark], true)).toEqual({ orders: [], missed: [] }));

  it.each([{ on: "toggle" as const }, { brightness: { by: 10 } }])(
    "of which nothing is known can be asked nothing relative: %j",
    (wish) =>
      expect(resolve(wish, [silent], true)).toMatchObject({
        orders: [],
        missed: [{ device: "s", ok: false, code: "DEVICE_UNSEEN" }],
      }),
  );
});

describe("several", () => {
  const sets = (wish: Parameters<typeof resolve>[0], ...lights: Light[]) =>
    Object.fromEntries(resolve(wish, lights, false).orders.map(({ device, set }) => [device, set]));

  it("are toggled together: any on, and all go off", () => {
    expect(sets({ on: "toggle" }, lit, dark, socket)).toEqual({
      a: { on: false },
      b: { on: false },
      p: { on: false },
    });
    expect(sets({ on: "toggle" }, dark, socket)).toEqual({ b: { on: true }, p: { on: true } });
  });

  it("are dimmed by steps where they are lit, and all from dark", () => {
    expect(sets({ brightness: { by: 10 } }, lit, dark, socket)).toEqual({ a: { brightness: 50 } });
    expect(sets({ brightness: { by: 10 } }, dark, socket)).toEqual({ b: { brightness: 10 } });
    expect(sets({ brightness: { by: -10 } }, dark, socket)).toEqual({});
  });

  it("each do what they can", () => {
    expect(sets({ hue: 0, saturation: 100, brightness: 30 }, lit, socket)).toEqual({
      a: { brightness: 30, hue: 0, saturation: 100 },
      p: { on: true },
    });
    expect(sets({ hue: 0, saturation: 100 }, lit, socket)).toEqual({ a: { hue: 0, saturation: 100 } });
  });

  it("end their effects where they have any, and without a fault where nobody has", () => {
    expect(sets({ effect: null }, lit, socket)).toEqual({ a: { effect: null } });
    expect(resolve({ effect: null }, [socket, plug("q", true)], false)).toEqual({ orders: [], missed: [] });
  });

  it("are toggled without the one of which nothing is known", () =>
    expect(resolve({ on: "toggle" }, [lit, silent], false)).toMatchObject({
      orders: [{ device: "a", set: { on: false } }],
      missed: [{ device: "s", code: "DEVICE_UNSEEN" }],
    }));

  it("none of which can, say so", () =>
    expect(resolve({ kelvin: 2700 }, [socket, plug("q", true)], false)).toMatchObject({
      orders: [],
      missed: [
        { device: "p", code: "DEVICE_CANNOT" },
        { device: "q", code: "DEVICE_CANNOT" },
      ],
    }));
});
