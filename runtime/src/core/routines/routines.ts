/** Flows that may be started from outside: which are open stands on the bus, and a start is a command to the flow host that opened it. */
import type { Bus } from "@skein/bus";
import { routine, routineCommand, type InputOf, type RoutineData, type RoutineView } from "@skein/contracts";
import { hasCode, SkeinError } from "@skein/kit";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink, OnChanged } from "../event-sink";

export interface RoutinesParts {
  readonly bus: Bus;
  /** Whether a flow host is there to answer, as far as one knows. */
  readonly isUp: (host: string) => boolean;
  readonly events: EventSink;
  readonly onChanged: OnChanged;
}

export interface Routines {
  /** By name. */
  list(): RoutineView[];
  /**
   * Resolves when the flow has it; what comes of that is the flow's business.
   * @throws SkeinError ROUTINE_UNKNOWN, FLOW_HOST_AWAY, BUS_DOWN, and what the flow host says
   */
  start(id: string, input: InputOf<typeof routineCommand>["input"], actor: Actor): Promise<void>;
  close(): Promise<void>;
}

export async function createRoutines({ bus, isUp, events, onChanged }: RoutinesParts): Promise<Routines> {
  /** `host/id` to what was said of it. */
  const open = new Map<string, { readonly host: string; readonly id: string; readonly data: RoutineData }>();
  const changed = () => onChanged("routines");
  const keyOf = ({ host, id }: { host: string; id: string }) => `${host}/${id}`;
  const stop = await bus.subscribe(
    routine,
    {},
    ({ ids, data }) => {
      const before = open.get(keyOf(ids));
      open.set(keyOf(ids), { ...ids, data });
      if (JSON.stringify(before?.data) !== JSON.stringify(data)) changed();
    },
    { onCleared: (ids) => void (open.delete(keyOf(ids)) && changed()) },
  );

  return {
    list: () =>
      [...open.values()]
        .map(({ host, id, data }) => ({ id, host, ...data, available: isUp(host) }))
        .toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
    async start(id, input, actor) {
      const named = [...open.values()].filter((each) => each.id === id);
      // Two flow hosts may have opened one: the one that is there.
      const found = named.find(({ host }) => isUp(host)) ?? named[0];
      if (!found)
        throw new SkeinError("ROUTINE_UNKNOWN", `no flow has opened a routine "${id}".`, {
          hint: "Its id stands in the skein-routine node that opens it; GET /api/v1/routines lists them.",
        });
      const { host, data } = found;
      if (!isUp(host)) throw away(host);
      const tell = (type: "routine-started" | "routine-unanswered", text: string) =>
        events.add({
          type,
          severity: "info",
          audit: true,
          text,
          subject: { kind: "routine", id },
          data: { name: data.name },
          ...signatureOf(actor),
        });
      const by = actor.account?.id;
      const outcome = await bus
        .request(
          routineCommand,
          { target: host },
          { routine: id, ...(input && { input }), ...(by === undefined ? {} : { by }) },
        )
        .catch((error: unknown) => {
          if (!hasCode(error, "REQUEST_TIMEOUT")) throw error;
          // It may have been started all the same.
          tell("routine-unanswered", `The routine "${data.name}" was asked for, and no flow has said that it has it.`);
          throw away(host);
        });
      if (!outcome.ok) throw new SkeinError(outcome.code, outcome.message);
      tell("routine-started", `The routine "${data.name}" was started.`);
    },
    close: () => stop(),
  };
}

const away = (host: string): SkeinError =>
  new SkeinError("FLOW_HOST_AWAY", `the flows (${host}) do not answer; the routine was not started.`, {
    hint: "Try again in a moment; the page tells how the flow host is.",
  });
