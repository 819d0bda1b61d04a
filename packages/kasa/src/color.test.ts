import { parseColor } from "./color";

describe("A colour as people write it", () => {
  it.each<[unknown, number, number, number]>([
    ["red", 0, 100, 100],
    ["Orange", 39, 100, 100],
    [" #0000ff ", 240, 100, 100],
    ["#0f0", 120, 100, 100],
    ["rgb(128, 0, 0)", 0, 100, 50],
    ["hsl(300 100% 50%)", 300, 100, 100],
    ["white", 0, 0, 100],
    [[255, 128, 0], 30, 100, 100],
    [{ r: 0, g: 64, b: 64 }, 180, 100, 25],
    [{ h: 200, s: 50, v: 80 }, 200, 50, 80],
  ])("%j", (written, hue, saturation, brightness) => {
    expect(parseColor(written)).toEqual({ hue, saturation, brightness });
  });

  it.each([["blurple"], [""], [[1, 2]], [["a", "b", "c"]], [{ x: 1 }], [null], [undefined], [7]])(
    "is none in %j, and it says what is understood",
    (written) => {
      expect(() => parseColor(written)).toThrow(
        expect.objectContaining({ code: "COLOR_UNKNOWN", message: expect.stringContaining("#ff8000") as string }),
      );
    },
  );
});
