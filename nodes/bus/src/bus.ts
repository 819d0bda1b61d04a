/** `skein-bus`: the one place in a flow that knows where the bus is. In the leader's flow host that is nothing to be set. */
import {
  adminRoute,
  BUS_NODE_INTERFACE,
  busNodeOf,
  createJudgedFleet,
  createLeaderFleet,
  houseRegistryOf,
  migrate,
  onClose,
  skeinSettings,
  VARIABLE,
  type OpenFleetView,
  type SkeinBusNode,
} from "@skein/palette";
import type { Bus } from "@skein/bus";
import type { Request } from "express";
import { createLogger, messageOf, SkeinError, systemClock, systemRandom } from "@skein/kit";
import type { Node, NodeAPI, NodeDef } from "node-red";
import {
  busCredentials,
  busDefaults,
  HIDDEN,
  type BusTrial,
  type SkeinBusConfig,
  type SkeinBusCredentials,
} from "./config";
import { openBus } from "./connection";
import { contractMessages } from "./contract-list";
import { createLegacies } from "./legacy";
import { restingStore } from "./resting-store";
import { createSettling } from "./settled";
import { tryConnection } from "./try-connection";

type BusNode = Node<SkeinBusCredentials> & SkeinBusNode;

export = function register(RED: NodeAPI): void {
  const skein = skeinSettings(RED);
  const clock = skein?.clock ?? systemClock;
  const logger = createLogger({ name: "skein-bus", level: "warn" });
  const legacies = createLegacies(clock);

  // The house's bus and its view of the fleet are the process's: every config node shares them, and a deploy leaves them alone.
  if (skein?.bus && !skein.house) {
    const { bus } = skein;
    let fleet: OpenFleetView | undefined;
    skein.house = {
      skeinInterface: BUS_NODE_INTERFACE,
      bus,
      get fleet() {
        return (fleet ??= createLeaderFleet(bus, { clock, logger }));
      },
    };
  }

  function house(): SkeinBusNode {
    if (skein?.house) return skein.house;
    throw new SkeinError("BUS_NO_LEADER", "this Node-RED is not the leader's, so there is no bus at hand.", {
      hint: 'Open the Skein bus, choose "a broker" and enter its address.',
    });
  }

  /** `${VAR}` taken from the environment. @throws SkeinError BUS_NOT_CONFIGURED for one that is not set */
  const urlOf = ({ url }: SkeinBusConfig, node: Node): string =>
    url.replace(/\$\{[^{}\s]+\}/g, (variable) => {
      const value = String(RED.util.evaluateNodeProperty(variable, "env", node, {}));
      if (value !== "") return value;
      throw new SkeinError("BUS_NOT_CONFIGURED", `the Skein bus has no address: ${variable} is not set.`, {
        hint: "Set it in the environment of Node-RED, or open the bus and enter an address.",
      });
    });

  /** What a deployed node finds in its settings: Node-RED takes a value that is `${VAR}` as a whole from the environment, if it is set. */
  const valueOf = (value: string, node: Node): string =>
    VARIABLE.test(value) ? String(RED.util.evaluateNodeProperty(value, "env", node, {}) || value) : value;

  RED.nodes.registerType<BusNode, NodeDef & SkeinBusConfig, object, SkeinBusCredentials>(
    "skein-bus",
    function (this, saved) {
      RED.nodes.createNode(this, saved);
      const config = migrate(saved, {}, busDefaults);
      let bus: Bus | undefined;
      let fleet: OpenFleetView | undefined;
      let failure: unknown;
      if (config.mode === "broker") {
        try {
          bus = openBus({ ...config, url: urlOf(config, this) }, this.credentials ?? {}, this.id, { clock, logger });
        } catch (error) {
          // Thrown again at whoever asks for the bus, so that each node shows it; a config node has no place of its own for it.
          failure = error;
          this.error(messageOf(error));
        }
      }
      const own = () => {
        if (bus) return bus;
        throw failure;
      };
      const identity = () => JSON.stringify([config.url, own().id, config.judgeHere]);
      const viewOf = (of: Bus) => {
        const parts = { clock, logger, after: legacies.take(this.id, identity()) };
        return config.judgeHere
          ? createJudgedFleet(of, { ...parts, random: systemRandom, resting: restingStore(this) })
          : createLeaderFleet(of, parts);
      };
      Object.defineProperties(this, {
        skeinInterface: { value: BUS_NODE_INTERFACE },
        bus: { get: () => (config.mode === "leader" ? house().bus : own()) },
        fleet: {
          get: () => {
            if (config.mode === "leader") return house().fleet;
            return (fleet ??= viewOf(own()));
          },
        },
      });
      onClose(this, clock, async (removed) => {
        // Nodes that use it are closed in the same turn; what they say then (a board's safe stop) goes out before the bus ends.
        await new Promise((resolve) => setImmediate(resolve));
        if (fleet && !removed) legacies.leave(this.id, identity(), fleet);
        await fleet?.close();
        await bus?.close(1000);
      });
    },
    { credentials: busCredentials },
  );

  // For the dialogs. A bus that is not deployed yet cannot be asked; then the house's own answers, if there is one.
  const settle = createSettling(clock);
  const busAsked = ({ query }: Request): SkeinBusNode => {
    const id = typeof query["bus"] === "string" ? query["bus"] : "";
    return RED.nodes.getNode(id) ? busNodeOf(RED, id) : house();
  };
  adminRoute(RED, "get", "/skein/followers", "skein.read", async (request) => {
    const { fleet } = busAsked(request);
    await settle(fleet);
    return fleet.list().map(({ id, name, virtual, verdict }) => ({ id, name, virtual, state: verdict.state }));
  });
  adminRoute(RED, "get", "/skein/house", "skein.read", async (request) => {
    const registry = houseRegistryOf(busAsked(request).bus);
    await settle(registry);
    return registry.now;
  });
  adminRoute(RED, "post", "/skein/bus/test", "flows.write", async ({ body }) => {
    const { id = "", credentials: shown = {}, ...asked } = (body ?? {}) as Partial<BusTrial>;
    const config = { ...busDefaults, ...asked };
    if (config.mode === "leader") return house().bus.link;
    const node = RED.nodes.getNode(id) as Node;
    // What the browser was never told it sends as it got it: then what is stored is meant.
    const stored = (RED.nodes.getCredentials(id) ?? {}) as SkeinBusCredentials;
    const given = Object.entries(shown).filter(([, value]) => value !== HIDDEN);
    const credentials = Object.entries({ ...stored, ...Object.fromEntries(given) }) as [string, string][];
    return tryConnection(
      { ...config, url: urlOf(config, node), identity: valueOf(config.identity, node) },
      Object.fromEntries(credentials.map(([key, value]) => [key, valueOf(value, node)])),
      id,
      clock,
    );
  });
  adminRoute(RED, "get", "/skein/messages", "skein.read", contractMessages);
};
