/** Accounts, sessions and tokens of one house, put together from its files. */
import { join } from "node:path";
import type { IncomingMessage } from "node:http";
import type { Clock, IdSource, Random } from "@skein/kit";
import type { EventSink, OnChanged } from "../event-sink";
import { accountsDocument, openAccounts, type Accounts } from "./accounts";
import { createIdentify, type ActorOf } from "./identify";
import { createLogin, type Login } from "./login";
import { loginLinks, loginLinksFolder, type LoginLinks } from "./login-links";
import { createPasswords } from "./passwords";
import { openSessions, sessionsDocument, type Sessions, type WhichSessions } from "./sessions";
import { createThrottle } from "./throttle";
import { openTokens, tokensDocument, type Tokens } from "./tokens";

export interface Auth {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly links: LoginLinks;
  readonly login: Login;
  readonly actorOf: ActorOf;
  /** Who it still is that sent a request which was let in before: only looked at, and noted as no use of a session or a token. */
  readonly actorStill: ActorOf;
}

export interface AuthParts {
  /** Core's own folder. */
  readonly dir: string;
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly events: EventSink;
  readonly onChanged: OnChanged;
  /** Somebody ended sessions: what lives as long as they do is to end. */
  readonly onSessionsEnded: (which: WhichSessions) => Promise<void>;
  readonly addressOf: (req: IncomingMessage) => string;
}

/** @throws SkeinError DOCUMENT_UNREADABLE */
export function openAuth(auth: AuthParts): Auth {
  const { dir, port, clock, random, ids, events, onChanged, onSessionsEnded, addressOf } = auth;
  const accounts = openAccounts(join(dir, accountsDocument.name), {
    clock,
    passwords: createPasswords(random),
    onChanged: () => onChanged("accounts"),
  });
  const parts = { clock, random, ids };
  const sessions = openSessions(join(dir, sessionsDocument.name), {
    ...parts,
    onChanged: () => onChanged("sessions"),
    onEnded: onSessionsEnded,
  });
  const tokens = openTokens(join(dir, tokensDocument.name), { ...parts, onChanged: () => onChanged("tokens") });
  const links = loginLinks(loginLinksFolder(dir), { clock, random });
  const login = createLogin({ accounts, sessions, links, throttle: createThrottle(clock), events });
  const identify = { accounts, sessions, tokens, port, addressOf };
  return {
    accounts,
    sessions,
    tokens,
    links,
    login,
    actorOf: createIdentify(identify, { noted: true }),
    actorStill: createIdentify(identify, { noted: false }),
  };
}
