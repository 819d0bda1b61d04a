/** What the owner sets in the dialog; the editor's form and the runtime share it, with its defaults and its version. */
export interface RoutineConfig {
  configVersion: number;
  /** What it is called: on the page, and under the node. */
  name: string;
  bus: string;
  /** Its id in `POST /api/v1/routines/{id}`; empty: made of the name. */
  routine: string;
  /** One of the page's icons, or an emoji. */
  icon: string;
}

export const defaults: RoutineConfig = { configVersion: 1, name: "", bus: "", routine: "", icon: "" };

/** The id that a routine has: its own, or one made of its name, or of its node; nothing that could be one gives "". */
export function routineIdOf({ routine, name }: Pick<RoutineConfig, "routine" | "name">, nodeId: string): string {
  return routine.trim() || slug(name) || (slug(nodeId) && `routine-${slug(nodeId)}`);
}

/** `Gute Nacht, Größe!` gives `gute-nacht-grosse`: letters without their marks, everything else a dash, 63 at most. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 50)
    .replaceAll(/-+$/g, "");
