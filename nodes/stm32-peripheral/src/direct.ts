/**
 * `skein-stm32-direct`: speaks with one board itself in a Node-RED without a leader. In the leader's flow host, where a follower's bridge
 * holds the cable, the type is registered (an unknown one would stop all flows), hidden, and refuses.
 */
import { onClose, skeinSettings } from "@skein/palette";
import { createIds, SkeinError, systemClock, systemRandom } from "@skein/kit";
import { serialWire, tcpWire, type OpenWire } from "@skein/stm32-link";
import type { Node, NodeAPI, NodeDef } from "node-red";
import { directCredentials, type Stm32DirectConfig, type Stm32DirectCredentials } from "./config";
import type { DirectNode } from "./desk-of";
import { createDirectDesk } from "./direct-desk";
import { DESK_INTERFACE } from "./hub-desk";
import { addPortsRoute } from "./routes";

export = function register(RED: NodeAPI): void {
  const skein = skeinSettings(RED);
  const inHouse = skein?.bus !== undefined;
  const clock = skein?.clock ?? systemClock;

  RED.nodes.registerType<
    Node<Stm32DirectCredentials> & DirectNode,
    NodeDef & Stm32DirectConfig,
    object,
    Stm32DirectCredentials
  >(
    "skein-stm32-direct",
    function (this, saved) {
      RED.nodes.createNode(this, saved);
      const line = (this.credentials?.line ?? "").trim();
      const refusal = inHouse ? refusedInHouse() : line === "" ? noLine() : undefined;
      if (refusal) {
        // Thrown at whoever asks for the desk, so that each node shows it; a config node has no place of its own for it.
        const refuse = (): never => {
          throw refusal;
        };
        Object.defineProperties(this, { skeinInterface: { value: DESK_INTERFACE }, desk: { get: refuse } });
        return;
      }
      const desk = createDirectDesk({
        id: "node-red",
        name: saved.name,
        open: wireTo(line),
        clock,
        random: systemRandom,
        newId: createIds(clock, systemRandom),
      });
      Object.defineProperties(this, { skeinInterface: { value: DESK_INTERFACE }, desk: { value: desk } });
      onClose(this, clock, async () => {
        // Nodes that use it are closed in the same turn; what they send then, a safe stop above all, goes out before the line ends.
        await new Promise((resolve) => setImmediate(resolve));
        await desk.close();
      });
    },
    {
      credentials: directCredentials,
      settings: { skeinStm32DirectHidden: { value: inHouse, exportable: true } },
    },
  );
  addPortsRoute(RED);
};

/** `host:port`, `[::1]:4000`; everything else is a serial port's name. */
const SERVER = /^(?:\[([0-9a-f:]+)\]|([^/\\:]+)):(\d{1,5})$/i;

function wireTo(line: string): OpenWire {
  const [, six, host = six, port] = SERVER.exec(line) ?? [];
  return host === undefined ? serialWire(line) : tcpWire(host, Number(port));
}

const refusedInHouse = (): SkeinError =>
  new SkeinError(
    "HUB_DIRECT_IN_HOUSE",
    "in the leader's Node-RED the boards hang on followers, whose bridges hold their cables.",
    {
      hint: "Open the node and choose no direct connection: it works over the bus.",
    },
  );

const noLine = (): SkeinError =>
  new SkeinError("HUB_LINE_MISSING", "the direct connection does not say where its board hangs.", {
    hint: "Open it and choose a serial port, or enter the host:port of a serial server.",
  });
