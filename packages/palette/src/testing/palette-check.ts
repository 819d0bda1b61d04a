/**
 * What a node package owes its users and can be checked without looking (PALETTE.md, whose numbers the rules bear). A rule
 * gives sentences on what is wrong; none is what is wanted. test/palette.test.ts asks them of every package in nodes/.
 */
import { STATUS_LENGTH } from "../status";
import { exampleFaults } from "./example-check";
import { colourFaults, contrast, iconFaults } from "./look-check";
import { helpFaults, localeFaults, keyFaults } from "./locale-check";
import type { NodeHalf, PalettePackage } from "./palette-package";

export interface PaletteRule {
  readonly what: string;
  readonly faults: (node: PalettePackage) => string[];
}

const BUS_PACKAGE = "@skein/node-red-bus";
/** Node-RED's label colour in both themes. */
const LABEL = "#333333";

const perNode = (faults: (node: NodeHalf, of: PalettePackage) => string[]) => (of: PalettePackage) =>
  of.nodes.flatMap((node) => faults(node, of).map((fault) => `${node.type}: ${fault}`));
const when = (wrong: boolean, fault: string): string[] => (wrong ? [fault] : []);
const isConfig = ({ editor }: NodeHalf): boolean => editor?.category === "config";

export const paletteRules: readonly PaletteRule[] = [
  {
    what: "1 is named @skein/node-red-*, and its types skein-*, which both halves register",
    faults: (of) => [
      ...when(
        !/^@skein\/node-red-[a-z0-9-]+$/.test(String(of.manifest["name"])),
        `the package's name is ${String(of.manifest["name"])}`,
      ),
      ...perNode(({ type, registered, editor, page }) => [
        ...when(!/^skein-[a-z0-9-]+$/.test(type), "the type's name does not begin with skein-"),
        ...when(
          registered.map((one) => one.type).join() !== type,
          `the runtime half registers ${registered.map((one) => one.type).join() || "nothing"}`,
        ),
        ...when(!editor, "the editor half does not register it"),
        ...when(!page.includes(`data-template-name="${type}"`), "it has no dialog"),
      ])(of),
    ],
  },
  {
    what: "1 stands in the category Skein with a legible colour, a white SVG icon and labels",
    faults: perNode((node, { icons }) => {
      const {
        category,
        color = "",
        icon = "",
        paletteLabel,
        inputs = 0,
        outputs = 0,
        inputLabels,
        outputLabels,
        label,
      } = node.editor ?? {};
      if (isConfig(node)) return when(typeof label !== "function", "it has no label");
      return [
        ...when(category !== "Skein", `its category is ${category}`),
        ...when(
          !/^#[0-9a-f]{6}$/i.test(color) || contrast(color, LABEL) < 4.5,
          `the label cannot be read on ${color || "no colour"}`,
        ),
        ...when(icons[icon] === undefined, `there is no src/icons/${icon}`),
        ...iconFaults(icons[icon] ?? ""),
        ...when(!paletteLabel, "it has no paletteLabel"),
        ...when(inputs > 0 && !inputLabels, "its input has no label"),
        ...when(outputs > 0 && !outputLabels, "its outputs have no labels"),
      ];
    }),
  },
  {
    what: "1 takes every colour of its dialogs from --red-ui-* variables",
    faults: colourFaults,
  },
  { what: "5 keeps every status under 20 characters", faults: ({ locales }) => statusFaults(locales) },
  {
    what: "8 keeps secrets in credentials, the same in both halves",
    faults: perNode(({ editor, registered }) => {
      const inEditor = Object.keys(editor?.credentials ?? {})
        .toSorted()
        .join();
      const inRuntime = (registered[0]?.credentials ?? []).toSorted().join();
      const secrets = Object.keys(editor?.defaults ?? {}).filter((key) =>
        /pass|secret|token|^(key|ca|cert)$|user/i.test(key),
      );
      return [
        ...secrets.map((key) => `${key} is exported with a flow`),
        ...when(inEditor !== inRuntime, `credentials differ: ${inEditor} and ${inRuntime}`),
      ];
    }),
  },
  {
    what: "9 guards every admin route, and asks the server with relative addresses",
    faults: (of) => [
      ...perNode(({ routes, page }) => [
        ...routes
          .filter(({ permission }) => !permission?.includes("."))
          .map(({ path }) => `${path} is open to everybody`),
        ...routes.filter(({ path }) => !path.startsWith("/skein/")).map(({ path }) => `${path} is not below /skein/`),
        ...[...page.matchAll(/(?:src|href)=["'](\/|https?:)/g)].map(
          ([found]) => `the dialog has an absolute address: ${found}`,
        ),
      ])(of),
      ...Object.entries(of.sources).flatMap(([name, text]) =>
        [...text.matchAll(/(?:ask(?:<[^(]*>)?|ajax|getJSON|fetch)\(\s*["'`]\/|\burl:\s*["'`]\//g)].map(
          ([found]) => `${name} asks an absolute address: ${found}`,
        ),
      ),
    ],
  },
  { what: "10 has every text in English and German, with the same keys", faults: localeFaults },
  { what: "10 uses no text that is not there", faults: keyFaults },
  { what: "10 explains inputs, outputs, details and a sample in both languages", faults: helpFaults },
  {
    what: "10 labels every control of its dialogs and leaves none to the mouse",
    faults: perNode(({ page }) => [
      ...[...page.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)].flatMap(([control]) => {
        const id = /\bid="([^"]+)"/.exec(control)?.[1];
        const named = control.includes("aria-label") || (id !== undefined && page.includes(`for="${id}"`));
        return when(!named && !control.includes('type="hidden"'), `nothing names ${control}`);
      }),
      ...[...page.matchAll(/\sonclick=|<a(?![^>]*\bhref=)[^>]*>/g)].map(([found]) => `only a mouse reaches${found}`),
    ]),
  },
  { what: "10 brings an example for every output, which imports and gives nothing away", faults: exampleFaults },
  {
    what: "11 has configVersion in its defaults, which are those of config.ts",
    faults: perNode(({ editor }, { defaults }) => {
      const values = Object.fromEntries(Object.entries(editor?.defaults ?? {}).map(([key, { value }]) => [key, value]));
      const same = defaults.some((config) => canonical(config) === canonical(values));
      return [
        ...when(typeof values["configVersion"] !== "number", "there is no configVersion"),
        ...when(!same, `no defaults of config.ts are ${canonical(values)}`),
      ];
    }),
  },
  {
    what: "11 has every type in a flow that this release saved, which later ones must still load",
    faults: (of) => {
      const version = String(of.manifest["version"]);
      const saved = JSON.parse(of.fixtures[`${version}.json`] ?? "[]") as { type: string }[];
      return perNode(({ type }) =>
        when(!saved.some((node) => node.type === type), `src/fixtures/${version}.json does not have it`),
      )(of);
    },
  },
  {
    what: "14 names the bus package as its optional prerequisite, in its README too",
    faults: ({ manifest, readme }) => {
      const name = String(manifest["name"]);
      const peer = (manifest["peerDependencies"] ?? {}) as Record<string, string>;
      const meta = (manifest["peerDependenciesMeta"] ?? {}) as Record<string, { optional?: boolean }>;
      const dependencies = (manifest["dependencies"] ?? {}) as Record<string, string>;
      return [
        ...when(readme.trim() === "", "there is no README.md"),
        ...when(
          !(manifest["keywords"] as string[] | undefined)?.includes("node-red"),
          'the keyword "node-red" is missing',
        ),
        ...when(!(manifest["node-red"] as { version?: string }).version, "it does not say which Node-RED it needs"),
        ...when(
          name !== BUS_PACKAGE && !(peer[BUS_PACKAGE] && meta[BUS_PACKAGE]?.optional),
          `${BUS_PACKAGE} is no optional peer`,
        ),
        ...when(name !== BUS_PACKAGE && !readme.includes(BUS_PACKAGE), `the README does not name ${BUS_PACKAGE}`),
        ...Object.keys(dependencies)
          .filter((dependency) => dependency.startsWith("@skein/node-red-"))
          .map((dependency) => `it depends on ${dependency}`),
      ];
    },
  },
];

function statusFaults(locales: PalettePackage["locales"]): string[] {
  return Object.entries(locales).flatMap(([language, files]) =>
    Object.entries(files).flatMap(([name, text]) =>
      name.endsWith(".json")
        ? Object.values(JSON.parse(text) as Record<string, { status?: Record<string, string> }>)
            .flatMap(({ status }) => Object.values(status ?? {}))
            .filter((status) => status.replaceAll(/__\w+__/g, "99").length > STATUS_LENGTH)
            .map((status) => `${language}: "${status}"`)
        : [],
    ),
  );
}

/** The same text for the same content, whatever the order of keys or the realm of the objects. */
const canonical = (value: Record<string, unknown>): string =>
  JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
