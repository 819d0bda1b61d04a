/** Logging in: by password, or by a link that works once. Who did, and who failed, is told as an event. */
import { SkeinError } from "@skein/kit";
import type { EventSink } from "../event-sink";
import type { Account, Accounts } from "./accounts";
import type { Command, LoginLinks } from "./login-links";
import type { Session, Sessions } from "./sessions";
import type { Throttle } from "./throttle";

export interface LoginFrom {
  readonly address: string;
  readonly agent: string;
}

export interface LoggedIn {
  readonly account: Account;
  /** For the cookie. */
  readonly secret: string;
  readonly session: Session;
}

export interface Login {
  /** @throws SkeinError LOGIN_WRONG, LOGIN_THROTTLED, LOGIN_BUSY, DOCUMENT_UNWRITABLE */
  byPassword(account: string, password: string, from: LoginFrom): Promise<LoggedIn>;
  /** @throws SkeinError LINK_USED, LOGIN_THROTTLED, DOCUMENT_UNWRITABLE */
  byLink(token: string, from: LoginFrom): Promise<LoggedIn>;
  /** Asks for the present password again. @throws SkeinError LOGIN_WRONG, LOGIN_THROTTLED */
  confirm(account: Account, password: string, address: string): Promise<void>;
}

export interface LoginParts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly links: LoginLinks;
  readonly throttle: Throttle;
  readonly events: EventSink;
}

const BY_LINK = "with a link";
/** Of links, in the throttle: they belong to no account. */
const LINKS = "(link)";

export function createLogin({ accounts, sessions, links, throttle, events }: LoginParts): Login {
  const begin = async (account: Account, from: LoginFrom, how: string): Promise<LoggedIn> => {
    accounts.loggedIn(account.id);
    const { secret, session } = await sessions.begin(account.id, { ...from, byLink: how === BY_LINK });
    events.add({
      type: "login",
      severity: "info",
      audit: true,
      text: `${account.name} logged in ${how}.`,
      subject: { kind: "account", id: account.id },
      actor: account.id,
      address: from.address,
    });
    return { account, secret, session };
  };
  /** Nobody was there: it is not that person's last login, and a mere look is nothing that happened. */
  const beginCommand = (account: Account, from: LoginFrom, command: Command): LoggedIn => {
    if (command === "order")
      events.add({
        type: "login",
        severity: "info",
        audit: true,
        text: `The command line of this machine came in, with the rights of ${account.name}.`,
        subject: { kind: "account", id: account.id },
        address: from.address,
      });
    return { account, ...sessions.beginCommand(account.id, from) };
  };
  const mayTry = (address: string, account: string): void => {
    const waitMs = throttle.waitMs(address, account);
    if (waitMs > 0)
      throw new SkeinError(
        "LOGIN_THROTTLED",
        `too many wrong tries from here; the next one is possible in ${Math.ceil(waitMs / 1000)} s.`,
      );
  };
  const verify = async (id: string, password: string, address: string): Promise<Account> => {
    mayTry(address, id);
    // Counted before it is looked at: many at once are many tries.
    throttle.failed(address, id);
    if (await accounts.verify(id, password)) {
      throttle.succeeded(address, id);
      const account = accounts.get(id);
      if (account) return account;
    }
    events.add({
      type: "login-failed",
      severity: "notice",
      audit: true,
      text: `Somebody tried to log in as "${id.slice(0, 63)}" with a wrong password.`,
      subject: { kind: "account", id: id.slice(0, 63) },
      address,
    });
    throw new SkeinError("LOGIN_WRONG", "account and password do not go together.");
  };
  return {
    async byPassword(id, password, from) {
      return begin(await verify(id, password, from.address), from, "with a password");
    },
    async byLink(token, from) {
      mayTry(from.address, LINKS);
      const found = await links.use(token);
      if (!found) {
        throttle.failed(from.address, LINKS);
        events.add({
          type: "login-failed",
          severity: "notice",
          audit: true,
          text: "Somebody tried to log in with a link that is used or too old.",
          address: from.address,
        });
        throw new SkeinError("LINK_USED", "this link has been used or is too old.", {
          hint: "Start the leader again, or at its machine: npm run skein -- login-link",
        });
      }
      const account = await accountOfLink(found.account);
      return found.command ? beginCommand(account, from, found.command) : begin(account, from, BY_LINK);
    },
    async confirm({ id }, password, address) {
      await verify(id, password, address);
    },
  };

  /** A link that names nobody is the owner's: the first admin, made now when there is none. */
  async function accountOfLink(id: string | undefined): Promise<Account> {
    const found = id === undefined ? accounts.list().find(({ role }) => role === "admin") : accounts.get(id);
    if (found) return found;
    if (id !== undefined) throw new SkeinError("ACCOUNT_UNKNOWN", `there is no account "${id}".`);
    return accounts.create({ id: "owner", name: "Owner", role: "admin" });
  }
}
