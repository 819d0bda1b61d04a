import { batch, computed, signal, type Signal } from "@preact/signals";
import type { MeView, Role } from "@skein/contracts";
import { ApiError } from "../api/api-error";
import type { Api } from "../api/client";
import { mayAct } from "./roles";

/** Who uses this page. The leader alone knows: the page asks at the start, at every new connection, and after every refusal. */
export interface Session {
  /**
   * `asking`: not known yet; `in`: the leader knows who asks; `out`: somebody must log in; `away`: the leader does not answer, and
   * what is shown is how it was.
   */
  readonly standing: Signal<Standing>;
  readonly me: Signal<MeView | undefined>;
  /** True after the set-up link, until a name and a password are chosen or put off. */
  readonly fresh: Signal<boolean>;
  /** Why a set-up link did not work. */
  readonly refused: Signal<ApiError | undefined>;
  /** Whether this account may do what needs `least`. */
  may(least: Role): boolean;
  /** Asks the leader who this is. Whatever else says that nobody is logged in may be the answer to a question of before a login. */
  ask(): Promise<void>;
  /** @throws ApiError when the leader refuses. */
  login(account: string, password: string): Promise<void>;
  /** With the token of the set-up link; never rejects. */
  setUp(token: string): Promise<void>;
  logout(): Promise<void>;
}
export type Standing = "asking" | "in" | "out" | "away";

export interface SessionOptions {
  /** Asked for late: the API tells the session of refusals, so each needs the other. */
  readonly api: () => Api;
  /** Who used this page when the leader was last heard. */
  readonly remembered?: MeView | undefined;
  /** Whoever is logged in goes: what ends with the login, while the leader still listens. Whether it went well is of no matter. */
  readonly leaving?: () => Promise<void>;
  /** Somebody else than before uses the page, or nobody: what was told to the one before is to be forgotten. */
  readonly left: () => void;
}

/** For what ends with a login, ms at most. */
const LEAVING_MS = 3_000;

export function createSession({ api, remembered, leaving, left }: SessionOptions): Session {
  const standing = signal<Standing>("asking");
  const me = signal<MeView | undefined>(remembered);
  const fresh = signal(false);
  const refused = signal<ApiError | undefined>(undefined);
  const role = computed(() => me.value?.account.role);
  // Whoever asked before the last of them has an answer that is worth nothing, and so has whoever did not ask last:
  // answers may come in any order.
  let changes = 0;
  let questions = 0;
  let newest = Promise.resolve();
  const enter = (view: MeView) =>
    batch(() => {
      if (me.value && me.value.account.id !== view.account.id) left();
      me.value = view;
      refused.value = undefined;
      standing.value = "in";
    });
  const loggedOut = () =>
    batch(() => {
      left();
      me.value = undefined;
      fresh.value = false;
      standing.value = "out";
    });
  const ask = () => (newest = question(++questions));
  async function question(number: number): Promise<void> {
    const asked = changes;
    const answer = await api()
      .get<MeView>("me")
      .catch((reason: unknown) =>
        reason instanceof ApiError && reason.code === "LOGIN_NEEDED" ? "nobody" : "silence",
      );
    if (number !== questions) return newest;
    if (asked !== changes) return ask();
    if (answer === "nobody") loggedOut();
    else if (answer === "silence") standing.value = standing.value === "in" ? "in" : "away";
    else enter(answer);
  }
  /** For what changes who is logged in. */
  async function change<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      changes += 1;
    }
  }
  return {
    standing,
    me,
    fresh,
    refused,
    may: (least) => role.value !== undefined && mayAct(role.value, least),
    ask,
    async login(account, password) {
      enter(await change(api().post<MeView>("login", { account, password })));
    },
    async setUp(token) {
      try {
        const view = await change(api().post<MeView>("setup", { token }));
        enter(view);
        // A login link brings back somebody who has a password.
        fresh.value = !view.account.hasPassword;
      } catch (reason) {
        refused.value = reason as ApiError;
        // A link that was followed twice: the first time may have let this browser in.
        await ask();
      }
    },
    async logout() {
      // Whoever presses it is to be out soon, also where a browser or the leader takes its time over the rest.
      const soon = new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
      await Promise.race([leaving?.().catch(() => {}), soon]);
      await change(api().post("logout"));
      loggedOut();
    },
  };
}
