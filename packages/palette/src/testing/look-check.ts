/** How a node looks: white icons, labels that can be read, and no colour in a dialog that a theme could not change. */
import type { PalettePackage } from "./palette-package";

export function iconFaults(svg: string): string[] {
  const colours = [...svg.matchAll(/(?:fill|stroke|color)\s*[=:]\s*["']?([#\w(),.%]+)/g)].map(([, colour = ""]) =>
    colour.toLowerCase(),
  );
  const wrong = colours.filter((colour) => !["#fff", "#ffffff", "white", "none"].includes(colour));
  return [
    ...wrong.map((colour) => `its icon has ${colour}`),
    ...(svg !== "" && !colours.some((colour) => colour !== "none") ? ["its icon is not white"] : []),
    ...(/<script|\bon\w+=|href=/.test(svg) ? ["its icon holds more than a picture"] : []),
  ];
}

/** In the dialogs' styles, and where the sources set one. */
export function colourFaults({ nodes, sources }: PalettePackage): string[] {
  const inSources = Object.entries(sources).flatMap(([name, text]) =>
    [...text.matchAll(/\.css\(([^)]*)\)/g)].map(([, css = ""]) => ({ name, css: css.replaceAll(/["']/g, " ") })),
  );
  const inPages = nodes.flatMap(({ file, page }) => cssIn(page).map((css) => ({ name: `${file}.html`, css })));
  return [...inPages, ...inSources].flatMap(({ name, css }) => hardColours(css).map((colour) => `${name}: ${colour}`));
}

const cssIn = (page: string): string[] => [
  ...[...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css = ""]) => css),
  ...[...page.matchAll(/\sstyle="([^"]*)"/g)].map(([, css = ""]) => css),
];

const NAMED = /\b(white|black|red|green|blue|yellow|orange|gr[ae]y|silver|maroon|navy|purple|teal|pink|brown|gold)\b/;

/** In a text of CSS. */
export function hardColours(css: string): string[] {
  return [...css.matchAll(/(?:color|background|border|outline|fill|stroke|shadow)[\w-]*\s*[:,]\s*([^;}]+)/g)]
    .map(([, value = ""]) => value.replaceAll(/var\([^)]*\)/g, "").trim())
    .filter((value) => /#[0-9a-f]{3,8}\b|\b(rgb|hsl|lab|oklch)a?\(/i.test(value) || NAMED.test(value));
}

/** WCAG 2.2, "contrast ratio" and "relative luminance". */
export function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, blue = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}
