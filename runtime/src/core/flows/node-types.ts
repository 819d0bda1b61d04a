/** Which nodes of some flows Node-RED does not know: one such type, and it starts none of the flows. Pure. */
import { SkeinError } from "@skein/kit";
import type { FlowNode } from "@skein/contracts";

/** Parts of every flow file that no module brings. */
const BUILT_IN = ["tab", "subflow", "group", "junction", "global-config"];

/** In the order of the flows, each once. `known`: what the installed modules bring. */
export function unknownTypes(flows: readonly FlowNode[], known: ReadonlySet<string>): string[] {
  const subflows = new Set(flows.filter(({ type }) => type === "subflow").map(({ id }) => `subflow:${id}`));
  const isKnown = (type: string) => known.has(type) || BUILT_IN.includes(type) || subflows.has(type);
  return [...new Set(flows.map(({ type }) => type).filter((type) => !isKnown(type)))];
}

/** What stands there already with an unknown type is its owner's affair and stops nothing new. @throws SkeinError FLOW_TYPES_MISSING */
export function refuseUnknownTypes(
  flows: readonly FlowNode[],
  { known, before }: { known: ReadonlySet<string>; before: readonly FlowNode[] },
): void {
  const already = new Set(unknownTypes(before, known));
  const missing = unknownTypes(flows, known).filter((type) => !already.has(type));
  if (missing.length > 0)
    throw new SkeinError(
      "FLOW_TYPES_MISSING",
      `nothing was deployed: no installed package brings ${missing.join(", ")}. Install what does in the editor's palette first.`,
    );
}
