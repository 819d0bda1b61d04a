import { z } from "zod";

/** `ws`: a WebSocket that a flow listens on. */
export const hookMethod = z.enum(["get", "post", "put", "patch", "delete", "ws"]);
export type HookMethod = z.output<typeof hookMethod>;

/** A way into a flow, below `/hooks`, as its node names it: `/light/:room`. */
export const hook = z.strictObject({
  method: hookMethod,
  path: z
    .string()
    .max(200)
    .regex(/^(\/(:\w+|[\w.~!$&'()*+,;=@%?-]+))*\/?$/, "a path as the node has it: /light or /light/:room")
    .refine((path) => path.startsWith("/"), "begins with /"),
});
export type Hook = z.output<typeof hook>;

export const hookView = z.object({
  method: hookMethod,
  path: z.string(),
  /** Without a token, for everybody who reaches the house. */
  open: z.boolean(),
  /** Labels of the tabs whose nodes listen there; none: it is open, and nobody listens any more. */
  tabs: z.array(z.string()),
  /** Ms, and the account that opened it. */
  since: z.number().optional(),
  by: z.string().optional(),
});
export type HookView = z.output<typeof hookView>;
