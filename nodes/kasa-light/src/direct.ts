/**
 * `skein-kasa-direct`: owns the connections to the devices in a Node-RED without a leader. In the leader's flow host, where the
 * leader owns them, the type is registered (an unknown one would stop all flows), hidden, and refuses.
 */
import { onClose, skeinSettings } from "@skein/palette";
import { createKasaClient, type AskAt, type KasaClient } from "@skein/kasa";
import { createIds, createLogger, every, SkeinError, systemClock, systemRandom } from "@skein/kit";
import type { Node, NodeAPI, NodeDef } from "node-red";
import { directCredentials, type KasaDirectConfig, type KasaDirectCredentials } from "./config";
import type { DirectNode } from "./desk-of";
import { createDirectDesk } from "./direct-desk";
import { DESK_INTERFACE } from "./light-desk";
import { openScenes, readKnown, writeKnown, type SceneStore } from "./scene-store";

const LOOK_EVERY_MS = 60_000;

export = function register(RED: NodeAPI): void {
  const skein = skeinSettings(RED);
  const inHouse = skein?.bus !== undefined;
  const clock = skein?.clock ?? systemClock;
  const logger = createLogger({ name: "skein-kasa-direct", level: "warn" });

  RED.nodes.registerType<
    Node<KasaDirectCredentials> & DirectNode,
    NodeDef & KasaDirectConfig,
    object,
    KasaDirectCredentials
  >(
    "skein-kasa-direct",
    function (this, saved) {
      RED.nodes.createNode(this, saved);
      if (inHouse) {
        const refuse = (): never => {
          throw new SkeinError(
            "KASA_DIRECT_IN_HOUSE",
            "in the leader's Node-RED the leader owns the lights' connections.",
            {
              hint: "Open the node and choose no direct connection: it works over the bus.",
            },
          );
        };
        Object.defineProperties(this, { skeinInterface: { value: DESK_INTERFACE }, desk: { get: refuse } });
        return;
      }
      const { username, password, addresses = "" } = this.credentials ?? {};
      const askAt = askAtOf(addresses);
      const client = createKasaClient({
        clock,
        random: systemRandom,
        logger,
        ...(username && password ? { credentials: { username, password } } : {}),
        ...(askAt.length > 0 ? { askAt } : {}),
      });
      let kept: SceneStore | undefined;
      const scenes: SceneStore = { list: () => kept?.list() ?? [], save: (scene) => kept?.save(scene) };
      const newId = createIds(clock, systemRandom);
      const desk = createDirectDesk({ id: "node-red", client, scenes, clock, newId });
      Object.defineProperties(this, { skeinInterface: { value: DESK_INTERFACE }, desk: { value: desk } });
      const stop = holdWhoIsFound(this, client);
      const start = async () => {
        kept = await openScenes(this);
        for (const device of await readKnown(this)) client.hold(device);
        await client.discover();
      };
      const failed = (error: unknown) => logger.warn({ err: error }, "cannot look for devices");
      void start()
        .catch(failed)
        .finally(() => desk.settle());
      // Whoever was without current at the start is found when it has some.
      const stopLooking = every(clock, LOOK_EVERY_MS, () => void client.discover().catch(failed));
      onClose(this, clock, async () => {
        stopLooking();
        stop();
        desk.close();
        await client.close();
      });
    },
    {
      credentials: directCredentials,
      settings: { skeinKasaDirectHidden: { value: inHouse, exportable: true } },
    },
  );
};

/** More than any home has: each costs a connection, and anybody in the network may make up devices. */
const MOST_HELD = 200;

/** Whoever answers is taken: without a leader nobody else could. Where each that could be spoken to was last is kept for the next start. */
function holdWhoIsFound(node: Node, client: KasaClient): () => void {
  return client.on((event) => {
    if (event.type === "found") {
      const { id, endpoint, protocol } = event.found;
      if (!client.get(id) && client.held().length < MOST_HELD) client.hold({ id, endpoint, protocol });
    }
    const reached = event.type === "state" && event.cause.kind === "first";
    if (reached || event.type === "moved" || event.type === "protocol-changed")
      // An outlet comes with its strip.
      writeKnown(
        node,
        client
          .held()
          .flatMap(({ id, endpoint, protocol, info }) => (!info || info.parent ? [] : [{ id, endpoint, protocol }])),
      );
  });
}

const askAtOf = (addresses: string): AskAt[] =>
  addresses
    .split(/[\s,;]+/)
    .filter((host) => host !== "")
    .map((host) => ({ host }));
