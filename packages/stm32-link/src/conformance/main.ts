/** `npm run hub-conformance -- --port /dev/ttyACM0`: whether a board keeps to docs/link.md. Ends with 0 when it does, 1 when not, 2 for a wrong command line. */
import { messageOf, readCommandLine, SkeinError, systemClock } from "@skein/kit";
import { serialWire, BAUD } from "../serial-wire";
import { tcpWire } from "../tcp-wire";
import type { OpenWire } from "../wire";
import { tryBoard } from "./conformance";

const MARKS = { ok: "ok      ", skipped: "skipped ", failed: "FAILED  " } as const;

async function main(argv: readonly string[]): Promise<number> {
  const conforms = await tryBoard(lineOf(argv), systemClock, ({ says, outcome, why }) =>
    process.stdout.write(`${MARKS[outcome]} ${says}${why === undefined ? "" : `\n         ${why}`}\n`),
  );
  process.stdout.write(conforms ? "The board keeps to the link.\n" : "The board does not keep to the link.\n");
  return conforms ? 0 : 1;
}

/** @throws SkeinError OPTION_INVALID */
function lineOf(argv: readonly string[]): OpenWire {
  const { values } = readCommandLine(argv, {
    port: { type: "string" },
    baud: { type: "string" },
    tcp: { type: "string" },
  });
  if ((values.port === undefined) === (values.tcp === undefined))
    throw new SkeinError("OPTION_INVALID", "--port PATH or --tcp HOST:PORT is needed.", { hint: "--help says more." });
  if (values.port !== undefined)
    return serialWire(values.port, numberOf("--baud", values.baud ?? String(BAUD), 4_000_000));
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(values.tcp ?? "") ?? [];
  return tcpWire(host, numberOf("--tcp", port, 65_535));
}

function numberOf(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new SkeinError("OPTION_INVALID", `${option}: "${text}" is no number from 1 to ${most}.`);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = error instanceof SkeinError && error.code === "OPTION_INVALID" ? 2 : 1;
  },
);
