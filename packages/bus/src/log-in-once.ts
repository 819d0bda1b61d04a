import { connect } from "mqtt";
import type { BusAddress } from "./bus-address";
import { clientOptions, watchLoss, type LinkLoss } from "./mqtt-session";

/**
 * Logs in to an MQTT broker and leaves at once: whether it lets this user in now, and, when it does, an end of whoever was there
 * under this client id, and of what the broker kept for it [MQTT-3.1.4-2, MQTT-3.1.2-6]. `away`: it cannot be reached.
 */
export function logInOnce(address: BusAddress): Promise<"in" | "refused" | "away"> {
  return new Promise((resolve) => {
    // 3.1.1, which every broker speaks: nothing here needs more.
    const client = connect(address.url, { ...clientOptions(address, 4, undefined), clean: true });
    const loss = watchLoss(client, address.url.startsWith("ws"));
    let accepted = false;
    client.once("connect", () => {
      accepted = true;
      client.end();
    });
    client.once("close", () => {
      client.end(true);
      resolve(accepted ? "in" : outcomeOf(loss()));
    });
  });
}

const outcomeOf = ({ code }: LinkLoss): "refused" | "away" => (code === "BUS_NOT_AUTHORISED" ? "refused" : "away");
