import { centred, fitted, keyed, moved, zoomed } from "./viewport";

const size = { width: 400, height: 300 };
const bounds = { left: 100, top: 50, right: 1_100, bottom: 250 };

describe("the viewport", () => {
  it("shows all, in the middle, and nothing larger than in the editor", () => {
    const all = fitted(bounds, size);
    expect(all.scale).toBeCloseTo(0.368);
    expect(bounds.left * all.scale + all.x).toBeCloseTo(16);
    expect(bounds.right * all.scale + all.x).toBeCloseTo(384);
    expect(150 * all.scale + all.y).toBeCloseTo(150);
    expect(fitted({ left: 0, top: 0, right: 10, bottom: 10 }, size)).toEqual({ scale: 1, x: 195, y: 145 });
    expect(fitted(undefined, size)).toEqual({ x: 0, y: 0, scale: 1 });
  });

  it("keeps the point below the pointer when it zooms, also at its limits", () => {
    const before = { x: 10, y: 20, scale: 0.5 };
    for (const factor of [1.2, 0.5, 100, 0.0001]) {
      const after = zoomed(before, factor, 150, 90);
      expect((150 - after.x) / after.scale).toBeCloseTo((150 - before.x) / before.scale);
      expect((90 - after.y) / after.scale).toBeCloseTo((90 - before.y) / before.scale);
      expect(after.scale).toBeGreaterThanOrEqual(0.1);
      expect(after.scale).toBeLessThanOrEqual(3);
    }
  });

  it("puts a point in the middle, large enough to be read", () => {
    expect(centred({ x: 0, y: 0, scale: 0.2 }, 1_000, 500, size)).toEqual({ scale: 0.8, x: -600, y: -250 });
    expect(centred({ x: 0, y: 0, scale: 2 }, 10, 10, size).scale).toBe(2);
    expect(moved({ x: 1, y: 2, scale: 1 }, 10, -10)).toEqual({ x: 11, y: -8, scale: 1 });
  });

  it.each([
    ["ArrowLeft", { x: 60, y: 0, scale: 1 }, "the drawing comes in from the left"],
    ["ArrowDown", { x: 0, y: -60, scale: 1 }, "what is below comes up"],
    ["+", { x: -50, y: -37.5, scale: 1.25 }, "larger around the middle"],
    ["-", { x: 40, y: 30, scale: 0.8 }, "smaller around the middle"],
    ["0", "fit", "all of it"],
    ["Tab", undefined, "none of ours: the focus moves on"],
  ])("at the key %s: %j, %s", (key, after, _because) => {
    const view = keyed({ x: 0, y: 0, scale: 1 }, key, size);
    if (typeof after === "string" || !after) expect(view).toBe(after);
    else for (const [name, value] of Object.entries(after)) expect(view).toHaveProperty(name, expect.closeTo(value));
  });
});
