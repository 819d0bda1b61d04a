/** A board joins the house with a code, and leaves it when somebody removes it. */
import { isFreeId, type JoinAnswer, type JoinCodeCreate, type JoinCodeView, type JoinRequest } from "@skein/contracts";
import { SkeinError } from "@skein/kit";
import { signatureOf, type Actor } from "../auth/actor";
import type { EventSink } from "../event-sink";
import { idFrom } from "../id-from";
import type { BusAccounts } from "./bus-accounts";
import type { JoinCodes } from "./join-codes";
import type { JoinLimit } from "./join-limit";

/** Where the house keeps what is called how and stands where. */
export interface Places {
  /** @throws SkeinError when there is no such room */
  checkRoom(room: string): void;
  put(id: string, place: { readonly room?: string; readonly name?: string }): Promise<void>;
}

export interface JoiningParts {
  readonly codes: JoinCodes;
  readonly limit: JoinLimit;
  readonly accounts: BusAccounts;
  /** Whether a follower of this id is in the house's list. */
  readonly isKnown: (id: string) => boolean;
  readonly busUrl: (host: string) => string;
  /** PEM: what a board needs to trust the broker. */
  readonly ca?: string | undefined;
  readonly places?: Places | undefined;
  readonly events: EventSink;
}

export interface Joining {
  /** `leader`: the address that stands in the command to type. @throws SkeinError JOIN_CODES_TOO_MANY, JOIN_ID_TAKEN, BUS_NOT_OURS */
  createCode(by: Actor, wish: JoinCodeCreate, leader: string): JoinCodeView;
  open(): readonly JoinCodeView[];
  /** Who may come onto the bus and has not yet: joined by a code, or made by hand (`skein follower add`). */
  unheard(): readonly { readonly id: string }[];
  /** @throws SkeinError JOIN_CODE_UNKNOWN */
  withdraw(by: Actor, code: string): void;
  /**
   * `host`: under which name the board found the leader.
   * @throws SkeinError JOIN_CODE_WRONG, JOIN_CODE_OVER, JOIN_TRIES_TOO_MANY, JOIN_ID_TAKEN, BUS_NOT_REACHABLE, and of making its user
   */
  join(request: JoinRequest, from: { readonly address: string; readonly host: string }): Promise<JoinAnswer>;
}

export function createJoining(parts: JoiningParts): Joining {
  const { codes, limit, accounts, isKnown, busUrl, ca, places, events } = parts;
  const isTaken = (id: string) => !isFreeId(id) || accounts.has(id) || isKnown(id);
  /** Under way: two boards of the same name may join at once. */
  const underWay = new Set<string>();

  function idFor(wish: JoinCodeCreate, request: JoinRequest): string {
    if (wish.id === undefined)
      return idFrom(request.hostname?.split(".")[0] ?? wish.name ?? "board", (id) => isTaken(id) || underWay.has(id));
    checkFree(wish.id);
    return wish.id;
  }

  /** One that is known but has no user (it was made by hand, or its broker's user was) may come back under its name. */
  function checkFree(id: string): void {
    if (isFreeId(id) && !accounts.has(id) && !underWay.has(id)) return;
    throw new SkeinError("JOIN_ID_TAKEN", `"${id}" is on the bus already, or reserved.`, {
      hint: "Choose another id, or remove the follower that has it first.",
    });
  }

  function wrongCode(error: unknown, address: string): void {
    if (!(error instanceof SkeinError) || error.code !== "JOIN_CODE_WRONG" || !limit.wrong(address)) return;
    events.add({
      type: "join-codes-guessed",
      severity: "warning",
      audit: true,
      text: `Somebody at ${address} tries join codes; no more are listened to from there for a while.`,
      address,
    });
  }

  async function letIn(wish: JoinCodeCreate, request: JoinRequest, host: string): Promise<JoinAnswer> {
    const url = busUrl(host);
    const id = idFor(wish, request);
    underWay.add(id);
    try {
      const login = await accounts.create(id);
      try {
        await placeIt(id, wish);
      } catch (error) {
        // Nobody knows its password; left behind it would only keep its name from the next try.
        await accounts.remove(id).catch(() => {});
        throw error;
      }
      const name = wish.name ?? request.hostname ?? id;
      return { id, name, bus: { url, ...login, ...(ca !== undefined && { ca }) } };
    } finally {
      underWay.delete(id);
    }
  }

  async function placeIt(id: string, { room, name }: JoinCodeCreate): Promise<void> {
    if (room === undefined && name === undefined) return;
    await places?.put(id, { ...(room !== undefined && { room }), ...(name !== undefined && { name }) });
  }

  const tellOfCode = (by: Actor, type: string, text: string): void =>
    events.add({ type, severity: "info", audit: true, text, ...signatureOf(by) });

  return {
    createCode(by, wish, leader) {
      // Rather here, to the one who can do something about it, than to the board that comes with the code.
      accounts.check();
      if (wish.id !== undefined) checkFree(wish.id);
      if (wish.room !== undefined) places?.checkRoom(wish.room);
      const view = codes.create(wish, leader);
      tellOfCode(by, "join-code-made", `A join code was made${wish.id === undefined ? "" : ` for ${wish.id}`}.`);
      return view;
    },
    open: () => codes.open(),
    unheard: () => accounts.followers().flatMap((id) => (isKnown(id) ? [] : [{ id }])),
    withdraw(by, code) {
      codes.withdraw(code);
      tellOfCode(by, "join-code-withdrawn", "A join code was withdrawn.");
    },
    async join(request, { address, host }) {
      limit.check(address);
      let taken;
      try {
        taken = codes.take(request.code);
      } catch (error) {
        wrongCode(error, address);
        throw error;
      }
      try {
        const answer = await letIn(taken.wish, request, host);
        events.add({
          type: "follower-joined",
          severity: "notice",
          audit: true,
          text: `${answer.name} joined the house.`,
          subject: { kind: "follower", id: answer.id },
          // The page that shows the code knows by it that its board came. It is worth nothing any more.
          data: { name: answer.name, code: taken.code },
          ...(taken.wish.room !== undefined && { room: taken.wish.room }),
          address,
        });
        return answer;
      } catch (error) {
        taken.giveBack();
        throw error;
      }
    },
  };
}
