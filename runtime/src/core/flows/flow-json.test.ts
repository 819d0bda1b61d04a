/** What is made of flow JSON without a Node-RED: differences, imports, exports, unknown types. */
import type { FlowNode } from "@skein/contracts";
import { diffFlows } from "./diff";
import { exportFlows } from "./export-flows";
import { importFlows } from "./import-flows";
import { refuseUnknownTypes, unknownTypes } from "./node-types";

const tab: FlowNode = { id: "t1", type: "tab", label: "Light" };
const bus: FlowNode = { id: "bus", type: "skein-bus", name: "House" };
const button: FlowNode = {
  id: "b",
  type: "inject",
  z: "t1",
  name: "press",
  x: 10,
  y: 20,
  wires: [["l"]],
  props: [{ p: "payload" }],
};
const lamp: FlowNode = { id: "l", type: "skein-out", z: "t1", bus: "bus", x: 200, y: 20, wires: [] };
const flows = [tab, bus, button, lamp];

describe("the difference", () => {
  const from = flows;
  it.each`
    to                                                          | changes                                                                                            | because
    ${flows}                                                    | ${[]}                                                                                              | ${"there is none"}
    ${[lamp, button, bus, tab]}                                 | ${[]}                                                                                              | ${"the order in the file says nothing"}
    ${[...flows.slice(0, 3), { ...lamp, x: 210, y: 30 }]}       | ${[{ id: "l", type: "skein-out", tab: "t1", what: "moved", properties: ["x", "y"] }]}              | ${"a node was pushed about"}
    ${[...flows.slice(0, 3), { ...lamp, x: 210, bus: "o" }]}    | ${[{ id: "l", type: "skein-out", tab: "t1", what: "changed", properties: ["bus", "x"] }]}          | ${"it was set differently as well"}
    ${[tab, bus, { ...button, wires: [[]] }, lamp]}             | ${[{ id: "b", type: "inject", name: "press", tab: "t1", what: "changed", properties: ["wires"] }]} | ${"a wire was cut"}
    ${[tab, bus, { ...button, z: "t2" }, lamp]}                 | ${[{ id: "b", type: "inject", name: "press", tab: "t2", what: "changed", properties: ["z"] }]}     | ${"it went to another tab"}
    ${[tab, bus, { ...button, props: [{ p: "topic" }] }, lamp]} | ${[{ id: "b", type: "inject", name: "press", tab: "t1", what: "changed", properties: ["props"] }]} | ${"something deep inside is other"}
    ${[{ ...tab, disabled: true }, bus, button, lamp]}          | ${[{ id: "t1", type: "tab", name: "Light", what: "changed", properties: ["disabled"] }]}           | ${"a property came to be"}
    ${[tab, bus, lamp]}                                         | ${[{ id: "b", type: "inject", name: "press", tab: "t1", what: "removed" }]}                        | ${"it is gone"}
    ${[...flows, { id: "n", type: "debug", z: "t1" }]}          | ${[{ id: "n", type: "debug", tab: "t1", what: "added" }]}                                          | ${"it is new"}
  `("is told when $because", ({ to, changes }) => expect(diffFlows(from, to)).toEqual(changes));
});

describe("an import", () => {
  let count = 0;
  const newId = () => `new${++count}`;
  beforeEach(() => void (count = 0));

  it("leaves ours alone and brings theirs as it is when no id is taken", () => {
    const theirs = [
      { id: "t9", type: "tab", label: "New" },
      { id: "n9", type: "debug", z: "t9", x: 1, y: 1, wires: [] },
    ];
    expect(importFlows(flows, theirs, newId)).toEqual({
      flows: [...flows, ...theirs],
      added: ["t9", "n9"],
      reused: [],
    });
  });

  it("gives what comes a second time ids of its own, wherever they are named, and uses the configuration that is here", () => {
    const { flows: all, added, reused } = importFlows(flows, flows, newId);
    expect(all.slice(0, 4)).toEqual(flows);
    expect(all.slice(4)).toEqual([
      { ...tab, id: "new1" },
      { ...button, id: "new2", z: "new1", wires: [["new3"]] },
      { ...lamp, id: "new3", z: "new1" },
    ]);
    expect([added, reused]).toEqual([["new1", "new2", "new3"], ["bus"]]);
  });

  it("takes a configuration node of the same id and another type for another one", () => {
    const other = { id: "bus", type: "mqtt-broker" };
    const uses = { id: "m", type: "mqtt in", z: "t9", broker: "bus", x: 1, y: 1 };
    expect(importFlows(flows, [other, uses], newId).flows.slice(4)).toEqual([
      { ...other, id: "new1" },
      { ...uses, broker: "new1" },
    ]);
  });

  it("follows subflows, groups and links, and never makes an id that is taken", () => {
    const ours = [
      { id: "s", type: "subflow", in: [{ wires: [{ id: "i" }] }] },
      { id: "i", type: "link out", z: "s", x: 1, y: 1, links: ["far"] },
      { id: "u", type: "subflow:s", z: "t1", x: 1, y: 1, g: "gr" },
      { id: "gr", type: "group", z: "t1", nodes: ["u"] },
      { id: "new2", type: "debug", z: "t1", x: 1, y: 1 },
    ];
    expect(importFlows(ours, ours.slice(0, 4), newId).flows.slice(5)).toEqual([
      { id: "new1", type: "subflow", in: [{ wires: [{ id: "new3" }] }] },
      { id: "new3", type: "link out", z: "new1", x: 1, y: 1, links: ["far"] },
      { id: "new4", type: "subflow:new1", z: "t1", x: 1, y: 1, g: "new5" },
      { id: "new5", type: "group", z: "t1", nodes: ["new4"] },
    ]);
  });
});

describe("types that no package brings", () => {
  const known = new Set(["inject", "skein-bus", "skein-out"]);
  it("are told, each once; what belongs to every flow file is none", () => {
    const more = [
      { id: "s", type: "subflow" },
      { id: "u", type: "subflow:s" },
      { id: "x", type: "odd" },
      { id: "y", type: "odd" },
      { id: "z", type: "subflow:gone" },
    ];
    expect(unknownTypes([...flows, ...more], known)).toEqual(["odd", "subflow:gone"]);
  });
  it("are refused when they are new, and left alone when they stood there before", () => {
    const odd = { id: "x", type: "odd" };
    expect(() => refuseUnknownTypes([...flows, odd], { known, before: flows })).toThrow(/odd/);
    expect(() => refuseUnknownTypes([...flows, odd], { known, before: [odd] })).not.toThrow();
  });
});

describe("an export", () => {
  const other = [
    { id: "t2", type: "tab" },
    { id: "bus2", type: "skein-bus" },
    { id: "q", type: "skein-out", z: "t2", bus: "bus2", x: 1, y: 1 },
  ];
  const sub = [
    { id: "s", type: "subflow" },
    { id: "in-s", type: "skein-out", z: "s", bus: "bus2", x: 1, y: 1 },
  ];
  const use = { id: "u", type: "subflow:s", z: "t1", x: 1, y: 1 };
  const all = [...flows, ...other, ...sub, use];
  const idsOf = (tabId?: string) => exportFlows(all, tabId).map(({ id }) => id);

  it("is everything, or one tab with the configuration and the subflows that it uses", () => {
    expect(exportFlows(all)).toEqual(all);
    expect(idsOf("t2")).toEqual(["t2", "bus2", "q"]);
    expect(idsOf("t1")).toEqual(["t1", "bus", "b", "l", "bus2", "s", "in-s", "u"]);
  });
  it("of a tab that is not there is refused", () => {
    expect(() => idsOf("gone")).toThrow(expect.objectContaining({ code: "TAB_UNKNOWN" }));
    expect(() => idsOf("b")).toThrow(expect.objectContaining({ code: "TAB_UNKNOWN" }));
  });
});
