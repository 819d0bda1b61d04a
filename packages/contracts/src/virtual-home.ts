import { z } from "zod";
import { defineMessage } from "./define-message";

/** How the demo's home is set: said by the home itself, which alone knows, at every start and every change. */
export const virtualHome = defineMessage({
  topic: "followers/{id}/virtual-home",
  kind: "state",
  writer: "follower",
  what: "the demo's virtual home: whether it breaks things by itself",
  schema: z.object({ randomFaults: z.boolean() }),
});
