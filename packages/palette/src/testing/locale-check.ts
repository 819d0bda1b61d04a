/** Texts of a node package: there in English and German, with the same keys and places to fill, and all that are used. */
import type { PalettePackage } from "./palette-package";

const ENGLISH = "en-US";
const GERMAN = "de";

/** `label.name` to its text. */
function flat(value: unknown, prefix = ""): Record<string, string> {
  if (typeof value === "string") return { [prefix]: value };
  if (typeof value !== "object" || value === null) return { [prefix]: "" };
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      Object.entries(flat(inner, prefix === "" ? key : `${prefix}.${key}`)),
    ),
  );
}

const textsOf = ({ locales }: PalettePackage, language: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(locales[language] ?? {})
      .filter(([name]) => name.endsWith(".json"))
      .flatMap(([, text]) => Object.entries(flat(JSON.parse(text)))),
  );

/** i18next in Node-RED fills in `__name__`. */
const placesIn = (text: string): string =>
  [...text.matchAll(/__(\w+)__/g)]
    .map(([, name]) => name)
    .toSorted()
    .join();

export function localeFaults(of: PalettePackage): string[] {
  const files = (language: string) => Object.keys(of.locales[language] ?? {}).filter((name) => name.endsWith(".json"));
  const [english, german] = [textsOf(of, ENGLISH), textsOf(of, GERMAN)];
  const missing = (from: Record<string, string>, to: Record<string, string>, language: string) =>
    Object.keys(from)
      .filter((key) => !(key in to))
      .map((key) => `${language} lacks ${key}`);
  return [
    ...(files(ENGLISH).join() === files(GERMAN).join() && files(ENGLISH).length > 0
      ? []
      : [`files differ: ${files(ENGLISH).join()} and ${files(GERMAN).join()}`]),
    ...of.nodes
      .filter(({ file }) => !files(ENGLISH).includes(`${file}.json`))
      .map(({ type }) => `${type} has no texts`),
    ...missing(english, german, GERMAN),
    ...missing(german, english, ENGLISH),
    ...[english, german].flatMap((texts) =>
      Object.entries(texts)
        .filter(([, text]) => text.trim() === "" || text.includes("{{"))
        .map(([key, text]) => `${key}: "${text}" cannot be shown`),
    ),
    ...Object.keys(english)
      .filter((key) => key in german && placesIn(english[key] ?? "") !== placesIn(german[key] ?? ""))
      .map((key) => `${key} is filled in otherwise in ${GERMAN}`),
  ];
}

/** Keys in `data-i18n` of the dialogs and in `_("...")` of the sources. */
export function keyFaults(of: PalettePackage): string[] {
  const texts = textsOf(of, ENGLISH);
  const inPages = of.nodes.flatMap(({ file, page }) =>
    [...page.matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, keys = ""]) =>
      keys.split(";").map((key) => ({ where: `${file}.html`, key: key.replace(/^\[[^\]]*\]/, "") })),
    ),
  );
  const inSources = Object.entries(of.sources).flatMap(([name, text]) =>
    [...text.matchAll(/\b_\(\s*"([^"]+)"/g)].map(([, key = ""]) => ({ where: name, key })),
  );
  return [...inPages, ...inSources]
    .filter(({ key }) => !key.includes(":") && !(key in texts))
    .map(({ where, key }) => `${where} uses ${key}`);
}

export function helpFaults(of: PalettePackage): string[] {
  return of.nodes.flatMap((node) => {
    const { type, file, page, editor } = node;
    const english = helpIn(page, type) ?? helpIn(of.locales[ENGLISH]?.[`${file}.html`] ?? "", type);
    const german = helpIn(of.locales[GERMAN]?.[`${file}.html`] ?? "", type);
    if (english === undefined || german === undefined)
      return [`${type}: there is no help in ${english === undefined ? ENGLISH : GERMAN}`];
    const config = editor?.category === "config";
    const wanted = [
      ...((editor?.inputs ?? 0) > 0 ? ["Inputs"] : []),
      ...((editor?.outputs ?? 0) > 0 ? ["Outputs"] : []),
      "Details",
      ...(config ? [] : ["Sample"]),
    ];
    const sections = headings(english);
    return [
      ...wanted
        .filter((section) => !sections.some((heading) => heading.startsWith(section)))
        .map((section) => `${type}: the help has no section ${section}`),
      ...(headings(german).length === sections.length
        ? []
        : [`${type}: the help has other sections in ${GERMAN}: ${headings(german).join(", ")}`]),
      ...(config || [english, german].every((help) => help.includes("<pre>"))
        ? []
        : [`${type}: the help shows no sample message`]),
      ...(count(german, /<dt/g) === count(english, /<dt/g)
        ? []
        : [`${type}: the help names other properties in ${GERMAN}`]),
    ];
  });
}

const helpIn = (page: string, type: string): string | undefined =>
  new RegExp(`data-help-name="${type}"[^>]*>([\\s\\S]*?)</script>`).exec(page)?.[1];
const headings = (help: string): string[] =>
  [...help.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, heading = ""]) => heading);
const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;
