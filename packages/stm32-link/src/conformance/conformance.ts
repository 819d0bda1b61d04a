/** Tries a board at the end of a line, check by check (checks.ts). */
import { messageOf, type Clock } from "@skein/kit";
import type { OpenWire } from "../wire";
import { checks, type Trial } from "./checks";
import { RawBoard } from "./raw-board";

export interface Result {
  readonly says: string;
  readonly outcome: "ok" | "skipped" | "failed";
  /** Why it failed or was skipped. */
  readonly why?: string;
}

/** Outputs of the board move. @param onResult called after each check. @throws SkeinError HUB_LINE_UNUSABLE */
export async function tryBoard(open: OpenWire, clock: Clock, onResult: (result: Result) => void): Promise<boolean> {
  const wire = await open();
  const trial: Trial = { board: new RawBoard(wire, clock), clock, hello: NOBODY, channels: [] };
  let conforms = true;
  try {
    for (const { says, run } of checks) {
      let result: Result = { says, outcome: "ok" };
      try {
        const said = await run(trial);
        if (said) result = { says, outcome: "skipped", why: said.skipped };
      } catch (error) {
        result = { says, outcome: "failed", why: messageOf(error) };
      }
      onResult(result);
      conforms &&= result.outcome !== "failed";
      // Without a handshake there is nothing to try.
      if (trial.hello === NOBODY) break;
    }
  } finally {
    await wire.close();
  }
  return conforms;
}

const NOBODY: Trial["hello"] = {
  major: 0,
  minor: 0,
  firmware: "",
  board: "",
  resetCause: 0,
  channels: 0,
  descriptionCrc: 0,
};
