/** *Test connection* in the dialog of skein-bus: one connection as the dialog has it now, and what came of it in the link's own words. */
import { createTransport, type LinkState } from "@skein/bus";
import { systemRandom, type Clock } from "@skein/kit";
import type { SkeinBusConfig, SkeinBusCredentials } from "./config";
import { addressOf, identityOf } from "./connection";

/** Whoever presses a button does not wait longer, ms. */
const LIMIT_MS = 5000;

/** Never rejects for what the other side does. @throws SkeinError ID_INVALID, BUS_NOT_CONFIGURED, BUS_ADDRESS_INVALID */
export async function tryConnection(
  config: SkeinBusConfig,
  credentials: SkeinBusCredentials,
  nodeId: string,
  clock: Clock,
): Promise<LinkState> {
  const address = addressOf(config, credentials, identityOf(config, credentials, nodeId));
  // Under the deployed node's own client id the broker would throw that one off.
  const transport = createTransport(
    { ...address, clientId: `${address.clientId}-test` },
    { clock, random: systemRandom },
  );
  let cancel = () => {};
  try {
    return await new Promise<LinkState>((resolve) => {
      const late = { up: false, code: "BUS_UNREACHABLE", why: `no answer within ${LIMIT_MS / 1000} s` } as const;
      cancel = clock.setTimer(() => resolve(late), LIMIT_MS);
      transport.start({ will: () => undefined, onMessage: () => {}, onLink: resolve });
    });
  } finally {
    cancel();
    await transport.close();
  }
}
