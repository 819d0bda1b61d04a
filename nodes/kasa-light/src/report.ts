/** What a flow is told: the state that devices confirmed with what asked for it, and changes made elsewhere. */
import type { LightStateView } from "@skein/contracts";
import { becauseOf, skeinOf } from "@skein/palette";
import type { NodeMessage } from "node-red";
import type { Light, LightDesk, News, Outcome } from "./light-desk";
import type { Targets } from "./targets";

/** Of several devices: `on` when any of them is, so that a Switch node asks it as of one. */
export interface TogetherState {
  readonly on: boolean;
  readonly devices: Readonly<Record<string, LightStateView>>;
}

const together = (states: readonly (readonly [string, LightStateView])[]): TogetherState => ({
  on: states.some(([, { on }]) => on),
  devices: Object.fromEntries(states),
});

export interface Asked {
  readonly message: NodeMessage;
  readonly payload: unknown;
  /** A new id, for whoever follows from this message. */
  readonly id: string;
  /** ms since 1970 */
  readonly at: number;
}

/** The message as it came, with what was reached and who asked. */
export function confirmedMessage(
  desk: Pick<LightDesk, "id">,
  { alone, topic }: Pick<Targets, "alone" | "topic">,
  outcomes: readonly Outcome[],
  { message, payload, id, at }: Asked,
): NodeMessage {
  const states = outcomes.flatMap((one) => (one.ok ? [[one.device, one.state] as const] : []));
  return {
    ...message,
    topic,
    payload: alone ? states[0]?.[1] : together(states),
    skein: {
      ...becauseOf(message),
      id,
      at,
      from: desk.id,
      asked: payload,
      reached: outcomes.map(({ device, ok, ...more }) => ({
        device,
        ok,
        ...("ms" in more ? { ms: more.ms, ...(more.fading && { fading: true }) } : { code: more.code }),
      })),
    },
  };
}

const stateMessage = ({ id, name, virtual, state }: Light): NodeMessage => ({
  topic: `devices/${id}`,
  payload: { id, name, virtual, ...state },
});

/** What was done elsewhere, with what was before. */
export function newsMessage({ light, before, source }: News): NodeMessage {
  const message = stateMessage(light);
  return {
    ...message,
    payload: { ...(message.payload as object), before },
    skein: { ...skeinOf(source), cause: "elsewhere" },
  };
}

/** How it stood when the node was deployed. */
export const initialMessage = (light: Light): NodeMessage => ({ ...stateMessage(light), initial: true });
