/** Examples of a node package: whole flows, one for every output, which hold nobody's address, name or password. */
import type { Json, PalettePackage } from "./palette-package";

interface ExampleNode extends Json {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly wires?: readonly (readonly string[])[];
}

/** What must not be in a flow that is passed on. Version numbers of modules have three parts, an IPv4 address four. */
const GIVEN_AWAY: readonly (readonly [string, RegExp])[] = [
  ["an IP address", /\b\d{1,3}(\.\d{1,3}){3}\b/],
  ["a MAC address", /\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/i],
  ["a bus or web address", /\b(mqtts?|wss?|rediss?|https?):\/\//i],
  ["a mail address", /[\w.+-]+@[\w-]+\.[a-z]{2,}/i],
  ["credentials", /"(credentials|password|username|token|secret)"\s*:/i],
];

/** What this text of a flow gives away, in words. */
export const givenAway = (text: string): string[] =>
  GIVEN_AWAY.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);

export function exampleFaults(of: PalettePackage): string[] {
  const flows = Object.entries(of.examples)
    .filter(([name]) => name.endsWith(".json"))
    .map(([name, text]) => ({ name, text, nodes: parse(text) }));
  return [
    ...flows.flatMap(({ name, text, nodes }) =>
      [
        ...(nodes ? flowFaults(nodes, of) : ["is no list of nodes"]),
        ...givenAway(text).map((what) => `holds ${what}`),
      ].map((fault) => `examples/${name} ${fault}`),
    ),
    ...of.nodes.flatMap(({ type, editor }) =>
      Array.from({ length: editor?.outputs ?? 0 }, (_, output) => output)
        .filter(
          (output) =>
            !flows.some(({ nodes }) =>
              nodes?.some((node) => node.type === type && (node.wires?.[output]?.length ?? 0) > 0),
            ),
        )
        .map((output) => `no example wires output ${output + 1} of ${type}`),
    ),
  ];
}

function flowFaults(nodes: readonly ExampleNode[], of: PalettePackage): string[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const own = (type: string) => of.nodes.find((node) => node.type === type);
  return [
    ...(ids.size === nodes.length ? [] : ["has an id twice"]),
    ...(nodes.some(({ type }) => type === "tab") ? [] : ["brings no tab of its own"]),
    ...nodes.flatMap(({ id, z, wires = [] }) =>
      [...wires.flat(), ...(z ? [z] : [])]
        .filter((other) => !ids.has(other))
        .map((other) => `${id} leads to ${other}, which is not there`),
    ),
    ...nodes.flatMap(({ type, ...saved }) => {
      const defaults = own(type)?.editor?.defaults;
      if (!defaults) return [];
      const missing = Object.keys(defaults).filter((key) => !(key in saved));
      const unknown = Object.keys(saved).filter(
        (key) => !(key in defaults) && !["id", "z", "x", "y", "wires"].includes(key),
      );
      const references = Object.entries(defaults).filter(
        ([key, { type: config }]) => config && saved[key] !== "" && !ids.has(String(saved[key])),
      );
      return [
        ...missing.map((key) => `${saved.id} lacks ${key}`),
        ...unknown.map((key) => `${saved.id} has ${key}, which its dialog does not know`),
        ...references.map(([key]) => `${saved.id} names a ${key} that is not there`),
      ];
    }),
  ];
}

function parse(text: string): ExampleNode[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) &&
      value.every((node) => typeof node === "object" && node !== null && "id" in node && "type" in node)
      ? (value as ExampleNode[])
      : undefined;
  } catch {
    return undefined;
  }
}
