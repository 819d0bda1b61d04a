/** The ways into the flows: what their nodes listen on, each with whether it is open. Pure. */
import { hookMethod, type FlowNode, type Hook, type HookView } from "@skein/contracts";
import type { OpenHook } from "./open-hooks";

/** As Node-RED registers them: an HTTP-in node's `url`, a WebSocket listener's `path`, with a slash in front. */
export function hooksInFlows(flows: readonly FlowNode[]): (Hook & { tab: string })[] {
  const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
  const labels = new Map(flows.map(({ id, label, name }) => [id, textOf(label) ?? textOf(name) ?? ""]));
  return flows.flatMap((node) => {
    const { type, url, method, path, z, d: disabled } = node;
    const tab = labels.get(textOf(z) ?? "") ?? "";
    if (disabled === true) return [];
    if (type === "websocket-listener" && typeof path === "string" && path !== "")
      return [{ method: "ws" as const, path: rooted(path), tab }];
    const as = hookMethod.safeParse(method);
    return type === "http in" && typeof url === "string" && url !== "" && as.success
      ? [{ method: as.data, path: rooted(url), tab }]
      : [];
  });
}

/** In the order of their paths; what is open and no longer in the flows too, so that it can be closed. */
export function hookViews(flows: readonly FlowNode[], open: readonly OpenHook[]): HookView[] {
  const views = new Map<string, HookView>();
  for (const { method, path, since, by } of open)
    views.set(`${method} ${path}`, { method, path, open: true, tabs: [], since, ...(by !== undefined && { by }) });
  for (const { method, path, tab } of hooksInFlows(flows)) {
    const view = views.get(`${method} ${path}`) ?? { method, path, open: false, tabs: [] };
    views.set(`${method} ${path}`, { ...view, tabs: [...new Set([...view.tabs, ...(tab === "" ? [] : [tab])])] });
  }
  return [...views.values()].toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
}

const rooted = (path: string): string => (path.startsWith("/") ? path : `/${path}`);
