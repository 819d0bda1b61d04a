/** An id made from what people call something: "Küche" gives `kueche`, a second one `kueche-2`. */
const LETTERS: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", ø: "o", å: "a" };

export function idFrom(name: string, taken: (id: string) => boolean): string {
  const id =
    name
      .toLowerCase()
      .replaceAll(/[äöüßæøå]/g, (letter) => LETTERS[letter] ?? "")
      .normalize("NFKD")
      .replaceAll(/[\u0300-\u036F]/g, "")
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 56)
      .replace(/-+$/, "") || "unnamed";
  if (!taken(id)) return id;
  for (let n = 2; ; n++) if (!taken(`${id}-${n}`)) return `${id}-${n}`;
}
