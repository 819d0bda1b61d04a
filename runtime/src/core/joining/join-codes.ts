/**
 * The join codes that are open: a few, for ten minutes, in memory only; a core that was restarted knows none, and another is made in a
 * second. An admin, who may make as many as he likes, may see them again. Those that are over are remembered for a while, so that
 * whoever comes late is told so.
 */
import type { JoinCodeCreate, JoinCodeView } from "@skein/contracts";
import { SkeinError, type Clock, type Random } from "@skein/kit";
import { makeJoinCode, readJoinCode, showJoinCode } from "./join-code";

export const JOIN_CODE_MS = 10 * 60_000;
const MOST_OPEN = 10;
/** How long it is known that a code was one, ms. */
const REMEMBER_MS = 60 * 60_000;
/** Of those that are over; an admin in a loop shall not fill the memory. */
const MOST_OVER = 100;

export interface JoinCodes {
  /** `leader`: the address that stands in the command to type. @throws SkeinError JOIN_CODES_TOO_MANY */
  create(wish: JoinCodeCreate, leader: string): JoinCodeView;
  open(): readonly JoinCodeView[];
  /** @throws SkeinError JOIN_CODE_UNKNOWN */
  withdraw(code: string): void;
  /**
   * From now on nobody else can use it; `giveBack` undoes that when the joining failed.
   * @throws SkeinError JOIN_CODE_WRONG, JOIN_CODE_OVER (used, withdrawn or too old)
   */
  take(text: string): TakenCode;
}

export interface TakenCode {
  readonly wish: JoinCodeCreate;
  /** As it was shown. */
  readonly code: string;
  giveBack(): void;
}

interface Entry {
  readonly view: JoinCodeView;
  /** Monotonic, ms: a wall clock that is set shall not make a code live longer. */
  readonly madeAt: number;
  over: boolean;
}

export function createJoinCodes(parts: {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly random: Random;
  /** The list of open codes is another. */
  readonly onChanged?: () => void;
}): JoinCodes {
  const { clock, random, onChanged = () => {} } = parts;
  /** By code; the oldest first. */
  const entries = new Map<string, Entry>();
  const age = (entry: Entry) => clock.monotonic() - entry.madeAt;
  const isOpen = (entry: Entry) => !entry.over && age(entry) < JOIN_CODE_MS;
  const openEntries = () => [...entries.values()].filter(isOpen);
  const find = (text: string) => {
    const code = readJoinCode(text);
    return code === undefined ? undefined : entries.get(code);
  };
  const forget = () => {
    let over = [...entries.values()].filter((entry) => !isOpen(entry)).length;
    for (const [code, entry] of entries) {
      if (isOpen(entry)) continue;
      if (age(entry) > REMEMBER_MS || over > MOST_OVER) {
        entries.delete(code);
        over--;
      }
    }
  };
  return {
    create(wish, leader) {
      forget();
      if (openEntries().length >= MOST_OPEN)
        throw new SkeinError("JOIN_CODES_TOO_MANY", `${MOST_OPEN} join codes are open already.`, {
          hint: "Withdraw one, or wait until they are over: ten minutes.",
        });
      const code = makeJoinCode(random);
      const shown = showJoinCode(code);
      const view: JoinCodeView = {
        ...wish,
        code: shown,
        expiresAt: clock.now() + JOIN_CODE_MS,
        command: `node agent.js join ${shown} --leader ${leader}`,
      };
      entries.set(code, { view, madeAt: clock.monotonic(), over: false });
      onChanged();
      return view;
    },
    open: () => openEntries().map(({ view }) => view),
    withdraw(code) {
      const entry = find(code);
      if (!entry || !isOpen(entry)) throw new SkeinError("JOIN_CODE_UNKNOWN", "there is no such join code open.");
      entry.over = true;
      onChanged();
    },
    take(text) {
      const entry = find(text);
      if (!entry || age(entry) > REMEMBER_MS)
        throw new SkeinError("JOIN_CODE_WRONG", "no board is waited for under this code.", {
          hint: "Compare it with the one on the page, letter by letter.",
        });
      if (!isOpen(entry))
        throw new SkeinError("JOIN_CODE_OVER", "this code is over: it works once, and for ten minutes.", {
          hint: "Let the page make another one.",
        });
      entry.over = true;
      onChanged();
      return {
        wish: wishOf(entry.view),
        code: entry.view.code,
        giveBack() {
          entry.over = false;
          onChanged();
        },
      };
    },
  };
}

const wishOf = ({ code: _code, expiresAt: _expiresAt, command: _command, ...wish }: JoinCodeView): JoinCodeCreate =>
  wish;
