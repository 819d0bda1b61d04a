/** Why each device stands as it does, and whose order that was; whoever is forgotten goes from it. */
import type { DeviceCause } from "@skein/contracts";
import type { KasaEvent } from "@skein/kasa";
import type { IsTheirs } from "../registry/residents";

/** Who gives an order: a participant of the bus with the command's id, or an account. */
export interface Issuer {
  readonly issuer: string;
  readonly command?: string | undefined;
}

export interface Caused {
  readonly cause: DeviceCause;
  /** When the state that it brought about was confirmed, ms. */
  readonly at: number;
}

type StateCause = Extract<KasaEvent, { type: "state" }>["cause"];

export class Causes {
  private readonly last = new Map<string, Caused>();

  get(device: string): Caused | undefined {
    return this.last.get(device);
  }

  note(device: string, cause: StateCause, at: number): void {
    this.last.set(device, { cause: causeOf(cause), at });
  }

  forget(device: string): void {
    this.last.delete(device);
  }

  /** With the devices' ids. An order over the bus is a participant's, whatever it is called. */
  theirs(isTheirs: IsTheirs): [string, Caused][] {
    return [...this.last].filter(
      ([, { cause, at }]) => cause.kind === "command" && cause.command === undefined && isTheirs(cause.issuer, at),
    );
  }
}

/** `by` is the `Issuer` that the order was given with. */
function causeOf(cause: StateCause): DeviceCause {
  if (cause.kind !== "command") return { kind: cause.kind };
  const { issuer, command } = cause.by as Issuer;
  return { kind: "command", issuer, ...(command !== undefined && { command }) };
}
