/** When everything that was let in once is to be asked about again: sockets, streams, and what was handed on to the flow host. */
import type { LiveResource } from "@skein/contracts";
import { every, type Clock } from "@skein/kit";

export interface LoginWatch {
  /** A login ended or began, an account has another role, a hook was closed, or a minute is over: some logins end by themselves. */
  readonly listen: (listener: () => void) => () => void;
  /** Told of every resource. */
  changed(resource: LiveResource): void;
  close(): void;
}

const LOOK_EVERY_MS = 60_000;
const ABOUT_LOGINS: readonly LiveResource[] = ["accounts", "sessions", "tokens", "hooks"];

export function watchLogins(clock: Clock): LoginWatch {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const close = every(clock, LOOK_EVERY_MS, tell);
  return {
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    changed: (resource) => ABOUT_LOGINS.includes(resource) && tell(),
    close,
  };
}
