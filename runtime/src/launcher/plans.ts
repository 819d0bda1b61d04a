/** What each part of the leader is started with: its program, and its init message or its file of settings. */
import { join } from "node:path";
import { FLOW_HOST_ID, VIRTUAL_HOME_ID } from "@skein/contracts";
import type { VirtualHomeInit } from "@skein/virtual-home";
import type { LeaderOptions, LeaderSettings } from "../settings";
import { DEMO_FOLLOWERS } from "./demo-followers";
import { demoLamps } from "./demo-lamps";
import { followerTls, writeFollowerFile } from "./follower-file";
import { brokerListeners, brokerTls } from "./broker-listeners";
import { followerId, type Identities, type Person } from "./identities";
import type { BrokerInit, CoreInit, FlowHostInit } from "./ipc";
import type { PartName } from "./parts";
import type { ChildPlan } from "./supervisor";

export interface Places {
  /** The repository's root. */
  readonly root: string;
  readonly dataDir: string;
  readonly usersFile: string;
  /** Of the flow host. */
  readonly socket: string;
  /** Core's and the flow host's: how the one knows the other's word. */
  readonly coreKey: string;
  readonly version: string;
  readonly ports: { readonly http: number; readonly broker: number; readonly brokerTls?: number };
  /** Whom `who` knows. */
  readonly people: readonly Person[];
}

export interface PartPlan extends Pick<ChildPlan, "init" | "args"> {
  readonly part: PartName;
  /** Below the root. */
  readonly entry: string;
  /** What it alone finds in its environment. */
  readonly secrets?: Readonly<Record<string, string>>;
}

const AGENT = "follower-agents/dist/agent.js";

/** The parts that these options ask for. Writes the follower's file. */
export function plansOf(options: LeaderOptions, who: Identities, places: Places): PartPlan[] {
  const embedded = options.settings.bus.kind === "embedded";
  return [
    ...(embedded ? [broker(options, places)] : []),
    core(options, who, places, embedded),
    flowHost(options, who, places),
    ...(options.follower ? [follower(options, who, places)] : []),
    ...(options.demo ? [virtualHome(options, who, places)] : []),
  ];
}

function broker({ settings: { bus } }: LeaderOptions, { dataDir, usersFile, ports }: Places): PartPlan {
  const tls = brokerTls(bus, ports.brokerTls);
  const init = (): BrokerInit => ({
    type: "init",
    hosts: brokerListeners(bus).hosts,
    port: ports.broker,
    ...(tls && { tls }),
    dataDir: join(dataDir, "broker"),
    usersFile,
  });
  return { part: "broker", entry: "runtime/dist/launcher/broker-process.js", init };
}

function core(
  { settings, demo }: LeaderOptions,
  who: Identities,
  { dataDir, version, socket, coreKey, ports, people }: Places,
  embedded: boolean,
): PartPlan {
  const bus = who.address("leader");
  const init = (): CoreInit => ({
    type: "init",
    settings: demo ? besideLamps(settings, ports.broker) : settings,
    dataDir,
    version,
    demo,
    ...(demo && { demoLamps: demoLamps(ports.broker) }),
    bus,
    flowHostSocket: socket,
    flowHostKey: coreKey,
    ports: {
      http: ports.http,
      ...(embedded && { broker: ports.broker }),
      ...(ports.brokerTls !== undefined && { brokerTls: ports.brokerTls }),
    },
    ownUsers: people.map(({ id: own }) => own),
  });
  return { part: "core", entry: "runtime/dist/core/main.js", init };
}

function flowHost({ settings, demo }: LeaderOptions, who: Identities, { dataDir, socket, coreKey }: Places): PartPlan {
  const bus = who.address(FLOW_HOST_ID);
  const init = ({ safeMode }: { readonly safeMode: boolean }): FlowHostInit => ({
    type: "init",
    dataDir: join(dataDir, "flows"),
    socket,
    coreKey,
    bus,
    busId: FLOW_HOST_ID,
    safeMode,
    catalogueUrl: "/api/v1/palette/catalogue.json",
    house: { name: settings.house.name, demo },
  });
  return { part: "flowHost", entry: "runtime/dist/flow-host/main.js", init };
}

/** Made-up lamps only: a demo in a real home leaves the real ones alone. */
function besideLamps(settings: LeaderSettings, brokerPort: number): LeaderSettings {
  const askAt = demoLamps(brokerPort).map(({ host }) => ({ host }));
  return { ...settings, devices: { kasa: { ...settings.devices.kasa, askAt } } };
}

/** Where the agent finds its password: in a file it would be kept when everything has ended. */
const PASSWORD_VARIABLE = "SKEIN_BUS_PASSWORD";

/** The agent reads its YAML as every agent does; the launcher writes it. */
function follower({ settings }: LeaderOptions, who: Identities, { dataDir }: Places): PartPlan {
  const id = followerId(settings.follower.id);
  const { url, username, password } = who.address(id);
  const file = join(dataDir, "follower", "follower.yaml");
  writeFollowerFile(
    file,
    {
      id,
      ...(settings.follower.name !== undefined && { name: settings.follower.name }),
      bus: {
        url,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password: `\${${PASSWORD_VARIABLE}}` }),
        ...followerTls(settings.bus),
      },
      stateDir: join(dataDir, "follower", "state"),
      logLevel: settings.logLevel,
      capabilities: {
        health: { heartbeatMs: settings.follower.heartbeatMs, metricsMs: settings.follower.metricsMs },
      },
    },
    "Written by the launcher at every start; set this machine's follower under `follower` in skein.yaml.",
  );
  return {
    part: "follower",
    entry: AGENT,
    args: ["--config", file],
    ...(password !== undefined && { secrets: { [PASSWORD_VARIABLE]: password } }),
  };
}

function virtualHome({ settings }: LeaderOptions, who: Identities, { root, dataDir, ports }: Places): PartPlan {
  const init: VirtualHomeInit = {
    type: "init",
    dataDir: join(dataDir, "virtual-home"),
    bus: who.address(VIRTUAL_HOME_ID),
    brokerPort: ports.broker,
    agentEntry: join(root, AGENT),
    nodePath: process.execPath,
    followers: DEMO_FOLLOWERS.map((each) => ({ ...each, password: who.address(each.id).password ?? "" })),
    lamps: demoLamps(ports.broker),
    heartbeatMs: settings.follower.heartbeatMs,
    metricsMs: settings.follower.metricsMs,
  };
  return { part: "virtualHome", entry: "packages/virtual-home/dist/main.js", init: () => init };
}
