import type { FlowNode } from "@skein/contracts";
import { sceneOf, tabsOf, together, wiresOf } from "./scene";

/** Seven px a letter. */
const measure = (label: string): number => 7 * label.length;
const node = (id: string, x: number, y: number, parts: Record<string, unknown> = {}): FlowNode => ({
  id,
  type: "function",
  z: "t1",
  x,
  y,
  wires: [[]],
  ...parts,
});

describe("a drawn tab", () => {
  it.each([
    [{}, "function", 120, 30, "is as wide as its type, in steps of the editor's grid"],
    [{ name: "is it dark?" }, "is it dark?", 140, 30, "bears the name that its owner gave it"],
    [{ name: "x" }, "x", 100, 30, "is never narrower than the editor has it"],
    [{ wires: [[], [], [], []] }, "function", 120, 60, "is higher with more outputs"],
    [{ type: "link out" }, "", 30, 30, "is a square when the editor shows no label"],
    [{ l: false, name: "folded" }, "", 30, 30, "is a square when it is folded"],
    [{ type: "junction" }, "junction", 10, 10, "is a dot as a junction"],
  ])("a node with %j: its label is %j, %i by %i: it %s", (parts, label, width, height, _because) => {
    expect(sceneOf([node("a", 200, 100, parts)], "t1", measure).boxes).toEqual([
      expect.objectContaining({ id: "a", x: 200, y: 100, label, width, height }),
    ]);
  });

  it("runs wires from the port at the right to the middle of the left", () => {
    const flows = [node("a", 100, 100, { wires: [["b"], ["b", "gone"]] }), node("b", 400, 200)];
    expect(sceneOf(flows, "t1", measure).wires).toEqual([
      { x1: 160, y1: 93.5, x2: 340, y2: 200, what: undefined },
      { x1: 160, y1: 106.5, x2: 340, y2: 200, what: undefined },
    ]);
  });

  it("leaves out other tabs and what has no place", () => {
    const flows = [node("a", 0, 0), node("b", 0, 0, { z: "t2" }), { id: "c", type: "skein-bus", z: "t1" }];
    expect(sceneOf(flows, "t1", measure).boxes.map(({ id }) => id)).toEqual(["a"]);
    expect(sceneOf(flows, "t3", measure)).toEqual({ boxes: [], wires: [], bounds: undefined });
  });

  it("puts groups below the rest, by their corner", () => {
    const flows = [node("a", 100, 100), node("g", 10, 20, { type: "group", w: 300, h: 120 })];
    const { boxes, bounds } = sceneOf(flows, "t1", measure);
    expect(boxes.map(({ id, x, y }) => [id, x, y])).toEqual([
      ["g", 160, 80],
      ["a", 100, 100],
    ]);
    expect(bounds).toEqual({ left: 10, top: 20, right: 310, bottom: 140 });
  });

  it("marks what the comparison says of nodes, and each wire that the other side has not", () => {
    const before = [node("a", 0, 0, { wires: [["b", "c"]] }), node("b", 200, 0), node("c", 200, 50)];
    const after = [node("a", 0, 0, { wires: [["b"]] }), node("b", 200, 0)];
    const marks = new Map([
      ["a", "changed"],
      ["c", "removed"],
    ] as const);
    const { boxes, wires } = sceneOf(before, "t1", measure, marks, { wires: wiresOf(after), side: "removed" });
    expect(boxes.map(({ id, what }) => [id, what])).toEqual([
      ["a", "changed"],
      ["b", undefined],
      ["c", "removed"],
    ]);
    expect(wires.map(({ what }) => what)).toEqual([undefined, "removed"]);
  });

  it("has subflows beside tabs, each by its name", () => {
    expect(
      tabsOf([
        { id: "t1", type: "tab", label: "Lights" },
        { id: "s1", type: "subflow", name: "Fade" },
        { id: "t2", type: "tab", label: "" },
        node("a", 0, 0),
      ]),
    ).toEqual([
      { id: "t1", label: "Lights" },
      { id: "s1", label: "Fade" },
      { id: "t2", label: "t2" },
    ]);
  });

  it("is seen with the other side in one frame", () => {
    const left = { left: 0, top: 0, right: 10, bottom: 10 };
    expect(together(left, { left: 5, top: -5, right: 20, bottom: 8 })).toEqual({
      left: 0,
      top: -5,
      right: 20,
      bottom: 10,
    });
    expect(together(undefined, left)).toEqual(left);
    expect(together(undefined, undefined)).toBeUndefined();
  });
});
