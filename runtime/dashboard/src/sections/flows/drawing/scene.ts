import type { FlowNode } from "@skein/contracts";
import type { What } from "../snapshot-words";

/**
 * A tab of flow JSON as what is to be drawn: boxes and wires where Node-RED's editor has them. Pure; the width of a text is the
 * caller's to measure, since only a canvas knows it.
 */
export interface Box {
  readonly id: string;
  /** Its middle, in the editor's pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly kind: "node" | "junction" | "comment" | "group";
  readonly disabled: boolean;
  readonly what: What | undefined;
}
export interface Wire {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Only on this side of the comparison. */
  readonly what: "added" | "removed" | undefined;
}
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
export interface Scene {
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
  /** Undefined when nothing is on it. */
  readonly bounds: Bounds | undefined;
}
export interface Tab {
  readonly id: string;
  readonly label: string;
}

/* As Node-RED 4's editor measures them (view.js: node_width, node_height, and 20 px steps of its grid). */
const NODE_WIDTH = 100;
const NODE_HEIGHT = 30;
const GRID = 20;
const LABEL_ROOM = 50;
const PORT_STEP = 13;
const OUTPUT_ROOM = 15;

/** Tabs and subflows: whatever has a canvas of its own. */
export const tabsOf = (flows: readonly FlowNode[]): readonly Tab[] =>
  flows
    .filter(({ type }) => type === "tab" || type === "subflow")
    .map((node) => ({ id: node.id, label: text(node, "label") ?? text(node, "name") ?? node.id }));

/** `side`: what a wire is that the other one has not. */
export function sceneOf(
  flows: readonly FlowNode[],
  tab: string,
  measure: (label: string) => number,
  marks: ReadonlyMap<string, What> = new Map(),
  other?: { readonly wires: ReadonlySet<string>; readonly side: "added" | "removed" },
): Scene {
  const here = flows.filter((node) => text(node, "z") === tab && number(node, "x") !== undefined);
  const boxes = here.map((node) => boxOf(node, measure, marks.get(node.id))).toSorted(groupsFirst);
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const wires = wireKeys(here).flatMap(({ key, from, port, of, to }): Wire[] => {
    const [source, target] = [byId.get(from), byId.get(to)];
    if (!source || !target) return [];
    return [
      {
        x1: source.x + source.width / 2,
        y1: source.y + (port - (of - 1) / 2) * PORT_STEP,
        x2: target.x - target.width / 2,
        y2: target.y,
        what: other && !other.wires.has(key) ? other.side : undefined,
      },
    ];
  });
  return { boxes, wires, bounds: boundsOf(boxes) };
}

/** Every wire of some flows, as text: what a comparison looks up. */
export const wiresOf = (flows: readonly FlowNode[]): ReadonlySet<string> =>
  new Set(wireKeys(flows).map(({ key }) => key));

const wireKeys = (nodes: readonly FlowNode[]) =>
  nodes.flatMap((node) => {
    const outputs = Array.isArray(node["wires"]) ? (node["wires"] as unknown[]) : [];
    return outputs.flatMap((targets, port) =>
      (Array.isArray(targets) ? (targets as unknown[]) : [])
        .filter((to): to is string => typeof to === "string")
        .map((to) => ({ key: `${node.id} ${port} ${to}`, from: node.id, port, of: outputs.length, to })),
    );
  });

function boxOf(node: FlowNode, measure: (label: string) => number, what: What | undefined): Box {
  const [x = 0, y = 0] = [number(node, "x"), number(node, "y")];
  const disabled = node["d"] === true;
  const label = labelOf(node);
  const base = { id: node.id, label, disabled, what };
  if (node.type === "group") {
    // The one whose x and y are its corner.
    const [width, height] = [number(node, "w") ?? NODE_WIDTH, number(node, "h") ?? NODE_HEIGHT];
    return { ...base, kind: "group", x: x + width / 2, y: y + height / 2, width, height };
  }
  if (node.type === "junction") return { ...base, kind: "junction", x, y, width: 10, height: 10 };
  const outputs = Array.isArray(node["wires"]) ? node["wires"].length : 0;
  const folded = node["l"] === false || ((node.type === "link in" || node.type === "link out") && node["l"] !== true);
  const width = folded ? NODE_HEIGHT : Math.max(NODE_WIDTH, GRID * Math.ceil((measure(label) + LABEL_ROOM) / GRID));
  const height = Math.max(NODE_HEIGHT, outputs * OUTPUT_ROOM);
  return {
    ...base,
    label: folded ? "" : label,
    kind: node.type === "comment" ? "comment" : "node",
    x,
    y,
    width,
    height,
  };
}

/** What its owner calls it, else what it is. */
export const labelOf = (node: FlowNode): string => text(node, "name") ?? text(node, "label") ?? node.type;

const groupsFirst = (a: Box, b: Box): number => Number(b.kind === "group") - Number(a.kind === "group");

function boundsOf(boxes: readonly Box[]): Bounds | undefined {
  if (boxes.length === 0) return undefined;
  const edge = (of: (box: Box) => number, pick: (...values: number[]) => number) => pick(...boxes.map(of));
  return {
    left: edge(({ x, width }) => x - width / 2, Math.min),
    top: edge(({ y, height }) => y - height / 2, Math.min),
    right: edge(({ x, width }) => x + width / 2, Math.max),
    bottom: edge(({ y, height }) => y + height / 2, Math.max),
  };
}

/** What both sides show, so that both are drawn in the same place. */
export function together(a: Bounds | undefined, b: Bounds | undefined): Bounds | undefined {
  if (!a || !b) return a ?? b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

const text = (node: FlowNode, name: string): string | undefined => {
  const value = node[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};
const number = (node: FlowNode, name: string): number | undefined => {
  const value = node[name];
  return typeof value === "number" ? value : undefined;
};
