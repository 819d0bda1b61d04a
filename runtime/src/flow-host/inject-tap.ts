/** Notes what inject nodes send, pressed or by their timer: with what comes by HTTP and by the bus, all that sets a flow off. */
import type { FlowInput } from "@skein/contracts";

/** What of Node-RED's SendEvent is used. */
export interface SendEvent {
  readonly msg: unknown;
  readonly source?: { readonly id?: string; readonly node?: { readonly type?: string; readonly z?: string } };
}

/** Of a message that is kept, characters of its JSON. */
export const MAX_KEPT_MESSAGE = 64 * 1024;

/** For Node-RED's hook `onSend`, which sees every message of every node: what is no inject is passed in one comparison. */
export function tapInjects(tell: (input: FlowInput) => void): (events: readonly SendEvent[]) => void {
  return (events) => {
    // One call of `send` is one call of the hook: with several wires the same message stands in it several times.
    const [first] = events;
    if (first?.source?.node?.type !== "inject") return;
    const message = jsonOf(first.msg);
    tell({
      input: "inject",
      node: first.source.id ?? "",
      ...(first.source.node.z !== undefined && { tab: first.source.node.z }),
      ...(message !== undefined && { message }),
    });
  };
}

/** Undefined when it is no JSON (a function, a circle) or too long. */
function jsonOf(message: unknown): string | undefined {
  try {
    const text = JSON.stringify(message);
    return text.length <= MAX_KEPT_MESSAGE ? text : undefined;
  } catch {
    return undefined;
  }
}
