/** What a newer device is made of: its components by name, and those of each outlet. It does not change while it runs: asked for once a connection. */
import { z } from "zod";
import type { Session } from "../protocol";
import { MOST_IN_ONE, one } from "./smart-part";

export interface Components {
  /** Version by name. */
  readonly own: ReadonlyMap<string, number>;
  /** The same of each child, by its `device_id`. */
  readonly children: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The `start_index` of each page in which it lists its children; none: it has none. */
  readonly pages: readonly number[];
}

/** One look asks for the device and all of its pages at once. */
const MOST_PAGES = MOST_IN_ONE - 1;

const list = z.array(z.object({ id: z.string().max(300), ver_code: z.number().default(1) })).max(200);
const own = z.object({ component_list: list });
/** As recorded of a P300 and an EP40M (python-kasa, tests/fixtures/smart): `sum` of them in all, `start_index` the first of this page. */
const page = z.object({
  child_component_list: z.array(z.object({ device_id: z.string().max(300), component_list: list })).max(50),
  sum: z.number().default(0),
});

/** @throws SkeinError DEVICE_REFUSED, KASA_GARBAGE, and as Session.request */
export async function askComponents(session: Pick<Session, "request">): Promise<Components> {
  const nego = one(await session.request({ method: "component_nego" }), "component_nego", own);
  const components = versions(nego.component_list);
  const children = new Map<string, ReadonlyMap<string, number>>();
  const pages: number[] = [];
  let more = components.has("child_device");
  while (more) {
    const method = "get_child_device_component_list";
    const start_index = children.size;
    const said = one(await session.request({ method, params: { start_index } }), method, page);
    pages.push(start_index);
    for (const { device_id, component_list } of said.child_component_list)
      children.set(device_id, versions(component_list));
    more = children.size > start_index && children.size < said.sum && pages.length < MOST_PAGES;
  }
  return { own: components, children, pages };
}

const versions = (components: z.output<typeof list>): Map<string, number> =>
  new Map(components.map(({ id, ver_code }) => [id, ver_code]));
