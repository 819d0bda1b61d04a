/**
 * Tells when other flows than before stand in Node-RED, and who put them there. Node-RED's event at a deploy names nobody, so
 * the one who asked goes along with the request's asynchronous context.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { FlowsDeployment } from "@skein/contracts";
import type { Asker } from "./core-word";

/** What of Node-RED's events is used. `listener` gets what the event bears. */
export interface RuntimeEvents {
  on(event: string, listener: (about: unknown) => void): void;
}

export interface DeployTap {
  /** Runs what an admin request does, as asked by `who`. */
  as<T>(who: Asker | undefined, method: string | undefined, path: string, work: () => T): T;
}

interface Deploying {
  readonly who: Asker | undefined;
  told: boolean;
}

/** `tell` is called once a deploy, and once when the flows have been loaded at the start. `aside`: as in `FlowsDeployment`. */
export function tapDeploys(events: RuntimeEvents, tell: (what: FlowsDeployment) => void, aside?: string): DeployTap {
  const asked = new AsyncLocalStorage<Deploying>();
  let loaded = false;
  const deployed = (rev: unknown): void => {
    if (typeof rev !== "string") return;
    const deploying = asked.getStore();
    if (!deploying) {
      if (!loaded) tell({ rev, cause: "start", ...(aside !== undefined && { aside }) });
      loaded = true;
      return;
    }
    if (deploying.told) return;
    deploying.told = true;
    const { account, address, note } = deploying.who ?? {};
    tell({
      rev,
      cause: "deploy",
      ...(account && { by: { id: account.id, name: account.name } }),
      ...(address !== undefined && { address }),
      ...(note !== undefined && { note }),
    });
  };
  // The first is said before the nodes start (one that never ends its start shall not hide the deploy), the second also when they
  // do not: a type is missing, or the flows are stopped.
  events.on("flows:starting", (about) => deployed((about as { config?: { rev?: unknown } }).config?.rev));
  events.on("runtime-event", (about) => {
    const { id, payload } = about as { id?: unknown; payload?: { revision?: unknown } };
    if (id === "runtime-deploy") deployed(payload?.revision);
  });
  return {
    as: (who, method, path, work) =>
      isDeploy(method, path) ? asked.run({ who, told: false }, work) : asked.exit(work),
  };
}

/** `POST /flows`, and the API for one tab: `POST /flow`, `PUT` and `DELETE /flow/:id`. */
const isDeploy = (method: string | undefined, path: string): boolean =>
  method !== undefined &&
  /^(POST|PUT|DELETE)$/.test(method) &&
  /^\/flows?(\/[^/]+)?\/?$/i.test(path) &&
  !/\/state\/?$/i.test(path);
