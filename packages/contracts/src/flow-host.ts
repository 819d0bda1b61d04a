import { z } from "zod";
import { defineMessage } from "./define-message";

const flowsDeployment = z.object({
  /** Node-RED's revision: SHA-256 of the flows. */
  rev: z.string().max(128),
  /** `start`: the flow host has loaded them; nobody has changed anything. */
  cause: z.enum(["deploy", "start"]),
  /** The account, when core knew one. */
  by: z.object({ id: z.string().max(63), name: z.string().max(200) }).optional(),
  /** The network address that it was done from. */
  address: z.string().max(64).optional(),
  note: z.string().max(200).optional(),
  /** At a start: the flows could not be read, there are none now, and what was there lies in this file of the flow host's folder. */
  aside: z.string().max(200).optional(),
});
export type FlowsDeployment = z.output<typeof flowsDeployment>;

/** Which flows stand in a flow host now, and who put them there. The flows themselves are asked of it. */
export const flowDeployed = defineMessage({
  topic: "flows/{host}/deployed",
  kind: "event",
  writer: "flows",
  what: "which flows (by revision) now stand in a flow host, who deployed them and from where",
  schema: flowsDeployment,
  names: ({ by }) => (by ? [by.id] : []),
});

const flowInputSchema = z.discriminatedUnion("input", [
  z.object({
    input: z.literal("inject"),
    /** The node's id, and its tab's. */
    node: z.string().max(64),
    tab: z.string().max(64).optional(),
    /** JSON of what it sent; left out when that is longer than 64 Ki characters or no JSON. */
    message: z.string().max(65_536).optional(),
  }),
  z.object({
    input: z.literal("http"),
    method: z.string().max(32),
    /** With the query; parameters that bear secrets are left out, as such headers are. */
    url: z.string().max(4096),
    headers: z.record(z.string(), z.string()),
    /** The first 64 KiB as they came; `bytes`: how many there were. */
    body: z.object({ base64: z.string().max(87_384), bytes: z.int().min(1) }).optional(),
  }),
]);
export type FlowInput = z.output<typeof flowInputSchema>;

/** What set a flow off and did not come by the bus, as it came in: for the journal, so that it can be replayed. */
export const flowInput = defineMessage({
  topic: "flows/{host}/inputs",
  kind: "event",
  writer: "flows",
  what: "what set a flow off besides the bus: an inject, an HTTP request (without its secrets); for the journal",
  schema: flowInputSchema,
  maxBytes: 256 * 1024,
});
