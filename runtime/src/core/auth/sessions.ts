/**
 * Browsers that are logged in: `<dataDir>/core/sessions.json`, so that a restart of the leader logs nobody out. To lose them costs everybody
 * a login and no more: a file that cannot be read is put aside, and a session that a full disk does not take is kept in memory until it does,
 * so that somebody can come in and make room.
 */
import type { SessionView } from "@skein/contracts";
import { defineDocument, hasCode, type Clock, type IdSource, type Random } from "@skein/kit";
import { z } from "zod";
import { openOrBegin } from "../open-or-begin";
import { createNote } from "./note-use";
import { digestOf, makeSecret } from "./secrets";

/** Ends after so long without a request, and in any case after the second. */
const IDLE_MS = 30 * 86_400_000;
const LONGEST_MS = 365 * 86_400_000;
const MOST_PER_ACCOUNT = 50;
/** A command's, if it does not end it itself: longer than any takes. */
const COMMAND_MS = 15 * 60_000;

const sessionRecord = z.strictObject({
  id: z.string(),
  account: z.string(),
  /** SHA-256 of what the cookie bears. */
  digest: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
  address: z.string(),
  agent: z.string(),
  /** Begun by a link that only somebody at the machine could have: a lost password need not be told. */
  byLink: z.boolean().optional(),
});
export type Session = z.output<typeof sessionRecord>;
export const sessionsDocument = defineDocument({
  name: "sessions.json",
  schema: z.strictObject({ version: z.literal(1), sessions: z.array(sessionRecord) }),
  empty: { version: 1, sessions: [] },
});

export interface Sessions {
  /** Where the file lies that could not be read at the start. */
  readonly putAside: string | undefined;
  /** The secret is for the cookie and is kept nowhere. Never fails for the disk. */
  begin(
    account: string,
    from: { address: string; agent: string; byLink?: boolean },
  ): Promise<{ secret: string; session: Session }>;
  /** One of this machine's command line: kept in memory for a while, and nobody's is ended for it. */
  beginCommand(account: string, from: { address: string; agent: string }): { secret: string; session: Session };
  /** The session of a cookie, noted as seen now unless it is only looked at. */
  find(secret: string | undefined, how?: { readonly noted: boolean }): Session | undefined;
  of(account: string): readonly Session[];
  /** From now on it is one like any other: the password that it could do without has been chosen anew. */
  forgetLink(id: string): Promise<void>;
  /** Ends those that `which` picks. @throws SkeinError DOCUMENT_UNWRITABLE when one of them would come back with a restart, and goes on */
  end(which: WhichSessions): Promise<void>;
}
/** By no more than this, so that it can be asked of what outlives a session too. */
export type WhichSessions = (session: Pick<Session, "id" | "account">) => boolean;

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openSessions(
  path: string,
  parts: {
    clock: Pick<Clock, "now">;
    random: Random;
    ids: IdSource;
    onChanged?: () => void;
    /** Somebody ended them, they did not end by their age: some of these may have been over before. */
    onEnded?: (which: WhichSessions) => Promise<void>;
  },
): Sessions {
  const { clock, random, ids } = parts;
  const { document, putAside } = openOrBegin({ file: path, ...sessionsDocument }, clock.now());
  /** Begun while the disk took none. */
  let unwritten: readonly Session[] = [];
  let ofCommands: readonly Session[] = [];
  const all = (): readonly Session[] => [...document.value.sessions, ...unwritten];
  const seen = new Map<string, number>();
  let byDigest = index(all());
  const lastSeen = (session: Session) => seen.get(session.id) ?? session.lastSeenAt;
  const alive = (session: Session) =>
    clock.now() - lastSeen(session) < IDLE_MS && clock.now() - session.createdAt < LONGEST_MS;
  const save = async (change: (sessions: readonly Session[]) => readonly Session[]): Promise<void> => {
    let taken: readonly Session[] = [];
    await document.update(({ sessions }) => {
      taken = unwritten;
      return {
        version: 1,
        sessions: change([...sessions, ...taken])
          .filter(alive)
          .map((session) => ({ ...session, lastSeenAt: lastSeen(session) })),
      };
    });
    keepInMemory(unwritten.filter((session) => !taken.includes(session)));
  };
  const keepInMemory = (sessions: readonly Session[]): void => {
    unwritten = sessions;
    byDigest = index(all());
    const left = new Set(all().map(({ id }) => id));
    for (const id of seen.keys()) if (!left.has(id)) seen.delete(id);
    parts.onChanged?.();
  };
  async function end(which: WhichSessions): Promise<void> {
    if (ofCommands.some(which)) setCommands(ofCommands.filter((session) => !which(session)));
    if (!all().some(which)) return;
    const others = (sessions: readonly Session[]) => sessions.filter((session) => !which(session));
    try {
      await save(others);
    } catch (error) {
      keepInMemory(others(unwritten));
      if (document.value.sessions.some(which)) throw error;
    }
  }
  const setCommands = (sessions: readonly Session[]): void => {
    ofCommands = sessions.filter(isUnderWay);
    parts.onChanged?.();
  };
  const isUnderWay = ({ createdAt }: Session): boolean => clock.now() - createdAt < COMMAND_MS;
  const make = (account: string, { address, agent, byLink }: Parameters<Sessions["begin"]>[1]) => {
    const secret = makeSecret(random);
    const now = clock.now();
    const session: Session = {
      id: ids(),
      account,
      digest: digestOf(secret),
      createdAt: now,
      lastSeenAt: now,
      address,
      agent: agent.slice(0, 200),
      ...(byLink && { byLink }),
    };
    return { secret, session };
  };
  const note = createNote(() => save((sessions) => sessions));
  return {
    putAside,
    beginCommand(account, from) {
      const made = make(account, from);
      setCommands([...ofCommands, made.session]);
      return made;
    },
    async begin(account, from) {
      const { secret, session } = make(account, from);
      const added = (sessions: readonly Session[]): readonly Session[] => {
        const others = sessions.filter((each) => each.account === account);
        const tooMany = new Set(
          others
            .toSorted((a, b) => lastSeen(b) - lastSeen(a))
            .slice(MOST_PER_ACCOUNT - 1)
            .map(({ id }) => id),
        );
        return [...sessions.filter(({ id }) => !tooMany.has(id)), session];
      };
      try {
        await save(added);
      } catch (error) {
        if (!hasCode(error, "DOCUMENT_UNWRITABLE")) throw error;
        keepInMemory(added(all()).filter((each) => !document.value.sessions.includes(each)));
      }
      return { secret, session };
    },
    find(secret, { noted } = { noted: true }) {
      const digest = secret === undefined ? "" : digestOf(secret);
      const command = ofCommands.find((each) => each.digest === digest);
      if (command) return isUnderWay(command) ? command : undefined;
      const session = byDigest.get(digest);
      if (!session || !alive(session)) return undefined;
      if (!noted) return session;
      const now = clock.now();
      seen.set(session.id, now);
      note(unwritten.includes(session) ? -Infinity : session.lastSeenAt, now);
      return session;
    },
    of: (account) =>
      [...all().filter(alive), ...ofCommands.filter(isUnderWay)]
        .filter((session) => session.account === account)
        .map((session) => ({ ...session, lastSeenAt: lastSeen(session) })),
    forgetLink: (id) =>
      save((sessions) =>
        sessions.map((session) => {
          const { byLink: _byLink, ...rest } = session;
          return session.id === id ? rest : session;
        }),
      ),
    async end(which) {
      try {
        await end(which);
      } finally {
        await parts.onEnded?.(which);
      }
    },
  };
}

const index = (sessions: readonly Session[]): ReadonlyMap<string, Session> =>
  new Map(sessions.map((session) => [session.digest, session]));

export const sessionView = (session: Session, current: string | undefined): SessionView => {
  const { account: _account, digest: _digest, byLink: _byLink, ...rest } = session;
  return { ...rest, current: session.id === current };
};
