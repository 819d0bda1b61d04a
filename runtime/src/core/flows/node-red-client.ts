/** Node-RED's own admin API, as core asks it: on the flow host's unix socket, with core's word of who wants it. */
import { request } from "node:http";
import { flowsView, type FlowNode, type FlowsView } from "@skein/contracts";
import { messageOf, SkeinError, type Clock } from "@skein/kit";
import { z } from "zod";
import { PEOPLE_PATH } from "../../flow-host/forget-person";
import { CORE_ID, giveWord, WORD_HEADER, type Asker } from "../../flow-host/core-word";

/** Long enough for a deploy on a busy board; a flow that never ends its loop does not answer at all. */
const PATIENCE_MS = 30_000;

export type Wanting = Omit<Asker, "area">;

export interface NodeRedClient {
  /** @throws SkeinError FLOW_HOST_AWAY */
  flows(): Promise<FlowsView>;
  /** Resolves with the new revision. @throws SkeinError FLOWS_CHANGED, FLOWS_REFUSED, FLOW_HOST_AWAY */
  deploy(what: { flows: readonly FlowNode[]; rev?: string; deployment: string }, who: Wanting): Promise<string>;
  /** The types that the installed and enabled modules bring. @throws SkeinError FLOW_HOST_AWAY */
  types(): Promise<ReadonlySet<string>>;
  /** How somebody of this name likes the editor. @throws SkeinError FLOW_HOST_AWAY */
  forgetPerson(name: string): Promise<void>;
}

/** For what core wants to know for itself. */
const CORE: Wanting = { account: { id: CORE_ID, name: "the leader", role: "designer" } };

const nodeSets = z.array(
  z.looseObject({ types: z.array(z.string()), enabled: z.boolean(), err: z.unknown().optional() }),
);

export function createNodeRedClient({
  socketPath,
  key,
  clock,
}: {
  readonly socketPath: string;
  readonly key: string;
  readonly clock: Pick<Clock, "now">;
}): NodeRedClient {
  const ask = (
    method: "GET" | "POST" | "DELETE",
    path: string,
    who: Wanting,
    more: { headers?: object; body?: string } = {},
  ) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = {
        accept: "application/json",
        "node-red-api-version": "v2",
        [WORD_HEADER]: giveWord({ ...who, area: "editor" }, key, clock.now()),
        ...(more.body !== undefined && { "content-type": "application/json" }),
        ...more.headers,
      };
      const away = (why: string) =>
        reject(new SkeinError("FLOW_HOST_AWAY", `the flow host does not answer (${why}); try again in a moment.`));
      const asked = request({ socketPath, method, path: `/editor${path}`, headers, timeout: PATIENCE_MS }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => void parts.push(part));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
        answer.on("error", (error) => away(messageOf(error)));
      });
      asked.on("timeout", () => asked.destroy(new Error(`nothing for ${PATIENCE_MS / 1000} s`)));
      asked.on("error", (error) => away(messageOf(error)));
      asked.end(more.body);
    });
  const read = async <S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> => {
    const { status, text } = await ask("GET", path, CORE);
    if (status !== 200) throw new SkeinError("FLOW_HOST_AWAY", `the flow host answered ${status} to ${path}.`);
    return schema.parse(JSON.parse(text));
  };
  return {
    flows: () => read("/flows", flowsView),
    async deploy({ flows, rev, deployment }, who) {
      const body = JSON.stringify({ flows, ...(rev !== undefined && { rev }) });
      const headers = { "node-red-deployment-type": deployment };
      const { status, text } = await ask("POST", "/flows", who, { headers, body });
      if (status === 409)
        throw new SkeinError("FLOWS_CHANGED", "somebody has deployed since you read the flows; read them again first.");
      if (status !== 200)
        throw new SkeinError("FLOWS_REFUSED", `Node-RED did not take these flows: ${reasonIn(text)}.`);
      return z.object({ rev: z.string() }).parse(JSON.parse(text)).rev;
    },
    async types() {
      const sets = await read("/nodes", nodeSets);
      return new Set(sets.filter(({ enabled, err }) => enabled && err === undefined).flatMap(({ types }) => types));
    },
    async forgetPerson(name) {
      const { status } = await ask("DELETE", `${PEOPLE_PATH}/${encodeURIComponent(name)}`, CORE);
      if (status !== 204) throw new SkeinError("FLOW_HOST_AWAY", `the flow host answered ${status}.`);
    },
  };
}

function reasonIn(text: string): string {
  try {
    return z.object({ message: z.string() }).parse(JSON.parse(text)).message.slice(0, 300);
  } catch {
    return "it did not say why";
  }
}
